/* booking_mail: what a letter about a booking says: subject, text and HTML, in the client's
 * language. Everything comes in; nothing is read or sent here. Addresses, ids and the calendar file
 * are the caller's. */
#ifndef BALM_WEB_MAIL_BOOKING_MAIL_H
#define BALM_WEB_MAIL_BOOKING_MAIL_H

#include "base/tmpl.h"
#include "mail/mail.h"
#include "practice/booking/booking.h"
#include "practice/messages/messages.h"

struct booking_mail_input {
    enum message_kind kind;
    const struct practice *practice;
    const struct booking *booking;     /* times as of the event */
    const struct booking_event *event; /* MOVED: what it was; CANCELLED: the reason; may be NULL */
    struct str client_name;
    struct str service_name;
    struct str therapist_name; /* may be empty */
    enum lang lang;
    struct str manage_url; /* absolute; empty in a letter that has none */
    struct str origin;     /* "https://www.example.org", for other links */
    bool first_visit;
};

/* Fills subject, text and html of *ret_message and nothing else. */
struct result MUST_CHECK booking_mail_render(
    const struct booking_mail_input *input, struct arena *arena, struct mail_message *ret_message);

#endif

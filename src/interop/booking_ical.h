/* booking_ical: a booking as a calendar event, the same wherever it is written (link, e-mail,
 * feed): readers recognise it by its UID and take the highest SEQUENCE. */
#ifndef BALM_INTEROP_BOOKING_ICAL_H
#define BALM_INTEROP_BOOKING_ICAL_H

#include "interop/ical.h"
#include "practice/booking/booking.h"

/* Never changes for a booking: PUBLIC_ID@SLUG.balm */
struct str booking_ical_uid(
    struct arena *arena, const struct practice *practice, const struct booking *booking);

/* Times, texts, place and sequence; the method is ICAL_PUBLISH, and there is no organizer,
 * attendee, url or alarm: the caller adds what it wants. Texts live in env->arena. */
struct result MUST_CHECK booking_ical_event(
    struct booking_env *env, const struct booking *booking, struct ical_event *ret_event);

#endif

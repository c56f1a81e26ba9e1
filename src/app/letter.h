/* letter: the e-mail that tells of a booking, with its calendar invitation. */
#ifndef BALM_APP_LETTER_H
#define BALM_APP_LETTER_H

#include "mail/mail.h"
#include "practice/booking/booking.h"
#include "practice/messages/messages.h"

struct letter {
    struct mail_message mail;
    bool
        overtaken; /* nothing to say any more: moved again meanwhile, or moved back, or cancelled */
};

/* Composes the message as of the booking_event it tells of; text lives in env->arena. base_url
 * empty: links lead to the practice's first host, or SLUG.localhost. */
struct result MUST_CHECK letter_compose(struct booking_env *env, const struct message *message,
    struct str base_url, struct letter *ret_letter);

#endif

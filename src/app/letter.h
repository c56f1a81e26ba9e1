/* letter: the e-mails that the outbox delivers: of a booking, with its calendar invitation
 * (letter.c), and of how somebody is (care_letter.c). */
#ifndef BALM_APP_LETTER_H
#define BALM_APP_LETTER_H

#include "mail/mail.h"
#include "practice/booking/booking.h"
#include "practice/clients/care_env.h"
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

/* The same for a message that carries a personal link. */
struct result MUST_CHECK care_letter_compose(struct care_env *env, const struct message *message,
    struct str base_url, struct letter *ret_letter);

/* Where the practice's pages are: base_url, or its first host, or SLUG.localhost. */
struct str letter_origin(const struct practice *p, struct str base_url, struct arena *arena);
/* From the practice's own address (where it has none, one that nobody reads) to the client. */
void letter_address(const struct practice *p, const struct message *message,
    const struct client *client, utc_us now, struct arena *arena, struct mail_message *mail);

#endif

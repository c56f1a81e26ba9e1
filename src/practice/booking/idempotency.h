/* idempotency: a client that does not know whether its booking arrived sends it again with the same
 * Idempotency-Key, and gets the answer of the first time instead of a second booking.
 *
 * Kept in the booking's own transaction, so an answer is known exactly where its booking exists.
 * Only what succeeded is kept, for IDEMPOTENCY_HOURS. The answer's text holds no secret: the manage
 * token is derived again from the booking and the key file.
 *
 * Table: idempotency. */
#ifndef BALM_PRACTICE_IDEMPOTENCY_H
#define BALM_PRACTICE_IDEMPOTENCY_H

#include "practice/booking/booking.h"

enum { IDEMPOTENCY_HOURS = 24 };

struct kept_answer {
    int status;
    struct str body;
    struct booking_id booking;
};

/* Looks only, for transactions that may not write. ERR_INVALID "idempotency-mismatch" where the key
 * came with another request. */
struct result MUST_CHECK idempotency_peek(struct booking_env *env, struct str key,
    struct str request_hash, bool *ret_known, struct kept_answer *ret_answer);

/* Forgets what is too old, then looks. */
struct result MUST_CHECK idempotency_find(struct booking_env *env, struct str key,
    struct str request_hash, bool *ret_known, struct kept_answer *ret_answer);

struct result MUST_CHECK idempotency_keep(struct booking_env *env, struct str key,
    struct str request_hash, const struct kept_answer *answer);

#endif

/* person: what concerns all that is known of one client at once: merging two records, deleting one.
 *
 * Deleting is real: what a client said, what they are asked, their links, letters, notes and names
 * go; the times of past sessions stay without a name, for the accounts (and since a practice must
 * be able to tell when it worked). Backups made before keep what they hold: the operator's guide
 * says so.
 *
 * Tables: erasure_request; all others through their owners. */
#ifndef BALM_PRACTICE_PRIVACY_PERSON_H
#define BALM_PRACTICE_PRIVACY_PERSON_H

#include "practice/clients/care_env.h"

/* All of `from` becomes `into`'s. Errors as booking_merge_client. */
struct result MUST_CHECK person_merge(
    struct care_env *env, struct client_id from, struct client_id into);

/* The client's own wish; asking twice is asking once. */
struct result MUST_CHECK person_ask_erasure(struct care_env *env, struct client_id client);
struct result MUST_CHECK person_erasure_asked(
    struct care_env *env, struct client_id client, utc_us *ret_asked); /* 0: no */

struct erasure_request {
    struct client_id client;
    utc_us asked;
};
struct erasure_list {
    const struct erasure_request *ptr;
    size_t len;
};
struct result MUST_CHECK person_erasures(struct care_env *env, struct erasure_list *ret_list);

/* ERR_CONFLICT "coming-sessions": cancel these first, so that nobody waits in vain. */
struct result MUST_CHECK person_erase(struct care_env *env, struct client_id client);

#endif

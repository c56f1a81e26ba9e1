/* personal_link: a client's way in without a password, by a link in a letter or a QR code.
 *
 * The token is 160 bits, derived from a nonce and the key file; the database keeps its hash alone.
 * Each link has one purpose, ends by itself and can be revoked. Looking one up changes nothing, so
 * mail programs that open links ahead do no harm.
 *
 * Table: personal_link. */
#ifndef BALM_PRACTICE_PERSONAL_LINK_H
#define BALM_PRACTICE_PERSONAL_LINK_H

#include "practice/clients/care_env.h"

enum link_purpose {
    LINK_CHECK_IN = 1, /* say how you are; subject: the prompt (0: none) */
    LINK_MY_PAGE = 2,  /* see your own page */
    LINK_SESSION = 3,  /* rate before and after one session; subject: the booking */
};

struct personal_link {
    int64_t id;
    struct client_id client;
    enum link_purpose purpose;
    int64_t subject;
    utc_us created;
    utc_us expires;
    bool revoked;
};

struct personal_link_list {
    const struct personal_link *ptr;
    size_t len;
};

/* *ret_token (may be NULL): to be shown or sent now. */
struct result MUST_CHECK link_make(struct care_env *env, struct client_id client,
    enum link_purpose purpose, int64_t subject, utc_us expires, int64_t *ret_id,
    struct str *ret_token);

/* The token again, for a letter. ERR_NOT_FOUND "unknown-link" also where it has ended. */
struct result MUST_CHECK link_token(struct care_env *env, int64_t id, struct str *ret_token);

/* The link of a token that still holds, whatever its purpose. ERR_NOT_FOUND "unknown-link". */
struct result MUST_CHECK link_find(
    struct care_env *env, struct str token, struct personal_link *ret_link);
/* The same also where it has come to its end (but was not revoked): a letter can be unsubscribed from
 * as long as it lies in somebody's mailbox. */
struct result MUST_CHECK link_find_ended(
    struct care_env *env, struct str token, struct personal_link *ret_link);
/* The same by its number: for sessions that began with it. */
struct result MUST_CHECK link_get(struct care_env *env, int64_t id, struct personal_link *ret_link);

/* Those of a client that still hold, newest first. */
struct result MUST_CHECK link_list(
    struct care_env *env, struct client_id client, struct personal_link_list *ret_list);
/* All of a client's that are kept, newest first, those that have ended or were revoked too. */
struct result MUST_CHECK link_list_all(
    struct care_env *env, struct client_id client, struct personal_link_list *ret_list);
/* All of a client's; *ret_count (may be NULL) says how many held. */
struct result MUST_CHECK link_revoke_all(
    struct care_env *env, struct client_id client, int64_t *ret_count);
/* Removes what ended more than a year ago. */
struct result MUST_CHECK link_sweep(struct tx *tx, struct practice_id practice, utc_us now);

/* For merging and deleting clients. */
struct result MUST_CHECK link_erase_client(
    struct tx *tx, struct practice_id practice, struct client_id client);

#endif

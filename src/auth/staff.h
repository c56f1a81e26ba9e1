/* staff: the accounts of people who work at a practice, and their sessions.
 *
 * Passwords are argon2id hashes; checking one takes tens of milliseconds and 64 MiB, so it is done
 * off the event threads (staff_verify takes no transaction). Session tokens are random, stored
 * hashed, and live 30 days from their last use, 90 days at most.
 *
 * Tables: staff_user, staff_session. */
#ifndef BALM_AUTH_STAFF_H
#define BALM_AUTH_STAFF_H

#include "auth/actor.h"
#include "base/civil.h"
#include "base/problems.h"
#include "store/store.h"

struct staff_user {
    struct user_id id;
    struct str email;
    struct str name;
    enum role role;
    struct str password_hash;
    bool active;
};

struct staff_users {
    const struct staff_user *ptr;
    size_t len;
};

/* "owner", "therapist", "desk"; ROLE_NONE where it is none of them. */
enum role role_from_name(struct str name);
const char *role_name(enum role role);

/* Length only: at least LIMIT_PASSWORD_MIN_CHARS. */
void staff_check_password(struct str password, struct str field, struct problems *problems);

/* Creates the account, or gives an existing one this name, role and password. hash: from
 * crypto_password_hash; empty leaves an existing account's as it is. The last active owner stays
 * one: ERR_INVALID "last-owner". */
struct result MUST_CHECK staff_save(struct tx *tx, struct practice_id practice,
    const struct staff_user *user, struct actor actor, utc_us now, struct user_id *ret_id);

struct result MUST_CHECK staff_find_by_email(struct tx *tx, struct practice_id practice,
    struct str email, struct arena *arena, struct staff_user *ret_user);
struct result MUST_CHECK staff_get(struct tx *tx, struct practice_id practice, struct user_id id,
    struct arena *arena, struct staff_user *ret_user);
struct result MUST_CHECK staff_list(
    struct tx *tx, struct practice_id practice, struct arena *arena, struct staff_users *ret_users);
/* Ends all sessions as well. The last active owner stays: ERR_INVALID "last-owner". */
struct result MUST_CHECK staff_deactivate(
    struct tx *tx, struct practice_id practice, struct user_id id, struct actor actor, utc_us now);

/* ---- sessions ---- */

struct staff_session {
    int64_t id;
    struct user_id user;
    utc_us created;
    utc_us seen;
    utc_us expires;
    struct str agent;
};

struct staff_sessions {
    const struct staff_session *ptr;
    size_t len;
};

/* A fresh session; the token goes into the cookie. */
struct result MUST_CHECK session_begin(struct tx *tx, struct practice_id practice,
    struct user_id user, struct str agent, utc_us now, struct arena *arena, struct str *ret_token);

/* Who has this token: ERR_NOT_FOUND where nobody (expired, revoked, never was). */
struct result MUST_CHECK session_find(struct tx *tx, struct practice_id practice, struct str token,
    utc_us now, struct arena *arena, struct staff_session *ret_session,
    struct staff_user *ret_user);

/* Notes the use; writes only when the last note is older than an hour (ask session_is_stale). */
bool session_is_stale(const struct staff_session *session, utc_us now);
struct result MUST_CHECK session_touch(
    struct tx *tx, struct practice_id practice, int64_t session, utc_us now);

struct result MUST_CHECK session_list(struct tx *tx, struct practice_id practice,
    struct user_id user, utc_us now, struct arena *arena, struct staff_sessions *ret_sessions);
/* Only the user's own. ERR_NOT_FOUND otherwise. */
struct result MUST_CHECK session_revoke(
    struct tx *tx, struct practice_id practice, struct user_id user, int64_t session);
/* All of the user's but `keep` (0: none kept). */
struct result MUST_CHECK session_revoke_others(
    struct tx *tx, struct practice_id practice, struct user_id user, int64_t keep);

/* "Firefox on Linux" from a User-Agent, at most 60 characters. */
struct str agent_name(struct arena *arena, struct str user_agent);

#endif

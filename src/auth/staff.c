#include "auth/staff.h"

#include "auth/audit.h"
#include "base/check.h"
#include "base/crypto.h"
#include "base/limits.h"

#include "base/banned.h"

#define SESSION_IDLE_US (30 * US_PER_DAY)
#define SESSION_MAX_US (90 * US_PER_DAY)

static const char *const role_names[] = {"", "owner", "therapist", "desk"};

enum role role_from_name(struct str name)
{
    for (size_t i = 1; i < COUNT_OF(role_names); i++) {
        if (str_eq(name, str_from_cstr(role_names[i]))) return (enum role)i;
    }
    return ROLE_NONE;
}

const char *role_name(enum role role)
{
    CHECK(role <= ROLE_DESK);
    return role_names[role];
}

void staff_check_password(struct str password, struct str field, struct problems *problems)
{
    size_t chars = str_count_chars(password);
    if (!str_is_text(password, false)) {
        problems_add(problems, field, "bad-text", (struct str){0});
    } else if (chars < LIMIT_PASSWORD_MIN_CHARS) {
        problems_add(problems, field, "too-short",
            arena_printf(problems->arena, "%d", LIMIT_PASSWORD_MIN_CHARS));
    } else if (chars > LIMIT_PASSWORD_CHARS) {
        problems_add(
            problems, field, "too-long", arena_printf(problems->arena, "%d", LIMIT_PASSWORD_CHARS));
    }
}

/* Addresses are compared without regard to ASCII letter case. */
static struct str fold_email(struct arena *arena, struct str email)
{
    struct str copy = arena_str(arena, str_trim(email));
    char *p = (char *)(uintptr_t)copy.ptr;
    for (size_t i = 0; i < copy.len; i++) {
        if (p[i] >= 'A' && p[i] <= 'Z') p[i] = (char)(p[i] - 'A' + 'a');
    }
    return copy;
}

#define USER_COLUMNS "user_id, email, name, role, password_hash, active"

static struct staff_user read_user(struct rows *rows, struct arena *arena)
{
    return (struct staff_user){
        .id = {rows_int(rows, 0)},
        .email = rows_text(rows, 1, arena),
        .name = rows_text(rows, 2, arena),
        .role = (enum role)rows_int(rows, 3),
        .password_hash = rows_text(rows, 4, arena),
        .active = rows_int(rows, 5) != 0,
    };
}

static struct result one_user(struct rows *rows, struct arena *arena, struct staff_user *ret_user)
{
    bool has = false;
    struct result result = rows_next(rows, &has);
    if (result_is_ok(result) && has) *ret_user = read_user(rows, arena);
    rows_close(rows);
    TRY(result);
    return has ? RESULT_OK : result_fail(ERR_NOT_FOUND, "unknown-user", NULL);
}

struct result staff_find_by_email(struct tx *tx, struct practice_id practice, struct str email,
    struct arena *arena, struct staff_user *ret_user)
{
    struct rows rows;
    TRY(db_query(tx,
        SQL("SELECT " USER_COLUMNS " FROM staff_user WHERE practice_id = $1 AND email_fold = $2"),
        V(v_int(practice.v), v_text(fold_email(arena, email))), &rows));
    return one_user(&rows, arena, ret_user);
}

struct result staff_get(struct tx *tx, struct practice_id practice, struct user_id id,
    struct arena *arena, struct staff_user *ret_user)
{
    struct rows rows;
    TRY(db_query(tx,
        SQL("SELECT " USER_COLUMNS " FROM staff_user WHERE practice_id = $1 AND user_id = $2"),
        V(v_int(practice.v), v_int(id.v)), &rows));
    return one_user(&rows, arena, ret_user);
}

struct result staff_list(
    struct tx *tx, struct practice_id practice, struct arena *arena, struct staff_users *ret_users)
{
    struct rows rows;
    TRY(db_query(tx,
        SQL("SELECT " USER_COLUMNS " FROM staff_user WHERE practice_id = $1"
            " ORDER BY active DESC, name LIMIT 200"),
        V(v_int(practice.v)), &rows));
    struct staff_user *list = ARENA_ARRAY(arena, LIMIT_LIST_ROWS, struct staff_user);
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < LIMIT_LIST_ROWS)
        list[count++] = read_user(&rows, arena);
    rows_close(&rows);
    TRY(result);
    *ret_users = (struct staff_users){list, count};
    return RESULT_OK;
}

static struct result insert_user(struct tx *tx, struct practice_id practice,
    const struct staff_user *user, struct str email_fold, utc_us now, int64_t *ret_id)
{
    int64_t id;
    TRY(db_int(tx,
        SQL("SELECT coalesce(max(user_id), 0) + 1 FROM staff_user WHERE practice_id = $1"),
        V(v_int(practice.v)), 1, &id));
    TRY(db_exec(tx,
        SQL("INSERT INTO staff_user (practice_id, user_id, email, email_fold, name, role,"
            " password_hash, created_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
        V(v_int(practice.v), v_int(id), v_text(user->email), v_text(email_fold), v_text(user->name),
            v_int(user->role), v_text(user->password_hash), v_int(now)),
        NULL));
    *ret_id = id;
    return RESULT_OK;
}

/* Is there an owner besides this one? */
static struct result other_owner_needed(
    struct tx *tx, struct practice_id practice, struct user_id id)
{
    int64_t others;
    TRY(db_int(tx,
        SQL("SELECT count(*) FROM staff_user WHERE practice_id = $1 AND role = 1 AND active = 1"
            " AND user_id <> $2"),
        V(v_int(practice.v), v_int(id.v)), 0, &others));
    return others ? RESULT_OK : result_fail(ERR_INVALID, "last-owner", NULL);
}

static struct result check_demotion(
    struct tx *tx, struct practice_id practice, struct user_id id, enum role role)
{
    int64_t owner;
    if (role == ROLE_OWNER) return RESULT_OK;
    TRY(db_int(tx,
        SQL("SELECT count(*) FROM staff_user WHERE practice_id = $1 AND user_id = $2 AND role = 1"
            " AND active = 1"),
        V(v_int(practice.v), v_int(id.v)), 0, &owner));
    return owner ? other_owner_needed(tx, practice, id) : RESULT_OK;
}

struct result staff_save(struct tx *tx, struct practice_id practice, const struct staff_user *user,
    struct actor actor, utc_us now, struct user_id *ret_id)
{
    CHECK(user->role != ROLE_NONE && user->email.len);
    CLEANUP(arena_release) struct arena scratch = {0};
    struct str email_fold = fold_email(&scratch, user->email);
    int64_t id;
    TRY(db_int(tx, SQL("SELECT user_id FROM staff_user WHERE practice_id = $1 AND email_fold = $2"),
        V(v_int(practice.v), v_text(email_fold)), 0, &id));
    bool created = id == 0;
    if (created) {
        CHECK(user->password_hash.len);
        TRY(insert_user(tx, practice, user, email_fold, now, &id));
    } else {
        TRY(check_demotion(tx, practice, (struct user_id){id}, user->role));
        TRY(db_exec(tx,
            SQL("UPDATE staff_user SET name = $3, role = $4, active = 1, password_hash ="
                " CASE WHEN $5 = '' THEN password_hash ELSE $5 END"
                " WHERE practice_id = $1 AND user_id = $2"),
            V(v_int(practice.v), v_int(id), v_text(user->name), v_int(user->role),
                v_text(user->password_hash)),
            NULL));
        /* A new password ends what was signed in with the old one. */
        if (user->password_hash.len)
            TRY(session_revoke_others(tx, practice, (struct user_id){id}, 0));
    }
    ret_id->v = id;
    return audit_add(tx, practice, now, actor, created ? STR("user.added") : STR("user.changed"),
        STR("user"), id, STR(""));
}

struct result staff_deactivate(
    struct tx *tx, struct practice_id practice, struct user_id id, struct actor actor, utc_us now)
{
    TRY(other_owner_needed(tx, practice, id));
    int64_t changed;
    TRY(db_exec(tx, SQL("UPDATE staff_user SET active = 0 WHERE practice_id = $1 AND user_id = $2"),
        V(v_int(practice.v), v_int(id.v)), &changed));
    if (!changed) return result_fail(ERR_NOT_FOUND, "unknown-user", NULL);
    TRY(session_revoke_others(tx, practice, id, 0));
    return audit_add(tx, practice, now, actor, STR("user.deactivated"), STR("user"), id.v, STR(""));
}

/* ---- sessions ---- */

struct result session_begin(struct tx *tx, struct practice_id practice, struct user_id user,
    struct str agent, utc_us now, struct arena *arena, struct str *ret_token)
{
    struct str token = crypto_token(arena);
    int64_t id;
    TRY(db_exec(tx, SQL("DELETE FROM staff_session WHERE practice_id = $1 AND expires_us <= $2"),
        V(v_int(practice.v), v_int(now)), NULL));
    TRY(db_int(tx,
        SQL("SELECT coalesce(max(session_id), 0) + 1 FROM staff_session WHERE practice_id = $1"),
        V(v_int(practice.v)), 1, &id));
    TRY(db_exec(tx,
        SQL("INSERT INTO staff_session (practice_id, session_id, user_id, token_hash, created_us,"
            " seen_us, expires_us, agent) VALUES ($1, $2, $3, $4, $5, $5, $6, $7)"),
        V(v_int(practice.v), v_int(id), v_int(user.v), v_blob(crypto_digest(arena, NULL, token)),
            v_int(now), v_int(now + SESSION_IDLE_US), v_text(agent)),
        NULL));
    *ret_token = token;
    return RESULT_OK;
}

static struct staff_session read_session(struct rows *rows, struct arena *arena)
{
    return (struct staff_session){
        .id = rows_int(rows, 0),
        .user = {rows_int(rows, 1)},
        .created = rows_int(rows, 2),
        .seen = rows_int(rows, 3),
        .expires = rows_int(rows, 4),
        .agent = rows_text(rows, 5, arena),
    };
}

struct result session_find(struct tx *tx, struct practice_id practice, struct str token, utc_us now,
    struct arena *arena, struct staff_session *ret_session, struct staff_user *ret_user)
{
    struct rows rows;
    TRY(db_query(tx,
        SQL("SELECT session_id, user_id, created_us, seen_us, expires_us, agent FROM staff_session"
            " WHERE practice_id = $1 AND token_hash = $2 AND expires_us > $3"),
        V(v_int(practice.v), v_blob(crypto_digest(arena, NULL, token)), v_int(now)), &rows));
    bool has = false;
    struct staff_session session = {0};
    struct result result = rows_next(&rows, &has);
    if (result_is_ok(result) && has) session = read_session(&rows, arena);
    rows_close(&rows);
    TRY(result);
    if (!has) return result_fail(ERR_NOT_FOUND, "unknown-session", NULL);
    struct staff_user user;
    TRY(staff_get(tx, practice, session.user, arena, &user));
    if (!user.active) return result_fail(ERR_NOT_FOUND, "unknown-session", NULL);
    *ret_session = session;
    *ret_user = user;
    return RESULT_OK;
}

bool session_is_stale(const struct staff_session *session, utc_us now)
{
    return now - session->seen > US_PER_HOUR;
}

struct result session_touch(struct tx *tx, struct practice_id practice, int64_t session, utc_us now)
{
    return db_exec(tx,
        SQL("UPDATE staff_session SET seen_us = $3, expires_us ="
            " CASE WHEN $4 < created_us + $5 THEN $4 ELSE created_us + $5 END"
            " WHERE practice_id = $1 AND session_id = $2"),
        V(v_int(practice.v), v_int(session), v_int(now), v_int(now + SESSION_IDLE_US),
            v_int(SESSION_MAX_US)),
        NULL);
}

struct result session_list(struct tx *tx, struct practice_id practice, struct user_id user,
    utc_us now, struct arena *arena, struct staff_sessions *ret_sessions)
{
    enum { MAX = 50 };
    struct rows rows;
    TRY(db_query(tx,
        SQL("SELECT session_id, user_id, created_us, seen_us, expires_us, agent FROM staff_session"
            " WHERE practice_id = $1 AND user_id = $2 AND expires_us > $3"
            " ORDER BY seen_us DESC LIMIT 50"),
        V(v_int(practice.v), v_int(user.v), v_int(now)), &rows));
    struct staff_session *list = ARENA_ARRAY(arena, MAX, struct staff_session);
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < MAX)
        list[count++] = read_session(&rows, arena);
    rows_close(&rows);
    TRY(result);
    *ret_sessions = (struct staff_sessions){list, count};
    return RESULT_OK;
}

struct result session_revoke(
    struct tx *tx, struct practice_id practice, struct user_id user, int64_t session)
{
    int64_t changed;
    TRY(db_exec(tx,
        SQL("DELETE FROM staff_session WHERE practice_id = $1 AND user_id = $2 AND session_id = "
            "$3"),
        V(v_int(practice.v), v_int(user.v), v_int(session)), &changed));
    return changed ? RESULT_OK : result_fail(ERR_NOT_FOUND, "unknown-session", NULL);
}

struct result session_revoke_others(
    struct tx *tx, struct practice_id practice, struct user_id user, int64_t keep)
{
    return db_exec(tx,
        SQL("DELETE FROM staff_session WHERE practice_id = $1 AND user_id = $2"
            " AND session_id <> $3"),
        V(v_int(practice.v), v_int(user.v), v_int(keep)), NULL);
}

struct str agent_name(struct arena *arena, struct str ua)
{
    static const struct {
        struct str mark;
        struct str name;
    } browsers[] = {{STR_INIT("Edg/"), STR_INIT("Edge")},
        {STR_INIT("Firefox/"), STR_INIT("Firefox")}, {STR_INIT("Chrome/"), STR_INIT("Chrome")},
        {STR_INIT("Safari/"), STR_INIT("Safari")}},
      systems[] = {{STR_INIT("iPhone"), STR_INIT("iPhone")}, {STR_INIT("iPad"), STR_INIT("iPad")},
          {STR_INIT("Android"), STR_INIT("Android")}, {STR_INIT("Windows"), STR_INIT("Windows")},
          {STR_INIT("Mac OS X"), STR_INIT("Mac")}, {STR_INIT("Linux"), STR_INIT("Linux")}};
    struct str browser = STR("Browser");
    struct str system = {0};
    for (size_t i = COUNT_OF(browsers); i-- > 0;) {
        if (str_contains(ua, browsers[i].mark)) browser = browsers[i].name;
    }
    for (size_t i = COUNT_OF(systems); i-- > 0;) {
        if (str_contains(ua, systems[i].mark)) system = systems[i].name;
    }
    if (!system.len) return browser;
    return arena_printf(arena, "%.*s, %.*s", STR_ARG(browser), STR_ARG(system));
}

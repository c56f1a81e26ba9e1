#include "practice/clients/personal_link.h"

#include "base/check.h"
#include "base/limits.h"

#include "base/banned.h"

enum { NONCE_BYTES = 16, TOKEN_CHARS = 27 };

#define LINK_COLUMNS                                                                               \
    "link_id, client_id, purpose, subject_id, created_us, expires_us, revoked_us, token_hash,"     \
    " nonce"

struct link_row {
    struct personal_link link;
    struct str token_hash;
    struct str nonce;
};

static struct str token_of(struct care_env *env, struct str nonce)
{
    return crypto_derived_token(env->arena, env->key, STR("personal-link"), nonce);
}

static struct link_row read_link(struct rows *rows, struct arena *arena)
{
    return (struct link_row){
        .link =
            {
                .id = rows_int(rows, 0),
                .client = {rows_int(rows, 1)},
                .purpose = (enum link_purpose)rows_int(rows, 2),
                .subject = rows_int(rows, 3),
                .created = rows_int(rows, 4),
                .expires = rows_int(rows, 5),
                .revoked = !rows_is_null(rows, 6),
            },
        .token_hash = rows_blob(rows, 7, arena),
        .nonce = rows_blob(rows, 8, arena),
    };
}

/* The one row of a query, if it was not revoked. */
static struct result one(
    struct care_env *env, struct sql sql, struct values values, struct link_row *ret_row)
{
    struct rows rows;
    TRY(db_query(env->tx, sql, values, &rows));
    bool has = false;
    struct link_row row = {0};
    struct result result = rows_next(&rows, &has);
    if (result_is_ok(result) && has) row = read_link(&rows, env->arena);
    rows_close(&rows);
    TRY(result);
    if (!has || row.link.revoked) return result_fail(ERR_NOT_FOUND, "unknown-link", NULL);
    *ret_row = row;
    return RESULT_OK;
}

static struct result check_holds(const struct care_env *env, const struct personal_link *link)
{
    if (link->expires > env->now) return RESULT_OK;
    return result_fail(ERR_NOT_FOUND, "unknown-link", NULL);
}

struct result link_make(struct care_env *env, struct client_id client, enum link_purpose purpose,
    int64_t subject, utc_us expires, int64_t *ret_id, struct str *ret_token)
{
    CHECK(client.v && expires > env->now);
    char bytes[NONCE_BYTES];
    crypto_random(bytes, sizeof bytes);
    struct str nonce = {bytes, sizeof bytes};
    struct str token = token_of(env, nonce);
    int64_t id;
    TRY(db_next(env->tx, SQL("SELECT max(link_id) FROM personal_link WHERE practice_id = $1"),
        env->practice->id.v, &id));
    TRY(db_exec(env->tx,
        SQL("INSERT INTO personal_link (practice_id, link_id, client_id, purpose, subject_id,"
            " nonce, token_hash, created_us, expires_us)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"),
        V(v_int(env->practice->id.v), v_int(id), v_int(client.v), v_int(purpose),
            v_int_or_null(subject), v_blob(nonce), v_blob(crypto_digest(env->arena, NULL, token)),
            v_int(env->now), v_int(expires)),
        NULL));
    *ret_id = id;
    if (ret_token) *ret_token = token;
    return RESULT_OK;
}

static struct result get_row(struct care_env *env, int64_t id, struct link_row *ret_row)
{
    TRY(one(env,
        SQL("SELECT " LINK_COLUMNS " FROM personal_link WHERE practice_id = $1 AND link_id = $2"),
        V(v_int(env->practice->id.v), v_int(id)), ret_row));
    return check_holds(env, &ret_row->link);
}

struct result link_token(struct care_env *env, int64_t id, struct str *ret_token)
{
    struct link_row row;
    TRY(get_row(env, id, &row));
    *ret_token = token_of(env, row.nonce);
    return RESULT_OK;
}

struct result link_get(struct care_env *env, int64_t id, struct personal_link *ret_link)
{
    struct link_row row;
    TRY(get_row(env, id, &row));
    *ret_link = row.link;
    return RESULT_OK;
}

struct result link_find_ended(
    struct care_env *env, struct str token, struct personal_link *ret_link)
{
    if (token.len != TOKEN_CHARS) return result_fail(ERR_NOT_FOUND, "unknown-link", NULL);
    struct link_row row;
    struct str hash = crypto_digest(env->arena, NULL, token);
    TRY(one(env,
        SQL("SELECT " LINK_COLUMNS
            " FROM personal_link WHERE practice_id = $1 AND token_hash = $2"),
        V(v_int(env->practice->id.v), v_blob(hash)), &row));
    if (!crypto_equal(hash, row.token_hash))
        return result_fail(ERR_NOT_FOUND, "unknown-link", NULL);
    *ret_link = row.link;
    return RESULT_OK;
}

struct result link_find(struct care_env *env, struct str token, struct personal_link *ret_link)
{
    struct personal_link link;
    TRY(link_find_ended(env, token, &link));
    TRY(check_holds(env, &link));
    *ret_link = link;
    return RESULT_OK;
}

struct result link_list(
    struct care_env *env, struct client_id client, struct personal_link_list *ret_list)
{
    struct rows rows;
    TRY(db_query(env->tx,
        SQL("SELECT " LINK_COLUMNS " FROM personal_link WHERE practice_id = $1 AND client_id = $2"
            " AND revoked_us IS NULL AND expires_us > $3 ORDER BY link_id DESC LIMIT $4"),
        V(v_int(env->practice->id.v), v_int(client.v), v_int(env->now), v_int(LIMIT_LIST_ROWS)),
        &rows));
    struct personal_link *list = ARENA_ARRAY(env->arena, LIMIT_LIST_ROWS, struct personal_link);
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < LIMIT_LIST_ROWS)
        list[count++] = read_link(&rows, env->arena).link;
    rows_close(&rows);
    TRY(result);
    *ret_list = (struct personal_link_list){list, count};
    return RESULT_OK;
}

struct result link_list_all(
    struct care_env *env, struct client_id client, struct personal_link_list *ret_list)
{
    int64_t max;
    struct rows rows;
    struct values values = V(v_int(env->practice->id.v), v_int(client.v));
    TRY(db_int(env->tx,
        SQL("SELECT count(*) FROM personal_link WHERE practice_id = $1 AND client_id = $2"), values,
        0, &max));
    TRY(db_query(env->tx,
        SQL("SELECT " LINK_COLUMNS " FROM personal_link WHERE practice_id = $1 AND client_id = $2"
            " ORDER BY link_id DESC"),
        values, &rows));
    struct personal_link *list = ARENA_ARRAY(env->arena, (size_t)max, struct personal_link);
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < (size_t)max)
        list[count++] = read_link(&rows, env->arena).link;
    rows_close(&rows);
    TRY(result);
    *ret_list = (struct personal_link_list){list, count};
    return RESULT_OK;
}

struct result link_revoke_all(struct care_env *env, struct client_id client, int64_t *ret_count)
{
    return db_exec(env->tx,
        SQL("UPDATE personal_link SET revoked_us = $3 WHERE practice_id = $1 AND client_id = $2"
            " AND revoked_us IS NULL AND expires_us > $3"),
        V(v_int(env->practice->id.v), v_int(client.v), v_int(env->now)), ret_count);
}

struct result link_sweep(struct tx *tx, struct practice_id practice, utc_us now)
{
    return db_exec(tx, SQL("DELETE FROM personal_link WHERE practice_id = $1 AND expires_us < $2"),
        V(v_int(practice.v), v_int(now - 365 * US_PER_DAY)), NULL);
}

struct result link_erase_client(struct tx *tx, struct practice_id practice, struct client_id client)
{
    return db_exec(tx, SQL("DELETE FROM personal_link WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(practice.v), v_int(client.v)), NULL);
}

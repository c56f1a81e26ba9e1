#include "practice/booking/idempotency.h"

#include "base/check.h"

#include "base/banned.h"

static utc_us oldest(const struct booking_env *env)
{
    return env->now - IDEMPOTENCY_HOURS * US_PER_HOUR;
}

struct result idempotency_peek(struct booking_env *env, struct str key, struct str request_hash,
    bool *ret_known, struct kept_answer *ret_answer)
{
    CHECK(key.len && request_hash.len);
    struct rows rows;
    TRY(db_query(env->tx,
        SQL("SELECT request_hash, status, body, booking_id FROM idempotency"
            " WHERE practice_id = $1 AND key = $2 AND created_us > $3"),
        V(v_int(env->practice->id.v), v_text(key), v_int(oldest(env))), &rows));
    bool has = false;
    bool same = false;
    struct kept_answer answer = {0};
    struct result result = rows_next(&rows, &has);
    if (result_is_ok(result) && has) {
        same = crypto_equal(rows_blob(&rows, 0, env->arena), request_hash);
        answer.status = (int)rows_int(&rows, 1);
        answer.body = rows_text(&rows, 2, env->arena);
        answer.booking.v = rows_int(&rows, 3);
    }
    rows_close(&rows);
    TRY(result);
    if (has && !same) return result_fail(ERR_INVALID, "idempotency-mismatch", NULL);
    *ret_known = has;
    *ret_answer = answer;
    return RESULT_OK;
}

struct result idempotency_find(struct booking_env *env, struct str key, struct str request_hash,
    bool *ret_known, struct kept_answer *ret_answer)
{
    TRY(db_exec(env->tx, SQL("DELETE FROM idempotency WHERE practice_id = $1 AND created_us <= $2"),
        V(v_int(env->practice->id.v), v_int(oldest(env))), NULL));
    return idempotency_peek(env, key, request_hash, ret_known, ret_answer);
}

struct result idempotency_keep(struct booking_env *env, struct str key, struct str request_hash,
    const struct kept_answer *answer)
{
    return db_exec(env->tx,
        SQL("INSERT INTO idempotency (practice_id, key, request_hash, status, body, booking_id,"
            " created_us) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
        V(v_int(env->practice->id.v), v_text(key), v_blob(request_hash), v_int(answer->status),
            v_text(answer->body), v_int(answer->booking.v), v_int(env->now)),
        NULL);
}

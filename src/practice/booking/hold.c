/* Holds: a time kept for somebody who is typing their details. */
#include "practice/booking/booking_rules.h"
#include "practice/booking/booking_sql.h"

#include "base/check.h"

#include "base/banned.h"

struct result hold_sweep(struct booking_env *env)
{
    int64_t practice = env->practice->id.v;
    int64_t earliest; /* mostly none has expired, and asking costs a tenth of deleting nothing */
    TRY(db_int(env->tx, SQL("SELECT min(expires_us) FROM hold WHERE practice_id = $1"),
        V(v_int(practice)), 0, &earliest));
    if (earliest == 0 || earliest > env->now) return RESULT_OK;
    TRY(db_exec(env->tx,
        SQL("DELETE FROM occupancy WHERE practice_id = $1 AND kind = 2 AND owner_id IN"
            " (SELECT hold_id FROM hold WHERE practice_id = $1 AND expires_us <= $2)"),
        V(v_int(practice), v_int(env->now)), NULL));
    return db_exec(env->tx, SQL("DELETE FROM hold WHERE practice_id = $1 AND expires_us <= $2"),
        V(v_int(practice), v_int(env->now)), NULL);
}

struct result hold_delete(struct booking_env *env, int64_t id)
{
    TRY(occupancy_remove_hold(env->tx, env->practice->id, id));
    return db_exec(env->tx, SQL("DELETE FROM hold WHERE practice_id = $1 AND hold_id = $2"),
        V(v_int(env->practice->id.v), v_int(id)), NULL);
}

static struct result insert_hold(struct booking_env *env, struct hold *hold)
{
    const struct practice *p = env->practice;
    int64_t room = hold->room >= 0 ? p->rooms[hold->room].id.v : 0;
    /* Ids of holds are never used twice while an occupancy row of an older one could be left. */
    TRY(db_int(env->tx,
        SQL("SELECT max(coalesce((SELECT max(hold_id) FROM hold WHERE practice_id = $1), 0),"
            " coalesce((SELECT max(owner_id) FROM occupancy WHERE practice_id = $1 AND kind = 2),"
            " 0)) + 1"),
        V(v_int(p->id.v)), 1, &hold->id));
    return db_exec(env->tx,
        SQL("INSERT INTO hold (practice_id, hold_id, token_hash, service_id, therapist_id, room_id,"
            " therapist_chosen, starts_us, expires_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
            "$9)"),
        V(v_int(p->id.v), v_int(hold->id), v_blob(crypto_digest(env->arena, NULL, hold->token)),
            v_int(hold->service->id.v), v_int(p->therapists[hold->therapist].id.v),
            v_int_or_null(room), v_int(hold->therapist_chosen), v_int(hold->start),
            v_int(hold->expires)),
        NULL);
}

struct result hold_make(struct booking_env *env, const struct service *service, int therapist,
    utc_us start, struct hold *ret_hold)
{
    struct placing placing;
    struct open_query query = {
        .practice = env->practice, .service = service, .therapist = therapist, .now = env->now};
    TRY(hold_sweep(env));
    TRY(booking_place(env, &query, start, false, -1, &placing));
    struct hold hold = {.token = crypto_token(env->arena),
        .service = service,
        .therapist = placing.therapist,
        .room = placing.room,
        .therapist_chosen = therapist >= 0,
        .start = start,
        .expires = env->now + env->practice->rules.hold_minutes * US_PER_MINUTE,
        .renewable = true};
    TRY(insert_hold(env, &hold));
    TRY(booking_occupy(
        env, &query, &placing, start, (struct owner){OWNER_HOLD, hold.id}, hold.expires));
    *ret_hold = hold;
    return RESULT_OK;
}

struct result hold_find(struct booking_env *env, struct str token, struct hold *ret_hold)
{
    const struct practice *p = env->practice;
    struct rows rows;
    TRY(db_query(env->tx,
        SQL("SELECT hold_id, service_id, therapist_id, room_id, therapist_chosen, starts_us,"
            " expires_us, renewals FROM hold"
            " WHERE practice_id = $1 AND token_hash = $2 AND expires_us > $3"),
        V(v_int(p->id.v), v_blob(crypto_digest(env->arena, NULL, token)), v_int(env->now)), &rows));
    bool has = false;
    bool room_gone = false;
    struct result result = rows_next(&rows, &has);
    struct hold hold = {.token = token};
    if (result_is_ok(result) && has) {
        hold.id = rows_int(&rows, 0);
        hold.service = practice_service_by_id(p, (struct service_id){rows_int(&rows, 1)});
        hold.therapist = practice_therapist_by_id(p, (struct resource_id){rows_int(&rows, 2)});
        hold.room = practice_room_by_id(p, (struct resource_id){rows_int(&rows, 3)});
        room_gone = rows_int(&rows, 3) != 0 && hold.room < 0;
        hold.therapist_chosen = rows_int(&rows, 4) != 0;
        hold.start = rows_int(&rows, 5);
        hold.expires = rows_int(&rows, 6);
        hold.renewable = rows_int(&rows, 7) == 0;
    }
    rows_close(&rows);
    TRY(result);
    /* A hold whose service, therapist or room has left meanwhile is worth nothing. */
    if (!has || !hold.service || hold.therapist < 0 || room_gone)
        return result_fail(ERR_CONFLICT, "hold-expired", NULL);
    *ret_hold = hold;
    return RESULT_OK;
}

struct result hold_renew(struct booking_env *env, struct str token, utc_us *ret_expires)
{
    struct hold hold;
    TRY(hold_find(env, token, &hold));
    if (!hold.renewable) return result_fail(ERR_INVALID, "hold-renewed-already", NULL);
    utc_us expires = env->now + env->practice->rules.hold_minutes * US_PER_MINUTE;
    TRY(db_exec(env->tx,
        SQL("UPDATE hold SET expires_us = $3, renewals = renewals + 1"
            " WHERE practice_id = $1 AND hold_id = $2"),
        V(v_int(env->practice->id.v), v_int(hold.id), v_int(expires)), NULL));
    TRY(occupancy_prolong_hold(env->tx, env->practice->id, hold.id, expires));
    *ret_expires = expires;
    return RESULT_OK;
}

struct result hold_release(struct booking_env *env, struct str token)
{
    struct hold hold;
    struct result found = hold_find(env, token, &hold);
    if (found.code == ERR_CONFLICT) return RESULT_OK;
    TRY(found);
    return hold_delete(env, hold.id);
}

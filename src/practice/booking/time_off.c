/* Time that a therapist does not work: taken through the same door as bookings. */
#include "auth/audit.h"
#include "practice/booking/booking.h"

#include "base/check.h"
#include "base/limits.h"

#include "base/banned.h"

static struct result check_range(utc_us from, utc_us to)
{
    if (to <= from) return result_fail(ERR_INVALID, "ends-before-start", NULL);
    if (to - from > LIMIT_TIME_OFF_DAYS * US_PER_DAY)
        return result_fail(ERR_INVALID, "too-long", NULL);
    return RESULT_OK;
}

static struct result occupy(struct booking_env *env, const struct time_off *off)
{
    /* Holds that have expired must not stand in the way. */
    TRY(db_exec(env->tx,
        SQL("DELETE FROM occupancy WHERE practice_id = $1 AND resource_id = $2 AND kind = 2"
            " AND expires_us <= $3"),
        V(v_int(env->practice->id.v), v_int(off->resource.v), v_int(env->now)), NULL));
    struct result result = occupancy_add(env->tx, env->practice->id, off->resource, off->from,
        off->to, (struct owner){OWNER_TIME_OFF, off->id}, 0);
    if (result.code == ERR_CONFLICT) return result_fail(ERR_CONFLICT, "slot-taken", result.detail);
    return result;
}

/* Gives back what it occupies now. ERR_NOT_FOUND where there is no such time off. */
static struct result vacate(struct booking_env *env, int64_t id)
{
    struct rows rows;
    TRY(db_query(env->tx,
        SQL("SELECT resource_id, from_us FROM time_off WHERE practice_id = $1 AND time_off_id = $2"),
        V(v_int(env->practice->id.v), v_int(id)), &rows));
    bool has = false;
    struct resource_id resource = {0};
    utc_us from = 0;
    struct result result = rows_next(&rows, &has);
    if (result_is_ok(result) && has) {
        resource.v = rows_int(&rows, 0);
        from = rows_int(&rows, 1);
    }
    rows_close(&rows);
    TRY(result);
    if (!has) return result_fail(ERR_NOT_FOUND, "unknown-time-off", NULL);
    return occupancy_remove(
        env->tx, env->practice->id, resource, from, (struct owner){OWNER_TIME_OFF, id});
}

struct result time_off_add(struct booking_env *env, struct resource_id resource, utc_us from,
    utc_us to, struct str note, struct time_off *ret_time_off)
{
    struct practice_id practice = env->practice->id;
    struct time_off off = {0, resource, from, to, note};
    TRY(check_range(from, to));
    TRY(db_int(env->tx,
        SQL("SELECT coalesce(max(time_off_id), 0) + 1 FROM time_off WHERE practice_id = $1"),
        V(v_int(practice.v)), 1, &off.id));
    TRY(db_exec(env->tx,
        SQL("INSERT INTO time_off (practice_id, time_off_id, resource_id, from_us, to_us, note,"
            " created_us) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
        V(v_int(practice.v), v_int(off.id), v_int(resource.v), v_int(from), v_int(to), v_text(note),
            v_int(env->now)),
        NULL));
    TRY(occupy(env, &off));
    *ret_time_off = off;
    return audit_add(env->tx, practice, env->now, env->actor, STR("time-off.added"),
        STR("time_off"), off.id, STR(""));
}

struct result time_off_move(struct booking_env *env, int64_t id, struct resource_id resource,
    utc_us from, utc_us to, const struct str *note)
{
    struct practice_id practice = env->practice->id;
    struct time_off off = {id, resource, from, to, {0}};
    TRY(check_range(from, to));
    TRY(vacate(env, id));
    TRY(db_exec(env->tx,
        SQL("UPDATE time_off SET resource_id = $3, from_us = $4, to_us = $5,"
            " note = coalesce($6, note) WHERE practice_id = $1 AND time_off_id = $2"),
        V(v_int(practice.v), v_int(id), v_int(resource.v), v_int(from), v_int(to),
            note ? v_text(*note) : v_null()),
        NULL));
    TRY(occupy(env, &off));
    return audit_add(env->tx, practice, env->now, env->actor, STR("time-off.moved"),
        STR("time_off"), id, STR(""));
}

struct result time_off_remove(struct booking_env *env, int64_t id)
{
    struct practice_id practice = env->practice->id;
    TRY(vacate(env, id));
    TRY(db_exec(env->tx, SQL("DELETE FROM time_off WHERE practice_id = $1 AND time_off_id = $2"),
        V(v_int(practice.v), v_int(id)), NULL));
    return audit_add(env->tx, practice, env->now, env->actor, STR("time-off.removed"),
        STR("time_off"), id, STR(""));
}

struct result time_off_in_range(
    struct booking_env *env, utc_us from, utc_us to, struct time_off_list *ret_list)
{
    enum { MAX = 500 };
    struct rows rows;
    TRY(db_query(env->tx,
        SQL("SELECT time_off_id, resource_id, from_us, to_us, note FROM time_off"
            " WHERE practice_id = $1 AND from_us < $3 AND to_us > $2 ORDER BY from_us LIMIT 500"),
        V(v_int(env->practice->id.v), v_int(from), v_int(to)), &rows));
    struct time_off *list = ARENA_ARRAY(env->arena, MAX, struct time_off);
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < MAX) {
        list[count++] = (struct time_off){
            .id = rows_int(&rows, 0),
            .resource = {rows_int(&rows, 1)},
            .from = rows_int(&rows, 2),
            .to = rows_int(&rows, 3),
            .note = rows_text(&rows, 4, env->arena),
        };
    }
    rows_close(&rows);
    TRY(result);
    *ret_list = (struct time_off_list){list, count};
    return RESULT_OK;
}

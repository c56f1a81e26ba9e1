#include "practice/booking/booking_rules.h"

#include "practice/booking/booking_sql.h"

#include "base/check.h"
#include "base/limits.h"

#include "base/banned.h"

static int query_minutes(const struct open_query *query)
{
    return query->minutes ? query->minutes : query->service->minutes;
}

static utc_us occupied_from(const struct open_query *query, utc_us start)
{
    return start - query->service->before_minutes * US_PER_MINUTE;
}

static utc_us occupied_to(const struct open_query *query, utc_us start)
{
    return start + (query_minutes(query) + query->service->after_minutes) * US_PER_MINUTE;
}

/* The failure to report for the rule nearest to "it can be booked". */
static struct result why_result(enum why why)
{
    switch (why) {
    case WHY_BUSY:
    case WHY_NO_ROOM: return result_fail(ERR_CONFLICT, "slot-taken", NULL);
    case WHY_DAY_FULL: return result_fail(ERR_INVALID, "limit-reached", NULL);
    case WHY_TOO_SOON: return result_fail(ERR_INVALID, "too-soon", NULL);
    case WHY_TOO_FAR: return result_fail(ERR_INVALID, "too-far", NULL);
    case WHY_OFF_GRID:
    case WHY_OUTSIDE_HOURS: return result_fail(ERR_INVALID, "outside-hours", NULL);
    case WHY_NOT_THEIR_SERVICE: return result_fail(ERR_INVALID, "not-their-service", NULL);
    case WHY_OFFERED: break;
    }
    return RESULT_OK;
}

/* Why none of the candidates offers it: the answer of the one that comes nearest. */
static struct result refusal(struct booking_env *env, const struct open_query *query, utc_us start)
{
    enum why best = WHY_NOT_THEIR_SERVICE;
    for (size_t i = 0; i < query->service->therapist_count; i++) {
        int therapist = query->service->therapists[i];
        if (query->therapist >= 0 && query->therapist != therapist) continue;
        struct why_answer answer;
        TRY(open_why(env->tx, query, therapist, start, env->arena, &answer));
        if (answer.why == WHY_OFFERED) continue;
        if (answer.why > best) best = answer.why;
    }
    return why_result(best);
}

/* Staff: everyone asked for who is free, whatever the hours. */
static struct result lenient_candidates(
    struct booking_env *env, const struct open_query *query, utc_us start, uint64_t *ret_mask)
{
    const struct practice *p = env->practice;
    uint64_t mask = 0;
    for (size_t i = 0; i < p->therapist_count; i++) {
        bool asked = query->therapist == (int)i;
        for (size_t k = 0; query->therapist < 0 && k < query->service->therapist_count; k++)
            asked = asked || query->service->therapists[k] == (int)i;
        if (!asked) continue;
        struct busy_list busy;
        TRY(occupancy_load(env->tx, p->id, p->therapists[i].id, occupied_from(query, start),
            occupied_to(query, start), env->now, query->except, env->arena, &busy));
        if (busy.len == 0) mask |= UINT64_C(1) << i;
    }
    *ret_mask = mask;
    return mask ? RESULT_OK : result_fail(ERR_CONFLICT, "slot-taken", NULL);
}

static struct result strict_candidates(
    struct booking_env *env, const struct open_query *query, utc_us start, uint64_t *ret_mask)
{
    struct open_query exact = *query;
    exact.from = start;
    exact.to = start + 1;
    exact.rooms_later = true; /* booking_place chooses one, or finds none */
    struct open_slots slots;
    TRY(open_times(env->tx, &exact, env->arena, &slots));
    if (slots.len == 0 || slots.ptr[0].start != start) {
        TRY(refusal(env, query, start));
        return result_fail(ERR_INVALID, "outside-hours", NULL);
    }
    *ret_mask = slots.ptr[0].therapists;
    return RESULT_OK;
}

/* Of the free ones: the fewest bookings on that local day, ties by key. */
static struct result choose_therapist(struct booking_env *env, const struct open_query *query,
    utc_us start, uint64_t mask, int *ret_therapist)
{
    const struct practice *p = env->practice;
    CHECK(mask);
    if ((mask & (mask - 1)) == 0) { /* nothing to choose */
        *ret_therapist = __builtin_ctzll(mask);
        return RESULT_OK;
    }
    date_day day = tz_utc_to_local(p->zone, start).date;
    utc_us from = tz_opening(p->zone, (struct local_time){day, 0});
    utc_us to = tz_opening(p->zone, (struct local_time){day + 1, 0});
    int best = -1;
    int64_t fewest = 0;
    for (size_t i = 0; i < p->therapist_count; i++) {
        if (!(mask >> i & 1)) continue;
        int64_t count;
        TRY(booking_sql_count(
            env->tx, p->id, p->therapists[i].id, from, to, query->except_booking, &count));
        bool better =
            best < 0 || count < fewest ||
            (count == fewest && str_compare(p->therapists[i].key, p->therapists[best].key) < 0);
        if (better) {
            best = (int)i;
            fewest = count;
        }
    }
    CHECK(best >= 0);
    *ret_therapist = best;
    return RESULT_OK;
}

struct result booking_place(struct booking_env *env, const struct open_query *query, utc_us start,
    bool lenient, int preferred, struct placing *ret_placing)
{
    uint64_t mask = 0;
    if (lenient) {
        TRY(lenient_candidates(env, query, start, &mask));
    } else {
        TRY(strict_candidates(env, query, start, &mask));
    }
    struct placing placing = {.therapist = preferred, .room = -1};
    if (preferred < 0 || !(mask >> preferred & 1))
        TRY(choose_therapist(env, query, start, mask, &placing.therapist));
    if (query->service->room_count) {
        TRY(open_first_room(
            env->tx, query, occupied_from(query, start), occupied_to(query, start), &placing.room));
        if (placing.room < 0) return result_fail(ERR_CONFLICT, "slot-taken", NULL);
    }
    *ret_placing = placing;
    return RESULT_OK;
}

struct result booking_occupy(struct booking_env *env, const struct open_query *query,
    const struct placing *placing, utc_us start, struct owner owner, utc_us expires)
{
    const struct practice *p = env->practice;
    utc_us from = occupied_from(query, start);
    utc_us to = occupied_to(query, start);
    struct result result = occupancy_add(
        env->tx, p->id, p->therapists[placing->therapist].id, from, to, owner, expires);
    if (result_is_ok(result) && placing->room >= 0) {
        result =
            occupancy_add(env->tx, p->id, p->rooms[placing->room].id, from, to, owner, expires);
    }
    if (result.code == ERR_CONFLICT) return result_fail(ERR_CONFLICT, "slot-taken", result.detail);
    return result;
}

struct result booking_moves_left(struct booking_env *env, const struct booking *booking)
{
    if (env->actor.kind != ACTOR_CLIENT) return RESULT_OK;
    int64_t moves;
    TRY(booking_sql_count_moves(env->tx, env->practice->id, booking->id, &moves));
    return moves < LIMIT_MOVES_BY_CLIENT ? RESULT_OK
                                         : result_fail(ERR_INVALID, "moves-limit-reached", NULL);
}

#include "practice/booking/open_times.h"

#include "base/check.h"
#include "practice/booking/bits.h"
#include "practice/booking/booking_sql.h"
#include "practice/booking/periods.h"

#include "base/banned.h"

/* One computation. Bit i stands for the minute that begins at origin + i minutes. */
struct work {
    struct tx *tx;
    const struct open_query *query;
    struct arena *arena;
    utc_us from; /* starts asked for, after notice and horizon */
    utc_us to;
    utc_us origin;
    utc_us end;
    size_t words;
    int minutes;
    int before;
    int after;
};

static utc_us floor_minute(utc_us t)
{
    utc_us rest = t % US_PER_MINUTE;
    return rest < 0 ? t - rest - US_PER_MINUTE : t - rest;
}

static utc_us ceil_minute(utc_us t)
{
    utc_us floor = floor_minute(t);
    return floor == t ? t : floor + US_PER_MINUTE;
}

static int64_t minute_of(const struct work *w, utc_us t)
{
    return (t - w->origin) / US_PER_MINUTE;
}

static struct bits bits_new(const struct work *w)
{
    return (struct bits){ARENA_ARRAY(w->arena, w->words, uint64_t), w->words};
}

utc_us open_earliest(const struct practice *practice, utc_us now)
{
    return now + practice->rules.notice_minutes * US_PER_MINUTE;
}

utc_us open_latest(const struct practice *practice, utc_us now)
{
    date_day today = tz_utc_to_local(practice->zone, now).date;
    struct local_time end = {today + practice->rules.horizon_days + 1, 0};
    return tz_opening(practice->zone, end);
}

static int query_minutes(const struct open_query *query)
{
    return query->minutes ? query->minutes : query->service->minutes;
}

/* Sets up the window; false where no start can be in it. */
static bool work_init(
    struct work *w, struct tx *tx, const struct open_query *query, struct arena *arena)
{
    utc_us earliest = open_earliest(query->practice, query->now);
    utc_us latest = open_latest(query->practice, query->now);
    *w = (struct work){.tx = tx, .query = query, .arena = arena};
    w->from = ceil_minute(query->from > earliest ? query->from : earliest);
    w->to = query->to < latest ? query->to : latest;
    if (w->from >= w->to) return false;
    w->minutes = query_minutes(query);
    w->before = query->service->before_minutes;
    w->after = query->service->after_minutes;
    w->origin = w->from - w->before * US_PER_MINUTE;
    w->end = ceil_minute(w->to) + (w->minutes + w->after) * US_PER_MINUTE;
    w->words = bits_words((size_t)minute_of(w, w->end));
    return true;
}

/* The starts at which [start - before, end + after] of the resource is free. */
static struct result free_starts(
    struct work *w, struct resource_id resource, struct bits *ret_bits)
{
    const struct open_query *q = w->query;
    struct busy_list busy;
    TRY(occupancy_load(w->tx, q->practice->id, resource, w->origin, w->end, q->now, q->except,
        w->arena, &busy));
    struct bits free = bits_new(w);
    bits_set(free, 0, minute_of(w, w->end));
    for (size_t i = 0; i < busy.len; i++) {
        utc_us from = floor_minute(busy.ptr[i].from);
        if (from < w->origin) from = w->origin;
        bits_clear(free, minute_of(w, from), minute_of(w, ceil_minute(busy.ptr[i].to)));
    }
    bits_starts_of_runs(free, (size_t)(w->before + w->minutes + w->after));
    bits_shift_up(free, (size_t)w->before);
    *ret_bits = free;
    return RESULT_OK;
}

/* The grid starts at which the appointment lies within working hours. */
static struct bits hours_starts(struct work *w, const struct resource *therapist)
{
    const struct practice *practice = w->query->practice;
    struct periods periods =
        periods_of(therapist, practice->zone, w->from, w->end, w->arena);
    utc_us step = practice->rules.step_minutes * US_PER_MINUTE;
    struct bits open = bits_new(w);
    struct bits grid = bits_new(w);
    for (size_t i = 0; i < periods.len; i++) {
        const struct period *p = &periods.ptr[i];
        utc_us from = p->from > w->from ? p->from : w->from;
        bits_set(open, minute_of(w, from), minute_of(w, p->to < w->end ? p->to : w->end));
        utc_us steps = (from - p->anchor + step - 1) / step;
        utc_us until = p->to < w->to ? p->to : w->to;
        for (utc_us t = p->anchor + steps * step; t < until; t += step)
            bits_set_one(grid, (size_t)minute_of(w, t));
    }
    bits_starts_of_runs(open, (size_t)w->minutes);
    bits_and(open, grid);
    return open;
}

/* The local day of the instant: [*ret_from, *ret_to). */
static void day_around(const struct tz *zone, utc_us instant, utc_us *ret_from, utc_us *ret_to)
{
    date_day day = tz_utc_to_local(zone, instant).date;
    *ret_from = tz_opening(zone, (struct local_time){day, 0});
    *ret_to = tz_opening(zone, (struct local_time){day + 1, 0});
    if (instant < *ret_to) return;
    /* clocks that are set back over midnight: the day before comes a second time within this one */
    *ret_from = *ret_to;
    *ret_to = tz_opening(zone, (struct local_time){day + 2, 0});
}

/* Takes away the starts of local days on which the therapist has max_per_day bookings. */
static struct result clear_full_days(struct work *w, struct resource_id therapist, struct bits starts)
{
    const struct practice *practice = w->query->practice;
    size_t max = (size_t)practice->rules.max_per_day;
    if (!max) return RESULT_OK;
    utc_us from;
    utc_us to;
    utc_us unused;
    day_around(practice->zone, w->from, &from, &unused);
    day_around(practice->zone, w->to - 1, &unused, &to);
    struct starts booked;
    TRY(booking_sql_starts(w->tx, practice->id, therapist, from, to, w->query->except_booking,
        w->arena, &booked));
    for (size_t first = 0; first + max <= booked.len; first++) {
        /* A day is full where as many starts in a row lie within it; none is longer than 26 hours. */
        utc_us last = booked.ptr[first + max - 1];
        if (last - booked.ptr[first] > 26 * US_PER_HOUR) continue;
        day_around(practice->zone, booked.ptr[first], &from, &to);
        if (last >= to) continue;
        bits_clear(starts, minute_of(w, from < w->origin ? w->origin : from), minute_of(w, to));
    }
    return RESULT_OK;
}

/* All starts at which some room is free; all ones where the service needs none. */
static struct result room_starts(struct work *w, struct bits *ret_bits)
{
    const struct service *service = w->query->service;
    struct bits any = bits_new(w);
    bits_fill(any, service->room_count == 0);
    for (size_t i = 0; i < service->room_count; i++) {
        const struct resource *room = &w->query->practice->rooms[service->rooms[i]];
        struct bits free;
        TRY(free_starts(w, room->id, &free));
        bits_or(any, free);
    }
    *ret_bits = any;
    return RESULT_OK;
}

static struct result therapist_starts(
    struct work *w, int index, struct bits rooms, struct bits *ret_bits)
{
    const struct resource *therapist = &w->query->practice->therapists[index];
    struct bits starts = hours_starts(w, therapist);
    struct bits free;
    TRY(free_starts(w, therapist->id, &free));
    bits_and(starts, free);
    bits_and(starts, rooms);
    TRY(clear_full_days(w, therapist->id, starts));
    *ret_bits = starts;
    return RESULT_OK;
}

static size_t count_ones(struct bits b)
{
    size_t count = 0;
    for (size_t i = 0; i < b.count; i++)
        count += (size_t)__builtin_popcountll(b.words[i]);
    return count;
}

/* The union of the therapists' starts as a list. */
static struct open_slots merge(
    struct work *w, const struct bits *of, const int *indices, size_t count)
{
    struct bits any = bits_new(w);
    for (size_t i = 0; i < count; i++)
        bits_or(any, of[i]);
    struct open_slot *slots = ARENA_ARRAY(w->arena, count_ones(any), struct open_slot);
    size_t len = 0;
    for (size_t word = 0; word < any.count; word++) {
        for (uint64_t left = any.words[word]; left; left &= left - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(left);
            struct open_slot *slot = &slots[len++];
            slot->start = w->origin + (utc_us)(word * 64 + bit) * US_PER_MINUTE;
            for (size_t i = 0; i < count; i++) {
                if (of[i].words[word] >> bit & 1) slot->therapists |= UINT64_C(1) << indices[i];
            }
        }
    }
    return (struct open_slots){slots, len};
}

struct result open_times(
    struct tx *tx, const struct open_query *query, struct arena *arena, struct open_slots *ret_slots)
{
    struct work w;
    *ret_slots = (struct open_slots){0};
    if (!work_init(&w, tx, query, arena)) return RESULT_OK;
    const struct service *service = query->service;
    struct bits rooms;
    TRY(room_starts(&w, &rooms));
    struct bits *of = ARENA_ARRAY(arena, service->therapist_count, struct bits);
    int *indices = ARENA_ARRAY(arena, service->therapist_count, int);
    size_t count = 0;
    for (size_t i = 0; i < service->therapist_count; i++) {
        int index = service->therapists[i];
        if (query->therapist >= 0 && query->therapist != index) continue;
        TRY(therapist_starts(&w, index, rooms, &of[count]));
        indices[count++] = index;
    }
    *ret_slots = merge(&w, of, indices, count);
    return RESULT_OK;
}

struct result open_first_room(
    struct tx *tx, const struct open_query *query, utc_us from, utc_us to, int *ret_room)
{
    const struct service *service = query->service;
    CLEANUP(arena_release) struct arena scratch = {0};
    for (size_t i = 0; i < service->room_count; i++) {
        const struct resource *room = &query->practice->rooms[service->rooms[i]];
        struct busy_list busy;
        TRY(occupancy_load(tx, query->practice->id, room->id, from, to, query->now, query->except,
            &scratch, &busy));
        if (busy.len == 0) {
            *ret_room = service->rooms[i];
            return RESULT_OK;
        }
    }
    *ret_room = -1;
    return RESULT_OK;
}

/* ---- why ---- */

/* Within hours, and on the grid there? */
static enum why hours_verdict(
    const struct open_query *q, const struct resource *therapist, utc_us start, struct arena *arena)
{
    utc_us end = start + query_minutes(q) * US_PER_MINUTE;
    struct periods periods = periods_of(therapist, q->practice->zone, start, end, arena);
    if (periods.len == 0 || periods.ptr[0].from > start) return WHY_OUTSIDE_HOURS;
    utc_us covered = periods.ptr[0].to;
    for (size_t i = 1; i < periods.len && periods.ptr[i].from == covered; i++)
        covered = periods.ptr[i].to;
    if (covered < end) return WHY_OUTSIDE_HOURS;
    utc_us step = q->practice->rules.step_minutes * US_PER_MINUTE;
    return (start - periods.ptr[0].anchor) % step ? WHY_OFF_GRID : WHY_OFFERED;
}

static struct result day_is_full(
    struct tx *tx, const struct open_query *q, struct resource_id therapist, utc_us start, bool *ret)
{
    const struct practice *practice = q->practice;
    utc_us from;
    utc_us to;
    int64_t count;
    *ret = false;
    if (!practice->rules.max_per_day) return RESULT_OK;
    day_around(practice->zone, start, &from, &to);
    TRY(booking_sql_count(tx, practice->id, therapist, from, to, q->except_booking, &count));
    *ret = count >= practice->rules.max_per_day;
    return RESULT_OK;
}

static bool gives_service(const struct service *service, int therapist)
{
    for (size_t i = 0; i < service->therapist_count; i++) {
        if (service->therapists[i] == therapist) return true;
    }
    return false;
}

struct result open_why(struct tx *tx, const struct open_query *q, int therapist, utc_us start,
    struct arena *arena, struct why_answer *ret_answer)
{
    const struct resource *person = &q->practice->therapists[therapist];
    struct why_answer answer = {WHY_OFFERED, therapist, {0}};
    utc_us from = start - q->service->before_minutes * US_PER_MINUTE;
    utc_us to = start + (query_minutes(q) + q->service->after_minutes) * US_PER_MINUTE;
    struct busy_list busy;
    bool full;
    int room = 0;
    TRY(occupancy_load(
        tx, q->practice->id, person->id, from, to, q->now, q->except, arena, &busy));
    TRY(day_is_full(tx, q, person->id, start, &full));
    if (q->service->room_count) TRY(open_first_room(tx, q, from, to, &room));

    if (!gives_service(q->service, therapist)) {
        answer.why = WHY_NOT_THEIR_SERVICE;
    } else if (start < open_earliest(q->practice, q->now)) {
        answer.why = WHY_TOO_SOON;
    } else if (start >= open_latest(q->practice, q->now)) {
        answer.why = WHY_TOO_FAR;
    } else {
        answer.why = hours_verdict(q, person, start, arena);
        if (answer.why == WHY_OFFERED && full) answer.why = WHY_DAY_FULL;
        if (answer.why == WHY_OFFERED && room < 0) answer.why = WHY_NO_ROOM;
        if (answer.why == WHY_OFFERED && busy.len) {
            answer.why = WHY_BUSY;
            answer.blocker = busy.ptr[0];
        }
    }
    *ret_answer = answer;
    return RESULT_OK;
}

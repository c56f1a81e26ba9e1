#include "practice/booking/open_times.h"

#include "base/check.h"
#include "base/limits.h"
#include "practice/booking/booking_sql.h"
#include "practice/booking/periods.h"
#include "practice/booking/spans.h"

#include "base/banned.h"

/* One computation. */
struct work {
    struct tx *tx;
    const struct open_query *query;
    struct arena *arena;
    utc_us from; /* starts asked for, after notice and horizon */
    utc_us to;
    utc_us length; /* of the appointment */
    utc_us before; /* a start occupies [start - before, start + behind) */
    utc_us behind;
};

/* Ascending. */
struct instants {
    utc_us *ptr;
    size_t len;
};

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
    w->from = query->from > earliest ? query->from : earliest;
    w->to = query->to < latest ? query->to : latest;
    w->length = query_minutes(query) * US_PER_MINUTE;
    w->before = query->service->before_minutes * US_PER_MINUTE;
    w->behind = w->length + query->service->after_minutes * US_PER_MINUTE;
    return w->from < w->to;
}

static void add_blocked(struct work *w, struct spans *blocked, struct busy_list busy)
{
    for (size_t i = 0; i < busy.len; i++)
        spans_add(blocked, busy.ptr[i].from - w->behind + 1, busy.ptr[i].to + w->before);
}

/* The starts that these occupancies block. */
static struct spans blocked_starts(struct work *w, struct busy_list busy)
{
    struct spans blocked = spans_new(w->arena, busy.len);
    add_blocked(w, &blocked, busy);
    return blocked;
}

/* The grid starts at which the appointment lies within working hours. */
static struct instants hours_starts(struct work *w, const struct resource *therapist)
{
    const struct practice *practice = w->query->practice;
    utc_us step = practice->rules.step_minutes * US_PER_MINUTE;
    struct periods periods =
        periods_of(therapist, practice->zone, w->from, w->to + w->length, w->arena);
    size_t max = periods.len;
    for (size_t i = 0; i < periods.len; i++)
        max += (size_t)((periods.ptr[i].to - periods.ptr[i].from) / step);
    struct instants starts = {ARENA_ARRAY_RAW(w->arena, max, utc_us), 0};
    size_t chain = 0; /* the last of the periods that touch one another */
    for (size_t i = 0; i < periods.len; i++) {
        const struct period *p = &periods.ptr[i];
        if (chain < i) chain = i;
        while (chain + 1 < periods.len && periods.ptr[chain + 1].from == periods.ptr[chain].to)
            chain++;
        utc_us last = periods.ptr[chain].to - w->length;
        utc_us from = p->from > w->from ? p->from : w->from;
        utc_us to = p->to < w->to ? p->to : w->to;
        utc_us steps = (from - p->anchor + step - 1) / step;
        utc_us first = p->anchor + steps * step;
        utc_us end = to <= last ? to : last + 1;
        if (first >= end) continue;
        size_t count = (size_t)((end - first + step - 1) / step);
        CHECK(count <= max - starts.len);
        for (size_t k = 0; k < count; k++)
            starts.ptr[starts.len + k] = first + (utc_us)k * step;
        starts.len += count;
    }
    return starts;
}

/* The local day of the instant: [*ret_from, *ret_to). */
static void day_around(struct tz_cursor *zone, utc_us instant, utc_us *ret_from, utc_us *ret_to)
{
    date_day day = tz_utc_to_local(zone->tz, instant).date;
    *ret_from = tz_cursor_opening(zone, (struct local_time){day, 0});
    *ret_to = tz_cursor_opening(zone, (struct local_time){day + 1, 0});
    if (instant < *ret_to) return;
    /* clocks that are set back over midnight: the day before comes a second time within this one */
    *ret_from = *ret_to;
    *ret_to = tz_cursor_opening(zone, (struct local_time){day + 2, 0});
}

/* The local days on which the therapist has max_per_day bookings. A booking's occupancy begins up
 * to a buffer before it, so the occupancies tell which days may be full; the bookings are asked
 * only for these. */
static struct result full_days(struct work *w, struct resource_id therapist, struct busy_list busy,
    struct tz_cursor *zone, struct spans *ret_days)
{
    const struct practice *practice = w->query->practice;
    const utc_us early = LIMIT_BUFFER_MINUTES * US_PER_MINUTE;
    size_t max = (size_t)practice->rules.max_per_day;
    *ret_days = spans_new(w->arena, max ? busy.len : 0);
    utc_us asked_to = INT64_MIN;
    for (size_t i = 0; max && i + max <= busy.len; i++) {
        /* no local day is longer than 26 hours */
        utc_us begins = busy.ptr[i].from;
        if (busy.ptr[i + max - 1].from - begins >= 26 * US_PER_HOUR + early) continue;
        utc_us from;
        utc_us to;
        day_around(zone, begins, &from, &to);
        for (int day = 0; day < 2; day++) { /* the day it begins on; where it is late, the next */
            int64_t count = 0;
            if (to > asked_to && begins >= from - early) {
                TRY(booking_sql_count(
                    w->tx, practice->id, therapist, from, to, w->query->except_booking, &count));
                if (count >= (int64_t)max) spans_add(ret_days, from, to);
                asked_to = to;
            }
            day_around(zone, to, &from, &to);
        }
    }
    return RESULT_OK;
}

/* The starts that one room's occupancies block, as far as they matter for those in `within`. They
 * are asked for piece by piece: what lies less than PIECE_GAP apart is one piece, since a query
 * costs as much as the rows of some days. */
static struct result blocked_within(
    struct work *w, struct resource_id room, struct spans within, struct spans *ret_blocked)
{
    enum { PIECES_MAX = 8 };
    const utc_us piece_gap = 3 * US_PER_DAY;
    const struct open_query *q = w->query;
    /* a row belongs to two pieces at most, and is the last of one and the first of the next */
    utc_us gap = w->before + w->behind > piece_gap ? w->before + w->behind : piece_gap;
    struct busy_list pieces[PIECES_MAX];
    size_t count = 0;
    size_t rows = 0;
    for (size_t i = 0; i < within.len; i++) {
        utc_us from = within.ptr[i].from;
        while (i + 1 < within.len &&
               (count == PIECES_MAX - 1 || within.ptr[i + 1].from - within.ptr[i].to < gap))
            i++;
        utc_us to = within.ptr[i].to;
        TRY(occupancy_load_times(w->tx, q->practice->id, room, from - w->before, to + w->behind,
            q->now, q->except, w->arena, &pieces[count]));
        rows += pieces[count++].len;
    }
    *ret_blocked = spans_new(w->arena, rows);
    for (size_t i = 0; i < count; i++)
        add_blocked(w, ret_blocked, pieces[i]);
    return RESULT_OK;
}

/* The spans in which a slot begins. */
static struct spans spans_asked(struct work *w, struct spans spans, struct open_slots slots)
{
    struct spans asked = spans_new(w->arena, spans.len);
    size_t k = 0;
    for (size_t i = 0; i < spans.len; i++) {
        while (k < slots.len && slots.ptr[k].start < spans.ptr[i].from)
            k++;
        if (k == slots.len) break;
        if (slots.ptr[k].start < spans.ptr[i].to)
            spans_add(&asked, spans.ptr[i].from, spans.ptr[i].to);
    }
    return asked;
}

/* Those of the slots at which no room is free, as spans; none where the service needs no room. Each
 * room is asked only about the slots that all those before it block. A booking takes the first room
 * that is free, so the last one blocks the fewest and is asked first. */
static struct result roomless_starts(
    struct work *w, struct open_slots slots, struct spans *ret_spans)
{
    const struct open_query *q = w->query;
    struct spans all = spans_new(w->arena, 1);
    if (q->service->room_count && slots.len && !q->rooms_later)
        spans_add(&all, slots.ptr[0].start, slots.ptr[slots.len - 1].start + 1);
    for (size_t i = q->service->room_count; i-- > 0 && all.len;) {
        struct resource_id room = q->practice->rooms[q->service->rooms[i]].id;
        struct spans blocked;
        TRY(blocked_within(w, room, all, &blocked));
        all = spans_asked(w, spans_intersect(w->arena, all, blocked), slots);
    }
    *ret_spans = all;
    return RESULT_OK;
}

/* The slots outside the spans. */
static struct open_slots slots_outside(struct work *w, struct open_slots slots, struct spans spans)
{
    if (!spans.len) return slots;
    struct open_slot *list = ARENA_ARRAY_RAW(w->arena, slots.len, struct open_slot);
    size_t len = 0;
    size_t k = 0;
    for (size_t i = 0; i < slots.len; i++) {
        while (k < spans.len && spans.ptr[k].to <= slots.ptr[i].start)
            k++;
        if (k < spans.len && spans.ptr[k].from <= slots.ptr[i].start) continue;
        list[len++] = slots.ptr[i];
    }
    return (struct open_slots){list, len};
}

/* Whatever the rooms. */
static struct result therapist_starts(struct work *w, int index, struct instants *ret_starts)
{
    const struct open_query *q = w->query;
    const struct resource *therapist = &q->practice->therapists[index];
    utc_us from = w->from - w->before;
    utc_us to = w->to + w->behind;
    struct tz_cursor zone = {.tz = q->practice->zone};
    if (q->practice->rules.max_per_day) { /* whole days, with what begins before them */
        utc_us first_day;
        utc_us last_day;
        utc_us unused;
        day_around(&zone, w->from, &first_day, &unused);
        day_around(&zone, w->to - 1, &unused, &last_day);
        utc_us early = first_day - LIMIT_BUFFER_MINUTES * US_PER_MINUTE;
        if (early < from) from = early;
        if (last_day > to) to = last_day;
    }
    struct busy_list busy;
    struct spans full;
    TRY(occupancy_load_times(
        w->tx, q->practice->id, therapist->id, from, to, q->now, q->except, w->arena, &busy));
    TRY(full_days(w, therapist->id, busy, &zone, &full));
    struct instants starts = hours_starts(w, therapist);
    starts.len = spans_remove_from(blocked_starts(w, busy), starts.ptr, starts.len);
    starts.len = spans_remove_from(full, starts.ptr, starts.len);
    *ret_starts = starts;
    return RESULT_OK;
}

/* The slots and one more therapist's starts, in order. */
static struct open_slots merge(
    struct work *w, struct open_slots slots, struct instants starts, int index)
{
    struct open_slot *list = ARENA_ARRAY_RAW(w->arena, slots.len + starts.len, struct open_slot);
    const uint64_t bit = UINT64_C(1) << index;
    size_t len = 0;
    size_t i = 0;
    size_t k = 0;
    while (i < slots.len && k < starts.len) {
        utc_us start = starts.ptr[k];
        struct open_slot slot = slots.ptr[i];
        if (slot.start < start) {
            i++;
        } else if (slot.start > start) {
            slot = (struct open_slot){start, bit};
            k++;
        } else {
            slot.therapists |= bit;
            i++;
            k++;
        }
        list[len++] = slot;
    }
    for (; i < slots.len; i++)
        list[len++] = slots.ptr[i];
    for (; k < starts.len; k++)
        list[len++] = (struct open_slot){starts.ptr[k], bit};
    return (struct open_slots){list, len};
}

struct result open_times(struct tx *tx, const struct open_query *query, struct arena *arena,
    struct open_slots *ret_slots)
{
    struct work w;
    struct spans roomless;
    struct open_slots slots = {0};
    *ret_slots = slots;
    if (!work_init(&w, tx, query, arena)) return RESULT_OK;
    const struct service *service = query->service;
    for (size_t i = 0; i < service->therapist_count; i++) {
        int index = service->therapists[i];
        if (query->therapist >= 0 && query->therapist != index) continue;
        struct instants starts;
        TRY(therapist_starts(&w, index, &starts));
        slots = merge(&w, slots, starts, index);
    }
    TRY(roomless_starts(&w, slots, &roomless));
    *ret_slots = slots_outside(&w, slots, roomless);
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

struct result open_day_full(struct tx *tx, const struct open_query *q, struct resource_id therapist,
    utc_us start, bool *ret)
{
    const struct practice *practice = q->practice;
    utc_us from;
    utc_us to;
    int64_t count;
    *ret = false;
    if (!practice->rules.max_per_day) return RESULT_OK;
    struct tz_cursor zone = {.tz = practice->zone};
    day_around(&zone, start, &from, &to);
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
    TRY(occupancy_load(tx, q->practice->id, person->id, from, to, q->now, q->except, arena, &busy));
    TRY(open_day_full(tx, q, person->id, start, &full));
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

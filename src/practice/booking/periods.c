#include "practice/booking/periods.h"

#include "base/check.h"

#include "base/banned.h"

struct collector {
    struct tz_cursor zone;
    struct period *list; /* merged chains */
    size_t count;
};

/* One local period of a day; joined to the chain before it where they touch. */
static void collect(struct collector *c, date_day date, int from_min, int to_min)
{
    utc_us opens = tz_cursor_opening(&c->zone, (struct local_time){date, from_min * 60});
    utc_us closes = tz_cursor_closing(&c->zone, (struct local_time){date, to_min * 60});
    if (closes <= opens) return; /* swallowed by a gap */
    struct period *last = c->count ? &c->list[c->count - 1] : NULL;
    if (last && opens <= last->to) {
        if (closes > last->to) last->to = closes;
        return;
    }
    c->list[c->count++] = (struct period){opens, closes, opens};
}

/* Index of the first exception on or after the date. */
static size_t first_exception(const struct resource *therapist, date_day date)
{
    size_t low = 0;
    size_t high = therapist->exception_count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (therapist->exceptions[mid].date < date) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

static void collect_day(
    struct collector *c, const struct resource *therapist, date_day date, size_t *exception)
{
    size_t at = *exception;
    if (at < therapist->exception_count && therapist->exceptions[at].date == date) {
        for (; at < therapist->exception_count && therapist->exceptions[at].date == date; at++) {
            const struct hours_exception *e = &therapist->exceptions[at];
            if (e->from_min >= 0) collect(c, date, e->from_min, e->to_min);
        }
        *exception = at;
        return;
    }
    int weekday = date_weekday(date);
    for (size_t i = 0; i < therapist->hours_count; i++) {
        const struct hours_row *row = &therapist->hours[i];
        if (row->weekday == weekday) collect(c, date, row->from_min, row->to_min);
    }
}

/* Adds the chain, cut at the local midnights where its anchor moves. */
static void add_chain(struct period chain, struct tz_cursor *zone, utc_us from, utc_us to,
    struct period *list, size_t *count)
{
    utc_us begins = chain.from;
    utc_us limit = chain.from + PERIOD_ANCHOR_DAYS * US_PER_DAY;
    utc_us midnight = chain.to;
    date_day day = 0;
    if (limit < chain.to) {
        day = tz_utc_to_local(zone->tz, limit).date + 1;
        midnight = tz_cursor_opening(zone, (struct local_time){day, 0});
    }
    utc_us anchor = chain.anchor;
    while (midnight < chain.to) {
        if (midnight > from && begins < to)
            list[(*count)++] = (struct period){begins, midnight, anchor};
        begins = anchor = midnight;
        midnight = tz_cursor_opening(zone, (struct local_time){++day, 0});
    }
    if (chain.to > from && begins < to)
        list[(*count)++] = (struct period){begins, chain.to, anchor};
}

struct periods periods_of(const struct resource *therapist, const struct tz *zone, utc_us from,
    utc_us to, struct arena *arena)
{
    CHECK(from <= to);
    date_day first = tz_utc_to_local(zone, from).date - (PERIOD_ANCHOR_DAYS + 3);
    date_day last = tz_utc_to_local(zone, to).date + 1;
    size_t days = (size_t)(last - first + 1);
    size_t exception = first_exception(therapist, first);
    size_t max = days * (therapist->hours_count + 1) + therapist->exception_count;
    struct collector c = {{.tz = zone}, ARENA_ARRAY_RAW(arena, max, struct period), 0};
    for (date_day date = first; date <= last; date++)
        collect_day(&c, therapist, date, &exception);

    struct period *list = ARENA_ARRAY_RAW(arena, c.count + days, struct period);
    size_t count = 0;
    for (size_t i = 0; i < c.count; i++) {
        if (c.list[i].to > from && c.list[i].from < to)
            add_chain(c.list[i], &c.zone, from, to, list, &count);
    }
    return (struct periods){list, count};
}

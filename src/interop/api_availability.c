/* GET /api/v1/availability: the open times, in any viewer's zone.
 *
 * An answer may hold thousands of slots, so they are written without printf and without asking the
 * zone anew for each: a slot's text is that of the one before with other digits, see struct record.
 */
#include "interop/api_internal.h"

#include "base/check.h"
#include "base/limits.h"
#include "practice/booking/open_times.h"

#include "base/banned.h"

/* ---- writing instants that come in order ---- */

enum { STAMP_CHARS = 25 }; /* 2026-03-09T09:00:00-04:00 */

/* The text of one instant; for those within [from, until) only the time of day is another. */
struct stamp {
    const struct tz *zone;
    utc_us last; /* no instant is later */
    utc_us from;
    utc_us until;
    utc_us midnight;
    utc_us offset_from; /* the offset holds within [offset_from, offset_until) */
    utc_us offset_until;
    int32_t offset;
    char text[STAMP_CHARS];
};

static void stamp_init(struct stamp *s, const struct tz *zone, utc_us last)
{
    *s = (struct stamp){.zone = zone, .last = last}; /* until 0: the first instant looks it up */
    memcpy(s->text, "0000-00-00T00:00:00+00:00", STAMP_CHARS);
}

static void two_digits(char *at, unsigned value)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233"
        "34353637383940414243444546474849505152535455565758596061626364656667"
        "6869707172737475767778798081828384858687888990919293949596979899";
    CHECK(value < 100);
    memcpy(at, pairs + (size_t)value * 2, 2);
}

static void stamp_new_offset(struct stamp *s, utc_us instant)
{
    s->offset = tz_offset_at(s->zone, instant).seconds;
    s->offset_from = instant;
    if (!tz_next_transition(s->zone, instant, s->last + 1, &s->offset_until))
        s->offset_until = s->last + 1;
    unsigned minutes = (unsigned)(s->offset < 0 ? -s->offset : s->offset) / 60;
    s->text[19] = s->offset < 0 ? '-' : '+';
    two_digits(s->text + 20, minutes / 60);
    two_digits(s->text + 23, minutes % 60);
}

/* Makes the text that of the instant's day and offset. */
static void stamp_renew(struct stamp *s, utc_us instant)
{
    CHECK(instant <= s->last);
    if (instant < s->offset_from || instant >= s->offset_until) stamp_new_offset(s, instant);
    struct local_time local = local_from_utc(instant + s->offset * US_PER_SECOND);
    struct civil_date date = date_to_civil(local.date);
    two_digits(s->text, (unsigned)date.year / 100);
    two_digits(s->text + 2, (unsigned)date.year % 100);
    two_digits(s->text + 5, (unsigned)date.month);
    two_digits(s->text + 8, (unsigned)date.day);
    s->midnight = (utc_us)local.date * US_PER_DAY - s->offset * US_PER_SECOND;
    s->from = s->midnight > s->offset_from ? s->midnight : s->offset_from;
    s->until = s->midnight + US_PER_DAY;
    if (s->until > s->offset_until) s->until = s->offset_until;
}

static bool stamp_covers(const struct stamp *s, utc_us instant)
{
    return instant >= s->from && instant < s->until;
}

/* The time of day into a copy of the text. */
static void stamp_patch(const struct stamp *s, utc_us instant, char *copy)
{
    unsigned second = (unsigned)((instant - s->midnight) / US_PER_SECOND);
    unsigned minute = second / 60;
    two_digits(copy + 11, minute / 60);
    two_digits(copy + 14, minute % 60);
    two_digits(copy + 17, second % 60);
}

/* ---- the answer ---- */

/* `"ana","ben"` for the therapists of a mask, in the order of their ids. Keys need no escaping. */
static struct str therapist_keys(struct call *call, const struct service *service, uint64_t mask)
{
    struct sb sb;
    sb_init(&sb, call->arena, LIMIT_THERAPISTS * (LIMIT_SLUG_CHARS + 3) + 1);
    for (size_t i = 0; i < service->therapist_count; i++) {
        int index = service->therapists[i];
        if (!(mask >> index & 1)) continue;
        if (sb.len) sb_add_char(&sb, ',');
        sb_add_char(&sb, '"');
        sb_add(&sb, call->practice->therapists[index].key);
        sb_add_char(&sb, '"');
    }
    CHECK(sb_ok(&sb));
    return sb_str(&sb);
}

/* `{"start":"...","end":"...","therapists":[...]},` with the date, offset and therapists of one
 * slot: most are like the one before but for four digits each. */
struct record {
    struct stamp start;
    struct stamp end;
    uint64_t mask;
    struct str keys;
    struct str text;
};

static const char before_start[] = "{\"start\":\"";
static const char before_end[] = "\",\"end\":\"";
static const char before_keys[] = "\",\"therapists\":[";

enum {
    START_AT = sizeof before_start - 1,
    END_AT = START_AT + STAMP_CHARS + sizeof before_end - 1,
    RECORD_USUAL = 128, /* copied with a few moves; there is room for it behind each record */
};

static void record_renew(struct record *r, struct sb *scratch)
{
    scratch->len = 0;
    sb_add_bytes(scratch, before_start, sizeof before_start - 1);
    sb_add_bytes(scratch, r->start.text, STAMP_CHARS);
    sb_add_bytes(scratch, before_end, sizeof before_end - 1);
    sb_add_bytes(scratch, r->end.text, STAMP_CHARS);
    sb_add_bytes(scratch, before_keys, sizeof before_keys - 1);
    sb_add(scratch, r->keys);
    SB_LIT(scratch, "]},");
    r->text = sb_str(scratch);
}

static void write_slots(struct call *call, struct sb *sb, const struct open_query *query,
    struct open_slots slots, const struct tz *zone)
{
    utc_us length = query->service->minutes * US_PER_MINUTE;
    struct record r = {0};
    struct sb scratch;
    sb_init(&scratch, call->arena, RECORD_USUAL + LIMIT_THERAPISTS * (LIMIT_SLUG_CHARS + 3));
    (void)sb_reserve(&scratch, RECORD_USUAL);
    stamp_init(&r.start, zone, query->to + length);
    stamp_init(&r.end, zone, query->to + length);
    for (size_t i = 0; i < slots.len; i++) {
        utc_us start = slots.ptr[i].start;
        utc_us end = start + length;
        bool same = slots.ptr[i].therapists == r.mask && stamp_covers(&r.start, start) &&
                    stamp_covers(&r.end, end);
        if (UNLIKELY(!same)) {
            if (slots.ptr[i].therapists != r.mask) {
                r.mask = slots.ptr[i].therapists;
                r.keys = therapist_keys(call, query->service, r.mask);
            }
            if (!stamp_covers(&r.start, start)) stamp_renew(&r.start, start);
            if (!stamp_covers(&r.end, end)) stamp_renew(&r.end, end);
            record_renew(&r, &scratch);
        }
        if (!sb_reserve(sb, r.text.len + RECORD_USUAL)) return;
        char *out = sb->ptr + sb->len;
        if (LIKELY(r.text.len <= RECORD_USUAL)) {
            memcpy(out, r.text.ptr, RECORD_USUAL);
        } else {
            memcpy(out, r.text.ptr, r.text.len);
        }
        stamp_patch(&r.start, start, out + START_AT);
        stamp_patch(&r.end, end, out + END_AT);
        sb->len += r.text.len;
    }
    if (slots.len) sb->len--; /* the last comma */
}

static struct result send_slots(struct call *call, const struct open_query *query,
    const struct tz *zone, struct problems *problems)
{
    enum { SLOT_BYTES = 140, HEAD_BYTES = 256 };
    struct open_slots slots;
    struct sb sb;
    TRY(open_times(call->tx, query, call->arena, &slots));
    sb_init(&sb, call->arena, LIMIT_RESPONSE_BYTES);
    size_t guess = HEAD_BYTES + slots.len * SLOT_BYTES;
    if (guess < LIMIT_RESPONSE_BYTES) (void)sb_reserve(&sb, guess);
    SB_LIT(&sb, "{\"timezone\":\"");
    sb_add(&sb, tz_name(zone));
    SB_LIT(&sb, "\",\"slots\":[");
    write_slots(call, &sb, query, slots, zone);
    SB_LIT(&sb, "]}");
    if (!sb_ok(&sb)) {
        problems_add(problems, STR("to"), "too-many-slots", (struct str){0});
        return api_invalid(call, problems);
    }
    api_send(call, 200, sb_str(&sb), STR("no-store"));
    return RESULT_OK;
}

/* ---- the question ---- */

static date_day read_date(struct call *call, const char *name, struct problems *problems)
{
    struct str text = call_query(call, name);
    date_day date = 0;
    if (!text.len) {
        problems_add(problems, str_from_cstr(name), "required", (struct str){0});
    } else if (!date_parse(text, &date)) {
        problems_add(problems, str_from_cstr(name), "not-a-date", (struct str){0});
    }
    return date;
}

static void read_dates(
    struct call *call, const struct tz *zone, struct open_query *query, struct problems *problems)
{
    size_t before = problems->count;
    date_day from = read_date(call, "from", problems);
    date_day to = read_date(call, "to", problems);
    if (problems->count > before) return;
    if (to < from) {
        problems_add(problems, STR("to"), "ends-before-start", (struct str){0});
    } else if (to - from >= LIMIT_AVAILABILITY_DAYS) {
        problems_add(problems, STR("to"), "too-many-days",
            arena_printf(call->arena, "%d", LIMIT_AVAILABILITY_DAYS));
    } else {
        query->from = tz_opening(zone, (struct local_time){from, 0});
        query->to = tz_opening(zone, (struct local_time){to + 1, 0});
    }
}

static const struct tz *read_zone(struct call *call, struct problems *problems)
{
    const struct tz *zone = call->practice->zone;
    struct str name = call_query(call, "tz");
    if (name.len && !result_is_ok(tz_find(name, &zone)))
        problems_add(problems, STR("tz"), "unknown-zone", (struct str){0});
    return zone;
}

struct result api_availability(struct call *call)
{
    struct problems problems;
    problems_init(&problems, call->arena);
    struct str service = call_query(call, "service");
    struct str therapist = call_query(call, "therapist");
    struct open_query query = {.practice = call->practice, .therapist = -1, .now = call->now};
    query.service = practice_service(call->practice, service);
    if (!service.len) {
        problems_add(&problems, STR("service"), "required", (struct str){0});
    } else if (!query.service) {
        problems_add(&problems, STR("service"), "unknown-service", (struct str){0});
    }
    if (therapist.len) {
        query.therapist = practice_therapist(call->practice, therapist);
        if (query.therapist < 0)
            problems_add(&problems, STR("therapist"), "unknown-therapist", (struct str){0});
    }
    const struct tz *zone = read_zone(call, &problems);
    read_dates(call, zone, &query, &problems);
    if (problems.count) return api_invalid(call, &problems);
    return send_slots(call, &query, zone, &problems);
}

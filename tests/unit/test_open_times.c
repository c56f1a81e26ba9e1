/* Open times against a slow, obvious reference, on days with and without clock changes; and the
 * rules one by one. */
#include "practice_fixture.h"

#include "practice/booking/booking.h"
#include "practice/booking/open_times.h"
#include "practice/booking/periods.h"
#include "practice/booking/spans.h"

#define PRACTICE(zone, rules, ana_hours, exceptions, service)                                      \
    "{\"slug\":\"p\",\"name\":\"P\",\"timezone\":\"" zone                                          \
    "\",\"currency\":\"USD\",\"booking\":{" rules                                                  \
    "},\"rooms\":[{\"id\":\"r1\",\"name\":\"R\"},{\"id\":\"r2\",\"name\":\"R\"}],\"therapists\":[" \
    "{\"id\":"                                                                                     \
    "\"ana\",\"name\":\"Ana\",\"hours\":[" ana_hours "],\"exceptions\":[" exceptions               \
    "]},{\"id\":\"ben\",\"name\":\"Ben\",\"hours\":[{\"days\":[\"mon\",\"tue\",\"wed\",\"thu\","   \
    "\"fri\",\"sat\","                                                                             \
    "\"sun\"],\"from\":\"11:00\",\"to\":\"15:30\"}]}],\"services\":[{\"id\":\"s\",\"name\":"       \
    "\"S\"," service ",\"therapists\":[\"ben\",\"ana\"],\"rooms\":[\"r1\",\"r2\"]}]}"

#define EVERY_DAY "\"days\":[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\",\"sat\",\"sun\"]"
#define NINE_TO_FIVE "{" EVERY_DAY ",\"from\":\"09:00\",\"to\":\"17:00\"}"
#define RULES_PLAIN "\"step_minutes\":15,\"notice_minutes\":120,\"horizon_days\":60"

/* Spans of a random pattern of minutes against the pattern itself. */
static void spans_agree_with_minutes(void **state)
{
    (void)state;
    enum { MINUTES = 400 };
    for (unsigned seed = 1; seed < 300; seed++) {
        struct arena arena = {0};
        bool a[MINUTES] = {false};
        bool b[MINUTES] = {false};
        struct spans as = spans_new(&arena, MINUTES);
        struct spans bs = spans_new(&arena, MINUTES);
        uint64_t x = seed * 0x9E3779B97F4A7C15u;
        for (int i = 0; i + 20 < MINUTES; i += 1 + (int)(x % 9)) {
            x ^= x << 13, x ^= x >> 7, x ^= x << 17;
            int len = 1 + (int)(x >> 40) % 17;
            bool first = x >> 60 & 1;
            spans_add(first ? &as : &bs, i, i + len);
            for (int k = i; k < i + len; k++)
                (first ? a : b)[k] = true;
        }
        struct spans both = spans_intersect(&arena, as, bs);
        utc_us instants[MINUTES];
        for (int i = 0; i < MINUTES; i++)
            instants[i] = i;
        size_t left = spans_remove_from(both, instants, MINUTES);
        size_t next = 0;
        for (int i = 0; i < MINUTES; i++) {
            if (a[i] && b[i]) continue;
            assert_true(next < left);
            assert_int_equal(instants[next++], i);
        }
        assert_int_equal(next, left);
        for (size_t i = 1; i < both.len; i++)
            assert_true(both.ptr[i].from > both.ptr[i - 1].to);
        arena_release(&arena);
    }
}

/* ---- the reference: minute by minute, rule by rule, no spans ---- */

static bool reference_offers(
    struct fixture *f, const struct open_query *q, int therapist, utc_us start)
{
    const struct practice *p = q->practice;
    utc_us end = start + q->service->minutes * US_PER_MINUTE;
    utc_us from = start - q->service->before_minutes * US_PER_MINUTE;
    utc_us to = end + q->service->after_minutes * US_PER_MINUTE;
    if (start < q->now + p->rules.notice_minutes * US_PER_MINUTE) return false;
    if (tz_utc_to_local(p->zone, start).date >
        tz_utc_to_local(p->zone, q->now).date + p->rules.horizon_days)
        return false;

    /* hours: every minute of the appointment is within some row of its own local date, and the
     * chain of open minutes before the start leads to an opening that is a multiple of the step
     * away */
    const struct resource *r = &p->therapists[therapist];
    utc_us opening = INT64_MIN;
    for (utc_us t = start - 9 * US_PER_DAY; t < end; t += US_PER_MINUTE) {
        date_day date = tz_utc_to_local(p->zone, t).date;
        bool open = false;
        bool replaced = false;
        for (size_t i = 0; i < r->exception_count; i++)
            replaced = replaced || r->exceptions[i].date == date;
        for (size_t i = 0; i < (replaced ? r->exception_count : r->hours_count); i++) {
            int min_from = replaced ? r->exceptions[i].from_min : r->hours[i].from_min;
            int min_to = replaced ? r->exceptions[i].to_min : r->hours[i].to_min;
            bool day = replaced ? r->exceptions[i].date == date
                                : r->hours[i].weekday == date_weekday(date);
            if (!day || min_from < 0) continue;
            struct local_time a = {date, min_from * 60};
            struct local_time b = {date, min_to * 60};
            open = open || (t >= tz_opening(p->zone, a) && t < tz_closing(p->zone, b));
        }
        if (open && opening == INT64_MIN) opening = t;
        if (!open) opening = INT64_MIN;
        if (!open && t >= start) return false;
    }
    if (opening == INT64_MIN || opening > start) return false;
    if ((start - opening) % (p->rules.step_minutes * US_PER_MINUTE)) return false;

    if (p->rules.max_per_day) {
        date_day day = tz_utc_to_local(p->zone, start).date;
        struct booking_list list;
        assert_ok(booking_in_range(
            &f->env, start - 2 * US_PER_DAY, start + 2 * US_PER_DAY, r->id, false, &list));
        int count = 0;
        for (size_t i = 0; i < list.len; i++)
            count += tz_utc_to_local(p->zone, list.ptr[i].starts).date == day;
        if (count >= p->rules.max_per_day) return false;
    }

    struct busy_list busy;
    assert_ok(
        occupancy_load(f->env.tx, p->id, r->id, from, to, q->now, q->except, &f->arena, &busy));
    if (busy.len) return false;
    for (size_t i = 0; i < q->service->room_count; i++) {
        const struct resource *room = &p->rooms[q->service->rooms[i]];
        assert_ok(occupancy_load(
            f->env.tx, p->id, room->id, from, to, q->now, q->except, &f->arena, &busy));
        if (!busy.len) return true;
    }
    return q->service->room_count == 0;
}

static void compare_with_reference(struct fixture *f, const char *from, const char *to)
{
    struct open_query q = {.practice = f->env.practice,
        .service = &f->env.practice->services[0],
        .therapist = -1,
        .from = at(from),
        .to = at(to),
        .now = f->env.now};
    struct open_slots slots;
    assert_ok(open_times(f->env.tx, &q, &f->arena, &slots));
    size_t next = 0;
    size_t offered = 0;
    for (utc_us t = q.from; t < q.to; t += 5 * US_PER_MINUTE) {
        uint64_t mask = 0;
        for (size_t i = 0; i < q.practice->therapist_count; i++) {
            if (reference_offers(f, &q, (int)i, t)) mask |= UINT64_C(1) << i;
        }
        uint64_t got = 0;
        if (next < slots.len && slots.ptr[next].start == t) got = slots.ptr[next++].therapists;
        if (got != mask) {
            char text[40];
            struct sb sb;
            sb_init_fixed(&sb, text, sizeof text);
            rfc3339_write_utc(&sb, t);
            fail_msg("%s: offered %lx, reference %lx", sb_cstr(&sb), (long)got, (long)mask);
        }
        for (size_t i = 0; i < q.practice->therapist_count; i++) {
            struct why_answer why;
            assert_ok(open_why(f->env.tx, &q, (int)i, t, &f->arena, &why));
            assert_int_equal(why.why == WHY_OFFERED, mask >> i & 1);
        }
        offered += mask != 0;
    }
    assert_int_equal(next, slots.len);
    assert_true(offered > 0);
}

static void occupy_some(struct fixture *f)
{
    const struct practice *p = f->env.practice;
    assert_ok(tx_begin_write(f->conn, &f->tx));
    const struct {
        struct resource_id resource;
        const char *from, *to;
    } rows[] = {
        {p->therapists[0].id, "2026-03-09T14:00:00Z", "2026-03-09T15:07:00Z"},
        {p->therapists[1].id, "2026-03-08T16:00:00Z", "2026-03-08T17:00:00Z"},
        {p->rooms[0].id, "2026-03-08T15:00:00Z", "2026-03-08T18:00:00Z"},
        {p->rooms[1].id, "2026-03-08T17:30:00Z", "2026-03-08T19:00:00Z"},
        {p->rooms[1].id, "2026-03-08T19:00:00Z", "2026-03-08T19:30:00Z"},
        {p->therapists[0].id, "2026-02-20T00:00:00Z", "2026-03-07T15:00:00Z"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_ok(occupancy_add(&f->tx, p->id, rows[i].resource, at(rows[i].from), at(rows[i].to),
            (struct owner){OWNER_TIME_OFF, (int64_t)i + 1}, 0));
    }
}

static void agrees_across_a_spring_gap(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f,
        PRACTICE("America/New_York", RULES_PLAIN, NINE_TO_FIVE,
            "{\"date\":\"2026-03-09\",\"from\":\"08:10\",\"to\":\"12:00\"},{\"date\":\"2026-03-"
            "09\","
            "\"from\":\"12:00\",\"to\":\"13:05\"},{\"date\":\"2026-03-10\",\"closed\":true}",
            "\"minutes\":50,\"buffer_before_minutes\":10,\"buffer_after_minutes\":15"),
        "2026-03-06T12:00:00Z");
    occupy_some(&f);
    compare_with_reference(&f, "2026-03-06T00:00:00Z", "2026-03-12T00:00:00Z");
    fixture_close(&f);
}

static void agrees_at_night_and_across_midnight(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f,
        PRACTICE("America/New_York", "\"step_minutes\":25,\"notice_minutes\":0",
            "{" EVERY_DAY ",\"from\":\"22:00\",\"to\":\"24:00\"},{" EVERY_DAY
            ",\"from\":\"00:00\",\"to\":\"02:30\"}",
            "", "\"minutes\":60"),
        "2026-10-30T12:00:00Z");
    assert_ok(tx_begin_read(f.conn, &f.tx));
    compare_with_reference(&f, "2026-10-31T00:00:00Z", "2026-11-03T00:00:00Z");
    fixture_close(&f);
    fixture_open(&f,
        PRACTICE("America/New_York", "\"step_minutes\":20,\"notice_minutes\":0",
            "{" EVERY_DAY ",\"from\":\"00:30\",\"to\":\"02:30\"},{" EVERY_DAY
            ",\"from\":\"02:30\",\"to\":\"05:00\"}",
            "", "\"minutes\":30"),
        "2026-03-06T12:00:00Z");
    assert_ok(tx_begin_read(f.conn, &f.tx));
    compare_with_reference(&f, "2026-03-07T00:00:00Z", "2026-03-09T12:00:00Z");
    fixture_close(&f);
}

/* Buffers reach into the day before; the day is that of the start. */
static void full_days_offer_nothing(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f,
        PRACTICE("America/New_York", "\"step_minutes\":30,\"notice_minutes\":0,\"max_per_day\":2",
            "{" EVERY_DAY ",\"from\":\"20:00\",\"to\":\"24:00\"},{" EVERY_DAY
            ",\"from\":\"00:00\",\"to\":\"02:30\"}",
            "", "\"minutes\":30,\"buffer_before_minutes\":30"),
        "2026-03-01T12:00:00Z");
    assert_ok(tx_begin_write(f.conn, &f.tx));
    static const char *const starts[] = {
        "2026-03-03T22:00:00-05:00", /* one on the 3rd */
        "2026-03-04T00:00:00-05:00",
        "2026-03-04T01:30:00-05:00", /* the 4th is full, from midnight */
        "2026-03-05T20:30:00-05:00", "2026-03-05T23:30:00-05:00", /* the 5th, at its end */
        "2026-03-06T00:30:00-05:00",                              /* one on the 6th */
        "2026-03-08T00:00:00-05:00", "2026-03-08T23:00:00-04:00", /* 23 hours, both ends */
    };
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        struct booking_request request = {.service = &f.env.practice->services[0],
            .start = at(starts[i]),
            .lenient = true,
            .client = {STR("Rosa"), STR("rosa@mail.example"), STR(""), STR("en")}};
        struct booking booking;
        assert_ok(booking_make(&f.env, &request, &booking));
    }
    compare_with_reference(&f, "2026-03-02T00:00:00Z", "2026-03-10T00:00:00Z");
    compare_with_reference(&f, "2026-03-04T04:30:00Z", "2026-03-05T02:00:00Z");
    compare_with_reference(&f, "2026-03-06T06:00:00Z", "2026-03-07T08:00:00Z");
    fixture_close(&f);
}

static void grid_does_not_depend_on_the_range_asked_for(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f,
        PRACTICE("Europe/Rome", "\"step_minutes\":50,\"notice_minutes\":0",
            "{" EVERY_DAY ",\"from\":\"00:00\",\"to\":\"24:00\"}",
            "{\"date\":\"2026-03-20\",\"closed\":true}", "\"minutes\":30"),
        "2026-03-01T12:00:00Z");
    assert_ok(tx_begin_read(f.conn, &f.tx));
    struct open_query q = {.practice = f.env.practice,
        .service = &f.env.practice->services[0],
        .therapist = 0,
        .from = at("2026-03-03T00:00:00Z"),
        .to = at("2026-04-20T00:00:00Z"),
        .now = f.env.now};
    struct open_slots whole;
    assert_ok(open_times(&f.tx, &q, &f.arena, &whole));
    size_t next = 0;
    for (utc_us t = q.from; t < at("2026-04-20T00:00:00Z"); t += US_PER_DAY) {
        struct open_query day = q;
        day.from = t;
        day.to = t + US_PER_DAY;
        struct open_slots slots;
        assert_ok(open_times(&f.tx, &day, &f.arena, &slots));
        for (size_t i = 0; i < slots.len; i++)
            assert_int_equal(slots.ptr[i].start, whole.ptr[next++].start);
    }
    assert_int_equal(next, whole.len);
    assert_true(whole.len > 1000);
    fixture_close(&f);
}

static void skipped_is_never_offered_and_doubled_is_offered_twice(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f,
        PRACTICE("America/New_York",
            "\"step_minutes\":60,\"notice_minutes\":0,\"horizon_days\":400",
            "{" EVERY_DAY ",\"from\":\"00:00\",\"to\":\"05:00\"}", "", "\"minutes\":60"),
        "2026-03-06T12:00:00Z");
    assert_ok(tx_begin_read(f.conn, &f.tx));
    struct open_query q = {.practice = f.env.practice,
        .service = &f.env.practice->services[0],
        .therapist = 0,
        .from = at("2026-03-08T05:00:00Z"),
        .to = at("2026-03-08T13:00:00Z"),
        .now = f.env.now};
    struct open_slots slots;
    assert_ok(open_times(&f.tx, &q, &f.arena, &slots));
    assert_int_equal(slots.len, 4); /* 00 01 03 04 */
    for (size_t i = 0; i < slots.len; i++)
        assert_int_not_equal(
            tz_utc_to_local(q.practice->zone, slots.ptr[i].start).second, 2 * 3600);
    q.from = at("2026-11-01T04:00:00Z");
    q.to = at("2026-11-01T14:00:00Z");
    assert_ok(open_times(&f.tx, &q, &f.arena, &slots));
    assert_int_equal(slots.len, 6); /* 00 01 01 02 03 04 */
    fixture_close(&f);
}

static void notice_and_horizon_bind(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f,
        PRACTICE("America/New_York", "\"notice_minutes\":120,\"horizon_days\":2", NINE_TO_FIVE, "",
            "\"minutes\":60"),
        "2026-03-02T15:01:00Z"); /* Monday 10:01 */
    assert_ok(tx_begin_read(f.conn, &f.tx));
    struct open_query q = {.practice = f.env.practice,
        .service = &f.env.practice->services[0],
        .therapist = 0,
        .from = at("2026-03-01T00:00:00Z"),
        .to = at("2026-03-20T00:00:00Z"),
        .now = f.env.now};
    struct open_slots slots;
    assert_ok(open_times(&f.tx, &q, &f.arena, &slots));
    assert_int_equal(slots.ptr[0].start, at("2026-03-02T12:15:00-05:00"));
    assert_int_equal(slots.ptr[slots.len - 1].start, at("2026-03-04T16:00:00-05:00"));
    struct why_answer why;
    assert_ok(open_why(&f.tx, &q, 0, at("2026-03-02T12:00:00-05:00"), &f.arena, &why));
    assert_int_equal(why.why, WHY_TOO_SOON);
    assert_ok(open_why(&f.tx, &q, 0, at("2026-03-05T09:00:00-05:00"), &f.arena, &why));
    assert_int_equal(why.why, WHY_TOO_FAR);
    assert_ok(open_why(&f.tx, &q, 0, at("2026-03-03T09:05:00-05:00"), &f.arena, &why));
    assert_int_equal(why.why, WHY_OFF_GRID);
    assert_ok(open_why(&f.tx, &q, 0, at("2026-03-03T16:15:00-05:00"), &f.arena, &why));
    assert_int_equal(why.why, WHY_OUTSIDE_HOURS);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_agree_with_minutes),
        cmocka_unit_test(agrees_across_a_spring_gap),
        cmocka_unit_test(agrees_at_night_and_across_midnight),
        cmocka_unit_test(full_days_offer_nothing),
        cmocka_unit_test(grid_does_not_depend_on_the_range_asked_for),
        cmocka_unit_test(skipped_is_never_offered_and_doubled_is_offered_twice),
        cmocka_unit_test(notice_and_horizon_bind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

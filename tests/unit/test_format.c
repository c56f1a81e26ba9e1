/* Dates, times and the like in both languages and both regions; the tables of expected texts were
 * written by hand. */
#include "web/format.h"

#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/banned.h"

static struct arena arena;
static struct format us;
static struct format gb;
static struct format es;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    format_init(&us, &arena, LANG_EN, STR("en-US"));
    format_init(&gb, &arena, LANG_EN, STR("en-GB"));
    format_init(&es, &arena, LANG_ES, STR("en-US"));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void check(struct str text, const char *expected)
{
    assert_string_equal(arena_cstr(&arena, text), expected);
}

static date_day day(const char *text)
{
    date_day date;
    assert_true(date_parse(str_from_cstr(text), &date));
    return date;
}

static struct local_time at(const char *date, int hour, int minute)
{
    return (struct local_time){day(date), hour * 3600 + minute * 60};
}

static void test_days(void **state)
{
    (void)state;
    check(format_date_long(&us, day("2026-03-03")), "Tuesday, March 3");
    check(format_date_long(&gb, day("2026-03-03")), "Tuesday 3 March");
    check(format_date_long(&es, day("2026-03-03")), "martes, 3 de marzo");
    check(format_date_full(&us, day("2026-12-31")), "Thursday, December 31, 2026");
    check(format_date_full(&gb, day("2026-12-31")), "Thursday 31 December 2026");
    check(format_date_full(&es, day("2026-12-31")), "jueves, 31 de diciembre de 2026");
    check(format_date_short(&us, day("2026-05-01")), "Fri, May 1");
    check(format_date_short(&gb, day("2026-05-01")), "Fri 1 May");
    check(format_date_short(&es, day("2026-05-01")), "vie, 1 may");
    check(format_month(&us, day("2026-05-17")), "May 2026");
    check(format_month(&es, day("2026-05-17")), "mayo de 2026");
    check(format_weekday_span(&us, 0, 4), "Monday to Friday");
    check(format_capital(&es, format_weekday_span(&es, 0, 4)), "Lunes a viernes");
    check(format_weekday_span(&es, 6, 6), "domingo");
    check(format_weekday_span(&us, 1, 2), "Tuesday and Wednesday");
    check(format_weekday_span(&us, 6, 0), "Sunday and Monday");
    check(format_weekday_span(&es, 1, 2), "martes y mi\u00e9rcoles");
    check(format_weekday_span(&us, 1, 3), "Tuesday to Thursday");
}

static void test_relative_days(void **state)
{
    (void)state;
    date_day today = day("2026-02-28");
    check(format_date_relative(&us, today, today), "today");
    check(format_date_relative(&us, day("2026-03-01"), today), "tomorrow");
    check(format_date_relative(&es, day("2026-03-01"), today), "mañana");
    check(format_date_relative(&us, day("2026-02-27"), today), "Friday, February 27");
    check(format_when_relative(&es, at("2026-02-28", 15, 0), today), "hoy, 15:00");
    check(
        format_when_relative(&us, at("2026-03-02", 9, 0), today), "Monday, March 2, 9:00\u00a0AM");
}

static void test_weeks(void **state)
{
    (void)state;
    assert_int_equal(format_first_of_week(&us, day("2026-03-03")), day("2026-03-01"));
    assert_int_equal(format_first_of_week(&us, day("2026-03-01")), day("2026-03-01"));
    assert_int_equal(format_first_of_week(&us, day("2026-02-28")), day("2026-02-22"));
    assert_int_equal(format_first_of_week(&gb, day("2026-03-01")), day("2026-02-23"));
    assert_int_equal(format_first_of_week(&gb, day("2026-03-02")), day("2026-03-02"));
    check(format_week(&us, day("2026-03-01")), "March 1–7, 2026");
    check(format_week(&gb, day("2026-03-02")), "2–8 March 2026");
    check(format_week(&es, day("2026-03-02")), "2–8 de marzo de 2026");
    check(format_week(&us, day("2026-03-29")), "Mar 29 – Apr 4, 2026");
    check(format_week(&es, day("2026-12-28")), "28 dic – 3 ene 2027");
}

/* The clock's edges: where a twelve-hour clock goes wrong. */
static void test_times(void **state)
{
    (void)state;
    static const struct {
        int minutes;
        const char *us;
        const char *other;
    } rows[] = {
        {0, "12:00\u00a0AM", "0:00"},
        {1, "12:01\u00a0AM", "0:01"},
        {59, "12:59\u00a0AM", "0:59"},
        {60, "1:00\u00a0AM", "1:00"},
        {540, "9:00\u00a0AM", "9:00"},
        {719, "11:59\u00a0AM", "11:59"},
        {720, "12:00\u00a0PM", "12:00"},
        {779, "12:59\u00a0PM", "12:59"},
        {780, "1:00\u00a0PM", "13:00"},
        {1439, "11:59\u00a0PM", "23:59"},
        {1440, "12:00\u00a0AM", "24:00"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check(format_minutes(&us, rows[i].minutes), rows[i].us);
        check(format_minutes(&gb, rows[i].minutes), rows[i].other);
        check(format_minutes(&es, rows[i].minutes), rows[i].other);
    }
    check(format_minutes_span(&us, 540, 1020), "9:00\u00a0AM – 5:00\u00a0PM");
    check(format_minutes_span(&es, 540, 1440), "9:00–24:00");
}

/* On the day clocks change: what the wall shows, twice the same hour, never the skipped one. */
static void test_clock_change(void **state)
{
    (void)state;
    const struct tz *zone;
    struct result found = tz_find(STR("America/New_York"), &zone);
    assert_int_equal(found.code, ERR_NONE);
    static const struct {
        const char *instant;
        const char *time;
        const char *offset;
    } rows[] = {
        {"2026-11-01T04:00:00Z", "12:00\u00a0AM", "UTC−4"},
        {"2026-11-01T05:30:00Z", "1:30\u00a0AM", "UTC−4"},
        {"2026-11-01T06:30:00Z", "1:30\u00a0AM", "UTC−5"},
        {"2026-11-01T17:00:00Z", "12:00\u00a0PM", "UTC−5"},
        {"2026-03-08T06:59:00Z", "1:59\u00a0AM", "UTC−5"},
        {"2026-03-08T07:00:00Z", "3:00\u00a0AM", "UTC−4"},
        {"2026-03-08T16:00:00Z", "12:00\u00a0PM", "UTC−4"},
        {"2026-03-09T04:00:00Z", "12:00\u00a0AM", "UTC−4"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        utc_us instant;
        assert_true(rfc3339_parse(str_from_cstr(rows[i].instant), &instant));
        check(format_time(&us, tz_utc_to_local(zone, instant)), rows[i].time);
        check(format_offset(&us, tz_offset_at(zone, instant).seconds), rows[i].offset);
    }
}

static void test_moments(void **state)
{
    (void)state;
    check(format_when(&us, at("2026-03-03", 10, 30)), "Tuesday, March 3, 10:30\u00a0AM");
    check(format_when(&es, at("2026-03-03", 10, 30)), "martes, 3 de marzo, 10:30");
    check(format_moment(&us, at("2026-03-03", 1, 30)), "Tuesday, March 3, 1:30\u00a0AM");
    check(format_moment(&gb, at("2026-03-03", 22, 0)), "Tuesday 3 March, 22:00");
    check(format_moment(&es, at("2026-03-02", 10, 30)), "el lunes 2 de marzo a las 10:30");
    check(format_moment(&es, at("2026-03-02", 1, 5)), "el lunes 2 de marzo a la 1:05");
    check(format_moment(&es, at("2026-03-02", 13, 0)), "el lunes 2 de marzo a las 13:00");
}

static void test_durations(void **state)
{
    (void)state;
    check(format_duration(&us, 60), "60 minutes");
    check(format_duration(&us, 90), "1 hour 30 minutes");
    check(format_duration(&us, 120), "2 hours");
    check(format_duration(&es, 61), "1 hora y 1 minuto");
    check(format_in(&us, 0), "in 1 minute");
    check(format_in(&us, 8 * US_PER_MINUTE + 1), "in 9 minutes");
    check(format_in(&es, 3 * US_PER_HOUR), "en 3 horas");
    check(format_in(&us, 2 * US_PER_DAY), "in 2 days");
}

static void test_zones_and_prices(void **state)
{
    (void)state;
    check(format_zone(&us, STR("America/New_York")), "New York time");
    check(format_zone(&es, STR("America/New_York")), "hora de Nueva York");
    check(format_zone(&es, STR("Europe/Rome")), "hora de Roma");
    check(format_zone(&es, STR("America/Argentina/Buenos_Aires")), "hora de Buenos Aires");
    check(format_zone(&us, STR("America/Los_Angeles")), "Los Angeles time");
    check(format_zone(&us, STR("UTC")), "UTC");
    check(format_offset(&us, 0), "UTC");
    check(format_offset(&us, 19800), "UTC+5:30");
    check(format_offset(&us, -12600), "UTC−3:30");
    check(format_price(&us, (struct money){9500, "USD"}), "$95");
    check(format_price(&us, (struct money){9550, "USD"}), "$95.50");
    check(format_price(&es, (struct money){9550, "EUR"}), "95,50\u00a0€");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_relative_days),
        cmocka_unit_test(test_weeks),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_clock_change),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_zones_and_prices),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

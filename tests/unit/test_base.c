/* The ground floor: strings, builders, arenas, dates, money, JSON. */
#include "base/arena.h"
#include "base/civil.h"
#include "base/json_writer.h"
#include "base/money.h"
#include "base/sb.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void assert_str(struct str s, const char *expected)
{
    assert_int_equal(s.len, strlen(expected));
    assert_memory_equal(s.ptr, expected, s.len);
}

static void numbers_are_strict(void **state)
{
    (void)state;
    int64_t v = -1;
    assert_true(str_to_i64(STR("42"), 0, 100, &v));
    assert_int_equal(v, 42);
    assert_true(str_to_i64(STR("-9"), -10, 100, &v));
    assert_int_equal(v, -9);
    const struct str bad[] = {STR(""), STR("-"), STR("+1"), STR(" 1"), STR("1 "), STR("1e3"),
        STR("0x1"), STR("101"), STR("99999999999999999999"), STR("9223372036854775808")};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(str_to_i64(bad[i], -100, 100, &v));
}

static void text_is_valid_utf8(void **state)
{
    (void)state;
    assert_true(str_is_text(STR("Zoë 你好 🙂"), false));
    assert_false(str_is_text(STR("\xC0\x80"), true));
    assert_false(str_is_text(STR("\xED\xA0\x80"), true));
    assert_false(str_is_text(STR("\xF4\x90\x80\x80"), true));
    assert_false(str_is_text(STR("\xE4\xBD"), true));
    assert_false(str_is_text((struct str){"a\0b", 3}, true));
    assert_false(str_is_text(STR("a\x01"), false));
    assert_true(str_is_text(STR("a\x01"), true));
    assert_int_equal(str_count_chars(STR("Zoë🙂")), 4);
}

static void builder_stops_at_its_maximum(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct sb sb;
    sb_init(&sb, &arena, 1000);
    for (int i = 0; i < 100; i++)
        SB_LIT(&sb, "0123456789");
    assert_true(sb_ok(&sb));
    assert_int_equal(sb.len, 1000);
    sb_add_char(&sb, 'x');
    assert_false(sb_ok(&sb));
    assert_int_equal(sb.len, 1000);

    char buffer[8];
    sb_init_fixed(&sb, buffer, sizeof buffer);
    sb_add_i64(&sb, INT64_MIN);
    assert_false(sb_ok(&sb));
    arena_release(&arena);
}

static void arena_grows_and_resets(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (int round = 0; round < 3; round++) {
        for (size_t size = 1; size < 100000; size = size * 3 + 1) {
            unsigned char *p = arena_alloc(&arena, size, 8);
            assert_int_equal((uintptr_t)p % 8, 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(p[i], 0);
            memset(p, 0xAB, size);
        }
        arena_reset(&arena);
        assert_int_equal(arena.used_total, 0);
    }
    arena_release(&arena);
}

static void dates_go_both_ways(void **state)
{
    (void)state;
    assert_int_equal(date_from_civil((struct civil_date){1970, 1, 1}), 0);
    assert_int_equal(date_weekday(0), 3);
    assert_int_equal(date_weekday(date_from_civil((struct civil_date){2026, 3, 9})), 0);
    for (date_day d = -719162; d <= 2932896; d += 13) { /* 0001-01-01 .. 9999-12-31 */
        struct civil_date c = date_to_civil(d);
        assert_true(civil_is_valid(c));
        assert_int_equal(date_from_civil(c), d);
    }
    date_day day;
    assert_true(date_parse(STR("2024-02-29"), &day));
    assert_false(date_parse(STR("2023-02-29"), &day));
    assert_false(date_parse(STR("2023-2-01"), &day));
    assert_true(date_parse(STR("2026-01-31"), &day));
    struct civil_date feb = date_to_civil(date_add_months(day, 1));
    assert_int_equal(feb.month, 2);
    assert_int_equal(feb.day, 28);
}

static void instants_follow_rfc3339(void **state)
{
    (void)state;
    struct arena arena = {0};
    utc_us t;
    assert_true(rfc3339_parse(STR("2026-03-09T09:00:00-04:00"), &t));
    assert_int_equal(t, INT64_C(1773061200) * US_PER_SECOND);
    struct sb sb;
    sb_init(&sb, &arena, 100);
    rfc3339_write(&sb, t, -4 * 3600);
    assert_str(sb_str(&sb), "2026-03-09T09:00:00-04:00");
    sb.len = 0;
    rfc3339_write(&sb, t, 5 * 3600 + 1800);
    assert_str(sb_str(&sb), "2026-03-09T18:30:00+05:30");
    sb.len = 0;
    rfc3339_write_utc(&sb, t);
    assert_str(sb_str(&sb), "2026-03-09T13:00:00Z");
    utc_us fraction;
    assert_true(rfc3339_parse(STR("2026-03-09T13:00:00.25Z"), &fraction));
    assert_int_equal(fraction - t, 250000);
    const struct str bad[] = {STR("2026-03-09"), STR("2026-03-09T09:00:00"),
        STR("2026-03-09T24:00:00Z"), STR("2026-13-09T09:00:00Z"), STR("2026-03-09T09:00:60Z"),
        STR("2026-03-09T09:00:00+24:00"), STR("2026-03-09T09:00:00Zx"),
        STR("2026-03-09T09:00:00.Z")};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(rfc3339_parse(bad[i], &t));
    arena_release(&arena);
}

static void money_is_exact(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct money m;
    assert_true(money_parse(STR("95.5"), "USD", &m));
    assert_int_equal(m.minor, 9550);
    assert_true(money_parse(STR("1200"), "JPY", &m));
    assert_int_equal(m.minor, 1200);
    assert_false(money_parse(STR("1.5"), "JPY", &m));
    const struct str bad[] = {STR(""), STR("."), STR("-1"), STR("1."), STR("1.234"), STR("1,50"),
        STR("1.-1"), STR("10000000")};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(money_parse(bad[i], "USD", &m));
    assert_true(money_parse(STR("95.00"), "USD", &m));
    struct sb sb;
    sb_init(&sb, &arena, 100);
    money_write(&sb, m, STR("en"));
    sb_add_char(&sb, ' ');
    money_write_plain(&sb, m);
    assert_str(sb_str(&sb), "$95 95.00");
    arena_release(&arena);
}

static void json_is_escaped(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct sb sb;
    sb_init(&sb, &arena, 1000);
    struct jw jw;
    jw_init(&jw, &sb);
    jw_object(&jw);
    JW_STR(&jw, "a", STR("\"\\\n\x01</script>\xE2\x80\xA8"));
    jw_key(&jw, STR("list"));
    jw_array(&jw);
    jw_i64(&jw, -1);
    jw_bool(&jw, true);
    jw_null(&jw);
    jw_array_end(&jw);
    jw_object_end(&jw);
    assert_str(sb_str(&sb),
        "{\"a\":\"\\\"\\\\\\n\\u0001\\u003c/script\\u003e\\u2028\",\"list\":[-1,true,null]}");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_strict),
        cmocka_unit_test(text_is_valid_utf8),
        cmocka_unit_test(builder_stops_at_its_maximum),
        cmocka_unit_test(arena_grows_and_resets),
        cmocka_unit_test(dates_go_both_ways),
        cmocka_unit_test(instants_follow_rfc3339),
        cmocka_unit_test(money_is_exact),
        cmocka_unit_test(json_is_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

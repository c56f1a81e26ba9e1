/* What `balm fit` says and draws: sentences, JSON, the chart. */
#include "base/json.h"
#include "cli/fit.h"
#include "relief/simulate.h"
#include "relief_reference.h"
#include "web/charts/relief_chart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/banned.h"

static struct arena arena;

static struct relief_fit fit_of(const struct relief_row *rows, size_t count)
{
    struct relief_fit fit;
    assert_true(result_is_ok(relief_fit_rows(&arena, rows, count, NULL, &fit)));
    return fit;
}

static size_t count_of(struct str text, const char *needle)
{
    struct str what = str_from_cstr(needle);
    size_t count = 0;
    for (size_t i = 0; i + what.len <= text.len; i++)
        count += str_eq(str_slice(text, i, i + what.len), what);
    return count;
}

static void has(struct str text, const char *needle)
{
    if (!str_contains(text, str_from_cstr(needle)))
        fail_msg("\"%s\" is not in: %.*s", needle, STR_ARG(text));
}

static void test_words(void **state)
{
    (void)state;
    struct relief_fit fit = fit_of(ref1, COUNT_OF(ref1));
    struct relief_statements st = relief_state(&fit);
    struct fit_words words = fit_words_of(&arena, &fit, &st);
    has(words.carry_over, "Relief likely lasts beyond the day");
    has(words.carry_over, "1.1 points (90% range 0.1 to 2.1)");
    has(words.half_life, "roughly 1.0 to 9.5 days");
    has(words.interval, "2 to 6 days between sessions");
    has(words.level, "Still missing: 3 more weeks of ratings.");
    has(words.responder, "What caused it cannot be told");
    fit.p_level_lower = .97;
    st.level = RELIEF_LEVEL_LOWER;
    words = fit_words_of(&arena, &fit, &st);
    has(words.level, "lower than at the start, by about 1.0 points (90% range −0.6 to 2.5). What "
                     "caused it cannot be told from this.");
    fit = fit_of(ref2, COUNT_OF(ref2));
    st = relief_state(&fit);
    words = fit_words_of(&arena, &fit, &st);
    has(words.carry_over, "Probably little");
    has(words.responder, "By at least half: less than 1%.");
    assert_int_equal(words.interval.len + words.half_life.len + words.floor.len, 0);
    fit = fit_of(ref1, 3);
    st = relief_state(&fit);
    words = fit_words_of(&arena, &fit, &st);
    has(words.carry_over, "Not enough data yet");
    has(words.carry_over, "4 more sessions, each with a check-in within three days");
}

static void test_json(void **state)
{
    (void)state;
    struct relief_fit fit = fit_of(ref1, COUNT_OF(ref1));
    struct relief_statements st = relief_state(&fit);
    struct fit_words words = fit_words_of(&arena, &fit, &st);
    struct sb sb;
    const struct json *doc;
    sb_init(&sb, &arena, FIT_TEXT_BYTES);
    fit_json_write(&sb, &fit, &st, &words);
    assert_true(sb_ok(&sb));
    assert_true(result_is_ok(json_parse(&arena, sb_str(&sb), &doc)));
    has(sb_str(&sb), "\"carry_over\":{\"statement\":\"likely\"");
    has(sb_str(&sb), "\"d50_days\":5.56");
    has(sb_str(&sb), "\"log_evidence\":-56.41");
}

static struct str draw(const struct relief_fit *fit, bool standalone)
{
    struct relief_bands bands;
    struct svg_tick tick = {14, STR("2 & 3 <Feb>")};
    struct relief_chart chart = {.bands = &bands,
        .ticks = &tick,
        .tick_count = 1,
        .words = {STR("Pain"), STR("It \"shows\" <this>"), STR("Pain, 0 to 10"), {STR("check-in")}},
        .id = STR("c1"),
        .width = 390,
        .height = 300,
        .legend = true,
        .standalone = standalone};
    struct sb sb;
    assert_true(result_is_ok(relief_smooth(&arena, fit, RELIEF_FORECAST_DAYS, &bands)));
    chart.rows = relief_sorted_rows(fit, &chart.row_count);
    sb_init(&sb, &arena, RELIEF_CHART_BYTES);
    relief_chart_write(&sb, &chart);
    assert_true(sb_ok(&sb));
    return sb_str(&sb);
}

static void test_chart(void **state)
{
    (void)state;
    struct relief_fit fit = fit_of(ref1, COUNT_OF(ref1));
    struct str svg = draw(&fit, false);
    assert_int_equal(count_of(svg, "class=\"rc-dot\""), 24 + 1); /* and the legend's */
    assert_int_equal(count_of(svg, "class=\"rc-before\""), 5);
    assert_int_equal(count_of(svg, "class=\"rc-after\""), 5);
    assert_int_equal(count_of(svg, "class=\"rc-session\""), 5);
    assert_int_equal(count_of(svg, "class=\"rc-band\""), 1);
    assert_int_equal(count_of(svg, "class=\"rc-forecast\""), 1);
    assert_int_equal(count_of(svg, "style"), 0);
    assert_int_equal(count_of(svg, "<g"), count_of(svg, "</g>"));
    has(svg, "aria-labelledby=\"c1-t c1-d\"><title id=\"c1-t\">Pain</title>");
    has(svg, "It &quot;shows&quot; &lt;this&gt;</desc>");
    has(svg, "2 &amp; 3 &lt;Feb&gt;");
    svg = draw(&fit, true);
    has(svg, "xmlns=");
    assert_int_equal(count_of(svg, "<style>"), 1);
}

/* Eleven days without a rating split every line; a session alone does not bridge them. */
static void test_chart_gap(void **state)
{
    (void)state;
    struct relief_row rows[COUNT_OF(ref2)];
    for (size_t i = 0; i < COUNT_OF(ref2); i++) {
        rows[i] = ref2[i];
        if (rows[i].t_days > 22) rows[i].t_days += 8.9;
    }
    struct relief_fit fit = fit_of(rows, COUNT_OF(ref2));
    struct str svg = draw(&fit, false);
    assert_int_equal(count_of(svg, "class=\"rc-band\""), 1); /* not quite ten days */
    for (size_t i = 0; i < COUNT_OF(ref2); i++) {
        if (rows[i].t_days > 22) rows[i].t_days += 1;
    }
    fit = fit_of(rows, COUNT_OF(ref2));
    svg = draw(&fit, false);
    assert_int_equal(count_of(svg, "class=\"rc-band\""), 2);
    assert_int_equal(count_of(svg, "class=\"rc-expected\""), 2);
    assert_int_equal(count_of(svg, "class=\"rc-hollow\""), 7);
}

static void test_chart_empty(void **state)
{
    (void)state;
    struct relief_fit fit = fit_of(NULL, 0);
    struct str svg = draw(&fit, false);
    assert_int_equal(count_of(svg, "rc-band") + count_of(svg, "nan") + count_of(svg, "inf"), 0);
    has(svg, "</svg>");
}

static int reset(void **state)
{
    (void)state;
    arena_reset(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_words, reset),
        cmocka_unit_test_teardown(test_json, reset),
        cmocka_unit_test_teardown(test_chart, reset),
        cmocka_unit_test_teardown(test_chart_gap, reset),
        cmocka_unit_test_teardown(test_chart_empty, reset),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}

/* What the charts draw: panels, gaps, bounds, tables, sparklines; and that nothing but numbers is
 * drawn, whatever the data. */
#include "relief/simulate.h"
#include "web/charts/chart_dates.h"
#include "web/charts/chart_table.h"
#include "web/charts/measure_words.h"
#include "web/charts/relief_words.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/banned.h"

enum { MOST = 6000 };

static struct arena arena;
static struct format f;

static int setup(void **state)
{
    (void)state;
    arena_reset(&arena);
    format_init(&f, &arena, LANG_EN, STR("en-GB"));
    return 0;
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

/* No NaN, no infinity, no style, every element closed. */
static void check_svg(struct str svg)
{
    static const char *const never[] = {"nan", "inf", "style=", "<script", "-0.0 "};
    for (size_t i = 0; i < COUNT_OF(never); i++) {
        if (count_of(svg, never[i])) fail_msg("%s in: %.*s", never[i], STR_ARG(svg));
    }
    assert_int_equal(count_of(svg, "<svg"), count_of(svg, "</svg>"));
    assert_int_equal(count_of(svg, "<g"), count_of(svg, "</g>"));
    assert_int_equal(count_of(svg, "<text"), count_of(svg, "</text>"));
    assert_int_equal(count_of(svg, "<path") + count_of(svg, "<circle") + count_of(svg, "<rect"),
        count_of(svg, "/>"));
}

static struct str draw(struct series_chart chart)
{
    struct sb sb;
    sb_init(&sb, &arena, 8 << 20);
    chart.id = STR("s");
    if (!chart.width) chart.width = 390;
    series_chart_write(&sb, &chart);
    assert_true(sb_ok(&sb));
    check_svg(sb_str(&sb));
    return sb_str(&sb);
}

static struct series_panel panel_of(
    enum measure measure, const struct measure_point *points, size_t count)
{
    return measure_panel(&f, NULL, measure, (struct str){0}, points, count, MEASURE_NONE,
        MEASURE_NONE, MEASURE_NONE);
}

static void test_series(void **state)
{
    (void)state;
    static const struct measure_point points[] = {{10, 700, false}, {13, 600, true},
        {17, MEASURE_NONE, false}, {24, 500, false}, {26, 300, false}};
    static const double sessions[] = {11, 18, 500};
    struct series_panel panel = panel_of(MEASURE_TENSION, points, COUNT_OF(points));
    assert_int_equal(panel.count, 4);
    assert_true(panel.low == 0 && panel.high == 10 && panel.tick_count == 3);
    assert_true(panel.has_error && panel.error_low == 4.8 && panel.has_important);
    assert_true(panel.important == 5 && panel.important_is_lower); /* before 30 % of 7 */
    struct series_chart chart = {
        .panels = &panel, .panel_count = 1, .sessions = sessions, .session_count = 2};
    measure_chart_words(&f, NULL, true, &chart);
    struct str svg = draw(chart);
    has(svg, "<title id=\"s-t\">Your other measures over time</title>");
    has(svg, ">1 measure, from 11 Jan to 27 Jan.</desc>");
    /* from the 13th to the 24th are more than ten days: the line begins anew */
    const char *line = strstr(arena_cstr(&arena, svg), "rc-line");
    assert_int_equal(count_of(str_slice(str_from_cstr(line), 0, 80), "M"), 2);
    assert_int_equal(count_of(svg, "rc-dot"), 3 + 1); /* and the legend's */
    assert_int_equal(count_of(svg, "rc-hollow"), 1 + 1);
    assert_int_equal(count_of(svg, "rc-error"), 1 + 1);
    assert_int_equal(count_of(svg, "rc-aim"), 1 + 1);
    assert_int_equal(count_of(svg, "rc-session-tick"), 2);
    has(svg, "class=\"rc-value\">7</text>");
    has(svg, "class=\"rc-value\">3</text>");
    has(svg, "data-say=\"Sun 11 Jan, 0:00: 7\"");
    /* no bounds, no words about them */
    panel = panel_of(MEASURE_SLEEP_QUALITY, points, COUNT_OF(points));
    svg = draw(chart);
    assert_int_equal(count_of(svg, "rc-error") + count_of(svg, "rc-important"), 0);
    assert_int_equal(count_of(svg, "measurement error"), 0);
}

static void test_axes(void **state)
{
    (void)state;
    static const struct measure_point points[] = {{1, 21000, false}, {5, 27800, false}};
    struct series_panel panel = panel_of(MEASURE_PPT, points, 2);
    assert_true(panel.low <= 160 && panel.high >= 278 && panel.high - panel.low <= 300);
    /* every measure at both of its ends and at one value */
    for (size_t i = 0; measure_at(i); i++) {
        const struct measure_info *info = measure_at(i);
        struct measure_point ends[] = {
            {1, info->min, false}, {2, info->max, false}, {3, info->min, true}};
        for (size_t count = 0; count <= 3; count++) {
            panel = panel_of(info->measure, ends, count);
            assert_true(panel.low < panel.high && panel.tick_count >= 2);
            assert_true(panel.ticks[panel.tick_count - 1].value <= panel.high);
            assert_true(panel.title.len && panel.note.len);
            for (size_t k = 0; k < panel.count; k++) {
                assert_true(panel.points[k].value >= panel.low);
                assert_true(panel.points[k].value <= panel.high);
            }
            struct series_chart chart = {.panels = &panel, .panel_count = 1};
            measure_chart_words(&f, NULL, false, &chart);
            draw(chart);
        }
    }
}

static void test_sentences(void **state)
{
    (void)state;
    static const struct {
        enum measure measure;
        int32_t first, last;
        const char *sentence;
    } cases[] = {
        {MEASURE_PAIN, 700, 400,
            "From 7 to 4: beyond measurement error, and an important change for the better."},
        {MEASURE_PAIN, 400, 700,
            "From 4 to 7: beyond measurement error, and an important change for the worse."},
        {MEASURE_PAIN, 700, 500,
            "From 7 to 5: as much as people usually call important, but such a difference can also "
            "be measurement error."},
        {MEASURE_PAIN, 700, 600, "From 7 to 6: within measurement error."},
        {MEASURE_PAIN, 700, 700, "From 7 to 7: no change."},
        {MEASURE_ACTIVITIES, 300, 510,
            "From 3 to 5.1: beyond measurement error; not as much as people usually call "
            "important."},
        {MEASURE_PPT, 20000, 30000, "From 200 kPa to 300 kPa: beyond measurement error."},
        {MEASURE_SLEEP_HOURS, 600, 650,
            "From 6 h to 6.5 h: an important change; how large measurement error is here is not "
            "known."},
        {MEASURE_SLEEP_QUALITY, 600, 700,
            "From 6 to 7: how much of this is measurement error is not known."},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct measure_change change =
            measure_change(cases[i].measure, cases[i].first, cases[i].last, MEASURE_NONE);
        struct str text =
            measure_change_sentence(&f, cases[i].measure, cases[i].first, cases[i].last, &change);
        assert_string_equal(arena_cstr(&arena, text), cases[i].sentence);
    }
    struct measure_change unknown = {0};
    assert_int_equal(measure_change_sentence(&f, MEASURE_PAIN, 1, 1, &unknown).len, 0);
}

static void test_decimals(void **state)
{
    (void)state;
    struct format spain;
    struct format mexico;
    format_init(&spain, &arena, LANG_ES, STR("es-ES"));
    format_init(&mexico, &arena, LANG_ES, STR("es-MX"));
    static const struct {
        int64_t hundredths;
        int digits;
        const char *text;
    } cases[] = {{250, 1, "2.5"}, {-40, 1, "−0.4"}, {-4, 1, "0.0"}, {995, 1, "10.0"},
        {575, 2, "5.75"}, {705, 2, "7.05"}, {-250, 0, "−3"}, {0, 0, "0"}, {123456, 0, "1235"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct str text = format_decimal(&f, cases[i].hundredths, cases[i].digits);
        assert_string_equal(arena_cstr(&arena, text), cases[i].text);
    }
    assert_string_equal(arena_cstr(&arena, format_decimal(&spain, 250, 1)), "2,5");
    assert_string_equal(arena_cstr(&arena, format_decimal(&mexico, 250, 1)), "2.5");
}

static void test_sparkline(void **state)
{
    (void)state;
    static const struct series_point points[] = {
        {.t_days = 1, .value = 5}, {.t_days = 2, .value = NAN}, {.t_days = 20, .value = 99}};
    struct sb sb;
    sb_init(&sb, &arena, 4096);
    sparkline_write(&sb, points, 0, 0, 10, STR("Pain"));
    sparkline_write(&sb, points + 1, 1, 0, 10, STR("Pain"));
    assert_int_equal(sb.len, 0);
    sparkline_write(&sb, points, 3, 0, 10, STR("5 to 10 & <more>"));
    check_svg(sb_str(&sb));
    has(sb_str(&sb), "<title>5 to 10 &amp; &lt;more&gt;</title>");
    has(sb_str(&sb), "cy=\"4.0\""); /* beyond the axis: at its end */
}

static void test_table(void **state)
{
    (void)state;
    const struct str heads[] = {STR("When"), STR("Pain <b>")};
    const struct str cells[] = {STR("3 Mar"), STR("7"), STR("5 Mar"), STR("6 & more")};
    struct chart_table table = {STR("All \"numbers\""), {0}, heads, 2, cells, 2};
    struct sb sb;
    sb_init(&sb, &arena, 4096);
    chart_table_write(&sb, &table);
    has(sb_str(&sb), "<caption>All &quot;numbers&quot;</caption>");
    has(sb_str(&sb), "<th scope=\"col\">Pain &lt;b&gt;</th>");
    has(sb_str(&sb), "<tr><th scope=\"row\">5 Mar</th><td>6 &amp; more</td></tr>");
    assert_int_equal(count_of(sb_str(&sb), "details"), 0);
    table.summary = STR("Show");
    chart_table_write(&sb, &table);
    has(sb_str(&sb), "<summary>Show</summary>");
}

/* The style of a picture that stands alone is the site's, and may stand in XML. */
static void test_standalone(void **state)
{
    (void)state;
    struct series_panel panel = panel_of(MEASURE_STRESS, NULL, 0);
    struct series_chart chart = {.panels = &panel, .panel_count = 1, .standalone = true};
    struct str svg = draw(chart);
    has(svg, "xmlns=");
    has(svg, ".rc-important");
    has(svg, "--accent-strong: #b0e0d0"); /* the dark tokens */
    size_t from = 0;
    size_t to = 0;
    for (size_t i = 0; i < svg.len; i++) {
        if (str_starts(str_slice(svg, i, svg.len), STR("<style>"))) from = i + 7;
        if (str_starts(str_slice(svg, i, svg.len), STR("</style>"))) to = i;
    }
    struct str style = str_slice(svg, from, to);
    assert_true(style.len > 2000);
    assert_int_equal(str_find(style, '<'), style.len);
    assert_int_equal(str_find(style, '&'), style.len);
}

static void draw_relief(const struct relief_row *rows, size_t count)
{
    struct relief_fit fit;
    struct relief_bands bands;
    struct svg_tick ticks[CHART_TICKS];
    struct sb sb;
    assert_true(result_is_ok(relief_fit_rows(&arena, rows, count, NULL, &fit)));
    assert_true(result_is_ok(relief_smooth(&arena, &fit, RELIEF_FORECAST_DAYS, &bands)));
    struct relief_statements st = relief_state(&fit);
    struct relief_words words = relief_words_of(&f, RELIEF_TO_CLIENT, &fit, &st);
    rows = relief_sorted_rows(&fit, &count);
    struct relief_chart chart = {
        .rows = rows,
        .row_count = count,
        .says = relief_says(&f, NULL, rows, count),
        .bands = &bands,
        .ticks = ticks,
        .tick_count =
            count ? chart_ticks(&f, NULL, rows[0].t_days, rows[count - 1].t_days, ticks) : 0,
        .words = relief_chart_words_of(&f, NULL, RELIEF_TO_CLIENT, &fit, &words),
        .id = STR("r"),
        .width = 800,
        .height = 400,
        .legend = true,
    };
    sb_init(&sb, &arena, 16 << 20);
    relief_chart_write_both(&sb, &chart);
    relief_table_write(&sb, &f, NULL, rows, count);
    assert_true(sb_ok(&sb));
    has(sb_str(&sb), "class=\"rc rc-narrow\" viewBox=\"0 0 358 ");
    has(sb_str(&sb), "class=\"rc rc-wide\" viewBox=\"0 0 800 400\"");
    has(sb_str(&sb), "id=\"rn-t\"");
    check_svg(sb_str(&sb));
}

static void test_odd_relief(void **state)
{
    (void)state;
    struct relief_row *rows = ARENA_ARRAY(&arena, MOST, struct relief_row);
    draw_relief(NULL, 0);
    rows[0] = (struct relief_row){20000.5, 7, RELIEF_CHECK_IN, true};
    draw_relief(rows, 1);
    rows[0].kind = RELIEF_SESSION;
    draw_relief(rows, 1);
    for (size_t i = 0; i < 40; i++)
        rows[i] = (struct relief_row){20000.5, 5, (enum relief_kind)(i % 4), false};
    draw_relief(rows, 40); /* one instant */
    for (size_t i = 0; i < 40; i++)
        rows[i].t_days += (double)i;
    draw_relief(rows, 40); /* all equal */
    for (size_t i = 0; i < 40; i++)
        rows[i].t_days -= 800000; /* before there were names for years */
    draw_relief(rows, 40);
    struct relief_client client = relief_client_usual(3);
    client.days = 3000;
    client.check_in_share = 1;
    draw_relief(rows, relief_simulate(&client, rows, MOST, NULL)); /* thousands */
}

static void test_odd_series(void **state)
{
    (void)state;
    static const double odd[] = {0, -0.0, 1, 1e308, -1e308, NAN, INFINITY, -INFINITY, 1e-300, 10};
    struct relief_dice dice = {11};
    struct series_point *points = ARENA_ARRAY(&arena, MOST, struct series_point);
    double sessions[] = {NAN, 3, INFINITY};
    struct svg_value_tick value_tick = {5, STR("5")};
    struct svg_tick ticks[] = {{NAN, STR("never")}, {2, STR("2 Jan")}};
    for (int round = 0; round < 300; round++) {
        size_t count = round == 0 ? MOST : (size_t)(relief_uniform(&dice) * 12);
        for (size_t i = 0; i < count; i++) {
            points[i] = (struct series_point){
                .t_days = odd[(size_t)(relief_uniform(&dice) * COUNT_OF(odd))],
                .value = odd[(size_t)(relief_uniform(&dice) * COUNT_OF(odd))],
                .spontaneous = relief_uniform(&dice) < .5,
                .label = STR("5"),
            };
        }
        struct series_panel panel = {.title = STR("T"),
            .points = points,
            .count = count,
            .low = 0,
            .high = 10,
            .ticks = &value_tick,
            .tick_count = 1,
            .has_error = true,
            .error_low = odd[round % 10],
            .error_high = odd[round / 10 % 10],
            .has_important = true,
            .important = odd[round % 10]};
        draw((struct series_chart){.panels = &panel,
            .panel_count = 1,
            .sessions = sessions,
            .session_count = 3,
            .ticks = ticks,
            .tick_count = 2,
            .width = 320});
        struct sb sb;
        sb_init(&sb, &arena, 1 << 20);
        sparkline_write(&sb, points, count, 0, 10, STR("x"));
        check_svg(sb_str(&sb));
        arena_reset(&arena);
        points = ARENA_ARRAY(&arena, MOST, struct series_point);
    }
    draw((struct series_chart){.width = 1600});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_series, setup),
        cmocka_unit_test_setup(test_axes, setup),
        cmocka_unit_test_setup(test_sentences, setup),
        cmocka_unit_test_setup(test_decimals, setup),
        cmocka_unit_test_setup(test_sparkline, setup),
        cmocka_unit_test_setup(test_table, setup),
        cmocka_unit_test_setup(test_standalone, setup),
        cmocka_unit_test_setup(test_odd_relief, setup),
        cmocka_unit_test_setup(test_odd_series, setup),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}

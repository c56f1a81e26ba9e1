/* What is said of the two reference histories, in both languages and to both readers, word for
 * word; and every statement that they do not lead to. */
#include "relief_reference.h"
#include "relief_words_expected.h"
#include "web/charts/chart_dates.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/banned.h"

static struct arena arena;
static struct format formats[LANG_COUNT];

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    format_init(&formats[LANG_EN], &arena, LANG_EN, STR("en-US"));
    format_init(&formats[LANG_ES], &arena, LANG_ES, STR("es-ES"));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct relief_fit fit_of(const struct relief_row *rows, size_t count)
{
    struct relief_fit fit;
    assert_true(result_is_ok(relief_fit_rows(&arena, rows, count, NULL, &fit)));
    return fit;
}

static void is(struct str text, const char *wanted)
{
    assert_string_equal(arena_cstr(&arena, text), wanted);
}

static void test_references(void **state)
{
    (void)state;
    struct relief_fit fits[] = {fit_of(ref1, COUNT_OF(ref1)), fit_of(ref2, COUNT_OF(ref2))};
    size_t said = 0;
    for (int history = 1; history <= 2; history++) {
        struct relief_statements st = relief_state(&fits[history - 1]);
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            said +=
                relief_words_of(&formats[lang], RELIEF_TO_CLIENT, &fits[history - 1], &st).count;
            said +=
                relief_words_of(&formats[lang], RELIEF_TO_THERAPIST, &fits[history - 1], &st).count;
        }
    }
    assert_int_equal(said, COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        const struct relief_fit *fit = &fits[expected[i].history - 1];
        struct relief_statements st = relief_state(fit);
        struct relief_words words =
            relief_words_of(&formats[expected[i].lang], expected[i].voice, fit, &st);
        const struct relief_word *word = relief_words_find(&words, expected[i].kind);
        assert_non_null(word);
        assert_int_equal(word->tone, expected[i].tone);
        is(word->figure, expected[i].figure);
        is(word->sentence, expected[i].sentence);
        is(word->detail, expected[i].detail);
        assert_true(word->title.len > 0);
    }
}

/* One word of a history whose statements were changed. */
static struct relief_word word_of(enum lang lang, enum relief_voice voice,
    const struct relief_fit *fit, const struct relief_statements *st, enum relief_word_kind kind)
{
    struct relief_words words = relief_words_of(&formats[lang], voice, fit, st);
    const struct relief_word *word = relief_words_find(&words, kind);
    assert_non_null(word);
    return *word;
}

static void test_carry_over(void **state)
{
    (void)state;
    struct relief_fit fit = fit_of(ref1, COUNT_OF(ref1));
    struct relief_statements st = relief_state(&fit);
    st.carry_over = RELIEF_CARRY_CLEARLY;
    is(word_of(LANG_EN, RELIEF_TO_CLIENT, &fit, &st, RELIEF_WORD_CARRY_OVER).sentence,
        "After a session your pain clearly stays lower beyond that day: by about 1.1 points, on "
        "average over three days.");
    st.carry_over = RELIEF_CARRY_UNCLEAR;
    struct relief_word word = word_of(LANG_EN, RELIEF_TO_CLIENT, &fit, &st, RELIEF_WORD_CARRY_OVER);
    is(word.sentence, "Relief beyond the day of a session is not yet distinguishable from your "
                      "usual ups and downs.");
    is(word.figure, "not clear yet");
    st.half_life_rough = false;
    is(word_of(LANG_EN, RELIEF_TO_THERAPIST, &fit, &st, RELIEF_WORD_HALF_LIFE).sentence,
        "Half of the relief is gone after 1.0 to 9.5 days (90% range).");
    /* a narrow range keeps its tenths, to stay a range */
    fit.half_life.q05 = 2.6;
    fit.half_life.q95 = 3.4;
    is(word_of(LANG_ES, RELIEF_TO_CLIENT, &fit, &st, RELIEF_WORD_HALF_LIFE).figure, "2,6–3,4 días");
}

static void test_missing(void **state)
{
    (void)state;
    struct relief_fit fit = fit_of(ref1, 8); /* up to the first session */
    struct relief_statements st = relief_state(&fit);
    is(word_of(LANG_EN, RELIEF_TO_CLIENT, &fit, &st, RELIEF_WORD_CARRY_OVER).detail,
        "Still missing: 4 more weeks of ratings; 4 more sessions, each with a check-in within "
        "three "
        "days after it; 7 more check-ins.");
    st.carry_over_missing = (struct relief_missing){.weeks = .3, .check_ins = 1};
    is(word_of(LANG_EN, RELIEF_TO_CLIENT, &fit, &st, RELIEF_WORD_CARRY_OVER).detail,
        "Still missing: 1 more week of ratings; 1 more check-in.");
    is(word_of(LANG_ES, RELIEF_TO_CLIENT, &fit, &st, RELIEF_WORD_CARRY_OVER).detail,
        "Todavía faltan: 1 semana más de valoraciones; 1 registro más.");
    /* what lies behind cannot be made up for; before the first session it can */
    fit = fit_of(ref1, 2);
    st = relief_state(&fit);
    is(word_of(LANG_EN, RELIEF_TO_CLIENT, &fit, &st, RELIEF_WORD_RESPONDER).detail,
        "Still missing: 1 more check-in before the first session.");
    fit = fit_of(ref1 + 3, COUNT_OF(ref1) - 3);
    st = relief_state(&fit);
    is(word_of(LANG_EN, RELIEF_TO_CLIENT, &fit, &st, RELIEF_WORD_RESPONDER).detail,
        "Still missing: 1 check-in before the first session, which cannot be made up for.");
    st.responder_missing = (struct relief_missing){.start_level_low = true};
    is(word_of(LANG_EN, RELIEF_TO_CLIENT, &fit, &st, RELIEF_WORD_RESPONDER).detail,
        "Pain at the start was below 3 of 10, where percentages say little.");
    fit = fit_of(NULL, 0);
    st = relief_state(&fit);
    struct relief_words words = relief_words_of(&formats[LANG_EN], RELIEF_TO_CLIENT, &fit, &st);
    is(relief_chart_words_of(&formats[LANG_EN], NULL, RELIEF_TO_CLIENT, &fit, &words).description,
        "There are no ratings yet.");
}

static void test_interval(void **state)
{
    (void)state;
    struct relief_fit fit = fit_of(ref1, COUNT_OF(ref1));
    struct relief_statements st = relief_state(&fit);
    st.interval = RELIEF_INTERVAL_UP_TO;
    st.interval_to_days = 1.9;
    struct relief_word word = word_of(LANG_EN, RELIEF_TO_CLIENT, &fit, &st, RELIEF_WORD_INTERVAL);
    is(word.figure, "up to 1 day");
    is(word.sentence, "To keep at least 0.5 points of relief until the next session, it would be "
                      "due within 1 day; how much sooner is uncertain.");
    st.interval = RELIEF_INTERVAL_AT_LEAST;
    st.interval_from_days = 10.5;
    st.interval_capped = true;
    fit.trough_points = 1;
    word = word_of(LANG_EN, RELIEF_TO_THERAPIST, &fit, &st, RELIEF_WORD_INTERVAL);
    is(word.figure, "10 days or more");
    is(word.sentence, "To keep at least 1 points of relief until the next session, 10 days between "
                      "sessions are likely short enough.");
    is(word.detail,
        "The longest time between sessions so far was 7 days; longer ones cannot be judged yet.");
    st.interval = RELIEF_INTERVAL_TOO_WEAK;
    st.interval_capped = false;
    fit.trough_points = .5;
    word = word_of(LANG_ES, RELIEF_TO_THERAPIST, &fit, &st, RELIEF_WORD_INTERVAL);
    is(word.sentence, "No es probable que ningún tiempo entre sesiones conserve 0,5 puntos de "
                      "alivio hasta la siguiente.");
    assert_int_equal(word.figure.len + word.detail.len, 0);
    /* never a single date */
    st.interval = RELIEF_INTERVAL_RANGE;
    st.interval_from_days = 3.2;
    st.interval_to_days = 3.3;
    is(word_of(LANG_EN, RELIEF_TO_THERAPIST, &fit, &st, RELIEF_WORD_INTERVAL).figure, "3–4 days");
}

static void test_level(void **state)
{
    (void)state;
    static const enum relief_level levels[] = {RELIEF_LEVEL_LOWER, RELIEF_LEVEL_HIGHER};
    static const char *const causes[LANG_COUNT] = {
        "What caused it cannot be told from this.", "De aquí no se puede saber la causa."};
    struct relief_fit fit = fit_of(ref1, COUNT_OF(ref1));
    struct relief_statements st = relief_state(&fit);
    for (int i = 0; i < 2; i++) {
        st.level = levels[i];
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            for (int voice = 0; voice < 2; voice++) {
                struct relief_word word = word_of(
                    (enum lang)lang, (enum relief_voice)voice, &fit, &st, RELIEF_WORD_LEVEL);
                assert_true(str_ends(word.sentence, str_from_cstr(causes[lang])));
                assert_int_equal(word.tone, i ? RELIEF_TONE_CARE : RELIEF_TONE_GOOD);
            }
        }
    }
    st.level = RELIEF_LEVEL_LOWER;
    struct relief_word word = word_of(LANG_EN, RELIEF_TO_CLIENT, &fit, &st, RELIEF_WORD_LEVEL);
    is(word.sentence, "Your level of pain is lower than at the start, by about 1.0 points. What "
                      "caused it cannot be told from this.");
    is(word.detail, "The likely range (90%) is −0.6 to 2.5 points.");
    st.level = RELIEF_LEVEL_UNCLEAR;
    is(word_of(LANG_EN, RELIEF_TO_THERAPIST, &fit, &st, RELIEF_WORD_LEVEL).sentence,
        "A change in the level of pain is not yet distinguishable from the usual ups and downs: "
        "−1.0 points (90% range −2.5 to 0.6).");
    /* soreness after sessions is said as it is */
    fit.drop = (struct relief_spread){-1, .2, -1.4, -1, -.6};
    is(word_of(LANG_EN, RELIEF_TO_THERAPIST, &fit, &st, RELIEF_WORD_DROP).sentence,
        "Right after a session pain is higher than just before it, by about 1.0 points (90% range "
        "0.6 to 1.4).");
    st.floor_warning = true;
    fit.counts.ratings_at_ends = 9;
    is(word_of(LANG_EN, RELIEF_TO_CLIENT, &fit, &st, RELIEF_WORD_FLOOR).sentence,
        "9 of your 34 ratings are 0 or 10, where the scale ends: a change beyond cannot be seen.");
}

/* Nothing is certain, and numbers that are none become words that are. */
static void test_extremes(void **state)
{
    (void)state;
    struct relief_fit fit = fit_of(ref1, COUNT_OF(ref1));
    struct relief_statements st = relief_state(&fit);
    fit.p_reduced_30 = 1;
    is(word_of(LANG_EN, RELIEF_TO_CLIENT, &fit, &st, RELIEF_WORD_RESPONDER).figure,
        "more than 99%");
    fit.p_reduced_30 = 0;
    is(word_of(LANG_ES, RELIEF_TO_CLIENT, &fit, &st, RELIEF_WORD_RESPONDER).figure,
        "menos del 1 %");
}

static void test_chart_words(void **state)
{
    (void)state;
    struct relief_fit fit = fit_of(ref1, COUNT_OF(ref1));
    struct relief_statements st = relief_state(&fit);
    const struct format *f = &formats[LANG_EN];
    struct relief_words words = relief_words_of(f, RELIEF_TO_CLIENT, &fit, &st);
    struct relief_chart_words chart =
        relief_chart_words_of(f, NULL, RELIEF_TO_CLIENT, &fit, &words);
    is(chart.title, "Your pain and relief over time");
    is(chart.description,
        "Pain from 0 to 10, from Jan 1 to Feb 10: 34 ratings, 5 sessions. After a session your "
        "pain likely stays lower beyond that day: by about 1.1 points, on average over three "
        "days.");
    assert_int_equal(chart.legend[RELIEF_CHART_SPONTANEOUS].len, 0);
    is(chart.legend[RELIEF_CHART_AFTER], "after a session");
    const struct str *says = relief_says(f, NULL, ref1, COUNT_OF(ref1));
    is(says[0], "Thu, Jan 1, 8:24 PM: 7, check-in");
    is(says[6], "Thu, Jan 8, 1:26 PM: session");
    struct sb sb;
    sb_init(&sb, &arena, 64 << 10);
    relief_table_write(&sb, f, NULL, ref1, COUNT_OF(ref1));
    assert_true(sb_ok(&sb));
    assert_true(str_contains(sb_str(&sb), STR("<caption>All ratings and sessions</caption>")));
    assert_true(str_contains(sb_str(&sb), STR("<tbody><tr><th scope=\"row\">Tue, Feb 10, 8:24")));
}

static void test_ticks(void **state)
{
    (void)state;
    const struct tz *zone;
    struct svg_tick ticks[CHART_TICKS];
    assert_true(result_is_ok(tz_find(STR("America/New_York"), &zone)));
    date_day start;
    assert_true(date_parse(STR("2026-03-02"), &start));
    /* weeks begin on Sunday here; the clocks change on 8 March */
    size_t count = chart_ticks(&formats[LANG_EN], zone, start, start + 41, ticks);
    assert_int_equal(count, 5);
    is(ticks[0].label, "Mar 8");
    assert_true(
        ticks[0].t_days == start + 6 + 5 / 24.0 && ticks[1].t_days == start + 13 + 4 / 24.0);
    count = chart_ticks(&formats[LANG_ES], NULL, start, start + 6, ticks);
    assert_int_equal(count, 7);
    is(ticks[6].label, "8 mar");
    count = chart_ticks(&formats[LANG_EN], NULL, start, start + 500, ticks);
    assert_true(count >= 4 && count <= CHART_TICKS);
    is(ticks[0].label, "Apr 2026");
    /* whatever the span, there are labels, and not too many */
    for (double span = .01; span < 4e6; span *= 3) {
        count = chart_ticks(&formats[LANG_EN], zone, start - span, start + 1, ticks);
        assert_true(count >= 1 && count <= CHART_TICKS);
        for (size_t i = 1; i < count; i++)
            assert_true(ticks[i].t_days > ticks[i - 1].t_days);
    }
    struct str from;
    struct str to;
    chart_span(&formats[LANG_EN], NULL, start, start + 400, &from, &to);
    is(from, "Mar 2, 2026");
    is(to, "Apr 6, 2027");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_carry_over),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_interval),
        cmocka_unit_test(test_level),
        cmocka_unit_test(test_extremes),
        cmocka_unit_test(test_chart_words),
        cmocka_unit_test(test_ticks),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

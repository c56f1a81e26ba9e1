/* Rows from anywhere: refused, or a fit whose every number is a number. */
#include "base/check.h"
#include "cli/fit.h"
#include "relief/relief.h"
#include "web/charts/chart_dates.h"
#include "web/charts/relief_words.h"

#include <math.h>

#include "base/banned.h"

enum { MOST_ROWS = 160, BYTES_PER_ROW = 6 };

static double take_time(const uint8_t *bytes, double t)
{
    static const double special[] = {0, 0, .06, .35, 1, 7, 1e-9, 400, 36525, 1e8, -1e308, NAN};
    unsigned choice = bytes[0];
    if (choice < 200) return t + choice / 100.0;
    if (choice < 212) return t + special[choice - 200];
    return t - (choice - 212) / 3.0;
}

static void check_fit(const struct relief_fit *fit)
{
    const struct relief_spread *spreads[] = {&fit->carry, &fit->r3, &fit->drop, &fit->level_change,
        &fit->level_now, &fit->pain_now, &fit->typical, &fit->half_life};
    for (size_t i = 0; i < COUNT_OF(spreads); i++) {
        const struct relief_spread *s = spreads[i];
        CHECK(isfinite(s->mean) && isfinite(s->sd) && isfinite(s->q05) && isfinite(s->q95));
        CHECK(s->q05 <= s->q50 + 1e-6 && s->q50 <= s->q95 + 1e-6);
    }
    CHECK(isfinite(fit->log_evidence) && isfinite(fit->noise_variance));
    CHECK(fit->p_r3_05 <= fit->p_r3_03 + 1e-9 && fit->p_r3_03 <= fit->p_r3_positive + 1e-9);
    CHECK(fit->p_reduced_50 >= -1e-9 && fit->p_reduced_15 <= 1 + 1e-9);
    CHECK(fit->d80_days <= fit->d50_days + 1e-6);
    CHECK(!fit->nap.is_known || (fit->nap.value >= 0 && fit->nap.value <= 1));
}

static void check_words(struct arena *arena, const struct relief_fit *fit)
{
    struct relief_statements st = relief_state(fit);
    struct fit_words words = fit_words_of(arena, fit, &st);
    struct sb sb;
    sb_init(&sb, arena, FIT_TEXT_BYTES);
    fit_json_write(&sb, fit, &st, &words);
    CHECK(sb_ok(&sb));
    CHECK(words.carry_over.len && words.level.len);
    bool likely = st.carry_over == RELIEF_CARRY_CLEARLY || st.carry_over == RELIEF_CARRY_LIKELY;
    CHECK(likely == (st.interval != RELIEF_INTERVAL_NONE) && likely == (words.half_life.len > 0));
}

static void check_chart(struct arena *arena, const struct relief_fit *fit, int days)
{
    struct relief_bands bands;
    struct svg_tick ticks[CHART_TICKS];
    struct format format;
    struct sb sb;
    CHECK(result_is_ok(relief_smooth(arena, fit, days, &bands)));
    for (size_t i = 0; i < bands.point_count; i++) {
        const struct relief_point *p = &bands.points[i];
        CHECK(isfinite(p->level) && p->low <= p->level + 1e-9 && p->level <= p->high + 1e-9);
    }
    enum lang lang = days % 2 ? LANG_ES : LANG_EN;
    enum relief_voice voice = days % 3 ? RELIEF_TO_CLIENT : RELIEF_TO_THERAPIST;
    format_init(&format, arena, lang, days % 5 ? STR("es-ES") : STR("en-US"));
    struct relief_statements st = relief_state(fit);
    struct relief_words words = relief_words_of(&format, voice, fit, &st);
    for (size_t i = 0; i < words.count; i++)
        CHECK(words.items[i].sentence.len && words.items[i].title.len);
    struct relief_chart chart = {.bands = &bands, .id = STR("x"), .width = 390, .height = 420};
    chart.words = relief_chart_words_of(&format, NULL, voice, fit, &words);
    chart.rows = relief_sorted_rows(fit, &chart.row_count);
    chart.says = relief_says(&format, NULL, chart.rows, chart.row_count);
    chart.ticks = ticks;
    if (chart.row_count) {
        chart.tick_count = chart_ticks(
            &format, NULL, chart.rows[0].t_days, chart.rows[chart.row_count - 1].t_days, ticks);
    }
    chart.legend = true;
    sb_init(&sb, arena, RELIEF_CHART_BYTES);
    relief_chart_write(&sb, &chart);
    CHECK(sb_ok(&sb));
    CHECK(!str_contains(sb_str(&sb), STR("nan")) && !str_contains(sb_str(&sb), STR("inf")));
    relief_table_write(&sb, &format, NULL, chart.rows, chart.row_count);
    CHECK(sb_ok(&sb));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena arena;
    struct relief_row rows[MOST_ROWS];
    struct relief_fit fit;
    size_t count = 0;
    double t = 19000;
    for (; size >= BYTES_PER_ROW && count < MOST_ROWS; size -= BYTES_PER_ROW, count++) {
        t = take_time(data, t);
        double y = data[1] <= 100 ? data[1] / 10.0 : data[1] <= 250 ? data[1] % 11 : data[1];
        enum relief_kind kind = data[2] < 250 ? data[2] % 4 : data[2];
        rows[count] = (struct relief_row){t, y, kind, data[3] & 1};
        if (data[3] > 250) rows[count].t_days += data[4] / 3.0;
        data += BYTES_PER_ROW;
    }
    if (result_is_ok(relief_fit_rows(&arena, rows, count, NULL, &fit))) {
        check_fit(&fit);
        check_words(&arena, &fit);
        if (count % 4 == 0) check_chart(&arena, &fit, (int)(count % 15));
    }
    arena_reset(&arena);
    return 0;
}

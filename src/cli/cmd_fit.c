/* balm fit FILE.csv: what a history of ratings says about relief, for one person, from one file. */
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/fit.h"
#include "web/charts/chart_dates.h"
#include "web/charts/relief_words.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "base/banned.h"

enum { CHART_WIDTH = 760, CHART_HEIGHT = 400 };

static void print_line(struct str sentence)
{
    if (sentence.len) printf("%.*s\n", STR_ARG(sentence));
}

static void print_spread(const char *name, const struct relief_spread *s)
{
    printf("  %-36s %8.3f %8.3f %8.3f %8.3f %8.3f\n", name, s->mean, s->sd, s->q05, s->q50, s->q95);
}

static void print_probabilities(const struct relief_fit *fit)
{
    printf("\n  %-36s %8.3f %8.3f %8.3f\n", "P(relief over 3 days >= 0, .3, .5)",
        fit->p_r3_positive, fit->p_r3_03, fit->p_r3_05);
    printf("  %-36s %8.3f\n", "P(change in the room >= 2)", fit->p_drop_2);
    printf("  %-36s %8.3f %8.3f\n", "P(level lower), by 1 or more", fit->p_level_lower,
        fit->p_level_lower_1);
    printf("  %-36s %8.3f %8.3f %8.3f\n", "P(typical pain 15, 30, 50 % lower)", fit->p_reduced_15,
        fit->p_reduced_30, fit->p_reduced_50);
    printf("  %-36s %8.3f\n", "P(typical pain 2 points lower)", fit->p_reduced_2_points);
    printf(
        "  %-36s %8.3f %8.3f\n", "days between sessions: d80, d50", fit->d80_days, fit->d50_days);
    printf("  %-36s %8.3f\n", "P(a session resets, not adds)", fit->p_reset);
    printf("  %-36s %8.3f %8.3f %8.3f\n", "P(rho .25, .55, .80)", fit->p_rho[0], fit->p_rho[1],
        fit->p_rho[2]);
    printf(
        "  %-36s %8.3f %8.3f %8.3f\n", "P(f .45, .70, .90)", fit->p_f[0], fit->p_f[1], fit->p_f[2]);
    printf("  %-36s %8.3f %8.3f %8.3f\n", "P(lambda .05, .18, .45)", fit->p_lambda[0],
        fit->p_lambda[1], fit->p_lambda[2]);
    printf("  %-36s %8.3f\n", "noise variance", fit->noise_variance);
    printf("  %-36s %8.3f\n", "log evidence", fit->log_evidence);
    if (fit->nap.is_known) {
        printf("  %-36s %8.3f   90 %% %.3f to %.3f (%zu, %zu)\n", "non-overlap of all pairs",
            fit->nap.value, fit->nap.low, fit->nap.high, fit->nap.before, fit->nap.recent);
    }
}

static void print_text(const struct relief_fit *fit, const struct fit_words *words)
{
    const struct relief_counts *c = &fit->counts;
    printf("%zu ratings (%zu check-ins, %zu before, %zu after), %zu sessions, %.1f weeks.\n\n",
        c->ratings, c->check_ins, c->befores, c->afters, c->sessions,
        (c->last_rating_days - c->first_rating_days) / 7);
    print_line(words->carry_over);
    print_line(words->half_life);
    print_line(words->interval);
    print_line(words->level);
    print_line(words->responder);
    print_line(words->drop);
    print_line(words->floor);
    printf(
        "\n  %-36s %8s %8s %8s %8s %8s\n", "points, 0 to 10", "mean", "sd", "5 %", "50 %", "95 %");
    print_spread("relief over 3 days after a session", &fit->r3);
    print_spread("carry-over right after (shrunk)", &fit->carry);
    print_spread("change in the room", &fit->drop);
    print_spread("change of the level", &fit->level_change);
    print_spread("level now", &fit->level_now);
    print_spread("pain now", &fit->pain_now);
    print_spread("typical pain, last 28 days", &fit->typical);
    printf("  %-36s %8s %8s %8.3f %8.3f %8.3f\n", "half-life, days", "", "", fit->half_life.q05,
        fit->half_life.q50, fit->half_life.q95);
    print_probabilities(fit);
}

/* Dates where there are some; otherwise days, whole weeks apart. */
static size_t lay_ticks(const struct format *f, bool has_dates, double from, double to,
    struct svg_tick ticks[CHART_TICKS])
{
    if (has_dates) return chart_ticks(f, NULL, from, to, ticks);
    double step = 7;
    while ((to - from) / step > CHART_TICKS - 1)
        step *= 2;
    size_t count = 0;
    for (double t = ceil(from); t <= to && count < CHART_TICKS; t += step)
        ticks[count++] = (struct svg_tick){t, arena_printf(f->arena, "day %.0f", t)};
    return count;
}

static struct result write_svg(struct arena *arena, const struct relief_fit *fit, bool has_dates,
    struct str sentence, struct str path)
{
    struct relief_bands bands;
    struct svg_tick ticks[CHART_TICKS];
    struct format format;
    struct sb sb;
    size_t count;
    const struct relief_row *rows = relief_sorted_rows(fit, &count);
    format_init(&format, arena, LANG_EN, STR("en"));
    TRY(relief_smooth(arena, fit, RELIEF_FORECAST_DAYS, &bands));
    double from = count ? rows[0].t_days : 0;
    double to = fmax(count ? rows[count - 1].t_days : 0,
        bands.point_count ? bands.points[bands.point_count - 1].t_days : 0);
    struct relief_chart chart = {
        .rows = rows,
        .row_count = count,
        .bands = &bands,
        .ticks = ticks,
        .tick_count = lay_ticks(&format, has_dates, from, to, ticks),
        .words = relief_chart_words_of(
            &format, NULL, RELIEF_TO_THERAPIST, fit, &(struct relief_words){0}),
        .id = STR("relief"),
        .width = CHART_WIDTH,
        .height = CHART_HEIGHT,
        .legend = true,
        .standalone = true,
    };
    chart.words.description = sentence;
    sb_init(&sb, arena, RELIEF_CHART_BYTES * 8);
    relief_chart_write(&sb, &chart);
    if (!sb_ok(&sb)) return result_fail(ERR_LIMIT, "too-large", "the chart has too many marks");
    const char *name = arena_cstr(arena, path);
    FILE *file = fopen(name, "wb");
    bool written = file && fwrite(sb.ptr, 1, sb.len, file) == sb.len;
    if (file && fclose(file) != 0) written = false;
    if (!written) {
        return result_fail(
            ERR_IO, "cannot-write", arena_printf(arena, "%s: %s", name, strerror(errno)).ptr);
    }
    return RESULT_OK;
}

static struct result fit(struct arena *arena, struct str path, bool json, struct str svg)
{
    struct str text;
    struct relief_csv csv;
    struct relief_fit numbers;
    TRY(file_read(arena, path, LIMIT_RELIEF_CSV_BYTES, &text));
    TRY(relief_read_csv(arena, text, &csv));
    TRY(relief_fit_rows(arena, csv.rows, csv.count, NULL, &numbers));
    struct relief_statements statements = relief_state(&numbers);
    struct fit_words words = fit_words_of(arena, &numbers, &statements);
    if (svg.len) TRY(write_svg(arena, &numbers, csv.has_dates, words.carry_over, svg));
    if (json) {
        struct sb sb;
        sb_init(&sb, arena, FIT_TEXT_BYTES);
        fit_json_write(&sb, &numbers, &statements, &words);
        printf("%.*s\n", STR_ARG(sb_str(&sb)));
    } else {
        print_text(&numbers, &words);
    }
    return RESULT_OK;
}

int cmd_fit(struct cli_args *args)
{
    bool json = cli_flag(args, "--json");
    struct str svg = cli_option(args, "--svg");
    struct str path = cli_next(args);
    if (!path.len) return cli_usage("fit");
    if (!cli_done(args)) return EXIT_USAGE;
    struct arena arena = {0};
    struct result result = fit(&arena, path, json, svg);
    int code = result_is_ok(result) ? EXIT_DONE : cli_fail("fit", result);
    arena_release(&arena);
    return code;
}

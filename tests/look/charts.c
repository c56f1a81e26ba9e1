/* Charts of simulated clients on pages without a server, to be looked at (shots.mjs):
 *   look_charts DIR [en|es]
 * Times are counted from 5 January 2026. */
#include "base/check.h"
#include "relief/simulate.h"
#include "web/charts/chart_dates.h"
#include "web/charts/measure_words.h"
#include "web/charts/relief_words.h"
#include "web/static/assets.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/banned.h"

enum { FIRST_DAY = 20458, ROWS = 2000, WIDE = 680, HEIGHT = 440 };

static struct arena arena;
static const char *out_dir;
static struct format f;
static const struct tz *zone;

static void save(const char *name, struct str text)
{
    const char *path = arena_printf(&arena, "%s/%s", out_dir, name).ptr;
    FILE *file = fopen(path, "wb");
    bool good = file && fwrite(text.ptr, 1, text.len, file) == text.len;
    if (file && fclose(file) != 0) good = false;
    if (!good) {
        fprintf(stderr, "charts: %s: %s\n", path, strerror(errno));
        exit(1);
    }
}

static void begin_page(struct sb *sb, const char *title)
{
    sb_init(sb, &arena, 8 << 20);
    sb_addf(sb,
        "<!doctype html><html lang=\"%.*s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\"><title>%s</title>"
        "<link rel=\"stylesheet\" href=\"%.*s\"><script type=\"module\" src=\"%.*s\"></script>"
        "</head><body><main class=\"page narrow\"><h1>%s</h1>",
        STR_ARG(tmpl_lang_code(f.lang)), title, STR_ARG(asset_url(STR("look.css")).s),
        STR_ARG(asset_url(STR("charts.js")).s), title);
}

static void end_page(struct sb *sb, const char *name)
{
    SB_LIT(sb, "</main></body></html>");
    CHECK(sb_ok(sb));
    save(name, sb_str(sb));
}

static void add_words(struct sb *sb, const struct relief_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        const struct relief_word *word = &words->items[i];
        SB_LIT(sb, "<div class=\"card\"><h2>");
        html_add_escaped(sb, word->title);
        SB_LIT(sb, "</h2><p><b>");
        html_add_escaped(sb, word->figure);
        SB_LIT(sb, "</b></p><p>");
        html_add_escaped(sb, word->sentence);
        SB_LIT(sb, "</p><p class=\"muted\">");
        html_add_escaped(sb, word->detail);
        SB_LIT(sb, "</p></div>");
    }
}

/* Everything that is said and drawn of one history. */
static void add_relief(struct sb *sb, const char *id, const struct relief_row *rows, size_t count,
    enum relief_voice voice)
{
    struct relief_fit fit;
    struct relief_bands bands;
    struct svg_tick ticks[CHART_TICKS];
    CHECK(result_is_ok(relief_fit_rows(&arena, rows, count, NULL, &fit)));
    CHECK(result_is_ok(relief_smooth(&arena, &fit, RELIEF_FORECAST_DAYS, &bands)));
    struct relief_statements st = relief_state(&fit);
    struct relief_words words = relief_words_of(&f, voice, &fit, &st);
    rows = relief_sorted_rows(&fit, &count);
    double from = count ? rows[0].t_days : 0;
    double to = bands.point_count ? bands.points[bands.point_count - 1].t_days : from;
    struct relief_chart chart = {
        .rows = rows,
        .row_count = count,
        .says = relief_says(&f, zone, rows, count),
        .bands = &bands,
        .ticks = ticks,
        .tick_count = chart_ticks(&f, zone, from, to, ticks),
        .words = relief_chart_words_of(&f, zone, voice, &fit, &words),
        .id = str_from_cstr(id),
        .width = WIDE,
        .height = HEIGHT,
        .legend = true,
    };
    SB_LIT(sb, "<figure class=\"card\">");
    relief_chart_write_both(sb, &chart);
    SB_LIT(sb, "<figcaption>");
    html_add_escaped(sb, chart.words.description);
    SB_LIT(sb, "</figcaption>");
    relief_table_write(sb, &f, zone, rows, count);
    SB_LIT(sb, "</figure>");
    add_words(sb, &words);
    chart.standalone = true;
    struct sb alone;
    sb_init(&alone, &arena, RELIEF_CHART_BYTES * 8);
    relief_chart_write(&alone, &chart);
    CHECK(sb_ok(&alone));
    save(arena_printf(&arena, "%s.svg", id).ptr, sb_str(&alone));
}

static size_t simulate(struct relief_client client, struct relief_row rows[ROWS])
{
    size_t count = relief_simulate(&client, rows, ROWS, NULL);
    for (size_t i = 0; i < count; i++)
        rows[i].t_days += FIRST_DAY;
    return count;
}

static struct relief_client helped(void)
{
    struct relief_client client = relief_client_usual(4);
    client.carry = 1.8;
    client.tau = 4;
    client.slope = -.012;
    client.check_in_share = .6;
    return client;
}

/* A measure that wanders, with a hole of three weeks. */
static size_t wander(enum measure measure, double from, double to, double noise, int32_t step,
    struct measure_point points[ROWS])
{
    const struct measure_info *info = measure_info(measure);
    struct relief_dice dice = {(uint64_t)measure * 77 + 5};
    size_t count = 0;
    for (int day = 0; day < 84; day += 3) {
        if (day > 40 && day < 60 && measure == MEASURE_STRESS) continue;
        double value = from + (to - from) * day / 84 + noise * relief_normal(&dice);
        int32_t rounded = (int32_t)(llround(value * 100 / step) * step);
        if (rounded < info->min) rounded = info->min;
        if (rounded > info->max) rounded = info->max;
        points[count++] =
            (struct measure_point){FIRST_DAY + day + .85, rounded, relief_uniform(&dice) < .15};
    }
    return count;
}

static void add_series(struct sb *sb)
{
    static const struct {
        enum measure measure;
        double from, to, noise;
        int32_t step;
    } tracks[] = {{MEASURE_TENSION, 7, 4, 1, 100}, {MEASURE_SLEEP_HOURS, 5.5, 6.5, .6, 25},
        {MEASURE_STRESS, 6, 5, 1.2, 100}, {MEASURE_ACTIVITIES, 3, 6, .5, 10},
        {MEASURE_PPT, 180, 260, 25, 100}, {MEASURE_RMSSD, 24, 30, 5, 100}};
    struct series_panel panels[COUNT_OF(tracks)];
    double sessions[8];
    struct svg_tick ticks[CHART_TICKS];
    for (size_t i = 0; i < COUNT_OF(tracks); i++) {
        struct measure_point *points = ARENA_ARRAY(&arena, ROWS, struct measure_point);
        size_t count = wander(tracks[i].measure, tracks[i].from, tracks[i].to, tracks[i].noise,
            tracks[i].step, points);
        panels[i] = measure_panel(&f, zone, tracks[i].measure, (struct str){0}, points, count,
            MEASURE_NONE, MEASURE_NONE, MEASURE_NONE);
        struct measure_change change = measure_change(
            tracks[i].measure, points[0].value, points[count - 1].value, MEASURE_NONE);
        SB_LIT(sb, "<p>");
        html_add_escaped(sb, panels[i].title);
        SB_LIT(sb, " ");
        sparkline_write(
            sb, panels[i].points, panels[i].count, panels[i].low, panels[i].high, panels[i].title);
        SB_LIT(sb, " ");
        html_add_escaped(sb, measure_change_sentence(&f, tracks[i].measure, points[0].value,
                                 points[count - 1].value, &change));
        SB_LIT(sb, "</p>");
        if (i == 0)
            measure_table_write(sb, &f, zone, tracks[i].measure, panels[i].title, points, count);
    }
    for (size_t i = 0; i < COUNT_OF(sessions); i++)
        sessions[i] = FIRST_DAY + 12.5 + (double)i * 8.3;
    struct series_chart chart = {
        .panels = panels,
        .panel_count = COUNT_OF(panels),
        .sessions = sessions,
        .session_count = COUNT_OF(sessions),
        .ticks = ticks,
        .tick_count = chart_ticks(&f, zone, FIRST_DAY, FIRST_DAY + 84, ticks),
        .id = STR("series"),
        .width = WIDE,
    };
    measure_chart_words(&f, zone, true, &chart);
    SB_LIT(sb, "<figure class=\"card\">");
    series_chart_write_both(sb, &chart);
    SB_LIT(sb, "</figure>");
}

static void show(void)
{
    struct relief_row *rows = ARENA_ARRAY(&arena, ROWS, struct relief_row);
    struct sb sb;
    begin_page(&sb, "client");
    add_relief(&sb, "helped", rows, simulate(helped(), rows), RELIEF_TO_CLIENT);
    end_page(&sb, "client.html");
    begin_page(&sb, "therapist");
    add_relief(&sb, "helpedt", rows, simulate(helped(), rows), RELIEF_TO_THERAPIST);
    struct relief_client client = relief_client_usual(9);
    client.days = 400;
    add_relief(&sb, "year", rows, simulate(client, rows), RELIEF_TO_THERAPIST);
    end_page(&sb, "therapist.html");
    begin_page(&sb, "few");
    add_relief(&sb, "few", rows, simulate(helped(), rows) ? 5 : 0, RELIEF_TO_CLIENT);
    add_relief(&sb, "none", NULL, 0, RELIEF_TO_CLIENT);
    end_page(&sb, "few.html");
    begin_page(&sb, "series");
    add_series(&sb);
    end_page(&sb, "series.html");
}

static void save_assets(void)
{
    static const char *const names[] = {"look.css", "charts.js", "fraunces-latin.woff2",
        "atkinson-latin.woff2", "fraunces-latin-ext.woff2", "atkinson-latin-ext.woff2"};
    (void)mkdir(arena_printf(&arena, "%s/static", out_dir).ptr, 0777);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct http_asset *asset = asset_find(asset_url(str_from_cstr(names[i])).s);
        save(arena_cstr(&arena, str_slice(asset->path, 1, asset->path.len)),
            (struct str){(const char *)asset->plain.ptr, asset->plain.len});
    }
}

int main(int argc, char **argv)
{
    enum lang lang = LANG_EN;
    if (argc < 2 || argc > 3 ||
        (argc == 3 && !tmpl_lang_from_code(str_from_cstr(argv[2]), &lang))) {
        fprintf(stderr, "usage: look_charts DIR [en|es]\n");
        return 2;
    }
    out_dir = argv[1];
    if (mkdir(out_dir, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "charts: %s: %s\n", out_dir, strerror(errno));
        return 1;
    }
    arena_init(&arena, 256u << 20);
    format_init(&f, &arena, lang, lang == LANG_ES ? STR("es-ES") : STR("en-US"));
    CHECK(result_is_ok(tz_find(STR("America/New_York"), &zone)));
    show();
    save_assets();
    arena_release(&arena);
    return 0;
}

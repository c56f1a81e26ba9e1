#include "web/charts/relief_chart.h"

#include "base/check.h"

#include <math.h>

#include "base/banned.h"

#define LEFT_MARGIN 34.0
#define RIGHT_MARGIN 10.0
#define TOP_MARGIN 28.0
#define AXIS_ROOM 28.0

enum { NARROW_HEIGHT = 320, NARROW_LEGEND_HEIGHT = 440 };

struct drawing {
    struct sb *sb;
    const struct relief_chart *chart;
    struct svg_scale time;
    struct svg_scale pain;
    double mark; /* size of a mark: 1, less where they crowd */
};

static double x_of(const struct drawing *d, double t)
{
    return svg_place(&d->time, t);
}

static double y_of(const struct drawing *d, double pain)
{
    return svg_place(&d->pain, pain);
}

static void add_point(const struct drawing *d, char verb, double t, double pain)
{
    sb_addf(d->sb, "%c%.1f %.1f", verb, x_of(d, t), y_of(d, pain));
}

static void draw_axes(const struct drawing *d)
{
    static const struct svg_value_tick ticks[] = {{0, STR_INIT("0")}, {2, STR_INIT("2")},
        {4, STR_INIT("4")}, {6, STR_INIT("6")}, {8, STR_INIT("8")}, {10, STR_INIT("10")}};
    const struct relief_chart *chart = d->chart;
    SB_LIT(d->sb, "<g class=\"rc-axis\">");
    svg_text(d->sb, 2, d->pain.at_to - 13, "start", NULL, chart->words.pain_axis);
    svg_value_ticks(d->sb, &d->pain, d->time.at_from, d->time.at_to, ticks, COUNT_OF(ticks));
    svg_time_ticks(d->sb, &d->time, d->pain.at_from, chart->ticks, chart->tick_count);
    SB_LIT(d->sb, "</g>");
}

/* ---- lines ---- */

/* The stretches without a gap: the next that ends after `from`. */
static bool next_stretch(const struct drawing *d, size_t *row, double *ret_from, double *ret_to)
{
    const struct relief_chart *chart = d->chart;
    bool open = false;
    for (; *row < chart->row_count; ++*row) {
        const struct relief_row *r = &chart->rows[*row];
        if (r->kind == RELIEF_SESSION) continue;
        if (open && r->t_days - *ret_to > RELIEF_CHART_GAP_DAYS) return true;
        if (!open) *ret_from = r->t_days;
        *ret_to = r->t_days;
        open = true;
    }
    return open;
}

enum side { SIDE_LEVEL, SIDE_LOW, SIDE_HIGH };

static double side_of(const struct relief_point *p, enum side side)
{
    return side == SIDE_LEVEL ? p->level : side == SIDE_LOW ? p->low : p->high;
}

/* The value at t, on the line between its neighbours. */
static double side_at(const struct relief_bands *bands, enum side side, double t)
{
    const struct relief_point *p = bands->points;
    size_t i = 0;
    if (bands->point_count == 1 || t <= p[0].t_days) return side_of(&p[0], side);
    while (i + 2 < bands->point_count && p[i + 1].t_days < t)
        i++;
    double part = fmin((t - p[i].t_days) / (p[i + 1].t_days - p[i].t_days), 1);
    return side_of(&p[i], side) * (1 - part) + side_of(&p[i + 1], side) * part;
}

/* One side of the band over [from, to], forward or backward. */
static void add_side(const struct drawing *d, enum side side, double from, double to, bool backward)
{
    const struct relief_bands *bands = d->chart->bands;
    size_t n = bands->point_count;
    double start = backward ? to : from;
    double end = backward ? from : to;
    add_point(d, backward ? 'L' : 'M', start, side_at(bands, side, start));
    for (size_t k = 0; k < n; k++) {
        const struct relief_point *p = &bands->points[backward ? n - 1 - k : k];
        if (p->t_days > from && p->t_days < to) add_point(d, 'L', p->t_days, side_of(p, side));
    }
    add_point(d, 'L', end, side_at(bands, side, end));
}

static void draw_band(const struct drawing *d, const char *class, double from, double to)
{
    sb_addf(d->sb, "<path class=\"%s\" d=\"", class);
    add_side(d, SIDE_HIGH, from, to, false);
    add_side(d, SIDE_LOW, from, to, true);
    SB_LIT(d->sb, "Z\"/>");
}

/* Expected pain over [from, to], from the given index on; points nearer than half a pixel are left
 * out, sessions never. */
static void add_expected(const struct drawing *d, size_t first, double from, double to)
{
    const struct relief_bands *bands = d->chart->bands;
    char verb = 'M';
    double drawn = -INFINITY;
    for (size_t i = first; i < bands->expected_count; i++) {
        const struct relief_expected *e = &bands->expected[i];
        if (e->t_days < from || e->t_days > to) continue;
        bool edge = e->is_session || (i + 1 < bands->expected_count && e[1].is_session);
        bool last = i + 1 == bands->expected_count || e[1].t_days > to;
        if (!edge && !last && x_of(d, e->t_days) - drawn < .5) continue;
        add_point(d, verb, e->t_days, e->pain);
        drawn = x_of(d, e->t_days);
        verb = 'L';
    }
}

static void draw_stretch(const struct drawing *d, double from, double to)
{
    struct sb *sb = d->sb;
    draw_band(d, "rc-band", from, to);
    SB_LIT(sb, "<path class=\"rc-relief\" d=\"");
    add_expected(d, 0, from, to);
    add_side(d, SIDE_LEVEL, from, to, true);
    SB_LIT(sb, "Z\"/><path class=\"rc-level\" stroke-width=\"1.5\" d=\"");
    add_side(d, SIDE_LEVEL, from, to, false);
    SB_LIT(sb, "\"/><path class=\"rc-expected\" stroke-width=\"2.5\" "
               "stroke-linejoin=\"round\" d=\"");
    add_expected(d, 0, from, to);
    SB_LIT(sb, "\"/>");
}

static void draw_lines(const struct drawing *d)
{
    const struct relief_bands *bands = d->chart->bands;
    if (!bands || bands->point_count == 0) return;
    size_t row = 0;
    double from = 0;
    double to = 0;
    while (next_stretch(d, &row, &from, &to)) {
        if (to > from) draw_stretch(d, from, to);
    }
    double now = bands->points[bands->past_count - 1].t_days;
    double end = bands->points[bands->point_count - 1].t_days;
    if (end <= now) return;
    draw_band(d, "rc-band-ahead", now, end);
    SB_LIT(d->sb, "<path class=\"rc-forecast\" stroke-width=\"2.5\" "
                  "stroke-linecap=\"round\" d=\"");
    add_expected(d, bands->expected_past_count - 1, now, end);
    SB_LIT(d->sb, "\"/>");
}

/* ---- ratings ---- */

static void draw_sessions(const struct drawing *d)
{
    SB_LIT(d->sb, "<g");
    if (d->mark < 1) SB_LIT(d->sb, " stroke-opacity=\".45\"");
    SB_LIT(d->sb, ">");
    for (size_t i = 0; i < d->chart->row_count; i++) {
        const struct relief_row *row = &d->chart->rows[i];
        if (row->kind == RELIEF_SESSION)
            svg_add_session(d->sb, x_of(d, row->t_days), d->pain.at_to, d->pain.at_from);
    }
    SB_LIT(d->sb, "</g>");
}

static enum svg_mark mark_of(const struct relief_row *row)
{
    switch (row->kind) {
    case RELIEF_BEFORE: return SVG_UP;
    case RELIEF_AFTER: return SVG_DOWN;
    case RELIEF_CHECK_IN:
    case RELIEF_SESSION: break;
    }
    return row->spontaneous ? SVG_HOLLOW : SVG_DOT;
}

static void draw_ratings(const struct drawing *d)
{
    for (size_t i = 0; i < d->chart->row_count; i++) {
        const struct relief_row *row = &d->chart->rows[i];
        if (row->kind == RELIEF_SESSION) continue;
        svg_add_mark(d->sb, mark_of(row), x_of(d, row->t_days), y_of(d, row->y), d->mark,
            d->chart->says ? d->chart->says[i] : (struct str){0});
    }
}

/* ---- the picture ---- */

/* From the first row to the last row or the end of the forecast. */
static void find_times(const struct relief_chart *chart, struct svg_scale *time)
{
    const struct relief_bands *bands = chart->bands;
    time->from = chart->row_count ? chart->rows[0].t_days : 0;
    time->to = chart->row_count ? chart->rows[chart->row_count - 1].t_days : 0;
    if (bands && bands->point_count)
        time->to = fmax(time->to, bands->points[bands->point_count - 1].t_days);
    double air = fmax((time->to - time->from) * .01, .3);
    time->from -= air;
    time->to += air;
}

static void list_entries(
    const struct relief_chart *chart, struct svg_entry entries[RELIEF_CHART_ENTRIES])
{
    static const enum svg_icon icons[RELIEF_CHART_ENTRIES] = {
        [RELIEF_CHART_CHECK_IN] = SVG_ICON_DOT,
        [RELIEF_CHART_SPONTANEOUS] = SVG_ICON_HOLLOW,
        [RELIEF_CHART_BEFORE] = SVG_ICON_UP,
        [RELIEF_CHART_AFTER] = SVG_ICON_DOWN,
        [RELIEF_CHART_SESSION] = SVG_ICON_SESSION,
        [RELIEF_CHART_LEVEL] = SVG_ICON_LEVEL,
        [RELIEF_CHART_EXPECTED] = SVG_ICON_EXPECTED,
        [RELIEF_CHART_FORECAST] = SVG_ICON_FORECAST,
    };
    for (int i = 0; i < RELIEF_CHART_ENTRIES; i++)
        entries[i] = (struct svg_entry){icons[i], chart->words.legend[i]};
}

void relief_chart_write(struct sb *sb, const struct relief_chart *chart)
{
    CHECK(chart->width >= 320 && chart->width <= 1600);
    CHECK(chart->height >= 200 && chart->height <= 1000);
    struct svg_entry entries[RELIEF_CHART_ENTRIES];
    double right = chart->width - RIGHT_MARGIN;
    double bottom = chart->height - AXIS_ROOM;
    list_entries(chart, entries);
    if (chart->legend) {
        bottom -= SVG_LEGEND_LINE *
                      svg_legend(NULL, entries, RELIEF_CHART_ENTRIES, LEFT_MARGIN, right, 0) +
                  6;
    }
    struct drawing d = {
        .sb = sb,
        .chart = chart,
        .time = {.at_from = LEFT_MARGIN, .at_to = right},
        .pain = {.from = 0, .to = 10, .at_from = bottom, .at_to = TOP_MARGIN},
        .mark = svg_mark_size(chart->row_count, chart->width),
    };
    struct svg_frame frame = {
        .id = chart->id,
        .title = chart->words.title,
        .description = chart->words.description,
        .width = chart->width,
        .height = chart->height,
        .fit = chart->fit,
        .standalone = chart->standalone,
        .has_values = chart->says != NULL,
    };
    find_times(chart, &d.time);
    svg_begin(sb, &frame);
    draw_axes(&d);
    draw_sessions(&d);
    draw_lines(&d);
    draw_ratings(&d);
    if (chart->legend) {
        svg_legend(sb, entries, RELIEF_CHART_ENTRIES, LEFT_MARGIN, right, bottom + AXIS_ROOM + 4);
    }
    svg_end(sb);
}

void relief_chart_write_both(struct sb *sb, const struct relief_chart *chart)
{
    struct relief_chart one = *chart;
    one.fit = SVG_FIT_NARROW;
    one.width = SVG_NARROW_WIDTH;
    one.height = chart->legend ? NARROW_LEGEND_HEIGHT : NARROW_HEIGHT;
    relief_chart_write(sb, &one);
    one = *chart;
    one.fit = SVG_FIT_WIDE;
    relief_chart_write(sb, &one);
}

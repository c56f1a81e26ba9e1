#include "web/charts/series_chart.h"

#include "base/check.h"
#include "base/tmpl.h"

#include <math.h>

#include "base/banned.h"

#define LEFT_MARGIN 40.0
#define RIGHT_MARGIN 50.0 /* room for the last value and the bracket */
#define TITLE_ROOM 30.0
#define NOTE_ROOM 19.0 /* where the note needs a line of its own */
#define PLOT_HEIGHT 92.0
#define PANEL_GAP 22.0
#define SESSION_ROOM 12.0
#define AXIS_ROOM 28.0
#define SPARK_WIDTH 96.0
#define SPARK_HEIGHT 24.0

struct drawing {
    struct sb *sb;
    const struct series_chart *chart;
    struct svg_scale time;
};

static bool is_drawn(const struct series_point *point)
{
    return isfinite(point->t_days) && isfinite(point->value);
}

/* ---- one panel ---- */

static struct svg_scale scale_of(const struct series_panel *panel, double top)
{
    return (struct svg_scale){panel->low, panel->high, top + PLOT_HEIGHT, top};
}

/* The line, broken at gaps; a point between two gaps stays a point. */
static void draw_line(struct sb *sb, const struct series_point *points, size_t count,
    const struct svg_scale *x, const struct svg_scale *y)
{
    double before = -INFINITY;
    bool begun = false;
    for (size_t i = 0; i < count; i++) {
        const struct series_point *p = &points[i];
        if (!is_drawn(p)) continue;
        if (!begun) SB_LIT(sb, "<path class=\"rc-line\" d=\"");
        sb_addf(sb, "%c%.1f %.1f", p->t_days - before > SVG_GAP_DAYS ? 'M' : 'L',
            svg_place(x, p->t_days), svg_place(y, p->value));
        before = p->t_days;
        begun = true;
    }
    if (begun) SB_LIT(sb, "\"/>");
}

static void draw_error(
    const struct drawing *d, const struct series_panel *panel, const struct svg_scale *y)
{
    if (!panel->has_error) return;
    double top = svg_place(y, panel->error_high);
    double bottom = svg_place(y, panel->error_low);
    double right = d->time.at_to;
    sb_addf(d->sb, "<path class=\"rc-error\" d=\"M%.1f %.1fH%.1fV%.1fH%.1fz\"/>", d->time.at_from,
        top, right, bottom, d->time.at_from);
    sb_addf(d->sb, "<path class=\"rc-bracket\" d=\"M%.1f %.1fh5V%.1fh-5\"/>", right, top, bottom);
}

static void draw_important(
    const struct drawing *d, const struct series_panel *panel, const struct svg_scale *y)
{
    if (!panel->has_important) return;
    double at = svg_place(y, panel->important);
    sb_addf(d->sb, "<path class=\"rc-important\" d=\"M%.1f %.1fH%.1f\"/>", d->time.at_from, at,
        d->time.at_to);
    sb_addf(d->sb, "<path class=\"rc-aim\" d=\"M%.1f %.1fh8l-4 %dz\"/>", d->time.at_from - 8,
        panel->important_is_lower ? at - 1 : at + 1, panel->important_is_lower ? 7 : -7);
}

/* The first value above or below its point, away from the line; the last one to its right. */
static void label_ends(
    const struct drawing *d, const struct series_panel *panel, const struct svg_scale *y)
{
    const struct series_point *first = NULL;
    const struct series_point *second = NULL;
    const struct series_point *last = NULL;
    for (size_t i = 0; i < panel->count; i++) {
        const struct series_point *p = &panel->points[i];
        if (!is_drawn(p)) continue;
        if (!first) {
            first = p;
        } else if (!second) {
            second = p;
        }
        last = p;
    }
    if (!last) return;
    double at = svg_place(y, last->value);
    double x = svg_place(&d->time, last->t_days) + 9;
    /* right of the bracket where they would meet */
    if (x + svg_text_width(last->label) > d->time.at_to) x = fmax(x, d->time.at_to + 11);
    svg_text(d->sb, x, at + 5, "start", "rc-value", last->label);
    if (!second) return;
    double start = svg_place(y, first->value);
    bool below = svg_place(y, second->value) < start && start + 20 < y->at_from + 4;
    svg_text(d->sb, svg_place(&d->time, first->t_days) - 4, start + (below ? 21 : -9), "start",
        "rc-value", first->label);
}

static void draw_sessions(const struct drawing *d, double top, double bottom)
{
    for (size_t i = 0; i < d->chart->session_count; i++) {
        double t = d->chart->sessions[i];
        if (!(t >= d->time.from && t <= d->time.to)) continue;
        svg_add_session(d->sb, svg_place(&d->time, t), top, bottom);
    }
}

static bool note_has_room(const struct series_chart *chart, const struct series_panel *panel)
{
    return svg_text_width(panel->title) * 1.1 + svg_text_width(panel->note) + 24 < chart->width;
}

static double panel_height(const struct series_chart *chart, const struct series_panel *panel)
{
    double title = TITLE_ROOM + (note_has_room(chart, panel) ? 0 : NOTE_ROOM);
    return title + PLOT_HEIGHT + PANEL_GAP;
}

/* Returns where the next one begins. */
static double draw_panel(const struct drawing *d, const struct series_panel *panel, double top)
{
    struct sb *sb = d->sb;
    CHECK(panel->low < panel->high);
    bool one_line = note_has_room(d->chart, panel);
    SB_LIT(sb, "<g data-panel=\"\">");
    svg_text(sb, 2, top + 15, "start", "rc-strong", panel->title);
    if (one_line) {
        svg_text(sb, d->chart->width - 2, top + 15, "end", NULL, panel->note);
    } else {
        svg_text(sb, 2, top + 15 + NOTE_ROOM, "start", NULL, panel->note);
    }
    double plot = top + TITLE_ROOM + (one_line ? 0 : NOTE_ROOM);
    struct svg_scale y = scale_of(panel, plot);
    draw_error(d, panel, &y);
    svg_value_ticks(sb, &y, d->time.at_from, d->time.at_to, panel->ticks, panel->tick_count);
    SB_LIT(sb, "<g stroke-opacity=\".35\">");
    draw_sessions(d, plot, plot + PLOT_HEIGHT);
    SB_LIT(sb, "</g>");
    draw_important(d, panel, &y);
    draw_line(sb, panel->points, panel->count, &d->time, &y);
    double size = svg_mark_size(panel->count, d->time.at_to - d->time.at_from);
    for (size_t i = 0; i < panel->count; i++) {
        const struct series_point *p = &panel->points[i];
        if (!is_drawn(p)) continue;
        svg_add_mark(sb, p->spontaneous ? SVG_HOLLOW : SVG_DOT, svg_place(&d->time, p->t_days),
            svg_place(&y, p->value), size, p->say);
    }
    label_ends(d, panel, &y);
    SB_LIT(sb, "</g>");
    return plot + PLOT_HEIGHT + PANEL_GAP;
}

/* ---- all of them ---- */

static void find_times(const struct series_chart *chart, struct svg_scale *time)
{
    double from = INFINITY;
    double to = -INFINITY;
    for (size_t i = 0; i < chart->panel_count; i++) {
        for (size_t k = 0; k < chart->panels[i].count; k++) {
            const struct series_point *p = &chart->panels[i].points[k];
            if (!is_drawn(p)) continue;
            from = fmin(from, p->t_days);
            to = fmax(to, p->t_days);
        }
    }
    for (size_t i = 0; i < chart->session_count; i++) {
        if (!isfinite(chart->sessions[i])) continue;
        from = fmin(from, chart->sessions[i]);
        to = fmax(to, chart->sessions[i]);
    }
    if (from > to) from = to = 0;
    double air = fmax((to - from) * .015, .3);
    time->from = from - air;
    time->to = to + air;
}

static bool has_values(const struct series_chart *chart)
{
    for (size_t i = 0; i < chart->panel_count; i++) {
        const struct series_panel *panel = &chart->panels[i];
        if (panel->count && panel->points[0].say.len) return true;
    }
    return false;
}

static void list_entries(
    const struct series_chart *chart, struct svg_entry entries[SERIES_CHART_ENTRIES])
{
    static const enum svg_icon icons[SERIES_CHART_ENTRIES] = {
        [SERIES_CHART_CHECK_IN] = SVG_ICON_DOT,
        [SERIES_CHART_SPONTANEOUS] = SVG_ICON_HOLLOW,
        [SERIES_CHART_SESSION] = SVG_ICON_SESSION,
        [SERIES_CHART_ERROR] = SVG_ICON_ERROR,
        [SERIES_CHART_IMPORTANT] = SVG_ICON_IMPORTANT,
    };
    bool has_error = false;
    bool has_important = false;
    for (size_t i = 0; i < chart->panel_count; i++) {
        has_error = has_error || chart->panels[i].has_error;
        has_important = has_important || chart->panels[i].has_important;
    }
    for (int i = 0; i < SERIES_CHART_ENTRIES; i++)
        entries[i] = (struct svg_entry){icons[i], chart->legend[i]};
    if (!has_error) entries[SERIES_CHART_ERROR].word = (struct str){0};
    if (!has_important) entries[SERIES_CHART_IMPORTANT].word = (struct str){0};
}

/* The ticks of the sessions on the axis that all panels share. */
static void draw_session_ticks(const struct drawing *d, double y)
{
    for (size_t i = 0; i < d->chart->session_count; i++) {
        double t = d->chart->sessions[i];
        if (!(t >= d->time.from && t <= d->time.to)) continue;
        sb_addf(d->sb, "<path class=\"rc-session-tick\" d=\"M%.1f %.1fv8\"/>",
            svg_place(&d->time, t), y);
    }
}

void series_chart_write(struct sb *sb, const struct series_chart *chart)
{
    CHECK(chart->width >= 320 && chart->width <= 1600);
    CHECK(chart->panel_count <= SERIES_CHART_PANELS);
    struct svg_entry entries[SERIES_CHART_ENTRIES];
    struct drawing d = {sb, chart, {0, 0, LEFT_MARGIN, chart->width - RIGHT_MARGIN}};
    find_times(chart, &d.time);
    list_entries(chart, entries);
    double right = chart->width - 2;
    double height = 6;
    for (size_t i = 0; i < chart->panel_count; i++)
        height += panel_height(chart, &chart->panels[i]);
    double axis = height - PANEL_GAP + 4;
    height = axis + SESSION_ROOM + AXIS_ROOM;
    int lines = svg_legend(NULL, entries, SERIES_CHART_ENTRIES, 2, right, 0);
    struct svg_frame frame = {
        .id = chart->id,
        .title = chart->title,
        .description = chart->description,
        .width = chart->width,
        .height = (int)ceil(height) + lines * SVG_LEGEND_LINE + (lines ? 8 : 0),
        .fit = chart->fit,
        .standalone = chart->standalone,
        .has_values = has_values(chart),
    };
    svg_begin(sb, &frame);
    double top = 6;
    for (size_t i = 0; i < chart->panel_count; i++)
        top = draw_panel(&d, &chart->panels[i], top);
    draw_session_ticks(&d, axis);
    svg_time_ticks(sb, &d.time, axis + SESSION_ROOM - 4, chart->ticks, chart->tick_count);
    svg_legend(sb, entries, SERIES_CHART_ENTRIES, 2, right, height);
    svg_end(sb);
}

void series_chart_write_both(struct sb *sb, const struct series_chart *chart)
{
    struct series_chart one = *chart;
    one.fit = SVG_FIT_NARROW;
    one.width = SVG_NARROW_WIDTH;
    series_chart_write(sb, &one);
    one = *chart;
    one.fit = SVG_FIT_WIDE;
    series_chart_write(sb, &one);
}

/* ---- in a line of text ---- */

void sparkline_write(struct sb *sb, const struct series_point *points, size_t count, double low,
    double high, struct str title)
{
    CHECK(low < high);
    const struct series_point *last = NULL;
    double from = INFINITY;
    for (size_t i = 0; i < count; i++) {
        if (!is_drawn(&points[i])) continue;
        from = fmin(from, points[i].t_days);
        last = &points[i];
    }
    if (!last) return;
    /* a single value stands at the right, where the newest ones stand */
    if (last->t_days <= from) from = last->t_days - 1;
    struct svg_scale x = {from, last->t_days, 2, SPARK_WIDTH - 5};
    struct svg_scale y = {low, high, SPARK_HEIGHT - 4, 4};
    sb_addf(sb, "<svg class=\"rc-spark\" viewBox=\"0 0 %.0f %.0f\" role=\"img\"><title>",
        SPARK_WIDTH, SPARK_HEIGHT);
    html_add_escaped(sb, title);
    SB_LIT(sb, "</title>");
    draw_line(sb, points, count, &x, &y);
    sb_addf(sb, "<circle class=\"rc-end\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/></svg>",
        svg_place(&x, last->t_days), svg_place(&y, last->value));
}

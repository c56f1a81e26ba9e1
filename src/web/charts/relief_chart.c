#include "web/charts/relief_chart.h"

#include "base/check.h"
#include "base/tmpl.h"

#include <math.h>

#include "base/banned.h"

#define LEFT_MARGIN 34.0
#define RIGHT_MARGIN 10.0
#define TOP_MARGIN 26.0
#define AXIS_ROOM 26.0
#define LEGEND_LINE 20.0
#define LEGEND_TEXT_WIDTH 7.7 /* of a letter, roughly */

struct drawing {
    struct sb *sb;
    const struct relief_chart *chart;
    double t_from, t_to;
    double left, right, top, bottom;
    double mark; /* size of a mark: 1, less where they crowd */
};

struct str relief_chart_style(void)
{
    return STR(
        ".rc{--rc-ink:#1f2a27;--rc-soft:#626e69;--rc-line:#e4dccf;--rc-level:#5d6662;"
        "--rc-band:#7c8782;--rc-accent:#2c6757;--rc-clay:#a0481f;--rc-paper:#ffffff;"
        "font:14px \"Atkinson Hyperlegible Next\",\"Atkinson Hyperlegible\",system-ui,sans-serif}"
        "@media(prefers-color-scheme:dark){.rc{--rc-ink:#ebefea;--rc-soft:#98a6a0;"
        "--rc-line:#2d3835;--rc-level:#aab5b0;--rc-band:#98a6a0;--rc-accent:#86c9b3;"
        "--rc-clay:#e8a27e;--rc-paper:#1a2220}}"
        ".rc text{fill:var(--rc-soft)}.rc-paper{fill:var(--rc-paper)}"
        ".rc-grid{stroke:var(--rc-line)}"
        ".rc-session{stroke:var(--rc-clay);stroke-dasharray:1.5 3.5}"
        ".rc-band{fill:var(--rc-band);fill-opacity:.16}"
        ".rc-band-ahead{fill:var(--rc-band);fill-opacity:.08}"
        ".rc-relief{fill:var(--rc-accent);fill-opacity:.2}"
        ".rc-level{stroke:var(--rc-level)}"
        ".rc-expected{stroke:var(--rc-accent)}"
        ".rc-forecast{stroke:var(--rc-accent);stroke-dasharray:2 5}"
        ".rc-dot{fill:var(--rc-ink)}"
        ".rc-hollow{fill:var(--rc-paper);stroke:var(--rc-ink)}"
        ".rc-before{fill:var(--rc-clay)}"
        ".rc-after{fill:var(--rc-paper);stroke:var(--rc-clay)}");
}

static double x_of(const struct drawing *d, double t)
{
    return d->left + (t - d->t_from) / (d->t_to - d->t_from) * (d->right - d->left);
}

static double y_of(const struct drawing *d, double pain)
{
    return d->bottom - fmin(fmax(pain, 0), 10) / 10 * (d->bottom - d->top);
}

static void add_point(const struct drawing *d, char verb, double t, double pain)
{
    sb_addf(d->sb, "%c%.1f %.1f", verb, x_of(d, t), y_of(d, pain));
}

/* ---- axes ---- */

static void draw_axes(const struct drawing *d)
{
    struct sb *sb = d->sb;
    SB_LIT(sb, "<g class=\"rc-axis\">");
    sb_addf(sb, "<text x=\"2\" y=\"%.1f\">", d->top - 12);
    html_add_escaped(sb, d->chart->words.pain_axis);
    SB_LIT(sb, "</text>");
    for (int pain = 0; pain <= 10; pain += 2) {
        double y = y_of(d, pain);
        sb_addf(sb, "<path class=\"rc-grid\" d=\"M%.1f %.1fH%.1f\"/>", d->left, y, d->right);
        sb_addf(sb, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%d</text>", d->left - 8,
            y + 4.5, pain);
    }
    for (size_t i = 0; i < d->chart->tick_count; i++) {
        const struct relief_chart_tick *tick = &d->chart->ticks[i];
        if (tick->t_days < d->t_from || tick->t_days > d->t_to) continue;
        double x = x_of(d, tick->t_days);
        const char *anchor = x < d->left + 20 ? "start" : x > d->right - 20 ? "end" : "middle";
        sb_addf(sb, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, d->bottom + 20, anchor);
        html_add_escaped(sb, tick->label);
        SB_LIT(sb, "</text>");
    }
    SB_LIT(sb, "</g>");
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
    SB_LIT(sb, "Z\"/><path class=\"rc-level\" fill=\"none\" stroke-width=\"1.5\" d=\"");
    add_side(d, SIDE_LEVEL, from, to, false);
    SB_LIT(sb, "\"/><path class=\"rc-expected\" fill=\"none\" stroke-width=\"2.5\" "
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
    SB_LIT(d->sb, "<path class=\"rc-forecast\" fill=\"none\" stroke-width=\"2.5\" "
                  "stroke-linecap=\"round\" d=\"");
    add_expected(d, bands->expected_past_count - 1, now, end);
    SB_LIT(d->sb, "\"/>");
}

/* ---- ratings ---- */

static void draw_mark(
    const struct drawing *d, enum relief_kind kind, bool spontaneous, double x, double y)
{
    struct sb *sb = d->sb;
    double m = d->mark;
    if (kind == RELIEF_BEFORE) {
        sb_addf(sb, "<path class=\"rc-before\" d=\"M%.1f %.1fl%.1f %.1fh%.1fz\"/>", x, y - 5 * m,
            5 * m, 8.5 * m, -10 * m);
    } else if (kind == RELIEF_AFTER) {
        sb_addf(sb,
            "<path class=\"rc-after\" stroke-width=\"1.5\" d=\"M%.1f %.1fl%.1f %.1fh%.1fz\"/>", x,
            y + 5 * m, -5 * m, -8.5 * m, 10 * m);
    } else {
        sb_addf(sb, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>",
            spontaneous ? "rc-hollow\" stroke-width=\"1.5" : "rc-dot", x, y,
            (spontaneous ? 3 : 3.2) * m);
    }
}

static void draw_sessions(const struct drawing *d)
{
    SB_LIT(d->sb, "<g");
    if (d->mark < 1) SB_LIT(d->sb, " stroke-opacity=\".45\"");
    SB_LIT(d->sb, ">");
    for (size_t i = 0; i < d->chart->row_count; i++) {
        const struct relief_row *row = &d->chart->rows[i];
        if (row->kind != RELIEF_SESSION) continue;
        sb_addf(d->sb, "<path class=\"rc-session\" d=\"M%.1f %.1fV%.1f\"/>", x_of(d, row->t_days),
            d->top, d->bottom);
    }
    SB_LIT(d->sb, "</g>");
}

static void draw_ratings(const struct drawing *d)
{
    for (size_t i = 0; i < d->chart->row_count; i++) {
        const struct relief_row *row = &d->chart->rows[i];
        if (row->kind == RELIEF_SESSION) continue;
        draw_mark(d, row->kind, row->spontaneous, x_of(d, row->t_days), y_of(d, row->y));
    }
}

/* ---- legend ---- */

/* Places entry after entry, in as many lines as needed; draws where `draw`. Returns the lines. */
static int lay_legend(const struct drawing *d, bool draw)
{
    static const char *const lines[] = {"rc-session", "rc-level", "rc-expected", "rc-forecast"};
    static const struct {
        enum relief_kind kind;
        bool spontaneous;
    } marks[] = {{RELIEF_CHECK_IN, false}, {RELIEF_CHECK_IN, true}, {RELIEF_BEFORE, false},
        {RELIEF_AFTER, false}};
    const struct str *words = d->chart->words.legend;
    double x = d->left;
    int line = 1;
    for (int i = 0; i < RELIEF_CHART_ENTRIES; i++) {
        if (!words[i].len) continue;
        double icon = i < RELIEF_CHART_SESSION ? 16 : 27;
        double width = icon + LEGEND_TEXT_WIDTH * (double)str_count_chars(words[i]) + 16;
        if (x + width > d->right && x > d->left) {
            x = d->left;
            line++;
        }
        double y = d->bottom + AXIS_ROOM + LEGEND_LINE * (line - .2);
        if (draw && i < RELIEF_CHART_SESSION)
            draw_mark(d, marks[i].kind, marks[i].spontaneous, x + 5, y - 4.5);
        if (draw && i >= RELIEF_CHART_SESSION) {
            sb_addf(d->sb,
                "<path class=\"%s\" fill=\"none\" stroke-width=\"%s\" d=\"M%.1f %.1fh20\"/>",
                lines[i - RELIEF_CHART_SESSION], i >= RELIEF_CHART_EXPECTED ? "2.5" : "1.5", x,
                y - 4.5);
        }
        if (draw) {
            sb_addf(d->sb, "<text x=\"%.1f\" y=\"%.1f\">", x + icon, y);
            html_add_escaped(d->sb, words[i]);
            SB_LIT(d->sb, "</text>");
        }
        x += width;
    }
    return line;
}

/* ---- the picture ---- */

/* From the first row to the last row or the end of the forecast. */
static void find_times(struct drawing *d)
{
    const struct relief_chart *chart = d->chart;
    const struct relief_bands *bands = chart->bands;
    d->t_from = chart->row_count ? chart->rows[0].t_days : 0;
    d->t_to = chart->row_count ? chart->rows[chart->row_count - 1].t_days : 0;
    if (bands && bands->point_count)
        d->t_to = fmax(d->t_to, bands->points[bands->point_count - 1].t_days);
    double air = fmax((d->t_to - d->t_from) * .01, .3);
    d->t_from -= air;
    d->t_to += air;
}

void relief_chart_write(struct sb *sb, const struct relief_chart *chart)
{
    CHECK(chart->width >= 320 && chart->width <= 1600);
    CHECK(chart->height >= 200 && chart->height <= 1000);
    struct drawing d = {
        .sb = sb,
        .chart = chart,
        .left = LEFT_MARGIN,
        .right = chart->width - RIGHT_MARGIN,
        .top = TOP_MARGIN,
        .bottom = chart->height - AXIS_ROOM,
        .mark = chart->row_count * 5 > (size_t)chart->width ? .75 : 1,
    };
    find_times(&d);
    if (chart->legend) d.bottom -= LEGEND_LINE * lay_legend(&d, false) + 6;
    SB_LIT(sb, "<svg ");
    if (chart->standalone) SB_LIT(sb, "xmlns=\"http://www.w3.org/2000/svg\" ");
    sb_addf(sb, "class=\"rc\" viewBox=\"0 0 %d %d\" role=\"img\" ", chart->width, chart->height);
    sb_addf(sb, "aria-labelledby=\"%.*s-t %.*s-d\">", STR_ARG(chart->id), STR_ARG(chart->id));
    sb_addf(sb, "<title id=\"%.*s-t\">", STR_ARG(chart->id));
    html_add_escaped(sb, chart->words.title);
    sb_addf(sb, "</title><desc id=\"%.*s-d\">", STR_ARG(chart->id));
    html_add_escaped(sb, chart->words.description);
    SB_LIT(sb, "</desc>");
    if (chart->standalone) {
        SB_LIT(sb, "<style>");
        sb_add(sb, relief_chart_style());
        SB_LIT(sb, "</style><rect class=\"rc-paper\" width=\"100%\" height=\"100%\"/>");
    }
    draw_axes(&d);
    draw_sessions(&d);
    draw_lines(&d);
    draw_ratings(&d);
    if (chart->legend) lay_legend(&d, true);
    SB_LIT(sb, "</svg>\n");
}

#include "web/charts/svg.h"

#include "base/check.h"
#include "base/tmpl.h"

/* The style sheets' own text, so that a picture that stands alone looks as it does on a page. */
#include "web/charts_css.h"
#include "web/tokens_css.h"

#include <math.h>

#include "base/banned.h"

#define LETTER_WIDTH 7.4 /* on average, at 16 pixels */
#define ENTRY_GAP 18.0

double svg_place(const struct svg_scale *scale, double value)
{
    double span = scale->to - scale->from;
    double part = (value - scale->from) / span;
    if (!isfinite(part)) return scale->at_from;
    return scale->at_from + fmin(fmax(part, 0), 1) * (scale->at_to - scale->at_from);
}

double svg_text_width(struct str text)
{
    return LETTER_WIDTH * (double)str_count_chars(text);
}

void svg_add_style(struct sb *sb)
{
    sb_add_cstr(sb, tokens_css);
    sb_add_cstr(sb, charts_css);
}

void svg_begin(struct sb *sb, const struct svg_frame *frame)
{
    static const char *const classes[] = {"rc", "rc rc-narrow", "rc rc-wide"};
    static const char *const suffixes[] = {"", "n", "w"};
    struct str id = frame->id;
    const char *suffix = suffixes[frame->fit];
    SB_LIT(sb, "<svg ");
    if (frame->standalone) SB_LIT(sb, "xmlns=\"http://www.w3.org/2000/svg\" ");
    if (frame->has_values) SB_LIT(sb, "data-values=\"\" ");
    sb_addf(sb, "class=\"%s\" viewBox=\"0 0 %d %d\" role=\"img\" ", classes[frame->fit],
        frame->width, frame->height);
    sb_addf(sb, "aria-labelledby=\"%.*s%s-t %.*s%s-d\">", STR_ARG(id), suffix, STR_ARG(id), suffix);
    sb_addf(sb, "<title id=\"%.*s%s-t\">", STR_ARG(id), suffix);
    html_add_escaped(sb, frame->title);
    sb_addf(sb, "</title><desc id=\"%.*s%s-d\">", STR_ARG(id), suffix);
    html_add_escaped(sb, frame->description);
    SB_LIT(sb, "</desc>");
    if (frame->standalone) {
        SB_LIT(sb, "<style>");
        svg_add_style(sb);
        SB_LIT(sb, "</style><rect class=\"rc-paper\" width=\"100%\" height=\"100%\"/>");
    }
}

void svg_end(struct sb *sb)
{
    SB_LIT(sb, "</svg>\n");
}

void svg_text(
    struct sb *sb, double x, double y, const char *anchor, const char *class, struct str text)
{
    sb_addf(sb, "<text x=\"%.1f\" y=\"%.1f\"", x, y);
    if (strcmp(anchor, "start") != 0) sb_addf(sb, " text-anchor=\"%s\"", anchor);
    if (class) sb_addf(sb, " class=\"%s\"", class);
    SB_LIT(sb, ">");
    html_add_escaped(sb, text);
    SB_LIT(sb, "</text>");
}

/* ---- marks ---- */

double svg_mark_size(size_t count, double width)
{
    return (double)count * 5 > width ? .75 : 1;
}

void svg_add_mark(struct sb *sb, enum svg_mark mark, double x, double y, double m, struct str say)
{
    switch (mark) {
    case SVG_DOT:
        sb_addf(sb, "<circle class=\"rc-dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"", x, y, 3.2 * m);
        break;
    case SVG_HOLLOW:
        sb_addf(sb,
            "<circle class=\"rc-hollow\" stroke-width=\"1.5\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"",
            x, y, 3 * m);
        break;
    case SVG_UP:
        sb_addf(sb, "<path class=\"rc-before\" d=\"M%.1f %.1fl%.1f %.1fh%.1fz\"", x, y - 5 * m,
            5 * m, 8.5 * m, -10 * m);
        break;
    case SVG_DOWN:
        sb_addf(sb,
            "<path class=\"rc-after\" stroke-width=\"1.5\" d=\"M%.1f %.1fl%.1f %.1fh%.1fz\"", x,
            y + 5 * m, -5 * m, -8.5 * m, 10 * m);
        break;
    }
    if (say.len) {
        sb_addf(sb, " data-at=\"%.1f %.1f\" data-say=\"", x, y);
        html_add_escaped(sb, say);
        SB_LIT(sb, "\"");
    }
    SB_LIT(sb, "/>");
}

void svg_add_session(struct sb *sb, double x, double top, double bottom)
{
    sb_addf(sb, "<path class=\"rc-session\" d=\"M%.1f %.1fV%.1f\"/>", x, top, bottom);
}

/* ---- axes ---- */

void svg_time_ticks(
    struct sb *sb, const struct svg_scale *x, double y, const struct svg_tick *ticks, size_t count)
{
    double free_from = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        if (!(ticks[i].t_days >= x->from && ticks[i].t_days <= x->to)) continue;
        double at = svg_place(x, ticks[i].t_days);
        double half = svg_text_width(ticks[i].label) / 2;
        const char *anchor = "middle";
        double from = at - half;
        if (from < x->at_from - 30) {
            anchor = "start";
            from = at;
        } else if (at + half > x->at_to + 8) {
            anchor = "end";
            from = at - 2 * half;
        }
        if (from < free_from) continue;
        sb_addf(sb, "<path class=\"rc-tick\" d=\"M%.1f %.1fv5\"/>", at, y);
        svg_text(sb, at, y + 20, anchor, NULL, ticks[i].label);
        free_from = from + 2 * half + 8;
    }
}

void svg_value_ticks(struct sb *sb, const struct svg_scale *y, double left, double right,
    const struct svg_value_tick *ticks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double at = svg_place(y, ticks[i].value);
        sb_addf(sb, "<path class=\"rc-grid\" d=\"M%.1f %.1fH%.1f\"/>", left, at, right);
        svg_text(sb, left - 8, at + 5, "end", NULL, ticks[i].label);
    }
}

/* ---- legend ---- */

static double icon_width(enum svg_icon icon)
{
    return icon <= SVG_ICON_SESSION ? 16 : 28;
}

/* y is the middle of the line of text. */
static void draw_icon(struct sb *sb, enum svg_icon icon, double x, double y)
{
    switch (icon) {
    case SVG_ICON_DOT: svg_add_mark(sb, SVG_DOT, x + 5, y, 1, (struct str){0}); return;
    case SVG_ICON_HOLLOW: svg_add_mark(sb, SVG_HOLLOW, x + 5, y, 1, (struct str){0}); return;
    case SVG_ICON_UP: svg_add_mark(sb, SVG_UP, x + 5, y, 1, (struct str){0}); return;
    case SVG_ICON_DOWN: svg_add_mark(sb, SVG_DOWN, x + 5, y, 1, (struct str){0}); return;
    case SVG_ICON_SESSION: svg_add_session(sb, x + 5, y - 7, y + 7); return;
    case SVG_ICON_LEVEL:
        sb_addf(sb,
            "<path class=\"rc-band\" d=\"M%.1f %.1fh20v12h-20z\"/>"
            "<path class=\"rc-level\" stroke-width=\"1.5\" d=\"M%.1f %.1fh20\"/>",
            x, y - 6, x, y);
        return;
    case SVG_ICON_EXPECTED:
        sb_addf(sb,
            "<path class=\"rc-relief\" d=\"M%.1f %.1fh20v7h-20z\"/>"
            "<path class=\"rc-expected\" stroke-width=\"2.5\" d=\"M%.1f %.1fh20\"/>",
            x, y - 5, x, y + 2);
        return;
    case SVG_ICON_FORECAST:
        sb_addf(sb,
            "<path class=\"rc-forecast\" stroke-width=\"2.5\" stroke-linecap=\"round\" "
            "d=\"M%.1f %.1fh20\"/>",
            x, y);
        return;
    case SVG_ICON_ERROR:
        sb_addf(sb,
            "<path class=\"rc-error\" d=\"M%.1f %.1fh20v12h-20z\"/>"
            "<path class=\"rc-bracket\" d=\"M%.1f %.1fh5v12h-5\"/>",
            x, y - 6, x + 15, y - 6);
        return;
    case SVG_ICON_IMPORTANT:
        sb_addf(sb,
            "<path class=\"rc-important\" d=\"M%.1f %.1fh13\"/>"
            "<path class=\"rc-aim\" d=\"M%.1f %.1fh8l-4 6z\"/>",
            x, y, x + 13, y - 2);
        return;
    }
}

int svg_legend(struct sb *sb, const struct svg_entry *entries, size_t count, double left,
    double right, double top)
{
    double x = left;
    int line = 1;
    for (size_t i = 0; i < count; i++) {
        if (!entries[i].word.len) continue;
        double icon = icon_width(entries[i].icon);
        double width = icon + svg_text_width(entries[i].word);
        if (x + width > right && x > left) {
            x = left;
            line++;
        }
        if (sb) {
            double y = top + SVG_LEGEND_LINE * (line - .25);
            draw_icon(sb, entries[i].icon, x, y - 5);
            svg_text(sb, x + icon, y, "start", NULL, entries[i].word);
        }
        x += width + ENTRY_GAP;
    }
    return x > left || line > 1 ? line : 0;
}

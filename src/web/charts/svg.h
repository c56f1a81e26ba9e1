/* svg: what all charts share: frame, scales, marks, ticks, legend, the rules of their classes.
 *
 * Numbers are written with one digit behind the point and are always numbers: what is not finite
 * lands at the scale's beginning. Words are escaped here. Colours stand in classes (rc-...), whose
 * rules are web/css/parts/charts.css; a picture that stands alone carries that file and the tokens
 * within itself. No style attributes and no scripts: the site's policy forbids them. Pure, without
 * a clock; ticks and their labels come from the caller, who knows the zone (chart_dates.h). */
#ifndef BALM_WEB_CHARTS_SVG_H
#define BALM_WEB_CHARTS_SVG_H

#include "base/sb.h"

/* Lines stop where nobody gave a value for longer than this. */
enum { SVG_GAP_DAYS = 10, SVG_LEGEND_LINE = 21, SVG_NARROW_WIDTH = 358 };

struct svg_tick {
    double t_days;
    struct str label; /* "3 Feb" */
};

struct svg_value_tick {
    double value;
    struct str label;
};

/* On which screens a picture is shown; a page may write one for each (rc-narrow, rc-wide). */
enum svg_fit { SVG_FIT_ALL, SVG_FIT_NARROW, SVG_FIT_WIDE };

struct svg_frame {
    struct str id;          /* letters and digits, once on a page */
    struct str title;       /* read by screen readers */
    struct str description; /* one sentence that says what the picture shows */
    int width;
    int height;
    enum svg_fit fit;
    bool standalone;
    bool has_values; /* marks carry data-at and data-say, for web/js/charts.js */
};

/* Values between `from` and `to` onto `at_from` to `at_to`; outside of them at the ends. */
struct svg_scale {
    double from, to;
    double at_from, at_to;
};

enum svg_mark { SVG_DOT, SVG_HOLLOW, SVG_UP, SVG_DOWN };

enum svg_icon {
    SVG_ICON_DOT,
    SVG_ICON_HOLLOW,
    SVG_ICON_UP,
    SVG_ICON_DOWN,
    SVG_ICON_SESSION,
    SVG_ICON_LEVEL,
    SVG_ICON_EXPECTED,
    SVG_ICON_FORECAST,
    SVG_ICON_ERROR,
    SVG_ICON_IMPORTANT,
};

struct svg_entry {
    enum svg_icon icon;
    struct str word; /* empty: left out */
};

double svg_place(const struct svg_scale *scale, double value);
/* Of the text at the charts' size, roughly. */
double svg_text_width(struct str text);

void svg_begin(struct sb *sb, const struct svg_frame *frame);
void svg_end(struct sb *sb);

/* anchor: "start", "middle" or "end"; class may be NULL. */
void svg_text(
    struct sb *sb, double x, double y, const char *anchor, const char *class, struct str text);

/* m is its size: 1, less where marks crowd. `say` is the ready text of its value, or empty. */
void svg_add_mark(struct sb *sb, enum svg_mark mark, double x, double y, double m, struct str say);
/* Size of marks where `count` of them stand on that width. */
double svg_mark_size(size_t count, double width);

/* A session: a line from top to bottom. */
void svg_add_session(struct sb *sb, double x, double top, double bottom);

/* Labels below `y`, those that fit side by side. */
void svg_time_ticks(
    struct sb *sb, const struct svg_scale *x, double y, const struct svg_tick *ticks, size_t count);
/* Lines across and labels to their left. */
void svg_value_ticks(struct sb *sb, const struct svg_scale *y, double left, double right,
    const struct svg_value_tick *ticks, size_t count);

/* Entry after entry in as many lines as needed, the first one below `top`. Returns how many lines;
 * sb NULL only counts. */
int svg_legend(struct sb *sb, const struct svg_entry *entries, size_t count, double left,
    double right, double top);

/* The tokens and the charts' rules, as the site has them. */
void svg_add_style(struct sb *sb);

#endif

/* Small multiples as SVG: one measure a panel, one below the other on one time axis.
 *
 * Points stand as they were given, hollow where spontaneous; the line between them stops where
 * nobody gave a value for SVG_GAP_DAYS. Around the first value a grey field with a bracket shows
 * what cannot be told from measurement error; a long-dashed line with an arrowhead shows where an
 * important change begins: two different questions, told apart by shape and by the legend's words.
 * Axes are the caller's and fixed. Sessions are ticks on the shared axis, with faint lines up. The
 * caller owns everything; all words come from the caller, in the reader's language. */
#ifndef BALM_WEB_CHARTS_SERIES_CHART_H
#define BALM_WEB_CHARTS_SERIES_CHART_H

#include "web/charts/svg.h"

enum { SERIES_CHART_BYTES = 512 << 10, SERIES_CHART_PANELS = 16 };

struct series_point {
    double t_days;
    double value; /* not finite: left out */
    bool spontaneous;
    struct str label; /* "6.5": written at the first and the last point */
    struct str say;   /* "3 Feb: 6.5 h" for reading values off; may be empty */
};

struct series_panel {
    struct str title;                  /* "Tension" */
    struct str note;                   /* "0 to 10, lower is better" */
    const struct series_point *points; /* sorted by time */
    size_t count;
    double low; /* of the axis, low < high */
    double high;
    const struct svg_value_tick *ticks;
    size_t tick_count;
    bool has_error;
    double error_low;
    double error_high;
    bool has_important;
    double important;
    bool important_is_lower; /* the change worth having leads downwards */
};

enum series_chart_entry {
    SERIES_CHART_CHECK_IN,
    SERIES_CHART_SPONTANEOUS,
    SERIES_CHART_SESSION,
    SERIES_CHART_ERROR,
    SERIES_CHART_IMPORTANT,
    SERIES_CHART_ENTRIES,
};

struct series_chart {
    const struct series_panel *panels; /* at most SERIES_CHART_PANELS */
    size_t panel_count;
    const double *sessions; /* times, sorted */
    size_t session_count;
    const struct svg_tick *ticks;
    size_t tick_count;
    struct str title;
    struct str description;
    struct str legend[SERIES_CHART_ENTRIES]; /* an empty word leaves its entry out; the last two are
                                                left out where no panel has such */
    struct str id;
    int width; /* 320 to 1600; the height follows */
    enum svg_fit fit;
    bool standalone;
};

void series_chart_write(struct sb *sb, const struct series_chart *chart);
/* One for small screens and the given one for the others. */
void series_chart_write_both(struct sb *sb, const struct series_chart *chart);

/* A word-sized line of its last values, to stand in a sentence or a table's cell: the last point is
 * marked. `title` says it in words; nothing is written of no value. low < high. */
void sparkline_write(struct sb *sb, const struct series_point *points, size_t count, double low,
    double high, struct str title);

#endif

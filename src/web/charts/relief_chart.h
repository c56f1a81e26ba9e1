/* The relief chart as SVG: ratings as they were given, the level without sessions with its 90 %
 * band, expected pain, the relief between the two, sessions, and what is to come, dashed.
 *
 * The axis is fixed at 0-10. Where nobody rated for RELIEF_CHART_GAP_DAYS the lines stop: nothing
 * is smoothed over a gap. All words and dates come from the caller, in the reader's language.
 * What all charts share stands in svg.h. Shapes differ as well as colours (filled, hollow, up,
 * down, dashed), for grey print and colour-blind readers. The caller owns everything; the text is
 * written to the builder. */
#ifndef BALM_WEB_CHARTS_RELIEF_CHART_H
#define BALM_WEB_CHARTS_RELIEF_CHART_H

#include "base/sb.h"
#include "relief/relief.h"
#include "web/charts/svg.h"

enum { RELIEF_CHART_GAP_DAYS = SVG_GAP_DAYS, RELIEF_CHART_BYTES = 512 << 10 };

enum relief_chart_entry {
    RELIEF_CHART_CHECK_IN,
    RELIEF_CHART_SPONTANEOUS,
    RELIEF_CHART_BEFORE,
    RELIEF_CHART_AFTER,
    RELIEF_CHART_SESSION,
    RELIEF_CHART_LEVEL,
    RELIEF_CHART_EXPECTED,
    RELIEF_CHART_FORECAST,
    RELIEF_CHART_ENTRIES,
};

struct relief_chart_words {
    struct str title;                        /* read by screen readers */
    struct str description;                  /* one sentence that says what the chart shows */
    struct str pain_axis;                    /* "Pain, 0 to 10" */
    struct str legend[RELIEF_CHART_ENTRIES]; /* an empty word leaves its entry out */
};

struct relief_chart {
    const struct relief_row *rows; /* sorted by time */
    size_t row_count;
    const struct str *says; /* ready text of each row's value, "3 Feb: 7"; NULL leaves it out */
    const struct relief_bands *bands;
    const struct svg_tick *ticks;
    size_t tick_count;
    struct relief_chart_words words;
    struct str id; /* of the picture; letters and digits, once on a page */
    int width;     /* of the drawing's own units, which are pixels at full size; 320 to 1600 */
    int height;    /* 200 to 1000 */
    enum svg_fit fit;
    bool legend;
    bool standalone;
};

void relief_chart_write(struct sb *sb, const struct relief_chart *chart);

/* One picture for small screens (SVG_NARROW_WIDTH wide) and the given one for the others; the
 * site's style shows one of them. */
void relief_chart_write_both(struct sb *sb, const struct relief_chart *chart);

#endif

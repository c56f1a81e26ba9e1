/* The numbers behind a chart as an HTML table, for those who do not see the picture and for all who
 * want the numbers: with a caption and headings of rows and columns; closed up in <details> where
 * `summary` has words. Everything is escaped; the caller owns the texts. */
#ifndef BALM_WEB_CHARTS_CHART_TABLE_H
#define BALM_WEB_CHARTS_CHART_TABLE_H

#include "base/sb.h"

struct chart_table {
    struct str caption;
    struct str summary;      /* of <details>; empty: an open table */
    const struct str *heads; /* of the columns */
    size_t column_count;
    const struct str *cells; /* row by row; the first of a row is its heading */
    size_t row_count;
    struct str note; /* below it, such as what is left out; may be empty */
};

void chart_table_write(struct sb *sb, const struct chart_table *table);

#endif

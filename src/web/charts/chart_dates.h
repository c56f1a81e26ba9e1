/* Days and moments on charts, in the reader's language and the practice's zone.
 *
 * Times are days since 1970-01-01T00:00Z, as relief rows of the database have them; what lies
 * outside the years 1 to 9999 is taken to its ends. A zone of NULL is UTC. Texts live in the
 * format's arena. */
#ifndef BALM_WEB_CHARTS_CHART_DATES_H
#define BALM_WEB_CHARTS_CHART_DATES_H

#include "web/charts/svg.h"
#include "web/format.h"

enum { CHART_TICKS = 8 };

struct local_time chart_local(const struct tz *tz, double t_days);
double chart_days(utc_us instant);

/* "3 Mar", "Mar 3" */
struct str chart_day(const struct format *f, date_day date);
/* The first and the last day of a span: "3 Mar" and "17 May"; with their years where they differ.
 */
void chart_span(const struct format *f, const struct tz *tz, double from, double to,
    struct str *ret_from, struct str *ret_to);
/* "Tue 3 Mar, 18:40" */
struct str chart_when(const struct format *f, const struct tz *tz, double t_days);

/* At most CHART_TICKS labels from `from` to `to`: days, first days of weeks, or months; each stands
 * at the local midnight. Returns how many. */
size_t chart_ticks(const struct format *f, const struct tz *tz, double from, double to,
    struct svg_tick ret_ticks[CHART_TICKS]);

#endif

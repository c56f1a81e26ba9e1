/* Names, values and changes of measures in the reader's language, and their panels of a series
 * chart. Texts are plain and live in the format's arena. */
#ifndef BALM_WEB_CHARTS_MEASURE_WORDS_H
#define BALM_WEB_CHARTS_MEASURE_WORDS_H

#include "practice/outcomes/measure.h"
#include "web/charts/series_chart.h"
#include "web/format.h"

/* "Tension"; an activity is "Activity 2" where the client's own name for it is not at hand. */
struct str measure_name(const struct format *f, enum measure measure);
/* "7", "6.5", "310": with as many digits as it needs. */
struct str measure_number(const struct format *f, int32_t value);
/* "6.5 h", "72 bpm", "45°"; ratings are bare numbers. */
struct str measure_value(const struct format *f, enum measure measure, int32_t value);
/* "0 to 10, lower is better"; "in kPa, higher is better" */
struct str measure_note(const struct format *f, enum measure measure);

/* "From 7 to 4: beyond measurement error, and an important change for the better." Empty where
 * there is no change to speak of because a value is missing. */
struct str measure_change_sentence(const struct format *f, enum measure measure, int32_t first,
    int32_t last, const struct measure_change *change);

struct measure_point {
    double t_days;
    int32_t value;
    bool spontaneous;
};

/* A panel with its points, axis, bounds and words. `title` may be empty: the measure's name.
 * `first` is the value around which the error is shown and `baseline` what an important change is
 * reckoned from: MEASURE_NONE takes the first point. error_points: of the instrument, or
 * MEASURE_NONE. */
struct series_panel measure_panel(const struct format *f, const struct tz *tz, enum measure measure,
    struct str title, const struct measure_point *points, size_t count, int32_t first,
    int32_t baseline, int32_t error_points);

/* Title, description and legend of a chart that has its panels, with the chart's span of time.
 * you: speaks to the client. */
void measure_chart_words(
    const struct format *f, const struct tz *tz, bool you, struct series_chart *chart);

/* Measures and values as a table within <details>: a row a point, newest first. */
void measure_table_write(struct sb *sb, const struct format *f, const struct tz *tz,
    enum measure measure, struct str title, const struct measure_point *points, size_t count);

#endif

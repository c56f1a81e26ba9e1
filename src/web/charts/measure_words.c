#include "web/charts/measure_words.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/charts/chart_dates.h"
#include "web/charts/chart_table.h"
#include "web/words/msg_gen.h"

#include <math.h>

#include "base/banned.h"

enum { TEXT_MAX = 1024, TICKS = 4 };

/* Writes a sentence behind tmpl `t`, which `begin` made; gives it as a text of the arena. */
struct writer {
    char text[TEXT_MAX];
    struct sb sb;
    struct tmpl t;
};

static struct tmpl *begin(struct writer *w, const struct format *f)
{
    sb_init_fixed(&w->sb, w->text, sizeof w->text);
    w->t = (struct tmpl){.out = &w->sb, .lang = f->lang};
    return &w->t;
}

static struct str end(const struct writer *w, const struct format *f)
{
    CHECK(sb_ok(&w->sb));
    return arena_str(f->arena, sb_str(&w->sb));
}

static struct str say(const struct format *f, void (*sentence)(struct tmpl *))
{
    struct writer w;
    sentence(begin(&w, f));
    return end(&w, f);
}

/* ---- names and values ---- */

struct str measure_name(const struct format *f, enum measure measure)
{
    struct writer w;
    switch (measure) {
    case MEASURE_PAIN: return say(f, msg_measure_pain);
    case MEASURE_TENSION: return say(f, msg_measure_tension);
    case MEASURE_STRESS: return say(f, msg_measure_stress);
    case MEASURE_SLEEP_HOURS: return say(f, msg_measure_sleep_hours);
    case MEASURE_SLEEP_QUALITY: return say(f, msg_measure_sleep_quality);
    case MEASURE_NUMBNESS: return say(f, msg_measure_numbness);
    case MEASURE_ACTIVITY_1:
    case MEASURE_ACTIVITY_2:
    case MEASURE_ACTIVITY_3:
    case MEASURE_ACTIVITY_4:
    case MEASURE_ACTIVITY_5:
        msg_measure_activity(
            begin(&w, f), format_decimal(f, (measure - MEASURE_ACTIVITY_1 + 1) * 100, 0));
        return end(&w, f);
    case MEASURE_ACTIVITIES: return say(f, msg_measure_activities);
    case MEASURE_PEG: return say(f, msg_measure_peg);
    case MEASURE_PPT: return say(f, msg_measure_ppt);
    case MEASURE_ROM: return say(f, msg_measure_rom);
    case MEASURE_GIRTH: return say(f, msg_measure_girth);
    case MEASURE_HEART_RATE: return say(f, msg_measure_heart_rate);
    case MEASURE_RMSSD: return say(f, msg_measure_rmssd);
    case MEASURE_PHQ4: return say(f, msg_measure_phq4);
    case MEASURE_PGIC: return say(f, msg_measure_pgic);
    }
    return (struct str){0};
}

struct str measure_number(const struct format *f, int32_t value)
{
    return format_decimal(f, value, value % 100 == 0 ? 0 : value % 10 == 0 ? 1 : 2);
}

struct str measure_value(const struct format *f, enum measure measure, int32_t value)
{
    const struct measure_info *info = measure_info(measure);
    struct str number = measure_number(f, value);
    struct writer w;
    if (!info || !info->unit.len) return number;
    if (measure == MEASURE_ROM) {
        msg_measure_value_close(begin(&w, f), number, info->unit);
    } else {
        msg_measure_value(begin(&w, f), number, info->unit);
    }
    return end(&w, f);
}

/* The unit as a word where its sign alone would puzzle. */
static struct str unit_word(const struct format *f, const struct measure_info *info)
{
    if (info->measure == MEASURE_SLEEP_HOURS) return say(f, msg_measure_unit_hours);
    if (info->measure == MEASURE_ROM) return say(f, msg_measure_unit_degrees);
    if (info->measure == MEASURE_HEART_RATE) return say(f, msg_measure_unit_beats);
    return info->unit;
}

struct str measure_note(const struct format *f, enum measure measure)
{
    const struct measure_info *info = measure_info(measure);
    if (!info) return (struct str){0};
    struct writer w;
    struct tmpl *t = begin(&w, f);
    if (info->whole_axis) {
        struct str low = measure_number(f, info->min);
        struct str high = measure_number(f, info->max);
        if (info->direction == MEASURE_HIGHER_BETTER) {
            msg_measure_note_higher(t, low, high);
        } else {
            msg_measure_note_lower(t, low, high);
        }
        return end(&w, f);
    }
    struct str unit = unit_word(f, info);
    switch (info->direction) {
    case MEASURE_HIGHER_BETTER: msg_measure_note_unit_higher(t, unit); break;
    case MEASURE_LOWER_BETTER: msg_measure_note_unit_lower(t, unit); break;
    case MEASURE_NEITHER_BETTER: msg_measure_note_unit(t, unit); break;
    }
    return end(&w, f);
}

/* ---- a change ---- */

static struct str judge(
    const struct format *f, const struct measure_info *info, const struct measure_change *change)
{
    bool has_error = info->error.basis != MEASURE_BASIS_NONE;
    bool has_important = info->important.basis != MEASURE_BASIS_NONE;
    if (!has_error && !has_important) return say(f, msg_measure_unjudged);
    if (!has_error) {
        return say(
            f, change->important ? msg_measure_important_unknown : msg_measure_small_unknown);
    }
    if (change->beyond_error && change->important) {
        return say(f, change->trend == MEASURE_WORSE ? msg_measure_beyond_important_worse
                                                     : msg_measure_beyond_important);
    }
    if (change->beyond_error)
        return say(f, has_important ? msg_measure_beyond : msg_measure_beyond_only);
    return say(f, change->important ? msg_measure_important : msg_measure_within);
}

struct str measure_change_sentence(const struct format *f, enum measure measure, int32_t first,
    int32_t last, const struct measure_change *change)
{
    const struct measure_info *info = measure_info(measure);
    if (!info || !change->is_known) return (struct str){0};
    struct writer w;
    struct str from = measure_value(f, measure, first);
    struct str to = measure_value(f, measure, last);
    if (change->trend == MEASURE_SAME) {
        msg_measure_same(begin(&w, f), from, to);
    } else {
        struct str judged = judge(f, info, change);
        msg_measure_change(begin(&w, f), from, to, judged);
    }
    return end(&w, f);
}

/* ---- a panel ---- */

/* A step of 1, 2 or 5 times a power of ten in hundredths, at most TICKS - 1 of them in the span. */
static int32_t nice_step(int32_t span)
{
    static const int32_t heads[] = {1, 2, 5};
    for (int32_t power = 10;; power *= 10) {
        for (size_t i = 0; i < COUNT_OF(heads); i++) {
            if (heads[i] * power * (TICKS - 1) >= span || power >= 10000000)
                return heads[i] * power;
        }
    }
}

static int32_t floor_to(int32_t value, int32_t step)
{
    int32_t rest = value % step;
    return value - rest - (rest < 0 ? step : 0);
}

/* All of the scale, or what is near the values and their bounds, a step around it. */
static void set_axis(const struct format *f, const struct measure_info *info,
    struct series_panel *panel, int32_t low, int32_t high)
{
    int32_t step;
    if (info->whole_axis) {
        low = info->min;
        high = info->max;
        step = high - low == 1000 ? 500 : 300;
    } else {
        int32_t air = nice_step(high - low > 0 ? high - low : info->step * 4);
        step = nice_step(high - low + air);
        low = floor_to(low - air / 4, step);
        high = floor_to(high + air / 4 + step - 1, step);
        if (high <= low) high = low + step;
        while ((high - low) / step > TICKS - 1)
            step *= 2;
    }
    struct svg_value_tick *ticks = ARENA_ARRAY(f->arena, TICKS, struct svg_value_tick);
    for (int32_t at = low; at <= high && panel->tick_count < TICKS; at += step)
        ticks[panel->tick_count++] = (struct svg_value_tick){at / 100.0, measure_number(f, at)};
    panel->ticks = ticks;
    panel->low = low / 100.0;
    panel->high = high / 100.0;
}

static void set_points(const struct format *f, const struct tz *tz, enum measure measure,
    const struct measure_point *points, size_t count, struct series_panel *panel)
{
    struct series_point *drawn = ARENA_ARRAY(f->arena, count, struct series_point);
    for (size_t i = 0; i < count; i++) {
        if (points[i].value == MEASURE_NONE) continue;
        struct str value = measure_value(f, measure, points[i].value);
        drawn[panel->count++] = (struct series_point){
            .t_days = points[i].t_days,
            .value = points[i].value / 100.0,
            .spontaneous = points[i].spontaneous,
            .label = measure_number(f, points[i].value),
            .say = arena_printf(f->arena, "%.*s: %.*s",
                STR_ARG(chart_when(f, tz, points[i].t_days)), STR_ARG(value)),
        };
    }
    panel->points = drawn;
}

struct series_panel measure_panel(const struct format *f, const struct tz *tz, enum measure measure,
    struct str title, const struct measure_point *points, size_t count, int32_t first,
    int32_t baseline, int32_t error_points)
{
    const struct measure_info *info = measure_info(measure);
    CHECK(info);
    struct series_panel panel = {
        .title = title.len ? title : measure_name(f, measure),
        .note = measure_note(f, measure),
    };
    int32_t low = INT32_MAX;
    int32_t high = INT32_MIN;
    for (size_t i = 0; i < count; i++) {
        int32_t value = points[i].value;
        if (value == MEASURE_NONE) continue;
        CHECK(value >= info->min && value <= info->max);
        if (first == MEASURE_NONE) first = value;
        if (value < low) low = value;
        if (value > high) high = value;
    }
    if (low > high) low = high = info->min;
    if (baseline == MEASURE_NONE) baseline = first;
    int32_t error_low;
    int32_t error_high;
    int32_t important;
    panel.has_error = measure_error_span(measure, first, error_points, &error_low, &error_high);
    if (panel.has_error) {
        panel.error_low = error_low / 100.0;
        panel.error_high = error_high / 100.0;
        if (error_low < low) low = error_low;
        if (error_high > high) high = error_high;
    }
    panel.has_important = measure_important_line(measure, baseline, &important);
    if (panel.has_important) {
        panel.important = important / 100.0;
        panel.important_is_lower = info->direction == MEASURE_LOWER_BETTER;
        if (important < low) low = important;
        if (important > high) high = important;
    }
    set_axis(f, info, &panel, low, high);
    set_points(f, tz, measure, points, count, &panel);
    return panel;
}

/* ---- the chart and its table ---- */

void measure_chart_words(
    const struct format *f, const struct tz *tz, bool you, struct series_chart *chart)
{
    struct writer w;
    double from = INFINITY;
    double to = -INFINITY;
    for (size_t i = 0; i < chart->panel_count; i++) {
        const struct series_panel *panel = &chart->panels[i];
        if (!panel->count) continue;
        from = fmin(from, panel->points[0].t_days);
        to = fmax(to, panel->points[panel->count - 1].t_days);
    }
    chart->title = say(f, you ? msg_series_title_you : msg_series_title);
    if (from <= to) {
        msg_series_measures(begin(&w, f), (int64_t)chart->panel_count);
        struct str count = end(&w, f);
        struct str first;
        struct str last;
        chart_span(f, tz, from, to, &first, &last);
        msg_series_description(begin(&w, f), count, first, last);
        chart->description = end(&w, f);
    } else {
        chart->description = say(f, msg_relief_chart_empty);
    }
    chart->legend[SERIES_CHART_CHECK_IN] = say(f, msg_relief_legend_check_in);
    chart->legend[SERIES_CHART_SPONTANEOUS] =
        say(f, you ? msg_relief_legend_spontaneous : msg_relief_legend_spontaneous_them);
    if (chart->session_count)
        chart->legend[SERIES_CHART_SESSION] = say(f, msg_series_legend_session);
    chart->legend[SERIES_CHART_ERROR] = say(f, msg_series_legend_error);
    chart->legend[SERIES_CHART_IMPORTANT] = say(f, msg_series_legend_important);
}

void measure_table_write(struct sb *sb, const struct format *f, const struct tz *tz,
    enum measure measure, struct str title, const struct measure_point *points, size_t count)
{
    enum { COLUMNS = 2 };
    if (!title.len) title = measure_name(f, measure);
    struct str heads[COLUMNS] = {say(f, msg_relief_table_when), title};
    struct str *cells = ARENA_ARRAY(f->arena, LIMIT_CHART_TABLE_ROWS * COLUMNS, struct str);
    size_t rows = 0;
    size_t all = 0;
    for (size_t i = count; i-- > 0;) {
        if (points[i].value == MEASURE_NONE) continue;
        if (all++ >= LIMIT_CHART_TABLE_ROWS) continue;
        cells[rows * COLUMNS] = chart_when(f, tz, points[i].t_days);
        cells[rows * COLUMNS + 1] = measure_value(f, measure, points[i].value);
        rows++;
    }
    struct str note = {0};
    if (rows < all) {
        struct writer w;
        msg_relief_table_newest(begin(&w, f), (int64_t)rows, (int64_t)all);
        note = end(&w, f);
    }
    struct chart_table table = {
        .caption = title,
        .summary = say(f, msg_relief_table_show),
        .note = note,
        .heads = heads,
        .column_count = COLUMNS,
        .cells = cells,
        .row_count = rows,
    };
    chart_table_write(sb, &table);
}

#include "web/charts/chart_dates.h"

#include "web/words/msg_gen.h"

#include <math.h>

#include "base/banned.h"

/* Within the years that have names, with room for ticks on either side. */
#define FIRST_DAY (-719000.0)
#define LAST_DAY 2932000.0

enum { TEXT_MAX = 128, WEEK = 7, LONGEST_IN_WEEKS = 300 };

double chart_days(utc_us instant)
{
    return (double)instant / (double)US_PER_DAY;
}

static double within(double t_days)
{
    return isfinite(t_days) ? fmin(fmax(t_days, FIRST_DAY), LAST_DAY) : 0;
}

struct local_time chart_local(const struct tz *tz, double t_days)
{
    /* whole seconds: a day's fraction has no exact microseconds */
    utc_us instant = llround(within(t_days) * 86400) * US_PER_SECOND;
    return tz ? tz_utc_to_local(tz, instant) : local_from_utc(instant);
}

struct str chart_day(const struct format *f, date_day date)
{
    char text[TEXT_MAX];
    struct sb sb;
    sb_init_fixed(&sb, text, sizeof text);
    struct tmpl t = {.out = &sb, .lang = f->lang};
    struct str day = format_day_number(f, date);
    struct str month = f->months_short[date_to_civil(date).month - 1];
    if (f->us) {
        msg_chart_day_us(&t, month, day);
    } else {
        msg_chart_day(&t, day, month);
    }
    return arena_str(f->arena, sb_str(&sb));
}

static struct str day_with_year(const struct format *f, date_day date)
{
    char text[TEXT_MAX];
    struct sb sb;
    sb_init_fixed(&sb, text, sizeof text);
    struct tmpl t = {.out = &sb, .lang = f->lang};
    struct civil_date civil = date_to_civil(date);
    struct str day = format_day_number(f, date);
    struct str month = f->months_short[civil.month - 1];
    struct str year = arena_printf(f->arena, "%d", civil.year);
    if (f->us) {
        msg_chart_date_us(&t, month, day, year);
    } else {
        msg_chart_date(&t, day, month, year);
    }
    return arena_str(f->arena, sb_str(&sb));
}

void chart_span(const struct format *f, const struct tz *tz, double from, double to,
    struct str *ret_from, struct str *ret_to)
{
    date_day first = chart_local(tz, from).date;
    date_day last = chart_local(tz, to).date;
    bool one_year = date_to_civil(first).year == date_to_civil(last).year;
    *ret_from = one_year ? chart_day(f, first) : day_with_year(f, first);
    *ret_to = one_year ? chart_day(f, last) : day_with_year(f, last);
}

struct str chart_when(const struct format *f, const struct tz *tz, double t_days)
{
    char text[TEXT_MAX];
    struct sb sb;
    sb_init_fixed(&sb, text, sizeof text);
    struct tmpl t = {.out = &sb, .lang = f->lang};
    struct local_time local = chart_local(tz, t_days);
    msg_when(&t, format_date_short(f, local.date), format_time(f, local));
    return arena_str(f->arena, sb_str(&sb));
}

static double midnight(const struct tz *tz, date_day date)
{
    struct local_time local = {date, 0};
    return tz ? chart_days(tz_opening(tz, local)) : date;
}

/* "Mar"; with its year where that is not the year before it. */
static struct str month_label(const struct format *f, date_day date, int *year)
{
    struct civil_date civil = date_to_civil(date);
    struct str month = f->months_short[civil.month - 1];
    if (civil.year == *year) return month;
    *year = civil.year;
    char text[TEXT_MAX];
    struct sb sb;
    sb_init_fixed(&sb, text, sizeof text);
    struct tmpl t = {.out = &sb, .lang = f->lang};
    msg_chart_month_year(&t, month, arena_printf(f->arena, "%d", civil.year));
    return arena_str(f->arena, sb_str(&sb));
}

static size_t month_ticks(const struct format *f, const struct tz *tz, date_day first,
    date_day last, struct svg_tick ret_ticks[CHART_TICKS])
{
    static const int steps[] = {1, 2, 3, 6, 12, 24, 60, 120, 600, 1200, 6000, 24000};
    size_t step = 0;
    while (step + 1 < COUNT_OF(steps) && (last - first) / 28 / steps[step] + 1 > CHART_TICKS)
        step++;
    date_day month = date_first_of_month(first);
    if (month < first) month = date_add_months(month, 1);
    size_t count = 0;
    int year = 0;
    for (; month <= last && count < CHART_TICKS; month = date_add_months(month, steps[step])) {
        ret_ticks[count] = (struct svg_tick){midnight(tz, month), month_label(f, month, &year)};
        count++;
    }
    return count;
}

size_t chart_ticks(const struct format *f, const struct tz *tz, double from, double to,
    struct svg_tick ret_ticks[CHART_TICKS])
{
    date_day first = chart_local(tz, from).date;
    date_day last = chart_local(tz, to).date;
    if (midnight(tz, first) < within(from)) first++;
    if (last - first > LONGEST_IN_WEEKS) return month_ticks(f, tz, first, last, ret_ticks);
    int step = last - first < CHART_TICKS ? 1 : last - first < 2 * CHART_TICKS ? 2 : WEEK;
    while ((last - first) / step + 1 > CHART_TICKS)
        step *= 2;
    date_day day = first;
    if (step >= WEEK) {
        day = format_first_of_week(f, first);
        if (day < first) day += WEEK;
    }
    size_t count = 0;
    for (; day <= last && count < CHART_TICKS; day += step)
        ret_ticks[count++] = (struct svg_tick){midnight(tz, day), chart_day(f, day)};
    return count;
}

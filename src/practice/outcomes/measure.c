#include "practice/outcomes/measure.h"

#include <math.h>
#include <stdlib.h>

#include "base/banned.h"

enum { ROM_INCLINOMETER = 600, ROM_GONIOMETER = 1000, ROM_APP = 1200, ROM_EYE = 1400 };

/* Ratings from 0 to 10. The error of pain is that of two single ratings in the relief model
 * (SEM .8; relief_change_is_reliable), so that the program says one thing. */
#define TENTHS .unit = STR_INIT(""), .min = 0, .max = 1000, .whole_axis = true
#define PAIN_SIZES .sizes = {15, 30, 50}, .sizes_in_percent = true
#define FARRAR                                                                                     \
    .source = STR_INIT("Farrar 2001, n = 2724"), .doi = STR_INIT("10.1016/s0304-3959(01)00349-9")
#define BY_ANALOGY .source = STR_INIT("as for pain, by analogy")

#define RATING_LIKE_PAIN(number, name)                                                             \
    {                                                                                              \
        .measure = number, .key = STR_INIT(name), TENTHS, .step = 100,                             \
        .direction = MEASURE_LOWER_BETTER,                                                         \
        .error = {.basis = MEASURE_BASIS_JUDGED, .points = 220, BY_ANALOGY},                       \
        .important = {.basis = MEASURE_BASIS_JUDGED,                                               \
            .either = true,                                                                        \
            .points = 200,                                                                         \
            .percent = 30,                                                                         \
            BY_ANALOGY},                                                                           \
        PAIN_SIZES                                                                                 \
    }

/* One activity: what is important is known of the mean of several only. */
#define ACTIVITY(number, name)                                                                     \
    {                                                                                              \
        .measure = number, .key = STR_INIT(name), TENTHS, .step = 100,                             \
        .direction = MEASURE_HIGHER_BETTER, .error = {                                             \
            .basis = MEASURE_BASIS_COMMON,                                                         \
            .points = 300                                                                          \
        }                                                                                          \
    }

static const struct measure_info table[] = {
    {.measure = MEASURE_PAIN,
        .key = STR_INIT("pain"),
        TENTHS,
        .step = 100,
        .direction = MEASURE_LOWER_BETTER,
        .error = {.basis = MEASURE_BASIS_COMMON,
            .points = 220,
            .source = STR_INIT("standard error of one rating .8")},
        .important =
            {.basis = MEASURE_BASIS_STUDY, .either = true, .points = 200, .percent = 30, FARRAR},
        PAIN_SIZES},
    RATING_LIKE_PAIN(MEASURE_TENSION, "tension"),
    RATING_LIKE_PAIN(MEASURE_STRESS, "stress"),
    {.measure = MEASURE_SLEEP_HOURS,
        .key = STR_INIT("sleep_hours"),
        .unit = STR_INIT("h"),
        .min = 0,
        .max = 1600,
        .step = 25,
        .direction = MEASURE_HIGHER_BETTER,
        .important = {.basis = MEASURE_BASIS_STUDY,
            .points = 25,
            .source = STR_INIT("15 minutes of total sleep, means of a diary"),
            .doi = STR_INIT("10.5664/jcsm.8988")}},
    {.measure = MEASURE_SLEEP_QUALITY,
        .key = STR_INIT("sleep_quality"),
        TENTHS,
        .step = 100,
        .direction = MEASURE_HIGHER_BETTER},
    RATING_LIKE_PAIN(MEASURE_NUMBNESS, "numbness"),
    ACTIVITY(MEASURE_ACTIVITY_1, "activity_1"),
    ACTIVITY(MEASURE_ACTIVITY_2, "activity_2"),
    ACTIVITY(MEASURE_ACTIVITY_3, "activity_3"),
    ACTIVITY(MEASURE_ACTIVITY_4, "activity_4"),
    ACTIVITY(MEASURE_ACTIVITY_5, "activity_5"),
    /* Of the three published sizes the middle one counts as important: the small one (1.3) lies
     * well within the error. */
    {.measure = MEASURE_ACTIVITIES,
        .key = STR_INIT("activities"),
        TENTHS,
        .step = 1,
        .direction = MEASURE_HIGHER_BETTER,
        .error = {.basis = MEASURE_BASIS_COMMON, .points = 200},
        .important = {.basis = MEASURE_BASIS_STUDY,
            .points = 230,
            .source = STR_INIT("Abbott & Schmitt 2014, n = 1708"),
            .doi = STR_INIT("10.2519/jospt.2014.5248")},
        .sizes = {130, 230, 270}},
    /* 1.96 √2 SEM with a SEM of 1.0, between the published .78 and 1.22 */
    {.measure = MEASURE_PEG,
        .key = STR_INIT("peg"),
        TENTHS,
        .step = 1,
        .direction = MEASURE_LOWER_BETTER,
        .error = {.basis = MEASURE_BASIS_DERIVED,
            .points = 277,
            .source = STR_INIT("from a standard error of 1.0 (published: .78 to 1.22)")},
        .important = {.basis = MEASURE_BASIS_STUDY,
            .points = 100,
            .source = STR_INIT("Reed 2024, n = 1710"),
            .doi = STR_INIT("10.1016/j.jpain.2023.07.028")}},
    {.measure = MEASURE_PPT,
        .key = STR_INIT("ppt"),
        .unit = STR_INIT("kPa"),
        .min = 2000,
        .max = 150000,
        .step = 100,
        .direction = MEASURE_HIGHER_BETTER,
        .error = {.basis = MEASURE_BASIS_JUDGED,
            .points = 5000,
            .percent = 20,
            .source = STR_INIT("50 kPa and 20 %; agreement across days .76 to .79, Walton 2011")}},
    {.measure = MEASURE_ROM,
        .key = STR_INIT("rom"),
        .unit = STR_INIT("°"),
        .min = -2000,
        .max = 20000,
        .step = 100,
        .direction = MEASURE_HIGHER_BETTER,
        .error = {.basis = MEASURE_BASIS_STUDY,
            .points = ROM_EYE,
            .source = STR_INIT("inclinometer 6, long goniometer 10, app 12, by eye 14 degrees")}},
    {.measure = MEASURE_GIRTH,
        .key = STR_INIT("girth"),
        .unit = STR_INIT("cm"),
        .min = 500,
        .max = 20000,
        .step = 10,
        .direction = MEASURE_NEITHER_BETTER,
        .error = {.basis = MEASURE_BASIS_COMMON, .points = 100}},
    {.measure = MEASURE_HEART_RATE,
        .key = STR_INIT("heart_rate"),
        .unit = STR_INIT("bpm"),
        .min = 3000,
        .max = 22000,
        .step = 100,
        .direction = MEASURE_NEITHER_BETTER,
        .error = {.basis = MEASURE_BASIS_STUDY, .percent = 14}},
    {.measure = MEASURE_RMSSD,
        .key = STR_INIT("rmssd"),
        .unit = STR_INIT("ms"),
        .min = 100,
        .max = 30000,
        .step = 10,
        .direction = MEASURE_NEITHER_BETTER,
        .error = {.basis = MEASURE_BASIS_DERIVED,
            .ratio_hundredths = 170,
            .source = STR_INIT("from a variation of 21 % of its logarithm")}},
    {.measure = MEASURE_PHQ4,
        .key = STR_INIT("phq4"),
        .unit = STR_INIT(""),
        .min = 0,
        .max = 1200,
        .step = 100,
        .whole_axis = true,
        .direction = MEASURE_LOWER_BETTER},
    /* Its values are changes themselves: 1 and 2 are "very much" and "much improved". */
    {.measure = MEASURE_PGIC,
        .key = STR_INIT("pgic"),
        .unit = STR_INIT(""),
        .min = 100,
        .max = 700,
        .step = 100,
        .whole_axis = true,
        .direction = MEASURE_LOWER_BETTER},
};

const struct measure_info *measure_at(size_t index)
{
    return index < COUNT_OF(table) ? &table[index] : NULL;
}

const struct measure_info *measure_info(enum measure measure)
{
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        if (table[i].measure == measure) return &table[i];
    }
    return NULL;
}

bool measure_by_key(struct str key, enum measure *ret_measure)
{
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        if (!str_eq(table[i].key, key)) continue;
        *ret_measure = table[i].measure;
        return true;
    }
    return false;
}

bool measure_value_is_valid(enum measure measure, int32_t value)
{
    const struct measure_info *info = measure_info(measure);
    return info && value >= info->min && value <= info->max && value % info->step == 0;
}

int32_t measure_rom_error(enum measure_rom_method method)
{
    switch (method) {
    case MEASURE_ROM_INCLINOMETER: return ROM_INCLINOMETER;
    case MEASURE_ROM_GONIOMETER: return ROM_GONIOMETER;
    case MEASURE_ROM_APP: return ROM_APP;
    case MEASURE_ROM_EYE:
    case MEASURE_ROM_UNKNOWN: break;
    }
    return ROM_EYE;
}

/* ---- changes ---- */

/* Products of hundredths and percentages leave int32. */
static bool by_percent(int32_t from, int64_t difference, int32_t percent)
{
    return llabs((long long)difference) * 100 >= llabs((long long)from) * percent;
}

static bool by_ratio(int32_t a, int32_t b, int32_t ratio_hundredths)
{
    int32_t low = a < b ? a : b;
    int32_t high = a < b ? b : a;
    return low > 0 && (int64_t)high * 100 >= (int64_t)low * ratio_hundredths;
}

/* Whether `from` to `to` is as large as the bound; percentages are left out where they mean
 * little. */
static bool reaches(const struct measure_bound *bound, int32_t from, int32_t to, bool use_percent)
{
    int64_t difference = (int64_t)to - from;
    bool any = false;
    bool all = bound->basis != MEASURE_BASIS_NONE;
    bool parts[] = {
        bound->points > 0 && llabs((long long)difference) >= bound->points,
        bound->percent > 0 && use_percent && by_percent(from, difference, bound->percent),
        bound->ratio_hundredths > 0 && by_ratio(from, to, bound->ratio_hundredths),
    };
    bool asked[] = {bound->points > 0, bound->percent > 0, bound->ratio_hundredths > 0};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        any = any || parts[i];
        all = all && (parts[i] || !asked[i]);
    }
    return bound->either ? any : all;
}

static enum measure_trend trend_of(enum measure_direction direction, int64_t difference)
{
    if (difference == 0) return MEASURE_SAME;
    switch (direction) {
    case MEASURE_LOWER_BETTER: return difference < 0 ? MEASURE_BETTER : MEASURE_WORSE;
    case MEASURE_HIGHER_BETTER: return difference > 0 ? MEASURE_BETTER : MEASURE_WORSE;
    case MEASURE_NEITHER_BETTER: break;
    }
    return difference < 0 ? MEASURE_LOWER : MEASURE_HIGHER;
}

static int size_of(const struct measure_info *info, int32_t baseline, int64_t difference)
{
    if (trend_of(info->direction, difference) != MEASURE_BETTER) return 0;
    if (info->sizes_in_percent && baseline < MEASURE_PERCENT_FROM) return 0;
    int size = 0;
    for (int i = 0; i < 3 && info->sizes[i] > 0; i++) {
        bool reached = info->sizes_in_percent ? by_percent(baseline, difference, info->sizes[i])
                                              : llabs((long long)difference) >= info->sizes[i];
        if (reached) size = i + 1;
    }
    return size;
}

struct measure_change measure_change_given(
    enum measure measure, int32_t first, int32_t last, int32_t baseline, int32_t error_points)
{
    const struct measure_info *info = measure_info(measure);
    if (!info || first == MEASURE_NONE || last == MEASURE_NONE) return (struct measure_change){0};
    if (baseline == MEASURE_NONE) baseline = first;
    struct measure_bound error = info->error;
    if (error_points != MEASURE_NONE) {
        error.points = error_points;
        if (error.basis == MEASURE_BASIS_NONE) error.basis = MEASURE_BASIS_JUDGED;
    }
    int64_t gained = (int64_t)last - baseline;
    /* "30 % less" was found of people who got better; a worse rating needs its points. */
    bool use_percent = trend_of(info->direction, gained) != MEASURE_WORSE &&
                       (!info->important.either || baseline >= MEASURE_PERCENT_FROM);
    int64_t difference = (int64_t)last - first;
    return (struct measure_change){
        .is_known = true,
        .difference = (int32_t)difference,
        .trend = trend_of(info->direction, difference),
        .beyond_error = reaches(&error, first, last, true),
        .important = measure == MEASURE_PGIC
                         ? last <= 200
                         : reaches(&info->important, baseline, last, use_percent),
        .size = size_of(info, baseline, gained),
    };
}

struct measure_change measure_change(
    enum measure measure, int32_t first, int32_t last, int32_t baseline)
{
    return measure_change_given(measure, first, last, baseline, MEASURE_NONE);
}

/* ---- for charts ---- */

static int32_t clamp(int64_t value, const struct measure_info *info)
{
    return (int32_t)(value < info->min ? info->min : value > info->max ? info->max : value);
}

bool measure_error_span(
    enum measure measure, int32_t first, int32_t error_points, int32_t *ret_low, int32_t *ret_high)
{
    const struct measure_info *info = measure_info(measure);
    if (!info || first == MEASURE_NONE) return false;
    const struct measure_bound *error = &info->error;
    if (error->basis == MEASURE_BASIS_NONE && error_points == MEASURE_NONE) return false;
    if (error->ratio_hundredths > 0) {
        *ret_low = clamp((int64_t)first * 100 / error->ratio_hundredths, info);
        *ret_high = clamp((int64_t)first * error->ratio_hundredths / 100, info);
        return true;
    }
    /* All parts must hold, so the widest of them is the bound. */
    int64_t points = error_points != MEASURE_NONE ? error_points : error->points;
    int64_t share = llabs((long long)first) * error->percent / 100;
    int64_t reach = points > share ? points : share;
    *ret_low = clamp(first - reach, info);
    *ret_high = clamp(first + reach, info);
    return true;
}

bool measure_important_line(enum measure measure, int32_t baseline, int32_t *ret_value)
{
    const struct measure_info *info = measure_info(measure);
    if (!info || baseline == MEASURE_NONE) return false;
    const struct measure_bound *bound = &info->important;
    if (bound->basis == MEASURE_BASIS_NONE || info->direction == MEASURE_NEITHER_BETTER)
        return false;
    int64_t reach = bound->points;
    /* either the points or the percentage: whichever comes first */
    if (bound->percent > 0 && baseline >= MEASURE_PERCENT_FROM) {
        int64_t share = ((int64_t)baseline * bound->percent + 99) / 100;
        if (reach == 0 || share < reach) reach = share;
    }
    int64_t value = info->direction == MEASURE_LOWER_BETTER ? baseline - reach : baseline + reach;
    /* beyond the scale's end nobody can get */
    if (reach == 0 || value < info->min || value > info->max) return false;
    *ret_value = (int32_t)value;
    return true;
}

int32_t measure_log_mean(const int32_t *values, size_t count)
{
    double sum = 0;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (values[i] <= 0) continue;
        sum += log(values[i]);
        used++;
    }
    return used ? (int32_t)lround(exp(sum / (double)used)) : MEASURE_NONE;
}

/* measure: what clients and therapists measure, and what a change of it may be called.
 *
 * Values are hundredths of the measure's unit (pain 7 is 700, 5 h 45 min of sleep is 575), so that
 * this floor needs no floating point. "Beyond measurement error" and "important" are two different
 * questions with two different bounds, either of which may be missing; neither stands for the
 * other. Where a bound is missing the answer is no.
 *
 * Numbers of the enum are stored: they never change. Pure, no tables of the database. */
#ifndef BALM_PRACTICE_OUTCOMES_MEASURE_H
#define BALM_PRACTICE_OUTCOMES_MEASURE_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum measure {
    MEASURE_PAIN = 1,
    MEASURE_TENSION = 2,
    MEASURE_STRESS = 3,
    MEASURE_SLEEP_HOURS = 4,
    MEASURE_SLEEP_QUALITY = 5, /* 10 is the best */
    MEASURE_NUMBNESS = 6,
    MEASURE_ACTIVITY_1 = 11, /* activities that the client named; 10 is able as before */
    MEASURE_ACTIVITY_2 = 12,
    MEASURE_ACTIVITY_3 = 13,
    MEASURE_ACTIVITY_4 = 14,
    MEASURE_ACTIVITY_5 = 15,
    MEASURE_ACTIVITIES = 16, /* their mean */
    MEASURE_PEG = 20,        /* pain, enjoyment, general activity: the mean of three */
    MEASURE_PPT = 21,        /* pressure pain threshold */
    MEASURE_ROM = 22,        /* range of motion */
    MEASURE_GIRTH = 23,
    MEASURE_HEART_RATE = 24, /* resting */
    MEASURE_RMSSD = 25,
    MEASURE_PHQ4 = 26,
    MEASURE_PGIC = 27, /* 1 very much improved ... 4 no change ... 7 very much worse */
};

/* No value: absent first, last, baseline or bound. */
#define MEASURE_NONE INT32_MIN

enum measure_direction { MEASURE_NEITHER_BETTER, MEASURE_LOWER_BETTER, MEASURE_HIGHER_BETTER };

/* On what a bound stands. */
enum measure_basis {
    MEASURE_BASIS_NONE,   /* there is no bound */
    MEASURE_BASIS_STUDY,  /* read at its source */
    MEASURE_BASIS_COMMON, /* commonly cited */
    MEASURE_BASIS_DERIVED,
    MEASURE_BASIS_JUDGED, /* our judgement, or by analogy */
};

/* How large a change must be. Parts that are 0 do not count; with `either` one part is enough,
 * otherwise all must hold. Percentages are of the baseline. */
struct measure_bound {
    enum measure_basis basis;
    bool either;
    int32_t points;           /* hundredths of the unit */
    int32_t percent;          /* whole percent */
    int32_t ratio_hundredths; /* 170: times or divided by 1.7 */
    struct str source;
    struct str doi;
};

struct measure_info {
    enum measure measure;
    struct str key;  /* "pain": for forms, files and addresses */
    struct str unit; /* the same in every language; empty for ratings */
    int32_t min;
    int32_t max;
    int32_t step;    /* of an entry; 1 for means */
    bool whole_axis; /* charts show all of min to max; others show what is near the values */
    enum measure_direction direction;
    struct measure_bound error;
    struct measure_bound important;
    int32_t sizes[3];      /* of an improvement: small, medium, large; 0 where there are none */
    bool sizes_in_percent; /* of the baseline; otherwise in hundredths */
};

enum measure_trend { MEASURE_SAME, MEASURE_BETTER, MEASURE_WORSE, MEASURE_LOWER, MEASURE_HIGHER };

struct measure_change {
    bool is_known;            /* first and last are there */
    int32_t difference;       /* last - first */
    enum measure_trend trend; /* LOWER and HIGHER where neither direction is better */
    bool beyond_error;        /* two single values differ by more than their error */
    bool important;           /* as large as people call worth having (or worth worrying about) */
    int size;                 /* improvement: 0 none, 1-3 the sizes of the measure (15/30/50 %) */
};

/* NULL for a number that is no measure. */
const struct measure_info *measure_info(enum measure measure);
bool measure_by_key(struct str key, enum measure *ret_measure);
/* All measures in the order of their numbers: index 0 on; NULL behind the last. */
const struct measure_info *measure_at(size_t index);
/* Within min and max, on a step. */
bool measure_value_is_valid(enum measure measure, int32_t value);

/* From `first` to `last`. `baseline` is what percentages are of: the mean before the first session,
 * say; MEASURE_NONE takes `first`. The important change and its size are reckoned from the
 * baseline, the error between first and last. */
struct measure_change measure_change(
    enum measure measure, int32_t first, int32_t last, int32_t baseline);

/* The same where the error of the instrument is known (range of motion): in hundredths. */
struct measure_change measure_change_given(
    enum measure measure, int32_t first, int32_t last, int32_t baseline, int32_t error_points);

enum measure_rom_method {
    MEASURE_ROM_UNKNOWN, /* as by eye: the largest error */
    MEASURE_ROM_INCLINOMETER,
    MEASURE_ROM_GONIOMETER, /* long arms */
    MEASURE_ROM_APP,
    MEASURE_ROM_EYE,
};
int32_t measure_rom_error(enum measure_rom_method method);

/* The values between which a change from `first` cannot be told from error; clamped to the range.
 * False where the measure has no such bound. */
bool measure_error_span(
    enum measure measure, int32_t first, int32_t error_points, int32_t *ret_low, int32_t *ret_high);

/* Where an important improvement on `baseline` begins; false where none is agreed. */
bool measure_important_line(enum measure measure, int32_t baseline, int32_t *ret_value);

/* A percentage of a smaller start than this says little (3 points of ten). */
enum { MEASURE_PERCENT_FROM = 300 };

/* The geometric mean, for RMSSD over seven days; MEASURE_NONE of no positive value. */
int32_t measure_log_mean(const int32_t *values, size_t count);

#endif

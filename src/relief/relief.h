/* The relief model: how much relief sessions give one client, how long it lasts, whether the level
 * of pain changes and when the next session would be due, with honest uncertainty from few data.
 *
 * Pure: arrays in, numbers out; no file, no clock, no global state. The same rows in any order give
 * the same answer. Everything that a fit needs is taken from the caller's arena at its start (a
 * fixed amount and one copy of the rows), nothing per observation; the fit lives as long as the
 * arena. No input yields a NaN or an infinity: rows that cannot be are refused.
 *
 * Units: time in days (UTC seconds / 86400, day 0 at any midnight), pain in points of the 0-10
 * scale, probabilities 0-1.
 *
 * Sources of the formulas: a local level with an Ornstein-Uhlenbeck deviation in state-space form
 * (Durbin & Koopman, Time Series Analysis by State Space Methods, ch. 4: filter, smoother; ch. 6:
 * regression by augmented columns); normal-inverse-gamma regression (Gelman et al., Bayesian Data
 * Analysis, ch. 14); non-overlap of all pairs (Parker & Vannest 2009, its interval after Newcombe
 * 2006); reliable change (Jacobson & Truax 1991). docs/dev/relief.md has the model on one page.
 *
 * Files: grid.c constants and carry-over; filter.c; posterior.c mixture and quantiles; student.c
 * Student's t; quantities.c what is reported; nap.c; statements.c what may be said; bands.c
 * smoothing for the chart; csv.c the rows from text; fit.c puts them together. simulate.h: clients.
 */
#ifndef BALM_RELIEF_RELIEF_H
#define BALM_RELIEF_RELIEF_H

#include "base/arena.h"
#include "base/result.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    RELIEF_TAUS = 17,    /* time constants of the grid */
    RELIEF_CARRIES = 34, /* time constants × {sessions add up, a session resets} */
    RELIEF_NOISES = 27,  /* noise settings */
    RELIEF_FORECAST_DAYS = 14,
};

/* Where two stand at the same instant, the order is: before, session, after and check-in. */
enum relief_kind {
    RELIEF_CHECK_IN = 0,
    RELIEF_BEFORE = 1,
    RELIEF_AFTER = 2,
    RELIEF_SESSION = 3, /* the end of a session: not a rating */
};

struct relief_row {
    double t_days;
    double y; /* rating 0-10; without meaning for a session */
    enum relief_kind kind;
    bool spontaneous; /* a check-in that the client started, not prompted */
};

struct relief_options {
    double trough_points; /* relief that should remain just before the next session; 0 means .5 */
    bool any_rating;      /* simulations: ratings need not lie within 0-10 */
};

/* A posterior distribution in five numbers. */
struct relief_spread {
    double mean;
    double sd;
    double q05;
    double q50;
    double q95;
};

/* What the rows hold: the gates of the statements stand on these. */
struct relief_counts {
    size_t ratings;
    size_t check_ins;
    size_t befores;
    size_t afters;
    size_t spontaneous;
    size_t sessions;
    size_t followed_sessions;  /* with a check-in within 3 days after */
    size_t paired_sessions;    /* with a before- and an after-rating within half a day */
    size_t check_ins_baseline; /* before the first session */
    size_t check_ins_first_3w; /* of the ratings' span */
    size_t check_ins_last_3w;
    size_t ratings_at_ends; /* 0 or 10 */
    double first_rating_days;
    double last_rating_days;
    double longest_gap_days; /* between neighbouring sessions; 0 with fewer than two */
};

/* Non-overlap of all pairs: the share of pairs (check-in before the first session, check-in of the
 * last 21 days) in which the later one is lower. .5 is no difference. Descriptive. */
struct relief_nap {
    size_t before;  /* m */
    size_t recent;  /* n */
    bool is_known;  /* m and n at least 1 */
    bool has_error; /* m and n at least 2: se is known */
    double value;
    double se;
    double low; /* 90 % interval */
    double high;
};

struct relief_posterior; /* the mixture; internal.h */

struct relief_fit {
    struct relief_counts counts;
    double nu;
    double log_evidence;
    double noise_variance;             /* E[σ²] */
    struct relief_spread carry;        /* A: carry-over right after a session; shrunk, report r3 */
    struct relief_spread r3;           /* mean relief over the three days after one session */
    struct relief_spread drop;         /* change in the room, descriptive */
    struct relief_spread level_change; /* first to last rating */
    struct relief_spread level_now;    /* without sessions, at the last rating */
    struct relief_spread pain_now;     /* expected at the last rating */
    struct relief_spread typical;      /* level less the mean carry-over of the last 28 days */
    struct relief_spread half_life;    /* q05, q50, q95 in days; mean and sd are 0 */
    double mean_start_level;           /* E[L0] */
    double p_r3_positive;              /* P(R3 ≥ 0), ≥ .3, ≥ .5 */
    double p_r3_03;
    double p_r3_05;
    double p_drop_2;        /* P(drop ≥ 2) */
    double p_level_lower;   /* P(ΔL < 0) */
    double p_level_lower_1; /* P(ΔL ≤ -1) */
    double p_reduced_15;    /* P(typical pain ≥ 15 % below the start level) ... */
    double p_reduced_30;
    double p_reduced_50;
    double p_reduced_2_points;
    double trough_points;
    double d50_days; /* 0: not even a day; 60: at least 60 */
    double d80_days;
    double p_reset;
    double p_rho[3];
    double p_f[3];
    double p_lambda[3];
    double p_tau[RELIEF_TAUS];
    double tau_days[RELIEF_TAUS];
    struct relief_nap nap;
    const struct relief_posterior *posterior; /* in the arena of the fit */
};

/* Fits the model. `options` may be NULL. ERR_INVALID: a row that cannot be (reason "row", detail
 * names it by position); ERR_LIMIT: more than LIMIT_RELIEF_ROWS rows or LIMIT_RELIEF_DAYS days. */
struct result MUST_CHECK relief_fit_rows(struct arena *arena, const struct relief_row *rows,
    size_t count, const struct relief_options *options, struct relief_fit *ret_fit);

/* P(trough relief ≥ trough_points with sessions every d days), d in days. */
double relief_survival(const struct relief_fit *fit, double d_days);
/* ln of the marginal likelihood of noise setting h (0-26) and carry-over J (0-33). */
double relief_log_ml(const struct relief_fit *fit, size_t h, size_t j);
/* Posterior CDFs at a value, for simulation-based calibration. */
enum relief_quantity {
    RELIEF_Q_CARRY,
    RELIEF_Q_R3,
    RELIEF_Q_DROP,
    RELIEF_Q_LEVEL_CHANGE,
    RELIEF_Q_LEVEL_NOW,
    RELIEF_Q_PAIN_NOW,
    RELIEF_Q_TYPICAL
};
double relief_cdf(const struct relief_fit *fit, enum relief_quantity quantity, double value);

/* Two single ratings differ by more than their error (2.2 points; SEM .8). */
bool relief_change_is_reliable(double before, double after);

/* ---- What may be said: statements.c ---- */

enum relief_carry_over { /* beyond the day of the session */
    RELIEF_CARRY_NOT_ENOUGH,
    RELIEF_CARRY_CLEARLY,
    RELIEF_CARRY_LIKELY,
    RELIEF_CARRY_LITTLE,
    RELIEF_CARRY_UNCLEAR, /* not yet distinguishable from the usual ups and downs */
};

enum relief_interval {
    RELIEF_INTERVAL_NONE,     /* nothing may be said: carry-over is not likely */
    RELIEF_INTERVAL_RANGE,    /* from_days to to_days */
    RELIEF_INTERVAL_UP_TO,    /* at most to_days; a cautious figure lies below a day */
    RELIEF_INTERVAL_AT_LEAST, /* both lie beyond what was tried: from_days and longer is untested */
    RELIEF_INTERVAL_TOO_WEAK, /* no spacing keeps that much relief with even odds */
};

enum relief_level {
    RELIEF_LEVEL_NOT_ENOUGH,
    RELIEF_LEVEL_LOWER, /* always say: what caused it cannot be told from this */
    RELIEF_LEVEL_HIGHER,
    RELIEF_LEVEL_UNCLEAR,
};

/* What is missing until a statement may be made; 0 is nothing. */
struct relief_missing {
    double weeks;
    size_t sessions_followed;
    size_t check_ins;
    size_t check_ins_first_3w; /* these cannot be mended later: see statements.c */
    size_t check_ins_last_3w;
    size_t check_ins_baseline;
    size_t paired_sessions;
    bool start_level_low; /* E[L0] < 3: percentages of little mean little */
};

struct relief_statements {
    enum relief_carry_over carry_over;
    struct relief_missing carry_over_missing;
    bool half_life_may; /* half-life may be given, always as the range q05 to q95 */
    bool half_life_rough;
    enum relief_interval interval;
    double interval_from_days;
    double interval_to_days;
    bool interval_capped; /* by 1.5 × the longest gap between sessions so far */
    enum relief_level level;
    struct relief_missing level_missing;
    bool responder_may;
    struct relief_missing responder_missing;
    bool drop_may;
    struct relief_missing drop_missing;
    bool floor_warning; /* a fifth or more of the ratings at 0 or 10 */
};

struct relief_statements relief_state(const struct relief_fit *fit);

/* ---- For the chart: bands.c ---- */

struct relief_point {
    double t_days;
    double level; /* posterior mean of the level without sessions, and its 90 % band */
    double low;
    double high;
};

struct relief_expected {
    double t_days;
    double level;    /* on the straight lines between the points */
    double pain;     /* expected: level less carry-over */
    bool is_session; /* the line falls here: this is the value right after the session's end */
};

struct relief_bands {
    const struct relief_point *points; /* first to last rating, then the forecast */
    size_t point_count;
    size_t past_count; /* points up to and with the last rating; the rest is forecast */
    const struct relief_expected *expected;
    size_t expected_count;
    size_t expected_past_count;
};

/* Smooths over all components. Without a rating there are no points. forecast_days 0-14. */
struct result MUST_CHECK relief_smooth(struct arena *arena, const struct relief_fit *fit,
    int forecast_days, struct relief_bands *ret_bands);

/* The rows of the fit, sorted. */
const struct relief_row *relief_sorted_rows(const struct relief_fit *fit, size_t *ret_count);

/* ---- Rows from text: csv.c ---- */

struct relief_csv {
    const struct relief_row *rows; /* in the file's order */
    size_t count;
    bool has_dates; /* `time`: t_days counts from 1970-01-01T00:00Z */
};

/* Header `t,kind,spont,y` or `time,kind,spont,y`. Failure: detail is "line 7: ...", in the arena.
 */
struct result MUST_CHECK relief_read_csv(
    struct arena *arena, struct str text, struct relief_csv *ret_csv);

#endif

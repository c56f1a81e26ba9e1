/* A seeded simulator of clients, drawn from the relief model itself or near it: for the
 * demonstration, simulation-based calibration, power tables and benchmarks. The same client gives
 * the same rows on every machine that has IEEE doubles (to rounding of exp and log).
 *
 * Days run from 0; an evening check-in stands at day + .85, a session ends at day + .56 with its
 * before-rating at .50 and its after-rating at the end. Pure; the caller owns the rows. */
#ifndef BALM_RELIEF_SIMULATE_H
#define BALM_RELIEF_SIMULATE_H

#include "relief/relief.h"

#include <stdint.h>

struct relief_dice {
    uint64_t state;
};

double relief_uniform(struct relief_dice *dice); /* (0, 1) */
double relief_normal(struct relief_dice *dice);

struct relief_client {
    uint64_t seed;
    int days;
    int baseline_days;     /* check-ins before the first session */
    double check_in_share; /* of evenings with a check-in, 0-1 */
    int least_gap_days;    /* between sessions, evenly distributed up to most_gap_days */
    int most_gap_days;
    bool books_in_pain;   /* sessions follow bad evenings instead, at least least_gap_days apart */
    bool reports_in_pain; /* bad evenings are likelier to be reported */
    bool without_sessions;
    int first_weekday;    /* of day 0, Monday 0 */
    unsigned closed_days; /* bit n: no sessions on weekday n; they move to the next open day */
    bool without_check_ins;
    bool whole_points; /* rounded and clamped to 0-10 as people rate */

    double start_level;  /* L0 */
    double slope;        /* b, points a day */
    double room_drop;    /* D */
    double before_shift; /* c */
    double carry;        /* A */
    double tau;
    bool reset; /* a session resets the carry-over instead of adding to it */
    double week_sin;
    double week_cos;
    double sigma;
    double rho; /* of the day-to-day deviation */
    double f;   /* its share of the variance */
    double lambda;
};

/* What the model would have to find. */
struct relief_truth {
    double carry;
    double r3;
    double drop;
    double level_change;
    double level_now;
    double pain_now;
    double typical;
};

/* A client like many: level 5.5, no change, the noise in the middle of the grid, three check-ins a
 * week for twelve weeks after a baseline of ten days, sessions every 5-10 days, in whole points. */
struct relief_client relief_client_usual(uint64_t seed);

/* A client whose every parameter is drawn from the model's prior; ratings are not rounded. */
struct relief_client relief_client_from_prior(uint64_t seed);

/* Fills at most `cap` rows; ret_truth may be NULL. Returns how many. */
size_t relief_simulate(const struct relief_client *client, struct relief_row *rows, size_t cap,
    struct relief_truth *ret_truth);

#endif

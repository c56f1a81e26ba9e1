/* Inside of relief/: the grid, the mixture, and what the files hand to each other.
 *
 * Columns of the augmented filter, in this order: y; the seven common regressors L0, b, D, c, g,
 * ws, wc; then the 34 carry-over columns -s. A component (h, J) regresses on the seven and one of
 * the 34, which is why A stands last in every triangular solve: the seven are factored once per h.
 */
#ifndef BALM_RELIEF_INTERNAL_H
#define BALM_RELIEF_INTERNAL_H

#include "relief/relief.h"

enum {
    COMMON = 7,        /* L0 b D c g ws wc */
    LEFT = 1 + COMMON, /* y and the common columns */
    CARRIES = RELIEF_CARRIES,
    CARRIES_PADDED = 36,             /* whole vectors; the padding stays 0 */
    COLUMNS = LEFT + CARRIES_PADDED, /* 44 */
    TAUS = RELIEF_TAUS,
    NOISES = RELIEF_NOISES,
    PARTS = NOISES * CARRIES, /* 918 components */
    BLOCK = 32,               /* observations filtered at a time */
    STUDENT_CELLS = 256,
};

enum { B_L0, B_SLOPE, B_ROOM, B_BEFORE, B_SPONT, B_SIN, B_COS }; /* the common coefficients */

/* ---- grid.c ---- */

struct grid {
    double tau[TAUS];
    double tau_prior[TAUS]; /* sums to 1 */
    double ln_cell;         /* width of a cell in ln τ */
};

struct noise {
    double ln_rho;
    double f;
    double lambda2; /* λ² */
    double prior;
    size_t rho_index;
    size_t f_index;
    size_t lambda_index;
};

#define PRIOR_NU 6.0
#define PRIOR_S0 1.2
#define PRIOR_CARRY_MEAN .5
#define PRIOR_CARRY_SD 1.2
extern const double relief_prior_mean[COMMON];
extern const double relief_prior_sd[COMMON];
extern const double relief_rhos[3];

void grid_init(struct grid *grid);
struct noise noise_of(size_t h);

/* Carry-over s of every (τ, kernel) as time goes on: advance to an instant, then add a session. */
struct carry {
    double s[CARRIES];
    double t;
    double last_session;
    bool any;
};

void carry_advance(const struct grid *grid, struct carry *carry, double t);
void carry_session(struct carry *carry, double t);

/* ---- filter.c ---- */

/* Everything that the observations leave behind in one noise setting. */
struct noise_state {
    double xw[COLUMNS]; /* filtered w and u of every column */
    double xu[COLUMNS];
    double pww, pwu, puu;
    double sum_ln_f;
    double left[LEFT][LEFT]; /* cross-products of the whitened columns, lower triangle */
    double cross[LEFT][CARRIES_PADDED];
    double square[CARRIES_PADDED];
};

struct block {
    size_t count;
    double dt[BLOCK];
    double phi[3][BLOCK];
    double z[BLOCK][COLUMNS];
};

struct rows {
    const struct relief_row *row; /* sorted */
    size_t count;
    double t0; /* first rating, else first row, else 0 */
    double t_end;
};

/* One step of variance and gain: predicts over phi, dt; gives gain and innovation variance. */
struct gain {
    double kw, ku, f;
};
void variance_predict(const struct noise *noise, double phi, double dt, double p[3]);
struct gain variance_update(const struct noise *noise, double p[3]);

/* The regressors of one rating; `carry` stands at its time. */
void columns_of(const struct relief_row *row, const struct rows *rows, const struct carry *carry,
    double z[COLUMNS]);

void filter_rows(const struct grid *grid, const struct rows *rows, struct noise_state *states,
    struct block *block, double (*e)[COLUMNS]);

/* ---- student.c ---- */

/* Student's t for one ν by cubic Hermite interpolation, error below 1e-7. */
struct student {
    double nu;
    double cdf[STUDENT_CELLS + 1];
    double slope[STUDENT_CELLS + 1]; /* density × cell */
};

double ln_gamma(double x); /* x > 0 */
double student_cdf_exact(double x, double nu);
double student_cdf_approx(double x, double nu); /* error ≤ 7.1e-5 for ν ≥ 12 */
double normal_cdf(double x);
void student_init(struct student *student, double nu);
double student_cdf(const struct student *student, double x);

/* ---- posterior.c ---- */

/* The regression of one noise setting: Λ = LL', common part first, A last. */
struct regression {
    double chol[COMMON][COMMON];
    double z[COMMON];                   /* L⁻¹r */
    double row[COMMON][CARRIES_PADDED]; /* the last row of L, by J */
    double diag[CARRIES_PADDED];
    double z_carry[CARRIES_PADDED];
    double s[CARRIES_PADDED]; /* S */
    double ln_ml[CARRIES_PADDED];
    double weight[CARRIES_PADDED];
    double w_column[COLUMNS]; /* filtered w at the last rating, by column */
    double pww;
};

struct relief_posterior {
    struct grid grid;
    struct student student;
    struct rows rows;
    double trough_points;
    double nu;
    double log_evidence;
    struct regression noise[NOISES];
    size_t live_count;          /* components that are not pruned */
    unsigned short live[PARTS]; /* h * CARRIES + J */
    double live_weight[PARTS];
    double s_end[CARRIES];  /* carry-over at the last rating */
    double s_mean[CARRIES]; /* mean over the last 28 days */
};

/* c·β + k·w as asked: coefficients of the common part, of A by J, and of w. */
struct functional {
    double common[COMMON];
    double carry[CARRIES];
    double k;
};

/* A mixture of Student t distributions, all of one ν. */
struct mixture {
    const struct student *student;
    size_t count;
    const double *weight;
    double *loc;
    double *inverse_scale;
    double mean;
    double sd;
};

void posterior_solve(struct relief_posterior *post, const struct noise_state *states);
/* Location and scale² of the 34 components of noise setting h; `w_column` and `pww` describe w. */
void functional_spread(const struct relief_posterior *post, size_t h, const struct functional *f,
    const double *w_column, double pww, double loc[CARRIES], double scale2[CARRIES]);
/* Fills loc and inverse_scale (room for PARTS). */
void mixture_of(
    const struct relief_posterior *post, const struct functional *f, struct mixture *mixture);
void mixture_finish(struct mixture *mixture); /* mean and sd from loc and inverse_scale */
double mixture_cdf(const struct mixture *mixture, double x);
double mixture_quantile(const struct mixture *mixture, double p);
/* The same from a first guess, which may be anywhere. */
double mixture_quantile_near(const struct mixture *mixture, double p, double x);

/* ---- nap.c, quantities.c ---- */

/* `values` has room for `rows->count` doubles, twice. */
struct relief_nap nap_of(const struct rows *rows, double *values);
struct relief_counts counts_of(const struct rows *rows);
void quantities_fill(
    const struct relief_posterior *post, struct mixture *mixture, struct relief_fit *fit);
struct functional functional_for(const struct relief_posterior *post, enum relief_quantity q);

#endif

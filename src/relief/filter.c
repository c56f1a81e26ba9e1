/* The Kalman filter on all columns at once. They share the gain, so one recursion of a 2×2 variance
 * serves 42 columns, and the columns are plain loops that the compiler turns into vector code.
 * Observations are taken in blocks: a block's regressors are made once for all 27 noise settings,
 * and its cross-products are summed while its whitened columns are in the nearest cache. */
#include "relief/internal.h"

#include "base/compiler.h"

#include <math.h>
#include <string.h>

#include "base/banned.h"

#define DAYS_OF_ROOM_DROP 0.2
#define PI 3.14159265358979323846

/* p = {ww, wu, uu} */
void variance_predict(const struct noise *noise, double phi, double dt, double p[3])
{
    p[0] += noise->lambda2 * dt / 7;
    p[1] *= phi;
    p[2] = phi * phi * p[2] + noise->f * (1 - phi * phi);
}

struct gain variance_update(const struct noise *noise, double p[3])
{
    double hw = p[0] + p[1];
    double hu = p[1] + p[2];
    double f = hw + hu + 1 - noise->f;
    struct gain gain = {hw / f, hu / f, f};
    p[0] -= gain.kw * hw;
    p[1] -= gain.kw * hu;
    p[2] -= gain.ku * hu;
    if (p[0] < 0) p[0] = 0;
    if (p[2] < 0) p[2] = 0;
    return gain;
}

void columns_of(const struct relief_row *row, const struct rows *rows, const struct carry *carry,
    double z[COLUMNS])
{
    double angle = 2 * PI * fmod(row->t_days, 7) / 7;
    double room = carry->any ? exp(-(row->t_days - carry->last_session) / DAYS_OF_ROOM_DROP) : 0;
    z[0] = row->y;
    z[1 + B_L0] = 1;
    z[1 + B_SLOPE] = row->t_days - rows->t0;
    z[1 + B_ROOM] = -room;
    z[1 + B_BEFORE] = row->kind == RELIEF_BEFORE;
    z[1 + B_SPONT] = row->kind == RELIEF_CHECK_IN && row->spontaneous;
    z[1 + B_SIN] = sin(angle);
    z[1 + B_COS] = cos(angle);
    for (int j = 0; j < CARRIES; j++)
        z[LEFT + j] = -carry->s[j];
    for (int j = LEFT + CARRIES; j < COLUMNS; j++)
        z[j] = 0;
}

/* Filters one block in one noise setting; e receives the whitened innovations of all columns. */
static ALWAYS_INLINE void filter_block(const struct noise *noise,
    const struct block *restrict block, struct noise_state *restrict state,
    double (*restrict e)[COLUMNS])
{
    double p[3] = {state->pww, state->pwu, state->puu};
    double product = 1; /* of 32 F at most: F lies within .1 and some thousands */
    for (size_t i = 0; i < block->count; i++) {
        double phi = block->phi[noise->rho_index][i];
        variance_predict(noise, phi, block->dt[i], p);
        struct gain gain = variance_update(noise, p);
        double whiten = 1 / sqrt(gain.f);
        product *= gain.f;
        const double *restrict z = block->z[i];
        double *restrict xw = state->xw;
        double *restrict xu = state->xu;
        double *restrict out = e[i];
        for (int c = 0; c < COLUMNS; c++) {
            double u = xu[c] * phi;
            double v = z[c] - xw[c] - u;
            xw[c] += gain.kw * v;
            xu[c] = u + gain.ku * v;
            out[c] = v * whiten;
        }
    }
    state->sum_ln_f += log(product);
    state->pww = p[0];
    state->pwu = p[1];
    state->puu = p[2];
}

/* Four observations at a time, so that a sum is loaded and stored once for four products. `e` is
 * padded with rows of zeros to a multiple of four. */
static ALWAYS_INLINE void add_products(
    const double (*restrict e)[COLUMNS], size_t count, struct noise_state *restrict state)
{
    for (size_t i = 0; i < count; i += 4) {
        const double *restrict r0 = e[i];
        const double *restrict r1 = e[i + 1];
        const double *restrict r2 = e[i + 2];
        const double *restrict r3 = e[i + 3];
        for (int a = 0; a < LEFT; a++) {
            double a0 = r0[a], a1 = r1[a], a2 = r2[a], a3 = r3[a];
            double *restrict left = state->left[a];
            double *restrict cross = state->cross[a];
            for (int b = 0; b < LEFT; b++)
                left[b] += (a0 * r0[b] + a1 * r1[b]) + (a2 * r2[b] + a3 * r3[b]);
            for (int j = 0; j < CARRIES_PADDED; j++) {
                cross[j] += (a0 * r0[LEFT + j] + a1 * r1[LEFT + j]) +
                            (a2 * r2[LEFT + j] + a3 * r3[LEFT + j]);
            }
        }
        double *restrict square = state->square;
        for (int j = LEFT; j < COLUMNS; j++) {
            square[j - LEFT] += (r0[j] * r0[j] + r1[j] * r1[j]) + (r2[j] * r2[j] + r3[j] * r3[j]);
        }
    }
}

static ALWAYS_INLINE void run_noises(const struct noise *noises, const struct block *block,
    size_t padded, struct noise_state *states, double (*e)[COLUMNS])
{
    for (size_t h = 0; h < NOISES; h++) {
        filter_block(&noises[h], block, &states[h], e);
        add_products((const double(*)[COLUMNS])e, padded, &states[h]);
    }
}

WIDE_VECTORS static void run_noises_wide(const struct noise *noises, const struct block *block,
    size_t padded, struct noise_state *states, double (*e)[COLUMNS])
{
    run_noises(noises, block, padded, states, e);
}

static void run_block(const struct noise *noises, const struct block *block,
    struct noise_state *states, double (*e)[COLUMNS])
{
    if (block->count == 0) return;
    size_t padded = (block->count + 3) / 4 * 4;
    for (size_t i = block->count; i < padded; i++)
        memset(e[i], 0, sizeof e[i]);
    if (HAS_WIDE_VECTORS()) {
        run_noises_wide(noises, block, padded, states, e);
    } else {
        run_noises(noises, block, padded, states, e);
    }
}

/* `states` zeroed; `e` has BLOCK rows. */
void filter_rows(const struct grid *grid, const struct rows *rows, struct noise_state *states,
    struct block *block, double (*e)[COLUMNS])
{
    struct noise noises[NOISES];
    struct carry carry = {0};
    double before = rows->t0;
    for (size_t h = 0; h < NOISES; h++) {
        noises[h] = noise_of(h);
        states[h].puu = noises[h].f;
    }
    block->count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const struct relief_row *row = &rows->row[i];
        carry_advance(grid, &carry, row->t_days);
        if (row->kind == RELIEF_SESSION) {
            carry_session(&carry, row->t_days);
            continue;
        }
        size_t at = block->count++;
        double dt = row->t_days - before;
        before = row->t_days;
        block->dt[at] = dt;
        for (size_t a = 0; a < 3; a++)
            block->phi[a][at] = exp(noises[9 * a].ln_rho * dt);
        columns_of(row, rows, &carry, block->z[at]);
        if (block->count == BLOCK) {
            run_block(noises, block, states, e);
            block->count = 0;
        }
    }
    run_block(noises, block, states, e);
}

/* The posterior: one conjugate regression for each of the 918 components, their weights, and the
 * mixtures of Student t distributions that functionals of it have.
 *
 * Λ = D + X'X is factored with A last: the seven common columns once per noise setting, then one
 * row for each carry-over column. With z = L⁻¹r, m'r = z'z and a functional's mean is (L⁻¹c)'z, so
 * neither m nor Λ⁻¹ is ever formed. */
#include "relief/internal.h"

#include <math.h>

#include "base/banned.h"

#define PI 3.14159265358979323846
#define PRUNE_BELOW 1e-7
#define PRIOR_SUM (PRIOR_NU * PRIOR_S0 * PRIOR_S0) /* ν0 s0²: S is never less */

static double prior_precision(double sd)
{
    return PRIOR_S0 * PRIOR_S0 / (sd * sd);
}

/* Factors the common part; returns ½ ln of its determinant. */
static double factor_common(const struct noise_state *state, struct regression *reg)
{
    double half_ln_det = 0;
    for (int i = 0; i < COMMON; i++) {
        for (int j = 0; j <= i; j++) {
            double sum = state->left[1 + i][1 + j];
            if (i == j) sum += prior_precision(relief_prior_sd[i]);
            double whole = sum;
            for (int k = 0; k < j; k++)
                sum -= reg->chol[i][k] * reg->chol[j][k];
            if (i == j) {
                reg->chol[i][i] = sqrt(fmax(sum, 1e-14 * whole));
                half_ln_det += log(reg->chol[i][i]);
            } else {
                reg->chol[i][j] = sum / reg->chol[j][j];
            }
        }
        double r =
            state->left[1 + i][0] + prior_precision(relief_prior_sd[i]) * relief_prior_mean[i];
        for (int k = 0; k < i; k++)
            r -= reg->chol[i][k] * reg->z[k];
        reg->z[i] = r / reg->chol[i][i];
    }
    return half_ln_det;
}

/* The last row of L for every carry-over column. */
static void factor_carries(const struct noise_state *state, struct regression *reg, double s_common)
{
    const double precision = prior_precision(PRIOR_CARRY_SD);
    double square[CARRIES_PADDED];
    double r[CARRIES_PADDED];
    for (int j = 0; j < CARRIES_PADDED; j++) {
        square[j] = state->square[j] + precision;
        r[j] = state->cross[0][j] + precision * PRIOR_CARRY_MEAN;
    }
    for (int i = 0; i < COMMON; i++) {
        double *restrict row = reg->row[i];
        const double *restrict cross = state->cross[1 + i];
        double inverse = 1 / reg->chol[i][i];
        for (int j = 0; j < CARRIES_PADDED; j++)
            row[j] = cross[j];
        for (int k = 0; k < i; k++) {
            double l = reg->chol[i][k];
            const double *restrict above = reg->row[k];
            for (int j = 0; j < CARRIES_PADDED; j++)
                row[j] -= l * above[j];
        }
        for (int j = 0; j < CARRIES_PADDED; j++) {
            row[j] *= inverse;
            square[j] -= row[j] * row[j];
            r[j] -= row[j] * reg->z[i];
        }
    }
    for (int j = 0; j < CARRIES_PADDED; j++) {
        reg->diag[j] = sqrt(fmax(square[j], 1e-14 * (state->square[j] + precision)));
        reg->z_carry[j] = r[j] / reg->diag[j];
        reg->s[j] = fmax(s_common - reg->z_carry[j] * reg->z_carry[j], PRIOR_SUM);
    }
}

static void solve_noise(
    const struct relief_posterior *post, const struct noise_state *state, struct regression *reg)
{
    double n = post->nu - PRIOR_NU;
    double constant = -.5 * n * log(PI) + ln_gamma(post->nu / 2) - ln_gamma(PRIOR_NU / 2) +
                      PRIOR_NU / 2 * log(PRIOR_SUM);
    double carry_precision = prior_precision(PRIOR_CARRY_SD);
    double s =
        PRIOR_SUM + state->left[0][0] + carry_precision * PRIOR_CARRY_MEAN * PRIOR_CARRY_MEAN;
    double half_ln_prior = .5 * log(carry_precision);
    double half_ln_det = factor_common(state, reg);
    for (int i = 0; i < COMMON; i++) {
        double precision = prior_precision(relief_prior_sd[i]);
        half_ln_prior += .5 * log(precision);
        s += precision * relief_prior_mean[i] * relief_prior_mean[i] - reg->z[i] * reg->z[i];
    }
    factor_carries(state, reg, s);
    constant += half_ln_prior - .5 * state->sum_ln_f - half_ln_det;
    for (int j = 0; j < CARRIES; j++)
        reg->ln_ml[j] = constant - log(reg->diag[j]) - post->nu / 2 * log(reg->s[j]);
    for (int c = 0; c < COLUMNS; c++)
        reg->w_column[c] = state->xw[c];
    reg->pww = state->pww;
}

static void weigh(struct relief_posterior *post)
{
    double most = -INFINITY;
    double sum = 0;
    double kept = 0;
    for (size_t h = 0; h < NOISES; h++) {
        double ln_noise = log(noise_of(h).prior);
        struct regression *reg = &post->noise[h];
        for (size_t j = 0; j < CARRIES; j++) {
            double ln_prior = ln_noise + log(post->grid.tau_prior[j % TAUS] / 2);
            reg->weight[j] = reg->ln_ml[j] + ln_prior;
            most = fmax(most, reg->weight[j]);
        }
    }
    for (size_t h = 0; h < NOISES; h++) {
        for (size_t j = 0; j < CARRIES; j++)
            sum += post->noise[h].weight[j] = exp(post->noise[h].weight[j] - most);
    }
    post->log_evidence = most + log(sum);
    post->live_count = 0;
    for (size_t h = 0; h < NOISES; h++) {
        for (size_t j = 0; j < CARRIES; j++) {
            double weight = post->noise[h].weight[j] /= sum;
            if (weight < PRUNE_BELOW) continue;
            post->live[post->live_count] = (unsigned short)(h * CARRIES + j);
            post->live_weight[post->live_count++] = weight;
            kept += weight;
        }
    }
    for (size_t i = 0; i < post->live_count; i++)
        post->live_weight[i] /= kept;
}

void posterior_solve(struct relief_posterior *post, const struct noise_state *states)
{
    for (size_t h = 0; h < NOISES; h++)
        solve_noise(post, &states[h], &post->noise[h]);
    weigh(post);
}

void functional_spread(const struct relief_posterior *post, size_t h, const struct functional *f,
    const double *w_column, double pww, double loc[CARRIES], double scale2[CARRIES])
{
    const struct regression *restrict reg = &post->noise[h];
    double u[COMMON];
    double rest[CARRIES];
    double base = f->k * w_column[0];
    double variance = f->k * f->k * pww;
    for (int i = 0; i < COMMON; i++) {
        u[i] = f->common[i] - f->k * w_column[1 + i];
        for (int k = 0; k < i; k++)
            u[i] -= reg->chol[i][k] * u[k];
        u[i] /= reg->chol[i][i];
        base += u[i] * reg->z[i];
        variance += u[i] * u[i];
    }
    for (int j = 0; j < CARRIES; j++)
        rest[j] = f->carry[j] - f->k * w_column[LEFT + j];
    for (int i = 0; i < COMMON; i++) {
        const double *restrict row = reg->row[i];
        for (int j = 0; j < CARRIES; j++)
            rest[j] -= row[j] * u[i];
    }
    double inverse_nu = 1 / post->nu;
    for (int j = 0; j < CARRIES; j++) {
        double last = rest[j] / reg->diag[j];
        loc[j] = base + last * reg->z_carry[j];
        scale2[j] = reg->s[j] * inverse_nu * (variance + last * last);
    }
}

void mixture_of(
    const struct relief_posterior *post, const struct functional *f, struct mixture *mixture)
{
    double loc[CARRIES];
    double scale2[CARRIES];
    size_t h = NOISES;
    for (size_t i = 0; i < post->live_count; i++) {
        size_t j = post->live[i] % CARRIES;
        if (h != post->live[i] / CARRIES) {
            h = post->live[i] / CARRIES;
            const struct regression *reg = &post->noise[h];
            functional_spread(post, h, f, reg->w_column, reg->pww, loc, scale2);
        }
        mixture->loc[i] = loc[j];
        mixture->inverse_scale[i] = 1 / sqrt(fmax(scale2[j], 1e-24));
    }
    mixture->student = &post->student;
    mixture->weight = post->live_weight;
    mixture->count = post->live_count;
    mixture_finish(mixture);
}

void mixture_finish(struct mixture *mixture)
{
    double spread = mixture->student->nu / (mixture->student->nu - 2);
    double mean = 0;
    double variance = 0;
    for (size_t i = 0; i < mixture->count; i++)
        mean += mixture->weight[i] * mixture->loc[i];
    for (size_t i = 0; i < mixture->count; i++) {
        double off = mixture->loc[i] - mean;
        double scale = 1 / mixture->inverse_scale[i];
        variance += mixture->weight[i] * (spread * scale * scale + off * off);
    }
    mixture->mean = mean;
    mixture->sd = sqrt(variance);
}

double mixture_cdf(const struct mixture *mixture, double x)
{
    double sum = 0;
    for (size_t i = 0; i < mixture->count; i++) {
        double at = (x - mixture->loc[i]) * mixture->inverse_scale[i];
        sum += mixture->weight[i] * student_cdf(mixture->student, at);
    }
    return fmin(fmax(sum, 0), 1);
}

static double logit(double p)
{
    p = fmin(fmax(p, 1e-15), 1 - 1e-15);
    return log(p / (1 - p));
}

/* Secant on the logit scale, where the CDF of such a mixture is nearly straight; a step that leaves
 * the bracket becomes a bisection. The first bracket holds by Chebyshev's inequality. */
double mixture_quantile_near(const struct mixture *mixture, double p, double x)
{
    double target = logit(p);
    double reach = mixture->sd * (2 + 1 / sqrt(fmin(p, 1 - p)));
    double low = mixture->mean - reach;
    double high = mixture->mean + reach;
    /* the first step has the slope of a logistic distribution */
    double slope = mixture->sd > 0 ? 1.75 / mixture->sd : 1;
    double last_x = 0;
    double last_f = 0;
    if (!(x > low && x < high)) x = mixture->mean;
    for (int i = 0; i < 60; i++) {
        double f = logit(mixture_cdf(mixture, x)) - target;
        if (fabs(f) < 1e-6 || high - low <= 1e-12 * (1 + fabs(x))) break;
        if (f < 0) {
            low = x;
        } else {
            high = x;
        }
        if (i > 0 && f != last_f) {
            double secant = (f - last_f) / (x - last_x);
            if (secant > 0) slope = secant;
        }
        last_x = x;
        last_f = f;
        x -= f / slope;
        if (!(x > low && x < high)) x = low + (high - low) / 2;
    }
    return x;
}

/* The logistic distribution's quantile is the first guess. */
double mixture_quantile(const struct mixture *mixture, double p)
{
    return mixture_quantile_near(mixture, p, mixture->mean + mixture->sd * .56 * logit(p));
}

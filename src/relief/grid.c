/* The grid of time constants and noise settings, the priors, and carry-over as time goes on. */
#include "relief/internal.h"

#include <math.h>

#include "base/banned.h"

const double relief_prior_mean[COMMON] = {5, 0, 1, 0, .5, 0, 0};
const double relief_prior_sd[COMMON] = {2.5, .03, 2, .5, .75, .5, .5};
const double relief_rhos[3] = {.25, .55, .80};

static const double rho_priors[3] = {.35, .40, .25};
static const double fs[3] = {.45, .70, .90};
static const double f_priors[3] = {.30, .40, .30};
static const double lambdas[3] = {.05, .18, .45};
static const double lambda_priors[3] = {.35, .40, .25};

void grid_init(struct grid *grid)
{
    double sum = 0;
    grid->ln_cell = log(28.0) / (TAUS - 1);
    for (int j = 0; j < TAUS; j++) {
        double ln_tau = log(.75) + j * grid->ln_cell;
        double z = (ln_tau - log(3.0)) / .9;
        grid->tau[j] = exp(ln_tau);
        grid->tau_prior[j] = exp(-.5 * z * z);
        sum += grid->tau_prior[j];
    }
    for (int j = 0; j < TAUS; j++)
        grid->tau_prior[j] /= sum;
}

struct noise noise_of(size_t h)
{
    size_t a = h / 9;
    size_t b = h / 3 % 3;
    size_t c = h % 3;
    return (struct noise){
        .ln_rho = log(relief_rhos[a]),
        .f = fs[b],
        .lambda2 = lambdas[c] * lambdas[c],
        .prior = rho_priors[a] * f_priors[b] * lambda_priors[c],
        .rho_index = a,
        .f_index = b,
        .lambda_index = c,
    };
}

void carry_advance(const struct grid *grid, struct carry *carry, double t)
{
    if (!carry->any || t <= carry->t) return;
    double dt = t - carry->t;
    for (int j = 0; j < TAUS; j++) {
        double decay = exp(-dt / grid->tau[j]);
        carry->s[j] *= decay;
        carry->s[TAUS + j] *= decay;
    }
    carry->t = t;
}

void carry_session(struct carry *carry, double t)
{
    for (int j = 0; j < TAUS; j++) {
        carry->s[j] += 1;
        carry->s[TAUS + j] = 1;
    }
    carry->t = t;
    carry->last_session = t;
    carry->any = true;
}

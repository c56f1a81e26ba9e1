/* What a fit reports, and the fit itself. */
#include "relief/internal.h"

#include "base/check.h"

#include <math.h>

#include "base/banned.h"

#define LN2 0.69314718055994530942
#define RELIABLE_CHANGE 2.2
#define LONGEST_INTERVAL 60

/* Mean over three days of e^(-t/τ). */
static double three_days(double tau)
{
    return tau * (1 - exp(-3 / tau)) / 3;
}

struct functional functional_for(const struct relief_posterior *post, enum relief_quantity q)
{
    struct functional f = {0};
    double span = post->rows.t_end - post->rows.t0;
    bool has_level = q == RELIEF_Q_LEVEL_NOW || q == RELIEF_Q_PAIN_NOW || q == RELIEF_Q_TYPICAL;
    if (has_level) f.common[B_L0] = 1;
    if (has_level || q == RELIEF_Q_LEVEL_CHANGE) {
        f.common[B_SLOPE] = span;
        f.k = 1;
    }
    if (q == RELIEF_Q_DROP) f.common[B_ROOM] = f.common[B_BEFORE] = 1;
    for (size_t j = 0; j < CARRIES; j++) {
        if (q == RELIEF_Q_CARRY || q == RELIEF_Q_DROP) f.carry[j] = 1;
        if (q == RELIEF_Q_R3) f.carry[j] = three_days(post->grid.tau[j % TAUS]);
        if (q == RELIEF_Q_PAIN_NOW) f.carry[j] = -post->s_end[j];
        if (q == RELIEF_Q_TYPICAL) f.carry[j] = -post->s_mean[j];
    }
    return f;
}

static struct relief_spread spread_of(const struct mixture *mixture)
{
    return (struct relief_spread){
        .mean = mixture->mean,
        .sd = mixture->sd,
        .q05 = mixture_quantile(mixture, .05),
        .q50 = mixture_quantile(mixture, .5),
        .q95 = mixture_quantile(mixture, .95),
    };
}

/* P(A > at_j | component) summed with the weights; `mixture` is of A. */
static double chance_above(
    const struct relief_posterior *post, const struct mixture *carry, const double at[CARRIES])
{
    double sum = 0;
    for (size_t i = 0; i < carry->count; i++) {
        double x = (carry->loc[i] - at[post->live[i] % CARRIES]) * carry->inverse_scale[i];
        sum += carry->weight[i] * student_cdf(carry->student, x);
    }
    return fmin(sum, 1);
}

static double survival(const struct relief_posterior *post, const struct mixture *carry, double d)
{
    double least[CARRIES];
    for (int j = 0; j < TAUS; j++) {
        double growth = exp(fmin(d / post->grid.tau[j], 300));
        least[j] = post->trough_points * (growth - 1);
        least[TAUS + j] = post->trough_points * growth;
    }
    return chance_above(post, carry, least);
}

/* d in [1, 60] where survival falls to p; 0 where it lies below p at one day already. */
static double interval_for(
    const struct relief_posterior *post, const struct mixture *carry, double p)
{
    double low = 1;
    double high = LONGEST_INTERVAL;
    double f_low = survival(post, carry, low) - p;
    if (f_low < 0) return 0;
    double f_high = survival(post, carry, high) - p;
    if (f_high >= 0) return high;
    int same_side = 0; /* the Illinois rule: an end that stays twice counts half */
    for (int i = 0; i < 60 && high - low > 1e-6; i++) {
        double x = (f_low * high - f_high * low) / (f_low - f_high);
        if (!(x > low && x < high)) x = low + (high - low) / 2;
        double f = survival(post, carry, x) - p;
        if (fabs(f) < 1e-9) return x;
        if (f > 0) {
            low = x;
            f_low = f;
            if (same_side == 1) f_high /= 2;
            same_side = 1;
        } else {
            high = x;
            f_high = f;
            if (same_side == -1) f_low /= 2;
            same_side = -1;
        }
    }
    return low + (high - low) / 2;
}

/* Quantile of τ where every cell of the grid is uniform in ln τ. */
static double tau_quantile(const struct grid *grid, const double weight[TAUS], double p)
{
    double total = 0;
    double sum = 0;
    for (int j = 0; j < TAUS; j++)
        total += weight[j];
    for (int j = 0; j < TAUS; j++) {
        double next = sum + weight[j] / total;
        if (next >= p || j == TAUS - 1) {
            double part = weight[j] > 0 ? (p - sum) / (next - sum) : .5;
            return grid->tau[j] * exp((fmin(fmax(part, 0), 1) - .5) * grid->ln_cell);
        }
        sum = next;
    }
    return grid->tau[TAUS - 1];
}

static void half_life_fill(const struct relief_posterior *post, const struct mixture *carry,
    struct relief_spread *half_life)
{
    double weight[TAUS] = {0};
    for (size_t i = 0; i < carry->count; i++) {
        double positive = student_cdf(carry->student, carry->loc[i] * carry->inverse_scale[i]);
        weight[post->live[i] % CARRIES % TAUS] += carry->weight[i] * fmax(positive, 1e-12);
    }
    half_life->q05 = LN2 * tau_quantile(&post->grid, weight, .05);
    half_life->q50 = LN2 * tau_quantile(&post->grid, weight, .5);
    half_life->q95 = LN2 * tau_quantile(&post->grid, weight, .95);
}

static void marginals_fill(const struct relief_posterior *post, struct relief_fit *fit)
{
    for (size_t h = 0; h < NOISES; h++) {
        struct noise noise = noise_of(h);
        const struct regression *reg = &post->noise[h];
        for (size_t j = 0; j < CARRIES; j++) {
            double w = reg->weight[j];
            fit->p_rho[noise.rho_index] += w;
            fit->p_f[noise.f_index] += w;
            fit->p_lambda[noise.lambda_index] += w;
            fit->p_tau[j % TAUS] += w;
            if (j >= TAUS) fit->p_reset += w;
            fit->noise_variance += w * reg->s[j] / (post->nu - 2);
        }
    }
    for (int j = 0; j < TAUS; j++)
        fit->tau_days[j] = post->grid.tau[j];
}

static void ask(
    const struct relief_posterior *post, enum relief_quantity q, struct mixture *mixture)
{
    struct functional f = functional_for(post, q);
    mixture_of(post, &f, mixture);
}

/* P(typical - share·L0 ≤ at). */
static double typical_below(
    const struct relief_posterior *post, struct mixture *mixture, double share, double at)
{
    struct functional f = functional_for(post, RELIEF_Q_TYPICAL);
    f.common[B_L0] -= share;
    mixture_of(post, &f, mixture);
    return mixture_cdf(mixture, at);
}

void quantities_fill(
    const struct relief_posterior *post, struct mixture *mixture, struct relief_fit *fit)
{
    marginals_fill(post, fit);
    ask(post, RELIEF_Q_CARRY, mixture);
    fit->carry = spread_of(mixture);
    half_life_fill(post, mixture, &fit->half_life);
    fit->d50_days = interval_for(post, mixture, .5);
    fit->d80_days = fit->d50_days > 0 ? interval_for(post, mixture, .8) : 0;
    ask(post, RELIEF_Q_R3, mixture);
    fit->r3 = spread_of(mixture);
    fit->p_r3_positive = 1 - mixture_cdf(mixture, 0);
    fit->p_r3_03 = 1 - mixture_cdf(mixture, .3);
    fit->p_r3_05 = 1 - mixture_cdf(mixture, .5);
    ask(post, RELIEF_Q_DROP, mixture);
    fit->drop = spread_of(mixture);
    fit->p_drop_2 = 1 - mixture_cdf(mixture, 2);
    ask(post, RELIEF_Q_LEVEL_CHANGE, mixture);
    fit->level_change = spread_of(mixture);
    fit->p_level_lower = mixture_cdf(mixture, 0);
    fit->p_level_lower_1 = mixture_cdf(mixture, -1);
    ask(post, RELIEF_Q_LEVEL_NOW, mixture);
    fit->level_now = spread_of(mixture);
    ask(post, RELIEF_Q_PAIN_NOW, mixture);
    fit->pain_now = spread_of(mixture);
    ask(post, RELIEF_Q_TYPICAL, mixture);
    fit->typical = spread_of(mixture);
    fit->p_reduced_15 = typical_below(post, mixture, .85, 0);
    fit->p_reduced_30 = typical_below(post, mixture, .70, 0);
    fit->p_reduced_50 = typical_below(post, mixture, .50, 0);
    fit->p_reduced_2_points = typical_below(post, mixture, 1, -2);
    struct functional start = {.common = {[B_L0] = 1}};
    mixture_of(post, &start, mixture);
    fit->mean_start_level = mixture->mean;
}

bool relief_change_is_reliable(double before, double after)
{
    return fabs(after - before) >= RELIABLE_CHANGE - 1e-9;
}

double relief_survival(const struct relief_fit *fit, double d_days)
{
    double loc[PARTS];
    double inverse_scale[PARTS];
    struct mixture mixture = {.loc = loc, .inverse_scale = inverse_scale};
    ask(fit->posterior, RELIEF_Q_CARRY, &mixture);
    return survival(fit->posterior, &mixture, fmax(d_days, 0));
}

double relief_log_ml(const struct relief_fit *fit, size_t h, size_t j)
{
    CHECK(h < NOISES && j < CARRIES);
    return fit->posterior->noise[h].ln_ml[j];
}

double relief_cdf(const struct relief_fit *fit, enum relief_quantity quantity, double value)
{
    double loc[PARTS];
    double inverse_scale[PARTS];
    struct mixture mixture = {.loc = loc, .inverse_scale = inverse_scale};
    ask(fit->posterior, quantity, &mixture);
    return mixture_cdf(&mixture, value);
}

/* The parts of the relief model against independent ways to the same numbers: exact distributions,
 * dense algebra, all the pairs, simulated clients; and rows from text. */
#include "base/check.h"
#include "relief/internal.h"
#include "relief/relief.h"
#include "relief/simulate.h"
#include "relief_reference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/banned.h"

static struct arena arena;

static struct relief_fit fit_of(const struct relief_row *rows, size_t count)
{
    struct relief_fit fit;
    struct result result = relief_fit_rows(&arena, rows, count, NULL, &fit);
    if (!result_is_ok(result)) fail_msg("%s: %s", result.reason, result.detail);
    return fit;
}

/* ---- the parts ---- */

static void test_student(void **state)
{
    (void)state;
    static const double nus[] = {6, 7, 12, 40, 500, 20006};
    for (size_t k = 0; k < COUNT_OF(nus); k++) {
        struct student student;
        student_init(&student, nus[k]);
        for (double x = -40; x <= 40; x += .0371) {
            double exact = student_cdf_exact(x, nus[k]);
            assert_true(fabs(student_cdf(&student, x) - exact) < 1e-7);
            if (nus[k] >= 12) assert_true(fabs(student_cdf_approx(x, nus[k]) - exact) < 7.1e-5);
        }
    }
    /* closed forms for ν = 1, 2, 6; lnΓ(.5) = ln √π, Γ(11) = 10! */
    for (double x = -9; x <= 9; x += .3) {
        double theta = atan(x / sqrt(6));
        double c2 = cos(theta) * cos(theta);
        double six = .5 + sin(theta) / 2 * (1 + c2 / 2 + 3 * c2 * c2 / 8);
        assert_true(
            fabs(student_cdf_exact(x, 1) - (.5 + atan(x) / 3.14159265358979323846)) < 1e-13);
        assert_true(fabs(student_cdf_exact(x, 2) - (.5 + x / (2 * sqrt(2 + x * x)))) < 1e-13);
        assert_true(fabs(student_cdf_exact(x, 6) - six) < 1e-13);
    }
    assert_true(fabs(ln_gamma(.5) - .57236494292470008707) < 1e-13);
    assert_true(fabs(ln_gamma(11) - 15.104412573075515295) < 1e-12);
}

/* The quantile is the inverse of the CDF, also far out and where components lie apart. */
static void test_quantile(void **state)
{
    (void)state;
    struct student student;
    student_init(&student, 8);
    double weight[] = {.5, .4999, .0001};
    double loc[] = {-20, 30, 400};
    double inverse_scale[] = {10, 1, .5};
    struct mixture mixture = {&student, 3, weight, loc, inverse_scale, 0, 0};
    mixture_finish(&mixture);
    static const double ps[] = {1e-6, .01, .05, .25, .4999, .5, .5001, .75, .95, .99995};
    for (size_t i = 0; i < COUNT_OF(ps); i++) {
        double x = mixture_quantile(&mixture, ps[i]);
        assert_true(fabs(mixture_cdf(&mixture, x) - ps[i]) < 1e-6);
    }
}

/* ---- smoothing against dense Gaussian algebra ---- */

enum { DENSE = 34 };

struct dense {
    double t[DENSE];
    double x[DENSE][8]; /* seven common, then A */
    double y[DENSE];
    size_t n;
    double chol[DENSE][DENSE];
    double solved[DENSE]; /* K⁻¹ (y - X b0) */
};

static const double *dense_mean(void)
{
    static double mean[8];
    memcpy(mean, relief_prior_mean, sizeof relief_prior_mean);
    mean[7] = PRIOR_CARRY_MEAN;
    return mean;
}

static double dense_variance(size_t i) /* of a coefficient, in units of σ² */
{
    double sd = i < COMMON ? relief_prior_sd[i] : PRIOR_CARRY_SD;
    return sd * sd / (PRIOR_S0 * PRIOR_S0);
}

/* The rows of ref1 as regressors for carry-over column j. */
static void dense_rows(struct dense *d, const struct relief_fit *f, size_t j)
{
    struct carry carry = {0};
    d->n = 0;
    for (size_t i = 0; i < f->posterior->rows.count; i++) {
        const struct relief_row *row = &f->posterior->rows.row[i];
        double z[COLUMNS];
        carry_advance(&f->posterior->grid, &carry, row->t_days);
        if (row->kind == RELIEF_SESSION) {
            carry_session(&carry, row->t_days);
            continue;
        }
        columns_of(row, &f->posterior->rows, &carry, z);
        d->t[d->n] = row->t_days;
        d->y[d->n] = row->y;
        for (size_t c = 0; c < COMMON; c++)
            d->x[d->n][c] = z[1 + c];
        d->x[d->n++][7] = z[LEFT + j];
    }
}

static void dense_solve(struct dense *d, const struct noise *noise)
{
    double r[DENSE];
    for (size_t i = 0; i < d->n; i++) {
        for (size_t k = 0; k <= i; k++) {
            double v = noise->lambda2 / 7 * (fmin(d->t[i], d->t[k]) - d->t[0]);
            v += noise->f * exp(noise->ln_rho * (d->t[i] - d->t[k]));
            if (i == k) v += 1 - noise->f;
            for (size_t c = 0; c < 8; c++)
                v += d->x[i][c] * dense_variance(c) * d->x[k][c];
            for (size_t m = 0; m < k; m++)
                v -= d->chol[i][m] * d->chol[k][m];
            d->chol[i][k] = i == k ? sqrt(v) : v / d->chol[k][k];
        }
        r[i] = d->y[i];
        for (size_t c = 0; c < 8; c++)
            r[i] -= d->x[i][c] * dense_mean()[c];
        for (size_t m = 0; m < i; m++)
            r[i] -= d->chol[i][m] * r[m];
        r[i] /= d->chol[i][i];
    }
    memcpy(d->solved, r, sizeof r); /* L⁻¹ only: enough for products */
}

/* The level at t of one component: location and scale². */
static void dense_level(
    const struct dense *d, const struct noise *noise, double t, double *ret_loc, double *ret_scale2)
{
    double l[8] = {1, t - d->t[0]};
    double q[DENSE];
    double loc = 0;
    double variance = noise->lambda2 / 7 * (t - d->t[0]);
    double s = PRIOR_NU * PRIOR_S0 * PRIOR_S0;
    for (size_t c = 0; c < 8; c++) {
        loc += l[c] * dense_mean()[c];
        variance += l[c] * l[c] * dense_variance(c);
    }
    for (size_t i = 0; i < d->n; i++) {
        q[i] = noise->lambda2 / 7 * (fmin(t, d->t[i]) - d->t[0]);
        for (size_t c = 0; c < 8; c++)
            q[i] += l[c] * dense_variance(c) * d->x[i][c];
        for (size_t m = 0; m < i; m++)
            q[i] -= d->chol[i][m] * q[m];
        q[i] /= d->chol[i][i];
        loc += q[i] * d->solved[i];
        variance -= q[i] * q[i];
        s += d->solved[i] * d->solved[i];
    }
    *ret_loc = loc;
    *ret_scale2 = s / (PRIOR_NU + (double)d->n) * variance;
}

static void test_bands_are_dense_algebra(void **state)
{
    (void)state;
    static const size_t points[] = {0, 1, 9, 20, 33, 41, 48, 54};
    static double loc[COUNT_OF(points)][PARTS];
    static double inverse_scale[COUNT_OF(points)][PARTS];
    static struct dense d;
    struct relief_fit f = fit_of(ref1, COUNT_OF(ref1));
    const struct relief_posterior *post = f.posterior;
    struct relief_bands bands;
    assert_true(result_is_ok(relief_smooth(&arena, &f, RELIEF_FORECAST_DAYS, &bands)));
    assert_int_equal(bands.point_count, 55);
    for (size_t i = 0; i < post->live_count; i++) {
        struct noise noise = noise_of(post->live[i] / CARRIES);
        dense_rows(&d, &f, post->live[i] % CARRIES);
        dense_solve(&d, &noise);
        for (size_t k = 0; k < COUNT_OF(points); k++) {
            double scale2;
            dense_level(&d, &noise, bands.points[points[k]].t_days, &loc[k][i], &scale2);
            inverse_scale[k][i] = 1 / sqrt(scale2);
        }
    }
    for (size_t k = 0; k < COUNT_OF(points); k++) {
        struct mixture mixture = {
            &post->student, post->live_count, post->live_weight, loc[k], inverse_scale[k], 0, 0};
        mixture_finish(&mixture);
        const struct relief_point *p = &bands.points[points[k]];
        assert_true(fabs(p->level - mixture.mean) < 1e-7);
        assert_true(fabs(p->low - mixture_quantile(&mixture, .05)) < 1e-5);
        assert_true(fabs(p->high - mixture_quantile(&mixture, .95)) < 1e-5);
    }
    /* at the last rating the level and the expected pain are those of the fit */
    assert_true(fabs(bands.points[bands.past_count - 1].level - f.level_now.mean) < 1e-6);
    const struct relief_expected *e = &bands.expected[bands.expected_past_count - 1];
    assert_true(fabs(e->pain - f.pain_now.mean) < 1e-6);
    size_t falls = 0;
    for (size_t i = 0; i < bands.expected_count; i++)
        falls += bands.expected[i].is_session;
    assert_int_equal(falls, 5);
}

/* ---- non-overlap against all the pairs ---- */

static void test_nap_is_all_pairs(void **state)
{
    (void)state;
    struct relief_fit f = fit_of(ref2, COUNT_OF(ref2));
    double s = 0, squared = 0, by_before = 0, by_recent = 0;
    double column[COUNT_OF(ref2)] = {0};
    for (size_t i = 0; i < COUNT_OF(ref2); i++) {
        if (ref2[i].kind != RELIEF_CHECK_IN || ref2[i].t_days > 7.5) continue;
        double line = 0;
        for (size_t j = 0; j < COUNT_OF(ref2); j++) {
            if (ref2[j].kind != RELIEF_CHECK_IN || ref2[j].t_days < 18.86) continue;
            double q = ref2[j].y < ref2[i].y ? 1 : ref2[j].y == ref2[i].y ? .5 : 0;
            line += q;
            column[j] += q;
            squared += q * q;
        }
        s += line;
        by_before += line * line;
    }
    for (size_t j = 0; j < COUNT_OF(ref2); j++)
        by_recent += column[j] * column[j];
    double nap = s / 72;
    double variance = nap * nap - (s * s - by_before - by_recent + squared) / (6 * 5 * 12 * 11);
    assert_true(fabs(f.nap.value - nap) < 1e-12);
    assert_true(fabs(f.nap.se - sqrt(variance)) < 1e-12);
}

/* ---- the text form ---- */

static void csv_fails(const char *text, const char *expected)
{
    struct relief_csv csv;
    struct result result = relief_read_csv(&arena, str_from_cstr(text), &csv);
    if (result_is_ok(result)) fail_msg("accepted: %s", text);
    if (!strstr(result.detail, expected)) fail_msg("\"%s\" for %s", result.detail, text);
}

static void test_csv(void **state)
{
    (void)state;
    struct relief_csv csv;
    struct str text = STR("\xef\xbb\xbft,kind,spont,y\r\n0.85,0,1,7\r\n\r\n 7.56 ,3, ,\n"
                          "7.5,1,0,3.5\n-3,3,0,-1");
    assert_true(result_is_ok(relief_read_csv(&arena, text, &csv)));
    assert_int_equal(csv.count, 4);
    assert_false(csv.has_dates);
    assert_true(csv.rows[0].t_days == .85 && csv.rows[0].y == 7 && csv.rows[0].spontaneous);
    assert_true(csv.rows[1].t_days == 7.56 && csv.rows[1].kind == RELIEF_SESSION);
    assert_true(csv.rows[2].y == 3.5 && csv.rows[2].kind == RELIEF_BEFORE);
    assert_true(csv.rows[3].t_days == -3);
    text = STR("time,kind,spont,y\n1970-01-11T12:00:00+00:00,0,0,4\n");
    assert_true(result_is_ok(relief_read_csv(&arena, text, &csv)));
    assert_true(csv.has_dates && csv.rows[0].t_days == 10.5);
    csv_fails("", "line 1: the first line must be t,kind,spont,y");
    csv_fails("x\n", "line 1: the first line");
    csv_fails(
        "t,kind,spont,y\n1,0,0,5\n2,0,0,11\n", "line 3: y must be a rating from 0 to 10: \"11\"");
    csv_fails("t,kind,spont,y\n\n1,0,0,\n", "line 3: y must");
    csv_fails("t,kind,spont,y\n1,4,0,5\n", "line 2: kind must be");
    csv_fails("t,kind,spont,y\n1,0,2,5\n", "line 2: spont must be");
    csv_fails("t,kind,spont,y\n1,1,1,5\n", "line 2: spont is for check-ins");
    csv_fails("t,kind,spont,y\n1,3,0,5\n", "line 2: a session end has no rating");
    csv_fails("t,kind,spont,y\n1,0,5\n", "line 2: a line has four fields");
    csv_fails("t,kind,spont,y\n1,0,0,5,\n", "line 2: a line has four fields");
    csv_fails("t,kind,spont,y\nnan,0,0,5\n", "line 2: t must be a number");
    csv_fails("t,kind,spont,y\n1e3,0,0,5\n", "line 2: t must be a number");
    csv_fails("t,kind,spont,y\n99999999,0,0,5\n", "line 2: t is too far");
    csv_fails("time,kind,spont,y\n2026-01-01,0,0,5\n", "line 2: time must look like");
}

/* ---- calibration, in short (tests/bench/relief_sim has the long form) ---- */

/* PIT values of 120 clients from the prior: their mean lies within 4 standard errors of .5, and 90
 * % intervals hold the truth in 78 to 99 %. A wrong sign, scale or prior fails this. */
static void test_calibration(void **state)
{
    (void)state;
    enum { CLIENTS = 120, QUANTITIES = 7 };
    static struct relief_row rows[400];
    double sum[QUANTITIES] = {0};
    size_t held[QUANTITIES] = {0};
    struct relief_options options = {.any_rating = true};
    for (uint64_t seed = 1; seed <= CLIENTS; seed++) {
        struct relief_client client = relief_client_from_prior(seed);
        struct relief_truth truth;
        struct relief_fit f;
        size_t count = relief_simulate(&client, rows, COUNT_OF(rows), &truth);
        assert_true(result_is_ok(relief_fit_rows(&arena, rows, count, &options, &f)));
        const double truths[QUANTITIES] = {truth.carry, truth.r3, truth.drop, truth.level_change,
            truth.level_now, truth.pain_now, truth.typical};
        for (size_t q = 0; q < QUANTITIES; q++) {
            double p = relief_cdf(&f, (enum relief_quantity)q, truths[q]);
            sum[q] += p;
            held[q] += p > .05 && p < .95;
        }
        arena_reset(&arena);
    }
    for (size_t q = 0; q < QUANTITIES; q++) {
        if (fabs(sum[q] / CLIENTS - .5) > 4 * .28868 / sqrt(CLIENTS))
            fail_msg("quantity %zu: mean %.3f", q, sum[q] / CLIENTS);
        if (held[q] < 94 || held[q] > 119) fail_msg("quantity %zu holds %zu", q, held[q]);
    }
}

static int reset(void **state)
{
    (void)state;
    arena_reset(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_student, reset),
        cmocka_unit_test_teardown(test_quantile, reset),
        cmocka_unit_test_teardown(test_bands_are_dense_algebra, reset),
        cmocka_unit_test_teardown(test_nap_is_all_pairs, reset),
        cmocka_unit_test_teardown(test_csv, reset),
        cmocka_unit_test_teardown(test_calibration, reset),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}

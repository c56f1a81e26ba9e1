/* The relief model: agreement with the reference posteriors, invariances, degenerate data. */
#include "base/check.h"
#include "base/limits.h"
#include "relief/internal.h"
#include "relief/relief.h"
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

static size_t wrong;

static void near(const char *what, double got, double expected)
{
    if (fabs(got - expected) <= 1e-3) return;
    wrong++;
    print_error("%s: %.6f instead of %.6f\n", what, got, expected);
}

static void near_all(const char *what, const double *got, const double *expected, size_t count)
{
    for (size_t i = 0; i < count; i++)
        near(what, got[i], expected[i]);
}

static void spread_near(const char *what, struct relief_spread s, double mean, double sd)
{
    near(what, s.mean, mean);
    near(what, s.sd, sd);
}

static void quantiles_near(
    const char *what, struct relief_spread s, double q05, double q50, double q95)
{
    near(what, s.q05, q05);
    if (!isnan(q50)) near(what, s.q50, q50);
    near(what, s.q95, q95);
}

static void test_reference_1(void **state)
{
    (void)state;
    struct relief_fit f = fit_of(ref1, COUNT_OF(ref1));
    wrong = 0;
    near("nu", f.nu, 40);
    near("log evidence", f.log_evidence, -56.413647);
    near("ln ml[0,0]", relief_log_ml(&f, 0, 0), -60.086306);
    near("ln ml[13,10]", relief_log_ml(&f, 13, 10), -55.213854);
    near("ln ml[26,33]", relief_log_ml(&f, 26, 33), -57.239627);
    spread_near("A", f.carry, 1.50261, .77369);
    quantiles_near("A", f.carry, .22283, 1.51014, 2.75631);
    spread_near("R3", f.r3, 1.07962, .59523);
    quantiles_near("R3", f.r3, .12768, 1.06978, 2.07524);
    spread_near("drop", f.drop, 2.49291, .47487);
    spread_near("level change", f.level_change, -.99168, .96062);
    quantiles_near("level change", f.level_change, -2.54294, NAN, .59936);
    spread_near("level now", f.level_now, 4.90446, .86473);
    spread_near("pain now", f.pain_now, 4.25782, .59152);
    spread_near("typical", f.typical, 3.94688, .58738);
    quantiles_near("half-life", f.half_life, .96958, 3.34146, 9.47988);
    near_all("P(R3)", (double[]){f.p_r3_positive, f.p_r3_03, f.p_r3_05},
        (double[]){.97116, .90564, .82989}, 3);
    near("P(drop >= 2)", f.p_drop_2, .86440);
    near("P(level <= -1)", f.p_level_lower_1, .50133);
    near("P(level < 0)", f.p_level_lower, .85666);
    near_all("P(reduced)", (double[]){f.p_reduced_15, f.p_reduced_30, f.p_reduced_50},
        (double[]){.90533, .60281, .06841}, 3);
    near("P(2 points)", f.p_reduced_2_points, .48081);
    near("d50", f.d50_days, 5.56177);
    near("d80", f.d80_days, 2.24599);
    near("Surv(7)", relief_survival(&f, 7), .38866);
    near("P(reset)", f.p_reset, .53259);
    near_all("P(rho)", f.p_rho, (double[]){.28257, .59546, .12197}, 3);
    near_all("P(f)", f.p_f, (double[]){.11481, .51975, .36544}, 3);
    near_all("P(lambda)", f.p_lambda, (double[]){.34049, .39756, .26196}, 3);
    near_all("P(tau)",
        (double[]){f.p_tau[0], f.p_tau[4], f.p_tau[8], f.p_tau[12], f.p_tau[16]},
        (double[]){.00841, .04172, .11276, .08026, .01059}, 5);
    near("E[variance]", f.noise_variance, 1.41770);
    near("NAP", f.nap.value, .87273);
    near("NAP se", f.nap.se, .11704);
    near_all("NAP interval", (double[]){f.nap.low, f.nap.high}, (double[]){.61743, .96315}, 2);
    assert_int_equal(f.nap.before, 5);
    assert_int_equal(f.nap.recent, 11);
    assert_int_equal(wrong, 0);
}

static void test_reference_2(void **state)
{
    (void)state;
    struct relief_fit f = fit_of(ref2, COUNT_OF(ref2));
    wrong = 0;
    near("nu", f.nu, 40);
    near("log evidence", f.log_evidence, -60.051818);
    near("ln ml[0,0]", relief_log_ml(&f, 0, 0), -59.919398);
    near("ln ml[13,10]", relief_log_ml(&f, 13, 10), -60.161095);
    near("ln ml[26,33]", relief_log_ml(&f, 26, 33), -63.777891);
    spread_near("A", f.carry, -.28022, .70998);
    quantiles_near("A", f.carry, -1.45009, -.27703, .87901);
    spread_near("R3", f.r3, -.15191, .43351);
    quantiles_near("R3", f.r3, -.85696, -.15274, .56199);
    spread_near("drop", f.drop, .73533, .52185);
    spread_near("level change", f.level_change, .31657, .85719);
    quantiles_near("level change", f.level_change, -1.09073, NAN, 1.71165);
    spread_near("level now", f.level_now, 6.02458, .69607);
    spread_near("pain now", f.pain_now, 6.13168, .62472);
    spread_near("typical", f.typical, 6.10220, .62181);
    quantiles_near("half-life", f.half_life, .61185, 2.27366, 9.46554);
    near_all("P(R3)", (double[]){f.p_r3_positive, f.p_r3_03, f.p_r3_05},
        (double[]){.34423, .13036, .06301}, 3);
    near("P(drop >= 2)", f.p_drop_2, .01147);
    near("P(level <= -1)", f.p_level_lower_1, .06095);
    near("P(level < 0)", f.p_level_lower, .34852);
    near_all("P(reduced)", (double[]){f.p_reduced_15, f.p_reduced_30, f.p_reduced_50},
        (double[]){.05309, .00336, .00003}, 3);
    near("P(2 points)", f.p_reduced_2_points, .00363);
    near("d50", f.d50_days, 0);
    near("d80", f.d80_days, 0);
    near("Surv(7)", relief_survival(&f, 7), .01921);
    near("P(reset)", f.p_reset, .51148);
    near_all("P(rho)", f.p_rho, (double[]){.49017, .36146, .14837}, 3);
    near_all("P(f)", f.p_f, (double[]){.40947, .44477, .14576}, 3);
    near_all("P(lambda)", f.p_lambda, (double[]){.31222, .38685, .30092}, 3);
    near_all("P(tau)",
        (double[]){f.p_tau[0], f.p_tau[4], f.p_tau[8], f.p_tau[12], f.p_tau[16]},
        (double[]){.03449, .08949, .09011, .03898, .00800}, 5);
    near("E[variance]", f.noise_variance, 1.52728);
    near("NAP", f.nap.value, .54167);
    near("NAP se", f.nap.se, .14726);
    near_all("NAP interval", (double[]){f.nap.low, f.nap.high}, (double[]){.31747, .74830}, 2);
    assert_int_equal(f.nap.before, 6);
    assert_int_equal(f.nap.recent, 12);
    assert_int_equal(wrong, 0);
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
        cmocka_unit_test_teardown(test_reference_1, reset),
        cmocka_unit_test_teardown(test_reference_2, reset),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}

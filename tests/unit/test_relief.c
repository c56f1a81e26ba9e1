/* The relief model: agreement with the reference posteriors, invariances, degenerate data. */
#include "base/check.h"
#include "base/limits.h"
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
    near_all("P(tau)", (double[]){f.p_tau[0], f.p_tau[4], f.p_tau[8], f.p_tau[12], f.p_tau[16]},
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
    near_all("P(tau)", (double[]){f.p_tau[0], f.p_tau[4], f.p_tau[8], f.p_tau[12], f.p_tau[16]},
        (double[]){.03449, .08949, .09011, .03898, .00800}, 5);
    near("E[variance]", f.noise_variance, 1.52728);
    near("NAP", f.nap.value, .54167);
    near("NAP se", f.nap.se, .14726);
    near_all("NAP interval", (double[]){f.nap.low, f.nap.high}, (double[]){.31747, .74830}, 2);
    assert_int_equal(f.nap.before, 6);
    assert_int_equal(f.nap.recent, 12);
    assert_int_equal(wrong, 0);
}

/* ---- every number is a number ---- */

static void spread_is_sane(const struct relief_spread *s)
{
    assert_true(isfinite(s->mean) && isfinite(s->sd) && s->sd >= 0);
    assert_true(isfinite(s->q05) && isfinite(s->q50) && isfinite(s->q95));
    assert_true(s->q05 <= s->q50 + 1e-6 && s->q50 <= s->q95 + 1e-6);
}

static void chance_is_sane(double p)
{
    assert_true(p >= -1e-12 && p <= 1 + 1e-9);
}

static void fit_is_sane(const struct relief_fit *f)
{
    const struct relief_spread *spreads[] = {&f->carry, &f->r3, &f->drop, &f->level_change,
        &f->level_now, &f->pain_now, &f->typical, &f->half_life};
    const double chances[] = {f->p_r3_positive, f->p_r3_03, f->p_r3_05, f->p_drop_2,
        f->p_level_lower, f->p_level_lower_1, f->p_reduced_15, f->p_reduced_30, f->p_reduced_50,
        f->p_reduced_2_points, f->p_reset, f->nap.value, f->nap.low, f->nap.high};
    for (size_t i = 0; i < COUNT_OF(spreads); i++)
        spread_is_sane(spreads[i]);
    for (size_t i = 0; i < COUNT_OF(chances); i++)
        chance_is_sane(chances[i]);
    double sum = 0;
    for (size_t i = 0; i < RELIEF_TAUS; i++)
        sum += f->p_tau[i];
    assert_true(fabs(sum - 1) < 1e-9);
    assert_true(isfinite(f->log_evidence) && f->noise_variance > 0);
    assert_true(f->half_life.q05 > 0);
    assert_true(f->d80_days <= f->d50_days + 1e-6 && f->d50_days <= 60 && f->d80_days >= 0);
    assert_true(f->nap.low <= f->nap.value + 1e-9 && f->nap.value <= f->nap.high + 1e-9);
}

static void bands_are_sane(const struct relief_fit *f)
{
    struct relief_bands bands;
    assert_true(result_is_ok(relief_smooth(&arena, f, RELIEF_FORECAST_DAYS, &bands)));
    for (size_t i = 0; i < bands.point_count; i++) {
        const struct relief_point *p = &bands.points[i];
        assert_true(isfinite(p->level) && isfinite(p->low) && isfinite(p->high));
        assert_true(p->low <= p->level && p->level <= p->high);
        if (i) assert_true(p[-1].t_days <= p->t_days);
    }
    for (size_t i = 0; i < bands.expected_count; i++) {
        assert_true(isfinite(bands.expected[i].pain));
        if (i) assert_true(bands.expected[i - 1].t_days <= bands.expected[i].t_days);
    }
    if (f->counts.ratings) assert_true(bands.point_count == bands.past_count + 14);
}

static struct relief_statements sane(const struct relief_row *rows, size_t count)
{
    struct relief_fit f = fit_of(rows, count);
    fit_is_sane(&f);
    bands_are_sane(&f);
    return relief_state(&f);
}

static void assert_withheld(struct relief_statements st)
{
    assert_int_equal(st.carry_over, RELIEF_CARRY_NOT_ENOUGH);
    assert_int_equal(st.interval, RELIEF_INTERVAL_NONE);
    assert_false(st.half_life_may);
    assert_int_equal(st.level, RELIEF_LEVEL_NOT_ENOUGH);
}

static void test_little_data(void **state)
{
    (void)state;
    assert_withheld(sane(NULL, 0));
    struct relief_row rows[200] = {{3.5, 10, RELIEF_CHECK_IN, false}};
    assert_withheld(sane(rows, 1));
    rows[0].kind = RELIEF_SESSION;
    rows[0].y = -1;
    assert_withheld(sane(rows, 1));
    for (size_t i = 0; i < 50; i++) /* sessions without observations */
        rows[i] = (struct relief_row){(double)i, -1, RELIEF_SESSION, false};
    assert_withheld(sane(rows, 50));
    for (size_t i = 0; i < 100; i++) /* no sessions */
        rows[i] = (struct relief_row){(double)i, (double)(i * 7 % 11), RELIEF_CHECK_IN, i % 3 == 0};
    struct relief_statements st = sane(rows, 100);
    assert_int_equal(st.carry_over, RELIEF_CARRY_NOT_ENOUGH);
    assert_int_equal(st.carry_over_missing.sessions_followed, 4);
    assert_false(st.responder_may);
}

static void test_flat_data(void **state)
{
    (void)state;
    static const double flats[] = {0, 4, 10};
    struct relief_row rows[300];
    for (size_t k = 0; k < COUNT_OF(flats); k++) {
        for (size_t i = 0; i < 100; i++) {
            enum relief_kind kind = i % 10 == 9 ? RELIEF_SESSION : RELIEF_CHECK_IN;
            rows[i] = (struct relief_row){(double)i, flats[k], kind, false};
        }
        struct relief_statements st = sane(rows, 100);
        assert_int_equal(st.floor_warning, flats[k] != 4);
        assert_int_equal(st.carry_over, RELIEF_CARRY_LITTLE);
        assert_int_equal(st.level, RELIEF_LEVEL_UNCLEAR);
    }
    for (size_t i = 0; i < 300; i++) /* all at one instant, kinds mixed, the scale's ends */
        rows[i] = (struct relief_row){5, i % 2 ? 10 : 0, (enum relief_kind)(i % 4), false};
    assert_withheld(sane(rows, 300));
}

static void test_ten_years(void **state)
{
    (void)state;
    static struct relief_row rows[6000];
    struct relief_client client = relief_client_usual(3);
    client.days = 3652;
    client.check_in_share = 1;
    client.carry = 1.5;
    size_t count = relief_simulate(&client, rows, COUNT_OF(rows), NULL);
    assert_true(count > 4500);
    struct relief_statements st = sane(rows, count);
    assert_int_equal(st.carry_over, RELIEF_CARRY_CLEARLY);
}

static void refuse(struct relief_row row, const char *what)
{
    struct relief_fit fit;
    struct relief_row rows[2] = {{1, 5, RELIEF_CHECK_IN, false}, row};
    struct result result = relief_fit_rows(&arena, rows, 2, NULL, &fit);
    assert_int_equal(result.code, ERR_INVALID);
    assert_non_null(strstr(result.detail, what));
}

static void test_rows_refused(void **state)
{
    (void)state;
    refuse((struct relief_row){NAN, 5, RELIEF_CHECK_IN, false}, "row 2: the time");
    refuse((struct relief_row){INFINITY, 5, RELIEF_SESSION, false}, "row 2: the time");
    refuse((struct relief_row){1, NAN, RELIEF_AFTER, false}, "row 2: the rating");
    refuse((struct relief_row){1, 10.01, RELIEF_AFTER, false}, "outside 0 to 10");
    refuse((struct relief_row){1, -1, RELIEF_CHECK_IN, false}, "outside 0 to 10");
    refuse((struct relief_row){1, 1, (enum relief_kind)4, false}, "kind");
    struct relief_fit fit;
    struct relief_row far[2] = {{0, 5, RELIEF_CHECK_IN, false}, {40000, 5, RELIEF_CHECK_IN, false}};
    assert_int_equal(relief_fit_rows(&arena, far, 2, NULL, &fit).code, ERR_LIMIT);
    struct relief_row *many = ARENA_ARRAY(&arena, LIMIT_RELIEF_ROWS + 1, struct relief_row);
    assert_int_equal(
        relief_fit_rows(&arena, many, LIMIT_RELIEF_ROWS + 1, NULL, &fit).code, ERR_LIMIT);
}

/* ---- invariances ---- */

static void assert_same(const struct relief_fit *a, const struct relief_fit *b, double by)
{
    const double pairs[][2] = {{a->log_evidence, b->log_evidence}, {a->r3.mean, b->r3.mean},
        {a->r3.q05, b->r3.q05}, {a->r3.q95, b->r3.q95}, {a->carry.sd, b->carry.sd},
        {a->drop.q50, b->drop.q50}, {a->level_change.q05, b->level_change.q05},
        {a->typical.mean, b->typical.mean}, {a->pain_now.mean, b->pain_now.mean},
        {a->d50_days, b->d50_days}, {a->d80_days, b->d80_days},
        {a->half_life.q50, b->half_life.q50}, {a->p_reduced_30, b->p_reduced_30},
        {a->nap.value, b->nap.value}, {a->nap.se, b->nap.se}, {a->p_reset, b->p_reset}};
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        if (fabs(pairs[i][0] - pairs[i][1]) > by)
            fail_msg("%zu: %.12g and %.12g", i, pairs[i][0], pairs[i][1]);
    }
}

static void test_order_of_rows(void **state)
{
    (void)state;
    struct relief_row rows[COUNT_OF(ref2) + 4];
    size_t count = COUNT_OF(ref2) + 4;
    memcpy(rows, ref2, sizeof ref2);
    /* several at one instant, among them a before-rating exactly at the session's end */
    rows[count - 4] = (struct relief_row){18.56, 6, RELIEF_BEFORE, false};
    rows[count - 3] = (struct relief_row){18.56, 2, RELIEF_CHECK_IN, true};
    rows[count - 2] = (struct relief_row){18.56, 4, RELIEF_CHECK_IN, false};
    rows[count - 1] = (struct relief_row){18.56, 1, RELIEF_CHECK_IN, false};
    struct relief_fit first = fit_of(rows, count);
    struct relief_dice dice = {11};
    for (int round = 0; round < 20; round++) {
        for (size_t i = count - 1; i > 0; i--) {
            size_t other = (size_t)(relief_uniform(&dice) * (double)(i + 1));
            struct relief_row row = rows[i];
            rows[i] = rows[other];
            rows[other] = row;
        }
        struct relief_fit again = fit_of(rows, count);
        assert_same(&first, &again, 0); /* to the bit */
    }
}

static void test_shift_of_time(void **state)
{
    (void)state;
    static const double weeks[] = {1, 52, 2939, -7};
    struct relief_fit first = fit_of(ref1, COUNT_OF(ref1));
    for (size_t k = 0; k < COUNT_OF(weeks); k++) {
        struct relief_row rows[COUNT_OF(ref1)];
        for (size_t i = 0; i < COUNT_OF(ref1); i++) {
            rows[i] = ref1[i];
            rows[i].t_days += 7 * weeks[k];
        }
        struct relief_fit shifted = fit_of(rows, COUNT_OF(ref1));
        assert_same(&first, &shifted, 1e-7);
    }
}

/* ---- what may be said ---- */

static void test_gates(void **state)
{
    (void)state;
    struct relief_fit f = fit_of(ref1, COUNT_OF(ref1));
    struct relief_statements st = relief_state(&f);
    assert_int_equal(st.carry_over, RELIEF_CARRY_LIKELY);
    assert_true(st.half_life_may && st.half_life_rough);
    assert_int_equal(st.interval, RELIEF_INTERVAL_RANGE);
    assert_int_equal(st.level, RELIEF_LEVEL_NOT_ENOUGH);
    assert_true(st.level_missing.weeks > 2 && st.level_missing.weeks < 2.5);
    assert_int_equal(st.level_missing.check_ins, 0);
    f.p_r3_03 = .96;
    assert_int_equal(relief_state(&f).carry_over, RELIEF_CARRY_CLEARLY);
    f.counts.check_ins = 11;
    st = relief_state(&f);
    assert_withheld(st);
    assert_int_equal(st.carry_over_missing.check_ins, 1);
    f.counts.check_ins = 24;
    f.counts.followed_sessions = 3;
    assert_withheld(relief_state(&f));
    f.counts.followed_sessions = 4;
    f.p_r3_03 = .79;
    st = relief_state(&f);
    assert_int_equal(st.carry_over, RELIEF_CARRY_UNCLEAR);
    assert_int_equal(st.interval, RELIEF_INTERVAL_NONE);
    f.p_r3_05 = .10;
    assert_int_equal(relief_state(&f).carry_over, RELIEF_CARRY_LITTLE);
    f.counts.last_rating_days += 15;
    assert_int_equal(relief_state(&f).level, RELIEF_LEVEL_UNCLEAR);
    f.p_level_lower = .95;
    assert_int_equal(relief_state(&f).level, RELIEF_LEVEL_LOWER);
    f.counts.check_ins_last_3w = 4;
    assert_int_equal(relief_state(&f).level, RELIEF_LEVEL_NOT_ENOUGH);
}

static void test_interval_cap(void **state)
{
    (void)state;
    struct relief_fit f = fit_of(ref1, COUNT_OF(ref1));
    f.d80_days = 6;
    f.d50_days = 25;
    struct relief_statements st = relief_state(&f);
    assert_int_equal(st.interval, RELIEF_INTERVAL_RANGE);
    assert_true(st.interval_capped);
    assert_true(fabs(st.interval_to_days - 10.5) < 1e-9); /* 1.5 × 7 */
    f.d80_days = 12;
    st = relief_state(&f);
    assert_int_equal(st.interval, RELIEF_INTERVAL_AT_LEAST);
    assert_true(fabs(st.interval_from_days - 10.5) < 1e-9);
    f.d80_days = 0;
    assert_int_equal(relief_state(&f).interval, RELIEF_INTERVAL_UP_TO);
    f.d50_days = 0;
    assert_int_equal(relief_state(&f).interval, RELIEF_INTERVAL_TOO_WEAK);
}

static void test_reliable_change(void **state)
{
    (void)state;
    assert_false(relief_change_is_reliable(5, 3));
    assert_false(relief_change_is_reliable(5, 7.1));
    assert_true(relief_change_is_reliable(5.2, 3));
    assert_true(relief_change_is_reliable(3, 6));
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
        cmocka_unit_test_teardown(test_little_data, reset),
        cmocka_unit_test_teardown(test_flat_data, reset),
        cmocka_unit_test_teardown(test_ten_years, reset),
        cmocka_unit_test_teardown(test_rows_refused, reset),
        cmocka_unit_test_teardown(test_order_of_rows, reset),
        cmocka_unit_test_teardown(test_shift_of_time, reset),
        cmocka_unit_test_teardown(test_gates, reset),
        cmocka_unit_test_teardown(test_interval_cap, reset),
        cmocka_unit_test_teardown(test_reliable_change, reset),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}

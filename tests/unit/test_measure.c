/* What changes of a measure may be called; expected answers by hand from the published bounds. */
#include "practice/outcomes/measure.h"

#include "relief/relief.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/banned.h"

static void test_table(void **state)
{
    (void)state;
    size_t count = 0;
    enum measure found;
    for (const struct measure_info *info; (info = measure_at(count)); count++) {
        assert_ptr_equal(measure_info(info->measure), info);
        assert_true(measure_by_key(info->key, &found) && found == info->measure);
        assert_true(info->min < info->max && info->step > 0);
        assert_true(measure_value_is_valid(info->measure, info->min));
        assert_true(measure_value_is_valid(info->measure, info->max));
        assert_false(measure_value_is_valid(info->measure, info->max + info->step));
        /* a bound says on what it stands, and the other way round */
        const struct measure_bound *bounds[] = {&info->error, &info->important};
        for (int i = 0; i < 2; i++) {
            bool some = bounds[i]->points || bounds[i]->percent || bounds[i]->ratio_hundredths;
            assert_int_equal(some, bounds[i]->basis != MEASURE_BASIS_NONE);
            if (bounds[i]->basis == MEASURE_BASIS_STUDY && i == 1) assert_true(bounds[i]->doi.len);
        }
        if (count) assert_true(measure_at(count - 1)->measure < info->measure);
    }
    assert_int_equal(count, 20);
    assert_null(measure_info((enum measure)7));
    assert_false(measure_by_key(STR("weight"), &found));
    assert_true(measure_by_key(STR("activity_3"), &found) && found == MEASURE_ACTIVITY_3);
    assert_false(measure_value_is_valid(MEASURE_PAIN, 750));
    assert_true(measure_value_is_valid(MEASURE_SLEEP_HOURS, 575));
}

static struct measure_change change(enum measure measure, int32_t first, int32_t last)
{
    return measure_change(measure, first, last, MEASURE_NONE);
}

static void test_pain(void **state)
{
    (void)state;
    struct measure_change c = change(MEASURE_PAIN, 700, 500);
    assert_true(c.is_known && c.trend == MEASURE_BETTER && c.difference == -200);
    assert_true(c.important);     /* 2 points */
    assert_false(c.beyond_error); /* and yet two single ratings differ by that by chance */
    assert_int_equal(c.size, 1);  /* 29 % */
    c = change(MEASURE_PAIN, 700, 400);
    assert_true(c.beyond_error && c.important);
    assert_int_equal(c.size, 2);
    /* 30 % of 4 are less than 2 points */
    c = measure_change(MEASURE_PAIN, 700, 280, 400);
    assert_true(c.important && c.beyond_error);
    assert_false(measure_change(MEASURE_PAIN, 400, 300, 400).important);
    /* percentages of a small start say nothing */
    c = change(MEASURE_PAIN, 200, 100);
    assert_true(!c.important && c.size == 0);
    assert_int_equal(change(MEASURE_PAIN, 400, 200).size, 3);
    /* worse: the points count, the percentage does not */
    c = change(MEASURE_PAIN, 300, 400);
    assert_true(c.trend == MEASURE_WORSE && !c.important && c.size == 0);
    assert_true(change(MEASURE_PAIN, 300, 500).important);
    /* the same bound as the relief model's */
    for (int32_t last = 0; last <= 1000; last += 10) {
        assert_int_equal(change(MEASURE_PAIN, 700, last).beyond_error,
            relief_change_is_reliable(7, last / 100.0));
    }
}

static void test_others(void **state)
{
    (void)state;
    /* activities: higher is better; 1.3 is small and within the error */
    struct measure_change c = change(MEASURE_ACTIVITIES, 300, 430);
    assert_true(c.trend == MEASURE_BETTER && c.size == 1 && !c.important && !c.beyond_error);
    c = change(MEASURE_ACTIVITIES, 300, 530);
    assert_true(c.size == 2 && c.important && c.beyond_error);
    assert_true(change(MEASURE_ACTIVITY_1, 300, 600).beyond_error);
    assert_false(change(MEASURE_ACTIVITY_1, 300, 600).important);
    /* PEG: important long before it is beyond its error */
    c = change(MEASURE_PEG, 667, 567);
    assert_true(c.important && !c.beyond_error);
    assert_true(change(MEASURE_PEG, 667, 390).beyond_error);
    /* pressure pain threshold: both 50 kPa and 20 % */
    assert_false(change(MEASURE_PPT, 30000, 34900).beyond_error);
    assert_false(change(MEASURE_PPT, 30000, 35900).beyond_error);
    assert_true(change(MEASURE_PPT, 30000, 36000).beyond_error);
    assert_false(change(MEASURE_PPT, 15000, 18500).beyond_error);
    assert_true(change(MEASURE_PPT, 15000, 20000).beyond_error);
    assert_false(change(MEASURE_PPT, 15000, 90000).important);
    /* heart rate by percent, RMSSD by ratio; neither way is better */
    c = change(MEASURE_HEART_RATE, 7000, 6020);
    assert_true(c.beyond_error && c.trend == MEASURE_LOWER && !c.important);
    assert_false(change(MEASURE_HEART_RATE, 7000, 6100).beyond_error);
    assert_true(change(MEASURE_RMSSD, 3000, 5100).beyond_error);
    assert_true(change(MEASURE_RMSSD, 5100, 3000).beyond_error);
    assert_false(change(MEASURE_RMSSD, 3000, 5090).beyond_error);
    /* sleep: 15 minutes are important, an error is not known */
    c = change(MEASURE_SLEEP_HOURS, 600, 625);
    assert_true(c.important && !c.beyond_error && c.trend == MEASURE_BETTER);
    assert_false(change(MEASURE_SLEEP_HOURS, 600, 624).important);
    /* range of motion with the instrument's own error */
    assert_false(change(MEASURE_ROM, 5000, 6000).beyond_error);
    c = measure_change_given(
        MEASURE_ROM, 5000, 6000, MEASURE_NONE, measure_rom_error(MEASURE_ROM_INCLINOMETER));
    assert_true(c.beyond_error);
    /* the impression of change is one itself */
    assert_true(change(MEASURE_PGIC, 400, 200).important);
    assert_false(change(MEASURE_PGIC, 400, 300).important);
    assert_false(
        change(MEASURE_PHQ4, 1200, 0).beyond_error || change(MEASURE_PHQ4, 1200, 0).important);
}

static void test_absent(void **state)
{
    (void)state;
    assert_false(measure_change(MEASURE_PAIN, MEASURE_NONE, 300, 400).is_known);
    assert_false(measure_change(MEASURE_PAIN, 300, MEASURE_NONE, 400).is_known);
    assert_false(measure_change((enum measure)99, 300, 400, 400).is_known);
    struct measure_change c = change(MEASURE_STRESS, 500, 500);
    assert_true(c.is_known && c.trend == MEASURE_SAME && !c.important && !c.beyond_error);
    /* nothing overflows at the ends */
    c = change(MEASURE_PPT, INT32_MAX, INT32_MIN + 1);
    assert_true(c.is_known);
}

static void test_lines(void **state)
{
    (void)state;
    int32_t low = 1;
    int32_t high = 2;
    int32_t at = 3;
    assert_true(measure_error_span(MEASURE_PAIN, 700, MEASURE_NONE, &low, &high));
    assert_int_equal(low, 480);
    assert_int_equal(high, 920);
    assert_true(measure_error_span(MEASURE_PAIN, 900, MEASURE_NONE, &low, &high));
    assert_int_equal(high, 1000);
    assert_true(measure_error_span(MEASURE_RMSSD, 3400, MEASURE_NONE, &low, &high));
    assert_int_equal(low, 2000);
    assert_int_equal(high, 5780);
    assert_true(measure_error_span(MEASURE_PPT, 40000, MEASURE_NONE, &low, &high));
    assert_int_equal(low, 32000);
    assert_true(measure_error_span(MEASURE_ROM, 5000, 600, &low, &high));
    assert_int_equal(low, 4400);
    low = 77;
    assert_false(measure_error_span(MEASURE_SLEEP_QUALITY, 500, MEASURE_NONE, &low, &high));
    assert_int_equal(low, 77);
    /* whichever comes first: 2 points or 30 % */
    assert_true(measure_important_line(MEASURE_PAIN, 800, &at));
    assert_int_equal(at, 600);
    assert_true(measure_important_line(MEASURE_PAIN, 500, &at));
    assert_int_equal(at, 350);
    assert_true(measure_important_line(MEASURE_PAIN, 250, &at));
    assert_int_equal(at, 50);
    assert_false(measure_important_line(MEASURE_PAIN, 100, &at));
    assert_true(measure_important_line(MEASURE_ACTIVITIES, 400, &at));
    assert_int_equal(at, 630);
    assert_false(measure_important_line(MEASURE_HEART_RATE, 7000, &at));
    assert_int_equal(at, 630);
    /* the line and the change agree */
    for (int32_t start = 0; start <= 1000; start += 50) {
        if (!measure_important_line(MEASURE_PAIN, start, &at)) continue;
        assert_true(change(MEASURE_PAIN, start, at).important);
        assert_false(change(MEASURE_PAIN, start, at + 1).important);
    }
}

static void test_log_mean(void **state)
{
    (void)state;
    const int32_t week[] = {2000, 8000, 0, MEASURE_NONE};
    assert_int_equal(measure_log_mean(week, 4), 4000);
    assert_int_equal(measure_log_mean(week + 2, 2), MEASURE_NONE);
    assert_int_equal(measure_log_mean(NULL, 0), MEASURE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_pain),
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_absent),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_log_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Is the relief model honest? Two tables, from seeded simulations:
 *
 * calibration: clients drawn from the model's own prior; the truth's place in the posterior must be
 * uniform (mean .5, χ² of 20 bins, coverage of the 90 % interval);
 * false alarms and power: clients whose noise and habits are not the model's best case (whole
 * points, booking and reporting when in pain), and what "before minus after, p < .05" says of them.
 * usage: relief_sim [DRAWS [CLIENTS]]   (1000 draws, 400 clients a cell) */
#include "base/check.h"
#include "relief/simulate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

enum { QUANTITIES = 7, BINS = 20, MOST_ROWS = 2000 };

static struct arena arena;
static struct relief_row rows[MOST_ROWS];

static struct relief_fit fit_client(
    const struct relief_client *client, size_t *ret_count, struct relief_truth *truth)
{
    struct relief_fit fit;
    struct relief_options options = {.any_rating = !client->whole_points};
    *ret_count = relief_simulate(client, rows, MOST_ROWS, truth);
    arena_reset(&arena);
    CHECK(result_is_ok(relief_fit_rows(&arena, rows, *ret_count, &options, &fit)));
    return fit;
}

/* ---- calibration ---- */

struct calibration {
    double sum;
    size_t held;
    size_t bins[BINS];
};

static void calibrate(uint64_t draws)
{
    static const char *const names[QUANTITIES] = {
        "carry-over A", "R3", "drop", "level change", "level now", "pain now", "typical pain"};
    struct calibration found[QUANTITIES] = {0};
    for (uint64_t seed = 1; seed <= draws; seed++) {
        struct relief_client client = relief_client_from_prior(seed);
        struct relief_truth truth;
        size_t count;
        struct relief_fit fit = fit_client(&client, &count, &truth);
        const double truths[QUANTITIES] = {truth.carry, truth.r3, truth.drop, truth.level_change,
            truth.level_now, truth.pain_now, truth.typical};
        for (size_t q = 0; q < QUANTITIES; q++) {
            double p = relief_cdf(&fit, (enum relief_quantity)q, truths[q]);
            found[q].sum += p;
            found[q].held += p > .05 && p < .95;
            found[q].bins[(size_t)fmin(p * BINS, BINS - 1)]++;
        }
    }
    printf("calibration, %llu draws from the prior (12 weeks, 3 check-ins a week)\n",
        (unsigned long long)draws);
    printf(
        "chi2 has 19 degrees of freedom: 95 %% of honest ones lie below 30.1, 99 %% below 36.2\n");
    printf("%-16s %8s %8s %14s\n", "quantity", "mean", "chi2", "in 90 % range");
    for (size_t q = 0; q < QUANTITIES; q++) {
        double expected = (double)draws / BINS;
        double chi2 = 0;
        for (size_t b = 0; b < BINS; b++) {
            double off = (double)found[q].bins[b] - expected;
            chi2 += off * off / expected;
        }
        printf("%-16s %8.3f %8.1f %12.1f %%\n", names[q], found[q].sum / (double)draws, chi2,
            100 * (double)found[q].held / (double)draws);
    }
}

/* ---- false alarms and power ---- */

/* Two-sided 5 % points of t for 1 to 30 degrees of freedom. */
static double t_point(size_t df)
{
    static const double points[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262,
        2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074,
        2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
    return df <= COUNT_OF(points) ? points[df - 1] : 2.0;
}

/* The paired t test that practices do: before minus after, session by session. */
static bool naive_says_works(size_t count)
{
    double sum = 0, squares = 0, n = 0, before = NAN;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].kind == RELIEF_BEFORE) before = rows[i].y;
        if (rows[i].kind != RELIEF_AFTER) continue;
        double d = before - rows[i].y;
        sum += d;
        squares += d * d;
        n += 1;
    }
    if (n < 3) return false;
    double variance = (squares - sum * sum / n) / (n - 1);
    if (variance <= 0) return sum > 0;
    return sum / n / sqrt(variance / n) > t_point((size_t)n - 1);
}

static void run_cell(const char *name, struct relief_client client, uint64_t clients)
{
    size_t likely = 0, clearly = 0, little = 0, withheld = 0, naive = 0, sessions = 0;
    for (uint64_t seed = 1; seed <= clients; seed++) {
        size_t count;
        client.seed = seed * 7919;
        struct relief_fit fit = fit_client(&client, &count, NULL);
        struct relief_statements st = relief_state(&fit);
        likely += st.carry_over == RELIEF_CARRY_LIKELY || st.carry_over == RELIEF_CARRY_CLEARLY;
        clearly += st.carry_over == RELIEF_CARRY_CLEARLY;
        little += st.carry_over == RELIEF_CARRY_LITTLE;
        withheld += st.carry_over == RELIEF_CARRY_NOT_ENOUGH;
        naive += naive_says_works(count);
        sessions += fit.counts.sessions;
    }
    double percent = 100 / (double)clients;
    printf("%-34s %7.1f %7.1f %7.1f %9.1f %8.1f %9.1f\n", name, percent * (double)likely,
        percent * (double)clearly, percent * (double)little, percent * (double)withheld,
        percent * (double)naive, (double)sessions / (double)clients);
}

static void run_habits(const char *habit, struct relief_client base, uint64_t clients)
{
    static const struct {
        const char *name;
        double carry;
        double tau;
    } effects[] = {
        {"no carry-over", 0, 3}, {"moderate: A 1, tau 3", 1, 3}, {"strong: A 1.8, tau 4", 1.8, 4}};
    printf("%s\n", habit);
    for (size_t i = 0; i < COUNT_OF(effects); i++) {
        base.carry = effects[i].carry;
        base.tau = effects[i].tau;
        char name[64];
        snprintf(name, sizeof name, "  %s", effects[i].name);
        run_cell(name, base, clients);
    }
}

static void show_power(uint64_t clients)
{
    printf("\nwhat is said of %llu clients, %% (12 weeks, 3 check-ins a week, whole points)\n",
        (unsigned long long)clients);
    printf("%-34s %7s %7s %7s %9s %8s %9s\n", "", "likely+", "clearly", "little", "withheld",
        "b-a<.05", "sessions");
    struct relief_client client = relief_client_usual(0);
    run_habits("varied gaps of 5-10 days", client, clients);
    client.least_gap_days = client.most_gap_days = 7;
    run_habits("every 7 days", client, clients);
    client.least_gap_days = 4;
    client.books_in_pain = true;
    run_habits("books when in pain", client, clients);
    client.reports_in_pain = true;
    run_habits("books and reports when in pain", client, clients);
    client = relief_client_usual(0);
    client.baseline_days = 1;
    run_habits("varied gaps, no baseline", client, clients);
    client = relief_client_usual(0);
    client.check_in_share = 1;
    run_habits("varied gaps, daily check-ins", client, clients);
}

static uint64_t number_of(const char *text, uint64_t otherwise)
{
    int64_t value;
    return text && str_to_i64(str_from_cstr(text), 1, 1000000, &value) ? (uint64_t)value
                                                                       : otherwise;
}

int main(int argc, char **argv)
{
    calibrate(number_of(argc > 1 ? argv[1] : NULL, 1000));
    show_power(number_of(argc > 2 ? argv[2] : NULL, 400));
    arena_release(&arena);
    return 0;
}

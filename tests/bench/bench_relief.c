/* What a fit of the relief model costs: by length of the history, and for histories as they mostly
 * are; beside it the smoothing for the chart. CPU time, so that a busy
 * machine does not count: the median and the 99th percentile of 200 runs.
 * usage: bench_relief */
#include "base/check.h"
#include "relief/simulate.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/banned.h"

enum { RUNS = 200 };

static double cpu_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(const char *name, const struct relief_client *client)
{
    static struct arena arena;
    static struct relief_row rows[20000];
    static double fit_ms[RUNS];
    static double smooth_ms[RUNS];
    size_t count = relief_simulate(client, rows, COUNT_OF(rows), NULL);
    struct relief_fit fit;
    struct relief_bands bands;
    for (int i = 0; i < RUNS; i++) {
        arena_reset(&arena);
        double start = cpu_ms();
        CHECK(result_is_ok(relief_fit_rows(&arena, rows, count, NULL, &fit)));
        double fitted = cpu_ms();
        CHECK(result_is_ok(relief_smooth(&arena, &fit, RELIEF_FORECAST_DAYS, &bands)));
        fit_ms[i] = fitted - start;
        smooth_ms[i] = cpu_ms() - fitted;
    }
    qsort(fit_ms, RUNS, sizeof *fit_ms, by_value);
    qsort(smooth_ms, RUNS, sizeof *smooth_ms, by_value);
    printf("%-26s %8zu %8zu %9.2f %9.2f %9.2f %9.2f\n", name, fit.counts.ratings,
        fit.counts.sessions, fit_ms[RUNS / 2], fit_ms[RUNS * 99 / 100], smooth_ms[RUNS / 2],
        smooth_ms[RUNS * 99 / 100]);
}

int main(void)
{
    printf("%-26s %8s %8s %9s %9s %9s %9s\n", "history", "ratings", "sessions", "fit ms", "p99",
        "bands ms", "p99");
    struct relief_client client = relief_client_usual(7);
    client.carry = 1;
    client.days = 40;
    measure("six weeks", &client);
    client.days = 84;
    measure("twelve weeks, 3 a week", &client);
    client.check_in_share = 1;
    client.least_gap_days = client.most_gap_days = 7;
    static const char *const names[] = {
        "one year, daily", "two years", "three years", "five years", "ten years"};
    static const int years[] = {1, 2, 3, 5, 10};
    for (size_t i = 0; i < COUNT_OF(years); i++) {
        client.days = 363 * years[i];
        client.baseline_days = 7;
        measure(names[i], &client);
    }
    return 0;
}

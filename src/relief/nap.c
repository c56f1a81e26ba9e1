/* Non-overlap of all pairs, by ranks, so that long histories cost a sort and not all the pairs. */
#include "relief/internal.h"

#include <math.h>

#include "base/banned.h"

#define RECENT_DAYS 21
#define Z_90 1.6448536269514722

/* Shell's sort (Ciura's gaps): no memory of its own. */
static void sort_values(double *values, size_t count)
{
    static const size_t gaps[] = {7983, 3548, 1577, 701, 301, 132, 57, 23, 10, 4, 1};
    for (size_t g = 0; g < COUNT_OF(gaps); g++) {
        for (size_t i = gaps[g]; i < count; i++) {
            double value = values[i];
            size_t at = i;
            for (; at >= gaps[g] && values[at - gaps[g]] > value; at -= gaps[g])
                values[at] = values[at - gaps[g]];
            values[at] = value;
        }
    }
}

/* Of `values` (sorted), how many lie below `x`. */
static size_t count_below(const double *values, size_t count, double x)
{
    size_t low = 0;
    while (count > 0) {
        size_t half = count / 2;
        if (values[low + half] < x) {
            low += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return low;
}

struct pair_sums {
    double q;         /* S */
    double q_squared; /* of single pairs */
    double by_before; /* Σi (Σj q)² */
    double by_recent; /* Σj (Σi q)² */
};

static struct pair_sums pair_sums(const double *a, size_t m, const double *b, size_t n)
{
    struct pair_sums sums = {0};
    for (size_t i = 0; i < m; i++) {
        double below = (double)count_below(b, n, a[i]);
        double equal = (double)count_below(b, n, nextafter(a[i], INFINITY)) - below;
        double q = below + .5 * equal;
        sums.q += q;
        sums.q_squared += below + .25 * equal;
        sums.by_before += q * q;
    }
    for (size_t j = 0; j < n; j++) {
        double to_equal = (double)count_below(a, m, nextafter(b[j], INFINITY));
        double equal = to_equal - (double)count_below(a, m, b[j]);
        double q = (double)m - to_equal + .5 * equal;
        sums.by_recent += q * q;
    }
    return sums;
}

/* Newcombe's quartic: positive outside of the interval. */
static double outside(double x, double nap, double m, double n)
{
    double h = (m + n) / 2 - 1;
    double off = nap - x;
    return m * n * off * off * (2 - x) * (1 + x) -
           Z_90 * Z_90 * x * (1 - x) * (2 + h + (1 + 2 * h) * x * (1 - x));
}

/* The root between `in` (the value itself) and `out` (0 or 1). */
static double interval_end(double in, double out, double nap, double m, double n)
{
    for (int i = 0; i < 50; i++) {
        double middle = in + (out - in) / 2;
        if (outside(middle, nap, m, n) > 0) {
            out = middle;
        } else {
            in = middle;
        }
    }
    return in;
}

struct relief_nap nap_of(const struct rows *rows, double *values)
{
    struct relief_nap nap = {0};
    double *before = values;
    double *recent = values + rows->count;
    bool seen_session = false;
    for (size_t i = 0; i < rows->count; i++) {
        const struct relief_row *row = &rows->row[i];
        if (row->kind == RELIEF_SESSION) seen_session = true;
        if (row->kind != RELIEF_CHECK_IN) continue;
        if (!seen_session) {
            before[nap.before++] = row->y;
        } else if (rows->t_end - row->t_days < RECENT_DAYS - 1e-6) {
            recent[nap.recent++] = row->y;
        }
    }
    if (!seen_session || nap.before == 0 || nap.recent == 0) return nap;
    sort_values(before, nap.before);
    sort_values(recent, nap.recent);
    double m = (double)nap.before;
    double n = (double)nap.recent;
    struct pair_sums sums = pair_sums(before, nap.before, recent, nap.recent);
    nap.is_known = true;
    nap.value = sums.q / (m * n);
    nap.low = interval_end(nap.value, 0, nap.value, m, n);
    nap.high = interval_end(nap.value, 1, nap.value, m, n);
    if (nap.before < 2 || nap.recent < 2) return nap;
    double rest = sums.q * sums.q - sums.by_before - sums.by_recent + sums.q_squared;
    nap.has_error = true;
    nap.se = sqrt(fmax(nap.value * nap.value - rest / (m * (m - 1) * n * (n - 1)), 0));
    return nap;
}

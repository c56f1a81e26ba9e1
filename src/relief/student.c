/* Student's t distribution: exact by the incomplete beta function, approximate by a normal, and a
 * table for one ν that the mixtures use (918 components share their ν). */
#include "relief/internal.h"

#include <math.h>

#include "base/banned.h"

#define PI 3.14159265358979323846
#define CELLS_PER_UNIT 16.0 /* the table reaches to 16 */

/* Stirling's series from 10 up, below it by recurrence. (The C library's lgamma writes a global.)
 */
double ln_gamma(double x)
{
    double shift = 1;
    while (x < 10) {
        shift *= x;
        x += 1;
    }
    double y = 1 / (x * x);
    double series =
        (1.0 / 12 -
            y * (1.0 / 360 -
                    y * (1.0 / 1260 - y * (1.0 / 1680 - y * (1.0 / 1188 - y * 691.0 / 360360)))));
    return (x - .5) * log(x) - x + .5 * log(2 * PI) + series / x - log(shift);
}

/* The continued fraction of the incomplete beta function by Lentz's method. */
static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300;
    double c = 1;
    double d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double result = d;
    for (int m = 1; m <= 2000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        result *= d * c;
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        result *= d * c;
        if (fabs(d * c - 1) < 1e-15) break;
    }
    return result;
}

/* I_x(a, b); `rest` is 1-x, given apart because it may be tiny. */
static double incomplete_beta(double a, double b, double x, double rest)
{
    if (x <= 0) return 0;
    if (rest <= 0) return 1;
    double front = exp(ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * log(x) + b * log(rest));
    if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, rest) / b;
}

double student_cdf_exact(double x, double nu)
{
    double square = x * x;
    if (!isfinite(square)) return x < 0 ? 0 : 1;
    double tail = .5 * incomplete_beta(nu / 2, .5, nu / (nu + square), square / (nu + square));
    return x < 0 ? tail : 1 - tail;
}

double normal_cdf(double x)
{
    return .5 * erfc(-x * sqrt(.5));
}

double student_cdf_approx(double x, double nu)
{
    double z = (8 * nu + 1) / (8 * nu + 3) * sqrt(nu * log1p(x * x / nu));
    return normal_cdf(x < 0 ? -z : z);
}

void student_init(struct student *student, double nu)
{
    const double cell = 1 / CELLS_PER_UNIT;
    double front = exp(ln_gamma((nu + 1) / 2) - ln_gamma(nu / 2)) / sqrt(nu * PI);
    double power = -(nu + 1) / 2;
    student->nu = nu;
    student->cdf[0] = .5;
    student->slope[0] = front * cell;
    for (int i = 1; i <= STUDENT_CELLS; i++) {
        double middle = (i - .5) * cell;
        double end = i * cell;
        double at_middle = front * exp(power * log1p(middle * middle / nu)) * cell;
        student->slope[i] = front * exp(power * log1p(end * end / nu)) * cell;
        student->cdf[i] =
            student->cdf[i - 1] + (student->slope[i - 1] + 4 * at_middle + student->slope[i]) / 6;
    }
}

double student_cdf(const struct student *student, double x)
{
    double at = fabs(x) * CELLS_PER_UNIT;
    if (!(at < STUDENT_CELLS)) return student_cdf_exact(x, student->nu);
    int i = (int)at;
    double u = at - i;
    double d0 = student->slope[i];
    double d1 = student->slope[i + 1];
    double rise = student->cdf[i + 1] - student->cdf[i];
    double cubic = u * (d0 + u * (3 * rise - 2 * d0 - d1 + u * (d0 + d1 - 2 * rise)));
    double p = student->cdf[i] + cubic;
    return x < 0 ? 1 - p : p;
}

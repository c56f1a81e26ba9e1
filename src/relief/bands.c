/* Smoothing for the chart: the level at every moment given all ratings, from all components.
 *
 * The moments that are shown are put among the ratings as steps without an observation. The filter
 * runs forward over both, then the adjoint r runs backward (Durbin & Koopman 4.4): the smoothed w
 * is a_w + P_w· r and its variance P_ww - P_w· N P_·w, for every column at once. Then the level at
 * a moment is a functional like any other, with the smoothed columns of w in place of the filtered.
 */
#include "relief/internal.h"

#include "base/check.h"

#include <math.h>

#include "base/banned.h"

enum { MOST_PAST_POINTS = 160, EXPECTED_PER_DAY = 4, MOST_EXPECTED = 1500 };

struct step {
    bool is_rating;
    double dt;
    double z[COLUMNS];
};

/* What the forward run of one noise setting leaves at a step: of a rating the innovations and gain,
 * of a moment the predicted w and variance. */
struct trace {
    double phi;
    double kw, ku, inverse_f;
    double p[3];
    double column[COLUMNS]; /* v, or a_w */
};

struct smoother {
    const struct relief_posterior *post;
    struct step *steps;
    struct trace *traces;
    size_t step_count;
    size_t point_count;
    double *point_t;
    size_t live_from; /* the live components of this noise setting */
    size_t live_to;
    double *loc; /* by point, then live component */
    double *inverse_scale;
};

static void forward(const struct noise *noise, struct smoother *sm)
{
    double xw[COLUMNS] = {0};
    double xu[COLUMNS] = {0};
    double p[3] = {0, 0, noise->f};
    for (size_t k = 0; k < sm->step_count; k++) {
        const struct step *restrict step = &sm->steps[k];
        struct trace *restrict trace = &sm->traces[k];
        double phi = exp(noise->ln_rho * step->dt);
        trace->phi = phi;
        variance_predict(noise, phi, step->dt, p);
        if (!step->is_rating) {
            for (int i = 0; i < 3; i++)
                trace->p[i] = p[i];
            for (int c = 0; c < COLUMNS; c++) {
                xu[c] *= phi;
                trace->column[c] = xw[c];
            }
            continue;
        }
        struct gain gain = variance_update(noise, p);
        trace->kw = gain.kw;
        trace->ku = gain.ku;
        trace->inverse_f = 1 / gain.f;
        for (int c = 0; c < COLUMNS; c++) {
            double u = xu[c] * phi;
            double v = step->z[c] - xw[c] - u;
            xw[c] += gain.kw * v;
            xu[c] = u + gain.ku * v;
            trace->column[c] = v;
        }
    }
}

/* The posterior of the level at a moment, for the live components of noise setting h. */
static void take_point(struct smoother *sm, size_t h, size_t at, const double *w_column, double pww)
{
    const struct relief_posterior *post = sm->post;
    double loc[CARRIES];
    double scale2[CARRIES];
    struct functional level = {
        .common = {[B_L0] = 1, [B_SLOPE] = sm->point_t[at] - post->rows.t0}, .k = 1};
    functional_spread(post, h, &level, w_column, pww, loc, scale2);
    for (size_t i = sm->live_from; i < sm->live_to; i++) {
        size_t j = post->live[i] % CARRIES;
        sm->loc[at * post->live_count + i] = loc[j];
        sm->inverse_scale[at * post->live_count + i] = 1 / sqrt(fmax(scale2[j], 1e-24));
    }
}

static void backward(struct smoother *sm, size_t h)
{
    double rw[COLUMNS] = {0};
    double ru[COLUMNS] = {0};
    double w_column[COLUMNS];
    double nww = 0, nwu = 0, nuu = 0;
    double phi = 1;
    size_t point = sm->point_count;
    for (size_t k = sm->step_count; k-- > 0;) {
        const struct trace *restrict trace = &sm->traces[k];
        nwu *= phi;
        nuu *= phi * phi;
        if (sm->steps[k].is_rating) {
            double kw = trace->kw, ku = trace->ku, inverse_f = trace->inverse_f;
            for (int c = 0; c < COLUMNS; c++) {
                double u = ru[c] * phi;
                double g = trace->column[c] * inverse_f - (kw * rw[c] + ku * u);
                rw[c] += g;
                ru[c] = u + g;
            }
            double kn_w = kw * nww + ku * nwu;
            double kn_u = kw * nwu + ku * nuu;
            double add = inverse_f + kw * kn_w + ku * kn_u;
            nww += add - 2 * kn_w;
            nwu += add - kn_w - kn_u;
            nuu += add - 2 * kn_u;
        } else {
            double pw = trace->p[0], pu = trace->p[1];
            for (int c = 0; c < COLUMNS; c++) {
                ru[c] *= phi;
                w_column[c] = trace->column[c] + pw * rw[c] + pu * ru[c];
            }
            double less = pw * pw * nww + 2 * pw * pu * nwu + pu * pu * nuu;
            take_point(sm, h, --point, w_column, fmax(pw - less, 0));
        }
        phi = trace->phi;
    }
    CHECK(point == 0);
}

/* The moments among the ratings, in order of time; a moment at a rating's time stands behind it. */
static void lay_steps(struct smoother *sm)
{
    const struct rows *rows = &sm->post->rows;
    struct carry carry = {0};
    double last = rows->t0;
    size_t point = 0;
    for (size_t i = 0; i <= rows->count; i++) {
        double until = i < rows->count ? rows->row[i].t_days : INFINITY;
        for (; point < sm->point_count && sm->point_t[point] < until; point++) {
            sm->steps[sm->step_count++] = (struct step){.dt = sm->point_t[point] - last};
            last = sm->point_t[point];
        }
        if (i == rows->count) break;
        carry_advance(&sm->post->grid, &carry, until);
        if (rows->row[i].kind == RELIEF_SESSION) {
            carry_session(&carry, until);
            continue;
        }
        struct step *step = &sm->steps[sm->step_count++];
        step->is_rating = true;
        step->dt = until - last;
        columns_of(&rows->row[i], rows, &carry, step->z);
        last = until;
    }
}

/* Evenly over the past, both ends included; then a point a day. Returns how many are past. */
static size_t lay_points(struct smoother *sm, struct arena *arena, int forecast_days)
{
    const struct rows *rows = &sm->post->rows;
    double span = rows->t_end - rows->t0;
    double wanted = ceil(span) + 1;
    size_t past = wanted < MOST_PAST_POINTS ? (size_t)wanted : MOST_PAST_POINTS;
    sm->point_count = past + (size_t)forecast_days;
    sm->point_t = ARENA_ARRAY(arena, sm->point_count, double);
    for (size_t i = 0; i + 1 < past; i++)
        sm->point_t[i] = rows->t0 + span * (double)i / (double)(past - 1);
    sm->point_t[past - 1] = rows->t_end;
    for (size_t i = past; i < sm->point_count; i++)
        sm->point_t[i] = rows->t_end + (double)(i - past + 1);
    return past;
}

static void read_points(struct smoother *sm, struct relief_point *points)
{
    size_t live = sm->post->live_count;
    double low_z = -1.65; /* neighbours have nearly the same shape */
    double high_z = 1.65;
    for (size_t i = 0; i < sm->point_count; i++) {
        struct mixture mixture = {
            .student = &sm->post->student,
            .count = live,
            .weight = sm->post->live_weight,
            .loc = sm->loc + i * live,
            .inverse_scale = sm->inverse_scale + i * live,
        };
        mixture_finish(&mixture);
        double low = mixture.mean + low_z * mixture.sd;
        double high = mixture.mean + high_z * mixture.sd;
        points[i] = (struct relief_point){sm->point_t[i], mixture.mean,
            mixture_quantile_near(&mixture, .05, low), mixture_quantile_near(&mixture, .95, high)};
        if (mixture.sd > 0) {
            low_z = (points[i].low - mixture.mean) / mixture.sd;
            high_z = (points[i].high - mixture.mean) / mixture.sd;
        }
    }
}

/* Σ over the noise settings of weight × mean of A: what s is multiplied with. */
static void mean_carry(const struct relief_posterior *post, double mean[CARRIES])
{
    double loc[CARRIES];
    double scale2[CARRIES];
    struct functional carry = functional_for(post, RELIEF_Q_CARRY);
    for (size_t h = 0; h < NOISES; h++) {
        const struct regression *reg = &post->noise[h];
        functional_spread(post, h, &carry, reg->w_column, reg->pww, loc, scale2);
        for (size_t j = 0; j < CARRIES; j++)
            mean[j] += reg->weight[j] * loc[j];
    }
}

/* The level on the line between two points; the mean of a random walk is straight between ratings.
 */
static double level_at(const struct relief_point *points, size_t count, size_t *hint, double t)
{
    while (*hint + 2 < count && points[*hint + 1].t_days <= t)
        ++*hint;
    if (count == 1) return points[0].level;
    const struct relief_point *a = &points[*hint];
    double part = (t - a->t_days) / (a[1].t_days - a->t_days);
    return a->level + fmin(fmax(part, 0), 1) * (a[1].level - a->level);
}

struct expected_line {
    const struct relief_posterior *post;
    const struct relief_bands *bands;
    struct relief_expected *at;
    size_t count;
    size_t next; /* row */
    size_t hint;
    struct carry carry;
    double mean[CARRIES];
};

static void expect(struct expected_line *line, double t, bool is_session)
{
    double level = level_at(line->bands->points, line->bands->point_count, &line->hint, t);
    double relief = 0;
    for (int j = 0; j < CARRIES; j++)
        relief += line->mean[j] * line->carry.s[j];
    line->at[line->count++] = (struct relief_expected){t, level, level - relief, is_session};
}

/* Draws both sides of every session up to t, then t. */
static void walk_to(struct expected_line *line, double t)
{
    const struct grid *grid = &line->post->grid;
    const struct rows *rows = &line->post->rows;
    for (; line->next < rows->count && rows->row[line->next].t_days <= t; line->next++) {
        const struct relief_row *row = &rows->row[line->next];
        if (row->kind != RELIEF_SESSION) continue;
        carry_advance(grid, &line->carry, row->t_days);
        if (row->t_days >= rows->t0) expect(line, row->t_days, false);
        carry_session(&line->carry, row->t_days);
        if (row->t_days >= rows->t0) expect(line, row->t_days, true);
    }
    carry_advance(grid, &line->carry, t);
    expect(line, t, false);
}

static void draw_expected(
    struct arena *arena, const struct relief_posterior *post, struct relief_bands *bands)
{
    const struct rows *rows = &post->rows;
    double end = bands->points[bands->point_count - 1].t_days;
    double step = fmax(1.0 / EXPECTED_PER_DAY, (end - rows->t0) / MOST_EXPECTED);
    size_t sessions = 0;
    for (size_t i = 0; i < rows->count; i++)
        sessions += rows->row[i].kind == RELIEF_SESSION;
    size_t most = (size_t)((end - rows->t0) / step) + 4 + 2 * sessions;
    struct expected_line line = {.post = post, .bands = bands};
    line.at = ARENA_ARRAY(arena, most, struct relief_expected);
    mean_carry(post, line.mean);
    for (size_t i = 0; rows->t0 + (double)i * step < rows->t_end; i++)
        walk_to(&line, rows->t0 + (double)i * step);
    walk_to(&line, rows->t_end);
    bands->expected_past_count = line.count;
    for (size_t i = 1; rows->t_end + (double)i * step < end; i++)
        walk_to(&line, rows->t_end + (double)i * step);
    if (end > rows->t_end) walk_to(&line, end);
    CHECK(line.count <= most);
    bands->expected = line.at;
    bands->expected_count = line.count;
}

struct result relief_smooth(struct arena *arena, const struct relief_fit *fit, int forecast_days,
    struct relief_bands *ret_bands)
{
    CHECK(forecast_days >= 0 && forecast_days <= RELIEF_FORECAST_DAYS);
    CHECK(fit->posterior);
    struct smoother sm = {.post = fit->posterior};
    struct relief_bands bands = {0};
    if (fit->counts.ratings == 0) {
        *ret_bands = bands;
        return RESULT_OK;
    }
    bands.past_count = lay_points(&sm, arena, forecast_days);
    size_t steps = sm.point_count + fit->counts.ratings;
    sm.steps = arena_alloc_array(arena, steps, sizeof *sm.steps, 64);
    sm.traces = arena_alloc_array(arena, steps, sizeof *sm.traces, 64);
    sm.loc = ARENA_ARRAY(arena, sm.point_count * sm.post->live_count, double);
    sm.inverse_scale = ARENA_ARRAY(arena, sm.point_count * sm.post->live_count, double);
    lay_steps(&sm);
    CHECK(sm.step_count == steps);
    for (size_t h = 0; h < NOISES; h++) {
        struct noise noise = noise_of(h);
        sm.live_from = sm.live_to;
        while (sm.live_to < sm.post->live_count && sm.post->live[sm.live_to] / CARRIES == h)
            sm.live_to++;
        if (sm.live_from == sm.live_to) continue;
        forward(&noise, &sm);
        backward(&sm, h);
    }
    struct relief_point *points = ARENA_ARRAY(arena, sm.point_count, struct relief_point);
    read_points(&sm, points);
    bands.points = points;
    bands.point_count = sm.point_count;
    draw_expected(arena, sm.post, &bands);
    *ret_bands = bands;
    return RESULT_OK;
}

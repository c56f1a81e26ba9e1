/* The fit from rows to numbers: checks and sorts the rows, counts them, runs the parts in order. */
#include "relief/internal.h"

#include "base/check.h"
#include "base/limits.h"

#include <math.h>

#include "base/banned.h"

#define TYPICAL_DAYS 28
#define FOLLOW_DAYS 3
#define PAIR_DAYS .5
#define WINDOW_DAYS 21
#define SLACK 1e-6 /* a tenth of a second: shifted times are rounded */

/* Before-rating, session, after-rating and check-in: the order at one instant. */
static int rank_of(enum relief_kind kind)
{
    return kind == RELIEF_BEFORE ? 0 : kind == RELIEF_SESSION ? 1 : kind == RELIEF_AFTER ? 2 : 3;
}

/* A total order, so that the same rows give the same bits whatever their order was. */
static bool comes_before(const struct relief_row *a, const struct relief_row *b)
{
    if (a->t_days != b->t_days) return a->t_days < b->t_days;
    if (a->kind != b->kind) return rank_of(a->kind) < rank_of(b->kind);
    if (a->kind == RELIEF_SESSION) return false;
    if (a->spontaneous != b->spontaneous) return b->spontaneous;
    return a->y < b->y;
}

/* Merge sort, bottom up; rows that came sorted cost one look. Returns where the result lies. */
static struct relief_row *sort_rows(struct relief_row *rows, struct relief_row *spare, size_t count)
{
    bool sorted = true;
    for (size_t i = 1; i < count && sorted; i++)
        sorted = !comes_before(&rows[i], &rows[i - 1]);
    if (sorted) return rows;
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t from = 0; from < count; from += 2 * width) {
            size_t middle = from + width < count ? from + width : count;
            size_t end = from + 2 * width < count ? from + 2 * width : count;
            size_t a = from;
            size_t b = middle;
            for (size_t at = from; at < end; at++) {
                bool take_b = a == middle || (b < end && comes_before(&rows[b], &rows[a]));
                spare[at] = take_b ? rows[b++] : rows[a++];
            }
        }
        struct relief_row *other = rows;
        rows = spare;
        spare = other;
    }
    return rows;
}

static const char *row_problem(const struct relief_row *row, bool any_rating)
{
    if (row->kind < RELIEF_CHECK_IN || row->kind > RELIEF_SESSION) return "kind is unknown";
    if (!isfinite(row->t_days)) return "the time is no number";
    if (row->kind == RELIEF_SESSION) return NULL;
    if (!isfinite(row->y)) return "the rating is no number";
    if (any_rating && fabs(row->y) <= 1000) return NULL;
    return row->y < 0 || row->y > 10 ? "the rating lies outside 0 to 10" : NULL;
}

static struct result check_rows(
    struct arena *arena, const struct relief_row *rows, size_t count, bool any_rating)
{
    double first = INFINITY;
    double last = -INFINITY;
    if (count > LIMIT_RELIEF_ROWS) return result_fail(ERR_LIMIT, "too-many-rows", NULL);
    for (size_t i = 0; i < count; i++) {
        const char *problem = row_problem(&rows[i], any_rating);
        if (problem) {
            return result_fail(
                ERR_INVALID, "row", arena_printf(arena, "row %zu: %s", i + 1, problem).ptr);
        }
        first = fmin(first, rows[i].t_days);
        last = fmax(last, rows[i].t_days);
    }
    if (count && last - first > LIMIT_RELIEF_DAYS)
        return result_fail(ERR_LIMIT, "too-long-a-time", NULL);
    if (count && fmax(fabs(first), fabs(last)) > 1e7)
        return result_fail(ERR_INVALID, "row", "a time lies beyond all calendars");
    return RESULT_OK;
}

static struct rows rows_of(const struct relief_row *sorted, size_t count)
{
    struct rows rows = {.row = sorted, .count = count};
    bool seen = false;
    if (count) rows.t0 = rows.t_end = sorted[0].t_days;
    for (size_t i = 0; i < count; i++) {
        if (sorted[i].kind == RELIEF_SESSION) continue;
        if (!seen) rows.t0 = sorted[i].t_days;
        rows.t_end = sorted[i].t_days;
        seen = true;
    }
    return rows;
}

/* What surrounds the session at `at`: looks only as far as a pair or a follow-up may lie. */
static void count_session(const struct rows *rows, size_t at, struct relief_counts *counts)
{
    double t = rows->row[at].t_days;
    bool before = false;
    bool after = false;
    bool followed = false;
    for (size_t i = at; i-- > 0 && !before;) {
        if (rows->row[i].t_days < t - PAIR_DAYS || rows->row[i].kind == RELIEF_SESSION) break;
        before = rows->row[i].kind == RELIEF_BEFORE;
    }
    for (size_t i = at + 1; i < rows->count && !(after && followed); i++) {
        const struct relief_row *row = &rows->row[i];
        if (row->t_days > t + FOLLOW_DAYS + SLACK) break;
        if (row->kind == RELIEF_CHECK_IN) followed = true;
        if (row->kind == RELIEF_AFTER && row->t_days <= t + PAIR_DAYS) after = true;
    }
    counts->sessions++;
    counts->followed_sessions += followed;
    counts->paired_sessions += before && after;
}

struct relief_counts counts_of(const struct rows *rows)
{
    struct relief_counts counts = {0};
    double last_session = 0;
    counts.first_rating_days = rows->t0;
    counts.last_rating_days = rows->t_end;
    for (size_t i = 0; i < rows->count; i++) {
        const struct relief_row *row = &rows->row[i];
        if (row->kind == RELIEF_SESSION) {
            if (counts.sessions)
                counts.longest_gap_days = fmax(counts.longest_gap_days, row->t_days - last_session);
            last_session = row->t_days;
            count_session(rows, i, &counts);
            continue;
        }
        counts.ratings++;
        counts.ratings_at_ends += row->y <= 0 || row->y >= 10;
        counts.befores += row->kind == RELIEF_BEFORE;
        counts.afters += row->kind == RELIEF_AFTER;
        if (row->kind != RELIEF_CHECK_IN) continue;
        counts.check_ins++;
        counts.spontaneous += row->spontaneous;
        counts.check_ins_first_3w += row->t_days - rows->t0 <= WINDOW_DAYS + SLACK;
        counts.check_ins_last_3w += rows->t_end - row->t_days <= WINDOW_DAYS + SLACK;
        if (!counts.sessions) counts.check_ins_baseline++;
    }
    if (!counts.sessions) counts.check_ins_baseline = 0; /* nothing to be before of */
    return counts;
}

/* Carry-over at the last rating, and its mean over the 28 days up to it, a value a day. */
static void carries_fill(struct relief_posterior *post)
{
    struct carry carry = {0};
    size_t next = 0;
    const struct rows *rows = &post->rows;
    for (int day = 0; day < TYPICAL_DAYS; day++) {
        double t = rows->t_end - (TYPICAL_DAYS - 1 - day);
        for (; next < rows->count && rows->row[next].t_days <= t + SLACK / 1000; next++) {
            if (rows->row[next].kind != RELIEF_SESSION) continue;
            carry_advance(&post->grid, &carry, rows->row[next].t_days);
            carry_session(&carry, rows->row[next].t_days);
        }
        carry_advance(&post->grid, &carry, t);
        for (int j = 0; j < CARRIES; j++) {
            post->s_mean[j] += carry.s[j] / TYPICAL_DAYS;
            post->s_end[j] = carry.s[j];
        }
    }
}

static void fill_fit(struct arena *arena, struct relief_posterior *post, struct relief_fit *fit)
{
    struct noise_state *states = arena_alloc_array(arena, NOISES, sizeof *states, 64);
    struct block *block = arena_alloc(arena, sizeof *block, 64);
    double(*e)[COLUMNS] = arena_alloc_array(arena, BLOCK, sizeof *e, 64);
    struct mixture mixture = {
        .loc = ARENA_ARRAY(arena, PARTS, double),
        .inverse_scale = ARENA_ARRAY(arena, PARTS, double),
    };
    *fit = (struct relief_fit){0};
    fit->counts = counts_of(&post->rows);
    post->nu = PRIOR_NU + (double)fit->counts.ratings;
    grid_init(&post->grid);
    student_init(&post->student, post->nu);
    carries_fill(post);
    filter_rows(&post->grid, &post->rows, states, block, e);
    posterior_solve(post, states);
    fit->nu = post->nu;
    fit->log_evidence = post->log_evidence;
    fit->trough_points = post->trough_points;
    fit->posterior = post;
    quantities_fill(post, &mixture, fit);
    fit->nap = nap_of(&post->rows, ARENA_ARRAY(arena, 2 * post->rows.count, double));
}

struct result relief_fit_rows(struct arena *arena, const struct relief_row *rows, size_t count,
    const struct relief_options *options, struct relief_fit *ret_fit)
{
    CHECK(arena && ret_fit);
    CHECK(rows || count == 0);
    struct relief_options chosen = options ? *options : (struct relief_options){0};
    TRY(check_rows(arena, rows, count, chosen.any_rating));
    struct relief_row *copy = ARENA_ARRAY(arena, count, struct relief_row);
    struct relief_row *spare = ARENA_ARRAY(arena, count, struct relief_row);
    for (size_t i = 0; i < count; i++)
        copy[i] = rows[i];
    struct relief_posterior *post = arena_alloc(arena, sizeof *post, 64);
    post->rows = rows_of(sort_rows(copy, spare, count), count);
    post->trough_points = chosen.trough_points > 0 ? fmin(chosen.trough_points, 10) : .5;
    struct relief_fit fit;
    fill_fit(arena, post, &fit);
    *ret_fit = fit;
    return RESULT_OK;
}

const struct relief_row *relief_sorted_rows(const struct relief_fit *fit, size_t *ret_count)
{
    *ret_count = fit->posterior->rows.count;
    return fit->posterior->rows.row;
}

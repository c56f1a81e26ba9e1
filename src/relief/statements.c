/* Which statements may be made, and what is missing until they may. The numbers of this file are
 * the specification's; a statement that is not allowed is not softened but withheld. */
#include "relief/internal.h"

#include <math.h>

#include "base/banned.h"

#define INTERVAL_STRETCH 1.5

static size_t short_of(size_t have, size_t need)
{
    return have < need ? need - have : 0;
}

static double weeks_missing(const struct relief_counts *counts, double weeks)
{
    double have = counts->ratings ? (counts->last_rating_days - counts->first_rating_days) / 7 : 0;
    /* a seventh of a week of slack: four weeks of evenings end a little before the 28th day */
    return have + 1.0 / 7 >= weeks ? 0 : weeks - have;
}

static bool is_complete(const struct relief_missing *m)
{
    return m->weeks <= 0 && !m->sessions_followed && !m->check_ins && !m->check_ins_first_3w &&
           !m->check_ins_last_3w && !m->check_ins_baseline && !m->paired_sessions &&
           !m->start_level_low;
}

static void state_carry_over(const struct relief_fit *fit, struct relief_statements *st)
{
    struct relief_missing *missing = &st->carry_over_missing;
    missing->weeks = weeks_missing(&fit->counts, 4);
    missing->sessions_followed = short_of(fit->counts.followed_sessions, 4);
    missing->check_ins = short_of(fit->counts.check_ins, 12);
    if (!is_complete(missing)) {
        st->carry_over = RELIEF_CARRY_NOT_ENOUGH;
    } else if (fit->p_r3_03 >= .95) {
        st->carry_over = RELIEF_CARRY_CLEARLY;
    } else if (fit->p_r3_03 >= .80) {
        st->carry_over = RELIEF_CARRY_LIKELY;
    } else if (fit->p_r3_05 <= .10) {
        st->carry_over = RELIEF_CARRY_LITTLE;
    } else {
        st->carry_over = RELIEF_CARRY_UNCLEAR;
    }
}

/* The window from d80 to d50, never beyond 1.5 × the longest gap that was tried. */
static void state_interval(const struct relief_fit *fit, struct relief_statements *st)
{
    double cap = INTERVAL_STRETCH * fit->counts.longest_gap_days;
    double from = fit->d80_days;
    double to = fit->d50_days;
    if (to <= 0 || cap < 1) {
        st->interval = RELIEF_INTERVAL_TOO_WEAK;
        return;
    }
    st->interval_capped = to > cap;
    st->interval_from_days = fmin(from, cap);
    st->interval_to_days = fmin(to, cap);
    if (from >= cap) {
        st->interval = RELIEF_INTERVAL_AT_LEAST;
    } else if (from <= 0) {
        st->interval = RELIEF_INTERVAL_UP_TO;
    } else {
        st->interval = RELIEF_INTERVAL_RANGE;
    }
}

static void state_level(const struct relief_fit *fit, struct relief_statements *st)
{
    struct relief_missing *missing = &st->level_missing;
    missing->weeks = weeks_missing(&fit->counts, 8);
    missing->check_ins = short_of(fit->counts.check_ins, 24);
    missing->check_ins_first_3w = short_of(fit->counts.check_ins_first_3w, 5);
    missing->check_ins_last_3w = short_of(fit->counts.check_ins_last_3w, 5);
    if (!is_complete(missing)) {
        st->level = RELIEF_LEVEL_NOT_ENOUGH;
    } else if (fit->p_level_lower >= .95) {
        st->level = RELIEF_LEVEL_LOWER;
    } else if (fit->p_level_lower <= .05) {
        st->level = RELIEF_LEVEL_HIGHER;
    } else {
        st->level = RELIEF_LEVEL_UNCLEAR;
    }
}

struct relief_statements relief_state(const struct relief_fit *fit)
{
    struct relief_statements st = {0};
    state_carry_over(fit, &st);
    if (st.carry_over == RELIEF_CARRY_CLEARLY || st.carry_over == RELIEF_CARRY_LIKELY) {
        st.half_life_may = true;
        st.half_life_rough = fit->half_life.q95 / fit->half_life.q05 > 6;
        state_interval(fit, &st);
    }
    state_level(fit, &st);
    st.responder_missing.check_ins_baseline = short_of(fit->counts.check_ins_baseline, 3);
    st.responder_missing.start_level_low = fit->mean_start_level < 3;
    st.responder_may = is_complete(&st.responder_missing);
    st.drop_missing.paired_sessions = short_of(fit->counts.paired_sessions, 3);
    st.drop_may = is_complete(&st.drop_missing);
    st.floor_warning =
        fit->counts.ratings > 0 && fit->counts.ratings_at_ends * 5 >= fit->counts.ratings;
    return st;
}

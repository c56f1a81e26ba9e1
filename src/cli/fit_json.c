#include "cli/fit.h"

#include "base/check.h"
#include "base/json_writer.h"

#include <math.h>

#include "base/banned.h"

static void number(struct jw *jw, struct str key, double value)
{
    char text[40];
    struct sb sb;
    CHECK(isfinite(value));
    sb_init_fixed(&sb, text, sizeof text);
    sb_addf(&sb, "%.9g", value);
    jw_key(jw, key);
    jw_raw(jw, sb_str(&sb));
}

#define NUMBER(jw, key, value) number((jw), STR(key), (value))
#define COUNT(jw, key, value) JW_I64((jw), key, (int64_t)(value))

static void numbers(struct jw *jw, struct str key, const double *values, size_t count)
{
    char text[40];
    jw_key(jw, key);
    jw_array(jw);
    for (size_t i = 0; i < count; i++) {
        struct sb sb;
        sb_init_fixed(&sb, text, sizeof text);
        sb_addf(&sb, "%.9g", values[i]);
        jw_raw(jw, sb_str(&sb));
    }
    jw_array_end(jw);
}

static void spread(struct jw *jw, struct str key, const struct relief_spread *s)
{
    jw_key(jw, key);
    jw_object(jw);
    NUMBER(jw, "mean", s->mean);
    NUMBER(jw, "sd", s->sd);
    NUMBER(jw, "q05", s->q05);
    NUMBER(jw, "q50", s->q50);
    NUMBER(jw, "q95", s->q95);
    jw_object_end(jw);
}

static void write_counts(struct jw *jw, const struct relief_counts *c)
{
    jw_key(jw, STR("counts"));
    jw_object(jw);
    COUNT(jw, "ratings", c->ratings);
    COUNT(jw, "check_ins", c->check_ins);
    COUNT(jw, "spontaneous", c->spontaneous);
    COUNT(jw, "before", c->befores);
    COUNT(jw, "after", c->afters);
    COUNT(jw, "sessions", c->sessions);
    COUNT(jw, "sessions_followed", c->followed_sessions);
    COUNT(jw, "sessions_paired", c->paired_sessions);
    COUNT(jw, "check_ins_before_first_session", c->check_ins_baseline);
    COUNT(jw, "check_ins_first_3_weeks", c->check_ins_first_3w);
    COUNT(jw, "check_ins_last_3_weeks", c->check_ins_last_3w);
    COUNT(jw, "ratings_at_0_or_10", c->ratings_at_ends);
    NUMBER(jw, "first_rating_days", c->first_rating_days);
    NUMBER(jw, "last_rating_days", c->last_rating_days);
    NUMBER(jw, "longest_gap_days", c->longest_gap_days);
    jw_object_end(jw);
}

static void write_missing(struct jw *jw, const struct relief_missing *m)
{
    jw_key(jw, STR("missing"));
    jw_object(jw);
    if (m->weeks > 0) NUMBER(jw, "weeks", m->weeks);
    if (m->sessions_followed) COUNT(jw, "sessions_followed", m->sessions_followed);
    if (m->check_ins) COUNT(jw, "check_ins", m->check_ins);
    if (m->check_ins_first_3w) COUNT(jw, "check_ins_first_3_weeks", m->check_ins_first_3w);
    if (m->check_ins_last_3w) COUNT(jw, "check_ins_last_3_weeks", m->check_ins_last_3w);
    if (m->check_ins_baseline) COUNT(jw, "check_ins_before_first_session", m->check_ins_baseline);
    if (m->paired_sessions) COUNT(jw, "sessions_paired", m->paired_sessions);
    if (m->start_level_low) JW_BOOL(jw, "start_level_below_3", true);
    jw_object_end(jw);
}

static void begin(struct jw *jw, struct str key, const char *statement, struct str words)
{
    jw_key(jw, key);
    jw_object(jw);
    JW_STR(jw, "statement", str_from_cstr(statement));
    JW_STR(jw, "words", words);
}

static void write_statements(
    struct jw *jw, const struct relief_statements *st, const struct fit_words *words)
{
    static const char *const carry_overs[] = {
        "not-enough-data", "clearly", "likely", "little", "unclear"};
    static const char *const intervals[] = {"none", "range", "up-to", "at-least", "too-weak"};
    static const char *const levels[] = {"not-enough-data", "lower", "higher", "unclear"};
    jw_key(jw, STR("statements"));
    jw_object(jw);
    begin(jw, STR("carry_over"), carry_overs[st->carry_over], words->carry_over);
    write_missing(jw, &st->carry_over_missing);
    jw_object_end(jw);
    begin(jw, STR("half_life"),
        !st->half_life_may    ? "none"
        : st->half_life_rough ? "rough-range"
                              : "range",
        words->half_life);
    jw_object_end(jw);
    begin(jw, STR("interval"), intervals[st->interval], words->interval);
    NUMBER(jw, "from_days", st->interval_from_days);
    NUMBER(jw, "to_days", st->interval_to_days);
    JW_BOOL(jw, "capped", st->interval_capped);
    jw_object_end(jw);
    begin(jw, STR("level"), levels[st->level], words->level);
    write_missing(jw, &st->level_missing);
    jw_object_end(jw);
    begin(jw, STR("responder"), st->responder_may ? "probabilities" : "not-enough-data",
        words->responder);
    write_missing(jw, &st->responder_missing);
    jw_object_end(jw);
    begin(jw, STR("drop"), st->drop_may ? "range" : "not-enough-data", words->drop);
    write_missing(jw, &st->drop_missing);
    jw_object_end(jw);
    JW_BOOL(jw, "floor_warning", st->floor_warning);
    jw_object_end(jw);
}

static void write_probabilities(struct jw *jw, const struct relief_fit *fit)
{
    jw_key(jw, STR("probabilities"));
    jw_object(jw);
    NUMBER(jw, "r3_at_least_0", fit->p_r3_positive);
    NUMBER(jw, "r3_at_least_0.3", fit->p_r3_03);
    NUMBER(jw, "r3_at_least_0.5", fit->p_r3_05);
    NUMBER(jw, "drop_at_least_2", fit->p_drop_2);
    NUMBER(jw, "level_lower", fit->p_level_lower);
    NUMBER(jw, "level_lower_by_1", fit->p_level_lower_1);
    NUMBER(jw, "reduced_by_15_percent", fit->p_reduced_15);
    NUMBER(jw, "reduced_by_30_percent", fit->p_reduced_30);
    NUMBER(jw, "reduced_by_50_percent", fit->p_reduced_50);
    NUMBER(jw, "reduced_by_2_points", fit->p_reduced_2_points);
    NUMBER(jw, "reset", fit->p_reset);
    numbers(jw, STR("rho"), fit->p_rho, 3);
    numbers(jw, STR("f"), fit->p_f, 3);
    numbers(jw, STR("lambda"), fit->p_lambda, 3);
    numbers(jw, STR("tau"), fit->p_tau, RELIEF_TAUS);
    numbers(jw, STR("tau_days"), fit->tau_days, RELIEF_TAUS);
    jw_object_end(jw);
}

static void write_nap(struct jw *jw, const struct relief_nap *nap)
{
    jw_key(jw, STR("nap"));
    jw_object(jw);
    COUNT(jw, "before", nap->before);
    COUNT(jw, "recent", nap->recent);
    if (nap->is_known) {
        NUMBER(jw, "value", nap->value);
        NUMBER(jw, "low", nap->low);
        NUMBER(jw, "high", nap->high);
    }
    if (nap->has_error) NUMBER(jw, "se", nap->se);
    jw_object_end(jw);
}

void fit_json_write(struct sb *sb, const struct relief_fit *fit, const struct relief_statements *st,
    const struct fit_words *words)
{
    struct jw jw;
    jw_init(&jw, sb);
    jw_object(&jw);
    write_counts(&jw, &fit->counts);
    write_statements(&jw, st, words);
    spread(&jw, STR("carry_over"), &fit->carry);
    spread(&jw, STR("r3"), &fit->r3);
    spread(&jw, STR("drop"), &fit->drop);
    spread(&jw, STR("level_change"), &fit->level_change);
    spread(&jw, STR("level_now"), &fit->level_now);
    spread(&jw, STR("pain_now"), &fit->pain_now);
    spread(&jw, STR("typical_pain"), &fit->typical);
    numbers(&jw, STR("half_life_q05_q50_q95"),
        (double[]){fit->half_life.q05, fit->half_life.q50, fit->half_life.q95}, 3);
    NUMBER(&jw, "start_level_mean", fit->mean_start_level);
    NUMBER(&jw, "trough_points", fit->trough_points);
    NUMBER(&jw, "d50_days", fit->d50_days);
    NUMBER(&jw, "d80_days", fit->d80_days);
    write_probabilities(&jw, fit);
    write_nap(&jw, &fit->nap);
    NUMBER(&jw, "nu", fit->nu);
    NUMBER(&jw, "log_evidence", fit->log_evidence);
    NUMBER(&jw, "noise_variance", fit->noise_variance);
    jw_object_end(&jw);
}

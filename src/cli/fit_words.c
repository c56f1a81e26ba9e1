#include "cli/fit.h"

#include <math.h>

#include "base/banned.h"

#define CAUSE " What caused it cannot be told from this."

/* "2 more weeks of ratings, 1 more check-in": what a gate still asks for. */
struct list {
    struct sb *sb;
    size_t count;
};

static void list_add(struct list *list, size_t n, const char *one, const char *many)
{
    if (n == 0) return;
    if (list->count++) SB_LIT(list->sb, "; ");
    sb_addf(list->sb, "%zu %s", n, n == 1 ? one : many);
}

static void add_missing(struct sb *sb, const struct relief_missing *m)
{
    struct list list = {sb, 0};
    list_add(&list, (size_t)ceil(m->weeks), "more week of ratings", "more weeks of ratings");
    list_add(&list, m->sessions_followed, "more session with a check-in within three days after it",
        "more sessions, each with a check-in within three days after it");
    list_add(&list, m->check_ins, "more check-in", "more check-ins");
    list_add(&list, m->check_ins_first_3w, "check-in too few in the first three weeks",
        "check-ins too few in the first three weeks");
    list_add(&list, m->check_ins_last_3w, "more check-in within three weeks",
        "more check-ins within three weeks");
    list_add(&list, m->check_ins_baseline, "check-in too few before the first session",
        "check-ins too few before the first session");
    list_add(&list, m->paired_sessions, "more session rated both before and after",
        "more sessions rated both before and after");
    if (m->start_level_low) {
        if (list.count) SB_LIT(sb, "; ");
        SB_LIT(sb, "the level at the start lies below 3, where percentages say little");
    }
    SB_LIT(sb, ".");
}

static void add_range(struct sb *sb, const struct relief_spread *s)
{
    sb_addf(
        sb, "%.1f points (90 %% range %.1f to %.1f)", s->mean + 0.0, s->q05 + 0.0, s->q95 + 0.0);
}

/* Nothing is certain: never 0 or 100. */
static void add_percent(struct sb *sb, double p)
{
    if (p < .01) {
        SB_LIT(sb, "less than 1 %");
    } else if (p > .99) {
        SB_LIT(sb, "more than 99 %");
    } else {
        sb_addf(sb, "%.0f %%", 100 * p);
    }
}

static void say_carry_over(
    struct sb *sb, const struct relief_fit *fit, const struct relief_statements *st)
{
    switch (st->carry_over) {
    case RELIEF_CARRY_NOT_ENOUGH:
        SB_LIT(sb, "Not enough data yet to say whether relief lasts beyond the day of a session. "
                   "Missing: ");
        add_missing(sb, &st->carry_over_missing);
        return;
    case RELIEF_CARRY_CLEARLY:
    case RELIEF_CARRY_LIKELY:
        sb_addf(sb,
            "Relief %s lasts beyond the day of a session: over the three days after one, "
            "pain is lower by about ",
            st->carry_over == RELIEF_CARRY_CLEARLY ? "clearly" : "likely");
        break;
    case RELIEF_CARRY_LITTLE:
        SB_LIT(sb, "Probably little relief lasts beyond the day of the session. Estimate over "
                   "three days: ");
        break;
    case RELIEF_CARRY_UNCLEAR:
        SB_LIT(sb, "Relief beyond the day of a session is not yet distinguishable from the usual "
                   "ups and downs. Estimate over three days: ");
        break;
    }
    add_range(sb, &fit->r3);
    SB_LIT(sb, ".");
}

static void say_half_life(
    struct sb *sb, const struct relief_fit *fit, const struct relief_statements *st)
{
    if (!st->half_life_may) return;
    sb_addf(sb, "Half of it is gone after %s%.1f to %.1f days.",
        st->half_life_rough ? "roughly " : "", fit->half_life.q05, fit->half_life.q95);
}

static void say_interval(
    struct sb *sb, const struct relief_fit *fit, const struct relief_statements *st)
{
    double from = fmax(floor(st->interval_from_days), 1);
    double to = fmax(floor(st->interval_to_days + (st->interval_capped ? 0 : .5)), from + 1);
    if (st->interval == RELIEF_INTERVAL_NONE) return;
    sb_addf(
        sb, "To keep at least %g points of relief until the next session: ", fit->trough_points);
    switch (st->interval) {
    case RELIEF_INTERVAL_RANGE: sb_addf(sb, "come again after %.0f to %.0f days", from, to); break;
    case RELIEF_INTERVAL_UP_TO:
        sb_addf(sb, "come again within %.0f days; how much sooner is uncertain",
            fmax(floor(st->interval_to_days), 1));
        break;
    case RELIEF_INTERVAL_AT_LEAST:
        sb_addf(sb, "%.0f days between sessions are likely short enough", from);
        break;
    case RELIEF_INTERVAL_TOO_WEAK: SB_LIT(sb, "no spacing of sessions is likely to do that"); break;
    case RELIEF_INTERVAL_NONE: break;
    }
    if (st->interval_capped) {
        sb_addf(sb, " (gaps so far were at most %.0f days, and longer ones say little here)",
            ceil(fit->counts.longest_gap_days));
    }
    SB_LIT(sb, ".");
}

static void say_level(
    struct sb *sb, const struct relief_fit *fit, const struct relief_statements *st)
{
    struct relief_spread change = fit->level_change;
    switch (st->level) {
    case RELIEF_LEVEL_NOT_ENOUGH:
        SB_LIT(sb, "Not enough data yet to say whether the level of pain has changed. Missing: ");
        add_missing(sb, &st->level_missing);
        return;
    case RELIEF_LEVEL_LOWER:
        SB_LIT(sb, "The level of pain is lower than at the start, by about ");
        change =
            (struct relief_spread){.mean = -change.mean, .q05 = -change.q95, .q95 = -change.q05};
        break;
    case RELIEF_LEVEL_HIGHER:
        SB_LIT(sb, "The level of pain is higher than at the start, by about ");
        break;
    case RELIEF_LEVEL_UNCLEAR:
        SB_LIT(sb, "A change of the level of pain is not yet distinguishable from the usual ups "
                   "and downs: ");
        break;
    }
    add_range(sb, &change);
    SB_LIT(sb, ".");
    if (st->level != RELIEF_LEVEL_UNCLEAR) SB_LIT(sb, CAUSE);
}

static void say_responder(
    struct sb *sb, const struct relief_fit *fit, const struct relief_statements *st)
{
    if (!st->responder_may) {
        SB_LIT(sb, "Typical pain cannot be compared with the start: ");
        add_missing(sb, &st->responder_missing);
        return;
    }
    SB_LIT(sb,
        "Typical pain compared with the start is lower by at least 15 % with a probability of ");
    add_percent(sb, fit->p_reduced_15);
    SB_LIT(sb, ", by 30 % with ");
    add_percent(sb, fit->p_reduced_30);
    SB_LIT(sb, ", by 50 % with ");
    add_percent(sb, fit->p_reduced_50);
    SB_LIT(sb, ", by 2 points with ");
    add_percent(sb, fit->p_reduced_2_points);
    SB_LIT(sb, "." CAUSE);
}

static void say_drop(
    struct sb *sb, const struct relief_fit *fit, const struct relief_statements *st)
{
    if (!st->drop_may) {
        SB_LIT(sb, "Not enough data yet about the change in the room. Missing: ");
        add_missing(sb, &st->drop_missing);
        return;
    }
    SB_LIT(sb, "Right after a session, pain is lower than before it by about ");
    add_range(sb, &fit->drop);
    SB_LIT(sb, ". This describes the session, not what lasts; about half of such a drop also "
               "follows simple touch.");
}

static void say_floor(
    struct sb *sb, const struct relief_fit *fit, const struct relief_statements *st)
{
    if (!st->floor_warning) return;
    sb_addf(sb,
        "Caution: %zu of %zu ratings stand at 0 or 10, where the scale ends; changes beyond "
        "cannot be seen.",
        fit->counts.ratings_at_ends, fit->counts.ratings);
}

struct fit_words fit_words_of(
    struct arena *arena, const struct relief_fit *fit, const struct relief_statements *st)
{
    static void (*const sayings[])(
        struct sb *, const struct relief_fit *, const struct relief_statements *) = {
        say_carry_over, say_half_life, say_interval, say_level, say_responder, say_drop, say_floor};
    struct str said[COUNT_OF(sayings)];
    for (size_t i = 0; i < COUNT_OF(sayings); i++) {
        struct sb sb;
        sb_init(&sb, arena, FIT_TEXT_BYTES);
        sayings[i](&sb, fit, st);
        said[i] = sb_str(&sb);
    }
    return (struct fit_words){said[0], said[1], said[2], said[3], said[4], said[5], said[6]};
}

#include "practice/outcomes/history.h"

#include "base/check.h"
#include "base/limits.h"

#include <math.h>

#include "base/banned.h"

enum { ADHERENCE_DAYS = 28 };

double history_days(utc_us at)
{
    return (double)at / (double)US_PER_DAY;
}

utc_us history_instant(double t_days)
{
    return (utc_us)llround(t_days * (double)US_PER_DAY);
}

static struct result load_sessions(struct care_env *env, struct history *h)
{
    struct booking_env booking_env = {
        env->tx, env->practice, env->key, env->actor, env->now, env->arena};
    struct booking_list list;
    TRY(booking_of_client(&booking_env, h->client, &list));
    struct history_session *past = ARENA_ARRAY(env->arena, list.len + 1, struct history_session);
    struct history_session *coming = ARENA_ARRAY(env->arena, list.len + 1, struct history_session);
    for (size_t i = list.len; i-- > 0;) { /* they come newest first */
        const struct booking *b = &list.ptr[i];
        if (b->status != BOOKING_CONFIRMED && b->status != BOOKING_DONE) continue;
        struct history_session session = {b->id, b->service, b->therapist, b->starts, b->ends};
        if (b->ends <= env->now) {
            past[h->session_count++] = session;
        } else {
            coming[h->coming_count++] = session;
        }
    }
    h->sessions = past;
    h->coming = coming;
    return RESULT_OK;
}

/* As many as one fit takes: the newest entries of the very longest histories. */
static void build_rows(struct arena *arena, struct history *h)
{
    struct relief_row *rows =
        ARENA_ARRAY(arena, h->checkins.len + h->session_count + 1, struct relief_row);
    size_t count = 0;
    size_t sessions =
        h->session_count < LIMIT_RELIEF_ROWS / 2 ? h->session_count : LIMIT_RELIEF_ROWS / 2;
    size_t room = LIMIT_RELIEF_ROWS - sessions;
    for (size_t i = h->session_count - sessions; i < h->session_count; i++)
        rows[count++] = (struct relief_row){
            .t_days = history_days(h->sessions[i].ends), .y = -1, .kind = RELIEF_SESSION};
    for (size_t i = h->checkins.len > room ? h->checkins.len - room : 0; i < h->checkins.len; i++) {
        const struct checkin *c = &h->checkins.ptr[i];
        int32_t pain = checkin_value(&c->values, MEASURE_PAIN);
        if (c->is_mistake || pain == MEASURE_NONE) continue;
        rows[count++] =
            (struct relief_row){history_days(c->at), pain / 100.0, c->kind, c->spontaneous};
    }
    h->rows = rows;
    h->row_count = count;
}

/* A rating before a session that was tapped in after its planned end would stand behind it. */
static void settle_times(struct arena *arena, struct history *h)
{
    struct checkin *copy = ARENA_ARRAY(arena, h->checkins.len + 1, struct checkin);
    for (size_t i = 0; i < h->checkins.len; i++) {
        copy[i] = h->checkins.ptr[i];
        for (size_t s = 0; s < h->session_count; s++) {
            if (h->sessions[s].booking.v != copy[i].booking.v || !copy[i].booking.v) continue;
            if (copy[i].kind == RELIEF_BEFORE && copy[i].at > h->sessions[s].ends)
                copy[i].at = h->sessions[s].ends;
            if (copy[i].kind == RELIEF_AFTER && copy[i].at < h->sessions[s].ends)
                copy[i].at = h->sessions[s].ends;
        }
    }
    h->checkins.ptr = copy;
}

struct result history_load(
    struct care_env *env, struct client_id client, struct history *ret_history)
{
    struct history h = {.client = client};
    TRY(plan_find(env, client, &h.has_plan, &h.plan));
    TRY(checkin_of_client(env, client, 0, &h.checkins));
    TRY(load_sessions(env, &h));
    TRY(prompt_count(env, client, env->now - ADHERENCE_DAYS * US_PER_DAY, env->now, &h.asked));
    TRY(adverse_of_client(env, client, &h.adverse));
    settle_times(env->arena, &h);
    build_rows(env->arena, &h);
    *ret_history = h;
    return RESULT_OK;
}

struct result history_relieve(
    struct arena *arena, const struct history *history, struct history_relief *ret_relief)
{
    struct history_relief relief;
    TRY(relief_fit_rows(arena, history->rows, history->row_count, NULL, &relief.fit));
    relief.says = relief_state(&relief.fit);
    *ret_relief = relief;
    return RESULT_OK;
}

bool history_window(const struct history *history, const struct history_relief *relief,
    const struct tz *zone, utc_us now, struct history_window *ret_window)
{
    const struct relief_statements *says = &relief->says;
    bool known = says->interval == RELIEF_INTERVAL_RANGE || says->interval == RELIEF_INTERVAL_UP_TO;
    if (!known || history->coming_count || !history->session_count) return false;
    /* In whole days, as the statement about the interval says them. */
    bool range = says->interval == RELIEF_INTERVAL_RANGE;
    bool rounds = range && !says->interval_capped;
    double from_days = range ? fmax(floor(says->interval_from_days), 1) : 1;
    double to_days = fmax(floor(says->interval_to_days + (rounds ? .5 : 0)), 1);
    struct history_window w = {
        .from_days = (int)from_days,
        .to_days = (int)(range ? fmax(to_days, from_days + 1) : to_days),
    };
    utc_us last = history->sessions[history->session_count - 1].ends;
    date_day last_day = tz_utc_to_local(zone, last).date;
    date_day today = tz_utc_to_local(zone, now).date;
    w.from = last_day + w.from_days;
    w.to = last_day + w.to_days;
    w.is_past = w.to < today;
    if (w.is_past) w.to = today;
    if (w.from < today) w.from = today;
    *ret_window = w;
    return true;
}

enum history_review history_review(
    const struct history *history, const struct history_relief *relief)
{
    switch (relief->says.carry_over) {
    case RELIEF_CARRY_LITTLE: return HISTORY_REVIEW_LITTLE;
    case RELIEF_CARRY_CLEARLY:
    case RELIEF_CARRY_LIKELY:
    case RELIEF_CARRY_NOT_ENOUGH:
    case RELIEF_CARRY_UNCLEAR: break;
    }
    if (history->session_count < (size_t)history->plan.trial_sessions)
        return HISTORY_REVIEW_NOT_YET;
    bool helps = relief->says.carry_over == RELIEF_CARRY_CLEARLY ||
                 relief->says.carry_over == RELIEF_CARRY_LIKELY;
    return helps ? HISTORY_REVIEW_HELPS : HISTORY_REVIEW_UNCLEAR;
}

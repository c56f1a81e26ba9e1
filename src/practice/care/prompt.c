#include "practice/care/prompt.h"

#include "base/check.h"
#include "practice/booking/booking.h"
#include "practice/clients/personal_link.h"
#include "practice/messages/messages.h"

#include "base/banned.h"

enum { PLANNING_MINUTE = 5 }; /* of the local day: when it is decided */

unsigned prompt_week(int per_week)
{
    static const unsigned char weeks[8] = {
        0,
        1 << 2,                                              /* Wed */
        1 << 0 | 1 << 3,                                     /* Mon Thu */
        1 << 0 | 1 << 2 | 1 << 5,                            /* Mon Wed Sat */
        1 << 0 | 1 << 2 | 1 << 4 | 1 << 6,                   /* Mon Wed Fri Sun */
        1 << 0 | 1 << 1 | 1 << 3 | 1 << 4 | 1 << 6,          /* all but Wed Sat */
        1 << 0 | 1 << 1 | 1 << 2 | 1 << 4 | 1 << 5 | 1 << 6, /* all but Thu */
        0x7F,
    };
    CHECK(per_week >= 0 && per_week <= 7);
    return weeks[per_week];
}

enum prompt_reason prompt_for_day(
    const struct care_plan *plan, date_day day, const date_day *sessions, size_t count)
{
    date_day first = INT32_MAX;
    bool day_after = false;
    bool three_after = false;
    for (size_t i = 0; i < count; i++) {
        if (sessions[i] < first) first = sessions[i];
        day_after |= sessions[i] == day - 1;
        three_after |= sessions[i] == day - 3;
    }
    if (day_after) return PROMPT_DAY_AFTER;
    if (three_after) return PROMPT_THREE_AFTER;
    if (first > day && first - day <= plan->run_in_days) return PROMPT_RUN_IN;
    if (prompt_week(plan->per_week) >> date_weekday(day) & 1) return PROMPT_EVENING;
    return PROMPT_NONE;
}

/* The local dates of the client's sessions that stand, past and coming. */
static struct result session_dates(
    struct care_env *env, struct client_id client, const date_day **ret_dates, size_t *ret_count)
{
    struct booking_env booking_env = {
        env->tx, env->practice, env->key, env->actor, env->now, env->arena};
    struct booking_list list;
    TRY(booking_of_client(&booking_env, client, &list));
    date_day *dates = ARENA_ARRAY(env->arena, list.len + 1, date_day);
    size_t count = 0;
    for (size_t i = 0; i < list.len; i++) {
        if (list.ptr[i].status != BOOKING_CONFIRMED && list.ptr[i].status != BOOKING_DONE) continue;
        dates[count++] = tz_utc_to_local(env->practice->zone, list.ptr[i].starts).date;
    }
    *ret_dates = dates;
    *ret_count = count;
    return RESULT_OK;
}

static struct result add(struct care_env *env, struct client_id client, utc_us due,
    enum prompt_reason reason, int64_t *ret_id)
{
    int64_t id;
    TRY(db_next(env->tx, SQL("SELECT max(prompt_id) FROM prompt WHERE practice_id = $1"),
        env->practice->id.v, &id));
    TRY(db_exec(env->tx,
        SQL("INSERT INTO prompt (practice_id, prompt_id, client_id, due_us, reason)"
            " VALUES ($1, $2, $3, $4, $5)"),
        V(v_int(env->practice->id.v), v_int(id), v_int(client.v), v_int(due), v_int(reason)),
        NULL));
    *ret_id = id;
    return RESULT_OK;
}

/* Is there one for that local day already (the plan may have been changed since)? */
static struct result has_prompt_on(
    struct care_env *env, struct client_id client, date_day day, bool *ret_has)
{
    utc_us from = tz_opening(env->practice->zone, (struct local_time){day, 0});
    utc_us to = tz_opening(env->practice->zone, (struct local_time){day + 1, 0});
    int64_t count;
    TRY(db_int(env->tx,
        SQL("SELECT count(*) FROM prompt WHERE practice_id = $1 AND client_id = $2"
            " AND due_us >= $3 AND due_us < $4"),
        V(v_int(env->practice->id.v), v_int(client.v), v_int(from), v_int(to)), 0, &count));
    *ret_has = count > 0;
    return RESULT_OK;
}

static struct result make(
    struct care_env *env, struct client_id client, utc_us due, enum prompt_reason reason)
{
    int64_t id;
    int64_t link;
    TRY(add(env, client, due, reason, &id));
    TRY(link_make(
        env, client, LINK_CHECK_IN, id, due + PROMPT_LINK_DAYS * US_PER_DAY, &link, NULL));
    return message_queue_personal(
        env->tx, env->practice->id, MESSAGE_CHECK_IN, client, link, due, env->now);
}

struct result prompt_plan_day(struct care_env *env, struct client_id client, bool *ret_made)
{
    const struct tz *zone = env->practice->zone;
    bool has;
    struct care_plan plan;
    TRY(plan_find(env, client, &has, &plan));
    if (!has) return result_fail(ERR_NOT_FOUND, "no-plan", NULL);
    date_day today = tz_utc_to_local(zone, env->now).date;
    utc_us due = tz_opening(zone, (struct local_time){today, plan.evening_min * 60});
    const date_day *sessions;
    size_t count;
    TRY(session_dates(env, client, &sessions, &count));
    enum prompt_reason reason = prompt_for_day(&plan, today, sessions, count);
    *ret_made = false;
    if (reason != PROMPT_NONE && plan.state == PLAN_ASKING && due > env->now) {
        TRY(has_prompt_on(env, client, today, &has));
        if (!has) TRY(make(env, client, due, reason));
        *ret_made = !has;
    }
    return plan_set_next(
        env, client, tz_opening(zone, (struct local_time){today + 1, PLANNING_MINUTE * 60}));
}

struct result prompt_get(struct care_env *env, int64_t id, struct prompt *ret_prompt)
{
    struct rows rows;
    TRY(db_query(env->tx,
        SQL("SELECT prompt_id, client_id, due_us, reason, answered_us FROM prompt"
            " WHERE practice_id = $1 AND prompt_id = $2"),
        V(v_int(env->practice->id.v), v_int(id)), &rows));
    bool has = false;
    int64_t v[5] = {0};
    struct result result = rows_next(&rows, &has);
    if (result_is_ok(result) && has) rows_ints(&rows, v, 5);
    rows_close(&rows);
    TRY(result);
    if (!has) return result_fail(ERR_NOT_FOUND, "unknown-prompt", NULL);
    *ret_prompt = (struct prompt){v[0], {v[1]}, v[2], (enum prompt_reason)v[3], v[4]};
    return RESULT_OK;
}

struct result prompt_of_client(
    struct care_env *env, struct client_id client, struct prompt_list *ret_list)
{
    int64_t max;
    TRY(db_int(env->tx,
        SQL("SELECT count(*) FROM prompt WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(env->practice->id.v), v_int(client.v)), 0, &max));
    struct rows rows;
    struct prompt *list = ARENA_ARRAY(env->arena, (size_t)max, struct prompt);
    TRY(db_query(env->tx,
        SQL("SELECT prompt_id, due_us, reason, answered_us FROM prompt"
            " WHERE practice_id = $1 AND client_id = $2 ORDER BY due_us"),
        V(v_int(env->practice->id.v), v_int(client.v)), &rows));
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < (size_t)max)
        list[count++] = (struct prompt){rows_int(&rows, 0), client, rows_int(&rows, 1),
            (enum prompt_reason)rows_int(&rows, 2), rows_int(&rows, 3)};
    rows_close(&rows);
    TRY(result);
    *ret_list = (struct prompt_list){list, count};
    return RESULT_OK;
}

struct result prompt_answer(struct care_env *env, int64_t id, utc_us at)
{
    return db_exec(env->tx,
        SQL("UPDATE prompt SET answered_us = $3 WHERE practice_id = $1 AND prompt_id = $2"
            " AND answered_us IS NULL"),
        V(v_int(env->practice->id.v), v_int(id), v_int(at)), NULL);
}

struct result prompt_count(struct care_env *env, struct client_id client, utc_us from, utc_us to,
    struct prompt_counts *ret_counts)
{
    struct values values = V(v_int(env->practice->id.v), v_int(client.v), v_int(from), v_int(to),
        v_int(env->now - PROMPT_ANSWER_HOURS * US_PER_HOUR));
    struct prompt_counts counts;
    TRY(db_int(env->tx,
        SQL("SELECT count(*) FROM prompt WHERE practice_id = $1 AND client_id = $2 AND due_us >= $3"
            " AND due_us < $4 AND (answered_us IS NOT NULL OR due_us < $5)"),
        values, 0, &counts.asked));
    values.len = 4;
    TRY(db_int(env->tx,
        SQL("SELECT count(*) FROM prompt WHERE practice_id = $1 AND client_id = $2 AND due_us >= $3"
            " AND due_us < $4 AND answered_us IS NOT NULL"),
        values, 0, &counts.answered));
    *ret_counts = counts;
    return RESULT_OK;
}

struct result prompt_add_past(struct care_env *env, struct client_id client, utc_us due,
    enum prompt_reason reason, int64_t *ret_id)
{
    CHECK(due <= env->now && reason != PROMPT_NONE);
    return add(env, client, due, reason, ret_id);
}

struct result prompt_move_client(struct care_env *env, struct client_id from, struct client_id into)
{
    return db_exec(env->tx,
        SQL("UPDATE prompt SET client_id = $3 WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(env->practice->id.v), v_int(from.v), v_int(into.v)), NULL);
}

struct result prompt_erase_client(struct care_env *env, struct client_id client)
{
    return db_exec(env->tx, SQL("DELETE FROM prompt WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(env->practice->id.v), v_int(client.v)), NULL);
}

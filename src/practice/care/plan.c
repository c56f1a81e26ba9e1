#include "practice/care/plan.h"

#include "auth/audit.h"
#include "base/check.h"
#include "base/limits.h"
#include "practice/care/sealed.h"

#include "base/banned.h"

#define ASKABLE                                                                                    \
    (1u << MEASURE_TENSION | 1u << MEASURE_STRESS | 1u << MEASURE_SLEEP_HOURS |                    \
        1u << MEASURE_SLEEP_QUALITY | 1u << MEASURE_NUMBNESS)

enum { EVENING_MIN = 15 }; /* the day is decided before: prompt.c */

#define PLAN_COLUMNS                                                                               \
    "client_id, state, per_week, evening_min, measures, run_in_days, trial_sessions, sealed,"      \
    " started_us, changed_us"

struct care_plan plan_default(struct client_id client)
{
    return (struct care_plan){
        .client = client,
        .state = PLAN_ASKING,
        .per_week = 3,
        .evening_min = 20 * 60,
        .measures = 1u << MEASURE_TENSION,
        .run_in_days = 7,
        .trial_sessions = 6,
    };
}

bool plan_asks(const struct care_plan *plan, enum measure measure)
{
    if (measure == MEASURE_PAIN) return true;
    if (measure >= MEASURE_ACTIVITY_1 && measure <= MEASURE_ACTIVITY_5)
        return (size_t)(measure - MEASURE_ACTIVITY_1) < plan->activity_count;
    return (plan->measures & ASKABLE & 1u << measure) != 0;
}

static struct seal_place place_of(struct practice_id practice, struct client_id client)
{
    return (struct seal_place){"care_plan.sealed", practice.v, client.v, 0};
}

/* One activity a line: they hold no line ends. */
static struct str activities_text(struct arena *arena, const struct care_plan *plan)
{
    struct sb sb;
    sb_init(&sb, arena, PLAN_ACTIVITIES_MAX * (LIMIT_ACTIVITY_CHARS * 4 + 1));
    for (size_t i = 0; i < plan->activity_count; i++) {
        if (i) sb_add_char(&sb, '\n');
        sb_add(&sb, plan->activities[i]);
    }
    CHECK(sb_ok(&sb));
    return sb_str(&sb);
}

static struct result read_plan(struct care_env *env, struct rows *rows, struct care_plan *ret_plan)
{
    struct care_plan plan = {
        .client = {rows_int(rows, 0)},
        .state = (enum plan_state)rows_int(rows, 1),
        .per_week = (int)rows_int(rows, 2),
        .evening_min = (int)rows_int(rows, 3),
        .measures = (uint32_t)rows_int(rows, 4),
        .run_in_days = (int)rows_int(rows, 5),
        .trial_sessions = (int)rows_int(rows, 6),
        .started = rows_int(rows, 8),
        .changed = rows_int(rows, 9),
    };
    struct str text;
    TRY(seal_open(env->arena, env->ring, place_of(env->practice->id, plan.client),
        rows_blob(rows, 7, env->arena), &text));
    for (struct str line; plan.activity_count < PLAN_ACTIVITIES_MAX && str_cut(&text, '\n', &line);)
        plan.activities[plan.activity_count++] = line;
    *ret_plan = plan;
    return RESULT_OK;
}

struct result plan_find(
    struct care_env *env, struct client_id client, bool *ret_has, struct care_plan *ret_plan)
{
    struct rows rows;
    TRY(db_query(env->tx,
        SQL("SELECT " PLAN_COLUMNS " FROM care_plan WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(env->practice->id.v), v_int(client.v)), &rows));
    bool has = false;
    struct care_plan plan = plan_default(client);
    struct result result = rows_next(&rows, &has);
    if (result_is_ok(result) && has) result = read_plan(env, &rows, &plan);
    rows_close(&rows);
    TRY(result);
    *ret_has = has;
    *ret_plan = plan;
    return RESULT_OK;
}

static void check_range(struct problems *problems, struct str field, int value, int min, int max)
{
    if (value >= min && value <= max) return;
    problems_add(
        problems, field, "out-of-range", arena_printf(problems->arena, "%d to %d", min, max));
}

void plan_check(struct care_plan *plan, struct problems *problems)
{
    check_range(problems, STR("per_week"), plan->per_week, 0, 7);
    check_range(problems, STR("evening"), plan->evening_min, EVENING_MIN, 24 * 60 - 1);
    check_range(problems, STR("run_in_days"), plan->run_in_days, 0, 14);
    check_range(problems, STR("trial_sessions"), plan->trial_sessions, 4, 12);
    plan->measures &= ASKABLE;
    size_t kept = 0;
    for (size_t i = 0; i < plan->activity_count; i++) {
        struct str text = str_trim(plan->activities[i]);
        if (!text.len) continue;
        struct str field = arena_printf(problems->arena, "activity_%zu", i + 1);
        if (!str_is_text(text, false) || str_find(text, '\n') != text.len ||
            str_find(text, '\r') != text.len) {
            problems_add(problems, field, "bad-text", (struct str){0});
        } else if (str_count_chars(text) > LIMIT_ACTIVITY_CHARS) {
            problems_add(problems, field, "too-long",
                arena_printf(problems->arena, "%d", LIMIT_ACTIVITY_CHARS));
        } else {
            plan->activities[kept++] = text;
        }
    }
    plan->activity_count = kept;
}

static struct result audit_plan(
    struct care_env *env, const char *action, struct client_id client, int per_week)
{
    struct str detail = arena_printf(env->arena, "{\"per_week\":%d}", per_week);
    return audit_add(env->tx, env->practice->id, env->now, env->actor, str_from_cstr(action),
        STR("client"), client.v, detail);
}

struct result plan_save(struct care_env *env, const struct care_plan *plan)
{
    struct practice_id practice = env->practice->id;
    struct str sealed = seal(
        env->arena, env->ring, place_of(practice, plan->client), activities_text(env->arena, plan));
    TRY(db_exec(env->tx,
        SQL("INSERT INTO care_plan (practice_id, client_id, state, per_week, evening_min, measures,"
            " run_in_days, trial_sessions, sealed, next_us, started_us, changed_us)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $10)"
            " ON CONFLICT (practice_id, client_id) DO UPDATE SET state = excluded.state,"
            " per_week = excluded.per_week, evening_min = excluded.evening_min,"
            " measures = excluded.measures, run_in_days = excluded.run_in_days,"
            " trial_sessions = excluded.trial_sessions, sealed = excluded.sealed,"
            " next_us = excluded.next_us, changed_us = excluded.changed_us"),
        V(v_int(practice.v), v_int(plan->client.v), v_int(plan->state), v_int(plan->per_week),
            v_int(plan->evening_min), v_int(plan->measures), v_int(plan->run_in_days),
            v_int(plan->trial_sessions), v_blob(sealed), v_int(env->now)),
        NULL));
    return audit_plan(env, "plan.saved", plan->client, plan->per_week);
}

/* One of the client's own steps. */
static struct result change(struct care_env *env, struct client_id client, enum plan_state state,
    int per_week, int evening_min)
{
    int64_t changed;
    TRY(db_exec(env->tx,
        SQL("UPDATE care_plan SET state = $3, per_week = $4, evening_min = $5, next_us = $6,"
            " changed_us = $6 WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(env->practice->id.v), v_int(client.v), v_int(state), v_int(per_week),
            v_int(evening_min), v_int(env->now)),
        &changed));
    if (!changed) return result_fail(ERR_NOT_FOUND, "no-plan", NULL);
    return audit_plan(env, state == PLAN_ASKING ? "plan.rhythm" : "plan.stopped", client, per_week);
}

struct result plan_set_rhythm(
    struct care_env *env, struct client_id client, int per_week, int evening_min)
{
    struct problems problems = {.arena = env->arena};
    check_range(&problems, STR("per_week"), per_week, 0, 7);
    check_range(&problems, STR("evening"), evening_min, EVENING_MIN, 24 * 60 - 1);
    if (problems.count) return result_fail(ERR_INVALID, "invalid", NULL);
    return change(env, client, PLAN_ASKING, per_week, evening_min);
}

struct result plan_stop(struct care_env *env, struct client_id client)
{
    bool has;
    struct care_plan plan;
    TRY(plan_find(env, client, &has, &plan));
    if (!has) return result_fail(ERR_NOT_FOUND, "no-plan", NULL);
    if (plan.state != PLAN_ASKING) return RESULT_OK;
    return change(env, client, PLAN_STOPPED_BY_CLIENT, plan.per_week, plan.evening_min);
}

static struct result first_of(
    struct tx *tx, struct sql sql, struct values values, bool *ret_has, int64_t ret_values[3])
{
    struct rows rows;
    bool has = false;
    TRY(db_query(tx, sql, values, &rows));
    struct result result = rows_next(&rows, &has);
    if (result_is_ok(result) && has) rows_ints(&rows, ret_values, 3);
    rows_close(&rows);
    *ret_has = has;
    return result;
}

struct result plan_first_due(struct tx *tx, utc_us now, struct practice_id *ret_practice,
    struct client_id *ret_client, utc_us *ret_next)
{
    bool has;
    int64_t values[3] = {INT64_MAX, 0, 0};
    TRY(first_of(tx,
        SQL("SELECT next_us, practice_id, client_id FROM care_plan WHERE state = 1"
            " ORDER BY next_us LIMIT 1"),
        NO_VALUES, &has, values));
    bool due = has && values[0] <= now;
    if (has && !due) { /* decided while the clock was far ahead: no day is so far away */
        TRY(first_of(tx,
            SQL("SELECT next_us, practice_id, client_id FROM care_plan WHERE state = 1"
                " AND next_us > $1 ORDER BY next_us LIMIT 1"),
            V(v_int(now + 2 * US_PER_DAY)), &due, values));
    }
    *ret_next = values[0];
    *ret_practice = (struct practice_id){due ? values[1] : 0};
    *ret_client = (struct client_id){due ? values[2] : 0};
    return RESULT_OK;
}

struct result plan_set_next(struct care_env *env, struct client_id client, utc_us next)
{
    return db_exec(env->tx,
        SQL("UPDATE care_plan SET next_us = $3 WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(env->practice->id.v), v_int(client.v), v_int(next)), NULL);
}

/* ---- merging, deleting, new keys ---- */

struct result plan_move_client(struct care_env *env, struct client_id from, struct client_id into)
{
    bool has;
    bool has_own;
    struct care_plan plan;
    struct care_plan own;
    TRY(plan_find(env, from, &has, &plan));
    TRY(plan_find(env, into, &has_own, &own));
    if (!has) return RESULT_OK;
    TRY(plan_erase_client(env, from));
    plan.client = into;
    return has_own ? RESULT_OK : plan_save(env, &plan);
}

struct result plan_erase_client(struct care_env *env, struct client_id client)
{
    return db_exec(env->tx, SQL("DELETE FROM care_plan WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(env->practice->id.v), v_int(client.v)), NULL);
}

const struct sealed_table plan_sealed = {
    .field = "care_plan.sealed",
    .select = SQL_INIT("SELECT client_id, 0, sealed FROM care_plan WHERE practice_id = $1"
                       " AND client_id > $2 ORDER BY client_id LIMIT $3"),
    .update =
        SQL_INIT("UPDATE care_plan SET sealed = $3 WHERE practice_id = $1 AND client_id = $2"),
    .ends =
        SQL_INIT("SELECT sealed FROM (SELECT sealed FROM care_plan ORDER BY practice_id, client_id"
                 " LIMIT 1) UNION ALL SELECT sealed FROM (SELECT sealed FROM care_plan"
                 " ORDER BY practice_id DESC, client_id DESC LIMIT 1)"),
};

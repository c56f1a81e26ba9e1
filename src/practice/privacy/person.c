#include "practice/privacy/person.h"

#include "auth/audit.h"
#include "base/check.h"
#include "base/limits.h"
#include "practice/booking/booking.h"
#include "practice/care/prompt.h"
#include "practice/clients/clients.h"
#include "practice/clients/personal_link.h"
#include "practice/messages/messages.h"
#include "practice/outcomes/adverse.h"

#include "base/banned.h"

static struct booking_env booking_env_of(struct care_env *env)
{
    return (struct booking_env){env->tx, env->practice, env->key, env->actor, env->now, env->arena};
}

/* The activities that both named keep their own names: those of `from` stand behind. */
static struct result merge_plans(struct care_env *env, struct client_id from, struct client_id into)
{
    bool has;
    bool has_own;
    struct care_plan plan;
    struct care_plan own;
    TRY(plan_find(env, from, &has, &plan));
    TRY(plan_find(env, into, &has_own, &own));
    if (has && has_own) {
        size_t shift = own.activity_count;
        if (shift && plan.activity_count) TRY(checkin_shift_activities(env, from, shift));
        for (size_t i = 0; i < plan.activity_count && own.activity_count < PLAN_ACTIVITIES_MAX; i++)
            own.activities[own.activity_count++] = plan.activities[i];
        TRY(plan_save(env, &own));
    }
    return plan_move_client(env, from, into);
}

static struct result move_erasure_request(
    struct care_env *env, struct client_id from, struct client_id into)
{
    utc_us asked;
    TRY(person_erasure_asked(env, from, &asked));
    if (!asked) return RESULT_OK;
    TRY(db_exec(env->tx,
        SQL("DELETE FROM erasure_request WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(env->practice->id.v), v_int(from.v)), NULL));
    return db_exec(env->tx,
        SQL("INSERT INTO erasure_request (practice_id, client_id, asked_us) VALUES ($1, $2, $3)"
            " ON CONFLICT (practice_id, client_id) DO NOTHING"),
        V(v_int(env->practice->id.v), v_int(into.v), v_int(asked)), NULL);
}

struct result person_merge(struct care_env *env, struct client_id from, struct client_id into)
{
    struct booking_env booking_env = booking_env_of(env);
    struct practice_id practice = env->practice->id;
    TRY(booking_merge_client(&booking_env, from, into));
    TRY(merge_plans(env, from, into));
    TRY(prompt_move_client(env, from, into));
    TRY(checkin_move_client(env, from, into));
    TRY(adverse_move_client(env, from, into));
    TRY(message_move_client(env->tx, practice, from, into));
    TRY(move_erasure_request(env, from, into));
    /* Whoever holds a link of the one record was never given a way into the other. */
    return link_erase_client(env->tx, practice, from);
}

struct result person_ask_erasure(struct care_env *env, struct client_id client)
{
    TRY(db_exec(env->tx,
        SQL("INSERT INTO erasure_request (practice_id, client_id, asked_us) VALUES ($1, $2, $3)"
            " ON CONFLICT (practice_id, client_id) DO NOTHING"),
        V(v_int(env->practice->id.v), v_int(client.v), v_int(env->now)), NULL));
    return audit_add(env->tx, env->practice->id, env->now, env->actor, STR("client.erasure-asked"),
        STR("client"), client.v, (struct str){0});
}

struct result person_erasure_asked(struct care_env *env, struct client_id client, utc_us *ret_asked)
{
    return db_int(env->tx,
        SQL("SELECT asked_us FROM erasure_request WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(env->practice->id.v), v_int(client.v)), 0, ret_asked);
}

struct result person_erasures(struct care_env *env, struct erasure_list *ret_list)
{
    struct rows rows;
    struct erasure_request *list = ARENA_ARRAY(env->arena, LIMIT_LIST_ROWS, struct erasure_request);
    size_t count = 0;
    TRY(db_query(env->tx,
        SQL("SELECT client_id, asked_us FROM erasure_request WHERE practice_id = $1"
            " ORDER BY asked_us LIMIT $2"),
        V(v_int(env->practice->id.v), v_int(LIMIT_LIST_ROWS)), &rows));
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < LIMIT_LIST_ROWS)
        list[count++] = (struct erasure_request){{rows_int(&rows, 0)}, rows_int(&rows, 1)};
    rows_close(&rows);
    TRY(result);
    *ret_list = (struct erasure_list){list, count};
    return RESULT_OK;
}

static struct result check_nothing_comes(struct care_env *env, struct client_id client)
{
    struct booking_env booking_env = booking_env_of(env);
    struct booking_list bookings;
    TRY(booking_of_client(&booking_env, client, &bookings));
    for (size_t i = 0; i < bookings.len; i++) {
        if (bookings.ptr[i].status == BOOKING_CONFIRMED && bookings.ptr[i].ends > env->now)
            return result_fail(ERR_CONFLICT, "coming-sessions", NULL);
    }
    return RESULT_OK;
}

struct result person_erase(struct care_env *env, struct client_id client)
{
    struct booking_env booking_env = booking_env_of(env);
    struct practice_id practice = env->practice->id;
    struct client known;
    TRY(client_get(env->tx, practice, client, env->arena, &known));
    TRY(check_nothing_comes(env, client));
    TRY(adverse_erase_client(env, client));
    TRY(checkin_erase_client(env, client));
    TRY(prompt_erase_client(env, client));
    TRY(plan_erase_client(env, client));
    TRY(message_erase_client(env->tx, practice, client));
    TRY(link_erase_client(env->tx, practice, client));
    TRY(booking_erase_client(&booking_env, client));
    TRY(db_exec(env->tx,
        SQL("DELETE FROM erasure_request WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(practice.v), v_int(client.v)), NULL));
    TRY(audit_forget(env->tx, practice, STR("client"), client.v));
    TRY(client_erase(env->tx, practice, client, env->now));
    return audit_add(env->tx, practice, env->now, env->actor, STR("client.erased"), STR("client"),
        client.v, (struct str){0});
}

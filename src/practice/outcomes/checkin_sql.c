#include "practice/outcomes/checkin_sql.h"

#include "base/check.h"
#include "base/limits.h"
#include "practice/care/sealed.h"

#include "base/banned.h"

/* With the newest correction, where there is one. */
#define CHECKIN_SELECT                                                                             \
    "SELECT c.checkin_id, c.client_id, c.at_us, c.received_us, c.kind, c.spontaneous,"             \
    " c.prompt_id, c.booking_id, c.sealed, x.number, x.sealed FROM checkin c"                      \
    " LEFT JOIN checkin_correction x ON x.practice_id = c.practice_id"                             \
    " AND x.checkin_id = c.checkin_id AND x.number = (SELECT max(number) FROM checkin_correction"  \
    " WHERE practice_id = c.practice_id AND checkin_id = c.checkin_id)"

static struct seal_place place_of(struct practice_id practice, int64_t id)
{
    return (struct seal_place){"checkin.sealed", practice.v, id, 0};
}

static struct seal_place correction_place(struct practice_id practice, int64_t id, int64_t number)
{
    return (struct seal_place){"checkin_correction.sealed", practice.v, id, number};
}

static struct result open_values(struct care_env *env, struct seal_place place, struct str sealed,
    struct checkin_values *ret_values)
{
    struct str bytes;
    TRY(seal_open(env->arena, env->ring, place, sealed, &bytes));
    if (!checkin_unpack(bytes, ret_values))
        return result_fail(ERR_CORRUPT, "checkin-values", "a check-in holds no values");
    return RESULT_OK;
}

static struct result read_checkin(
    struct care_env *env, struct rows *rows, struct checkin *ret_checkin)
{
    struct practice_id practice = env->practice->id;
    struct checkin c = {
        .id = rows_int(rows, 0),
        .client = {rows_int(rows, 1)},
        .at = rows_int(rows, 2),
        .received = rows_int(rows, 3),
        .kind = (enum relief_kind)rows_int(rows, 4),
        .spontaneous = rows_int(rows, 5) != 0,
        .prompt = rows_int(rows, 6),
        .booking = {rows_int(rows, 7)},
        .corrections = (int)rows_int(rows, 9),
    };
    TRY(open_values(env, place_of(practice, c.id), rows_blob(rows, 8, env->arena), &c.first));
    c.values = c.first;
    if (c.corrections) {
        struct str sealed = rows_blob(rows, 10, env->arena);
        c.is_mistake = sealed.len == 0;
        if (sealed.len) {
            TRY(open_values(
                env, correction_place(practice, c.id, c.corrections), sealed, &c.values));
        }
    }
    *ret_checkin = c;
    return RESULT_OK;
}

static struct result read_all(struct care_env *env, struct sql sql, struct values values,
    size_t max, struct checkin_list *ret_list)
{
    struct rows rows;
    TRY(db_query(env->tx, sql, values, &rows));
    size_t cap = max < 64 ? max : 64;
    size_t count = 0;
    struct checkin *list = ARENA_ARRAY(env->arena, cap, struct checkin);
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < max) {
        if (count == cap) {
            list = arena_grow(env->arena, list, cap * sizeof *list, 2 * cap * sizeof *list,
                _Alignof(struct checkin));
            cap *= 2;
        }
        result = read_checkin(env, &rows, &list[count]);
        if (!result_is_ok(result)) break;
        count++;
    }
    rows_close(&rows);
    TRY(result);
    *ret_list = (struct checkin_list){list, count};
    return RESULT_OK;
}

struct result checkin_of_client(
    struct care_env *env, struct client_id client, utc_us from, struct checkin_list *ret_list)
{
    return read_all(env,
        SQL(CHECKIN_SELECT " WHERE c.practice_id = $1 AND c.client_id = $2 AND c.at_us >= $3"
                           " ORDER BY c.at_us, c.checkin_id"),
        V(v_int(env->practice->id.v), v_int(client.v), v_int(from)), LIMIT_CHECKINS_CLIENT,
        ret_list);
}

struct result checkin_of_booking(struct care_env *env, struct client_id client,
    struct booking_id booking, struct checkin_list *ret_list)
{
    return read_all(env,
        SQL(CHECKIN_SELECT " WHERE c.practice_id = $1 AND c.client_id = $2 AND c.booking_id = $3"
                           " ORDER BY c.at_us, c.checkin_id"),
        V(v_int(env->practice->id.v), v_int(client.v), v_int(booking.v)),
        LIMIT_CHECKINS_PER_DAY_CLIENT, ret_list);
}

struct result checkin_find(
    struct care_env *env, struct client_id client, int64_t id, struct checkin *ret_checkin)
{
    struct checkin_list list;
    TRY(read_all(env,
        SQL(CHECKIN_SELECT " WHERE c.practice_id = $1 AND c.checkin_id = $2 AND c.client_id = $3"),
        V(v_int(env->practice->id.v), v_int(id), v_int(client.v)), 1, &list));
    if (!list.len) return result_fail(ERR_NOT_FOUND, "unknown-check-in", NULL);
    *ret_checkin = list.ptr[0];
    return RESULT_OK;
}

struct result checkin_find_by_key(struct care_env *env, struct client_id client,
    struct str entry_key, bool *ret_has, struct checkin *ret_checkin)
{
    struct checkin_list list;
    TRY(read_all(env,
        SQL(CHECKIN_SELECT " WHERE c.practice_id = $1 AND c.client_id = $2 AND c.entry_key = $3"),
        V(v_int(env->practice->id.v), v_int(client.v), v_text(entry_key)), 1, &list));
    *ret_has = list.len > 0;
    if (list.len) *ret_checkin = list.ptr[0];
    return RESULT_OK;
}

struct result checkin_sql_insert(
    struct care_env *env, const struct checkin_input *input, struct str packed, int64_t *ret_id)
{
    struct practice_id practice = env->practice->id;
    int64_t id;
    TRY(db_next(env->tx, SQL("SELECT max(checkin_id) FROM checkin WHERE practice_id = $1"),
        practice.v, &id));
    TRY(db_exec(env->tx,
        SQL("INSERT INTO checkin (practice_id, checkin_id, client_id, at_us, received_us, kind,"
            " spontaneous, prompt_id, booking_id, entry_key, sealed)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"),
        V(v_int(practice.v), v_int(id), v_int(input->client.v), v_int(input->at), v_int(env->now),
            v_int(input->kind), v_int(input->spontaneous), v_int_or_null(input->prompt),
            v_int_or_null(input->booking.v), v_text(input->entry_key),
            v_blob(seal(env->arena, env->ring, place_of(practice, id), packed))),
        NULL));
    *ret_id = id;
    return RESULT_OK;
}

struct result checkin_sql_correct(
    struct care_env *env, const struct checkin *checkin, struct str packed)
{
    struct practice_id practice = env->practice->id;
    int64_t number = checkin->corrections + 1;
    struct str sealed = {"", 0};
    if (packed.len)
        sealed =
            seal(env->arena, env->ring, correction_place(practice, checkin->id, number), packed);
    return db_exec(env->tx,
        SQL("INSERT INTO checkin_correction (practice_id, checkin_id, number, at_us, sealed)"
            " VALUES ($1, $2, $3, $4, $5)"),
        V(v_int(practice.v), v_int(checkin->id), v_int(number), v_int(env->now), v_blob(sealed)),
        NULL);
}

struct result checkin_sql_count(struct care_env *env, struct client_id client, utc_us since,
    int64_t *ret_since, int64_t *ret_all)
{
    struct values values = V(v_int(env->practice->id.v), v_int(client.v), v_int(since));
    TRY(db_int(env->tx,
        SQL("SELECT count(*) FROM checkin WHERE practice_id = $1 AND client_id = $2"
            " AND received_us >= $3"),
        values, 0, ret_since));
    values.len = 2;
    return db_int(env->tx,
        SQL("SELECT count(*) FROM checkin WHERE practice_id = $1 AND client_id = $2"), values, 0,
        ret_all);
}

struct result checkin_any(struct care_env *env, struct client_id client, bool *ret_any)
{
    int64_t any;
    TRY(db_int(env->tx,
        SQL("SELECT 1 FROM checkin WHERE practice_id = $1 AND client_id = $2 LIMIT 1"),
        V(v_int(env->practice->id.v), v_int(client.v)), 0, &any));
    *ret_any = any != 0;
    return RESULT_OK;
}

struct result checkin_corrections(
    struct care_env *env, int64_t checkin, struct checkin_corrections *ret_list)
{
    struct rows rows;
    struct practice_id practice = env->practice->id;
    struct checkin_correction *list =
        ARENA_ARRAY(env->arena, LIMIT_CORRECTIONS_CHECKIN, struct checkin_correction);
    size_t count = 0;
    TRY(db_query(env->tx,
        SQL("SELECT number, at_us, sealed FROM checkin_correction WHERE practice_id = $1"
            " AND checkin_id = $2 ORDER BY number"),
        V(v_int(practice.v), v_int(checkin)), &rows));
    struct result result;
    bool has;
    while (
        result_is_ok(result = rows_next(&rows, &has)) && has && count < LIMIT_CORRECTIONS_CHECKIN) {
        struct checkin_correction *c = &list[count];
        struct str sealed = rows_blob(&rows, 2, env->arena);
        *c = (struct checkin_correction){.at = rows_int(&rows, 1), .is_mistake = !sealed.len};
        if (sealed.len) {
            result = open_values(
                env, correction_place(practice, checkin, rows_int(&rows, 0)), sealed, &c->values);
        }
        if (!result_is_ok(result)) break;
        count++;
    }
    rows_close(&rows);
    TRY(result);
    *ret_list = (struct checkin_corrections){list, count};
    return RESULT_OK;
}

/* ---- merging, deleting, new keys ---- */

/* Keys are unique for one client; the same one of both is told apart by the entry's number. */
struct result checkin_move_client(
    struct care_env *env, struct client_id from, struct client_id into)
{
    TRY(db_exec(env->tx,
        SQL("UPDATE checkin SET entry_key = entry_key || '.' || checkin_id WHERE practice_id = $1"
            " AND client_id = $2 AND entry_key IN (SELECT entry_key FROM checkin"
            " WHERE practice_id = $1 AND client_id = $3)"),
        V(v_int(env->practice->id.v), v_int(from.v), v_int(into.v)), NULL));
    return db_exec(env->tx,
        SQL("UPDATE checkin SET client_id = $3 WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(env->practice->id.v), v_int(from.v), v_int(into.v)), NULL);
}

struct result checkin_erase_client(struct care_env *env, struct client_id client)
{
    struct values values = V(v_int(env->practice->id.v), v_int(client.v));
    TRY(db_exec(env->tx,
        SQL("DELETE FROM checkin_correction WHERE practice_id = $1 AND checkin_id IN"
            " (SELECT checkin_id FROM checkin WHERE practice_id = $1 AND client_id = $2)"),
        values, NULL));
    return db_exec(env->tx, SQL("DELETE FROM checkin WHERE practice_id = $1 AND client_id = $2"),
        values, NULL);
}

const struct sealed_table checkin_sealed = {
    .field = "checkin.sealed",
    .select = SQL_INIT("SELECT checkin_id, 0, sealed FROM checkin WHERE practice_id = $1"
                       " AND checkin_id > $2 ORDER BY checkin_id LIMIT $3"),
    .update = SQL_INIT("UPDATE checkin SET sealed = $3 WHERE practice_id = $1 AND checkin_id = $2"),
    .ends =
        SQL_INIT("SELECT sealed FROM (SELECT sealed FROM checkin ORDER BY practice_id, checkin_id"
                 " LIMIT 1) UNION ALL SELECT sealed FROM (SELECT sealed FROM checkin"
                 " ORDER BY practice_id DESC, checkin_id DESC LIMIT 1)"),
};

const struct sealed_table checkin_correction_sealed = {
    .field = "checkin_correction.sealed",
    .two = true,
    .select = SQL_INIT("SELECT checkin_id, number, sealed FROM checkin_correction"
                       " WHERE practice_id = $1 AND (checkin_id, number) > ($2, $3)"
                       " ORDER BY checkin_id, number LIMIT $4"),
    .update = SQL_INIT("UPDATE checkin_correction SET sealed = $4 WHERE practice_id = $1"
                       " AND checkin_id = $2 AND number = $3"),
    .ends = SQL_INIT("SELECT sealed FROM (SELECT sealed FROM checkin_correction ORDER BY "
                     "practice_id, checkin_id, number"
                     " LIMIT 1) UNION ALL SELECT sealed FROM (SELECT sealed FROM checkin_correction"
                     " ORDER BY practice_id DESC, checkin_id DESC, number DESC LIMIT 1)"),
};

/* ---- activities of two plans in one ---- */

static void shift_values(struct checkin_values *values, size_t by)
{
    size_t kept = 0;
    for (size_t i = 0; i < values->count; i++) {
        struct checkin_value v = values->list[i];
        bool activity = v.measure >= MEASURE_ACTIVITY_1 && v.measure <= MEASURE_ACTIVITY_5;
        if (activity && (size_t)v.measure + by > MEASURE_ACTIVITY_5) continue;
        if (activity) v.measure = (enum measure)((size_t)v.measure + by);
        values->list[kept++] = v;
    }
    values->count = kept;
}

struct result checkin_shift_activities(struct care_env *env, struct client_id client, size_t by)
{
    struct practice_id practice = env->practice->id;
    struct checkin_list list;
    TRY(checkin_of_client(env, client, 0, &list));
    for (size_t i = 0; i < list.len; i++) {
        struct checkin c = list.ptr[i];
        shift_values(&c.first, by);
        TRY(db_exec(env->tx,
            SQL("UPDATE checkin SET sealed = $3 WHERE practice_id = $1 AND checkin_id = $2"),
            V(v_int(practice.v), v_int(c.id),
                v_blob(seal(env->arena, env->ring, place_of(practice, c.id),
                    checkin_pack(env->arena, &c.first)))),
            NULL));
        if (!c.corrections || c.is_mistake) continue;
        shift_values(&c.values, by);
        TRY(db_exec(env->tx,
            SQL("UPDATE checkin_correction SET sealed = $4 WHERE practice_id = $1"
                " AND checkin_id = $2 AND number = $3"),
            V(v_int(practice.v), v_int(c.id), v_int(c.corrections),
                v_blob(seal(env->arena, env->ring, correction_place(practice, c.id, c.corrections),
                    checkin_pack(env->arena, &c.values)))),
            NULL));
    }
    return RESULT_OK;
}

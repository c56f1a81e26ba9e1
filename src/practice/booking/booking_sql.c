#include "practice/booking/booking_sql.h"

#include "base/check.h"

#include "base/banned.h"

#define BOOKING_COLUMNS                                                                            \
    "booking_id, public_id, client_id, service_id, therapist_id, room_id, therapist_chosen,"       \
    " starts_us, ends_us, before_minutes, after_minutes, status, price_minor, note, language,"     \
    " sequence, token_nonce, created_us, token_hash"

struct result booking_sql_count(struct tx *tx, struct practice_id practice,
    struct resource_id therapist, utc_us from, utc_us to, int64_t except, int64_t *ret_count)
{
    return db_int(tx,
        SQL("SELECT count(*) FROM booking WHERE practice_id = $1 AND therapist_id = $2"
            " AND starts_us >= $3 AND starts_us < $4 AND status <> 2 AND booking_id <> $5"),
        V(v_int(practice.v), v_int(therapist.v), v_int(from), v_int(to), v_int(except)), 0,
        ret_count);
}

struct result booking_sql_count_active(struct tx *tx, struct practice_id practice,
    struct client_id client, utc_us from, int64_t *ret_count)
{
    return db_int(tx,
        SQL("SELECT count(*) FROM booking WHERE practice_id = $1 AND client_id = $2"
            " AND starts_us >= $3 AND status = 1"),
        V(v_int(practice.v), v_int(client.v), v_int(from)), 0, ret_count);
}

struct result booking_sql_count_moves(
    struct tx *tx, struct practice_id practice, struct booking_id booking, int64_t *ret_count)
{
    return db_int(tx,
        SQL("SELECT count(*) FROM booking_event WHERE practice_id = $1 AND booking_id = $2"
            " AND kind = 2 AND actor_kind = 2"),
        V(v_int(practice.v), v_int(booking.v)), 0, ret_count);
}

struct result booking_sql_insert(struct tx *tx, struct practice_id practice, struct booking *b)
{
    int64_t id;
    TRY(db_next(
        tx, SQL("SELECT max(booking_id) FROM booking WHERE practice_id = $1"), practice.v, &id));
    TRY(db_exec(tx,
        SQL("INSERT INTO booking (practice_id, " BOOKING_COLUMNS ") VALUES ($1, $2, $3,"
            " $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)"),
        V(v_int(practice.v), v_int(id), v_text(b->public_id), v_int(b->client.v),
            v_int(b->service.v), v_int(b->therapist.v), v_int_or_null(b->room.v),
            v_int(b->therapist_chosen), v_int(b->starts), v_int(b->ends), v_int(b->before_minutes),
            v_int(b->after_minutes), v_int(b->status), v_int(b->price_minor), v_text(b->note),
            v_text(b->language), v_int(b->sequence), v_blob(b->token_nonce), v_int(b->created),
            v_blob(b->token_hash)),
        NULL));
    b->id.v = id;
    return RESULT_OK;
}

struct result booking_sql_update(
    struct tx *tx, struct practice_id practice, const struct booking *b)
{
    return db_exec(tx,
        SQL("UPDATE booking SET therapist_id = $3, room_id = $4, starts_us = $5, ends_us = $6,"
            " status = $7, sequence = $8 WHERE practice_id = $1 AND booking_id = $2"),
        V(v_int(practice.v), v_int(b->id.v), v_int(b->therapist.v), v_int_or_null(b->room.v),
            v_int(b->starts), v_int(b->ends), v_int(b->status), v_int(b->sequence)),
        NULL);
}

static struct booking read_booking(struct rows *rows, struct arena *arena)
{
    return (struct booking){
        .id = {rows_int(rows, 0)},
        .public_id = rows_text(rows, 1, arena),
        .client = {rows_int(rows, 2)},
        .service = {rows_int(rows, 3)},
        .therapist = {rows_int(rows, 4)},
        .room = {rows_int(rows, 5)},
        .therapist_chosen = rows_int(rows, 6) != 0,
        .starts = rows_int(rows, 7),
        .ends = rows_int(rows, 8),
        .before_minutes = (int)rows_int(rows, 9),
        .after_minutes = (int)rows_int(rows, 10),
        .status = (enum booking_status)rows_int(rows, 11),
        .price_minor = rows_int(rows, 12),
        .note = rows_text(rows, 13, arena),
        .language = rows_text(rows, 14, arena),
        .sequence = (int)rows_int(rows, 15),
        .token_nonce = rows_blob(rows, 16, arena),
        .created = rows_int(rows, 17),
        .token_hash = rows_blob(rows, 18, arena),
    };
}

struct result booking_sql_find(struct tx *tx, struct practice_id practice,
    enum booking_lookup lookup, struct value key, struct arena *arena, struct booking *ret_booking)
{
    struct sql sql = SQL("");
    switch (lookup) {
    case LOOKUP_ID:
        sql = SQL("SELECT " BOOKING_COLUMNS " FROM booking WHERE practice_id = $1"
                  " AND booking_id = $2");
        break;
    case LOOKUP_PUBLIC_ID:
        sql = SQL("SELECT " BOOKING_COLUMNS " FROM booking WHERE practice_id = $1"
                  " AND public_id = $2");
        break;
    }
    struct rows rows;
    TRY(db_query(tx, sql, V(v_int(practice.v), key), &rows));
    bool has = false;
    struct result result = rows_next(&rows, &has);
    if (result_is_ok(result) && has) *ret_booking = read_booking(&rows, arena);
    rows_close(&rows);
    TRY(result);
    return has ? RESULT_OK : result_fail(ERR_NOT_FOUND, "unknown-booking", NULL);
}

/* Reads all rows of a started query into a list. */
static struct result read_list(
    struct rows *rows, struct arena *arena, struct booking_list *ret_list)
{
    size_t cap = 32;
    size_t count = 0;
    struct booking *list = ARENA_ARRAY(arena, cap, struct booking);
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(rows, &has)) && has) {
        if (count == cap) {
            struct booking *larger = ARENA_ARRAY(arena, cap * 2, struct booking);
            memcpy(larger, list, cap * sizeof *list);
            list = larger;
            cap *= 2;
        }
        list[count++] = read_booking(rows, arena);
    }
    rows_close(rows);
    TRY(result);
    *ret_list = (struct booking_list){list, count};
    return RESULT_OK;
}

struct result booking_in_range(struct booking_env *env, utc_us from, utc_us to,
    struct resource_id therapist, bool with_cancelled, struct booking_list *ret_list)
{
    struct rows rows;
    /* No appointment is longer than LIMIT_SERVICE_MINUTES: the index is entered half a day early.
     */
    TRY(db_query(env->tx,
        SQL("SELECT " BOOKING_COLUMNS " FROM booking WHERE practice_id = $1"
            " AND starts_us >= $2 AND starts_us < $3 AND ends_us > $4"
            " AND ($5 = 0 OR therapist_id = $5) AND ($6 = 1 OR status <> 2)"
            " ORDER BY starts_us, booking_id"),
        V(v_int(env->practice->id.v), v_int(from - US_PER_DAY / 2), v_int(to), v_int(from),
            v_int(therapist.v), v_int(with_cancelled)),
        &rows));
    return read_list(&rows, env->arena, ret_list);
}

struct result booking_of_client(
    struct booking_env *env, struct client_id client, struct booking_list *ret_list)
{
    struct rows rows;
    TRY(db_query(env->tx,
        SQL("SELECT " BOOKING_COLUMNS " FROM booking WHERE practice_id = $1 AND client_id = $2"
            " ORDER BY starts_us DESC LIMIT 1000"),
        V(v_int(env->practice->id.v), v_int(client.v)), &rows));
    return read_list(&rows, env->arena, ret_list);
}

struct result booking_count_before(
    struct booking_env *env, struct client_id client, utc_us before, int64_t *ret_count)
{
    return db_int(env->tx,
        SQL("SELECT count(*) FROM booking WHERE practice_id = $1 AND client_id = $2"
            " AND starts_us < $3 AND status IN (1, 3)"),
        V(v_int(env->practice->id.v), v_int(client.v), v_int(before)), 0, ret_count);
}

/* ---- events ---- */

#define EVENT_COLUMNS                                                                              \
    "event_id, booking_id, at_us, kind, actor_kind, user_id, old_starts_us, old_ends_us,"          \
    " old_therapist_id, starts_us, ends_us, therapist_id, room_id, sequence, reason"

struct result booking_sql_add_event(
    struct tx *tx, struct practice_id practice, struct booking_event *e)
{
    int64_t id;
    TRY(db_next(tx, SQL("SELECT max(event_id) FROM booking_event WHERE practice_id = $1"),
        practice.v, &id));
    TRY(db_exec(tx,
        SQL("INSERT INTO booking_event (practice_id, " EVENT_COLUMNS ") VALUES"
            " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"),
        V(v_int(practice.v), v_int(id), v_int(e->booking.v), v_int(e->at), v_int(e->kind),
            v_int(e->actor.kind), v_int_or_null(e->actor.user.v), v_int_or_null(e->old_starts),
            v_int_or_null(e->old_ends), v_int_or_null(e->old_therapist.v), v_int(e->starts),
            v_int(e->ends), v_int(e->therapist.v), v_int_or_null(e->room.v), v_int(e->sequence),
            v_text(e->reason)),
        NULL));
    e->id = id;
    return RESULT_OK;
}

static struct booking_event read_event(struct rows *rows, struct arena *arena)
{
    return (struct booking_event){
        .id = rows_int(rows, 0),
        .booking = {rows_int(rows, 1)},
        .at = rows_int(rows, 2),
        .kind = (enum booking_event_kind)rows_int(rows, 3),
        .actor = {(enum actor_kind)rows_int(rows, 4), {rows_int(rows, 5)}, ROLE_NONE},
        .old_starts = rows_int(rows, 6),
        .old_ends = rows_int(rows, 7),
        .old_therapist = {rows_int(rows, 8)},
        .starts = rows_int(rows, 9),
        .ends = rows_int(rows, 10),
        .therapist = {rows_int(rows, 11)},
        .room = {rows_int(rows, 12)},
        .sequence = (int)rows_int(rows, 13),
        .reason = rows_text(rows, 14, arena),
    };
}

struct result booking_history(
    struct booking_env *env, struct booking_id id, struct booking_events *ret_events)
{
    enum { HISTORY_MAX = 200 };
    struct rows rows;
    TRY(db_query(env->tx,
        SQL("SELECT " EVENT_COLUMNS " FROM booking_event WHERE practice_id = $1 AND booking_id = $2"
            " ORDER BY event_id LIMIT $3"),
        V(v_int(env->practice->id.v), v_int(id.v), v_int(HISTORY_MAX)), &rows));
    struct booking_event *list = ARENA_ARRAY(env->arena, HISTORY_MAX, struct booking_event);
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < HISTORY_MAX)
        list[count++] = read_event(&rows, env->arena);
    rows_close(&rows);
    TRY(result);
    *ret_events = (struct booking_events){list, count};
    return RESULT_OK;
}

struct result booking_event_find(
    struct booking_env *env, int64_t event, struct booking_event *ret_event)
{
    struct rows rows;
    TRY(db_query(env->tx,
        SQL("SELECT " EVENT_COLUMNS " FROM booking_event WHERE practice_id = $1 AND event_id = $2"),
        V(v_int(env->practice->id.v), v_int(event)), &rows));
    bool has = false;
    struct result result = rows_next(&rows, &has);
    if (result_is_ok(result) && has) *ret_event = read_event(&rows, env->arena);
    rows_close(&rows);
    TRY(result);
    return has ? RESULT_OK : result_fail(ERR_NOT_FOUND, "unknown-event", NULL);
}

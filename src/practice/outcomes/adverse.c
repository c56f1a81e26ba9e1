#include "practice/outcomes/adverse.h"

#include "auth/audit.h"
#include "base/check.h"
#include "base/limits.h"
#include "practice/care/sealed.h"

#include "base/banned.h"

enum { PACK_BYTES = 12, USUAL_MAX = 400 };

#define ADVERSE_SELECT                                                                             \
    "SELECT booking_id, client_id, noticed_us, state, seen_us, user_id, sealed"                    \
    " FROM adverse_event WHERE practice_id = $1"

/* ---- the rule ---- */

static bool counts(const struct checkin *c)
{
    return c->kind == RELIEF_CHECK_IN && !c->is_mistake;
}

static void sort(int32_t *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        int32_t v = values[i];
        size_t j = i;
        for (; j > 0 && values[j - 1] > v; j--)
            values[j] = values[j - 1];
        values[j] = v;
    }
}

/* The median of the fortnight before, or the rating just before the session. */
static int32_t usual_before(const struct checkin_list *checkins, utc_us start)
{
    int32_t values[USUAL_MAX];
    size_t count = 0;
    int32_t before = MEASURE_NONE;
    for (size_t i = 0; i < checkins->len && checkins->ptr[i].at <= start + US_PER_HOUR; i++) {
        const struct checkin *c = &checkins->ptr[i];
        int32_t pain = checkin_value(&c->values, MEASURE_PAIN);
        if (c->kind == RELIEF_BEFORE && !c->is_mistake && c->at >= start - US_PER_DAY)
            before = pain;
        bool recent = c->at >= start - ADVERSE_USUAL_DAYS * US_PER_DAY && c->at < start;
        if (counts(c) && recent && count < USUAL_MAX) values[count++] = pain;
    }
    if (count < ADVERSE_USUAL_MIN) return before;
    sort(values, count);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

bool adverse_detect(const struct checkin_list *checkins, utc_us session_start, utc_us session_end,
    utc_us until, struct adverse_finding *ret_finding)
{
    int32_t usual = usual_before(checkins, session_start);
    if (usual == MEASURE_NONE) return false;
    utc_us watch_end = session_end + ADVERSE_WATCH_DAYS * US_PER_DAY;
    struct adverse_finding finding = {.usual = usual};
    int run = 0;
    bool found = false;
    for (size_t i = 0; i < checkins->len; i++) {
        const struct checkin *c = &checkins->ptr[i];
        if (!counts(c) || c->at <= session_end) continue;
        if (c->at >= until || c->at >= watch_end) break;
        int32_t pain = checkin_value(&c->values, MEASURE_PAIN);
        bool first_day = c->at < session_end + US_PER_DAY;
        if (pain < usual + ADVERSE_POINTS) {
            if (run == 0 && first_day) continue; /* it may come a day later */
            break;                               /* or it had passed */
        }
        run++;
        if (pain > finding.worst) finding.worst = pain;
        finding.hours = (int)((c->at - session_end) / US_PER_HOUR);
        found = run >= 2 && finding.hours >= ADVERSE_HOURS;
    }
    if (found) *ret_finding = finding;
    return found;
}

/* ---- rows ---- */

static struct seal_place place_of(struct practice_id practice, struct booking_id booking)
{
    return (struct seal_place){"adverse_event.sealed", practice.v, booking.v, 0};
}

static void put_i32(char *at, int32_t value)
{
    for (int b = 0; b < 4; b++)
        at[b] = (char)((uint32_t)value >> 8 * b & 0xFF);
}

static int32_t get_i32(const char *at)
{
    uint32_t v = 0;
    for (int b = 3; b >= 0; b--)
        v = v << 8 | (unsigned char)at[b];
    return (int32_t)v;
}

/* usual, worst, hours, and behind them the note */
static struct str pack(struct arena *arena, const struct adverse_finding *finding, struct str note)
{
    char *bytes = arena_alloc(arena, PACK_BYTES + note.len, 1);
    put_i32(bytes, finding->usual);
    put_i32(bytes + 4, finding->worst);
    put_i32(bytes + 8, finding->hours);
    if (note.len) memcpy(bytes + PACK_BYTES, note.ptr, note.len);
    return (struct str){bytes, PACK_BYTES + note.len};
}

static struct result read_event(
    struct care_env *env, struct rows *rows, struct adverse_event *ret_event)
{
    struct adverse_event event = {
        .booking = {rows_int(rows, 0)},
        .client = {rows_int(rows, 1)},
        .noticed = rows_int(rows, 2),
        .state = (enum adverse_state)rows_int(rows, 3),
        .seen = rows_int(rows, 4),
        .user = {rows_int(rows, 5)},
    };
    struct str bytes;
    TRY(seal_open(env->arena, env->ring, place_of(env->practice->id, event.booking),
        rows_blob(rows, 6, env->arena), &bytes));
    if (bytes.len < PACK_BYTES)
        return result_fail(ERR_CORRUPT, "adverse-event", "an adverse event is damaged");
    event.finding = (struct adverse_finding){
        get_i32(bytes.ptr), get_i32(bytes.ptr + 4), get_i32(bytes.ptr + 8)};
    event.note = str_slice(bytes, PACK_BYTES, bytes.len);
    *ret_event = event;
    return RESULT_OK;
}

static struct result read_list(
    struct care_env *env, struct sql sql, struct values values, struct adverse_list *ret_list)
{
    struct rows rows;
    TRY(db_query(env->tx, sql, values, &rows));
    struct adverse_event *list = ARENA_ARRAY(env->arena, LIMIT_LIST_ROWS, struct adverse_event);
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < LIMIT_LIST_ROWS) {
        result = read_event(env, &rows, &list[count]);
        if (!result_is_ok(result)) break;
        count++;
    }
    rows_close(&rows);
    TRY(result);
    *ret_list = (struct adverse_list){list, count};
    return RESULT_OK;
}

struct result adverse_open(struct care_env *env, struct adverse_list *ret_list)
{
    return read_list(env, SQL(ADVERSE_SELECT " AND state = 1 ORDER BY noticed_us"),
        V(v_int(env->practice->id.v)), ret_list);
}

struct result adverse_of_client(
    struct care_env *env, struct client_id client, struct adverse_list *ret_list)
{
    return read_list(env, SQL(ADVERSE_SELECT " AND client_id = $2 ORDER BY noticed_us DESC"),
        V(v_int(env->practice->id.v), v_int(client.v)), ret_list);
}

/* The newest session that has ended; booking 0 where there is none. until: the next one's start. */
static struct result latest_session(
    struct care_env *env, struct client_id client, struct booking *ret_booking, utc_us *ret_until)
{
    struct booking_env booking_env = {
        env->tx, env->practice, env->key, env->actor, env->now, env->arena};
    struct booking_list list;
    struct booking latest = {0};
    utc_us until = INT64_MAX;
    TRY(booking_of_client(&booking_env, client, &list));
    for (size_t i = 0; i < list.len && !latest.id.v; i++) { /* newest first */
        const struct booking *b = &list.ptr[i];
        if (b->status != BOOKING_CONFIRMED && b->status != BOOKING_DONE) continue;
        if (b->ends <= env->now) {
            latest = *b;
        } else {
            until = b->starts;
        }
    }
    *ret_booking = latest;
    *ret_until = until;
    return RESULT_OK;
}

struct result adverse_watch(struct care_env *env, struct client_id client, bool *ret_logged)
{
    struct booking session;
    utc_us until;
    struct checkin_list checkins;
    struct adverse_finding finding;
    TRY(latest_session(env, client, &session, &until));
    *ret_logged = false;
    if (!session.id.v || session.ends < env->now - ADVERSE_WATCH_DAYS * US_PER_DAY)
        return RESULT_OK;
    TRY(checkin_of_client(
        env, client, session.starts - (ADVERSE_USUAL_DAYS + 1) * US_PER_DAY, &checkins));
    if (!adverse_detect(&checkins, session.starts, session.ends, until, &finding)) {
        return db_exec(env->tx, /* what it stood on was taken back */
            SQL("DELETE FROM adverse_event WHERE practice_id = $1 AND booking_id = $2"
                " AND state = 1"),
            V(v_int(env->practice->id.v), v_int(session.id.v)), NULL);
    }
    *ret_logged = true;
    struct str sealed = seal(env->arena, env->ring, place_of(env->practice->id, session.id),
        pack(env->arena, &finding, (struct str){0}));
    return db_exec(env->tx,
        SQL("INSERT INTO adverse_event (practice_id, booking_id, client_id, noticed_us, state,"
            " sealed) VALUES ($1, $2, $3, $4, 1, $5) ON CONFLICT (practice_id, booking_id)"
            " DO UPDATE SET sealed = excluded.sealed WHERE adverse_event.state = 1"),
        V(v_int(env->practice->id.v), v_int(session.id.v), v_int(client.v), v_int(env->now),
            v_blob(sealed)),
        NULL);
}

static struct result find(
    struct care_env *env, struct booking_id booking, struct adverse_event *ret_event)
{
    struct adverse_list list;
    TRY(read_list(env, SQL(ADVERSE_SELECT " AND booking_id = $2"),
        V(v_int(env->practice->id.v), v_int(booking.v)), &list));
    if (!list.len) return result_fail(ERR_NOT_FOUND, "unknown-event", NULL);
    *ret_event = list.ptr[0];
    return RESULT_OK;
}

struct result adverse_see(struct care_env *env, struct booking_id booking, struct str note)
{
    struct adverse_event event;
    TRY(find(env, booking, &event));
    struct str sealed = seal(env->arena, env->ring, place_of(env->practice->id, booking),
        pack(env->arena, &event.finding, note));
    TRY(db_exec(env->tx,
        SQL("UPDATE adverse_event SET state = 2, seen_us = $3, user_id = $4, sealed = $5"
            " WHERE practice_id = $1 AND booking_id = $2"),
        V(v_int(env->practice->id.v), v_int(booking.v), v_int(env->now),
            v_int_or_null(env->actor.user.v), v_blob(sealed)),
        NULL));
    return audit_add(env->tx, env->practice->id, env->now, env->actor, STR("adverse-event.seen"),
        STR("client"), event.client.v, (struct str){0});
}

/* ---- merging, deleting, new keys ---- */

struct result adverse_move_client(
    struct care_env *env, struct client_id from, struct client_id into)
{
    return db_exec(env->tx,
        SQL("UPDATE adverse_event SET client_id = $3 WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(env->practice->id.v), v_int(from.v), v_int(into.v)), NULL);
}

struct result adverse_erase_client(struct care_env *env, struct client_id client)
{
    return db_exec(env->tx,
        SQL("DELETE FROM adverse_event WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(env->practice->id.v), v_int(client.v)), NULL);
}

const struct sealed_table adverse_sealed = {
    .field = "adverse_event.sealed",
    .select = SQL_INIT("SELECT booking_id, 0, sealed FROM adverse_event WHERE practice_id = $1"
                       " AND booking_id > $2 ORDER BY booking_id LIMIT $3"),
    .update =
        SQL_INIT("UPDATE adverse_event SET sealed = $3 WHERE practice_id = $1 AND booking_id = $2"),
    .ends = SQL_INIT(
        "SELECT sealed FROM (SELECT sealed FROM adverse_event ORDER BY practice_id, booking_id"
        " LIMIT 1) UNION ALL SELECT sealed FROM (SELECT sealed FROM adverse_event"
        " ORDER BY practice_id DESC, booking_id DESC LIMIT 1)"),
};

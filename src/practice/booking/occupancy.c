#include "practice/booking/occupancy.h"

#include "base/check.h"

#include "base/banned.h"

/* What is read of a row; its owner's columns only where they are asked for. */
enum { FROM, TO, TIMES, KIND = TIMES, OWNER, EXPIRES, WHOLE };

struct loading {
    utc_us from;
    utc_us now;
    struct owner except;
    int columns; /* TIMES or WHOLE */
};

static bool counts(const struct loading *l, const int64_t *row)
{
    if (l->columns == TIMES) return true;
    if ((enum owner_kind)row[KIND] == l->except.kind && row[OWNER] == l->except.id) return false;
    return row[KIND] != OWNER_HOLD || !row[EXPIRES] || row[EXPIRES] > l->now;
}

/* From the rows of the database, last first, to a list that begins with the first. */
static struct busy_list turn(
    const struct loading *l, struct arena *arena, const int64_t *rows, size_t count)
{
    struct busy *list = ARENA_ARRAY_RAW(arena, count, struct busy);
    size_t len = 0;
    for (size_t i = count; i-- > 0;) {
        const int64_t *row = rows + i * (size_t)l->columns;
        if (!counts(l, row)) continue;
        struct busy busy = {.from = row[FROM], .to = row[TO]};
        if (l->columns == WHOLE)
            busy.owner = (struct owner){(enum owner_kind)row[KIND], row[OWNER]};
        list[len++] = busy;
    }
    return (struct busy_list){list, len};
}

/* Rows of a resource are disjoint: only the last that begins before `from` can reach into the time
 * asked for. They come backwards, so that this one is simply where reading stops. */
static struct result read_rows(
    const struct loading *l, struct rows *rows, struct arena *arena, struct busy_list *ret_list)
{
    size_t columns = (size_t)l->columns;
    size_t cap = 64;
    size_t count = 0;
    int64_t *values = ARENA_ARRAY_RAW(arena, cap * columns, int64_t);
    for (;;) {
        size_t got;
        bool more;
        TRY(rows_ints_until(
            rows, l->columns, l->from, values + count * columns, cap - count, &got, &more));
        count += got;
        if (!more) break;
        if (count < cap) continue;
        const size_t bytes = cap * columns * sizeof *values;
        values = arena_grow(arena, values, bytes, 2 * bytes, _Alignof(int64_t));
        cap *= 2;
    }
    if (count && values[(count - 1) * columns + TO] <= l->from) count--;
    *ret_list = turn(l, arena, values, count);
    return RESULT_OK;
}

struct result occupancy_load(struct tx *tx, struct practice_id practice,
    struct resource_id resource, utc_us from, utc_us to, utc_us now, struct owner except,
    struct arena *arena, struct busy_list *ret_list)
{
    const struct loading loading = {from, now, except, WHOLE};
    struct rows rows;
    TRY(db_query(tx,
        SQL("SELECT from_us, to_us, kind, owner_id, expires_us FROM occupancy"
            " WHERE practice_id = $1 AND resource_id = $2 AND from_us < $3"
            " ORDER BY from_us DESC"),
        V(v_int(practice.v), v_int(resource.v), v_int(to)), &rows));
    struct result result = read_rows(&loading, &rows, arena, ret_list);
    rows_close(&rows);
    return result;
}

struct result occupancy_load_times(struct tx *tx, struct practice_id practice,
    struct resource_id resource, utc_us from, utc_us to, utc_us now, struct owner except,
    struct arena *arena, struct busy_list *ret_list)
{
    if (except.kind != OWNER_NONE)
        return occupancy_load(tx, practice, resource, from, to, now, except, arena, ret_list);
    const struct loading loading = {.from = from, .columns = TIMES};
    struct rows rows;
    TRY(db_query(tx,
        SQL("SELECT from_us, to_us FROM occupancy"
            " WHERE practice_id = $1 AND resource_id = $2 AND from_us < $3"
            " AND (expires_us IS NULL OR expires_us > $4) ORDER BY from_us DESC"),
        V(v_int(practice.v), v_int(resource.v), v_int(to), v_int(now)), &rows));
    struct result result = read_rows(&loading, &rows, arena, ret_list);
    rows_close(&rows);
    return result;
}

struct result occupancy_add(struct tx *tx, struct practice_id practice, struct resource_id resource,
    utc_us from, utc_us to, struct owner owner, utc_us expires)
{
    CHECK(from < to && owner.kind != OWNER_NONE);
    struct result result = db_exec(tx,
        SQL("INSERT INTO occupancy (practice_id, resource_id, from_us, to_us, kind, owner_id,"
            " expires_us) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
        V(v_int(practice.v), v_int(resource.v), v_int(from), v_int(to), v_int(owner.kind),
            v_int(owner.id), v_int_or_null(expires)),
        NULL);
    /* An equal start is refused by the key before the trigger's word is heard. */
    if (result.code == ERR_CONFLICT) result.reason = "overlap";
    return result;
}

struct result occupancy_remove(struct tx *tx, struct practice_id practice,
    struct resource_id resource, utc_us from, struct owner owner)
{
    return db_exec(tx,
        SQL("DELETE FROM occupancy WHERE practice_id = $1 AND resource_id = $2 AND from_us = $3"
            " AND kind = $4 AND owner_id = $5"),
        V(v_int(practice.v), v_int(resource.v), v_int(from), v_int(owner.kind), v_int(owner.id)),
        NULL);
}

struct result occupancy_remove_hold(struct tx *tx, struct practice_id practice, int64_t hold)
{
    return db_exec(tx,
        SQL("DELETE FROM occupancy WHERE practice_id = $1 AND kind = 2 AND owner_id = $2"),
        V(v_int(practice.v), v_int(hold)), NULL);
}

struct result occupancy_prolong_hold(
    struct tx *tx, struct practice_id practice, int64_t hold, utc_us expires)
{
    return db_exec(tx,
        SQL("UPDATE occupancy SET expires_us = $3"
            " WHERE practice_id = $1 AND kind = 2 AND owner_id = $2"),
        V(v_int(practice.v), v_int(hold), v_int(expires)), NULL);
}

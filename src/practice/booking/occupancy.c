#include "practice/booking/occupancy.h"

#include "base/check.h"

#include "base/banned.h"

static bool counts(const struct busy *busy, struct owner except, struct rows *rows, utc_us now)
{
    enum { EXPIRES = 4 }; /* of occupancy_load's columns */
    if (busy->owner.kind == except.kind && busy->owner.id == except.id) return false;
    int64_t expires = busy->owner.kind == OWNER_HOLD ? rows_int(rows, EXPIRES) : 0;
    return !expires || expires > now;
}

static void reverse(struct busy *list, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct busy last = list[count - 1 - i];
        list[count - 1 - i] = list[i];
        list[i] = last;
    }
}

/* Rows of a resource are disjoint: only the last that begins before `from` can reach into the time
 * asked for. They are read backwards, so that this one is simply where reading stops. */
struct result occupancy_load(struct tx *tx, struct practice_id practice,
    struct resource_id resource, utc_us from, utc_us to, utc_us now, struct owner except,
    struct arena *arena, struct busy_list *ret_list)
{
    struct rows rows;
    TRY(db_query(tx,
        SQL("SELECT from_us, to_us, kind, owner_id, expires_us FROM occupancy"
            " WHERE practice_id = $1 AND resource_id = $2 AND from_us < $3"
            " ORDER BY from_us DESC"),
        V(v_int(practice.v), v_int(resource.v), v_int(to)), &rows));
    size_t cap = 64;
    size_t count = 0;
    struct busy *list = ARENA_ARRAY_RAW(arena, cap, struct busy);
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has) {
        enum { FROM, TO, KIND, OWNER, COLUMNS };
        int64_t row[COLUMNS];
        rows_ints(&rows, row, COLUMNS);
        struct busy busy = {row[FROM], row[TO], {(enum owner_kind)row[KIND], row[OWNER]}};
        if (busy.to <= from) break;
        if (counts(&busy, except, &rows, now)) {
            if (count == cap) {
                list = arena_grow(
                    arena, list, cap * sizeof *list, cap * 2 * sizeof *list, _Alignof(struct busy));
                cap *= 2;
            }
            list[count++] = busy;
        }
        if (busy.from <= from) break;
    }
    rows_close(&rows);
    TRY(result);
    reverse(list, count);
    *ret_list = (struct busy_list){list, count};
    return RESULT_OK;
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

#include "practice/booking/occupancy.h"

#include "base/check.h"

#include "base/banned.h"

/* What is read of a row; its owner's columns only where they are asked for. */
enum { FROM, TO, KIND, OWNER, EXPIRES };

struct loading {
    utc_us from;
    utc_us now;
    struct owner except;
    bool owners;
};

static bool counts(const struct loading *l, const struct busy *busy, struct rows *rows)
{
    if (!l->owners) return true;
    if (busy->owner.kind == l->except.kind && busy->owner.id == l->except.id) return false;
    int64_t expires = busy->owner.kind == OWNER_HOLD ? rows_int(rows, EXPIRES) : 0;
    return !expires || expires > l->now;
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
 * asked for. They come backwards, so that this one is simply where reading stops. */
static struct result read_rows(
    struct loading *l, struct rows *rows, struct arena *arena, struct busy_list *ret_list)
{
    size_t cap = 64;
    size_t count = 0;
    struct busy *list = ARENA_ARRAY_RAW(arena, cap, struct busy);
    for (;;) {
        bool has;
        int64_t row[EXPIRES] = {0};
        TRY(rows_next(rows, &has));
        if (!has) break;
        rows_ints(rows, row, l->owners ? EXPIRES : KIND);
        struct busy busy = {row[FROM], row[TO], {(enum owner_kind)row[KIND], row[OWNER]}};
        if (busy.to <= l->from) break;
        if (counts(l, &busy, rows)) {
            if (count == cap) {
                list = arena_grow(
                    arena, list, cap * sizeof *list, cap * 2 * sizeof *list, _Alignof(struct busy));
                cap *= 2;
            }
            list[count++] = busy;
        }
        if (busy.from <= l->from) break;
    }
    reverse(list, count);
    *ret_list = (struct busy_list){list, count};
    return RESULT_OK;
}

struct result occupancy_load(struct tx *tx, struct practice_id practice,
    struct resource_id resource, utc_us from, utc_us to, utc_us now, struct owner except,
    struct arena *arena, struct busy_list *ret_list)
{
    struct loading loading = {from, now, except, .owners = true};
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
    struct loading loading = {.from = from, .owners = false};
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

#include "auth/audit.h"

#include "base/check.h"

#include "base/banned.h"

struct result audit_add(struct tx *tx, struct practice_id practice, utc_us now, struct actor actor,
    struct str action, struct str entity, int64_t entity_id, struct str detail)
{
    CHECK(action.len && entity.len);
    int64_t id; /* asked beforehand: INSERT from a SELECT of the same table goes through a copy */
    TRY(db_next(
        tx, SQL("SELECT max(audit_id) FROM audit WHERE practice_id = $1"), practice.v, &id));
    return db_exec(tx,
        SQL("INSERT INTO audit (practice_id, audit_id, at_us, actor_kind, user_id, action, entity,"
            " entity_id, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"),
        V(v_int(practice.v), v_int(id), v_int(now), v_int(actor.kind), v_int_or_null(actor.user.v),
            v_text(action), v_text(entity), v_int(entity_id), v_text(detail)),
        NULL);
}

struct result audit_list(struct tx *tx, struct practice_id practice, size_t max,
    struct arena *arena, struct audit_entry **ret_entries, size_t *ret_count)
{
    struct rows rows;
    TRY(db_query(tx,
        SQL("SELECT at_us, actor_kind, user_id, action, entity, entity_id, detail FROM audit"
            " WHERE practice_id = $1 ORDER BY audit_id DESC LIMIT $2"),
        V(v_int(practice.v), v_int((int64_t)max)), &rows));
    struct audit_entry *list = ARENA_ARRAY(arena, max, struct audit_entry);
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < max) {
        list[count++] = (struct audit_entry){
            .at = rows_int(&rows, 0),
            .actor = (enum actor_kind)rows_int(&rows, 1),
            .user = {rows_int(&rows, 2)},
            .action = rows_text(&rows, 3, arena),
            .entity = rows_text(&rows, 4, arena),
            .entity_id = rows_int(&rows, 5),
            .detail = rows_text(&rows, 6, arena),
        };
    }
    rows_close(&rows);
    TRY(result);
    *ret_entries = list;
    *ret_count = count;
    return RESULT_OK;
}

struct result audit_forget(
    struct tx *tx, struct practice_id practice, struct str entity, int64_t entity_id)
{
    return db_exec(tx,
        SQL("UPDATE audit SET detail = '' WHERE practice_id = $1 AND entity = $2"
            " AND entity_id = $3"),
        V(v_int(practice.v), v_text(entity), v_int(entity_id)), NULL);
}

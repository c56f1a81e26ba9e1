#include "practice/care/sealed.h"

#include "base/check.h"
#include "practice/care/plan.h"
#include "practice/outcomes/adverse.h"
#include "practice/outcomes/checkin.h"

#include "base/banned.h"

const struct sealed_table *const sealed_tables[] = {
    &plan_sealed, &checkin_sealed, &checkin_correction_sealed, &adverse_sealed};
const size_t sealed_table_count = COUNT_OF(sealed_tables);

enum { KEY_VALUES_MAX = 4 }; /* practice, one or two numbers, and one more */

/* The values that name a row, and one behind them. */
static struct values with_key(struct value buffer[KEY_VALUES_MAX], const struct sealed_table *table,
    struct practice_id practice, const struct sealed_walk *at, struct value last)
{
    size_t count = 0;
    buffer[count++] = v_int(practice.v);
    buffer[count++] = v_int(at->id);
    if (table->two) buffer[count++] = v_int(at->part);
    buffer[count++] = last;
    return (struct values){buffer, count};
}

static struct result renew_one(struct care_env *env, const struct sealed_table *table,
    const struct sealed_walk *at, struct str sealed)
{
    struct seal_place place = {table->field, env->practice->id.v, at->id, at->part};
    struct value buffer[KEY_VALUES_MAX];
    struct str plain;
    TRY(seal_open(env->arena, env->ring, place, sealed, &plain));
    struct value fresh = v_blob(seal(env->arena, env->ring, place, plain));
    return db_exec(
        env->tx, table->update, with_key(buffer, table, env->practice->id, at, fresh), NULL);
}

struct stale {
    struct sealed_walk at;
    struct str sealed;
};

/* The walk goes on; what is to be sealed anew is listed. */
static struct result find_stale(struct care_env *env, const struct sealed_table *table, size_t max,
    struct sealed_walk *walk, struct stale *list)
{
    struct rows rows;
    struct value buffer[KEY_VALUES_MAX];
    TRY(db_query(env->tx, table->select,
        with_key(buffer, table, env->practice->id, walk, v_int((int64_t)max)), &rows));
    struct result result;
    bool has;
    size_t seen = 0;
    while (result_is_ok(result = rows_next(&rows, &has)) && has) {
        walk->id = rows_int(&rows, 0);
        walk->part = rows_int(&rows, 1);
        struct str sealed = rows_blob(&rows, 2, env->arena);
        seen++;
        if (seal_is_current(env->ring, sealed)) continue;
        list[walk->renewed++] = (struct stale){*walk, sealed};
    }
    rows_close(&rows);
    walk->seen += seen;
    walk->done = seen < max;
    return result;
}

struct result sealed_renew(
    struct care_env *env, const struct sealed_table *table, size_t max, struct sealed_walk *walk)
{
    struct stale *list = ARENA_ARRAY(env->arena, max, struct stale);
    struct sealed_walk next = *walk;
    next.renewed = 0;
    TRY(find_stale(env, table, max, &next, list));
    for (size_t i = 0; i < next.renewed; i++)
        TRY(renew_one(env, table, &list[i].at, list[i].sealed));
    next.renewed += walk->renewed;
    *walk = next;
    return RESULT_OK;
}

static struct result check_table(struct tx *tx, const struct sealed_table *table,
    const struct seal_ring *ring, struct arena *arena, bool *ret_known)
{
    struct rows rows;
    TRY(db_query(tx, table->ends, NO_VALUES, &rows));
    struct result result;
    bool has;
    bool known = true;
    while (result_is_ok(result = rows_next(&rows, &has)) && has) {
        struct str sealed = rows_blob(&rows, 0, arena);
        known = known && (ring ? seal_is_known(ring, sealed) : sealed.len == 0);
    }
    rows_close(&rows);
    TRY(result);
    *ret_known = known;
    return RESULT_OK;
}

struct result sealed_check(struct tx *tx, const struct seal_ring *ring, struct arena *arena)
{
    bool known = true;
    for (size_t i = 0; known && i < sealed_table_count; i++)
        TRY(check_table(tx, sealed_tables[i], ring, arena, &known));
    if (known) return RESULT_OK;
    return result_fail(ERR_DENIED, "key-missing",
        ring ? "the key file lacks the key of this database's health data: put the right one back"
             : "the key file of this database's health data is gone: put it back");
}

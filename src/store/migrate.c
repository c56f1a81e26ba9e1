#include "store/migrate.h"

#include "base/log.h"
#include "store/engine.h"

#include "base/banned.h"

/* A copy of `sql` for one engine: lines for the others are blanked, so that line numbers hold. */
static const char *script_for(struct arena *arena, struct str sql, const char *engine)
{
    CHECK(sql.ptr);
    const struct str only = STR("-- only ");
    char *script = arena_alloc(arena, sql.len + 1, 1);
    bool inside = false;
    bool keep = true;
    for (struct str rest = sql, line; rest.len > 0;) {
        size_t at = (size_t)(rest.ptr - sql.ptr);
        bool ended = str_find(rest, '\n') < rest.len;
        (void)str_cut(&rest, '\n', &line);
        struct str word = str_trim(line);
        bool mark = false;
        if (str_starts(word, only)) {
            struct str name = str_slice(word, only.len, word.len);
            CHECK(!inside && (str_eq(name, STR("sqlite")) || str_eq(name, STR("postgres"))));
            inside = mark = true;
            keep = str_eq(name, str_from_cstr(engine));
        } else if (str_eq(word, STR("-- end"))) {
            CHECK(inside);
            inside = false;
            keep = mark = true;
        }
        for (size_t i = 0; i < line.len; i++)
            script[at + i] = keep && !mark ? line.ptr[i] : ' ';
        if (ended) script[at + line.len] = '\n';
    }
    CHECK(!inside);
    return script;
}

static struct result run_script(struct conn *conn, const char *script)
{
    while (*script) {
        struct result result = engine_script(conn, &script);
        if (result_is_ok(result)) continue;
        log_result(LOG_ERROR, "migration-failed", result);
        return result;
    }
    return RESULT_OK;
}

/* The number of the newest migration that ran; 0 for a new database. */
static struct result read_version(struct tx *tx, size_t known, int64_t *ret_version)
{
    int64_t version = 0;
    int64_t rows = 0;
    TRY(run_script(tx->conn, "CREATE TABLE IF NOT EXISTS schema_version "
                             "(number INTEGER PRIMARY KEY, name TEXT NOT NULL)"));
    TRY(db_int(
        tx, SQL("SELECT coalesce(max(number), 0) FROM schema_version"), NO_VALUES, 0, &version));
    TRY(db_int(tx, SQL("SELECT count(*) FROM schema_version"), NO_VALUES, 0, &rows));
    if (version > (int64_t)known) {
        return result_fail(ERR_INVALID, "database-newer", "written by a newer version of Balm");
    }
    if (version != rows) {
        return result_fail(ERR_CORRUPT, "schema-version", "the migrations that ran have gaps");
    }
    *ret_version = version;
    return RESULT_OK;
}

/* Runs the next one that is missing, in the transaction; *ret_ran false where there is none. */
static struct result run_next(
    struct tx *tx, const struct migration *migrations, size_t count, bool *ret_ran)
{
    int64_t version = 0;
    TRY(read_version(tx, count, &version));
    if (version == (int64_t)count) {
        *ret_ran = false;
        return RESULT_OK;
    }
    const struct migration *next = &migrations[version];
    struct arena arena = {0};
    const char *script = script_for(&arena, next->sql, tx->conn->ops->name);
    struct result result = run_script(tx->conn, script);
    arena_release(&arena);
    TRY(result);
    TRY(db_exec(tx, SQL("INSERT INTO schema_version (number, name) VALUES ($1, $2)"),
        V(v_int(next->number), v_text(str_from_cstr(next->name))), NULL));
    *ret_ran = true;
    return RESULT_OK;
}

struct result store_migrate(
    struct conn *conn, const struct migration *migrations, size_t count, int *ret_ran)
{
    for (size_t i = 0; i < count; i++)
        CHECK(migrations[i].number == (int)i + 1 && migrations[i].name);
    int total = 0;
    /* The version is read again in each transaction: another process may be migrating too. */
    for (bool ran = true; ran;) {
        struct tx tx;
        TRY(tx_begin_write(conn, &tx));
        struct result result = run_next(&tx, migrations, count, &ran);
        if (!result_is_ok(result)) {
            tx_rollback(&tx);
            return result;
        }
        TRY(tx_commit(&tx));
        if (ran) total++;
    }
    if (ret_ran) *ret_ran = total;
    return RESULT_OK;
}

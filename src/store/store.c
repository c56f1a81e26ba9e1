#include "store/store.h"

#include "base/log.h"
#include "store/engine.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/banned.h"

/* ---- reasons ---- */

enum { REASONS = 64, REASON_BYTES = 48 };

const char *reason_intern(struct str reason)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static char table[REASONS][REASON_BYTES];
    static size_t used;
    static const char other[] = "conflict";

    if (reason.len == 0 || reason.len >= REASON_BYTES) return other;
    for (size_t i = 0; i < reason.len; i++) {
        char c = reason.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return other;
    }
    const char *found = other;
    pthread_mutex_lock(&lock);
    size_t i = 0;
    while (i < used && !str_eq(str_from_cstr(table[i]), reason))
        i++;
    if (i == used && used < REASONS) memcpy(table[used++], reason.ptr, reason.len);
    if (i < used) found = table[i];
    pthread_mutex_unlock(&lock);
    return found;
}

/* ---- opening ---- */

struct result store_open(struct str url, struct store **ret_store)
{
    const struct str scheme = STR("sqlite:");
    struct str path = str_slice(url, scheme.len, url.len);
    if (!str_starts(url, scheme) || path.len == 0 || path.ptr[0] == ':' ||
        str_starts(path, STR("file:")) || /* SQLite's own URIs could change how it is opened */
        memchr(path.ptr, '\0', path.len)) {
        return result_fail(ERR_INVALID, "database-url", "a database is named as sqlite:PATH");
    }
    fault_from_environment();
    struct store *store = calloc(1, sizeof *store);
    CHECK(store);
    store->ops = &engine_sqlite;
    store->target = strndup(path.ptr, path.len);
    CHECK(store->target);
    struct result result = store_connect(store, CONN_WRITER, &store->writer_conn);
    if (!result_is_ok(result)) {
        free(store->target);
        free(store);
        return result;
    }
    *ret_store = store;
    return RESULT_OK;
}

void store_close(struct store *store)
{
    if (!store) return;
    if (store->writer) writer_stop(store->writer);
    conn_close(store->writer_conn);
    CHECK(atomic_load(&store->conns) == 0); /* every connection is closed before its store */
    free(store->target);
    free(store);
}

struct result store_connect(struct store *store, enum conn_role role, struct conn **ret_conn)
{
    struct engine_conn *engine = NULL;
    TRY(store->ops->open(store->target, role, &engine));
    struct conn *conn = calloc(1, sizeof *conn);
    CHECK(conn);
    *conn = (struct conn){.ops = store->ops, .engine = engine, .store = store, .role = role};
    atomic_fetch_add(&store->conns, 1);
    *ret_conn = conn;
    return RESULT_OK;
}

struct result store_connect_reader(struct store *store, struct conn **ret_conn)
{
    return store_connect(store, CONN_READER, ret_conn);
}

struct result store_connect_writer(struct store *store, struct conn **ret_conn)
{
    return store_connect(store, CONN_COMMAND, ret_conn);
}

void conn_close(struct conn *conn)
{
    if (!conn) return;
    CHECK(!conn->in_tx && conn->open_rows == 0);
    conn->ops->close(conn->engine);
    atomic_fetch_sub(&conn->store->conns, 1);
    free(conn);
}

struct result store_backup(struct store *store, const char *path)
{
    CHECK(path && path[0]);
    return store->ops->backup(store->target, path);
}

/* ---- transactions ---- */

/* Failures of the machine and of ourselves are logged here, with the place that began the
 * transaction; a conflict is an ordinary answer. Texts of SQL and of the engine hold no values. */
static struct result note(const struct tx *tx, const char *doing, struct result result)
{
    if (LIKELY(result.code == ERR_NONE || result.code == ERR_CONFLICT)) return result;
    bool passing = result.code != ERR_CORRUPT;
    LOG(passing ? LOG_WARNING : LOG_ERROR, "store-failed",
        LOG_S("code", str_from_cstr(error_code_name(result.code))),
        LOG_S("reason", str_from_cstr(result.reason)),
        LOG_S("detail", str_from_cstr(result.detail)), LOG_S("doing", str_from_cstr(doing)),
        LOG_S("file", str_from_cstr(tx->file)), LOG_I("line", tx->line));
    return result;
}

struct result tx_begin_at(
    struct conn *conn, bool writes, struct tx *ret_tx, const char *file, int line)
{
    CHECK(!conn->in_tx && conn->open_rows == 0);
    CHECK(!writes || conn->role != CONN_READER);
    struct tx tx = {.conn = conn, .file = file, .line = line, .writes = writes, .open = true};
    TRY(note(&tx, "begin", engine_begin(conn, writes)));
    conn->in_tx = true;
    conn->series_count = 0;
    *ret_tx = tx;
    return RESULT_OK;
}

static void tx_end(struct tx *tx)
{
    tx->open = false;
    tx->savepoints = 0;
    tx->conn->in_tx = false;
}

struct result tx_commit(struct tx *tx)
{
    struct conn *conn = tx->conn;
    CHECK(tx->open && conn->in_tx && !conn->grouped);
    CHECK(tx->savepoints == 0 && conn->open_rows == 0);
    struct result result = note(tx, "commit", engine_commit(conn));
    if (!result_is_ok(result)) conn->ops->rollback(conn->engine);
    tx_end(tx);
    return result;
}

void tx_rollback(struct tx *tx)
{
    if (!tx->open) return;
    CHECK(tx->conn->in_tx && !tx->conn->grouped);
    tx->conn->ops->rollback(tx->conn->engine);
    tx_end(tx);
}

struct result tx_version(struct tx *tx, int64_t *ret_version)
{
    CHECK(tx->open && !tx->writes);
    struct result result = fault_check();
    if (result_is_ok(result)) result = tx->conn->ops->version(tx->conn->engine, ret_version);
    return note(tx, "version", result);
}

struct result tx_savepoint(struct tx *tx)
{
    CHECK(tx->open);
    TRY(note(tx, "savepoint", engine_savepoint(tx->conn, SAVEPOINT_SET)));
    tx->savepoints++;
    return RESULT_OK;
}

struct result tx_savepoint_release(struct tx *tx)
{
    CHECK(tx->open && tx->savepoints > 0);
    TRY(note(tx, "release", engine_savepoint(tx->conn, SAVEPOINT_RELEASE)));
    tx->savepoints--;
    return RESULT_OK;
}

void tx_savepoint_rollback(struct tx *tx)
{
    CHECK(tx->open && tx->savepoints > 0);
    tx->savepoints--;
    struct conn *conn = tx->conn;
    conn->series_count = 0;                               /* what was deleted may be there again */
    if (!conn->ops->in_transaction(conn->engine)) return; /* all of it is lost already */
    struct result result = note(tx, "rollback", engine_savepoint(conn, SAVEPOINT_ROLLBACK));
    /* Half-done work must never be committed: without the savepoint, nothing of it stays. What
     * follows on this transaction fails with "transaction-lost". */
    if (!result_is_ok(result)) conn->ops->rollback(conn->engine);
}

/* ---- statements ---- */

static struct result start(
    struct tx *tx, struct sql sql, struct values values, struct stmt **ret_stmt)
{
    CHECK(tx->open && sql.text);
    struct stmt *stmt = NULL;
    TRY(note(tx, sql.text, engine_prepare(tx->conn, sql.text, tx->writes, &stmt)));
    struct result result = note(tx, sql.text, engine_bind(tx->conn, stmt, values));
    if (!result_is_ok(result)) {
        tx->conn->ops->finish(stmt);
        return result;
    }
    *ret_stmt = stmt;
    return RESULT_OK;
}

struct result db_exec(struct tx *tx, struct sql sql, struct values values, int64_t *ret_changed)
{
    struct stmt *stmt = NULL;
    TRY(start(tx, sql, values, &stmt));
    bool row = false;
    struct result result = note(tx, sql.text, engine_step(tx->conn, stmt, &row));
    CHECK(!row); /* rows are asked for with db_query */
    if (result_is_ok(result) && ret_changed) *ret_changed = tx->conn->ops->changed(stmt);
    tx->conn->ops->finish(stmt);
    return result;
}

struct result db_query(struct tx *tx, struct sql sql, struct values values, struct rows *ret_rows)
{
    struct stmt *stmt = NULL;
    TRY(start(tx, sql, values, &stmt));
    tx->conn->open_rows++;
    *ret_rows = (struct rows){stmt, tx};
    return RESULT_OK;
}

struct result rows_next(struct rows *rows, bool *ret_has)
{
    CHECK(rows->stmt && rows->tx->open);
    return note(rows->tx, "next row", engine_step(rows->tx->conn, rows->stmt, ret_has));
}

void rows_close(struct rows *rows)
{
    if (!rows->stmt) return;
    struct conn *conn = rows->tx->conn;
    CHECK(conn->open_rows > 0);
    conn->ops->finish(rows->stmt);
    conn->open_rows--;
    rows->stmt = NULL;
}

int64_t rows_int(struct rows *rows, int column)
{
    return rows->tx->conn->ops->column_int(rows->stmt, column);
}

void rows_ints(struct rows *rows, int64_t *values, int count)
{
    rows->tx->conn->ops->column_ints(rows->stmt, values, count);
}

struct result rows_ints_until(struct rows *rows, int columns, int64_t stop, int64_t *values,
    size_t max, size_t *ret_count, bool *ret_more)
{
    CHECK(rows->stmt && rows->tx->open);
    struct conn *conn = rows->tx->conn;
    struct result result = fault_check();
    if (result_is_ok(result))
        result = conn->ops->step_ints(rows->stmt, columns, stop, values, max, ret_count, ret_more);
    return note(rows->tx, "next rows", result);
}

struct str rows_text(struct rows *rows, int column, struct arena *arena)
{
    return arena_str(arena, rows->tx->conn->ops->column_text(rows->stmt, column));
}

struct str rows_blob(struct rows *rows, int column, struct arena *arena)
{
    return arena_str(arena, rows->tx->conn->ops->column_blob(rows->stmt, column));
}

bool rows_is_null(struct rows *rows, int column)
{
    return rows->tx->conn->ops->column_is_null(rows->stmt, column);
}

struct result db_int(
    struct tx *tx, struct sql sql, struct values values, int64_t otherwise, int64_t *ret_value)
{
    struct rows rows;
    TRY(db_query(tx, sql, values, &rows));
    bool has = false;
    struct result result = rows_next(&rows, &has);
    if (result_is_ok(result)) *ret_value = has ? rows_int(&rows, 0) : otherwise;
    rows_close(&rows);
    return result;
}

struct result db_next(struct tx *tx, struct sql highest, int64_t key, int64_t *ret_number)
{
    struct conn *conn = tx->conn;
    CHECK(tx->open && tx->writes);
    size_t i = 0;
    while (i < conn->series_count &&
           (conn->series[i].highest != highest.text || conn->series[i].key != key))
        i++;
    if (i == conn->series_count) {
        int64_t last;
        TRY(db_int(tx, highest, V(v_int(key)), 0, &last));
        if (i == SERIES_MAX) {
            *ret_number = last + 1;
            return RESULT_OK;
        }
        conn->series[conn->series_count++] = (struct series){highest.text, key, last};
    }
    *ret_number = ++conn->series[i].last;
    return RESULT_OK;
}

struct result store_self_check(
    struct tx *tx, struct arena *arena, int64_t *ret_broken, struct str *ret_first)
{
    int64_t broken = 0;
    struct str first = {0};
    const struct engine_ops *ops = tx->conn->ops;
    for (size_t i = 0; i < COUNT_OF(ops->self_checks) && ops->self_checks[i].text; i++) {
        struct rows rows;
        TRY(db_query(tx, ops->self_checks[i], NO_VALUES, &rows));
        struct result result;
        bool has;
        while (result_is_ok(result = rows_next(&rows, &has)) && has) {
            if (broken++ == 0) first = rows_text(&rows, 0, arena);
        }
        rows_close(&rows);
        TRY(result);
    }
    *ret_broken = broken;
    *ret_first = first;
    return RESULT_OK;
}

#include "base/log.h"
#include "store/engine.h"
#include "store/sqlite_errors.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/banned.h"

enum {
    CACHE_SLOTS = 1024, /* a power of two */
    CACHE_MAX = 512,    /* statements kept by one connection; more are prepared each time */
    PARAMETERS_MAX = 250, DETAIL_BYTES = 256, BUSY_MS = 5000,
    /* The log is written back each time it has grown by so many pages, by a thread of its own. */
    CHECKPOINT_PAGES = 4000,
    /* Beyond this the writer waits a moment for readers, so that the log can begin anew. */
    RESTART_PAGES = 10000, RESTART_WAIT_MS = 100,
    /* The pages that a savepoint would bring back are kept in one block of so many bytes, which a
     * job does not pass; what does is written to a temporary file. */
    JOURNAL_BYTES = 1 << 20,
};

enum control {
    CONTROL_BEGIN_READ,
    CONTROL_BEGIN_WRITE,
    CONTROL_COMMIT,
    CONTROL_ROLLBACK,
    CONTROL_SAVEPOINT,
    CONTROL_RELEASE,
    CONTROL_ROLLBACK_TO,
    CONTROL_VERSION,
    CONTROL_COUNT,
};

/* Savepoints nest under one name: SQLite takes the innermost. */
static const char *const control_texts[CONTROL_COUNT] = {
    [CONTROL_BEGIN_READ] = "BEGIN",
    [CONTROL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [CONTROL_COMMIT] = "COMMIT",
    [CONTROL_ROLLBACK] = "ROLLBACK",
    [CONTROL_SAVEPOINT] = "SAVEPOINT s",
    [CONTROL_RELEASE] = "RELEASE s",
    [CONTROL_ROLLBACK_TO] = "ROLLBACK TO s",
    [CONTROL_VERSION] = "PRAGMA data_version",
};

struct stmt {
    struct engine_conn *conn;
    sqlite3_stmt *handle;
    const char *text; /* the literal; compared, and its bytes are read from `handle` */
    bool busy;
    bool cached;
    bool writes;
    bool done; /* stepping on would run it again */
    int parameters;
    uint8_t places[]; /* places[k - 1]: SQLite's index of $k */
};

struct engine_conn {
    sqlite3 *db;
    enum conn_role role;
    int log_pages;   /* in the write-ahead log after the last commit */
    int asked_pages; /* as many when it was last to be written back */
    size_t cached;
    sqlite3_stmt *controls[CONTROL_COUNT];
    struct stmt *cache[CACHE_SLOTS];
    char detail[DETAIL_BYTES];
};

/* ---- errors ---- */

static struct result failed(struct engine_conn *conn, int code)
{
    CHECK(code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE && code != SQLITE_MISUSE);
    snprintf(conn->detail, sizeof conn->detail, "%s", sqlite3_errmsg(conn->db));
    return sqlite_code_failed(code, conn->detail);
}

static bool sqlite_owns_text(const struct engine_conn *conn, const char *text)
{
    uintptr_t at = (uintptr_t)text;
    uintptr_t from = (uintptr_t)conn->detail;
    return at >= from && at < from + sizeof conn->detail;
}

/* ---- connections ---- */

static void configure_library(void)
{
    /* No counting of memory: it would take one process-wide lock for every allocation. Refused
     * where something else has begun to use the library; then it is only slower. */
    (void)sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, JOURNAL_BYTES);
    CHECK(sqlite3_initialize() == SQLITE_OK);
}

/* A new database is its owner's alone; the log files take over its mode. An existing one is not
 * opened here: closing it again would drop the locks that other connections hold. */
static bool create_private(const char *path)
{
    int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

static const char *const settings_all =
    "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;";
/* No memory map: measured, it saves little beside a cache that holds the pages in use, and it would
 * count as resident whatever part of the database was ever read. */
static const char *const settings_reader =
    "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096;";
/* temp_store stays what it is: MEMORY would keep a savepoint's pages in pieces of a kilobyte. */
static const char *const settings_writer = "PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;"
                                           "PRAGMA journal_size_limit = 16777216;";

static int on_commit(void *context, sqlite3 *db, const char *name, int pages)
{
    (void)db;
    (void)name;
    ((struct engine_conn *)context)->log_pages = pages;
    return SQLITE_OK;
}

/* The pragma answers with the mode that holds, which is another where the file system cannot. */
static int use_log(sqlite3 *db)
{
    sqlite3_stmt *handle = NULL;
    int code = sqlite3_prepare_v3(db, "PRAGMA journal_mode = WAL", -1, 0, &handle, NULL);
    if (code == SQLITE_OK) code = sqlite3_step(handle);
    bool is_log = code == SQLITE_ROW &&
                  sqlite3_stricmp((const char *)sqlite3_column_text(handle, 0), "wal") == 0;
    sqlite3_finalize(handle);
    if (is_log) return SQLITE_OK;
    return code == SQLITE_ROW ? SQLITE_CANTOPEN : code;
}

static int configure(struct engine_conn *conn)
{
    sqlite3 *db = conn->db;
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, BUSY_MS);
    CHECK(sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) == SQLITE_OK);
    CHECK(sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL) == SQLITE_OK);
    CHECK(sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL) == SQLITE_OK);
    int code = sqlite3_exec(db, settings_all, NULL, NULL, NULL);
    if (code != SQLITE_OK) return code;
    if (conn->role != CONN_READER) code = use_log(db);
    if (code != SQLITE_OK) return code;
    const char *own = conn->role == CONN_READER ? settings_reader : settings_writer;
    code = sqlite3_exec(db, own, NULL, NULL, NULL);
    if (code != SQLITE_OK) return code;
    if (conn->role == CONN_WRITER) sqlite3_wal_hook(db, on_commit, conn);
    for (int i = 0; i < CONTROL_COUNT; i++) {
        code = sqlite3_prepare_v3(
            db, control_texts[i], -1, SQLITE_PREPARE_PERSISTENT, &conn->controls[i], NULL);
        if (code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

static void sqlite_close(struct engine_conn *conn)
{
    for (int i = 0; i < CONTROL_COUNT; i++)
        sqlite3_finalize(conn->controls[i]);
    for (size_t i = 0; i < CACHE_SLOTS; i++) {
        if (!conn->cache[i]) continue;
        CHECK(!conn->cache[i]->busy);
        sqlite3_finalize(conn->cache[i]->handle);
        free(conn->cache[i]);
    }
    /* The last one to close writes the log back and removes it. */
    CHECK(sqlite3_close(conn->db) == SQLITE_OK);
    free(conn);
}

static struct result sqlite_open(
    const char *target, enum conn_role role, struct engine_conn **ret_conn)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, configure_library);
    struct engine_conn *conn = calloc(1, sizeof *conn);
    CHECK(conn);
    conn->role = role;
    if (role == CONN_WRITER) (void)create_private(target);
    int flags = role == CONN_READER ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    int code = sqlite3_open_v2(target, &conn->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK) code = configure(conn);
    if (code != SQLITE_OK) {
        sqlite_close(conn);
        return sqlite_code_failed(
            code, sqlite3_errstr(code)); /* the library's own text, not conn's */
    }
    *ret_conn = conn;
    return RESULT_OK;
}

static int copy_all(sqlite3 *from, sqlite3 *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup) return sqlite3_errcode(to);
    int code;
    /* All at once, so that it is one moment in time; writers go on beside it. */
    do {
        code = sqlite3_backup_step(backup, -1);
    } while (code == SQLITE_OK);
    int finished = sqlite3_backup_finish(backup);
    return code == SQLITE_DONE ? finished : code;
}

static struct result sqlite_backup(const char *target, const char *path)
{
    struct engine_conn *from = NULL;
    TRY(sqlite_open(target, CONN_READER, &from));
    if (!create_private(path)) {
        int error = errno;
        sqlite_close(from);
        if (error == EEXIST) return result_fail(ERR_CONFLICT, "file-exists", NULL);
        return result_fail(ERR_IO, "cannot-open", "the backup file cannot be created");
    }
    sqlite3 *to = NULL;
    int code = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK) code = sqlite3_exec(to, "PRAGMA synchronous = FULL", NULL, NULL, NULL);
    if (code == SQLITE_OK) code = copy_all(from->db, to);
    int closed = sqlite3_close(to);
    if (code == SQLITE_OK) code = closed;
    sqlite_close(from);
    if (code == SQLITE_OK) return RESULT_OK;
    unlink(path); /* half a backup is worse than none */
    return sqlite_code_failed(code, sqlite3_errstr(code));
}

/* ---- transactions ---- */

static struct result control(struct engine_conn *conn, enum control which)
{
    sqlite3_stmt *handle = conn->controls[which];
    int code = sqlite3_step(handle);
    if (LIKELY(code == SQLITE_DONE)) {
        sqlite3_reset(handle);
        return RESULT_OK;
    }
    struct result result = failed(conn, code);
    sqlite3_reset(handle);
    return result;
}

static struct result sqlite_begin(struct engine_conn *conn, bool writes)
{
    return control(conn, writes ? CONTROL_BEGIN_WRITE : CONTROL_BEGIN_READ);
}

static bool sqlite_in_transaction(struct engine_conn *conn)
{
    return !sqlite3_get_autocommit(conn->db);
}

static struct result sqlite_version(struct engine_conn *conn, int64_t *ret_version)
{
    sqlite3_stmt *handle = conn->controls[CONTROL_VERSION];
    struct result result = RESULT_OK;
    int code = sqlite3_step(handle);
    if (LIKELY(code == SQLITE_ROW)) {
        *ret_version = sqlite3_column_int64(handle, 0);
    } else {
        CHECK(code != SQLITE_DONE);
        result = failed(conn, code);
    }
    sqlite3_reset(handle);
    return result;
}

static struct result lost(void)
{
    return result_fail(ERR_IO, "transaction-lost", "the engine has rolled it back");
}

static struct result sqlite_commit(struct engine_conn *conn)
{
    if (!sqlite_in_transaction(conn)) return lost();
    return control(conn, CONTROL_COMMIT);
}

static void sqlite_rollback(struct engine_conn *conn)
{
    if (!sqlite_in_transaction(conn)) return;
    struct result result = control(conn, CONTROL_ROLLBACK);
    if (!result_is_ok(result)) log_result(LOG_ERROR, "rollback-failed", result);
    CHECK(!sqlite_in_transaction(conn));
}

static struct result sqlite_savepoint(struct engine_conn *conn, enum savepoint_verb verb)
{
    if (!sqlite_in_transaction(conn)) return lost(); /* it would begin a transaction of its own */
    switch (verb) {
    case SAVEPOINT_SET: return control(conn, CONTROL_SAVEPOINT);
    case SAVEPOINT_RELEASE: return control(conn, CONTROL_RELEASE);
    case SAVEPOINT_ROLLBACK:
        TRY(control(conn, CONTROL_ROLLBACK_TO));
        return control(conn, CONTROL_RELEASE);
    }
    UNREACHABLE();
}

static struct result sqlite_settled(struct engine_conn *conn)
{
    int open_references = 0;
    int unused = 0;
    CHECK(sqlite3_db_status(conn->db, SQLITE_DBSTATUS_DEFERRED_FKS, &open_references, &unused, 0) ==
          SQLITE_OK);
    if (open_references == 0) return RESULT_OK;
    return result_fail(ERR_CONFLICT, "reference", "a deferred foreign key");
}

/* Where it fails nothing is lost: the log still holds it all, and it is tried again. */
static void checkpoint(struct engine_conn *conn, int mode)
{
    int code = sqlite3_wal_checkpoint_v2(conn->db, NULL, mode, NULL, NULL);
    if (code == SQLITE_OK || code == SQLITE_BUSY) return;
    log_result(LOG_WARNING, "checkpoint-failed", failed(conn, code));
}

static bool sqlite_tend(struct engine_conn *conn)
{
    if (conn->log_pages >= RESTART_PAGES) { /* nearly all of it is written back by now */
        sqlite3_busy_timeout(conn->db, RESTART_WAIT_MS);
        checkpoint(conn, SQLITE_CHECKPOINT_RESTART);
        sqlite3_busy_timeout(conn->db, BUSY_MS);
        conn->log_pages = conn->asked_pages = 0; /* until the next commit tells */
    }
    if (conn->log_pages < conn->asked_pages) conn->asked_pages = 0; /* it has begun anew */
    bool ask = conn->log_pages - conn->asked_pages >= CHECKPOINT_PAGES;
    if (ask) conn->asked_pages = conn->log_pages;
    return ask;
}

static void sqlite_write_back(struct engine_conn *conn)
{
    checkpoint(conn, SQLITE_CHECKPOINT_PASSIVE);
}

/* ---- statements ---- */

static size_t cache_slot(const char *text)
{
    uint64_t hash = (uint64_t)(uintptr_t)text * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(hash >> 54) & (CACHE_SLOTS - 1);
}

/* The free slot for `text`, or the slot where it is. Literals keep their address; the text is
 * compared all the same, so that a reused address never runs another statement. */
static struct stmt **cache_find(struct engine_conn *conn, const char *text)
{
    for (size_t i = cache_slot(text);; i = (i + 1) & (CACHE_SLOTS - 1)) {
        struct stmt *stmt = conn->cache[i];
        if (!stmt) return &conn->cache[i];
        if (stmt->text == text && strcmp(sqlite3_sql(stmt->handle), text) == 0)
            return &conn->cache[i];
    }
}

/* $1 may stand anywhere and more than once: SQLite numbers names in order of first appearance. */
static struct stmt *stmt_new(struct engine_conn *conn, const char *text, sqlite3_stmt *handle)
{
    int count = sqlite3_bind_parameter_count(handle);
    CHECK(count <= PARAMETERS_MAX);
    struct stmt *stmt = calloc(1, sizeof *stmt + (size_t)count);
    CHECK(stmt);
    stmt->conn = conn;
    stmt->handle = handle;
    stmt->text = text;
    stmt->writes = !sqlite3_stmt_readonly(handle);
    stmt->parameters = count;
    for (int i = 1; i <= count; i++) {
        const char *name = sqlite3_bind_parameter_name(handle, i);
        int64_t number = 0;
        CHECK(name && name[0] == '$');
        CHECK(str_to_i64(str_from_cstr(name + 1), 1, count, &number)); /* $1 ... $count, no gaps */
        CHECK(stmt->places[number - 1] == 0);
        stmt->places[number - 1] = (uint8_t)i;
    }
    return stmt;
}

static void stmt_free(struct stmt *stmt)
{
    sqlite3_finalize(stmt->handle);
    free(stmt);
}

static struct result sqlite_prepare(
    struct engine_conn *conn, const char *text, bool writes, struct stmt **ret_stmt)
{
    if (!sqlite_in_transaction(conn)) return lost(); /* each statement would commit by itself */
    struct stmt **slot = cache_find(conn, text);
    struct stmt *stmt = *slot;
    if (!stmt || stmt->busy) {
        bool keep = !stmt && conn->cached < CACHE_MAX;
        sqlite3_stmt *handle = NULL;
        const char *tail = NULL;
        unsigned flags = keep ? SQLITE_PREPARE_PERSISTENT : 0;
        int code = sqlite3_prepare_v3(conn->db, text, -1, flags, &handle, &tail);
        if (code != SQLITE_OK) return failed(conn, code);
        CHECK(handle && *tail == '\0'); /* exactly one statement */
        stmt = stmt_new(conn, text, handle);
        if (keep) {
            stmt->cached = true;
            *slot = stmt;
            conn->cached++;
        }
    }
    if (UNLIKELY(stmt->writes && !writes)) {
        if (!stmt->cached) stmt_free(stmt);
        return result_fail(
            ERR_CORRUPT, "read-only-transaction", "a write in a transaction to read");
    }
    stmt->busy = true;
    stmt->done = false;
    *ret_stmt = stmt;
    return RESULT_OK;
}

static int bind_one(sqlite3_stmt *handle, int at, const struct value *value)
{
    const char *bytes = value->bytes.ptr ? value->bytes.ptr : "";
    switch (value->kind) {
    case VALUE_NULL: return sqlite3_bind_null(handle, at);
    case VALUE_INT: return sqlite3_bind_int64(handle, at, value->integer);
    case VALUE_TEXT:
        return sqlite3_bind_text64(handle, at, bytes, value->bytes.len, SQLITE_STATIC, SQLITE_UTF8);
    case VALUE_BLOB: return sqlite3_bind_blob64(handle, at, bytes, value->bytes.len, SQLITE_STATIC);
    }
    UNREACHABLE();
}

static struct result sqlite_bind(struct stmt *stmt, struct values values)
{
    CHECK(values.len == (size_t)stmt->parameters);
    for (size_t i = 0; i < values.len; i++) {
        const struct value *value = &values.ptr[i];
        if (value->kind == VALUE_TEXT && value->bytes.len &&
            memchr(value->bytes.ptr, '\0', value->bytes.len)) {
            return result_fail(ERR_INVALID, "text-invalid", "a NUL in a text");
        }
        int code = bind_one(stmt->handle, stmt->places[i], value);
        if (UNLIKELY(code != SQLITE_OK)) return failed(stmt->conn, code);
    }
    return RESULT_OK;
}

static struct result sqlite_step(struct stmt *stmt, bool *ret_row)
{
    CHECK(stmt->busy);
    if (stmt->done) {
        *ret_row = false;
        return RESULT_OK;
    }
    int code = sqlite3_step(stmt->handle);
    if (code == SQLITE_ROW) {
        *ret_row = true;
        return RESULT_OK;
    }
    stmt->done = true;
    if (UNLIKELY(code != SQLITE_DONE)) return failed(stmt->conn, code);
    *ret_row = false;
    return RESULT_OK;
}

static struct result sqlite_step_ints(struct stmt *stmt, int columns, int64_t stop, int64_t *values,
    size_t max, size_t *ret_count, bool *ret_more)
{
    CHECK(stmt->busy && columns > 0 && columns <= sqlite3_column_count(stmt->handle));
    size_t count = 0;
    bool more = !stmt->done;
    while (more && count < max) {
        int code = sqlite3_step(stmt->handle);
        if (code != SQLITE_ROW) {
            stmt->done = true;
            if (UNLIKELY(code != SQLITE_DONE)) return failed(stmt->conn, code);
            more = false;
            break;
        }
        for (int i = 0; i < columns; i++)
            values[i] = sqlite3_column_int64(stmt->handle, i);
        more = values[0] > stop;
        values += columns;
        count++;
    }
    *ret_count = count;
    *ret_more = more;
    return RESULT_OK;
}

static int64_t sqlite_changed(struct stmt *stmt)
{
    return sqlite3_changes64(stmt->conn->db);
}

static void sqlite_finish(struct stmt *stmt)
{
    CHECK(stmt->busy);
    stmt->busy = false;
    if (stmt->cached) {
        sqlite3_reset(stmt->handle);
    } else {
        stmt_free(stmt);
    }
}

static struct result sqlite_script(struct engine_conn *conn, const char **script)
{
    if (!sqlite_in_transaction(conn)) return lost();
    sqlite3_stmt *handle = NULL;
    const char *tail = NULL;
    int code = sqlite3_prepare_v3(conn->db, *script, -1, 0, &handle, &tail);
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        if (!handle) break; /* blanks and comments */
        code = sqlite3_step(handle);
    }
    struct result result = RESULT_OK;
    if (code != SQLITE_OK && code != SQLITE_DONE) result = failed(conn, code);
    sqlite3_finalize(handle);
    TRY(result);
    CHECK(sqlite_in_transaction(conn)); /* a migration never ends its own transaction */
    *script = tail;
    return RESULT_OK;
}

/* ---- columns ---- */

static bool sqlite_column_is_null(struct stmt *stmt, int column)
{
    CHECK(column >= 0 && column < sqlite3_data_count(stmt->handle)); /* a row is here, and has it */
    return sqlite3_column_type(stmt->handle, column) == SQLITE_NULL;
}

static int64_t sqlite_column_int(struct stmt *stmt, int column)
{
    CHECK(column >= 0 && column < sqlite3_data_count(stmt->handle));
    return sqlite3_column_int64(stmt->handle, column);
}

static void sqlite_column_ints(struct stmt *stmt, int64_t *values, int count)
{
    CHECK(count > 0 && count <= sqlite3_data_count(stmt->handle));
    for (int i = 0; i < count; i++)
        values[i] = sqlite3_column_int64(stmt->handle, i);
}

static struct str sqlite_column_text(struct stmt *stmt, int column)
{
    CHECK(column >= 0 && column < sqlite3_data_count(stmt->handle));
    const char *text = (const char *)sqlite3_column_text(stmt->handle, column);
    return (struct str){text, text ? (size_t)sqlite3_column_bytes(stmt->handle, column) : 0};
}

static struct str sqlite_column_blob(struct stmt *stmt, int column)
{
    CHECK(column >= 0 && column < sqlite3_data_count(stmt->handle));
    const char *bytes = sqlite3_column_blob(stmt->handle, column);
    return (struct str){bytes, bytes ? (size_t)sqlite3_column_bytes(stmt->handle, column) : 0};
}

const struct engine_ops engine_sqlite = {
    .name = "sqlite",
    .self_checks = {SQL_INIT("SELECT integrity_check FROM pragma_integrity_check"
                             " WHERE integrity_check <> 'ok'"),
        SQL_INIT("SELECT 'foreign key of ' || \"table\" FROM pragma_foreign_key_check")},
    .open = sqlite_open,
    .close = sqlite_close,
    .backup = sqlite_backup,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .in_transaction = sqlite_in_transaction,
    .version = sqlite_version,
    .savepoint = sqlite_savepoint,
    .settled = sqlite_settled,
    .tend = sqlite_tend,
    .write_back = sqlite_write_back,
    .prepare = sqlite_prepare,
    .bind = sqlite_bind,
    .step = sqlite_step,
    .step_ints = sqlite_step_ints,
    .changed = sqlite_changed,
    .finish = sqlite_finish,
    .script = sqlite_script,
    .column_is_null = sqlite_column_is_null,
    .column_int = sqlite_column_int,
    .column_ints = sqlite_column_ints,
    .column_text = sqlite_column_text,
    .column_blob = sqlite_column_blob,
    .owns_text = sqlite_owns_text,
};

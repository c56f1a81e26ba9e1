/* engine: what a database engine gives to store.c; internal to src/store.
 *
 * store.c keeps the books (which transaction is open, how many rows are being read) and asks the
 * engine through `struct engine_ops`. Between the two stand the engine_* functions below, where
 * store_fault.h makes a call fail. An engine owns its connections and statements; the details of
 * its failures live in the connection and are valid until the next call on it. */
#ifndef BALM_STORE_ENGINE_H
#define BALM_STORE_ENGINE_H

#include "base/check.h"
#include "store/store.h"

#include <stdatomic.h>

enum conn_role {
    CONN_READER,  /* read-only, one an event thread */
    CONN_COMMAND, /* may write; tends its log by itself */
    CONN_WRITER,  /* the writer thread's; engine_tend is called after each group */
};

enum savepoint_verb { SAVEPOINT_SET, SAVEPOINT_RELEASE, SAVEPOINT_ROLLBACK };

struct engine_conn;

struct engine_ops {
    const char *name; /* as in "-- only NAME" */
    struct sql self_checks[2]; /* each lists, as text, what is broken in the file itself */
    struct result (*open)(const char *target, enum conn_role role, struct engine_conn **ret_conn);
    void (*close)(struct engine_conn *conn);
    struct result (*backup)(const char *target, const char *path);

    struct result (*begin)(struct engine_conn *conn, bool writes);
    struct result (*commit)(struct engine_conn *conn);
    void (*rollback)(struct engine_conn *conn); /* never fails; none open is well */
    bool (*in_transaction)(struct engine_conn *conn);
    struct result (*version)(struct engine_conn *conn, int64_t *ret_version);
    struct result (*savepoint)(struct engine_conn *conn, enum savepoint_verb verb);
    /* Fails where a constraint that is checked at commit is broken now. */
    struct result (*settled)(struct engine_conn *conn);
    /* Housekeeping of the writer between groups. True where the log has grown enough to be written
     * back into the file, which another connection can do meanwhile: */
    bool (*tend)(struct engine_conn *conn);
    void (*write_back)(struct engine_conn *conn);

    /* A statement ready to be bound; given back by finish. */
    struct result (*prepare)(
        struct engine_conn *conn, const char *text, bool writes, struct stmt **ret_stmt);
    struct result (*bind)(struct stmt *stmt, struct values values);
    struct result (*step)(struct stmt *stmt, bool *ret_row);
    /* See rows_ints_until. */
    struct result (*step_ints)(struct stmt *stmt, int columns, int64_t stop, int64_t *values,
        size_t max, size_t *ret_count, bool *ret_more);
    int64_t (*changed)(struct stmt *stmt);
    void (*finish)(struct stmt *stmt);
    /* Runs the first statement of *script and moves *script behind it; "" at the end. */
    struct result (*script)(struct engine_conn *conn, const char **script);

    bool (*column_is_null)(struct stmt *stmt, int column);
    int64_t (*column_int)(struct stmt *stmt, int column);
    void (*column_ints)(struct stmt *stmt, int64_t *values, int count); /* from the first */
    /* Bytes that are valid until the next step. */
    struct str (*column_text)(struct stmt *stmt, int column);
    struct str (*column_blob)(struct stmt *stmt, int column);
    /* Whether `text` is this connection's own and will be overwritten. */
    bool (*owns_text)(const struct engine_conn *conn, const char *text);
};

extern const struct engine_ops engine_sqlite;

struct writer;

struct store {
    const struct engine_ops *ops;
    char *target;
    struct conn *writer_conn; /* open as long as the store; the writer thread's once it runs */
    struct writer *writer;    /* NULL until store_start_writer */
    atomic_int conns;
};

/* A series of numbers (db_next) in the transaction that is open. */
struct series {
    const char *highest; /* the literal */
    int64_t key;
    int64_t last;
};

enum { SERIES_MAX = 16 }; /* more are asked for each time */

struct conn {
    const struct engine_ops *ops;
    struct engine_conn *engine;
    struct store *store;
    enum conn_role role;
    bool in_tx;
    bool grouped;  /* a write job is running: the transaction is not its own to end */
    int open_rows; /* queries that have not been closed */
    struct series series[SERIES_MAX];
    size_t series_count;
};

struct result MUST_CHECK store_connect(
    struct store *store, enum conn_role role, struct conn **ret_conn);
void writer_stop(struct writer *writer);

/* write_back.c: a thread that writes the log back into the file when it is asked to, so that the
 * writer goes on with the next group. */
struct write_back;
struct result MUST_CHECK write_back_start(struct store *store, struct write_back **ret);
void write_back_ask(struct write_back *back);
void write_back_stop(struct write_back *back);

/* A text that lives as long as the process, for the reasons that triggers give. */
const char *reason_intern(struct str reason);

/* ---- the fault wrapper ---- */

extern atomic_bool fault_armed;
struct result MUST_CHECK fault_count(void);
void fault_from_environment(void);

static inline struct result MUST_CHECK fault_check(void)
{
    if (LIKELY(!atomic_load_explicit(&fault_armed, memory_order_relaxed))) return RESULT_OK;
    return fault_count();
}

static inline struct result MUST_CHECK engine_begin(struct conn *conn, bool writes)
{
    TRY(fault_check());
    return conn->ops->begin(conn->engine, writes);
}

static inline struct result MUST_CHECK engine_commit(struct conn *conn)
{
    TRY(fault_check());
    return conn->ops->commit(conn->engine);
}

static inline struct result MUST_CHECK engine_savepoint(struct conn *conn, enum savepoint_verb verb)
{
    TRY(fault_check());
    return conn->ops->savepoint(conn->engine, verb);
}

static inline struct result MUST_CHECK engine_prepare(
    struct conn *conn, const char *text, bool writes, struct stmt **ret_stmt)
{
    TRY(fault_check());
    return conn->ops->prepare(conn->engine, text, writes, ret_stmt);
}

static inline struct result MUST_CHECK engine_bind(
    struct conn *conn, struct stmt *stmt, struct values values)
{
    TRY(fault_check());
    return conn->ops->bind(stmt, values);
}

static inline struct result MUST_CHECK engine_step(
    struct conn *conn, struct stmt *stmt, bool *ret_row)
{
    TRY(fault_check());
    return conn->ops->step(stmt, ret_row);
}

static inline struct result MUST_CHECK engine_script(struct conn *conn, const char **script)
{
    TRY(fault_check());
    return conn->ops->script(conn->engine, script);
}

#endif

/* store: one small interface over the database engines.
 *
 *   struct store   a database that is open: its engine, its writer thread
 *   struct conn    one connection; used by one thread at a time
 *   struct tx      one transaction on a connection; knows the file:line that began it
 *   struct rows    the rows of one query, read in order
 *
 * SQL is written with $1, $2 ... and values are always bound: `struct sql` is made from literals
 * only. Statements are prepared once per connection and kept (keyed by the literal's address).
 * Every statement belongs to a transaction; the parameters are $1 ... $n without gaps and there are
 * as many values as parameters (CHECK).
 * Reads happen in read-only transactions: a write inside one is refused by the engine.
 *
 * Errors: ERR_CONFLICT "overlap" (two occupancies on one resource), "duplicate" (unique key),
 * "reference" (foreign key), or the text of RAISE in a trigger where it is a slug ("too-long");
 * ERR_BUSY where the database cannot answer now; ERR_IO for disk failures ("disk-full",
 * "io-error", "read-only", "cannot-open", "transaction-lost"); ERR_INVALID for a NUL in a text;
 * ERR_CORRUPT else. After a failed statement the transaction (or savepoint) must be rolled back. A
 * failure's `detail` is valid until the next call on its connection. All but conflicts are logged
 * here, with the file:line of the transaction; SQL and the engine's words are logged, never values.
 */
#ifndef BALM_STORE_STORE_H
#define BALM_STORE_STORE_H

#include "base/arena.h"
#include "base/result.h"
#include "base/str.h"

#include <stdint.h>

struct store;
struct conn;
struct stmt;

struct sql {
    const char *text;
};
#define SQL(literal) ((struct sql){"" literal})
#define SQL_INIT(literal)                                                                          \
    {                                                                                              \
        "" literal                                                                                 \
    } /* in static initialisers */

enum value_kind { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_BLOB };

struct value {
    enum value_kind kind;
    int64_t integer;
    struct str bytes; /* text or blob; must live until the statement is done */
};

static inline struct value v_int(int64_t v)
{
    return (struct value){VALUE_INT, v, {0}};
}
static inline struct value v_text(struct str s)
{
    return (struct value){VALUE_TEXT, 0, s};
}
static inline struct value v_blob(struct str s)
{
    return (struct value){VALUE_BLOB, 0, s};
}
static inline struct value v_null(void)
{
    return (struct value){VALUE_NULL, 0, {0}};
}
/* NULL for the empty string / for zero */
static inline struct value v_text_or_null(struct str s)
{
    return s.len ? v_text(s) : v_null();
}
static inline struct value v_int_or_null(int64_t v)
{
    return v ? v_int(v) : v_null();
}

struct values {
    const struct value *ptr;
    size_t len;
};
/* V(v_int(1), v_text(name)): at least one value. NO_VALUES where there are none. */
#define V(...)                                                                                     \
    ((struct values){(const struct value[]){__VA_ARGS__},                                          \
        sizeof((const struct value[]){__VA_ARGS__}) / sizeof(struct value)})
#define NO_VALUES ((struct values){NULL, 0})

/* ---- opening ---- */

/* "sqlite:PATH". Creates the file where there is none, for its owner alone. ERR_INVALID for a URL
 * that is not understood. */
struct result MUST_CHECK store_open(struct str url, struct store **ret_store);
/* Stops the writer (queued jobs are finished first) and closes. Every connection is closed before
 * (CHECK). */
void store_close(struct store *store);

/* A connection for reading; one each event thread. */
struct result MUST_CHECK store_connect_reader(struct store *store, struct conn **ret_conn);
/* A connection that may write, outside the writer thread: for commands, not for the server. */
struct result MUST_CHECK store_connect_writer(struct store *store, struct conn **ret_conn);
void conn_close(struct conn *conn);
/* A copy of the whole database as of one moment, made while others write. The file must not exist
 * (ERR_CONFLICT "file-exists"); nothing is left of a copy that failed. */
struct result MUST_CHECK store_backup(struct store *store, const char *path);

/* The engine's own checks of its file. *ret_broken counts what is wrong; *ret_first (arena) names
 * the first. The transaction is one that reads. */
struct tx;
struct result MUST_CHECK store_self_check(
    struct tx *tx, struct arena *arena, int64_t *ret_broken, struct str *ret_first);

/* ---- transactions ---- */

struct tx {
    struct conn *conn;
    const char *file;
    int line;
    bool writes;
    bool open;
    int savepoints;
};

#define tx_begin_read(conn, ret_tx) tx_begin_at((conn), false, (ret_tx), __FILE__, __LINE__)
#define tx_begin_write(conn, ret_tx) tx_begin_at((conn), true, (ret_tx), __FILE__, __LINE__)
struct result MUST_CHECK tx_begin_at(
    struct conn *conn, bool writes, struct tx *ret_tx, const char *file, int line);
/* All rows are closed and savepoints ended (CHECK). The transaction is over also after a failure:
 * then nothing of it is kept. */
struct result MUST_CHECK tx_commit(struct tx *tx);
/* Harmless on a transaction that is already over. */
void tx_rollback(struct tx *tx);

/* For transactions that read (CHECK): a number that is another one than before on this connection
 * where anybody has committed in between. It takes the transaction's snapshot. */
struct result MUST_CHECK tx_version(struct tx *tx, int64_t *ret_version);

/* Savepoints nest. Each one is released or rolled back, also when releasing it failed. */
struct result MUST_CHECK tx_savepoint(struct tx *tx);
struct result MUST_CHECK tx_savepoint_release(struct tx *tx);
void tx_savepoint_rollback(struct tx *tx);

/* ---- statements ---- */

struct rows {
    struct stmt *stmt;
    struct tx *tx;
};

/* Runs a statement that returns no rows (CHECK). ret_changed (may be NULL): rows that an INSERT,
 * UPDATE or DELETE changed. */
struct result MUST_CHECK db_exec(
    struct tx *tx, struct sql sql, struct values values, int64_t *ret_changed);

/* Starts a query; its first step is taken by rows_next (also that of INSERT ... RETURNING). The tx
 * and the bytes of the values must live until rows_close. Every successful db_query is ended by
 * rows_close, also after an error. */
struct result MUST_CHECK db_query(
    struct tx *tx, struct sql sql, struct values values, struct rows *ret_rows);
/* The next row; *ret_has false after the last. */
struct result MUST_CHECK rows_next(struct rows *rows, bool *ret_has);
void rows_close(struct rows *rows);

/* Columns count from 0. Text and blobs are copied into the arena; NULL reads as 0 or empty. */
int64_t rows_int(struct rows *rows, int column);
/* The first `count` columns, all numbers: for queries of many rows. */
void rows_ints(struct rows *rows, int64_t *values, int count);
/* The next rows at once, `columns` numbers each, one row behind the other: until the last row,
 * until `max` are read, or until one whose first number is at most `stop` (which is read as well).
 * *ret_more false: there is nothing left to ask for. For queries of many rows. */
struct result MUST_CHECK rows_ints_until(struct rows *rows, int columns, int64_t stop,
    int64_t *values, size_t max, size_t *ret_count, bool *ret_more);
struct str rows_text(struct rows *rows, int column, struct arena *arena);
struct str rows_blob(struct rows *rows, int column, struct arena *arena);
bool rows_is_null(struct rows *rows, int column);

/* A query for one integer: its value, or `otherwise` where there is no row. */
struct result MUST_CHECK db_int(
    struct tx *tx, struct sql sql, struct values values, int64_t otherwise, int64_t *ret_value);

/* The next number of a series: one more than the integer that `highest` gives for `key`, its only
 * value. The database is asked at the series' first number in a transaction that writes, the next
 * ones are counted: within it nobody else writes. After a rollback it is asked anew.
 * So a series has one `highest`, and every row of its table is numbered here. */
struct result MUST_CHECK db_next(
    struct tx *tx, struct sql highest, int64_t key, int64_t *ret_number);

/* ---- the one writer ---- */

/* A write handler: runs once on the writer thread, inside a savepoint of the group's transaction.
 * Success keeps its changes, failure rolls them back, and the others of the group stay. It may use
 * savepoints, never tx_commit or tx_rollback (CHECK).
 * `done` is called after the group is durable (fsync) with run's result, or with ERR_IO / ERR_BUSY
 * where the commit failed: then nothing of the group is kept, and all of it hear so. Only `done`
 * says what counts. It runs on the writer thread and must be short (resume a connection). The
 * engine's `detail` does not reach it. A job is owned by the caller until `done`. */
struct write_job {
    struct result (*run)(struct tx *tx, void *arg);
    void (*done)(void *arg, struct result result);
    void *arg;
    struct write_job *next; /* the queue's */
    struct result result;   /* the queue's */
};

/* Starts the writer thread; needed before store_submit. */
struct result MUST_CHECK store_start_writer(struct store *store);
/* ERR_BUSY where the queue is full (then `done` is not called). */
struct result MUST_CHECK store_submit(struct store *store, struct write_job *job);
/* How many jobs wait for the writer: work that can wait makes way where this is more than a few. */
size_t store_backlog(struct store *store);
/* Submits and waits; for the outbox worker and tests. */
struct result MUST_CHECK store_write(
    struct store *store, struct result (*run)(struct tx *tx, void *arg), void *arg);

#endif

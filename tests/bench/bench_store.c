/* bench_store raw FOLDER: durable single-row commits a second of SQLite alone, one number.
 * bench_store [FOLDER]: durable commits a second, SQLite alone against the store's writer thread,
 * in turns on the same disk; then short range queries of a reader, quiet and beside the writer. */
#include "base/check.h"
#include "store/store.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

enum { WRITERS = 64, ROUNDS = 3, ROWS = 200000, RANGE = 60 };
static const double SECONDS = 2;

static double seconds_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double seconds_now(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}

static void must(struct result result)
{
    if (result_is_ok(result)) return;
    fprintf(stderr, "%s %s %s\n", error_code_name(result.code), result.reason ? result.reason : "",
        result.detail ? result.detail : "");
    exit(1);
}

static const char schema[] = "CREATE TABLE visit (id INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
                             " who TEXT NOT NULL) STRICT; CREATE INDEX visit_at ON visit (at);";

/* ---- SQLite alone: one row a commit ---- */

static double raw_commits(const char *folder, int round)
{
    char path[256];
    snprintf(path, sizeof path, "%s/raw%d.db", folder, round);
    sqlite3 *db = NULL;
    sqlite3_stmt *insert = NULL;
    CHECK(sqlite3_open(path, &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", NULL, NULL,
              NULL) == SQLITE_OK);
    CHECK(sqlite3_exec(db, schema, NULL, NULL, NULL) == SQLITE_OK);
    CHECK(sqlite3_prepare_v2(db, "INSERT INTO visit (at, who) VALUES (?, 'someone')", -1, &insert,
              NULL) == SQLITE_OK);
    int64_t n = 0;
    double begin = seconds_now();
    double end = begin;
    for (; end - begin < SECONDS; end = seconds_now()) {
        sqlite3_bind_int64(insert, 1, n++ * 7919 % 1000003);
        CHECK(sqlite3_step(insert) == SQLITE_DONE);
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    sqlite3_close(db);
    unlink(path);
    return (double)n / (end - begin);
}

/* ---- the store ---- */

struct visitor {
    struct store *store;
    double until;
    int64_t at;
    int64_t n;
};

static struct result insert_visit(struct tx *tx, void *arg)
{
    struct visitor *visitor = arg;
    return db_exec(
        tx, SQL("INSERT INTO visit (at, who) VALUES ($1, 'someone')"), V(v_int(visitor->at)), NULL);
}

static void *visitor_main(void *arg)
{
    struct visitor *visitor = arg;
    while (seconds_now() < visitor->until) {
        visitor->at = (visitor->at + 7919) % 1000003;
        must(store_write(visitor->store, insert_visit, visitor));
        visitor->n++;
    }
    return NULL;
}

static struct visitor visitors[WRITERS];
static pthread_t threads[WRITERS];

static void visitors_start(struct store *store)
{
    double until = seconds_now() + SECONDS;
    for (int i = 0; i < WRITERS; i++) {
        visitors[i] = (struct visitor){store, until, i * 1000, 0};
        CHECK(pthread_create(&threads[i], NULL, visitor_main, &visitors[i]) == 0);
    }
}

static double visitors_finish(double begin)
{
    int64_t n = 0;
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(threads[i], NULL);
        n += visitors[i].n;
    }
    return (double)n / (seconds_now() - begin);
}

static struct store *store_new(const char *folder, char *path, size_t size)
{
    static int count;
    struct store *store = NULL;
    struct conn *conn = NULL;
    struct tx tx;
    char url[300];
    snprintf(path, size, "%s/store%d.db", folder, count++);
    snprintf(url, sizeof url, "sqlite:%s", path);
    must(store_open(str_from_cstr(url), &store));
    must(store_connect_writer(store, &conn));
    must(tx_begin_write(conn, &tx));
    must(db_exec(&tx,
        SQL("CREATE TABLE visit (id INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
            " who TEXT NOT NULL) STRICT"),
        NO_VALUES, NULL));
    must(db_exec(&tx, SQL("CREATE INDEX visit_at ON visit (at)"), NO_VALUES, NULL));
    must(tx_commit(&tx));
    conn_close(conn);
    must(store_start_writer(store));
    return store;
}

static double store_commits(const char *folder)
{
    char path[256];
    struct store *store = store_new(folder, path, sizeof path);
    double begin = seconds_now();
    visitors_start(store);
    double rate = visitors_finish(begin);
    store_close(store);
    unlink(path);
    return rate;
}

/* ---- reading ---- */

static struct result insert_many(struct tx *tx, void *arg)
{
    (void)arg;
    return db_exec(tx,
        SQL("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE"
            " x < $1) INSERT INTO visit (at, who)"
            " SELECT x * 7919 % 1000003, 'someone ' || x FROM c"),
        V(v_int(ROWS)), NULL);
}

/* Queries for each second of this thread's processor time. */
static double queries(struct conn *conn)
{
    double cpu = seconds_of(CLOCK_THREAD_CPUTIME_ID);
    struct arena arena = {0};
    int64_t n = 0;
    int64_t from = 1;
    double begin = seconds_now();
    double end = begin;
    for (; end - begin < SECONDS; end = seconds_now()) {
        struct tx tx;
        struct rows rows;
        must(tx_begin_read(conn, &tx));
        must(db_query(&tx, SQL("SELECT at, who FROM visit WHERE at >= $1 ORDER BY at LIMIT $2"),
            V(v_int(from), v_int(RANGE)), &rows));
        for (bool has = true; has;) {
            must(rows_next(&rows, &has));
            if (has) (void)rows_text(&rows, 1, &arena);
        }
        rows_close(&rows);
        must(tx_commit(&tx));
        arena_reset(&arena);
        from = (from * 48271 + 11) % 900000;
        n++;
    }
    arena_release(&arena);
    return (double)n / (seconds_of(CLOCK_THREAD_CPUTIME_ID) - cpu);
}

static long resident_kb(void)
{
    long kb = 0;
    char line[128];
    FILE *status = fopen("/proc/self/status", "r");
    CHECK(status);
    while (fgets(line, sizeof line, status))
        if (strncmp(line, "VmRSS:", 6) == 0) kb = strtol(line + 6, NULL, 10);
    fclose(status);
    return kb;
}

static void reading(const char *folder)
{
    char path[256];
    struct conn *reader = NULL;
    struct store *store = store_new(folder, path, sizeof path);
    must(store_write(store, insert_many, NULL));
    store_close(store); /* begins as a server does: with the log folded into the database */
    char url[300];
    snprintf(url, sizeof url, "sqlite:%s", path);
    must(store_open(str_from_cstr(url), &store));
    must(store_start_writer(store));
    must(store_connect_reader(store, &reader));
    long before = resident_kb();
    double quiet = queries(reader);
    printf("range queries of %d rows: %.0f a processor second; resident %ld kB -> %ld kB\n", RANGE,
        quiet, before, resident_kb());
    double begin = seconds_now();
    visitors_start(store);
    double beside = queries(reader);
    double rate = visitors_finish(begin);
    printf("beside the writer: %.0f a processor second (and %.0f commits); resident %ld kB\n",
        beside, rate, resident_kb());
    conn_close(reader);
    store_close(store);
    unlink(path);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "raw") == 0) {
        printf("%.1f\n", raw_commits(argv[2], 0));
        return 0;
    }
    char folder[200];
    snprintf(folder, sizeof folder, "%s/balm-bench-XXXXXX", argc > 1 ? argv[1] : "/tmp");
    CHECK(mkdtemp(folder));
    for (int round = 0; round < ROUNDS; round++) {
        double raw = raw_commits(folder, round);
        double grouped = store_commits(folder);
        printf("SQLite alone: %.0f commits/s; store, %d threads: %.0f commits/s; ratio %.1f\n", raw,
            WRITERS, grouped, grouped / raw);
    }
    reading(folder);
    rmdir(folder);
    return 0;
}

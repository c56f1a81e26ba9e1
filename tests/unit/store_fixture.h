/* A new database in a directory of its own for each store test; included by test_store*.c only. */
#ifndef BALM_TESTS_STORE_FIXTURE_H
#define BALM_TESTS_STORE_FIXTURE_H

#include "base/check.h"
#include "base/log.h"
#include "store/fault.h"
#include "store/migrate.h"
#include "store/store.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#define assert_ok(call) assert_int_equal((call).code, ERR_NONE)

static const struct migration test_schema[] = {
    {1, "things",
        STR_INIT(
            "CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
            "  size INTEGER NOT NULL CHECK (size >= 0)) STRICT;\n"
            "-- the parts; of a thing\n"
            "CREATE TABLE part (id INTEGER PRIMARY KEY,\n"
            "  thing INTEGER NOT NULL REFERENCES thing (id), body BLOB, number INTEGER) STRICT;\n"
            "CREATE TABLE span (id INTEGER PRIMARY KEY, low INTEGER, high INTEGER) STRICT;\n"
            "-- only sqlite\n"
            "CREATE TRIGGER span_overlap BEFORE INSERT ON span BEGIN\n"
            "  SELECT RAISE(ABORT, 'overlap') WHERE EXISTS (\n"
            "    SELECT 1 FROM span WHERE low < NEW.high AND high > NEW.low);\n"
            "  SELECT RAISE(ABORT, 'too-long') WHERE NEW.high - NEW.low > 1000;\n"
            "END;\n"
            "-- end\n"
            "-- only postgres\n"
            "THIS IS NOT SQL AT ALL;\n"
            "-- end\n")},
    {2, "late",
        STR_INIT("CREATE TABLE late (id INTEGER PRIMARY KEY, thing INTEGER NOT NULL\n"
                 "  REFERENCES thing (id) DEFERRABLE INITIALLY DEFERRED) STRICT;\n-- that is all")},
};

struct fixture {
    char folder[64];
    char url[128];
    struct store *store;
    struct conn *conn; /* may write */
    struct conn *reader;
};

static inline void silence_log(void)
{
    log_set_fd(open("/dev/null", O_WRONLY | O_CLOEXEC));
}

static inline int fixture_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    CHECK(f);
    snprintf(f->folder, sizeof f->folder, "/tmp/balm-store-XXXXXX");
    CHECK(mkdtemp(f->folder));
    snprintf(f->url, sizeof f->url, "sqlite:%s/test.db", f->folder);
    assert_ok(store_open(str_from_cstr(f->url), &f->store));
    assert_ok(store_connect_writer(f->store, &f->conn));
    assert_ok(store_connect_reader(f->store, &f->reader));
    int ran = 0;
    assert_ok(store_migrate(f->conn, test_schema, COUNT_OF(test_schema), &ran));
    assert_int_equal(ran, COUNT_OF(test_schema));
    *state = f;
    return 0;
}

static inline int fixture_down(void **state)
{
    struct fixture *f = *state;
    store_fault_arm(0);
    conn_close(f->reader);
    conn_close(f->conn);
    store_close(f->store);
    const char *names[] = {"test.db", "test.db-wal", "test.db-shm"};
    char path[128];
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        snprintf(path, sizeof path, "%s/%s", f->folder, names[i]);
        int left = unlink(path);
        CHECK((left == 0) == (i == 0)); /* the last to close folds the log into the database */
    }
    CHECK(rmdir(f->folder) == 0);
    free(f);
    return 0;
}

static inline int64_t count_rows(struct conn *conn, struct sql sql)
{
    struct tx tx;
    int64_t n = -1;
    assert_ok(tx_begin_read(conn, &tx));
    assert_ok(db_int(&tx, sql, NO_VALUES, -1, &n));
    assert_ok(tx_commit(&tx));
    return n;
}

#endif

/* The store on one thread: values, statements, transactions, errors, migrations, every fault. */
#include "store_fixture.h"

#include <sys/stat.h>

static void assert_fails(struct result result, enum error_code code, const char *reason)
{
    assert_int_equal(result.code, code);
    assert_string_equal(result.reason ? result.reason : "", reason);
}

static void values_come_back(void **state)
{
    struct fixture *f = *state;
    struct tx tx;
    struct rows rows;
    struct arena arena = {0};
    bool has = false;
    struct str blob = {"\0\xff\0x", 4};
    assert_ok(tx_begin_write(f->conn, &tx));
    assert_ok(db_exec(&tx,
        SQL("CREATE TABLE v (a INTEGER, b INTEGER, c TEXT, d TEXT, e BLOB,"
            " f BLOB, g TEXT, h INTEGER)"),
        NO_VALUES, NULL));
    assert_ok(db_exec(&tx, SQL("INSERT INTO v VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
        V(v_int(INT64_MIN), v_int(INT64_MAX), v_text(STR("Zoë 你好 🙂")),
            v_text((struct str){0}), v_blob(blob), v_blob((struct str){0}), v_null(),
            v_int_or_null(0)),
        NULL));
    assert_ok(db_query(&tx, SQL("SELECT * FROM v"), NO_VALUES, &rows));
    assert_ok(rows_next(&rows, &has));
    assert_true(has);
    assert_true(rows_int(&rows, 0) == INT64_MIN);
    assert_true(rows_int(&rows, 1) == INT64_MAX);
    assert_true(str_eq(rows_text(&rows, 2, &arena), STR("Zoë 你好 🙂")));
    assert_false(rows_is_null(&rows, 3));
    assert_int_equal(rows_text(&rows, 3, &arena).len, 0);
    assert_true(str_eq(rows_blob(&rows, 4, &arena), blob));
    assert_false(rows_is_null(&rows, 5));
    assert_int_equal(rows_blob(&rows, 5, &arena).len, 0);
    assert_true(rows_is_null(&rows, 6));
    assert_int_equal(rows_text(&rows, 6, &arena).len, 0);
    assert_true(rows_is_null(&rows, 7));
    assert_int_equal(rows_int(&rows, 7), 0);
    for (int i = 0; i < 3; i++) { /* the end stays the end */
        assert_ok(rows_next(&rows, &has));
        assert_false(has);
    }
    rows_close(&rows);
    rows_close(&rows);
    assert_fails(db_exec(&tx, SQL("INSERT INTO v (c) VALUES ($1)"),
                     V(v_text((struct str){"a\0b", 3})), NULL),
        ERR_INVALID, "text-invalid");
    tx_rollback(&tx);
    tx_rollback(&tx);
    arena_release(&arena);
}

static void parameters_go_by_their_number(void **state)
{
    struct fixture *f = *state;
    struct tx tx;
    int64_t n = 0;
    assert_ok(tx_begin_read(f->conn, &tx));
    assert_ok(db_int(&tx, SQL("SELECT $2 * 100 + $1 * 10 + $2 + $3"),
        V(v_int(3), v_int(7), v_int(1000)), 0, &n));
    assert_int_equal(n, 1737);
    assert_ok(db_int(&tx, SQL("SELECT $11 - $1 + 0*($2+$3+$4+$5+$6+$7+$8+$9+$10)"),
        V(v_int(1), v_int(0), v_int(0), v_int(0), v_int(0), v_int(0), v_int(0), v_int(0), v_int(0),
            v_int(0), v_int(50)),
        0, &n));
    assert_int_equal(n, 49);
    assert_ok(db_int(&tx, SQL("SELECT 1 WHERE $1 = 2"), V(v_int(1)), 99, &n));
    assert_int_equal(n, 99);
    assert_ok(tx_commit(&tx));
}

static struct result sum_below(struct tx *tx, int64_t n, int depth, int64_t *ret_sum)
{
    struct rows rows;
    bool has = false;
    int64_t sum = 0;
    TRY(db_query(tx,
        SQL("WITH RECURSIVE c(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM c"
            " WHERE x < $1) SELECT x FROM c"),
        V(v_int(n)), &rows));
    for (;;) {
        assert_ok(rows_next(&rows, &has));
        if (!has) break;
        int64_t inner = 0;
        if (depth > 0) assert_ok(sum_below(tx, rows_int(&rows, 0), depth - 1, &inner));
        sum += rows_int(&rows, 0) + inner;
    }
    rows_close(&rows);
    *ret_sum = sum;
    return RESULT_OK;
}

static void queries_nest(void **state)
{
    struct fixture *f = *state;
    struct tx tx;
    assert_ok(tx_begin_read(f->conn, &tx));
    for (int round = 0; round < 3; round++) {
        int64_t sum = 0;
        assert_ok(sum_below(&tx, 5, 2, &sum));
        /* x + sum over y <= x of (y + y(y+1)/2), for x = 0 .. 5 */
        assert_int_equal(sum, 15 + 35 + 70);
    }
    assert_ok(tx_commit(&tx));
}

static void same_address_other_text(void **state)
{
    struct fixture *f = *state;
    struct tx tx;
    int64_t n = 0;
    char text[] = "SELECT 1";
    assert_ok(tx_begin_read(f->conn, &tx));
    for (char digit = '1'; digit <= '9'; digit++) {
        text[7] = digit;
        assert_ok(db_int(&tx, (struct sql){text}, NO_VALUES, 0, &n));
        assert_int_equal(n, digit - '0');
    }
    static char many[600][24]; /* more than are kept */
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 600; i++) {
            snprintf(many[i], sizeof many[i], "SELECT %d + $1", i);
            assert_ok(db_int(&tx, (struct sql){many[i]}, V(v_int(1)), 0, &n));
            assert_int_equal(n, i + 1);
        }
    assert_ok(tx_commit(&tx));
}

static void a_reader_cannot_write(void **state)
{
    struct fixture *f = *state;
    struct conn *reader = f->reader;
    struct tx tx;
    struct conn *conns[] = {reader, f->conn};
    for (size_t i = 0; i < COUNT_OF(conns); i++) {
        assert_ok(tx_begin_read(conns[i], &tx));
        assert_fails(db_exec(&tx, SQL("INSERT INTO thing VALUES (1, 'a', 1)"), NO_VALUES, NULL),
            ERR_CORRUPT, "read-only-transaction");
        tx_rollback(&tx);
    }
    assert_int_equal(count_rows(reader, SQL("SELECT count(*) FROM thing")), 0);
}

static void readers_see_what_is_committed(void **state)
{
    struct fixture *f = *state;
    const struct sql count = SQL("SELECT count(*) FROM thing");
    struct conn *reader = f->reader;
    struct tx write;
    struct tx read;
    int64_t n = -1;
    assert_ok(tx_begin_write(f->conn, &write));
    assert_ok(db_exec(&write, SQL("INSERT INTO thing VALUES (1, 'a', 1)"), NO_VALUES, NULL));
    assert_int_equal(count_rows(reader, count), 0);
    assert_ok(tx_begin_read(reader, &read));
    assert_ok(db_int(&read, count, NO_VALUES, -1, &n));
    assert_int_equal(n, 0);
    assert_ok(tx_commit(&write));
    assert_ok(db_int(&read, count, NO_VALUES, -1, &n)); /* its own moment in time */
    assert_int_equal(n, 0);
    assert_ok(tx_commit(&read));
    assert_int_equal(count_rows(reader, count), 1);
}

static void refusals_have_names(void **state)
{
    struct fixture *f = *state;
    struct tx tx;
    int64_t changed = -1;
    assert_ok(tx_begin_write(f->conn, &tx));
    assert_ok(db_exec(
        &tx, SQL("INSERT INTO thing VALUES (1, 'a', 1), (2, 'b', 1)"), NO_VALUES, &changed));
    assert_int_equal(changed, 2);
    assert_ok(db_exec(&tx, SQL("UPDATE thing SET size = 5 WHERE id = $1"), V(v_int(9)), &changed));
    assert_int_equal(changed, 0);
    assert_ok(db_exec(&tx, SQL("INSERT INTO span VALUES (1, 10, 20)"), NO_VALUES, NULL));
    static const struct {
        struct sql sql;
        enum error_code code;
        const char *reason;
    } cases[] = {
        {{"INSERT INTO span VALUES (2, 19, 30)"}, ERR_CONFLICT, "overlap"},
        {{"INSERT INTO span VALUES (2, 20, 2000)"}, ERR_CONFLICT, "too-long"},
        {{"INSERT INTO thing VALUES (1, 'c', 1)"}, ERR_CONFLICT, "duplicate"},
        {{"INSERT INTO thing VALUES (3, 'a', 1)"}, ERR_CONFLICT, "duplicate"},
        {{"INSERT INTO part VALUES (1, 77, NULL, 1)"}, ERR_CONFLICT, "reference"},
        {{"DELETE FROM nothing"}, ERR_CORRUPT, "sql"},
        {{"INSERT INTO thing VALUES (4, 'd', -1)"}, ERR_CORRUPT, "constraint"},
        {{"INSERT INTO thing VALUES (4, NULL, 1)"}, ERR_CORRUPT, "constraint"},
        {{"INSERT INTO thing VALUES (4, 'e', 'x')"}, ERR_CORRUPT, "constraint"},
        {{"SELECT \"no such column\""}, ERR_CORRUPT, "sql"},
    };
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < COUNT_OF(cases); i++) {
            assert_ok(tx_savepoint(&tx));
            assert_fails(
                db_exec(&tx, cases[i].sql, NO_VALUES, NULL), cases[i].code, cases[i].reason);
            tx_savepoint_rollback(&tx);
        }
    assert_ok(db_exec(&tx, SQL("INSERT INTO late VALUES (1, 77)"), NO_VALUES, NULL));
    assert_fails(tx_commit(&tx), ERR_CONFLICT, "reference");
    assert_int_equal(count_rows(f->conn, SQL("SELECT count(*) FROM thing")), 0);
}

static void savepoints_nest(void **state)
{
    struct fixture *f = *state;
    struct tx tx;
    assert_ok(tx_begin_write(f->conn, &tx));
    assert_ok(db_exec(&tx, SQL("INSERT INTO thing VALUES (1, 'a', 1)"), NO_VALUES, NULL));
    assert_ok(tx_savepoint(&tx));
    assert_ok(db_exec(&tx, SQL("INSERT INTO thing VALUES (2, 'b', 1)"), NO_VALUES, NULL));
    assert_ok(tx_savepoint(&tx));
    assert_ok(db_exec(&tx, SQL("INSERT INTO thing VALUES (4, 'c', 1)"), NO_VALUES, NULL));
    tx_savepoint_rollback(&tx);
    assert_ok(tx_savepoint(&tx));
    assert_ok(db_exec(&tx, SQL("INSERT INTO thing VALUES (8, 'd', 1)"), NO_VALUES, NULL));
    assert_ok(tx_savepoint_release(&tx));
    assert_ok(tx_savepoint_release(&tx));
    assert_ok(tx_commit(&tx));
    assert_int_equal(count_rows(f->conn, SQL("SELECT sum(id) FROM thing")), 1 + 2 + 8);
}

static void the_file_is_private(void **state)
{
    struct fixture *f = *state;
    struct stat info;
    char path[160];
    const char *names[] = {"", "-wal"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        snprintf(path, sizeof path, "%s%s", f->url + strlen("sqlite:"), names[i]);
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_mode & 0777, 0600);
    }
    struct store *store = NULL;
    const struct str bad[] = {
        STR(""), STR("sqlite:"), STR("sqlite::memory:"), STR("sqlite:file:x"), STR("mysql://x")};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_fails(store_open(bad[i], &store), ERR_INVALID, "database-url");
    assert_fails(store_open(STR("sqlite:/nowhere/at/all.db"), &store), ERR_IO, "cannot-open");
    assert_null(store);
}

static void two_writers_take_turns(void **state)
{
    struct fixture *f = *state;
    struct conn *other = NULL;
    struct tx tx;
    assert_ok(store_connect_writer(f->store, &other));
    for (int i = 0; i < 20; i++) {
        assert_ok(tx_begin_write(i % 2 ? other : f->conn, &tx));
        assert_ok(
            db_exec(&tx, SQL("INSERT INTO span VALUES (NULL, $1, $1 + 1)"), V(v_int(i)), NULL));
        assert_ok(tx_commit(&tx));
    }
    assert_int_equal(count_rows(other, SQL("SELECT count(*) FROM span")), 20);
    conn_close(other);
}

static void migrations_are_all_or_nothing(void **state)
{
    struct fixture *f = *state;
    int ran = -1;
    const struct sql version = SQL("SELECT max(number) FROM schema_version");
    const struct sql tables = SQL("SELECT count(*) FROM sqlite_schema");
    struct migration more[4] = {test_schema[0], test_schema[1],
        {3, "more",
            STR("CREATE TABLE more (id INTEGER);\nINSERT INTO more VALUES (1); INSERT INTO mroe "
                "VALUES (2);")},
        {4, "again", STR("-- nothing but words\n")}};
    assert_ok(store_migrate(f->conn, test_schema, 2, &ran));
    assert_int_equal(ran, 0);
    int64_t before = count_rows(f->conn, tables);
    ran = -1;
    assert_fails(store_migrate(f->conn, more, 3, &ran), ERR_CORRUPT, "sql");
    assert_int_equal(ran, -1);
    assert_int_equal(count_rows(f->conn, version), 2);
    assert_int_equal(count_rows(f->conn, tables), before);
    more[2].sql = STR("CREATE TABLE more (id INTEGER);\n-- only sqlite\nINSERT INTO more VALUES (5)"
                      ";\n-- end\n-- only postgres\nINSERT INTO more VALUES (6);\n-- end");
    assert_ok(store_migrate(f->conn, more, 4, &ran));
    assert_int_equal(ran, 2);
    assert_int_equal(count_rows(f->conn, SQL("SELECT sum(id) FROM more")), 5);
    assert_fails(store_migrate(f->conn, more, 3, &ran), ERR_INVALID, "database-newer");
    assert_int_equal(count_rows(f->conn, version), 4);
}

static void a_backup_is_whole(void **state)
{
    struct fixture *f = *state;
    struct tx tx;
    struct stat info;
    char path[160];
    char url[200];
    struct store *copy = NULL;
    struct conn *conn = NULL;
    snprintf(path, sizeof path, "%s/backup.db", f->folder);
    snprintf(url, sizeof url, "sqlite:%s", path);
    assert_ok(tx_begin_write(f->conn, &tx));
    assert_ok(db_exec(&tx, SQL("INSERT INTO thing VALUES (1, 'a', 1)"), NO_VALUES, NULL));
    assert_ok(tx_commit(&tx));
    assert_ok(tx_begin_write(f->conn, &tx)); /* a writer at work neither hinders nor shows */
    assert_ok(db_exec(&tx, SQL("INSERT INTO thing VALUES (2, 'b', 1)"), NO_VALUES, NULL));
    assert_ok(store_backup(f->store, path));
    assert_fails(store_backup(f->store, path), ERR_CONFLICT, "file-exists");
    assert_fails(store_backup(f->store, "/nowhere/at/all.db"), ERR_IO, "cannot-open");
    tx_rollback(&tx);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_ok(store_open(str_from_cstr(url), &copy));
    assert_ok(store_connect_reader(copy, &conn));
    assert_int_equal(count_rows(conn, SQL("SELECT sum(id) FROM thing")), 1);
    assert_int_equal(count_rows(conn, SQL("SELECT integrity_check = 'ok' FROM"
                                          " pragma_integrity_check")),
        1);
    conn_close(conn);
    store_close(copy);
    assert_int_equal(unlink(path), 0);
}

/* A transaction that uses every call. */
static struct result small_write(struct conn *conn)
{
    struct tx tx;
    bool has = false;
    int64_t seen = 0;
    TRY(tx_begin_write(conn, &tx));
    struct result result =
        db_exec(&tx, SQL("INSERT INTO thing VALUES (1, 'a', 1)"), NO_VALUES, NULL);
    if (result_is_ok(result)) result = tx_savepoint(&tx);
    if (result_is_ok(result)) {
        result = db_exec(
            &tx, SQL("INSERT INTO part VALUES (1, 1, $1, 4)"), V(v_blob(STR("body"))), NULL);
        if (result_is_ok(result)) result = tx_savepoint_release(&tx);
        if (!result_is_ok(result)) tx_savepoint_rollback(&tx);
    }
    if (result_is_ok(result)) {
        struct rows rows;
        result = db_query(&tx, SQL("SELECT id FROM thing"), NO_VALUES, &rows);
        if (result_is_ok(result)) {
            for (has = true; result_is_ok(result) && has;) {
                result = rows_next(&rows, &has);
                if (result_is_ok(result) && has) seen += rows_int(&rows, 0);
            }
            rows_close(&rows);
        }
    }
    if (result_is_ok(result)) {
        assert_int_equal(seen, 1);
        return tx_commit(&tx);
    }
    tx_rollback(&tx);
    return result;
}

static void every_call_may_fail(void **state)
{
    struct fixture *f = *state;
    const struct sql all = SQL("SELECT (SELECT count(*) FROM thing) + (SELECT count(*) FROM part)");
    store_fault_arm(INT64_MAX);
    assert_ok(small_write(f->conn));
    int64_t calls = store_fault_calls();
    store_fault_arm(0);
    assert_in_range(calls, 13, 20);
    for (int64_t n = 1; n <= calls + 1; n++) {
        struct tx tx;
        assert_ok(tx_begin_write(f->conn, &tx));
        assert_ok(db_exec(&tx, SQL("DELETE FROM part"), NO_VALUES, NULL));
        assert_ok(db_exec(&tx, SQL("DELETE FROM thing"), NO_VALUES, NULL));
        assert_ok(tx_commit(&tx));
        store_fault_arm(n);
        struct result result = small_write(f->conn);
        assert_int_equal(store_fault_fired(), n <= calls);
        store_fault_arm(0);
        assert_int_equal(result.code, n <= calls ? ERR_IO : ERR_NONE);
        assert_int_equal(count_rows(f->conn, all), n <= calls ? 0 : 2);
    }
}

static void a_migration_may_fail_anywhere(void **state)
{
    struct fixture *f = *state;
    const struct migration more[3] = {test_schema[0], test_schema[1],
        {3, "more", STR_INIT("CREATE TABLE more (id INTEGER); INSERT INTO more VALUES (1);")}};
    const struct sql tables = SQL("SELECT count(*) FROM sqlite_schema");
    int64_t before = count_rows(f->conn, tables);
    int64_t n = 1;
    for (;; n++) {
        store_fault_arm(n);
        struct result result = store_migrate(f->conn, more, 3, NULL);
        bool fired = store_fault_fired();
        store_fault_arm(0);
        if (!fired) {
            assert_ok(result);
            break;
        }
        assert_int_equal(result.code, ERR_IO);
        int64_t version = count_rows(f->conn, SQL("SELECT max(number) FROM schema_version"));
        assert_int_equal(count_rows(f->conn, tables), before + (version == 3));
        if (version == 3) break; /* the next look, after all was done, is what failed */
    }
    assert_in_range(n, 10, 30);
    assert_int_equal(count_rows(f->conn, SQL("SELECT count(*) FROM more")), 1);
}

/* Five rows, downwards: 5 50, 4 40 ... */
static struct result read_down(
    struct tx *tx, int64_t stop, size_t max, int64_t *values, size_t *ret_count, bool *ret_more)
{
    struct rows rows;
    TRY(db_query(tx,
        SQL("WITH RECURSIVE c(x) AS (SELECT 5 UNION ALL SELECT x - 1 FROM c WHERE x > 1)"
            " SELECT x, x * 10, NULL FROM c"),
        NO_VALUES, &rows));
    struct result result = rows_ints_until(&rows, 3, stop, values, max, ret_count, ret_more);
    if (result_is_ok(result) && *ret_more && *ret_count == max) { /* and go on */
        size_t rest;
        result = rows_ints_until(&rows, 3, stop, values + 3 * max, 5 - max, &rest, ret_more);
        if (result_is_ok(result)) *ret_count += rest;
    }
    rows_close(&rows);
    return result;
}

static void rows_come_at_once(void **state)
{
    struct fixture *f = *state;
    struct tx tx;
    int64_t values[15];
    size_t count = 0;
    bool more = true;
    assert_ok(tx_begin_read(f->conn, &tx));
    assert_ok(read_down(&tx, 0, 5, values, &count, &more));
    assert_int_equal(count, 5);
    assert_int_equal(values[12], 1);
    assert_int_equal(values[13], 10);
    assert_int_equal(values[14], 0); /* NULL */
    assert_ok(read_down(&tx, 3, 5, values, &count, &more));
    assert_int_equal(count, 3); /* the row that ends it is read as well */
    assert_int_equal(values[6], 3);
    assert_false(more);
    assert_ok(read_down(&tx, 2, 2, values, &count, &more)); /* in two pieces */
    assert_int_equal(count, 4);
    assert_int_equal(values[9], 2);
    assert_false(more);
    store_fault_arm(3); /* prepare, bind, step */
    assert_int_equal(read_down(&tx, 0, 5, values, &count, &more).code, ERR_IO);
    store_fault_arm(0);
    tx_rollback(&tx);
}

static struct result add_thing(struct tx *tx, int64_t key, int64_t *ret_id)
{
    TRY(db_next(tx, SQL("SELECT max(id) FROM thing WHERE size >= $1"), key, ret_id));
    return db_exec(
        tx, SQL("INSERT INTO thing VALUES ($1, 'thing ' || $1, 1)"), V(v_int(*ret_id)), NULL);
}

static void numbers_go_on(void **state)
{
    struct fixture *f = *state;
    struct tx tx;
    int64_t id = 0;
    assert_ok(tx_begin_write(f->conn, &tx));
    assert_ok(add_thing(&tx, 0, &id));
    assert_int_equal(id, 1);
    assert_ok(tx_savepoint(&tx));
    assert_ok(add_thing(&tx, 0, &id));
    assert_int_equal(id, 2);
    tx_savepoint_rollback(&tx);
    assert_ok(add_thing(&tx, 0, &id)); /* what was rolled back is asked for anew */
    assert_int_equal(id, 2);
    assert_ok(add_thing(&tx, 0, &id));
    assert_int_equal(id, 3);
    assert_ok(tx_savepoint(&tx));
    assert_ok(db_exec(&tx, SQL("DELETE FROM thing WHERE id >= 2"), NO_VALUES, NULL));
    tx_savepoint_rollback(&tx);
    assert_ok(add_thing(&tx, 0, &id)); /* also where it was a deletion */
    assert_int_equal(id, 4);
    assert_ok(db_exec(&tx, SQL("DELETE FROM thing WHERE id = 4"), NO_VALUES, NULL));
    assert_ok(db_next(&tx, SQL("SELECT max(id) FROM thing WHERE size >= $1"), 9, &id));
    assert_int_equal(id, 1); /* another key is another series */
    assert_ok(tx_commit(&tx));
    assert_ok(tx_begin_write(f->conn, &tx));
    assert_ok(db_exec(&tx, SQL("DELETE FROM thing WHERE id >= 2"), NO_VALUES, NULL));
    assert_ok(add_thing(&tx, 0, &id)); /* each transaction asks anew */
    assert_int_equal(id, 2);
    for (int64_t key = -40; key < 0; key++) { /* more series than are remembered */
        assert_ok(add_thing(&tx, 0, &id));
        int64_t next = 0;
        assert_ok(db_next(&tx, SQL("SELECT max(id) FROM thing WHERE size >= $1"), key, &next));
        assert_int_equal(next, id + 1);
    }
    tx_rollback(&tx);
}

static int64_t version_of(struct conn *conn)
{
    struct tx tx;
    int64_t version = 0;
    assert_ok(tx_begin_read(conn, &tx));
    assert_ok(tx_version(&tx, &version));
    tx_rollback(&tx);
    return version;
}

static void versions_tell_of_writes(void **state)
{
    struct fixture *f = *state;
    struct tx tx;
    struct tx reading;
    int64_t id;
    int64_t before = version_of(f->reader);
    assert_int_equal(version_of(f->reader), before);
    assert_ok(tx_begin_read(f->reader, &reading));
    int64_t snapshot = 0;
    assert_ok(tx_version(&reading, &snapshot));
    assert_ok(tx_begin_write(f->conn, &tx));
    assert_ok(add_thing(&tx, 0, &id));
    assert_ok(tx_commit(&tx));
    assert_ok(tx_version(&reading, &id)); /* its own snapshot stays what it was, */
    assert_int_equal(id, snapshot);
    assert_ok(db_int(&reading, SQL("SELECT count(*) FROM thing"), NO_VALUES, -1, &id));
    assert_int_equal(id, 0);
    tx_rollback(&reading);
    assert_int_not_equal(version_of(f->reader), before); /* and the next one is another */
    assert_ok(tx_begin_read(f->reader, &reading));
    store_fault_arm(1);
    assert_int_equal(tx_version(&reading, &id).code, ERR_IO);
    store_fault_arm(0);
    tx_rollback(&reading);
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_up, fixture_down)

int main(void)
{
    silence_log();
    const struct CMUnitTest tests[] = {
        STORE_TEST(values_come_back),
        STORE_TEST(parameters_go_by_their_number),
        STORE_TEST(queries_nest),
        STORE_TEST(rows_come_at_once),
        STORE_TEST(numbers_go_on),
        STORE_TEST(versions_tell_of_writes),
        STORE_TEST(same_address_other_text),
        STORE_TEST(a_reader_cannot_write),
        STORE_TEST(readers_see_what_is_committed),
        STORE_TEST(refusals_have_names),
        STORE_TEST(savepoints_nest),
        STORE_TEST(the_file_is_private),
        STORE_TEST(two_writers_take_turns),
        STORE_TEST(migrations_are_all_or_nothing),
        STORE_TEST(a_backup_is_whole),
        STORE_TEST(every_call_may_fail),
        STORE_TEST(a_migration_may_fail_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

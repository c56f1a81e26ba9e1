/* The writer thread: groups, isolation between jobs, durability, and disks that fail or fill up.
 *
 * fsync and fdatasync are this program's own, so that it can count them and make them fail; writes
 * fail through SQLite's table of system calls. */
#include "base/limits.h"
#include "store_fixture.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static atomic_int syncs;
static atomic_bool sync_fails;
static atomic_bool disk_full;

static int sync_or_fail(long call, int fd)
{
    atomic_fetch_add(&syncs, 1);
    if (!atomic_load(&sync_fails)) return (int)syscall(call, fd);
    errno = EIO;
    return -1;
}

int fsync(int fd)
{
    return sync_or_fail(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return sync_or_fail(SYS_fdatasync, fd);
}

static ssize_t pwrite_or_full(int fd, const void *bytes, size_t len, off_t at)
{
    if (!atomic_load(&disk_full)) return (ssize_t)syscall(SYS_pwrite64, fd, bytes, len, at);
    errno = ENOSPC;
    return -1;
}

static void watch_writes(void)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    const char *names[] = {"pwrite", "pwrite64"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        sqlite3_syscall_ptr own = (sqlite3_syscall_ptr)pwrite_or_full;
        (void)vfs->xSetSystemCall(vfs, names[i], own);
    }
}

/* ---- jobs ---- */

static const struct sql count_things = SQL_INIT("SELECT count(*) FROM thing");

enum deed { KEEP, FAIL, CONFLICT, DANGLE, HUGE_BLOB, STUBBORN };

struct errand {
    struct write_job job;
    int64_t id;
    enum deed deed;
    struct conn *watcher; /* looks for the row at the time of done; NULL: nobody does */
    bool seen;
    int syncs_at_run;
    int syncs_at_done;
    struct result result;
    atomic_bool done;
};

static struct result huge_part(struct tx *tx, int64_t thing)
{
    return db_exec(tx, SQL("INSERT INTO part VALUES ($1 + 1000000, $1, zeroblob(20000000), 1)"),
        V(v_int(thing)), NULL);
}

static struct result errand_run(struct tx *tx, void *arg)
{
    struct errand *errand = arg;
    errand->syncs_at_run = atomic_load(&syncs);
    char name[32];
    snprintf(name, sizeof name, "thing %lld", (long long)errand->id);
    TRY(db_exec(tx, SQL("INSERT INTO thing VALUES ($1, $2, 1)"),
        V(v_int(errand->id), v_text(str_from_cstr(name))), NULL));
    TRY(db_exec(tx, SQL("INSERT INTO part VALUES ($1, $1, NULL, 0)"), V(v_int(errand->id)), NULL));
    switch (errand->deed) {
    case KEEP: return RESULT_OK;
    case FAIL:
        TRY(tx_savepoint(tx)); /* left open: the writer tidies up */
        return result_fail(ERR_DENIED, "because", NULL);
    case CONFLICT:
        return db_exec(
            tx, SQL("INSERT INTO thing VALUES ($1, 'twice', 1)"), V(v_int(errand->id)), NULL);
    case DANGLE:
        return db_exec(
            tx, SQL("INSERT INTO late VALUES ($1, $1 + 1000000)"), V(v_int(errand->id)), NULL);
    case HUGE_BLOB: return huge_part(tx, errand->id);
    case STUBBORN: /* does not look at the failure, and the disk has room again */
        if (!result_is_ok(huge_part(tx, errand->id))) atomic_store(&disk_full, false);
        return db_exec(tx, SQL("INSERT INTO thing VALUES (99, 'stubborn', 1)"), NO_VALUES, NULL);
    }
    return result_fail(ERR_CORRUPT, "deed", NULL);
}

static void errand_done(void *arg, struct result result)
{
    struct errand *errand = arg;
    errand->syncs_at_done = atomic_load(&syncs);
    errand->result = result;
    if (errand->watcher) {
        struct tx tx;
        int64_t n = 0;
        CHECK(result_is_ok(tx_begin_read(errand->watcher, &tx)));
        CHECK(result_is_ok(db_int(
            &tx, SQL("SELECT count(*) FROM thing WHERE id = $1"), V(v_int(errand->id)), 0, &n)));
        CHECK(result_is_ok(tx_commit(&tx)));
        errand->seen = n == 1;
    }
    atomic_store(&errand->done, true);
}

static void submit(struct store *store, struct errand *errand)
{
    errand->job = (struct write_job){.run = errand_run, .done = errand_done, .arg = errand};
    assert_ok(store_submit(store, &errand->job));
}

static void await(struct errand *errand)
{
    while (!atomic_load(&errand->done))
        usleep(200);
}

/* Holds the writer inside a job, so that what is submitted meanwhile becomes one group. */
struct gate {
    struct write_job job;
    atomic_bool entered;
    atomic_bool open;
    atomic_bool done;
};

static struct result gate_run(struct tx *tx, void *arg)
{
    struct gate *gate = arg;
    (void)tx;
    atomic_store(&gate->entered, true);
    while (!atomic_load(&gate->open))
        usleep(200);
    return RESULT_OK;
}

static void gate_done(void *arg, struct result result)
{
    CHECK(result_is_ok(result));
    atomic_store(&((struct gate *)arg)->done, true);
}

static void gate_close(struct store *store, struct gate *gate)
{
    *gate = (struct gate){.job = {.run = gate_run, .done = gate_done, .arg = gate}};
    assert_ok(store_submit(store, &gate->job));
    while (!atomic_load(&gate->entered))
        usleep(200);
}

static void gate_open(struct gate *gate)
{
    atomic_store(&gate->open, true);
    while (!atomic_load(&gate->done))
        usleep(200);
}

/* Submits the errands as one group and waits for them. */
static void run_as_group(struct store *store, struct errand *errands, size_t n)
{
    struct gate gate;
    gate_close(store, &gate);
    for (size_t i = 0; i < n; i++)
        submit(store, &errands[i]);
    gate_open(&gate);
    for (size_t i = 0; i < n; i++)
        await(&errands[i]);
}

static int writer_up(void **state)
{
    fixture_up(state);
    assert_ok(store_start_writer(((struct fixture *)*state)->store));
    return 0;
}

/* ---- tests ---- */

static void jobs_of_a_group_are_apart(void **state)
{
    struct fixture *f = *state;
    struct errand errands[] = {{.id = 1}, {.id = 2, .deed = FAIL}, {.id = 3}, {.id = 3},
        {.id = 4, .deed = CONFLICT}, {.id = 5, .deed = DANGLE}, {.id = 6}};
    const enum error_code expected[] = {
        ERR_NONE, ERR_DENIED, ERR_NONE, ERR_CONFLICT, ERR_CONFLICT, ERR_CONFLICT, ERR_NONE};
    for (size_t i = 0; i < COUNT_OF(errands); i++)
        errands[i].watcher = f->reader;
    run_as_group(f->store, errands, COUNT_OF(errands));
    for (size_t i = 0; i < COUNT_OF(errands); i++) {
        assert_int_equal(errands[i].result.code, expected[i]);
        if (i == 3 || i == 4) assert_null(errands[i].result.detail);
        if (i == 3) continue; /* refused, but the row of its twin is there */
        assert_int_equal(errands[i].seen, expected[i] == ERR_NONE);
        assert_int_equal(errands[i].syncs_at_run, errands[0].syncs_at_run); /* one group */
        assert_true(errands[i].syncs_at_done > errands[i].syncs_at_run);    /* ... and durable */
        assert_int_equal(errands[i].syncs_at_done, errands[0].syncs_at_done);
    }
    assert_string_equal(errands[5].result.reason, "reference");
    assert_int_equal(count_rows(f->conn, SQL("SELECT sum(id) FROM thing")), 1 + 3 + 6);
    assert_int_equal(count_rows(f->conn, SQL("SELECT sum(id) FROM part")), 1 + 3 + 6);
}

enum { THREADS = 32, EACH = 50 };

struct crowd {
    struct store *store;
    int first;
    int kept;
    int refused;
};

static void *crowd_main(void *arg)
{
    struct crowd *crowd = arg;
    for (int i = 0; i < EACH; i++) {
        int64_t id = crowd->first + i;
        struct errand errand = {.id = id, .deed = i % 5 == 4 ? CONFLICT : i % 7 == 6 ? FAIL : KEEP};
        struct result result = store_write(crowd->store, errand_run, &errand);
        if (result_is_ok(result)) crowd->kept++;
        if (result.code == ERR_CONFLICT || result.code == ERR_DENIED) crowd->refused++;
    }
    return NULL;
}

struct onlooker {
    struct conn *conn;
    atomic_bool stop;
    int torn;
    int looks;
};

/* Things and their parts come in pairs: a reader never sees one without the other. */
static void *onlooker_main(void *arg)
{
    struct onlooker *onlooker = arg;
    while (!atomic_load(&onlooker->stop)) {
        struct tx tx;
        int64_t things = -1;
        int64_t parts = -2;
        CHECK(result_is_ok(tx_begin_read(onlooker->conn, &tx)));
        CHECK(result_is_ok(db_int(&tx, count_things, NO_VALUES, -1, &things)));
        CHECK(result_is_ok(db_int(&tx, SQL("SELECT count(*) FROM part"), NO_VALUES, -2, &parts)));
        CHECK(result_is_ok(tx_commit(&tx)));
        if (things != parts) onlooker->torn++;
        onlooker->looks++;
        usleep(500);
    }
    return NULL;
}

static void many_threads_write(void **state)
{
    struct fixture *f = *state;
    struct crowd crowds[THREADS];
    struct onlooker onlooker = {.conn = f->reader};
    pthread_t threads[THREADS];
    pthread_t watching;
    assert_int_equal(pthread_create(&watching, NULL, onlooker_main, &onlooker), 0);
    int before = atomic_load(&syncs);
    for (int i = 0; i < THREADS; i++) {
        crowds[i] = (struct crowd){.store = f->store, .first = 1 + i * EACH};
        assert_int_equal(pthread_create(&threads[i], NULL, crowd_main, &crowds[i]), 0);
    }
    int kept = 0;
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(crowds[i].kept + crowds[i].refused, EACH);
        assert_int_equal(crowds[i].refused, 16);
        kept += crowds[i].kept;
    }
    assert_true(atomic_load(&syncs) - before < THREADS * EACH / 2); /* they do share */
    atomic_store(&onlooker.stop, true);
    assert_int_equal(pthread_join(watching, NULL), 0);
    assert_true(onlooker.looks > 0);
    assert_int_equal(onlooker.torn, 0);
    assert_int_equal(count_rows(onlooker.conn, count_things), kept);
}

static void a_full_queue_says_so(void **state)
{
    struct fixture *f = *state;
    struct errand *errands = calloc(LIMIT_WRITE_QUEUE + 1, sizeof *errands);
    struct gate gate;
    gate_close(f->store, &gate);
    for (int i = 0; i < LIMIT_WRITE_QUEUE; i++) {
        errands[i].id = i + 1;
        submit(f->store, &errands[i]);
    }
    struct errand *over = &errands[LIMIT_WRITE_QUEUE];
    over->job = (struct write_job){.run = errand_run, .done = errand_done, .arg = over};
    struct result result = store_submit(f->store, &over->job);
    assert_int_equal(result.code, ERR_BUSY);
    assert_string_equal(result.reason, "queue-full");
    gate_open(&gate);
    for (int i = 0; i < LIMIT_WRITE_QUEUE; i++) {
        await(&errands[i]);
        assert_ok(errands[i].result);
    }
    assert_false(atomic_load(&over->done));
    over->id = LIMIT_WRITE_QUEUE + 1;
    submit(f->store, over);
    await(over);
    assert_ok(over->result);
    assert_int_equal(count_rows(f->conn, count_things), LIMIT_WRITE_QUEUE + 1);
    free(errands);
}

static void closing_finishes_the_queue(void **state)
{
    struct fixture *f = *state;
    static struct errand errands[700];
    for (size_t i = 0; i < COUNT_OF(errands); i++) {
        errands[i] = (struct errand){.id = (int64_t)i + 1};
        submit(f->store, &errands[i]);
    }
    conn_close(f->reader);
    conn_close(f->conn);
    store_close(f->store);
    for (size_t i = 0; i < COUNT_OF(errands); i++)
        assert_true(atomic_load(&errands[i].done) && result_is_ok(errands[i].result));
    assert_ok(store_open(str_from_cstr(f->url), &f->store));
    assert_ok(store_connect_writer(f->store, &f->conn));
    assert_ok(store_connect_reader(f->store, &f->reader));
    assert_int_equal(count_rows(f->conn, count_things), COUNT_OF(errands));
}

/* All of a group hear of the failure, nothing of it is kept, and later groups work. */
static void a_commit_may_fail(void **state)
{
    struct fixture *f = *state;
    struct {
        atomic_bool *trouble;
        const char *reason;
    } cases[] = {{&sync_fails, "io-error"}, {&disk_full, "disk-full"}};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        int64_t base = 100 * (int64_t)(c + 1);
        int64_t before = count_rows(f->conn, count_things);
        atomic_store(cases[c].trouble, true);
        for (int round = 0; round < 3; round++) {
            struct errand lost[] = {
                {.id = base}, {.id = base + 1, .deed = CONFLICT}, {.id = base + 2}};
            run_as_group(f->store, lost, COUNT_OF(lost));
            for (size_t i = 0; i < COUNT_OF(lost); i++) {
                assert_int_equal(lost[i].result.code, ERR_IO);
                assert_string_equal(lost[i].result.reason, cases[c].reason);
            }
            assert_int_equal(count_rows(f->conn, count_things), before);
        }
        atomic_store(cases[c].trouble, false);
        struct errand kept[] = {{.id = base}, {.id = base + 2}};
        run_as_group(f->store, kept, COUNT_OF(kept));
        for (size_t i = 0; i < COUNT_OF(kept); i++)
            assert_ok(kept[i].result);
        assert_int_equal(count_rows(f->conn, count_things), before + 2);
    }
}

/* A job that overflows the disk while it runs takes the work before it along, honestly; the jobs
 * behind it begin anew. */
static void a_job_may_fill_the_disk(void **state)
{
    struct fixture *f = *state;
    struct errand errands[] = {{.id = 1}, {.id = 2, .deed = HUGE_BLOB}, {.id = 3}};
    atomic_store(&disk_full, true);
    run_as_group(f->store, errands, COUNT_OF(errands));
    atomic_store(&disk_full, false);
    for (size_t i = 0; i < COUNT_OF(errands); i++) {
        assert_int_equal(errands[i].result.code, ERR_IO);
        assert_string_equal(errands[i].result.reason, "disk-full");
    }
    assert_int_equal(count_rows(f->conn, count_things), 0);
    struct errand stubborn[] = {{.id = 1}, {.id = 2, .deed = STUBBORN}};
    atomic_store(&disk_full, true);
    run_as_group(f->store, stubborn, COUNT_OF(stubborn));
    for (size_t i = 0; i < COUNT_OF(stubborn); i++) {
        assert_int_equal(stubborn[i].result.code, ERR_IO);
        assert_string_equal(stubborn[i].result.reason, "transaction-lost");
    }
    assert_int_equal(count_rows(f->conn, count_things), 0);
    struct errand again[] = {{.id = 1}, {.id = 2, .deed = HUGE_BLOB}, {.id = 3}};
    run_as_group(f->store, again, COUNT_OF(again));
    for (size_t i = 0; i < COUNT_OF(again); i++)
        assert_ok(again[i].result);
    assert_int_equal(count_rows(f->conn, count_things), 3);
}

static void every_call_of_a_group_may_fail(void **state)
{
    struct fixture *f = *state;
    int64_t calls = 0;
    for (int64_t n = 0; n <= calls; n++) {
        int64_t base = 10 * n;
        struct errand errands[] = {
            {.id = base + 1}, {.id = base + 2, .deed = FAIL}, {.id = base + 3}};
        struct gate gate;
        gate_close(f->store, &gate);
        for (size_t i = 0; i < COUNT_OF(errands); i++)
            submit(f->store, &errands[i]);
        /* the gate's own release and commit are calls 1 and 2 */
        store_fault_arm(n == 0 ? INT64_MAX : n + 2);
        gate_open(&gate);
        for (size_t i = 0; i < COUNT_OF(errands); i++)
            await(&errands[i]);
        if (n == 0) calls = store_fault_calls() - 2;
        assert_int_equal(store_fault_fired(), n > 0);
        store_fault_arm(0);
        int64_t expected = 0;
        for (size_t i = 0; i < COUNT_OF(errands); i++) {
            bool ok = result_is_ok(errands[i].result);
            if (ok) expected++;
            if (!ok && i != 1) assert_int_equal(errands[i].result.code, ERR_IO);
            assert_false(i == 1 && ok);
        }
        if (n == 0) assert_int_equal(expected, 2);
        struct tx tx;
        int64_t found = -1;
        assert_ok(tx_begin_read(f->conn, &tx));
        for (size_t i = 0; i < COUNT_OF(errands); i++) {
            assert_ok(db_int(&tx,
                SQL("SELECT (SELECT count(*) FROM thing WHERE id = $1) * 2"
                    " - (SELECT count(*) FROM part WHERE id = $1)"),
                V(v_int(errands[i].id)), -1, &found));
            assert_int_equal(found, result_is_ok(errands[i].result));
        }
        assert_ok(tx_commit(&tx));
    }
    assert_in_range(calls, 25, 60);
}

/* The log is folded into the database while the writer runs, and does not grow for ever. */
static void the_log_stays_small(void **state)
{
    struct fixture *f = *state;
    char path[160];
    snprintf(path, sizeof path, "%s-wal", f->url + strlen("sqlite:"));
    for (int i = 0; i < 12; i++) {
        struct errand errand = {.id = i + 1, .deed = HUGE_BLOB};
        submit(f->store, &errand);
        await(&errand);
        assert_ok(errand.result);
    }
    struct errand last = {.id = 1000};
    submit(f->store, &last);
    await(&last);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    off_t size = lseek(fd, 0, SEEK_END);
    close(fd);
    assert_in_range(size, 1, 70 << 20);
}

/* A server that is killed has kept every row whose done was called. */
static void a_killed_writer_keeps_its_word(void **state)
{
    (void)state;
    char folder[] = "/tmp/balm-kill-XXXXXX";
    char url[64];
    int words[2];
    assert_non_null(mkdtemp(folder));
    snprintf(url, sizeof url, "sqlite:%s/k.db", folder);
    assert_int_equal(pipe(words), 0);
    pid_t child = fork();
    if (child == 0) {
        struct store *store = NULL;
        struct conn *conn = NULL;
        CHECK(result_is_ok(store_open(str_from_cstr(url), &store)));
        CHECK(result_is_ok(store_connect_writer(store, &conn)));
        CHECK(result_is_ok(store_migrate(conn, test_schema, COUNT_OF(test_schema), NULL)));
        CHECK(result_is_ok(store_start_writer(store)));
        for (int64_t id = 1;; id++) {
            struct errand errand = {.id = id};
            CHECK(result_is_ok(store_write(store, errand_run, &errand)));
            CHECK(write(words[1], &id, sizeof id) == sizeof id);
        }
    }
    assert_true(child > 0);
    close(words[1]);
    int64_t id = 0;
    while (id < 200 && read(words[0], &id, sizeof id) == sizeof id) {
    }
    assert_int_equal(kill(child, SIGKILL), 0);
    while (read(words[0], &id, sizeof id) == sizeof id) {
    }
    close(words[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    struct store *store = NULL;
    struct conn *conn = NULL;
    assert_ok(store_open(str_from_cstr(url), &store));
    assert_ok(store_connect_reader(store, &conn));
    assert_true(id >= 200);
    assert_in_range(count_rows(conn, count_things), id, id + 1);
    assert_in_range(count_rows(conn, SQL("SELECT max(id) FROM thing")), id, id + 1);
    conn_close(conn);
    store_close(store);
    char path[64];
    snprintf(path, sizeof path, "%s/k.db", folder);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

#define WRITER_TEST(name) cmocka_unit_test_setup_teardown(name, writer_up, fixture_down)

int main(void)
{
    silence_log();
    watch_writes();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_writer_keeps_its_word),
        WRITER_TEST(jobs_of_a_group_are_apart),
        WRITER_TEST(many_threads_write),
        WRITER_TEST(a_full_queue_says_so),
        WRITER_TEST(closing_finishes_the_queue),
        WRITER_TEST(a_commit_may_fail),
        WRITER_TEST(a_job_may_fill_the_disk),
        WRITER_TEST(every_call_of_a_group_may_fail),
        WRITER_TEST(the_log_stays_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

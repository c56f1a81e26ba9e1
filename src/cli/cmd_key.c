/* balm key rotate: a fresh key, and every sealed field sealed anew with it, also while the server
 * runs (it looks at the key file whenever it seals). balm key forget: the old keys go.
 *
 * One at a time: the key file's lock is held from before it is read to the end. Broken off at any
 * point nothing is lost, since the keys of all values are in the file; run again, it finishes. */
#include "app/app.h"
#include "app/clock.h"
#include "base/check.h"
#include "cli/cli.h"
#include "practice/care/sealed.h"
#include "practice/setup/setup.h"

#include <stdio.h>
#include <time.h>

#include "base/banned.h"

enum {
    BATCH = 500,
    PAUSE_MS = 20,        /* between transactions, so that a running server's writer gets in */
    SAY_EVERY_S = 2,      /* how far it has come */
    FORGET_AFTER_S = 120, /* for whatever still holds the file as it was before */
};

struct task {
    struct str path; /* of the key file */
    struct key_lock lock;
    struct key_file file;
    struct seal_ring ring;
    struct store *store;
    struct conn *conn;
    size_t seen;
    size_t renewed;
    utc_us said;
};

typedef struct result table_visit(struct task *task, struct tx *tx, struct practice_id practice,
    const struct sealed_table *table);

static void say_progress(struct task *task)
{
    if (clock_now() - task->said < SAY_EVERY_S * US_PER_SECOND) return;
    task->said = clock_now();
    fprintf(stderr, "balm: key: %zu values so far, %zu of them sealed anew\n", task->seen,
        task->renewed);
}

static struct result renew_some(struct task *task, struct tx *tx, struct practice_id practice,
    const struct sealed_table *table, struct sealed_walk *walk)
{
    CLEANUP(arena_release) struct arena arena = {0};
    struct practice known = {.id = practice};
    struct care_env env = {.tx = tx,
        .practice = &known,
        .ring = &task->ring,
        .actor = {.kind = ACTOR_SYSTEM},
        .now = clock_now(),
        .arena = &arena};
    struct sealed_walk before = *walk;
    TRY(sealed_renew(&env, table, BATCH, walk));
    task->seen += walk->seen - before.seen;
    task->renewed += walk->renewed - before.renewed;
    say_progress(task);
    return RESULT_OK;
}

/* A batch a transaction. */
static struct result renew_in_batches(struct task *task, struct tx *unused,
    struct practice_id practice, const struct sealed_table *table)
{
    (void)unused;
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    for (struct sealed_walk walk = {0}; !walk.done;) {
        struct tx tx;
        TRY(tx_begin_write(task->conn, &tx));
        struct result result = renew_some(task, &tx, practice, table, &walk);
        if (result_is_ok(result)) {
            result = tx_commit(&tx);
        } else {
            tx_rollback(&tx);
        }
        TRY(result);
        nanosleep(&pause, NULL);
    }
    return RESULT_OK;
}

static struct result renew_at_once(
    struct task *task, struct tx *tx, struct practice_id practice, const struct sealed_table *table)
{
    for (struct sealed_walk walk = {0}; !walk.done;)
        TRY(renew_some(task, tx, practice, table, &walk));
    return RESULT_OK;
}

static struct result each_table(
    struct task *task, struct tx *tx, int64_t newest_practice, table_visit *visit)
{
    for (int64_t id = 1; id <= newest_practice; id++) {
        for (size_t i = 0; i < sealed_table_count; i++)
            TRY(visit(task, tx, (struct practice_id){id}, sealed_tables[i]));
    }
    return RESULT_OK;
}

static struct result renew_all(struct task *task)
{
    struct tx tx;
    int64_t newest;
    TRY(tx_begin_read(task->conn, &tx));
    struct result result = setup_newest(&tx, &newest);
    tx_rollback(&tx);
    TRY(result);
    crypto_wipe(&task->ring, sizeof task->ring);
    seal_ring_init(&task->ring, &task->file);
    task->said = clock_now();
    return each_table(task, NULL, newest, renew_in_batches);
}

/* Nobody else writes meanwhile, and who writes afterwards looks at the key file first: so where
 * nothing is found that an older key sealed, nothing ever will be. */
static struct result forget_where_unused(struct task *task, bool *ret_done, int *ret_forgotten)
{
    struct tx tx;
    int64_t newest;
    size_t before = task->renewed;
    TRY(tx_begin_write(task->conn, &tx));
    struct result result = setup_newest(&tx, &newest);
    if (result_is_ok(result)) result = each_table(task, &tx, newest, renew_at_once);
    bool unused = task->renewed == before;
    if (result_is_ok(result)) {
        result = unused ? key_file_forget(task->path, &task->file, ret_forgotten) : tx_commit(&tx);
    }
    tx_rollback(&tx);
    TRY(result);
    *ret_done = unused;
    return RESULT_OK;
}

static struct result check_age(const struct task *task, struct arena *arena)
{
    int64_t age_us;
    TRY(key_file_age_us(task->path, &task->lock, &age_us));
    int64_t wait_s = FORGET_AFTER_S - age_us / US_PER_SECOND;
    if (wait_s <= 0) return RESULT_OK;
    return result_fail(ERR_CONFLICT, "key-too-new",
        arena_printf(arena,
            "the key file was changed less than %d seconds ago, and a server may still seal with"
            " an older key: come back in %lld seconds",
            FORGET_AFTER_S, (long long)wait_s)
            .ptr);
}

static struct result rotate(struct task *task, struct arena *arena)
{
    (void)arena;
    TRY(key_file_add(task->path, &task->file));
    TRY(renew_all(task));
    printf("A new key is in %.*s; %zu sealed values were sealed anew.\n"
           "Back up the key file. After %d minutes: balm key forget\n",
        STR_ARG(task->path), task->renewed, FORGET_AFTER_S / 60);
    return RESULT_OK;
}

static struct result forget(struct task *task, struct arena *arena)
{
    int forgotten = 0;
    if (task->file.count > 2) TRY(check_age(task, arena));
    TRY(renew_all(task)); /* what a server still wrote, or a rotation left that was broken off */
    for (bool done = task->file.count <= 2; !done;)
        TRY(forget_where_unused(task, &done, &forgotten));
    if (!forgotten) {
        printf(
            "Nothing to forget: the first key stays (links are made with it), and the newest.\n");
    } else {
        printf("%d old %s forgotten. Older backups need the key file of their time.\n", forgotten,
            forgotten == 1 ? "key is" : "keys are");
    }
    return RESULT_OK;
}

/* A key file that is not this database's is refused before anything is changed. */
static struct result check_belongs(struct task *task, struct arena *arena)
{
    struct tx tx;
    seal_ring_init(&task->ring, &task->file);
    TRY(tx_begin_read(task->conn, &tx));
    struct result result = sealed_check(&tx, &task->ring, arena);
    tx_rollback(&tx);
    return result;
}

static struct result run(struct str db, bool rotates, struct arena *arena)
{
    struct task task = {.path = app_key_path(arena, db)};
    TRY(key_file_load(task.path, &task.file)); /* no lock beside a file that is not there */
    TRY(key_file_lock(task.path, &task.lock));
    struct result result = key_file_load(task.path, &task.file);
    if (result_is_ok(result)) result = app_open_database(db, &task.store, &task.conn);
    if (result_is_ok(result)) {
        result = check_belongs(&task, arena);
        if (result_is_ok(result)) result = rotates ? rotate(&task, arena) : forget(&task, arena);
        conn_close(task.conn);
        store_close(task.store);
    }
    crypto_wipe(&task.file, sizeof task.file);
    crypto_wipe(&task.ring, sizeof task.ring);
    key_file_unlock(&task.lock);
    return result;
}

int cmd_key(struct cli_args *args)
{
    struct str db = cli_db(args);
    struct str verb = cli_next(args);
    bool rotates = str_eq(verb, STR("rotate"));
    if (!rotates && !str_eq(verb, STR("forget"))) return cli_usage("key");
    if (!cli_done(args)) return EXIT_USAGE;
    struct arena arena = {0};
    struct result result = clock_init();
    if (result_is_ok(result)) result = crypto_init();
    if (result_is_ok(result)) result = run(db, rotates, &arena);
    int code = result_is_ok(result) ? EXIT_DONE : cli_fail("key", result);
    arena_release(&arena);
    return code;
}

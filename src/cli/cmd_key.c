/* balm key rotate: a fresh key, and every sealed field sealed anew with it, also while the server
 * runs (it reads the key file again by itself). balm key forget: the old keys go. */
#include "app/app.h"
#include "app/clock.h"
#include "base/check.h"
#include "cli/cli.h"
#include "practice/care/plan.h"
#include "practice/outcomes/adverse.h"
#include "practice/outcomes/checkin.h"
#include "practice/setup/setup.h"

#include <stdio.h>

#include "base/banned.h"

enum { BATCH = 500 };

typedef struct result reseal_part(struct care_env *env, size_t max, size_t *ret_count);

/* Every table with sealed fields. */
static reseal_part *const parts[] = {plan_reseal, checkin_reseal, adverse_reseal};

/* One practice's values of one part, a batch a transaction, so that a server is never kept long. */
static struct result reseal_all(struct conn *conn, const struct seal_ring *ring,
    struct practice_id practice, reseal_part *part, size_t *total)
{
    for (size_t count = 1; count > 0;) {
        CLEANUP(arena_release) struct arena arena = {0};
        struct tx tx;
        struct practice known = {.id = practice};
        struct care_env env = {.tx = &tx,
            .practice = &known,
            .ring = ring,
            .actor = {.kind = ACTOR_SYSTEM},
            .now = clock_now(),
            .arena = &arena};
        TRY(tx_begin_write(conn, &tx));
        struct result result = part(&env, BATCH, &count);
        if (result_is_ok(result)) {
            result = tx_commit(&tx);
        } else {
            tx_rollback(&tx);
        }
        TRY(result);
        *total += count;
    }
    return RESULT_OK;
}

static struct result newest_practice(struct conn *conn, int64_t *ret_newest)
{
    struct tx tx;
    TRY(tx_begin_read(conn, &tx));
    struct result result = setup_newest(&tx, ret_newest);
    tx_rollback(&tx);
    return result;
}

static struct result reseal(struct str db, struct str key_path, size_t *ret_total)
{
    struct store *store;
    struct conn *conn;
    struct key_file file;
    struct seal_ring ring;
    int64_t newest = 0;
    size_t total = 0;
    TRY(key_file_load(key_path, &file));
    seal_ring_init(&ring, &file);
    crypto_wipe(&file, sizeof file);
    TRY(app_open_database(db, &store, &conn));
    struct result result = newest_practice(conn, &newest);
    for (int64_t id = 1; result_is_ok(result) && id <= newest; id++) {
        for (size_t i = 0; result_is_ok(result) && i < COUNT_OF(parts); i++)
            result = reseal_all(conn, &ring, (struct practice_id){id}, parts[i], &total);
    }
    conn_close(conn);
    store_close(store);
    crypto_wipe(&ring, sizeof ring);
    TRY(result);
    *ret_total = total;
    return RESULT_OK;
}

static struct result rotate(struct str db, struct arena *arena)
{
    struct str path = app_key_path(arena, db);
    size_t total;
    TRY(key_file_add(path));
    TRY(reseal(db, path, &total));
    printf("A new key is in %.*s; %zu sealed values were sealed anew.\n"
           "Back up the key file. After a minute: balm key forget\n",
        STR_ARG(path), total);
    return RESULT_OK;
}

static struct result forget(struct str db, struct arena *arena)
{
    struct str path = app_key_path(arena, db);
    size_t total;
    int forgotten;
    TRY(reseal(db, path, &total)); /* what a server still wrote with an older one */
    TRY(key_file_forget(path, &forgotten));
    if (!forgotten) {
        printf(
            "Nothing to forget: the first key stays (links are made with it), and the newest.\n");
    } else {
        printf("%d old %s forgotten. Older backups need the key file of their time.\n", forgotten,
            forgotten == 1 ? "key is" : "keys are");
    }
    return RESULT_OK;
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
    if (result_is_ok(result)) result = rotates ? rotate(db, &arena) : forget(db, &arena);
    int code = result_is_ok(result) ? EXIT_DONE : cli_fail("key", result);
    arena_release(&arena);
    return code;
}

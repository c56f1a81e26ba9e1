/* balm demo: a practice with life in it, served at once. */
#include "app/app.h"
#include "app/clock.h"
#include "base/check.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/demo_care.h"
#include "cli/demo_seed.h"
#include "cli/run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

static struct result seed_new(struct str db, struct arena *arena)
{
    struct store *store;
    struct conn *conn;
    struct key_file keys;
    TRY(crypto_init());
    TRY(key_file_make(app_key_path(arena, db)));
    TRY(key_file_load(app_key_path(arena, db), &keys));
    TRY(app_open_database(db, &store, &conn));
    struct arena seed_arena = {.max = 1u << 30};
    struct result result = demo_seed(conn, &keys, clock_now(), &seed_arena);
    arena_release(&seed_arena);
    conn_close(conn);
    store_close(store);
    crypto_wipe(&keys, sizeof keys);
    return result;
}

/* Fresh links to the pages of the clients whose stories the demonstration tells. */
static struct str story_links[DEMO_STORIES];

static struct result make_links(struct tx *tx, const struct key_file *keys, struct arena *arena)
{
    struct practice_id id;
    struct seal_ring ring;
    struct care_env env = {.tx = tx,
        .key = &keys->keys[0],
        .ring = &ring,
        .actor = {.kind = ACTOR_SYSTEM},
        .now = clock_now(),
        .arena = arena};
    seal_ring_init(&ring, keys);
    TRY(setup_find_by_host(tx, STR("127.0.0.1"), &id));
    TRY(setup_load(tx, id, arena, &env.practice));
    for (int i = 0; i < DEMO_STORIES; i++) {
        struct result result = demo_care_link(&env, (enum demo_story)i, &story_links[i]);
        if (result.code != ERR_NOT_FOUND) TRY(result); /* deleted while trying things out */
    }
    crypto_wipe(&ring, sizeof ring);
    return RESULT_OK;
}

static struct result open_links(struct str db, struct arena *arena)
{
    struct store *store;
    struct conn *conn;
    struct tx tx;
    struct key_file keys;
    TRY(crypto_init());
    TRY(key_file_load(app_key_path(arena, db), &keys));
    TRY(app_open_database(db, &store, &conn));
    struct result result = tx_begin_write(conn, &tx);
    if (result_is_ok(result)) {
        result = make_links(&tx, &keys, arena);
        if (result_is_ok(result)) {
            result = tx_commit(&tx);
        } else {
            tx_rollback(&tx);
        }
    }
    conn_close(conn);
    store_close(store);
    crypto_wipe(&keys, sizeof keys);
    return result;
}

static const char *listening; /* as given, for the address that is printed */

static void print_welcome(int port)
{
    printf("\nBalanced Body Massage is open:\n\n");
    if (port) {
        printf("  site     http://127.0.0.1:%d/\n", port);
        printf("  staff    http://127.0.0.1:%d/staff\n\n", port);
    } else {
        printf("  socket   %s\n\n", listening);
    }
    for (size_t i = 0; i < COUNT_OF(demo_sign_ins); i++) {
        printf("  %-9s  %-28s  %s\n", demo_sign_ins[i].role, demo_sign_ins[i].email,
            demo_sign_ins[i].password);
    }
    printf("\nClients who tell how they are, by their links (for 30 days):\n\n");
    for (int i = 0; port && i < DEMO_STORIES; i++) {
        if (story_links[i].len)
            printf("  %-34s  http://127.0.0.1:%d/my/%.*s\n", demo_story_words((enum demo_story)i),
                port, STR_ARG(story_links[i]));
    }
    printf("\nCtrl-C stops it.\n");
    fflush(stdout);
}

int cmd_demo(struct cli_args *args)
{
    struct str dir = cli_option(args, "--dir");
    struct app_options options = {.listen = cli_option(args, "--listen")};
    if (!cli_done(args)) return EXIT_USAGE;
    if (!dir.len) dir = STR("demo");
    if (!options.listen.len) options.listen = STR("127.0.0.1:8080");
    listening = options.listen.ptr;

    struct arena arena = {0};
    const char *path = arena_cstr(&arena, dir);
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return cli_fail_text("demo", arena_printf(&arena, "%s: %s", path, strerror(errno)).ptr);
    options.db = arena_printf(&arena, "sqlite:%s/balm.db", path);
    options.mail = arena_printf(&arena, "dir:%s/mail", path);
    if (str_starts(options.listen, STR("127.0.0.1:")) && !str_ends(options.listen, STR(":0")))
        options.base_url = arena_printf(&arena, "http://%.*s", STR_ARG(options.listen));
    struct result result = clock_init();
    if (!result_is_ok(result)) return cli_fail("demo", result);
    log_set_clock(clock_now);

    const char *file = arena_printf(&arena, "%s/balm.db", path).ptr;
    if (access(file, F_OK) != 0) {
        printf("Filling %s with a practice...\n", path);
        fflush(stdout);
        result = seed_new(options.db, &arena);
        if (!result_is_ok(result)) {
            unlink(file); /* half a demonstration is none */
            return cli_fail("demo", result);
        }
    }
    result = open_links(options.db, &arena);
    if (!result_is_ok(result)) return cli_fail("demo", result);
    int code = cli_run(&options, print_welcome);
    arena_release(&arena);
    return code;
}

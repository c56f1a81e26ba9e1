/* balm apply FILE.json: the practice becomes what its file says; whole or nothing. */
#include "app/app.h"
#include "app/clock.h"
#include "auth/audit.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "practice/setup/setup.h"

#include <stdio.h>

#include "base/banned.h"

static int print_problems(const struct problems *problems)
{
    for (const struct problem *p = problems->first; p; p = p->next) {
        fprintf(stderr, "balm: apply: %.*s: %s%s%.*s\n", STR_ARG(p->field), p->code,
            p->arg.len ? ": " : "", STR_ARG(p->arg));
    }
    return EXIT_FAILED;
}

static struct result apply_in_tx(struct conn *conn, const struct practice *file,
    struct arena *arena, struct setup_changes *ret_changes)
{
    struct tx tx;
    TRY(tx_begin_write(conn, &tx));
    struct result result = setup_apply(&tx, file, clock_now(), arena, ret_changes);
    if (result_is_ok(result) && ret_changes->count) {
        result = audit_add(&tx, ret_changes->id, clock_now(), (struct actor){.kind = ACTOR_SYSTEM},
            STR("settings.applied"), STR("practice"), ret_changes->id.v, STR(""));
    }
    if (!result_is_ok(result)) {
        tx_rollback(&tx);
        return result;
    }
    return tx_commit(&tx);
}

static int apply(struct str db, const struct practice *file, struct arena *arena)
{
    struct store *store;
    struct conn *conn;
    struct setup_changes changes;
    struct result result = app_open_database(db, &store, &conn);
    if (!result_is_ok(result)) return cli_fail("apply", result);
    result = apply_in_tx(conn, file, arena, &changes);
    conn_close(conn);
    store_close(store);
    if (!result_is_ok(result)) return cli_fail("apply", result);
    for (size_t i = 0; i < changes.count; i++)
        printf("%.*s\n", STR_ARG(changes.lines[i]));
    if (changes.count == 0) printf("nothing changed\n");
    return EXIT_DONE;
}

int cmd_apply(struct cli_args *args)
{
    struct str db = cli_db(args);
    struct str path = cli_next(args);
    if (!path.len) return cli_usage("apply");
    if (!cli_done(args)) return EXIT_USAGE;

    struct arena arena = {0};
    struct str text;
    struct problems problems;
    const struct practice *file;
    problems_init(&problems, &arena);
    struct result result = clock_init();
    if (result_is_ok(result)) result = file_read(&arena, path, LIMIT_PRACTICE_FILE_BYTES, &text);
    if (result_is_ok(result)) result = setup_parse(text, &arena, &problems, &file);
    int code = EXIT_FAILED;
    if (problems.count) {
        code = print_problems(&problems);
    } else if (!result_is_ok(result)) {
        code = cli_fail("apply", result);
    } else {
        code = apply(db, file, &arena);
    }
    arena_release(&arena);
    return code;
}

/* balm check: verifies every invariant of the data; exit 0 only where all hold. */
#include "app/app.h"
#include "cli/cli.h"
#include "practice/check/data_check.h"

#include <stdio.h>

#include "base/banned.h"

static struct result check(
    struct conn *conn, struct arena *arena, struct check_report *ret_report, int64_t *ret_damage)
{
    struct tx tx;
    struct str first = {0};
    TRY(tx_begin_read(conn, &tx));
    struct result result = store_self_check(&tx, arena, ret_damage, &first);
    if (result_is_ok(result) && *ret_damage) {
        fprintf(stderr, "balm: check: the database file is damaged in %lld places, first: %.*s\n",
            (long long)*ret_damage, STR_ARG(first));
    }
    if (result_is_ok(result)) result = data_check(&tx, ret_report);
    tx_rollback(&tx);
    return result;
}

int cmd_check(struct cli_args *args)
{
    struct str db = cli_db(args);
    if (!cli_done(args)) return EXIT_USAGE;
    struct store *store;
    struct conn *conn;
    struct arena arena = {0};
    struct check_report report = {0};
    int64_t damage = 0;
    struct result result = app_open_database(db, &store, &conn);
    if (!result_is_ok(result)) return cli_fail("check", result);
    result = check(conn, &arena, &report, &damage);
    conn_close(conn);
    store_close(store);
    arena_release(&arena);
    if (!result_is_ok(result)) return cli_fail("check", result);
    for (size_t i = 0; i < report.broken; i++) {
        const struct check_finding *f = &report.findings[i];
        fprintf(stderr, "balm: check: broken: %s: %lld, for example %lld\n", f->invariant,
            (long long)f->count, (long long)f->example);
    }
    if (report.broken || damage) return EXIT_FAILED;
    printf("all %zu invariants hold\n", report.checked);
    return EXIT_DONE;
}

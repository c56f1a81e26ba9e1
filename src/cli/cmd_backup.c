/* balm backup FILE: the database as it is at one moment, also while the server runs. */
#include "app/app.h"
#include "cli/cli.h"
#include "store/store.h"

#include <stdio.h>

#include "base/banned.h"

int cmd_backup(struct cli_args *args)
{
    struct str db = cli_db(args);
    struct str path = cli_next(args);
    if (!path.len) return cli_usage("backup");
    if (!cli_done(args)) return EXIT_USAGE;
    struct store *store;
    struct arena arena = {0};
    struct result result = store_open(db, &store);
    if (result_is_ok(result)) {
        result = store_backup(store, arena_cstr(&arena, path));
        store_close(store);
    }
    if (result.reason && str_eq(str_from_cstr(result.reason), STR("file-exists")))
        result.detail = arena_printf(&arena, "%.*s is there already", STR_ARG(path)).ptr;
    int code = result_is_ok(result) ? EXIT_DONE : cli_fail("backup", result);
    arena_release(&arena);
    if (code != EXIT_DONE) return code;
    printf("%.*s written; keep the key file (%s) with it, in another place\n", STR_ARG(path),
        "DATABASE.key");
    return EXIT_DONE;
}

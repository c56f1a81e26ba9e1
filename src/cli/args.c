#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/banned.h"

static void take_out(struct cli_args *args, int at, int count)
{
    for (int i = at; i + count < args->count; i++)
        args->values[i] = args->values[i + count];
    args->count -= count;
}

/* Takes the first `--name` out; false where there is none. */
static bool take_option(struct cli_args *args, struct str name, struct str *ret_value)
{
    for (int i = 0; i < args->count; i++) {
        struct str value = str_from_cstr(args->values[i]);
        if (str_eq(value, name)) {
            if (i + 1 >= args->count) {
                fprintf(stderr, "balm: %s: %.*s needs a value\n", args->command, STR_ARG(name));
                exit(cli_usage(args->command));
            }
            *ret_value = str_from_cstr(args->values[i + 1]);
            take_out(args, i, 2);
            return true;
        }
        if (str_starts(value, name) && value.len > name.len && value.ptr[name.len] == '=') {
            *ret_value = str_slice(value, name.len + 1, value.len);
            take_out(args, i, 1);
            return true;
        }
    }
    return false;
}

struct str cli_option(struct cli_args *args, const char *name)
{
    struct str found = {0};
    while (take_option(args, str_from_cstr(name), &found)) {
    }
    return found;
}

bool cli_flag(struct cli_args *args, const char *name)
{
    for (int i = 0; i < args->count; i++) {
        if (str_eq(str_from_cstr(args->values[i]), str_from_cstr(name))) {
            take_out(args, i, 1);
            return true;
        }
    }
    return false;
}

struct str cli_next(struct cli_args *args)
{
    for (int i = 0; i < args->count; i++) {
        struct str value = str_from_cstr(args->values[i]);
        bool option = value.len > 1 && value.ptr[0] == '-';
        if (option) continue;
        take_out(args, i, 1);
        return value;
    }
    return (struct str){0};
}

bool cli_done(struct cli_args *args)
{
    if (args->count == 0) return true;
    fprintf(stderr, "balm: %s: %s is not understood\n", args->command, args->values[0]);
    cli_usage(args->command);
    return false;
}

struct str cli_db(struct cli_args *args)
{
    struct str db = cli_option(args, "--db");
    if (db.len) return db;
    db = str_from_cstr(getenv("BALM_DB"));
    return db.len ? db : STR("sqlite:balm.db");
}

int cli_fail_text(const char *command, const char *what)
{
    fprintf(stderr, "balm: %s: %s\n", command, what);
    return EXIT_FAILED;
}

int cli_fail(const char *command, struct result result)
{
    const char *reason = result.reason ? result.reason : error_code_name(result.code);
    if (result.detail) {
        fprintf(stderr, "balm: %s: %s: %s\n", command, reason, result.detail);
    } else {
        fprintf(stderr, "balm: %s: %s\n", command, reason);
    }
    return EXIT_FAILED;
}

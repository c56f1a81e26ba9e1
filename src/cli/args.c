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

struct str cli_option(struct cli_args *args, const char *name)
{
    struct str wanted = str_from_cstr(name);
    for (int i = 0; i < args->count; i++) {
        struct str value = str_from_cstr(args->values[i]);
        if (str_eq(value, wanted)) {
            if (i + 1 >= args->count) {
                fprintf(stderr, "balm: %s: %s needs a value\n", args->command, name);
                exit(cli_usage(args->command));
            }
            struct str found = str_from_cstr(args->values[i + 1]);
            take_out(args, i, 2);
            return found;
        }
        if (str_starts(value, wanted) && value.len > wanted.len && value.ptr[wanted.len] == '=') {
            struct str found = str_slice(value, wanted.len + 1, value.len);
            take_out(args, i, 1);
            return found;
        }
    }
    return (struct str){0};
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

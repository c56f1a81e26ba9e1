/* cli: one file a subcommand, dispatched by the table in main.c. Exit codes: 0 done, 1 failed, 2
 * wrong usage. Errors are one line on stderr: what, where, the mend. */
#ifndef BALM_CLI_CLI_H
#define BALM_CLI_CLI_H

#include "base/result.h"
#include "base/str.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

struct cli_args {
    const char *command;
    int count;
    char **values; /* behind the command's name */
};

/* An option `--name VALUE` or `--name=VALUE`: taken out of the arguments; given twice, the last
 * one holds. Empty where it is not there.
 * Ends with usage help where the value is missing. */
struct str cli_option(struct cli_args *args, const char *name);
/* A flag `--name`. */
bool cli_flag(struct cli_args *args, const char *name);
/* The next argument that is no option; empty where there is none. */
struct str cli_next(struct cli_args *args);
/* True where nothing is left; otherwise says what was not understood. */
bool cli_done(struct cli_args *args);

/* --db, else BALM_DB, else sqlite:balm.db. */
struct str cli_db(struct cli_args *args);

/* "balm: apply: therapists[0].hours ...": one line on stderr; returns EXIT_FAILED. */
int cli_fail(const char *command, struct result result);
int cli_fail_text(const char *command, const char *what);
int cli_usage(const char *command);

int cmd_serve(struct cli_args *args);
int cmd_demo(struct cli_args *args);
int cmd_apply(struct cli_args *args);
int cmd_user(struct cli_args *args);
int cmd_check(struct cli_args *args);
int cmd_fit(struct cli_args *args);
int cmd_backup(struct cli_args *args);
int cmd_key(struct cli_args *args);
int cmd_version(struct cli_args *args);
int cmd_help(struct cli_args *args);

#endif

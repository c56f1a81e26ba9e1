/* balm: the command line. */
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/banned.h"

struct command {
    const char *name;
    int (*run)(struct cli_args *args);
    const char *usage;
    const char *purpose;
};

static const struct command commands[] = {
    {"serve", cmd_serve,
        "[--db URL] [--listen ADDR:PORT] [--base-url URL] [--mail URL] "
        "[--trust-proxy]",
        "answers requests until it is told to stop"},
    {"demo", cmd_demo, "[--listen ADDR:PORT] [--dir DIR]",
        "serves a practice with life in it; prints the address and the sign-ins"},
    {"apply", cmd_apply, "FILE.json [--db URL]",
        "creates or updates a practice from its file; prints what changed"},
    {"user", cmd_user,
        "add EMAIL --practice SLUG --role owner|therapist|desk [--name NAME] "
        "[--db URL]",
        "adds a staff account; the password is read from standard input"},
    {"check", cmd_check, "[--db URL]", "verifies every invariant of the data"},
    {"backup", cmd_backup, "FILE [--db URL]", "copies the database, also while it is in use"},
    {"key", cmd_key, "rotate|forget [--db URL]",
        "seals health data with a fresh key; forgets the old ones"},
    {"fit", cmd_fit, "FILE.csv [--json] [--svg FILE.svg]",
        "what a history of ratings says about relief: columns t or time, kind, spont, y"},
    {"version", cmd_version, "", "prints the version"},
    {"help", cmd_help, "[COMMAND]", "prints this, or how a command is used"},
};

static const struct command *find(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        if (str_eq(name, str_from_cstr(commands[i].name))) return &commands[i];
    }
    return NULL;
}

int cli_usage(const char *command)
{
    const struct command *c = find(str_from_cstr(command));
    if (c) {
        fprintf(stderr, "usage: balm %s %s\n", c->name, c->usage);
    } else {
        fprintf(stderr, "usage: balm COMMAND ...   (balm help lists the commands)\n");
    }
    return EXIT_USAGE;
}

int cmd_help(struct cli_args *args)
{
    struct str name = cli_next(args);
    const struct command *c = find(name);
    if (name.len && !c) {
        fprintf(stderr, "balm: help: there is no command %.*s\n", STR_ARG(name));
        return EXIT_USAGE;
    }
    if (c) {
        printf("balm %s %s\n    %s\n", c->name, c->usage, c->purpose);
        return EXIT_DONE;
    }
    printf("Balm, the server of a massage practice.\n\n");
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        printf("  balm %-8s %s\n", commands[i].name, commands[i].purpose);
    printf("\n--db is sqlite:PATH (default sqlite:balm.db, or BALM_DB).\n");
    return EXIT_DONE;
}

int cmd_version(struct cli_args *args)
{
    if (!cli_done(args)) return EXIT_USAGE;
    printf("balm %s\n", BALM_VERSION);
    return EXIT_DONE;
}

int main(int argc, char **argv)
{
    if (argc < 2) return cli_usage("");
    struct str name = str_from_cstr(argv[1]);
    if (str_eq(name, STR("--help")) || str_eq(name, STR("-h"))) name = STR("help");
    if (str_eq(name, STR("--version"))) name = STR("version");
    const struct command *c = find(name);
    if (!c) {
        fprintf(stderr, "balm: there is no command %.*s; balm help lists them\n", STR_ARG(name));
        return EXIT_USAGE;
    }
    struct cli_args args = {c->name, argc - 2, argv + 2};
    return c->run(&args);
}

/* tmplc: templates and words into C (docs/dev/templates.md).
 *
 *   tmplc --template [options] -c OUT.c -h OUT.h  NAME.html|NAME.txt [LANG.po ...]
 *   tmplc --words    [options] -c OUT.c -h OUT.h  [NAME.msg ...] [LANG.po ...]
 *   tmplc --check    [options] -c STAMP  FILES     all templates, sentences and catalogs
 *   tmplc --extract  FILES                         a .pot file on stdout
 *   tmplc --missing  LANG.po FILES                 what LANG lacks, as .po text on stdout
 *
 * Options: --strict (a missing translation is an error), --include-dir DIR (of generated headers).
 */
#include "compile.h"
#include "words.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/banned.h"

enum mode { MODE_NONE, MODE_TEMPLATE, MODE_WORDS, MODE_CHECK, MODE_EXTRACT, MODE_MISSING };

struct command {
    enum mode mode;
    const char *out_c;
    const char *out_h;
    const char **files;
    size_t file_count;
    bool po_seen;
    enum tongue missing; /* of the first catalog named */
};

static NO_RETURN void usage(const char *what)
{
    fprintf(stderr,
        "tmplc: %s\n"
        "usage: tmplc --template -c OUT.c -h OUT.h NAME.html [LANG.po ...]\n"
        "       tmplc --words -c OUT.c -h OUT.h [NAME.msg ...] [LANG.po ...]\n"
        "       tmplc --check -c STAMP FILES\n"
        "       tmplc --extract FILES\n"
        "       tmplc --missing LANG.po FILES\n"
        "options: --strict --include-dir DIR\n",
        what);
    exit(2);
}

static bool ends(const char *file, const char *ending)
{
    return str_ends(str_from_cstr(file), str_from_cstr(ending));
}

static const char *next_argument(int argc, char **argv, int *i)
{
    if (*i + 1 >= argc) usage("an option lacks its value");
    return argv[++*i];
}

static struct command read_arguments(struct tmplc *tc, int argc, char **argv)
{
    static const char *const modes[] = {
        "", "--template", "--words", "--check", "--extract", "--missing"};
    struct command command = {0};
    command.files = ARENA_ARRAY(&tc->arena, (size_t)argc, const char *);
    for (int i = 1; i < argc; i++) {
        struct str arg = str_from_cstr(argv[i]);
        bool mode = false;
        for (size_t j = 1; j < COUNT_OF(modes); j++) {
            if (!str_eq(arg, str_from_cstr(modes[j]))) continue;
            command.mode = (enum mode)j;
            mode = true;
        }
        if (mode) continue;
        if (str_eq(arg, STR("--strict")))
            tc->strict = true;
        else if (str_eq(arg, STR("--include-dir")))
            tc->include_dir = next_argument(argc, argv, &i);
        else if (str_eq(arg, STR("-c")))
            command.out_c = next_argument(argc, argv, &i);
        else if (str_eq(arg, STR("-h")))
            command.out_h = next_argument(argc, argv, &i);
        else if (str_starts(arg, STR("-")))
            usage("an option is not known");
        else
            command.files[command.file_count++] = argv[i];
    }
    return command;
}

static void read_catalogs(struct tmplc *tc, struct command *command)
{
    catalog_init(tc);
    for (size_t i = 0; i < command->file_count; i++) {
        if (!ends(command->files[i], ".po")) continue;
        catalog_read(tc, command->files[i]);
        if (!command->po_seen) command->missing = tongue_of_path(command->files[i]);
        command->po_seen = true;
    }
}

/* Compiles every input; *ret_compiled is the last template. */
static struct words *read_inputs(
    struct tmplc *tc, const struct command *command, struct compiled *ret_compiled)
{
    struct words *words = words_new(tc);
    size_t templates = 0;
    for (size_t i = 0; i < command->file_count; i++) {
        const char *file = command->files[i];
        if (ends(file, ".po")) continue;
        if (ends(file, ".msg")) {
            words_read(words, file);
        } else {
            *ret_compiled = compile_template(tc, file);
            templates++;
        }
    }
    if (command->mode == MODE_TEMPLATE && templates != 1) usage("--template takes one template");
    return words;
}

static void write_stdout(struct sb *sb)
{
    if (!sb_ok(sb) || (sb->len && fwrite(sb->ptr, 1, sb->len, stdout) != sb->len) ||
        fflush(stdout) != 0)
        diag_fatal((struct place){"stdout", 1, 0}, "cannot be written");
}

static void write_outputs(
    struct tmplc *tc, const struct command *command, struct words *words, struct compiled compiled)
{
    struct sb sb;
    sb_init(&sb, &tc->arena, TMPLC_OUTPUT_MAX);
    switch (command->mode) {
    case MODE_TEMPLATE:
        file_write(command->out_c, compiled.code);
        file_write(command->out_h, compiled.header);
        break;
    case MODE_WORDS:
        file_write(command->out_c, words_code(words));
        file_write(command->out_h, words_header(words));
        break;
    case MODE_CHECK: file_write(command->out_c, STR("checked\n")); break;
    case MODE_EXTRACT:
        catalog_print_pot(tc, &sb);
        write_stdout(&sb);
        break;
    case MODE_MISSING:
        catalog_print_missing(tc, command->missing, &sb);
        write_stdout(&sb);
        break;
    case MODE_NONE: break;
    }
}

int main(int argc, char **argv)
{
    static struct tmplc tc = {.include_dir = "web/views"};
    arena_init(&tc.arena, TMPLC_ARENA_MAX);
    struct command command = read_arguments(&tc, argc, argv);
    if (command.mode == MODE_NONE) usage("say what to do");
    bool two = command.mode == MODE_TEMPLATE || command.mode == MODE_WORDS;
    if ((two && (!command.out_c || !command.out_h)) ||
        (command.mode == MODE_CHECK && !command.out_c))
        usage("say where to write: -c, -h");
    read_catalogs(&tc, &command);
    if (command.mode == MODE_MISSING && !command.po_seen) usage("--missing takes a .po file");
    struct compiled compiled = {0};
    struct words *words = read_inputs(&tc, &command, &compiled);
    if (command.mode == MODE_CHECK) catalog_report_unused(&tc);
    if (!tc.errors) write_outputs(&tc, &command, words, compiled);
    int status = tc.errors ? 1 : 0;
    arena_release(&tc.arena);
    return status;
}

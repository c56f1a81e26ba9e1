/* tmplc: the build-time compiler of templates and words; what its parts share.
 *
 * A run compiles one template (or all sentences) and ends. Everything lives in one arena until the
 * end of the process. A mistake in an input is printed as `file:line:column: error: what; mend`;
 * the run goes on where the rest can still be read, and fails at its end. */
#ifndef BALM_TMPLC_TMPLC_H
#define BALM_TMPLC_TMPLC_H

#include "base/arena.h"
#include "base/sb.h"
#include "base/str.h"

#define TMPLC_OUTPUT_MAX ((size_t)16 << 20)
#define TMPLC_ARENA_MAX ((size_t)512 << 20)

/* The languages, in the order of enum lang in base/tmpl.h. The first is the source. */
enum tongue { TONGUE_EN, TONGUE_ES, TONGUE_COUNT };

struct catalog;

struct tmplc {
    struct arena arena;
    struct catalog *catalog;
    const char *include_dir; /* where generated headers are included from, "web/views" */
    bool strict;             /* a missing translation is an error, not a fall back to English */
    int errors;
};

struct source {
    const char *path;
    struct str text;
};

struct place {
    const char *path;
    int line;
    int column; /* 0: the whole line */
};

struct place place_of(const struct source *source, size_t offset);

void diag_error(struct tmplc *tc, struct place at, const char *format, ...) PRINTF_LIKE(3, 4);
void diag_warning(struct place at, const char *format, ...) PRINTF_LIKE(2, 3);
/* For a mistake after which the rest of the file makes no sense. */
NO_RETURN void diag_fatal(struct place at, const char *format, ...) PRINTF_LIKE(2, 3);

/* The whole file; ends the run with a message where it cannot be read or is not UTF-8 text. */
struct source file_read(struct tmplc *tc, const char *path);
void file_write(const char *path, struct str text);

/* `text` as the inside of a C string literal. */
void c_escape(struct sb *out, struct str text);

/* "a-b" -> "a_b"; ends the run where it is no name. */
struct str c_name(struct tmplc *tc, struct str name, struct place at);

bool is_name_start(char c);
bool is_name_char(char c);
bool is_space(char c);

#endif

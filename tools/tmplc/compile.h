/* Compiles one template into a function (or two, for a layout). */
#ifndef BALM_TMPLC_COMPILE_H
#define BALM_TMPLC_COMPILE_H

#include "emit.h"
#include "expr.h"

#define BLOCKS_MAX 32

enum block_kind { BLOCK_IF, BLOCK_ELSE, BLOCK_FOR };

struct block {
    enum block_kind kind;
    size_t at;
    struct html before; /* the state at its beginning */
    struct html after;  /* at the end of the branches so far */
    bool has_after;
};

struct compiler {
    struct tmplc *tc;
    struct source source;
    bool is_html;
    struct html html;
    struct emitter e;
    struct sb includes;
    struct scope scope;
    struct block *blocks;
    size_t block_count;
    struct str name;     /* as in the file's name */
    struct str function; /* tmpl_name */
    struct str view;     /* struct view_name */
    struct str header;   /* the file that declares it */
    struct str layout_end;
    bool has_body;
};

struct compiled {
    struct str code;
    struct str header;
};

/* NAME.html or NAME.txt. Ends the run where the file makes no sense. */
struct compiled compile_template(struct tmplc *tc, const char *path);

/* --- between compile.c and directives.c --- */

/* Handles the directive whose inside is `text`; `at` is the place of its braces. */
void directive_compile(struct compiler *c, struct str text, size_t at);

/* Is it one that writes nothing, so that a line of its own vanishes? */
bool directive_is_silent(struct str text);

/* {{_ … }} and its kin; `text` follows the underscore. */
void message_directive(struct compiler *c, struct str text, size_t at);

struct place compile_place(const struct compiler *c, size_t at);

/* The context of a value here; ends the run where a value is refused. */
enum html_context compile_context(struct compiler *c, size_t at);

/* "text" at the start of *rest (in/out). */
struct str compile_take_string(struct compiler *c, struct str *rest, size_t at);

#endif

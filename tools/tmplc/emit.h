/* Writes C: literal chunks, values by context, messages as a switch over the languages. */
#ifndef BALM_TMPLC_EMIT_H
#define BALM_TMPLC_EMIT_H

#include "catalog.h"
#include "html.h"

struct emitter {
    struct tmplc *tc;
    struct sb code;
    struct sb literal;  /* gathered, not yet in code */
    struct str path;    /* for #line, escaped for a C literal */
    int line;           /* what the last #line said */
};

/* What a placeholder or a link of a message stands for. */
struct binding {
    struct str name;
    struct str c;    /* C expression, or */
    bool literal;    /* the URL itself */
    bool used;
};

struct bindings {
    struct binding *ptr;
    size_t len;
};

void emit_init(struct emitter *e, struct tmplc *tc, const char *path);

/* Literal text as it is. */
void emit_literal(struct emitter *e, struct str text);

/* Literal text of a message or {{raw}}, escaped for its place. */
void emit_words(struct emitter *e, enum html_context context, struct str text);

/* Puts gathered literals into the code. */
void emit_flush(struct emitter *e);

/* Code that follows comes from this line of the template. */
void emit_line(struct emitter *e, int line);

/* printf into the code, after a flush. */
void emit_code(struct emitter *e, const char *format, ...) PRINTF_LIKE(2, 3);

void emit_value(struct emitter *e, enum html_context context, struct str c, int line);

/* `count` is the C expression of {n}, empty without a plural. */
void emit_message(struct emitter *e, const struct resolved *message, enum html_context context,
    const struct bindings *bindings, struct str count, int line);

#endif

/* Paths and conditions of templates, turned into C.
 *
 * A path begins with `v` (the view) or the variable of an enclosing loop, both pointers in C: the
 * first dot becomes an arrow. Functions that return `const char *` return NULL, or what is
 * wrong. */
#ifndef BALM_TMPLC_EXPR_H
#define BALM_TMPLC_EXPR_H

#include "tmplc.h"

#define SCOPE_LOOPS_MAX 16

struct scope {
    struct str names[SCOPE_LOOPS_MAX];
    struct str lists[SCOPE_LOOPS_MAX]; /* the C expression of the list */
    size_t count;
};

/* A path at the start of *rest (in/out), as a C value. */
const char *expr_path(
    struct arena *arena, const struct scope *scope, struct str *rest, struct str *ret_c);

/* The whole of `text` is a path; `*path` means the field is a pointer already. As a C pointer. */
const char *expr_address(
    struct arena *arena, const struct scope *scope, struct str text, struct str *ret_c);

/* The whole of `text` is a condition. */
const char *expr_condition(
    struct arena *arena, const struct scope *scope, struct str text, struct str *ret_c);

bool scope_has(const struct scope *scope, struct str name);

/* May `name` be a loop variable? */
const char *scope_check_name(const struct scope *scope, struct str name);

struct str expr_take_name(struct str *rest);
void expr_skip_space(struct str *rest);

#endif

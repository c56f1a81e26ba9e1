/* str: a view of bytes {ptr, len}; owns nothing, need not end in NUL. Text is UTF-8.
 * The zero value is the empty string. Compare with str_eq, never with ==. */
#ifndef BALM_BASE_STR_H
#define BALM_BASE_STR_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *ptr;
    size_t len;
};

struct str_list {
    const struct str *ptr;
    size_t len;
};

/* A literal as a str: STR("text"); STR_INIT in static initialisers. */
#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_INIT(literal) {"" literal, sizeof(literal) - 1}

/* For printf: "%.*s", STR_ARG(s). */
#define STR_ARG(s) (int)(s).len, (s).ptr ? (s).ptr : ""

/* NULL becomes the empty string. */
static inline struct str str_from_cstr(const char *text)
{
    return (struct str){text, text ? strlen(text) : 0};
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool str_is_empty(struct str s)
{
    return s.len == 0;
}

/* Bytes [from, to) clamped to the string. */
struct str str_slice(struct str s, size_t from, size_t to);

int str_compare(struct str a, struct str b);              /* like memcmp, shorter first */
bool str_eq_nocase(struct str a, struct str b);           /* ASCII letters only */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_contains(struct str s, struct str needle);
size_t str_find(struct str s, char c);                    /* position, or s.len */
struct str str_trim(struct str s);                        /* spaces, tabs, CR, LF off both ends */

/* Cut at the first `sep`: *ret_head gets what precedes it, *rest (in/out) what follows. Returns false
 * when *rest was empty (nothing left); the last piece has no separator after it. */
bool str_cut(struct str *rest, char sep, struct str *ret_head);

/* The whole of `s` as a decimal integer within [min, max]; no spaces, no plus sign, no leading
 * zeros beyond "0" itself are required to be absent ("007" is 7). False where it is not one. */
bool str_to_i64(struct str s, int64_t min, int64_t max, int64_t *ret_value);

/* The whole of `s` is valid UTF-8 without NUL. Control characters other than \t \n \r are refused
 * when `allow_control` is false. */
bool str_is_text(struct str s, bool allow_control);

/* Number of Unicode code points in valid UTF-8. */
size_t str_count_chars(struct str s);

/* FNV-1a, for hash tables of trusted keys. */
uint64_t str_hash(struct str s);

#endif

/* A streaming JSON writer (RFC 8259) on a string builder: no tree, no allocation of its own.
 * Nesting and commas are kept by the writer; misuse (a value without its key) ends the process.
 * Strings must be valid UTF-8; `<`, `>`, `&`, U+2028 and U+2029 are written as \u escapes, so that
 * the text may stand inside a script element as it is. */
#ifndef BALM_BASE_JSON_WRITER_H
#define BALM_BASE_JSON_WRITER_H

#include "base/civil.h"
#include "base/sb.h"

struct jw {
    struct sb *sb;
    uint64_t in_object; /* a bit a level */
    uint64_t has_items; /* a bit a level */
    int depth;
    bool after_key;
};

void jw_init(struct jw *jw, struct sb *sb);
void jw_object(struct jw *jw);
void jw_object_end(struct jw *jw);
void jw_array(struct jw *jw);
void jw_array_end(struct jw *jw);
void jw_key(struct jw *jw, struct str key);
void jw_str(struct jw *jw, struct str value);
void jw_i64(struct jw *jw, int64_t value);
void jw_bool(struct jw *jw, bool value);
void jw_null(struct jw *jw);
/* A value already written as JSON. */
void jw_raw(struct jw *jw, struct str json);

/* key and value in one */
#define JW_STR(jw, key, value) (jw_key((jw), STR(key)), jw_str((jw), (value)))
#define JW_I64(jw, key, value) (jw_key((jw), STR(key)), jw_i64((jw), (value)))
#define JW_BOOL(jw, key, value) (jw_key((jw), STR(key)), jw_bool((jw), (value)))

#endif

/* The text of one message, in any language: words, {placeholders} and inline tags. */
#ifndef BALM_TMPLC_MESSAGE_H
#define BALM_TMPLC_MESSAGE_H

#include "tmplc.h"

enum piece_kind {
    PIECE_TEXT,
    PIECE_VALUE, /* {name} */
    PIECE_OPEN,  /* <b>; a link where the name begins with "a" */
    PIECE_CLOSE, /* </b> */
    PIECE_BREAK, /* <br> */
};

struct piece {
    enum piece_kind kind;
    struct str text; /* the words, or the name */
    bool is_int;     /* {n:int} */
};

struct pieces {
    struct piece *ptr;
    size_t len;
};

/* NULL, or what is wrong. Tags are refused without `markup`. */
const char *message_parse(
    struct arena *arena, struct str text, bool markup, struct pieces *ret_pieces);

/* Does the translation have the placeholders and the links of its source, and no other tags?
 * `optional` is a placeholder that it may leave out. NULL, or what is wrong. */
const char *message_compare(struct arena *arena, const struct pieces *source,
    const struct pieces *translation, struct str optional);

bool message_has(const struct pieces *pieces, enum piece_kind kind, struct str name);

/* Trimmed, each run of white space one space. */
struct str message_normalize(struct arena *arena, struct str text);

#endif

/* problems: what is wrong with an input, field by field.
 *
 * The rules (practice/) say which field and which code; the words are the web's, in the reader's
 * language. Codes are literals ("required", "too-long"); `arg` fills the sentence's placeholder. */
#ifndef BALM_BASE_PROBLEMS_H
#define BALM_BASE_PROBLEMS_H

#include "base/arena.h"
#include "base/str.h"

struct problem {
    struct str field; /* form field name or JSON path: "client.email", "therapists[0].hours[2].to" */
    const char *code; /* see web/words/problems.msg */
    struct str arg;   /* a limit, an offending value; may be empty */
    struct problem *next;
};

struct problems {
    struct arena *arena;
    struct problem *first;
    struct problem *last;
    size_t count;
};

void problems_init(struct problems *problems, struct arena *arena);

/* Adds one; at most 100 are kept (count goes on). field and arg are copied into the arena. */
void problems_add(struct problems *problems, struct str field, const char *code, struct str arg);

#endif

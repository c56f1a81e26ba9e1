/* What `balm fit` says: a fit in English sentences (as to the therapist:
 * web/charts/relief_words.h), and as JSON. */
#ifndef BALM_CLI_FIT_H
#define BALM_CLI_FIT_H

#include "base/sb.h"
#include "relief/relief.h"

enum { FIT_TEXT_BYTES = 64 << 10 };

struct fit_words {
    struct str carry_over;
    struct str half_life; /* these may be empty: nothing may be said */
    struct str interval;
    struct str level;
    struct str responder;
    struct str drop;
    struct str floor;
};

/* Sentences with what is missing where a statement may not be made; in the arena. */
struct fit_words fit_words_of(
    struct arena *arena, const struct relief_fit *fit, const struct relief_statements *st);

/* Every number and every statement with its gate. */
void fit_json_write(struct sb *sb, const struct relief_fit *fit, const struct relief_statements *st,
    const struct fit_words *words);

#endif

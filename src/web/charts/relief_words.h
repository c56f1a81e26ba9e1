/* What a fit of the relief model says, in the reader's language and in one of two voices: to the
 * client ("your pain"), and to the therapist (with the numbers in the sentence).
 *
 * Says what relief_state() allows and nothing more; where it allows nothing, what is missing. The
 * level and typical pain always come with "what caused it cannot be told from this". Never a single
 * date, never 0 or 100 %. Pure and without a clock; all texts are plain (not escaped) and live in
 * the format's arena. */
#ifndef BALM_WEB_CHARTS_RELIEF_WORDS_H
#define BALM_WEB_CHARTS_RELIEF_WORDS_H

#include "relief/relief.h"
#include "web/charts/relief_chart.h"
#include "web/format.h"

enum relief_voice { RELIEF_TO_CLIENT, RELIEF_TO_THERAPIST };

enum relief_word_kind {
    RELIEF_WORD_CARRY_OVER,
    RELIEF_WORD_HALF_LIFE,
    RELIEF_WORD_INTERVAL,
    RELIEF_WORD_LEVEL,
    RELIEF_WORD_RESPONDER,
    RELIEF_WORD_DROP,
    RELIEF_WORD_NAP,
    RELIEF_WORD_FLOOR,
    RELIEF_WORD_KINDS,
};

enum relief_tone {
    RELIEF_TONE_PLAIN,
    RELIEF_TONE_GOOD,
    RELIEF_TONE_WAITING, /* not enough data yet */
    RELIEF_TONE_CARE,
};

struct relief_word {
    enum relief_word_kind kind;
    enum relief_tone tone;
    struct str title;    /* "Relief beyond the day" */
    struct str figure;   /* "1.1 points", "not enough data yet"; may be empty */
    struct str sentence; /* stands for itself */
    struct str detail;   /* the range, what is missing; may be empty */
};

struct relief_words {
    struct relief_word items[RELIEF_WORD_KINDS]; /* what may be said, in the order of the kinds */
    size_t count;
};

struct relief_words relief_words_of(const struct format *f, enum relief_voice voice,
    const struct relief_fit *fit, const struct relief_statements *st);

/* NULL where nothing is said of it. */
const struct relief_word *relief_words_find(
    const struct relief_words *words, enum relief_word_kind kind);

/* Title, description (what is shown, and the sentence on carry-over), legend: only of what is
 * there. */
struct relief_chart_words relief_chart_words_of(const struct format *f, const struct tz *tz,
    enum relief_voice voice, const struct relief_fit *fit, const struct relief_words *words);

/* "Tue 3 Mar, 18:40: 6, check-in" of each row, for relief_chart.says. */
const struct str *relief_says(
    const struct format *f, const struct tz *tz, const struct relief_row *rows, size_t count);

/* The ratings and sessions as a table within <details>. */
void relief_table_write(struct sb *sb, const struct format *f, const struct tz *tz,
    const struct relief_row *rows, size_t count);

#endif

#include "cli/fit.h"

#include "web/charts/relief_words.h"

#include "base/banned.h"

/* The sentence and its detail as one line; empty where nothing is said. */
static struct str line_of(
    struct arena *arena, const struct relief_words *words, enum relief_word_kind kind)
{
    const struct relief_word *word = relief_words_find(words, kind);
    if (!word) return (struct str){0};
    if (!word->detail.len) return word->sentence;
    return arena_printf(arena, "%.*s %.*s", STR_ARG(word->sentence), STR_ARG(word->detail));
}

struct fit_words fit_words_of(
    struct arena *arena, const struct relief_fit *fit, const struct relief_statements *st)
{
    struct format format;
    format_init(&format, arena, LANG_EN, STR("en"));
    struct relief_words words = relief_words_of(&format, RELIEF_TO_THERAPIST, fit, st);
    return (struct fit_words){
        .carry_over = line_of(arena, &words, RELIEF_WORD_CARRY_OVER),
        .half_life = line_of(arena, &words, RELIEF_WORD_HALF_LIFE),
        .interval = line_of(arena, &words, RELIEF_WORD_INTERVAL),
        .level = line_of(arena, &words, RELIEF_WORD_LEVEL),
        .responder = line_of(arena, &words, RELIEF_WORD_RESPONDER),
        .drop = line_of(arena, &words, RELIEF_WORD_DROP),
        .floor = line_of(arena, &words, RELIEF_WORD_FLOOR),
    };
}

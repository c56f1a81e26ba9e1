/* Sentences that C code uses: .msg files turned into typed functions. */
#ifndef BALM_TMPLC_WORDS_H
#define BALM_TMPLC_WORDS_H

#include "catalog.h"

/* Reads one .msg file; its sentences join those read before. */
struct words;
struct words *words_new(struct tmplc *tc);
void words_read(struct words *words, const char *path);

/* Declarations and definitions of all sentences. */
struct str words_header(struct words *words);
struct str words_code(struct words *words);

#endif

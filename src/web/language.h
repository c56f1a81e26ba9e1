/* language: which language a visitor reads. Their choice (?lang=, kept in the cookie "lang"), then
 * what the browser asks for, then the practice's locale, then English. */
#ifndef BALM_WEB_LANGUAGE_H
#define BALM_WEB_LANGUAGE_H

#include "call/call.h"

/* Works without a practice (call->practice NULL). */
enum lang call_language(const struct call *call);

/* Keeps a choice made by ?lang= in the cookie. Every page calls it once, through page_begin. */
void language_remember(struct call *call);

/* The first language of an Accept-Language header that Balm speaks, by weight then by order; false
 * where there is none. */
bool language_from_header(struct str header, enum lang *ret_lang);

#endif

/* The catalogs: gettext .po files of translations, and the messages that the inputs use. */
#ifndef BALM_TMPLC_CATALOG_H
#define BALM_TMPLC_CATALOG_H

#include "message.h"

struct message {
    bool has_context;
    struct str context;
    struct str id;     /* English */
    struct str plural; /* English for n != 1, or empty */
};

struct po_entry {
    struct message message;
    struct str forms[2];
    bool fuzzy;
    bool used;
    enum tongue tongue;
    struct place at;       /* its msgid */
    struct place forms_at; /* its msgstr */
};

struct use {
    struct message message;
    struct place *places;
    size_t place_count;
};

/* A message in all languages: [language][0] for one, [language][1] for many. */
struct resolved {
    struct pieces forms[TONGUE_COUNT][2];
    bool plural;
    bool translated; /* at least one language has its own text */
};

void catalog_init(struct tmplc *tc);

/* Reads one file; its name begins with the language: es.po, es-booking.po. */
void catalog_read(struct tmplc *tc, const char *path);

/* Notes the use of a message and finds its translations. False where something was wrong (already
 * reported). */
bool catalog_resolve(struct tmplc *tc, const struct message *message, struct place at, bool markup,
    struct resolved *ret_resolved);

/* After all inputs were read: entries that nothing uses. */
void catalog_report_unused(struct tmplc *tc);

/* All used messages as a .pot file; or those that `tongue` lacks, as .po text to fill in. */
void catalog_print_pot(struct tmplc *tc, struct sb *out);
void catalog_print_missing(struct tmplc *tc, enum tongue tongue, struct sb *out);

/* "es.po" -> TONGUE_ES; ends the run where the name has no known language. */
enum tongue tongue_of_path(const char *path);
const char *tongue_enum_name(enum tongue tongue);
const char *path_base(const char *path);

/* Used by catalog.c, filled by po.c. */
#define CATALOG_ENTRIES_MAX 20000
struct catalog {
    struct po_entry *entries;
    size_t entry_count;
    struct use *uses;
    size_t use_count;
};
struct po_entry *catalog_find(
    struct tmplc *tc, enum tongue tongue, const struct message *message);

#endif

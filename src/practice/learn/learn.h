/* learn: the pages that say what massage can and cannot do, claim by claim.
 *
 * A page is a text: front matter between two lines "---", then Markdown (README.md here). Balm's
 * own pages (content/learn/) are compiled in, each in every language. A practice may write over
 * them, hide them and add pages of its own; what it saves are revisions that are never changed. Of
 * a page and language the newest revision counts; without one, or where its text is empty, Balm's
 * own text does. Hiding goes for all languages of a page.
 *
 * What is saved was checked by learn_check, so a claim always has its grade, its references and the
 * day it was last reviewed. Texts are views of the input or live in the given arena.
 *
 * Table: learn_page_revision. */
#ifndef BALM_PRACTICE_LEARN_H
#define BALM_PRACTICE_LEARN_H

#include "auth/actor.h"
#include "base/civil.h"
#include "base/problems.h"
#include "base/tmpl.h"
#include "practice/outcomes/measure.h"
#include "store/store.h"

/* ---- a page ---- */

enum learn_kind { LEARN_CLAIM = 1, LEARN_GUIDE };

/* How sure one can be. */
enum learn_grade {
    LEARN_NO_GRADE,  /* guides */
    LEARN_SUPPORTED, /* supported, short term */
    LEARN_MIXED,
    LEARN_WEAK,
    LEARN_CONTRADICTED,
    LEARN_GRADE_COUNT
};

/* Where a claim stands in the index. */
enum learn_theme {
    LEARN_NO_THEME, /* guides */
    LEARN_MUSCLES,
    LEARN_PAIN,
    LEARN_FLUIDS,
    LEARN_CALM,
    LEARN_THEME_COUNT
};

enum { LEARN_PARTS_MAX = 3, LEARN_MEASURES_MAX = 32 /* numbers of enum measure are below */ };

/* A claim may have parts that are not equally sure. */
struct learn_part {
    struct str name; /* "felt tension"; empty where the claim has one part */
    enum learn_grade grade;
};

struct learn_reference {
    struct str authors;
    int year;
    struct str place; /* journal, or what it is; may be empty where doi or pmid is given */
    int people;       /* who took part; 0: not said */
    struct str doi;
    struct str pmid;
};

struct learn_page {
    enum learn_kind kind;
    struct str title;
    struct str claim;   /* what people say; empty for guides */
    struct str summary; /* a sentence for the index */
    enum learn_theme theme;
    struct learn_part parts[LEARN_PARTS_MAX];
    size_t part_count; /* at least 1 for claims, 0 for guides */
    const struct learn_reference *references;
    size_t reference_count; /* at least 1 for claims */
    uint32_t measures;      /* a bit for each enum measure */
    date_day reviewed;
    int order;       /* within its theme */
    struct str body; /* Markdown */
};

static inline bool learn_measures(const struct learn_page *page, enum measure measure)
{
    return page->measures >> measure & 1;
}

/* "weak", "muscles"; and back. The names are those of the files. */
struct str learn_grade_name(enum learn_grade grade);
bool learn_grade_from_name(struct str name, enum learn_grade *ret_grade);
struct str learn_theme_name(enum learn_theme theme);
bool learn_theme_from_name(struct str name, enum learn_theme *ret_theme);

/* ---- its text ---- */

/* The fields of a page as they are written, in a file and in a form. Lists have an item a line. */
enum learn_field {
    LEARN_FIELD_TITLE,
    LEARN_FIELD_KIND, /* "claim", "guide" */
    LEARN_FIELD_CLAIM,
    LEARN_FIELD_THEME,
    LEARN_FIELD_GRADE, /* "weak", or lines "felt tension: weak" */
    LEARN_FIELD_SUMMARY,
    LEARN_FIELD_REFERENCES, /* lines "Authors; year; journal; n=18; doi:…" or pmid:… */
    LEARN_FIELD_MEASURES,   /* keys with commas between */
    LEARN_FIELD_REVIEWED,   /* "2026-11-22" */
    LEARN_FIELD_ORDER,
    LEARN_FIELD_BODY,
    LEARN_FIELD_COUNT
};

struct learn_fields {
    struct str text[LEARN_FIELD_COUNT];
    int line[LEARN_FIELD_COUNT]; /* of a file: where the field (the first item of a list) stands */
};

/* "title"; "grade"; "body". */
struct str learn_field_name(enum learn_field field);

/* Cuts a text into its fields. ERR_SYNTAX "learn-front-matter" with detail (arena) "line 3: ...".
 */
struct result MUST_CHECK learn_split(
    struct arena *arena, struct str text, struct learn_fields *ret_fields);

/* What the fields say. Problems carry a field's name; of a list's item, `arg` is its line. The page
 * is whole where no problem was added. */
void learn_check(
    const struct learn_fields *fields, struct problems *problems, struct learn_page *ret_page);

/* The fields as a text; learn_split gives them back. ERR_LIMIT "learn-too-long" beyond 32 kB. */
struct result MUST_CHECK learn_write(
    struct arena *arena, const struct learn_fields *fields, struct str *ret_text);

/* Both steps. ERR_SYNTAX or ERR_INVALID with detail "line 7, references: reference-year". */
struct result MUST_CHECK learn_parse(
    struct arena *arena, struct str text, struct learn_page *ret_page);

/* ---- Balm's own pages ---- */

size_t learn_own_count(void);
struct str learn_own_slug(size_t index);
/* Empty where Balm has no page of that name. */
struct str learn_own_text(struct str slug, enum lang lang);

/* ---- a practice's pages ---- */

/* One page in one language, as it stands. */
struct learn_entry {
    struct str slug;
    enum lang lang; /* of the text */
    bool has_own;   /* Balm has a page of this name */
    bool edited;    /* the practice's text, not Balm's */
    bool hidden;
    int64_t revision; /* the newest; 0: none */
    utc_us at;        /* when it was saved; 0 where there is no revision */
    struct user_id user;
    struct str text;
};

struct learn_entries {
    const struct learn_entry *ptr;
    size_t len;
};

/* All pages in `lang`, hidden ones too; a page that does not exist in it is given in another.
 * Balm's own first, in their order, then the practice's by name. */
struct result MUST_CHECK learn_list(struct tx *tx, struct practice_id practice, enum lang lang,
    struct arena *arena, struct learn_entries *ret_entries);

/* One of them; ERR_NOT_FOUND "no-such-page". */
struct result MUST_CHECK learn_find(struct tx *tx, struct practice_id practice, struct str slug,
    enum lang lang, struct arena *arena, struct learn_entry *ret_entry);

/* The page in exactly this language. ERR_NOT_FOUND where it has none (it may in another). */
struct result MUST_CHECK learn_find_exact(struct tx *tx, struct practice_id practice,
    struct str slug, enum lang lang, struct arena *arena, struct learn_entry *ret_entry);

/* Names of what visitors do not find. */
struct result MUST_CHECK learn_hidden(
    struct tx *tx, struct practice_id practice, struct arena *arena, struct str_list *ret_slugs);

/* ---- changing them ---- */

/* Who changes what, in a transaction that writes. */
struct learn_change {
    struct tx *tx;
    struct practice_id practice;
    struct actor actor; /* staff */
    utc_us now;
    struct arena *arena;
    struct str slug;
    enum lang lang;
};

/* A letter or digit first and last, small letters, digits and single hyphens between. */
bool learn_slug_is_valid(struct str slug);

/* Saves a text that learn_parse accepts. `base` is the revision that the writer saw (0: none):
 * ERR_CONFLICT "learn-changed" where there is a newer one. *ret_saved false: it is what stands
 * there already, and nothing was written. */
struct result MUST_CHECK learn_save(
    const struct learn_change *change, struct str text, int64_t base, bool *ret_saved);
/* Back to Balm's own text. ERR_NOT_FOUND where Balm has none. */
struct result MUST_CHECK learn_reset(const struct learn_change *change);
/* In all languages of the page. */
struct result MUST_CHECK learn_hide(const struct learn_change *change, bool hidden);

/* ---- history ---- */

struct learn_revision {
    int64_t n;
    struct str text; /* empty in lists, and where it was Balm's own */
    bool own;        /* back to Balm's own text */
    bool hidden;
    utc_us at;
    struct user_id user;
};

struct learn_revisions {
    const struct learn_revision *ptr;
    size_t len;
};

/* The newest first, at most LIMIT_LIST_ROWS, without their texts. */
struct result MUST_CHECK learn_history(struct tx *tx, struct practice_id practice, struct str slug,
    enum lang lang, struct arena *arena, struct learn_revisions *ret_revisions);
struct result MUST_CHECK learn_revision_get(struct tx *tx, struct practice_id practice,
    struct str slug, enum lang lang, int64_t n, struct arena *arena,
    struct learn_revision *ret_revision);

#endif

/* What the Learn pages show: the index, a page, and the parts that staff's preview shows too.
 *
 * As in public.h: values are ready to be read, an empty str means "not there". Texts of a page are in
 * its own language, which may be another than the reader's. */
#ifndef BALM_WEB_VIEWS_LEARN_H
#define BALM_WEB_VIEWS_LEARN_H

#include "web/views/public.h"

enum view_grade {
    VIEW_GRADE_NONE,
    VIEW_GRADE_SUPPORTED, /* short term */
    VIEW_GRADE_MIXED,
    VIEW_GRADE_WEAK,
    VIEW_GRADE_CONTRADICTED,
};

/* A grade as a mark, with the part of the claim it is for. */
struct view_learn_part {
    enum view_grade grade;
    struct str name; /* empty: the whole claim */
};

struct view_learn_parts {
    const struct view_learn_part *ptr;
    size_t len;
};

/* What a page measures: "Pain, 0 to 10" and how. */
struct view_learn_measure {
    struct str name;
    struct str how;
};

struct view_learn_measures {
    const struct view_learn_measure *ptr;
    size_t len;
};

struct view_learn_reference {
    struct str authors;
    int year;
    struct str place;
    int people; /* 0: not said */
    struct str id; /* "doi:10.1111/sms.12341", "PMID 32338846"; may be empty */
    struct url url;
};

struct view_learn_references {
    const struct view_learn_reference *ptr;
    size_t len;
};

/* The reader's own figure beside what is known; text is empty where nobody is signed in. */
struct view_learn_own {
    struct str text;
    struct url url; /* where more of it stands */
};

/* Everything of a page below its title. */
struct view_learn_article {
    struct str lang;    /* of its texts */
    struct str only_in; /* "Spanish": it does not exist in the reader's language; else empty */
    bool is_claim;
    struct str claim;
    struct view_learn_parts parts;
    struct view_learn_parts grades; /* each grade of the parts once, to be explained */
    struct html body;
    struct view_learn_measures measures;
    struct view_learn_references references;
    struct str reviewed; /* "22 November 2026" */
    struct view_learn_own own;
};

struct view_learn_item {
    struct str title;
    struct url url;
    struct str claim; /* empty for guides */
    struct str summary;
    struct view_learn_parts parts;
    struct str lang;
};

struct view_learn_items {
    const struct view_learn_item *ptr;
    size_t len;
};

enum view_learn_theme_name {
    VIEW_THEME_GUIDES,
    VIEW_THEME_MUSCLES,
    VIEW_THEME_PAIN,
    VIEW_THEME_FLUIDS,
    VIEW_THEME_CALM,
};

struct view_learn_theme {
    enum view_learn_theme_name name;
    struct view_learn_items items;
};

struct view_learn_themes {
    const struct view_learn_theme *ptr;
    size_t len;
};

struct view_learn {
    struct view_page page;
    struct view_aims aims;
    struct view_learn_themes themes; /* those that have pages */
    struct view_learn_parts grades;  /* all four */
    struct json_text jsonld;
};

struct view_learn_page {
    struct view_page page;
    struct str title;
    struct view_learn_article article;
    struct view_link before; /* empty label: none */
    struct view_link after;
    struct json_text jsonld;
};

#endif

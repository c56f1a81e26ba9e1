/* What staff see of the Learn pages: the list, writing one, its history. */
#ifndef BALM_WEB_VIEWS_STAFF_LEARN_H
#define BALM_WEB_VIEWS_STAFF_LEARN_H

#include "web/views/learn.h"
#include "web/views/staff.h"

struct view_staff_learn_row {
    struct str title;
    struct str about; /* "Muscles and movement", "Guide"; who edited it and when */
    struct url url;
    bool hidden;
    bool edited;      /* Balm's page, the practice's text */
    bool own;         /* the practice's own page */
    struct str only_in;
    struct str lang;
};

struct view_staff_learn_rows {
    const struct view_staff_learn_row *ptr;
    size_t len;
};

struct view_staff_learn {
    struct view_staff_page page;
    struct view_staff_learn_rows rows;
};

/* POST: the fields of the form to form.action (saves) or preview_url. */
struct view_staff_learn_edit {
    struct view_staff_page page;
    struct str language;     /* "English": of the text that is written here */
    struct url public_url;   /* empty: visitors do not find it */
    struct url history_url;  /* empty: nothing was saved yet */
    struct view_links languages; /* the page in the others */
    bool is_new;
    bool hidden;
    bool edited;
    bool has_own;
    struct str saved;        /* "Saved by Ana, Tuesday 3 March, 9:00"; may be empty */
    struct str conflict;     /* somebody saved meanwhile: who and when; may be empty */
    bool previewed;
    struct str preview_title;
    struct view_learn_article preview;
    struct view_form form;
    struct url preview_url;
    struct view_form hide;   /* shows or hides; empty action: not offered */
    struct view_form reset;  /* back to Balm's own text; empty action: not offered */
};

struct view_staff_learn_revision {
    struct str when;
    struct str who;
    struct str what;         /* "Text changed" */
    struct url url;          /* to look at it */
    bool newest;
};

struct view_staff_learn_revisions {
    const struct view_staff_learn_revision *ptr;
    size_t len;
};

struct view_staff_learn_history {
    struct view_staff_page page;
    struct str language;
    struct url back_url;
    struct view_links languages;
    struct view_staff_learn_revisions revisions;
    bool shown;              /* one of them is shown below */
    struct str shown_title;  /* its page's title */
    struct str shown_when;
    struct view_learn_article article;
    struct view_form restore; /* empty action: it is what stands now */
};

#endif

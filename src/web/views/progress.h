/* What the client's page and the therapist's page of measured relief both show.
 *
 * As in public.h: everything is ready to be read, nothing is owned. */
#ifndef BALM_WEB_VIEWS_PROGRESS_H
#define BALM_WEB_VIEWS_PROGRESS_H

#include "base/tmpl.h"

#include <stdbool.h>
#include <stddef.h>

/* One statement of the relief model, or what is missing for it. */
struct view_statement {
    struct str title;
    struct str figure; /* in large letters; may be empty */
    struct str sentence;
    struct str detail; /* may be empty */
    bool waiting;      /* not enough data yet */
    bool care;
};

struct view_statements {
    const struct view_statement *ptr;
    size_t len;
};

/* A picture and the numbers behind it; empty where there is nothing to draw. */
struct view_chart {
    struct html picture;
    struct html numbers;
    struct str description;
};

/* One measure: its last values as a line, and what may be said of its change. */
struct view_measure {
    struct str name;
    struct str last; /* "6.5 h" */
    struct html line;
    struct str before;   /* the mean before the first session; may be empty */
    struct str change;   /* empty: there is one value only */
    struct html numbers; /* a table; the therapist's page */
};

struct view_measures {
    const struct view_measure *ptr;
    size_t len;
};

enum view_entry_kind { VIEW_ENTRY_CHECK_IN, VIEW_ENTRY_BEFORE, VIEW_ENTRY_AFTER };

/* One time that the client said how they are. */
struct view_entry {
    enum view_entry_kind kind;
    struct str when;
    struct str values; /* "Pain 6, tension 4"; of a mistake: as first said */
    struct str first;  /* where corrected: what was said first */
    bool mistake;
    bool spontaneous;
};

struct view_entries {
    const struct view_entry *ptr;
    size_t len;
};

#endif

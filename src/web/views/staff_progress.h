/* What staff see of a client's measured relief, the plan of what they are asked, and deleting them.
 *
 * As in public.h: everything is ready to be read, an empty str means "not there". */
#ifndef BALM_WEB_VIEWS_STAFF_PROGRESS_H
#define BALM_WEB_VIEWS_STAFF_PROGRESS_H

#include "web/views/progress.h"
#include "web/views/staff.h"

/* Pain clearly worse for more than two days after a session. */
struct view_adverse {
    struct str session; /* when it was */
    struct str what;    /* "Usual pain 4, up to 8, for 77 hours" */
    struct str seen;    /* when; empty: open */
    struct str note;
    int64_t booking;
};

struct view_adverses {
    const struct view_adverse *ptr;
    size_t len;
};

enum view_review {
    VIEW_REVIEW_NOT_YET,
    VIEW_REVIEW_HELPS,
    VIEW_REVIEW_LITTLE,
    VIEW_REVIEW_UNCLEAR,
};

struct view_staff_link {
    struct str purpose;
    struct str made;
    struct str ends;
};

struct view_staff_links {
    const struct view_staff_link *ptr;
    size_t len;
};

/* A letter of referral, as text. */
struct view_staff_referral {
    struct str name;
    int64_t sessions;
    struct str since;
    struct str relief;
    struct str practice;
};

struct view_staff_progress {
    struct view_staff_page page;
    struct str name;
    struct url client_url;
    struct url plan_url;
    struct view_adverses open; /* POST adverse_url: booking, note */
    struct view_adverses seen;
    struct url adverse_url;
    enum view_review review;
    struct str review_count; /* "3 of 6 sessions" */
    struct str relief_sentence;
    struct str talk;        /* what to say, where relief is little */
    struct str referral;    /* a letter to go on from */
    struct str window;      /* "between ... and ..."; empty: none */
    struct str window_days; /* "3 to 6 days after the last session" */
    struct str window_why;
    struct str window_note;
    bool window_past;
    struct url book_url;
    struct view_chart chart;
    struct view_statements statements;
    struct view_chart series;
    struct view_measures measures;
    struct str adherence;   /* empty: nothing was asked */
    struct view_lines plan; /* what is asked and when; empty: no plan */
    bool plan_stopped;
    struct view_entries entries;
    struct view_entries earlier; /* shown when asked for */
    bool entries_more;           /* there are still older ones */
    struct view_staff_links links;
    struct url links_url; /* POST: do = send, revoke */
    bool can_send;        /* there is an e-mail address */
    struct url json_url;
    struct url csv_url;
};

struct view_staff_plan {
    struct view_staff_page page;
    struct str name;
    struct url back_url;
    bool refused; /* no e-mail address: nobody can be asked */
    struct url client_url;
    struct view_form form;
};

struct view_staff_erase {
    struct view_staff_page page;
    struct str name;
    struct url client_url;
    struct str asked; /* the client asked for it on that day */
    int64_t coming;   /* sessions still booked: not yet possible */
    struct view_form form;
};

#endif

/* What the client's own pages show.
 *
 * As in public.h: everything is ready to be read, an empty str means "not there". */
#ifndef BALM_WEB_VIEWS_MY_H
#define BALM_WEB_VIEWS_MY_H

#include "web/views/progress.h"
#include "web/views/public.h"

/* What was just done. */
enum view_my_did {
    VIEW_MY_DID_NOTHING,
    VIEW_MY_DID_RHYTHM,
    VIEW_MY_DID_STOP,
    VIEW_MY_DID_ASK,   /* for deletion */
    VIEW_MY_DID_WRONG, /* a form that cannot be: nothing was changed */
};

/* What to do next. */
enum view_my_next {
    VIEW_MY_NEXT_BEGIN,       /* nothing was told yet */
    VIEW_MY_NEXT_COMING,      /* a session is booked */
    VIEW_MY_NEXT_WINDOW,      /* the days when one would be due */
    VIEW_MY_NEXT_WINDOW_PAST, /* these days have passed */
    VIEW_MY_NEXT_TELL,        /* more check-ins are needed */
    VIEW_MY_NEXT_TALK,        /* relief lasts hardly: talk about it */
    VIEW_MY_NEXT_NOTHING,
};

struct view_my_session {
    struct view_session session;
    struct url url; /* to move or cancel it; empty for past ones */
};

struct view_my_sessions {
    const struct view_my_session *ptr;
    size_t len;
};

struct view_my_choice {
    int value;
    struct str label;
    bool selected;
};

struct view_my_choices {
    const struct view_my_choice *ptr;
    size_t len;
};

enum view_my_asking { VIEW_MY_NOT_ASKED, VIEW_MY_ASKED, VIEW_MY_STOPPED };

struct view_my {
    struct view_page page;
    struct str name;
    enum view_my_did did;
    struct str erasure_asked;     /* when; empty: not */
    struct view_statement relief; /* beyond the day of a session */
    struct view_chart chart;
    bool has_sessions;
    enum view_my_next next;
    struct str next_days; /* of the window; of the session that comes */
    struct str next_why;  /* of the window */
    struct url book_url;
    struct view_statements statements;
    struct view_statements more;
    struct view_measures measures;
    struct view_my_sessions coming;
    struct view_my_sessions past;
    int past_count;
    int past_more; /* that are not shown */
    struct view_entries entries;
    enum view_my_asking asking;
    struct view_my_choices rhythm; /* POST: per_week */
    struct str evening;            /* POST: evening, "20:00" */
};

/* Without a session. POST: email. */
struct view_my_link {
    struct view_page page;
    bool sent;  /* a letter is on its way, if we know the address */
    bool ended; /* the link that was followed does not hold */
    bool left;
    struct view_field email;
};

struct view_my_delete {
    struct view_page page;
    struct str erasure_asked;
    int64_t coming; /* sessions that are still booked */
};

#endif

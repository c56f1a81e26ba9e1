/* What a client sees who says how they are: the pages behind the links of check-ins and sessions.
 *
 * As in public.h: values are ready to be read, an empty str means "not there". Names of the fields
 * are measure keys (practice/outcomes/measure.h), `entry` and, for corrections, `mistake`. */
#ifndef BALM_WEB_VIEWS_CHECKIN_H
#define BALM_WEB_VIEWS_CHECKIN_H

#include "web/views/public.h"

/* One number of a scale, or one entry of a list. */
struct view_choice {
    struct str value; /* as it is sent */
    struct str label;
    struct str end; /* words at this end of the scale, read out with the number */
    bool chosen;
};

struct view_choices {
    const struct view_choice *ptr;
    size_t len;
};

struct view_question {
    struct str name;
    struct str label;
    struct str low; /* words at both ends; empty: a list to choose from */
    struct str high;
    struct str problem; /* what is wrong and how to mend it */
    bool first;         /* its label is the page's heading */
    struct view_choices choices;
};

struct view_questions {
    const struct view_question *ptr;
    size_t len;
};

/* POST: the questions' names, and `entry`. */
struct view_checkin_form {
    struct url action_url;
    struct str entry; /* empty: the script makes one (offline) */
    struct view_questions questions;
    struct str server_key; /* for answers kept offline; empty: none are kept */
    struct url sealed_url;
    struct url worker_url;
};

struct view_checkin {
    struct view_page page;
    struct str when; /* "Thursday evening" */
    struct view_checkin_form form;
    struct url rhythm_url; /* empty: there is no plan */
    bool problems;
};

/* One value that was noted. */
struct view_said {
    struct str name;
    struct str value;
};

struct view_said_list {
    const struct view_said *ptr;
    size_t len;
};

struct view_checkin_thanks {
    struct view_page page;
    struct str when; /* "Thursday 5 March, 20:05"; empty: no entry to show */
    struct view_said_list said;
    bool is_mistake; /* taken back */
    bool told;       /* the practice has been told that pain stayed clearly worse */
    struct url change_url;
    struct url page_url; /* POST */
    struct url again_url;
    struct url rhythm_url; /* empty: there is no plan */
};

/* POST: the questions' names; `mistake` takes the entry back. */
struct view_checkin_entry {
    struct view_page page;
    struct str when;
    struct view_checkin_form form;
    struct url back_url;
    bool problems;
};

enum view_rhythm_state {
    VIEW_RHYTHM_NONE, /* nothing is agreed */
    VIEW_RHYTHM_ASKING,
    VIEW_RHYTHM_STOPPED,
};

/* POST: per_week ("2", "1", "0", "now") or evening (minutes of the day). */
struct view_checkin_rhythm {
    struct view_page page;
    enum view_rhythm_state state;
    int per_week;
    struct str time; /* "8:00 PM" */
    bool saved;      /* just now */
    struct url action_url;
    struct url stop_url; /* POST */
    struct url back_url;
    struct view_choices times;
};

struct view_checkin_stop {
    struct view_page page;
    bool stopped;
    struct url action_url;
    struct url rhythm_url;
};

/* The link leads nowhere (any more). */
struct view_checkin_ended {
    struct view_page page;
    struct url my_url;
};

enum view_session_state {
    VIEW_SESSION_BEFORE, /* to be rated before */
    VIEW_SESSION_AFTER,
    VIEW_SESSION_WAITING, /* rated before; too early for after */
    VIEW_SESSION_RATED,   /* all is noted */
    VIEW_SESSION_LATE,
};

struct view_checkin_session {
    struct view_page page;
    enum view_session_state state;
    struct view_checkin_form form;
    bool problems;
};

/* The page that is kept by the browser for when it is offline. */
struct view_checkin_shell {
    struct view_page page;
    struct view_checkin_form form;
};

#endif

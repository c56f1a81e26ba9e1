/* What the practice's letters say about one booking, or ask about how somebody is.
 *
 * The same values fill the HTML part, the text part and the subject. All of them are written out in
 * the reader's language, in the practice's time zone; empty means "not there". URLs are absolute.
 */
#ifndef BALM_WEB_VIEWS_MAIL_H
#define BALM_WEB_VIEWS_MAIL_H

#include "base/tmpl.h"

enum view_asked {
    VIEW_ASKED_EVENING,
    VIEW_ASKED_RUN_IN, /* the days before the first session */
    VIEW_ASKED_DAY_AFTER,
    VIEW_ASKED_THREE_AFTER,
};

struct view_mail {
    struct str lang; /* "en" */
    struct str practice;
    struct str name; /* the client's, as they gave it */
    struct str service;
    int minutes;
    struct str price;  /* may be empty */
    struct str day;    /* "Tuesday 3 March 2026" */
    struct str time;   /* "10:30 (New York time)" */
    struct str before; /* moved: "Monday 2 March, 9:00", what it was; else empty */
    struct str therapist;
    struct str address; /* one line */
    struct str phone;
    struct str cancel_until; /* "Monday 2 March, 10:30", the earlier of both deadlines; or empty */
    struct str reason;       /* cancelled by the practice: its words; may be empty */
    struct url manage_url;
    struct url book_url; /* cancelled: find another time */
    int first_visit;     /* 1: says what to expect */

    /* letters that are not about a booking */
    int is_personal;
    enum view_asked asked;
    struct url page_url;   /* where to say how they are, or their page */
    struct url rhythm_url; /* less often, another time, not at all */
};

#endif

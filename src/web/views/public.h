/* What the public pages show.
 *
 * A page handler fills one of these structs and calls the generated function; templates can reach
 * nothing else. Every value is ready to be read by a person: dates, times and money are written out
 * in the visitor's language by the handler, all other words stand in the templates. An empty str
 * means "not there": the template leaves its line out. Lists may be empty. Nothing is owned: all
 * memory is the request's arena, or static.
 *
 * Field names of the forms are part of the contract between templates and handlers; they stand as
 * comments beside the struct. */
#ifndef BALM_WEB_VIEWS_PUBLIC_H
#define BALM_WEB_VIEWS_PUBLIC_H

#include "base/tmpl.h"

#include <stdbool.h>
#include <stddef.h>

/* ---- around every page ---- */

/* Which page this is: gives the title, the description and the mark in the navigation. */
enum view_place {
    VIEW_PLACE_NONE, /* uses view_page.title */
    VIEW_PLACE_HOME,
    VIEW_PLACE_SERVICES,
    VIEW_PLACE_LEARN, /* uses view_page.title */
    VIEW_PLACE_BOOK_SERVICE,
    VIEW_PLACE_BOOK_TIME,
    VIEW_PLACE_BOOK_DETAILS,
    VIEW_PLACE_BOOK_DONE,
    VIEW_PLACE_MANAGE,
    VIEW_PLACE_MOVE,
    VIEW_PLACE_CANCEL,
    VIEW_PLACE_PRIVACY,
    VIEW_PLACE_ERROR,
};

/* One message above the page, after a redirect. */
enum view_flash {
    VIEW_FLASH_NONE,
    VIEW_FLASH_MOVED,
    VIEW_FLASH_CANCELLED,
    VIEW_FLASH_HOLD_RENEWED,
    VIEW_FLASH_HOLD_ENDED,
    VIEW_FLASH_FIELDS, /* fields need mending; they say so themselves */
};

struct view_language {
    struct str code;     /* "es" */
    struct str name;     /* "Español", in its own language */
    struct url url;      /* this page in that language */
    struct url full_url; /* the same, absolute, for search engines */
    bool current;
};

struct view_languages {
    const struct view_language *ptr;
    size_t len;
};

struct view_hours_row {
    struct str days;  /* "Monday to Friday" */
    struct str times; /* one period a line: "9:00–17:00"; empty: closed */
};

struct view_hours {
    const struct view_hours_row *ptr;
    size_t len;
};

struct view_line {
    struct str text;
};

struct view_lines {
    const struct view_line *ptr;
    size_t len;
};

struct view_practice {
    struct str name;
    struct str phone;     /* as written, may be empty */
    struct url phone_url; /* "tel:+15550100" */
    struct str email;
    struct url email_url;      /* "mailto:…" */
    struct view_lines address; /* "1 Main St", "Springfield" */
    struct url map_url;        /* may be empty */
    struct view_hours hours;   /* may be empty */
    struct str zone_name;      /* "New York time" */
    struct str zone;           /* "America/New_York" */
};

struct view_page {
    struct str lang; /* "en" */
    enum view_place place;
    struct str title;         /* only where place is VIEW_PLACE_NONE */
    struct str description;   /* for search engines; empty: the site's */
    struct url canonical_url; /* absolute; empty on personal pages, which are not indexed */
    struct url home_url;
    struct url services_url;
    struct url learn_url;
    struct url first_visit_url; /* "/#first-visit" */
    struct url book_url;
    struct url privacy_url;
    struct url signin_url;       /* for the practice's own people, in the footer */
    struct url css_url;          /* asset_url(STR("look.css")) */
    struct url js_url;           /* asset_url(STR("book.js")); empty: no script */
    struct url font_heading_url; /* asset_url(STR("fraunces-latin.woff2")), preloaded */
    struct url font_text_url;    /* asset_url(STR("atkinson-latin.woff2")) */
    struct url icon_svg_url;     /* asset_url(STR("favicon.svg")) */
    struct url icon_touch_url;   /* asset_url(STR("apple-touch-icon.png")) */
    struct url manifest_url;     /* "/site.webmanifest" */
    struct url og_image_url;     /* absolute */
    struct view_practice practice;
    struct view_languages languages;
    enum view_flash flash;
};

/* ---- parts that several pages share ---- */

struct view_link {
    struct str label;
    struct url url;
    bool current;
};

struct view_links {
    const struct view_link *ptr;
    size_t len;
};

/* A hidden field of a form. */
struct view_hidden {
    struct str name;
    struct str value;
};

struct view_hiddens {
    const struct view_hidden *ptr;
    size_t len;
};

struct view_service {
    struct str name;
    int minutes;
    struct str price; /* "$95.00"; may be empty */
    struct str description;
    struct url url; /* its times, whoever is free */
    struct view_links
        therapists; /* its times with one of them; shown where there are two or more */
};

struct view_services_list {
    const struct view_service *ptr;
    size_t len;
};

/* One session, booked or about to be. */
struct view_session {
    struct str service;
    int minutes;
    struct str price;
    struct str day;       /* "Tuesday 3 March 2026" */
    struct str time;      /* "10:30", with its offset where it occurs twice that day */
    struct str visitor;   /* "Tuesday 3 March, 16:30" in the visitor's zone; empty where equal */
    struct str therapist; /* empty: whoever is free */
    struct str room;      /* may be empty */
};

/* An opening that is offered beside the list of times. */
struct view_opening {
    struct str when; /* "Thursday 5 March, 9:00" */
    struct str therapist;
    struct url url;   /* GET: the day it stands in */
    struct str start; /* RFC 3339, for the form that takes it */
};

struct view_openings {
    const struct view_opening *ptr;
    size_t len;
};

enum view_day_state {
    VIEW_DAY_BLANK, /* a cell outside the month */
    VIEW_DAY_PAST,  /* past, or beyond the horizon */
    VIEW_DAY_FULL,  /* no opening */
    VIEW_DAY_FEW,   /* one or two openings */
    VIEW_DAY_OPEN,
};

struct view_day {
    enum view_day_state state;
    struct str weekday; /* "Tue" */
    struct str number;  /* "3" */
    struct str label;   /* "Tuesday 3 March", read out */
    struct url url;     /* its times; empty unless it may be chosen */
    int openings;
    bool today;
    bool selected;
    bool suggested;
};

struct view_days {
    const struct view_day *ptr;
    size_t len;
};

struct view_time {
    struct str label;   /* "10:30" in the practice's zone */
    struct str offset;  /* "UTC−4", only where this time occurs twice that day */
    struct str visitor; /* "16:30" in the visitor's zone; empty where equal */
    struct str start;   /* RFC 3339, sent as `start` */
};

struct view_times {
    const struct view_time *ptr;
    size_t len;
};

/* Day and time, for booking and for moving. One POST form with a button for each time:
 *   start=RFC3339, and the hidden fields. */
struct view_picker {
    struct url action_url;        /* POST: takes the time */
    struct view_hiddens hidden;   /* service, therapist, … */
    bool taken;                   /* the time asked for has gone; `nearest` offers others */
    struct str refusal;           /* it cannot be had for this other reason; `nearest` as well */
    struct view_openings nearest; /* at most three, sent as `start` to action_url */
    struct view_links
        therapists;             /* "anyone" has an empty label; shown where there are two or more */
    struct str week_label;      /* "2–8 March 2026" */
    struct url week_before_url; /* empty: nothing before */
    struct url week_after_url;
    struct view_days week;  /* seven days */
    struct str month_label; /* "March 2026" */
    struct url month_before_url;
    struct url month_after_url;
    struct view_links weekdays; /* labels of the month's columns, seven */
    struct view_days month;     /* whole weeks, blanks included */
    struct url month_url;       /* shows the month where it is not */
    struct str suggested;       /* "between Tuesday 8 December and ..."; empty: nothing is */
    struct str day_label;       /* "Tuesday 3 March"; empty: no day chosen */
    struct str beyond; /* a day was asked for that cannot be planned yet: the last that can */
    struct view_times morning;
    struct view_times afternoon;
    struct view_times evening;
    struct view_opening next;     /* nearest opening; when is empty where there is none at all */
    bool next_needed;             /* the chosen day has no times: say so, and offer `next` */
    struct str zone;              /* the practice's: "America/New_York" */
    struct str zone_name;         /* "New York time" */
    struct str visitor_zone_name; /* "Rome time"; empty where the visitor's is equal or unknown */
    bool twice;                   /* clocks go back on the chosen day: some times occur twice */
};

/* ---- pages ---- */

struct view_therapist {
    struct str name;
    struct str initials;
    struct str about; /* may be empty */
    struct url url;   /* their times */
};

struct view_therapists {
    const struct view_therapist *ptr;
    size_t len;
};

/* Where each of the four aims is looked at closely; empty where the practice hides that page. */
struct view_aims {
    struct url tension_url;
    struct url relief_url;
    struct url swelling_url;
    struct url movement_url;
};

struct view_home {
    struct view_page page;
    struct view_opening next; /* when is empty: no opening within the horizon */
    struct view_services_list services;
    struct view_therapists therapists;
    struct view_aims aims;
    struct json_text jsonld;
};

struct view_services {
    struct view_page page;
    struct view_services_list services;
    struct json_text jsonld;
};

struct view_book_service {
    struct view_page page;
    struct view_services_list services;
    struct view_opening next;
};

struct view_book_time {
    struct view_page page;
    struct view_session session; /* service, minutes, price */
    struct url change_url;       /* another service */
    struct view_picker picker;
};

enum view_problem {
    VIEW_OK,
    VIEW_MISSING,
    VIEW_TOO_LONG,
    VIEW_NOT_VALID,
};

struct view_field {
    struct str value;
    enum view_problem problem;
};

/* The time is kept for the visitor. */
struct view_hold {
    int minutes;    /* left, rounded up; 0: no hold, or it has ended */
    int seconds;    /* left, for the script */
    bool can_renew; /* once */
};

/* POST: name, email, phone, note, the hidden fields; sent to renew_url it asks for a longer hold.
 * `website` is a trap for programs: whoever fills it in is not booked. */
struct view_book_details {
    struct view_page page;
    struct view_session session;
    struct url change_url; /* another time */
    struct url action_url;
    struct url renew_url; /* where the same form asks for a longer hold */
    struct view_hiddens hidden; /* service, start, therapist, hold, idempotency key */
    struct view_hold hold;
    bool hold_ended; /* there was a hold; the time may still be free */
    struct view_field name;
    struct view_field email;
    struct view_field phone;
    struct view_field note;
    struct str cancel_until; /* "Monday 2 March, 10:30", the earlier of both deadlines */
};

struct view_book_done {
    struct view_page page;
    struct view_session session;
    struct str email;
    struct url ics_url;
    struct url manage_url;
    struct str cancel_until;
    bool first_visit;
};

enum view_booking_state {
    VIEW_BOOKING_COMING,
    VIEW_BOOKING_CANCELLED,
    VIEW_BOOKING_PAST,
};

struct view_manage {
    struct view_page page;
    enum view_booking_state state;
    struct view_session session;
    bool can_move;
    bool can_cancel;
    struct url move_url;
    struct url cancel_url;
    struct url ics_url;
    struct url again_url;  /* book the same service anew */
    struct str move_until; /* "Monday 2 March, 22:30"; empty: until it begins */
    struct str cancel_until;
};

struct view_manage_move {
    struct view_page page;
    struct view_session session; /* as it stands now */
    struct url back_url;
    struct view_picker picker;
};

/* POST: reason (may be empty), the hidden fields. */
struct view_manage_cancel {
    struct view_page page;
    struct view_session session;
    struct url back_url;
    struct url move_url; /* empty: it is too late to move */
    struct url action_url;
    struct view_hiddens hidden;
    struct view_field reason;
};

struct view_privacy {
    struct view_page page;
    int keep_years; /* how long records are kept */
};

struct view_error {
    struct view_page page;
    int status;            /* 400, 403, 404, 405, 413, 422, 429, 500, 503 */
    int wait_minutes;      /* 429 and 503; 0: unknown */
    bool session_lost;     /* 404: the link of an e-mail leads to no session */
    struct str reason;     /* 409 and 422: what stood in the way, and the mend */
    struct str request_id; /* 500: what the practice can look up */
    struct url back_url;   /* may be empty */
};

#endif

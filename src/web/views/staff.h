/* What the staff's pages show.
 *
 * As in public.h: a handler fills one of these structs and calls the generated function. Values are
 * ready to be read: dates, times, money and names of fields are written out in the reader's language.
 * An empty str means "not there". Nothing is owned: all memory is the request's arena, or static. */
#ifndef BALM_WEB_VIEWS_STAFF_H
#define BALM_WEB_VIEWS_STAFF_H

#include "web/views/public.h"

/* ---- around every page ---- */

enum view_staff_place {
    VIEW_STAFF_NONE,
    VIEW_STAFF_TODAY,
    VIEW_STAFF_CALENDAR,
    VIEW_STAFF_CLIENTS,
    VIEW_STAFF_MESSAGES,
    VIEW_STAFF_LEARN,
    VIEW_STAFF_SETTINGS,
    VIEW_STAFF_ACCOUNT,
};

struct view_staff_page {
    struct str lang;
    struct str title;
    enum view_staff_place place;
    struct url css_url;       /* look.css */
    struct url staff_css_url; /* staff.css */
    struct url page_css_url;  /* this page's own; may be empty */
    struct url js_url;        /* staff.js */
    struct url page_js_url;   /* this page's own bundle; may be empty */
    struct url font_heading_url;
    struct url font_text_url;
    struct url icon_svg_url;
    struct str practice;
    struct str user;          /* name of who is signed in; empty: nobody */
    bool may_calendar;        /* the navigation shows what the role may */
    bool may_clients;
    bool may_messages;
    bool may_learn;
    bool may_settings;
    bool wide;                /* the page uses the whole width (calendar) */
    struct str flash;         /* what was just done */
    struct view_languages languages;
};

/* ---- forms ---- */

enum view_input_kind {
    VIEW_INPUT_TEXT,
    VIEW_INPUT_EMAIL,
    VIEW_INPUT_TEL,
    VIEW_INPUT_NUMBER,
    VIEW_INPUT_DATE,
    VIEW_INPUT_TIME,
    VIEW_INPUT_PASSWORD,     /* the one in use */
    VIEW_INPUT_NEW_PASSWORD,
    VIEW_INPUT_AREA,
    VIEW_INPUT_SELECT,
    VIEW_INPUT_CHECK,        /* one box; sends value "1" */
    VIEW_INPUT_CHECKS,       /* a box for each option */
};

struct view_option {
    struct str value;
    struct str label;
    bool selected;
};

struct view_options {
    const struct view_option *ptr;
    size_t len;
};

struct view_input {
    enum view_input_kind kind;
    struct str id;           /* unique on the page */
    struct str name;
    struct str label;
    struct str hint;         /* may be empty */
    struct str value;
    struct str error;        /* may be empty */
    struct view_options options;
    bool checked;            /* VIEW_INPUT_CHECK */
    bool required;
    bool wide;               /* takes the form's whole width */
    int max_chars;           /* 0: not said */
};

struct view_inputs {
    const struct view_input *ptr;
    size_t len;
};

/* One POST form. */
struct view_form {
    struct url action;
    struct view_hiddens hidden;
    struct view_inputs inputs;
    struct str problem;      /* of the form as a whole; may be empty */
    struct str submit;       /* the button's words */
    bool grave;              /* the button takes something away */
};

/* Label, hidden fields and one button. */
struct view_button {
    struct url action;
    struct view_hiddens hidden;
    struct str label;
};

/* ---- pages ---- */

struct view_staff_sign_in {
    struct view_staff_page page;
    struct view_form form;
};

struct view_staff_session {
    struct str device;
    struct str seen;         /* "Tuesday 3 March, 10:30" */
    struct str begun;
    bool current;
    int64_t id;
};

struct view_staff_sessions {
    const struct view_staff_session *ptr;
    size_t len;
};

struct view_staff_account {
    struct view_staff_page page;
    struct str name;
    struct str email;
    struct str role;
    struct view_staff_sessions sessions;
    struct view_form password;
};

enum view_visit_state {
    VIEW_VISIT_COMING,
    VIEW_VISIT_DONE,
    VIEW_VISIT_NO_SHOW,
    VIEW_VISIT_CANCELLED,
};

struct view_staff_visit {
    enum view_visit_state state;
    bool now;                /* it goes on at this moment */
    bool begun;              /* its start has passed: done and no-show can be said */
    struct str time;         /* "9:00" */
    struct str span;         /* "9:00–10:00" */
    int minutes;
    struct str client;
    struct url client_url;
    struct url booking_url;
    struct str service;
    struct str therapist;    /* empty where the page shows one therapist */
    struct str room;
    struct str count;        /* "6th session"; empty: first visit */
    bool first_visit;
    struct str phone;
    struct url phone_url;
    struct str email;
    struct url email_url;
    struct str note;
    struct url status_url;   /* POST: status, back */
    struct str back;         /* the page to come back to */
};

/* One line of the day: a visit, or what lies between two. */
struct view_staff_line {
    struct str gap;          /* "Free 12:00–13:00"; empty: it is the visit */
    bool off;                /* the gap is time off */
    struct view_staff_visit visit;
};

struct view_staff_lines {
    const struct view_staff_line *ptr;
    size_t len;
};

/* What waits for a person: shown first. */
struct view_staff_alert {
    struct str name;
    struct str text;
    struct url url;
};

struct view_staff_alerts {
    const struct view_staff_alert *ptr;
    size_t len;
};

struct view_staff_today {
    struct view_staff_page page;
    struct view_staff_alerts adverse;  /* worse for days after a session; empty for the desk */
    struct view_staff_alerts erasures; /* clients who asked to be deleted */
    struct str heading;      /* "Tuesday 3 March" */
    struct str relative;     /* "Today", "Tomorrow"; may be empty */
    struct view_lines summary;
    struct view_links who;   /* everyone, each therapist; shown where there are two or more */
    struct url before_url;
    struct url after_url;
    struct url today_url;    /* empty: it is today */
    struct url book_url;     /* a new booking on this day; empty: may not */
    struct url calendar_url;
    struct url settings_url; /* where hours are given; only where nobody works at all; may be empty */
    struct str next_day;     /* empty day: the next day with a session */
    struct url next_day_url;
    bool works;              /* somebody shown works on this day */
    struct view_staff_lines lines;
};

struct view_staff_event {
    struct str when;
    struct str what;         /* "Moved by Ana Ruiz from Tuesday 3 March, 9:00 to ..." */
    struct str reason;
};

struct view_staff_events {
    const struct view_staff_event *ptr;
    size_t len;
};

enum view_message_state {
    VIEW_MESSAGE_WAITING,
    VIEW_MESSAGE_SENT,
    VIEW_MESSAGE_FAILED,
    VIEW_MESSAGE_UNSURE,
    VIEW_MESSAGE_DROPPED,
};

struct view_staff_message {
    enum view_message_state state;
    struct str kind;         /* "Confirmation" */
    struct str to;           /* the client's name */
    struct str email;
    struct str when;         /* sent, or when it will be */
    struct str session;      /* "Tuesday 3 March, 9:00" */
    struct url booking_url;
    struct str error;        /* the mail server's words */
    int attempts;
    struct url again_url;    /* POST; empty: cannot be sent again */
};

struct view_staff_messages_list {
    const struct view_staff_message *ptr;
    size_t len;
};

struct view_staff_booking {
    struct view_staff_page page;
    struct view_staff_visit visit;
    struct str day;          /* "Tuesday 3 March 2026" */
    struct str price;
    struct str booked;       /* when it was booked */
    struct str reference;    /* what the client's letters call it */
    struct url day_url;
    struct url again_url;    /* book another for this client; may be empty */
    struct url rating_url;   /* POST: hands it to the client for rating; may be empty */
    bool can_change;         /* confirmed: move and cancel are offered */
    struct str why;          /* warning: the new time is not one that clients are offered */
    struct view_form move;
    struct view_form cancel;
    struct view_staff_events history;
    struct view_staff_messages_list messages;
};

struct view_staff_book {
    struct view_staff_page page;
    struct str client;       /* known client; empty: a new one */
    struct url client_url;
    struct url find_url;     /* look for a known client first */
    struct str why;          /* warning, as above */
    struct view_form form;
    struct url why_url;
};

struct view_staff_reason {
    struct str name;         /* therapist */
    struct str text;
    struct url url;          /* what stands in the way; may be empty */
    struct str url_label;
    bool offered;
};

struct view_staff_reasons {
    const struct view_staff_reason *ptr;
    size_t len;
};

struct view_staff_why {
    struct view_staff_page page;
    struct view_form form;   /* sent by GET */
    struct str when;         /* empty: nothing asked yet */
    struct str service;
    struct view_staff_reasons reasons;
    struct url book_url;
};

struct view_staff_person {
    struct str name;
    struct url url;
    struct str contact;      /* e-mail, phone */
    struct str last;         /* "Next session: Tuesday 3 March, 9:00" */
};

struct view_staff_people {
    const struct view_staff_person *ptr;
    size_t len;
};

struct view_staff_clients {
    struct view_staff_page page;
    struct str query;
    struct view_staff_people people;
    bool more;               /* there are more than are shown */
    struct url book_url;
    struct view_staff_alerts erasures;
};

struct view_staff_client_booking {
    struct str when;
    struct str what;         /* "Massage, 60 min, with Ana Ruiz" */
    struct url url;
    enum view_visit_state state;
};

struct view_staff_client_bookings {
    const struct view_staff_client_booking *ptr;
    size_t len;
};

struct view_staff_client {
    struct view_staff_page page;
    struct str name;
    struct str email;
    struct url email_url;
    struct str phone;
    struct url phone_url;
    struct str note;
    struct str since;
    struct str counts;       /* "6 sessions, 1 no-show" */
    struct view_staff_client_bookings coming;
    struct view_staff_client_bookings past;
    struct url book_url;
    struct url merge_url;
    bool erased;             /* was deleted: only the times of sessions are left */
    struct url progress_url; /* measured relief; empty: may not */
    struct url erase_url;    /* empty: may not */
    struct str erasure_asked; /* the client asked on that day to be deleted */
    bool editing;            /* the form has problems: show it open */
    struct view_form form;
};

struct view_staff_merge {
    struct view_staff_page page;
    struct str name;         /* the record that goes */
    struct url client_url;
    struct url search_url;   /* GET: q */
    struct str query;
    struct view_staff_people people; /* to choose from */
    bool asked;              /* both are chosen: confirm */
    bool may;                /* or there are health data, and they may not */
    struct view_staff_person from;
    struct view_staff_person into;
    struct url swap_url;
    struct view_form confirm;
};

struct view_staff_messages {
    struct view_staff_page page;
    int64_t waiting;
    int64_t failed;
    struct view_staff_messages_list messages;
};

struct view_staff_audit_entry {
    struct str when;
    struct str who;
    struct str what;
    struct str detail;
    struct url url;
};

struct view_staff_audit_entries {
    const struct view_staff_audit_entry *ptr;
    size_t len;
};

struct view_staff_audit {
    struct view_staff_page page;
    struct view_staff_audit_entries entries;
};

/* ---- settings ---- */

struct view_setting {
    struct str label;
    struct str summary;
    struct url url;
};

struct view_settings {
    const struct view_setting *ptr;
    size_t len;
};

struct view_staff_settings {
    struct view_staff_page page;
    struct view_settings therapists;
    struct view_settings services;
    struct view_settings rooms;
    struct str practice;     /* summaries */
    struct str rules;
    struct str team;
};

/* A page with one form, and what may be removed. */
struct view_staff_setting {
    struct view_staff_page page;
    struct str intro;        /* may be empty */
    struct view_form form;
    bool can_remove;
    struct view_form remove;
    struct str remove_note;
};

/* from and to of a weekday or a date. */
struct view_period {
    struct str name_from;
    struct str name_to;
    struct str from;
    struct str to;
    struct str error;
    int number;
};

struct view_periods {
    const struct view_period *ptr;
    size_t len;
};

struct view_week_day {
    struct str name;         /* "Monday" */
    struct view_periods periods;
};

struct view_week {
    const struct view_week_day *ptr;
    size_t len;
};

struct view_exception {
    struct str name_date;
    struct str date;
    struct view_period period;
    struct str date_error;
};

struct view_exceptions {
    const struct view_exception *ptr;
    size_t len;
};

struct view_staff_therapist {
    struct view_staff_page page;
    struct view_form form;   /* its inputs; week and exceptions stand below them in the same form */
    struct view_week week;
    struct str week_error;
    struct view_exceptions exceptions;
    struct str exceptions_error;
    int kept;                /* exceptions further on that are not shown */
    bool can_remove;
    struct view_form remove;
    struct str remove_note;
};

struct view_staff_member {
    struct str name;
    struct str email;
    struct str role;
    struct url url;
    bool active;
    bool self;
};

struct view_staff_members {
    const struct view_staff_member *ptr;
    size_t len;
};

struct view_staff_team {
    struct view_staff_page page;
    struct view_staff_members members;
    struct view_form add;
};

struct view_staff_file {
    struct view_staff_page page;
    bool asked;              /* a file was read; its changes stand below */
    struct view_lines changes;
    struct view_lines problems;
    struct str text;         /* the file, to be applied */
    int64_t revision;        /* of the practice that it was compared with */
    bool overtaken;          /* the settings changed after that: compared anew */
};

#endif

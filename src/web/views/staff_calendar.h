/* What the staff's calendar page shows: the week as a table for everyone, and what its script
 * needs. Conventions as in staff.h. */
#ifndef BALM_WEB_VIEWS_STAFF_CALENDAR_H
#define BALM_WEB_VIEWS_STAFF_CALENDAR_H

#include "web/views/staff.h"

struct view_calendar_row {
    struct str time; /* "9:00–10:00" */
    struct str what; /* the client's name, or "time off" */
    struct str service;
    struct str therapist;
    struct str room;
    struct str state; /* "done"; empty: simply booked */
    struct url url;   /* empty: time off */
};

struct view_calendar_rows {
    const struct view_calendar_row *ptr;
    size_t len;
};

struct view_calendar_day {
    struct str name; /* "Tuesday 3 March" */
    bool today;
    struct view_calendar_rows rows;
};

struct view_calendar_days {
    const struct view_calendar_day *ptr;
    size_t len;
};

struct view_staff_calendar {
    struct view_staff_page page;
    struct str week; /* "2–8 March 2026" */
    struct str zone; /* "New York time" */
    struct url before_url;
    struct url after_url;
    struct url today_url;
    bool several; /* two therapists or more */
    struct view_calendar_days days;
    struct view_options therapists;
    struct view_options services;
    int step_minutes;
    struct json_text config; /* for web/js/calendar.js; written by calendar_config.c */
};

#endif

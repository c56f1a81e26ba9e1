/* picker: day and time of a session, for booking and for moving. Links choose a day; days without
 * openings are marked before they are tapped; the nearest opening is offered. All of it from one
 * reading of the open times of the month shown (a second one only where that month has none). */
#ifndef BALM_WEB_PAGES_PICKER_H
#define BALM_WEB_PAGES_PICKER_H

#include "practice/booking/open_times.h"
#include "web/pages/page.h"

struct picker_wish {
    const struct service *service;
    int therapist;         /* index, or -1: anyone */
    bool choose_therapist; /* the page lets the visitor choose */
    struct str path;       /* "/book/relief-60": links lead there */
    struct str keep;       /* "hold=abc": kept in every link; may be empty */
    int minutes;           /* 0: the service's */
    struct owner except;   /* an occupancy that does not count: the booking moved, the own hold */
    int64_t except_booking;
    utc_us not_at;  /* a start that is not offered: where the booking stands; 0: none */
    date_day day;   /* what the visitor chose; 0: nothing */
    date_day week;  /* any day of it */
    date_day month; /* its first day */
    date_day suggest_from; /* days suggested to a client who comes again, from today on; 0: none */
    date_day suggest_to;
};

/* Reads therapist, day, week, month and suggested days from the query; what makes no sense is left out. */
void picker_read(struct call *call, struct picker_wish *wish);

/* Everything but action_url, hidden, taken, refusal and nearest. */
struct result MUST_CHECK picker_fill(struct call *call, const struct format *f,
    const struct picker_wish *wish, struct view_picker *ret_picker);

/* The three openings nearest to `asked`, in order of time. */
struct result MUST_CHECK picker_nearest(struct call *call, const struct format *f,
    const struct picker_wish *wish, utc_us asked, struct view_openings *ret_openings);

/* Can this very start be had? */
struct result MUST_CHECK picker_is_open(
    struct call *call, const struct picker_wish *wish, utc_us start, bool *ret_open);

#endif

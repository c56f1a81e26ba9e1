/* Open times: which starts of a service can be booked. This one function stands behind the list,
 * the hold, the booking, the move and the staff's "why not?".
 *
 * A start is offered by a therapist when it stands on the grid of one of their periods, the
 * appointment lies within the period(s), [start - before, end + after] is free of their other
 * occupancies and of at least one room's, notice and horizon allow it, and their day is not full.
 * The database is asked one range a resource; the rest is a few passes over sorted lists (spans.h).
 *
 * Cost: the grid's starts plus the occupancies within the range, for each therapist; the rooms
 * once. */
#ifndef BALM_PRACTICE_BOOKING_OPEN_TIMES_H
#define BALM_PRACTICE_BOOKING_OPEN_TIMES_H

#include "practice/booking/occupancy.h"
#include "practice/setup/setup.h"

struct open_query {
    const struct practice *practice;
    const struct service *service;
    int therapist; /* index into practice.therapists, or -1 for any of the service's */
    int minutes;   /* length of the appointment; 0: the service's */
    utc_us from;   /* starts within [from, to) */
    utc_us to;
    utc_us now;
    struct owner except; /* an occupancy that does not count (the booking being moved), or none */
    int64_t except_booking; /* the same for the day's count; 0: none */
    bool rooms_later;       /* whether a room is free is asked by the caller (open_first_room) */
};

struct open_slot {
    utc_us start;
    uint64_t therapists; /* bit i: practice.therapists[i] offers it */
};

struct open_slots {
    const struct open_slot *ptr;
    size_t len;
};

/* Sorted by start. */
struct result MUST_CHECK open_times(struct tx *tx, const struct open_query *query,
    struct arena *arena, struct open_slots *ret_slots);

/* The first instant that notice allows, and the end of the horizon's last day. */
utc_us open_earliest(const struct practice *practice, utc_us now);
utc_us open_latest(const struct practice *practice, utc_us now);

/* Rooms that are free for [from, to): the first by key, or -1; ret_needed false where the service
 * needs none. */
struct result MUST_CHECK open_first_room(
    struct tx *tx, const struct open_query *query, utc_us from, utc_us to, int *ret_room);

/* Has the therapist max_per_day bookings on the local day of `start`? */
struct result MUST_CHECK open_day_full(struct tx *tx, const struct open_query *query,
    struct resource_id therapist, utc_us start, bool *ret_full);

/* ---- why is this time not offered? ---- */

enum why {
    WHY_OFFERED,
    WHY_NOT_THEIR_SERVICE,
    WHY_TOO_SOON,
    WHY_TOO_FAR,
    WHY_OUTSIDE_HOURS,
    WHY_OFF_GRID,
    WHY_DAY_FULL,
    WHY_NO_ROOM,
    WHY_BUSY, /* blocked by `blocker` */
};

struct why_answer {
    enum why why;
    int therapist;       /* whose answer it is */
    struct busy blocker; /* WHY_BUSY */
};

/* The rule that blocks one therapist at `start`; the first that fails in the enum's order. */
struct result MUST_CHECK open_why(struct tx *tx, const struct open_query *query, int therapist,
    utc_us start, struct arena *arena, struct why_answer *ret_answer);

#endif

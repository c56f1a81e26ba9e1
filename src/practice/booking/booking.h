/* booking: the one door through which time is taken and given back.
 *
 * Hold, book, move and cancel run inside the caller's write transaction: they check the rules with
 * open_times, write the occupancy (the database refuses overlaps whatever was checked before), keep
 * the history, queue the messages and the audit entry. A failed call must be rolled back.
 *
 * Reasons of failure (result.reason), which are also the API's problem types:
 *   ERR_CONFLICT  slot-taken, hold-expired
 *   ERR_INVALID   outside-hours, too-soon, too-far, limit-reached (that day is full),
 *                 client-limit-reached, moves-limit-reached (limit-reached to the API), too-late,
 *                 not-confirmed
 *   ERR_NOT_FOUND unknown-booking, unknown-hold
 *
 * Tables: booking, booking_event, hold, time_off. */
#ifndef BALM_PRACTICE_BOOKING_H
#define BALM_PRACTICE_BOOKING_H

#include "auth/actor.h"
#include "base/crypto.h"
#include "practice/booking/occupancy.h"
#include "practice/clients/clients.h"
#include "practice/setup/setup.h"

enum booking_status {
    BOOKING_CONFIRMED = 1,
    BOOKING_CANCELLED = 2,
    BOOKING_DONE = 3,
    BOOKING_NO_SHOW = 4,
};

enum booking_event_kind {
    EVENT_BOOKED = 1,
    EVENT_MOVED = 2,
    EVENT_CANCELLED = 3,
    EVENT_DONE = 4,
    EVENT_NO_SHOW = 5,
    EVENT_REOPENED = 6, /* done or no-show taken back */
};

struct booking {
    struct booking_id id;
    struct str public_id;
    struct client_id client;
    struct service_id service;
    struct resource_id therapist;
    struct resource_id room; /* 0: none */
    bool therapist_chosen;
    utc_us starts; /* the appointment, buffers not counted */
    utc_us ends;
    int before_minutes;
    int after_minutes;
    enum booking_status status;
    int64_t price_minor;
    struct str note;
    struct str language;
    int sequence; /* iCalendar */
    struct str token_nonce;
    struct str token_hash;
    struct str token; /* of the manage link; only from booking_make, see booking_token */
    utc_us created;
};

struct booking_list {
    const struct booking *ptr;
    size_t len;
};

/* What every call needs to know. */
struct booking_env {
    struct tx *tx;
    const struct practice *practice;
    const struct crypto_key *key;
    struct actor actor;
    utc_us now;
    struct arena *arena;
};

/* ---- holds ---- */

struct hold {
    struct str token; /* only from hold_make */
    const struct service *service;
    int therapist; /* index */
    int room;      /* index, or -1 */
    bool therapist_chosen;
    utc_us start;
    utc_us expires;
    bool renewable;
    int64_t id;
};

/* Keeps a time for hold_minutes. therapist -1: anyone. */
struct result MUST_CHECK hold_make(struct booking_env *env, const struct service *service,
    int therapist, utc_us start, struct hold *ret_hold);
/* A hold that has not expired. ERR_CONFLICT "hold-expired" otherwise. */
struct result MUST_CHECK hold_find(
    struct booking_env *env, struct str token, struct hold *ret_hold);
/* Once, for another hold_minutes from now. */
struct result MUST_CHECK hold_renew(struct booking_env *env, struct str token, utc_us *ret_expires);
/* Gives the time back; harmless where there is none. */
struct result MUST_CHECK hold_release(struct booking_env *env, struct str token);

/* ---- booking ---- */

struct booking_request {
    const struct service *service;
    int therapist; /* index, or -1 for anyone */
    utc_us start;
    struct str hold;              /* token, may be empty */
    struct client_details client; /* checked by client_check */
    struct str note;
    bool lenient; /* staff: notice, horizon, hours, grid and limits do not bind; overlaps always do
                   */
    int minutes;  /* staff: another length; 0: the service's */
    struct client_id known_client; /* staff: an existing client instead of details; 0: none */
};

struct result MUST_CHECK booking_make(
    struct booking_env *env, const struct booking_request *request, struct booking *ret_booking);

/* The secret of the manage link, made again from the key file. */
struct str booking_token(const struct booking_env *env, const struct booking *booking);

struct result MUST_CHECK booking_find_by_token(
    struct booking_env *env, struct str token, struct booking *ret_booking);
struct result MUST_CHECK booking_find_by_public_id(
    struct booking_env *env, struct str public_id, struct booking *ret_booking);
struct result MUST_CHECK booking_find(
    struct booking_env *env, struct booking_id id, struct booking *ret_booking);

struct booking_move {
    utc_us start;
    int therapist; /* index; -1: the same if they are free or were asked for, else anyone */
    int minutes;   /* staff: a new length; 0: as it is */
    bool lenient;  /* staff */
};

/* Confirmed bookings only. A client's move must respect reschedule_notice. */
struct result MUST_CHECK booking_reschedule(struct booking_env *env, const struct booking *booking,
    const struct booking_move *move, struct booking *ret_booking);

struct result MUST_CHECK booking_cancel(
    struct booking_env *env, const struct booking *booking, struct str reason, struct booking *ret);

/* Staff: DONE, NO_SHOW, or back to CONFIRMED. */
struct result MUST_CHECK booking_set_status(struct booking_env *env, const struct booking *booking,
    enum booking_status status, struct booking *ret_booking);

/* May the client still cancel (move) it now? */
bool booking_can_cancel(const struct practice *p, const struct booking *booking, utc_us now);
bool booking_can_move(const struct practice *p, const struct booking *booking, utc_us now);

/* ---- lists ---- */

/* Bookings that touch [from, to), by start; cancelled ones only where asked for. therapist 0: all.
 */
struct result MUST_CHECK booking_in_range(struct booking_env *env, utc_us from, utc_us to,
    struct resource_id therapist, bool with_cancelled, struct booking_list *ret_list);
/* All of a client, newest start first. */
struct result MUST_CHECK booking_of_client(
    struct booking_env *env, struct client_id client, struct booking_list *ret_list);
/* Sessions of the client (not cancelled) that start before `before`: 0 is a first visit. */
struct result MUST_CHECK booking_count_before(
    struct booking_env *env, struct client_id client, utc_us before, int64_t *ret_count);

struct booking_event {
    int64_t id;
    struct booking_id booking;
    utc_us at;
    enum booking_event_kind kind;
    struct actor actor;
    utc_us old_starts; /* 0: not a move */
    utc_us old_ends;
    struct resource_id old_therapist;
    utc_us starts;
    utc_us ends;
    struct resource_id therapist;
    struct resource_id room;
    int sequence;
    struct str reason;
};

struct booking_events {
    const struct booking_event *ptr;
    size_t len;
};

struct result MUST_CHECK booking_history(
    struct booking_env *env, struct booking_id id, struct booking_events *ret_events);
struct result MUST_CHECK booking_event_find(
    struct booking_env *env, int64_t event, struct booking_event *ret_event);

/* Moves all bookings of one client to another and marks the first as merged. */
struct result MUST_CHECK booking_merge_client(
    struct booking_env *env, struct client_id from, struct client_id into);

/* Deletes what a client wrote: notes and reasons, kept answers, letters that wait. The times stay.
 */
struct result MUST_CHECK booking_erase_client(struct booking_env *env, struct client_id client);

/* ---- time off ---- */

struct time_off {
    int64_t id;
    struct resource_id resource;
    utc_us from;
    utc_us to;
    struct str note;
};

struct time_off_list {
    const struct time_off *ptr;
    size_t len;
};

/* ERR_CONFLICT "slot-taken" where a booking stands in the way. */
struct result MUST_CHECK time_off_add(struct booking_env *env, struct resource_id resource,
    utc_us from, utc_us to, struct str note, struct time_off *ret_time_off);
/* note NULL: as it is. */
struct result MUST_CHECK time_off_move(struct booking_env *env, int64_t id,
    struct resource_id resource, utc_us from, utc_us to, const struct str *note);
struct result MUST_CHECK time_off_remove(struct booking_env *env, int64_t id);
struct result MUST_CHECK time_off_in_range(
    struct booking_env *env, utc_us from, utc_us to, struct time_off_list *ret_list);

#endif

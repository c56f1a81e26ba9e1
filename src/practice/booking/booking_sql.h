/* The only SQL on booking, booking_event, hold and time_off. For practice/booking alone. */
#ifndef BALM_PRACTICE_BOOKING_SQL_H
#define BALM_PRACTICE_BOOKING_SQL_H

#include "practice/booking/booking.h"

/* Bookings of a therapist that start within [from, to) and are not cancelled. */
struct result MUST_CHECK booking_sql_count(struct tx *tx, struct practice_id practice,
    struct resource_id therapist, utc_us from, utc_us to, int64_t except, int64_t *ret_count);
/* Confirmed bookings of a client that start at `from` or later. */
struct result MUST_CHECK booking_sql_count_active(struct tx *tx, struct practice_id practice,
    struct client_id client, utc_us from, int64_t *ret_count);

/* How often a client has moved this booking. */
struct result MUST_CHECK booking_sql_count_moves(
    struct tx *tx, struct practice_id practice, struct booking_id booking, int64_t *ret_count);

/* Writes a new booking; fills its id. */
struct result MUST_CHECK booking_sql_insert(
    struct tx *tx, struct practice_id practice, struct booking *booking);
/* Writes therapist, room, times, status and sequence. */
struct result MUST_CHECK booking_sql_update(
    struct tx *tx, struct practice_id practice, const struct booking *booking);

enum booking_lookup { LOOKUP_ID, LOOKUP_PUBLIC_ID };
struct result MUST_CHECK booking_sql_find(struct tx *tx, struct practice_id practice,
    enum booking_lookup lookup, struct value key, struct arena *arena, struct booking *ret_booking);

/* Fills event->id. */
struct result MUST_CHECK booking_sql_add_event(
    struct tx *tx, struct practice_id practice, struct booking_event *event);

#endif

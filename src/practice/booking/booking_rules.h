/* What hold, book and move share: choosing therapist and room, and taking the time. For
 * practice/booking alone. */
#ifndef BALM_PRACTICE_BOOKING_RULES_H
#define BALM_PRACTICE_BOOKING_RULES_H

#include "practice/booking/booking.h"
#include "practice/booking/open_times.h"

struct placing {
    int therapist; /* index */
    int room;      /* index, or -1 */
};

/* Chooses who and where for a start: an offered time (or, lenient, any that is free), the preferred
 * therapist if they are free (index or -1), else the one with the fewest bookings that day, ties by
 * key; the first free room by key. Fails with the reason of the rule that blocks. */
struct result MUST_CHECK booking_place(struct booking_env *env, const struct open_query *query,
    utc_us start, bool lenient, int preferred, struct placing *ret_placing);

/* Writes the occupancy of therapist and room, buffers included; "slot-taken" where they are taken.
 */
struct result MUST_CHECK booking_occupy(struct booking_env *env, const struct open_query *query,
    const struct placing *placing, utc_us start, struct owner owner, utc_us expires);

/* May the client move it once more? ERR_INVALID "moves-limit-reached" after LIMIT_MOVES_BY_CLIENT:
 * whoever has the link could have letters sent without end. Staff may always. */
struct result MUST_CHECK booking_moves_left(struct booking_env *env, const struct booking *booking);

/* Removes expired holds with their occupancy. */
struct result MUST_CHECK hold_sweep(struct booking_env *env);
struct result MUST_CHECK hold_delete(struct booking_env *env, int64_t id);

#endif

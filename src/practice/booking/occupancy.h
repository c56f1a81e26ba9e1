/* occupancy: who or what is taken when. The database refuses overlaps (see schema); this is the
 * only code that reads or writes the table.
 *
 * Table: occupancy. */
#ifndef BALM_PRACTICE_BOOKING_OCCUPANCY_H
#define BALM_PRACTICE_BOOKING_OCCUPANCY_H

#include "base/civil.h"
#include "base/ids.h"
#include "store/store.h"

enum owner_kind { OWNER_NONE = 0, OWNER_BOOKING = 1, OWNER_HOLD = 2, OWNER_TIME_OFF = 3 };

struct owner {
    enum owner_kind kind;
    int64_t id;
};

struct busy {
    utc_us from; /* half-open, buffers included */
    utc_us to;
    struct owner owner;
};

struct busy_list {
    const struct busy *ptr; /* sorted, disjoint */
    size_t len;
};

/* What occupies the resource within [from, to); expired holds and `except` do not count. */
struct result MUST_CHECK occupancy_load(struct tx *tx, struct practice_id practice,
    struct resource_id resource, utc_us from, utc_us to, utc_us now, struct owner except,
    struct arena *arena, struct busy_list *ret_list);

/* The same for who asks only when, not by whom: each row costs a third less. Owners may be
 * OWNER_NONE. */
struct result MUST_CHECK occupancy_load_times(struct tx *tx, struct practice_id practice,
    struct resource_id resource, utc_us from, utc_us to, utc_us now, struct owner except,
    struct arena *arena, struct busy_list *ret_list);

/* ERR_CONFLICT "overlap" where the resource is taken. expires_us 0: does not expire. */
struct result MUST_CHECK occupancy_add(struct tx *tx, struct practice_id practice,
    struct resource_id resource, utc_us from, utc_us to, struct owner owner, utc_us expires);

/* The owner's row on the resource that begins at `from`; harmless where there is none. */
struct result MUST_CHECK occupancy_remove(struct tx *tx, struct practice_id practice,
    struct resource_id resource, utc_us from, struct owner owner);

/* All rows of a hold. */
struct result MUST_CHECK occupancy_remove_hold(
    struct tx *tx, struct practice_id practice, int64_t hold);

struct result MUST_CHECK occupancy_prolong_hold(
    struct tx *tx, struct practice_id practice, int64_t hold, utc_us expires);

#endif

/* spans: stretches of time as sorted lists of half-open, disjoint [from, to). Open times are
 * computed on them: what blocks a start, and which starts are left. Every function is one pass.
 * Pure. */
#ifndef BALM_PRACTICE_BOOKING_SPANS_H
#define BALM_PRACTICE_BOOKING_SPANS_H

#include "base/arena.h"
#include "base/civil.h"

struct span {
    utc_us from;
    utc_us to;
};

struct spans {
    struct span *ptr;
    size_t len;
    size_t cap;
};

/* An empty list with room for `cap`; adding more is a programmer error. */
struct spans spans_new(struct arena *arena, size_t cap);

/* Adds one that begins no earlier than the last; joined to it where they touch or overlap. */
void spans_add(struct spans *spans, utc_us from, utc_us to);

/* What lies in both. */
struct spans spans_intersect(struct arena *arena, struct spans a, struct spans b);

/* Removes from the ascending instants those within a span; returns how many are left. */
size_t spans_remove_from(struct spans spans, utc_us *instants, size_t count);

#endif

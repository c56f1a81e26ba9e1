/* Working periods of a therapist as instants: weekly hours and exceptions, local wall time, turned
 * to UTC. Touching periods (also across midnight) are one. Pure. */
#ifndef BALM_PRACTICE_BOOKING_PERIODS_H
#define BALM_PRACTICE_BOOKING_PERIODS_H

#include "practice/setup/setup.h"

/* Starts stand at anchor + n * step. The anchor is the opening of the period; in an unbroken chain
 * of periods the anchor moves to a local midnight once the opening lies more than
 * PERIOD_ANCHOR_DAYS back, so that the grid of an always-open practice is the same whatever range
 * is asked for. */
struct period {
    utc_us from;
    utc_us to;
    utc_us anchor;
};

struct periods {
    const struct period *ptr;
    size_t len;
};

enum { PERIOD_ANCHOR_DAYS = 7 };

/* The periods that touch [from, to), in order. A chain that is cut by an anchor comes as several
 * periods that touch (period.to == next.from). */
struct periods periods_of(const struct resource *therapist, const struct tz *zone, utc_us from,
    utc_us to, struct arena *arena);

#endif

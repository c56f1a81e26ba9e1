/* The only place that reads the clock. BALM_CLOCK=2026-03-01T12:00:00Z starts it at that instant;
 * from there it runs at normal speed. */
#ifndef BALM_APP_CLOCK_H
#define BALM_APP_CLOCK_H

#include "base/civil.h"
#include "base/result.h"

/* Reads BALM_CLOCK. ERR_INVALID where it is not an instant. */
struct result MUST_CHECK clock_init(void);
utc_us clock_now(void);
/* For durations; unrelated to the date. */
int64_t clock_monotonic_us(void);

#endif

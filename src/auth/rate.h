/* Rate limits: token buckets in memory, by a name and a key (an address, an account). Thread-safe.
 * A table of fixed size: when it is full the bucket that was filled longest ago makes room. */
#ifndef BALM_AUTH_RATE_H
#define BALM_AUTH_RATE_H

#include "base/civil.h"
#include "base/str.h"

#include <stdbool.h>

struct rate_table;

struct rate_table *rate_table_new(void);
void rate_table_free(struct rate_table *table);
/* Switches all limits off (BALM_LIMITS=off). */
void rate_table_disable(struct rate_table *table);

/* Takes one token of a bucket that holds `burst` and refills within `period_us`. False where it is
 * empty; then *ret_retry_s (may be NULL) says in how many seconds to come again. */
bool rate_take(struct rate_table *table, const char *name, struct str key, int burst,
    int64_t period_us, utc_us now, int *ret_retry_s);

#endif

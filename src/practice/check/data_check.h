/* Verifying every invariant of the data, for `balm check`. The one place that reads the tables of
 * all parts: its findings are about how they fit together. */
#ifndef BALM_PRACTICE_DATA_CHECK_H
#define BALM_PRACTICE_DATA_CHECK_H

#include "store/store.h"

struct check_finding {
    const char *invariant; /* what should hold */
    int64_t count;         /* how many rows break it */
    int64_t example;       /* one of them: its id */
};

struct check_report {
    struct check_finding findings[32];
    size_t broken; /* findings with a count */
    size_t checked;
};

struct result MUST_CHECK data_check(struct tx *tx, struct check_report *ret_report);

#endif

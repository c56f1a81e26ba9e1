/* sealed: the tables with sealed fields, for what goes through all of them: fresh keys, and the
 * check before serving. Each table's statements stand with its module. */
#ifndef BALM_PRACTICE_CARE_SEALED_H
#define BALM_PRACTICE_CARE_SEALED_H

#include "practice/clients/care_env.h"
#include "store/store.h"

/* A row is known by practice $1 and one number $2, or two ($2, $3). */
struct sealed_table {
    const char *field; /* as in the places of its values */
    bool two;
    struct sql select; /* number, the second one or 0, sealed: behind that row, in order, the last
                        * parameter is how many */
    struct sql update; /* the last parameter is the value */
    struct sql ends;   /* sealed of the first and the last row of all practices */
};

extern const struct sealed_table *const sealed_tables[];
extern const size_t sealed_table_count;

/* How far a walk through one practice's rows of a table has come; all zero: at the beginning. */
struct sealed_walk {
    int64_t id;
    int64_t part;
    size_t seen;    /* rows */
    size_t renewed; /* of them, those that were sealed with older keys */
    bool done;
};

/* Goes through the next `max` rows and seals anew what older keys sealed. The walk is unchanged
 * where it fails; then the transaction is to be rolled back. */
struct result MUST_CHECK sealed_renew(
    struct care_env *env, const struct sealed_table *table, size_t max, struct sealed_walk *walk);

/* Before serving, so that a lost key file is noticed before more is written with another:
 * ERR_DENIED "key-missing" where the first or the last value of a table was sealed with a key that
 * the ring does not hold. (A rotation that was broken off has come from the first; the last is the
 * newest.) ring NULL, where there is no key file: any value is one too many. */
struct result MUST_CHECK sealed_check(
    struct tx *tx, const struct seal_ring *ring, struct arena *arena);

#endif

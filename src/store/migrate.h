/* Numbered, forward migrations, each in one transaction.
 *
 * A migration is SQL text; lines between `-- only sqlite` (or `-- only postgres`) and `-- end` are
 * for that engine alone. Table schema_version holds the numbers that ran. A database whose number
 * is higher than the newest known is refused (ERR_INVALID, reason "database-newer"). */
#ifndef BALM_STORE_MIGRATE_H
#define BALM_STORE_MIGRATE_H

#include "store/store.h"

struct migration {
    int number; /* 1, 2, 3 ... without gaps */
    const char *name;
    struct str sql;
};

/* Runs what is missing, on a connection that may write. ret_ran (may be NULL): how many ran. */
struct result MUST_CHECK store_migrate(
    struct conn *conn, const struct migration *migrations, size_t count, int *ret_ran);

#endif

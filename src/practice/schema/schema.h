/* The database's schema: the numbered migrations of all parts, in order. The .sql files beside this
 * one are the reference: every table and column is commented there. */
#ifndef BALM_PRACTICE_SCHEMA_H
#define BALM_PRACTICE_SCHEMA_H

#include "store/store.h"

/* Brings the database up to date. ERR_INVALID "database-newer" where a newer Balm wrote it. */
struct result MUST_CHECK schema_update(struct conn *conn, int *ret_ran);

#endif

/* practices: the snapshots of the practices that one thread has served lately.
 *
 * A snapshot is used as long as the database still has its revision, which is asked in every
 * transaction (one indexed read). A cache belongs to one thread; a pointer it gave is valid until
 * the next call. */
#ifndef BALM_APP_PRACTICES_H
#define BALM_APP_PRACTICES_H

#include "practice/setup/setup.h"

struct practices;

struct practices *practices_new(void);
void practices_free(struct practices *practices);

/* The practice that the host names, as it is in this transaction. ERR_NOT_FOUND where there is
 * none. */
struct result MUST_CHECK practices_by_host(struct practices *practices, struct tx *tx,
    struct str host, const struct practice **ret_practice);
struct result MUST_CHECK practices_by_id(struct practices *practices, struct tx *tx,
    struct practice_id id, const struct practice **ret_practice);

#endif

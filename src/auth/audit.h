/* The audit trail: who changed what, when. Append-only: the database refuses changes and deletions.
 * Table: audit. */
#ifndef BALM_AUTH_AUDIT_H
#define BALM_AUTH_AUDIT_H

#include "auth/actor.h"
#include "base/civil.h"
#include "store/store.h"

/* action: "booking.moved"; entity: "booking"; detail: JSON without health data, may be empty.
 * Written in the change's own transaction. */
struct result MUST_CHECK audit_add(struct tx *tx, struct practice_id practice, utc_us now,
    struct actor actor, struct str action, struct str entity, int64_t entity_id, struct str detail);

/* Forgets the details of what was done with one thing; that it was done stays. */
struct result MUST_CHECK audit_forget(
    struct tx *tx, struct practice_id practice, struct str entity, int64_t entity_id);

struct audit_entry {
    utc_us at;
    enum actor_kind actor;
    struct user_id user;
    struct str action;
    struct str entity;
    int64_t entity_id;
    struct str detail;
};

/* The newest entries, at most `max`. */
struct result MUST_CHECK audit_list(struct tx *tx, struct practice_id practice, size_t max,
    struct arena *arena, struct audit_entry **ret_entries, size_t *ret_count);

#endif

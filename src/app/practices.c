#include "app/practices.h"

#include "base/check.h"
#include "base/limits.h"

#include <stdlib.h>

#include "base/banned.h"

enum { SLOTS = 64 };

struct slot {
    struct arena arena;
    struct str host; /* that led to it; in the arena */
    int64_t newest;  /* highest practice id when the host was looked up */
    const struct practice *practice;
    uint64_t used; /* for choosing which makes room */
    /* Where nobody has written since it was looked at, it still holds (tx_version). */
    const struct conn *conn; /* NULL: not known */
    int64_t version;
};

struct practices {
    struct slot slots[SLOTS];
    uint64_t clock;
};

struct practices *practices_new(void)
{
    struct practices *practices = calloc(1, sizeof *practices);
    CHECK(practices);
    return practices;
}

void practices_free(struct practices *practices)
{
    if (!practices) return;
    for (size_t i = 0; i < SLOTS; i++)
        arena_release(&practices->slots[i].arena);
    free(practices);
}

/* The revision in the database, and the highest practice id: a new practice may end what "the only
 * practice there is" meant. */
static struct result read_state(
    struct tx *tx, struct practice_id id, int64_t *ret_revision, int64_t *ret_newest)
{
    TRY(setup_revision(tx, id, ret_revision));
    return setup_newest(tx, ret_newest);
}

/* Remembers that what the slot says is true of this transaction's snapshot. */
static struct result note_version(struct slot *slot, struct tx *tx)
{
    slot->conn = NULL;
    if (tx->writes) return RESULT_OK; /* its own changes have no version yet */
    TRY(tx_version(tx, &slot->version));
    slot->conn = tx->conn;
    return RESULT_OK;
}

static struct result is_unchanged(const struct slot *slot, struct tx *tx, bool *ret_unchanged)
{
    *ret_unchanged = false;
    if (tx->writes || slot->conn != tx->conn) return RESULT_OK;
    int64_t version;
    TRY(tx_version(tx, &version));
    *ret_unchanged = version == slot->version;
    return RESULT_OK;
}

static struct slot *oldest(struct practices *practices)
{
    struct slot *slot = &practices->slots[0];
    for (size_t i = 1; i < SLOTS; i++) {
        if (practices->slots[i].used < slot->used) slot = &practices->slots[i];
    }
    return slot;
}

static struct result fill(struct practices *practices, struct slot *slot, struct tx *tx,
    struct practice_id id, struct str host, int64_t newest, const struct practice **ret_practice)
{
    char host_copy[LIMIT_HOST_CHARS + 1];
    if (host.len > sizeof host_copy) return result_fail(ERR_NOT_FOUND, "unknown-practice", NULL);
    if (host.len) memcpy(host_copy, host.ptr, host.len); /* may be the slot's own */
    slot->practice = NULL;
    arena_reset(&slot->arena);
    const struct practice *practice;
    TRY(setup_load(tx, id, &slot->arena, &practice));
    slot->host = arena_str(&slot->arena, (struct str){host_copy, host.len});
    slot->newest = newest;
    slot->conn = NULL;
    slot->practice = practice;
    slot->used = ++practices->clock;
    *ret_practice = practice;
    return RESULT_OK;
}

struct result practices_by_host(struct practices *practices, struct tx *tx, struct str host,
    const struct practice **ret_practice)
{
    int64_t revision;
    int64_t newest;
    struct slot *slot = NULL;
    for (size_t i = 0; i < SLOTS && !slot; i++) {
        if (practices->slots[i].practice && str_eq(practices->slots[i].host, host))
            slot = &practices->slots[i];
    }
    if (slot) {
        bool holds;
        TRY(is_unchanged(slot, tx, &holds));
        if (!holds) {
            TRY(read_state(tx, slot->practice->id, &revision, &newest));
            holds = revision == slot->practice->revision && newest == slot->newest;
            if (holds) TRY(note_version(slot, tx));
        }
        if (holds) {
            slot->used = ++practices->clock;
            *ret_practice = slot->practice;
            return RESULT_OK;
        }
        slot->practice = NULL;
    }
    struct practice_id id;
    TRY(setup_find_by_host(tx, host, &id));
    TRY(setup_newest(tx, &newest));
    return fill(practices, slot ? slot : oldest(practices), tx, id, host, newest, ret_practice);
}

struct result practices_by_id(struct practices *practices, struct tx *tx, struct practice_id id,
    const struct practice **ret_practice)
{
    int64_t revision;
    TRY(setup_revision(tx, id, &revision));
    for (size_t i = 0; i < SLOTS; i++) {
        struct slot *slot = &practices->slots[i];
        if (slot->practice && slot->practice->id.v == id.v &&
            slot->practice->revision == revision) {
            slot->used = ++practices->clock;
            *ret_practice = slot->practice;
            return RESULT_OK;
        }
    }
    return fill(practices, oldest(practices), tx, id, STR("\1"), 0, ret_practice);
}

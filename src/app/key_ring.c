#include "app/key_ring.h"

#include "base/check.h"
#include "base/log.h"

#include <stdlib.h>

#include "base/banned.h"

struct ring_link {
    struct seal_ring ring;
    struct ring_link *older;
};

struct key_ring {
    struct arena arena; /* the path */
    struct str path;
    int64_t changed_us;
    struct crypto_key first;
    struct ring_link *newest;
};

static struct result load(struct key_ring *keys)
{
    struct key_file file;
    int64_t changed_us = key_file_changed_us(keys->path);
    TRY(key_file_load(keys->path, &file));
    bool fresh = !keys->newest;
    bool same = fresh || memcmp(&keys->first, &file.keys[0], sizeof keys->first) == 0;
    if (fresh) keys->first = file.keys[0];
    if (same) {
        struct ring_link *link = calloc(1, sizeof *link);
        CHECK(link);
        seal_ring_init(&link->ring, &file);
        link->older = keys->newest;
        keys->newest = link;
        keys->changed_us = changed_us;
    }
    crypto_wipe(&file, sizeof file);
    if (same) return RESULT_OK;
    return result_fail(ERR_CORRUPT, "key-replaced", "the key file belongs to another database");
}

struct result key_ring_open(struct str path, struct key_ring **ret_keys)
{
    struct key_ring *keys = calloc(1, sizeof *keys);
    CHECK(keys);
    keys->path = arena_str(&keys->arena, path);
    struct result result = load(keys);
    if (!result_is_ok(result)) {
        key_ring_close(keys);
        return result;
    }
    keys->changed_us = key_file_changed_us(path); /* it may just have been made */
    *ret_keys = keys;
    return RESULT_OK;
}

void key_ring_close(struct key_ring *keys)
{
    if (!keys) return;
    while (keys->newest) {
        struct ring_link *link = keys->newest;
        keys->newest = link->older;
        crypto_wipe(&link->ring, sizeof link->ring);
        free(link);
    }
    crypto_wipe(&keys->first, sizeof keys->first);
    arena_release(&keys->arena);
    free(keys);
}

const struct crypto_key *key_ring_first(const struct key_ring *keys)
{
    return &keys->first;
}

const struct seal_ring *key_ring_current(struct key_ring *keys)
{
    int64_t changed_us = key_file_changed_us(keys->path);
    if (changed_us && changed_us != keys->changed_us) {
        struct result result = load(keys);
        keys->changed_us = changed_us; /* a failure is said once */
        if (!result_is_ok(result)) {
            log_result(LOG_ERROR, "key-file", result);
        } else {
            LOG(LOG_INFO, "key-file-read", LOG_I("keys", keys->newest->ring.count));
        }
    }
    return &keys->newest->ring;
}

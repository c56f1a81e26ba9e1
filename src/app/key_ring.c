#include "app/key_ring.h"

#include "base/check.h"
#include "base/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/banned.h"

struct ring_link {
    struct seal_ring ring;
    struct key_stamp stamp; /* taken before the file was read: at worst it is read once more */
    struct ring_link *older;
};

struct key_ring {
    struct arena arena; /* the path */
    struct str path;
    struct crypto_key first;
    _Atomic(struct ring_link *) newest;
    pthread_mutex_t lock;     /* of reading again */
    struct key_stamp refused; /* of a file that could not be read */
};

static struct result load(struct key_ring *keys, const struct key_stamp *stamp)
{
    struct key_file file;
    TRY(key_file_load(keys->path, &file));
    struct ring_link *older = atomic_load(&keys->newest);
    bool same = !older || memcmp(&keys->first, &file.keys[0], sizeof keys->first) == 0;
    if (!older) keys->first = file.keys[0];
    if (same) {
        struct ring_link *link = calloc(1, sizeof *link);
        CHECK(link);
        seal_ring_init(&link->ring, &file);
        link->stamp = *stamp;
        link->older = older;
        atomic_store(&keys->newest, link);
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
    CHECK(pthread_mutex_init(&keys->lock, NULL) == 0);
    struct key_stamp stamp = key_file_stamp(path);
    struct result result = load(keys, &stamp);
    if (!result_is_ok(result)) {
        key_ring_close(keys);
        return result;
    }
    *ret_keys = keys;
    return RESULT_OK;
}

void key_ring_close(struct key_ring *keys)
{
    if (!keys) return;
    for (struct ring_link *link = atomic_load(&keys->newest), *older; link; link = older) {
        older = link->older;
        crypto_wipe(&link->ring, sizeof link->ring);
        free(link);
    }
    pthread_mutex_destroy(&keys->lock);
    crypto_wipe(&keys->first, sizeof keys->first);
    arena_release(&keys->arena);
    free(keys);
}

const struct crypto_key *key_ring_first(const struct key_ring *keys)
{
    return &keys->first;
}

static void read_again(struct key_ring *keys)
{
    struct key_stamp stamp = key_file_stamp(keys->path);
    if (key_stamp_eq(&stamp, &atomic_load(&keys->newest)->stamp)) return; /* another thread did */
    if (key_stamp_eq(&stamp, &keys->refused)) return;
    struct result result = load(keys, &stamp);
    if (result_is_ok(result)) {
        LOG(LOG_INFO, "key-file-read", LOG_I("keys", atomic_load(&keys->newest)->ring.count));
    } else {
        keys->refused = stamp;
        log_result(LOG_ERROR, "key-file", result);
    }
}

const struct seal_ring *key_ring_current(struct key_ring *keys)
{
    struct key_stamp stamp = key_file_stamp(keys->path);
    if (!key_stamp_eq(&stamp, &atomic_load(&keys->newest)->stamp)) {
        CHECK(pthread_mutex_lock(&keys->lock) == 0);
        read_again(keys);
        CHECK(pthread_mutex_unlock(&keys->lock) == 0);
    }
    return &atomic_load(&keys->newest)->ring;
}

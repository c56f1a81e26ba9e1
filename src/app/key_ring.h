/* key_ring: the key file as the running server knows it.
 *
 * The file is looked at each time a ring is asked for, and read again when it has changed (a key
 * was added or forgotten). Who asks inside a write transaction therefore seals with the newest key
 * that the file held when the transaction began, or a newer one; `balm key forget` forgets inside
 * a write transaction of its own, so nothing is ever sealed with a key that is gone.
 * The rings that were handed out stay until the end, since requests may still use them. */
#ifndef BALM_APP_KEY_RING_H
#define BALM_APP_KEY_RING_H

#include "base/seal.h"

struct key_ring;

/* Errors as key_file_load. */
struct result MUST_CHECK key_ring_open(struct str path, struct key_ring **ret_keys);
void key_ring_close(struct key_ring *keys);

/* The first key, for links. */
const struct crypto_key *key_ring_first(const struct key_ring *keys);
/* The ring that the file holds now; any thread. A file that cannot be read leaves the ring as it
 * was, and is logged once. */
const struct seal_ring *key_ring_current(struct key_ring *keys);

#endif

/* seal: fields of the database that nobody reads without the key file.
 *
 * A sealed value is XChaCha20-Poly1305 (libsodium) with a random nonce; where it belongs (table,
 * column, practice, row) is its associated data, so a value cannot be put into another row. Its
 * first bytes name the key:
 *
 *   1 byte format (1) | 4 bytes mark of the key | 24 bytes nonce | ciphertext | 16 bytes tag
 *
 * A ring is made from the keys of the key file: all of them open, the newest seals. It is immutable
 * and may be shared by threads; the caller owns it and wipes it (crypto_wipe). */
#ifndef BALM_BASE_SEAL_H
#define BALM_BASE_SEAL_H

#include "base/key_file.h"

enum { SEAL_MARK_BYTES = 4, SEAL_NONCE_BYTES = 24, SEAL_TAG_BYTES = 16 };
enum { SEAL_OVERHEAD_BYTES = 1 + SEAL_MARK_BYTES + SEAL_NONCE_BYTES + SEAL_TAG_BYTES };

struct seal_ring {
    int count;                            /* at least 1 */
    struct crypto_key keys[KEY_FILE_MAX]; /* derived: for sealing alone */
    unsigned char marks[KEY_FILE_MAX][SEAL_MARK_BYTES];
};

/* Where a value belongs. */
struct seal_place {
    const char *field; /* "checkin.sealed": a literal that is never changed afterwards */
    int64_t practice;
    int64_t row;
    int64_t part; /* where a row's key has two numbers; else 0 */
};

void seal_ring_init(struct seal_ring *ring, const struct key_file *file);

/* In the arena. */
struct str seal(
    struct arena *arena, const struct seal_ring *ring, struct seal_place place, struct str plain);
/* ERR_CORRUPT "sealed-key" (of a key that the ring does not hold) or "sealed-damaged" (changed, or
 * of another place). An empty value opens to an empty text. */
struct result MUST_CHECK seal_open(struct arena *arena, const struct seal_ring *ring,
    struct seal_place place, struct str sealed, struct str *ret_plain);
/* Does the ring hold the key that sealed it? */
bool seal_is_known(const struct seal_ring *ring, struct str sealed);
/* Sealed with the ring's newest key? An empty value is. */
bool seal_is_current(const struct seal_ring *ring, struct str sealed);

#endif

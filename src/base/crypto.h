/* crypto: the few primitives Balm uses, over libsodium. crypto_init first, once a process.
 * The key file: base/key_file.h; sealed fields: base/seal.h. */
#ifndef BALM_BASE_CRYPTO_H
#define BALM_BASE_CRYPTO_H

#include "base/arena.h"
#include "base/result.h"
#include "base/str.h"

#include <stdint.h>

enum { CRYPTO_HASH_BYTES = 32, CRYPTO_KEY_BYTES = 32, CRYPTO_TOKEN_BYTES = 20 };

struct crypto_key {
    unsigned char bytes[CRYPTO_KEY_BYTES];
};

struct result MUST_CHECK crypto_init(void);

void crypto_random(void *buffer, size_t size);

/* Zeroes what was secret; never optimised away. */
void crypto_wipe(void *buffer, size_t size);

/* BLAKE2b-256 of the text; keyed where key is not NULL. 32 bytes in the arena. (Not "crypto_hash":
 * that is a function of libsodium.) */
struct str crypto_digest(struct arena *arena, const struct crypto_key *key, struct str text);

/* Constant-time equality (lengths are not secret). */
bool crypto_equal(struct str a, struct str b);

/* base64url without padding (RFC 4648 §5), and back (false where it is not that). */
struct str crypto_base64url(struct arena *arena, struct str bytes);
bool crypto_base64url_decode(struct arena *arena, struct str text, struct str *ret_bytes);
struct str crypto_hex(struct arena *arena, struct str bytes);

/* A fresh token: 160 random bits as 27 base64url characters. */
struct str crypto_token(struct arena *arena);

/* A token that can be made again from the key: base64url of the first 160 bits of
 * keyed BLAKE2b(purpose, NUL, nonce). Secret as long as the key is. */
struct str crypto_derived_token(
    struct arena *arena, const struct crypto_key *key, struct str purpose, struct str nonce);

/* argon2id, libsodium's INTERACTIVE cost or above (64 MiB, about 60 ms): slow on purpose, never on an
 * event thread. The hash is libsodium's printable string. */
struct result MUST_CHECK crypto_password_hash(
    struct arena *arena, struct str password, struct str *ret_hash);
bool crypto_password_verify(struct str password, struct str hash);

#endif

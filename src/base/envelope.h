/* envelope: what only this server can open, sealed by somebody who holds no secret.
 *
 * For answers that a phone keeps while it is offline: the page seals them to the server's public
 * key and can then no longer read them itself (web/js/checkin/envelope.js is the other half).
 *
 *   1 byte format (1) | 32 bytes the sender's X25519 key, made for this envelope alone |
 *   ciphertext | 16 bytes tag
 *
 * AES-256-GCM; its key and nonce are HKDF-SHA256 of the shared secret, the salt being both public
 * keys and the info the purpose. The server's key pair is derived from the key file and the
 * purpose, so there is nothing more to keep. Private keys are wiped before a call ends. */
#ifndef BALM_BASE_ENVELOPE_H
#define BALM_BASE_ENVELOPE_H

#include "base/crypto.h"

enum { ENVELOPE_KEY_BYTES = 32, ENVELOPE_TAG_BYTES = 16 };
enum { ENVELOPE_OVERHEAD_BYTES = 1 + ENVELOPE_KEY_BYTES + ENVELOPE_TAG_BYTES };

/* The 32 bytes that senders need, in the arena. purpose: a literal that is never changed. */
struct result MUST_CHECK envelope_public_key(
    struct arena *arena, const struct crypto_key *key, struct str purpose, struct str *ret_public);

/* ERR_INVALID "envelope-damaged" where it is none, was changed, or is for another key. */
struct result MUST_CHECK envelope_open(struct arena *arena, const struct crypto_key *key,
    struct str purpose, struct str envelope, struct str *ret_plain);

/* What a sender does; the server itself has no use for it but tests have. */
struct result MUST_CHECK envelope_seal(struct arena *arena, struct str public_key,
    struct str purpose, struct str plain, struct str *ret_envelope);

#endif

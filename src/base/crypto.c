#include "base/crypto.h"

#include "base/check.h"
#include "base/limits.h"

#include <sodium.h>

#include "base/banned.h"

_Static_assert(CRYPTO_HASH_BYTES == crypto_generichash_BYTES, "BLAKE2b-256");
_Static_assert(CRYPTO_KEY_BYTES >= crypto_generichash_KEYBYTES_MIN &&
                   CRYPTO_KEY_BYTES <= crypto_generichash_KEYBYTES_MAX,
    "a key fits the keyed hash");

enum { PASSWORD_BYTES_MAX = LIMIT_PASSWORD_CHARS * 4 };

struct result crypto_init(void)
{
    if (sodium_init() < 0) return result_fail(ERR_IO, NULL, "libsodium does not start");
    return RESULT_OK;
}

/* The system is asked for randomness in blocks; what was given away is wiped. */
enum { RANDOM_BLOCK = 512 };
static _Thread_local unsigned char random_block[RANDOM_BLOCK];
static _Thread_local size_t random_left;

void crypto_random(void *buffer, size_t size)
{
    CHECK(buffer || size == 0);
    if (size > RANDOM_BLOCK / 4) { /* seldom */
        randombytes_buf(buffer, size);
        return;
    }
    if (size == 0) return;
    if (random_left < size) {
        randombytes_buf(random_block, RANDOM_BLOCK);
        random_left = RANDOM_BLOCK;
    }
    unsigned char *from = random_block + RANDOM_BLOCK - random_left;
    memcpy(buffer, from, size);
    sodium_memzero(from, size);
    random_left -= size;
}

void crypto_wipe(void *buffer, size_t size)
{
    sodium_memzero(buffer, size);
}

static const unsigned char *bytes_of(struct str s)
{
    return (const unsigned char *)(s.len ? s.ptr : "");
}

struct str crypto_digest(struct arena *arena, const struct crypto_key *key, struct str text)
{
    unsigned char *hash = arena_alloc(arena, CRYPTO_HASH_BYTES, 1);
    int failed = crypto_generichash(hash, CRYPTO_HASH_BYTES, bytes_of(text), text.len,
        key ? key->bytes : NULL, key ? sizeof key->bytes : 0);
    CHECK(failed == 0);
    return (struct str){(const char *)hash, CRYPTO_HASH_BYTES};
}

bool crypto_equal(struct str a, struct str b)
{
    if (a.len != b.len) return false;
    return a.len == 0 || sodium_memcmp(a.ptr, b.ptr, a.len) == 0;
}

struct str crypto_base64url(struct arena *arena, struct str bytes)
{
    size_t size = sodium_base64_encoded_len(bytes.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = arena_alloc(arena, size, 1); /* the size counts the NUL */
    sodium_bin2base64(
        text, size, bytes_of(bytes), bytes.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_from_cstr(text);
}

bool crypto_base64url_decode(struct arena *arena, struct str text, struct str *ret_bytes)
{
    size_t cap = text.len / 4 * 3 + 3;
    size_t len = 0;
    unsigned char *bytes = arena_alloc(arena, cap, 1);
    const char *from = text.len ? text.ptr : "";
    if (sodium_base642bin(bytes, cap, from, text.len, NULL, &len, NULL,
            sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0) {
        return false;
    }
    *ret_bytes = (struct str){(const char *)bytes, len};
    return true;
}

struct str crypto_hex(struct arena *arena, struct str bytes)
{
    size_t size = bytes.len * 2 + 1;
    char *text = arena_alloc(arena, size, 1);
    sodium_bin2hex(text, size, bytes_of(bytes), bytes.len);
    return (struct str){text, size - 1};
}

struct str crypto_token(struct arena *arena)
{
    unsigned char bytes[CRYPTO_TOKEN_BYTES];
    crypto_random(bytes, sizeof bytes);
    struct str token = crypto_base64url(arena, (struct str){(const char *)bytes, sizeof bytes});
    sodium_memzero(bytes, sizeof bytes);
    return token;
}

struct str crypto_derived_token(
    struct arena *arena, const struct crypto_key *key, struct str purpose, struct str nonce)
{
    CHECK(key && purpose.len > 0 && str_find(purpose, '\0') == purpose.len);
    crypto_generichash_state state;
    unsigned char hash[CRYPTO_HASH_BYTES];
    int failed = crypto_generichash_init(&state, key->bytes, sizeof key->bytes, sizeof hash);
    failed |= crypto_generichash_update(&state, bytes_of(purpose), purpose.len);
    failed |= crypto_generichash_update(&state, (const unsigned char *)"", 1);
    failed |= crypto_generichash_update(&state, bytes_of(nonce), nonce.len);
    failed |= crypto_generichash_final(&state, hash, sizeof hash);
    CHECK(failed == 0);
    struct str token =
        crypto_base64url(arena, (struct str){(const char *)hash, CRYPTO_TOKEN_BYTES});
    sodium_memzero(&state, sizeof state);
    sodium_memzero(hash, sizeof hash);
    return token;
}

struct result crypto_password_hash(struct arena *arena, struct str password, struct str *ret_hash)
{
    if (password.len > PASSWORD_BYTES_MAX) {
        return result_fail(ERR_INVALID, "password-too-long", NULL);
    }
    char hash[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(hash, (const char *)bytes_of(password), password.len,
            crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
            crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return result_fail(ERR_BUSY, NULL, "no memory to hash a password");
    }
    *ret_hash = arena_str(arena, str_from_cstr(hash));
    return RESULT_OK;
}

bool crypto_password_verify(struct str password, struct str hash)
{
    char copy[crypto_pwhash_STRBYTES] = {0};
    if (password.len > PASSWORD_BYTES_MAX || hash.len == 0 || hash.len >= sizeof copy) return false;
    if (!str_starts(hash, STR(crypto_pwhash_argon2id_STRPREFIX))) return false;
    memcpy(copy, hash.ptr, hash.len);
    bool ok = crypto_pwhash_str_verify(copy, (const char *)bytes_of(password), password.len) == 0;
    sodium_memzero(copy, sizeof copy);
    return ok;
}

#include "base/envelope.h"

#include "base/check.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "base/banned.h"

enum { FORMAT = 1, AES_KEY_BYTES = 32, NONCE_BYTES = 12, SECRET_BYTES = 32, PURPOSE_MAX = 64 };

struct gcm_key {
    unsigned char key[AES_KEY_BYTES];
    unsigned char nonce[NONCE_BYTES];
};

static struct result damaged(void)
{
    return result_fail(ERR_INVALID, "envelope-damaged", NULL);
}

static struct result library(void)
{
    return result_fail(ERR_IO, "libcrypto", "the crypto library refused a call");
}

static const unsigned char *bytes(struct str s)
{
    return (const unsigned char *)s.ptr;
}

/* The server's pair of this purpose. */
static EVP_PKEY *own_pair(struct arena *arena, const struct crypto_key *key, struct str purpose)
{
    struct str secret =
        crypto_digest(arena, key, arena_printf(arena, "envelope %.*s", STR_ARG(purpose)));
    EVP_PKEY *pair = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, bytes(secret), secret.len);
    crypto_wipe((void *)(uintptr_t)secret.ptr, secret.len);
    return pair;
}

static bool raw_public(EVP_PKEY *pair, unsigned char *public_key)
{
    size_t len = ENVELOPE_KEY_BYTES;
    return EVP_PKEY_get_raw_public_key(pair, public_key, &len) == 1 && len == ENVELOPE_KEY_BYTES;
}

/* The shared secret; false where the other's key is one of the few that give none. */
static bool agree(EVP_PKEY *pair, struct str other, unsigned char *secret)
{
    EVP_PKEY *peer = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, bytes(other), other.len);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pair, NULL);
    size_t len = SECRET_BYTES;
    bool ok = peer && ctx && EVP_PKEY_derive_init(ctx) == 1 &&
              EVP_PKEY_derive_set_peer(ctx, peer) == 1 && EVP_PKEY_derive(ctx, secret, &len) == 1 &&
              len == SECRET_BYTES;
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(peer);
    return ok;
}

/* sender, receiver: their public keys. */
static bool derive(const unsigned char *secret, const unsigned char *sender,
    const unsigned char *receiver, struct str purpose, struct gcm_key *ret_key)
{
    unsigned char salt[2 * ENVELOPE_KEY_BYTES];
    unsigned char info[PURPOSE_MAX];
    unsigned char ikm[SECRET_BYTES];
    char digest[] = "SHA256";
    CHECK(purpose.len > 0 && purpose.len <= sizeof info);
    memcpy(salt, sender, ENVELOPE_KEY_BYTES);
    memcpy(salt + ENVELOPE_KEY_BYTES, receiver, ENVELOPE_KEY_BYTES);
    memcpy(info, purpose.ptr, purpose.len);
    memcpy(ikm, secret, sizeof ikm);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, ikm, sizeof ikm),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt, sizeof salt),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, purpose.len),
        OSSL_PARAM_construct_end(),
    };
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *ctx = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
    _Static_assert(sizeof *ret_key == AES_KEY_BYTES + NONCE_BYTES, "key and nonce in one piece");
    bool ok = ctx && EVP_KDF_derive(ctx, (unsigned char *)ret_key, sizeof *ret_key, params) == 1;
    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);
    crypto_wipe(ikm, sizeof ikm);
    return ok;
}

/* One AES-256-GCM pass; tag is written (encrypt) or must fit (decrypt). */
static bool gcm(
    bool encrypt, const struct gcm_key *key, struct str in, unsigned char *out, unsigned char *tag)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int len = 0;
    int rest = 0;
    bool ok = ctx && EVP_CipherInit_ex(
                         ctx, EVP_aes_256_gcm(), NULL, key->key, key->nonce, encrypt ? 1 : 0) == 1;
    ok = ok && EVP_CipherUpdate(ctx, out, &len, bytes(in), (int)in.len) == 1;
    if (!encrypt)
        ok = ok && EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, ENVELOPE_TAG_BYTES, tag) == 1;
    ok = ok && EVP_CipherFinal_ex(ctx, out + len, &rest) == 1;
    if (encrypt)
        ok = ok && EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, ENVELOPE_TAG_BYTES, tag) == 1;
    EVP_CIPHER_CTX_free(ctx);
    return ok && (size_t)(len + rest) == in.len;
}

/* ---- what others call ---- */

struct result envelope_public_key(
    struct arena *arena, const struct crypto_key *key, struct str purpose, struct str *ret_public)
{
    unsigned char public_key[ENVELOPE_KEY_BYTES];
    EVP_PKEY *pair = own_pair(arena, key, purpose);
    bool ok = pair && raw_public(pair, public_key);
    EVP_PKEY_free(pair);
    if (!ok) return library();
    *ret_public = arena_str(arena, (struct str){(const char *)public_key, sizeof public_key});
    return RESULT_OK;
}

struct result envelope_open(struct arena *arena, const struct crypto_key *key, struct str purpose,
    struct str envelope, struct str *ret_plain)
{
    unsigned char own[ENVELOPE_KEY_BYTES];
    unsigned char secret[SECRET_BYTES];
    unsigned char tag[ENVELOPE_TAG_BYTES];
    struct gcm_key gcm_key;
    if (envelope.len < ENVELOPE_OVERHEAD_BYTES || envelope.len > INT32_MAX) return damaged();
    if (envelope.ptr[0] != FORMAT) return damaged();
    struct str sender = str_slice(envelope, 1, 1 + ENVELOPE_KEY_BYTES);
    size_t end = envelope.len - ENVELOPE_TAG_BYTES;
    struct str cipher = str_slice(envelope, 1 + ENVELOPE_KEY_BYTES, end);
    memcpy(tag, envelope.ptr + end, sizeof tag);
    EVP_PKEY *pair = own_pair(arena, key, purpose);
    if (!pair || !raw_public(pair, own)) {
        EVP_PKEY_free(pair);
        return library();
    }
    bool agreed = agree(pair, sender, secret);
    EVP_PKEY_free(pair);
    if (!agreed) return damaged();
    unsigned char *plain = arena_alloc(arena, cipher.len + 1, 1);
    bool ok = derive(secret, bytes(sender), own, purpose, &gcm_key) &&
              gcm(false, &gcm_key, cipher, plain, tag);
    crypto_wipe(secret, sizeof secret);
    crypto_wipe(&gcm_key, sizeof gcm_key);
    if (!ok) return damaged();
    *ret_plain = (struct str){(const char *)plain, cipher.len};
    return RESULT_OK;
}

struct result envelope_seal(struct arena *arena, struct str public_key, struct str purpose,
    struct str plain, struct str *ret_envelope)
{
    unsigned char secret[SECRET_BYTES];
    struct gcm_key gcm_key;
    CHECK(public_key.len == ENVELOPE_KEY_BYTES && plain.len < INT32_MAX);
    size_t size = ENVELOPE_OVERHEAD_BYTES + plain.len;
    unsigned char *out = arena_alloc(arena, size, 1);
    out[0] = FORMAT;
    EVP_PKEY *pair = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
    bool ok =
        pair && raw_public(pair, out + 1) && agree(pair, public_key, secret) &&
        derive(secret, out + 1, bytes(public_key), purpose, &gcm_key) &&
        gcm(true, &gcm_key, plain, out + 1 + ENVELOPE_KEY_BYTES, out + size - ENVELOPE_TAG_BYTES);
    EVP_PKEY_free(pair);
    crypto_wipe(secret, sizeof secret);
    crypto_wipe(&gcm_key, sizeof gcm_key);
    if (!ok) return library();
    *ret_envelope = (struct str){(const char *)out, size};
    return RESULT_OK;
}

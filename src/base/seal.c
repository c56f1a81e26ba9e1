#include "base/seal.h"

#include "base/check.h"
#include "base/sb.h"

#include <sodium.h>

#include "base/banned.h"

_Static_assert(SEAL_NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES &&
                   SEAL_TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES &&
                   CRYPTO_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    "XChaCha20-Poly1305");

enum { FORMAT = 1, HEAD_BYTES = 1 + SEAL_MARK_BYTES, PLACE_BYTES_MAX = 160 };

void seal_ring_init(struct seal_ring *ring, const struct key_file *file)
{
    CHECK(file->count > 0 && file->count <= KEY_FILE_MAX);
    CLEANUP(arena_release) struct arena arena = {0};
    *ring = (struct seal_ring){.count = file->count};
    for (int i = 0; i < file->count; i++) {
        struct str key = crypto_digest(&arena, &file->keys[i], STR("balm: fields"));
        struct str mark = crypto_digest(&arena, &file->keys[i], STR("balm: mark of the key"));
        memcpy(ring->keys[i].bytes, key.ptr, CRYPTO_KEY_BYTES);
        memcpy(ring->marks[i], mark.ptr, SEAL_MARK_BYTES);
        crypto_wipe((void *)(uintptr_t)key.ptr, key.len);
    }
}

/* The associated data: unambiguous, the same on every machine. */
static struct str place_text(struct sb *sb, char *buffer, size_t size, struct seal_place place)
{
    sb_init_fixed(sb, buffer, size);
    sb_add_cstr(sb, place.field);
    const int64_t numbers[] = {place.practice, place.row, place.part};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        sb_add_char(sb, '/');
        sb_add_i64(sb, numbers[i]);
    }
    CHECK(sb_ok(sb));
    return sb_str(sb);
}

struct str seal(
    struct arena *arena, const struct seal_ring *ring, struct seal_place place, struct str plain)
{
    CHECK(ring->count > 0);
    int newest = ring->count - 1;
    size_t size = plain.len + SEAL_OVERHEAD_BYTES;
    unsigned char *out = arena_alloc_raw(arena, size, 1);
    struct sb sb;
    char buffer[PLACE_BYTES_MAX];
    struct str where = place_text(&sb, buffer, sizeof buffer, place);
    out[0] = FORMAT;
    memcpy(out + 1, ring->marks[newest], SEAL_MARK_BYTES);
    unsigned char *nonce = out + HEAD_BYTES;
    crypto_random(nonce, SEAL_NONCE_BYTES);
    unsigned long long len;
    int failed = crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + SEAL_NONCE_BYTES, &len,
        (const unsigned char *)(plain.len ? plain.ptr : ""), plain.len,
        (const unsigned char *)where.ptr, where.len, NULL, nonce, ring->keys[newest].bytes);
    CHECK(failed == 0 && len + HEAD_BYTES + SEAL_NONCE_BYTES == size);
    return (struct str){(const char *)out, size};
}

static int key_of(const struct seal_ring *ring, struct str sealed)
{
    for (int i = ring->count - 1; i >= 0; i--) {
        if (memcmp(sealed.ptr + 1, ring->marks[i], SEAL_MARK_BYTES) == 0) return i;
    }
    return -1;
}

struct result seal_open(struct arena *arena, const struct seal_ring *ring, struct seal_place place,
    struct str sealed, struct str *ret_plain)
{
    if (!sealed.len) {
        *ret_plain = (struct str){0};
        return RESULT_OK;
    }
    if (sealed.len < SEAL_OVERHEAD_BYTES || sealed.ptr[0] != FORMAT)
        return result_fail(ERR_CORRUPT, "sealed-damaged", "a sealed value is damaged");
    int key = key_of(ring, sealed);
    if (key < 0) {
        return result_fail(
            ERR_CORRUPT, "sealed-key", "a value was sealed with a key that the key file lacks");
    }
    struct sb sb;
    char buffer[PLACE_BYTES_MAX];
    struct str where = place_text(&sb, buffer, sizeof buffer, place);
    const unsigned char *nonce = (const unsigned char *)sealed.ptr + HEAD_BYTES;
    size_t cipher_len = sealed.len - HEAD_BYTES - SEAL_NONCE_BYTES;
    unsigned char *plain = arena_alloc_raw(arena, cipher_len, 1);
    unsigned long long len;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &len, NULL, nonce + SEAL_NONCE_BYTES,
            cipher_len, (const unsigned char *)where.ptr, where.len, nonce,
            ring->keys[key].bytes) != 0)
        return result_fail(ERR_CORRUPT, "sealed-damaged", "a sealed value is damaged");
    *ret_plain = (struct str){(const char *)plain, (size_t)len};
    return RESULT_OK;
}

bool seal_is_known(const struct seal_ring *ring, struct str sealed)
{
    return !sealed.len || (sealed.len >= SEAL_OVERHEAD_BYTES && key_of(ring, sealed) >= 0);
}

bool seal_is_current(const struct seal_ring *ring, struct str sealed)
{
    if (!sealed.len) return true;
    if (sealed.len < SEAL_OVERHEAD_BYTES) return false;
    return memcmp(sealed.ptr + 1, ring->marks[ring->count - 1], SEAL_MARK_BYTES) == 0;
}

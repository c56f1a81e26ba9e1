/* Answers that phones kept while they were offline: the envelope and what is sealed in it. The
 * first byte chooses: bytes as an envelope, bytes as the text within, or bytes sealed and opened
 * again. */
#include "base/check.h"
#include "base/envelope.h"
#include "base/limits.h"
#include "web/pages/checkin_offline.h"

#include "base/banned.h"

#define PURPOSE STR("check-in 1")

static void read_text(struct arena *arena, struct str text)
{
    struct offline_entry entry;
    if (!offline_entry_read(arena, text, &entry)) return;
    CHECK(entry.token.len > 0 && entry.entry_key.len > 0);
    CHECK(entry.values.count <= CHECKIN_VALUES_MAX);
    for (size_t i = 0; i < entry.values.count; i++)
        CHECK(measure_value_is_valid(entry.values.list[i].measure, entry.values.list[i].value));
}

static void there_and_back(struct arena *arena, const struct crypto_key *key, struct str text)
{
    struct str public_key;
    struct str envelope;
    struct str plain;
    CHECK(result_is_ok(envelope_public_key(arena, key, PURPOSE, &public_key)));
    CHECK(result_is_ok(envelope_seal(arena, public_key, PURPOSE, text, &envelope)));
    CHECK(result_is_ok(envelope_open(arena, key, PURPOSE, envelope, &plain)));
    CHECK(str_eq(plain, text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena arena;
    static bool is_ready;
    struct crypto_key key = {{1, 2, 3}};
    struct str plain;
    if (!is_ready) CHECK(result_is_ok(crypto_init()));
    is_ready = true;
    if (size < 1 || size > 2 * LIMIT_ENVELOPE_BYTES) return 0;
    struct str bytes = {(const char *)data + 1, size - 1};
    switch (data[0] % 3) {
    case 0:
        if (result_is_ok(envelope_open(&arena, &key, PURPOSE, bytes, &plain)))
            read_text(&arena, plain);
        break;
    case 1: read_text(&arena, bytes); break;
    default: there_and_back(&arena, &key, bytes); break;
    }
    arena_reset(&arena);
    return 0;
}

/* Any bytes as a sealed check-in and as a sealed value: what unpacks is valid and packs to the same
 * bytes; nothing opens that was not sealed. */
#include "base/check.h"
#include "base/seal.h"
#include "practice/outcomes/checkin.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = {(const char *)data, size};
    struct arena arena = {0};
    struct checkin_values values;
    if (checkin_unpack(s, &values)) {
        CHECK(str_eq(checkin_pack(&arena, &values), s));
        for (size_t i = 0; i < values.count; i++)
            CHECK(measure_value_is_valid(values.list[i].measure, values.list[i].value));
    }
    static struct seal_ring ring;
    static const struct key_file file = {.count = 1, .keys = {{{1, 2, 3}}}};
    if (!ring.count) {
        CHECK(result_is_ok(crypto_init()));
        seal_ring_init(&ring, &file);
    }
    struct str plain;
    struct seal_place place = {"fuzz", 1, 2, 3};
    CHECK(size == 0 || !result_is_ok(seal_open(&arena, &ring, place, s, &plain)));
    CHECK(result_is_ok(seal_open(&arena, &ring, place, seal(&arena, &ring, place, s), &plain)));
    CHECK(str_eq(plain, s));
    arena_release(&arena);
    return 0;
}

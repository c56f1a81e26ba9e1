/* A TZif file from anywhere: refused, or a zone whose answers agree with each other. */
#include "base/check.h"
#include "base/tz.h"

#include "base/banned.h"

static void check_wall(const struct tz *tz, struct local_time local)
{
    struct tz_instants instants = tz_local_to_utc(tz, local);
    CHECK(instants.count >= 0 && instants.count <= 2);
    for (int i = 0; i < instants.count; i++) {
        struct local_time back = tz_utc_to_local(tz, instants.at[i]);
        CHECK(back.date == local.date && back.second == local.second);
    }
    if (instants.count == 2) CHECK(instants.at[0] < instants.at[1]);
    if (instants.count == 0) {
        struct local_time after = tz_utc_to_local(tz, instants.gap_end);
        CHECK(after.date > local.date || (after.date == local.date && after.second > local.second));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena arena;
    const struct tz *tz;
    struct str bytes = {(const char *)data, size};
    if (result_is_ok(tz_parse(&arena, bytes, STR("Made/Up"), &tz))) {
        utc_us at = INT64_C(-62135596800) * US_PER_SECOND;
        utc_us until = INT64_C(253402300800) * US_PER_SECOND;
        for (int i = 0; i < 400 && tz_next_transition(tz, at, until, &at); i++) {
            struct tz_offset before = tz_offset_at(tz, at - 1);
            struct tz_offset after = tz_offset_at(tz, at);
            CHECK(before.seconds != after.seconds || before.is_dst != after.is_dst ||
                  strcmp(before.abbreviation, after.abbreviation) != 0);
            struct local_time local = tz_utc_to_local(tz, at);
            check_wall(tz, local);
            check_wall(tz, tz_utc_to_local(tz, at - US_PER_SECOND));
            check_wall(tz, (struct local_time){local.date, (local.second + 86400 - 1800) % 86400});
        }
        check_wall(tz, (struct local_time){20000, 0});
        check_wall(tz, (struct local_time){200000, 86399});
    }
    arena_reset(&arena);
    return 0;
}

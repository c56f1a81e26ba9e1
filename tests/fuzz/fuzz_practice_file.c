/* Practice files from outside: setup_parse answers whatever the bytes, and what it accepts can be
 * written as a file again that is accepted and says the same. */
#include "base/check.h"
#include "base/limits.h"
#include "practice/setup/setup.h"

#include "base/banned.h"

static struct str write_file(struct arena *arena, const struct practice *practice)
{
    struct sb sb;
    struct jw jw;
    sb_init(&sb, arena, 4 * LIMIT_PRACTICE_FILE_BYTES);
    jw_init(&jw, &sb);
    setup_write(&jw, practice);
    CHECK(sb_ok(&sb));
    return sb_str(&sb);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena arena;
    if (size > LIMIT_PRACTICE_FILE_BYTES) return 0;
    struct problems problems;
    problems_init(&problems, &arena);
    const struct practice *practice = NULL;
    struct str text = {(const char *)data, size};
    struct result result = setup_parse(text, &arena, &problems, &practice);
    CHECK(result_is_ok(result) == (practice != NULL));
    CHECK(result.code == ERR_NONE || result.code == ERR_SYNTAX || result.code == ERR_INVALID);
    CHECK((result.code == ERR_INVALID) == (problems.count > 0));
    if (practice) {
        const struct practice *again = NULL;
        struct str first = write_file(&arena, practice);
        CHECK(result_is_ok(setup_parse(first, &arena, &problems, &again)));
        CHECK(str_eq(write_file(&arena, again), first));
    }
    arena_reset(&arena);
    return 0;
}

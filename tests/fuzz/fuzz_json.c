/* JSON from outside: whatever the bytes, json_parse answers, and the readers take what it gives. */
#include "base/json.h"
#include "base/check.h"
#include "base/limits.h"

#include "base/banned.h"

static void read_members(const struct json *value, struct str path, struct problems *problems)
{
    static const char *const keys[] = {"a", "b", "name", ""};
    struct json_object object;
    for (size_t i = 0; i < value->count; i++) {
        struct str below = json_path_index(problems->arena, path, i);
        if (value->items[i].kind >= JSON_ARRAY) read_members(&value->items[i], below, problems);
    }
    if (!json_enter(value, path, problems, &object)) return;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        struct str text = json_get_str(&object, keys[i], JSON_REQUIRED, 10);
        CHECK(str_is_text(text, false) && str_count_chars(text) <= 10);
        int64_t number = json_get_i64(&object, keys[i], JSON_OPTIONAL, -5, 5, 1);
        CHECK(number >= -5 && number <= 5);
        json_get_bool(&object, keys[i], true);
        const struct json *array = json_get_array(&object, keys[i], JSON_OPTIONAL, 3);
        CHECK(!array || array->count <= 3);
        json_get_object(&object, keys[i], JSON_REQUIRED);
    }
    json_leave(&object);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena arena;
    const struct json *json = NULL;
    struct str text = {(const char *)data, size};
    struct result result = json_parse(&arena, text, &json);
    CHECK(result_is_ok(result) == (json != NULL));
    if (json) {
        CHECK(str_is_text(text, true));
        struct problems problems;
        problems_init(&problems, &arena);
        read_members(json, (struct str){0}, &problems);
    } else {
        CHECK(result.code == ERR_SYNTAX && str_is_text(str_from_cstr(result.detail), false));
    }
    arena_reset(&arena);
    return 0;
}

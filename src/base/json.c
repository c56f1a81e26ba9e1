#include "base/json.h"

#include "base/check.h"
#include "base/limits.h"

/* jansson's type names are the same words as ours: rename them while its header is read. */
#define JSON_OBJECT JANSSON_OBJECT
#define JSON_ARRAY JANSSON_ARRAY
#define JSON_STRING JANSSON_STRING
#define JSON_INTEGER JANSSON_INTEGER
#define JSON_REAL JANSSON_REAL
#define JSON_TRUE JANSSON_TRUE
#define JSON_FALSE JANSSON_FALSE
#define JSON_NULL JANSSON_NULL
#include <jansson.h>
#undef JSON_OBJECT
#undef JSON_ARRAY
#undef JSON_STRING
#undef JSON_INTEGER
#undef JSON_REAL
#undef JSON_TRUE
#undef JSON_FALSE
#undef JSON_NULL

#include "base/banned.h"

enum { MEMBERS_MAX = 256 }; /* what json_object.seen has bits for */

/* One walk over jansson's tree. */
struct copy {
    struct arena *arena;
    size_t values_left;
    const char *fault; /* set where a limit is passed */
};

static void copy_value(struct copy *copy, json_t *from, struct json *to, int depth);

static void copy_items(struct copy *copy, json_t *from, struct json *to, int depth)
{
    bool is_object = to->kind == JSON_OBJECT;
    size_t count = is_object ? json_object_size(from) : json_array_size(from);
    if (depth > LIMIT_JSON_DEPTH) {
        copy->fault = "nested too deeply";
        return;
    }
    if (count > copy->values_left) {
        copy->fault = "too many values";
        return;
    }
    copy->values_left -= count;
    struct json *items = ARENA_ARRAY(copy->arena, count, struct json);
    void *member = is_object ? json_object_iter(from) : NULL;
    for (size_t i = 0; i < count && !copy->fault; i++) {
        if (is_object) {
            CHECK(member);
            items[i].key = arena_str(copy->arena, str_from_cstr(json_object_iter_key(member)));
            copy_value(copy, json_object_iter_value(member), &items[i], depth);
            member = json_object_iter_next(from, member);
        } else {
            copy_value(copy, json_array_get(from, i), &items[i], depth);
        }
    }
    to->items = items;
    to->count = count;
}

static void copy_value(struct copy *copy, json_t *from, struct json *to, int depth)
{
    switch (json_typeof(from)) {
    case JANSSON_NULL: to->kind = JSON_NULL; return;
    case JANSSON_TRUE:
    case JANSSON_FALSE:
        to->kind = JSON_BOOL;
        to->boolean = json_typeof(from) == JANSSON_TRUE;
        return;
    case JANSSON_INTEGER:
        to->kind = JSON_INT;
        to->integer = json_integer_value(from);
        return;
    case JANSSON_REAL:
        to->kind = JSON_REAL;
        to->real = json_real_value(from);
        return;
    case JANSSON_STRING:
        to->kind = JSON_STRING;
        to->string =
            arena_str(copy->arena, (struct str){json_string_value(from), json_string_length(from)});
        return;
    case JANSSON_ARRAY:
        to->kind = JSON_ARRAY;
        copy_items(copy, from, to, depth + 1);
        return;
    case JANSSON_OBJECT:
        to->kind = JSON_OBJECT;
        copy_items(copy, from, to, depth + 1);
        return;
    }
    UNREACHABLE();
}

/* jansson quotes the input and may cut it inside a character: what is not text becomes ASCII. */
static const char *error_detail(struct arena *arena, const json_error_t *error)
{
    char text[JSON_ERROR_TEXT_LENGTH];
    size_t len = strnlen(error->text, sizeof text);
    bool is_text = str_is_text((struct str){error->text, len}, false);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)error->text[i];
        text[i] = !is_text && (c < 0x20 || c > 0x7E) ? '?' : error->text[i];
    }
    if (error->line < 1) return arena_printf(arena, "%.*s", (int)len, text).ptr;
    return arena_printf(
        arena, "line %d column %d: %.*s", error->line, error->column, (int)len, text)
        .ptr;
}

struct result json_parse(struct arena *arena, struct str text, const struct json **ret_json)
{
    CHECK(arena && ret_json);
    /* jansson passes over a NUL that follows a number */
    if (str_find(text, '\0') < text.len) return result_fail(ERR_SYNTAX, "json", "a NUL byte");
    json_error_t error = {0};
    json_t *tree = json_loadb(text.len ? text.ptr : "", text.len, JSON_REJECT_DUPLICATES, &error);
    if (!tree) return result_fail(ERR_SYNTAX, "json", error_detail(arena, &error));

    struct copy copy = {.arena = arena, .values_left = LIMIT_JSON_VALUES};
    struct json *root = ARENA_NEW(arena, struct json);
    copy_value(&copy, tree, root, 0);
    json_decref(tree);
    if (copy.fault) return result_fail(ERR_SYNTAX, "json", copy.fault);
    *ret_json = root;
    return RESULT_OK;
}

const struct json *json_member(const struct json *object, struct str key)
{
    if (!object || object->kind != JSON_OBJECT) return NULL;
    for (size_t i = 0; i < object->count; i++) {
        if (str_eq(object->items[i].key, key)) return &object->items[i];
    }
    return NULL;
}

bool json_enter(const struct json *value, struct str path, struct problems *problems,
    struct json_object *ret_object)
{
    CHECK(problems && ret_object);
    if (!value || value->kind != JSON_OBJECT) {
        problems_add(problems, path, "not-an-object", (struct str){0});
        return false;
    }
    if (value->count > MEMBERS_MAX) {
        problems_add(
            problems, path, "too-many", arena_printf(problems->arena, "%d", (int)MEMBERS_MAX));
        return false;
    }
    *ret_object = (struct json_object){.value = value, .problems = problems, .path = path};
    return true;
}

static struct str path_join(struct arena *arena, struct str path, struct str key)
{
    if (path.len == 0) return key;
    return arena_printf(arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(key));
}

void json_leave(struct json_object *object)
{
    for (size_t i = 0; i < object->value->count; i++) {
        if (object->seen[i / 64] >> (i % 64) & 1) continue;
        struct str path =
            path_join(object->problems->arena, object->path, object->value->items[i].key);
        problems_add(object->problems, path, "unknown-field", (struct str){0});
    }
}

struct str json_path(const struct json_object *object, const char *key)
{
    return path_join(object->problems->arena, object->path, str_from_cstr(key));
}

struct str json_path_index(struct arena *arena, struct str path, size_t index)
{
    return arena_printf(arena, "%.*s[%zu]", STR_ARG(path), index);
}

void json_problem(struct json_object *object, const char *key, const char *code, struct str arg)
{
    problems_add(object->problems, json_path(object, key), code, arg);
}

/* Marks the member as seen; NULL where it is missing or null. */
static const struct json *look(struct json_object *object, const char *key)
{
    CHECK(object->value && key);
    const struct json *member = json_member(object->value, str_from_cstr(key));
    if (!member) return NULL;
    size_t at = (size_t)(member - object->value->items);
    object->seen[at / 64] |= UINT64_C(1) << (at % 64);
    return member->kind == JSON_NULL ? NULL : member;
}

/* The member if it is there and of that kind; otherwise NULL, with the problem noted. */
static const struct json *fetch(struct json_object *object, const char *key, enum json_need need,
    enum json_kind kind, const char *wrong_kind)
{
    const struct json *member = look(object, key);
    if (member && member->kind == kind) return member;
    if (member) {
        json_problem(object, key, wrong_kind, (struct str){0});
    } else if (need == JSON_REQUIRED) {
        json_problem(object, key, "required", (struct str){0});
    }
    return NULL;
}

bool json_has(struct json_object *object, const char *key)
{
    return look(object, key) != NULL;
}

/* No control characters but \n; U+0080 to U+009F steer terminals too. */
static bool is_plain_text(struct str text)
{
    if (!str_is_text(text, false)) return false;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '\t' || c == '\r') return false;
        if (c == 0xC2 && (unsigned char)text.ptr[i + 1] < 0xA0) return false;
    }
    return true;
}

struct str json_get_str(
    struct json_object *object, const char *key, enum json_need need, size_t max_chars)
{
    const struct json *member = fetch(object, key, need, JSON_STRING, "not-a-string");
    if (!member) return (struct str){0};
    struct str text = member->string;
    if (!is_plain_text(text)) {
        json_problem(object, key, "bad-text", (struct str){0});
        return (struct str){0};
    }
    if (str_count_chars(text) > max_chars) {
        struct arena *arena = object->problems->arena;
        json_problem(object, key, "too-long", arena_printf(arena, "%zu", max_chars));
        return (struct str){0};
    }
    if (need == JSON_REQUIRED && str_is_empty(str_trim(text))) {
        json_problem(object, key, "required", (struct str){0});
        return (struct str){0};
    }
    return text;
}

int64_t json_get_i64(struct json_object *object, const char *key, enum json_need need, int64_t min,
    int64_t max, int64_t otherwise)
{
    CHECK(min <= max);
    const struct json *member = look(object, key);
    if (!member && need == JSON_OPTIONAL) return otherwise;
    member = fetch(object, key, need, JSON_INT, "not-an-integer");
    if (!member) return 0;
    if (member->integer < min || member->integer > max) {
        struct arena *arena = object->problems->arena;
        json_problem(object, key, "out-of-range",
            arena_printf(arena, "%lld to %lld", (long long)min, (long long)max));
        return 0;
    }
    return member->integer;
}

bool json_get_bool(struct json_object *object, const char *key, bool otherwise)
{
    if (!look(object, key)) return otherwise;
    const struct json *member = fetch(object, key, JSON_OPTIONAL, JSON_BOOL, "not-a-boolean");
    return member && member->boolean;
}

const struct json *json_get_array(
    struct json_object *object, const char *key, enum json_need need, size_t max_items)
{
    const struct json *member = fetch(object, key, need, JSON_ARRAY, "not-an-array");
    if (!member) return NULL;
    if (member->count > max_items) {
        struct arena *arena = object->problems->arena;
        json_problem(object, key, "too-many", arena_printf(arena, "%zu", max_items));
        return NULL;
    }
    return member;
}

const struct json *json_get_object(struct json_object *object, const char *key, enum json_need need)
{
    return fetch(object, key, need, JSON_OBJECT, "not-an-object");
}

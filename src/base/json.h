/* Reading JSON: jansson parses (duplicate keys, NUL and invalid UTF-8 refused), and the value is copied
 * into an immutable tree in the arena. The readers below fetch typed members of an object and collect
 * what is wrong in `problems` with the JSON path ("therapists[0].hours[2].to"), so that a whole
 * document is checked in one go.
 *
 *   struct json_object root;
 *   if (!json_enter(&reader, doc, &root)) ...
 *   struct str name = json_get_str(&root, "name", JSON_REQUIRED, LIMIT_NAME_CHARS);
 *   ...
 *   json_leave(&root);                  reports members that nobody asked for ("unknown-field")
 *
 * A getter whose member is missing or wrong adds a problem and returns the zero value; the caller asks
 * problems.count once at the end. */
#ifndef BALM_BASE_JSON_H
#define BALM_BASE_JSON_H

#include "base/problems.h"
#include "base/result.h"

enum json_kind { JSON_NULL, JSON_BOOL, JSON_INT, JSON_REAL, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
    enum json_kind kind;
    bool boolean;
    int64_t integer;
    double real;       /* only JSON_REAL; Balm's documents use none */
    struct str string; /* JSON_STRING; the key's text for object members is in `key` */
    struct str key;    /* when this value is a member of an object */
    const struct json *items; /* array elements or object members */
    size_t count;
};

/* Parses `text`, at most LIMIT_JSON_DEPTH deep. ERR_SYNTAX with detail (arena) "line 3 column 14:
 * ..." where it is not JSON. The root must be an object or an array. */
struct result MUST_CHECK json_parse(
    struct arena *arena, struct str text, const struct json **ret_json);

/* The member of that name, or NULL. */
const struct json *json_member(const struct json *object, struct str key);

enum json_need { JSON_OPTIONAL, JSON_REQUIRED };

struct json_object {
    const struct json *value;
    struct problems *problems;
    struct str path; /* "" for the root */
    uint64_t seen[4]; /* which members were asked for; an object has at most 256 */
};

/* Begins to read `value` as an object at `path`; adds problem "not-an-object" and returns false
 * where it is not one. */
bool json_enter(const struct json *value, struct str path, struct problems *problems,
    struct json_object *ret_object);
void json_leave(struct json_object *object);

bool json_has(struct json_object *object, const char *key); /* present and not null; marks as seen */

/* max_chars in characters. Text is trimmed of nothing; control characters but \n are refused
 * ("bad-text"); required strings must not be empty after trimming ("required"). */
struct str json_get_str(
    struct json_object *object, const char *key, enum json_need need, size_t max_chars);
/* Integer within [min, max] ("not-an-integer", "out-of-range" with arg "min to max"). */
int64_t json_get_i64(struct json_object *object, const char *key, enum json_need need, int64_t min,
    int64_t max, int64_t otherwise);
bool json_get_bool(struct json_object *object, const char *key, bool otherwise);
/* The array, or NULL (missing, null, or wrong: "not-an-array"); "too-many" beyond max_items. */
const struct json *json_get_array(
    struct json_object *object, const char *key, enum json_need need, size_t max_items);
const struct json *json_get_object(struct json_object *object, const char *key, enum json_need need);

/* "path.key" and "path[3]" in the problems' arena. */
struct str json_path(const struct json_object *object, const char *key);
struct str json_path_index(struct arena *arena, struct str path, size_t index);

/* Adds a problem at object.key. */
void json_problem(struct json_object *object, const char *key, const char *code, struct str arg);

#endif

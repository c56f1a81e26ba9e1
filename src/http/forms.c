#include "http/forms.h"

#include "base/check.h"
#include "base/limits.h"

#include "base/banned.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* Percent-decodes; '+' is a space where plus_is_space. The result is valid UTF-8 without NUL. */
static struct result percent_decode(
    struct str text, bool plus_is_space, struct arena *arena, struct str *ret_text)
{
    char *out = arena_alloc(arena, text.len + 1, 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '%') {
            if (text.len - i < 3) return result_fail(ERR_SYNTAX, "bad-escape", NULL);
            int high = hex_value(text.ptr[i + 1]);
            int low = hex_value(text.ptr[i + 2]);
            if (high < 0 || low < 0) return result_fail(ERR_SYNTAX, "bad-escape", NULL);
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        out[len++] = c;
    }
    struct str decoded = {out, len};
    if (!str_is_text(decoded, true)) return result_fail(ERR_SYNTAX, "bad-text", NULL);
    *ret_text = decoded;
    return RESULT_OK;
}

struct result form_decode(
    struct str text, size_t max_fields, struct arena *arena, struct http_fields *ret_fields)
{
    size_t count = 0;
    struct str rest = text;
    struct str pair;
    while (str_cut(&rest, '&', &pair))
        count += pair.len > 0;
    if (count > max_fields) return result_fail(ERR_LIMIT, "too-many-fields", NULL);

    struct http_field *fields = ARENA_ARRAY(arena, count, struct http_field);
    size_t at = 0;
    rest = text;
    while (str_cut(&rest, '&', &pair)) {
        if (pair.len == 0) continue;
        size_t equals = str_find(pair, '=');
        TRY(percent_decode(str_slice(pair, 0, equals), true, arena, &fields[at].name));
        TRY(percent_decode(str_slice(pair, equals + 1, pair.len), true, arena, &fields[at].value));
        at++;
    }
    CHECK(at == count);
    *ret_fields = (struct http_fields){fields, count};
    return RESULT_OK;
}

static bool is_cookie_value(struct str value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        if (c <= 0x20 || c >= 0x7F || c == '"' || c == ',' || c == ';' || c == '\\') return false;
    }
    return true;
}

static bool is_cookie_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.ptr[i];
        if (c <= 0x20 || c >= 0x7F || strchr("\"(),/:;<=>?@[\\]{}", c)) return false;
    }
    return name.len > 0;
}

struct http_fields cookies_decode(struct str header, struct arena *arena)
{
    size_t most = 0;
    struct str rest = header;
    struct str pair;
    while (str_cut(&rest, ';', &pair))
        most++;
    if (most > LIMIT_QUERY_FIELDS) most = LIMIT_QUERY_FIELDS;
    struct http_field *fields = ARENA_ARRAY(arena, most, struct http_field);
    size_t count = 0;
    rest = header;
    while (count < most && str_cut(&rest, ';', &pair)) {
        size_t equals = str_find(pair, '=');
        if (equals == pair.len) continue;
        struct str name = str_trim(str_slice(pair, 0, equals));
        struct str value = str_trim(str_slice(pair, equals + 1, pair.len));
        if (value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"') {
            value = str_slice(value, 1, value.len - 1);
        }
        if (is_cookie_name(name) && is_cookie_value(value)) {
            fields[count++] = (struct http_field){name, value};
        }
    }
    return (struct http_fields){fields, count};
}

static bool is_plain_path(struct str raw)
{
    for (size_t i = 1; i < raw.len; i++) {
        char c = raw.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '_' || (c == '/' && raw.ptr[i - 1] != '/') ||
                     (c == '.' && raw.ptr[i - 1] != '/' && raw.ptr[i - 1] != '.');
        if (!plain) return false;
    }
    return true;
}

static bool has_encoded_slash(struct str raw)
{
    for (size_t i = 0; i + 2 < raw.len; i++) {
        if (raw.ptr[i] != '%') continue;
        int c = hex_value(raw.ptr[i + 1]) * 16 + hex_value(raw.ptr[i + 2]);
        if (c == '/' || c == '\\') return true;
    }
    return false;
}

struct result path_decode(struct str raw, struct arena *arena, struct str *ret_path)
{
    if (raw.len == 0 || raw.ptr[0] != '/') return result_fail(ERR_SYNTAX, "bad-path", NULL);
    if (is_plain_path(raw)) { /* nearly all: nothing to decode or to refuse */
        *ret_path = arena_str(arena, raw);
        return RESULT_OK;
    }
    if (has_encoded_slash(raw)) return result_fail(ERR_SYNTAX, "bad-path", NULL);
    struct str path;
    TRY(percent_decode(raw, false, arena, &path));
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.ptr[i];
        if (c < 0x20 || c == 0x7F || c == '\\') return result_fail(ERR_SYNTAX, "bad-path", NULL);
    }
    struct str rest = str_slice(path, 1, path.len);
    struct str segment;
    while (str_cut(&rest, '/', &segment)) {
        if (segment.len == 0 || str_eq(segment, STR(".")) || str_eq(segment, STR(".."))) {
            return result_fail(ERR_SYNTAX, "bad-path", NULL);
        }
    }
    *ret_path = path;
    return RESULT_OK;
}

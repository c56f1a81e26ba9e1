#include "http/forms.h"

#include "base/limits.h"

#include "base/banned.h"

enum { PART_HEADER_MAX = 2048 };

static struct result malformed(void)
{
    return result_fail(ERR_SYNTAX, "bad-multipart", NULL);
}

/* Position of needle in text at or after `from`; text.len where there is none. */
static size_t find_from(struct str text, size_t from, struct str needle)
{
    if (from > text.len) return text.len;
    const char *at = memmem(text.ptr + from, text.len - from, needle.ptr, needle.len);
    return at ? (size_t)(at - text.ptr) : text.len;
}

/* One parameter `; name=value` or `; name="value"` off the front of *rest. 1: found, 0: end, -1:
 * bad. Within quotes a backslash escapes a quote or a backslash (browsers write %22 instead). */
static int cut_parameter(
    struct str *rest, struct arena *arena, struct str *ret_name, struct str *ret_value)
{
    struct str text = str_trim(*rest);
    if (text.len == 0) return 0;
    if (text.ptr[0] != ';') return -1;
    text = str_trim(str_slice(text, 1, text.len));
    if (text.len == 0) return 0;
    size_t equals = str_find(text, '=');
    if (equals == text.len || equals == 0) return -1;
    *ret_name = str_slice(text, 0, equals);
    text = str_slice(text, equals + 1, text.len);
    if (text.len == 0 || text.ptr[0] != '"') {
        size_t end = str_find(text, ';');
        *ret_value = str_trim(str_slice(text, 0, end));
        *rest = str_slice(text, end, text.len);
        return ret_value->len ? 1 : -1;
    }
    char *out = arena_alloc(arena, text.len, 1);
    size_t len = 0;
    for (size_t i = 1; i < text.len; i++) {
        if (text.ptr[i] == '"') {
            *ret_value = (struct str){out, len};
            *rest = str_slice(text, i + 1, text.len);
            return 1;
        }
        bool escape = text.ptr[i] == '\\' && i + 1 < text.len &&
                      (text.ptr[i + 1] == '"' || text.ptr[i + 1] == '\\');
        if (escape) i++;
        out[len++] = text.ptr[i];
    }
    return -1; /* no closing quote */
}

static struct result find_boundary(
    struct str content_type, struct arena *arena, struct str *ret_boundary)
{
    size_t semicolon = str_find(content_type, ';');
    struct str media = str_trim(str_slice(content_type, 0, semicolon));
    if (!str_eq_nocase(media, STR("multipart/form-data"))) return malformed();
    struct str rest = str_slice(content_type, semicolon, content_type.len);
    struct str boundary = {0};
    struct str name;
    struct str value;
    int more;
    while ((more = cut_parameter(&rest, arena, &name, &value)) > 0) {
        if (!str_eq_nocase(name, STR("boundary"))) continue;
        if (boundary.len) return malformed();
        boundary = value;
    }
    if (more < 0 || boundary.len == 0 || boundary.len > 70) return malformed();
    for (size_t i = 0; i < boundary.len; i++) {
        unsigned char c = (unsigned char)boundary.ptr[i];
        if (c <= 0x20 || c >= 0x7F) return malformed();
    }
    *ret_boundary = boundary;
    return RESULT_OK;
}

static struct result read_disposition(struct str value, struct arena *arena, struct form_part *part)
{
    size_t semicolon = str_find(value, ';');
    if (!str_eq_nocase(str_trim(str_slice(value, 0, semicolon)), STR("form-data"))) {
        return malformed();
    }
    struct str rest = str_slice(value, semicolon, value.len);
    struct str name;
    struct str text;
    bool named = false;
    int more;
    while ((more = cut_parameter(&rest, arena, &name, &text)) > 0) {
        if (!str_is_text(text, false)) return malformed();
        if (str_eq_nocase(name, STR("name"))) {
            if (named) return malformed();
            part->name = text;
            named = true;
        } else if (str_eq_nocase(name, STR("filename"))) {
            if (part->filename.len) return malformed();
            part->filename = text;
        }
    }
    return more < 0 || !named ? malformed() : RESULT_OK;
}

static struct result read_headers(struct str head, struct arena *arena, struct form_part *part)
{
    if (head.len > PART_HEADER_MAX) return result_fail(ERR_LIMIT, "too-large", NULL);
    bool disposed = false;
    size_t at = 0;
    while (at < head.len) {
        size_t end = find_from(head, at, STR("\r\n"));
        struct str line = str_slice(head, at, end);
        at = end + 2;
        size_t colon = str_find(line, ':');
        if (colon == line.len || colon == 0) return malformed();
        struct str name = str_slice(line, 0, colon);
        struct str value = str_trim(str_slice(line, colon + 1, line.len));
        if (str_eq_nocase(name, STR("content-disposition"))) {
            if (disposed) return malformed();
            TRY(read_disposition(value, arena, part));
            disposed = true;
        } else if (str_eq_nocase(name, STR("content-type"))) {
            if (!str_is_text(value, false)) return malformed();
            part->type = value;
        } else if (str_eq_nocase(name, STR("content-transfer-encoding"))) {
            return malformed(); /* RFC 7578 §4.7: not to be used; we would hand out raw bytes */
        }
    }
    return disposed ? RESULT_OK : malformed();
}

struct result multipart_decode(
    struct str content_type, struct str body, struct arena *arena, struct form_parts *ret_parts)
{
    struct str boundary;
    TRY(find_boundary(content_type, arena, &boundary));
    struct str delimiter = arena_printf(arena, "\r\n--%.*s", STR_ARG(boundary));
    struct str opening = str_slice(delimiter, 2, delimiter.len);
    if (!str_starts(body, opening)) return malformed();

    struct form_part *parts = ARENA_ARRAY(arena, LIMIT_MULTIPART_PARTS, struct form_part);
    size_t count = 0;
    size_t at = opening.len;
    for (;;) {
        struct str after = str_slice(body, at, at + 2);
        if (str_eq(after, STR("--"))) break;
        if (!str_eq(after, STR("\r\n"))) return malformed();
        if (count == LIMIT_MULTIPART_PARTS) {
            return result_fail(ERR_LIMIT, "too-many-fields", NULL);
        }
        at += 2;
        size_t blank = find_from(body, at, STR("\r\n\r\n"));
        if (blank == body.len) return malformed();
        TRY(read_headers(str_slice(body, at, blank), arena, &parts[count]));
        size_t start = blank + 4;
        size_t end = find_from(body, start, delimiter);
        if (end == body.len) return malformed();
        parts[count].body = str_slice(body, start, end);
        bool plain = parts[count].filename.len == 0 && parts[count].type.len == 0;
        if (plain && !str_is_text(parts[count].body, true)) {
            return result_fail(ERR_SYNTAX, "bad-text", NULL);
        }
        count++;
        at = end + delimiter.len;
    }
    struct str tail = str_slice(body, at + 2, body.len);
    if (tail.len && !str_eq(tail, STR("\r\n"))) return malformed();
    *ret_parts = (struct form_parts){parts, count};
    return RESULT_OK;
}

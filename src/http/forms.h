/* Decoding of what clients send: query strings and forms (WHATWG urlencoded), multipart/form-data
 * (RFC 7578), cookies (RFC 6265), paths. All strict: invalid percent escapes, invalid UTF-8 and NUL
 * are refused with ERR_SYNTAX, too many fields with ERR_LIMIT. Results live in the arena; parts'
 * types and bodies and cookies are views of the input. */
#ifndef BALM_HTTP_FORMS_H
#define BALM_HTTP_FORMS_H

#include "http/http.h"

struct result MUST_CHECK form_decode(
    struct str text, size_t max_fields, struct arena *arena, struct http_fields *ret_fields);

struct form_part {
    struct str name;
    struct str filename; /* empty: a plain field */
    struct str type;
    struct str body;
};

struct form_parts {
    const struct form_part *ptr;
    size_t len;
};

/* content_type: the whole header value with its boundary. Plain fields are valid UTF-8; a part with
 * a file name or a type may be any bytes. Preambles and transfer encodings are refused. */
struct result MUST_CHECK multipart_decode(
    struct str content_type, struct str body, struct arena *arena, struct form_parts *ret_parts);

/* Invalid pairs are dropped, as browsers do. */
struct http_fields cookies_decode(struct str header, struct arena *arena);

/* Percent-decodes a path; refuses encoded slashes and backslashes, "." and ".." segments, empty
 * segments but a last one, NUL and control characters. */
struct result MUST_CHECK path_decode(struct str raw, struct arena *arena, struct str *ret_path);

#endif

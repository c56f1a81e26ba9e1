/* What a request's head must be before any handler sees it.
 *
 * libmicrohttpd ends names and values at a NUL, unfolds continued lines and takes a lone LF for the
 * end of a line, without a trace in what it hands out. But its strings point into the very buffer
 * that was received, in which it has put NULs in place of the separators. So the guard checks that
 * they tile that buffer exactly, CR LF between them: whatever was skipped, folded or cut short
 * leaves a gap. Then the head is copied into the arena, so that a request outlives its connection's
 * buffers. */
#include "http/internal.h"

#include "base/check.h"
#include "base/limits.h"
#include "http/forms.h"
#include "http/stream_internal.h"

#include <arpa/inet.h>

#include "base/banned.h"

enum { BAD_REQUEST = 400 };

struct head {
    struct http_field *fields;
    size_t count;
    size_t max;
    const char *at; /* where the next field must begin */
    bool broken;
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static enum MHD_Result take_field(void *cls, enum MHD_ValueKind kind, const char *name,
    size_t name_len, const char *value, size_t value_len)
{
    (void)kind;
    struct head *head = cls;
    CHECK(head->count < head->max);
    if (!value) value_len = 0;
    if (name != head->at || !value || value <= name + name_len) {
        head->broken = true;
        return MHD_NO;
    }
    for (const char *gap = name + name_len + 1; gap < value; gap++)
        head->broken |= *gap != ' ' && *gap != '\t';
    for (size_t i = 0; i < name_len; i++)
        head->broken |= !http_is_token_char(name[i]);
    for (size_t i = 0; i < value_len; i++) {
        unsigned char c = (unsigned char)value[i];
        head->broken |= (c < 0x20 && c != '\t') || c == 0x7F;
    }
    head->broken |= name_len == 0 || value[value_len] != 0 || value[value_len + 1] != 0;
    head->fields[head->count++] = (struct http_field){{name, name_len}, {value, value_len}};
    head->at = value + value_len + 2;
    return head->broken ? MHD_NO : MHD_YES;
}

static bool parse_method(struct str text, enum http_method *ret_method)
{
    for (int i = HTTP_GET; i <= HTTP_OPTIONS; i++) {
        if (!str_eq(text, str_from_cstr(http_method_name((enum http_method)i)))) continue;
        *ret_method = (enum http_method)i;
        return true;
    }
    return false;
}

/* Fields out of the received buffer; 0 or a status. */
static int read_fields(
    struct exchange_impl *impl, const char *url, const char *method, const char *version)
{
    struct http_req *req = &impl->x.req;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(impl->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    CHECK(info);
    size_t size = info->header_size;
    const char *url_at = method + strlen(method) + 1;
    const char *version_at = url_at + impl->raw_target.len + 1;
    if (url != url_at || version != version_at) return BAD_REQUEST;
    if (impl->raw_target.len > LIMIT_URL_BYTES) return 414;
    if (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0) return 505;
    if (version[9] != 0) return BAD_REQUEST; /* a lone LF */
    if (size > LIMIT_HEADER_BYTES) return 431;

    int count = MHD_get_connection_values_n(impl->connection, MHD_HEADER_KIND, NULL, NULL);
    if (count > LIMIT_HEADER_COUNT) return 431;
    struct head head = {.max = (size_t)count, .at = version + 10};
    head.fields = ARENA_ARRAY(&impl->x.arena, head.max, struct http_field);
    MHD_get_connection_values_n(impl->connection, MHD_HEADER_KIND, take_field, &head);
    if (head.broken || head.count != head.max) return BAD_REQUEST;
    if (head.at[0] != 0 || head.at[1] != 0) return BAD_REQUEST;
    if (head.at + 2 != method + size) return BAD_REQUEST;

    const char *copy = arena_str(&impl->x.arena, (struct str){method, size}).ptr;
    for (size_t i = 0; i < head.count; i++) {
        struct http_field *field = &head.fields[i];
        field->name.ptr = copy + (field->name.ptr - method);
        field->value.ptr = copy + (field->value.ptr - method);
    }
    req->headers = (struct http_fields){head.fields, head.count};
    return 0;
}

/* ---- the headers that frame or route the request ---- */

struct framing {
    struct str host;
    struct str length;
    struct str coding;
    struct str expect;
    int hosts;
    int lengths;
    int codings;
    bool has_cookie;
};

static void sort_fields(const struct http_req *req, struct framing *framing)
{
    for (size_t i = 0; i < req->headers.len; i++) {
        const struct http_field *field = &req->headers.ptr[i];
        switch (field->name.len) {
        case 4:
            if (!str_eq_nocase(field->name, STR("host"))) break;
            framing->host = field->value;
            framing->hosts++;
            break;
        case 6:
            if (str_eq_nocase(field->name, STR("cookie"))) framing->has_cookie = true;
            if (str_eq_nocase(field->name, STR("expect"))) framing->expect = field->value;
            break;
        case 14:
            if (!str_eq_nocase(field->name, STR("content-length"))) break;
            framing->length = field->value;
            framing->lengths++;
            break;
        case 17:
            if (!str_eq_nocase(field->name, STR("transfer-encoding"))) break;
            framing->coding = field->value;
            framing->codings++;
            break;
        default: break;
        }
    }
}

static bool is_host_name(struct str host)
{
    if (host.len == 0 || host.len > LIMIT_HOST_CHARS) return false;
    if (host.ptr[0] == '[') {
        char text[INET6_ADDRSTRLEN];
        struct in6_addr address;
        if (host.len < 4 || host.ptr[host.len - 1] != ']' || host.len - 2 >= sizeof text) {
            return false;
        }
        memcpy(text, host.ptr + 1, host.len - 2);
        text[host.len - 2] = 0;
        return inet_pton(AF_INET6, text, &address) == 1;
    }
    for (size_t i = 0; i < host.len; i++) {
        char c = lower(host.ptr[i]);
        bool good =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        if (!good) return false;
    }
    return true;
}

static int read_host(struct exchange_impl *impl, struct str value)
{
    struct http_req *req = &impl->x.req;
    struct str text = str_trim(value);
    size_t end = text.len;
    for (size_t i = text.len; i > 0; i--) {
        if (text.ptr[i - 1] == ']') break;
        if (text.ptr[i - 1] != ':') continue;
        end = i - 1;
        break;
    }
    struct str host = str_slice(text, 0, end);
    int64_t port;
    if (!is_host_name(host)) return BAD_REQUEST;
    if (end < text.len) {
        struct str digits = str_slice(text, end + 1, text.len);
        if (digits.len > 5 || !str_to_i64(digits, 1, 65535, &port)) return BAD_REQUEST;
    }
    char *lowered = arena_alloc(req->arena, host.len, 1);
    for (size_t i = 0; i < host.len; i++)
        lowered[i] = lower(host.ptr[i]);
    req->host = (struct str){lowered, host.len};
    req->host_port = text;
    return 0;
}

/* Splits the target into path and query. The absolute form is taken when it names this host. */
static int read_target(struct exchange_impl *impl)
{
    struct http_req *req = &impl->x.req;
    struct str target = impl->raw_target;
    for (size_t i = 0; i < target.len; i++) {
        unsigned char c = (unsigned char)target.ptr[i];
        if (c <= 0x20 || c >= 0x7F || c == '#') return BAD_REQUEST;
    }
    size_t scheme = str_starts(target, STR("http://"))    ? 7
                    : str_starts(target, STR("https://")) ? 8
                                                          : 0;
    if (scheme) {
        struct str rest = str_slice(target, scheme, target.len);
        size_t slash = str_find(rest, '/');
        if (!str_eq_nocase(str_slice(rest, 0, slash), req->host_port)) return BAD_REQUEST;
        target = slash == rest.len ? STR("/") : str_slice(rest, slash, rest.len);
    }
    size_t question = str_find(target, '?');
    req->target = target;
    req->query = str_slice(target, question + 1, target.len);
    if (req->method == HTTP_OPTIONS && str_eq(target, STR("*"))) {
        req->path = STR("*");
        return 0;
    }
    struct result decoded = path_decode(str_slice(target, 0, question), req->arena, &req->path);
    if (!result_is_ok(decoded)) return BAD_REQUEST;
    if (req->query.len == 0) return 0;
    decoded = form_decode(req->query, LIMIT_QUERY_FIELDS, req->arena, &req->params);
    return result_is_ok(decoded) ? 0 : BAD_REQUEST;
}

static void read_cookies(struct http_req *req)
{
    struct str joined = {0};
    for (size_t i = 0; i < req->headers.len; i++) {
        if (!str_eq_nocase(req->headers.ptr[i].name, STR("cookie"))) continue;
        struct str value = req->headers.ptr[i].value;
        joined = joined.len
                     ? arena_printf(req->arena, "%.*s; %.*s", STR_ARG(joined), STR_ARG(value))
                     : value;
    }
    req->cookies = cookies_decode(joined, req->arena);
}

static void read_content_type(struct http_req *req)
{
    struct str value = http_header(req, STR("content-type"));
    struct str media = str_trim(str_slice(value, 0, str_find(value, ';')));
    char *lowered = arena_alloc(req->arena, media.len, 1);
    for (size_t i = 0; i < media.len; i++)
        lowered[i] = lower(media.ptr[i]);
    req->content_type = (struct str){lowered, media.len};
}

static bool is_address(struct str text)
{
    char name[INET6_ADDRSTRLEN];
    unsigned char bytes[16];
    if (text.len == 0 || text.len >= sizeof name) return false;
    memcpy(name, text.ptr, text.len);
    name[text.len] = 0;
    return inet_pton(AF_INET, name, bytes) == 1 || inet_pton(AF_INET6, name, bytes) == 1;
}

/* What a proxy on this machine says of its client: the last address is the one it saw itself. */
static void read_forwarded(struct exchange_impl *impl)
{
    struct http_req *req = &impl->x.req;
    struct str last = {0};
    for (size_t i = 0; i < req->headers.len; i++) {
        const struct http_field *field = &req->headers.ptr[i];
        if (str_eq_nocase(field->name, STR("x-forwarded-for"))) last = field->value;
        if (str_eq_nocase(field->name, STR("x-forwarded-proto"))) {
            req->secure = str_eq_nocase(str_trim(field->value), STR("https"));
        }
    }
    for (size_t i = last.len; i > 0; i--) {
        if (last.ptr[i - 1] != ',') continue;
        last = str_slice(last, i, last.len);
        break;
    }
    last = str_trim(last);
    if (is_address(last)) req->peer = last;
}

/* How the body is framed, and whether it may come at all. */
static int read_framing(struct exchange_impl *impl, const struct framing *framing, bool old)
{
    const struct http_server *server = impl->worker->server;
    bool has_body = framing->codings || framing->lengths;
    int64_t length = 0;
    if (framing->codings > 1 || framing->lengths > 1) return BAD_REQUEST;
    if (framing->codings && framing->lengths) return BAD_REQUEST;
    if (framing->codings && (old || !str_eq_nocase(framing->coding, STR("chunked")))) {
        return BAD_REQUEST;
    }
    if (framing->lengths) {
        for (size_t i = 0; i < framing->length.len; i++) {
            if (framing->length.ptr[i] < '0' || framing->length.ptr[i] > '9') return BAD_REQUEST;
        }
        if (framing->length.len == 0) return BAD_REQUEST;
        if (!str_to_i64(framing->length, 0, INT64_MAX, &length)) return 413;
    }
    if (framing->expect.len && !old && !str_eq_nocase(framing->expect, STR("100-continue"))) {
        return 417;
    }
    if (!has_body || (framing->lengths && length == 0)) return 0;

    read_content_type(&impl->x.req);
    const struct http_handler *handler = &server->options.handler;
    impl->body_limit = handler->body_limit(handler->ctx, &impl->x.req);
    if ((uint64_t)length > impl->body_limit || (framing->codings && impl->body_limit == 0)) {
        return 413;
    }
    if (length) {
        impl->body_cap = (size_t)length;
        impl->body = arena_alloc(&impl->x.arena, impl->body_cap, 1);
    }
    return 0;
}

int guard_head(struct exchange_impl *impl, const char *url, const char *method, const char *version)
{
    struct http_req *req = &impl->x.req;
    const struct http_server *server = impl->worker->server;
    struct str method_text = str_from_cstr(method);
    int status = read_fields(impl, url, method, version);
    if (status) return status;

    for (size_t i = 0; i < method_text.len; i++) {
        if (!http_is_token_char(method_text.ptr[i])) return BAD_REQUEST;
    }
    if (!parse_method(method_text, &req->method)) return 501;

    bool old = version[7] == '0';
    struct framing framing = {0};
    sort_fields(req, &framing);
    if (framing.hosts > 1 || (framing.hosts == 0 && !old)) return BAD_REQUEST;
    if (framing.hosts) {
        status = read_host(impl, framing.host);
        if (status) return status;
    }
    if (server->options.trust_proxy && impl->conn->local) read_forwarded(impl);
    status = read_target(impl);
    if (status) return status;
    if (framing.has_cookie) read_cookies(req);
    return read_framing(impl, &framing, old);
}

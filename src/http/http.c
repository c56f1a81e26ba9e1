#include "http/http.h"

#include "base/check.h"
#include "http/stream_internal.h"

#include "base/banned.h"

struct str http_fields_get(struct http_fields fields, struct str name)
{
    for (size_t i = 0; i < fields.len; i++) {
        if (str_eq(fields.ptr[i].name, name)) return fields.ptr[i].value;
    }
    return (struct str){0};
}

bool http_fields_has(struct http_fields fields, struct str name)
{
    for (size_t i = 0; i < fields.len; i++) {
        if (str_eq(fields.ptr[i].name, name)) return true;
    }
    return false;
}

struct str http_header(const struct http_req *req, struct str name)
{
    for (size_t i = 0; i < req->headers.len; i++) {
        if (str_eq_nocase(req->headers.ptr[i].name, name)) return req->headers.ptr[i].value;
    }
    return (struct str){0};
}

struct str http_param(const struct http_req *req, struct str name)
{
    return http_fields_get(req->params, name);
}

struct str http_cookie(const struct http_req *req, struct str name)
{
    return http_fields_get(req->cookies, name);
}

bool http_is_token_char(char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-')
        return true;
    return c != 0 && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

static bool is_token(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (!http_is_token_char(name.ptr[i])) return false;
    }
    return name.len > 0;
}

void http_resp_header(struct http_resp *resp, struct str name, struct str value)
{
    CHECK(is_token(name));
    /* These are the server's own. */
    CHECK(!str_eq_nocase(name, STR("Content-Length")) && !str_eq_nocase(name, STR("Connection")) &&
          !str_eq_nocase(name, STR("Transfer-Encoding")));
    if (value.len) {
        CHECK(!memchr(value.ptr, '\r', value.len) && !memchr(value.ptr, '\n', value.len) &&
              !memchr(value.ptr, 0, value.len));
    }
    CHECK(resp->header_count < HTTP_RESP_HEADERS_MAX);
    resp->headers[resp->header_count++] = (struct http_field){name, value};
}

void http_resp_body(struct http_resp *resp, int status, struct str type, struct str body)
{
    CHECK(status >= 200 && status <= 599);
    resp->status = status;
    http_resp_header(resp, STR("Content-Type"), type);
    resp->body = body;
}

void http_resp_redirect(struct http_resp *resp, struct str location)
{
    CHECK(location.len > 0);
    resp->status = 303;
    http_resp_header(resp, STR("Location"), location);
}

void http_resp_clear(struct http_resp *resp)
{
    if (resp->stream) http_stream_release(resp->stream);
    *resp = (struct http_resp){0};
}

const char *http_status_text(int status)
{
    static const struct {
        int status;
        const char *text;
    } texts[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {207, "Multi-Status"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Content"},
        {423, "Locked"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
        {507, "Insufficient Storage"},
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        if (texts[i].status == status) return texts[i].text;
    }
    return "Unknown";
}

const char *http_method_name(enum http_method method)
{
    switch (method) {
    case HTTP_GET: return "GET";
    case HTTP_HEAD: return "HEAD";
    case HTTP_POST: return "POST";
    case HTTP_PUT: return "PUT";
    case HTTP_PATCH: return "PATCH";
    case HTTP_DELETE: return "DELETE";
    case HTTP_OPTIONS: return "OPTIONS";
    }
    UNREACHABLE();
}

struct str http_date(struct arena *arena, utc_us instant)
{
    static const char days[7][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char months[12][4] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct local_time at = local_from_utc(instant);
    struct civil_date civil = date_to_civil(at.date);
    CHECK(civil_is_valid(civil));
    return arena_printf(arena, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[date_weekday(at.date)],
        civil.day, months[civil.month - 1], civil.year, at.second / 3600, at.second / 60 % 60,
        at.second % 60);
}

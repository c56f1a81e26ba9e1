/* http: requests and responses, free of any HTTP library's types.
 *
 * A request arrives whole (its body within the route's limit), decoded strictly and checked by the
 * guard; handlers fill a response. Everything lives in the exchange's arena and is gone when the
 * response has been sent. */
#ifndef BALM_HTTP_HTTP_H
#define BALM_HTTP_HTTP_H

#include "base/arena.h"
#include "base/civil.h"
#include "base/result.h"
#include "base/str.h"

#include <stdint.h>

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS,
};

struct http_field {
    struct str name;
    struct str value;
};

struct http_fields {
    const struct http_field *ptr;
    size_t len;
};

struct http_req {
    enum http_method method;
    struct str path;   /* decoded once, valid UTF-8, no NUL, no "//", no "." or ".." segments */
    struct str query;  /* raw, after '?' */
    struct str target; /* raw path and query as sent */
    struct str host;   /* lower case, without port */
    struct str host_port; /* as sent */
    struct http_fields params;  /* query, decoded */
    struct http_fields headers; /* in order */
    struct http_fields cookies;
    struct str content_type; /* media type only, lower case */
    struct str body;
    struct str peer;   /* the client's address as text, for limits; never logged with content */
    bool secure;       /* arrived by https (X-Forwarded-Proto of a trusted proxy) */
    uint64_t id;       /* request number, for the log */
    struct arena *arena;
};

/* First field of that name (headers: any letter case); empty where there is none. */
struct str http_header(const struct http_req *req, struct str name);
struct str http_param(const struct http_req *req, struct str name);
struct str http_cookie(const struct http_req *req, struct str name);
struct str http_fields_get(struct http_fields fields, struct str name);
bool http_fields_has(struct http_fields fields, struct str name);

enum { HTTP_RESP_HEADERS_MAX = 24 };

/* A file compiled into the program. */
struct http_asset {
    struct str path;        /* "/static/look.3f2a91c0.css" */
    struct str type;        /* "text/css; charset=utf-8" */
    struct str etag;        /* quoted */
    struct str plain;
    struct str gzip;        /* empty where it would not be smaller */
    struct str brotli;      /* likewise */
    bool immutable;         /* fingerprinted: cached for a year */
};

struct http_stream; /* a server-sent event stream, see http/stream.h */

struct http_resp {
    int status; /* 0 until set */
    struct http_field headers[HTTP_RESP_HEADERS_MAX];
    size_t header_count;
    struct str body; /* in the arena, or static */
    const struct http_asset *asset; /* instead of a body */
    struct http_stream *stream;     /* instead of a body */
    bool no_compress;
};

/* Adds a header; the process ends if the value holds CR, LF or NUL: build values from checked
 * parts. name and value must live in the arena or be literals. At most 16 are the handler's;
 * Content-Length, Transfer-Encoding and Connection are the server's. An empty value is not sent. */
void http_resp_header(struct http_resp *resp, struct str name, struct str value);
/* Status, Content-Type and body in one. */
void http_resp_body(struct http_resp *resp, int status, struct str type, struct str body);
/* 303 See Other; `location` is a path on this site or an absolute URL, percent-encoded. */
void http_resp_redirect(struct http_resp *resp, struct str location);
/* Back to an empty response. */
void http_resp_clear(struct http_resp *resp);

const char *http_status_text(int status);
const char *http_method_name(enum http_method method);

/* "Sun, 06 Nov 1994 08:49:37 GMT" */
struct str http_date(struct arena *arena, utc_us instant);

#endif

/* From struct http_resp to libmicrohttpd's response. The body is never copied: it stays in the
 * exchange's arena, which outlives the response. */
#include "http/internal.h"

#include "base/check.h"
#include "http/stream_internal.h"

#include "base/banned.h"

static struct str resp_header(const struct http_resp *resp, struct str name)
{
    for (size_t i = 0; i < resp->header_count; i++) {
        if (str_eq_nocase(resp->headers[i].name, name)) return resp->headers[i].value;
    }
    return (struct str){0};
}

static bool is_read(const struct http_req *req)
{
    return req->method == HTTP_GET || req->method == HTTP_HEAD;
}

/* Each encoding of an asset is an entity of its own: "abc" becomes "abc-gzip". */
static struct str etag_for(struct arena *arena, struct str etag, struct str encoding)
{
    CHECK(etag.len >= 2 && etag.ptr[etag.len - 1] == '"');
    if (encoding.len == 0) return etag;
    return arena_printf(arena, "%.*s-%.*s\"", (int)etag.len - 1, etag.ptr, STR_ARG(encoding));
}

static struct str choose_asset(struct exchange_impl *impl)
{
    struct http_req *req = &impl->x.req;
    struct http_resp *resp = &impl->x.resp;
    const struct http_asset *asset = resp->asset;
    struct str body = asset->plain;
    struct str encoding = {0};
    if (asset->gzip.len || asset->brotli.len) {
        struct str accept = http_header(req, STR("accept-encoding"));
        http_resp_header(resp, STR("Vary"), STR("Accept-Encoding"));
        if (asset->brotli.len && encode_accepts(accept, STR("br"))) {
            body = asset->brotli;
            encoding = STR("br");
        } else if (asset->gzip.len && encode_accepts(accept, STR("gzip"))) {
            body = asset->gzip;
            encoding = STR("gzip");
        }
    }
    if (!resp->status) resp->status = 200;
    struct str etag = etag_for(&impl->x.arena, asset->etag, encoding);
    http_resp_header(resp, STR("ETag"), etag);
    http_resp_header(resp, STR("Cache-Control"),
        asset->immutable ? STR("public, max-age=31536000, immutable") : STR("no-cache"));
    if (resp->status == 200 && is_read(req) &&
        etag_matches(http_header(req, STR("if-none-match")), etag)) {
        resp->status = 304;
        return (struct str){0};
    }
    http_resp_header(resp, STR("Content-Type"), asset->type);
    if (encoding.len) http_resp_header(resp, STR("Content-Encoding"), encoding);
    return body;
}

static struct str choose_body(struct exchange_impl *impl)
{
    struct http_req *req = &impl->x.req;
    struct http_resp *resp = &impl->x.resp;
    struct str etag = resp_header(resp, STR("ETag"));
    if (etag.len && resp->status == 200 && is_read(req) &&
        etag_matches(http_header(req, STR("if-none-match")), etag)) {
        resp->status = 304;
        return (struct str){0};
    }
    /* A strong entity tag names these very bytes, so they are sent as they are. */
    bool strong = etag.len && !str_starts(etag, STR("W/"));
    if (resp->body.len <= 1024 || resp->no_compress || strong) return resp->body;
    if (!encode_is_text(resp_header(resp, STR("Content-Type")))) return resp->body;
    if (resp_header(resp, STR("Content-Encoding")).len) return resp->body;
    http_resp_header(resp, STR("Vary"), STR("Accept-Encoding"));
    struct str accept = http_header(req, STR("accept-encoding"));
    if (accept.len == 0) return resp->body;
    struct encoded encoded = encode_body(impl->worker, &impl->x.arena, accept, resp->body);
    if (encoded.encoding.len) {
        http_resp_header(resp, STR("Content-Encoding"), encoded.encoding);
    }
    return encoded.body;
}

static void stream_freed(void *stream)
{
    http_stream_release(stream);
}

static struct MHD_Response *stream_response(struct exchange_impl *impl)
{
    struct http_resp *resp = &impl->x.resp;
    struct http_stream *stream = resp->stream;
    struct MHD_Response *out = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, 1024, http_stream_read, stream, stream_freed);
    if (!out) return NULL;
    resp->stream = NULL; /* the response's now */
    impl->stream = stream;
    http_stream_attach(stream, impl->connection);
    exchange_list(impl);
    if (atomic_load(&impl->worker->server->stopping)) http_stream_end(stream);
    conn_set_phase(impl->conn, CONN_STREAM);
    return out;
}

static void add_headers(struct exchange_impl *impl, struct MHD_Response *out)
{
    struct http_resp *resp = &impl->x.resp;
    char small[512];
    for (size_t i = 0; i < resp->header_count; i++) {
        struct http_field field = resp->headers[i];
        if (field.value.len == 0) continue;
        char *text = small;
        size_t size = field.name.len + field.value.len + 2;
        if (size > sizeof small) text = arena_alloc(&impl->x.arena, size, 1);
        memcpy(text, field.name.ptr, field.name.len);
        text[field.name.len] = 0;
        memcpy(text + field.name.len + 1, field.value.ptr, field.value.len);
        text[size - 1] = 0;
        CHECK(MHD_add_response_header(out, text, text + field.name.len + 1) == MHD_YES);
    }
    if (impl->close ||
        atomic_load_explicit(&impl->worker->server->stopping, memory_order_relaxed)) {
        MHD_add_response_header(out, "Connection", "close");
    }
}

enum MHD_Result respond(struct exchange_impl *impl)
{
    struct http_resp *resp = &impl->x.resp;
    struct MHD_Response *out;
    CHECK(resp->status || resp->asset);
    CHECK(!impl->queued);
    if (resp->stream) {
        out = stream_response(impl);
    } else {
        struct str body = resp->asset ? choose_asset(impl) : choose_body(impl);
        out = MHD_create_response_from_buffer(
            body.len, (void *)(uintptr_t)body.ptr, MHD_RESPMEM_PERSISTENT);
    }
    if (!out) return MHD_NO;
    add_headers(impl, out);
    impl->queued = true;
    enum MHD_Result queued = MHD_queue_response(impl->connection, (unsigned int)resp->status, out);
    MHD_destroy_response(out);
    return queued;
}

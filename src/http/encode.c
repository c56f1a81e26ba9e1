#include "http/internal.h"

#include "base/check.h"

#include <brotli/encode.h>

#include "base/banned.h"

enum { ENCODE_LEAST = 1024, GZIP_LEVEL = 3, BROTLI_QUALITY = 4, BROTLI_WINDOW = 18 };

/* "q=0", "q=0.000" and so on */
static bool is_zero_weight(struct str parameter)
{
    parameter = str_trim(parameter);
    if (!str_starts(parameter, STR("q=")) && !str_starts(parameter, STR("Q="))) return false;
    for (size_t i = 2; i < parameter.len; i++) {
        if (parameter.ptr[i] != '0' && parameter.ptr[i] != '.') return false;
    }
    return parameter.len > 2;
}

bool encode_accepts(struct str accept_encoding, struct str coding)
{
    struct str rest = accept_encoding;
    struct str item;
    while (str_cut(&rest, ',', &item)) {
        size_t semicolon = str_find(item, ';');
        if (!str_eq_nocase(str_trim(str_slice(item, 0, semicolon)), coding)) continue;
        return !is_zero_weight(str_slice(item, semicolon + 1, item.len));
    }
    return false;
}

bool encode_is_text(struct str type)
{
    struct str media = str_trim(str_slice(type, 0, str_find(type, ';')));
    return str_starts(media, STR("text/")) || str_eq(media, STR("application/json")) ||
           str_ends(media, STR("+json")) || str_ends(media, STR("+xml"));
}

/* The deflate state is kept for the worker's life: setting one up costs more than most pages. */
static struct str gzip(struct worker *worker, struct arena *arena, struct str body)
{
    z_stream *z = &worker->deflate;
    if (!worker->deflate_ready) {
        if (deflateInit2(z, GZIP_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
            return (struct str){0};
        }
        worker->deflate_ready = true;
    }
    CHECK(deflateReset(z) == Z_OK);
    size_t cap = body.len; /* not worth it where it does not get smaller */
    char *out = arena_alloc(arena, cap, 1);
    z->next_in = (Bytef *)(uintptr_t)body.ptr;
    z->avail_in = (uInt)body.len;
    z->next_out = (Bytef *)out;
    z->avail_out = (uInt)cap;
    if (deflate(z, Z_FINISH) != Z_STREAM_END) return (struct str){0};
    return (struct str){out, cap - z->avail_out};
}

static struct str brotli(struct arena *arena, struct str body)
{
    size_t len = body.len;
    char *out = arena_alloc(arena, len, 1);
    bool done = BrotliEncoderCompress(BROTLI_QUALITY, BROTLI_WINDOW, BROTLI_MODE_TEXT, body.len,
        (const uint8_t *)body.ptr, &len, (uint8_t *)out);
    return done ? (struct str){out, len} : (struct str){0};
}

struct encoded encode_body(
    struct worker *worker, struct arena *arena, struct str accept_encoding, struct str body)
{
    struct encoded encoded = {.body = body};
    if (body.len <= ENCODE_LEAST || body.len > (64u << 20)) return encoded;
    struct str smaller = {0};
    if (encode_accepts(accept_encoding, STR("gzip"))) {
        smaller = gzip(worker, arena, body);
        encoded.encoding = STR("gzip");
    } else if (encode_accepts(accept_encoding, STR("br"))) {
        smaller = brotli(arena, body);
        encoded.encoding = STR("br");
    }
    if (smaller.len) {
        encoded.body = smaller;
    } else {
        encoded.encoding = (struct str){0};
    }
    return encoded;
}

void encode_release(struct worker *worker)
{
    if (worker->deflate_ready) deflateEnd(&worker->deflate);
    worker->deflate_ready = false;
}

bool etag_matches(struct str if_none_match, struct str etag)
{
    struct str rest = if_none_match;
    struct str item;
    if (str_starts(etag, STR("W/"))) etag = str_slice(etag, 2, etag.len);
    while (str_cut(&rest, ',', &item)) {
        item = str_trim(item);
        if (str_eq(item, STR("*"))) return true;
        if (str_starts(item, STR("W/"))) item = str_slice(item, 2, item.len);
        if (str_eq(item, etag)) return true;
    }
    return false;
}

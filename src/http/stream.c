#include "http/stream.h"

#include "base/check.h"
#include "base/limits.h"
#include "base/sb.h"
#include "http/stream_internal.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/banned.h"

enum { BACKLOG_MAX = 64 << 10, KEEP_BYTES = 2 << 10, AWAKE_SECONDS = 20 };

/* One lock for the hub and all its streams: it is held for copies of a few hundred bytes only. */
struct http_hub {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t keeper;
    struct http_stream *streams;
    size_t count;
    bool closed;
};

struct http_stream {
    struct http_hub *hub;
    struct http_stream *next;
    struct http_stream *prev;
    int64_t topic;
    struct MHD_Connection *connection; /* NULL until it is attached */
    bool suspended;
    bool ended;
    char *backlog;
    size_t backlog_len;
    size_t backlog_cap;
};

/* Called with the lock held. */
static void wake_up(struct http_stream *stream)
{
    if (!stream->suspended) return;
    stream->suspended = false;
    MHD_resume_connection(stream->connection);
}

static void append(struct http_stream *stream, struct str text)
{
    if (stream->ended) return;
    if (text.len > BACKLOG_MAX - stream->backlog_len) {
        stream->ended = true; /* it does not read */
    } else if (text.len > stream->backlog_cap - stream->backlog_len) {
        size_t cap = stream->backlog_cap ? stream->backlog_cap : 512;
        while (cap < stream->backlog_len + text.len)
            cap *= 2;
        char *bigger = realloc(stream->backlog, cap);
        CHECK(bigger);
        stream->backlog = bigger;
        stream->backlog_cap = cap;
    }
    if (!stream->ended) {
        memcpy(stream->backlog + stream->backlog_len, text.ptr, text.len);
        stream->backlog_len += text.len;
    }
    wake_up(stream);
}

/* Sends a comment to all streams every 20 seconds: proxies stay awake, and clients that went away
 * without a word are found. */
static void *keeper_main(void *arg)
{
    struct http_hub *hub = arg;
    pthread_mutex_lock(&hub->lock);
    while (!hub->closed) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += AWAKE_SECONDS;
        int timed_out = 0;
        while (!hub->closed && timed_out == 0)
            timed_out = pthread_cond_timedwait(&hub->wake, &hub->lock, &until);
        if (hub->closed) break;
        for (struct http_stream *stream = hub->streams; stream; stream = stream->next)
            append(stream, STR(":\n\n"));
    }
    pthread_mutex_unlock(&hub->lock);
    return NULL;
}

struct result http_hub_new(struct http_hub **ret_hub)
{
    struct http_hub *hub = calloc(1, sizeof *hub);
    CHECK(hub);
    pthread_condattr_t monotonic;
    CHECK(pthread_condattr_init(&monotonic) == 0);
    CHECK(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_mutex_init(&hub->lock, NULL) == 0);
    CHECK(pthread_cond_init(&hub->wake, &monotonic) == 0);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&hub->keeper, NULL, keeper_main, hub) != 0) {
        pthread_cond_destroy(&hub->wake);
        pthread_mutex_destroy(&hub->lock);
        free(hub);
        return result_fail(ERR_BUSY, "no-thread", NULL);
    }
    *ret_hub = hub;
    return RESULT_OK;
}

void http_hub_close(struct http_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    bool first = !hub->closed;
    hub->closed = true;
    for (struct http_stream *stream = hub->streams; stream; stream = stream->next) {
        stream->ended = true;
        wake_up(stream);
    }
    pthread_cond_signal(&hub->wake);
    pthread_mutex_unlock(&hub->lock);
    if (first) pthread_join(hub->keeper, NULL);
}

void http_hub_free(struct http_hub *hub)
{
    if (!hub) return;
    http_hub_close(hub);
    CHECK(hub->count == 0); /* http_server_stop comes first */
    pthread_cond_destroy(&hub->wake);
    pthread_mutex_destroy(&hub->lock);
    free(hub);
}

struct result http_hub_subscribe(struct http_hub *hub, int64_t topic, struct http_resp *resp)
{
    CHECK(!resp->stream && !resp->asset);
    struct http_stream *stream = calloc(1, sizeof *stream);
    CHECK(stream);
    stream->hub = hub;
    stream->topic = topic;
    pthread_mutex_lock(&hub->lock);
    bool full = hub->closed || hub->count >= LIMIT_STREAMS;
    if (!full) {
        hub->count++;
        stream->next = hub->streams;
        if (stream->next) stream->next->prev = stream;
        hub->streams = stream;
        append(stream, STR(":\n\n")); /* the client sees at once that it is connected */
    }
    pthread_mutex_unlock(&hub->lock);
    if (full) {
        free(stream);
        return result_fail(ERR_BUSY, "too-many-streams", NULL);
    }
    resp->status = 200;
    resp->stream = stream;
    http_resp_header(resp, STR("Content-Type"), STR("text/event-stream; charset=utf-8"));
    http_resp_header(resp, STR("Cache-Control"), STR("no-store"));
    http_resp_header(resp, STR("X-Accel-Buffering"), STR("no"));
    return RESULT_OK;
}

static bool is_one_line(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n' || text.ptr[i] == '\r' || text.ptr[i] == 0) return false;
    }
    return true;
}

void http_hub_publish(struct http_hub *hub, int64_t topic, struct str name, struct str data)
{
    CHECK(is_one_line(name) && is_one_line(data));
    size_t size = name.len + data.len + 32;
    char *text = malloc(size);
    CHECK(text);
    struct sb sb;
    sb_init_fixed(&sb, text, size);
    SB_LIT(&sb, "event: ");
    sb_add(&sb, name);
    SB_LIT(&sb, "\ndata: ");
    sb_add(&sb, data);
    SB_LIT(&sb, "\n\n");
    CHECK(sb_ok(&sb));
    pthread_mutex_lock(&hub->lock);
    for (struct http_stream *stream = hub->streams; stream; stream = stream->next) {
        if (stream->topic == topic) append(stream, sb_str(&sb));
    }
    pthread_mutex_unlock(&hub->lock);
    free(text);
}

/* ---- for the server ---- */

void http_stream_release(struct http_stream *stream)
{
    struct http_hub *hub = stream->hub;
    pthread_mutex_lock(&hub->lock);
    if (stream->next) stream->next->prev = stream->prev;
    if (stream->prev) {
        stream->prev->next = stream->next;
    } else {
        hub->streams = stream->next;
    }
    hub->count--;
    pthread_mutex_unlock(&hub->lock);
    free(stream->backlog);
    free(stream);
}

void http_stream_attach(struct http_stream *stream, struct MHD_Connection *connection)
{
    pthread_mutex_lock(&stream->hub->lock);
    stream->connection = connection;
    pthread_mutex_unlock(&stream->hub->lock);
}

void http_stream_end(struct http_stream *stream)
{
    pthread_mutex_lock(&stream->hub->lock);
    stream->ended = true;
    wake_up(stream);
    pthread_mutex_unlock(&stream->hub->lock);
}

ssize_t http_stream_read(void *arg, uint64_t position, char *buffer, size_t size)
{
    (void)position;
    struct http_stream *stream = arg;
    ssize_t result;
    pthread_mutex_lock(&stream->hub->lock);
    if (stream->backlog_len) {
        size_t len = stream->backlog_len < size ? stream->backlog_len : size;
        memcpy(buffer, stream->backlog, len);
        memmove(stream->backlog, stream->backlog + len, stream->backlog_len - len);
        stream->backlog_len -= len;
        if (stream->backlog_len == 0 && stream->backlog_cap > KEEP_BYTES) {
            free(stream->backlog);
            stream->backlog = NULL;
            stream->backlog_cap = 0;
        }
        result = (ssize_t)len;
    } else if (stream->ended) {
        result = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        stream->suspended = true;
        MHD_suspend_connection(stream->connection);
        result = 0;
    }
    pthread_mutex_unlock(&stream->hub->lock);
    return result;
}

/* A server of http/ alone, for the node scripts beside it: echo_server LISTEN
 * [trust|limits-off|threads=N]... Prints "port N" when it listens; ends gracefully on SIGTERM. */
#include "base/check.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "http/forms.h"
#include "http/router.h"
#include "http/server.h"
#include "http/stream.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

enum { JOBS_MAX = 4096 };

struct echo {
    struct router *router;
    struct http_hub *hub;
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct http_exchange *jobs[JOBS_MAX];
    size_t job_count;
    bool stop;
    _Atomic int64_t finished;
};

typedef enum http_answer page(struct echo *echo, struct http_exchange *exchange);

static void write_fields(struct jw *jw, struct http_fields fields)
{
    jw_array(jw);
    for (size_t i = 0; i < fields.len; i++) {
        jw_array(jw);
        jw_str(jw, fields.ptr[i].name);
        jw_str(jw, fields.ptr[i].value);
        jw_array_end(jw);
    }
    jw_array_end(jw);
}

static void send_json(struct http_exchange *exchange, int status, const struct sb *sb)
{
    CHECK(sb_ok(sb));
    http_resp_body(&exchange->resp, status, STR("application/json"), sb_str(sb));
}

static enum http_answer page_health(struct echo *echo, struct http_exchange *exchange)
{
    (void)echo;
    http_resp_body(&exchange->resp, 200, STR("application/json"), STR("{\"ok\":true}"));
    return HTTP_ANSWERED;
}

static void write_parts(struct jw *jw, struct form_parts parts)
{
    jw_array(jw);
    for (size_t i = 0; i < parts.len; i++) {
        jw_object(jw);
        JW_STR(jw, "name", parts.ptr[i].name);
        JW_STR(jw, "filename", parts.ptr[i].filename);
        JW_STR(jw, "type", parts.ptr[i].type);
        JW_I64(jw, "bytes", (int64_t)parts.ptr[i].body.len);
        jw_object_end(jw);
    }
    jw_array_end(jw);
}

static enum http_answer page_echo(struct echo *echo, struct http_exchange *exchange)
{
    (void)echo;
    const struct http_req *req = &exchange->req;
    struct http_fields form = {0};
    struct form_parts parts = {0};
    struct result decoded = RESULT_OK;
    if (str_eq(req->content_type, STR("application/x-www-form-urlencoded"))) {
        decoded = form_decode(req->body, LIMIT_FORM_FIELDS, &exchange->arena, &form);
    } else if (str_eq(req->content_type, STR("multipart/form-data"))) {
        decoded = multipart_decode(
            http_header(req, STR("content-type")), req->body, &exchange->arena, &parts);
    }
    struct sb sb;
    struct jw jw;
    sb_init(&sb, &exchange->arena, LIMIT_RESPONSE_BYTES);
    jw_init(&jw, &sb);
    jw_object(&jw);
    JW_STR(&jw, "method", str_from_cstr(http_method_name(req->method)));
    JW_STR(&jw, "path", req->path);
    JW_STR(&jw, "host", req->host);
    JW_STR(&jw, "peer", req->peer);
    JW_BOOL(&jw, "secure", req->secure);
    JW_I64(&jw, "bytes", (int64_t)req->body.len);
    jw_key(&jw, STR("params"));
    write_fields(&jw, req->params);
    jw_key(&jw, STR("cookies"));
    write_fields(&jw, req->cookies);
    jw_key(&jw, STR("form"));
    write_fields(&jw, form);
    jw_key(&jw, STR("parts"));
    write_parts(&jw, parts);
    jw_object_end(&jw);
    send_json(exchange, result_is_ok(decoded) ? 200 : 400, &sb);
    return HTTP_ANSWERED;
}

/* 4 kB that do not change: measured against a web server's static file. */
static enum http_answer page_fixed(struct echo *echo, struct http_exchange *exchange)
{
    (void)echo;
    static char body[4096];
    if (!body[0]) memset(body, 'x', sizeof body);
    http_resp_body(&exchange->resp, 200, STR("application/json"), (struct str){body, sizeof body});
    return HTTP_ANSWERED;
}

static enum http_answer page_asset(struct echo *echo, struct http_exchange *exchange)
{
    (void)echo;
    static const char plain[] = "body { color: teal; }\n/* plain */";
    static const struct http_asset asset = {
        .path = STR_INIT("/static/look.css"),
        .type = STR_INIT("text/css; charset=utf-8"),
        .etag = STR_INIT("\"0123abcd\""),
        .plain = {plain, sizeof plain - 1},
        .gzip = STR_INIT("not really gzip"),
        .brotli = STR_INIT("not really br"),
        .immutable = true,
    };
    exchange->resp.asset = &asset;
    return HTTP_ANSWERED;
}

static enum http_answer page_text(struct echo *echo, struct http_exchange *exchange)
{
    (void)echo;
    struct sb sb;
    sb_init(&sb, &exchange->arena, LIMIT_RESPONSE_BYTES);
    for (int i = 0; i < 2000; i++)
        sb_addf(&sb, "<p>line %d of a long page</p>\n", i);
    http_resp_body(&exchange->resp, 200, STR("text/html; charset=utf-8"), sb_str(&sb));
    return HTTP_ANSWERED;
}

/* Answered by another thread; after ?ms=N milliseconds. */
static enum http_answer page_later(struct echo *echo, struct http_exchange *exchange)
{
    pthread_mutex_lock(&echo->lock);
    CHECK(echo->job_count < JOBS_MAX);
    echo->jobs[echo->job_count++] = exchange;
    pthread_cond_signal(&echo->more);
    pthread_mutex_unlock(&echo->lock);
    return HTTP_LATER;
}

static enum http_answer page_events(struct echo *echo, struct http_exchange *exchange)
{
    if (!result_is_ok(http_hub_subscribe(echo->hub, 1, &exchange->resp))) {
        http_resp_body(&exchange->resp, 503, STR("text/plain"), STR("too many"));
    }
    return HTTP_ANSWERED;
}

static enum http_answer page_publish(struct echo *echo, struct http_exchange *exchange)
{
    const struct http_req *req = &exchange->req;
    http_hub_publish(echo->hub, 1, STR("note"), http_param(req, STR("data")));
    exchange->resp.status = 204;
    return HTTP_ANSWERED;
}

/* How many requests have ended before this one. */
static enum http_answer page_finished(struct echo *echo, struct http_exchange *exchange)
{
    struct sb sb;
    sb_init(&sb, &exchange->arena, 100);
    sb_add_i64(&sb, echo->finished);
    send_json(exchange, 200, &sb);
    return HTTP_ANSWERED;
}

static void finished(void *ctx, const struct http_exchange *exchange, int64_t duration_us)
{
    struct echo *echo = ctx;
    CHECK(exchange->resp.status >= 200 && exchange->req.id > 0 && duration_us >= 0);
    echo->finished++;
}

struct row {
    page *answer;
};

static const struct http_route routes[] = {
    {HTTP_GET, "/healthz", &(const struct row){page_health}},
    {HTTP_GET, "/echo", &(const struct row){page_echo}},
    {HTTP_POST, "/echo", &(const struct row){page_echo}},
    {HTTP_PUT, "/echo/:name", &(const struct row){page_echo}},
    {HTTP_GET, "/fixed", &(const struct row){page_fixed}},
    {HTTP_GET, "/static/*path", &(const struct row){page_asset}},
    {HTTP_GET, "/text", &(const struct row){page_text}},
    {HTTP_GET, "/later", &(const struct row){page_later}},
    {HTTP_GET, "/finished", &(const struct row){page_finished}},
    {HTTP_GET, "/events", &(const struct row){page_events}},
    {HTTP_POST, "/publish", &(const struct row){page_publish}},
};

static size_t body_limit(void *ctx, const struct http_req *req)
{
    (void)ctx;
    return req->method == HTTP_POST || req->method == HTTP_PUT ? LIMIT_BODY_BYTES : 0;
}

static enum http_answer handle(void *ctx, struct http_exchange *exchange)
{
    struct echo *echo = ctx;
    struct router_match match =
        router_find(echo->router, exchange->req.method, exchange->req.path, &exchange->arena);
    if (!match.route) {
        if (match.path_known) http_resp_header(&exchange->resp, STR("Allow"), match.allow);
        http_resp_body(
            &exchange->resp, match.path_known ? 405 : 404, STR("text/plain"), STR("no\n"));
        return HTTP_ANSWERED;
    }
    const struct row *row = match.route->data;
    return row->answer(echo, exchange);
}

static void refused(void *ctx, struct http_exchange *exchange, int status)
{
    (void)ctx;
    http_resp_body(&exchange->resp, status, STR("application/problem+json"),
        arena_printf(&exchange->arena, "{\"status\":%d}", status));
}

static void *answer_later(void *arg)
{
    struct echo *echo = arg;
    pthread_mutex_lock(&echo->lock);
    while (!echo->stop || echo->job_count) {
        if (!echo->job_count) {
            pthread_cond_wait(&echo->more, &echo->lock);
            continue;
        }
        struct http_exchange *exchange = echo->jobs[--echo->job_count];
        pthread_mutex_unlock(&echo->lock);
        int64_t ms = 0;
        struct str wanted = http_param(&exchange->req, STR("ms"));
        if (wanted.len && !str_to_i64(wanted, 0, 60000, &ms)) ms = 0;
        if (ms) nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
        http_resp_body(&exchange->resp, 200, STR("text/plain"),
            arena_str(&exchange->arena, http_param(&exchange->req, STR("n"))));
        http_finish(exchange);
        pthread_mutex_lock(&echo->lock);
    }
    pthread_mutex_unlock(&echo->lock);
    return NULL;
}

int main(int argc, char **argv)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);

    static struct echo echo;
    pthread_mutex_init(&echo.lock, NULL);
    pthread_cond_init(&echo.more, NULL);
    echo.router = router_new(routes, COUNT_OF(routes));
    if (!result_is_ok(http_hub_new(&echo.hub))) return 1;
    struct http_options options = {
        .listen = str_from_cstr(argc > 1 ? argv[1] : "127.0.0.1:0"),
        .handler = {.ctx = &echo,
            .body_limit = body_limit,
            .handle = handle,
            .refused = refused,
            .finished = finished},
    };
    for (int i = 2; i < argc; i++) {
        struct str word = str_from_cstr(argv[i]);
        int64_t threads;
        if (str_eq(word, STR("trust"))) options.trust_proxy = true;
        if (str_eq(word, STR("limits-off"))) options.limits_off = true;
        if (str_starts(word, STR("threads=")) &&
            str_to_i64(str_slice(word, 8, 99), 1, 64, &threads)) {
            options.threads = (int)threads;
        }
    }
    pthread_t helper;
    CHECK(pthread_create(&helper, NULL, answer_later, &echo) == 0);
    struct http_server *server;
    struct result started = http_server_start(&options, &server);
    if (!result_is_ok(started)) {
        fprintf(stderr, "echo_server: %s: %s\n", started.reason, started.detail);
        return 1;
    }
    printf("port %d\n", http_server_port(server));
    fflush(stdout);

    int caught;
    sigwait(&signals, &caught);
    http_hub_close(echo.hub);
    http_server_stop(server);
    pthread_mutex_lock(&echo.lock);
    echo.stop = true;
    pthread_cond_signal(&echo.more);
    pthread_mutex_unlock(&echo.lock);
    pthread_join(helper, NULL);
    http_hub_free(echo.hub);
    router_free(echo.router);
    return 0;
}

#include "http/internal.h"

#include "base/check.h"
#include "base/limits.h"
#include "http/stream_internal.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#if HAVE_ASAN
#include <sanitizer/asan_interface.h>
#endif

#include "base/banned.h"

enum {
    /* A connection's buffers in libmicrohttpd, cleared after each request: the longest head, its
     * fields' table and the response's head. */
    POOL_BYTES = 24 << 10,
    STOP_MS = 10000,
    ID_BLOCK = 1024,
};

/* The event thread's own. An event thread serves one server for all its life. */
static _Thread_local struct worker *own_worker;

/* Calls of http_finish under way: a server waits for them before it goes. */
static _Atomic long finishing;

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* ---- exchanges and workers ---- */

static struct worker *worker_current(struct http_server *server)
{
    if (LIKELY(own_worker != NULL)) {
        CHECK(own_worker->server == server);
        return own_worker;
    }
    struct worker *worker = calloc(1, sizeof *worker);
    CHECK(worker);
    worker->server = server;
    pthread_mutex_lock(&server->lock);
    worker->next = server->workers;
    server->workers = worker;
    pthread_mutex_unlock(&server->lock);
    own_worker = worker;
    return worker;
}

static struct exchange_impl *exchange_take(struct worker *worker)
{
    struct exchange_impl *impl = worker->free;
    if (!impl) {
        impl = calloc(1, sizeof *impl);
        CHECK(impl);
        return impl;
    }
#if HAVE_ASAN
    ASAN_UNPOISON_MEMORY_REGION(impl, sizeof *impl);
#endif
    worker->free = impl->next;
    worker->free_count--;
    struct arena arena = impl->x.arena;
    *impl = (struct exchange_impl){.x.arena = arena};
    return impl;
}

static void exchange_free(struct exchange_impl *impl)
{
    if (impl->x.resp.stream) http_stream_release(impl->x.resp.stream);
    arena_release(&impl->x.arena);
    free(impl);
}

static void exchange_give(struct exchange_impl *impl)
{
    struct worker *worker = impl->worker;
    if (impl->x.resp.stream) http_stream_release(impl->x.resp.stream);
    impl->x.resp.stream = NULL;
    if (worker->free_count >= FREE_EXCHANGES_MAX) {
        exchange_free(impl);
        return;
    }
    arena_reset(&impl->x.arena);
    impl->next = worker->free;
    worker->free = impl;
    worker->free_count++;
#if HAVE_ASAN
    ASAN_POISON_MEMORY_REGION(impl, sizeof *impl);
#endif
}

static void list_locked(struct exchange_impl *impl)
{
    struct worker *worker = impl->worker;
    impl->prev = NULL;
    impl->next = worker->waiting;
    if (impl->next) impl->next->prev = impl;
    worker->waiting = impl;
    impl->listed = true;
}

void exchange_list(struct exchange_impl *impl)
{
    pthread_mutex_lock(&impl->worker->server->lock);
    list_locked(impl);
    pthread_mutex_unlock(&impl->worker->server->lock);
}

void exchange_unlist(struct exchange_impl *impl)
{
    struct worker *worker = impl->worker;
    if (!impl->listed) return;
    pthread_mutex_lock(&worker->server->lock);
    if (impl->next) impl->next->prev = impl->prev;
    if (impl->prev) {
        impl->prev->next = impl->next;
    } else {
        worker->waiting = impl->next;
    }
    impl->listed = false;
    pthread_mutex_unlock(&worker->server->lock);
}

static uint64_t request_id(struct worker *worker)
{
    if (worker->next_id == worker->last_id) {
        worker->next_id = atomic_fetch_add(&worker->server->next_id_block, 1) * ID_BLOCK;
        worker->last_id = worker->next_id + ID_BLOCK;
    }
    return ++worker->next_id;
}

static void count_active(struct exchange_impl *impl, bool begins)
{
    struct worker *worker = impl->worker;
    if (impl->counted == begins) return;
    impl->counted = begins;
    long active = atomic_load_explicit(&worker->active, memory_order_relaxed);
    atomic_store_explicit(&worker->active, active + (begins ? 1 : -1), memory_order_release);
}

/* ---- one request ---- */

static struct conn *conn_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    CHECK(info && info->socket_context);
    return info->socket_context;
}

/* The request line has arrived. `uri` is the target as sent, in libmicrohttpd's own buffer. */
static void *request_begins(void *cls, const char *uri, struct MHD_Connection *connection)
{
    struct worker *worker = worker_current(cls);
    struct exchange_impl *impl = exchange_take(worker);
    impl->worker = worker;
    impl->connection = connection;
    impl->conn = conn_of(connection);
    impl->x.req.arena = &impl->x.arena;
    impl->x.req.id = request_id(worker);
    impl->started_us = worker->server->options.handler.finished ? now_us() : 0;
    conn_set_phase(impl->conn, CONN_READING);
    if (!uri) return impl;
    impl->raw_target = arena_str(&impl->x.arena, str_from_cstr(uri));
    /* libmicrohttpd would now split the query into its own small pool, field by field, and fail
     * in an untidy way where they do not fit. We decode it ourselves, so it finds an empty one. */
    char *question = strchr((char *)(uintptr_t)uri, '?');
    if (question && question[1]) question[1] = 0;
    return impl;
}

static enum MHD_Result refuse(struct exchange_impl *impl, int status)
{
    struct http_resp *resp = &impl->x.resp;
    const struct http_handler *handler = &impl->worker->server->options.handler;
    http_resp_clear(resp);
    resp->status = status;
    if (handler->refused) handler->refused(handler->ctx, &impl->x, status);
    resp->status = status;
    resp->asset = NULL;
    if (resp->body.len == 0) {
        http_resp_clear(resp);
        http_resp_body(resp, status, STR("text/plain; charset=utf-8"),
            arena_printf(&impl->x.arena, "%d %s\n", status, http_status_text(status)));
    }
    impl->close = true;
    impl->linger = true;
    return respond(impl);
}

static enum MHD_Result head_arrived(
    struct exchange_impl *impl, const char *url, const char *method, const char *version)
{
    struct http_req *req = &impl->x.req;
    impl->head_seen = true;
    count_active(impl, true);
    req->peer = arena_str(&impl->x.arena, (struct str){impl->conn->peer, impl->conn->peer_len});
    int status = guard_head(impl, url, method, version);
    return status ? refuse(impl, status) : MHD_YES;
}

static enum MHD_Result body_arrived(struct exchange_impl *impl, const char *data, size_t size)
{
    struct http_req *req = &impl->x.req;
    if (size > impl->body_limit - req->body.len) {
        /* Chunked, so its length could not be known; in the middle of a body libmicrohttpd takes
         * no response. */
        conn_answer_raw(impl->conn->fd, 413);
        impl->linger = true;
        return MHD_NO;
    }
    size_t need = req->body.len + size;
    if (need > impl->body_cap) {
        size_t cap = impl->body_cap ? impl->body_cap * 2 : 4096;
        while (cap < need)
            cap *= 2;
        if (cap > impl->body_limit) cap = impl->body_limit;
        impl->body = arena_grow(&impl->x.arena, impl->body, impl->body_cap, cap, 1);
        impl->body_cap = cap;
    }
    memcpy(impl->body + req->body.len, data, size);
    req->body = (struct str){impl->body, need};
    return MHD_YES;
}

/* The server stops without the answer; the handler still has the exchange. */
static enum MHD_Result give_up(struct exchange_impl *impl, void **context)
{
    conn_answer_raw(impl->conn->fd, 503);
    count_active(impl, false);
    *context = NULL;
    /* From here on the exchange is the handler's, unless it has finished in this moment. */
    if (atomic_exchange(&impl->state, STATE_DETACHED) == STATE_FINISHED) exchange_give(impl);
    return MHD_NO;
}

/* The handler keeps the exchange. http_finish may have been called already, on any thread; whoever
 * changes the state second acts. */
static enum MHD_Result wait_for_finish(struct exchange_impl *impl, void **context)
{
    struct http_server *server = impl->worker->server;
    if (atomic_load(&impl->state) == STATE_FINISHED) return respond(impl);

    pthread_mutex_lock(&server->lock); /* a server that stops sees it suspended, or not at all */
    bool closing = server->closing;
    if (!closing) {
        int expected = STATE_RUNNING;
        list_locked(impl);
        MHD_suspend_connection(impl->connection);
        if (!atomic_compare_exchange_strong(&impl->state, &expected, STATE_SUSPENDED)) {
            CHECK(expected == STATE_FINISHED);
            MHD_resume_connection(impl->connection);
        }
    }
    pthread_mutex_unlock(&server->lock);
    return closing ? give_up(impl, context) : MHD_YES;
}

static enum MHD_Result request_complete(struct exchange_impl *impl, void **context)
{
    const struct http_handler *handler = &impl->worker->server->options.handler;
    if (impl->listed) { /* woken */
        exchange_unlist(impl);
        bool finished = atomic_load(&impl->state) == STATE_FINISHED;
        return finished ? respond(impl) : give_up(impl, context);
    }
    conn_set_phase(impl->conn, CONN_BUSY);
    struct http_req *req = &impl->x.req;
    if (str_eq(req->path, STR("*"))) { /* OPTIONS *: a question to the server as such */
        http_resp_header(
            &impl->x.resp, STR("Allow"), STR("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
        impl->x.resp.status = 204;
        return respond(impl);
    }
    enum http_answer answer = handler->handle(handler->ctx, &impl->x);
    if (answer == HTTP_LATER) return wait_for_finish(impl, context);
    return respond(impl);
}

static enum MHD_Result request_goes_on(void *cls, struct MHD_Connection *connection,
    const char *url, const char *method, const char *version, const char *data, size_t *size,
    void **context)
{
    (void)cls;
    (void)connection;
    struct exchange_impl *impl = *context;
    if (!impl) return MHD_NO;
    if (!impl->head_seen) return head_arrived(impl, url, method, version);
    if (*size) {
        enum MHD_Result taken = body_arrived(impl, data, *size);
        *size = 0;
        return taken;
    }
    return request_complete(impl, context);
}

static void request_ends(void *cls, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode code)
{
    (void)connection;
    (void)code;
    struct http_server *server = cls;
    struct exchange_impl *impl = *context;
    if (!impl) return;
    *context = NULL;
    exchange_unlist(impl);
    if (impl->linger) conns_linger(impl->conn);
    conn_set_phase(impl->conn, CONN_IDLE);
    if (server->options.handler.finished && impl->queued) {
        server->options.handler.finished(
            server->options.handler.ctx, &impl->x, now_us() - impl->started_us);
    }
    count_active(impl, false);
    exchange_give(impl);
}

void http_finish(struct http_exchange *exchange)
{
    struct exchange_impl *impl = (struct exchange_impl *)(void *)exchange;
    struct MHD_Connection *connection = impl->connection;
    atomic_fetch_add(&finishing, 1);
    switch ((enum exchange_state)atomic_exchange(&impl->state, STATE_FINISHED)) {
    case STATE_RUNNING: break; /* its worker looks before it goes to sleep */
    case STATE_SUSPENDED: MHD_resume_connection(connection); break;
    case STATE_FINISHED: check_failed("http_finish twice", __FILE__, __LINE__);
    case STATE_ABANDONED: break; /* woken, and now it has a response after all */
    case STATE_DETACHED: exchange_free(impl); break;
    }
    atomic_fetch_sub(&finishing, 1);
}

/* ---- connections ---- */

static enum MHD_Result connection_wanted(void *cls, const struct sockaddr *address, socklen_t size)
{
    struct http_server *server = cls;
    return conns_admit(&server->conns, address, size) ? MHD_YES : MHD_NO;
}

static void connection_changes(void *cls, struct MHD_Connection *connection, void **socket_context,
    enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = cls;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        conns_close(*socket_context);
        *socket_context = NULL;
        return;
    }
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    CHECK(fd);
    int socket_fd = fd->connect_fd;
    const union MHD_ConnectionInfo *address =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    CHECK(address);
    *socket_context = conns_open(&server->conns, socket_fd, address->client_addr);
}

static size_t leave_escaped(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls;
    (void)connection;
    return strlen(text);
}

/* ---- life ---- */

static struct MHD_Daemon *start_daemon(struct http_server *server)
{
    unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME;
    struct MHD_OptionItem pool[] = {
        {MHD_OPTION_THREAD_POOL_SIZE, server->options.threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    if (server->options.threads == 1) pool[0] = pool[1]; /* one thread is no pool */
    return MHD_start_daemon(flags, 0, connection_wanted, server, request_goes_on, server,
        MHD_OPTION_LISTEN_SOCKET, server->listen_fd,                     /* ours */
        MHD_OPTION_NOTIFY_COMPLETED, request_ends, server,               /* always called */
        MHD_OPTION_NOTIFY_CONNECTION, connection_changes, server,        /* for the reaper */
        MHD_OPTION_URI_LOG_CALLBACK, request_begins, server,             /* the raw target */
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,               /* we decode */
        MHD_OPTION_CONNECTION_LIMIT, (unsigned int)LIMIT_CONNECTIONS,    /* in all */
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)LIMIT_IDLE_SECONDS, /* silence */
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES,          /* each */
        MHD_OPTION_ARRAY, pool, MHD_OPTION_END);
}

static void server_free(struct http_server *server)
{
    conns_release(&server->conns);
    if (server->listen_fd >= 0) close(server->listen_fd);
    if (server->unix_path[0]) unlink(server->unix_path);
    for (struct worker *worker = server->workers; worker;) {
        struct worker *next_worker = worker->next;
        CHECK(worker->waiting == NULL);
        while (worker->free) {
            struct exchange_impl *impl = worker->free;
#if HAVE_ASAN
            ASAN_UNPOISON_MEMORY_REGION(impl, sizeof *impl);
#endif
            worker->free = impl->next;
            exchange_free(impl);
        }
        encode_release(worker);
        free(worker);
        worker = next_worker;
    }
    pthread_mutex_destroy(&server->lock);
    free(server);
}

/* Places for all connections, where the process was given fewer than it may have. */
static void raise_file_limit(void)
{
    struct rlimit limit;
    rlim_t wanted = LIMIT_CONNECTIONS + 512;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    setrlimit(RLIMIT_NOFILE, &limit); /* fewer connections, if not */
}

struct result http_server_start(const struct http_options *options, struct http_server **ret_server)
{
    CHECK(options->handler.body_limit && options->handler.handle);
    struct http_server *server = calloc(1, sizeof *server);
    CHECK(server);
    server->options = *options;
    server->listen_fd = -1;
    CHECK(pthread_mutex_init(&server->lock, NULL) == 0);
    if (server->options.threads <= 0) {
        long cores = sysconf(_SC_NPROCESSORS_ONLN);
        server->options.threads = cores < 1 ? 1 : cores > 64 ? 64 : (int)cores;
    }
    raise_file_limit();
    struct result result = listen_open(server);
    if (result_is_ok(result)) {
        size_t per_address = options->limits_off ? 0 : LIMIT_CONNECTIONS_PER_ADDRESS;
        result = conns_init(&server->conns, per_address, options->trust_proxy);
    }
    if (result_is_ok(result)) {
        server->daemon = start_daemon(server);
        if (!server->daemon) result = result_fail(ERR_IO, "listen-failed", "libmicrohttpd");
    }
    if (!result_is_ok(result)) {
        server_free(server);
        return result;
    }
    *ret_server = server;
    return RESULT_OK;
}

int http_server_port(const struct http_server *server)
{
    return server->port;
}

static bool all_quiet(struct http_server *server)
{
    long active = 0;
    pthread_mutex_lock(&server->lock);
    for (struct worker *worker = server->workers; worker; worker = worker->next)
        active += atomic_load_explicit(&worker->active, memory_order_acquire);
    pthread_mutex_unlock(&server->lock);
    return active == 0;
}

static void wait_until_quiet(struct http_server *server, long ms)
{
    for (; ms > 0 && !all_quiet(server); ms -= 5)
        sleep_ms(5);
}

void http_server_stop(struct http_server *server)
{
    if (!server) return;
    atomic_store(&server->stopping, true);
    MHD_quiesce_daemon(server->daemon); /* the listening socket is ours to close */

    pthread_mutex_lock(&server->lock);
    for (struct worker *worker = server->workers; worker; worker = worker->next) {
        for (struct exchange_impl *impl = worker->waiting; impl; impl = impl->next) {
            if (impl->stream) http_stream_end(impl->stream);
        }
    }
    pthread_mutex_unlock(&server->lock);
    wait_until_quiet(server, STOP_MS);

    pthread_mutex_lock(&server->lock);
    server->closing = true;
    for (struct worker *worker = server->workers; worker; worker = worker->next) {
        for (struct exchange_impl *impl = worker->waiting; impl; impl = impl->next) {
            int expected = STATE_SUSPENDED;
            if (atomic_compare_exchange_strong(&impl->state, &expected, STATE_ABANDONED)) {
                MHD_resume_connection(impl->connection);
            }
        }
    }
    pthread_mutex_unlock(&server->lock);
    wait_until_quiet(server, 1000);
    for (int i = 0; i < 1000 && atomic_load(&finishing) != 0; i++)
        sleep_ms(1);
    MHD_stop_daemon(server->daemon);
    server_free(server);
}

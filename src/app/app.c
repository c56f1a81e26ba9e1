#include "app/app.h"

#include "app/clock.h"
#include "app/internal.h"
#include "app/routes.h"
#include "base/check.h"
#include "base/log.h"
#include "practice/care/sealed.h"
#include "practice/messages/messages.h"
#include "practice/schema/schema.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/banned.h"

enum { POOL_THREADS = 2 };

struct str app_key_path(struct arena *arena, struct str db)
{
    struct str prefix = STR("sqlite:");
    struct str path = str_starts(db, prefix) ? str_slice(db, prefix.len, db.len) : STR("balm");
    return arena_printf(arena, "%.*s.key", STR_ARG(path));
}

struct result app_open_database(struct str db, struct store **ret_store, struct conn **ret_conn)
{
    struct store *store;
    struct conn *conn;
    TRY(store_open(db, &store));
    struct result result = store_connect_writer(store, &conn);
    if (result_is_ok(result)) {
        int ran = 0;
        result = schema_update(conn, &ran);
        if (result_is_ok(result)) {
            if (ran) LOG(LOG_INFO, "schema-updated", LOG_I("migrations", ran));
            *ret_store = store;
            *ret_conn = conn;
            return RESULT_OK;
        }
        conn_close(conn);
    }
    store_close(store);
    return result;
}

struct result app_worker(struct app *app, struct worker **ret_worker)
{
    static _Thread_local struct worker *mine;
    static _Thread_local struct app *of; /* a test may start one app after the other */
    if (mine && of == app) {
        *ret_worker = mine;
        return RESULT_OK;
    }
    struct conn *conn;
    TRY(store_connect_reader(app->store, &conn));
    struct worker *worker = calloc(1, sizeof *worker);
    CHECK(worker);
    worker->conn = conn;
    worker->practices = practices_new();
    pthread_mutex_lock(&app->workers_lock);
    worker->next = app->workers;
    app->workers = worker;
    pthread_mutex_unlock(&app->workers_lock);
    mine = worker;
    of = app;
    *ret_worker = worker;
    return RESULT_OK;
}

static struct router *build_router(void)
{
    struct http_route *rows = calloc(app_route_count, sizeof *rows);
    CHECK(rows);
    for (size_t i = 0; i < app_route_count; i++) {
        rows[i] = (struct http_route){app_routes[i].method, app_routes[i].pattern, &app_routes[i]};
    }
    struct router *router = router_new(rows, app_route_count);
    free(rows);
    return router;
}

static struct result recover_messages(struct tx *tx, void *arg)
{
    return message_recover(tx, arg);
}

static struct result check_sealed(struct conn *conn, const struct seal_ring *ring)
{
    CLEANUP(arena_release) struct arena arena = {0};
    struct tx tx;
    TRY(tx_begin_read(conn, &tx));
    struct result result = sealed_check(&tx, ring, &arena);
    tx_rollback(&tx);
    return result;
}

/* A key file is made only for a database in which nothing is sealed yet. */
static struct result open_keys(struct app *app, struct conn *conn, struct str path)
{
    if (!key_file_exists(path)) {
        TRY(check_sealed(conn, NULL));
        TRY(key_file_make(path));
    }
    TRY(key_ring_open(path, &app->keys));
    return check_sealed(conn, key_ring_current(app->keys));
}

static struct result open_parts(struct app *app, const struct app_options *options)
{
    struct conn *conn;
    TRY(crypto_init());
    TRY(app_open_database(options->db, &app->store, &conn));
    struct result keys = open_keys(app, conn, app_key_path(&app->arena, options->db));
    conn_close(conn);
    TRY(keys);
    TRY(store_start_writer(app->store));
    int64_t unsure = 0;
    TRY(store_write(app->store, recover_messages, &unsure));
    if (unsure) LOG(LOG_WARNING, "messages-unsure", LOG_I("count", unsure));
    TRY(http_hub_new(&app->hub));
    app->pool = pool_start(POOL_THREADS);
    app->site = (struct call_site){
        .key = key_ring_first(app->keys),
        .ring = key_ring_current,
        .keys = app->keys,
        .rates = app->rates,
        .base_url = arena_str(&app->arena, options->base_url),
        .hub = app->hub,
    };
    return outbox_start(app, options->mail, &app->outbox); /* reads the site: started last */
}

static bool listens_on_loopback(struct str listen)
{
    return str_starts(listen, STR("127.")) || str_starts(listen, STR("localhost:")) ||
           str_starts(listen, STR("[::1]:")) || str_starts(listen, STR("unix:"));
}

static struct result check_limits_off(struct app *app, struct str listen, bool *ret_off)
{
    const char *text = getenv("BALM_LIMITS");
    *ret_off = text && str_eq(str_from_cstr(text), STR("off"));
    if (!*ret_off) return RESULT_OK;
    if (!listens_on_loopback(listen))
        return result_fail(
            ERR_INVALID, "limits-off", "BALM_LIMITS=off is only for listening on loopback");
    rate_table_disable(app->rates);
    LOG(LOG_WARNING, "limits-off", LOG_S("reason", STR("BALM_LIMITS=off")));
    return RESULT_OK;
}

static void free_workers(struct app *app)
{
    while (app->workers) {
        struct worker *worker = app->workers;
        app->workers = worker->next;
        conn_close(worker->conn);
        practices_free(worker->practices);
        free(worker);
    }
}

void app_stop(struct app *app)
{
    if (!app) return;
    if (app->hub) http_hub_close(app->hub);
    if (app->server) http_server_stop(app->server);
    pool_stop(app->pool);
    if (app->outbox) outbox_stop(app->outbox);
    free_workers(app);
    if (app->store) store_close(app->store);
    if (app->outbox) outbox_free(app->outbox); /* what the writer still answered has woken it */
    if (app->hub) http_hub_free(app->hub);
    practices_free(app->writer_practices);
    router_free(app->router);
    rate_table_free(app->rates);
    pthread_mutex_destroy(&app->workers_lock);
    arena_release(&app->arena);
    key_ring_close(app->keys);
    free(app);
}

struct result app_start(const struct app_options *options, struct app **ret_app)
{
    struct app *app = calloc(1, sizeof *app);
    CHECK(app);
    signal(SIGPIPE, SIG_IGN);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}); /* no core dumps with clients' data */
    CHECK(pthread_mutex_init(&app->workers_lock, NULL) == 0);
    app->rates = rate_table_new();
    app->router = build_router();
    app->writer_practices = practices_new();
    bool limits_off = false;
    struct result result = check_limits_off(app, options->listen, &limits_off);
    if (result_is_ok(result)) result = open_parts(app, options);
    if (result_is_ok(result)) {
        struct http_options http = {
            .listen = options->listen,
            .threads = options->threads,
            .trust_proxy = options->trust_proxy,
            .limits_off = limits_off,
            .handler = app_http_handler(app),
        };
        result = http_server_start(&http, &app->server);
    }
    if (!result_is_ok(result)) {
        app_stop(app);
        return result;
    }
    LOG(LOG_INFO, "listen", LOG_S("address", options->listen),
        LOG_I("port", http_server_port(app->server)));
    *ret_app = app;
    return RESULT_OK;
}

int app_port(const struct app *app)
{
    return http_server_port(app->server);
}

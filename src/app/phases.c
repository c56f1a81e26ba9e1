/* The life of a request. The order of the phases is this one enum; everything a route needs is in
 * its row. Phases up to PHASE_HANDLER run on an event thread for reading routes, on the writer
 * thread for writing ones; the prepare step runs before them on the pool. */
#include "app/internal.h"

#include "app/clock.h"
#include "app/routes.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/log.h"
#include "http/forms.h"
#include "interop/api_problem.h"
#include "web/language.h"
#include "web/pages/pages.h"

#include <stdlib.h>

#include "base/banned.h"

enum phase {
    PHASE_LIMITS,     /* rate limit of the address */
    PHASE_PRACTICE,   /* which practice does the host name? */
    PHASE_LANGUAGE,   /* what does the visitor read? */
    PHASE_CROSS_SITE, /* unsafe methods: did the request come from our own pages? */
    PHASE_FORM,       /* decode an urlencoded body */
    PHASE_SESSION,    /* who is signed in? */
    PHASE_PERMISSION, /* may they? */
    PHASE_HANDLER,
    PHASE_COUNT,
};

/* One request; lives in the exchange's arena. */
struct flight {
    struct app *app;
    struct http_exchange *exchange;
    const struct route *route;
    struct call call;
    struct write_job write;
    struct pool_job slow;
    bool session_stale;
    bool cookie_session; /* a session cookie came with it */
    struct result ran;   /* what the write handler itself said, before the commit */
    struct practice_id practice;
};

/* ---- the phases ---- */

struct rate_rule {
    const char *name;
    int burst;
    int64_t period_us;
};

static const struct rate_rule rate_rules[] = {
    [RATE_DEFAULT] = {"requests", LIMIT_REQUESTS_PER_MINUTE_ADDRESS, US_PER_MINUTE},
    [RATE_BOOKING] = {"bookings", LIMIT_BOOKINGS_PER_HOUR_ADDRESS, US_PER_HOUR},
    [RATE_HOLD] = {"holds", LIMIT_HOLDS_PER_10_MIN_ADDRESS, 10 * US_PER_MINUTE},
    [RATE_SIGN_IN] = {"sign-ins", LIMIT_SIGN_INS_PER_15_MIN_ADDRESS, 15 * US_PER_MINUTE},
    [RATE_CHECK_IN] = {"check-ins", LIMIT_CHECK_INS_PER_HOUR_ADDRESS, US_PER_HOUR},
};

static struct result phase_limits(struct flight *f)
{
    const struct rate_rule *all = &rate_rules[RATE_DEFAULT];
    const struct rate_rule *own = &rate_rules[f->route->rate];
    struct str peer = call_household(&f->call);
    TRY(call_rate(&f->call, all->name, peer, all->burst, all->period_us));
    if (own == all) return RESULT_OK;
    return call_rate(&f->call, own->name, peer, own->burst, own->period_us);
}

static struct result phase_practice(struct flight *f, struct practices *practices)
{
    if (f->route->tx == TX_NONE || f->route->tx == TX_PROBE) return RESULT_OK;
    return practices_by_host(practices, f->call.tx, f->call.req->host, &f->call.practice);
}

static bool is_unsafe(enum http_method method)
{
    return method != HTTP_GET && method != HTTP_HEAD && method != HTTP_OPTIONS;
}

/* Pages by which clients say how they are. Their address is all the authority that they need, and it
 * goes nowhere: they send no referrer, so their forms say "Origin: null". */
static bool is_check_in(const struct route *route)
{
    return route && (strncmp(route->pattern, "/c/", 3) == 0 ||
                        strncmp(route->pattern, "/r/", 3) == 0);
}

/* Browsers say where a request comes from. One that says nothing and carries no cookie acts with
 * nobody's authority, so it may pass. */
static struct result phase_cross_site(struct flight *f)
{
    if (f->route->flavour == ROUTE_API || !is_unsafe(f->route->method)) return RESULT_OK;
    const struct http_req *req = f->call.req;
    struct str site = http_header(req, STR("Sec-Fetch-Site"));
    struct str origin = http_header(req, STR("Origin"));
    struct result refusal = result_fail(ERR_DENIED, "cross-site", NULL);
    if (site.len && !str_eq(site, STR("same-origin")) && !str_eq(site, STR("none"))) return refusal;
    if (str_eq(origin, STR("null"))) origin = STR("");
    if (origin.len) {
        struct str rest = origin;
        struct str scheme;
        if (!str_cut(&rest, ':', &scheme) || !str_starts(rest, STR("//"))) return refusal;
        if (!str_eq_nocase(str_slice(rest, 2, rest.len), req->host_port)) return refusal;
    }
    bool cookie = f->cookie_session && !is_check_in(f->route);
    if (!site.len && !origin.len && cookie) return refusal;
    return RESULT_OK;
}

static struct result phase_form(struct flight *f)
{
    const struct http_req *req = f->call.req;
    bool encoded = str_eq(req->content_type, STR("application/x-www-form-urlencoded"));
    if (!is_unsafe(f->route->method) || !encoded) return RESULT_OK;
    return form_decode(req->body, LIMIT_FORM_FIELDS, f->call.arena, &f->call.form);
}

static struct result phase_session(struct flight *f)
{
    struct call *call = &f->call;
    /* After a slow preparation this runs a second time: what was true then may be so no more. */
    call->actor = (struct actor){.kind = ACTOR_CLIENT};
    call->user = (struct staff_user){0};
    call->session = 0;
    if (f->route->permission == PERM_PUBLIC || f->route->flavour == ROUTE_API) return RESULT_OK;
    struct str token = call_cookie(call, "session");
    if (!token.len || token.len > 64) return RESULT_OK;
    struct staff_session session;
    struct result found = session_find(
        call->tx, call->practice->id, token, call->now, call->arena, &session, &call->user);
    if (found.code == ERR_NOT_FOUND) return RESULT_OK;
    TRY(found);
    call->session = session.id;
    call->actor = (struct actor){ACTOR_STAFF, call->user.id, call->user.role};
    f->session_stale = session_is_stale(&session, call->now);
    return RESULT_OK;
}

static void send_to_sign_in(struct call *call)
{
    struct sb sb;
    sb_init(&sb, call->arena, LIMIT_URL_BYTES * 4);
    SB_LIT(&sb, "/staff/sign-in");
    if (call->req->method == HTTP_GET) {
        SB_LIT(&sb, "?next=");
        url_add_encoded(&sb, call->req->target);
    }
    http_resp_redirect(call->resp, sb_str(&sb));
}

static struct result phase_permission(struct flight *f)
{
    struct call *call = &f->call;
    if (f->route->permission == PERM_PUBLIC) return RESULT_OK;
    if (call->actor.kind != ACTOR_STAFF) {
        if (f->route->flavour == ROUTE_PAGE) send_to_sign_in(call);
        return result_fail(ERR_DENIED, "sign-in-needed", NULL);
    }
    if (role_may(call->actor.role, f->route->permission)) return RESULT_OK;
    return result_fail(ERR_DENIED, "not-allowed", NULL);
}

static struct result run_phase(struct flight *f, enum phase phase, struct practices *practices)
{
    switch (phase) {
    case PHASE_LIMITS: return RESULT_OK; /* already taken on the event thread */
    case PHASE_PRACTICE: return phase_practice(f, practices);
    case PHASE_LANGUAGE: f->call.lang = call_language(&f->call); return RESULT_OK;
    case PHASE_CROSS_SITE: return phase_cross_site(f);
    case PHASE_FORM: return phase_form(f);
    case PHASE_SESSION: return phase_session(f);
    case PHASE_PERMISSION: return phase_permission(f);
    case PHASE_HANDLER: return f->route->handler(&f->call);
    case PHASE_COUNT: break;
    }
    UNREACHABLE();
}

static struct result run_phases(
    struct flight *f, enum phase from, enum phase until, struct practices *practices)
{
    for (enum phase phase = from; phase < until; phase++)
        TRY(run_phase(f, phase, practices));
    return RESULT_OK;
}

/* ---- the answer ---- */

static int status_of(struct result result)
{
    switch (result.code) {
    case ERR_NONE: return 200;
    case ERR_INVALID: return 422;
    case ERR_NOT_FOUND: return 404;
    case ERR_CONFLICT: return 409;
    case ERR_DENIED:
        return result.reason && strcmp(result.reason, "sign-in-needed") == 0 ? 401 : 403;
    case ERR_LIMIT: return 429;
    case ERR_BUSY:
    case ERR_IO: return 503;
    case ERR_CORRUPT: /* a key that was added a moment ago: see answer_failure */
        return result.reason && strcmp(result.reason, "sealed-key") == 0 ? 503 : 500;
    case ERR_SYNTAX: return 400;
    }
    return 500;
}

/* A failure that its handler has not put into words becomes a page or a problem document. */
static void answer_failure(struct flight *f, struct result result)
{
    struct call *call = &f->call;
    int status = status_of(result);
    if (status >= 500) log_result(LOG_ERROR, "request-failed", result);
    if (result.code == ERR_CORRUPT && status == 503) outbox_wake(f->app->outbox); /* reads keys */
    if (call->resp->status != 0) return;
    if (status == 503) http_resp_header(call->resp, STR("Retry-After"), STR("5"));
    if (f->route && f->route->flavour != ROUTE_PAGE) {
        api_fail(call, result, NULL);
    } else {
        page_error(call, status, result);
    }
}

static bool has_header(const struct http_resp *resp, struct str name)
{
    for (size_t i = 0; i < resp->header_count; i++) {
        if (str_eq_nocase(resp->headers[i].name, name)) return true;
    }
    return false;
}

/* Pages behind a link of somebody's own. */
static bool is_personal(const char *pattern)
{
    static const char *const beginnings[] = {"/b/", "/c/", "/my", "/r/"};
    for (size_t i = 0; i < COUNT_OF(beginnings); i++) {
        if (strncmp(pattern, beginnings[i], strlen(beginnings[i])) == 0) return true;
    }
    return false;
}

static void add_security_headers(struct flight *f)
{
    struct http_resp *resp = f->call.resp;
    http_resp_header(resp, STR("X-Content-Type-Options"), STR("nosniff"));
    bool page = !f->route || f->route->flavour == ROUTE_PAGE;
    if (page && !resp->asset) {
        http_resp_header(resp, STR("Content-Security-Policy"),
            STR("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
                "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"));
        http_resp_header(resp, STR("Referrer-Policy"),
            is_check_in(f->route) ? STR("no-referrer") : STR("same-origin"));
        http_resp_header(resp, STR("X-Frame-Options"), STR("DENY"));
        http_resp_header(resp, STR("Cross-Origin-Opener-Policy"), STR("same-origin"));
        http_resp_header(resp, STR("Permissions-Policy"),
            STR("camera=(), microphone=(), geolocation=(), payment=()"));
    }
    if (f->call.req->secure) {
        http_resp_header(
            resp, STR("Strict-Transport-Security"), STR("max-age=31536000; includeSubDomains"));
    }
    if (resp->asset || resp->stream || has_header(resp, STR("Cache-Control"))) return;
    bool personal = !f->route || f->route->permission != PERM_PUBLIC ||
                    f->route->flavour != ROUTE_PAGE || f->route->method != HTTP_GET ||
                    resp->status >= 400 || is_personal(f->route->pattern);
    http_resp_header(resp, STR("Cache-Control"), personal ? STR("no-store") : STR("no-cache"));
}

/* After everything: the response is complete, and told to whom it concerns. */
static void complete(struct flight *f, struct result result)
{
    if (!result_is_ok(result)) {
        answer_failure(f, result);
    } else {
        CHECK(f->call.resp->status != 0);
        if (f->call.calendar_changed)
            http_hub_publish(f->app->hub, f->practice.v, STR("changed"), STR("bookings"));
    }
    add_security_headers(f);
}

/* ---- reading ---- */

struct touch {
    struct write_job job;
    struct practice_id practice;
    int64_t session;
    utc_us now;
};

static struct result touch_run(struct tx *tx, void *arg)
{
    struct touch *touch = arg;
    return session_touch(tx, touch->practice, touch->session, touch->now);
}

static void touch_done(void *arg, struct result result)
{
    if (!result_is_ok(result)) log_result(LOG_WARNING, "session-touch", result);
    free(arg);
}

/* Notes the use of a session, at most once an hour, without making anybody wait. */
static void touch_session(struct flight *f)
{
    struct touch *touch = calloc(1, sizeof *touch);
    if (!touch) return;
    *touch = (struct touch){{touch_run, touch_done, touch, NULL, RESULT_OK}, f->call.practice->id,
        f->call.session, f->call.now};
    if (!result_is_ok(store_submit(f->app->store, &touch->job))) free(touch);
}

static struct result read_in_tx(
    struct flight *f, struct worker *worker, enum phase until, call_handler then)
{
    struct tx tx;
    TRY(tx_begin_read(worker->conn, &tx));
    f->call.tx = &tx;
    struct result result = run_phases(f, PHASE_PRACTICE, until, worker->practices);
    if (result_is_ok(result) && then) result = then(&f->call);
    tx_rollback(&tx);
    f->call.tx = NULL;
    if (result_is_ok(result) && f->session_stale && until == PHASE_COUNT) touch_session(f);
    return result;
}

static struct result answer_reading(struct flight *f)
{
    if (f->route->tx == TX_NONE) return run_phases(f, PHASE_PRACTICE, PHASE_COUNT, NULL);
    struct worker *worker;
    TRY(app_worker(f->app, &worker));
    return read_in_tx(f, worker, PHASE_COUNT, NULL);
}

/* ---- writing ---- */

static struct result write_run(struct tx *tx, void *arg)
{
    struct flight *f = arg;
    f->call.tx = tx;
    f->ran = run_phases(f, PHASE_PRACTICE, PHASE_COUNT, f->app->writer_practices);
    if (f->call.practice) f->practice = f->call.practice->id;
    if (!result_is_ok(f->ran)) answer_failure(f, f->ran);
    f->call.tx = NULL;
    f->call.practice = NULL; /* the next job of the group may load it anew */
    return f->ran;
}

static void write_done(void *arg, struct result result)
{
    struct flight *f = arg;
    /* The commit itself failed: what the handler wrote into the response is not true; not even a
     * refusal, which may rest on work of the same group that is now gone. */
    bool lost = result.code != f->ran.code || result.reason != f->ran.reason;
    if (!result_is_ok(result) && lost) http_resp_clear(f->call.resp);
    complete(f, result);
    if (result_is_ok(result)) outbox_wake(f->app->outbox);
    http_finish(f->exchange);
}

/* What needs neither database nor practice is done here, so that the one writer need not. */
static void read_json(struct flight *f)
{
    struct call *call = &f->call;
    const struct http_req *req = call->req;
    bool json = req->body.len && str_eq(req->content_type, STR("application/json"));
    if (f->route->flavour != ROUTE_API || !json) return;
    const struct json *root;
    if (result_is_ok(json_parse(call->arena, req->body, &root))) call->json = root;
}

static struct result start_writing(struct flight *f)
{
    read_json(f);
    f->write = (struct write_job){.run = write_run, .done = write_done, .arg = f};
    return store_submit(f->app->store, &f->write);
}

/* ---- slow preparation ---- */

static void prepare_run(void *arg)
{
    struct flight *f = arg;
    struct worker *worker;
    struct result result = app_worker(f->app, &worker);
    if (result_is_ok(result)) result = read_in_tx(f, worker, PHASE_HANDLER, f->route->prepare);
    if (result_is_ok(result) && f->route->tx == TX_WRITE) {
        f->call.practice = NULL; /* the pool thread's snapshot: the writer finds its own */
        result = start_writing(f);
        if (result_is_ok(result)) return;
    } else if (result_is_ok(result)) {
        result = read_in_tx(f, worker, PHASE_COUNT, NULL);
    }
    complete(f, result);
    http_finish(f->exchange);
}

/* ---- the server's callbacks ---- */

static size_t body_limit(void *ctx, const struct http_req *req)
{
    struct app *app = ctx;
    struct router_match match = router_find(app->router, req->method, req->path, req->arena);
    if (!is_unsafe(req->method)) return 0;
    if (!match.route) return LIMIT_BODY_BYTES; /* to be told that there is no such page */
    const struct route *route = match.route->data;
    return route->body_limit ? route->body_limit : LIMIT_BODY_BYTES;
}

static struct flight *new_flight(struct app *app, struct http_exchange *exchange)
{
    struct flight *f = ARENA_NEW(&exchange->arena, struct flight);
    f->app = app;
    f->exchange = exchange;
    f->call = (struct call){
        .req = &exchange->req,
        .resp = &exchange->resp,
        .arena = &exchange->arena,
        .site = &app->site,
        .now = clock_now(),
        .actor = {.kind = ACTOR_CLIENT},
    };
    f->cookie_session =
        call_cookie(&f->call, "session").len > 0 || call_cookie(&f->call, "my").len > 0;
    exchange->user = f;
    return f;
}

static void answer_no_route(struct flight *f, const struct router_match *match)
{
    bool api = str_starts(f->call.req->path, STR("/api/"));
    struct result why = result_fail(ERR_NOT_FOUND, "no-such-page", NULL);
    if (match->path_known) {
        http_resp_header(f->call.resp, STR("Allow"), match->allow);
        why.reason = "method-not-allowed";
    }
    int status = match->path_known ? 405 : 404;
    struct worker *worker;
    struct tx tx;
    /* The page bears the practice's name and the visitor's language where they can be had. */
    if (result_is_ok(app_worker(f->app, &worker)) &&
        result_is_ok(tx_begin_read(worker->conn, &tx))) {
        f->call.tx = &tx;
        if (!result_is_ok(
                practices_by_host(worker->practices, &tx, f->call.req->host, &f->call.practice)))
            f->call.practice = NULL;
        f->call.lang = call_language(&f->call);
        if (api) {
            api_fail_as(&f->call, match->path_known ? "method-not-allowed" : "not-found", NULL);
        } else {
            page_error(&f->call, status, why);
        }
        tx_rollback(&tx);
        f->call.tx = NULL;
    } else {
        page_error(&f->call, status, why);
    }
    add_security_headers(f);
}

static enum http_answer handle(void *ctx, struct http_exchange *exchange)
{
    struct app *app = ctx;
    struct flight *f = new_flight(app, exchange);
    const struct http_req *req = &exchange->req;
    struct router_match match = router_find(app->router, req->method, req->path, &exchange->arena);
    if (!match.route) {
        answer_no_route(f, &match);
        return HTTP_ANSWERED;
    }
    f->route = match.route->data;
    f->call.params = match.params;
    struct result result = phase_limits(f);
    if (result_is_ok(result) && f->route->prepare) {
        f->slow = (struct pool_job){prepare_run, f, NULL};
        result = pool_submit(app->pool, &f->slow);
        if (result_is_ok(result)) return HTTP_LATER;
    } else if (result_is_ok(result) && f->route->tx == TX_WRITE) {
        result = start_writing(f);
        if (result_is_ok(result)) return HTTP_LATER;
    } else if (result_is_ok(result)) {
        result = answer_reading(f);
    }
    complete(f, result);
    return HTTP_ANSWERED;
}

/* Requests that the guard refused: no practice, no session; a problem document or a plain sentence.
 */
static void refused(void *ctx, struct http_exchange *exchange, int status)
{
    (void)ctx;
    if (str_starts(exchange->req.path, STR("/api/"))) {
        http_resp_header(&exchange->resp, STR("X-Content-Type-Options"), STR("nosniff"));
        api_problem_of_status(&exchange->resp, &exchange->arena, status);
        return;
    }
    http_resp_body(&exchange->resp, status, STR("text/plain; charset=utf-8"),
        arena_printf(&exchange->arena, "%d %s\n", status, http_status_text(status)));
    http_resp_header(&exchange->resp, STR("X-Content-Type-Options"), STR("nosniff"));
    http_resp_header(&exchange->resp, STR("Cache-Control"), STR("no-store"));
}

/* The pattern, never the path: paths hold tokens. */
static void finished(void *ctx, const struct http_exchange *exchange, int64_t duration_us)
{
    (void)ctx;
    const struct flight *f = exchange->user;
    bool slow = duration_us > US_PER_SECOND;
    enum log_level level = exchange->resp.status >= 500 || slow ? LOG_WARNING : LOG_DEBUG;
    struct str pattern = f && f->route ? str_from_cstr(f->route->pattern) : STR("-");
    LOG(level, "request", LOG_I("id", (int64_t)exchange->req.id),
        LOG_S("method", str_from_cstr(http_method_name(exchange->req.method))),
        LOG_S("route", pattern), LOG_I("status", exchange->resp.status), LOG_I("us", duration_us));
}

struct http_handler app_http_handler(struct app *app)
{
    return (struct http_handler){
        .ctx = app,
        .body_limit = body_limit,
        .handle = handle,
        .refused = refused,
        .finished = finished,
    };
}

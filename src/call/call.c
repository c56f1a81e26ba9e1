#include "call/call.h"

#include "base/check.h"

#include <arpa/inet.h>

#include "base/banned.h"

struct str call_origin(const struct call *call)
{
    if (call->site->base_url.len) return call->site->base_url;
    return arena_printf(call->arena, "%s://%.*s", call->req->secure ? "https" : "http",
        STR_ARG(call->req->host_port));
}

struct booking_env call_env(struct call *call)
{
    return (struct booking_env){
        .tx = call->tx,
        .practice = call->practice,
        .key = call->site->key,
        .actor = call->actor,
        .now = call->now,
        .arena = call->arena,
    };
}

struct care_env call_care(struct call *call)
{
    return (struct care_env){
        .tx = call->tx,
        .practice = call->practice,
        .key = call->site->key,
        .ring = call->site->ring(call->site->keys),
        .actor = call->actor,
        .now = call->now,
        .arena = call->arena,
    };
}

struct str call_form(const struct call *call, const char *name)
{
    return str_trim(http_fields_get(call->form, str_from_cstr(name)));
}

struct str call_param(const struct call *call, const char *name)
{
    return http_fields_get(call->params, str_from_cstr(name));
}

struct str call_query(const struct call *call, const char *name)
{
    return str_trim(http_param(call->req, str_from_cstr(name)));
}

struct str call_household(const struct call *call)
{
    struct str peer = call->req->peer;
    char text[INET6_ADDRSTRLEN];
    struct in6_addr in6;
    if (str_find(peer, ':') == peer.len || peer.len >= sizeof text) return peer;
    memcpy(text, peer.ptr, peer.len);
    text[peer.len] = 0;
    if (inet_pton(AF_INET6, text, &in6) != 1) return peer;
    if (IN6_IS_ADDR_V4MAPPED(&in6)) /* the same as without the prefix */
        return inet_ntop(AF_INET, in6.s6_addr + 12, text, sizeof text)
                   ? arena_str(call->arena, str_from_cstr(text))
                   : peer;
    return crypto_hex(call->arena, (struct str){(const char *)in6.s6_addr, 8});
}

struct result call_rate(
    struct call *call, const char *name, struct str key, int burst, int64_t period_us)
{
    int retry_s;
    if (rate_take(call->site->rates, name, key, burst, period_us, call->now, &retry_s))
        return RESULT_OK;
    http_resp_header(call->resp, STR("Retry-After"), arena_printf(call->arena, "%d", retry_s));
    return result_fail(ERR_LIMIT, "too-many-requests", name);
}

void call_set_cookie(struct call *call, const char *name, struct str value, int64_t max_age_s)
{
    struct sb sb;
    sb_init(&sb, call->arena, 4096);
    sb_addf(&sb, "__Host-%s=%.*s; Path=/; Secure; HttpOnly; SameSite=Lax", name, STR_ARG(value));
    if (max_age_s >= 0) sb_addf(&sb, "; Max-Age=%lld", (long long)max_age_s);
    CHECK(sb_ok(&sb));
    http_resp_header(call->resp, STR("Set-Cookie"), sb_str(&sb));
}

struct str call_cookie(const struct call *call, const char *name)
{
    return http_cookie(call->req, arena_printf(call->arena, "__Host-%s", name));
}

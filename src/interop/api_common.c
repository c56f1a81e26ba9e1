#include "interop/api_internal.h"

#include "base/check.h"
#include "base/limits.h"

#include "base/banned.h"

void api_send(struct call *call, int status, struct str body, struct str cache_control)
{
    http_resp_body(call->resp, status, STR("application/json"), body);
    http_resp_header(call->resp, STR("Cache-Control"), cache_control);
    http_resp_header(call->resp, STR("Access-Control-Allow-Origin"), STR("*"));
    http_resp_header(
        call->resp, STR("Access-Control-Expose-Headers"), STR("Location, Retry-After"));
}

struct result api_invalid(struct call *call, const struct problems *problems)
{
    CHECK(problems->count);
    api_fail_as(call, "invalid", problems);
    return result_fail(ERR_INVALID, "invalid", NULL);
}

struct result api_read_body(
    struct call *call, bool allow_empty, struct problems *problems, struct json_object *ret_root)
{
    const struct http_req *req = call->req;
    struct str text = req->body;
    if (!text.len) {
        if (!allow_empty) {
            api_fail_as(call, "malformed-json", NULL);
            return result_fail(ERR_SYNTAX, "malformed-json", "no body");
        }
        text = STR("{}");
    } else if (!str_eq(req->content_type, STR("application/json"))) {
        api_fail_as(call, "unsupported-media-type", NULL);
        return result_fail(ERR_SYNTAX, "unsupported-media-type", NULL);
    }
    const struct json *root = call->json;
    struct result parsed = root ? RESULT_OK : json_parse(call->arena, text, &root);
    if (parsed.code == ERR_SYNTAX) parsed.reason = "malformed-json";
    if (result_is_ok(parsed) && root->kind != JSON_OBJECT)
        parsed = result_fail(ERR_SYNTAX, "malformed-json", "an object is expected");
    if (!result_is_ok(parsed)) {
        api_fail(call, parsed, NULL);
        /* the detail quotes the request: not for the log */
        return result_fail(parsed.code, parsed.reason, NULL);
    }
    problems_init(problems, call->arena);
    if (!json_enter(root, (struct str){0}, problems, ret_root)) return api_invalid(call, problems);
    return RESULT_OK;
}

void api_write_instant(struct jw *jw, const struct tz *zone, utc_us instant)
{
    char buffer[40];
    struct sb sb;
    sb_init_fixed(&sb, buffer, sizeof buffer);
    rfc3339_write(&sb, instant, tz_offset_at(zone, instant).seconds);
    CHECK(sb_ok(&sb));
    jw_str(jw, sb_str(&sb));
}

struct result api_preflight(struct call *call)
{
    call->resp->status = 204;
    http_resp_header(call->resp, STR("Access-Control-Allow-Origin"), STR("*"));
    http_resp_header(call->resp, STR("Access-Control-Allow-Methods"), STR("GET, POST"));
    http_resp_header(call->resp, STR("Access-Control-Allow-Headers"),
        STR("Authorization, Content-Type, Idempotency-Key"));
    http_resp_header(call->resp, STR("Access-Control-Max-Age"), STR("86400"));
    return RESULT_OK;
}

struct result api_health(struct call *call)
{
    int64_t one;
    TRY(db_int(call->tx, SQL("SELECT count(*) FROM (SELECT 1 FROM practice LIMIT 1)"), NO_VALUES, 0,
        &one));
    http_resp_body(call->resp, 200, STR("application/json"), STR("{\"status\":\"pass\"}"));
    http_resp_header(call->resp, STR("Cache-Control"), STR("no-store"));
    return RESULT_OK;
}

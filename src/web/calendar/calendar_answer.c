/* Reading what the calendar's script sends, and answering it: JSON, or a problem document whose
 * `detail` is shown to staff as it is. */
#include "web/calendar/internal.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

/* Names of unknown fields come back: as much as a body can hold, and the words around them. */
enum { PROBLEM_BYTES = 4 * LIMIT_BODY_BYTES };

void calendar_send(struct call *call, struct str json)
{
    http_resp_header(call->resp, STR("Cache-Control"), STR("no-store"));
    http_resp_body(call->resp, 200, STR("application/json"), json);
}

static int failure_status(enum error_code code)
{
    switch (code) {
    case ERR_INVALID: return 422;
    case ERR_NOT_FOUND: return 404;
    case ERR_CONFLICT: return 409;
    case ERR_SYNTAX: return 400;
    case ERR_DENIED: return 403;
    case ERR_NONE:
    case ERR_LIMIT:
    case ERR_BUSY:
    case ERR_IO:
    case ERR_CORRUPT: break;
    }
    return 0;
}

static struct result refuse(
    struct call *call, struct result failure, struct str detail, const struct problems *problems)
{
    int status = failure_status(failure.code);
    if (!status) return failure; /* not the sender's: the server says so in its own words */
    const char *slug = failure.reason ? failure.reason : "invalid";
    struct sb sb;
    struct jw jw;
    sb_init(&sb, call->arena, PROBLEM_BYTES);
    jw_init(&jw, &sb);
    jw_object(&jw);
    JW_STR(&jw, "type", arena_printf(call->arena, "/problems/%s", slug));
    JW_STR(&jw, "title", str_from_cstr(http_status_text(status)));
    JW_I64(&jw, "status", status);
    JW_STR(&jw, "detail", detail);
    if (problems) {
        jw_key(&jw, STR("errors"));
        jw_array(&jw);
        for (const struct problem *p = problems->first; p; p = p->next) {
            jw_object(&jw);
            JW_STR(&jw, "field", p->field);
            JW_STR(&jw, "message", staff_problem(call, p->code, p->arg));
            jw_object_end(&jw);
        }
        jw_array_end(&jw);
    }
    jw_object_end(&jw);
    CHECK(sb_ok(&sb));
    http_resp_header(call->resp, STR("Cache-Control"), STR("no-store"));
    http_resp_body(call->resp, status, STR("application/problem+json"), sb_str(&sb));
    return failure;
}

struct result calendar_refuse(struct call *call, struct result failure, struct str detail)
{
    return refuse(call, failure, detail, NULL);
}

static const struct {
    const char *reason;
    staff_sentence say;
} plain_sentences[] = {
    {"no-such-hour", msg_calendar_no_such_hour},
    {"too-long", msg_calendar_past_limit},
    {"ends-before-start", msg_calendar_ends_before},
    {"not-confirmed", msg_calendar_not_confirmed},
    {"unknown-booking", msg_calendar_gone},
    {"unknown-time-off", msg_calendar_gone},
    {"unknown-client", msg_calendar_gone},
    {"therapist-gone", msg_calendar_therapist_gone},
    {"service-gone", msg_calendar_service_gone},
    {"outside-hours", msg_calendar_outside},
    {"slot-taken", msg_calendar_taken_room},
};

struct result calendar_refuse_plain(struct call *call, struct result failure)
{
    staff_sentence say = failure.code == ERR_NOT_FOUND ? msg_calendar_gone : msg_calendar_other;
    for (size_t i = 0; failure.reason && i < COUNT_OF(plain_sentences); i++) {
        if (strcmp(plain_sentences[i].reason, failure.reason) == 0) say = plain_sentences[i].say;
    }
    return refuse(call, failure, staff_say(call, say), NULL);
}

struct result calendar_read(
    struct call *call, struct problems *problems, struct json_object *ret_root)
{
    const struct json *json;
    struct str detail = staff_say(call, msg_calendar_unreadable);
    problems_init(problems, call->arena);
    if (!str_eq(call->req->content_type, STR("application/json")))
        return refuse(
            call, result_fail(ERR_SYNTAX, "syntax", "not application/json"), detail, NULL);
    struct result parsed = json_parse(call->arena, call->req->body, &json);
    if (!result_is_ok(parsed))
        return refuse(call, result_fail(ERR_SYNTAX, "syntax", parsed.detail), detail, NULL);
    if (!json_enter(json, STR(""), problems, ret_root))
        return refuse(call, result_fail(ERR_SYNTAX, "syntax", "not an object"), detail, NULL);
    return RESULT_OK;
}

struct result calendar_read_end(struct call *call, struct json_object *root)
{
    json_leave(root);
    if (!root->problems->count) return RESULT_OK;
    struct str detail = staff_say(call, msg_calendar_other);
    return refuse(call, result_fail(ERR_INVALID, "invalid", NULL), detail, root->problems);
}

#include "interop/api_problem.h"

#include "interop/api.h"

#include "base/check.h"
#include "base/json_writer.h"
#include "base/limits.h"

#include "base/banned.h"

/* ---- the types ---- */

struct problem_type {
    const char *slug;
    int status;
    const char *title;
    const char *detail;
};

static const struct problem_type types[] = {
    /* the rules of booking */
    {"slot-taken", 409, "This time is taken",
        "Somebody else has this time now. Ask for the open times again and choose another."},
    {"hold-expired", 409, "The hold has ended",
        "This time is no longer kept for you. Make a new hold, or book without one."},
    {"outside-hours", 422, "Not an offered time",
        "This is not one of the times that are offered. Ask for the open times and choose one."},
    {"too-soon", 422, "Too soon", "This time is too near. Choose a later one."},
    {"too-far", 422, "Too far ahead",
        "Times so far ahead cannot be booked yet. Choose an earlier one."},
    {"limit-reached", 422, "Limit reached",
        "The practice takes no more bookings of this kind: the day is full, you already have as "
        "many "
        "coming sessions as it allows, or this one was moved too often. Please call the practice."},
    {"too-late", 422, "Too late to change",
        "The session is too near to be changed here. Please call the practice."},
    {"not-confirmed", 422, "No longer a confirmed booking",
        "Only a confirmed booking can be changed, and this one no longer is."},
    {"idempotency-mismatch", 422, "Idempotency-Key used before",
        "This Idempotency-Key came with another request before. Use a new key for a new request."},
    /* requests */
    {"invalid", 422, "Some fields are wrong", "Mend the fields named in errors and send it again."},
    {"malformed", 400, "The request cannot be read",
        "The request is malformed. See the API's description in /api/v1/openapi.json."},
    {"malformed-json", 400, "Not JSON", "The body is not a JSON object."},
    {"unsupported-media-type", 415, "Not application/json",
        "Send the body as JSON, with Content-Type: application/json."},
    {"too-large", 413, "Too large", "The request is larger than is taken here."},
    {"too-many-requests", 429, "Too many requests",
        "That was a lot in a short time. Wait as long as Retry-After says, then go on."},
    {"not-found", 404, "Not found", "There is nothing here, or it is not yours to see."},
    {"method-not-allowed", 405, "Method not allowed",
        "This address does not take that method. The Allow header names those it takes."},
    {"sign-in-needed", 401, "Please sign in", "Sign in first, then try again."},
    {"denied", 403, "Not allowed", "Your account does not have the right to do this."},
    {"conflict", 409, "Changed meanwhile",
        "Something has changed in the meantime. Load it again and look before you go on."},
    {"unavailable", 503, "Not available right now",
        "The server cannot do this at the moment. Nothing was changed. Try again in a little "
        "while."},
    {"internal", 500, "A fault of ours",
        "The server made a mistake. Nothing was changed; the fault is in its log."},
};

/* All limits are one type to clients of the API; people read which one it was. */
static const struct problem_type *find_type(struct str slug)
{
    if (str_ends(slug, STR("-limit-reached"))) slug = STR("limit-reached");
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (str_eq(str_from_cstr(types[i].slug), slug)) return &types[i];
    }
    return NULL;
}

/* The type for a failure whose reason has none of its own. */
static const char *slug_of_code(enum error_code code)
{
    switch (code) {
    case ERR_INVALID: return "invalid";
    case ERR_NOT_FOUND: return "not-found";
    case ERR_CONFLICT: return "conflict";
    case ERR_DENIED: return "denied";
    case ERR_LIMIT: return "too-many-requests";
    case ERR_BUSY:
    case ERR_IO: return "unavailable";
    case ERR_SYNTAX: return "malformed";
    case ERR_NONE:
    case ERR_CORRUPT: break;
    }
    return "internal";
}

/* ---- fields ---- */

/* %s: the problem's argument */
static const struct {
    const char *code;
    const char *text;
} field_texts[] = {
    {"required", "This field is required."},
    {"too-long", "At most %s characters."},
    {"too-short", "At least %s characters."},
    {"too-many", "At most %s are allowed."},
    {"bad-text", "Contains characters that are not text."},
    {"not-a-string", "Must be a string."},
    {"not-an-integer", "Must be a whole number."},
    {"not-a-boolean", "Must be true or false."},
    {"not-an-array", "Must be an array."},
    {"not-an-object", "Must be an object."},
    {"out-of-range", "Must be within %s."},
    {"unknown-field", "There is no such field."},
    {"not-an-email", "Not an e-mail address."},
    {"not-a-phone", "Not a phone number."},
    {"not-a-date", "Must be a date like 2026-03-09."},
    {"not-an-instant", "Must be an RFC 3339 time with an offset, like 2026-03-09T09:00:00-04:00."},
    {"ends-before-start", "Must not be before the beginning."},
    {"too-many-days", "At most %s days in one request."},
    {"too-many-slots", "That is more than fits into one answer. Ask for fewer days."},
    {"unknown-service", "There is no such service."},
    {"unknown-therapist", "There is no such therapist."},
    {"unknown-zone", "Not a time zone's name like America/New_York."},
    {"not-their-service", "This therapist does not give this service."},
    {"service-gone", "The practice no longer offers this service."},
    {"hold-differs", "The hold is for another service, start or therapist."},
    {"bad-key", "Must be 1 to %s visible ASCII characters."},
};

struct str api_field_message(struct arena *arena, const struct problem *problem)
{
    struct str code = str_from_cstr(problem->code);
    for (size_t i = 0; i < COUNT_OF(field_texts); i++) {
        if (!str_eq(str_from_cstr(field_texts[i].code), code)) continue;
        struct str text = str_from_cstr(field_texts[i].text);
        size_t at = str_find(text, '%');
        if (at == text.len) return text;
        struct str rest = str_slice(text, at + 2, text.len);
        return arena_printf(
            arena, "%.*s%.*s%.*s", (int)at, text.ptr, STR_ARG(problem->arg), STR_ARG(rest));
    }
    if (!problem->arg.len) return arena_printf(arena, "Not valid (%.*s).", STR_ARG(code));
    return arena_printf(arena, "Not valid (%.*s: %.*s).", STR_ARG(code), STR_ARG(problem->arg));
}

static bool named_before(const struct problems *problems, const struct problem *problem)
{
    for (const struct problem *p = problems->first; p != problem; p = p->next) {
        if (str_eq(p->field, problem->field)) return true;
    }
    return false;
}

/* The first problem of each field. */
static void write_errors(struct jw *jw, struct arena *arena, const struct problems *problems)
{
    jw_key(jw, STR("errors"));
    jw_array(jw);
    for (const struct problem *p = problems->first; p; p = p->next) {
        if (named_before(problems, p)) continue;
        jw_object(jw);
        JW_STR(jw, "field", p->field);
        JW_STR(jw, "message", api_field_message(arena, p));
        JW_STR(jw, "code", str_from_cstr(p->code));
        jw_object_end(jw);
    }
    jw_array_end(jw);
}

/* ---- the document ---- */

void api_problem(struct http_resp *resp, struct arena *arena, int status, const char *slug,
    const char *title, const char *detail, const struct problems *problems)
{
    CHECK(slug && title && status >= 400 && status <= 599);
    struct sb sb;
    struct jw jw;
    sb_init(&sb, arena, LIMIT_PAGE_BYTES);
    jw_init(&jw, &sb);
    jw_object(&jw);
    JW_STR(&jw, "type", arena_printf(arena, "/problems/%s", slug));
    JW_STR(&jw, "title", str_from_cstr(title));
    JW_I64(&jw, "status", status);
    if (detail) JW_STR(&jw, "detail", str_from_cstr(detail));
    if (problems && problems->count) write_errors(&jw, arena, problems);
    jw_object_end(&jw);
    CHECK(sb_ok(&sb));
    http_resp_body(resp, status, STR("application/problem+json"), sb_str(&sb));
    http_resp_header(resp, STR("Cache-Control"), STR("no-store"));
}

static void open_to_any_origin(struct call *call)
{
    if (!str_starts(call->req->path, STR("/api/v1/"))) return;
    http_resp_header(call->resp, STR("Access-Control-Allow-Origin"), STR("*"));
    http_resp_header(call->resp, STR("Access-Control-Expose-Headers"), STR("Retry-After"));
}

void api_problem_of_status(struct http_resp *resp, struct arena *arena, int status)
{
    /* The first of its status in the table is the general one; the rules' own do not come from
     * here. */
    const struct problem_type *type = find_type(STR("malformed"));
    for (size_t i = COUNT_OF(types); i-- > 0;) {
        if (types[i].status == status && status != 409 && status != 422) type = &types[i];
    }
    const char *title = type->status == status ? type->title : http_status_text(status);
    api_problem(resp, arena, status, type->slug, title, type->detail, NULL);
    http_resp_header(resp, STR("Access-Control-Allow-Origin"), STR("*"));
}

void api_fail_as(struct call *call, const char *slug, const struct problems *problems)
{
    const struct problem_type *type = find_type(str_from_cstr(slug));
    CHECK(type);
    api_problem(
        call->resp, call->arena, type->status, type->slug, type->title, type->detail, problems);
    open_to_any_origin(call);
}

/* Rules that are about one field of the request. */
static const char *field_of_reason(struct str reason)
{
    if (str_eq(reason, STR("not-their-service"))) return "therapist";
    if (str_eq(reason, STR("service-gone"))) return "service";
    if (str_eq(reason, STR("hold-differs"))) return "hold";
    return NULL;
}

void api_fail(struct call *call, struct result result, const struct problems *problems)
{
    CHECK(!result_is_ok(result));
    const struct problem_type *type = NULL;
    bool ours = result.code == ERR_IO || result.code == ERR_BUSY || result.code == ERR_CORRUPT;
    if (result.reason && !ours) type = find_type(str_from_cstr(result.reason));
    if (!type) type = find_type(str_from_cstr(slug_of_code(result.code)));
    CHECK(type);

    struct problems one;
    const char *field = result.reason ? field_of_reason(str_from_cstr(result.reason)) : NULL;
    if (field && !(problems && problems->count)) {
        problems_init(&one, call->arena);
        problems_add(&one, str_from_cstr(field), result.reason, (struct str){0});
        problems = &one;
    }
    const char *detail = type->detail;
    bool is_json = result.code == ERR_SYNTAX && result.reason &&
                   str_eq(str_from_cstr(result.reason), STR("malformed-json"));
    if (is_json && result.detail)
        detail = arena_printf(call->arena, "The body is not JSON: %s.", result.detail).ptr;
    api_problem(call->resp, call->arena, type->status, type->slug, type->title, detail, problems);
    open_to_any_origin(call);
}

/* What stands at a type's address, for the person who follows it. */
struct result api_problem_page(struct call *call)
{
    const struct problem_type *type = find_type(call_param(call, "slug"));
    if (!type) return result_fail(ERR_NOT_FOUND, NULL, NULL);
    struct str text = arena_printf(
        call->arena, "%s\n\n%s\n\nHTTP status %d\n", type->title, type->detail, type->status);
    http_resp_body(call->resp, 200, STR("text/plain; charset=utf-8"), text);
    http_resp_header(call->resp, STR("Cache-Control"), STR("public, max-age=3600"));
    return RESULT_OK;
}

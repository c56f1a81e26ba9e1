/* Holds and bookings: made, read, moved, cancelled. */
#include "interop/api_internal.h"

#include "base/check.h"
#include "base/limits.h"
#include "practice/booking/idempotency.h"

#include "base/banned.h"

enum { ANSWER_BYTES = 16 << 10 };

/* ---- writing a booking ---- */

static const char *status_name(enum booking_status status)
{
    switch (status) {
    case BOOKING_CONFIRMED: return "confirmed";
    case BOOKING_CANCELLED: return "cancelled";
    case BOOKING_DONE: return "done";
    case BOOKING_NO_SHOW: return "no-show";
    }
    UNREACHABLE();
}

/* The ids of the practice file, also of what has left it since. */
struct booking_keys {
    struct str service;
    struct str therapist;
    struct str room; /* empty: none */
};

static struct result find_keys(
    struct call *call, const struct booking *booking, struct booking_keys *ret_keys)
{
    const struct practice *p = call->practice;
    struct booking_keys keys = {0};
    struct str name;
    const struct service *service = practice_service_by_id(p, booking->service);
    int therapist = practice_therapist_by_id(p, booking->therapist);
    int room = practice_room_by_id(p, booking->room);
    if (service) {
        keys.service = service->key;
    } else {
        TRY(setup_service_name(
            call->tx, p->id, booking->service, call->lang, call->arena, &name, &keys.service));
    }
    if (therapist >= 0) {
        keys.therapist = p->therapists[therapist].key;
    } else {
        TRY(setup_resource_name(
            call->tx, p->id, booking->therapist, call->arena, &name, &keys.therapist));
    }
    if (room >= 0) {
        keys.room = p->rooms[room].key;
    } else if (booking->room.v) {
        TRY(setup_resource_name(call->tx, p->id, booking->room, call->arena, &name, &keys.room));
    }
    *ret_keys = keys;
    return RESULT_OK;
}

/* `{...` with all members of a booking; the caller ends the object. */
static struct result begin_booking(struct call *call, const struct booking *booking, struct jw *jw)
{
    struct booking_keys keys;
    TRY(find_keys(call, booking, &keys));
    jw_object(jw);
    JW_STR(jw, "id", booking->public_id);
    JW_STR(jw, "status", str_from_cstr(status_name(booking->status)));
    JW_STR(jw, "service", keys.service);
    jw_key(jw, STR("start"));
    api_write_instant(jw, call->practice->zone, booking->starts);
    jw_key(jw, STR("end"));
    api_write_instant(jw, call->practice->zone, booking->ends);
    JW_STR(jw, "therapist", keys.therapist);
    jw_key(jw, STR("room"));
    if (keys.room.len) {
        jw_str(jw, keys.room);
    } else {
        jw_null(jw);
    }
    return RESULT_OK;
}

static struct result send_booking(struct call *call, const struct booking *booking)
{
    struct sb sb;
    struct jw jw;
    sb_init(&sb, call->arena, ANSWER_BYTES);
    jw_init(&jw, &sb);
    TRY(begin_booking(call, booking, &jw));
    jw_object_end(&jw);
    CHECK(sb_ok(&sb));
    api_send(call, 200, sb_str(&sb), STR("no-store"));
    return RESULT_OK;
}

/* ---- holds ---- */

struct result api_hold(struct call *call)
{
    struct problems problems;
    struct json_object root;
    struct booking_request request;
    TRY(api_read_body(call, false, &problems, &root));
    api_read_time(call->practice, &root, &request);
    json_leave(&root);
    if (problems.count) return api_invalid(call, &problems);

    struct booking_env env = call_env(call);
    struct hold hold;
    TRY(hold_make(&env, request.service, request.therapist, request.start, &hold));
    struct sb sb;
    struct jw jw;
    sb_init(&sb, call->arena, ANSWER_BYTES);
    jw_init(&jw, &sb);
    jw_object(&jw);
    JW_STR(&jw, "hold", hold.token);
    jw_key(&jw, STR("expires_at"));
    api_write_instant(&jw, call->practice->zone, hold.expires);
    jw_object_end(&jw);
    CHECK(sb_ok(&sb));
    api_send(call, 201, sb_str(&sb), STR("no-store"));
    return RESULT_OK;
}

/* ---- booking ---- */

/* The answer as it is kept: all but the token, whose place is the end of manage_url. */
static struct result tokenless_answer(
    struct call *call, const struct booking *booking, struct str *ret_body)
{
    struct sb sb;
    struct jw jw;
    sb_init(&sb, call->arena, ANSWER_BYTES);
    jw_init(&jw, &sb);
    TRY(begin_booking(call, booking, &jw));
    struct str origin = call_origin(call);
    JW_STR(&jw, "manage_url", arena_printf(call->arena, "%.*s/b/", STR_ARG(origin)));
    jw_object_end(&jw);
    CHECK(sb_ok(&sb));
    *ret_body = sb_str(&sb);
    return RESULT_OK;
}

/* The token put in its place, and the answer sent: so the first answer and its repetition are the
 * same by construction. Tokens are base64url. */
static void send_answer(struct call *call, struct booking_env *env,
    const struct kept_answer *answer, const struct booking *booking)
{
    CHECK(str_ends(answer->body, STR("\"}")));
    struct str token = booking_token(env, booking);
    struct str body = arena_printf(call->arena, "%.*s%.*s\",\"manage_token\":\"%.*s\"}",
        (int)(answer->body.len - 2), answer->body.ptr, STR_ARG(token), STR_ARG(token));
    api_send(call, answer->status, body, STR("no-store"));
    http_resp_header(call->resp, STR("Location"),
        arena_printf(call->arena, "/api/v1/bookings/%.*s", STR_ARG(booking->public_id)));
}

/* The Idempotency-Key, or empty. Adds a problem where it is not one. */
static struct str read_key(struct call *call, struct problems *problems)
{
    struct str key = http_header(call->req, STR("Idempotency-Key"));
    bool fine = key.len <= LIMIT_IDEMPOTENCY_KEY_CHARS;
    for (size_t i = 0; i < key.len; i++)
        fine = fine && key.ptr[i] > 0x20 && key.ptr[i] < 0x7F;
    if (!fine) {
        problems_add(problems, STR("Idempotency-Key"), "bad-key",
            arena_printf(call->arena, "%d", LIMIT_IDEMPOTENCY_KEY_CHARS));
    }
    return key;
}

static struct result book_anew(struct call *call, struct booking_env *env,
    const struct booking_request *request, struct str key, struct str request_hash)
{
    struct booking booking;
    struct kept_answer answer = {.status = 201};
    TRY(booking_make(env, request, &booking));
    TRY(tokenless_answer(call, &booking, &answer.body));
    answer.booking = booking.id;
    if (key.len) TRY(idempotency_keep(env, key, request_hash, &answer));
    call->calendar_changed = true;
    send_answer(call, env, &answer, &booking);
    return RESULT_OK;
}

struct result api_book(struct call *call)
{
    struct problems problems;
    struct json_object root;
    struct booking_request request;
    TRY(api_read_body(call, false, &problems, &root));
    struct booking_env env = call_env(call);
    struct str key = read_key(call, &problems);
    struct str request_hash = {0};
    if (key.len && !problems.count) {
        bool known;
        struct kept_answer answer;
        request_hash = crypto_digest(call->arena, NULL, call->req->body);
        TRY(idempotency_find(&env, key, request_hash, &known, &answer));
        if (known) {
            struct booking booking;
            TRY(booking_find(&env, answer.booking, &booking));
            send_answer(call, &env, &answer, &booking);
            return RESULT_OK;
        }
    }
    api_read_booking(call->practice, &root, &request);
    json_leave(&root);
    if (problems.count) return api_invalid(call, &problems);
    request.client.language = tmpl_lang_code(call->lang);
    return book_anew(call, &env, &request, key, request_hash);
}

/* ---- one's own booking ---- */

/* The booking of the path, if the request carries its token. Nobody learns which ids exist:
 * whatever is wrong, the answer is 404. */
static struct result find_own(
    struct call *call, struct booking_env *env, struct booking *ret_booking)
{
    struct result unknown = result_fail(ERR_NOT_FOUND, "unknown-booking", NULL);
    struct str header = http_header(call->req, STR("Authorization"));
    struct str scheme;
    if (!str_cut(&header, ' ', &scheme) || !str_eq_nocase(scheme, STR("Bearer"))) return unknown;
    struct str token = str_trim(header);
    struct booking booking;
    if (!token.len) return unknown;
    TRY(booking_find_by_public_id(env, call_param(call, "id"), &booking));
    if (!crypto_equal(booking_token(env, &booking), token)) return unknown;
    *ret_booking = booking;
    return RESULT_OK;
}

struct result api_booking(struct call *call)
{
    struct booking_env env = call_env(call);
    struct booking booking;
    TRY(find_own(call, &env, &booking));
    return send_booking(call, &booking);
}

struct result api_reschedule(struct call *call)
{
    struct booking_env env = call_env(call);
    struct booking booking;
    struct problems problems;
    struct json_object root;
    struct booking_move move;
    TRY(find_own(call, &env, &booking));
    TRY(api_read_body(call, false, &problems, &root));
    api_read_move(call->practice, &root, &move);
    json_leave(&root);
    if (problems.count) return api_invalid(call, &problems);
    struct booking moved;
    TRY(booking_reschedule(&env, &booking, &move, &moved));
    call->calendar_changed = true;
    return send_booking(call, &moved);
}

struct result api_cancel(struct call *call)
{
    struct booking_env env = call_env(call);
    struct booking booking;
    struct problems problems;
    struct json_object root;
    TRY(find_own(call, &env, &booking));
    TRY(api_read_body(call, true, &problems, &root));
    struct str reason = json_get_str(&root, "reason", JSON_OPTIONAL, LIMIT_NOTE_CHARS);
    json_leave(&root);
    if (problems.count) return api_invalid(call, &problems);
    struct booking cancelled;
    TRY(booking_cancel(&env, &booking, str_trim(reason), &cancelled));
    call->calendar_changed = true;
    return send_booking(call, &cancelled);
}

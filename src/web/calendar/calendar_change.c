/* Changes of sessions: move, book, say how it went, cancel. */
#include "web/calendar/internal.h"

#include "base/check.h"
#include "base/limits.h"

#include "base/banned.h"

enum { ID_CHARS = 64, TIME_CHARS = 40, MINUTES_MIN = 5, ANSWER_BYTES = 64 << 10 };

/* The answer to a change: the session as it is now, and the rules that were passed over. */
static struct result answer(
    struct call *call, const struct booking *booking, const struct calendar_passed *passed)
{
    struct calendar_feed feed;
    struct sb sb;
    struct jw jw;
    calendar_feed_init(&feed, call);
    sb_init(&sb, call->arena, ANSWER_BYTES);
    jw_init(&jw, &sb);
    jw_object(&jw);
    jw_key(&jw, STR("booking"));
    TRY(calendar_write_booking(&feed, &jw, booking));
    calendar_write_passed(&jw, passed);
    jw_object_end(&jw);
    CHECK(sb_ok(&sb));
    calendar_send(call, sb_str(&sb));
    return RESULT_OK;
}

static struct result find(struct call *call, struct str id, struct booking *ret_booking)
{
    struct booking_env env = call_env(call);
    struct result found = booking_find_by_public_id(&env, id, ret_booking);
    return result_is_ok(found) ? found : calendar_refuse_plain(call, found);
}

/* ---- moving ---- */

struct move_request {
    struct str id;
    struct str start;
    struct str therapist; /* key; empty: as it is */
    int minutes;          /* 0: as it is */
    bool lenient;
};

static struct result read_move(struct call *call, struct move_request *ret)
{
    struct problems problems;
    struct json_object root;
    TRY(calendar_read(call, &problems, &root));
    *ret = (struct move_request){
        .id = json_get_str(&root, "id", JSON_REQUIRED, ID_CHARS),
        .start = json_get_str(&root, "start", JSON_REQUIRED, TIME_CHARS),
        .therapist = json_get_str(&root, "therapist", JSON_OPTIONAL, LIMIT_SLUG_CHARS),
        .minutes = (int)json_get_i64(
            &root, "minutes", JSON_OPTIONAL, MINUTES_MIN, LIMIT_SERVICE_MINUTES, 0),
        .lenient = json_get_bool(&root, "lenient", true),
    };
    return calendar_read_end(call, &root);
}

/* The service with its buffers as they were when the session was booked. */
static bool service_as_booked(
    const struct practice *practice, const struct booking *booking, struct service *ret_service)
{
    const struct service *known = practice_service_by_id(practice, booking->service);
    if (!known) return false;
    *ret_service = *known;
    ret_service->before_minutes = booking->before_minutes;
    ret_service->after_minutes = booking->after_minutes;
    return true;
}

static struct result move(struct call *call, const struct booking *booking,
    const struct booking_move *to, const struct service *service)
{
    struct booking_env env = call_env(call);
    struct owner own = {OWNER_BOOKING, booking->id.v};
    struct open_query query = {.practice = call->practice,
        .service = service,
        .therapist = to->therapist,
        .minutes = to->minutes,
        .now = call->now,
        .except = own,
        .except_booking = booking->id.v};
    struct calendar_passed passed = {.count = 0};
    struct calendar_blocker blocker;
    struct booking moved;
    TRY(calendar_find_blocker(&env, to->therapist,
        to->start - service->before_minutes * US_PER_MINUTE,
        to->start + (to->minutes + service->after_minutes) * US_PER_MINUTE, own, &blocker));
    if (to->lenient) TRY(calendar_find_passed(call, &query, to->therapist, to->start, &passed));
    struct result done = booking_reschedule(&env, booking, to, &moved);
    if (!result_is_ok(done)) return calendar_refuse_blocked(call, done, &blocker, false);
    call->calendar_changed = true;
    return answer(call, &moved, &passed);
}

struct result calendar_move(struct call *call)
{
    const struct practice *p = call->practice;
    struct move_request request;
    struct booking booking;
    struct service service;
    struct booking_move to = {.therapist = -1};
    TRY(read_move(call, &request));
    TRY(find(call, request.id, &booking));
    struct result when = calendar_when(p->zone, request.start, booking.starts, &to.start);
    if (!result_is_ok(when)) return calendar_refuse_plain(call, when);
    /* A dragged session never changes to another therapist by itself. */
    to.therapist = request.therapist.len ? practice_therapist(p, request.therapist)
                                         : practice_therapist_by_id(p, booking.therapist);
    if (to.therapist < 0)
        return calendar_refuse_plain(call, result_fail(ERR_INVALID, "therapist-gone", NULL));
    to.minutes = (int)((booking.ends - booking.starts) / US_PER_MINUTE);
    if (request.minutes) to.minutes = request.minutes;
    to.lenient = request.lenient;
    bool same = to.start == booking.starts &&
                p->therapists[to.therapist].id.v == booking.therapist.v &&
                to.minutes * US_PER_MINUTE == booking.ends - booking.starts;
    if (same) return answer(call, &booking, &(struct calendar_passed){.count = 0});
    if (!service_as_booked(p, &booking, &service))
        return calendar_refuse_plain(call, result_fail(ERR_INVALID, "service-gone", NULL));
    return move(call, &booking, &to, &service);
}

/* ---- booking ---- */

/* {"id"} or {"name", "email", "phone"?} */
static struct result read_client(
    struct call *call, struct json_object *root, struct booking_request *request)
{
    struct json_object fields;
    const struct json *json = json_get_object(root, "client", JSON_REQUIRED);
    if (!json || !json_enter(json, STR("client"), root->problems, &fields)) return RESULT_OK;
    request->known_client.v = json_get_i64(&fields, "id", JSON_OPTIONAL, 1, INT64_MAX, 0);
    if (request->known_client.v) {
        struct client client;
        struct result found =
            client_get(call->tx, call->practice->id, request->known_client, call->arena, &client);
        if (!result_is_ok(found)) return calendar_refuse_plain(call, found);
        request->client.language = client.language;
    } else {
        enum lang lang = LANG_EN;
        if (!tmpl_lang_from_code(call->practice->locale, &lang)) lang = call->lang;
        request->client = (struct client_details){
            .name = json_get_str(&fields, "name", JSON_OPTIONAL, LIMIT_NAME_CHARS),
            .email = json_get_str(&fields, "email", JSON_OPTIONAL, LIMIT_EMAIL_CHARS),
            .phone = json_get_str(&fields, "phone", JSON_OPTIONAL, LIMIT_PHONE_CHARS),
            .language = tmpl_lang_code(lang),
        };
        client_check(&request->client, STR("client."), root->problems);
    }
    json_leave(&fields);
    return RESULT_OK;
}

static struct result read_booking(struct call *call, struct booking_request *ret_request)
{
    const struct practice *p = call->practice;
    struct problems problems;
    struct json_object root;
    struct booking_request request = {.therapist = -1};
    TRY(calendar_read(call, &problems, &root));
    struct str service = json_get_str(&root, "service", JSON_REQUIRED, LIMIT_SLUG_CHARS);
    struct str therapist = json_get_str(&root, "therapist", JSON_OPTIONAL, LIMIT_SLUG_CHARS);
    struct str start = json_get_str(&root, "start", JSON_REQUIRED, TIME_CHARS);
    request.minutes =
        (int)json_get_i64(&root, "minutes", JSON_OPTIONAL, MINUTES_MIN, LIMIT_SERVICE_MINUTES, 0);
    request.note = str_trim(json_get_str(&root, "note", JSON_OPTIONAL, LIMIT_NOTE_CHARS));
    request.lenient = json_get_bool(&root, "lenient", true);
    if (service.len && !(request.service = practice_service(p, service)))
        json_problem(&root, "service", "unknown", service);
    if (therapist.len && (request.therapist = practice_therapist(p, therapist)) < 0)
        json_problem(&root, "therapist", "unknown", therapist);
    TRY(read_client(call, &root, &request));
    TRY(calendar_read_end(call, &root));
    struct result when = calendar_when(p->zone, start, 0, &request.start);
    if (!result_is_ok(when)) return calendar_refuse_plain(call, when);
    *ret_request = request;
    return RESULT_OK;
}

struct result calendar_book(struct call *call)
{
    struct booking_request request;
    TRY(read_booking(call, &request));
    struct booking_env env = call_env(call);
    const struct service *service = request.service;
    int minutes = request.minutes ? request.minutes : service->minutes;
    struct open_query query = {.practice = call->practice,
        .service = service,
        .therapist = request.therapist,
        .minutes = minutes,
        .now = call->now};
    struct calendar_passed passed = {.count = 0};
    struct calendar_blocker blocker;
    struct booking booking;
    TRY(calendar_find_blocker(&env, request.therapist,
        request.start - service->before_minutes * US_PER_MINUTE,
        request.start + (minutes + service->after_minutes) * US_PER_MINUTE, (struct owner){0},
        &blocker));
    if (request.lenient && request.therapist >= 0)
        TRY(calendar_find_passed(call, &query, request.therapist, request.start, &passed));
    struct result done = booking_make(&env, &request, &booking);
    if (!result_is_ok(done)) return calendar_refuse_blocked(call, done, &blocker, false);
    call->calendar_changed = true;
    return answer(call, &booking, &passed);
}

/* ---- how it went; cancelling ---- */

static bool status_from_name(struct str name, enum booking_status *ret_status)
{
    static const enum booking_status settable[] = {
        BOOKING_CONFIRMED, BOOKING_DONE, BOOKING_NO_SHOW};
    for (size_t i = 0; i < COUNT_OF(settable); i++) {
        if (!str_eq(calendar_status_name(settable[i]), name)) continue;
        *ret_status = settable[i];
        return true;
    }
    return false;
}

struct result calendar_status(struct call *call)
{
    struct problems problems;
    struct json_object root;
    struct booking booking;
    struct booking changed;
    enum booking_status status = BOOKING_CONFIRMED;
    TRY(calendar_read(call, &problems, &root));
    struct str id = json_get_str(&root, "id", JSON_REQUIRED, ID_CHARS);
    struct str name = json_get_str(&root, "status", JSON_REQUIRED, ID_CHARS);
    if (name.len && !status_from_name(name, &status))
        json_problem(&root, "status", "unknown", name);
    TRY(calendar_read_end(call, &root));
    TRY(find(call, id, &booking));
    struct booking_env env = call_env(call);
    struct result done = booking_set_status(&env, &booking, status, &changed);
    if (!result_is_ok(done)) return calendar_refuse_plain(call, done);
    call->calendar_changed = true;
    return answer(call, &changed, &(struct calendar_passed){.count = 0});
}

struct result calendar_cancel(struct call *call)
{
    struct problems problems;
    struct json_object root;
    struct booking booking;
    struct booking cancelled;
    TRY(calendar_read(call, &problems, &root));
    struct str id = json_get_str(&root, "id", JSON_REQUIRED, ID_CHARS);
    struct str reason = json_get_str(&root, "reason", JSON_OPTIONAL, LIMIT_NOTE_CHARS);
    TRY(calendar_read_end(call, &root));
    TRY(find(call, id, &booking));
    struct booking_env env = call_env(call);
    struct result done = booking_cancel(&env, &booking, str_trim(reason), &cancelled);
    if (!result_is_ok(done)) return calendar_refuse_plain(call, done);
    call->calendar_changed = true;
    return answer(call, &cancelled, &(struct calendar_passed){.count = 0});
}

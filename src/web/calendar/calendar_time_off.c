/* Time off: added, moved and taken out in the calendar. */
#include "web/calendar/internal.h"

#include "base/check.h"
#include "base/limits.h"

#include "base/banned.h"

enum { TIME_CHARS = 40, ACTION_CHARS = 20, ANSWER_BYTES = 16 << 10 };

enum off_action { OFF_ADD, OFF_MOVE, OFF_REMOVE };

struct off_request {
    enum off_action action;
    int64_t id;    /* move, remove */
    int therapist; /* index; add, move */
    utc_us from;
    utc_us to;
    bool has_note; /* a move without one leaves it as it is */
    struct str note;
};

static void read_action(struct json_object *root, struct off_request *request)
{
    struct str action = json_get_str(root, "action", JSON_REQUIRED, ACTION_CHARS);
    if (str_eq(action, STR("add"))) {
        request->action = OFF_ADD;
    } else if (str_eq(action, STR("move"))) {
        request->action = OFF_MOVE;
    } else if (str_eq(action, STR("remove"))) {
        request->action = OFF_REMOVE;
    } else if (action.len) {
        json_problem(root, "action", "unknown", action);
    }
    if (request->action != OFF_ADD)
        request->id = json_get_i64(root, "id", JSON_REQUIRED, 1, INT64_MAX, 0);
}

static struct result read_request(struct call *call, struct off_request *ret_request)
{
    const struct practice *p = call->practice;
    struct problems problems;
    struct json_object root;
    struct off_request request = {.therapist = -1};
    struct str start = {0};
    struct str end = {0};
    TRY(calendar_read(call, &problems, &root));
    read_action(&root, &request);
    if (request.action != OFF_REMOVE) {
        struct str key = json_get_str(&root, "therapist", JSON_REQUIRED, LIMIT_SLUG_CHARS);
        start = json_get_str(&root, "start", JSON_REQUIRED, TIME_CHARS);
        end = json_get_str(&root, "end", JSON_REQUIRED, TIME_CHARS);
        request.has_note = json_has(&root, "note");
        if (request.has_note)
            request.note = str_trim(json_get_str(&root, "note", JSON_OPTIONAL, LIMIT_NOTE_CHARS));
        if (key.len && (request.therapist = practice_therapist(p, key)) < 0)
            json_problem(&root, "therapist", "unknown", key);
    }
    TRY(calendar_read_end(call, &root));
    if (request.action != OFF_REMOVE) {
        struct result when = calendar_when(p->zone, start, 0, &request.from);
        if (result_is_ok(when)) when = calendar_when(p->zone, end, 0, &request.to);
        if (!result_is_ok(when)) return calendar_refuse_plain(call, when);
    }
    *ret_request = request;
    return RESULT_OK;
}

static struct result answer(struct call *call, const struct time_off *off)
{
    struct calendar_feed feed;
    struct sb sb;
    struct jw jw;
    calendar_feed_init(&feed, call);
    sb_init(&sb, call->arena, ANSWER_BYTES);
    jw_init(&jw, &sb);
    jw_object(&jw);
    if (off) {
        jw_key(&jw, STR("time_off"));
        TRY(calendar_write_time_off(&feed, &jw, off));
    }
    jw_object_end(&jw);
    CHECK(sb_ok(&sb));
    calendar_send(call, sb_str(&sb));
    call->calendar_changed = true;
    return RESULT_OK;
}

struct result calendar_time_off(struct call *call)
{
    struct off_request request = {.therapist = -1};
    TRY(read_request(call, &request));
    struct booking_env env = call_env(call);
    if (request.action == OFF_REMOVE) {
        struct result removed = time_off_remove(&env, request.id);
        if (!result_is_ok(removed)) return calendar_refuse_plain(call, removed);
        return answer(call, NULL);
    }
    struct owner own = {0};
    if (request.action == OFF_MOVE) own = (struct owner){OWNER_TIME_OFF, request.id};
    struct resource_id resource = call->practice->therapists[request.therapist].id;
    struct time_off off = {request.id, resource, request.from, request.to, request.note};
    struct calendar_blocker blocker = {.therapist = request.therapist};
    if (request.to > request.from) {
        TRY(calendar_find_blocker(
            &env, request.therapist, request.from, request.to, own, &blocker));
    }
    struct result done =
        request.action == OFF_ADD
            ? time_off_add(&env, resource, request.from, request.to, request.note, &off)
            : time_off_move(&env, request.id, resource, request.from, request.to,
                  request.has_note ? &request.note : NULL);
    if (!result_is_ok(done)) return calendar_refuse_blocked(call, done, &blocker, true);
    return answer(call, &off);
}

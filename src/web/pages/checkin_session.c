/* Before and after a session, rated by the client alone: on the practice's tablet or their own
 * phone. No value is shown afterwards and no way leads on, since the tablet is not theirs. */
#include "web/pages/checkin.h"

#include "base/check.h"
#include "practice/booking/booking.h"
#include "web/pages/checkin_form.h"
#include "web/pages/pages.h"
#include "web/static/assets.h"
#include "web/views/checkin_session.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum { AFTER_FROM_MINUTES = 15, AFTER_HOURS = 3 };

struct session_visit {
    struct care_env env;
    struct personal_link link;
    struct booking booking;
    struct care_plan plan;
    enum view_session_state state;
};

/* What may be said now: before until the session's end if it was not said yet, else after. */
static enum view_session_state state_of(
    const struct booking *booking, const struct checkin_list *said, utc_us now)
{
    bool before = false;
    bool after = false;
    bool just_now = false;
    for (size_t i = 0; i < said->len; i++) {
        if (said->ptr[i].is_mistake) continue;
        before |= said->ptr[i].kind == RELIEF_BEFORE;
        just_now |= said->ptr[i].at > now - AFTER_FROM_MINUTES * US_PER_MINUTE;
        after |= said->ptr[i].kind == RELIEF_AFTER;
    }
    if (after) return VIEW_SESSION_RATED;
    if (!before && now < booking->ends) return VIEW_SESSION_BEFORE;
    if (just_now || now < booking->ends - AFTER_FROM_MINUTES * US_PER_MINUTE)
        return VIEW_SESSION_WAITING;
    if (now <= booking->ends + AFTER_HOURS * US_PER_HOUR) return VIEW_SESSION_AFTER;
    return before ? VIEW_SESSION_RATED : VIEW_SESSION_LATE;
}

static struct result open_session(struct call *call, struct session_visit *ret_visit)
{
    struct session_visit visit = {.env = call_care(call)};
    struct booking_env booking_env = call_env(call);
    struct checkin_list said;
    bool has_plan;
    struct result unknown = result_fail(ERR_NOT_FOUND, "unknown-link", NULL);
    struct result found = link_find(&visit.env, call_param(call, "token"), &visit.link);
    if (result_is_ok(found) && visit.link.purpose != LINK_SESSION) found = unknown;
    if (result_is_ok(found))
        found = booking_find(&booking_env, (struct booking_id){visit.link.subject}, &visit.booking);
    bool stands = visit.booking.status == BOOKING_CONFIRMED || visit.booking.status == BOOKING_DONE;
    if (result_is_ok(found) && (!stands || visit.booking.client.v != visit.link.client.v))
        found = unknown;
    if (found.code == ERR_NOT_FOUND) return checkin_ended(call, found);
    TRY(found);
    TRY(checkin_of_booking(&visit.env, visit.link.client, visit.booking.id, &said));
    TRY(plan_find(&visit.env, visit.link.client, &has_plan, &visit.plan));
    visit.state = state_of(&visit.booking, &said, call->now);
    *ret_visit = visit;
    return RESULT_OK;
}

static struct result send_session(struct call *call, const struct session_visit *visit, int status,
    struct str entry, const struct checkin_values *values, const struct problems *problems)
{
    struct format f;
    struct checkin_questions questions = checkin_questions_session(&visit->plan);
    struct view_checkin_session view = {
        .state = visit->state, .problems = problems && problems->count};
    checkin_frame(call, &f, msg_care_title_session, checkin_path(call, "/r/", ""), &view.page);
    view.page.js_url = asset_url(STR("rating.js"));
    view.form.action_url.s = checkin_path(call, "/r/", "");
    view.form.entry = entry;
    view.form.questions = checkin_form_view(call, &f, &questions, values, problems);
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_checkin_session(&t, &view);
    return page_send(call, status, &sb);
}

struct result page_checkin_session(struct call *call)
{
    struct session_visit visit;
    TRY(open_session(call, &visit));
    return send_session(call, &visit, 200, crypto_token(call->arena), NULL, NULL);
}

/* Where the client is thanked: the page says nothing of what was noted. */
static void back_to_session(struct call *call)
{
    http_resp_redirect(call->resp, checkin_path(call, "/r/", ""));
}

struct result page_checkin_session_post(struct call *call)
{
    struct session_visit visit;
    struct problems problems;
    bool is_new;
    int64_t id;
    TRY(open_session(call, &visit));
    struct checkin_questions questions = checkin_questions_session(&visit.plan);
    struct checkin_input input = {.client = visit.link.client,
        .at = call->now,
        .kind = visit.state == VIEW_SESSION_AFTER ? RELIEF_AFTER : RELIEF_BEFORE,
        .booking = visit.booking.id,
        .entry_key = checkin_entry_key(call)};
    bool known;
    struct checkin earlier;
    TRY(checkin_find_by_key(&visit.env, visit.link.client, input.entry_key, &known, &earlier));
    bool open = visit.state == VIEW_SESSION_BEFORE || visit.state == VIEW_SESSION_AFTER;
    if (known || !open) { /* a second tap, or the page stood open for too long */
        back_to_session(call);
        return RESULT_OK;
    }
    problems_init(&problems, call->arena);
    checkin_form_read(call, &questions, &input.values, &problems);
    if (!problems.count) checkin_check(&input, call->now, &problems);
    if (problems.count) {
        TRY(send_session(call, &visit, 422, input.entry_key, &input.values, &problems));
        return checkin_invalid();
    }
    TRY(checkin_add(&visit.env, &input, &id, &is_new));
    back_to_session(call);
    return RESULT_OK;
}

/* How often a client is asked: thinned out or stopped by themselves, each in one tap. */
#include "web/pages/checkin.h"

#include "base/check.h"
#include "web/pages/pages.h"
#include "web/views/checkin_rhythm.tmpl.h"
#include "web/views/checkin_stop.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum { TIME_STEP_MIN = 30, DAY_MIN = 24 * 60, TIME_FIRST_MIN = 6 * 60 };

/* ---- the rhythm ---- */

/* Half hours from six in the morning on, and the time as it is now. */
static struct view_choices times(const struct format *f, int now)
{
    struct view_choice *list =
        ARENA_ARRAY(f->arena, DAY_MIN / TIME_STEP_MIN + 1, struct view_choice);
    size_t n = 0;
    bool on_step = now % TIME_STEP_MIN == 0 && now >= TIME_FIRST_MIN;
    if (!on_step) {
        list[n++] = (struct view_choice){.value = arena_printf(f->arena, "%d", now),
            .label = format_minutes(f, now),
            .chosen = true};
    }
    for (int at = TIME_FIRST_MIN; at < DAY_MIN; at += TIME_STEP_MIN) {
        list[n++] = (struct view_choice){.value = arena_printf(f->arena, "%d", at),
            .label = format_minutes(f, at),
            .chosen = at == now};
    }
    return (struct view_choices){list, n};
}

struct result page_checkin_rhythm(struct call *call)
{
    struct checkin_visit visit;
    struct format f;
    TRY(checkin_open(call, &visit));
    struct view_checkin_rhythm view = {
        .state = !visit.has_plan                   ? VIEW_RHYTHM_NONE
                 : visit.plan.state == PLAN_ASKING ? VIEW_RHYTHM_ASKING
                                                   : VIEW_RHYTHM_STOPPED,
        .per_week = visit.plan.per_week,
        .saved = call_query(call, "saved").len > 0,
        .action_url = {checkin_path(call, "/c/", "/rhythm")},
        .stop_url = {checkin_path(call, "/c/", "/stop")},
        .back_url = {checkin_path(call, "/c/", "")},
    };
    checkin_frame(call, &f, msg_care_title_rhythm, STR("/"), &view.page);
    view.time = format_minutes(&f, visit.plan.evening_min);
    view.times = times(&f, visit.plan.evening_min);
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_checkin_rhythm(&t, &view);
    return page_send(call, 200, &sb);
}

static void back_to_rhythm(struct call *call)
{
    http_resp_redirect(call->resp, checkin_path(call, "/c/", "/rhythm?saved=1"));
}

struct result page_checkin_rhythm_post(struct call *call)
{
    struct checkin_visit visit;
    TRY(checkin_open(call, &visit));
    struct str often = call_form(call, "per_week");
    struct str when = call_form(call, "evening");
    int64_t per_week = visit.plan.per_week;
    int64_t evening = visit.plan.evening_min;
    bool read = often.len || when.len;
    if (often.len && !str_eq(often, STR("now"))) read = str_to_i64(often, 0, 7, &per_week);
    if (when.len) read = read && str_to_i64(when, 0, DAY_MIN - 1, &evening);
    if (!read) return checkin_invalid();
    bool same = visit.plan.state == PLAN_ASKING && per_week == visit.plan.per_week &&
                evening == visit.plan.evening_min;
    if (!same) TRY(plan_set_rhythm(&visit.env, visit.link.client, (int)per_week, (int)evening));
    back_to_rhythm(call);
    return RESULT_OK;
}

/* ---- stop ---- */

static struct result send_stop(struct call *call, bool stopped)
{
    struct format f;
    struct view_checkin_stop view = {
        .stopped = stopped,
        .action_url = {checkin_path(call, "/c/", "/stop")},
        .rhythm_url = {checkin_path(call, "/c/", "/rhythm")},
    };
    checkin_frame(call, &f, msg_care_title_stop, STR("/"), &view.page);
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_checkin_stop(&t, &view);
    return page_send(call, 200, &sb);
}

struct result page_checkin_stop(struct call *call)
{
    struct checkin_visit visit;
    TRY(checkin_open_ended(call, &visit));
    return send_stop(call, !visit.has_plan || visit.plan.state != PLAN_ASKING);
}

/* RFC 8058: a mail program posts "List-Unsubscribe=One-Click", as a form of either encoding, has no
 * cookies and follows no redirect. */
static bool is_one_click(const struct call *call)
{
    bool multipart = str_eq(call->req->content_type, STR("multipart/form-data"));
    if (multipart) return str_contains(call->req->body, STR("List-Unsubscribe"));
    return str_eq(call_form(call, "List-Unsubscribe"), STR("One-Click"));
}

struct result page_checkin_stop_post(struct call *call)
{
    struct checkin_visit visit;
    TRY(checkin_open_ended(call, &visit));
    if (visit.has_plan) TRY(plan_stop(&visit.env, visit.link.client));
    bool ended = visit.link.expires <= call->now; /* its other pages are closed */
    if (ended || is_one_click(call)) return send_stop(call, true);
    back_to_rhythm(call);
    return RESULT_OK;
}

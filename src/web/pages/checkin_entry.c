/* One answer once more: changed, or taken back as a mistake. What was said first is kept. */
#include "web/pages/checkin.h"

#include "base/check.h"
#include "base/limits.h"
#include "practice/outcomes/adverse.h"
#include "web/pages/checkin_form.h"
#include "web/pages/pages.h"
#include "web/views/checkin_entry.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

struct entry_visit {
    struct checkin_visit of;
    struct checkin checkin;
    struct checkin_questions questions;
};

/* The client's own entry, while it may still be changed. */
static struct result open_entry(struct call *call, struct entry_visit *ret_visit)
{
    struct entry_visit visit;
    int64_t id;
    struct result unknown = result_fail(ERR_NOT_FOUND, "unknown-check-in", NULL);
    TRY(checkin_open(call, &visit.of));
    if (!str_to_i64(call_param(call, "id"), 1, INT64_MAX, &id)) return unknown;
    TRY(checkin_find(&visit.of.env, visit.of.link.client, id, &visit.checkin));
    if (visit.checkin.received <= call->now - CHECKIN_CHANGE_DAYS * US_PER_DAY) return unknown;
    if (visit.checkin.kind != RELIEF_CHECK_IN) return unknown; /* those stay with their session */
    visit.questions = checkin_questions_of(&visit.of.plan);
    *ret_visit = visit;
    ret_visit->questions.plan = &ret_visit->of.plan;
    checkin_questions_add(&ret_visit->questions, &ret_visit->checkin.first);
    return RESULT_OK;
}

static struct str thanks_path(struct call *call, int64_t id)
{
    return arena_printf(
        call->arena, "%.*s?e=%lld", STR_ARG(checkin_path(call, "/c/", "/thanks")), (long long)id);
}

static struct result send_entry(struct call *call, const struct entry_visit *visit, int status,
    const struct checkin_values *values, const struct problems *problems)
{
    struct format f;
    struct view_checkin_entry view = {.problems = problems && problems->count};
    checkin_frame(call, &f, msg_care_title_entry, STR("/"), &view.page);
    view.when = format_when(&f, tz_utc_to_local(call->practice->zone, visit->checkin.at));
    view.form.action_url.s = arena_printf(call->arena, "%.*s/%lld",
        STR_ARG(checkin_path(call, "/c/", "/entries")), (long long)visit->checkin.id);
    view.form.questions = checkin_form_view(call, &f, &visit->questions, values, problems);
    view.back_url.s = thanks_path(call, visit->checkin.id);
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_checkin_entry(&t, &view);
    return page_send(call, status, &sb);
}

struct result page_checkin_entry(struct call *call)
{
    struct entry_visit visit;
    TRY(open_entry(call, &visit));
    return send_entry(call, &visit, 200, &visit.checkin.values, NULL);
}

struct result page_checkin_entry_post(struct call *call)
{
    struct entry_visit visit;
    struct checkin_values values = {0};
    struct problems problems;
    bool told = false;
    TRY(open_entry(call, &visit));
    problems_init(&problems, call->arena);
    if (!call_form(call, "mistake").len) {
        checkin_form_read(call, &visit.questions, &values, &problems);
        if (!problems.count && checkin_value(&values, MEASURE_PAIN) == MEASURE_NONE)
            problems_add(&problems, STR("pain"), "required", (struct str){0});
    }
    if (problems.count) {
        TRY(send_entry(call, &visit, 422, &values, &problems));
        return checkin_invalid();
    }
    if (visit.checkin.corrections >= LIMIT_CORRECTIONS_CHECKIN)
        return result_fail(ERR_CONFLICT, "too-many-corrections", NULL);
    TRY(checkin_correct(&visit.of.env, &visit.checkin, &values));
    TRY(adverse_watch(&visit.of.env, visit.of.link.client, &told));
    http_resp_redirect(
        call->resp, arena_printf(call->arena, "%.*s%s",
                        STR_ARG(thanks_path(call, visit.checkin.id)), told ? "&told=1" : ""));
    return RESULT_OK;
}

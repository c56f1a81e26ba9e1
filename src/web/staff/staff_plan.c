/* What a client has agreed to be asked, and when. */
#include "web/staff/staff_progress.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/charts/measure_words.h"
#include "web/views/staff_plan.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

/* What may be asked besides pain and the client's activities. */
static const enum measure askable[] = {
    MEASURE_TENSION, MEASURE_STRESS, MEASURE_SLEEP_HOURS, MEASURE_SLEEP_QUALITY, MEASURE_NUMBNESS};

static const char *const activity_fields[PLAN_ACTIVITIES_MAX] = {
    "activity_1", "activity_2", "activity_3", "activity_4", "activity_5"};

static bool form_has(const struct call *call, const char *name, struct str value)
{
    for (size_t i = 0; i < call->form.len; i++) {
        if (str_eq(call->form.ptr[i].name, str_from_cstr(name)) &&
            str_eq(call->form.ptr[i].value, value))
            return true;
    }
    return false;
}

static void add_asking(struct staff_form *form, const struct care_plan *plan, bool has)
{
    struct call *call = form->call;
    struct view_option *options = ARENA_ARRAY(call->arena, 2, struct view_option);
    options[0] = (struct view_option){STR("1"), staff_say(call, msg_progress_asking_on), false};
    options[1] = (struct view_option){STR("0"), staff_say(call, msg_progress_asking_off), false};
    bool asking = !has || plan->state == PLAN_ASKING;
    staff_select(
        form, "asking", msg_progress_label_asking, NULL, options, 2, asking ? STR("1") : STR("0"));
    struct view_input *consent = staff_input(
        form, VIEW_INPUT_CHECK, "consent", msg_progress_label_consent, NULL, (struct str){0});
    /* Who stopped by themselves is asked anew before it goes on. */
    consent->checked =
        form->posted ? call_form(call, "consent").len > 0 : has && plan->state == PLAN_ASKING;
}

static void add_measures(
    struct staff_form *form, const struct format *f, const struct care_plan *plan)
{
    struct call *call = form->call;
    size_t count = COUNT_OF(askable);
    struct view_option *options = ARENA_ARRAY(call->arena, count, struct view_option);
    for (size_t i = 0; i < count; i++) {
        struct str key = measure_info(askable[i])->key;
        bool on = form->posted ? form_has(call, "measure", key) : plan_asks(plan, askable[i]);
        options[i] = (struct view_option){key, measure_name(f, askable[i]), on};
    }
    staff_input(form, VIEW_INPUT_CHECKS, "measure", msg_progress_label_measures,
        msg_progress_hint_measures, (struct str){0})
        ->options = (struct view_options){options, count};
}

static void no_words(struct tmpl *t)
{
    (void)t;
}

static void add_activities(
    struct staff_form *form, const struct format *f, const struct care_plan *plan)
{
    struct call *call = form->call;
    for (size_t i = 0; i < PLAN_ACTIVITIES_MAX; i++) {
        struct str value = i < plan->activity_count ? plan->activities[i] : STR("");
        struct view_input *input = staff_input(form, VIEW_INPUT_TEXT, activity_fields[i], no_words,
            i == 0 ? msg_progress_hint_activity : NULL, value);
        struct tmpl *t = staff_text(call);
        msg_progress_label_activity(t, format_decimal(f, (int64_t)(i + 1) * 100, 0));
        input->label = staff_text_end(t);
        input->max_chars = LIMIT_ACTIVITY_CHARS;
        input->wide = i == 0;
    }
}

static struct result send_plan(struct call *call, int status, const struct client *client,
    struct staff_form *form, const struct care_plan *plan, bool has)
{
    struct staff_dates dates;
    struct view_staff_plan view = {
        .name = client->name,
        .back_url = staff_url(call, "/staff/clients/%lld/progress", (long long)client->id.v),
        .client_url = staff_url(call, "/staff/clients/%lld", (long long)client->id.v),
        .refused = client->email.len == 0,
    };
    staff_dates_init(&dates, call);
    staff_page_fill(call, VIEW_STAFF_CLIENTS, staff_say(call, msg_progress_plan_title), &view.page);
    add_asking(form, plan, has);
    staff_number(
        form, "per_week", msg_progress_label_per_week, msg_progress_hint_per_week, plan->per_week);
    staff_input(form, VIEW_INPUT_TIME, "evening", msg_progress_label_evening,
        msg_progress_hint_evening, staff_hhmm(call, plan->evening_min));
    staff_number(form, "run_in_days", msg_progress_label_run_in, msg_progress_hint_run_in,
        plan->run_in_days);
    staff_number(form, "trial_sessions", msg_progress_label_trial, msg_progress_hint_trial,
        plan->trial_sessions);
    add_measures(form, &dates.format, plan);
    add_activities(form, &dates.format, plan);
    staff_form_done(form, staff_url(call, "/staff/clients/%lld/plan", (long long)client->id.v),
        msg_progress_submit_plan, &view.form);
    STAFF_PAGE(call, status, tmpl_staff_plan, &view);
    return RESULT_OK;
}

struct result staff_plan(struct call *call)
{
    struct client client;
    struct care_plan plan;
    struct staff_form form;
    struct care_env env = call_care(call);
    bool has;
    TRY(staff_progress_client(call, &client));
    TRY(plan_find(&env, client.id, &has, &plan));
    staff_form_init(&form, call, false);
    return send_plan(call, 200, &client, &form, &plan, has);
}

/* Answers are kept by an activity's place: one that others stand behind cannot go, or they would
 * take its answers over. */
static void check_places(struct staff_form *form, const struct care_plan *old)
{
    bool behind = false;
    for (size_t i = PLAN_ACTIVITIES_MAX; i-- > 0;) {
        bool empty = call_form(form->call, activity_fields[i]).len == 0;
        if (empty && behind && i < old->activity_count)
            problems_add(&form->problems, str_from_cstr(activity_fields[i]), "activity-place",
                (struct str){0});
        behind = behind || !empty;
    }
}

static void read_plan(struct staff_form *form, bool had, struct care_plan *plan)
{
    struct call *call = form->call;
    bool ask = str_eq(call_form(call, "asking"), STR("1"));
    bool stopped_by_client = had && plan->state == PLAN_STOPPED_BY_CLIENT;
    if (ask) {
        plan->state = PLAN_ASKING;
    } else if (!stopped_by_client) {
        plan->state = PLAN_STOPPED_BY_STAFF;
    }
    plan->per_week = staff_form_number(form, "per_week", plan->per_week);
    plan->run_in_days = staff_form_number(form, "run_in_days", plan->run_in_days);
    plan->trial_sessions = staff_form_number(form, "trial_sessions", plan->trial_sessions);
    struct str evening = call_form(call, "evening");
    if (!minutes_parse(evening, false, &plan->evening_min))
        problems_add(&form->problems, STR("evening"), "not-a-time", evening);
    plan->measures = 0;
    for (size_t i = 0; i < COUNT_OF(askable); i++) {
        if (form_has(call, "measure", measure_info(askable[i])->key))
            plan->measures |= 1u << askable[i];
    }
    for (size_t i = 0; i < PLAN_ACTIVITIES_MAX; i++)
        plan->activities[i] = call_form(call, activity_fields[i]);
    plan->activity_count = PLAN_ACTIVITIES_MAX;
    if (ask && !call_form(call, "consent").len)
        problems_add(&form->problems, STR("consent"), "consent-needed", (struct str){0});
}

struct result staff_plan_post(struct call *call)
{
    struct client client;
    struct care_plan plan;
    struct staff_form form;
    struct care_env env = call_care(call);
    bool has;
    TRY(staff_progress_client(call, &client));
    if (!client.email.len) return result_fail(ERR_INVALID, "email-needed", NULL);
    TRY(plan_find(&env, client.id, &has, &plan));
    staff_form_init(&form, call, true);
    struct care_plan wanted = plan;
    read_plan(&form, has, &wanted);
    check_places(&form, &plan);
    plan_check(&wanted, &form.problems);
    if (form.problems.count) {
        TRY(send_plan(call, 422, &client, &form, &plan, has));
        return result_fail(ERR_INVALID, "invalid", NULL);
    }
    TRY(plan_save(&env, &wanted));
    staff_redirect(call,
        arena_printf(call->arena, "/staff/clients/%lld/progress", (long long)client.id.v), "saved");
    return RESULT_OK;
}

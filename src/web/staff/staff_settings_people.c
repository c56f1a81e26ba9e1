/* Settings of therapists: who they are, their week, and the days that differ from it. */
#include "web/staff/staff_pages.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/staff/staff_settings.h"
#include "web/views/staff_therapist.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum { PERIODS_MAX = 6, PERIODS_MIN = 2, EXCEPTIONS_SHOWN = 60, EXCEPTIONS_BLANK = 3 };

static const char *const day_keys[7] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static size_t find_therapist(const struct practice *p, struct str key)
{
    size_t i = 0;
    while (i < p->therapist_count && !str_eq(p->therapists[i].key, key))
        i++;
    return i;
}

static struct str therapist_key(const struct practice *p, size_t i)
{
    return p->therapists[i].key;
}

/* ---- reading periods ---- */

struct period_text {
    struct str from;
    struct str to;
    const char *problem; /* code, or NULL */
    bool empty;
    int from_min;
    int to_min;
};

/* "00:00" as an end is the end of the day. */
static struct period_text parse_period(struct str from, struct str to)
{
    struct period_text period = {.from = from, .to = to};
    period.empty = !from.len && !to.len;
    if (period.empty) return period;
    if (!from.len || !to.len) {
        period.problem = "period-half";
    } else if (!minutes_parse(from, false, &period.from_min) ||
               !minutes_parse(to, true, &period.to_min)) {
        period.problem = "not-a-time";
    } else {
        if (period.to_min == 0) period.to_min = 1440;
        if (period.to_min <= period.from_min) period.problem = "ends-before-start";
    }
    return period;
}

static struct str field_name(const struct call *call, const char *kind, int a, int b, char part)
{
    return b < 0 ? arena_printf(call->arena, "%s%d%c", kind, a, part)
                 : arena_printf(call->arena, "%s%d-%d%c", kind, a, b, part);
}

static struct str sent(const struct call *call, struct str name)
{
    return str_trim(http_fields_get(call->form, name));
}

static struct period_text sent_period(const struct call *call, const char *kind, int a, int b)
{
    return parse_period(sent(call, field_name(call, kind, a, b, 'f')),
        sent(call, field_name(call, kind, a, b, 't')));
}

/* ---- showing them ---- */

static void show_period(const struct call *call, const char *kind, int a, int b,
    const struct period_text *period, struct view_period *ret)
{
    *ret = (struct view_period){.name_from = field_name(call, kind, a, b, 'f'),
        .name_to = field_name(call, kind, a, b, 't'),
        .from = period->from,
        .to = period->to,
        .number = b < 0 ? a + 1 : b + 1};
    if (period->problem) ret->error = staff_problem(call, period->problem, period->from);
}

static struct view_week show_week(const struct staff_form *form, const struct staff_dates *dates,
    const struct resource *therapist)
{
    const struct call *call = form->call;
    struct view_week_day *days = ARENA_ARRAY(call->arena, 7, struct view_week_day);
    size_t row = 0;
    for (int day = 0; day < 7; day++) {
        struct view_period *list = ARENA_ARRAY(call->arena, PERIODS_MAX, struct view_period);
        int count = 0;
        for (; !form->posted && row < therapist->hours_count &&
               therapist->hours[row].weekday == day && count < PERIODS_MAX;
             row++) {
            struct period_text period = {.from = staff_hhmm(call, therapist->hours[row].from_min),
                .to = staff_hhmm(call, therapist->hours[row].to_min)};
            show_period(call, "d", day, count, &period, &list[count]);
            count++;
        }
        int shown = count + 1 > PERIODS_MIN ? count + 1 : PERIODS_MIN;
        if (form->posted || shown > PERIODS_MAX) shown = PERIODS_MAX;
        for (; count < shown; count++) {
            struct period_text period = sent_period(call, "d", day, count);
            if (form->posted && period.empty && count >= PERIODS_MIN) break;
            show_period(call, "d", day, count, &period, &list[count]);
        }
        days[day] = (struct view_week_day){
            format_capital(&dates->format, format_weekday(&dates->format, day)),
            {list, (size_t)count}};
    }
    return (struct view_week){days, 7};
}

static void show_exception(const struct call *call, int n, struct str date,
    const struct period_text *period, const char *date_problem, struct view_exception *ret)
{
    *ret = (struct view_exception){.name_date = field_name(call, "x", n, -1, 'd'), .date = date};
    show_period(call, "x", n, -1, period, &ret->period);
    if (date_problem) ret->date_error = staff_problem(call, date_problem, date);
}

/* Where those begin that are shown: past ones stay as they are. */
static size_t first_coming(const struct resource *therapist, date_day today)
{
    size_t i = 0;
    while (i < therapist->exception_count && therapist->exceptions[i].date < today)
        i++;
    return i;
}

static struct view_exceptions show_exceptions(
    const struct staff_form *form, date_day today, const struct resource *therapist, int *ret_kept)
{
    const struct call *call = form->call;
    int max = EXCEPTIONS_SHOWN + EXCEPTIONS_BLANK;
    struct view_exception *list = ARENA_ARRAY(call->arena, (size_t)max, struct view_exception);
    int count = 0;
    size_t row = first_coming(therapist, today);
    for (; row < therapist->exception_count && count < EXCEPTIONS_SHOWN; row++) {
        if (form->posted) {
            count++;
            continue;
        }
        const struct hours_exception *e = &therapist->exceptions[row];
        struct period_text period = {0};
        if (e->from_min >= 0)
            period = (struct period_text){
                .from = staff_hhmm(call, e->from_min), .to = staff_hhmm(call, e->to_min)};
        show_exception(call, count, staff_iso_day(call, e->date), &period, NULL, &list[count]);
        count++;
    }
    *ret_kept = (int)(therapist->exception_count - row);
    int shown = form->posted ? max : count + EXCEPTIONS_BLANK;
    if (form->posted) count = 0;
    for (int n = count; n < shown; n++) {
        struct str date = sent(call, field_name(call, "x", n, -1, 'd'));
        struct period_text period = sent_period(call, "x", n, -1);
        if (form->posted && !date.len && period.empty && n >= EXCEPTIONS_BLANK) continue;
        date_day ignored;
        const char *problem = NULL;
        if (form->posted && !date.len && !period.empty) problem = "required";
        if (date.len && !date_parse(date, &ignored)) problem = "not-a-date";
        show_exception(call, n, date, &period, problem, &list[count]);
        count++;
    }
    return (struct view_exceptions){list, (size_t)count};
}

/* fresh: nobody yet. */
static void therapist_page(struct call *call, int status, struct staff_form *form,
    const struct resource *therapist, bool fresh, struct str problem)
{
    struct staff_dates dates;
    struct view_staff_therapist view = {0};
    staff_dates_init(&dates, call);
    staff_page_fill(call, VIEW_STAFF_SETTINGS,
        fresh ? staff_say(call, msg_staff_add_therapist) : therapist->name, &view.page);
    staff_input(form, VIEW_INPUT_TEXT, "name", msg_staff_label_name, msg_staff_hint_therapist,
        therapist->name)
        ->required = true;
    staff_input(form, VIEW_INPUT_EMAIL, "email", msg_staff_label_email,
        msg_staff_hint_therapist_email, therapist->email);
    struct url action = URL("/staff/settings/add-therapist");
    if (!fresh)
        action = staff_url(call, "/staff/settings/therapists/%.*s", STR_ARG(therapist->key));
    staff_settings_done(
        form, action, fresh ? msg_staff_submit_add : msg_staff_submit_save, &view.form);
    view.week = show_week(form, &dates, therapist);
    view.week_error = staff_field_problem(form, STR("hours"));
    view.exceptions = show_exceptions(form, dates.today, therapist, &view.kept);
    view.exceptions_error = staff_field_problem(form, STR("exceptions"));
    if (!fresh) {
        view.can_remove = true;
        view.remove_note = staff_say(call, msg_staff_remove_therapist_note);
        view.remove = staff_removal(call,
            staff_url(call, "/staff/settings/therapists/%.*s/remove", STR_ARG(therapist->key)),
            problem);
    }
    STAFF_PAGE(call, status, tmpl_staff_therapist, &view);
}

struct result staff_therapist(struct call *call)
{
    const struct practice *p = call->practice;
    size_t i = find_therapist(p, call_param(call, "key"));
    if (i == p->therapist_count) return result_fail(ERR_NOT_FOUND, "not-found", NULL);
    struct staff_form form;
    staff_form_init(&form, call, false);
    therapist_page(call, 200, &form, &p->therapists[i], false, STR(""));
    return RESULT_OK;
}

struct result staff_add_therapist(struct call *call)
{
    struct staff_form form;
    struct resource nobody = {0};
    staff_form_init(&form, call, false);
    therapist_page(call, 200, &form, &nobody, true, STR(""));
    return RESULT_OK;
}

/* ---- saving ---- */

static void read_week(struct staff_form *form, struct resource *therapist)
{
    struct call *call = form->call;
    struct hours_row *rows = ARENA_ARRAY(call->arena, 7 * PERIODS_MAX, struct hours_row);
    size_t count = 0;
    for (int day = 0; day < 7; day++) {
        for (int n = 0; n < PERIODS_MAX; n++) {
            struct period_text period = sent_period(call, "d", day, n);
            if (period.empty) continue;
            if (period.problem) {
                problems_add(
                    &form->problems, str_from_cstr(day_keys[day]), period.problem, period.from);
                continue;
            }
            rows[count++] = (struct hours_row){day, period.from_min, period.to_min};
        }
    }
    therapist->hours = rows;
    therapist->hours_count = count;
}

static void read_exceptions(struct staff_form *form, date_day today, struct resource *therapist)
{
    struct call *call = form->call;
    const struct resource old = *therapist;
    size_t max = old.exception_count + EXCEPTIONS_SHOWN + EXCEPTIONS_BLANK;
    struct hours_exception *rows = ARENA_ARRAY(call->arena, max, struct hours_exception);
    size_t coming = first_coming(&old, today);
    size_t count = coming;
    if (coming) memcpy(rows, old.exceptions, coming * sizeof *rows);
    for (int n = 0; n < EXCEPTIONS_SHOWN + EXCEPTIONS_BLANK; n++) {
        struct str text = sent(call, field_name(call, "x", n, -1, 'd'));
        struct period_text period = sent_period(call, "x", n, -1);
        if (!text.len && period.empty) continue;
        date_day date;
        if (!text.len || !date_parse(text, &date) || period.problem) {
            problems_add(&form->problems, STR("exception"), "not-a-date", text);
            continue;
        }
        if (date < today) continue; /* those stand already as they were */
        rows[count++] = (struct hours_exception){
            date, period.empty ? -1 : period.from_min, period.empty ? -1 : period.to_min};
    }
    for (size_t i = coming + EXCEPTIONS_SHOWN; i < old.exception_count; i++)
        rows[count++] = old.exceptions[i];
    therapist->exceptions = rows;
    therapist->exception_count = count;
}

static struct result save_therapist(struct call *call, size_t i, bool fresh)
{
    struct staff_form form;
    staff_form_init(&form, call, true);
    struct practice *p = staff_settings_copy(call);
    struct resource *list = staff_copy_resources(call, p->therapists, p->therapist_count, 1);
    struct resource before = list[i];
    list[i].kind = RESOURCE_THERAPIST;
    list[i].name = call_form(call, "name");
    list[i].email = call_form(call, "email");
    read_week(&form, &list[i]);
    read_exceptions(&form, staff_local(call, call->now).date, &list[i]);
    if (fresh) {
        list[i].key =
            staff_new_key(call, list[i].name, "therapist", therapist_key, p->therapist_count);
        p->therapist_count++;
    }
    p->therapists = list;
    bool saved;
    TRY(staff_settings_save(&form, p, arena_printf(call->arena, "therapists[%zu].", i), &saved));
    if (!saved) {
        therapist_page(call, staff_settings_status(&form), &form, &before, fresh, STR(""));
        return result_fail(ERR_INVALID, "invalid", NULL);
    }
    if (fresh) {
        staff_redirect(call, STR("/staff/settings"), "added");
    } else {
        staff_redirect(call,
            arena_printf(call->arena, "/staff/settings/therapists/%.*s", STR_ARG(list[i].key)),
            "saved");
    }
    return RESULT_OK;
}

struct result staff_therapist_post(struct call *call)
{
    size_t i = find_therapist(call->practice, call_param(call, "key"));
    if (i == call->practice->therapist_count) return result_fail(ERR_NOT_FOUND, "not-found", NULL);
    return save_therapist(call, i, false);
}

struct result staff_add_therapist_post(struct call *call)
{
    return save_therapist(call, call->practice->therapist_count, true);
}

struct result staff_therapist_remove_post(struct call *call)
{
    const struct practice *now = call->practice;
    size_t at = find_therapist(now, call_param(call, "key"));
    if (at == now->therapist_count) return result_fail(ERR_NOT_FOUND, "not-found", NULL);
    struct staff_form form;
    staff_form_init(&form, call, true);
    struct practice *p = staff_settings_copy(call);
    struct service *services = staff_copy_services(call, 0);
    for (size_t i = 0; i < p->service_count; i++) {
        services[i].therapists = staff_indices_without(call, services[i].therapists,
            services[i].therapist_count, (int)at, &services[i].therapist_count);
        if (!services[i].therapist_count) {
            struct tmpl *t = staff_text(call);
            msg_staff_last_therapist(t, services[i].name);
            form.problem = staff_text_end(t);
        }
    }
    p->therapists = staff_resources_without(call, now->therapists, now->therapist_count, at);
    p->therapist_count--;
    p->services = services;
    bool saved;
    TRY(staff_settings_save(&form, p, STR(""), &saved));
    if (!saved) {
        struct staff_form fresh;
        staff_form_init(&fresh, call, false);
        therapist_page(call, 422, &fresh, &now->therapists[at], false, form.problem);
        return result_fail(ERR_INVALID, "invalid", NULL);
    }
    staff_redirect(call, STR("/staff/settings"), "removed");
    return RESULT_OK;
}

/* Settings of the practice itself: its details and its booking rules. */
#include "web/staff/staff_pages.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/staff/staff_settings.h"
#include "web/views/staff.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

/* ---- details ---- */

static struct str hosts_text(const struct call *call)
{
    const struct practice *p = call->practice;
    struct sb sb;
    sb_init(&sb, call->arena, LIMIT_HOSTS * (LIMIT_HOST_CHARS + 2));
    for (size_t i = 0; i < p->host_count; i++) {
        if (i) sb_add_char(&sb, '\n');
        sb_add(&sb, p->hosts[i]);
    }
    return sb_str(&sb);
}

static struct view_option *locale_options(const struct call *call, size_t *ret_count)
{
    static const struct {
        struct str code;
        struct str name;
    } known[] = {{STR_INIT("en-US"), STR_INIT("English (United States)")},
        {STR_INIT("en-GB"), STR_INIT("English (United Kingdom)")},
        {STR_INIT("en-CA"), STR_INIT("English (Canada)")},
        {STR_INIT("en-AU"), STR_INIT("English (Australia)")},
        {STR_INIT("es-ES"), STR_INIT("Español (España)")},
        {STR_INIT("es-MX"), STR_INIT("Español (México)")},
        {STR_INIT("es-US"), STR_INIT("Español (Estados Unidos)")}};
    struct view_option *options = ARENA_ARRAY(call->arena, COUNT_OF(known) + 1, struct view_option);
    size_t count = 0;
    bool has = false;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        options[count++] = (struct view_option){known[i].code, known[i].name, false};
        has = has || str_eq(known[i].code, call->practice->locale);
    }
    if (!has)
        options[count++] =
            (struct view_option){call->practice->locale, call->practice->locale, false};
    *ret_count = count;
    return options;
}

static void details_page(struct call *call, int status, struct staff_form *form)
{
    const struct practice *p = call->practice;
    struct view_staff_setting view;
    staff_setting_begin(call, staff_say(call, msg_staff_settings_practice), &view);
    staff_input(form, VIEW_INPUT_TEXT, "name", msg_staff_label_practice, NULL, p->name)->required =
        true;
    staff_input(form, VIEW_INPUT_TEL, "phone", msg_staff_label_phone, msg_staff_hint_practice_phone,
        p->phone);
    staff_input(form, VIEW_INPUT_EMAIL, "email", msg_staff_label_email,
        msg_staff_hint_practice_email, p->email);
    staff_input(form, VIEW_INPUT_AREA, "address", msg_staff_label_address, msg_staff_hint_address,
        p->address);
    staff_input(form, VIEW_INPUT_TEXT, "timezone", msg_staff_label_zone, msg_staff_hint_zone,
        tz_name(p->zone))
        ->required = true;
    staff_input(form, VIEW_INPUT_TEXT, "currency", msg_staff_label_currency,
        msg_staff_hint_currency, str_from_cstr(p->currency))
        ->required = true;
    size_t count;
    struct view_option *options = locale_options(call, &count);
    staff_select(
        form, "locale", msg_staff_label_locale, msg_staff_hint_locale, options, count, p->locale);
    staff_input(form, VIEW_INPUT_AREA, "hosts", msg_staff_label_hosts, msg_staff_hint_hosts,
        hosts_text(call));
    staff_settings_done(form, URL("/staff/settings/practice"), msg_staff_submit_save, &view.form);
    staff_setting_send(call, status, &view);
}

struct result staff_settings_practice(struct call *call)
{
    struct staff_form form;
    staff_form_init(&form, call, false);
    details_page(call, 200, &form);
    return RESULT_OK;
}

static void read_hosts(struct staff_form *form, struct practice *p)
{
    struct call *call = form->call;
    struct str rest = staff_form_lines(call, "hosts");
    struct str *hosts = ARENA_ARRAY(call->arena, LIMIT_HOSTS + 1, struct str);
    size_t count = 0;
    struct str line;
    while (str_cut(&rest, '\n', &line) && count <= LIMIT_HOSTS) {
        line = client_fold(call->arena, str_trim(line));
        if (line.len) hosts[count++] = line;
    }
    p->hosts = hosts;
    p->host_count = count;
}

struct result staff_settings_practice_post(struct call *call)
{
    struct staff_form form;
    staff_form_init(&form, call, true);
    struct practice *p = staff_settings_copy(call);
    p->name = call_form(call, "name");
    p->phone = call_form(call, "phone");
    p->email = call_form(call, "email");
    p->address = staff_form_lines(call, "address");
    p->locale = call_form(call, "locale");
    struct str zone = call_form(call, "timezone");
    if (!zone.len) {
        problems_add(&form.problems, STR("timezone"), "required", STR(""));
    } else if (!result_is_ok(tz_find(zone, &p->zone))) {
        problems_add(&form.problems, STR("timezone"), "unknown-zone", zone);
    }
    struct str currency = call_form(call, "currency");
    if (money_currency_is_valid(currency)) {
        memcpy(p->currency, currency.ptr, 3);
    } else {
        problems_add(&form.problems, STR("currency"), "not-a-currency", currency);
    }
    if (memcmp(p->currency, call->practice->currency, 3) != 0) {
        struct service *services = staff_copy_services(call, 0);
        for (size_t i = 0; i < p->service_count; i++)
            memcpy(services[i].price.currency, p->currency, sizeof p->currency);
        p->services = services;
    }
    read_hosts(&form, p);
    bool saved;
    TRY(staff_settings_save(&form, p, STR(""), &saved));
    if (!saved) {
        details_page(call, staff_settings_status(&form), &form);
        return result_fail(ERR_INVALID, "invalid", NULL);
    }
    staff_redirect(call, STR("/staff/settings/practice"), "saved");
    return RESULT_OK;
}

/* ---- booking rules ---- */

/* Spans people choose among, and the one in use. */
static struct view_option *span_options(const struct staff_dates *dates, const int *spans,
    size_t span_count, int now, size_t *ret_count)
{
    struct arena *arena = dates->call->arena;
    struct view_option *options = ARENA_ARRAY(arena, span_count + 1, struct view_option);
    size_t count = 0;
    bool placed = false;
    for (size_t i = 0; i <= span_count; i++) {
        bool last = i == span_count;
        if (!placed && (last || spans[i] >= now)) {
            placed = true;
            options[count++] = (struct view_option){
                arena_printf(arena, "%d", now), staff_minutes_words(dates, now), false};
            if (last || spans[i] == now) continue;
        }
        if (last) break;
        options[count++] = (struct view_option){
            arena_printf(arena, "%d", spans[i]), staff_minutes_words(dates, spans[i]), false};
    }
    *ret_count = count;
    return options;
}

static void span_select(struct staff_form *form, const struct staff_dates *dates, const char *name,
    staff_sentence label, staff_sentence hint, int now)
{
    static const int spans[] = {0, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 4320, 10080};
    size_t count;
    struct view_option *options = span_options(dates, spans, COUNT_OF(spans), now, &count);
    staff_select(
        form, name, label, hint, options, count, arena_printf(form->call->arena, "%d", now));
}

static struct str limit_text(const struct call *call, int limit)
{
    return limit ? arena_printf(call->arena, "%d", limit) : STR("");
}

static void rules_page(struct call *call, int status, struct staff_form *form)
{
    static const int steps[] = {5, 10, 15, 20, 30, 60};
    const struct booking_rules *r = &call->practice->rules;
    struct staff_dates dates;
    struct view_staff_setting view;
    size_t count;
    staff_dates_init(&dates, call);
    staff_setting_begin(call, staff_say(call, msg_staff_settings_rules), &view);
    view.intro = staff_say(call, msg_staff_rules_intro);
    struct view_option *options =
        span_options(&dates, steps, COUNT_OF(steps), r->step_minutes, &count);
    staff_select(form, "step_minutes", msg_staff_label_step, msg_staff_hint_step, options, count,
        arena_printf(call->arena, "%d", r->step_minutes));
    span_select(form, &dates, "notice_minutes", msg_staff_label_notice, msg_staff_hint_notice,
        r->notice_minutes);
    staff_number(
        form, "horizon_days", msg_staff_label_horizon, msg_staff_hint_horizon, r->horizon_days);
    span_select(form, &dates, "cancel_notice_minutes", msg_staff_label_cancel_notice,
        msg_staff_hint_cancel_notice, r->cancel_notice_minutes);
    span_select(form, &dates, "reschedule_notice_minutes", msg_staff_label_move_notice,
        msg_staff_hint_move_notice, r->reschedule_notice_minutes);
    staff_number(form, "hold_minutes", msg_staff_label_hold, msg_staff_hint_hold, r->hold_minutes);
    staff_input(form, VIEW_INPUT_NUMBER, "max_per_day", msg_staff_label_max_day,
        msg_staff_hint_no_limit, limit_text(call, r->max_per_day));
    staff_input(form, VIEW_INPUT_NUMBER, "max_active_per_client", msg_staff_label_max_client,
        msg_staff_hint_no_limit, limit_text(call, r->max_active_per_client));
    staff_settings_done(form, URL("/staff/settings/rules"), msg_staff_submit_save, &view.form);
    staff_setting_send(call, status, &view);
}

struct result staff_settings_rules(struct call *call)
{
    struct staff_form form;
    staff_form_init(&form, call, false);
    rules_page(call, 200, &form);
    return RESULT_OK;
}

struct result staff_settings_rules_post(struct call *call)
{
    struct staff_form form;
    staff_form_init(&form, call, true);
    struct practice *p = staff_settings_copy(call);
    struct booking_rules *r = &p->rules;
    r->step_minutes = staff_form_number(&form, "step_minutes", r->step_minutes);
    r->notice_minutes = staff_form_number(&form, "notice_minutes", r->notice_minutes);
    r->horizon_days = staff_form_number(&form, "horizon_days", 0);
    r->cancel_notice_minutes =
        staff_form_number(&form, "cancel_notice_minutes", r->cancel_notice_minutes);
    r->reschedule_notice_minutes =
        staff_form_number(&form, "reschedule_notice_minutes", r->reschedule_notice_minutes);
    r->hold_minutes = staff_form_number(&form, "hold_minutes", 0);
    r->max_per_day = staff_form_number(&form, "max_per_day", 0);
    r->max_active_per_client = staff_form_number(&form, "max_active_per_client", 0);
    bool saved;
    TRY(staff_settings_save(&form, p, STR("booking."), &saved));
    if (!saved) {
        rules_page(call, staff_settings_status(&form), &form);
        return result_fail(ERR_INVALID, "invalid", NULL);
    }
    staff_redirect(call, STR("/staff/settings/rules"), "saved");
    return RESULT_OK;
}

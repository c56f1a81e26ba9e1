/* Deleting a client, and what waits for a person: wishes to be deleted, adverse events. */
#include "web/staff/staff_progress.h"

#include "base/check.h"
#include "base/limits.h"
#include "practice/privacy/person.h"
#include "web/views/staff_erase.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

/* ---- what waits ---- */

static struct result name_of(struct call *call, struct client_id id, struct str *ret_name)
{
    struct client client;
    TRY(client_get(call->tx, call->practice->id, id, call->arena, &client));
    *ret_name = client.name;
    return RESULT_OK;
}

static struct result adverse_alerts(
    struct call *call, const struct staff_dates *dates, struct view_staff_alerts *ret_alerts)
{
    struct care_env care = call_care(call);
    struct booking_env env = call_env(call);
    struct adverse_list list;
    TRY(adverse_open(&care, &list));
    struct view_staff_alert *alerts = ARENA_ARRAY(call->arena, list.len, struct view_staff_alert);
    for (size_t i = 0; i < list.len; i++) {
        const struct adverse_event *e = &list.ptr[i];
        struct booking booking;
        TRY(booking_find(&env, e->booking, &booking));
        TRY(name_of(call, e->client, &alerts[i].name));
        struct tmpl *t = staff_text(call);
        msg_progress_alert_adverse(t, staff_adverse_words(call, &dates->format, &e->finding),
            staff_when(dates, booking.starts));
        alerts[i].text = staff_text_end(t);
        alerts[i].url = staff_url(call, "/staff/clients/%lld/progress", (long long)e->client.v);
    }
    *ret_alerts = (struct view_staff_alerts){alerts, list.len};
    return RESULT_OK;
}

struct result staff_alerts(struct call *call, const struct staff_dates *dates,
    struct view_staff_alerts *ret_adverse, struct view_staff_alerts *ret_erasures)
{
    struct care_env env = call_care(call);
    struct erasure_list list;
    if (role_may(call->user.role, PERM_HEALTH)) TRY(adverse_alerts(call, dates, ret_adverse));
    if (!role_may(call->user.role, PERM_CLIENTS)) return RESULT_OK;
    bool owner = role_may(call->user.role, PERM_SETTINGS);
    TRY(person_erasures(&env, &list));
    struct view_staff_alert *alerts = ARENA_ARRAY(call->arena, list.len, struct view_staff_alert);
    for (size_t i = 0; i < list.len; i++) {
        TRY(name_of(call, list.ptr[i].client, &alerts[i].name));
        struct tmpl *t = staff_text(call);
        msg_progress_alert_erasure(t, staff_day(dates, staff_local(call, list.ptr[i].asked).date));
        alerts[i].text = staff_text_end(t);
        alerts[i].url = staff_url(
            call, "/staff/clients/%lld%s", (long long)list.ptr[i].client.v, owner ? "/erase" : "");
    }
    *ret_erasures = (struct view_staff_alerts){alerts, list.len};
    return RESULT_OK;
}

/* ---- deleting ---- */

static struct result count_coming(struct call *call, struct client_id client, int64_t *ret_count)
{
    struct booking_env env = call_env(call);
    struct booking_list list;
    int64_t count = 0;
    TRY(booking_of_client(&env, client, &list));
    for (size_t i = 0; i < list.len; i++) {
        if (list.ptr[i].status == BOOKING_CONFIRMED && list.ptr[i].ends > call->now) count++;
    }
    *ret_count = count;
    return RESULT_OK;
}

static struct result send_erase(
    struct call *call, int status, const struct client *client, struct staff_form *form)
{
    struct staff_dates dates;
    struct care_env env = call_care(call);
    utc_us asked;
    struct view_staff_erase view = {
        .name = client->name,
        .client_url = staff_url(call, "/staff/clients/%lld", (long long)client->id.v),
    };
    staff_dates_init(&dates, call);
    staff_page_fill(
        call, VIEW_STAFF_CLIENTS, staff_say(call, msg_progress_erase_title), &view.page);
    TRY(person_erasure_asked(&env, client->id, &asked));
    if (asked) view.asked = staff_day(&dates, staff_local(call, asked).date);
    TRY(count_coming(call, client->id, &view.coming));
    struct view_input *confirm = staff_input(
        form, VIEW_INPUT_TEXT, "confirm", msg_progress_erase_title, NULL, (struct str){0});
    struct tmpl *t = staff_text(call);
    msg_progress_label_confirm(t, client->name);
    confirm->label = staff_text_end(t);
    confirm->required = true;
    confirm->wide = true;
    staff_form_done(form, staff_url(call, "/staff/clients/%lld/erase", (long long)client->id.v),
        msg_progress_submit_erase, &view.form);
    view.form.grave = true;
    STAFF_PAGE(call, status, tmpl_staff_erase, &view);
    return RESULT_OK;
}

struct result staff_erase(struct call *call)
{
    struct client client;
    struct staff_form form;
    TRY(staff_progress_client(call, &client));
    staff_form_init(&form, call, false);
    return send_erase(call, 200, &client, &form);
}

struct result staff_erase_post(struct call *call)
{
    struct client client;
    struct staff_form form;
    struct care_env env = call_care(call);
    TRY(staff_progress_client(call, &client));
    staff_form_init(&form, call, true);
    struct str typed = client_fold(call->arena, call_form(call, "confirm"));
    if (!str_eq(typed, client_fold(call->arena, str_trim(client.name)))) {
        problems_add(&form.problems, STR("confirm"), "name-differs", (struct str){0});
        TRY(send_erase(call, 422, &client, &form));
        return result_fail(ERR_INVALID, "invalid", NULL);
    }
    struct result done = person_erase(&env, client.id);
    if (done.code == ERR_CONFLICT) { /* somebody has booked since the page was opened */
        form.problem = staff_problem(call, done.reason, (struct str){0});
        TRY(send_erase(call, 409, &client, &form));
        return done;
    }
    TRY(done);
    call->calendar_changed = true;
    staff_redirect(
        call, arena_printf(call->arena, "/staff/clients/%lld", (long long)client.id.v), "erased");
    return RESULT_OK;
}

#include "web/staff/staff_visit.h"

#include "base/check.h"
#include "base/limits.h"
#include "practice/messages/messages.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum view_visit_state staff_visit_state(enum booking_status status)
{
    switch (status) {
    case BOOKING_CONFIRMED: return VIEW_VISIT_COMING;
    case BOOKING_CANCELLED: return VIEW_VISIT_CANCELLED;
    case BOOKING_DONE: return VIEW_VISIT_DONE;
    case BOOKING_NO_SHOW: return VIEW_VISIT_NO_SHOW;
    }
    UNREACHABLE();
}

/* A name also of what is no longer offered. */
static struct result name_of_service(struct call *call, struct service_id id, struct str *ret_name)
{
    const struct service *service = practice_service_by_id(call->practice, id);
    *ret_name = (struct str){0};
    struct str key;
    if (!service)
        return setup_service_name(
            call->tx, call->practice->id, id, call->lang, call->arena, ret_name, &key);
    *ret_name = service_name(service, call->lang);
    return RESULT_OK;
}

static struct result resource_name(struct call *call, struct resource_id id, struct str *ret_name)
{
    const struct practice *p = call->practice;
    *ret_name = (struct str){0};
    struct str key;
    if (!id.v) return RESULT_OK;
    int therapist = practice_therapist_by_id(p, id);
    int room = practice_room_by_id(p, id);
    if (therapist < 0 && room < 0)
        return setup_resource_name(call->tx, p->id, id, call->arena, ret_name, &key);
    *ret_name = therapist >= 0 ? p->therapists[therapist].name : p->rooms[room].name;
    return RESULT_OK;
}

struct result staff_visit_fill(struct call *call, const struct staff_dates *dates,
    const struct booking *b, struct view_staff_visit *ret_visit)
{
    struct booking_env env = call_env(call);
    struct client client;
    int64_t before;
    TRY(client_get(call->tx, call->practice->id, b->client, call->arena, &client));
    TRY(booking_count_before(&env, b->client, b->starts, &before));
    struct view_staff_visit visit = {
        .state = staff_visit_state(b->status),
        .now = b->status == BOOKING_CONFIRMED && b->starts <= call->now && call->now < b->ends,
        .begun = b->starts <= call->now,
        .time = staff_clock(dates, b->starts),
        .span = staff_span(dates, b->starts, b->ends),
        .minutes = (int)((b->ends - b->starts) / US_PER_MINUTE),
        .client = staff_client_name(call, &client),
        .client_url = staff_url(call, "/staff/clients/%lld", (long long)b->client.v),
        .booking_url = staff_url(call, "/staff/bookings/%lld", (long long)b->id.v),
        .first_visit = before == 0 && b->status != BOOKING_CANCELLED,
        .phone = client.phone,
        .phone_url = staff_phone_url(call, client.phone),
        .email = client.email,
        .email_url = staff_mail_url(call, client.email),
        .note = b->note,
        .status_url = staff_url(call, "/staff/bookings/%lld/status", (long long)b->id.v),
        .back = arena_printf(call->arena, "/staff/bookings/%lld", (long long)b->id.v),
    };
    if (before > 0 && b->status != BOOKING_CANCELLED) {
        struct tmpl *t = staff_text(call);
        msg_staff_nth_session(t, before + 1);
        visit.count = staff_text_end(t);
    }
    TRY(name_of_service(call, b->service, &visit.service));
    TRY(resource_name(call, b->therapist, &visit.therapist));
    TRY(resource_name(call, b->room, &visit.room));
    *ret_visit = visit;
    return RESULT_OK;
}

struct result staff_booking_words(
    struct call *call, const struct booking *booking, struct str *ret_words)
{
    struct str service;
    struct str therapist;
    TRY(name_of_service(call, booking->service, &service));
    TRY(resource_name(call, booking->therapist, &therapist));
    struct tmpl *t = staff_text(call);
    msg_staff_booking_words(
        t, service, (booking->ends - booking->starts) / US_PER_MINUTE, therapist);
    *ret_words = staff_text_end(t);
    return RESULT_OK;
}

/* ---- forms of bookings ---- */

bool staff_form_start(struct staff_form *form, utc_us *ret_start)
{
    struct call *call = form->call;
    struct str date_text = call_form(call, "date");
    struct str time_text = call_form(call, "time");
    date_day date = 0;
    int minutes = 0;
    size_t before = form->problems.count;
    struct str none = {0};
    if (!date_text.len) {
        problems_add(&form->problems, STR("date"), "required", none);
    } else if (!date_parse(date_text, &date)) {
        problems_add(&form->problems, STR("date"), "not-a-date", date_text);
    }
    if (!time_text.len) {
        problems_add(&form->problems, STR("time"), "required", none);
    } else if (!minutes_parse(time_text, false, &minutes)) {
        problems_add(&form->problems, STR("time"), "not-a-time", time_text);
    }
    if (form->problems.count != before) return false;
    struct local_time local = {date, minutes * 60};
    struct tz_instants instants = tz_local_to_utc(call->practice->zone, local);
    if (instants.count == 0) {
        problems_add(&form->problems, STR("time"), "time-skipped", time_text);
        return false;
    }
    *ret_start = instants.at[0];
    return true;
}

struct view_option *staff_therapist_options(
    const struct call *call, staff_sentence anyone, size_t *ret_count)
{
    const struct practice *p = call->practice;
    size_t count = 0;
    struct view_option *options =
        ARENA_ARRAY(call->arena, p->therapist_count + 1, struct view_option);
    if (anyone) options[count++] = (struct view_option){STR(""), staff_say(call, anyone), false};
    for (size_t i = 0; i < p->therapist_count; i++)
        options[count++] = (struct view_option){p->therapists[i].key, p->therapists[i].name, false};
    *ret_count = count;
    return options;
}

struct view_option *staff_service_options(const struct call *call, size_t *ret_count)
{
    const struct practice *p = call->practice;
    struct view_option *options = ARENA_ARRAY(call->arena, p->service_count, struct view_option);
    for (size_t i = 0; i < p->service_count; i++) {
        struct tmpl *t = staff_text(call);
        msg_staff_service_minutes(
            t, service_name(&p->services[i], call->lang), p->services[i].minutes);
        options[i] = (struct view_option){p->services[i].key, staff_text_end(t), false};
    }
    *ret_count = p->service_count;
    return options;
}

/* ---- messages ---- */

static enum view_message_state message_state(enum message_state state)
{
    switch (state) {
    case MESSAGE_WAITING:
    case MESSAGE_SENDING: return VIEW_MESSAGE_WAITING;
    case MESSAGE_SENT: return VIEW_MESSAGE_SENT;
    case MESSAGE_FAILED: return VIEW_MESSAGE_FAILED;
    case MESSAGE_DROPPED: return VIEW_MESSAGE_DROPPED;
    case MESSAGE_UNSURE: return VIEW_MESSAGE_UNSURE;
    }
    UNREACHABLE();
}

static struct str message_kind(const struct call *call, enum message_kind kind)
{
    switch (kind) {
    case MESSAGE_CONFIRMED: return staff_say(call, msg_staff_message_confirmed);
    case MESSAGE_MOVED: return staff_say(call, msg_staff_message_moved);
    case MESSAGE_CANCELLED: return staff_say(call, msg_staff_message_cancelled);
    case MESSAGE_REMINDER: return staff_say(call, msg_staff_message_reminder);
    case MESSAGE_CHECK_IN: return staff_say(call, msg_staff_message_check_in);
    case MESSAGE_MY_PAGE: return staff_say(call, msg_staff_message_my_page);
    }
    UNREACHABLE();
}

static struct result message_fill(struct call *call, const struct staff_dates *dates,
    const struct message *m, struct view_staff_message *ret)
{
    struct booking booking = {.client = m->client};
    struct view_staff_message view = {
        .state = message_state(m->state),
        .kind = message_kind(call, m->kind),
        .when = staff_when(dates, m->sent ? m->sent : m->not_before),
        .error = m->last_error,
        .attempts = m->attempts,
    };
    if (m->booking.v) {
        struct booking_env env = call_env(call);
        TRY(booking_find(&env, m->booking, &booking));
        view.session = staff_when(dates, booking.starts);
        view.booking_url = staff_url(call, "/staff/bookings/%lld", (long long)booking.id.v);
    }
    if (m->recipient == MESSAGE_TO_THERAPIST) {
        TRY(resource_name(call, booking.therapist, &view.to));
    } else {
        struct client client;
        TRY(client_get(call->tx, call->practice->id, booking.client, call->arena, &client));
        view.to = staff_client_name(call, &client);
        view.email = client.email;
    }
    bool may = role_may(call->user.role, PERM_MESSAGES);
    if (may && (m->state == MESSAGE_FAILED || m->state == MESSAGE_UNSURE))
        view.again_url = staff_url(call, "/staff/messages/%lld/again", (long long)m->id);
    *ret = view;
    return RESULT_OK;
}

struct result staff_message_list(struct call *call, const struct staff_dates *dates,
    struct booking_id booking, struct view_staff_messages_list *ret_list)
{
    struct message_list all;
    TRY(message_list(
        call->tx, call->practice->id, booking, LIMIT_LIST_ROWS, call->arena, &all));
    struct view_staff_message *list = ARENA_ARRAY(call->arena, all.len, struct view_staff_message);
    for (size_t i = 0; i < all.len; i++)
        TRY(message_fill(call, dates, &all.ptr[i], &list[i]));
    *ret_list = (struct view_staff_messages_list){list, all.len};
    return RESULT_OK;
}

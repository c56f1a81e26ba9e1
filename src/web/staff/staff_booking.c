/* One booking: what is known of it, what happened to it, and what can be done with it. */
#include "web/staff/staff_pages.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/staff/staff_rating.h"
#include "web/staff/staff_visit.h"
#include "web/views/staff_booking.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

/* What a page that comes back after a failed form has to say. */
struct booking_trouble {
    struct staff_form *move;   /* posted, or NULL */
    struct staff_form *cancel; /* posted, or NULL */
    struct str warning;        /* a rule may be passed over */
};

static struct result find_booking(struct call *call, struct booking *ret_booking)
{
    int64_t id;
    TRY(staff_param_id(call, "id", &id));
    struct booking_env env = call_env(call);
    return booking_find(&env, (struct booking_id){id}, ret_booking);
}

/* ---- history ---- */

static struct result actor_name(
    struct call *call, struct actor actor, struct str client, struct str *ret)
{
    struct staff_user user;
    switch (actor.kind) {
    case ACTOR_CLIENT: *ret = client; return RESULT_OK;
    case ACTOR_SYSTEM: *ret = staff_say(call, msg_staff_system); return RESULT_OK;
    case ACTOR_STAFF: {
        struct result found =
            staff_get(call->tx, call->practice->id, actor.user, call->arena, &user);
        if (found.code == ERR_NOT_FOUND) {
            *ret = staff_say(call, msg_staff_somebody);
            return RESULT_OK;
        }
        TRY(found);
        *ret = user.name.len ? user.name : user.email;
        return RESULT_OK;
    }
    }
    UNREACHABLE();
}

static struct str event_words(struct call *call, const struct staff_dates *dates,
    const struct booking_event *e, struct str who)
{
    struct tmpl *t = staff_text(call);
    struct str starts = staff_when(dates, e->starts);
    switch (e->kind) {
    case EVENT_BOOKED: msg_staff_event_booked(t, who, starts); break;
    case EVENT_MOVED: {
        bool longer = e->old_ends - e->old_starts != e->ends - e->starts;
        if (e->old_starts == e->starts && !longer) {
            int therapist = practice_therapist_by_id(call->practice, e->therapist);
            msg_staff_event_given(
                t, who, therapist >= 0 ? call->practice->therapists[therapist].name : STR("-"));
        } else if (longer) {
            msg_staff_event_resized(t, who, starts, (e->ends - e->starts) / US_PER_MINUTE);
        } else {
            msg_staff_event_moved(t, who, staff_when(dates, e->old_starts), starts);
        }
        break;
    }
    case EVENT_CANCELLED: msg_staff_event_cancelled(t, who); break;
    case EVENT_DONE: msg_staff_event_done(t, who); break;
    case EVENT_NO_SHOW: msg_staff_event_no_show(t, who); break;
    case EVENT_REOPENED: msg_staff_event_reopened(t, who); break;
    }
    return staff_text_end(t);
}

static struct result history(struct call *call, const struct staff_dates *dates,
    const struct booking *booking, struct str client, struct view_staff_events *ret_events)
{
    struct booking_env env = call_env(call);
    struct booking_events events;
    TRY(booking_history(&env, booking->id, &events));
    struct view_staff_event *list = ARENA_ARRAY(call->arena, events.len, struct view_staff_event);
    for (size_t i = 0; i < events.len; i++) {
        const struct booking_event *e = &events.ptr[i];
        struct str who;
        TRY(actor_name(call, e->actor, client, &who));
        list[i] = (struct view_staff_event){.when = staff_capital(dates, staff_when(dates, e->at)),
            .what = event_words(call, dates, e, who),
            .reason = e->reason};
    }
    *ret_events = (struct view_staff_events){list, events.len};
    return RESULT_OK;
}

/* ---- the page ---- */

static void move_form(struct call *call, const struct booking *booking,
    const struct booking_trouble *trouble, struct view_form *ret_form)
{
    struct staff_form fresh;
    struct staff_form *form = trouble->move;
    if (!form) {
        form = &fresh;
        staff_form_init(form, call, false);
    }
    form->prefix = "move-";
    struct local_time local = staff_local(call, booking->starts);
    staff_input(
        form, VIEW_INPUT_DATE, "date", msg_staff_label_date, NULL, staff_iso_day(call, local.date))
        ->required = true;
    staff_input(form, VIEW_INPUT_TIME, "time", msg_staff_label_time, NULL,
        staff_hhmm(call, local.second / 60))
        ->required = true;
    int therapist = practice_therapist_by_id(call->practice, booking->therapist);
    size_t count;
    struct view_option *options = staff_therapist_options(call, NULL, &count);
    staff_select(form, "therapist", msg_staff_label_therapist, NULL, options, count,
        therapist >= 0 ? call->practice->therapists[therapist].key : STR(""));
    staff_number(form, "minutes", msg_staff_label_minutes, NULL,
        (int)((booking->ends - booking->starts) / US_PER_MINUTE));
    if (trouble->warning.len) {
        staff_anyway(form);
    }
    staff_form_done(form, staff_url(call, "/staff/bookings/%lld/move", (long long)booking->id.v),
        msg_staff_submit_move, ret_form);
}

static void cancel_form(struct call *call, const struct booking *booking,
    const struct booking_trouble *trouble, struct view_form *ret_form)
{
    struct staff_form fresh;
    struct staff_form *form = trouble->cancel;
    if (!form) {
        form = &fresh;
        staff_form_init(form, call, false);
    }
    form->prefix = "cancel-";
    staff_input(
        form, VIEW_INPUT_AREA, "reason", msg_staff_label_reason, msg_staff_hint_reason, STR(""))
        ->max_chars = LIMIT_NOTE_CHARS;
    staff_form_done(form, staff_url(call, "/staff/bookings/%lld/cancel", (long long)booking->id.v),
        msg_staff_submit_cancel, ret_form);
    ret_form->grave = true;
}

static struct result booking_page(struct call *call, int status, const struct booking *booking,
    const struct booking_trouble *trouble)
{
    struct staff_dates dates;
    struct view_staff_booking view = {0};
    staff_dates_init(&dates, call);
    TRY(staff_visit_fill(call, &dates, booking, &view.visit));
    staff_page_fill(call, VIEW_STAFF_CALENDAR, view.visit.client, &view.page);
    struct local_time local = staff_local(call, booking->starts);
    struct str iso = staff_iso_day(call, local.date);
    view.day = staff_capital(&dates, staff_long_day(&dates, local.date));
    view.day_url = staff_url(call, "/staff?day=%.*s&who=all", STR_ARG(iso));
    view.price = staff_price(&dates, booking->price_minor);
    view.booked = staff_capital(&dates, staff_when(&dates, booking->created));
    view.reference = booking->public_id;
    view.can_change = booking->status == BOOKING_CONFIRMED;
    view.why = trouble->warning;
    if (role_may(call->user.role, PERM_CALENDAR)) view.rating_url = staff_rating_url(call, booking);
    if (role_may(call->user.role, PERM_CALENDAR))
        view.again_url = staff_url(call, "/staff/book?client=%lld", (long long)booking->client.v);
    move_form(call, booking, trouble, &view.move);
    cancel_form(call, booking, trouble, &view.cancel);
    TRY(history(call, &dates, booking, view.visit.client, &view.history));
    TRY(staff_message_list(call, &dates, booking->id, &view.messages));
    STAFF_PAGE(call, status, tmpl_staff_booking, &view);
    return RESULT_OK;
}

struct result staff_booking(struct call *call)
{
    struct booking booking;
    TRY(find_booking(call, &booking));
    return booking_page(call, 200, &booking, &(struct booking_trouble){0});
}

/* ---- done, no-show, undo ---- */

struct result staff_booking_status_post(struct call *call)
{
    struct booking booking;
    TRY(find_booking(call, &booking));
    struct booking_env env = call_env(call);
    struct str word = call_form(call, "status");
    enum booking_status status;
    const char *did;
    if (str_eq(word, STR("done"))) {
        status = BOOKING_DONE;
        did = "done";
    } else if (str_eq(word, STR("no-show"))) {
        status = BOOKING_NO_SHOW;
        did = "no-show";
    } else if (str_eq(word, STR("confirmed"))) {
        status = BOOKING_CONFIRMED;
        did = "reopened";
    } else {
        return result_fail(ERR_INVALID, "invalid", "status");
    }
    struct booking changed;
    TRY(booking_set_status(&env, &booking, status, &changed));
    call->calendar_changed = true;
    struct str back = call_form(call, "back");
    if (!staff_is_local_path(back))
        back = arena_printf(call->arena, "/staff/bookings/%lld", (long long)booking.id.v);
    staff_redirect(call, back, did);
    return RESULT_OK;
}

/* ---- move ---- */

/* The booking's service as it was booked; ERR_INVALID where it is no longer offered. */
static struct result move_query(struct call *call, const struct booking *booking,
    const struct booking_move *move, struct open_query *ret_query)
{
    const struct service *known = practice_service_by_id(call->practice, booking->service);
    if (!known) return result_fail(ERR_INVALID, "service-gone", NULL);
    struct service *service = ARENA_NEW(call->arena, struct service);
    *service = *known;
    service->before_minutes = booking->before_minutes;
    service->after_minutes = booking->after_minutes;
    *ret_query = (struct open_query){.practice = call->practice,
        .service = service,
        .therapist = move->therapist,
        .minutes = move->minutes,
        .now = call->now,
        .except = {OWNER_BOOKING, booking->id.v},
        .except_booking = booking->id.v};
    return RESULT_OK;
}

static bool read_move(
    struct staff_form *form, const struct booking *booking, struct booking_move *move)
{
    struct call *call = form->call;
    *move = (struct booking_move){.lenient = true};
    staff_form_start(form, &move->start);
    move->minutes = staff_form_number(
        form, "minutes", (int)((booking->ends - booking->starts) / US_PER_MINUTE));
    if (move->minutes < 5 || move->minutes > LIMIT_SERVICE_MINUTES)
        problems_add(&form->problems, STR("minutes"), "minutes-range", STR(""));
    struct str key = call_form(call, "therapist");
    move->therapist = key.len ? practice_therapist(call->practice, key)
                              : practice_therapist_by_id(call->practice, booking->therapist);
    if (move->therapist < 0) problems_add(&form->problems, STR("therapist"), "unknown-id", key);
    return form->problems.count == 0;
}

/* The page once more, with what is wrong; nothing was changed. */
static struct result move_again(struct call *call, const struct booking *booking,
    struct staff_form *form, struct str warning, struct result why)
{
    struct booking_trouble trouble = {.move = form, .warning = warning};
    int status = why.code == ERR_CONFLICT ? 409 : 422;
    TRY(booking_page(call, status, booking, &trouble));
    return why;
}

struct result staff_booking_move_post(struct call *call)
{
    struct booking booking;
    struct staff_form form;
    struct booking_move move;
    struct staff_dates dates;
    struct open_query query;
    TRY(find_booking(call, &booking));
    staff_form_init(&form, call, true);
    staff_dates_init(&dates, call);
    struct result invalid = result_fail(ERR_INVALID, "invalid", NULL);
    if (!read_move(&form, &booking, &move))
        return move_again(call, &booking, &form, (struct str){0}, invalid);
    TRY(move_query(call, &booking, &move, &query));
    if (!str_eq(call_form(call, "anyway"), STR("1"))) {
        struct str warning;
        TRY(staff_warning(call, &dates, &query, move.start, &warning, &move.therapist));
        if (warning.len) staff_anyway_missed(&form);
        if (warning.len) return move_again(call, &booking, &form, warning, invalid);
    }
    struct booking_env env = call_env(call);
    struct booking moved;
    TRY(tx_savepoint(call->tx));
    struct result result = booking_reschedule(&env, &booking, &move, &moved);
    if (!result_is_ok(result)) {
        tx_savepoint_rollback(call->tx);
        if (result.code != ERR_CONFLICT && result.code != ERR_INVALID) return result;
        TRY(staff_obstacle(call, &dates, &query, move.start, result, &form.problem));
        return move_again(call, &booking, &form, (struct str){0}, result);
    }
    TRY(tx_savepoint_release(call->tx));
    call->calendar_changed = true;
    staff_redirect(
        call, arena_printf(call->arena, "/staff/bookings/%lld", (long long)booking.id.v), "moved");
    return RESULT_OK;
}

/* ---- cancel ---- */

struct result staff_booking_cancel_post(struct call *call)
{
    struct booking booking;
    struct staff_form form;
    TRY(find_booking(call, &booking));
    staff_form_init(&form, call, true);
    struct str reason = call_form(call, "reason");
    if (!str_is_text(reason, false)) {
        problems_add(&form.problems, STR("reason"), "bad-text", STR(""));
    } else if (str_count_chars(reason) > LIMIT_NOTE_CHARS) {
        problems_add(&form.problems, STR("reason"), "too-long",
            arena_printf(call->arena, "%d", LIMIT_NOTE_CHARS));
    }
    if (form.problems.count) {
        struct booking_trouble trouble = {.cancel = &form};
        TRY(booking_page(call, 422, &booking, &trouble));
        return result_fail(ERR_INVALID, "invalid", NULL);
    }
    struct booking_env env = call_env(call);
    struct booking cancelled;
    TRY(booking_cancel(&env, &booking, reason, &cancelled));
    call->calendar_changed = true;
    staff_redirect(call, arena_printf(call->arena, "/staff/bookings/%lld", (long long)booking.id.v),
        "cancelled");
    return RESULT_OK;
}

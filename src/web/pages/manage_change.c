/* Moving and cancelling by the link of the e-mail. GET shows, POST acts. */
#include "base/check.h"
#include "base/limits.h"
#include "web/pages/manage.h"
#include "web/pages/pages.h"
#include "web/pages/picker.h"
#include "web/views/manage_cancel.tmpl.h"
#include "web/views/manage_move.tmpl.h"
#include "web/words.h"

#include "base/banned.h"

enum { REASON_CHARS_MAX = 500 };

static struct result back(struct call *call, const char *rest)
{
    http_resp_redirect(call->resp, manage_path(call, rest));
    return RESULT_OK;
}

/* ---- moving ---- */

/* Times for the booking as it was booked: its length and buffers, its own time counted as free, its
 * therapist where the client asked for them. */
static struct result move_wish(struct call *call, const struct booking *booking,
    struct service *as_booked, struct picker_wish *ret_wish)
{
    const struct practice *p = call->practice;
    const struct service *known = practice_service_by_id(p, booking->service);
    if (!known) return result_fail(ERR_INVALID, "service-gone", NULL);
    *as_booked = *known;
    as_booked->before_minutes = booking->before_minutes;
    as_booked->after_minutes = booking->after_minutes;
    struct picker_wish wish = {
        .service = as_booked,
        .path = manage_path(call, "/move"),
        .minutes = (int)((booking->ends - booking->starts) / US_PER_MINUTE),
        .except = {OWNER_BOOKING, booking->id.v},
        .except_booking = booking->id.v,
        .not_at = booking->starts,
    };
    picker_read(call, &wish);
    if (!wish.day && !wish.week && !wish.month) /* most move by a few days */
        wish.week = tz_utc_to_local(p->zone, booking->starts).date;
    wish.therapist =
        booking->therapist_chosen ? practice_therapist_by_id(p, booking->therapist) : -1;
    *ret_wish = wish;
    return RESULT_OK;
}

/* asked 0: nothing was refused. */
static struct result send_move(
    struct call *call, const struct booking *booking, utc_us asked, struct result why)
{
    struct format f;
    struct service as_booked;
    struct picker_wish wish;
    struct view_manage_move view = {.back_url = {manage_path(call, "")}};
    TRY(move_wish(call, booking, &as_booked, &wish));
    if (asked) wish.day = tz_utc_to_local(call->practice->zone, asked).date;
    page_begin(call, &f, VIEW_PLACE_MOVE, asked ? wish.path : STR(""), &view.page);
    TRY(manage_session(call, &f, booking, &view.session));
    TRY(picker_fill(call, &f, &wish, &view.picker));
    view.picker.action_url.s = wish.path;
    if (asked) {
        bool taken = why.reason && strcmp(why.reason, "slot-taken") == 0;
        TRY(picker_nearest(call, &f, &wish, asked, &view.picker.nearest));
        view.picker.taken = taken;
        if (!taken) view.picker.refusal = words_reason(call, why);
        view.picker.next_needed = false;
    }
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_manage_move(&t, &view);
    return page_send(call, !asked ? 200 : why.code == ERR_CONFLICT ? 409 : 422, &sb);
}

struct result page_manage_move(struct call *call)
{
    struct booking booking;
    TRY(manage_find(call, &booking));
    /* Where it is too late the session's own page says so, and what to do. */
    if (!booking_can_move(call->practice, &booking, call->now)) return back(call, "");
    return send_move(call, &booking, 0, RESULT_OK);
}

struct result page_manage_move_post(struct call *call)
{
    struct booking booking;
    utc_us start;
    TRY(manage_find(call, &booking));
    if (!rfc3339_parse(call_form(call, "start"), &start))
        return result_fail(ERR_SYNTAX, "invalid", "start is no time");
    if (!booking_can_move(call->practice, &booking, call->now)) return back(call, "");
    if (start == booking.starts) return back(call, ""); /* sent twice, or it stays */
    struct booking_env env = call_env(call);
    struct booking_move move = {.start = start, .therapist = -1};
    struct booking moved;
    TRY(tx_savepoint(call->tx));
    struct result result = booking_reschedule(&env, &booking, &move, &moved);
    if (!result_is_ok(result)) {
        tx_savepoint_rollback(call->tx);
        if (result.code != ERR_CONFLICT && result.code != ERR_INVALID) return result;
        TRY(send_move(call, &booking, start, result));
        return result;
    }
    TRY(tx_savepoint_release(call->tx));
    call->calendar_changed = true;
    return back(call, "?moved=1");
}

/* ---- cancelling ---- */

static struct result send_cancel(
    struct call *call, int status, const struct booking *booking, struct view_field reason)
{
    struct format f;
    struct view_manage_cancel view = {
        .back_url = {manage_path(call, "")},
        .action_url = {manage_path(call, "/cancel")},
        .reason = reason,
    };
    page_begin(call, &f, VIEW_PLACE_CANCEL, manage_path(call, "/cancel"), &view.page);
    if (reason.problem != VIEW_OK) view.page.flash = VIEW_FLASH_FIELDS;
    if (booking_can_move(call->practice, booking, call->now) &&
        practice_service_by_id(call->practice, booking->service))
        view.move_url.s = manage_path(call, "/move");
    TRY(manage_session(call, &f, booking, &view.session));
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_manage_cancel(&t, &view);
    return page_send(call, status, &sb);
}

struct result page_manage_cancel(struct call *call)
{
    struct booking booking;
    TRY(manage_find(call, &booking));
    if (!booking_can_cancel(call->practice, &booking, call->now)) return back(call, "");
    return send_cancel(call, 200, &booking, (struct view_field){0});
}

struct result page_manage_cancel_post(struct call *call)
{
    struct booking booking;
    TRY(manage_find(call, &booking));
    if (!booking_can_cancel(call->practice, &booking, call->now))
        return back(call, booking.status == BOOKING_CANCELLED ? "?cancelled=1" : "");
    struct view_field reason = {.value = call_form(call, "reason")};
    if (!str_is_text(reason.value, false)) {
        reason.problem = VIEW_NOT_VALID;
    } else if (str_count_chars(reason.value) > REASON_CHARS_MAX) {
        reason.problem = VIEW_TOO_LONG;
    }
    if (reason.problem != VIEW_OK) {
        TRY(send_cancel(call, 422, &booking, reason));
        return result_fail(ERR_INVALID, "invalid", NULL);
    }
    struct booking_env env = call_env(call);
    struct booking cancelled;
    TRY(booking_cancel(&env, &booking, reason.value, &cancelled));
    call->calendar_changed = true;
    return back(call, "?cancelled=1");
}

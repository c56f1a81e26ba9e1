/* The page behind the link of the e-mail: a session as it stands, and what can be done about it. */
#include "web/pages/manage.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/pages/pages.h"
#include "web/views/book_done.tmpl.h"
#include "web/views/manage.tmpl.h"

#include "base/banned.h"

enum { TOKEN_CHARS_MAX = 64, JUST_BOOKED_MINUTES = 30 };

struct result manage_find(struct call *call, struct booking *ret_booking)
{
    struct str token = call_param(call, "token");
    if (token.len > TOKEN_CHARS_MAX) return result_fail(ERR_NOT_FOUND, "unknown-booking", NULL);
    struct booking_env env = call_env(call);
    return booking_find_by_token(&env, token, ret_booking);
}

struct str manage_path(struct call *call, const char *rest)
{
    struct sb sb;
    sb_init(&sb, call->arena, LIMIT_URL_BYTES);
    SB_LIT(&sb, "/b/");
    url_add_encoded(&sb, call_param(call, "token"));
    sb_add_cstr(&sb, rest);
    CHECK(sb_ok(&sb));
    return sb_str(&sb);
}

struct str manage_until(
    struct call *call, const struct format *f, const struct booking *booking, int notice_minutes)
{
    utc_us until = booking->starts - notice_minutes * US_PER_MINUTE;
    if (notice_minutes <= 0 || until <= call->now) return (struct str){0};
    return format_moment(f, tz_utc_to_local(call->practice->zone, until));
}

struct result manage_session(struct call *call, const struct format *f,
    const struct booking *booking, struct view_session *ret_session)
{
    const struct practice *p = call->practice;
    struct str key;
    struct view_session session = {
        .minutes = (int)((booking->ends - booking->starts) / US_PER_MINUTE),
        .price = page_price(f, p, booking->price_minor),
    };
    TRY(setup_service_name(
        call->tx, p->id, booking->service, call->lang, call->arena, &session.service, &key));
    TRY(setup_resource_name(
        call->tx, p->id, booking->therapist, call->arena, &session.therapist, &key));
    if (booking->room.v)
        TRY(setup_resource_name(call->tx, p->id, booking->room, call->arena, &session.room, &key));
    page_session_time(call, f, booking->starts, &session);
    *ret_session = session;
    return RESULT_OK;
}

static struct url again_url(struct call *call, const struct booking *booking)
{
    const struct service *service = practice_service_by_id(call->practice, booking->service);
    if (!service) return URL("/book");
    return (struct url){arena_printf(call->arena, "/book/%.*s", STR_ARG(service->key))};
}

/* Right after booking, once: what comes next. */
static struct result send_done(struct call *call, const struct booking *booking)
{
    const struct practice *p = call->practice;
    struct booking_env env = call_env(call);
    struct format f;
    struct view_book_done view = {
        .ics_url = {manage_path(call, ".ics")},
        .manage_url = {manage_path(call, "")},
    };
    struct client client;
    int64_t before;
    page_begin(call, &f, VIEW_PLACE_BOOK_DONE, STR(""), &view.page);
    TRY(manage_session(call, &f, booking, &view.session));
    TRY(client_get(call->tx, p->id, booking->client, call->arena, &client));
    TRY(booking_count_before(&env, booking->client, booking->starts, &before));
    int notice = p->rules.cancel_notice_minutes;
    if (p->rules.reschedule_notice_minutes > notice) notice = p->rules.reschedule_notice_minutes;
    view.email = client.email;
    view.first_visit = before == 0;
    view.cancel_until = manage_until(call, &f, booking, notice);
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_book_done(&t, &view);
    return page_send(call, 200, &sb);
}

static enum view_flash flash(struct call *call, const struct booking *booking)
{
    bool cancelled = booking->status == BOOKING_CANCELLED;
    if (call_query(call, "cancelled").len && cancelled) return VIEW_FLASH_CANCELLED;
    if (call_query(call, "moved").len && !cancelled) return VIEW_FLASH_MOVED;
    return VIEW_FLASH_NONE;
}

struct result page_manage(struct call *call)
{
    struct booking booking;
    TRY(manage_find(call, &booking));
    bool fresh = call->now - booking.created < JUST_BOOKED_MINUTES * US_PER_MINUTE;
    bool confirmed = booking.status == BOOKING_CONFIRMED;
    if (call_query(call, "new").len && fresh && confirmed && booking.sequence == 0)
        return send_done(call, &booking);

    const struct booking_rules *rules = &call->practice->rules;
    struct format f;
    struct view_manage view = {
        .state = booking.status == BOOKING_CANCELLED       ? VIEW_BOOKING_CANCELLED
                 : !confirmed || booking.ends <= call->now ? VIEW_BOOKING_PAST
                                                           : VIEW_BOOKING_COMING,
        .can_move = booking_can_move(call->practice, &booking, call->now),
        .can_cancel = booking_can_cancel(call->practice, &booking, call->now),
        .move_url = {manage_path(call, "/move")},
        .cancel_url = {manage_path(call, "/cancel")},
        .ics_url = {manage_path(call, ".ics")},
        .again_url = again_url(call, &booking),
    };
    page_begin(call, &f, VIEW_PLACE_MANAGE, manage_path(call, ""), &view.page);
    view.page.flash = flash(call, &booking);
    TRY(manage_session(call, &f, &booking, &view.session));
    view.cancel_until = manage_until(call, &f, &booking, rules->cancel_notice_minutes);
    view.move_until = manage_until(call, &f, &booking, rules->reschedule_notice_minutes);
    if (!practice_service_by_id(call->practice, booking.service)) view.can_move = false;
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_manage(&t, &view);
    return page_send(call, 200, &sb);
}

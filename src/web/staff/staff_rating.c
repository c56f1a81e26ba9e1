/* A session is handed to its client, who rates it in private (web/pages/checkin_session.c). Staff
 * neither see nor enter what is said there. */
#include "web/staff/staff_rating.h"

#include "base/check.h"
#include "practice/clients/personal_link.h"
#include "web/qr.h"
#include "web/staff/staff_pages.h"
#include "web/views/staff_rating.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum { LINK_HOURS = 6 }; /* after the session's end */

static utc_us link_end(const struct booking *booking)
{
    return booking->ends + LINK_HOURS * US_PER_HOUR;
}

static bool may_rate(struct call *call, const struct booking *booking)
{
    bool stands = booking->status == BOOKING_CONFIRMED || booking->status == BOOKING_DONE;
    date_day today = staff_local(call, call->now).date;
    return stands && booking->client.v && staff_local(call, booking->starts).date == today &&
           call->now < link_end(booking);
}

struct url staff_rating_url(struct call *call, const struct booking *booking)
{
    if (!may_rate(call, booking)) return (struct url){0};
    return staff_url(call, "/staff/bookings/%lld/rating", (long long)booking->id.v);
}

static struct result find(struct call *call, struct booking *ret_booking)
{
    int64_t id;
    TRY(staff_param_id(call, "id", &id));
    struct booking_env env = call_env(call);
    TRY(booking_find(&env, (struct booking_id){id}, ret_booking));
    if (!may_rate(call, ret_booking)) return result_fail(ERR_CONFLICT, "not-today", NULL);
    return RESULT_OK;
}

/* The link of this session that holds; 0 where there is none. */
static struct result known_link(
    struct care_env *env, const struct booking *booking, int64_t *ret_link)
{
    struct personal_link_list list;
    TRY(link_list(env, booking->client, &list));
    *ret_link = 0;
    for (size_t i = 0; i < list.len && !*ret_link; i++) {
        const struct personal_link *link = &list.ptr[i];
        bool same = link->purpose == LINK_SESSION && link->subject == booking->id.v;
        if (same && link->expires >= link_end(booking)) *ret_link = link->id;
    }
    return RESULT_OK;
}

struct result staff_rating_post(struct call *call)
{
    struct booking booking;
    struct care_env env = call_care(call);
    int64_t link;
    TRY(find(call, &booking));
    TRY(known_link(&env, &booking, &link));
    if (!link)
        TRY(link_make(
            &env, booking.client, LINK_SESSION, booking.id.v, link_end(&booking), &link, NULL));
    staff_redirect(call, staff_rating_url(call, &booking).s, NULL);
    return RESULT_OK;
}

struct result staff_rating(struct call *call)
{
    struct booking booking;
    struct client client;
    struct staff_dates dates;
    struct care_env env = call_care(call);
    struct view_staff_rating view = {0};
    struct str token;
    int64_t link;
    TRY(find(call, &booking));
    TRY(known_link(&env, &booking, &link));
    if (!link) return result_fail(ERR_NOT_FOUND, "unknown-link", NULL);
    TRY(link_token(&env, link, &token));
    TRY(client_get(call->tx, call->practice->id, booking.client, call->arena, &client));
    staff_dates_init(&dates, call);
    staff_page_fill(call, VIEW_STAFF_CALENDAR, staff_say(call, msg_staff_rating_title), &view.page);
    view.client = client.name;
    view.until = staff_clock(&dates, link_end(&booking));
    view.back_url = staff_url(call, "/staff/bookings/%lld", (long long)booking.id.v);
    view.link_url = staff_url(call, "/r/%.*s", STR_ARG(token));
    view.address =
        arena_printf(call->arena, "%.*s/r/%.*s", STR_ARG(call_origin(call)), STR_ARG(token));
    struct result drawn =
        qr_svg(call->arena, view.address, staff_say(call, msg_staff_rating_qr), &view.qr);
    if (drawn.code != ERR_LIMIT) TRY(drawn);
    STAFF_PAGE(call, 200, tmpl_staff_rating, &view);
    return RESULT_OK;
}

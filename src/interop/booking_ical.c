#include "interop/booking_ical.h"

#include "interop/api.h"

#include "base/check.h"
#include "base/limits.h"

#include "base/banned.h"

struct str booking_ical_uid(
    struct arena *arena, const struct practice *practice, const struct booking *booking)
{
    return arena_printf(
        arena, "%.*s@%.*s.balm", STR_ARG(booking->public_id), STR_ARG(practice->slug));
}

/* When the booking last changed. */
static struct result last_change(
    struct booking_env *env, const struct booking *booking, utc_us *ret_at)
{
    struct booking_events events;
    TRY(booking_history(env, booking->id, &events));
    *ret_at = events.len ? events.ptr[events.len - 1].at : booking->created;
    return RESULT_OK;
}

struct result booking_ical_event(
    struct booking_env *env, const struct booking *booking, struct ical_event *ret_event)
{
    const struct practice *p = env->practice;
    struct ical_event event = {
        .uid = booking_ical_uid(env->arena, p, booking),
        .sequence = booking->sequence,
        .method = ICAL_PUBLISH,
        .status = booking->status == BOOKING_CANCELLED ? ICAL_CANCELLED : ICAL_CONFIRMED,
        .start = booking->starts,
        .end = booking->ends,
        .zone = p->zone,
        .location = p->address.len ? p->address : p->name,
        .is_private = true,
    };
    struct str service;
    struct str therapist;
    struct str key;
    enum lang lang = LANG_EN;
    (void)tmpl_lang_from_code(booking->language, &lang); /* the client's; else as it is */
    TRY(setup_service_name(env->tx, p->id, booking->service, lang, env->arena, &service, &key));
    TRY(setup_resource_name(env->tx, p->id, booking->therapist, env->arena, &therapist, &key));
    TRY(last_change(env, booking, &event.stamp));
    event.summary = arena_printf(env->arena, "%.*s · %.*s", STR_ARG(service), STR_ARG(p->name));
    event.description = arena_printf(
        env->arena, "%.*s%s%.*s", STR_ARG(therapist), p->phone.len ? "\n" : "", STR_ARG(p->phone));
    *ret_event = event;
    return RESULT_OK;
}

struct result api_booking_ics(struct call *call)
{
    struct booking_env env = call_env(call);
    struct booking booking;
    struct ical_event event;
    struct str token = call_param(call, "token");
    TRY(booking_find_by_token(&env, token, &booking));
    TRY(booking_ical_event(&env, &booking, &event));
    struct str origin = call_origin(call);
    event.url = arena_printf(call->arena, "%.*s/b/%.*s", STR_ARG(origin), STR_ARG(token));
    struct sb sb;
    sb_init(&sb, call->arena, LIMIT_PAGE_BYTES);
    ical_write(&sb, &event);
    CHECK(sb_ok(&sb));
    http_resp_body(
        call->resp, 200, STR("text/calendar; charset=utf-8; method=PUBLISH"), sb_str(&sb));
    http_resp_header(
        call->resp, STR("Content-Disposition"), STR("inline; filename=\"session.ics\""));
    http_resp_header(call->resp, STR("Cache-Control"), STR("no-store"));
    return RESULT_OK;
}

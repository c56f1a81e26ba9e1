/* What the files of the calendar share. */
#ifndef BALM_WEB_CALENDAR_INTERNAL_H
#define BALM_WEB_CALENDAR_INTERNAL_H

#include "base/json.h"
#include "base/json_writer.h"
#include "practice/booking/open_times.h"
#include "web/calendar/calendar.h"
#include "web/format.h"
#include "web/staff/staff_kit.h"

/* ---- times (calendar_times.c) ---- */

/* "2026-03-09T09:00:00", the practice's wall time. */
struct str calendar_wall(struct arena *arena, const struct tz *zone, utc_us instant);
/* "2026-03-09T09:00:00-04:00" */
struct str calendar_instant(struct arena *arena, const struct tz *zone, utc_us instant);

/* A wall time or RFC 3339. Of a wall time that occurs twice it is the one with the offset of `near`
 * (an instant, 0: none), else the first. ERR_INVALID "no-such-hour" where the clocks skip it,
 * "bad-time" where it is neither. */
struct result MUST_CHECK calendar_when(
    const struct tz *zone, struct str text, utc_us near, utc_us *ret_instant);

/* Hours that the clocks skip or repeat within [from, to), as a JSON array. */
void calendar_write_shifts(
    struct jw *jw, struct arena *arena, const struct tz *zone, utc_us from, utc_us to);

/* ---- reading and answering (calendar_answer.c) ---- */

/* The request's body as an object; otherwise the response is filled and the result is to be
 * returned. */
struct result MUST_CHECK calendar_read(
    struct call *call, struct problems *problems, struct json_object *ret_root);
/* Leaves the object; 422 with the fields that are wrong. */
struct result MUST_CHECK calendar_read_end(struct call *call, struct json_object *root);

/* Fills the response with a problem document of the failure, `detail` being what staff read; the
 * failure itself comes back. */
struct result MUST_CHECK calendar_refuse(
    struct call *call, struct result failure, struct str detail);
/* The same with words for the failure's reason. */
struct result MUST_CHECK calendar_refuse_plain(struct call *call, struct result failure);

void calendar_send(struct call *call, struct str json);

/* ---- what the calendar shows (calendar_feed.c) ---- */

/* Names that were looked up in this request. */
struct calendar_feed {
    struct call *call;
    struct booking_env env;
    struct staff_dates dates;
    struct client *clients;
    size_t client_count;
    size_t client_cap;
};

void calendar_feed_init(struct calendar_feed *feed, struct call *call);
struct result MUST_CHECK calendar_feed_client(
    struct calendar_feed *feed, struct client_id id, const struct client **ret_client);
/* Name and key, also of one who left. */
struct result MUST_CHECK calendar_feed_resource(
    struct calendar_feed *feed, struct resource_id id, struct str *ret_name, struct str *ret_key);
struct result MUST_CHECK calendar_feed_service(
    struct calendar_feed *feed, struct service_id id, struct str *ret_name);
struct result MUST_CHECK calendar_write_booking(
    struct calendar_feed *feed, struct jw *jw, const struct booking *booking);
struct result MUST_CHECK calendar_write_time_off(
    struct calendar_feed *feed, struct jw *jw, const struct time_off *off);

/* "confirmed", "done", "no-show", "cancelled" */
struct str calendar_status_name(enum booking_status status);

/* What the page tells its script (calendar_config.c). */
struct json_text calendar_config(struct call *call, const struct staff_dates *dates, date_day day);

/* ---- rules (calendar_rules.c) ---- */

/* What stands in the way of a change, looked up before it is tried. */
struct calendar_blocker {
    struct busy busy; /* owner.kind OWNER_NONE: nothing of this therapist's */
    int therapist;
};

struct result MUST_CHECK calendar_find_blocker(struct booking_env *env, int therapist, utc_us from,
    utc_us to, struct owner except, struct calendar_blocker *ret_blocker);

/* The refusal of a change, with words for what is in the way. time_off: of a change of time off. */
struct result MUST_CHECK calendar_refuse_blocked(struct call *call, struct result failure,
    const struct calendar_blocker *blocker, bool time_off);

/* The sentences for the rules that a lenient change passes over; none where clients could have
 * chosen the time themselves. */
struct calendar_passed {
    struct str lines[2];
    size_t count;
};
struct result MUST_CHECK calendar_find_passed(struct call *call, const struct open_query *query,
    int therapist, utc_us start, struct calendar_passed *ret_passed);
void calendar_write_passed(struct jw *jw, const struct calendar_passed *passed);

#endif

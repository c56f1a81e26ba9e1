/* What the calendar shows within a range: sessions, holds, time off, working hours. */
#include "web/calendar/internal.h"

#include "base/check.h"
#include "base/limits.h"
#include "practice/booking/periods.h"

#include "base/banned.h"

void calendar_feed_init(struct calendar_feed *feed, struct call *call)
{
    *feed = (struct calendar_feed){.call = call, .env = call_env(call), .client_cap = 32};
    feed->clients = ARENA_ARRAY(call->arena, feed->client_cap, struct client);
    staff_dates_init(&feed->dates, call);
}

struct result calendar_feed_client(
    struct calendar_feed *feed, struct client_id id, const struct client **ret_client)
{
    for (size_t i = 0; i < feed->client_count; i++) {
        if (feed->clients[i].id.v == id.v) {
            *ret_client = &feed->clients[i];
            return RESULT_OK;
        }
    }
    if (feed->client_count == feed->client_cap) {
        struct client *larger = ARENA_ARRAY(feed->call->arena, feed->client_cap * 2, struct client);
        memcpy(larger, feed->clients, feed->client_count * sizeof *larger);
        feed->clients = larger;
        feed->client_cap *= 2;
    }
    struct client *client = &feed->clients[feed->client_count];
    TRY(client_get(feed->env.tx, feed->env.practice->id, id, feed->call->arena, client));
    client->name = staff_client_name(feed->call, client);
    feed->client_count++;
    *ret_client = client;
    return RESULT_OK;
}

struct result calendar_feed_resource(
    struct calendar_feed *feed, struct resource_id id, struct str *ret_name, struct str *ret_key)
{
    const struct practice *p = feed->env.practice;
    int index = practice_therapist_by_id(p, id);
    const struct resource *found = index >= 0 ? &p->therapists[index] : NULL;
    if (!found && (index = practice_room_by_id(p, id)) >= 0) found = &p->rooms[index];
    if (!found)
        return setup_resource_name(feed->env.tx, p->id, id, feed->call->arena, ret_name, ret_key);
    *ret_name = found->name;
    *ret_key = found->key;
    return RESULT_OK;
}

struct result calendar_feed_service(
    struct calendar_feed *feed, struct service_id id, struct str *ret_name)
{
    const struct practice *p = feed->env.practice;
    const struct service *service = practice_service_by_id(p, id);
    struct str key;
    if (!service)
        return setup_service_name(
            feed->env.tx, p->id, id, feed->call->lang, feed->call->arena, ret_name, &key);
    *ret_name = service_name(service, feed->call->lang);
    return RESULT_OK;
}

struct str calendar_status_name(enum booking_status status)
{
    switch (status) {
    case BOOKING_CONFIRMED: return STR("confirmed");
    case BOOKING_CANCELLED: return STR("cancelled");
    case BOOKING_DONE: return STR("done");
    case BOOKING_NO_SHOW: return STR("no-show");
    }
    UNREACHABLE();
}

/* start and end as wall times, at and until as instants. On the night when an hour comes twice a
 * session may end by the clock before it began: what is drawn is never shorter than what it takes.
 */
static void write_span(struct calendar_feed *feed, struct jw *jw, utc_us from, utc_us to)
{
    struct arena *arena = feed->call->arena;
    const struct tz *zone = feed->env.practice->zone;
    struct local_time start = tz_utc_to_local(zone, from);
    utc_us drawn_from = start.date * US_PER_DAY + start.second * US_PER_SECOND;
    struct local_time end = tz_utc_to_local(zone, to);
    utc_us drawn_to = end.date * US_PER_DAY + end.second * US_PER_SECOND;
    if (drawn_to < drawn_from + (to - from)) drawn_to = drawn_from + (to - from);
    struct sb sb;
    sb_init(&sb, arena, 32);
    struct local_time drawn = local_from_utc(drawn_to);
    date_write(&sb, drawn.date);
    sb_add_char(&sb, 'T');
    minutes_write(&sb, drawn.second / 60);
    SB_LIT(&sb, ":00");
    JW_STR(jw, "start", calendar_wall(arena, zone, from));
    JW_STR(jw, "end", sb_str(&sb));
    JW_STR(jw, "at", calendar_instant(arena, zone, from));
    JW_STR(jw, "until", calendar_instant(arena, zone, to));
}

static void write_client(struct jw *jw, const struct client *client)
{
    jw_object(jw);
    JW_I64(jw, "id", client->id.v);
    JW_STR(jw, "name", client->name);
    JW_STR(jw, "email", client->email);
    JW_STR(jw, "phone", client->phone);
    jw_object_end(jw);
}

struct result calendar_write_booking(
    struct calendar_feed *feed, struct jw *jw, const struct booking *booking)
{
    const struct client *client;
    struct str therapist;
    struct str key;
    struct str service;
    struct str room = {0};
    struct str room_key;
    int64_t earlier;
    TRY(calendar_feed_client(feed, booking->client, &client));
    TRY(calendar_feed_resource(feed, booking->therapist, &therapist, &key));
    TRY(calendar_feed_service(feed, booking->service, &service));
    if (booking->room.v) TRY(calendar_feed_resource(feed, booking->room, &room, &room_key));
    TRY(booking_count_before(&feed->env, booking->client, booking->starts, &earlier));
    jw_object(jw);
    JW_STR(jw, "id", booking->public_id);
    JW_I64(jw, "number", booking->id.v);
    write_span(feed, jw, booking->starts, booking->ends);
    JW_I64(jw, "minutes", (booking->ends - booking->starts) / US_PER_MINUTE);
    JW_I64(jw, "before", booking->before_minutes);
    JW_I64(jw, "after", booking->after_minutes);
    JW_STR(jw, "therapist", key);
    JW_STR(jw, "therapist_name", therapist);
    JW_STR(jw, "service", service);
    JW_STR(jw, "room", room);
    JW_STR(jw, "status", calendar_status_name(booking->status));
    JW_BOOL(jw, "first", earlier == 0);
    JW_STR(jw, "note", booking->note);
    jw_key(jw, STR("client"));
    write_client(jw, client);
    jw_object_end(jw);
    return RESULT_OK;
}

struct result calendar_write_time_off(
    struct calendar_feed *feed, struct jw *jw, const struct time_off *off)
{
    struct str name;
    struct str key;
    TRY(calendar_feed_resource(feed, off->resource, &name, &key));
    jw_object(jw);
    JW_I64(jw, "id", off->id);
    write_span(feed, jw, off->from, off->to);
    JW_STR(jw, "therapist", key);
    JW_STR(jw, "therapist_name", name);
    JW_STR(jw, "note", off->note);
    jw_object_end(jw);
    return RESULT_OK;
}

static struct result write_bookings(
    struct calendar_feed *feed, struct jw *jw, utc_us from, utc_us to)
{
    struct booking_list list;
    TRY(booking_in_range(&feed->env, from, to, (struct resource_id){0}, false, &list));
    jw_key(jw, STR("bookings"));
    jw_array(jw);
    for (size_t i = 0; i < list.len; i++)
        TRY(calendar_write_booking(feed, jw, &list.ptr[i]));
    jw_array_end(jw);
    return RESULT_OK;
}

static struct result write_all_time_off(
    struct calendar_feed *feed, struct jw *jw, utc_us from, utc_us to)
{
    struct time_off_list list;
    TRY(time_off_in_range(&feed->env, from, to, &list));
    jw_key(jw, STR("time_off"));
    jw_array(jw);
    for (size_t i = 0; i < list.len; i++)
        TRY(calendar_write_time_off(feed, jw, &list.ptr[i]));
    jw_array_end(jw);
    return RESULT_OK;
}

/* Holds are nobody's yet: only that the time is being booked is known. */
static struct result write_holds(struct calendar_feed *feed, struct jw *jw, utc_us from, utc_us to)
{
    const struct practice *p = feed->env.practice;
    jw_key(jw, STR("holds"));
    jw_array(jw);
    for (size_t i = 0; i < p->therapist_count; i++) {
        struct busy_list busy;
        TRY(occupancy_load(feed->env.tx, p->id, p->therapists[i].id, from, to, feed->env.now,
            (struct owner){0}, feed->call->arena, &busy));
        for (size_t k = 0; k < busy.len; k++) {
            if (busy.ptr[k].owner.kind != OWNER_HOLD) continue;
            jw_object(jw);
            write_span(feed, jw, busy.ptr[k].from, busy.ptr[k].to);
            JW_STR(jw, "therapist", p->therapists[i].key);
            jw_object_end(jw);
        }
    }
    jw_array_end(jw);
    return RESULT_OK;
}

static void write_hours(struct calendar_feed *feed, struct jw *jw, utc_us from, utc_us to)
{
    const struct practice *p = feed->env.practice;
    jw_key(jw, STR("hours"));
    jw_array(jw);
    for (size_t i = 0; i < p->therapist_count; i++) {
        struct periods periods =
            periods_of(&p->therapists[i], p->zone, from, to, feed->call->arena);
        for (size_t k = 0; k < periods.len; k++) {
            utc_us opens = periods.ptr[k].from > from ? periods.ptr[k].from : from;
            utc_us closes = periods.ptr[k].to < to ? periods.ptr[k].to : to;
            if (opens >= closes) continue;
            jw_object(jw);
            write_span(feed, jw, opens, closes);
            JW_STR(jw, "therapist", p->therapists[i].key);
            jw_object_end(jw);
        }
    }
    jw_array_end(jw);
}

struct result calendar_events(struct call *call)
{
    const struct tz *zone = call->practice->zone;
    date_day first;
    date_day behind;
    bool good = date_parse(call_query(call, "from"), &first) &&
                date_parse(call_query(call, "to"), &behind) && behind > first &&
                behind - first <= LIMIT_AVAILABILITY_DAYS;
    if (!good) return calendar_refuse_plain(call, result_fail(ERR_INVALID, "bad-range", NULL));
    utc_us from = tz_opening(zone, (struct local_time){first, 0});
    utc_us to = tz_opening(zone, (struct local_time){behind, 0});
    struct calendar_feed feed;
    calendar_feed_init(&feed, call);
    struct sb sb;
    struct jw jw;
    sb_init(&sb, call->arena, LIMIT_RESPONSE_BYTES);
    jw_init(&jw, &sb);
    jw_object(&jw);
    JW_STR(&jw, "timezone", tz_name(zone));
    JW_STR(&jw, "now", calendar_instant(call->arena, zone, call->now));
    TRY(write_bookings(&feed, &jw, from, to));
    TRY(write_all_time_off(&feed, &jw, from, to));
    TRY(write_holds(&feed, &jw, from, to));
    write_hours(&feed, &jw, from, to);
    jw_key(&jw, STR("shifts"));
    calendar_write_shifts(&jw, call->arena, zone, from, to);
    jw_object_end(&jw);
    if (!sb_ok(&sb)) return result_fail(ERR_LIMIT, "too-large", "calendar range");
    calendar_send(call, sb_str(&sb));
    return RESULT_OK;
}

struct result calendar_clients(struct call *call)
{
    enum { MAX = 8 };
    struct client_list list = {0};
    struct str query = call_query(call, "q");
    if (query.len && query.len <= LIMIT_NAME_CHARS * 4 && str_is_text(query, false)) {
        TRY(client_search(call->tx, call->practice->id, query, MAX, call->arena, &list));
    }
    struct sb sb;
    struct jw jw;
    sb_init(&sb, call->arena, LIMIT_RESPONSE_BYTES);
    jw_init(&jw, &sb);
    jw_object(&jw);
    jw_key(&jw, STR("clients"));
    jw_array(&jw);
    for (size_t i = 0; i < list.len; i++)
        write_client(&jw, &list.ptr[i]);
    jw_array_end(&jw);
    jw_object_end(&jw);
    calendar_send(call, sb_str(&sb));
    return RESULT_OK;
}

struct result calendar_live(struct call *call)
{
    if (!call->site->hub) return result_fail(ERR_BUSY, "no-hub", NULL);
    return http_hub_subscribe(call->site->hub, call->practice->id.v, call->resp);
}

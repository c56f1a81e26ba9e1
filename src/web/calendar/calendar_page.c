/* The calendar's page: the week as a table, and around it what the script fills. */
#include "web/calendar/internal.h"

#include "base/check.h"
#include "base/limits.h"
#include "practice/booking/periods.h"
#include "web/format.h"
#include "web/static/assets.h"
#include "web/views/staff_calendar.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum { WEEK_DAYS = 7, LOOK_AHEAD_DAYS = 14 };

/* The rows of one day, as far as they are known. */
struct week_rows {
    struct view_calendar_row *ptr;
    date_day *days;
    utc_us *starts;
    size_t len;
    size_t cap;
};

static struct str state_words(struct call *call, const struct booking *booking, bool first)
{
    switch (booking->status) {
    case BOOKING_CONFIRMED:
        return first ? staff_say(call, msg_calendar_state_first) : (struct str){0};
    case BOOKING_DONE: return staff_say(call, msg_calendar_state_done);
    case BOOKING_NO_SHOW: return staff_say(call, msg_calendar_state_no_show);
    case BOOKING_CANCELLED: return staff_say(call, msg_calendar_state_cancelled);
    }
    UNREACHABLE();
}

static struct result booking_row(
    struct calendar_feed *feed, const struct booking *booking, struct view_calendar_row *ret_row)
{
    struct call *call = feed->call;
    struct view_calendar_row row = {
        .time = staff_span(&feed->dates, booking->starts, booking->ends)};
    const struct client *client;
    struct str key;
    int64_t earlier;
    TRY(calendar_feed_client(feed, booking->client, &client));
    TRY(calendar_feed_service(feed, booking->service, &row.service));
    TRY(calendar_feed_resource(feed, booking->therapist, &row.therapist, &key));
    if (booking->room.v) TRY(calendar_feed_resource(feed, booking->room, &row.room, &key));
    TRY(booking_count_before(&feed->env, booking->client, booking->starts, &earlier));
    row.what = client->name;
    row.state = state_words(call, booking, earlier == 0);
    row.url = staff_url(call, "/staff/bookings/%lld", (long long)booking->id.v);
    *ret_row = row;
    return RESULT_OK;
}

static struct result off_row(
    struct calendar_feed *feed, const struct time_off *off, struct view_calendar_row *ret_row)
{
    struct str key;
    struct view_calendar_row row = {.time = staff_span(&feed->dates, off->from, off->to),
        .what = staff_say(feed->call, msg_calendar_time_off),
        .service = off->note};
    TRY(calendar_feed_resource(feed, off->resource, &row.therapist, &key));
    *ret_row = row;
    return RESULT_OK;
}

/* In order of their start; what began before the week stands on its first day. */
static void insert_row(struct week_rows *rows, const struct tz *zone, date_day first, utc_us starts,
    const struct view_calendar_row *row)
{
    size_t at = rows->len;
    CHECK(rows->len < rows->cap);
    while (at > 0 && rows->starts[at - 1] > starts) {
        rows->ptr[at] = rows->ptr[at - 1];
        rows->days[at] = rows->days[at - 1];
        rows->starts[at] = rows->starts[at - 1];
        at--;
    }
    date_day day = tz_utc_to_local(zone, starts).date;
    rows->ptr[at] = *row;
    rows->days[at] = day < first ? first : day;
    rows->starts[at] = starts;
    rows->len++;
}

static struct result load_week(
    struct calendar_feed *feed, date_day first, struct week_rows *ret_rows)
{
    struct call *call = feed->call;
    struct booking_list bookings;
    struct time_off_list offs;
    utc_us from = staff_day_begin(call, first);
    utc_us to = staff_day_begin(call, first + WEEK_DAYS);
    const struct tz *zone = call->practice->zone;
    struct view_calendar_row row;
    TRY(booking_in_range(&feed->env, from, to, (struct resource_id){0}, false, &bookings));
    TRY(time_off_in_range(&feed->env, from, to, &offs));
    struct week_rows rows = {.cap = bookings.len + offs.len};
    rows.ptr = ARENA_ARRAY(call->arena, rows.cap, struct view_calendar_row);
    rows.days = ARENA_ARRAY(call->arena, rows.cap, date_day);
    rows.starts = ARENA_ARRAY(call->arena, rows.cap, utc_us);
    for (size_t i = 0; i < bookings.len; i++) {
        TRY(booking_row(feed, &bookings.ptr[i], &row));
        insert_row(&rows, zone, first, bookings.ptr[i].starts, &row);
    }
    for (size_t i = 0; i < offs.len; i++) {
        TRY(off_row(feed, &offs.ptr[i], &row));
        insert_row(&rows, zone, first, offs.ptr[i].from, &row);
    }
    *ret_rows = rows;
    return RESULT_OK;
}

static struct view_calendar_days week_days(
    const struct calendar_feed *feed, date_day first, const struct week_rows *rows)
{
    struct view_calendar_day *days =
        ARENA_ARRAY(feed->call->arena, WEEK_DAYS, struct view_calendar_day);
    size_t next = 0;
    for (int i = 0; i < WEEK_DAYS; i++) {
        size_t begin = next;
        while (next < rows->len && rows->days[next] <= first + i)
            next++;
        days[i].name = staff_day(&feed->dates, first + i);
        days[i].today = first + i == feed->dates.today;
        if (next > begin)
            days[i].rows = (struct view_calendar_rows){rows->ptr + begin, next - begin};
    }
    return (struct view_calendar_days){days, WEEK_DAYS};
}

static struct view_options therapist_options(struct call *call)
{
    const struct practice *p = call->practice;
    struct view_option *list = ARENA_ARRAY(call->arena, p->therapist_count, struct view_option);
    for (size_t i = 0; i < p->therapist_count; i++)
        list[i] = (struct view_option){p->therapists[i].key, p->therapists[i].name, false};
    return (struct view_options){list, p->therapist_count};
}

static struct view_options service_options(struct call *call)
{
    const struct practice *p = call->practice;
    struct view_option *list = ARENA_ARRAY(call->arena, p->service_count, struct view_option);
    for (size_t i = 0; i < p->service_count; i++) {
        struct tmpl *t = staff_text(call);
        msg_calendar_service(t, service_name(&p->services[i], call->lang), p->services[i].minutes);
        list[i] = (struct view_option){p->services[i].key, staff_text_end(t), false};
    }
    return (struct view_options){list, p->service_count};
}

/* "/staff/calendar?day=2026-03-02" */
static struct url day_url(struct call *call, date_day day)
{
    struct str iso = staff_iso_day(call, day);
    return staff_url(call, "/staff/calendar?day=%.*s", STR_ARG(iso));
}

/* Where nobody says which day: today, or the next on which there is something left to do. */
static struct result next_day(struct calendar_feed *feed, date_day *ret_day)
{
    struct call *call = feed->call;
    const struct practice *p = call->practice;
    utc_us until = call->now + LOOK_AHEAD_DAYS * US_PER_DAY;
    utc_us first = until;
    struct booking_list bookings;
    TRY(booking_in_range(&feed->env, call->now, until, (struct resource_id){0}, false, &bookings));
    if (bookings.len) first = bookings.ptr[0].starts;
    for (size_t i = 0; i < p->therapist_count; i++) {
        struct periods open = periods_of(&p->therapists[i], p->zone, call->now, until, call->arena);
        if (open.len && open.ptr[0].from < first) first = open.ptr[0].from;
    }
    bool now = first < call->now || first == until;
    *ret_day = now ? feed->dates.today : tz_utc_to_local(p->zone, first).date;
    return RESULT_OK;
}

struct result calendar_page(struct call *call)
{
    const struct practice *p = call->practice;
    struct calendar_feed feed;
    struct week_rows rows;
    calendar_feed_init(&feed, call);
    const struct format *format = &feed.dates.format;
    date_day day;
    if (!date_parse(call_query(call, "day"), &day)) TRY(next_day(&feed, &day));
    date_day first = format_first_of_week(format, day);
    TRY(load_week(&feed, first, &rows));
    struct view_staff_calendar view = {
        .week = format_capital(format, format_week(format, first)),
        .zone = format_zone(format, tz_name(p->zone)),
        .before_url = day_url(call, first - WEEK_DAYS),
        .after_url = day_url(call, first + WEEK_DAYS),
        .today_url = URL("/staff/calendar"),
        .several = p->therapist_count > 1,
        .days = week_days(&feed, first, &rows),
        .therapists = therapist_options(call),
        .services = service_options(call),
        .step_minutes = p->rules.step_minutes,
        .config = calendar_config(call, &feed.dates, day),
    };
    staff_page_fill(call, VIEW_STAFF_CALENDAR, staff_say(call, msg_calendar_title), &view.page);
    view.page.wide = true;
    view.page.page_css_url = asset_url(STR("calendar.css"));
    view.page.page_js_url = asset_url(STR("calendar.js"));
    STAFF_PAGE(call, 200, tmpl_staff_calendar, &view);
    return RESULT_OK;
}

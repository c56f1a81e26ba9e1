/* "Why is this time not offered?": the rule that blocks it, and what stands in the way, in words.
 */
#include "web/staff/staff_pages.h"

#include "base/check.h"
#include "base/limits.h"
#include "practice/booking/periods.h"
#include "web/staff/staff_visit.h"
#include "web/views/staff_why.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

/* "9:00–12:00, 13:00–17:00" of that day; empty where they do not work. */
static struct str hours_of_day(const struct call *call, const struct staff_dates *dates,
    const struct resource *therapist, utc_us at)
{
    date_day day = staff_local(call, at).date;
    utc_us from = staff_day_begin(call, day);
    utc_us to = staff_day_begin(call, day + 1);
    struct periods periods = periods_of(therapist, call->practice->zone, from, to, call->arena);
    struct sb sb;
    sb_init(&sb, call->arena, 1000);
    for (size_t i = 0; i < periods.len; i++) {
        utc_us opens = periods.ptr[i].from > from ? periods.ptr[i].from : from;
        utc_us closes = periods.ptr[i].to < to ? periods.ptr[i].to : to;
        while (i + 1 < periods.len && periods.ptr[i + 1].from == closes)
            closes = periods.ptr[++i].to < to ? periods.ptr[i].to : to;
        if (sb.len) sb_add(&sb, STR(", "));
        sb_add(&sb, staff_span(dates, opens, closes));
    }
    return sb_str(&sb);
}

/* What occupies somebody: a client's session, time off, or a hold. */
static struct result blocker_words(struct call *call, const struct staff_dates *dates,
    struct str name, struct busy busy, struct view_staff_reason *reason)
{
    struct booking_env env = call_env(call);
    struct tmpl *t = staff_text(call);
    struct str span = staff_span(dates, busy.from, busy.to);
    switch (busy.owner.kind) {
    case OWNER_BOOKING: {
        struct booking booking;
        struct client client;
        TRY(booking_find(&env, (struct booking_id){busy.owner.id}, &booking));
        TRY(client_get(call->tx, call->practice->id, booking.client, call->arena, &client));
        msg_staff_why_booking(t, name, staff_client_name(call, &client), span);
        reason->url = staff_url(call, "/staff/bookings/%lld", (long long)booking.id.v);
        reason->url_label = staff_client_name(call, &client);
        break;
    }
    case OWNER_TIME_OFF: msg_staff_why_time_off(t, name, span); break;
    case OWNER_HOLD: msg_staff_why_hold(t, name, span); break;
    case OWNER_NONE: UNREACHABLE();
    }
    reason->text = staff_text_end(t);
    return RESULT_OK;
}

struct result staff_why_words(struct call *call, const struct staff_dates *dates,
    const struct open_query *q, const struct why_answer *answer, utc_us start,
    struct view_staff_reason *ret_reason)
{
    const struct booking_rules *rules = &q->practice->rules;
    const struct resource *therapist = &q->practice->therapists[answer->therapist];
    struct view_staff_reason reason = {
        .name = therapist->name, .offered = answer->why == WHY_OFFERED};
    struct tmpl *t = staff_text(call);
    switch (answer->why) {
    case WHY_OFFERED: msg_staff_why_offered(t, therapist->name); break;
    case WHY_NOT_THEIR_SERVICE:
        msg_staff_why_not_service(t, therapist->name, service_name(q->service, call->lang));
        break;
    case WHY_TOO_SOON:
        if (start <= call->now) {
            msg_staff_why_past(t);
        } else {
            msg_staff_why_too_soon(t, staff_minutes_words(dates, rules->notice_minutes));
        }
        break;
    case WHY_TOO_FAR: msg_staff_why_too_far(t, rules->horizon_days); break;
    case WHY_OUTSIDE_HOURS: {
        struct str hours = hours_of_day(call, dates, therapist, start);
        struct str day = staff_day(dates, staff_local(call, start).date);
        if (hours.len) {
            int minutes = q->minutes ? q->minutes : q->service->minutes;
            msg_staff_why_hours(t, therapist->name, hours, day, minutes);
        } else {
            msg_staff_why_day_off(t, therapist->name, day);
        }
        break;
    }
    case WHY_OFF_GRID: msg_staff_why_grid(t, rules->step_minutes); break;
    case WHY_DAY_FULL: msg_staff_why_day_full(t, therapist->name, rules->max_per_day); break;
    case WHY_NO_ROOM: msg_staff_why_no_room(t, service_name(q->service, call->lang)); break;
    case WHY_BUSY:
        TRY(blocker_words(call, dates, therapist->name, answer->blocker, &reason));
        break;
    }
    if (!reason.text.len) reason.text = staff_text_end(t);
    *ret_reason = reason;
    return RESULT_OK;
}

static bool gives(const struct open_query *q, int therapist)
{
    for (size_t i = 0; i < q->service->therapist_count; i++) {
        if (q->service->therapists[i] == therapist) return true;
    }
    return false;
}

struct result staff_warning(struct call *call, const struct staff_dates *dates,
    const struct open_query *query, utc_us start, struct str *ret_warning, int *ret_therapist)
{
    *ret_warning = (struct str){0};
    *ret_therapist = query->therapist;
    if (start < call->now) {
        *ret_warning = staff_say(call, msg_staff_warn_past);
        return RESULT_OK;
    }
    /* Staff need no notice and no horizon: those rules are let go before asking. */
    struct practice *practice = ARENA_NEW(call->arena, struct practice);
    *practice = *query->practice;
    practice->rules.notice_minutes = 0;
    practice->rules.horizon_days = LIMIT_HORIZON_DAYS * 5;
    struct open_query q = *query;
    q.practice = practice;
    struct str first = {0};
    for (size_t i = 0; i < practice->therapist_count; i++) {
        bool asked = query->therapist < 0 ? gives(&q, (int)i) : query->therapist == (int)i;
        if (!asked) continue;
        struct why_answer answer;
        struct view_staff_reason reason;
        TRY(open_why(call->tx, &q, (int)i, start, call->arena, &answer));
        if (answer.why == WHY_OFFERED) {
            *ret_therapist = (int)i;
            return RESULT_OK;
        }
        /* What cannot be passed over is said when it fails. */
        if (answer.why == WHY_BUSY || answer.why == WHY_NO_ROOM) continue;
        TRY(staff_why_words(call, dates, &q, &answer, start, &reason));
        if (!first.len) first = reason.text;
    }
    *ret_warning = first;
    return RESULT_OK;
}

struct result staff_obstacle(struct call *call, const struct staff_dates *dates,
    const struct open_query *q, utc_us start, struct result why, struct str *ret_words)
{
    const struct practice *p = q->practice;
    *ret_words = staff_problem(call, why.reason ? why.reason : "other", (struct str){0});
    if (why.code != ERR_CONFLICT) return RESULT_OK;
    int minutes = q->minutes ? q->minutes : q->service->minutes;
    utc_us from = start - q->service->before_minutes * US_PER_MINUTE;
    utc_us to = start + (minutes + q->service->after_minutes) * US_PER_MINUTE;
    struct sb sb;
    sb_init(&sb, call->arena, 4000);
    bool somebody_free = false;
    for (size_t i = 0; i < p->therapist_count; i++) {
        if (q->therapist < 0 ? !gives(q, (int)i) : q->therapist != (int)i) continue;
        struct busy_list busy;
        struct view_staff_reason reason = {0};
        TRY(occupancy_load(call->tx, p->id, p->therapists[i].id, from, to, call->now, q->except,
            call->arena, &busy));
        somebody_free = somebody_free || busy.len == 0;
        if (!busy.len) continue;
        TRY(blocker_words(call, dates, p->therapists[i].name, busy.ptr[0], &reason));
        if (sb.len) sb_add_char(&sb, ' ');
        sb_add(&sb, reason.text);
    }
    if (somebody_free) {
        struct tmpl *t = staff_text(call);
        msg_staff_why_no_room(t, service_name(q->service, call->lang));
        *ret_words = staff_text_end(t);
    } else if (sb.len) {
        *ret_words = sb_str(&sb);
    }
    return RESULT_OK;
}

/* ---- the page ---- */

/* `start` as an instant, or `date` and `time` in the practice's zone. */
static bool asked_start(
    struct call *call, utc_us *ret_start, struct str *ret_date, struct str *ret_time)
{
    struct str start = call_query(call, "start");
    if (rfc3339_parse(start, ret_start)) {
        struct local_time local = staff_local(call, *ret_start);
        *ret_date = staff_iso_day(call, local.date);
        *ret_time = staff_hhmm(call, local.second / 60);
        return true;
    }
    *ret_date = call_query(call, "date");
    *ret_time = call_query(call, "time");
    date_day date;
    int minutes;
    if (!date_parse(*ret_date, &date) || !minutes_parse(*ret_time, false, &minutes)) return false;
    struct local_time local = {date, minutes * 60};
    struct tz_instants instants = tz_local_to_utc(call->practice->zone, local);
    *ret_start = instants.count ? instants.at[0] : instants.gap_end;
    return true;
}

static struct result reasons(struct call *call, const struct staff_dates *dates,
    const struct open_query *q, utc_us start, struct view_staff_reasons *ret)
{
    const struct practice *p = call->practice;
    struct view_staff_reason *list =
        ARENA_ARRAY(call->arena, p->therapist_count, struct view_staff_reason);
    size_t count = 0;
    for (size_t i = 0; i < p->therapist_count; i++) {
        if (q->therapist < 0 ? !gives(q, (int)i) : q->therapist != (int)i) continue;
        struct why_answer answer;
        TRY(open_why(call->tx, q, (int)i, start, call->arena, &answer));
        TRY(staff_why_words(call, dates, q, &answer, start, &list[count]));
        count++;
    }
    *ret = (struct view_staff_reasons){list, count};
    return RESULT_OK;
}

struct result staff_why(struct call *call)
{
    const struct practice *p = call->practice;
    struct staff_dates dates;
    struct staff_form form;
    struct view_staff_why view = {0};
    staff_dates_init(&dates, call);
    staff_form_init(&form, call, false);
    staff_page_fill(call, VIEW_STAFF_NONE, staff_say(call, msg_staff_why_title), &view.page);
    struct str key = call_query(call, "service");
    struct str who = call_query(call, "therapist");
    const struct service *service = practice_service(p, key);
    utc_us start;
    struct str date;
    struct str time;
    bool asked = asked_start(call, &start, &date, &time);
    if (service && asked) {
        struct open_query q = {.practice = p,
            .service = service,
            .therapist = who.len ? practice_therapist(p, who) : -1,
            .now = call->now};
        view.when = staff_when(&dates, start);
        view.service = service_name(service, call->lang);
        TRY(reasons(call, &dates, &q, start, &view.reasons));
        view.book_url.s =
            arena_printf(call->arena, "/staff/book?service=%.*s&therapist=%.*s&date=%.*s&time=%.*s",
                STR_ARG(service->key), STR_ARG(staff_encoded(call, who)),
                STR_ARG(staff_encoded(call, date)), STR_ARG(staff_encoded(call, time)));
    }
    size_t count;
    struct view_option *options = staff_service_options(call, &count);
    staff_select(&form, "service", msg_staff_label_service, NULL, options, count, key);
    options = staff_therapist_options(call, msg_staff_anyone, &count);
    staff_select(&form, "therapist", msg_staff_label_therapist, NULL, options, count, who);
    staff_input(&form, VIEW_INPUT_DATE, "date", msg_staff_label_date, NULL,
        date.len ? date : staff_iso_day(call, dates.today));
    staff_input(&form, VIEW_INPUT_TIME, "time", msg_staff_label_time, NULL, time);
    staff_form_done(&form, URL("/staff/why"), msg_staff_why_ask, &view.form);
    STAFF_PAGE(call, 200, tmpl_staff_why, &view);
    return RESULT_OK;
}

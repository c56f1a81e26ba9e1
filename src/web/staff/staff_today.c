/* Today: who comes when, what matters about them, and what is free between. */
#include "web/staff/staff_pages.h"

#include "base/check.h"
#include "practice/booking/open_times.h"
#include "practice/booking/periods.h"
#include "web/staff/staff_kit.h"
#include "web/staff/staff_progress.h"
#include "web/staff/staff_visit.h"
#include "web/views/staff_today.tmpl.h"
#include "web/words/msg_gen.h"

#include <stdlib.h>

#include "base/banned.h"

enum { GAPS_MAX = 64, GAP_MINUTES_MIN = 15, NEXT_DAYS = 60 };

struct gap {
    utc_us from;
    utc_us to;
    int therapist;
    struct str off; /* time off: its note, or its words */
};

struct day {
    struct call *call;
    struct staff_dates dates;
    date_day date;
    utc_us from;
    utc_us to;
    int therapist; /* index, -1: everyone */
    struct booking_list bookings;
    struct gap gaps[GAPS_MAX];
    size_t gap_count;
    bool works;
    struct str path; /* this page, to come back to */
};

/* ---- whose day ---- */

/* The therapist that the signed-in user is; -1 where they are none. */
int staff_own_therapist(const struct call *call)
{
    const struct practice *p = call->practice;
    for (size_t i = 0; i < p->therapist_count; i++) {
        if (p->therapists[i].email.len && str_eq_nocase(p->therapists[i].email, call->user.email))
            return (int)i;
    }
    return -1;
}

static int chosen_therapist(const struct call *call)
{
    struct str who = call_query(call, "who");
    if (str_eq(who, STR("all"))) return -1;
    int named = who.len ? practice_therapist(call->practice, who) : -1;
    return named >= 0 ? named : staff_own_therapist(call);
}

static struct str who_key(const struct day *d)
{
    return d->therapist < 0 ? STR("all") : d->call->practice->therapists[d->therapist].key;
}

static struct url day_url(const struct day *d, date_day date)
{
    struct str iso = staff_iso_day(d->call, date);
    struct str who = who_key(d);
    return staff_url(d->call, "/staff?day=%.*s&who=%.*s", STR_ARG(iso), STR_ARG(who));
}

static struct view_links who_links(const struct day *d)
{
    const struct practice *p = d->call->practice;
    struct str iso = staff_iso_day(d->call, d->date);
    struct view_link *list = ARENA_ARRAY(d->call->arena, p->therapist_count + 1, struct view_link);
    list[0] = (struct view_link){staff_say(d->call, msg_staff_everyone),
        staff_url(d->call, "/staff?day=%.*s&who=all", STR_ARG(iso)), d->therapist < 0};
    for (size_t i = 0; i < p->therapist_count; i++) {
        list[i + 1] = (struct view_link){p->therapists[i].name,
            staff_url(
                d->call, "/staff?day=%.*s&who=%.*s", STR_ARG(iso), STR_ARG(p->therapists[i].key)),
            d->therapist == (int)i};
    }
    return (struct view_links){list, p->therapist_count + 1};
}

/* ---- gaps ---- */

static void add_gap(struct day *d, struct gap gap)
{
    if (gap.to <= gap.from || d->gap_count == GAPS_MAX) return;
    if (!gap.off.len && gap.to - gap.from < GAP_MINUTES_MIN * US_PER_MINUTE) return;
    d->gaps[d->gap_count++] = gap;
}

/* What of the period is not taken. */
static void free_parts(struct day *d, int therapist, struct period period, struct busy_list busy)
{
    /* What is past is of no use any more; now counts from the next quarter of an hour. */
    utc_us quarter = GAP_MINUTES_MIN * US_PER_MINUTE;
    utc_us soon = (d->call->now + quarter - 1) / quarter * quarter;
    utc_us at = period.from > d->from ? period.from : d->from;
    if (at < soon) at = soon;
    utc_us end = period.to < d->to ? period.to : d->to;
    for (size_t i = 0; i < busy.len && at < end; i++) {
        if (busy.ptr[i].to <= at) continue;
        utc_us until = busy.ptr[i].from < end ? busy.ptr[i].from : end;
        add_gap(d, (struct gap){at, until, therapist, {0}});
        at = busy.ptr[i].to;
    }
    add_gap(d, (struct gap){at, end, therapist, {0}});
}

static struct result therapist_gaps(struct day *d, int index)
{
    struct call *call = d->call;
    const struct resource *therapist = &call->practice->therapists[index];
    struct periods periods =
        periods_of(therapist, call->practice->zone, d->from, d->to, call->arena);
    struct busy_list busy;
    struct owner none = {0};
    TRY(occupancy_load(call->tx, call->practice->id, therapist->id, d->from, d->to, call->now, none,
        call->arena, &busy));
    for (size_t i = 0; i < periods.len; i++) {
        struct period period = periods.ptr[i];
        d->works = true;
        while (i + 1 < periods.len && periods.ptr[i + 1].from == period.to)
            period.to = periods.ptr[++i].to;
        free_parts(d, index, period, busy);
    }
    return RESULT_OK;
}

static struct result time_off_gaps(struct day *d, struct booking_env *env)
{
    struct time_off_list list;
    TRY(time_off_in_range(env, d->from, d->to, &list));
    for (size_t i = 0; i < list.len; i++) {
        const struct time_off *off = &list.ptr[i];
        int index = practice_therapist_by_id(d->call->practice, off->resource);
        if (index < 0 || (d->therapist >= 0 && d->therapist != index)) continue;
        struct tmpl *t = staff_text(d->call);
        struct str span = staff_span(&d->dates, off->from > d->from ? off->from : d->from,
            off->to < d->to ? off->to : d->to);
        msg_staff_day_off(t, d->call->practice->therapists[index].name, span);
        if (off->note.len) {
            sb_add(t->out, STR(" · "));
            sb_add(t->out, off->note);
        }
        add_gap(d, (struct gap){off->from, off->to, index, staff_text_end(t)});
    }
    return RESULT_OK;
}

static int gap_order(const void *a, const void *b)
{
    const struct gap *x = a;
    const struct gap *y = b;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    return x->therapist - y->therapist;
}

/* ---- the sentences above ---- */

static struct str count_words(const struct call *call, size_t count)
{
    static const staff_sentence words[] = {msg_staff_number_2, msg_staff_number_3,
        msg_staff_number_4, msg_staff_number_5, msg_staff_number_6, msg_staff_number_7,
        msg_staff_number_8, msg_staff_number_9, msg_staff_number_10};
    if (count >= 2 && count < 2 + COUNT_OF(words)) return staff_say(call, words[count - 2]);
    return arena_printf(call->arena, "%zu", count);
}

static size_t count_kept(const struct day *d, const struct booking **ret_first)
{
    size_t count = 0;
    for (size_t i = 0; i < d->bookings.len; i++) {
        if (d->bookings.ptr[i].status == BOOKING_CANCELLED) continue;
        if (!count++) *ret_first = &d->bookings.ptr[i];
    }
    return count;
}

/* "9:00–10:00, 12:00–13:00" of one therapist; empty where there is none. */
static struct str free_times(const struct day *d, int therapist)
{
    struct sb sb;
    sb_init(&sb, d->call->arena, 1000);
    for (size_t i = 0; i < d->gap_count; i++) {
        if (d->gaps[i].off.len || d->gaps[i].therapist != therapist) continue;
        if (sb.len) sb_add(&sb, STR(", "));
        sb_add(&sb, staff_span(&d->dates, d->gaps[i].from, d->gaps[i].to));
    }
    return sb_str(&sb);
}

static struct view_lines summary(const struct day *d)
{
    const struct practice *p = d->call->practice;
    struct view_line *lines = ARENA_ARRAY(d->call->arena, p->therapist_count + 1, struct view_line);
    size_t count = 0;
    const struct booking *first = NULL;
    size_t sessions = count_kept(d, &first);
    struct tmpl *t = staff_text(d->call);
    if (sessions == 1) {
        msg_staff_day_one(t, staff_clock(&d->dates, first->starts));
    } else if (sessions > 1) {
        msg_staff_day_many(
            t, count_words(d->call, sessions), staff_clock(&d->dates, first->starts));
    }
    bool alone = d->therapist >= 0 || p->therapist_count == 1;
    int one = d->therapist >= 0 ? d->therapist : 0;
    struct str free = alone ? free_times(d, one) : (struct str){0};
    if (free.len) {
        if (sessions) sb_add_char(t->out, ' ');
        msg_staff_day_free(t, free);
    }
    struct str line = staff_text_end(t);
    if (line.len) lines[count++].text = line;
    for (size_t i = 0; !alone && i < p->therapist_count; i++) {
        free = free_times(d, (int)i);
        if (!free.len) continue;
        t = staff_text(d->call);
        msg_staff_day_person_free(t, p->therapists[i].name, free);
        lines[count++].text = staff_text_end(t);
    }
    return (struct view_lines){lines, count};
}

/* ---- the list ---- */

static struct result day_lines(struct day *d, struct view_staff_lines *ret_lines)
{
    struct call *call = d->call;
    bool alone = d->therapist >= 0 || call->practice->therapist_count == 1;
    size_t max = d->bookings.len + d->gap_count;
    struct view_staff_line *lines = ARENA_ARRAY(call->arena, max, struct view_staff_line);
    size_t count = 0;
    size_t gap = 0;
    for (size_t i = 0; i <= d->bookings.len; i++) {
        utc_us starts = i < d->bookings.len ? d->bookings.ptr[i].starts : INT64_MAX;
        for (; gap < d->gap_count && d->gaps[gap].from < starts; gap++) {
            const struct gap *g = &d->gaps[gap];
            if (!g->off.len && (!alone || d->bookings.len == 0)) continue;
            struct str words = g->off;
            if (!words.len) {
                struct tmpl *t = staff_text(call);
                msg_staff_gap(t, staff_span(&d->dates, g->from, g->to));
                words = staff_text_end(t);
            }
            lines[count++] = (struct view_staff_line){.gap = words, .off = g->off.len > 0};
        }
        if (i == d->bookings.len) break;
        TRY(staff_visit_fill(call, &d->dates, &d->bookings.ptr[i], &lines[count].visit));
        if (alone) lines[count].visit.therapist = (struct str){0};
        lines[count].visit.back = d->path;
        count++;
    }
    *ret_lines = (struct view_staff_lines){lines, count};
    return RESULT_OK;
}

/* An empty day leads to the next one with a session. */
static struct result find_next(
    struct day *d, struct booking_env *env, struct view_staff_today *view)
{
    struct resource_id whose = {0};
    if (d->therapist >= 0) whose = d->call->practice->therapists[d->therapist].id;
    struct booking_list list;
    TRY(booking_in_range(env, d->to, d->to + NEXT_DAYS * US_PER_DAY, whose, false, &list));
    if (!list.len) return RESULT_OK;
    date_day date = staff_local(d->call, list.ptr[0].starts).date;
    view->next_day = staff_day(&d->dates, date);
    view->next_day_url = day_url(d, date);
    return RESULT_OK;
}

static struct result load_day(struct day *d, struct booking_env *env)
{
    const struct practice *p = d->call->practice;
    struct resource_id whose = {0};
    if (d->therapist >= 0) whose = p->therapists[d->therapist].id;
    TRY(booking_in_range(env, d->from, d->to, whose, true, &d->bookings));
    for (size_t i = 0; i < p->therapist_count; i++) {
        if (d->therapist >= 0 && d->therapist != (int)i) continue;
        TRY(therapist_gaps(d, (int)i));
    }
    TRY(time_off_gaps(d, env));
    if (d->gap_count) qsort(d->gaps, d->gap_count, sizeof *d->gaps, gap_order);
    return RESULT_OK;
}

static void day_init(struct day *d, struct call *call)
{
    *d = (struct day){.call = call, .therapist = chosen_therapist(call)};
    staff_dates_init(&d->dates, call);
    struct str asked = call_query(call, "day");
    if (!date_parse(asked, &d->date)) d->date = d->dates.today;
    d->from = staff_day_begin(call, d->date);
    d->to = staff_day_begin(call, d->date + 1);
    d->path = day_url(d, d->date).s;
}

static bool nobody_works(const struct practice *p)
{
    for (size_t i = 0; i < p->therapist_count; i++) {
        if (p->therapists[i].hours_count || p->therapists[i].exception_count) return false;
    }
    return true;
}

struct result staff_today(struct call *call)
{
    struct day d;
    struct booking_env env = call_env(call);
    day_init(&d, call);
    TRY(load_day(&d, &env));
    struct view_staff_today view = {
        .heading = staff_capital(&d.dates, staff_day(&d.dates, d.date)),
        .summary = summary(&d),
        .before_url = day_url(&d, d.date - 1),
        .after_url = day_url(&d, d.date + 1),
        .works = d.works,
    };
    struct str iso = staff_iso_day(call, d.date);
    if (d.date != d.dates.today) {
        view.today_url = day_url(&d, d.dates.today);
        view.relative = d.date == d.dates.today + 1   ? staff_say(call, msg_staff_tomorrow)
                        : d.date == d.dates.today - 1 ? staff_say(call, msg_staff_yesterday)
                                                      : (struct str){0};
    } else {
        view.relative = staff_say(call, msg_staff_today);
        TRY(staff_alerts(call, &d.dates, &view.adverse, &view.erasures));
    }
    staff_page_fill(call, VIEW_STAFF_TODAY, view.heading, &view.page);
    if (view.page.may_calendar) {
        view.book_url = staff_url(call, "/staff/book?date=%.*s", STR_ARG(iso));
        view.calendar_url = staff_url(call, "/staff/calendar?day=%.*s", STR_ARG(iso));
    }
    if (view.page.may_settings && nobody_works(call->practice))
        view.settings_url = URL("/staff/settings");
    if (call->practice->therapist_count > 1) view.who = who_links(&d);
    TRY(day_lines(&d, &view.lines));
    if (!d.bookings.len) TRY(find_next(&d, &env, &view));
    STAFF_PAGE(call, 200, tmpl_staff_today, &view);
    return RESULT_OK;
}

#include "web/pages/picker.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/progress.h"

#include "base/banned.h"

/* Only what is shown is computed: the week of the day chosen, and the month where it stands open.
 */
enum {
    FEW_OPENINGS = 2,
    LOOK_AHEAD_DAYS = 42,
    NOON_MINUTES = 12 * 60,
    EVENING_MINUTES = 17 * 60,
    SUGGESTED_DAYS_MAX = 60,
};

/* One page's work. */
struct picking {
    struct call *call;
    const struct format *f;
    const struct picker_wish *wish;
    const struct tz *zone;
    date_day today;
    date_day last; /* the horizon's last day */
    date_day from; /* days whose openings are known: [from, to) */
    date_day to;
    struct open_slots slots;
    int *counts;    /* openings of each day known */
    date_day day;   /* chosen, or 0 */
    date_day week;  /* first day of the week shown */
    date_day month; /* first day of the month shown, or 0 */
};

/* ---- reading what was asked for ---- */

static bool read_month(struct str text, date_day *ret_date)
{
    char whole[16];
    if (text.len != 7) return false;
    memcpy(whole, text.ptr, 7);
    memcpy(whole + 7, "-01", 3);
    return date_parse((struct str){whole, 10}, ret_date);
}

/* from and to, where they are days of a span that is not over and not longer than that. */
static void read_suggested(struct call *call, struct picker_wish *wish)
{
    date_day today = tz_utc_to_local(call->practice->zone, call->now).date;
    date_day from;
    date_day to;
    if (!date_parse(call_query(call, "from"), &from) || !date_parse(call_query(call, "to"), &to))
        return;
    if (to < from || to - from >= SUGGESTED_DAYS_MAX || to < today) return;
    wish->suggest_from = from > today ? from : today;
    wish->suggest_to = to;
}

void picker_read(struct call *call, struct picker_wish *wish)
{
    struct str key = call_query(call, "therapist");
    wish->therapist = -1;
    int asked = key.len ? practice_therapist(call->practice, key) : -1;
    for (size_t i = 0; i < wish->service->therapist_count; i++) {
        if (wish->service->therapists[i] == asked) wish->therapist = asked;
    }
    date_day date;
    if (date_parse(call_query(call, "day"), &date)) wish->day = date;
    if (date_parse(call_query(call, "week"), &date)) wish->week = date;
    if (read_month(call_query(call, "month"), &date)) wish->month = date;
    read_suggested(call, wish);
}

/* ---- open times ---- */

static struct result load(struct call *call, const struct picker_wish *wish, utc_us from, utc_us to,
    struct open_slots *ret_slots)
{
    struct open_query query = {.practice = call->practice,
        .service = wish->service,
        .therapist = wish->therapist,
        .minutes = wish->minutes,
        .from = from,
        .to = to,
        .now = call->now,
        .except = wish->except,
        .except_booking = wish->except_booking};
    struct open_slots slots;
    TRY(open_times(call->tx, &query, call->arena, &slots));
    if (!wish->not_at) {
        *ret_slots = slots;
        return RESULT_OK;
    }
    struct open_slot *others = ARENA_ARRAY(call->arena, slots.len, struct open_slot);
    size_t n = 0;
    for (size_t i = 0; i < slots.len; i++) {
        if (slots.ptr[i].start != wish->not_at) others[n++] = slots.ptr[i];
    }
    *ret_slots = (struct open_slots){others, n};
    return RESULT_OK;
}

static utc_us day_begin(const struct picking *p, date_day date)
{
    return tz_opening(p->zone, (struct local_time){date, 0});
}

static date_day day_of(const struct picking *p, utc_us instant)
{
    return tz_utc_to_local(p->zone, instant).date;
}

/* The first opening at or after `from`, looking ahead in pieces as far as the horizon. */
static struct result find_from(
    const struct picking *p, date_day from, bool *ret_has, struct open_slot *ret_slot)
{
    *ret_has = false;
    for (date_day at = from; at <= p->last; at += LOOK_AHEAD_DAYS) {
        struct open_slots slots;
        TRY(load(p->call, p->wish, day_begin(p, at), day_begin(p, at + LOOK_AHEAD_DAYS), &slots));
        if (!slots.len) continue;
        *ret_has = true;
        *ret_slot = slots.ptr[0];
        return RESULT_OK;
    }
    return RESULT_OK;
}

static struct result load_days(struct picking *p, date_day from, date_day to)
{
    if (from < p->today) from = p->today;
    if (to > p->last + 1) to = p->last + 1;
    if (to < from) to = from;
    p->from = from;
    p->to = to;
    p->counts = ARENA_ARRAY(p->call->arena, (size_t)(to - from), int);
    p->slots = (struct open_slots){0};
    if (from == to) return RESULT_OK;
    TRY(load(p->call, p->wish, day_begin(p, from), day_begin(p, to), &p->slots));
    struct tz_cursor zone = {.tz = p->zone};
    date_day day = from;
    utc_us ends = 0; /* of the day: slots come in order, a month holds hundreds */
    for (size_t i = 0; i < p->slots.len;) {
        size_t first = i;
        while (i < p->slots.len && p->slots.ptr[i].start < ends)
            i++;
        if (day >= from && day < to) p->counts[day - from] += (int)(i - first);
        if (i == p->slots.len) break;
        day = day_of(p, p->slots.ptr[i].start);
        ends = tz_cursor_opening(&zone, (struct local_time){day + 1, 0});
        if (p->slots.ptr[i].start >= ends)
            ends = p->slots.ptr[i].start + 1; /* a day's second end */
    }
    return RESULT_OK;
}

static int openings(const struct picking *p, date_day day)
{
    return day >= p->from && day < p->to ? p->counts[day - p->from] : 0;
}

/* The first day with an opening within [from, to) of the days known; 0 where there is none. */
static date_day first_open_day(const struct picking *p, date_day from, date_day to)
{
    for (date_day day = from; day < to; day++) {
        if (openings(p, day)) return day;
    }
    return 0;
}

/* ---- which days are shown ---- */

static struct result show_month(struct picking *p, date_day month)
{
    p->month = month;
    return load_days(p, format_first_of_week(p->f, month), date_add_months(month, 1));
}

/* The week may reach beyond what was loaded with its month. */
static struct result load_week(struct picking *p)
{
    if (!p->month) return load_days(p, p->week, p->week + 7);
    bool before = p->week < p->from && p->from > p->today;
    bool after = p->week + 7 > p->to && p->to <= p->last;
    if (!before && !after) return RESULT_OK;
    return load_days(
        p, p->week < p->from ? p->week : p->from, p->week + 7 > p->to ? p->week + 7 : p->to);
}

/* Nothing chosen: the first day that has an opening, however far away. Mostly it is in this week.
 */
static struct result choose_first(struct picking *p)
{
    p->week = format_first_of_week(p->f, p->today);
    TRY(load_week(p));
    p->day = first_open_day(p, p->from, p->to);
    if (p->day) return RESULT_OK;
    bool has;
    struct open_slot slot;
    TRY(find_from(p, p->to, &has, &slot));
    if (!has) return RESULT_OK;
    p->day = day_of(p, slot.start);
    p->week = format_first_of_week(p->f, p->day);
    return load_week(p);
}

/* Nothing chosen, but days are suggested: the first of them that has an opening. */
static struct result choose_suggested(struct picking *p)
{
    date_day from = p->wish->suggest_from;
    date_day to = p->wish->suggest_to < p->last ? p->wish->suggest_to : p->last;
    for (p->week = format_first_of_week(p->f, from); p->week <= to; p->week += 7) {
        TRY(load_week(p));
        date_day begins = p->week > from ? p->week : from;
        date_day ends = p->week + 7 <= to ? p->week + 7 : to + 1;
        p->day = first_open_day(p, begins, ends);
        if (p->day) return RESULT_OK;
    }
    return choose_first(p);
}

static date_day clamp_day(const struct picking *p, date_day day)
{
    if (day < p->today) return p->today;
    return day > p->last ? p->last : day;
}

static struct result choose_days(struct picking *p)
{
    const struct picker_wish *wish = p->wish;
    if (wish->day) {
        p->day = clamp_day(p, wish->day);
        p->week = format_first_of_week(p->f, p->day);
        if (wish->month) TRY(show_month(p, date_first_of_month(p->day)));
        return load_week(p);
    }
    if (wish->week) {
        date_day within = clamp_day(p, wish->week);
        p->week = format_first_of_week(p->f, within);
        if (wish->month) TRY(show_month(p, date_first_of_month(within)));
        TRY(load_week(p));
        p->day = first_open_day(p, p->week, p->week + 7);
        return RESULT_OK;
    }
    if (!wish->month) return wish->suggest_from ? choose_suggested(p) : choose_first(p);
    date_day month = date_first_of_month(clamp_day(p, wish->month));
    TRY(show_month(p, month));
    p->day = first_open_day(p, month, date_add_months(month, 1));
    p->week = format_first_of_week(p->f, p->day ? p->day : clamp_day(p, month));
    return load_week(p);
}

/* ---- links ---- */

static void add_date(struct sb *sb, char *join, const char *name, date_day date, bool whole)
{
    struct sb text;
    char buffer[16];
    sb_init_fixed(&text, buffer, sizeof buffer);
    date_write(&text, date);
    sb_add_char(sb, *join);
    sb_add_cstr(sb, name);
    sb_add_char(sb, '=');
    sb_add(sb, whole ? sb_str(&text) : str_slice(sb_str(&text), 0, 7));
    *join = '&';
}

/* day, week, month: 0 leaves it out. */
static struct url link_to(const struct picking *p, int therapist, date_day month, date_day week,
    date_day day, const char *fragment)
{
    struct sb sb;
    char join = '?';
    char buffer[LIMIT_URL_BYTES * 2];
    sb_init_fixed(&sb, buffer, sizeof buffer);
    sb_add(&sb, p->wish->path);
    if (therapist >= 0) {
        SB_LIT(&sb, "?therapist=");
        url_add_encoded(&sb, p->call->practice->therapists[therapist].key);
        join = '&';
    }
    if (p->wish->suggest_from) {
        add_date(&sb, &join, "from", p->wish->suggest_from, true);
        add_date(&sb, &join, "to", p->wish->suggest_to, true);
    }
    if (month) add_date(&sb, &join, "month", month, false);
    if (week) add_date(&sb, &join, "week", week, true);
    if (day) add_date(&sb, &join, "day", day, true);
    struct str tz = call_query(p->call, "tz");
    if (tz.len && page_visitor_zone(p->call)) {
        sb_addf(&sb, "%ctz=", join);
        url_add_encoded(&sb, tz);
        join = '&';
    }
    if (p->wish->keep.len) {
        sb_add_char(&sb, join);
        sb_add(&sb, p->wish->keep);
    }
    sb_add_cstr(&sb, fragment);
    CHECK(sb_ok(&sb));
    return (struct url){arena_str(p->call->arena, sb_str(&sb))};
}

/* ---- the parts of the view ---- */

static enum view_day_state day_state(const struct picking *p, date_day day)
{
    int n = openings(p, day);
    if (day < p->today || day > p->last) return VIEW_DAY_PAST;
    if (!n) return VIEW_DAY_FULL;
    return n <= FEW_OPENINGS ? VIEW_DAY_FEW : VIEW_DAY_OPEN;
}

/* Links of days differ in the date alone: all but the first are copies of the one before. */
struct day_link {
    struct url url; /* empty: none yet */
    size_t date_at;
};

static struct url next_link(
    const struct picking *p, struct day_link *link, date_day month, date_day day, const char *end)
{
    enum { DATE_CHARS = 10 };
    static const struct str mark = STR_INIT("day=");
    if (!link->url.s.len) {
        struct str text = link_to(p, p->wish->therapist, month, 0, day, end).s;
        link->url.s = text;
        while (!str_starts(str_slice(text, link->date_at, text.len), mark))
            link->date_at++;
        link->date_at += mark.len;
        CHECK(link->date_at + DATE_CHARS <= text.len);
        return link->url;
    }
    struct str copy = arena_str(p->call->arena, link->url.s);
    struct sb date;
    sb_init_fixed(&date, (char *)(uintptr_t)copy.ptr + link->date_at, DATE_CHARS);
    date_write(&date, day);
    link->url.s = copy;
    return link->url;
}

static struct view_day day_cell(
    const struct picking *p, date_day day, bool of_month, struct day_link *link)
{
    struct view_day cell = {
        .state = day_state(p, day),
        .number = format_day_number(p->f, day),
        .openings = openings(p, day),
        .today = day == p->today,
        .selected = day == p->day,
        .suggested = day >= p->wish->suggest_from && day <= p->wish->suggest_to,
    };
    if (!of_month) cell.weekday = format_weekday_short(p->f, date_weekday(day));
    if (cell.state != VIEW_DAY_PAST) cell.label = format_date_long(p->f, day);
    if (cell.openings) cell.url = next_link(p, link, p->month, day, of_month ? "#day" : "");
    return cell;
}

static void fill_week(const struct picking *p, struct view_picker *view)
{
    struct view_day *cells = ARENA_ARRAY(p->call->arena, 7, struct view_day);
    struct day_link link = {0};
    for (int i = 0; i < 7; i++)
        cells[i] = day_cell(p, p->week + i, false, &link);
    view->week = (struct view_days){cells, 7};
    view->week_label = format_week(p->f, p->week);
    int therapist = p->wish->therapist;
    if (p->week > p->today) view->week_before_url = link_to(p, therapist, 0, p->week - 7, 0, "");
    if (p->week + 7 <= p->last) view->week_after_url = link_to(p, therapist, 0, p->week + 7, 0, "");
}

static void fill_month(const struct picking *p, struct view_picker *view)
{
    if (!p->month) {
        date_day about = p->day ? p->day : clamp_day(p, p->week);
        view->month_url =
            link_to(p, p->wish->therapist, date_first_of_month(about), 0, p->day, "#month");
        return;
    }
    date_day after = date_add_months(p->month, 1);
    date_day first = format_first_of_week(p->f, p->month);
    date_day end = format_first_of_week(p->f, after - 1) + 7;
    struct arena *arena = p->call->arena;
    struct view_day *cells = ARENA_ARRAY(arena, (size_t)(end - first), struct view_day);
    struct day_link link = {0};
    for (date_day day = first; day < end; day++) {
        if (day >= p->month && day < after) cells[day - first] = day_cell(p, day, true, &link);
    }
    struct view_link *columns = ARENA_ARRAY(arena, 7, struct view_link);
    for (int i = 0; i < 7; i++)
        columns[i].label = format_weekday_letter(p->f, date_weekday(first + i));
    view->weekdays = (struct view_links){columns, 7};
    view->month = (struct view_days){cells, (size_t)(end - first)};
    view->month_label = format_capital(p->f, format_month(p->f, p->month));
    int therapist = p->wish->therapist;
    if (p->month > p->today)
        view->month_before_url = link_to(p, therapist, date_add_months(p->month, -1), 0, 0, "");
    if (after <= p->last) view->month_after_url = link_to(p, therapist, after, 0, 0, "");
}

static void fill_times(const struct picking *p, struct view_picker *view)
{
    size_t most = p->day ? (size_t)openings(p, p->day) : 0;
    struct view_times *parts[] = {&view->morning, &view->afternoon, &view->evening};
    struct view_time *lists[3];
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        lists[i] = ARENA_ARRAY(p->call->arena, most, struct view_time);
    size_t n[3] = {0};
    /* spares looking at the month: no day is longer than 26 hours, nor begins much before midnight
     */
    utc_us near = p->day ? day_begin(p, p->day) - 4 * US_PER_HOUR : 0;
    for (size_t i = 0; i < p->slots.len && p->day; i++) {
        utc_us start = p->slots.ptr[i].start;
        if (start < near) continue;
        if (start > near + 36 * US_PER_HOUR) break;
        struct local_time local = tz_utc_to_local(p->zone, start);
        if (local.date != p->day) continue;
        int minutes = local.second / 60;
        size_t part = minutes < NOON_MINUTES ? 0 : minutes < EVENING_MINUTES ? 1 : 2;
        struct view_time *time = &lists[part][n[part]++];
        time->label = format_time(p->f, local);
        time->offset = page_offset(p->f, p->zone, start);
        time->visitor = page_visitor_time(p->call, p->f, start);
        time->start = page_rfc3339(p->call, start);
        view->twice = view->twice || time->offset.len;
        if (time->visitor.len && !view->visitor_zone_name.len)
            view->visitor_zone_name = format_zone(p->f, tz_name(page_visitor_zone(p->call)));
    }
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        *parts[i] = (struct view_times){lists[i], n[i]};
    if (p->day) view->day_label = format_capital(p->f, format_date_long(p->f, p->day));
}

static void fill_therapists(const struct picking *p, struct view_picker *view)
{
    const struct picker_wish *wish = p->wish;
    if (!wish->choose_therapist || wish->service->therapist_count < 2) return;
    size_t count = wish->service->therapist_count + 1;
    struct view_link *links = ARENA_ARRAY(p->call->arena, count, struct view_link);
    for (size_t i = 0; i < count; i++) {
        int therapist = i ? wish->service->therapists[i - 1] : -1;
        if (i) links[i].label = p->call->practice->therapists[therapist].name;
        links[i].url = link_to(p, therapist, wish->month, wish->week, wish->day, "");
        links[i].current = therapist == wish->therapist;
    }
    view->therapists = (struct view_links){links, count};
}

/* "10:15 AM" that no line end parts. */
static struct str unbroken(struct arena *arena, struct str text)
{
    struct sb sb;
    sb_init(&sb, arena, 256);
    struct str word;
    while (str_cut(&text, ' ', &word)) {
        if (sb.len) SB_LIT(&sb, "\u00a0");
        sb_add(&sb, word);
    }
    return sb_str(&sb);
}

static struct view_opening opening(const struct picking *p, const struct open_slot *slot)
{
    struct local_time local = tz_utc_to_local(p->zone, slot->start);
    struct str day = format_date_relative(p->f, local.date, p->today);
    struct str time = unbroken(p->call->arena, page_time(p->f, p->zone, slot->start));
    return (struct view_opening){
        .when = format_capital(
            p->f, arena_printf(p->call->arena, "%.*s, %.*s", STR_ARG(day), STR_ARG(time))),
        .therapist = page_only_therapist(p->call->practice, slot->therapists),
        .url = link_to(p, p->wish->therapist, 0, 0, local.date, ""),
        .start = page_rfc3339(p->call, slot->start),
    };
}

/* The chosen day or week has nothing: the first opening after it, else the first of all. */
static struct result fill_next(const struct picking *p, struct view_picker *view)
{
    bool has;
    struct open_slot slot;
    date_day from = p->day ? p->day : p->week > p->today ? p->week : p->today;
    view->next_needed = true;
    TRY(find_from(p, from, &has, &slot));
    if (!has && from > p->today) TRY(find_from(p, p->today, &has, &slot));
    if (has) view->next = opening(p, &slot);
    return RESULT_OK;
}

static struct picking begin(
    struct call *call, const struct format *f, const struct picker_wish *wish)
{
    const struct tz *zone = call->practice->zone;
    return (struct picking){
        .call = call,
        .f = f,
        .wish = wish,
        .zone = zone,
        .today = tz_utc_to_local(zone, call->now).date,
        .last = tz_utc_to_local(zone, open_latest(call->practice, call->now) - 1).date,
    };
}

struct result picker_fill(struct call *call, const struct format *f, const struct picker_wish *wish,
    struct view_picker *ret_picker)
{
    struct picking p = begin(call, f, wish);
    TRY(choose_days(&p));
    struct view_picker view = {
        .zone = tz_name(p.zone),
        .zone_name = format_zone(f, tz_name(p.zone)),
    };
    if (wish->suggest_from)
        view.suggested = progress_window_days(f, wish->suggest_from, wish->suggest_to);
    if (wish->day > p.last) view.beyond = format_date_long(f, p.last);
    fill_therapists(&p, &view);
    fill_week(&p, &view);
    fill_month(&p, &view);
    fill_times(&p, &view);
    if (!p.day || !openings(&p, p.day)) TRY(fill_next(&p, &view));
    *ret_picker = view;
    return RESULT_OK;
}

/* ---- a time that cannot be had ---- */

struct result picker_is_open(
    struct call *call, const struct picker_wish *wish, utc_us start, bool *ret_open)
{
    struct open_slots slots;
    TRY(load(call, wish, start, start + 1, &slots));
    *ret_open = slots.len == 1 && slots.ptr[0].start == start;
    return RESULT_OK;
}

struct result picker_nearest(struct call *call, const struct format *f,
    const struct picker_wish *wish, utc_us asked, struct view_openings *ret_openings)
{
    enum { OFFERED = 3 };
    struct picking p = begin(call, f, wish);
    date_day around = clamp_day(&p, day_of(&p, asked));
    struct open_slots slots = {0};
    /* A week to both sides, then ever wider. */
    for (date_day reach = 7;; reach *= 4) {
        TRY(load(call, wish, day_begin(&p, around - reach), day_begin(&p, around + reach), &slots));
        if (slots.len >= OFFERED) break;
        if (around - reach <= p.today && around + reach > p.last) break;
    }
    size_t from = 0; /* a window of three slides to where its farther end is nearest */
    size_t len = slots.len < OFFERED ? slots.len : OFFERED;
    while (from + len < slots.len &&
           asked - slots.ptr[from].start > slots.ptr[from + len].start - asked)
        from++;
    struct view_opening *list = ARENA_ARRAY(call->arena, OFFERED, struct view_opening);
    for (size_t i = 0; i < len; i++)
        list[i] = opening(&p, &slots.ptr[from + i]);
    *ret_openings = (struct view_openings){list, len};
    return RESULT_OK;
}

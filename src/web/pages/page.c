#include "web/pages/page.h"

#include "base/check.h"
#include "base/limits.h"
#include "practice/booking/open_times.h"
#include "web/language.h"
#include "web/static/assets.h"

#include <stdlib.h>

#include "base/banned.h"

enum { FIRST_LOOK_DAYS = 14, NEXT_SERVICES_MAX = 8 };

/* ---- the frame ---- */

/* The page's own address without a choice of language, ready for "lang=" to be added. */
static struct str self_for_lang(struct call *call, struct str self)
{
    struct str target = self.len ? self : call->req->target;
    struct url checked;
    if (!url_from_str(target, &checked) || target.ptr[0] != '/') target = STR("/");
    size_t mark = str_find(target, '?');
    struct sb sb;
    sb_init(&sb, call->arena, LIMIT_URL_BYTES * 2);
    sb_add(&sb, str_slice(target, 0, mark));
    char join = '?';
    struct str rest = str_slice(target, mark + 1, target.len);
    struct str piece;
    while (str_cut(&rest, '&', &piece)) {
        if (!piece.len || str_starts(piece, STR("lang="))) continue;
        sb_add_char(&sb, join);
        sb_add(&sb, piece);
        join = '&';
    }
    sb_add_char(&sb, join);
    CHECK(sb_ok(&sb));
    return sb_str(&sb);
}

static struct str joined(struct arena *arena, struct str a, struct str b)
{
    char *text = arena_alloc_raw(arena, a.len + b.len, 1);
    if (a.len) memcpy(text, a.ptr, a.len);
    if (b.len) memcpy(text + a.len, b.ptr, b.len);
    return (struct str){text, a.len + b.len};
}

static struct view_languages languages(struct call *call, struct str self)
{
    static const struct str names[LANG_COUNT] = {
        [LANG_EN] = STR_INIT("English"), [LANG_ES] = STR_INIT("Español")};
    struct view_language *list = ARENA_ARRAY(call->arena, LANG_COUNT, struct view_language);
    struct str base = joined(call->arena, self_for_lang(call, self), STR("lang="));
    struct str origin = call_origin(call);
    for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
        struct str code = tmpl_lang_code(lang);
        struct str path = joined(call->arena, base, code);
        list[lang] = (struct view_language){
            .code = code,
            .name = names[lang],
            .url = {path},
            .full_url = {joined(call->arena, origin, path)},
            .current = lang == call->lang,
        };
    }
    return (struct view_languages){list, LANG_COUNT};
}

/* Lines of an address: its own lines, or the street before the first comma and the rest behind it.
 */
static struct view_lines address_lines(struct arena *arena, struct str address)
{
    enum { LINES_MAX = 8 };
    struct view_line *lines = ARENA_ARRAY(arena, LINES_MAX, struct view_line);
    bool own_lines = str_find(address, '\n') < address.len;
    size_t most = own_lines ? LINES_MAX - 1 : 1;
    size_t n = 0;
    struct str rest = address;
    struct str line;
    while (n < most && str_cut(&rest, own_lines ? '\n' : ',', &line)) {
        line = str_trim(line);
        if (line.len) lines[n++].text = line;
    }
    rest = str_trim(rest);
    if (rest.len) lines[n++].text = rest;
    return (struct view_lines){lines, n};
}

static struct url phone_url(struct arena *arena, struct str phone)
{
    struct sb sb;
    sb_init(&sb, arena, LIMIT_PHONE_CHARS * 4 + 8);
    SB_LIT(&sb, "tel:");
    for (size_t i = 0; i < phone.len; i++) {
        char c = phone.ptr[i];
        if ((c >= '0' && c <= '9') || (c == '+' && i == 0)) sb_add_char(&sb, c);
    }
    return (struct url){sb_str(&sb)};
}

static struct url prefixed_url(struct arena *arena, struct str prefix, struct str text)
{
    struct sb sb;
    sb_init(&sb, arena, LIMIT_URL_BYTES);
    sb_add(&sb, prefix);
    url_add_encoded(&sb, text);
    CHECK(sb_ok(&sb));
    return (struct url){sb_str(&sb)};
}

/* ---- hours ---- */

static int by_from(const void *a, const void *b)
{
    const struct hours_row *x = a;
    const struct hours_row *y = b;
    return x->from_min != y->from_min ? (x->from_min < y->from_min ? -1 : 1)
                                      : (x->to_min > y->to_min) - (x->to_min < y->to_min);
}

void page_hours(const struct practice *practice, struct arena *arena, struct page_hours *ret_hours)
{
    size_t most = 0;
    for (size_t i = 0; i < practice->therapist_count; i++)
        most += practice->therapists[i].hours_count;
    *ret_hours = (struct page_hours){0};
    for (int weekday = 0; weekday < 7; weekday++) {
        struct hours_row *rows = ARENA_ARRAY(arena, most, struct hours_row);
        size_t n = 0;
        for (size_t i = 0; i < practice->therapist_count; i++) {
            const struct resource *person = &practice->therapists[i];
            for (size_t k = 0; k < person->hours_count; k++) {
                if (person->hours[k].weekday == weekday) rows[n++] = person->hours[k];
            }
        }
        if (n) qsort(rows, n, sizeof *rows, by_from);
        size_t kept = 0;
        for (size_t i = 0; i < n; i++) {
            if (kept && rows[i].from_min <= rows[kept - 1].to_min) {
                if (rows[i].to_min > rows[kept - 1].to_min) rows[kept - 1].to_min = rows[i].to_min;
            } else {
                rows[kept++] = rows[i];
            }
        }
        ret_hours->rows[weekday] = rows;
        ret_hours->counts[weekday] = kept;
    }
}

static bool same_hours(const struct page_hours *hours, int a, int b)
{
    if (hours->counts[a] != hours->counts[b]) return false;
    for (size_t i = 0; i < hours->counts[a]; i++) {
        if (hours->rows[a][i].from_min != hours->rows[b][i].from_min ||
            hours->rows[a][i].to_min != hours->rows[b][i].to_min)
            return false;
    }
    return true;
}

static struct view_hours hours_view(const struct format *f, const struct practice *practice)
{
    struct page_hours hours;
    page_hours(practice, f->arena, &hours);
    struct str times[7];
    bool any = false;
    for (int day = 0; day < 7; day++) {
        if (day && same_hours(&hours, day - 1, day)) { /* most days are like the one before */
            times[day] = times[day - 1];
            continue;
        }
        struct sb sb;
        sb_init(&sb, f->arena, LIMIT_HOURS_ROWS * LIMIT_THERAPISTS * 32);
        for (size_t i = 0; i < hours.counts[day]; i++) {
            if (i) sb_add_char(&sb, '\n');
            sb_add(&sb,
                format_minutes_span(f, hours.rows[day][i].from_min, hours.rows[day][i].to_min));
        }
        times[day] = sb_str(&sb);
        any = any || times[day].len;
    }
    if (!any) return (struct view_hours){0};
    struct view_hours_row *rows = ARENA_ARRAY(f->arena, 7, struct view_hours_row);
    size_t n = 0;
    for (int day = 0; day < 7;) {
        int last = day;
        while (last < 6 && str_eq(times[last + 1], times[day]))
            last++;
        rows[n++] = (struct view_hours_row){
            format_capital(f, format_weekday_span(f, day, last)), times[day]};
        day = last + 1;
    }
    return (struct view_hours){rows, n};
}

static struct view_practice practice_view(const struct format *f, const struct practice *p)
{
    struct view_practice view = {
        .name = p->name,
        .phone = p->phone,
        .email = p->email,
        .address = address_lines(f->arena, p->address),
        .hours = hours_view(f, p),
        .zone_name = format_zone(f, tz_name(p->zone)),
        .zone = tz_name(p->zone),
    };
    if (p->phone.len) view.phone_url = phone_url(f->arena, p->phone);
    if (p->email.len) view.email_url = prefixed_url(f->arena, STR("mailto:"), p->email);
    if (p->address.len) {
        view.map_url =
            prefixed_url(f->arena, STR("https://www.openstreetmap.org/search?query="), p->address);
    }
    return view;
}

void page_begin(struct call *call, struct format *f, enum view_place place, struct str self,
    struct view_page *ret_page)
{
    const struct practice *p = call->practice;
    format_init(f, call->arena, call->lang, p ? p->locale : STR("en-US"));
    language_remember(call);
    *ret_page = (struct view_page){
        .lang = tmpl_lang_code(call->lang),
        .place = place,
        .home_url = URL("/"),
        .services_url = URL("/services"),
        .learn_url = URL("/learn"),
        .first_visit_url = URL("/#first-visit"),
        .book_url = URL("/book"),
        .privacy_url = URL("/privacy"),
        .signin_url = URL("/staff/sign-in"),
        .css_url = asset_url(STR("look.css")),
        .js_url = asset_url(STR("book.js")),
        .font_heading_url = asset_url(STR("fraunces-latin.woff2")),
        .font_text_url = asset_url(STR("atkinson-latin.woff2")),
        .icon_svg_url = asset_url(STR("favicon.svg")),
        .icon_touch_url = asset_url(STR("apple-touch-icon.png")),
        .manifest_url = URL("/manifest.webmanifest"),
        .languages = languages(call, self),
    };
    struct str origin = call_origin(call);
    struct url preview = asset_url(STR("preview.png"));
    ret_page->og_image_url.s = joined(call->arena, origin, preview.s);
    ret_page->practice.name = STR("Balm"); /* no practice is known: the program's own name */
    if (p) ret_page->practice = practice_view(f, p);
}

void page_index(struct call *call, struct str path, struct view_page *page)
{
    struct str origin = call_origin(call);
    struct str lang = call_query(call, "lang");
    enum lang chosen;
    struct sb sb;
    sb_init(&sb, call->arena, LIMIT_URL_BYTES);
    sb_add(&sb, origin);
    sb_add(&sb, path);
    if (lang.len && tmpl_lang_from_code(lang, &chosen)) {
        SB_LIT(&sb, "?lang=");
        sb_add(&sb, tmpl_lang_code(chosen));
    }
    CHECK(sb_ok(&sb));
    page->canonical_url.s = sb_str(&sb);
}

struct tmpl page_tmpl(struct call *call, struct sb *sb)
{
    enum { USUAL_BYTES = 16 << 10 };
    sb_init(sb, call->arena, LIMIT_PAGE_BYTES);
    (void)sb_reserve(sb, USUAL_BYTES); /* in one piece, so that it is not copied as it grows */
    return (struct tmpl){.out = sb, .lang = call->lang};
}

struct result page_send(struct call *call, int status, const struct sb *sb)
{
    if (!sb_ok(sb)) return result_fail(ERR_LIMIT, "page-too-large", NULL);
    http_resp_body(call->resp, status, STR("text/html; charset=utf-8"), sb_str(sb));
    http_resp_header(call->resp, STR("Content-Language"), tmpl_lang_code(call->lang));
    http_resp_header(call->resp, STR("Vary"), STR("Cookie, Accept-Language"));
    return RESULT_OK;
}

/* ---- services and sessions ---- */

struct str page_price(const struct format *f, const struct practice *practice, int64_t minor)
{
    struct money price = {.minor = minor};
    memcpy(price.currency, practice->currency, sizeof price.currency);
    return minor > 0 ? format_price(f, price) : (struct str){0};
}

struct view_services_list page_services_list(struct call *call, const struct format *f)
{
    const struct practice *p = call->practice;
    struct arena *arena = call->arena;
    struct view_service *list = ARENA_ARRAY(arena, p->service_count, struct view_service);
    for (size_t i = 0; i < p->service_count; i++) {
        const struct service *s = &p->services[i];
        struct view_link *people = ARENA_ARRAY(arena, s->therapist_count, struct view_link);
        for (size_t k = 0; k < s->therapist_count; k++) {
            const struct resource *person = &p->therapists[s->therapists[k]];
            people[k] = (struct view_link){
                .label = person->name,
                .url = {arena_printf(
                    arena, "/book/%.*s?therapist=%.*s", STR_ARG(s->key), STR_ARG(person->key))},
            };
        }
        list[i] = (struct view_service){
            .name = service_name(s, call->lang),
            .minutes = s->minutes,
            .price = page_price(f, p, s->price.minor),
            .description = service_description(s, call->lang),
            .url = {arena_printf(arena, "/book/%.*s", STR_ARG(s->key))},
            .therapists = {people, s->therapist_count},
        };
    }
    return (struct view_services_list){list, p->service_count};
}

struct view_session page_session(
    const struct format *f, const struct practice *practice, const struct service *service)
{
    return (struct view_session){
        .service = service_name(service, f->lang),
        .minutes = service->minutes,
        .price = page_price(f, practice, service->price.minor),
    };
}

struct str page_offset(const struct format *f, const struct tz *zone, utc_us instant)
{
    struct local_time local = tz_utc_to_local(zone, instant);
    if (tz_local_to_utc(zone, local).count != 2) return (struct str){0};
    return format_offset(f, tz_offset_at(zone, instant).seconds);
}

struct str page_time(const struct format *f, const struct tz *zone, utc_us instant)
{
    struct str time = format_time(f, tz_utc_to_local(zone, instant));
    struct str offset = page_offset(f, zone, instant);
    if (!offset.len) return time;
    return arena_printf(f->arena, "%.*s (%.*s)", STR_ARG(time), STR_ARG(offset));
}

void page_session_time(
    struct call *call, const struct format *f, utc_us start, struct view_session *session)
{
    const struct tz *zone = call->practice->zone;
    const struct tz *theirs = page_visitor_zone(call);
    struct local_time local = tz_utc_to_local(zone, start);
    session->day = format_capital(f, format_date_full(f, local.date));
    session->time = page_time(f, zone, start);
    if (!theirs || !page_visitor_time(call, f, start).len) return;
    struct local_time there = tz_utc_to_local(theirs, start);
    session->visitor = there.date == local.date ? format_time(f, there) : format_when(f, there);
}

/* ---- the visitor's zone ---- */

const struct tz *page_visitor_zone(const struct call *call)
{
    struct str name = call_query(call, "tz");
    if (!name.len) name = http_cookie(call->req, STR("tz"));
    const struct tz *zone;
    if (!name.len || name.len > LIMIT_TZ_NAME_CHARS) return NULL;
    if (str_eq(name, tz_name(call->practice->zone))) return NULL;
    return result_is_ok(tz_find(name, &zone)) ? zone : NULL;
}

struct str page_visitor_time(struct call *call, const struct format *f, utc_us instant)
{
    const struct tz *theirs = page_visitor_zone(call);
    if (!theirs) return (struct str){0};
    struct local_time here = tz_utc_to_local(call->practice->zone, instant);
    struct local_time there = tz_utc_to_local(theirs, instant);
    if (here.date == there.date && here.second == there.second) return (struct str){0};
    struct str time = format_time(f, there);
    if (here.date == there.date) return time;
    struct str weekday = format_weekday_short(f, date_weekday(there.date));
    return arena_printf(call->arena, "%.*s %.*s", STR_ARG(weekday), STR_ARG(time));
}

/* ---- the next opening ---- */

struct str page_rfc3339(const struct call *call, utc_us instant)
{
    struct sb sb;
    sb_init(&sb, call->arena, 64);
    rfc3339_write(&sb, instant, tz_offset_at(call->practice->zone, instant).seconds);
    return sb_str(&sb);
}

struct str page_only_therapist(const struct practice *practice, uint64_t therapists)
{
    if (!therapists || (therapists & (therapists - 1))) return (struct str){0};
    return practice->therapists[__builtin_ctzll(therapists)].name;
}

struct result page_next_opening(
    struct call *call, const struct format *f, struct view_opening *ret_opening)
{
    const struct practice *p = call->practice;
    const struct service *best = NULL;
    struct open_slot first = {0};
    utc_us until = call->now + FIRST_LOOK_DAYS * US_PER_DAY;
    for (size_t i = 0; i < p->service_count && i < NEXT_SERVICES_MAX; i++) {
        struct open_query query = {.practice = p,
            .service = &p->services[i],
            .therapist = -1,
            .from = call->now,
            .to = best ? first.start : until, /* only an earlier one matters */
            .now = call->now};
        struct open_slots slots;
        TRY(open_times(call->tx, &query, call->arena, &slots));
        if (!slots.len) continue;
        best = query.service;
        first = slots.ptr[0];
    }
    if (!best) return RESULT_OK;
    struct local_time local = tz_utc_to_local(p->zone, first.start);
    struct sb day;
    sb_init(&day, call->arena, 16);
    date_write(&day, local.date);
    *ret_opening = (struct view_opening){
        .when = format_when_relative(f, local, tz_utc_to_local(p->zone, call->now).date),
        .therapist = page_only_therapist(p, first.therapists),
        .url = {arena_printf(
            call->arena, "/book/%.*s?day=%.*s", STR_ARG(best->key), STR_ARG(sb_str(&day)))},
        .start = page_rfc3339(call, first.start),
    };
    return RESULT_OK;
}

/* The page around every staff page, sentences, addresses, dates. */
#include "web/staff/staff_kit.h"

#include "base/check.h"
#include "base/limits.h"
#include "mail/mail.h"
#include "web/language.h"
#include "web/static/assets.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum { TEXT_MAX = 4000 };

/* ---- sentences ---- */

struct str staff_say(const struct call *call, staff_sentence sentence)
{
    struct tmpl *t = staff_text(call);
    sentence(t);
    return staff_text_end(t);
}

static struct tmpl *text_begin(const struct call *call, size_t max)
{
    struct sb *sb = ARENA_NEW(call->arena, struct sb);
    struct tmpl *t = ARENA_NEW(call->arena, struct tmpl);
    sb_init(sb, call->arena, max);
    *t = (struct tmpl){.out = sb, .lang = call->lang};
    return t;
}

struct tmpl *staff_text(const struct call *call)
{
    return text_begin(call, TEXT_MAX);
}

struct str staff_text_end(struct tmpl *t)
{
    return sb_str(t->out);
}

struct str staff_problem(const struct call *call, const char *code, struct str arg)
{
    struct tmpl *t = staff_text(call);
    static const char *const families[] = {"staff-problem-", "problem-", "reason-"};
    for (size_t i = 0; i < COUNT_OF(families); i++) {
        if (msg_lookup(t, arena_printf(call->arena, "%s%s", families[i], code), arg))
            return staff_text_end(t);
    }
    msg_staff_problem_other(t);
    return staff_text_end(t);
}

struct str staff_client_name(const struct call *call, const struct client *client)
{
    return client->erased ? staff_say(call, msg_progress_deleted_client) : client->name;
}

/* ---- the page ---- */

struct done {
    struct str name;
    staff_sentence sentence;
};

static const struct done dones[] = {
    {STR_INIT("added"), msg_staff_did_added},
    {STR_INIT("again"), msg_staff_did_again},
    {STR_INIT("booked"), msg_staff_did_booked},
    {STR_INIT("cancelled"), msg_staff_did_cancelled},
    {STR_INIT("deactivated"), msg_staff_did_deactivated},
    {STR_INIT("done"), msg_staff_did_done},
    {STR_INIT("erased"), msg_staff_did_erased},
    {STR_INIT("file"), msg_staff_did_file},
    {STR_INIT("link-sent"), msg_staff_did_link_sent},
    {STR_INIT("links-moved"), msg_staff_did_links_moved},
    {STR_INIT("links-revoked"), msg_staff_did_links_revoked},
    {STR_INIT("learn-hidden"), msg_staff_did_learn_hidden},
    {STR_INIT("learn-reset"), msg_staff_did_learn_reset},
    {STR_INIT("learn-restored"), msg_staff_did_learn_restored},
    {STR_INIT("learn-shown"), msg_staff_did_learn_shown},
    {STR_INIT("merged"), msg_staff_did_merged},
    {STR_INIT("moved"), msg_staff_did_moved},
    {STR_INIT("no-show"), msg_staff_did_no_show},
    {STR_INIT("password"), msg_staff_did_password},
    {STR_INIT("removed"), msg_staff_did_removed},
    {STR_INIT("reopened"), msg_staff_did_reopened},
    {STR_INIT("revoked"), msg_staff_did_revoked},
    {STR_INIT("saved"), msg_staff_did_saved},
    {STR_INIT("seen"), msg_staff_did_seen},
    {STR_INIT("signed-out"), msg_staff_did_signed_out},
};

static struct str flash(const struct call *call)
{
    struct str did = call_query(call, "did");
    for (size_t i = 0; did.len && i < COUNT_OF(dones); i++) {
        if (str_eq(dones[i].name, did)) return staff_say(call, dones[i].sentence);
    }
    return (struct str){0};
}

/* This page in that language: the same address, another `lang`. A form that came back leads to
 * where it was sent: GET answers there too, or sends on. */
static struct url page_in_language(const struct call *call, enum lang lang)
{
    struct sb sb;
    sb_init(&sb, call->arena, LIMIT_URL_BYTES + 16);
    struct str path = str_slice(call->req->target, 0, str_find(call->req->target, '?'));
    sb_add(&sb, path);
    SB_LIT(&sb, "?lang=");
    sb_add(&sb, tmpl_lang_code(lang));
    struct str rest = call->req->query;
    struct str pair;
    while (str_cut(&rest, '&', &pair)) {
        if (str_starts(pair, STR("lang=")) || str_starts(pair, STR("did="))) continue;
        sb_add_char(&sb, '&');
        sb_add(&sb, pair);
    }
    struct url url;
    bool usable = sb_ok(&sb) && call->req->method != HTTP_POST && url_from_str(sb_str(&sb), &url);
    return usable ? url : URL("/staff");
}

static struct view_languages page_languages(const struct call *call)
{
    static const struct str names[LANG_COUNT] = {STR_INIT("English"), STR_INIT("Español")};
    struct view_language *list = ARENA_ARRAY(call->arena, LANG_COUNT, struct view_language);
    for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
        list[lang] = (struct view_language){.code = tmpl_lang_code(lang),
            .name = names[lang],
            .url = page_in_language(call, lang),
            .current = lang == call->lang};
    }
    return (struct view_languages){list, LANG_COUNT};
}

void staff_page_fill(const struct call *call, enum view_staff_place place, struct str title,
    struct view_staff_page *ret_page)
{
    bool signed_in = call->actor.kind == ACTOR_STAFF;
    enum role role = signed_in ? call->user.role : ROLE_NONE;
    *ret_page = (struct view_staff_page){
        .lang = tmpl_lang_code(call->lang),
        .title = title,
        .place = place,
        .css_url = asset_url(STR("look.css")),
        .staff_css_url = asset_url(STR("staff.css")),
        .js_url = asset_url(STR("staff.js")),
        .font_heading_url = asset_url(STR("fraunces-latin.woff2")),
        .font_text_url = asset_url(STR("atkinson-latin.woff2")),
        .icon_svg_url = asset_url(STR("favicon.svg")),
        .practice = call->practice->name,
        .user = signed_in ? (call->user.name.len ? call->user.name : call->user.email)
                          : (struct str){0},
        .may_calendar = role_may(role, PERM_CALENDAR),
        .may_clients = role_may(role, PERM_CLIENTS),
        .may_messages = role_may(role, PERM_MESSAGES),
        .may_learn = role_may(role, PERM_LEARN),
        .may_settings = role_may(role, PERM_SETTINGS),
        .flash = flash(call),
        .languages = page_languages(call),
    };
}

struct tmpl *staff_page_begin(const struct call *call)
{
    return text_begin(call, LIMIT_RESPONSE_BYTES);
}

void staff_page_end(struct call *call, int status, struct tmpl *t)
{
    CHECK(sb_ok(t->out));
    language_remember(call);
    http_resp_body(call->resp, status, STR("text/html; charset=utf-8"), sb_str(t->out));
}

/* ---- addresses ---- */

bool staff_is_local_path(struct str path)
{
    if (path.len == 0 || path.len > LIMIT_URL_BYTES / 4 || path.ptr[0] != '/') return false;
    if (path.len > 1 && (path.ptr[1] == '/' || path.ptr[1] == '\\')) return false;
    for (size_t i = 0; i < path.len; i++) {
        if (path.ptr[i] <= ' ' || path.ptr[i] > '~' || path.ptr[i] == '\\') return false;
    }
    return true;
}

void staff_redirect(struct call *call, struct str path, const char *did)
{
    CHECK(staff_is_local_path(path));
    struct str to = path;
    if (did) {
        size_t at = str_find(path, '?');
        struct str page = str_slice(path, 0, at);
        struct sb sb;
        sb_init(&sb, call->arena, path.len + 64);
        sb_add(&sb, page);
        sb_addf(&sb, "?did=%s", did);
        struct str rest = str_slice(path, at + 1, path.len);
        struct str pair;
        while (str_cut(&rest, '&', &pair)) {
            if (str_starts(pair, STR("did="))) continue;
            sb_add_char(&sb, '&');
            sb_add(&sb, pair);
        }
        to = sb_str(&sb);
    }
    http_resp_redirect(call->resp, to);
}

struct url staff_url(const struct call *call, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = arena_vprintf(call->arena, format, args);
    va_end(args);
    CHECK(text.len && text.ptr[0] == '/');
    return (struct url){text};
}

struct str staff_encoded(const struct call *call, struct str text)
{
    struct sb sb;
    sb_init(&sb, call->arena, text.len * 3 + 1);
    url_add_encoded(&sb, text);
    return sb_str(&sb);
}

struct url staff_mail_url(const struct call *call, struct str email)
{
    if (!mail_address_is_valid(email)) return (struct url){{0}};
    size_t at = str_find(email, '@');
    struct sb sb;
    sb_init(&sb, call->arena, email.len * 3 + 16);
    SB_LIT(&sb, "mailto:");
    url_add_encoded(&sb, str_slice(email, 0, at));
    sb_add_char(&sb, '@');
    url_add_encoded(&sb, str_slice(email, at + 1, email.len));
    return (struct url){sb_str(&sb)};
}

struct url staff_phone_url(const struct call *call, struct str phone)
{
    struct sb sb;
    sb_init(&sb, call->arena, phone.len + 8);
    SB_LIT(&sb, "tel:");
    for (size_t i = 0; i < phone.len; i++) {
        char c = phone.ptr[i];
        if (c == 'x') break; /* an extension is not dialled */
        if ((c >= '0' && c <= '9') || (c == '+' && sb.len == 4)) sb_add_char(&sb, c);
    }
    return sb.len > 6 ? (struct url){sb_str(&sb)} : (struct url){{0}};
}

struct result staff_param_id(const struct call *call, const char *name, int64_t *ret_id)
{
    int64_t id;
    if (!str_to_i64(call_param(call, name), 1, INT64_MAX, &id))
        return result_fail(ERR_NOT_FOUND, "not-found", NULL);
    *ret_id = id;
    return RESULT_OK;
}

/* ---- dates ---- */

struct local_time staff_local(const struct call *call, utc_us at)
{
    return tz_utc_to_local(call->practice->zone, at);
}

void staff_dates_init(struct staff_dates *dates, const struct call *call)
{
    dates->call = call;
    format_init(&dates->format, call->arena, call->lang, call->practice->locale);
    dates->today = staff_local(call, call->now).date;
}

utc_us staff_day_begin(const struct call *call, date_day day)
{
    return tz_opening(call->practice->zone, (struct local_time){day, 0});
}

struct str staff_day(const struct staff_dates *d, date_day day)
{
    if (date_to_civil(day).year != date_to_civil(d->today).year) return staff_long_day(d, day);
    return format_date_long(&d->format, day);
}

struct str staff_long_day(const struct staff_dates *d, date_day day)
{
    return format_date_full(&d->format, day);
}

struct str staff_clock(const struct staff_dates *d, utc_us at)
{
    return format_time(&d->format, staff_local(d->call, at));
}

struct str staff_when(const struct staff_dates *d, utc_us at)
{
    struct local_time local = staff_local(d->call, at);
    struct str day = staff_day(d, local.date);
    struct str time = format_time(&d->format, local);
    return arena_printf(d->call->arena, "%.*s, %.*s", STR_ARG(day), STR_ARG(time));
}

struct str staff_capital(const struct staff_dates *d, struct str text)
{
    return format_capital(&d->format, text);
}

struct str staff_span(const struct staff_dates *d, utc_us from, utc_us to)
{
    return format_time_span(&d->format, staff_local(d->call, from), staff_local(d->call, to));
}

struct str staff_iso_day(const struct call *call, date_day day)
{
    struct sb sb;
    sb_init(&sb, call->arena, 16);
    date_write(&sb, day);
    return sb_str(&sb);
}

struct str staff_hhmm(const struct call *call, int minutes)
{
    struct sb sb;
    sb_init(&sb, call->arena, 8);
    minutes_write(&sb, minutes % 1440); /* the end of the day is midnight */
    return sb_str(&sb);
}

struct str staff_price(const struct staff_dates *d, int64_t minor)
{
    struct money money = {.minor = minor};
    memcpy(money.currency, d->call->practice->currency, sizeof money.currency);
    return minor ? format_price(&d->format, money) : (struct str){0};
}

struct str staff_minutes_words(const struct staff_dates *dates, int minutes)
{
    struct tmpl *t = staff_text(dates->call);
    if (minutes == 0) {
        msg_staff_no_time(t);
    } else if (minutes % 1440 == 0) {
        msg_staff_days(t, minutes / 1440);
    } else {
        return format_duration(&dates->format, minutes);
    }
    return staff_text_end(t);
}

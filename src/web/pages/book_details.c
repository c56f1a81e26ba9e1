/* Booking, step 3: who is coming; the time that is kept meanwhile; and the booking itself. */
#include "base/check.h"
#include "base/limits.h"
#include "practice/booking/idempotency.h"
#include "web/pages/book.h"
#include "web/pages/pages.h"
#include "web/views/book_details.tmpl.h"

#include "base/banned.h"

/* What the form holds, from the address or from what was sent. */
struct details {
    const struct service *service;
    int therapist; /* as the visitor wished: index, or -1 */
    utc_us start;
    struct str hold;
    bool held; /* the hold still counts: `kept` is it */
    struct hold kept;
    struct client_details client;
    struct str note;
    struct problems problems;
};

static struct result find_hold(struct call *call, struct details *d)
{
    d->held = false;
    if (!d->hold.len) return RESULT_OK;
    struct booking_env env = call_env(call);
    struct result found = hold_find(&env, d->hold, &d->kept);
    if (found.code == ERR_CONFLICT) return RESULT_OK;
    TRY(found);
    d->held = d->kept.service == d->service && (!d->start || d->kept.start == d->start);
    if (d->held) d->start = d->kept.start;
    return RESULT_OK;
}

static struct view_field field(const struct details *d, const char *name, struct str value)
{
    struct view_field field = {.value = value};
    for (const struct problem *p = d->problems.first; p; p = p->next) {
        if (field.problem != VIEW_OK || !str_eq(p->field, str_from_cstr(name))) continue;
        if (strcmp(p->code, "required") == 0) {
            field.problem = VIEW_MISSING;
        } else if (strcmp(p->code, "too-long") == 0) {
            field.problem = VIEW_TOO_LONG;
        } else {
            field.problem = VIEW_NOT_VALID;
        }
    }
    return field;
}

static struct view_hiddens hidden_fields(struct call *call, const struct details *d)
{
    struct view_hidden *fields = ARENA_ARRAY(call->arena, 3, struct view_hidden);
    size_t n = 0;
    fields[n++] = (struct view_hidden){STR("start"), page_rfc3339(call, d->start)};
    if (d->therapist >= 0) {
        struct str key = call->practice->therapists[d->therapist].key;
        fields[n++] = (struct view_hidden){STR("therapist"), key};
    }
    if (d->hold.len) fields[n++] = (struct view_hidden){STR("hold"), d->hold};
    return (struct view_hiddens){fields, n};
}

/* The picker on the day of the time chosen. */
static struct url change_url(struct call *call, const struct details *d)
{
    struct sb sb;
    sb_init(&sb, call->arena, LIMIT_URL_BYTES * 4);
    sb_add(&sb, book_path(call, d->service));
    SB_LIT(&sb, "?day=");
    date_write(&sb, tz_utc_to_local(call->practice->zone, d->start).date);
    if (d->therapist >= 0) {
        SB_LIT(&sb, "&therapist=");
        url_add_encoded(&sb, call->practice->therapists[d->therapist].key);
    }
    if (d->hold.len) {
        SB_LIT(&sb, "&hold=");
        url_add_encoded(&sb, d->hold);
    }
    return (struct url){sb_str(&sb)};
}

/* This page for a GET, with the same hold. */
static struct str self_address(struct call *call, const struct details *d)
{
    struct sb sb;
    sb_init(&sb, call->arena, LIMIT_URL_BYTES * 4);
    sb_add(&sb, book_path(call, d->service));
    SB_LIT(&sb, "/details?start=");
    url_add_encoded(&sb, page_rfc3339(call, d->start));
    if (d->therapist >= 0) {
        SB_LIT(&sb, "&therapist=");
        url_add_encoded(&sb, call->practice->therapists[d->therapist].key);
    }
    if (d->hold.len) {
        SB_LIT(&sb, "&hold=");
        url_add_encoded(&sb, d->hold);
    }
    return sb_str(&sb);
}

/* The last moment at which both moving and cancelling are possible; empty where it has passed. */
static struct str change_until(struct call *call, const struct format *f, utc_us start)
{
    const struct practice *p = call->practice;
    int minutes = p->rules.cancel_notice_minutes;
    if (p->rules.reschedule_notice_minutes > minutes) minutes = p->rules.reschedule_notice_minutes;
    utc_us until = start - minutes * US_PER_MINUTE;
    if (until <= call->now) return (struct str){0};
    return format_moment(f, tz_utc_to_local(p->zone, until));
}

static struct view_hold hold_view(const struct call *call, const struct details *d)
{
    if (!d->held) return (struct view_hold){0};
    int64_t seconds = (d->kept.expires - call->now) / US_PER_SECOND;
    if (seconds < 1) seconds = 1;
    return (struct view_hold){
        .minutes = (int)((seconds + 59) / 60),
        .seconds = (int)seconds,
        .can_renew = d->kept.renewable,
    };
}

static struct result send_details(
    struct call *call, int status, enum view_flash flash, const struct details *d)
{
    const struct practice *p = call->practice;
    struct format f;
    struct str path = book_path(call, d->service);
    struct view_book_details view = {
        .change_url = change_url(call, d),
        .action_url = {path},
        .renew_url = {arena_printf(call->arena, "%.*s/renew", STR_ARG(path))},
        .hidden = hidden_fields(call, d),
        .hold = hold_view(call, d),
        .hold_ended = d->hold.len && !d->held,
        .name = field(d, "name", d->client.name),
        .email = field(d, "email", d->client.email),
        .phone = field(d, "phone", d->client.phone),
        .note = field(d, "note", d->note),
    };
    page_begin(call, &f, VIEW_PLACE_BOOK_DETAILS, self_address(call, d), &view.page);
    view.page.flash = flash;
    view.session = page_session(&f, p, d->service);
    page_session_time(call, &f, d->start, &view.session);
    int therapist = d->held ? d->kept.therapist : d->therapist;
    if (therapist >= 0) view.session.therapist = p->therapists[therapist].name;
    view.cancel_until = change_until(call, &f, d->start);
    http_resp_header(call->resp, STR("Cache-Control"), STR("no-store"));
    book_mark(call);
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_book_details(&t, &view);
    return page_send(call, status, &sb);
}

/* ---- booked already ---- */

/* A form that is sent twice makes one booking: the hold's secret and this browser's mark are its
 * key. The hold alone would not do: it stands in addresses, which are passed on. Empty: no key. */
static struct str answer_key(struct call *call, struct str hold)
{
    struct str mark = book_marked(call);
    if (!hold.len || !mark.len) return (struct str){0};
    struct str both = arena_printf(call->arena, "%.*s %.*s", STR_ARG(mark), STR_ARG(hold));
    struct str digest = crypto_hex(call->arena, crypto_digest(call->arena, NULL, both));
    return arena_printf(call->arena, "page-%.*s", STR_ARG(digest));
}

static struct result send_done(struct call *call, const struct booking *booking)
{
    struct booking_env env = call_env(call);
    struct str token = booking_token(&env, booking);
    http_resp_redirect(call->resp, arena_printf(call->arena, "/b/%.*s?new=1", STR_ARG(token)));
    return RESULT_OK;
}

/* Has this hold become a booking already? */
static struct result find_made(
    struct call *call, struct str hold, bool *ret_made, struct booking *ret_booking)
{
    struct booking_env env = call_env(call);
    struct str key = answer_key(call, hold);
    struct kept_answer kept;
    *ret_made = false;
    if (!key.len) return RESULT_OK;
    TRY(idempotency_peek(&env, key, crypto_digest(call->arena, NULL, key), ret_made, &kept));
    if (!*ret_made) return RESULT_OK;
    return booking_find(&env, kept.booking, ret_booking);
}

/* ---- GET ---- */

static int query_therapist(struct call *call, const struct service *service)
{
    struct picker_wish wish = {.service = service};
    picker_read(call, &wish);
    return wish.therapist;
}

struct result page_book_details(struct call *call)
{
    struct details d = {0};
    problems_init(&d.problems, call->arena);
    TRY(book_service(call, &d.service));
    d.therapist = query_therapist(call, d.service);
    d.hold = book_hold_sent(call_query(call, "hold"));
    if (!rfc3339_parse(call_query(call, "start"), &d.start)) d.start = 0;
    TRY(find_hold(call, &d));
    if (!d.start) { /* neither a hold nor a time: choose one */
        http_resp_redirect(call->resp, book_path(call, d.service));
        return RESULT_OK;
    }
    if (!d.held && d.hold.len) { /* the way back from the ticket leads to the ticket */
        bool made;
        struct booking booking;
        TRY(find_made(call, d.hold, &made, &booking));
        if (made) return send_done(call, &booking);
    }
    if (!d.held) {
        struct picker_wish wish = {.service = d.service, .therapist = d.therapist};
        bool open;
        TRY(picker_is_open(call, &wish, d.start, &open));
        struct result gone = result_fail(ERR_CONFLICT, "slot-taken", NULL);
        if (!open) return book_refuse(call, d.service, d.therapist, d.start, STR(""), gone);
    }
    return send_details(call, 200, VIEW_FLASH_NONE, &d);
}

/* ---- POST ---- */

/* Line ends as browsers send them become newlines. */
static struct str plain_lines(struct arena *arena, struct str text)
{
    struct sb sb;
    sb_init(&sb, arena, LIMIT_BODY_BYTES);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '\r') sb_add_char(&sb, text.ptr[i]);
    }
    return sb_str(&sb);
}

static struct result read_form(struct call *call, struct details *d)
{
    *d = (struct details){0};
    problems_init(&d->problems, call->arena);
    TRY(book_service(call, &d->service));
    if (!rfc3339_parse(call_form(call, "start"), &d->start))
        return result_fail(ERR_SYNTAX, "invalid", "start is no time");
    d->therapist = book_form_therapist(call, d->service);
    d->hold = book_hold_sent(call_form(call, "hold"));
    d->client = (struct client_details){
        .name = call_form(call, "name"),
        .email = call_form(call, "email"),
        .phone = call_form(call, "phone"),
        .language = tmpl_lang_code(call->lang),
    };
    d->note = plain_lines(call->arena, call_form(call, "note"));
    return RESULT_OK;
}

static void check_form(struct details *d)
{
    client_check(&d->client, STR(""), &d->problems);
    if (!str_is_text(d->note, false)) {
        problems_add(&d->problems, STR("note"), "bad-text", (struct str){0});
    } else if (str_count_chars(d->note) > LIMIT_NOTE_CHARS) {
        problems_add(&d->problems, STR("note"), "too-long", (struct str){0});
    }
}

struct result page_book_renew(struct call *call)
{
    struct details d;
    TRY(read_form(call, &d));
    struct booking_env env = call_env(call);
    utc_us expires;
    struct result renewed = hold_renew(&env, d.hold, &expires);
    bool missed = renewed.code == ERR_CONFLICT || renewed.code == ERR_INVALID;
    if (!result_is_ok(renewed) && !missed) return renewed;
    TRY(find_hold(call, &d));
    /* What was typed is kept on the page; a second POST of it changes nothing more. */
    return send_details(
        call, 200, result_is_ok(renewed) ? VIEW_FLASH_HOLD_RENEWED : VIEW_FLASH_NONE, &d);
}

static struct result attempt(
    struct call *call, const struct booking_request *request, struct booking *ret_booking)
{
    struct booking_env env = call_env(call);
    TRY(tx_savepoint(call->tx));
    struct result made = booking_make(&env, request, ret_booking);
    if (result_is_ok(made)) return tx_savepoint_release(call->tx);
    tx_savepoint_rollback(call->tx);
    return made;
}

static struct result make_booking(
    struct call *call, const struct details *d, struct booking *ret_booking)
{
    struct booking_request request = {
        .service = d->service,
        .therapist = d->therapist,
        .start = d->start,
        .hold = d->hold,
        .client = d->client,
        .note = d->note,
    };
    struct result made = attempt(call, &request, ret_booking);
    bool no_hold = made.reason && (strcmp(made.reason, "hold-expired") == 0 ||
                                      strcmp(made.reason, "hold-differs") == 0);
    if (!no_hold) return made;
    /* The time was not kept any more, but it may still be free. */
    request.hold = (struct str){0};
    return attempt(call, &request, ret_booking);
}

struct result page_book_make(struct call *call)
{
    struct details d;
    TRY(read_form(call, &d));
    /* Only programs fill in what people do not see. */
    if (call_form(call, "website").len) return result_fail(ERR_SYNTAX, "invalid", "the trap");
    struct booking_env env = call_env(call);
    struct str key = answer_key(call, d.hold);
    struct str request = crypto_digest(call->arena, NULL, key);
    bool known = false;
    struct kept_answer kept;
    struct booking booking;
    if (key.len) TRY(idempotency_find(&env, key, request, &known, &kept));
    if (known) {
        TRY(booking_find(&env, kept.booking, &booking));
        return send_done(call, &booking);
    }
    check_form(&d);
    if (d.problems.count) {
        TRY(find_hold(call, &d));
        TRY(send_details(call, 422, VIEW_FLASH_FIELDS, &d));
        return result_fail(ERR_INVALID, "invalid", NULL);
    }
    struct result made = make_booking(call, &d, &booking);
    if (made.code == ERR_CONFLICT || made.code == ERR_INVALID)
        return book_refuse(call, d.service, d.therapist, d.start, d.hold, made);
    TRY(made);
    kept = (struct kept_answer){.status = 303, .body = STR(""), .booking = booking.id};
    if (key.len) TRY(idempotency_keep(&env, key, request, &kept));
    call->calendar_changed = true;
    return send_done(call, &booking);
}

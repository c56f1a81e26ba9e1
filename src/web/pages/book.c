/* Booking, steps 1 and 2: which session, and when. */
#include "web/pages/book.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/pages/pages.h"
#include "web/views/book_service.tmpl.h"
#include "web/views/book_time.tmpl.h"
#include "web/words.h"

#include "base/banned.h"

struct result book_service(struct call *call, const struct service **ret_service)
{
    const struct service *service = practice_service(call->practice, call_param(call, "service"));
    if (!service) return result_fail(ERR_NOT_FOUND, "unknown-service", NULL);
    *ret_service = service;
    return RESULT_OK;
}

struct str book_path(struct call *call, const struct service *service)
{
    return arena_printf(call->arena, "/book/%.*s", STR_ARG(service->key));
}

int book_form_therapist(struct call *call, const struct service *service)
{
    int asked = practice_therapist(call->practice, call_form(call, "therapist"));
    for (size_t i = 0; i < service->therapist_count; i++) {
        if (service->therapists[i] == asked) return asked;
    }
    return -1;
}

enum { HOLD_CHARS_MAX = 64, MARK_SECONDS = 3600 };

struct str book_hold_sent(struct str text)
{
    return text.len <= HOLD_CHARS_MAX ? text : (struct str){0};
}

struct str book_marked(const struct call *call)
{
    return book_hold_sent(call_cookie(call, "visit"));
}

void book_mark(struct call *call)
{
    if (book_marked(call).len) return;
    call_set_cookie(call, "visit", crypto_token(call->arena), MARK_SECONDS);
}

/* ---- step 1 ---- */

struct result page_book(struct call *call)
{
    /* ?service= is the same as the address of its times. */
    const struct service *asked = practice_service(call->practice, call_query(call, "service"));
    if (asked) {
        http_resp_redirect(call->resp, book_path(call, asked));
        return RESULT_OK;
    }
    struct format f;
    struct view_book_service view = {0};
    page_begin(call, &f, VIEW_PLACE_BOOK_SERVICE, STR(""), &view.page);
    page_index(call, STR("/book"), &view.page);
    view.services = page_services_list(call, &f);
    TRY(page_next_opening(call, &f, &view.next));
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_book_service(&t, &view);
    return page_send(call, 200, &sb);
}

/* ---- step 2 ---- */

/* The visitor's own hold does not stand in their way. */
static struct result own_hold(struct call *call, struct str token, struct owner *ret_owner)
{
    if (!token.len) return RESULT_OK;
    struct booking_env env = call_env(call);
    struct hold hold;
    struct result found = hold_find(&env, token, &hold);
    if (found.code == ERR_CONFLICT) return RESULT_OK;
    TRY(found);
    *ret_owner = (struct owner){OWNER_HOLD, hold.id};
    return RESULT_OK;
}

static struct str keep_hold(struct call *call, struct str token)
{
    if (!token.len) return (struct str){0};
    struct sb sb;
    sb_init(&sb, call->arena, LIMIT_URL_BYTES * 4);
    SB_LIT(&sb, "hold=");
    url_add_encoded(&sb, token);
    return sb_str(&sb);
}

static struct view_hiddens hidden_fields(
    struct call *call, const struct picker_wish *wish, struct str hold)
{
    struct view_hidden *fields = ARENA_ARRAY(call->arena, 2, struct view_hidden);
    size_t n = 0;
    if (wish->therapist >= 0) {
        struct str key = call->practice->therapists[wish->therapist].key;
        fields[n++] = (struct view_hidden){STR("therapist"), key};
    }
    if (hold.len) fields[n++] = (struct view_hidden){STR("hold"), hold};
    return (struct view_hiddens){fields, n};
}

/* Everything of the page but the answer to a refused time. */
static struct result fill_time(struct call *call, struct format *f, struct picker_wish *wish,
    struct str hold, struct view_book_time *view)
{
    const struct service *service = wish->service;
    page_begin(call, f, VIEW_PLACE_BOOK_TIME, wish->path, &view->page);
    wish->choose_therapist = true;
    wish->keep = keep_hold(call, hold);
    TRY(own_hold(call, hold, &wish->except));
    TRY(picker_fill(call, f, wish, &view->picker));
    view->session = page_session(f, call->practice, service);
    view->change_url = URL("/book");
    view->picker.action_url.s = arena_printf(call->arena, "%.*s/hold", STR_ARG(wish->path));
    view->picker.hidden = hidden_fields(call, wish, hold);
    return RESULT_OK;
}

struct result page_book_time(struct call *call)
{
    struct format f;
    struct view_book_time view = {0};
    struct picker_wish wish = {0};
    TRY(book_service(call, &wish.service));
    wish.path = book_path(call, wish.service);
    picker_read(call, &wish);
    struct str hold = book_hold_sent(call_query(call, "hold"));
    TRY(fill_time(call, &f, &wish, hold, &view));
    if (hold.len) { /* its links hold the secret of what is kept for this visitor */
        http_resp_header(call->resp, STR("Cache-Control"), STR("no-store"));
    } else {
        page_index(call, wish.path, &view.page);
    }
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_book_time(&t, &view);
    return page_send(call, 200, &sb);
}

struct result book_refuse(struct call *call, const struct service *service, int therapist,
    utc_us asked, struct str hold, struct result why)
{
    struct format f;
    struct view_book_time view = {0};
    struct picker_wish wish = {
        .service = service,
        .therapist = therapist,
        .path = book_path(call, service),
        .day = tz_utc_to_local(call->practice->zone, asked).date,
    };
    TRY(fill_time(call, &f, &wish, hold, &view));
    TRY(picker_nearest(call, &f, &wish, asked, &view.picker.nearest));
    bool taken = why.reason && strcmp(why.reason, "slot-taken") == 0;
    view.picker.taken = taken;
    if (!taken) view.picker.refusal = words_reason(call, why);
    view.picker.next_needed = false; /* the nearest are offered already */
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_book_time(&t, &view);
    TRY(page_send(call, why.code == ERR_CONFLICT ? 409 : 422, &sb));
    return why;
}

/* ---- taking a time ---- */

static struct str details_address(
    struct call *call, const struct service *service, const struct hold *hold)
{
    struct sb sb;
    sb_init(&sb, call->arena, LIMIT_URL_BYTES);
    sb_add(&sb, book_path(call, service));
    SB_LIT(&sb, "/details?hold=");
    url_add_encoded(&sb, hold->token);
    SB_LIT(&sb, "&start=");
    url_add_encoded(&sb, page_rfc3339(call, hold->start));
    if (hold->therapist_chosen) {
        SB_LIT(&sb, "&therapist=");
        url_add_encoded(&sb, call->practice->therapists[hold->therapist].key);
    }
    CHECK(sb_ok(&sb));
    return sb_str(&sb);
}

struct result page_book_hold(struct call *call)
{
    const struct service *service;
    utc_us start;
    TRY(book_service(call, &service));
    if (!rfc3339_parse(call_form(call, "start"), &start))
        return result_fail(ERR_SYNTAX, "invalid", "start is no time");
    int therapist = book_form_therapist(call, service);
    struct str old = book_hold_sent(call_form(call, "hold"));
    struct booking_env env = call_env(call);
    struct hold hold;
    TRY(tx_savepoint(call->tx));
    /* Whoever chooses again gives the first time back. */
    struct result held = old.len ? hold_release(&env, old) : RESULT_OK;
    if (result_is_ok(held)) held = hold_make(&env, service, therapist, start, &hold);
    if (!result_is_ok(held)) {
        tx_savepoint_rollback(call->tx);
        if (held.code != ERR_CONFLICT && held.code != ERR_INVALID) return held;
        return book_refuse(call, service, therapist, start, old, held);
    }
    TRY(tx_savepoint_release(call->tx));
    book_mark(call);
    http_resp_redirect(call->resp, details_address(call, service, &hold));
    return RESULT_OK;
}

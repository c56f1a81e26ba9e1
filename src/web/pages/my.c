/* The client's own page: their chart, what may be said of it, sessions, entries. Only reading. */
#include "web/pages/my.h"

#include "base/check.h"
#include "base/limits.h"
#include "practice/privacy/person.h"
#include "web/pages/manage.h"
#include "web/pages/pages.h"
#include "web/progress.h"
#include "web/static/assets.h"
#include "web/views/my.tmpl.h"
#include "web/views/my_delete.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum { PAST_MAX = 24, ENTRIES_MAX = 30, ENTRY_DAYS = 14 };

struct str my_moment(struct call *call, const struct format *f, utc_us at)
{
    return format_moment(f, tz_utc_to_local(call->practice->zone, at));
}

static struct str say(const struct format *f, void (*sentence)(struct tmpl *))
{
    char text[200];
    struct sb sb;
    sb_init_fixed(&sb, text, sizeof text);
    struct tmpl t = {.out = &sb, .lang = f->lang};
    sentence(&t);
    CHECK(sb_ok(&sb));
    return arena_str(f->arena, sb_str(&sb));
}

/* ---- coming in ---- */

struct result page_my_enter(struct call *call)
{
    struct care_env env = call_care(call);
    struct personal_link link;
    struct result found = link_find(&env, call_param(call, "token"), &link);
    bool opens =
        result_is_ok(found) && (link.purpose == LINK_MY_PAGE || link.purpose == LINK_CHECK_IN);
    if (!opens) {
        if (!result_is_ok(found) && found.code != ERR_NOT_FOUND) return found;
        struct view_my_link view = {.ended = true};
        return my_send_link_page(call, 404, &view);
    }
    my_session_begin(call, &link);
    http_resp_redirect(call->resp, STR("/my"));
    return RESULT_OK;
}

struct result my_client(struct call *call, bool *ret_in, struct client_id *ret_client)
{
    struct personal_link link;
    struct result found = my_session_find(call, &link);
    *ret_in = result_is_ok(found);
    if (*ret_in) {
        *ret_client = link.client;
        return RESULT_OK;
    }
    if (found.code != ERR_DENIED) return found;
    http_resp_redirect(call->resp, STR("/my"));
    return RESULT_OK;
}

/* ---- what to do next ---- */

static void fill_next(const struct progress *p, struct view_my *view)
{
    const struct history *h = &p->history;
    const struct relief_statements *says = &p->relief.says;
    struct history_window window;
    bool has_window = history_window(h, &p->relief, p->call->practice->zone, p->call->now, &window);
    view->book_url = progress_book_url(p, has_window && !window.is_past ? &window : NULL);
    if (h->coming_count) {
        view->next = VIEW_MY_NEXT_COMING;
        view->next_days = my_moment(p->call, p->f, h->coming[0].starts);
    } else if (has_window) {
        view->next = window.is_past ? VIEW_MY_NEXT_WINDOW_PAST : VIEW_MY_NEXT_WINDOW;
        view->next_days = progress_window_days(p->f, window.from, window.to);
        struct view_statement why = progress_statement(p, RELIEF_WORD_INTERVAL);
        view->next_why =
            arena_printf(p->call->arena, "%.*s %.*s", STR_ARG(why.sentence), STR_ARG(why.detail));
    } else if (!p->relief.fit.counts.ratings) {
        view->next = VIEW_MY_NEXT_BEGIN;
    } else if (says->carry_over == RELIEF_CARRY_LITTLE) {
        view->next = VIEW_MY_NEXT_TALK;
    } else if (says->carry_over == RELIEF_CARRY_NOT_ENOUGH ||
               says->carry_over == RELIEF_CARRY_UNCLEAR) {
        view->next = VIEW_MY_NEXT_TELL;
    } else {
        view->next = VIEW_MY_NEXT_NOTHING;
    }
}

/* ---- sessions ---- */

static struct result session_row(struct call *call, const struct format *f,
    const struct history_session *session, bool coming, struct view_my_session *ret_row)
{
    struct booking_env env = call_env(call);
    struct booking booking;
    TRY(booking_find(&env, session->booking, &booking));
    TRY(manage_session(call, f, &booking, &ret_row->session));
    if (coming) {
        struct str token = booking_token(&env, &booking);
        ret_row->url.s = arena_printf(call->arena, "/b/%.*s", STR_ARG(token));
    }
    return RESULT_OK;
}

static struct result fill_sessions(const struct progress *p, struct view_my *view)
{
    const struct history *h = &p->history;
    struct arena *arena = p->call->arena;
    size_t shown = h->session_count < PAST_MAX ? h->session_count : PAST_MAX;
    struct view_my_session *coming = ARENA_ARRAY(arena, h->coming_count, struct view_my_session);
    struct view_my_session *past = ARENA_ARRAY(arena, shown, struct view_my_session);
    for (size_t i = 0; i < h->coming_count; i++)
        TRY(session_row(p->call, p->f, &h->coming[i], true, &coming[i]));
    for (size_t i = 0; i < shown; i++)
        TRY(session_row(p->call, p->f, &h->sessions[h->session_count - 1 - i], false, &past[i]));
    view->coming = (struct view_my_sessions){coming, h->coming_count};
    view->past = (struct view_my_sessions){past, shown};
    view->past_count = (int)h->session_count;
    view->past_more = (int)(h->session_count - shown);
    view->has_sessions = h->session_count > 0;
    return RESULT_OK;
}

/* ---- the rhythm ---- */

static struct str rhythm_words(const struct format *f, int per_week)
{
    if (per_week == 0) return say(f, msg_my_rhythm_sessions);
    if (per_week == 7) return say(f, msg_my_rhythm_daily);
    char text[100];
    struct sb sb;
    sb_init_fixed(&sb, text, sizeof text);
    struct tmpl t = {.out = &sb, .lang = f->lang};
    msg_my_rhythm_evenings(&t, per_week);
    CHECK(sb_ok(&sb));
    return arena_str(f->arena, sb_str(&sb));
}

static void fill_rhythm(const struct progress *p, struct view_my *view)
{
    const struct history *h = &p->history;
    if (!h->has_plan) return;
    struct view_my_choice *list = ARENA_ARRAY(p->call->arena, 8, struct view_my_choice);
    for (int n = 0; n <= 7; n++)
        list[n] = (struct view_my_choice){n, rhythm_words(p->f, n), n == h->plan.per_week};
    struct sb sb;
    sb_init(&sb, p->call->arena, 16);
    minutes_write(&sb, h->plan.evening_min);
    view->asking = h->plan.state == PLAN_ASKING ? VIEW_MY_ASKED : VIEW_MY_STOPPED;
    view->rhythm = (struct view_my_choices){list, 8};
    view->evening = sb_str(&sb);
}

/* ---- the page ---- */

static enum view_my_did did(struct call *call)
{
    struct str name = call_query(call, "did");
    return str_eq(name, STR("rhythm"))  ? VIEW_MY_DID_RHYTHM
           : str_eq(name, STR("stop"))  ? VIEW_MY_DID_STOP
           : str_eq(name, STR("asked")) ? VIEW_MY_DID_ASK
           : str_eq(name, STR("wrong")) ? VIEW_MY_DID_WRONG
                                        : VIEW_MY_DID_NOTHING;
}

static struct result asked_words(
    struct call *call, const struct format *f, struct client_id client, struct str *ret_words)
{
    struct care_env env = call_care(call);
    utc_us asked;
    TRY(person_erasure_asked(&env, client, &asked));
    *ret_words = asked ? format_date_long(f, tz_utc_to_local(call->practice->zone, asked).date)
                       : (struct str){0};
    return RESULT_OK;
}

static void fill_words(const struct progress *p, struct view_my *view)
{
    /* The interval comes last: where days are suggested it stands with them instead. */
    static const enum relief_word_kind first[] = {
        RELIEF_WORD_HALF_LIFE, RELIEF_WORD_LEVEL, RELIEF_WORD_RESPONDER, RELIEF_WORD_INTERVAL};
    /* So early a comparison with the start would only dishearten. */
    static const enum relief_word_kind early[] = {RELIEF_WORD_LEVEL};
    bool suggested = view->next == VIEW_MY_NEXT_WINDOW || view->next == VIEW_MY_NEXT_WINDOW_PAST;
    static const enum relief_word_kind rest[] = {
        RELIEF_WORD_DROP, RELIEF_WORD_NAP, RELIEF_WORD_FLOOR};
    if (!p->relief.fit.counts.ratings) return;
    view->relief = progress_statement(p, RELIEF_WORD_CARRY_OVER);
    view->statements = p->relief.says.carry_over == RELIEF_CARRY_NOT_ENOUGH
                           ? progress_statements(p, early, COUNT_OF(early))
                           : progress_statements(p, first, COUNT_OF(first) - suggested);
    view->more = progress_statements(p, rest, COUNT_OF(rest));
}

static struct result send_my(struct call *call, struct client_id client_id)
{
    struct format f;
    struct progress p;
    struct client client;
    struct view_my view = {.did = did(call)};
    page_begin(call, &f, VIEW_PLACE_NONE, STR("/my"), &view.page);
    view.page.title = say(&f, msg_my_title);
    view.page.js_url = asset_url(STR("charts.js"));
    TRY(client_get(call->tx, call->practice->id, client_id, call->arena, &client));
    TRY(progress_load(call, &f, RELIEF_TO_CLIENT, client_id, &p));
    view.name = client.name;
    TRY(asked_words(call, &f, client_id, &view.erasure_asked));
    TRY(progress_chart(&p, false, &view.chart));
    fill_next(&p, &view);
    fill_words(&p, &view);
    TRY(fill_sessions(&p, &view));
    view.measures = progress_measures(&p, false);
    view.entries = progress_entries(&p, call->now - ENTRY_DAYS * US_PER_DAY, ENTRIES_MAX);
    fill_rhythm(&p, &view);
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_my(&t, &view);
    return page_send(call, 200, &sb);
}

struct result page_my(struct call *call)
{
    struct personal_link link;
    struct result found = my_session_find(call, &link);
    if (result_is_ok(found)) return send_my(call, link.client);
    if (found.code != ERR_DENIED) return found;
    struct view_my_link view = {
        .sent = call_query(call, "sent").len > 0, .left = call_query(call, "left").len > 0};
    return my_send_link_page(call, 200, &view);
}

struct result page_my_delete(struct call *call)
{
    bool in;
    struct client_id client;
    struct format f;
    struct booking_list bookings;
    struct booking_env env = call_env(call);
    struct view_my_delete view = {0};
    TRY(my_client(call, &in, &client));
    if (!in) return RESULT_OK;
    page_begin(call, &f, VIEW_PLACE_NONE, STR(""), &view.page);
    view.page.title = say(&f, msg_my_delete_title);
    TRY(asked_words(call, &f, client, &view.erasure_asked));
    TRY(booking_of_client(&env, client, &bookings));
    for (size_t i = 0; i < bookings.len; i++) {
        const struct booking *b = &bookings.ptr[i];
        if (b->status == BOOKING_CONFIRMED && b->ends > call->now) view.coming++;
    }
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_my_delete(&t, &view);
    return page_send(call, 200, &sb);
}

/* A client's measured relief as the therapist sees it: what must be looked at first, the review of
 * the trial course, the chart with its numbers, measures, entries, links. */
#include "web/staff/staff_progress.h"

#include "auth/audit.h"
#include "base/check.h"
#include "base/limits.h"
#include "practice/messages/messages.h"
#include "web/charts/measure_words.h"
#include "web/static/assets.h"
#include "web/views/staff_progress.tmpl.h"
#include "web/views/staff_referral.txt.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum { ENTRIES_MAX = 200, ENTRIES_SHOWN = 10, LINK_DAYS = 30, REFERRAL_MAX = 4000 };

struct result staff_progress_client(struct call *call, struct client *ret_client)
{
    int64_t id;
    TRY(staff_param_id(call, "id", &id));
    TRY(client_get(call->tx, call->practice->id, (struct client_id){id}, call->arena, ret_client));
    /* What belonged to a merged record is the other's now. */
    if (ret_client->merged_into.v || ret_client->erased)
        return result_fail(ERR_NOT_FOUND, "unknown-client", NULL);
    return RESULT_OK;
}

/* ---- adverse events ---- */

struct str staff_adverse_words(
    const struct call *call, const struct format *f, const struct adverse_finding *finding)
{
    struct tmpl *t = staff_text(call);
    struct str usual = measure_number(f, finding->usual);
    struct str worst = measure_number(f, finding->worst);
    msg_progress_adverse_what(t, usual, worst, finding->hours);
    return staff_text_end(t);
}

static struct result fill_adverse(
    const struct progress *p, const struct staff_dates *dates, struct view_staff_progress *view)
{
    struct call *call = p->call;
    struct booking_env env = call_env(call);
    const struct adverse_list *all = &p->history.adverse;
    struct view_adverse *open = ARENA_ARRAY(call->arena, all->len, struct view_adverse);
    struct view_adverse *seen = ARENA_ARRAY(call->arena, all->len, struct view_adverse);
    size_t open_count = 0;
    size_t seen_count = 0;
    for (size_t i = 0; i < all->len; i++) {
        const struct adverse_event *e = &all->ptr[i];
        struct booking booking;
        TRY(booking_find(&env, e->booking, &booking));
        struct view_adverse row = {
            .session = staff_capital(dates, staff_when(dates, booking.starts)),
            .what = staff_adverse_words(call, p->f, &e->finding),
            .seen = e->state == ADVERSE_SEEN ? staff_when(dates, e->seen) : (struct str){0},
            .note = e->note,
            .booking = e->booking.v,
        };
        if (e->state == ADVERSE_SEEN) {
            seen[seen_count++] = row;
        } else {
            open[open_count++] = row;
        }
    }
    view->open = (struct view_adverses){open, open_count};
    view->seen = (struct view_adverses){seen, seen_count};
    return RESULT_OK;
}

struct result staff_adverse_post(struct call *call)
{
    struct client client;
    struct care_env env = call_care(call);
    struct adverse_list list;
    int64_t booking;
    struct str note = call_form(call, "note");
    TRY(staff_progress_client(call, &client));
    if (!str_to_i64(call_form(call, "booking"), 1, INT64_MAX, &booking))
        return result_fail(ERR_NOT_FOUND, "unknown-event", NULL);
    TRY(adverse_of_client(&env, client.id, &list));
    bool theirs = false;
    for (size_t i = 0; i < list.len; i++)
        theirs = theirs || list.ptr[i].booking.v == booking;
    if (!theirs) return result_fail(ERR_NOT_FOUND, "unknown-event", NULL);
    if (!note.len || !str_is_text(note, true) || str_count_chars(note) > LIMIT_NOTE_CHARS)
        return result_fail(ERR_INVALID, "note-needed", NULL);
    TRY(adverse_see(&env, (struct booking_id){booking}, note));
    staff_redirect(call,
        arena_printf(call->arena, "/staff/clients/%lld/progress", (long long)client.id.v), "seen");
    return RESULT_OK;
}

/* ---- the review ---- */

static struct str referral(const struct progress *p, const struct staff_dates *dates,
    const struct view_staff_progress *view)
{
    const struct history *h = &p->history;
    struct call *call = p->call;
    struct view_staff_referral letter = {
        .name = view->name,
        .sessions = (int64_t)h->session_count,
        .since = staff_long_day(dates, staff_local(call, h->sessions[0].starts).date),
        .relief = view->relief_sentence,
        .practice = call->practice->name,
    };
    struct sb sb;
    sb_init(&sb, call->arena, REFERRAL_MAX);
    struct tmpl t = {.out = &sb, .lang = call->lang};
    tmpl_staff_referral_txt(&t, &letter);
    CHECK(sb_ok(&sb));
    struct str text = str_trim(sb_str(&sb));
    return text;
}

static void fill_review(
    const struct progress *p, const struct staff_dates *dates, struct view_staff_progress *view)
{
    static const enum view_review reviews[] = {
        [HISTORY_REVIEW_NOT_YET] = VIEW_REVIEW_NOT_YET,
        [HISTORY_REVIEW_HELPS] = VIEW_REVIEW_HELPS,
        [HISTORY_REVIEW_LITTLE] = VIEW_REVIEW_LITTLE,
        [HISTORY_REVIEW_UNCLEAR] = VIEW_REVIEW_UNCLEAR,
    };
    const struct history *h = &p->history;
    struct tmpl *t = staff_text(p->call);
    msg_progress_review_count(t, (int64_t)h->session_count, h->plan.trial_sessions);
    view->review_count = staff_text_end(t);
    view->review = reviews[history_review(h, &p->relief)];
    view->relief_sentence = progress_statement(p, RELIEF_WORD_CARRY_OVER).sentence;
    if (view->review != VIEW_REVIEW_LITTLE || !h->session_count) return;
    view->talk = staff_say(p->call, msg_progress_talk);
    view->referral = referral(p, dates, view);
}

static void fill_window(const struct progress *p, struct view_staff_progress *view)
{
    struct history_window window;
    if (!history_window(&p->history, &p->relief, p->call->practice->zone, p->call->now, &window))
        return;
    struct view_statement why = progress_statement(p, RELIEF_WORD_INTERVAL);
    struct tmpl *t = staff_text(p->call);
    if (window.from_days == window.to_days) {
        msg_progress_window_day(t, window.from_days);
    } else {
        msg_progress_window_days(t, window.from_days, window.to_days);
    }
    view->window_days = staff_text_end(t);
    view->window = format_capital(p->f, progress_window_days(p->f, window.from, window.to));
    view->window_past = window.is_past;
    view->window_why = why.sentence;
    view->window_note = why.detail;
}

/* ---- the plan in words ---- */

static struct str measures_list(const struct progress *p)
{
    struct sb sb;
    sb_init(&sb, p->call->arena, 2000);
    for (size_t i = 0; measure_at(i); i++) {
        enum measure measure = measure_at(i)->measure;
        if (measure == MEASURE_PAIN || !plan_asks(&p->history.plan, measure)) continue;
        if (sb.len) SB_LIT(&sb, ", ");
        sb_add(&sb, progress_measure_name(p, measure));
    }
    CHECK(sb_ok(&sb));
    return sb_str(&sb);
}

static struct str rhythm_line(const struct progress *p)
{
    const struct care_plan *plan = &p->history.plan;
    struct str time = format_minutes(p->f, plan->evening_min);
    struct tmpl *t = staff_text(p->call);
    if (plan->state == PLAN_STOPPED_BY_CLIENT) {
        msg_progress_plan_stopped_client(t);
    } else if (plan->state == PLAN_STOPPED_BY_STAFF) {
        msg_progress_plan_stopped_staff(t);
    } else if (plan->per_week) {
        msg_progress_plan_weekly(t, plan->per_week, time);
    } else {
        msg_progress_plan_sessions(t, time);
    }
    return staff_text_end(t);
}

static void fill_plan(const struct progress *p, struct view_staff_progress *view)
{
    const struct history *h = &p->history;
    enum { LINES = 4 };
    if (h->asked.asked) {
        struct tmpl *t = staff_text(p->call);
        msg_progress_adherence(t, h->asked.answered, h->asked.asked);
        view->adherence = staff_text_end(t);
    }
    if (!h->has_plan) return;
    struct view_line *lines = ARENA_ARRAY(p->call->arena, LINES, struct view_line);
    struct str list = measures_list(p);
    lines[0].text = rhythm_line(p);
    struct tmpl *t = staff_text(p->call);
    if (list.len) {
        msg_progress_plan_measures(t, list);
    } else {
        msg_progress_plan_only_pain(t);
    }
    lines[1].text = staff_text_end(t);
    t = staff_text(p->call);
    if (h->plan.run_in_days) {
        msg_progress_plan_run_in(t, h->plan.run_in_days);
    } else {
        msg_progress_plan_no_run_in(t);
    }
    lines[2].text = staff_text_end(t);
    t = staff_text(p->call);
    msg_progress_plan_trial(t, h->plan.trial_sessions);
    lines[3].text = staff_text_end(t);
    view->plan = (struct view_lines){lines, LINES};
}

/* ---- links ---- */

static struct str purpose_words(const struct call *call, enum link_purpose purpose)
{
    switch (purpose) {
    case LINK_CHECK_IN: return staff_say(call, msg_progress_link_check_in);
    case LINK_MY_PAGE: return staff_say(call, msg_progress_link_my_page);
    case LINK_SESSION: return staff_say(call, msg_progress_link_session);
    }
    UNREACHABLE();
}

static struct result fill_links(struct call *call, const struct staff_dates *dates,
    struct client_id client, struct view_staff_progress *view)
{
    struct care_env env = call_care(call);
    struct personal_link_list list;
    TRY(link_list(&env, client, &list));
    struct view_staff_link *rows = ARENA_ARRAY(call->arena, list.len, struct view_staff_link);
    for (size_t i = 0; i < list.len; i++) {
        rows[i] = (struct view_staff_link){purpose_words(call, list.ptr[i].purpose),
            staff_capital(dates, staff_when(dates, list.ptr[i].created)),
            staff_capital(dates, staff_when(dates, list.ptr[i].expires))};
    }
    view->links = (struct view_staff_links){rows, list.len};
    return RESULT_OK;
}

struct result staff_send_link(struct call *call, struct client_id client)
{
    struct care_env env = call_care(call);
    int64_t link;
    TRY(link_make(&env, client, LINK_MY_PAGE, 0, call->now + LINK_DAYS * US_PER_DAY, &link, NULL));
    TRY(message_queue_personal(
        call->tx, call->practice->id, MESSAGE_MY_PAGE, client, link, call->now, call->now));
    return audit_add(call->tx, call->practice->id, call->now, call->actor, STR("client.link-sent"),
        STR("client"), client.v, (struct str){0});
}

struct result staff_links_post(struct call *call)
{
    struct client client;
    struct care_env env = call_care(call);
    struct str what = call_form(call, "do");
    TRY(staff_progress_client(call, &client));
    const char *did = "link-sent";
    if (str_eq(what, STR("send"))) {
        if (!client.email.len) return result_fail(ERR_INVALID, "email-needed", NULL);
        TRY(staff_send_link(call, client.id));
    } else if (str_eq(what, STR("revoke"))) {
        did = "links-revoked";
        TRY(link_revoke_all(&env, client.id, NULL));
        TRY(audit_add(call->tx, call->practice->id, call->now, call->actor,
            STR("client.links-revoked"), STR("client"), client.id.v, (struct str){0}));
    } else {
        return result_fail(ERR_INVALID, "invalid", NULL);
    }
    staff_redirect(call,
        arena_printf(call->arena, "/staff/clients/%lld/progress", (long long)client.id.v), did);
    return RESULT_OK;
}

/* ---- the page ---- */

static struct url part_url(const struct call *call, const struct client *client, const char *part)
{
    return staff_url(call, "/staff/clients/%lld%s", (long long)client->id.v, part);
}

static void fill_frame(
    struct call *call, const struct client *client, struct view_staff_progress *view)
{
    staff_page_fill(call, VIEW_STAFF_CLIENTS, staff_say(call, msg_progress_title), &view->page);
    view->page.page_js_url = asset_url(STR("charts.js"));
    view->name = client->name;
    view->client_url = part_url(call, client, "");
    view->plan_url = part_url(call, client, "/plan");
    view->adverse_url = part_url(call, client, "/adverse");
    view->links_url = part_url(call, client, "/links");
    view->json_url = part_url(call, client, "/data.json");
    view->csv_url = part_url(call, client, "/data.csv");
    view->book_url = staff_url(call, "/staff/book?client=%lld", (long long)client->id.v);
    view->can_send = client->email.len > 0;
}

struct result staff_progress(struct call *call)
{
    static const enum relief_word_kind kinds[] = {RELIEF_WORD_CARRY_OVER, RELIEF_WORD_HALF_LIFE,
        RELIEF_WORD_INTERVAL, RELIEF_WORD_LEVEL, RELIEF_WORD_RESPONDER, RELIEF_WORD_DROP,
        RELIEF_WORD_NAP, RELIEF_WORD_FLOOR};
    struct client client;
    struct staff_dates dates;
    struct progress p;
    struct view_staff_progress view = {0};
    TRY(staff_progress_client(call, &client));
    staff_dates_init(&dates, call);
    fill_frame(call, &client, &view);
    TRY(progress_load(call, &dates.format, RELIEF_TO_THERAPIST, client.id, &p));
    TRY(fill_adverse(&p, &dates, &view));
    TRY(progress_chart(&p, true, &view.chart));
    fill_review(&p, &dates, &view);
    fill_window(&p, &view);
    view.statements = progress_statements(&p, kinds, COUNT_OF(kinds));
    view.series = progress_series(&p);
    view.measures = progress_measures(&p, true);
    fill_plan(&p, &view);
    view.entries = progress_entries(&p, INT64_MIN, ENTRIES_MAX);
    if (view.entries.len > ENTRIES_SHOWN) {
        view.earlier = (struct view_entries){
            view.entries.ptr + ENTRIES_SHOWN, view.entries.len - ENTRIES_SHOWN};
        view.entries.len = ENTRIES_SHOWN;
    }
    view.entries_more = p.history.checkins.len > ENTRIES_MAX;
    TRY(fill_links(call, &dates, client.id, &view));
    STAFF_PAGE(call, 200, tmpl_staff_progress, &view);
    return RESULT_OK;
}

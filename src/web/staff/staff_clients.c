/* Clients: finding them, what is known of them, and making one of two. */
#include "web/staff/staff_pages.h"

#include "auth/audit.h"
#include "base/check.h"
#include "base/limits.h"
#include "practice/care/plan.h"
#include "practice/clients/personal_link.h"
#include "practice/outcomes/checkin.h"
#include "practice/privacy/person.h"
#include "web/staff/staff_progress.h"
#include "web/staff/staff_visit.h"
#include "web/views/staff_client.tmpl.h"
#include "web/views/staff_clients.tmpl.h"
#include "web/views/staff_merge.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum { BOOKINGS_MAX = 200 };

/* ---- the list ---- */

static struct str contact_of(const struct call *call, const struct client *client)
{
    if (!client->phone.len) return client->email;
    return arena_printf(call->arena, "%.*s · %.*s", STR_ARG(client->email), STR_ARG(client->phone));
}

/* The next session, or the last one. */
static struct result last_words(struct call *call, const struct staff_dates *dates,
    struct client_id client, struct str *ret_words)
{
    struct booking_env env = call_env(call);
    struct booking_list list;
    *ret_words = (struct str){0};
    TRY(booking_of_client(&env, client, &list));
    const struct booking *next = NULL;
    const struct booking *last = NULL;
    for (size_t i = 0; i < list.len; i++) {
        const struct booking *b = &list.ptr[i];
        if (b->status == BOOKING_CANCELLED) continue;
        if (b->starts >= call->now) {
            next = b; /* newest first: the earliest of those to come is met last */
        } else if (!last) {
            last = b;
        }
    }
    if (!next && !last) return RESULT_OK;
    struct tmpl *t = staff_text(call);
    if (next) {
        msg_staff_client_next(t, staff_when(dates, next->starts));
    } else {
        msg_staff_client_last(t, staff_day(dates, staff_local(call, last->starts).date));
    }
    *ret_words = staff_text_end(t);
    return RESULT_OK;
}

static struct result person_fill(struct call *call, const struct staff_dates *dates,
    const struct client *client, struct view_staff_person *ret)
{
    *ret = (struct view_staff_person){.name = client->name,
        .url = staff_url(call, "/staff/clients/%lld", (long long)client->id.v),
        .contact = contact_of(call, client)};
    return last_words(call, dates, client->id, &ret->last);
}

struct result staff_clients(struct call *call)
{
    struct staff_dates dates;
    struct client_list found;
    struct view_staff_clients view = {.query = call_query(call, "q")};
    staff_dates_init(&dates, call);
    staff_page_fill(call, VIEW_STAFF_CLIENTS, staff_say(call, msg_staff_clients), &view.page);
    TRY(client_search(
        call->tx, call->practice->id, view.query, LIMIT_SEARCH_RESULTS + 1, call->arena, &found));
    view.more = found.len > LIMIT_SEARCH_RESULTS;
    size_t count = view.more ? LIMIT_SEARCH_RESULTS : found.len;
    struct view_staff_person *list = ARENA_ARRAY(call->arena, count, struct view_staff_person);
    for (size_t i = 0; i < count; i++)
        TRY(person_fill(call, &dates, &found.ptr[i], &list[i]));
    view.people = (struct view_staff_people){list, count};
    view.book_url = URL("/staff/book");
    struct view_staff_alerts adverse; /* these stand on Today */
    TRY(staff_alerts(call, &dates, &adverse, &view.erasures));
    STAFF_PAGE(call, 200, tmpl_staff_clients, &view);
    return RESULT_OK;
}

/* ---- one client ---- */

static struct result find_client(struct call *call, struct client *ret_client)
{
    int64_t id;
    TRY(staff_param_id(call, "id", &id));
    return client_get(
        call->tx, call->practice->id, (struct client_id){id}, call->arena, ret_client);
}

static struct result client_bookings(struct call *call, const struct staff_dates *dates,
    struct client_id client, struct view_staff_client *view)
{
    struct booking_env env = call_env(call);
    struct booking_list all;
    TRY(booking_of_client(&env, client, &all));
    size_t max = all.len < BOOKINGS_MAX ? all.len : BOOKINGS_MAX;
    struct view_staff_client_booking *coming =
        ARENA_ARRAY(call->arena, max, struct view_staff_client_booking);
    struct view_staff_client_booking *past =
        ARENA_ARRAY(call->arena, max, struct view_staff_client_booking);
    size_t coming_count = 0;
    size_t past_count = 0;
    int64_t sessions = 0;
    int64_t no_shows = 0;
    for (size_t i = 0; i < all.len; i++) {
        const struct booking *b = &all.ptr[i];
        bool ahead = b->starts >= call->now && b->status == BOOKING_CONFIRMED;
        if (b->status == BOOKING_NO_SHOW) no_shows++;
        if (!ahead && (b->status == BOOKING_DONE || b->status == BOOKING_CONFIRMED)) sessions++;
        if (i >= max) continue;
        struct view_staff_client_booking row = {
            .when = staff_capital(dates, staff_when(dates, b->starts)),
            .url = staff_url(call, "/staff/bookings/%lld", (long long)b->id.v),
            .state = staff_visit_state(b->status)};
        TRY(staff_booking_words(call, b, &row.what));
        if (ahead) {
            coming[coming_count++] = row;
        } else {
            past[past_count++] = row;
        }
    }
    for (size_t i = 0; i < coming_count / 2; i++) { /* the nearest first */
        struct view_staff_client_booking swap = coming[i];
        coming[i] = coming[coming_count - 1 - i];
        coming[coming_count - 1 - i] = swap;
    }
    struct tmpl *t = staff_text(call);
    if (sessions) {
        msg_staff_client_sessions(t, sessions);
    } else {
        msg_staff_client_none(t);
    }
    if (no_shows) {
        sb_add(t->out, STR(", "));
        msg_staff_client_no_shows(t, no_shows);
    }
    view->counts = staff_text_end(t);
    view->coming = (struct view_staff_client_bookings){coming, coming_count};
    view->past = (struct view_staff_client_bookings){past, past_count};
    return RESULT_OK;
}

static struct view_option *language_options(const struct call *call)
{
    struct view_option *options = ARENA_ARRAY(call->arena, LANG_COUNT, struct view_option);
    options[LANG_EN] = (struct view_option){STR("en"), STR("English"), false};
    options[LANG_ES] = (struct view_option){STR("es"), STR("Español"), false};
    return options;
}

/* Ways to measured relief and to deleting, for those who may. */
static struct result care_urls(struct call *call, const struct staff_dates *dates,
    const struct client *client, struct view_staff_client *view)
{
    struct care_env env = call_care(call);
    utc_us asked;
    if (client->erased) return RESULT_OK;
    if (role_may(call->user.role, PERM_HEALTH)) {
        view->progress_url =
            staff_url(call, "/staff/clients/%lld/progress", (long long)client->id.v);
    }
    if (role_may(call->user.role, PERM_SETTINGS))
        view->erase_url = staff_url(call, "/staff/clients/%lld/erase", (long long)client->id.v);
    TRY(person_erasure_asked(&env, client->id, &asked));
    if (asked) view->erasure_asked = staff_day(dates, staff_local(call, asked).date);
    return RESULT_OK;
}

/* Whether an address leads to what they said of their pain. Then only who may see that may say
 * whose address it is: links go there for the asking. */
static struct result is_cared_for(struct call *call, struct client_id client, bool *ret_is)
{
    struct care_env env = call_care(call);
    struct care_plan plan;
    struct personal_link_list links;
    bool is;
    TRY(plan_find(&env, client, &is, &plan));
    if (!is) TRY(checkin_any(&env, client, &is));
    if (!is) {
        TRY(link_list(&env, client, &links));
        is = links.len > 0;
    }
    *ret_is = is;
    return RESULT_OK;
}

static struct result client_page(
    struct call *call, int status, const struct client *client, struct staff_form *form)
{
    struct staff_dates dates;
    struct view_staff_client view = {.name = staff_client_name(call, client),
        .email = client->email,
        .email_url = staff_mail_url(call, client->email),
        .phone = client->phone,
        .phone_url = staff_phone_url(call, client->phone),
        .note = client->note,
        .erased = client->erased > 0,
        .editing = form->posted};
    staff_dates_init(&dates, call);
    staff_page_fill(call, VIEW_STAFF_CLIENTS, view.name, &view.page);
    TRY(care_urls(call, &dates, client, &view));
    view.since = staff_day(&dates, staff_local(call, client->created).date);
    TRY(client_bookings(call, &dates, client->id, &view));
    view.book_url = staff_url(call, "/staff/book?client=%lld", (long long)client->id.v);
    view.merge_url = staff_url(call, "/staff/clients/%lld/merge", (long long)client->id.v);
    struct view_input *name =
        staff_input(form, VIEW_INPUT_TEXT, "name", msg_staff_label_name, NULL, client->name);
    name->wide = true;
    name->required = true;
    staff_input(form, VIEW_INPUT_EMAIL, "email", msg_staff_label_email, NULL, client->email)
        ->required = true;
    staff_input(form, VIEW_INPUT_TEL, "phone", msg_staff_label_phone, NULL, client->phone);
    staff_select(form, "language", msg_staff_label_language, msg_staff_hint_language,
        language_options(call), LANG_COUNT, client->language);
    staff_input(form, VIEW_INPUT_AREA, "note", msg_staff_label_client_note,
        msg_staff_hint_client_note, client->note)
        ->max_chars = LIMIT_NOTE_CHARS;
    staff_form_done(form, staff_url(call, "/staff/clients/%lld", (long long)client->id.v),
        msg_staff_submit_save, &view.form);
    STAFF_PAGE(call, status, tmpl_staff_client, &view);
    return RESULT_OK;
}

struct result staff_client(struct call *call)
{
    struct client client;
    struct staff_form form;
    TRY(find_client(call, &client));
    if (client.merged_into.v) {
        staff_redirect(call,
            arena_printf(call->arena, "/staff/clients/%lld", (long long)client.merged_into.v),
            NULL);
        return RESULT_OK;
    }
    staff_form_init(&form, call, false);
    return client_page(call, 200, &client, &form);
}

static enum lang check_posted(
    struct staff_form *form, struct client_details *details, struct str note)
{
    struct problems *problems = &form->problems;
    enum lang lang = LANG_EN;
    client_check(details, STR(""), problems);
    if (!str_is_text(note, false)) {
        problems_add(problems, STR("note"), "bad-text", STR(""));
    } else if (str_count_chars(note) > LIMIT_NOTE_CHARS) {
        problems_add(problems, STR("note"), "too-long",
            arena_printf(form->call->arena, "%d", LIMIT_NOTE_CHARS));
    }
    if (!tmpl_lang_from_code(details->language, &lang))
        problems_add(problems, STR("language"), "unknown-id", details->language);
    return lang;
}

/* What went to the old address opens nothing any more; whoever reads the new one gets a way in. */
static struct result move_links(struct call *call, struct client_id client, bool *ret_moved)
{
    struct care_env env = call_care(call);
    int64_t revoked;
    TRY(link_revoke_all(&env, client, &revoked));
    *ret_moved = revoked > 0;
    if (!revoked) return RESULT_OK;
    TRY(audit_add(call->tx, call->practice->id, call->now, call->actor, STR("client.links-revoked"),
        STR("client"), client.v, (struct str){0}));
    return staff_send_link(call, client);
}

struct result staff_client_post(struct call *call)
{
    struct client client;
    struct staff_form form;
    bool cared_for;
    bool moved = false;
    TRY(find_client(call, &client));
    if (client.merged_into.v || client.erased)
        return result_fail(ERR_NOT_FOUND, "unknown-client", NULL);
    staff_form_init(&form, call, true);
    struct client_details details = {.name = call_form(call, "name"),
        .email = call_form(call, "email"),
        .phone = call_form(call, "phone"),
        .language = call_form(call, "language")};
    struct str note = call_form(call, "note");
    enum lang lang = check_posted(&form, &details, note);
    bool elsewhere = !str_eq(details.email, client.email);
    TRY(is_cared_for(call, client.id, &cared_for));
    if (elsewhere && cared_for && !role_may(call->user.role, PERM_HEALTH))
        problems_add(&form.problems, STR("email"), "email-of-care", (struct str){0});
    if (form.problems.count) {
        TRY(client_page(call, 422, &client, &form));
        return result_fail(ERR_INVALID, "invalid", NULL);
    }
    client.name = details.name;
    client.email = details.email;
    client.phone = details.phone;
    client.language = tmpl_lang_code(lang);
    client.note = note;
    TRY(client_update(call->tx, call->practice->id, &client, call->actor, call->now));
    if (elsewhere && cared_for) TRY(move_links(call, client.id, &moved));
    call->calendar_changed = true;
    staff_redirect(call, arena_printf(call->arena, "/staff/clients/%lld", (long long)client.id.v),
        moved ? "links-moved" : "saved");
    return RESULT_OK;
}

/* ---- one of two ---- */

static struct result merge_choices(struct call *call, const struct staff_dates *dates,
    const struct client *client, struct view_staff_merge *view)
{
    struct client_list found;
    /* At first, who is called alike. */
    struct str query = view->query.len ? view->query : client->name;
    TRY(client_search(
        call->tx, call->practice->id, query, LIMIT_SEARCH_RESULTS + 1, call->arena, &found));
    struct view_staff_person *list = ARENA_ARRAY(call->arena, found.len, struct view_staff_person);
    size_t count = 0;
    for (size_t i = 0; i < found.len; i++) {
        if (found.ptr[i].id.v == client->id.v) continue;
        TRY(person_fill(call, dates, &found.ptr[i], &list[count]));
        list[count++].url = staff_url(call, "/staff/clients/%lld/merge?into=%lld",
            (long long)client->id.v, (long long)found.ptr[i].id.v);
    }
    view->people = (struct view_staff_people){list, count};
    return RESULT_OK;
}

static struct result merge_target(struct call *call, struct str text, struct client *ret_client)
{
    int64_t id;
    if (!str_to_i64(text, 1, INT64_MAX, &id))
        return result_fail(ERR_NOT_FOUND, "unknown-client", NULL);
    return client_get(
        call->tx, call->practice->id, (struct client_id){id}, call->arena, ret_client);
}

/* Merging gives all that is known of one to whoever reads the other's mail. */
static struct result may_merge(
    struct call *call, struct client_id from, struct client_id into, bool *ret_may)
{
    bool one;
    bool other;
    TRY(is_cared_for(call, from, &one));
    TRY(is_cared_for(call, into, &other));
    *ret_may = (!one && !other) || role_may(call->user.role, PERM_HEALTH);
    return RESULT_OK;
}

static void merge_frame(
    struct call *call, const struct client *client, struct view_staff_merge *view)
{
    staff_page_fill(call, VIEW_STAFF_CLIENTS, staff_say(call, msg_staff_merge_title), &view->page);
    view->name = client->name;
    view->client_url = staff_url(call, "/staff/clients/%lld", (long long)client->id.v);
    view->search_url = staff_url(call, "/staff/clients/%lld/merge", (long long)client->id.v);
}

static struct result merge_asked(
    struct call *call, int status, const struct client *client, const struct client *into)
{
    struct staff_dates dates;
    struct staff_form form;
    struct view_staff_merge view = {.asked = true};
    staff_dates_init(&dates, call);
    merge_frame(call, client, &view);
    TRY(may_merge(call, client->id, into->id, &view.may));
    TRY(person_fill(call, &dates, client, &view.from));
    TRY(person_fill(call, &dates, into, &view.into));
    view.swap_url = staff_url(call, "/staff/clients/%lld/merge?into=%lld", (long long)into->id.v,
        (long long)client->id.v);
    staff_form_init(&form, call, false);
    staff_hidden(&form, "into", arena_printf(call->arena, "%lld", (long long)into->id.v));
    staff_form_done(&form, view.search_url, msg_staff_submit_merge, &view.confirm);
    STAFF_PAGE(call, status, tmpl_staff_merge, &view);
    return RESULT_OK;
}

struct result staff_merge(struct call *call)
{
    struct client client;
    struct staff_dates dates;
    struct view_staff_merge view = {.query = call_query(call, "q")};
    TRY(find_client(call, &client));
    if (client.merged_into.v || client.erased)
        return result_fail(ERR_NOT_FOUND, "unknown-client", NULL);
    struct str into_text = call_query(call, "into");
    if (into_text.len) {
        struct client into;
        TRY(merge_target(call, into_text, &into));
        if (into.merged_into.v || into.erased || into.id.v == client.id.v)
            return result_fail(ERR_NOT_FOUND, "unknown-client", NULL);
        return merge_asked(call, 200, &client, &into);
    }
    staff_dates_init(&dates, call);
    merge_frame(call, &client, &view);
    TRY(merge_choices(call, &dates, &client, &view));
    STAFF_PAGE(call, 200, tmpl_staff_merge, &view);
    return RESULT_OK;
}

struct result staff_merge_post(struct call *call)
{
    struct client client;
    struct client into;
    bool may;
    TRY(find_client(call, &client));
    TRY(merge_target(call, call_form(call, "into"), &into));
    if (client.erased || into.erased) return result_fail(ERR_NOT_FOUND, "unknown-client", NULL);
    if (client.merged_into.v || into.merged_into.v)
        return result_fail(ERR_CONFLICT, "already-merged", NULL);
    TRY(may_merge(call, client.id, into.id, &may));
    if (!may) {
        TRY(merge_asked(call, 403, &client, &into));
        return result_fail(ERR_DENIED, "merge-of-care", NULL);
    }
    struct care_env env = call_care(call);
    TRY(person_merge(&env, client.id, into.id));
    call->calendar_changed = true;
    staff_redirect(
        call, arena_printf(call->arena, "/staff/clients/%lld", (long long)into.id.v), "merged");
    return RESULT_OK;
}

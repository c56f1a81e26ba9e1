/* The audit trail as sentences: who changed what, when. */
#include "web/staff/staff_pages.h"

#include "auth/audit.h"
#include "base/check.h"
#include "base/json.h"
#include "base/limits.h"
#include "practice/learn/learn.h"
#include "web/staff/staff_settings.h"
#include "web/staff/staff_visit.h"
#include "web/views/staff_audit.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

struct action_words {
    struct str action;
    staff_sentence sentence;
};

static const struct action_words actions[] = {
    {STR_INIT("adverse-event.seen"), msg_staff_audit_adverse_seen},
    {STR_INIT("booking.booked"), msg_staff_audit_booked},
    {STR_INIT("booking.moved"), msg_staff_audit_moved},
    {STR_INIT("booking.cancelled"), msg_staff_audit_cancelled},
    {STR_INIT("booking.done"), msg_staff_audit_done},
    {STR_INIT("booking.no-show"), msg_staff_audit_no_show},
    {STR_INIT("booking.reopened"), msg_staff_audit_reopened},
    {STR_INIT("client.changed"), msg_staff_audit_client_changed},
    {STR_INIT("client.erased"), msg_staff_audit_erased},
    {STR_INIT("client.erasure-asked"), msg_staff_audit_erasure_asked},
    {STR_INIT("client.exported"), msg_staff_audit_exported},
    {STR_INIT("client.link-sent"), msg_staff_audit_link_sent},
    {STR_INIT("client.links-revoked"), msg_staff_audit_links_revoked},
    {STR_INIT("client.merged"), msg_staff_audit_client_merged},
    {STR_INIT("learn.hidden"), msg_staff_audit_learn_hidden},
    {STR_INIT("learn.reset"), msg_staff_audit_learn_reset},
    {STR_INIT("learn.saved"), msg_staff_audit_learn_saved},
    {STR_INIT("learn.shown"), msg_staff_audit_learn_shown},
    {STR_INIT("message.again"), msg_staff_audit_message_again},
    {STR_INIT("plan.rhythm"), msg_staff_audit_plan_rhythm},
    {STR_INIT("plan.saved"), msg_staff_audit_plan_saved},
    {STR_INIT("plan.stopped"), msg_staff_audit_plan_stopped},
    {STR_INIT("settings.applied"), msg_staff_audit_applied},
    {STR_INIT("settings.changed"), msg_staff_audit_settings},
    {STR_INIT("time-off.added"), msg_staff_audit_time_off_added},
    {STR_INIT("time-off.moved"), msg_staff_audit_time_off_moved},
    {STR_INIT("time-off.removed"), msg_staff_audit_time_off_removed},
    {STR_INIT("user.added"), msg_staff_audit_user_added},
    {STR_INIT("user.changed"), msg_staff_audit_user_changed},
    {STR_INIT("user.deactivated"), msg_staff_audit_user_deactivated},
    {STR_INIT("user.signed-in"), msg_staff_audit_signed_in},
};

static struct str action_words(const struct call *call, struct str action)
{
    for (size_t i = 0; i < COUNT_OF(actions); i++) {
        if (str_eq(actions[i].action, action)) return staff_say(call, actions[i].sentence);
    }
    return action;
}

static const struct staff_user *find_user(const struct staff_users *users, struct user_id id)
{
    for (size_t i = 0; i < users->len; i++) {
        if (users->ptr[i].id.v == id.v) return &users->ptr[i];
    }
    return NULL;
}

static struct str user_name(const struct call *call, const struct staff_user *user)
{
    if (!user) return staff_say(call, msg_staff_somebody);
    return user->name.len ? user->name : user->email;
}

/* Whose session, client or account it was. */
static struct result entity_words(struct call *call, const struct staff_users *users,
    const struct audit_entry *e, struct view_staff_audit_entry *row)
{
    struct client_id client_id = {0};
    if (str_eq(e->entity, STR("booking"))) {
        struct booking_env env = call_env(call);
        struct booking booking;
        struct result found = booking_find(&env, (struct booking_id){e->entity_id}, &booking);
        if (found.code == ERR_NOT_FOUND) return RESULT_OK;
        TRY(found);
        client_id = booking.client;
        row->url = staff_url(call, "/staff/bookings/%lld", (long long)booking.id.v);
    } else if (str_eq(e->entity, STR("client"))) {
        client_id = (struct client_id){e->entity_id};
        row->url = staff_url(call, "/staff/clients/%lld", (long long)e->entity_id);
    } else if (str_eq(e->entity, STR("user"))) {
        row->detail = user_name(call, find_user(users, (struct user_id){e->entity_id}));
        row->url = staff_url(call, "/staff/settings/team/%lld", (long long)e->entity_id);
    }
    if (client_id.v) {
        struct client client;
        TRY(client_get(call->tx, call->practice->id, client_id, call->arena, &client));
        row->detail = staff_client_name(call, &client);
    }
    return RESULT_OK;
}

static bool get_instant(const struct json *detail, const char *key, utc_us *ret_at)
{
    const struct json *value = json_member(detail, str_from_cstr(key));
    return value && value->kind == JSON_STRING && rfc3339_parse(value->string, ret_at);
}

/* What the entry's own detail adds: the times of a booking, the lines of a change of settings. */
static void detail_words(struct call *call, const struct staff_dates *dates,
    const struct audit_entry *e, struct view_staff_audit_entry *row)
{
    const struct json *detail;
    if (!e->detail.len || !result_is_ok(json_parse(call->arena, e->detail, &detail)) ||
        detail->kind != JSON_OBJECT)
        return;
    struct sb sb;
    sb_init(&sb, call->arena, 8000);
    sb_add(&sb, row->detail);
    utc_us starts;
    utc_us from;
    if (get_instant(detail, "starts", &starts)) {
        if (sb.len) SB_LIT(&sb, ", ");
        if (get_instant(detail, "from", &from) && from != starts) {
            sb_add(&sb, staff_when(dates, from));
            SB_LIT(&sb, " → ");
        }
        sb_add(&sb, staff_when(dates, starts));
    }
    const struct json *page = json_member(detail, STR("page")); /* of Learn, by its address */
    if (page && page->kind == JSON_STRING && learn_slug_is_valid(page->string)) {
        sb_add(&sb, page->string);
        row->url = staff_url(call, "/staff/learn/%.*s", STR_ARG(page->string));
    }
    const struct json *lines = json_member(detail, STR("lines"));
    for (size_t i = 0; lines && lines->kind == JSON_ARRAY && i < lines->count; i++) {
        if (lines->items[i].kind != JSON_STRING) continue;
        if (sb.len) SB_LIT(&sb, "; ");
        sb_add(&sb, staff_change_words(call, lines->items[i].string));
    }
    if (sb_ok(&sb)) row->detail = sb_str(&sb);
}

struct result staff_audit(struct call *call)
{
    struct staff_dates dates;
    struct staff_users users;
    struct audit_entry *entries;
    size_t count;
    struct view_staff_audit view = {0};
    staff_dates_init(&dates, call);
    staff_page_fill(call, VIEW_STAFF_SETTINGS, staff_say(call, msg_staff_audit_title), &view.page);
    TRY(staff_list(call->tx, call->practice->id, call->arena, &users));
    TRY(audit_list(call->tx, call->practice->id, LIMIT_LIST_ROWS, call->arena, &entries, &count));
    struct view_staff_audit_entry *rows =
        ARENA_ARRAY(call->arena, count, struct view_staff_audit_entry);
    for (size_t i = 0; i < count; i++) {
        const struct audit_entry *e = &entries[i];
        rows[i] = (struct view_staff_audit_entry){
            .when = staff_capital(&dates, staff_when(&dates, e->at)),
            .who = e->actor == ACTOR_STAFF    ? user_name(call, find_user(&users, e->user))
                   : e->actor == ACTOR_CLIENT ? staff_say(call, msg_staff_the_client)
                                              : staff_say(call, msg_staff_system),
            .what = action_words(call, e->action)};
        TRY(entity_words(call, &users, e, &rows[i]));
        detail_words(call, &dates, e, &rows[i]);
    }
    view.entries = (struct view_staff_audit_entries){rows, count};
    STAFF_PAGE(call, 200, tmpl_staff_audit, &view);
    return RESULT_OK;
}

#include "interop/person_export.h"

#include "base/check.h"
#include "base/limits.h"
#include "interop/api_internal.h"
#include "practice/clients/personal_link.h"
#include "practice/messages/messages.h"
#include "practice/outcomes/history.h"
#include "practice/privacy/person.h"

#include "base/banned.h"

enum { LETTERS_OF_BOOKING_MAX = 64 };

/* ---- names of what is stored as numbers ---- */

static struct str status_name(enum booking_status status)
{
    switch (status) {
    case BOOKING_CONFIRMED: return STR("confirmed");
    case BOOKING_CANCELLED: return STR("cancelled");
    case BOOKING_DONE: return STR("done");
    case BOOKING_NO_SHOW: return STR("no-show");
    }
    UNREACHABLE();
}

static struct str event_name(enum booking_event_kind kind)
{
    switch (kind) {
    case EVENT_BOOKED: return STR("booked");
    case EVENT_MOVED: return STR("moved");
    case EVENT_CANCELLED: return STR("cancelled");
    case EVENT_DONE: return STR("done");
    case EVENT_NO_SHOW: return STR("no-show");
    case EVENT_REOPENED: return STR("reopened");
    }
    UNREACHABLE();
}

static struct str actor_name(enum actor_kind kind)
{
    switch (kind) {
    case ACTOR_SYSTEM: return STR("system");
    case ACTOR_CLIENT: return STR("client");
    case ACTOR_STAFF: return STR("staff");
    }
    UNREACHABLE();
}

static struct str message_name(enum message_kind kind)
{
    switch (kind) {
    case MESSAGE_CONFIRMED: return STR("confirmation");
    case MESSAGE_MOVED: return STR("move");
    case MESSAGE_CANCELLED: return STR("cancellation");
    case MESSAGE_REMINDER: return STR("reminder");
    case MESSAGE_CHECK_IN: return STR("check-in");
    case MESSAGE_MY_PAGE: return STR("link-to-my-page");
    }
    UNREACHABLE();
}

static struct str message_state_name(enum message_state state)
{
    switch (state) {
    case MESSAGE_WAITING: return STR("waiting");
    case MESSAGE_SENDING: return STR("sending");
    case MESSAGE_SENT: return STR("sent");
    case MESSAGE_FAILED: return STR("failed");
    case MESSAGE_DROPPED: return STR("dropped");
    case MESSAGE_UNSURE: return STR("unsure");
    }
    UNREACHABLE();
}

static struct str reason_name(enum prompt_reason reason)
{
    switch (reason) {
    case PROMPT_NONE: return STR("none");
    case PROMPT_EVENING: return STR("usual-evening");
    case PROMPT_RUN_IN: return STR("before-first-session");
    case PROMPT_DAY_AFTER: return STR("day-after-session");
    case PROMPT_THREE_AFTER: return STR("three-days-after-session");
    }
    UNREACHABLE();
}

static struct str plan_state_name(enum plan_state state)
{
    switch (state) {
    case PLAN_ASKING: return STR("asking");
    case PLAN_STOPPED_BY_CLIENT: return STR("stopped-by-client");
    case PLAN_STOPPED_BY_STAFF: return STR("stopped-by-staff");
    }
    UNREACHABLE();
}

static struct str purpose_name(enum link_purpose purpose)
{
    switch (purpose) {
    case LINK_CHECK_IN: return STR("check-in");
    case LINK_MY_PAGE: return STR("my-page");
    case LINK_SESSION: return STR("session");
    }
    UNREACHABLE();
}

static struct str kind_name(enum relief_kind kind)
{
    switch (kind) {
    case RELIEF_CHECK_IN: return STR("check-in");
    case RELIEF_BEFORE: return STR("before-session");
    case RELIEF_AFTER: return STR("after-session");
    case RELIEF_SESSION: break; /* not an entry */
    }
    UNREACHABLE();
}

/* ---- parts of the JSON ---- */

struct writer {
    struct care_env *env;
    struct booking_env booking_env;
    struct jw jw;
    struct booking_list bookings;
};

static void write_instant(struct writer *w, struct str key, utc_us at)
{
    jw_key(&w->jw, key);
    if (at) {
        api_write_instant(&w->jw, w->env->practice->zone, at);
    } else {
        jw_null(&w->jw);
    }
}

/* Hundredths as a decimal: 6.5 */
static struct str decimal(struct arena *arena, int32_t value)
{
    int32_t rest = value % 100;
    if (rest == 0) return arena_printf(arena, "%d", value / 100);
    return arena_printf(
        arena, rest % 10 ? "%d.%02d" : "%d.%d", value / 100, rest % 10 ? rest : rest / 10);
}

static void write_number(struct writer *w, struct str key, int32_t value)
{
    jw_key(&w->jw, key);
    jw_raw(&w->jw, decimal(w->env->arena, value));
}

static void write_values(struct writer *w, struct str key, const struct checkin_values *values)
{
    jw_key(&w->jw, key);
    jw_object(&w->jw);
    for (size_t i = 0; i < values->count; i++)
        write_number(w, measure_info(values->list[i].measure)->key, values->list[i].value);
    jw_object_end(&w->jw);
}

/* What a session is called outside: its reference; empty where there is none. */
static struct str reference(const struct writer *w, struct booking_id id)
{
    for (size_t i = 0; i < w->bookings.len; i++) {
        if (w->bookings.ptr[i].id.v == id.v) return w->bookings.ptr[i].public_id;
    }
    return (struct str){0};
}

static void write_letters(struct writer *w, const struct message_list *letters)
{
    jw_key(&w->jw, STR("letters"));
    jw_array(&w->jw);
    for (size_t i = 0; i < letters->len; i++) {
        const struct message *m = &letters->ptr[i];
        jw_object(&w->jw);
        JW_STR(&w->jw, "about", message_name(m->kind));
        JW_STR(&w->jw, "to", m->recipient == MESSAGE_TO_CLIENT ? STR("client") : STR("therapist"));
        JW_STR(&w->jw, "state", message_state_name(m->state));
        write_instant(w, STR("sent_at"), m->sent);
        jw_object_end(&w->jw);
    }
    jw_array_end(&w->jw);
}

static struct result write_events(struct writer *w, struct booking_id id)
{
    struct booking_events events;
    TRY(booking_history(&w->booking_env, id, &events));
    jw_key(&w->jw, STR("history"));
    jw_array(&w->jw);
    for (size_t i = 0; i < events.len; i++) {
        const struct booking_event *e = &events.ptr[i];
        jw_object(&w->jw);
        write_instant(w, STR("at"), e->at);
        JW_STR(&w->jw, "what", event_name(e->kind));
        JW_STR(&w->jw, "by", actor_name(e->actor.kind));
        if (e->old_starts) write_instant(w, STR("from_start"), e->old_starts);
        write_instant(w, STR("start"), e->starts);
        if (e->reason.len) JW_STR(&w->jw, "reason", e->reason);
        jw_object_end(&w->jw);
    }
    jw_array_end(&w->jw);
    return RESULT_OK;
}

static struct result write_booking(struct writer *w, const struct booking *b)
{
    const struct practice *p = w->env->practice;
    struct arena *arena = w->env->arena;
    struct str service;
    struct str therapist;
    struct str key;
    struct message_list letters;
    TRY(setup_service_name(w->env->tx, p->id, b->service, LANG_EN, arena, &service, &key));
    TRY(setup_resource_name(w->env->tx, p->id, b->therapist, arena, &therapist, &key));
    TRY(message_list(w->env->tx, p->id, b->id, LETTERS_OF_BOOKING_MAX, arena, &letters));
    jw_object(&w->jw);
    JW_STR(&w->jw, "reference", b->public_id);
    JW_STR(&w->jw, "status", status_name(b->status));
    JW_STR(&w->jw, "service", service);
    JW_STR(&w->jw, "therapist", therapist);
    write_instant(w, STR("start"), b->starts);
    write_instant(w, STR("end"), b->ends);
    JW_I64(&w->jw, "price_minor", b->price_minor);
    JW_STR(&w->jw, "currency", str_from_cstr(p->currency));
    JW_STR(&w->jw, "language", b->language);
    JW_STR(&w->jw, "note", b->note);
    write_instant(w, STR("booked_at"), b->created);
    TRY(write_events(w, b->id));
    write_letters(w, &letters);
    jw_object_end(&w->jw);
    return RESULT_OK;
}

static struct result write_bookings(struct writer *w)
{
    jw_key(&w->jw, STR("bookings"));
    jw_array(&w->jw);
    for (size_t i = 0; i < w->bookings.len; i++)
        TRY(write_booking(w, &w->bookings.ptr[i]));
    jw_array_end(&w->jw);
    return RESULT_OK;
}

static void write_plan(struct writer *w, const struct history *h)
{
    jw_key(&w->jw, STR("plan"));
    if (!h->has_plan) {
        jw_null(&w->jw);
        return;
    }
    const struct care_plan *plan = &h->plan;
    struct sb time;
    sb_init(&time, w->env->arena, 8);
    minutes_write(&time, plan->evening_min);
    jw_object(&w->jw);
    JW_STR(&w->jw, "state", plan_state_name(plan->state));
    JW_I64(&w->jw, "evenings_a_week", plan->per_week);
    JW_STR(&w->jw, "time", sb_str(&time));
    JW_I64(&w->jw, "days_before_first_session", plan->run_in_days);
    JW_I64(&w->jw, "sessions_until_review", plan->trial_sessions);
    jw_key(&w->jw, STR("measures"));
    jw_array(&w->jw);
    for (size_t i = 0; measure_at(i); i++) {
        if (plan_asks(plan, measure_at(i)->measure)) jw_str(&w->jw, measure_at(i)->key);
    }
    jw_array_end(&w->jw);
    jw_key(&w->jw, STR("activities"));
    jw_array(&w->jw);
    for (size_t i = 0; i < plan->activity_count; i++)
        jw_str(&w->jw, plan->activities[i]);
    jw_array_end(&w->jw);
    write_instant(w, STR("started_at"), plan->started);
    write_instant(w, STR("changed_at"), plan->changed);
    jw_object_end(&w->jw);
}

static struct result write_prompts(struct writer *w, struct client_id client)
{
    struct prompt_list prompts;
    TRY(prompt_of_client(w->env, client, &prompts));
    jw_key(&w->jw, STR("asked"));
    jw_array(&w->jw);
    for (size_t i = 0; i < prompts.len; i++) {
        jw_object(&w->jw);
        write_instant(w, STR("at"), prompts.ptr[i].due);
        JW_STR(&w->jw, "reason", reason_name(prompts.ptr[i].reason));
        write_instant(w, STR("answered_at"), prompts.ptr[i].answered);
        jw_object_end(&w->jw);
    }
    jw_array_end(&w->jw);
    return RESULT_OK;
}

/* Each thing that was said after the first time, the newest last. */
static struct result write_corrections(struct writer *w, const struct checkin *c)
{
    struct checkin_corrections all;
    TRY(checkin_corrections(w->env, c->id, &all));
    jw_key(&w->jw, STR("corrected"));
    jw_array(&w->jw);
    for (size_t i = 0; i < all.len; i++) {
        jw_object(&w->jw);
        write_instant(w, STR("at"), all.ptr[i].at);
        write_values(w, STR("values"), &all.ptr[i].values);
        JW_BOOL(&w->jw, "taken_back", all.ptr[i].is_mistake);
        jw_object_end(&w->jw);
    }
    jw_array_end(&w->jw);
    return RESULT_OK;
}

static struct result write_checkins(struct writer *w, const struct checkin_list *list)
{
    jw_key(&w->jw, STR("check_ins"));
    jw_array(&w->jw);
    for (size_t i = 0; i < list->len; i++) {
        const struct checkin *c = &list->ptr[i];
        jw_object(&w->jw);
        write_instant(w, STR("at"), c->at);
        write_instant(w, STR("received_at"), c->received);
        JW_STR(&w->jw, "kind", kind_name(c->kind));
        JW_BOOL(&w->jw, "unasked", c->spontaneous);
        if (c->booking.v) JW_STR(&w->jw, "booking", reference(w, c->booking));
        write_values(w, STR("values"), &c->values);
        if (c->corrections) {
            write_values(w, STR("first_values"), &c->first);
            TRY(write_corrections(w, c));
        }
        JW_I64(&w->jw, "corrections", c->corrections);
        JW_BOOL(&w->jw, "taken_back", c->is_mistake);
        jw_object_end(&w->jw);
    }
    jw_array_end(&w->jw);
    return RESULT_OK;
}

static void write_adverse(struct writer *w, const struct adverse_list *list)
{
    jw_key(&w->jw, STR("adverse_events"));
    jw_array(&w->jw);
    for (size_t i = 0; i < list->len; i++) {
        const struct adverse_event *e = &list->ptr[i];
        jw_object(&w->jw);
        JW_STR(&w->jw, "booking", reference(w, e->booking));
        write_instant(w, STR("noticed_at"), e->noticed);
        write_number(w, STR("usual_pain"), e->finding.usual);
        write_number(w, STR("worst_pain"), e->finding.worst);
        JW_I64(&w->jw, "hours", e->finding.hours);
        write_instant(w, STR("seen_at"), e->seen);
        JW_STR(&w->jw, "note", e->note);
        jw_object_end(&w->jw);
    }
    jw_array_end(&w->jw);
}

static struct result write_links(struct writer *w, struct client_id client)
{
    struct personal_link_list links;
    TRY(link_list_all(w->env, client, &links));
    jw_key(&w->jw, STR("links"));
    jw_array(&w->jw);
    for (size_t i = 0; i < links.len; i++) {
        jw_object(&w->jw);
        JW_STR(&w->jw, "for", purpose_name(links.ptr[i].purpose));
        write_instant(w, STR("made_at"), links.ptr[i].created);
        write_instant(w, STR("ends_at"), links.ptr[i].expires);
        JW_BOOL(&w->jw, "revoked", links.ptr[i].revoked);
        jw_object_end(&w->jw);
    }
    jw_array_end(&w->jw);
    return RESULT_OK;
}

static struct result write_person(struct writer *w, const struct client *client)
{
    utc_us asked;
    TRY(person_erasure_asked(w->env, client->id, &asked));
    jw_key(&w->jw, STR("person"));
    jw_object(&w->jw);
    JW_STR(&w->jw, "name", client->name);
    JW_STR(&w->jw, "email", client->email);
    JW_STR(&w->jw, "phone", client->phone);
    JW_STR(&w->jw, "language", client->language);
    JW_STR(&w->jw, "note", client->note);
    write_instant(w, STR("known_since"), client->created);
    write_instant(w, STR("deletion_asked_at"), asked);
    jw_object_end(&w->jw);
    return RESULT_OK;
}

struct result person_export_json(
    struct care_env *env, struct client_id client_id, struct str *ret_text)
{
    struct sb sb;
    struct client client;
    struct history history;
    struct message_list letters;
    struct practice_id practice = env->practice->id;
    struct writer w = {.env = env,
        .booking_env = {env->tx, env->practice, env->key, env->actor, env->now, env->arena}};
    sb_init(&sb, env->arena, LIMIT_RESPONSE_BYTES);
    jw_init(&w.jw, &sb);
    TRY(client_get(env->tx, practice, client_id, env->arena, &client));
    TRY(history_load(env, client_id, &history));
    TRY(booking_of_client(&w.booking_env, client_id, &w.bookings));
    TRY(message_of_client(
        env->tx, practice, client_id, LIMIT_CHECKINS_CLIENT, env->arena, &letters));
    jw_object(&w.jw);
    JW_STR(&w.jw, "format", STR("balm-person-1"));
    write_instant(&w, STR("made_at"), env->now);
    JW_STR(&w.jw, "practice", env->practice->name);
    TRY(write_person(&w, &client));
    TRY(write_bookings(&w));
    write_plan(&w, &history);
    TRY(write_prompts(&w, client_id));
    TRY(write_checkins(&w, &history.checkins));
    write_adverse(&w, &history.adverse);
    write_letters(&w, &letters);
    TRY(write_links(&w, client_id));
    jw_object_end(&w.jw);
    if (!sb_ok(&sb)) return result_fail(ERR_LIMIT, "too-much", "export");
    *ret_text = sb_str(&sb);
    return RESULT_OK;
}

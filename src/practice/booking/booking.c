#include "practice/booking/booking.h"

#include "auth/audit.h"
#include "base/check.h"
#include "base/json_writer.h"
#include "practice/booking/booking_rules.h"
#include "practice/booking/booking_sql.h"
#include "practice/messages/messages.h"

#include "base/banned.h"

enum { NONCE_BYTES = 16, PUBLIC_ID_BYTES = 12, PUBLIC_ID_CHARS = 16 };

/* Staff drag, look, and drag again: a move of theirs is told when it has stood for this long. */
#define STAFF_MOVE_DELAY_US (2 * US_PER_MINUTE)

/* ---- tokens and lookups ---- */

/* The public id finds the booking, the secret behind it (160 bits, derived) opens it. */
struct str booking_token(const struct booking_env *env, const struct booking *booking)
{
    if (booking->token.len) return booking->token;
    struct str secret =
        crypto_derived_token(env->arena, env->key, STR("manage"), booking->token_nonce);
    return arena_printf(env->arena, "%.*s%.*s", STR_ARG(booking->public_id), STR_ARG(secret));
}

struct result booking_find_by_token(
    struct booking_env *env, struct str token, struct booking *ret_booking)
{
    struct booking booking;
    TRY(booking_sql_find(env->tx, env->practice->id, LOOKUP_PUBLIC_ID,
        v_text(str_slice(token, 0, PUBLIC_ID_CHARS)), env->arena, &booking));
    if (!crypto_equal(crypto_digest(env->arena, NULL, token), booking.token_hash))
        return result_fail(ERR_NOT_FOUND, "unknown-booking", NULL);
    *ret_booking = booking;
    return RESULT_OK;
}

struct result booking_find_by_public_id(
    struct booking_env *env, struct str public_id, struct booking *ret_booking)
{
    return booking_sql_find(
        env->tx, env->practice->id, LOOKUP_PUBLIC_ID, v_text(public_id), env->arena, ret_booking);
}

struct result booking_find(
    struct booking_env *env, struct booking_id id, struct booking *ret_booking)
{
    return booking_sql_find(
        env->tx, env->practice->id, LOOKUP_ID, v_int(id.v), env->arena, ret_booking);
}

/* ---- what every change leaves behind ---- */

static const char *const event_actions[] = {
    [EVENT_BOOKED] = "booking.booked",
    [EVENT_MOVED] = "booking.moved",
    [EVENT_CANCELLED] = "booking.cancelled",
    [EVENT_DONE] = "booking.done",
    [EVENT_NO_SHOW] = "booking.no-show",
    [EVENT_REOPENED] = "booking.reopened",
};

static struct str audit_detail(struct arena *arena, const struct booking_event *e)
{
    struct sb sb;
    sb_init(&sb, arena, 1000);
    struct jw jw;
    jw_init(&jw, &sb);
    jw_object(&jw);
    if (e->old_starts) {
        jw_key(&jw, STR("from"));
        sb_add_char(&sb, '"');
        rfc3339_write_utc(&sb, e->old_starts);
        sb_add_char(&sb, '"');
        jw.after_key = false;
    }
    jw_key(&jw, STR("starts"));
    sb_add_char(&sb, '"');
    rfc3339_write_utc(&sb, e->starts);
    sb_add_char(&sb, '"');
    jw.after_key = false;
    jw_object_end(&jw);
    return sb_str(&sb);
}

/* History and audit entry. `old` NULL where nothing moved. */
static struct result record(struct booking_env *env, enum booking_event_kind kind,
    const struct booking *old, const struct booking *now, struct str reason, int64_t *ret_event)
{
    struct booking_event event = {
        .booking = now->id,
        .at = env->now,
        .kind = kind,
        .actor = env->actor,
        .starts = now->starts,
        .ends = now->ends,
        .therapist = now->therapist,
        .room = now->room,
        .sequence = now->sequence,
        .reason = reason,
    };
    if (old) {
        event.old_starts = old->starts;
        event.old_ends = old->ends;
        event.old_therapist = old->therapist;
    }
    TRY(booking_sql_add_event(env->tx, env->practice->id, &event));
    *ret_event = event.id;
    return audit_add(env->tx, env->practice->id, env->now, env->actor,
        str_from_cstr(event_actions[kind]), STR("booking"), now->id.v,
        audit_detail(env->arena, &event));
}

static struct result queue_reminder(struct booking_env *env, const struct booking *booking)
{
    utc_us at;
    if (!message_reminder_time(env->practice->zone, booking->starts,
            env->practice->rules.cancel_notice_minutes, env->now, &at))
        return RESULT_OK;
    return message_queue(env->tx, env->practice->id, MESSAGE_REMINDER, booking->id, 0,
        MESSAGE_TO_CLIENT, at, env->now);
}

static struct result queue_message(
    struct booking_env *env, enum message_kind kind, const struct booking *booking, int64_t event)
{
    bool later = kind == MESSAGE_MOVED && env->actor.kind == ACTOR_STAFF;
    return message_queue(env->tx, env->practice->id, kind, booking->id, event, MESSAGE_TO_CLIENT,
        env->now + (later ? STAFF_MOVE_DELAY_US : 0), env->now);
}

/* ---- booking ---- */

static struct result check_client_limit(struct booking_env *env, struct client_id client)
{
    int limit = env->practice->rules.max_active_per_client;
    if (!limit) return RESULT_OK;
    int64_t active;
    TRY(booking_sql_count_active(env->tx, env->practice->id, client, env->now, &active));
    return active < limit ? RESULT_OK : result_fail(ERR_INVALID, "client-limit-reached", NULL);
}

/* The hold's own therapist and room, its time given back to be taken by the booking. */
static struct result place_from_hold(struct booking_env *env, const struct booking_request *request,
    const struct open_query *query, bool *ret_chosen, struct placing *ret_placing)
{
    struct hold hold;
    bool full;
    TRY(hold_find(env, request->hold, &hold));
    bool same = hold.service == request->service && hold.start == request->start &&
                (request->therapist < 0 || request->therapist == hold.therapist);
    if (!same) return result_fail(ERR_INVALID, "hold-differs", NULL);
    /* Holds do not count into max_per_day, so the day may have filled since. */
    TRY(open_day_full(
        env->tx, query, env->practice->therapists[hold.therapist].id, hold.start, &full));
    if (full) return result_fail(ERR_INVALID, "limit-reached", NULL);
    TRY(hold_delete(env, hold.id));
    *ret_placing = (struct placing){hold.therapist, hold.room};
    *ret_chosen = hold.therapist_chosen;
    return RESULT_OK;
}

/* The hour of its making and 72 random bits, so that new ids lie side by side in their index. */
static struct str new_public_id(struct booking_env *env)
{
    unsigned char bytes[PUBLIC_ID_BYTES];
    crypto_random(bytes, sizeof bytes);
    uint64_t hour = (uint64_t)(env->now / US_PER_HOUR);
    for (int i = 0; i < 3; i++)
        bytes[i] = (unsigned char)(hour >> (16 - 8 * i));
    struct str id = crypto_base64url(env->arena, (struct str){(char *)bytes, sizeof bytes});
    CHECK(id.len == PUBLIC_ID_CHARS);
    return id;
}

static struct booking new_booking(struct booking_env *env, const struct booking_request *request,
    const struct placing *placing, struct client_id client)
{
    const struct practice *p = env->practice;
    const struct service *service = request->service;
    int minutes = request->minutes ? request->minutes : service->minutes;
    char *nonce = arena_alloc(env->arena, NONCE_BYTES, 1);
    crypto_random(nonce, NONCE_BYTES);
    struct resource_id no_room = {0};
    return (struct booking){
        .public_id = new_public_id(env),
        .client = client,
        .service = service->id,
        .therapist = p->therapists[placing->therapist].id,
        .room = placing->room >= 0 ? p->rooms[placing->room].id : no_room,
        .starts = request->start,
        .ends = request->start + minutes * US_PER_MINUTE,
        .before_minutes = service->before_minutes,
        .after_minutes = service->after_minutes,
        .status = BOOKING_CONFIRMED,
        .price_minor = service->price.minor,
        .note = request->note,
        .language = request->client.language.len ? request->client.language : STR("en"),
        .token_nonce = {nonce, NONCE_BYTES},
        .created = env->now,
    };
}

static struct result request_client(
    struct booking_env *env, const struct booking_request *request, struct client_id *ret_client)
{
    if (!request->known_client.v)
        return client_recognise(env->tx, env->practice->id, &request->client, env->now, ret_client);
    struct client client;
    TRY(client_get(env->tx, env->practice->id, request->known_client, env->arena, &client));
    *ret_client = client.id;
    return RESULT_OK;
}

struct result booking_make(
    struct booking_env *env, const struct booking_request *request, struct booking *ret_booking)
{
    CHECK(request->service && env->key);
    struct open_query query = {.practice = env->practice,
        .service = request->service,
        .therapist = request->therapist,
        .minutes = request->minutes,
        .now = env->now};
    struct placing placing;
    bool chosen = request->therapist >= 0;
    struct client_id client;
    TRY(hold_sweep(env));
    if (request->hold.len) {
        TRY(place_from_hold(env, request, &query, &chosen, &placing));
    } else {
        TRY(booking_place(env, &query, request->start, request->lenient, -1, &placing));
    }
    TRY(request_client(env, request, &client));
    if (!request->lenient) TRY(check_client_limit(env, client));

    struct booking booking = new_booking(env, request, &placing, client);
    booking.therapist_chosen = chosen;
    booking.token = booking_token(env, &booking);
    booking.token_hash = crypto_digest(env->arena, NULL, booking.token);
    TRY(booking_sql_insert(env->tx, env->practice->id, &booking));
    TRY(booking_occupy(
        env, &query, &placing, request->start, (struct owner){OWNER_BOOKING, booking.id.v}, 0));
    int64_t event;
    TRY(record(env, EVENT_BOOKED, NULL, &booking, STR(""), &event));
    TRY(queue_message(env, MESSAGE_CONFIRMED, &booking, event));
    TRY(queue_reminder(env, &booking));
    *ret_booking = booking;
    return RESULT_OK;
}

/* Gives back the time of therapist and room. */
static struct result vacate(struct booking_env *env, const struct booking *booking)
{
    struct owner owner = {OWNER_BOOKING, booking->id.v};
    struct practice_id practice = env->practice->id;
    utc_us from = booking->starts - booking->before_minutes * US_PER_MINUTE;
    TRY(occupancy_remove(env->tx, practice, booking->therapist, from, owner));
    if (!booking->room.v) return RESULT_OK;
    return occupancy_remove(env->tx, practice, booking->room, from, owner);
}

/* ---- moving ---- */

bool booking_can_move(const struct practice *p, const struct booking *booking, utc_us now)
{
    return booking->status == BOOKING_CONFIRMED &&
           now <= booking->starts - p->rules.reschedule_notice_minutes * US_PER_MINUTE;
}

bool booking_can_cancel(const struct practice *p, const struct booking *booking, utc_us now)
{
    return booking->status == BOOKING_CONFIRMED &&
           now <= booking->starts - p->rules.cancel_notice_minutes * US_PER_MINUTE;
}

/* A service's therapists and lengths may have changed since the booking: it moves as it was booked.
 */
static struct result service_as_booked(
    struct booking_env *env, const struct booking *booking, struct service *ret_service)
{
    const struct service *known = practice_service_by_id(env->practice, booking->service);
    if (!known) return result_fail(ERR_INVALID, "service-gone", NULL);
    *ret_service = *known;
    ret_service->before_minutes = booking->before_minutes;
    ret_service->after_minutes = booking->after_minutes;
    return RESULT_OK;
}

struct result booking_reschedule(struct booking_env *env, const struct booking *booking,
    const struct booking_move *move, struct booking *ret_booking)
{
    const struct practice *p = env->practice;
    if (booking->status != BOOKING_CONFIRMED)
        return result_fail(ERR_INVALID, "not-confirmed", NULL);
    if (!move->lenient && !booking_can_move(p, booking, env->now))
        return result_fail(ERR_INVALID, "too-late", NULL);
    TRY(booking_moves_left(env, booking));
    struct service service;
    TRY(service_as_booked(env, booking, &service));
    int current = practice_therapist_by_id(p, booking->therapist);
    bool keep = move->therapist < 0 && booking->therapist_chosen && current >= 0;
    struct owner owner = {OWNER_BOOKING, booking->id.v};
    int minutes = (int)((booking->ends - booking->starts) / US_PER_MINUTE);
    if (move->minutes) minutes = move->minutes;
    struct open_query query = {.practice = p,
        .service = &service,
        .therapist = keep ? current : move->therapist,
        .minutes = minutes,
        .now = env->now,
        .except = owner,
        .except_booking = booking->id.v};
    struct placing placing;
    TRY(hold_sweep(env));
    TRY(booking_place(env, &query, move->start, move->lenient, current, &placing));
    TRY(vacate(env, booking));
    TRY(booking_occupy(env, &query, &placing, move->start, owner, 0));

    struct booking moved = *booking;
    moved.starts = move->start;
    moved.ends = move->start + minutes * US_PER_MINUTE;
    moved.therapist = p->therapists[placing.therapist].id;
    moved.room = (struct resource_id){placing.room >= 0 ? p->rooms[placing.room].id.v : 0};
    moved.sequence++;
    int64_t event;
    TRY(booking_sql_update(env->tx, p->id, &moved));
    TRY(record(env, EVENT_MOVED, booking, &moved, STR(""), &event));
    TRY(message_drop_reminders(env->tx, p->id, booking->id));
    TRY(queue_message(env, MESSAGE_MOVED, &moved, event));
    TRY(queue_reminder(env, &moved));
    *ret_booking = moved;
    return RESULT_OK;
}

/* ---- cancelling, done, no-show ---- */

struct result booking_cancel(
    struct booking_env *env, const struct booking *booking, struct str reason, struct booking *ret)
{
    if (booking->status != BOOKING_CONFIRMED)
        return result_fail(ERR_INVALID, "not-confirmed", NULL);
    if (env->actor.kind == ACTOR_CLIENT && !booking_can_cancel(env->practice, booking, env->now))
        return result_fail(ERR_INVALID, "too-late", NULL);
    struct booking cancelled = *booking;
    cancelled.status = BOOKING_CANCELLED;
    cancelled.sequence++;
    struct practice_id practice = env->practice->id;
    int64_t event;
    TRY(vacate(env, booking));
    TRY(booking_sql_update(env->tx, practice, &cancelled));
    TRY(record(env, EVENT_CANCELLED, NULL, &cancelled, reason, &event));
    TRY(message_drop_reminders(env->tx, practice, booking->id));
    TRY(queue_message(env, MESSAGE_CANCELLED, &cancelled, event));
    *ret = cancelled;
    return RESULT_OK;
}

struct result booking_set_status(struct booking_env *env, const struct booking *booking,
    enum booking_status status, struct booking *ret_booking)
{
    CHECK(status == BOOKING_DONE || status == BOOKING_NO_SHOW || status == BOOKING_CONFIRMED);
    if (booking->status == BOOKING_CANCELLED)
        return result_fail(ERR_INVALID, "not-confirmed", NULL);
    *ret_booking = *booking;
    if (booking->status == status) return RESULT_OK;
    ret_booking->status = status;
    enum booking_event_kind kind = status == BOOKING_DONE      ? EVENT_DONE
                                   : status == BOOKING_NO_SHOW ? EVENT_NO_SHOW
                                                               : EVENT_REOPENED;
    int64_t event;
    TRY(booking_sql_update(env->tx, env->practice->id, ret_booking));
    return record(env, kind, NULL, ret_booking, STR(""), &event);
}

/* ---- merging, deleting ---- */

struct result booking_merge_client(
    struct booking_env *env, struct client_id from, struct client_id into)
{
    struct practice_id practice = env->practice->id;
    struct client target;
    TRY(client_get(env->tx, practice, into, env->arena, &target));
    if (target.merged_into.v) return result_fail(ERR_INVALID, "same-client", NULL);
    TRY(client_mark_merged(env->tx, practice, from, into));
    TRY(db_exec(env->tx,
        SQL("UPDATE booking SET client_id = $3 WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(practice.v), v_int(from.v), v_int(into.v)), NULL));
    return audit_add(env->tx, practice, env->now, env->actor, STR("client.merged"), STR("client"),
        into.v, arena_printf(env->arena, "{\"from\":%lld}", (long long)from.v));
}

struct result booking_erase_client(struct booking_env *env, struct client_id client)
{
    struct values values = V(v_int(env->practice->id.v), v_int(client.v));
    TRY(db_exec(env->tx,
        SQL("UPDATE booking_event SET reason = '' WHERE practice_id = $1 AND reason <> ''"
            " AND booking_id IN (SELECT booking_id FROM booking WHERE practice_id = $1"
            " AND client_id = $2)"),
        values, NULL));
    TRY(db_exec(env->tx,
        SQL("DELETE FROM idempotency WHERE practice_id = $1 AND booking_id IN"
            " (SELECT booking_id FROM booking WHERE practice_id = $1 AND client_id = $2)"),
        values, NULL));
    TRY(db_exec(env->tx,
        SQL("DELETE FROM outbox WHERE practice_id = $1 AND booking_id IN"
            " (SELECT booking_id FROM booking WHERE practice_id = $1 AND client_id = $2)"),
        values, NULL));
    return db_exec(env->tx,
        SQL("UPDATE booking SET note = '' WHERE practice_id = $1 AND client_id = $2"), values,
        NULL);
}

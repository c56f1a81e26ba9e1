#include "practice/messages/messages.h"

#include "base/check.h"
#include "base/crypto.h"
#include "base/tz.h"

#include "base/banned.h"

#define MESSAGE_COLUMNS                                                                            \
    "practice_id, outbox_id, kind, booking_id, event_id, recipient, state, not_before_us,"         \
    " attempts, last_error, message_id, created_us, sent_us, client_id, link_id"

static struct message read_message(struct rows *rows, struct arena *arena)
{
    return (struct message){
        .practice = {rows_int(rows, 0)},
        .id = rows_int(rows, 1),
        .kind = (enum message_kind)rows_int(rows, 2),
        .booking = {rows_int(rows, 3)},
        .event = rows_int(rows, 4),
        .recipient = (enum message_recipient)rows_int(rows, 5),
        .state = (enum message_state)rows_int(rows, 6),
        .not_before = rows_int(rows, 7),
        .attempts = (int)rows_int(rows, 8),
        .last_error = rows_text(rows, 9, arena),
        .message_id = rows_text(rows, 10, arena),
        .created = rows_int(rows, 11),
        .sent = rows_int(rows, 12),
        .client = {rows_int(rows, 13)},
        .link = rows_int(rows, 14),
    };
}

static struct result next_id(struct tx *tx, struct practice_id practice, int64_t *ret_id)
{
    return db_next(
        tx, SQL("SELECT max(outbox_id) FROM outbox WHERE practice_id = $1"), practice.v, ret_id);
}

struct result message_queue(struct tx *tx, struct practice_id practice, enum message_kind kind,
    struct booking_id booking, int64_t event, enum message_recipient recipient, utc_us not_before,
    utc_us now)
{
    CLEANUP(arena_release) struct arena scratch = {0};
    int64_t id;
    TRY(next_id(tx, practice, &id));
    return db_exec(tx,
        SQL("INSERT INTO outbox (practice_id, outbox_id, kind, booking_id, event_id, recipient,"
            " state, not_before_us, message_id, created_us)"
            " VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9)"),
        V(v_int(practice.v), v_int(id), v_int(kind), v_int(booking.v), v_int_or_null(event),
            v_int(recipient), v_int(not_before), v_text(crypto_token(&scratch)), v_int(now)),
        NULL);
}

struct result message_queue_personal(struct tx *tx, struct practice_id practice,
    enum message_kind kind, struct client_id client, int64_t link, utc_us not_before, utc_us now)
{
    CHECK(kind == MESSAGE_CHECK_IN || kind == MESSAGE_MY_PAGE);
    CLEANUP(arena_release) struct arena scratch = {0};
    int64_t id;
    TRY(next_id(tx, practice, &id));
    return db_exec(tx,
        SQL("INSERT INTO outbox (practice_id, outbox_id, kind, client_id, link_id, recipient,"
            " state, not_before_us, message_id, created_us)"
            " VALUES ($1, $2, $3, $4, $5, 1, 1, $6, $7, $8)"),
        V(v_int(practice.v), v_int(id), v_int(kind), v_int(client.v), v_int(link),
            v_int(not_before), v_text(crypto_token(&scratch)), v_int(now)),
        NULL);
}

struct result message_move_client(
    struct tx *tx, struct practice_id practice, struct client_id from, struct client_id into)
{
    return db_exec(tx,
        SQL("UPDATE outbox SET client_id = $3, state = CASE state WHEN 1 THEN 5 ELSE state END"
            " WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(practice.v), v_int(from.v), v_int(into.v)), NULL);
}

struct result message_erase_client(
    struct tx *tx, struct practice_id practice, struct client_id client)
{
    return db_exec(tx, SQL("DELETE FROM outbox WHERE practice_id = $1 AND client_id = $2"),
        V(v_int(practice.v), v_int(client.v)), NULL);
}

struct result message_drop_reminders(
    struct tx *tx, struct practice_id practice, struct booking_id booking)
{
    return db_exec(tx,
        SQL("UPDATE outbox SET state = 5 WHERE practice_id = $1 AND booking_id = $2"
            " AND kind = 4 AND state = 1"),
        V(v_int(practice.v), v_int(booking.v)), NULL);
}

struct result message_last_told(
    struct tx *tx, struct practice_id practice, struct booking_id booking, int64_t *ret_event)
{
    return db_int(tx,
        SQL("SELECT coalesce(max(event_id), 0) FROM outbox WHERE practice_id = $1"
            " AND booking_id = $2 AND state = 3 AND recipient = 1"),
        V(v_int(practice.v), v_int(booking.v)), 0, ret_event);
}

bool message_reminder_time(
    const struct tz *zone, utc_us starts, int cancel_notice_minutes, utc_us now, utc_us *ret_at)
{
    utc_us cutoff = starts - cancel_notice_minutes * US_PER_MINUTE;
    date_day day = tz_utc_to_local(zone, cutoff).date - 1;
    utc_us at = tz_opening(zone, (struct local_time){day, 10 * 3600});
    if (at < now + US_PER_HOUR) return false;
    *ret_at = at;
    return true;
}

struct result message_claim(struct tx *tx, utc_us now, struct arena *arena, bool *ret_has,
    struct message *ret_message, utc_us *ret_next)
{
    struct rows rows;
    TRY(db_query(tx,
        SQL("SELECT " MESSAGE_COLUMNS " FROM outbox WHERE state = 1"
            " ORDER BY not_before_us LIMIT 1"),
        NO_VALUES, &rows));
    bool has = false;
    struct message message = {0};
    struct result result = rows_next(&rows, &has);
    if (result_is_ok(result) && has) message = read_message(&rows, arena);
    rows_close(&rows);
    TRY(result);
    *ret_has = has && message.not_before <= now;
    *ret_next = has ? message.not_before : INT64_MAX;
    if (!*ret_has) return RESULT_OK;
    message.state = MESSAGE_SENDING;
    message.attempts++;
    *ret_message = message;
    return db_exec(tx,
        SQL("UPDATE outbox SET state = 2, attempts = $3 WHERE practice_id = $1 AND outbox_id = $2"),
        V(v_int(message.practice.v), v_int(message.id), v_int(message.attempts)), NULL);
}

struct result message_settle(struct tx *tx, const struct message *message, enum message_state state,
    utc_us retry_at, struct str error, utc_us now)
{
    CHECK((state == MESSAGE_WAITING) == (retry_at > 0));
    return db_exec(tx,
        SQL("UPDATE outbox SET state = $3, not_before_us = CASE WHEN $4 > 0 THEN $4 ELSE"
            " not_before_us END, last_error = $5, sent_us = CASE WHEN $3 = 3 THEN $6 END"
            " WHERE practice_id = $1 AND outbox_id = $2 AND state = 2 AND message_id = $7"),
        V(v_int(message->practice.v), v_int(message->id), v_int(state), v_int(retry_at),
            v_text(error), v_int(now), v_text(message->message_id)),
        NULL);
}

struct result message_recover(struct tx *tx, int64_t *ret_count)
{
    return db_exec(tx,
        SQL("UPDATE outbox SET state = 6, last_error = 'the server stopped while sending'"
            " WHERE state = 2"),
        NO_VALUES, ret_count);
}

/* The rest of a query, which it ends. */
static struct result read_messages(
    struct rows *rows, size_t max, struct arena *arena, struct message_list *ret_list)
{
    struct message *list = ARENA_ARRAY(arena, max, struct message);
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(rows, &has)) && has && count < max)
        list[count++] = read_message(rows, arena);
    rows_close(rows);
    TRY(result);
    *ret_list = (struct message_list){list, count};
    return RESULT_OK;
}

struct result message_list(struct tx *tx, struct practice_id practice, struct booking_id booking,
    size_t max, struct arena *arena, struct message_list *ret_list)
{
    struct rows rows;
    struct sql all = SQL("SELECT " MESSAGE_COLUMNS " FROM outbox WHERE practice_id = $1"
                         " ORDER BY outbox_id DESC LIMIT $2");
    struct sql one = SQL("SELECT " MESSAGE_COLUMNS " FROM outbox WHERE practice_id = $1"
                         " AND booking_id = $3 ORDER BY outbox_id DESC LIMIT $2");
    struct values values = V(v_int(practice.v), v_int((int64_t)max), v_int(booking.v));
    if (!booking.v) values.len--;
    TRY(db_query(tx, booking.v ? one : all, values, &rows));
    return read_messages(&rows, max, arena, ret_list);
}

struct result message_of_client(struct tx *tx, struct practice_id practice, struct client_id client,
    size_t max, struct arena *arena, struct message_list *ret_list)
{
    struct rows rows;
    TRY(db_query(tx,
        SQL("SELECT " MESSAGE_COLUMNS " FROM outbox WHERE practice_id = $1 AND client_id = $2"
            " ORDER BY outbox_id DESC LIMIT $3"),
        V(v_int(practice.v), v_int(client.v), v_int((int64_t)max)), &rows));
    return read_messages(&rows, max, arena, ret_list);
}

struct result message_resend(struct tx *tx, struct practice_id practice, int64_t id, utc_us now)
{
    CLEANUP(arena_release) struct arena scratch = {0};
    int64_t changed;
    TRY(db_exec(tx,
        SQL("UPDATE outbox SET state = 1, attempts = 0, not_before_us = $3, message_id = $4"
            " WHERE practice_id = $1 AND outbox_id = $2 AND state IN (4, 6)"),
        V(v_int(practice.v), v_int(id), v_int(now), v_text(crypto_token(&scratch))), &changed));
    return changed ? RESULT_OK : result_fail(ERR_NOT_FOUND, "unknown-message", NULL);
}

struct result message_counts(
    struct tx *tx, struct practice_id practice, int64_t *ret_waiting, int64_t *ret_failed)
{
    /* The + makes SQLite walk the few that wait (a partial index) instead of the practice's all. */
    TRY(db_int(tx, SQL("SELECT count(*) FROM outbox WHERE +practice_id = $1 AND state = 1"),
        V(v_int(practice.v)), 0, ret_waiting));
    return db_int(tx, SQL("SELECT count(*) FROM outbox WHERE practice_id = $1 AND state IN (4, 6)"),
        V(v_int(practice.v)), 0, ret_failed);
}

struct result message_mark_sent_before(struct tx *tx, struct practice_id practice, utc_us now)
{
    return db_exec(tx,
        SQL("UPDATE outbox SET state = 3, attempts = 1, sent_us = not_before_us"
            " WHERE practice_id = $1 AND state = 1 AND not_before_us <= $2"),
        V(v_int(practice.v), v_int(now)), NULL);
}

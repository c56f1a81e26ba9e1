/* messages: what is to be told to whom. Rows are written in the transaction of what they tell and
 * delivered later (app/outbox); the message itself is rendered at delivery, from the booking_event
 * it tells of or the personal link it carries. A row is claimed durably before it is sent, so that
 * nothing is sent twice: a send whose outcome is not known becomes MESSAGE_UNSURE and waits for a
 * person.
 *
 * Table: outbox. */
#ifndef BALM_PRACTICE_MESSAGES_H
#define BALM_PRACTICE_MESSAGES_H

#include "base/civil.h"
#include "base/ids.h"
#include "store/store.h"

enum message_kind {
    MESSAGE_CONFIRMED = 1,
    MESSAGE_MOVED = 2,
    MESSAGE_CANCELLED = 3,
    MESSAGE_REMINDER = 4,
    MESSAGE_CHECK_IN = 5, /* how are you? with the link of a prompt */
    MESSAGE_MY_PAGE = 6,  /* the link to the client's own page */
};

enum message_recipient { MESSAGE_TO_CLIENT = 1, MESSAGE_TO_THERAPIST = 2 };

enum message_state {
    MESSAGE_WAITING = 1,
    MESSAGE_SENDING = 2,
    MESSAGE_SENT = 3,
    MESSAGE_FAILED = 4,
    MESSAGE_DROPPED = 5, /* overtaken: a reminder of a cancelled session */
    MESSAGE_UNSURE = 6,  /* the connection broke after the text had gone */
};

struct message {
    struct practice_id practice;
    int64_t id;
    enum message_kind kind;
    struct booking_id booking; /* 0 in personal ones */
    int64_t event;
    struct client_id client; /* personal ones */
    int64_t link;            /* personal ones: the link they carry */
    enum message_recipient recipient;
    enum message_state state;
    utc_us not_before;
    int attempts;
    struct str last_error;
    struct str message_id; /* left part of Message-ID */
    utc_us created;
    utc_us sent; /* 0: not yet */
};

struct message_list {
    const struct message *ptr;
    size_t len;
};

/* Queues one. event 0 for reminders. */
struct result MUST_CHECK message_queue(struct tx *tx, struct practice_id practice,
    enum message_kind kind, struct booking_id booking, int64_t event,
    enum message_recipient recipient, utc_us not_before, utc_us now);

/* Queues one that tells of no booking: `link` is the personal_link it carries. */
struct result MUST_CHECK message_queue_personal(struct tx *tx, struct practice_id practice,
    enum message_kind kind, struct client_id client, int64_t link, utc_us not_before, utc_us now);

/* For merging and deleting clients: what is personal goes with them; of a merged one nothing is sent
 * any more, since its links end. */
struct result MUST_CHECK message_move_client(
    struct tx *tx, struct practice_id practice, struct client_id from, struct client_id into);
struct result MUST_CHECK message_erase_client(
    struct tx *tx, struct practice_id practice, struct client_id client);

/* Drops what still waits and is overtaken: reminders of a booking that moved or was cancelled. */
struct result MUST_CHECK message_drop_reminders(
    struct tx *tx, struct practice_id practice, struct booking_id booking);

/* The event that the client was last told of by a letter that was sent; 0 where there is none. */
struct result MUST_CHECK message_last_told(
    struct tx *tx, struct practice_id practice, struct booking_id booking, int64_t *ret_event);

/* When to remind of a session: at ten in the morning of the day before the last moment to cancel,
 * in the practice's zone. False where that is not at least an hour ahead of now. */
struct tz;
bool message_reminder_time(
    const struct tz *zone, utc_us starts, int cancel_notice_minutes, utc_us now, utc_us *ret_at);

/* ---- delivery (app/outbox) ---- */

/* Claims the next due message of any practice: its state becomes SENDING. *ret_has false where none
 * is due; then *ret_next is when the next will be (INT64_MAX: none). */
struct result MUST_CHECK message_claim(struct tx *tx, utc_us now, struct arena *arena,
    bool *ret_has, struct message *ret_message, utc_us *ret_next);
/* What became of it; nothing where it was deleted meanwhile. retry_at 0: final. error: without addresses. */
struct result MUST_CHECK message_settle(struct tx *tx, const struct message *message,
    enum message_state state, utc_us retry_at, struct str error, utc_us now);
/* At start: what was being sent when the process ended is UNSURE. */
struct result MUST_CHECK message_recover(struct tx *tx, int64_t *ret_count);

/* For imports and demonstrations: what was due before `now` counts as sent when it was due. */
struct result MUST_CHECK message_mark_sent_before(
    struct tx *tx, struct practice_id practice, utc_us now);

/* ---- staff ---- */

/* Of one booking, or of all (booking 0); newest first. */
struct result MUST_CHECK message_list(struct tx *tx, struct practice_id practice,
    struct booking_id booking, size_t max, struct arena *arena, struct message_list *ret_list);
/* The personal ones of a client, newest first. */
struct result MUST_CHECK message_of_client(struct tx *tx, struct practice_id practice,
    struct client_id client, size_t max, struct arena *arena, struct message_list *ret_list);
/* FAILED or UNSURE: send again, under a new Message-ID. */
struct result MUST_CHECK message_resend(
    struct tx *tx, struct practice_id practice, int64_t id, utc_us now);
/* Waiting, failed and unsure ones. */
struct result MUST_CHECK message_counts(
    struct tx *tx, struct practice_id practice, int64_t *ret_waiting, int64_t *ret_failed);

#endif

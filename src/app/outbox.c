/* The outbox worker: one thread that delivers queued messages, one after the other.
 *
 * A message is claimed in a transaction of its own (state SENDING, durable) before it is handed to
 * the mailer, and settled in another. A crash between the two leaves SENDING, which becomes UNSURE
 * at the next start and waits for a person: nothing is ever sent twice by itself. */
#include "app/internal.h"

#include "app/clock.h"
#include "app/letter.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/log.h"
#include "practice/care/prompt.h"
#include "practice/clients/personal_link.h"
#include "practice/messages/messages.h"

#include <stdlib.h>
#include <time.h>

#include "base/banned.h"

/* Mail makes way for people who wait: with so many writes queued, the next letter waits a little.
 */
enum { BUSY_BACKLOG = 4, PLANNING_BATCH = 32 };
#define BUSY_PAUSE_US (US_PER_SECOND / 10)

struct outbox {
    struct app *app;
    struct mailer *mailer;
    struct practices *practices;
    struct conn *conn;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool poked;
    bool stopping;
};

/* ---- claiming and settling, on the writer thread ---- */

struct claim {
    struct arena *arena;
    utc_us now;
    bool has;
    struct message message;
    utc_us next;
};

static struct result run_claim(struct tx *tx, void *arg)
{
    struct claim *c = arg;
    return message_claim(tx, c->now, c->arena, &c->has, &c->message, &c->next);
}

struct settlement {
    const struct message *message;
    enum message_state state;
    utc_us retry_at;
    struct str error;
    utc_us now;
};

static struct result run_settle(struct tx *tx, void *arg)
{
    struct settlement *s = arg;
    return message_settle(tx, s->message, s->state, s->retry_at, s->error, s->now);
}

/* 1, 5, 15 minutes, then hours; the last attempts are a day apart. */
static utc_us retry_delay(int attempts)
{
    static const int minutes[] = {1, 5, 15, 30, 60, 120, 240, 480, 960};
    size_t i = attempts > 0 ? (size_t)attempts - 1 : 0;
    if (i >= COUNT_OF(minutes)) return US_PER_DAY;
    return minutes[i] * US_PER_MINUTE;
}

/* ---- one message ---- */

static struct result compose(struct outbox *o, const struct message *message, struct arena *arena,
    struct letter *ret_letter, struct str *ret_bytes)
{
    struct tx tx;
    const struct practice *practice;
    TRY(tx_begin_read(o->conn, &tx));
    struct result result = practices_by_id(o->practices, &tx, message->practice, &practice);
    if (result_is_ok(result)) {
        struct actor actor = {.kind = ACTOR_SYSTEM};
        utc_us now = clock_now();
        struct str base_url = o->app->site.base_url;
        if (message->booking.v) {
            struct booking_env env = {&tx, practice, o->app->site.key, actor, now, arena};
            result = letter_compose(&env, message, base_url, ret_letter);
        } else {
            struct care_env env = {
                &tx, practice, o->app->site.key, key_ring_current(o->app->keys), actor, now, arena};
            result = care_letter_compose(&env, message, base_url, ret_letter);
        }
    }
    tx_rollback(&tx);
    TRY(result);
    if (ret_letter->overtaken) return RESULT_OK;
    return mail_build(&ret_letter->mail, arena, ret_bytes);
}

static struct settlement settlement_of(
    const struct message *message, const struct mail_outcome *outcome, struct arena *arena)
{
    struct settlement s = {.message = message, .now = clock_now()};
    if (outcome->fate != MAIL_SENT) {
        s.error = arena_printf(arena, "%s (%s) %d %s", mail_fate_name(outcome->fate),
            outcome->stage ? outcome->stage : "", outcome->code, outcome->text);
    }
    switch (outcome->fate) {
    case MAIL_SENT: s.state = MESSAGE_SENT; break;
    case MAIL_PERMANENT: s.state = MESSAGE_FAILED; break;
    case MAIL_UNKNOWN: s.state = MESSAGE_UNSURE; break;
    case MAIL_TEMPORARY:
        if (message->attempts >= LIMIT_MAIL_ATTEMPTS) {
            s.state = MESSAGE_FAILED;
        } else {
            s.state = MESSAGE_WAITING;
            s.retry_at = s.now + retry_delay(message->attempts);
        }
        break;
    }
    return s;
}

static void deliver(struct outbox *o, const struct message *message, struct arena *arena)
{
    struct letter letter = {0};
    struct str bytes;
    struct settlement settlement = {.message = message, .now = clock_now()};
    struct result result = compose(o, message, arena, &letter, &bytes);
    if (!result_is_ok(result)) {
        log_result(LOG_ERROR, "message-compose", result);
        bool later = result.code == ERR_BUSY || result.code == ERR_IO;
        settlement.state = later ? MESSAGE_WAITING : MESSAGE_FAILED;
        settlement.retry_at = later ? settlement.now + US_PER_MINUTE : 0;
        settlement.error = str_from_cstr(result.reason ? result.reason : "could not be composed");
    } else if (letter.overtaken) {
        settlement.state = MESSAGE_DROPPED;
    } else {
        struct mail_outcome outcome;
        mailer_send(o->mailer, letter.mail.from_email, letter.mail.to_email, bytes, &outcome);
        settlement = settlement_of(message, &outcome, arena);
        LOG(outcome.fate == MAIL_SENT ? LOG_INFO : LOG_WARNING, "message", LOG_I("id", message->id),
            LOG_I("kind", message->kind),
            LOG_S("fate", str_from_cstr(mail_fate_name(outcome.fate))),
            LOG_I("attempt", message->attempts));
    }
    result = store_write(o->app->store, run_settle, &settlement);
    if (!result_is_ok(result)) log_result(LOG_ERROR, "message-settle", result);
}

/* ---- who is to be asked today, on the writer thread ---- */

struct planning {
    struct app *app;
    struct arena *arena;
    utc_us now;
    bool more; /* the batch was full */
    utc_us next;
};

static struct result plan_client(
    struct tx *tx, const struct planning *p, struct practice_id practice, struct client_id client)
{
    struct care_env env = {.tx = tx,
        .key = p->app->site.key,
        .ring = key_ring_current(p->app->keys),
        .actor = {.kind = ACTOR_SYSTEM},
        .now = p->now,
        .arena = p->arena};
    bool made;
    TRY(practices_by_id(p->app->writer_practices, tx, practice, &env.practice));
    TRY(tx_savepoint(tx));
    struct result result = prompt_plan_day(&env, client, &made);
    if (result_is_ok(result)) result = link_sweep(tx, practice, p->now);
    if (result_is_ok(result)) return tx_savepoint_release(tx);
    tx_savepoint_rollback(tx);
    if (result.code == ERR_BUSY || result.code == ERR_IO) return result;
    log_result(LOG_ERROR, "prompt-plan", result); /* one client's trouble is not the others' */
    return plan_set_next(&env, client, p->now + US_PER_HOUR);
}

static struct result run_planning(struct tx *tx, void *arg)
{
    struct planning *p = arg;
    for (int i = 0; i < PLANNING_BATCH; i++) {
        struct practice_id practice;
        struct client_id client;
        TRY(plan_first_due(tx, p->now, &practice, &client, &p->next));
        p->more = client.v != 0;
        if (!p->more) break;
        TRY(plan_client(tx, p, practice, client));
    }
    return RESULT_OK;
}

/* Plans a batch, so that nobody waits long for the writer. Returns when to come back: at once where
 * there is more, else at the next plan's time, or in a minute, for plans that are made meanwhile.
 */
static utc_us plan_some(struct outbox *o, struct arena *arena)
{
    struct planning planning = {.app = o->app, .arena = arena, .now = clock_now()};
    struct result result = store_write(o->app->store, run_planning, &planning);
    arena_reset(arena);
    utc_us soon = clock_now() + US_PER_MINUTE;
    if (!result_is_ok(result)) {
        log_result(LOG_ERROR, "planning", result);
        return soon;
    }
    if (planning.more) return 0;
    return planning.next < soon ? planning.next : soon;
}

/* ---- the thread ---- */

/* Waits until poked (which does not end a pause), stopped, or `until`; at most a minute, since the
 * clock may be moved. */
static bool wait_until(struct outbox *o, utc_us until, bool paused)
{
    int64_t wait_us = until - clock_now();
    if (wait_us > US_PER_MINUTE) wait_us = US_PER_MINUTE;
    if (wait_us < 0) wait_us = 0;
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    int64_t ns = at.tv_nsec + wait_us % US_PER_SECOND * 1000;
    at.tv_sec += wait_us / US_PER_SECOND + ns / 1000000000;
    at.tv_nsec = ns % 1000000000;
    pthread_mutex_lock(&o->lock);
    int waited = 0;
    while ((!o->poked || paused) && !o->stopping && waited == 0)
        waited = pthread_cond_timedwait(&o->wake, &o->lock, &at);
    o->poked = false;
    bool stopping = o->stopping;
    pthread_mutex_unlock(&o->lock);
    return !stopping;
}

static void *work(void *arg)
{
    struct outbox *o = arg;
    struct arena arena = {0};
    utc_us next = 0;
    utc_us planning_next = 0;
    bool busy = false;
    while (wait_until(o, next, busy)) {
        busy = false;
        if (clock_now() >= planning_next) planning_next = plan_some(o, &arena);
        struct claim claim = {.arena = &arena, .now = clock_now()};
        struct result result = store_write(o->app->store, run_claim, &claim);
        if (!result_is_ok(result)) {
            log_result(LOG_ERROR, "message-claim", result);
            next = clock_now() + 10 * US_PER_SECOND;
        } else if (claim.has) {
            deliver(o, &claim.message, &arena);
            busy = store_backlog(o->app->store) > BUSY_BACKLOG;
            next = busy ? clock_now() + BUSY_PAUSE_US : 0; /* there may be more */
        } else {
            next = claim.next < planning_next ? claim.next : planning_next;
        }
        arena_reset(&arena);
    }
    arena_release(&arena);
    return NULL;
}

void outbox_wake(struct outbox *o)
{
    pthread_mutex_lock(&o->lock);
    o->poked = true;
    pthread_cond_signal(&o->wake);
    pthread_mutex_unlock(&o->lock);
}

struct result outbox_start(struct app *app, struct str mail_url, struct outbox **ret)
{
    struct outbox *o = calloc(1, sizeof *o);
    CHECK(o);
    o->app = app;
    struct result result = mailer_open(mail_url, &o->mailer);
    if (result_is_ok(result)) result = store_connect_reader(app->store, &o->conn);
    if (!result_is_ok(result)) {
        mailer_close(o->mailer);
        free(o);
        return result;
    }
    o->practices = practices_new();
    pthread_condattr_t monotonic;
    CHECK(pthread_condattr_init(&monotonic) == 0);
    CHECK(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_mutex_init(&o->lock, NULL) == 0);
    CHECK(pthread_cond_init(&o->wake, &monotonic) == 0);
    pthread_condattr_destroy(&monotonic);
    CHECK(pthread_create(&o->thread, NULL, work, o) == 0);
    *ret = o;
    return RESULT_OK;
}

void outbox_stop(struct outbox *o)
{
    pthread_mutex_lock(&o->lock);
    o->stopping = true;
    pthread_cond_signal(&o->wake);
    pthread_mutex_unlock(&o->lock);
    mailer_cancel(o->mailer);
    pthread_join(o->thread, NULL);
    conn_close(o->conn);
}

void outbox_free(struct outbox *o)
{
    mailer_close(o->mailer);
    practices_free(o->practices);
    pthread_cond_destroy(&o->wake);
    pthread_mutex_destroy(&o->lock);
    free(o);
}

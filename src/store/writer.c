/* The writer thread: takes what is queued, runs it as one transaction, and answers after its fsync.
 * While one group waits for the disk the next one gathers, so groups grow with the load. */
#include "base/limits.h"
#include "base/log.h"
#include "store/engine.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/banned.h"

enum { GROUP_MAX = 256 };

struct writer {
    struct conn *conn;
    struct write_back *back;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct write_job *first; /* queue, oldest first */
    struct write_job *last;
    size_t queued;
    bool stopping;
};

/* The text of a failure lives in the connection, which goes on to other jobs; it has been logged.
 */
static struct result lasting(const struct conn *conn, struct result result)
{
    if (result.detail && conn->ops->owns_text(conn->engine, result.detail)) result.detail = NULL;
    return result;
}

static struct result run_job(struct tx *tx, struct write_job *job)
{
    struct conn *conn = tx->conn;
    CHECK(tx->savepoints == 0);
    struct result result = tx_savepoint(tx);
    if (!result_is_ok(result)) return lasting(conn, result);
    conn->grouped = true;
    result = job->run(tx, job->arg);
    conn->grouped = false;
    CHECK(conn->open_rows == 0);
    if (result_is_ok(result)) {
        CHECK(tx->savepoints == 1);
        result = conn->ops->settled(conn->engine);
        if (result_is_ok(result)) result = tx_savepoint_release(tx);
    }
    result = lasting(conn, result);
    while (tx->savepoints > 0)
        tx_savepoint_rollback(tx);
    return result;
}

/* Jobs [first, end) get `result`, or their own where that is RESULT_OK. A job may be gone after
 * its `done`. */
static void answer(struct write_job *first, const struct write_job *end, struct result result)
{
    for (struct write_job *job = first; job != end;) {
        struct write_job *next = job->next;
        job->done(job->arg, result_is_ok(result) ? job->result : result);
        job = next;
    }
}

/* What all jobs of a group hear whose transaction the engine gave up during one of them: also those
 * that were refused, since they may have been refused because of work that is now gone. */
static struct result loss_of_group(struct result result)
{
    if (result.code == ERR_IO || result.code == ERR_BUSY) return result;
    return result_fail(ERR_IO, "transaction-lost", "the engine has rolled the group back");
}

/* Runs and answers a group; returns the jobs that are still to be run. */
static struct write_job *run_group(struct conn *conn, struct write_job *first)
{
    struct tx tx;
    struct result result = tx_begin_write(conn, &tx);
    if (!result_is_ok(result)) {
        answer(first, NULL, lasting(conn, result));
        return NULL;
    }
    for (struct write_job *job = first; job; job = job->next) {
        job->result = run_job(&tx, job);
        if (LIKELY(conn->ops->in_transaction(conn->engine))) continue;
        tx_rollback(&tx);
        struct write_job *rest = job->next;
        answer(first, rest, loss_of_group(job->result));
        return rest;
    }
    answer(first, NULL, lasting(conn, tx_commit(&tx)));
    return NULL;
}

/* Up to GROUP_MAX jobs; NULL when the writer is to stop and nothing is queued. */
static struct write_job *take_group(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    while (!writer->first && !writer->stopping)
        pthread_cond_wait(&writer->wake, &writer->lock);
    struct write_job *first = writer->first;
    struct write_job *last = first;
    size_t count = first ? 1 : 0;
    while (last && last->next && count < GROUP_MAX) {
        last = last->next;
        count++;
    }
    if (last) {
        writer->first = last->next;
        if (!writer->first) writer->last = NULL;
        last->next = NULL;
    }
    writer->queued -= count;
    pthread_mutex_unlock(&writer->lock);
    return first;
}

static void *writer_main(void *arg)
{
    struct writer *writer = arg;
    struct write_job *group;
    while ((group = take_group(writer))) {
        while (group)
            group = run_group(writer->conn, group);
        if (writer->conn->ops->tend(writer->conn->engine)) write_back_ask(writer->back);
    }
    return NULL;
}

struct result store_start_writer(struct store *store)
{
    CHECK(!store->writer);
    struct writer *writer = calloc(1, sizeof *writer);
    CHECK(writer);
    writer->conn = store->writer_conn;
    struct result result = write_back_start(store, &writer->back);
    if (!result_is_ok(result)) {
        free(writer);
        return result;
    }
    CHECK(pthread_mutex_init(&writer->lock, NULL) == 0);
    CHECK(pthread_cond_init(&writer->wake, NULL) == 0);
    /* Signals are the main thread's. */
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&writer->thread, NULL, writer_main, writer);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error) {
        write_back_stop(writer->back);
        pthread_cond_destroy(&writer->wake);
        pthread_mutex_destroy(&writer->lock);
        free(writer);
        return result_fail(ERR_BUSY, "thread", "the writer thread could not be started");
    }
    pthread_setname_np(writer->thread, "balm-writer");
    store->writer = writer;
    return RESULT_OK;
}

void writer_stop(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    writer->stopping = true;
    pthread_cond_signal(&writer->wake);
    pthread_mutex_unlock(&writer->lock);
    CHECK(pthread_join(writer->thread, NULL) == 0);
    write_back_stop(writer->back);
    CHECK(!writer->first && writer->queued == 0);
    pthread_cond_destroy(&writer->wake);
    pthread_mutex_destroy(&writer->lock);
    free(writer);
}

struct result store_submit(struct store *store, struct write_job *job)
{
    struct writer *writer = store->writer;
    CHECK(writer && job->run && job->done);
    struct result result = RESULT_OK;
    pthread_mutex_lock(&writer->lock);
    if (writer->stopping) {
        result = result_fail(ERR_BUSY, "closing", NULL);
    } else if (writer->queued >= LIMIT_WRITE_QUEUE) {
        result = result_fail(ERR_BUSY, "queue-full", NULL);
    } else {
        job->next = NULL;
        if (writer->last) {
            writer->last->next = job;
        } else {
            writer->first = job;
        }
        writer->last = job;
        /* The writer sleeps only on an empty queue. */
        if (writer->queued++ == 0) pthread_cond_signal(&writer->wake);
    }
    pthread_mutex_unlock(&writer->lock);
    return result;
}

struct waiting {
    struct result (*run)(struct tx *tx, void *arg);
    void *arg;
    pthread_mutex_t lock;
    pthread_cond_t over;
    bool is_over;
    struct result result;
};

static struct result waiting_run(struct tx *tx, void *arg)
{
    struct waiting *waiting = arg;
    return waiting->run(tx, waiting->arg);
}

static void waiting_done(void *arg, struct result result)
{
    struct waiting *waiting = arg;
    pthread_mutex_lock(&waiting->lock);
    waiting->result = result;
    waiting->is_over = true;
    pthread_cond_signal(&waiting->over);
    pthread_mutex_unlock(&waiting->lock);
}

struct result store_write(
    struct store *store, struct result (*run)(struct tx *tx, void *arg), void *arg)
{
    CHECK(store->writer && !pthread_equal(pthread_self(), store->writer->thread));
    struct waiting waiting = {.run = run, .arg = arg};
    pthread_mutex_init(&waiting.lock, NULL);
    pthread_cond_init(&waiting.over, NULL);
    struct write_job job = {.run = waiting_run, .done = waiting_done, .arg = &waiting};
    struct result result = store_submit(store, &job);
    if (result_is_ok(result)) {
        pthread_mutex_lock(&waiting.lock);
        while (!waiting.is_over)
            pthread_cond_wait(&waiting.over, &waiting.lock);
        pthread_mutex_unlock(&waiting.lock);
        result = waiting.result;
    }
    pthread_cond_destroy(&waiting.over);
    pthread_mutex_destroy(&waiting.lock);
    return result;
}

size_t store_backlog(struct store *store)
{
    struct writer *writer = store->writer;
    CHECK(writer);
    pthread_mutex_lock(&writer->lock);
    size_t queued = writer->queued;
    pthread_mutex_unlock(&writer->lock);
    return queued;
}

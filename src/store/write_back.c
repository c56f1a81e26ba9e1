/* Writing the log back into the database file costs time and a sync of its own. While this thread
 * does it the writer goes on: readers and writers are in nobody's way. */
#include "store/engine.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/banned.h"

struct write_back {
    struct conn *conn;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool asked;
    bool stopping;
};

static bool wait_until_asked(struct write_back *back)
{
    pthread_mutex_lock(&back->lock);
    while (!back->asked && !back->stopping)
        pthread_cond_wait(&back->wake, &back->lock);
    back->asked = false;
    bool stopping = back->stopping;
    pthread_mutex_unlock(&back->lock);
    return !stopping;
}

static void *work(void *arg)
{
    struct write_back *back = arg;
    while (wait_until_asked(back))
        back->conn->ops->write_back(back->conn->engine);
    return NULL;
}

struct result write_back_start(struct store *store, struct write_back **ret)
{
    struct write_back *back = calloc(1, sizeof *back);
    CHECK(back);
    struct result result = store_connect(store, CONN_COMMAND, &back->conn);
    if (!result_is_ok(result)) {
        free(back);
        return result;
    }
    CHECK(pthread_mutex_init(&back->lock, NULL) == 0);
    CHECK(pthread_cond_init(&back->wake, NULL) == 0);
    /* Signals are the main thread's. */
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    CHECK(pthread_create(&back->thread, NULL, work, back) == 0);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_setname_np(back->thread, "balm-log");
    *ret = back;
    return RESULT_OK;
}

void write_back_ask(struct write_back *back)
{
    pthread_mutex_lock(&back->lock);
    back->asked = true;
    pthread_cond_signal(&back->wake);
    pthread_mutex_unlock(&back->lock);
}

void write_back_stop(struct write_back *back)
{
    pthread_mutex_lock(&back->lock);
    back->stopping = true;
    pthread_cond_signal(&back->wake);
    pthread_mutex_unlock(&back->lock);
    CHECK(pthread_join(back->thread, NULL) == 0);
    conn_close(back->conn);
    pthread_cond_destroy(&back->wake);
    pthread_mutex_destroy(&back->lock);
    free(back);
}

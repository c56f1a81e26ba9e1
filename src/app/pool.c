#include "app/pool.h"

#include "base/check.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/banned.h"

enum { THREADS_MAX = 8, QUEUE_MAX = 64 };

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t threads[THREADS_MAX];
    int thread_count;
    struct pool_job *first;
    struct pool_job *last;
    int queued;
    bool stopping;
};

static void *work(void *arg)
{
    struct pool *pool = arg;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (!pool->first && !pool->stopping)
            pthread_cond_wait(&pool->wake, &pool->lock);
        struct pool_job *job = pool->first;
        if (!job) break;
        pool->first = job->next;
        if (!pool->first) pool->last = NULL;
        pool->queued--;
        pthread_mutex_unlock(&pool->lock);
        job->run(job->arg);
        pthread_mutex_lock(&pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

struct pool *pool_start(int threads)
{
    CHECK(threads > 0 && threads <= THREADS_MAX);
    struct pool *pool = calloc(1, sizeof *pool);
    CHECK(pool);
    CHECK(pthread_mutex_init(&pool->lock, NULL) == 0);
    CHECK(pthread_cond_init(&pool->wake, NULL) == 0);
    for (; pool->thread_count < threads; pool->thread_count++)
        CHECK(pthread_create(&pool->threads[pool->thread_count], NULL, work, pool) == 0);
    return pool;
}

struct result pool_submit(struct pool *pool, struct pool_job *job)
{
    pthread_mutex_lock(&pool->lock);
    bool full = pool->queued >= QUEUE_MAX || pool->stopping;
    if (!full) {
        job->next = NULL;
        if (pool->last) {
            pool->last->next = job;
        } else {
            pool->first = job;
        }
        pool->last = job;
        pool->queued++;
        pthread_cond_signal(&pool->wake);
    }
    pthread_mutex_unlock(&pool->lock);
    return full ? result_fail(ERR_BUSY, "busy", "the queue of slow work is full") : RESULT_OK;
}

void pool_stop(struct pool *pool)
{
    if (!pool) return;
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < pool->thread_count; i++)
        pthread_join(pool->threads[i], NULL);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

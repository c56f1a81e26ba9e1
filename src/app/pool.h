/* pool: a few threads for slow work (password hashing, PDF, outside calls), with a bounded queue.
 */
#ifndef BALM_APP_POOL_H
#define BALM_APP_POOL_H

#include "base/result.h"

struct pool;

struct pool_job {
    void (*run)(void *arg);
    void *arg;
    struct pool_job *next; /* the queue's */
};

struct pool *pool_start(int threads);
/* ERR_BUSY where the queue is full. A job is owned by the caller until it has run. */
struct result MUST_CHECK pool_submit(struct pool *pool, struct pool_job *job);
/* Finishes what is queued and ends the threads. */
void pool_stop(struct pool *pool);

#endif

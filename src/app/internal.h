/* What the files of app/ share. */
#ifndef BALM_APP_INTERNAL_H
#define BALM_APP_INTERNAL_H

#include "app/app.h"
#include "app/key_ring.h"
#include "app/pool.h"
#include "app/practices.h"
#include "call/route.h"
#include "http/router.h"
#include "http/server.h"
#include "http/stream.h"
#include "mail/mail.h"

#include <pthread.h>

struct outbox;

/* What a thread that answers requests has for itself. */
struct worker {
    struct conn *conn;
    struct practices *practices;
    struct worker *next;
};

struct app {
    struct arena arena; /* options' texts */
    struct store *store;
    struct key_ring *keys;
    struct rate_table *rates;
    struct call_site site;
    struct router *router;
    struct http_server *server;
    struct http_hub *hub;
    struct pool *pool;
    struct outbox *outbox;
    struct practices *writer_practices; /* the writer thread's own */
    pthread_mutex_t workers_lock;
    struct worker *workers;
};

/* This thread's worker, made at its first request. ERR_BUSY where the database cannot be reached.
 */
struct result MUST_CHECK app_worker(struct app *app, struct worker **ret_worker);

/* The HTTP server's callbacks (phases.c). */
struct http_handler app_http_handler(struct app *app);

/* outbox.c: delivers queued messages, one after the other, on a thread of its own. */
struct result MUST_CHECK outbox_start(struct app *app, struct str mail_url, struct outbox **ret);
/* There may be something to send. Any thread. */
void outbox_wake(struct outbox *outbox);
void outbox_stop(struct outbox *outbox); /* still takes wakes */
void outbox_free(struct outbox *outbox); /* after the writer has stopped */

#endif

/* app: the server put together: database, HTTP, the pool of slow work, the outbox. */
#ifndef BALM_APP_APP_H
#define BALM_APP_APP_H

#include "base/crypto.h"
#include "base/result.h"
#include "base/str.h"

struct app;

struct app_options {
    struct str db;       /* "sqlite:balm.db" */
    struct str listen;   /* "127.0.0.1:8080", "unix:PATH" */
    struct str base_url; /* empty: from the Host header */
    struct str mail;     /* "dir:PATH", "smtp://..." */
    int threads;         /* 0: one a core */
    bool trust_proxy;
};

/* Opens the database (bringing it up to date), reads the key file beside it, starts to answer. */
struct result MUST_CHECK app_start(const struct app_options *options, struct app **ret_app);
int app_port(const struct app *app);
/* Graceful: requests in flight are answered, then everything is closed. */
void app_stop(struct app *app);

/* The key file's path of a database: "balm.db" -> "balm.db.key". In the arena of the caller. */
struct str app_key_path(struct arena *arena, struct str db);
/* Opens the database for a command, brought up to date. */
struct store;
struct conn;
struct result MUST_CHECK app_open_database(
    struct str db, struct store **ret_store, struct conn **ret_conn);

#endif

/* One row of the table of routes: everything that is true of a route stands in its row. */
#ifndef BALM_CALL_ROUTE_H
#define BALM_CALL_ROUTE_H

#include "call/call.h"

enum route_flavour {
    ROUTE_PAGE, /* HTML for people: errors are pages, missing sign-in leads to the sign-in page */
    ROUTE_API,  /* JSON: errors are RFC 9457 problem documents; no cookies are read */
    ROUTE_DATA, /* JSON for our own pages: errors are problem documents, the session cookie counts
                 */
};

enum route_tx {
    TX_NONE,  /* no database */
    TX_PROBE, /* read-only transaction, whatever the host: for health checks */
    TX_READ,  /* read-only transaction, on an event thread */
    TX_WRITE, /* the writer's transaction */
};

/* Rate limits of a route by peer address, see app/phases.c for the figures. */
enum route_rate { RATE_DEFAULT, RATE_BOOKING, RATE_HOLD, RATE_SIGN_IN, RATE_CHECK_IN };

struct route {
    enum http_method method;
    const char *pattern; /* see http/router.h */
    enum route_flavour flavour;
    enum permission permission;
    enum route_tx tx;
    call_handler handler;
    call_handler
        prepare; /* slow work before it, on the pool, in a read-only transaction; or NULL */
    enum route_rate rate;
    size_t body_limit; /* 0: LIMIT_BODY_BYTES for unsafe methods */
};

#endif

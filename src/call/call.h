/* call: one request on its way through a handler, with what the phases before it have found.
 *
 * A handler is `struct result handler(struct call *call)`. It reads call->req, params and form,
 * calls practice/, and fills call->resp. Success keeps the transaction's changes; a failure rolls
 * them back, and where the handler has not filled the response itself (resp->status is 0) the
 * failure becomes an error page or a problem document by the route's flavour.
 *
 * Handlers of TX_READ routes run on an event thread in a read-only transaction; those of TX_WRITE
 * on the writer thread inside a savepoint, and the response is sent after the commit. A route's
 * `prepare` runs before either, on the pool of slow work, in a read-only transaction: for password
 * hashing. */
#ifndef BALM_CALL_CALL_H
#define BALM_CALL_CALL_H

#include "auth/actor.h"
#include "auth/permission.h"
#include "auth/rate.h"
#include "auth/staff.h"
#include "base/seal.h"
#include "base/json.h"
#include "base/problems.h"
#include "base/tmpl.h"
#include "http/http.h"
#include "http/stream.h"
#include "practice/booking/booking.h"
#include "practice/clients/care_env.h"
#include "practice/setup/setup.h"
#include "store/store.h"

struct key_ring;

/* What the server is, for all calls. */
struct call_site {
    const struct crypto_key *key;
    /* The ring that the key file holds now; to be asked for inside the transaction that uses it. */
    const struct seal_ring *(*ring)(struct key_ring *keys);
    struct key_ring *keys;
    struct rate_table *rates;
    struct http_hub *hub; /* live events, topic: practice id */
    struct str
        base_url; /* "https://www.example.org" without a slash at the end; empty: from Host */
};

struct call {
    const struct http_req *req;
    struct http_resp *resp;
    struct arena *arena;
    const struct call_site *site;
    struct tx *tx;
    utc_us now;
    const struct practice *practice;
    enum lang lang;
    struct http_fields params; /* of the route's pattern */
    struct http_fields form;   /* decoded body of an urlencoded POST */
    const struct json *json; /* body of an API request, parsed before the writer's turn; NULL where
                              * it is none: the handler says what is wrong */
    struct actor actor;      /* STAFF when signed in, else CLIENT */
    struct staff_user user;  /* when signed in */
    int64_t session;         /* when signed in */
    void *prepared;          /* what the route's prepare step left */
    bool calendar_changed; /* set by handlers: after the commit the practice's calendars are told */
};

typedef struct result (*call_handler)(struct call *call);

/* Where the practice is reached: base_url, or scheme and Host of this request. */
struct str call_origin(const struct call *call);

/* The environment of booking calls, and of calls about a client's care. */
struct booking_env call_env(struct call *call);
struct care_env call_care(struct call *call);

/* First field of that name in the form or the pattern's parameters, trimmed; empty where missing.
 */
struct str call_form(const struct call *call, const char *name);
struct str call_param(const struct call *call, const char *name);
/* Query parameter. */
struct str call_query(const struct call *call, const char *name);

/* Whom limits count: the peer's address, or the /64 of an IPv6 one: a household has all of it. */
struct str call_household(const struct call *call);

/* One token of the rate limit `name` for `key` (call_household, an account); ERR_LIMIT
 * "too-many-requests" with a Retry-After header where there is none left. */
struct result MUST_CHECK call_rate(
    struct call *call, const char *name, struct str key, int burst, int64_t period_us);

/* A cookie `__Host-NAME`: Secure, HttpOnly, SameSite=Lax, Path=/. max_age_s 0 deletes it, -1 is a
 * session cookie. */
void call_set_cookie(struct call *call, const char *name, struct str value, int64_t max_age_s);
struct str call_cookie(const struct call *call, const char *name);

#endif

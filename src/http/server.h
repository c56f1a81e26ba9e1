/* The HTTP server: libmicrohttpd behind struct http_req / http_resp, and the guard in front of it.
 *
 * Event threads call `handle`. It either fills the response and returns HTTP_ANSWERED, or keeps the
 * exchange, returns HTTP_LATER and calls http_finish from any thread when the response is ready.
 * `begin` is called as soon as the headers are known and says how large the body may be (0: none).
 *
 * The guard refuses, before any handler: control characters in headers; more than one
 * Content-Length, Transfer-Encoding or Host; both CL and TE; TE other than exactly `chunked`, or on
 * HTTP/1.0; no Host on 1.1; bodies over the limit (413); unknown methods (501); undecodable paths;
 * too many headers or connections. A reaper closes connections whose request takes longer than
 * LIMIT_REQUEST_SECONDS to arrive.
 *
 * Ownership: the server owns the exchange and its arena; they end after the response is sent. */
#ifndef BALM_HTTP_SERVER_H
#define BALM_HTTP_SERVER_H

#include "http/http.h"

struct http_server;

struct http_exchange {
    struct http_req req;
    struct http_resp resp;
    struct arena arena;
    void *user; /* the handler's own, between begin, handle and finish */
};

enum http_answer { HTTP_ANSWERED, HTTP_LATER };

struct http_handler {
    void *ctx;
    /* How many body bytes this request may have; its headers and path are known. */
    size_t (*body_limit)(void *ctx, const struct http_req *req);
    enum http_answer (*handle)(void *ctx, struct http_exchange *exchange);
    /* An error found by the guard (status 4xx/5xx): fill resp.body, or leave it empty for a plain
     * line of text. */
    void (*refused)(void *ctx, struct http_exchange *exchange, int status);
    /* After the response is sent: for the log. duration in microseconds. May be NULL. */
    void (*finished)(void *ctx, const struct http_exchange *exchange, int64_t duration_us);
};

struct http_options {
    struct str listen; /* "127.0.0.1:8080", "[::1]:8080", "0.0.0.0:0", "unix:/run/balm.sock" */
    int threads;       /* 0: one a core */
    bool trust_proxy;  /* X-Forwarded-For / -Proto of loopback and unix peers are believed */
    bool limits_off;   /* no per-address limits (sizes hold) */
    struct http_handler handler;
};

/* Starts to listen and answer. A socket passed by systemd (LISTEN_FDS) is used instead of `listen`.
 * ERR_INVALID for an address not understood, ERR_IO where it cannot be bound. */
struct result MUST_CHECK http_server_start(
    const struct http_options *options, struct http_server **ret_server);

/* The port that was bound (for ":0"); 0 for a unix socket. */
int http_server_port(const struct http_server *server);

/* Graceful: no new connections, requests in flight are answered (up to ten seconds), streams are
 * ended, then everything is freed. */
void http_server_stop(struct http_server *server);

/* The response of an exchange that was HTTP_LATER is ready. Any thread. */
void http_finish(struct http_exchange *exchange);

#endif

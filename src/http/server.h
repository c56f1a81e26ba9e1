/* The HTTP server: libmicrohttpd behind struct http_req / http_resp, and the guard in front of it.
 *
 * Event threads call `handle`. It either fills the response and returns HTTP_ANSWERED, or keeps the
 * exchange, returns HTTP_LATER and calls http_finish from any thread when the response is ready
 * (before HTTP_LATER is returned, too). Until then the exchange and all that its request points to
 * stay valid, even when the client has gone. `body_limit` is called when the head of a request with
 * a body is known, before any of the body is read.
 *
 * The guard refuses, before any handler, and closes the connection: control characters, NUL, lone
 * CR or LF and folded lines in the head; more than one Content-Length, Transfer-Encoding or Host;
 * both CL and TE; TE other than exactly `chunked`, or on HTTP/1.0; no or a malformed Host on 1.1;
 * bodies over the limit (413); unknown methods (501) and versions (505); targets and heads too long
 * (414, 431); queries and paths that do not decode. What libmicrohttpd itself cannot parse it
 * answers itself, without `refused`. `OPTIONS *` is answered here.
 *
 * Connections: a reaper closes those whose request takes longer than LIMIT_REQUEST_SECONDS to
 * arrive. Where an address has LIMIT_CONNECTIONS_PER_ADDRESS, or the server LIMIT_CONNECTIONS, the
 * connection that has waited longest without a complete request makes room for a new one. Loopback
 * has no limit of its own when it is the proxy (trust_proxy).
 *
 * Sent with responses: Date; `Connection: close` where it applies; bodies over 1 kB of text or JSON
 * compressed as the client accepts, unless no_compress or a strong ETag is set; 304 where an ETag
 * header of a 200 matches If-None-Match. Errors and security headers are the application's.
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
     * line of text. The request is filled as far as it was understood: its path may be empty. */
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

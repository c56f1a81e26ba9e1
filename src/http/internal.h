/* The server's insides, shared by the files of http/ only.
 *
 * Threads: libmicrohttpd's event threads ("workers"), one reaper thread, and whoever calls
 * http_finish. A connection belongs to one worker for its life, so an exchange is touched by one
 * worker only, but for `state`, which http_finish changes. Connections are listed in struct conns
 * under its lock, which is taken when a connection opens or closes and by the reaper, never for a
 * request. */
#ifndef BALM_HTTP_INTERNAL_H
#define BALM_HTTP_INTERNAL_H

#include "http/server.h"

#include <microhttpd.h>
#include <pthread.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <zlib.h>

/* What a connection is doing, and since when; the reaper decides by it. */
enum conn_phase {
    CONN_FRESH,   /* no request yet */
    CONN_IDLE,    /* between requests */
    CONN_READING, /* the request line is here, the rest not yet */
    CONN_BUSY,    /* handled or being answered */
    CONN_STREAM,
};

struct conn {
    struct conn *next; /* in its bucket, newest first */
    struct conn *prev;
    struct conns *conns;
    int fd;
    bool local;          /* loopback or unix socket */
    bool cut;            /* shut down by the reaper or to make room */
    uint64_t address[2]; /* IPv4 mapped to IPv6; IPv6 without its last 64 bits */
    size_t bucket;
    _Atomic uint64_t phase; /* since_ms * 8 + enum conn_phase */
    size_t peer_len;
    char peer[INET6_ADDRSTRLEN];
};

enum { CONN_BUCKETS = 1024, LINGER_MAX = 64 };

struct lingering {
    int fd;
    int64_t until_ms;
    size_t read_left;
};

struct conns {
    pthread_mutex_t lock;
    struct conn *buckets[CONN_BUCKETS];
    size_t count;
    size_t per_address_max; /* 0: no limit */
    bool trust_local;       /* loopback peers are the proxy: no limit for them */
    pthread_t reaper;
    bool reaper_runs;
    bool stop;
    int wake_fd;
    struct lingering lingering[LINGER_MAX];
    size_t lingering_count;
};

struct result MUST_CHECK conns_init(struct conns *conns, size_t per_address_max, bool trust_local);
void conns_release(struct conns *conns);
/* Whether a connection from there may be opened. Where an address (or the server) has too many, the
 * one that has waited longest without a request makes room; false where none does. */
bool conns_admit(struct conns *conns, const struct sockaddr *address, socklen_t size);
struct conn *conns_open(struct conns *conns, int fd, const struct sockaddr *address);
void conns_close(struct conn *conn);
/* Keeps the connection's socket open for a moment after it is answered and closed, reading what
 * still comes: closing a socket with unread bytes would destroy the answer on its way. */
void conns_linger(struct conn *conn);
/* A short plain answer past libmicrohttpd, where it offers no way to answer. */
void conn_answer_raw(int fd, int status);
void conn_set_phase(struct conn *conn, enum conn_phase phase);
uint64_t http_now_ms(void); /* monotonic, coarse */

/* Who has the exchange. http_finish always changes it to FINISHED and acts on what it was. */
enum exchange_state {
    STATE_RUNNING,   /* the worker */
    STATE_SUSPENDED, /* the handler; http_finish wakes the connection */
    STATE_FINISHED,  /* the worker: the response is ready */
    STATE_ABANDONED, /* the server stops; the connection has been woken without a response */
    STATE_DETACHED,  /* the handler alone: http_finish frees it */
};

struct worker;

struct exchange_impl {
    struct http_exchange x; /* first: handlers hold a pointer to it */
    struct worker *worker;
    struct conn *conn;
    struct MHD_Connection *connection;
    struct http_stream *stream; /* being sent; libmicrohttpd's response owns it */
    struct exchange_impl *next; /* free list, or worker->waiting */
    struct exchange_impl *prev;
    _Atomic int state;
    struct str raw_target;
    bool head_seen;
    bool counted; /* among worker->active */
    bool close;   /* the connection ends with this response */
    bool linger;  /* unread bytes may follow */
    bool listed;  /* in worker->waiting */
    bool queued;  /* a response has been handed to libmicrohttpd */
    size_t body_limit;
    char *body;
    size_t body_cap;
    int64_t started_us;
};

enum { FREE_EXCHANGES_MAX = 128 };

struct worker {
    struct http_server *server;
    struct worker *next;
    struct exchange_impl *free;
    struct exchange_impl *waiting; /* suspended or streaming; under server->lock */
    size_t free_count;
    uint64_t next_id;
    uint64_t last_id;
    _Atomic long active; /* requests being handled or answered; written by this worker only */
    z_stream deflate;
    bool deflate_ready;
};

struct http_server {
    struct http_options options;
    struct MHD_Daemon *daemon;
    int listen_fd;
    int port;
    char unix_path[108]; /* empty: not a unix socket that we made */
    struct conns conns;
    pthread_mutex_t lock; /* workers, their waiting lists, closing */
    struct worker *workers;
    bool closing; /* nothing may be suspended any more */
    _Atomic uint64_t next_id_block;
    _Atomic bool stopping;
};

/* The guard: everything about the request's head. Fills x.req; 0, or the status to refuse with. */
int guard_head(
    struct exchange_impl *impl, const char *url, const char *method, const char *version);

/* Listening socket by address text, or from systemd. */
struct result MUST_CHECK listen_open(struct http_server *server);

/* What a body is sent as. */
struct encoded {
    struct str body;
    struct str encoding; /* "gzip", "br" or empty */
};
bool encode_accepts(struct str accept_encoding, struct str coding);
struct encoded encode_body(
    struct worker *worker, struct arena *arena, struct str accept_encoding, struct str body);
void encode_release(struct worker *worker);
bool encode_is_text(struct str type);

/* If-None-Match (a list, or "*") names this entity tag, by weak comparison. */
bool etag_matches(struct str if_none_match, struct str etag);

/* Hands the exchange's response to libmicrohttpd. */
enum MHD_Result respond(struct exchange_impl *impl);

/* Among those that the server wakes when it stops. */
void exchange_list(struct exchange_impl *impl);
void exchange_unlist(struct exchange_impl *impl);

#endif

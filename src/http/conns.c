#include "http/internal.h"

#include "base/check.h"
#include "base/limits.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

enum {
    LINGER_MS = 2000,
    LINGER_BYTES = 16 << 20,
    HEADROOM = 64, /* places kept free below LIMIT_CONNECTIONS by sending idle ones away */
};

uint64_t http_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void conn_set_phase(struct conn *conn, enum conn_phase phase)
{
    atomic_store_explicit(&conn->phase, http_now_ms() * 8 + phase, memory_order_relaxed);
}

static enum conn_phase phase_of(const struct conn *conn, uint64_t now_ms, uint64_t *ret_age_ms)
{
    uint64_t phase = atomic_load_explicit(&conn->phase, memory_order_relaxed);
    uint64_t since = phase / 8;
    *ret_age_ms = now_ms > since ? now_ms - since : 0;
    return (enum conn_phase)(phase % 8);
}

void conn_answer_raw(int fd, int status)
{
    char text[160];
    int len = snprintf(text, sizeof text,
        "HTTP/1.1 %d %s\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n"
        "Connection: close\r\n\r\n",
        status, http_status_text(status));
    CHECK(len > 0 && (size_t)len < sizeof text);
    ssize_t sent = send(fd, text, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)sent; /* the connection is closed next, whether the client heard why or not */
}

/* ---- addresses ---- */

struct address_key {
    uint64_t part[2];
    bool local;
    bool limited; /* unix sockets are not */
};

static struct address_key key_of(const struct sockaddr *address)
{
    struct address_key key = {{0, 0}, true, false};
    unsigned char bytes[16] = {0};
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)address;
        bytes[10] = bytes[11] = 0xFF;
        memcpy(bytes + 12, &in->sin_addr, 4);
        key.limited = true;
        key.local = bytes[12] == 127;
    } else if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)address;
        memcpy(bytes, &in6->sin6_addr, 16);
        key.limited = true;
        if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
            key.local = bytes[12] == 127;
        } else {
            key.local = IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
            memset(bytes + 8, 0, 8); /* a household has a whole /64 */
        }
    }
    memcpy(key.part, bytes, 16);
    return key;
}

static size_t bucket_of(const struct address_key *key)
{
    return (size_t)(str_hash((struct str){(const char *)key->part, 16}) % CONN_BUCKETS);
}

static void peer_text(struct conn *conn, const struct sockaddr *address)
{
    const char *text = NULL;
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)address;
        text = inet_ntop(AF_INET, &in->sin_addr, conn->peer, sizeof conn->peer);
    } else if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)address;
        text = inet_ntop(AF_INET6, &in6->sin6_addr, conn->peer, sizeof conn->peer);
        if (text && IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
            text = inet_ntop(AF_INET, in6->sin6_addr.s6_addr + 12, conn->peer, sizeof conn->peer);
        }
    }
    if (!text) memcpy(conn->peer, "unix", 5);
    conn->peer_len = strlen(conn->peer);
}

/* ---- the list ---- */

static void cut(struct conn *conn)
{
    conn->cut = true;
    shutdown(conn->fd, SHUT_RDWR); /* its worker sees the end and closes it */
}

/* Cuts the connection of these buckets (of this address, if given) that has waited longest without
 * a request. Called with the lock held. */
static bool make_room(struct conns *conns, size_t from, size_t to, const struct address_key *key)
{
    uint64_t now = http_now_ms();
    uint64_t oldest_ms = 0;
    struct conn *oldest = NULL;
    for (size_t i = from; i < to; i++) {
        for (struct conn *conn = conns->buckets[i]; conn; conn = conn->next) {
            if (conn->cut || (key && memcmp(conn->address, key->part, 16) != 0)) continue;
            uint64_t age;
            enum conn_phase phase = phase_of(conn, now, &age);
            if (phase != CONN_FRESH && phase != CONN_IDLE && phase != CONN_READING) continue;
            if (oldest && age < oldest_ms) continue;
            oldest = conn;
            oldest_ms = age;
        }
    }
    if (oldest) cut(oldest);
    return oldest != NULL;
}

bool conns_admit(struct conns *conns, const struct sockaddr *address, socklen_t size)
{
    (void)size;
    struct address_key key = key_of(address);
    bool limited = conns->per_address_max && key.limited && !(key.local && conns->trust_local);
    size_t bucket = bucket_of(&key);
    bool admitted = true;
    pthread_mutex_lock(&conns->lock);
    if (limited) {
        size_t count = 0;
        for (const struct conn *conn = conns->buckets[bucket]; conn; conn = conn->next)
            count += !conn->cut && memcmp(conn->address, key.part, 16) == 0;
        if (count >= conns->per_address_max) {
            admitted = make_room(conns, bucket, bucket + 1, &key);
        }
    }
    if (admitted && conns->count + HEADROOM >= LIMIT_CONNECTIONS) {
        make_room(conns, 0, CONN_BUCKETS, NULL);
    }
    pthread_mutex_unlock(&conns->lock);
    return admitted;
}

struct conn *conns_open(struct conns *conns, int fd, const struct sockaddr *address)
{
    struct conn *conn = calloc(1, sizeof *conn);
    CHECK(conn);
    struct address_key key = key_of(address);
    conn->conns = conns;
    conn->fd = fd;
    conn->local = key.local;
    conn->bucket = bucket_of(&key);
    memcpy(conn->address, key.part, 16);
    peer_text(conn, address);
    conn_set_phase(conn, CONN_FRESH);
    pthread_mutex_lock(&conns->lock);
    conn->next = conns->buckets[conn->bucket];
    if (conn->next) conn->next->prev = conn;
    conns->buckets[conn->bucket] = conn;
    conns->count++;
    pthread_mutex_unlock(&conns->lock);
    return conn;
}

void conns_close(struct conn *conn)
{
    struct conns *conns = conn->conns;
    pthread_mutex_lock(&conns->lock); /* so that the reaper never touches a reused descriptor */
    if (conn->next) conn->next->prev = conn->prev;
    if (conn->prev) {
        conn->prev->next = conn->next;
    } else {
        conns->buckets[conn->bucket] = conn->next;
    }
    CHECK(conns->count > 0);
    conns->count--;
    pthread_mutex_unlock(&conns->lock);
    free(conn);
}

void conns_linger(struct conn *conn)
{
    struct conns *conns = conn->conns;
    pthread_mutex_lock(&conns->lock);
    if (conns->lingering_count < LINGER_MAX) {
        int fd = dup(conn->fd);
        if (fd >= 0) {
            conns->lingering[conns->lingering_count++] =
                (struct lingering){fd, (int64_t)http_now_ms() + LINGER_MS, LINGER_BYTES};
        }
    }
    pthread_mutex_unlock(&conns->lock);
    ssize_t woken = write(conns->wake_fd, &(uint64_t){1}, 8);
    (void)woken; /* a full counter wakes it too */
}

/* ---- the reaper ---- */

static bool is_overdue(enum conn_phase phase, uint64_t age_ms)
{
    switch (phase) {
    case CONN_FRESH:
    case CONN_READING: return age_ms > LIMIT_REQUEST_SECONDS * 1000;
    case CONN_IDLE: return age_ms > LIMIT_IDLE_SECONDS * 1000;
    case CONN_BUSY: return age_ms > LIMIT_RESPONSE_SECONDS * 1000;
    case CONN_STREAM: return false;
    }
    UNREACHABLE();
}

static void reap(struct conns *conns)
{
    uint64_t now = http_now_ms();
    for (size_t i = 0; i < CONN_BUCKETS; i++) {
        for (struct conn *conn = conns->buckets[i]; conn; conn = conn->next) {
            if (conn->cut) continue;
            uint64_t age;
            enum conn_phase phase = phase_of(conn, now, &age);
            if (!is_overdue(phase, age)) continue;
            if (phase == CONN_READING) conn_answer_raw(conn->fd, 408);
            cut(conn);
        }
    }
}

/* Reads what came; false when the client is done, or has had its time. */
static bool drain(struct lingering *lingering, int64_t now_ms)
{
    char waste[16 << 10];
    for (;;) {
        ssize_t got = recv(lingering->fd, waste, sizeof waste, MSG_DONTWAIT);
        if (got < 0) return (errno == EAGAIN || errno == EINTR) && now_ms < lingering->until_ms;
        if (got == 0 || (size_t)got >= lingering->read_left) return false;
        lingering->read_left -= (size_t)got;
    }
}

static void drain_all(struct conns *conns)
{
    size_t kept = 0;
    for (size_t i = 0; i < conns->lingering_count; i++) {
        struct lingering *lingering = &conns->lingering[i];
        if (!conns->stop && drain(lingering, (int64_t)http_now_ms())) {
            conns->lingering[kept++] = *lingering;
        } else {
            close(lingering->fd);
        }
    }
    conns->lingering_count = kept;
}

static void *reaper_main(void *arg)
{
    struct conns *conns = arg;
    uint64_t last_ms = http_now_ms();
    bool stop = false;
    while (!stop) {
        struct pollfd fds[LINGER_MAX + 1] = {{.fd = conns->wake_fd, .events = POLLIN}};
        nfds_t count = 1;
        pthread_mutex_lock(&conns->lock);
        for (size_t i = 0; i < conns->lingering_count; i++)
            fds[count++] = (struct pollfd){.fd = conns->lingering[i].fd, .events = POLLIN};
        pthread_mutex_unlock(&conns->lock);

        poll(fds, count, 1000);
        uint64_t wakes;
        if (fds[0].revents & POLLIN) (void)!read(conns->wake_fd, &wakes, 8);

        pthread_mutex_lock(&conns->lock);
        stop = conns->stop;
        drain_all(conns);
        if (http_now_ms() - last_ms >= 500) {
            last_ms = http_now_ms();
            reap(conns);
        }
        pthread_mutex_unlock(&conns->lock);
    }
    return NULL;
}

struct result conns_init(struct conns *conns, size_t per_address_max, bool trust_local)
{
    *conns = (struct conns){.per_address_max = per_address_max, .trust_local = trust_local};
    conns->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (conns->wake_fd < 0) return result_fail(ERR_IO, "listen-failed", "eventfd");
    CHECK(pthread_mutex_init(&conns->lock, NULL) == 0);
    if (pthread_create(&conns->reaper, NULL, reaper_main, conns) != 0) {
        close(conns->wake_fd);
        pthread_mutex_destroy(&conns->lock);
        return result_fail(ERR_IO, "listen-failed", "no thread for the reaper");
    }
    conns->reaper_runs = true;
    return RESULT_OK;
}

void conns_release(struct conns *conns)
{
    if (!conns->reaper_runs) return;
    pthread_mutex_lock(&conns->lock);
    conns->stop = true;
    CHECK(conns->count == 0);
    pthread_mutex_unlock(&conns->lock);
    (void)!write(conns->wake_fd, &(uint64_t){1}, 8);
    pthread_join(conns->reaper, NULL);
    close(conns->wake_fd);
    pthread_mutex_destroy(&conns->lock);
    conns->reaper_runs = false;
}

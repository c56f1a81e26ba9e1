/* bench_load book PORT CONNECTIONS SECONDS FIRST IDS: books distinct free times over HTTP, each
 *   connection one after the other, and notes the id of every 201 in the file IDS.
 * bench_load start PORT PROGRAM ARGUMENTS...: milliseconds from starting the program to its first
 *   200 for /healthz; then ends it.
 *
 * The practice booked from has therapists t00..t63, open round the clock in UTC, and the service
 * "hour"; booking number n of a run is a time of its own. Prints one line of JSON. */
#include "base/check.h"
#include "base/civil.h"
#include "base/sb.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

enum {
    CONNECTIONS_MAX = 512,
    THERAPISTS = 64,
    HOURS = 16800, /* 700 days */
    STRIDE =
        7919, /* a prime: every hour comes once before any comes again, with another therapist */
    ANSWERS_MAX = 1 << 20,
    BUFFER_BYTES = 8192,
};

/* 2026-03-03T00:00:00Z; the server's clock stands before it. */
static const utc_us first_hour = INT64_C(1772496000) * US_PER_SECOND;

struct client {
    int fd;
    bool busy;
    int64_t asked_us;
    size_t len;
    char buffer[BUFFER_BYTES];
};

static struct client clients[CONNECTIONS_MAX];
static uint32_t latencies[ANSWERS_MAX];
static size_t answers;
static size_t refused;
static FILE *ids;

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t number(const char *text)
{
    int64_t value = 0;
    if (!str_to_i64(str_from_cstr(text), 0, INT32_MAX, &value)) {
        fprintf(stderr, "bench_load: not a number: %s\n", text);
        exit(2);
    }
    return value;
}

static int connect_to(int64_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    if (connect(fd, (struct sockaddr *)(void *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

/* ---- booking ---- */

static void ask(struct client *client, int64_t n)
{
    char body_bytes[400];
    char request_bytes[800];
    struct sb body;
    struct sb request;
    utc_us start = first_hour + n * STRIDE % HOURS * US_PER_HOUR;
    int therapist = (int)((n / HOURS + n) % THERAPISTS);
    sb_init_fixed(&body, body_bytes, sizeof body_bytes);
    SB_LIT(&body, "{\"service\":\"hour\",\"start\":\"");
    rfc3339_write_utc(&body, start);
    sb_addf(&body,
        "\",\"therapist\":\"t%02d\",\"client\":{\"name\":\"Client %lld\","
        "\"email\":\"client%lld@mail.example\",\"phone\":\"+1 413 555 0100\"}}",
        therapist, (long long)n, (long long)n);
    sb_init_fixed(&request, request_bytes, sizeof request_bytes);
    sb_addf(&request,
        "POST /api/v1/bookings HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        "Content-Length: %zu\r\n\r\n",
        body.len);
    sb_add(&request, sb_str(&body));
    CHECK(sb_ok(&body) && sb_ok(&request));
    client->asked_us = now_us();
    client->busy = true;
    client->len = 0;
    ssize_t sent = send(client->fd, request.ptr, request.len, MSG_NOSIGNAL);
    if (sent != (ssize_t)request.len) {
        fprintf(stderr, "bench_load: the server does not listen any more\n");
        exit(1);
    }
}

/* The length of the whole answer, or 0 while its head is incomplete. */
static size_t answer_length(const struct client *client)
{
    struct str text = {client->buffer, client->len};
    const char *end = memmem(text.ptr, text.len, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t head = (size_t)(end - text.ptr) + 4;
    static const char name[] = "\r\nContent-Length: ";
    const char *at = memmem(text.ptr, head, name, sizeof name - 1);
    CHECK(at);
    size_t length = 0;
    for (at += sizeof name - 1; *at >= '0' && *at <= '9'; at++)
        length = length * 10 + (size_t)(*at - '0');
    return head + length;
}

static void note_answer(struct client *client)
{
    static const char made[] = "HTTP/1.1 201 ";
    client->busy = false;
    CHECK(answers < ANSWERS_MAX);
    if (memcmp(client->buffer, made, sizeof made - 1) != 0) {
        if (refused++ == 0) fprintf(stderr, "bench_load: %.*s\n", (int)client->len, client->buffer);
        return;
    }
    latencies[answers++] = (uint32_t)(now_us() - client->asked_us);
    const char *id = memmem(client->buffer, client->len, "{\"id\":\"", 7);
    CHECK(id);
    id += 7;
    const char *end = memchr(id, '"', (size_t)(client->buffer + client->len - id));
    CHECK(end);
    fprintf(ids, "%.*s\n", (int)(end - id), id);
}

/* False while the answer is not whole. */
static bool hear(struct client *client)
{
    ssize_t got =
        recv(client->fd, client->buffer + client->len, BUFFER_BYTES - client->len, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (got <= 0) {
        fprintf(stderr, "bench_load: the server closed a connection\n");
        exit(1);
    }
    client->len += (size_t)got;
    size_t whole = answer_length(client);
    if (!whole || client->len < whole) return false;
    CHECK(client->len == whole);
    note_answer(client);
    return true;
}

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void report(double seconds)
{
    qsort(latencies, answers, sizeof *latencies, by_value);
    printf("{\"bookings\":%zu,\"refused\":%zu,\"seconds\":%.3f,\"per_second\":%.1f,"
           "\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f}\n",
        answers, refused, seconds, (double)answers / seconds,
        answers ? latencies[answers / 2] / 1e3 : 0,
        answers ? latencies[answers * 99 / 100] / 1e3 : 0,
        answers ? latencies[answers - 1] / 1e3 : 0);
}

static int book(int64_t port, size_t connections, int64_t seconds, int64_t first, const char *path)
{
    CHECK(connections > 0 && connections <= CONNECTIONS_MAX);
    struct epoll_event events[CONNECTIONS_MAX];
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    ids = fopen(path, "a");
    CHECK(epoll >= 0 && ids);
    int64_t next = first;
    int64_t begin = now_us();
    int64_t until = begin + seconds * 1000000;
    for (size_t i = 0; i < connections; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &clients[i]};
        clients[i].fd = connect_to(port);
        CHECK(clients[i].fd >= 0);
        CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].fd, &event) == 0);
        ask(&clients[i], next++);
    }
    for (size_t busy = connections; busy > 0;) {
        int ready = epoll_wait(epoll, events, CONNECTIONS_MAX, 10000);
        CHECK(ready > 0); /* an answer takes no ten seconds */
        for (int i = 0; i < ready; i++) {
            struct client *client = events[i].data.ptr;
            if (!hear(client)) continue;
            if (now_us() < until) {
                ask(client, next++);
            } else {
                busy--;
            }
        }
    }
    report((double)(now_us() - begin) / 1e6);
    CHECK(fclose(ids) == 0);
    return refused ? 1 : 0;
}

/* ---- starting ---- */

static bool is_healthy(int64_t port)
{
    static const char question[] = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    char answer[1024];
    int fd = connect_to(port);
    if (fd < 0) return false;
    ssize_t sent = send(fd, question, sizeof question - 1, MSG_NOSIGNAL);
    ssize_t got = sent > 0 ? recv(fd, answer, sizeof answer, 0) : -1;
    close(fd);
    return got > 12 && memcmp(answer, "HTTP/1.1 200", 12) == 0;
}

static int start(int64_t port, char **command)
{
    enum { PAUSE_NS = 100000, PATIENCE_US = 10000000 };
    int64_t begin = now_us();
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        int quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);
        dup2(quiet, STDERR_FILENO);
        dup2(quiet, STDOUT_FILENO);
        execv(command[0], command);
        _exit(127);
    }
    bool up = false;
    while (!up && now_us() - begin < PATIENCE_US) {
        up = is_healthy(port);
        if (!up) nanosleep(&(struct timespec){0, PAUSE_NS}, NULL);
    }
    int64_t took = now_us() - begin;
    int status;
    kill(child, SIGTERM);
    waitpid(child, &status, 0);
    if (!up) {
        fprintf(stderr, "bench_load: %s did not answer within ten seconds\n", command[0]);
        return 1;
    }
    printf("{\"ms\":%.2f}\n", (double)took / 1e3);
    return 0;
}

int main(int argc, char **argv)
{
    struct str verb = argc > 1 ? str_from_cstr(argv[1]) : STR("");
    if (argc == 7 && str_eq(verb, STR("book"))) {
        return book(
            number(argv[2]), (size_t)number(argv[3]), number(argv[4]), number(argv[5]), argv[6]);
    }
    if (argc >= 4 && str_eq(verb, STR("start"))) return start(number(argv[2]), argv + 3);
    fprintf(stderr, "usage: bench_load book PORT CONNECTIONS SECONDS FIRST IDS\n"
                    "       bench_load start PORT PROGRAM ARGUMENTS...\n");
    return 2;
}

#include "http/internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/banned.h"

enum { BACKLOG = 1024, SYSTEMD_FD = 3 };

static struct result bad_address(void)
{
    return result_fail(ERR_INVALID, "bad-address", "listen: host:port, [v6]:port or unix:PATH");
}

/* Is a socket passed by systemd meant for this process? The variables are taken away, so that
 * children do not think it is theirs. */
static bool systemd_passed(void)
{
    const char *pid_text = getenv("LISTEN_PID");
    const char *count_text = getenv("LISTEN_FDS");
    int64_t pid = 0;
    int64_t count = 0;
    bool passed = pid_text && count_text &&
                  str_to_i64(str_from_cstr(pid_text), 1, INT32_MAX, &pid) &&
                  str_to_i64(str_from_cstr(count_text), 1, 64, &count) && pid == getpid();
    if (passed) {
        unsetenv("LISTEN_PID");
        unsetenv("LISTEN_FDS");
        unsetenv("LISTEN_FDNAMES");
    }
    return passed;
}

static int bound_port(int fd)
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &size) != 0) return 0;
    if (address.ss_family == AF_INET) {
        return ntohs(((struct sockaddr_in *)(void *)&address)->sin_port);
    }
    if (address.ss_family == AF_INET6) {
        return ntohs(((struct sockaddr_in6 *)(void *)&address)->sin6_port);
    }
    return 0;
}

static struct result listen_unix(struct http_server *server, struct str path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path.len == 0 || path.len >= sizeof address.sun_path) return bad_address();
    memcpy(address.sun_path, path.ptr, path.len);

    struct stat status;
    if (lstat(address.sun_path, &status) == 0) {
        if (!S_ISSOCK(status.st_mode)) {
            return result_fail(ERR_IO, "listen-failed", "the path exists and is not a socket");
        }
        int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        bool alive = probe >= 0 && connect(probe, (struct sockaddr *)&address, sizeof address) == 0;
        if (probe >= 0) close(probe);
        if (alive) return result_fail(ERR_IO, "listen-failed", "another server listens there");
        unlink(address.sun_path);
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return result_fail(ERR_IO, "listen-failed", "socket");
    /* 0660 from the first moment: nobody can connect before listen. */
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        chmod(address.sun_path, 0660) != 0 || listen(fd, BACKLOG) != 0) {
        close(fd);
        return result_fail(ERR_IO, "listen-failed", "the socket's path cannot be bound");
    }
    memcpy(server->unix_path, address.sun_path, sizeof server->unix_path);
    server->listen_fd = fd;
    return RESULT_OK;
}

static struct result listen_ip(struct http_server *server, struct str text)
{
    size_t colon = text.len;
    while (colon > 0 && text.ptr[colon - 1] != ':')
        colon--;
    if (colon == 0) return bad_address();
    struct str host = str_slice(text, 0, colon - 1);
    int64_t port;
    if (!str_to_i64(str_slice(text, colon, text.len), 0, 65535, &port)) return bad_address();

    bool v6 = host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']';
    if (v6) host = str_slice(host, 1, host.len - 1);
    if (str_eq(host, STR("localhost"))) host = STR("127.0.0.1");
    char name[INET6_ADDRSTRLEN];
    if (host.len == 0 || host.len >= sizeof name) return bad_address();
    memcpy(name, host.ptr, host.len);
    name[host.len] = 0;

    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    int parsed =
        v6 ? inet_pton(AF_INET6, name, &in6.sin6_addr) : inet_pton(AF_INET, name, &in.sin_addr);
    if (parsed != 1) return bad_address();

    int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return result_fail(ERR_IO, "listen-failed", "socket");
    int one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); /* accepted sockets inherit it */
    int bound = v6 ? bind(fd, (struct sockaddr *)&in6, sizeof in6)
                   : bind(fd, (struct sockaddr *)&in, sizeof in);
    if (bound != 0 || listen(fd, BACKLOG) != 0) {
        close(fd);
        return result_fail(ERR_IO, "listen-failed",
            errno == EADDRINUSE ? "the address is in use" : "the address cannot be bound");
    }
    server->listen_fd = fd;
    server->port = bound_port(fd);
    return RESULT_OK;
}

struct result listen_open(struct http_server *server)
{
    if (systemd_passed()) {
        int accepting = 0;
        socklen_t size = sizeof accepting;
        if (getsockopt(SYSTEMD_FD, SOL_SOCKET, SO_ACCEPTCONN, &accepting, &size) != 0 ||
            !accepting) {
            return result_fail(ERR_IO, "listen-failed", "LISTEN_FDS: not a listening socket");
        }
        int flags = fcntl(SYSTEMD_FD, F_GETFL);
        if (flags < 0 || fcntl(SYSTEMD_FD, F_SETFL, flags | O_NONBLOCK) != 0 ||
            fcntl(SYSTEMD_FD, F_SETFD, FD_CLOEXEC) != 0) {
            return result_fail(ERR_IO, "listen-failed", "LISTEN_FDS: cannot be set up");
        }
        server->listen_fd = SYSTEMD_FD;
        server->port = bound_port(SYSTEMD_FD);
        return RESULT_OK;
    }
    struct str text = server->options.listen;
    if (str_starts(text, STR("unix:"))) {
        return listen_unix(server, str_slice(text, 5, text.len));
    }
    return listen_ip(server, text);
}

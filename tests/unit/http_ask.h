/* A request over loopback as it is written, and the status of its answer. */
#ifndef BALM_TESTS_HTTP_ASK_H
#define BALM_TESTS_HTTP_ASK_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static int send_request(int port, const char *request)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(send(fd, request, strlen(request), 0), (ssize_t)strlen(request));
    return fd;
}

/* 0 where the connection ended without an answer. */
static int read_status(int fd)
{
    char answer[4096];
    size_t len = 0;
    ssize_t got;
    while (
        len < sizeof answer - 1 && (got = recv(fd, answer + len, sizeof answer - 1 - len, 0)) > 0)
        len += (size_t)got;
    close(fd);
    answer[len] = '\0';
    int64_t status = 0;
    if (len > 12) str_to_i64((struct str){answer + 9, 3}, 100, 599, &status);
    return (int)status;
}

#endif

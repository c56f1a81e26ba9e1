/* The whole server with a fault in the database: every call of a booking fails once. Whatever
 * fails, the client hears an honest error (never a 201 that is not kept, never silence), the data
 * hold, and the next request is answered. */
#include "practice_fixture.h"

#include "app/app.h"
#include "app/clock.h"
#include "base/log.h"
#include "practice/check/data_check.h"
#include "store/fault.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

static const char *const practice_json = "{\"slug\":\"p\",\"name\":\"P\",\"timezone\":\"UTC\","
                                         "\"currency\":\"USD\",\"booking\":{\"horizon_days\":400,"
                                         "\"step_minutes\":5,\"notice_minutes\":0},"
                                         "\"rooms\":[{\"id\":\"r\",\"name\":\"R\"}],\"therapists\":"
                                         "[{\"id\":\"a\",\"name\":\"A\",\"hours\":["
                                         "{\"days\":[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\","
                                         "\"sat\",\"sun\"],\"from\":\"00:00\",\"to\":\"24:00\"}]}],"
                                         "\"services\":[{\"id\":\"s\",\"name\":\"S\",\"minutes\":"
                                         "30,\"therapists\":[\"a\"],\"rooms\":[\"r\"]}]}";

/* Sends the request, returns the status; 0 where the connection ended without an answer. */
static int ask(int port, const char *request)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(send(fd, request, strlen(request), 0), (ssize_t)strlen(request));
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

static int book_over_http(int port, int64_t n)
{
    /* A day for each: what a failed try might have left behind would be in the next one's way. */
    char body[512];
    char request[1024];
    snprintf(body, sizeof body,
        "{\"service\":\"s\",\"start\":\"2026-%02d-%02dT10:00:00Z\",\"client\":{\"name\":\"C %lld\","
        "\"email\":\"c%lld@example.org\"}}",
        4 + (int)(n / 28), 1 + (int)(n % 28), (long long)n, (long long)n);
    snprintf(request, sizeof request,
        "POST /api/v1/bookings HTTP/1.1\r\nHost: p.localhost\r\nContent-Type: application/json\r\n"
        "Connection: close\r\nContent-Length: %zu\r\n\r\n%s",
        strlen(body), body);
    return ask(port, request);
}

static int64_t count_bookings(struct fixture *f)
{
    int64_t count;
    struct check_report report;
    assert_ok(tx_begin_read(f->conn, &f->tx));
    assert_ok(db_int(&f->tx, SQL("SELECT count(*) FROM booking"), NO_VALUES, 0, &count));
    assert_ok(data_check(&f->tx, &report));
    for (size_t i = 0; i < report.broken; i++)
        print_error("broken: %s\n", report.findings[i].invariant);
    assert_int_equal(report.broken, 0);
    tx_rollback(&f->tx);
    return count;
}

static void every_fault_is_answered_honestly(void **state)
{
    (void)state;
    struct fixture f;
    struct app *app;
    fixture_open(&f, practice_json, "2026-03-01T12:00:00Z");
    setenv("BALM_CLOCK", "2026-03-01T12:00:00Z", 1);
    setenv("BALM_LIMITS", "off", 1);
    assert_ok(clock_init());
    log_set_level(LOG_ERROR + 1);
    char url[80];
    snprintf(url, sizeof url, "sqlite:%s", f.path);
    struct app_options options = {.db = str_from_cstr(url),
        .listen = STR("127.0.0.1:0"),
        .mail = STR("smtp://127.0.0.1:1"), /* nobody there: letters wait */
        .threads = 1};
    assert_ok(app_start(&options, &app));

    int64_t kept = 0;
    int refused = 0;
    int quiet = 0; /* bookings in a row during which no fault happened */
    for (int64_t n = 1; quiet < 3 && n < 250; n++) {
        store_fault_arm(n);
        int status = book_over_http(app_port(app), n);
        bool fired = store_fault_fired();
        store_fault_arm(0);
        if (status == 201) {
            kept++;
        } else {
            assert_true(status == 503);
            refused++;
        }
        quiet = fired ? 0 : quiet + 1;
        assert_int_equal(count_bookings(&f), kept);
        assert_int_equal(
            ask(app_port(app),
                "GET /healthz HTTP/1.1\r\nHost: p.localhost\r\nConnection: close\r\n\r\n"),
            200);
    }
    print_message("%d faults refused, %lld bookings kept\n", refused, (long long)kept);
    assert_true(refused > 40);
    assert_true(quiet == 3);
    app_stop(app);
    char key[96];
    snprintf(key, sizeof key, "%s.key", f.path);
    unlink(key);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_is_answered_honestly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A disk that does not answer while the server is told to stop. The program runs as it is, in a
 * process of its own; only the call that waits for the disk is this file's, and can be made to
 * wait. Nobody hears of a success that is not kept, and the program always ends. */
#include "practice_fixture.h"
#include "http_ask.h"

#include "app/clock.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/run.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

/* Seen by both processes. */
struct shared {
    atomic_bool stalled;
    atomic_int waiting; /* calls that wait for the disk */
    atomic_int port;
};
static struct shared *shared;

static void wait_for_disk(void)
{
    if (!shared || !atomic_load(&shared->stalled)) return;
    atomic_fetch_add(&shared->waiting, 1);
    while (atomic_load(&shared->stalled))
        usleep(1000);
}

/* Instead of the C library's. */
int fdatasync(int fd)
{
    wait_for_disk();
    return (int)syscall(SYS_fdatasync, fd);
}
int fsync(int fd)
{
    wait_for_disk();
    return (int)syscall(SYS_fsync, fd);
}

/* Stands in main.c, which is not part of the library. */
int cli_usage(const char *command)
{
    (void)command;
    return EXIT_USAGE;
}

static const char *const practice_json =
    "{\"slug\":\"p\",\"name\":\"P\",\"timezone\":\"UTC\",\"currency\":\"USD\",\"booking\":"
    "{\"horizon_days\":60,\"notice_minutes\":0},\"rooms\":[],\"therapists\":[{\"id\":\"a\","
    "\"name\":\"A\",\"hours\":[{\"days\":[\"mon\"],\"from\":\"09:00\",\"to\":\"17:00\"}]}],"
    "\"services\":[{\"id\":\"s\",\"name\":\"S\",\"minutes\":60,\"therapists\":[\"a\"],\"rooms\":"
    "[]}]}";

static void started(int port)
{
    atomic_store(&shared->port, port);
}

static pid_t start_server(const struct fixture *f)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid > 0) return pid;
    char url[80];
    snprintf(url, sizeof url, "sqlite:%s", f->path);
    setenv("BALM_CLOCK", "2026-03-01T12:00:00Z", 1);
    setenv("BALM_LIMITS", "off", 1);
    if (!result_is_ok(clock_init())) _exit(99);
    struct app_options options = {.db = str_from_cstr(url),
        .listen = STR("127.0.0.1:0"),
        .mail = STR("smtp://127.0.0.1:1"),
        .threads = 1};
    _exit(cli_run(&options, started));
}

static int send_booking(int port)
{
    static const char body[] =
        "{\"service\":\"s\",\"start\":\"2026-03-09T10:00:00Z\",\"client\":{\"name\":\"C\","
        "\"email\":\"c@example.org\"}}";
    char request[1024];
    snprintf(request, sizeof request,
        "POST /api/v1/bookings HTTP/1.1\r\nHost: p.localhost\r\nContent-Type: application/json\r\n"
        "Connection: close\r\nContent-Length: %zu\r\n\r\n%s",
        strlen(body), body);
    return send_request(port, request);
}

static int64_t seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* A booking waits for the disk, and the server is told to stop. */
static pid_t stop_while_stalled(const struct fixture *f, int *ret_fd)
{
    atomic_store(&shared->port, 0);
    atomic_store(&shared->waiting, 0);
    pid_t pid = start_server(f);
    for (int i = 0; i < 20000 && atomic_load(&shared->port) == 0; i++)
        usleep(1000);
    assert_true(atomic_load(&shared->port) > 0);
    atomic_store(&shared->stalled, true);
    *ret_fd = send_booking(atomic_load(&shared->port));
    for (int i = 0; i < 10000 && atomic_load(&shared->waiting) == 0; i++)
        usleep(1000);
    assert_true(atomic_load(&shared->waiting) > 0);
    assert_int_equal(kill(pid, SIGTERM), 0);
    return pid;
}

static int64_t count_bookings(struct fixture *f)
{
    int64_t count;
    assert_ok(tx_begin_read(f->conn, &f->tx));
    assert_ok(db_int(&f->tx, SQL("SELECT count(*) FROM booking"), NO_VALUES, 0, &count));
    tx_rollback(&f->tx);
    return count;
}

static void begin(struct fixture *f)
{
    fixture_open(f, practice_json, "2026-03-01T12:00:00Z");
}

static void end(struct fixture *f)
{
    char key[96];
    snprintf(key, sizeof key, "%s.key", f->path);
    unlink(key);
    fixture_close(f);
}

static void a_slow_disk_is_waited_for(void **state)
{
    (void)state;
    struct fixture f;
    int fd;
    int status;
    begin(&f);
    pid_t pid = stop_while_stalled(&f, &fd);
    usleep(1500000);
    assert_int_equal(waitpid(pid, &status, WNOHANG), 0); /* it waits */
    atomic_store(&shared->stalled, false);
    assert_int_equal(read_status(fd), 201);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EXIT_DONE);
    assert_int_equal(count_bookings(&f), 1);
    end(&f);
}

static void a_dead_disk_is_given_up(void **state)
{
    (void)state;
    struct fixture f;
    int fd;
    int status = 0;
    begin(&f);
    int64_t from = seconds();
    pid_t pid = stop_while_stalled(&f, &fd);
    int told = read_status(fd);
    if (told != 0 && told != 503) fail_msg("%d was told of what no disk has confirmed", told);
    pid_t ended = 0;
    while (
        (ended = waitpid(pid, &status, WNOHANG)) == 0 && seconds() - from < LIMIT_STOP_SECONDS + 15)
        usleep(10000);
    if (ended == 0) kill(pid, SIGKILL);
    atomic_store(&shared->stalled, false);
    assert_int_equal(ended, pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EXIT_FAILED);
    end(&f);
}

int main(void)
{
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_disk_is_waited_for),
        cmocka_unit_test(a_dead_disk_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Sending by SMTP, against tests/http/smtp_sink.mjs as a process of its own. */
#include "base/sb.h"
#include "mail/mail.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

static struct arena arena;

struct sink {
    pid_t pid;
    int port;
    const char *folder;
};

static const char *source_file(const char *name)
{
    const char *root = getenv("BALM_SOURCE");
    return arena_printf(&arena, "%s/tests/http/%s", root ? root : "..", name).ptr;
}

static struct sink start_sink(const char *const *options, size_t count)
{
    char root[] = "/tmp/balm-sink-XXXXXX";
    assert_non_null(mkdtemp(root));
    struct sink sink = {.folder = arena_cstr(&arena, str_from_cstr(root))};
    char *args[16] = {(char *)"node", (char *)source_file("smtp_sink.mjs"), (char *)sink.folder};
    assert_true(count < 12);
    for (size_t i = 0; i < count; i++)
        args[3 + i] = (char *)options[i];
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    sink.pid = fork();
    assert_true(sink.pid >= 0);
    if (sink.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* also where a test fails half-way */
        dup2(ends[1], 1);
        close(ends[0]);
        close(ends[1]);
        execvp("node", args);
        _exit(127);
    }
    close(ends[1]);
    FILE *out = fdopen(ends[0], "r");
    char line[64] = "";
    assert_non_null(fgets(line, sizeof line, out));
    fclose(out);
    int64_t port = 0;
    assert_true(str_to_i64(str_slice(str_trim(str_from_cstr(line)), 5, 64), 1, 65535, &port));
    sink.port = (int)port;
    return sink;
}

static void stop_sink(struct sink *sink)
{
    kill(sink->pid, SIGKILL);
    waitpid(sink->pid, NULL, 0);
    assert_int_equal(system(arena_printf(&arena, "rm -r %s", sink->folder).ptr), 0);
}

static struct str read_sink(const struct sink *sink, const char *name)
{
    FILE *file = fopen(arena_printf(&arena, "%s/%s", sink->folder, name).ptr, "rb");
    if (!file) return STR("(no file)");
    char *buffer = arena_alloc(&arena, 1 << 20, 1);
    size_t n = fread(buffer, 1, 1 << 20, file);
    fclose(file);
    return (struct str){buffer, n};
}

static struct str message(const char *to, struct str text)
{
    struct mail_message m = {
        .from_email = STR("hello@example.org"),
        .to_email = str_from_cstr(to),
        .subject = STR("Señal"),
        .message_id_left = STR("1"),
        .message_id_domain = STR("example.org"),
        .text = text,
    };
    struct str bytes = {0};
    assert_true(result_is_ok(mail_build(&m, &arena, &bytes)));
    return bytes;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct mail_outcome send_to(const char *url, const char *from, const char *to)
{
    struct mailer *mailer = NULL;
    assert_true(result_is_ok(mailer_open(str_from_cstr(url), &mailer)));
    mailer_set_timeout_ms(mailer, 2000);
    struct mail_outcome outcome = {.fate = 99};
    int64_t start = now_ms();
    mailer_send(mailer, str_from_cstr(from), str_from_cstr(to),
        message("zoe@example.net", STR("Hello\n")), &outcome);
    assert_true(now_ms() - start < 6000);
    mailer_close(mailer);
    struct str local = str_slice(str_from_cstr(to), 0, str_find(str_from_cstr(to), '@'));
    assert_true(str_find(str_from_cstr(outcome.text), '@') == strlen(outcome.text));
    assert_false(str_contains(str_from_cstr(outcome.text), local));
    return outcome;
}

static void assert_outcome(
    struct mail_outcome outcome, enum mail_fate fate, int code, const char *stage)
{
    if (outcome.fate != fate || outcome.code != code) {
        print_error("%s %d at %s: %s\n", mail_fate_name(outcome.fate), outcome.code, outcome.stage,
            outcome.text);
    }
    assert_int_equal(outcome.fate, fate);
    assert_int_equal(outcome.code, code);
    assert_string_equal(outcome.stage, stage);
    assert_true(outcome.text[0] != '\0');
}

static const char *url_of(const struct sink *sink)
{
    return arena_printf(&arena, "smtp://127.0.0.1:%d", sink->port).ptr;
}

/* --- tests --- */

static void bytes_arrive_unchanged(void **state)
{
    (void)state;
    struct sink sink = start_sink(NULL, 0);
    struct mailer *mailer = NULL;
    assert_true(result_is_ok(mailer_open(str_from_cstr(url_of(&sink)), &mailer)));
    struct sb big;
    sb_init(&big, &arena, 1 << 20);
    for (int i = 0; i < 20000; i++)
        sb_addf(&big, "%.*s%d\n", i % 5, ".....", i);
    const struct str texts[] = {
        STR(".\n..\n.a\n\n.\n"), STR("\n"), STR(".\r\n.\r\n"), STR("ñ 🙂"), sb_str(&big)};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct str bytes = message("zoe@example.net", texts[i]);
        struct mail_outcome outcome;
        mailer_send(mailer, STR("hello@example.org"), STR("zoe@example.net"), bytes, &outcome);
        assert_outcome(outcome, MAIL_SENT, 250, "end");
        struct str got = read_sink(&sink, arena_printf(&arena, "%zu.eml", i + 1).ptr);
        assert_true(str_eq(got, bytes));
    }
    assert_true(str_contains(read_sink(&sink, "1.wire"), STR("\r\n\r\n..\r\n...\r\n..a\r\n")));
    assert_true(str_eq(read_sink(&sink, "1.json"),
        STR("{\"from\":\"hello@example.org\",\"to\":[\"zoe@example.net\"],\"action\":\"\","
            "\"tls\":false,\"authenticated\":false}")));
    mailer_close(mailer);
    stop_sink(&sink);
}

static void refusals_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *to;
        enum mail_fate fate;
        int code;
        const char *stage;
    } CASES[] = {
        {"rcpt-450@example.net", MAIL_TEMPORARY, 450, "rcpt"},
        {"rcpt-550@example.net", MAIL_PERMANENT, 550, "rcpt"},
        {"rcpt-421@example.net", MAIL_TEMPORARY, 421, "rcpt"},
        {"rcpt-close@example.net", MAIL_TEMPORARY, 0, "rcpt"},
        {"rcpt-hang@example.net", MAIL_TEMPORARY, 0, "rcpt"},
        {"data-451@example.net", MAIL_TEMPORARY, 451, "data"},
        {"data-554@example.net", MAIL_PERMANENT, 554, "data"},
        {"data-hang@example.net", MAIL_TEMPORARY, 0, "data"},
        {"end-451@example.net", MAIL_TEMPORARY, 451, "end"},
        {"end-552@example.net", MAIL_PERMANENT, 552, "end"},
        {"end-close@example.net", MAIL_UNKNOWN, 0, "end"},
        {"end-hang@example.net", MAIL_UNKNOWN, 0, "end"},
        {"quit-hang@example.net", MAIL_SENT, 250, "end"},
    };
    struct sink sink = start_sink(NULL, 0);
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct mail_outcome outcome = send_to(url_of(&sink), "hello@example.org", CASES[i].to);
        assert_outcome(outcome, CASES[i].fate, CASES[i].code, CASES[i].stage);
    }
    struct mail_outcome outcome =
        send_to(url_of(&sink), "hello@example.org", "rcpt-550@example.net");
    assert_string_equal(outcome.text, "5.7.1 (address) not now, 5.7.1 said the sink");
    outcome = send_to(url_of(&sink), "mail-553@example.org", "zoe@example.net");
    assert_outcome(outcome, MAIL_PERMANENT, 553, "mail");
    outcome = send_to(url_of(&sink), "mail-530@example.org", "zoe@example.net");
    assert_outcome(outcome, MAIL_TEMPORARY, 530, "mail");
    outcome = send_to(url_of(&sink), "hello@example.org", "bad(address");
    assert_outcome(outcome, MAIL_PERMANENT, 0, "connect");
    stop_sink(&sink);
}

static void broken_text_is_temporary(void **state)
{
    (void)state;
    struct sink sink = start_sink(NULL, 0);
    struct mailer *mailer = NULL;
    assert_true(result_is_ok(mailer_open(str_from_cstr(url_of(&sink)), &mailer)));
    mailer_set_timeout_ms(mailer, 5000);
    /* Far larger than what the sockets buffer, so that the end is never reached. */
    enum { SIZE = 48 << 20 };
    char *text = malloc(SIZE);
    assert_non_null(text);
    for (size_t i = 0; i < SIZE; i++)
        text[i] = "0123456789abcdef0123456789abcdef\r\n"[i % 34];
    struct mail_outcome outcome;
    mailer_send(mailer, STR("hello@example.org"), STR("body-close@example.net"),
        (struct str){text, SIZE}, &outcome);
    free(text);
    assert_outcome(outcome, MAIL_TEMPORARY, 0, "data");
    mailer_close(mailer);
    stop_sink(&sink);
}

static void greetings_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *action;
        int code;
    } CASES[] = {{"421", 421}, {"554", 554}, {"close", 0}, {"hang", 0}};
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct sink sink = start_sink((const char *[]){"--connect", CASES[i].action}, 2);
        struct mail_outcome outcome =
            send_to(url_of(&sink), "hello@example.org", "zoe@example.net");
        assert_outcome(outcome, MAIL_TEMPORARY, CASES[i].code, "connect");
        stop_sink(&sink);
    }
}

static void absent_servers_are_temporary(void **state)
{
    (void)state;
    /* A port that is bound but not listened on refuses connections. */
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    const char *url = arena_printf(&arena, "smtp://127.0.0.1:%d", ntohs(address.sin_port)).ptr;
    struct mail_outcome outcome = send_to(url, "hello@example.org", "zoe@example.net");
    assert_outcome(outcome, MAIL_TEMPORARY, 0, "connect");
    close(fd);
    outcome = send_to("smtp://no-such-host.invalid", "hello@example.org", "zoe@example.net");
    assert_outcome(outcome, MAIL_TEMPORARY, 0, "connect");
}

static void passwords_are_for_safe_lines(void **state)
{
    (void)state;
    struct sink sink = start_sink((const char *[]){"--auth", "us@er:p:w d"}, 2);
    const char *url =
        arena_printf(&arena, "smtp://us%%40er:p%%3Aw%%20d@127.0.0.1:%d", sink.port).ptr;
    struct mail_outcome outcome = send_to(url, "hello@example.org", "zoe@example.net");
    assert_outcome(outcome, MAIL_SENT, 250, "end");
    assert_true(str_contains(read_sink(&sink, "1.json"), STR("\"authenticated\":true")));

    url = arena_printf(&arena, "smtp://us%%40er:wrong@127.0.0.1:%d", sink.port).ptr;
    outcome = send_to(url, "hello@example.org", "zoe@example.net");
    assert_outcome(outcome, MAIL_TEMPORARY, 535, "auth");

    outcome = send_to(url_of(&sink), "hello@example.org", "zoe@example.net");
    assert_outcome(outcome, MAIL_TEMPORARY, 530, "mail");

    /* Not by name a loopback, and no TLS: the password stays here. */
    url = arena_printf(&arena, "smtp://us%%40er:p%%3Aw%%20d@0.0.0.0:%d", sink.port).ptr;
    outcome = send_to(url, "hello@example.org", "zoe@example.net");
    assert_outcome(outcome, MAIL_TEMPORARY, 0, "connect");
    struct str log = read_sink(&sink, "commands.log");
    assert_true(str_contains(log, STR("2 AUTH")));
    assert_false(str_contains(log, STR("4 AUTH")));
    assert_true(str_contains(log, STR("4 EHLO")));
    stop_sink(&sink);
}

static void unknown_certificates_are_refused(void **state)
{
    (void)state;
    char folder[] = "/tmp/balm-cert-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *key = arena_printf(&arena, "%s/key.pem", folder).ptr;
    const char *cert = arena_printf(&arena, "%s/cert.pem", folder).ptr;
    assert_int_equal(
        system(arena_printf(&arena,
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
            "-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout %s -out %s "
            "2>/dev/null",
            key, cert)
                   .ptr),
        0);
    for (int implicit = 0; implicit < 2; implicit++) {
        const char *options[] = {"--tls", key, cert, "--implicit-tls"};
        struct sink sink = start_sink(options, implicit ? 4 : 3);
        const char *url =
            arena_printf(&arena, "%s://127.0.0.1:%d", implicit ? "smtps" : "smtp", sink.port).ptr;
        struct mail_outcome outcome = send_to(url, "hello@example.org", "zoe@example.net");
        assert_outcome(outcome, MAIL_TEMPORARY, 0, "connect");
        struct str log = read_sink(&sink, "commands.log");
        assert_int_equal(str_contains(log, STR("STARTTLS")), !implicit);
        assert_false(str_contains(log, STR("MAIL")));
        stop_sink(&sink);
    }
    assert_int_equal(system(arena_printf(&arena, "rm -r %s", folder).ptr), 0);
}

static void *cancel_soon(void *mailer)
{
    usleep(300000);
    mailer_cancel(mailer);
    return NULL;
}

static void sending_can_be_cancelled(void **state)
{
    (void)state;
    struct sink sink = start_sink(NULL, 0);
    struct mailer *mailer = NULL;
    assert_true(result_is_ok(mailer_open(str_from_cstr(url_of(&sink)), &mailer)));
    mailer_set_timeout_ms(mailer, 30000);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, mailer), 0);
    struct mail_outcome outcome;
    int64_t start = now_ms();
    mailer_send(mailer, STR("hello@example.org"), STR("rcpt-hang@example.net"),
        message("rcpt-hang@example.net", STR("x")), &outcome);
    assert_outcome(outcome, MAIL_TEMPORARY, 0, "rcpt");
    assert_true(now_ms() - start < 5000);
    pthread_join(thread, NULL);
    mailer_close(mailer);
    stop_sink(&sink);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_arrive_unchanged),
        cmocka_unit_test(refusals_are_told_apart),
        cmocka_unit_test(broken_text_is_temporary),
        cmocka_unit_test(greetings_are_told_apart),
        cmocka_unit_test(absent_servers_are_temporary),
        cmocka_unit_test(passwords_are_for_safe_lines),
        cmocka_unit_test(unknown_certificates_are_refused),
        cmocka_unit_test(sending_can_be_cancelled),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}

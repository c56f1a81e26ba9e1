/* Building messages, addresses, and the transport that writes files. */
#include "base/sb.h"
#include "mail/mail.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static struct arena arena;

static int reset(void **state)
{
    (void)state;
    arena_reset(&arena);
    return 0;
}

static void assert_str(struct str s, struct str expected)
{
    if (!str_eq(s, expected)) {
        print_error("got:      %.*s\nexpected: %.*s\n", STR_ARG(s), STR_ARG(expected));
    }
    assert_true(str_eq(s, expected));
}

/* --- a small reader, written apart from the writer --- */

static size_t find(struct str s, struct str needle, size_t from)
{
    for (size_t i = from; i + needle.len <= s.len; i++) {
        if (memcmp(s.ptr + i, needle.ptr, needle.len) == 0) return i;
    }
    return s.len;
}

static size_t count(struct str s, struct str needle)
{
    size_t n = 0;
    for (size_t at = find(s, needle, 0); at < s.len; at = find(s, needle, at + needle.len))
        n++;
    return n;
}

static unsigned hex_value(char c)
{
    assert_true((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'));
    return (unsigned)(c <= '9' ? c - '0' : c - 'A' + 10);
}

static struct str decode_q(struct str s, bool words)
{
    struct sb sb;
    sb_init(&sb, &arena, 1 << 20);
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '=' && s.len - i > 2 && s.ptr[i + 1] == '\r') {
            i += 2;
        } else if (s.ptr[i] == '=') {
            sb_add_char(&sb, (char)(hex_value(s.ptr[i + 1]) << 4 | hex_value(s.ptr[i + 2])));
            i += 2;
        } else {
            sb_add_char(&sb, words && s.ptr[i] == '_' ? ' ' : s.ptr[i]);
        }
    }
    return sb_str(&sb);
}

static struct str decode_base64(struct str s)
{
    static const char ALPHABET[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct sb sb;
    sb_init(&sb, &arena, 1 << 20);
    unsigned bits = 0;
    int have = 0;
    for (size_t i = 0; i < s.len; i++) {
        const char *at = s.ptr[i] ? strchr(ALPHABET, s.ptr[i]) : NULL;
        if (!at) continue;
        bits = bits << 6 | (unsigned)(at - ALPHABET);
        have += 6;
        if (have >= 8) {
            have -= 8;
            sb_add_char(&sb, (char)(bits >> have & 0xFF));
        }
    }
    return sb_str(&sb);
}

static struct str head(struct str bytes)
{
    return str_slice(bytes, 0, find(bytes, STR("\r\n\r\n"), 0) + 2);
}

/* The value of a header field, unfolded, its encoded words decoded. */
static struct str field(struct str bytes, const char *name)
{
    struct str lines = head(bytes);
    struct str start = arena_printf(&arena, "\r\n%s: ", name);
    size_t at = find(lines, start, 0);
    assert_true(at < lines.len);
    assert_int_equal(count(lines, start), 1);
    struct str value = str_slice(lines, at + start.len, lines.len);
    struct sb sb;
    sb_init(&sb, &arena, 1 << 20);
    bool word_before = false;
    while (value.len > 0 && !(value.ptr[0] == '\r' && (value.len < 3 || value.ptr[2] != ' '))) {
        size_t close = find(value, STR("?="), 10);
        if (str_starts(value, STR("=?utf-8?Q?"))) {
            assert_true(close + 2 <= 75);
            struct str word = decode_q(str_slice(value, 10, close), true);
            assert_true(str_is_text(word, true)); /* whole characters */
            sb_add(&sb, word);
            value = str_slice(value, close + 2, value.len);
            word_before = true;
        } else if (word_before && str_starts(value, STR("\r\n =?"))) {
            value = str_slice(value, 3, value.len);
        } else {
            if (value.ptr[0] != '\r' && value.ptr[0] != '\n') sb_add_char(&sb, value.ptr[0]);
            value = str_slice(value, 1, value.len);
            word_before = false;
        }
    }
    return sb_str(&sb);
}

/* The body of the n-th part of that type, decoded. */
static struct str part(struct str bytes, const char *type)
{
    size_t at = find(bytes, arena_printf(&arena, "Content-Type: %s", type), 0);
    assert_true(at < bytes.len);
    size_t start = find(bytes, STR("\r\n\r\n"), at);
    size_t end = find(bytes, STR("\r\n--=_"), start + 2);
    struct str body = end > start + 4 ? str_slice(bytes, start + 4, end) : STR("");
    bool base64 = str_contains(str_slice(bytes, at, start), STR("base64"));
    return base64 ? decode_base64(body) : decode_q(body, false);
}

static void assert_wire_form(struct str bytes)
{
    size_t line = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        char c = bytes.ptr[i];
        if (c == '\n') assert_true(i > 0 && bytes.ptr[i - 1] == '\r');
        if (c == '\r') {
            assert_true(i + 1 < bytes.len && bytes.ptr[i + 1] == '\n');
            assert_true(line <= 76);
            line = 0;
            i++;
            continue;
        }
        assert_true((c >= ' ' && c <= '~') || c == '\t');
        line++;
    }
    assert_true(str_ends(bytes, STR("\r\n")));
}

static struct mail_message example(void)
{
    return (struct mail_message){
        .from_name = STR("Balanced Body Massage"),
        .from_email = STR("hello@example.org"),
        .to_name = STR("Zoë Ñandú"),
        .to_email = STR("zoe@example.net"),
        .subject = STR("Your session on Monday"),
        .message_id_left = STR("b42.1"),
        .message_id_domain = STR("example.org"),
        .date = INT64_C(1773061200) * US_PER_SECOND,
        .text = STR("Hello Zoë,\nsee you on Monday.\n"),
    };
}

static struct str build(const struct mail_message *m)
{
    struct str bytes = {0};
    struct result result = mail_build(m, &arena, &bytes);
    if (!result_is_ok(result)) print_error("%s: %s\n", result.reason, result.detail);
    assert_true(result_is_ok(result));
    return bytes;
}

static void assert_refused(const struct mail_message *m, const char *reason)
{
    struct str bytes = STR("untouched");
    struct result result = mail_build(m, &arena, &bytes);
    assert_int_equal(result.code, ERR_INVALID);
    assert_string_equal(result.reason, reason);
    assert_str(bytes, STR("untouched"));
}

/* --- the message --- */

static void plain_message_is_exact(void **state)
{
    (void)state;
    struct mail_message m = example();
    m.auto_submitted = true;
    assert_str(build(&m), STR("Date: Mon, 9 Mar 2026 13:00:00 +0000\r\n"
                              "From: \"Balanced Body Massage\" <hello@example.org>\r\n"
                              "To: =?utf-8?Q?Zo=C3=AB_=C3=91and=C3=BA?= <zoe@example.net>\r\n"
                              "Subject: Your session on Monday\r\n"
                              "Message-ID: <b42.1@example.org>\r\n"
                              "Auto-Submitted: auto-generated\r\n"
                              "X-Auto-Response-Suppress: OOF, AutoReply\r\n"
                              "MIME-Version: 1.0\r\n"
                              "Content-Type: text/plain; charset=utf-8\r\n"
                              "Content-Transfer-Encoding: quoted-printable\r\n"
                              "\r\n"
                              "Hello Zo=C3=AB,\r\n"
                              "see you on Monday.\r\n"));
}

static void all_parts_come_back(void **state)
{
    (void)state;
    struct mail_message m = example();
    struct str_list references = {(const struct str[]){STR("a@x.example"), STR("b@x.example")}, 2};
    m.text = STR("=_alt_ --=_mixed_\n.\n..\nFrom here\ntrailing \n\ttab\t\n"
                 "sin salto final: ñ 🙂 = 100 %");
    m.html = STR("<p title=\"=\">Añ 🙂</p>\r\n");
    m.calendar = STR("BEGIN:VCALENDAR\r\nSUMMARY:ñ\r\nEND:VCALENDAR\r\n");
    m.calendar_method = MAIL_CALENDAR_REQUEST;
    m.list_unsubscribe = STR("https://example.org/u/abc?x=1&y=2");
    m.one_click = true;
    m.in_reply_to = STR("b@x.example");
    m.references = references;
    m.reply_to = STR("desk@example.org");
    struct str bytes = build(&m);
    assert_wire_form(bytes);
    assert_int_equal(count(bytes, STR(" \r\n")) + count(bytes, STR("\t\r\n")), 0);
    assert_int_equal(count(bytes, STR("\r\nFrom ")), 0);
    assert_str(part(bytes, "text/plain"),
        STR("=_alt_ --=_mixed_\r\n.\r\n..\r\nFrom here\r\ntrailing \r\n\ttab\t\r\n"
            "sin salto final: ñ 🙂 = 100 %"));
    assert_str(part(bytes, "text/html"), STR("<p title=\"=\">Añ 🙂</p>"));
    assert_str(part(bytes, "text/calendar; charset=utf-8; method=REQUEST"), m.calendar);
    assert_str(part(bytes, "application/ics"), m.calendar);
    assert_str(field(bytes, "List-Unsubscribe"), STR("<https://example.org/u/abc?x=1&y=2>"));
    assert_str(field(bytes, "List-Unsubscribe-Post"), STR("List-Unsubscribe=One-Click"));
    assert_str(field(bytes, "References"), STR("<a@x.example> <b@x.example>"));
    assert_str(field(bytes, "In-Reply-To"), STR("<b@x.example>"));
    assert_str(field(bytes, "Reply-To"), STR("<desk@example.org>"));

    /* alternative: three openings and an end; mixed: two and an end; never within a body */
    assert_int_equal(count(bytes, STR("\r\n--=_alt_")), 4);
    assert_int_equal(count(bytes, STR("\r\n--=_mixed_")), 3);
    assert_int_equal(count(bytes, STR("=_")), 7 + 2);
    assert_str(build(&m), bytes); /* the same each time */
}

static void long_bodies_keep_short_lines(void **state)
{
    (void)state;
    struct mail_message m = example();
    struct sb text;
    sb_init(&text, &arena, 1 << 20);
    for (int i = 0; i < 3000; i++) {
        sb_addf(&text, "%s%c", i % 7 ? "niño 🙂" : "x=", i % 97 ? ' ' : '\n');
        for (int n = i % 80; n > 70; n--)
            SB_LIT(&text, "From a");
    }
    SB_LIT(&text, "end");
    m.text = sb_str(&text);
    m.html = m.text;
    struct str bytes = build(&m);
    assert_wire_form(bytes);
    struct sb expected;
    sb_init(&expected, &arena, 1 << 20);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n') sb_add_char(&expected, '\r');
        sb_add_char(&expected, text.ptr[i]);
    }
    assert_str(part(bytes, "text/plain"), sb_str(&expected));
    assert_str(part(bytes, "text/html"), sb_str(&expected));
}

static void subjects_survive(void **state)
{
    (void)state;
    static const struct str SUBJECTS[] = {
        STR_INIT("Confirmación: tu sesión de masaje terapéutico del miércoles 11 de marzo a las "
                 "9:30 con Ana Núñez está reservada, ¡te esperamos en la clínica!"),
        STR_INIT(
            "🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂"),
        STR_INIT("An ASCII subject that is so much longer than one line that it has to be divided "
                 "into several, as a phone would show it"),
        STR_INIT("What =?utf-8?Q?looks_like?= an encoded word"),
        STR_INIT("a_b?c=d \"e\" (f) <g@h>"),
        STR_INIT("你好,世界。预约已确认。你好,世界。预约已确认。"),
        STR_INIT("x"),
        STR_INIT(""),
    };
    for (size_t i = 0; i < COUNT_OF(SUBJECTS); i++) {
        struct mail_message m = example();
        m.subject = SUBJECTS[i];
        m.to_name = SUBJECTS[i];
        struct str bytes = build(&m);
        assert_wire_form(bytes);
        assert_str(field(bytes, "Subject"), SUBJECTS[i]);
        if (str_find(SUBJECTS[i], '"') == SUBJECTS[i].len && SUBJECTS[i].len > 1) {
            assert_str(field(bytes, "To"),
                arena_printf(&arena, "%.*s <zoe@example.net>", STR_ARG(SUBJECTS[i])));
        }
    }
    /* Every length around the folds. */
    struct sb sb;
    sb_init(&sb, &arena, 1 << 16);
    for (int i = 0; i < 150; i++) {
        sb_add(&sb, i % 3 ? STR("a") : STR("é"));
        struct mail_message m = example();
        m.subject = sb_str(&sb);
        struct str bytes = build(&m);
        assert_wire_form(bytes);
        assert_str(field(bytes, "Subject"), m.subject);
    }
}

static void headers_cannot_be_injected(void **state)
{
    (void)state;
    struct mail_message m = example();
    m.subject = STR("Hi\r\nBcc: all@example.org\r\n\r\nbody");
    m.to_name = STR("Eve\"\r\nX-Evil: 1\x01\\");
    m.from_name = STR("A\nB: c");
    struct str bytes = build(&m);
    assert_wire_form(bytes);
    assert_int_equal(count(bytes, STR("\r\nBcc")), 0);
    assert_int_equal(count(bytes, STR("\r\nX-Evil")), 0);
    assert_int_equal(count(bytes, STR("\r\nB:")), 0);
    assert_str(field(bytes, "Subject"), STR("Hi  Bcc: all@example.org    body"));
    assert_str(field(bytes, "To"), STR("\"Eve\\\"  X-Evil: 1 \\\\\" <zoe@example.net>"));

    m = example();
    m.subject = (struct str){"a\0b", 3};
    assert_refused(&m, "mail-text");
    m = example();
    m.subject = STR("\xC3");
    assert_refused(&m, "mail-text");
    m = example();
    m.text = STR("");
    assert_refused(&m, "mail-text");
    m = example();
    m.to_email = STR("zoe@example.net>\r\nBcc: <all@example.org");
    assert_refused(&m, "mail-address");
    m = example();
    m.from_email = STR("");
    assert_refused(&m, "mail-address");
    m = example();
    m.reply_to = STR("a b@example.org");
    assert_refused(&m, "mail-address");
    m = example();
    m.list_unsubscribe = STR("https://example.org/\r\nX: y");
    assert_refused(&m, "mail-url");
    m.list_unsubscribe = STR("javascript:x");
    assert_refused(&m, "mail-url");
    m = example();
    m.message_id_left = STR("a>\r\nX: y");
    assert_refused(&m, "mail-id");
    m = example();
    m.message_id_domain = STR("a..b");
    assert_refused(&m, "mail-id");
    m = example();
    m.in_reply_to = STR("a@b\r\n");
    assert_refused(&m, "mail-id");
}

static void long_messages_are_refused(void **state)
{
    (void)state;
    struct mail_message m = example();
    char *big = arena_alloc(&arena, LIMIT_MAIL_BYTES, 1);
    memset(big, 'a', LIMIT_MAIL_BYTES);
    m.text = (struct str){big, LIMIT_MAIL_BYTES};
    struct str bytes = {0};
    struct result result = mail_build(&m, &arena, &bytes);
    assert_int_equal(result.code, ERR_LIMIT);
}

/* --- addresses --- */

static void addresses_are_checked(void **state)
{
    (void)state;
    static const struct str GOOD[] = {STR_INIT("a@b.co"),
        STR_INIT("ana.reyes+tag@mail.example.org"), STR_INIT("o'neil@example.co.uk"),
        STR_INIT("!#$%&'*+-/=?^_`{|}~@x-1.example"), STR_INIT("1@2.xn--p1ai"),
        STR_INIT("0123456789012345678901234567890123456789012345678901234567890123@example.org")};
    static const struct str BAD[] = {STR_INIT(""), STR_INIT("@"), STR_INIT("a"), STR_INIT("a@"),
        STR_INIT("@b.co"), STR_INIT("a@b"), STR_INIT("a@b."), STR_INIT("a@.b.co"),
        STR_INIT("a@b..co"), STR_INIT(".a@b.co"), STR_INIT("a.@b.co"), STR_INIT("a..b@b.co"),
        STR_INIT("a b@b.co"), STR_INIT("a@b.co "), STR_INIT(" a@b.co"), STR_INIT("a@b@c.co"),
        STR_INIT("a@-b.co"), STR_INIT("a@b-.co"), STR_INIT("a@b_c.co"), STR_INIT("a@10.0.0.1"),
        STR_INIT("a@[10.0.0.1]"), STR_INIT("\"a\"@b.co"), STR_INIT("a\n@b.co"),
        STR_INIT("a@b.co\r\n"), STR_INIT("ñ@b.co"), STR_INIT("a@ñ.co"), STR_INIT("<a@b.co>"),
        STR_INIT("a,b@b.co"), STR_INIT("a(b)@b.co"), STR_INIT("a\0@b.co"), STR_INIT("a@b.co\0"),
        STR_INIT("01234567890123456789012345678901234567890123456789012345678901234@example.org")};
    for (size_t i = 0; i < COUNT_OF(GOOD); i++)
        assert_true(mail_address_is_valid(GOOD[i]));
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        if (mail_address_is_valid(BAD[i])) print_error("accepted: %.*s\n", STR_ARG(BAD[i]));
        assert_false(mail_address_is_valid(BAD[i]));
    }
    for (int labels = 3; labels < 6; labels++) {
        struct sb sb;
        sb_init(&sb, &arena, 1000);
        SB_LIT(&sb, "a@");
        for (int i = 0; i < labels; i++)
            sb_addf(&sb, "%059d.", 0);
        for (size_t n = sb.len; n < 254; n++) /* exactly 254 with four labels */
            sb_add_char(&sb, 'x');
        assert_int_equal(mail_address_is_valid(sb_str(&sb)), labels == 4);
        sb_add_char(&sb, 'x');
        assert_false(mail_address_is_valid(sb_str(&sb)));
    }
}

/* --- files --- */

static struct str read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *buffer = arena_alloc(&arena, 1 << 20, 1);
    size_t n = fread(buffer, 1, 1 << 20, file);
    fclose(file);
    return (struct str){buffer, n};
}

static int count_files(const char *path)
{
    int n = 0;
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) n++;
    }
    closedir(dir);
    return n;
}

static void files_are_named_by_id(void **state)
{
    (void)state;
    char root[] = "/tmp/balm-mail-XXXXXX";
    assert_non_null(mkdtemp(root));
    struct str dir = arena_printf(&arena, "%s/out", root);
    struct mailer *mailer = NULL;
    assert_true(result_is_ok(mailer_open(arena_printf(&arena, "dir:%s", dir.ptr), &mailer)));
    struct mail_outcome outcome;
    struct mail_message m = example();
    struct str bytes = {0};
    for (int i = 0; i < 2; i++) {
        m.text = i ? STR("second") : STR("first");
        bytes = build(&m);
        mailer_send(mailer, m.from_email, m.to_email, bytes, &outcome);
        assert_int_equal(outcome.fate, MAIL_SENT);
    }
    assert_int_equal(count_files(dir.ptr), 1);
    const char *path = arena_printf(&arena, "%s/b42.1@example.org.eml", dir.ptr).ptr;
    assert_str(read_file(path), bytes);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    unlink(path);

    m.message_id_left = STR("a/../%b");
    assert_refused(&m, "mail-id"); /* ".." is no dot-atom */
    m.message_id_left = STR("a/%b");
    mailer_send(mailer, m.from_email, m.to_email, build(&m), &outcome);
    assert_int_equal(outcome.fate, MAIL_SENT);
    path = arena_printf(&arena, "%s/a%%2F%%25b@example.org.eml", dir.ptr).ptr;
    assert_int_equal(unlink(path), 0);

    char longest[200];
    memset(longest, 'x', sizeof longest);
    m.message_id_left = (struct str){longest, sizeof longest};
    mailer_send(mailer, m.from_email, m.to_email, build(&m), &outcome);
    longest[199] = 'y';
    mailer_send(mailer, m.from_email, m.to_email, build(&m), &outcome);
    assert_int_equal(outcome.fate, MAIL_SENT);
    assert_int_equal(count_files(dir.ptr), 2);

    assert_int_equal(system(arena_printf(&arena, "rm -r %s", dir.ptr).ptr), 0);
    mailer_send(mailer, m.from_email, m.to_email, bytes, &outcome);
    assert_int_equal(outcome.fate, MAIL_TEMPORARY);
    assert_string_equal(outcome.text, "No such file or directory");
    mailer_close(mailer);
    rmdir(root);
}

static void urls_are_checked(void **state)
{
    (void)state;
    static const struct str GOOD[] = {STR_INIT("smtp://localhost"), STR_INIT("smtp://h:2525"),
        STR_INIT("smtps://us%40er:p%3Aw@mail.example.org"), STR_INIT("smtp://[::1]:25/my.name")};
    static const struct str BAD[] = {STR_INIT(""), STR_INIT("dir:"), STR_INIT("http://h"),
        STR_INIT("smtp:"), STR_INIT("smtp://"), STR_INIT("mail.example.org"),
        STR_INIT("smtp://h:99999"), STR_INIT("smtp://h?x=1"), STR_INIT("file:///etc"),
        STR_INIT("smtp://h\r\nx"), STR_INIT("dir:/nonexistent/a/b")};
    struct mailer *mailer = NULL;
    for (size_t i = 0; i < COUNT_OF(GOOD); i++) {
        assert_true(result_is_ok(mailer_open(GOOD[i], &mailer)));
        mailer_close(mailer);
    }
    mailer = NULL;
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        if (result_is_ok(mailer_open(BAD[i], &mailer))) fail_msg("%.*s", STR_ARG(BAD[i]));
        assert_null(mailer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(plain_message_is_exact, reset),
        cmocka_unit_test_setup(all_parts_come_back, reset),
        cmocka_unit_test_setup(long_bodies_keep_short_lines, reset),
        cmocka_unit_test_setup(subjects_survive, reset),
        cmocka_unit_test_setup(headers_cannot_be_injected, reset),
        cmocka_unit_test_setup(long_messages_are_refused, reset),
        cmocka_unit_test_setup(addresses_are_checked, reset),
        cmocka_unit_test_setup(files_are_named_by_id, reset),
        cmocka_unit_test_setup(urls_are_checked, reset),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}

/* Hashes, tokens, passwords and the key file; and the log's lines. */
#include "base/crypto.h"
#include "base/limits.h"
#include "base/log.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static struct arena arena;

static void assert_str(struct str s, const char *expected)
{
    if (!str_eq(s, str_from_cstr(expected))) fail_msg("%.*s != %s", STR_ARG(s), expected);
}

static void hashes_are_blake2b_256(void **state)
{
    (void)state;
    /* hashlib.blake2b(digest_size=32) of Python */
    struct str hash = crypto_digest(&arena, NULL, STR("abc"));
    assert_int_equal(hash.len, CRYPTO_HASH_BYTES);
    assert_str(crypto_hex(&arena, hash),
        "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    assert_str(crypto_hex(&arena, crypto_digest(&arena, NULL, (struct str){0})),
        "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    struct crypto_key key;
    memset(key.bytes, 7, sizeof key.bytes);
    assert_str(crypto_hex(&arena, crypto_digest(&arena, &key, STR("abc"))),
        "62d8fe04aeb9b650b0dbdb3078da63b0d4c864854da1e7ff3aae7a2daee046ba");
}

static void base64url_is_strict(void **state)
{
    (void)state;
    assert_str(crypto_base64url(&arena, STR("\xFB\xFF\xFE")), "-__-");
    assert_str(crypto_base64url(&arena, STR("a")), "YQ");
    assert_str(crypto_base64url(&arena, (struct str){0}), "");
    struct str bytes = STR("untouched");
    const struct str bad[] = {STR("YQ=="), STR("YQ="), STR("Y"), STR("YR"), STR("+//+"),
        STR("YQ\n"), STR(" YQ"), STR("Y Q"), STR("\xC3\xA9"), STR("YQ\0")};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (crypto_base64url_decode(&arena, bad[i], &bytes)) fail_msg("%.*s", STR_ARG(bad[i]));
    }
    assert_str(bytes, "untouched");
    for (size_t len = 0; len < 64; len++) {
        char raw[64];
        crypto_random(raw, len);
        struct str text = crypto_base64url(&arena, (struct str){raw, len});
        assert_true(crypto_base64url_decode(&arena, text, &bytes));
        assert_true(str_eq(bytes, (struct str){raw, len}));
    }
}

static void equality(void **state)
{
    (void)state;
    assert_true(crypto_equal(STR("abc"), STR("abc")));
    assert_false(crypto_equal(STR("abc"), STR("abd")));
    assert_false(crypto_equal(STR("abc"), STR("ab")));
    assert_true(crypto_equal((struct str){0}, STR("")));
}

static void tokens(void **state)
{
    (void)state;
    struct str a = crypto_token(&arena);
    struct str b = crypto_token(&arena);
    assert_int_equal(a.len, 27);
    assert_false(str_eq(a, b));
    struct str bytes;
    assert_true(crypto_base64url_decode(&arena, a, &bytes));
    assert_int_equal(bytes.len, CRYPTO_TOKEN_BYTES);

    struct crypto_key key;
    memset(key.bytes, 7, sizeof key.bytes);
    struct str first = crypto_derived_token(&arena, &key, STR("manage"), STR("n1"));
    assert_str(first, "35vvlaxuvKRQ5V3yf0tImqqQ4xg");
    assert_true(str_eq(first, crypto_derived_token(&arena, &key, STR("manage"), STR("n1"))));
    assert_false(str_eq(first, crypto_derived_token(&arena, &key, STR("manage"), STR("n2"))));
    assert_false(str_eq(first, crypto_derived_token(&arena, &key, STR("managen"), STR("1"))));
    key.bytes[31] ^= 1;
    assert_false(str_eq(first, crypto_derived_token(&arena, &key, STR("manage"), STR("n1"))));
}

static void passwords(void **state)
{
    (void)state;
    struct str hash;
    assert_true(result_is_ok(crypto_password_hash(&arena, STR("correct horse"), &hash)));
    assert_true(str_starts(hash, STR("$argon2id$v=19$m=65536,t=2,")));
    assert_true(crypto_password_verify(STR("correct horse"), hash));
    assert_false(crypto_password_verify(STR("correct horsf"), hash));
    assert_false(crypto_password_verify((struct str){0}, hash));
    assert_false(crypto_password_verify(STR("correct horse"), STR("")));
    assert_false(crypto_password_verify(STR("correct horse"), STR("plain")));
    assert_false(crypto_password_verify(STR("correct horse"), str_slice(hash, 0, hash.len - 1)));

    static char longest[LIMIT_PASSWORD_CHARS * 4 + 1];
    memset(longest, 'x', sizeof longest);
    struct str before = hash;
    struct result result =
        crypto_password_hash(&arena, (struct str){longest, sizeof longest}, &hash);
    assert_int_equal(result.code, ERR_INVALID);
    assert_ptr_equal(before.ptr, hash.ptr);
    struct str fits = {longest, sizeof longest - 1};
    assert_true(result_is_ok(crypto_password_hash(&arena, fits, &hash)));
    assert_true(crypto_password_verify(fits, hash));
    assert_false(crypto_password_verify((struct str){longest, sizeof longest}, hash));
}

static utc_us fixed_clock(void)
{
    return INT64_C(1773046800123456); /* 2026-03-09T09:00:00.123Z */
}

static int pipe_ends[2];

static struct str logged(void)
{
    static char line[2 * LIMIT_LOG_LINE_BYTES];
    ssize_t n = read(pipe_ends[0], line, sizeof line);
    return (struct str){line, n > 0 ? (size_t)n : 0};
}

static void log_lines(void **state)
{
    (void)state;
    assert_int_equal(pipe2(pipe_ends, O_NONBLOCK), 0);
    log_set_fd(pipe_ends[1]);
    LOG(LOG_INFO, "listen", LOG_S("addr", STR("127.0.0.1:80")), LOG_I("n", -5));
    assert_str(logged(), "level=info event=listen addr=127.0.0.1:80 n=-5\n");
    log_write(LOG_DEBUG, "hidden", NULL, 0);
    assert_int_equal(logged().len, 0);
    log_set_clock(fixed_clock);
    log_set_level(LOG_WARNING);
    log_write(LOG_INFO, "hidden", NULL, 0);
    assert_int_equal(logged().len, 0);
    LOG(LOG_ERROR, "x", LOG_S("a", STR("two words \"q\" \\ \n\r\t\x1b[2J \xC2\x9B é a=b")),
        LOG_S("b", STR("")), LOG_S("c", STR("\xFFz")));
    assert_str(logged(), "ts=2026-03-09T09:00:00.123Z level=error event=x a=\"two words \\\"q\\\" "
                         "\\\\ \\n\\r\\t\\x1b[2J \\xc2\\x9b é a=b\" b=\"\" c=\"\\xffz\"\n");
    log_set_clock(NULL);
    log_result(LOG_WARNING, "failed", result_fail(ERR_BUSY, NULL, "queue full"));
    assert_str(logged(), "level=warning event=failed code=busy detail=\"queue full\"\n");
    log_result(LOG_ERROR, "failed", result_fail(ERR_CONFLICT, "slot-taken", NULL));
    assert_str(logged(), "level=error event=failed code=conflict reason=slot-taken\n");
}

static void long_lines_are_cut_whole(void **state)
{
    (void)state;
    static char many[3000];
    memset(many, 'y', sizeof many);
    many[LIMIT_LOG_VALUE_BYTES - 1] = (char)0xC3; /* a character across the cut */
    many[LIMIT_LOG_VALUE_BYTES] = (char)0xA9;
    LOG(LOG_ERROR, "x", LOG_S("a", ((struct str){many, sizeof many})), LOG_I("n", 1));
    struct str line = logged();
    assert_true(str_ends(line, STR("y...\" n=1\n")));
    assert_true(str_is_text(line, false));

    static char bells[3000]; /* four bytes each when escaped */
    memset(bells, 7, sizeof bells);
    LOG(LOG_ERROR, "x", LOG_I("first", 1), LOG_S("a", ((struct str){bells, sizeof bells})),
        LOG_I("last", 1));
    assert_str(logged(), "level=error event=x first=1 cut=true\n");
}

int main(void)
{
    if (!result_is_ok(crypto_init())) return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_blake2b_256),
        cmocka_unit_test(base64url_is_strict),
        cmocka_unit_test(equality),
        cmocka_unit_test(tokens),
        cmocka_unit_test(passwords),
        cmocka_unit_test(log_lines),
        cmocka_unit_test(long_lines_are_cut_whole),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}

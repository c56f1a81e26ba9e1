/* Envelopes, opened by the server alone and whole or not at all; what is read of a check-in; the QR
 * code. */
#include "base/envelope.h"
#include "base/limits.h"
#include "web/pages/checkin_form.h"
#include "web/pages/checkin_offline.h"
#include "web/qr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct arena arena;
static const struct crypto_key key = {{1, 2, 3}};
static const struct crypto_key other_key = {{1, 2, 4}};
#define PURPOSE STR("check-in 1")

static struct str sealed(struct str text)
{
    struct str public_key;
    struct str envelope;
    assert_true(result_is_ok(envelope_public_key(&arena, &key, PURPOSE, &public_key)));
    assert_int_equal(public_key.len, ENVELOPE_KEY_BYTES);
    assert_true(result_is_ok(envelope_seal(&arena, public_key, PURPOSE, text, &envelope)));
    assert_int_equal(envelope.len, text.len + ENVELOPE_OVERHEAD_BYTES);
    return envelope;
}

static bool opens(struct str envelope, const struct crypto_key *with, struct str purpose)
{
    struct str plain = STR("untouched");
    struct result result = envelope_open(&arena, with, purpose, envelope, &plain);
    if (result_is_ok(result)) return true;
    assert_int_equal(result.code, ERR_INVALID);
    assert_true(str_eq(plain, STR("untouched")));
    return false;
}

static void envelopes_come_back(void **state)
{
    (void)state;
    const struct str texts[] = {STR(""), STR("x"), STR("{\"values\":{\"pain\":\"7\"}}")};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct str plain;
        struct str first = sealed(texts[i]);
        assert_true(result_is_ok(envelope_open(&arena, &key, PURPOSE, first, &plain)));
        assert_true(str_eq(plain, texts[i]));
        assert_false(str_eq(first, sealed(texts[i]))); /* a fresh key each time */
    }
    struct str once;
    struct str again;
    assert_true(result_is_ok(envelope_public_key(&arena, &key, PURPOSE, &once)));
    assert_true(result_is_ok(envelope_public_key(&arena, &key, PURPOSE, &again)));
    assert_true(str_eq(once, again)); /* pages that were kept must go on working */
}

static void envelopes_open_whole_or_not_at_all(void **state)
{
    (void)state;
    struct str envelope = sealed(STR("how it is"));
    assert_true(opens(envelope, &key, PURPOSE));
    assert_false(opens(envelope, &other_key, PURPOSE));
    assert_false(opens(envelope, &key, STR("check-in 2")));
    for (size_t i = 0; i < envelope.len; i++)
        assert_false(opens((struct str){envelope.ptr, i}, &key, PURPOSE));
    char *bytes = (char *)(uintptr_t)envelope.ptr;
    for (size_t i = 0; i < envelope.len; i++) {
        char before = bytes[i];
        bytes[i] ^= 0x40;
        assert_false(opens(envelope, &key, PURPOSE));
        bytes[i] = before;
    }
    memset(bytes + 1, 0, ENVELOPE_KEY_BYTES); /* agrees on nothing secret with anybody */
    assert_false(opens(envelope, &key, PURPOSE));
}

static void entries_are_read_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
    } cases[] = {
        {"{\"token\":\"t\",\"entry\":\"e\",\"at\":\"2026-03-03T18:00:00Z\",\"values\":{\"pain\":"
         "\"8\",\"sleep_hours\":\"6.50\",\"activity_5\":\"10\",\"stress\":\"\"}}",
            true},
        {"{\"token\":\"t\",\"entry\":\"e\",\"at\":\"2026-03-03T18:00:00.123Z\",\"values\":{}}",
            true}, /* that pain is missing is the domain's to say */
        {"{\"token\":\"t\",\"entry\":\"e\",\"at\":\"yesterday\",\"values\":{}}", false},
        {"{\"token\":\"\",\"entry\":\"e\",\"at\":\"2026-03-03T18:00:00Z\",\"values\":{}}", false},
        {"{\"entry\":\"e\",\"at\":\"2026-03-03T18:00:00Z\",\"values\":{}}", false},
        {"{\"token\":\"t\",\"entry\":\"e\",\"at\":\"2026-03-03T18:00:00Z\"}", false},
        {"{\"token\":\"t\",\"entry\":\"e\",\"at\":\"2026-03-03T18:00:00Z\",\"values\":[]}", false},
        {"{\"token\":\"t\",\"entry\":\"e\",\"at\":\"2026-03-03T18:00:00Z\",\"values\":{\"pain\":8}"
         "}",
            false},
        {"{\"token\":\"t\",\"entry\":\"e\",\"at\":\"2026-03-03T18:00:00Z\",\"values\":{\"joy\":"
         "\"8\"}}",
            false},
        {"{\"token\":\"t\",\"entry\":\"e\",\"at\":\"2026-03-03T18:00:00Z\",\"values\":{\"phq4\":"
         "\"8\"}}",
            false},
        {"{\"token\":\"t\",\"entry\":\"e\",\"at\":\"2026-03-03T18:00:00Z\",\"values\":{},\"x\":1}",
            false},
        {"[]", false},
        {"", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct offline_entry entry;
        bool good = offline_entry_read(&arena, str_from_cstr(cases[i].text), &entry);
        if (good != cases[i].good) print_error("%s\n", cases[i].text);
        assert_int_equal(good, cases[i].good);
        if (i) continue;
        assert_int_equal(entry.values.count, 3);
        assert_int_equal(checkin_value(&entry.values, MEASURE_PAIN), 800);
        assert_int_equal(checkin_value(&entry.values, MEASURE_SLEEP_HOURS), 650);
        assert_int_equal(checkin_value(&entry.values, MEASURE_STRESS), MEASURE_NONE);
    }
}

static void values_are_read_strictly(void **state)
{
    (void)state;
    static const struct {
        enum measure measure;
        const char *text;
        int32_t value; /* -1: refused */
    } cases[] = {{MEASURE_PAIN, "0", 0}, {MEASURE_PAIN, "10", 1000}, {MEASURE_PAIN, "11", -1},
        {MEASURE_PAIN, "", MEASURE_NONE}, {MEASURE_PAIN, "7.5", -1}, {MEASURE_PAIN, "7.", -1},
        {MEASURE_PAIN, ".7", -1}, {MEASURE_PAIN, "+7", -1}, {MEASURE_PAIN, "-7", -1},
        {MEASURE_PAIN, "7 ", -1}, {MEASURE_PAIN, "1e1", -1}, {MEASURE_SLEEP_HOURS, "6.5", 650},
        {MEASURE_SLEEP_HOURS, "6.50", 650}, {MEASURE_SLEEP_HOURS, "6.25", 625},
        {MEASURE_SLEEP_HOURS, "6.05", -1}, {MEASURE_SLEEP_HOURS, "16", 1600},
        {MEASURE_SLEEP_HOURS, "16.25", -1}, {MEASURE_SLEEP_HOURS, "6.5.5", -1}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int32_t value = -1;
        bool good = checkin_parse(cases[i].measure, str_from_cstr(cases[i].text), &value);
        if (value != cases[i].value) print_error("%s\n", cases[i].text);
        assert_int_equal(good, cases[i].value != -1);
        assert_int_equal(value, cases[i].value);
    }
}

static void a_code_is_drawn(void **state)
{
    (void)state;
    struct html svg;
    char big[1200];
    memset(big, 'a', sizeof big);
    assert_true(result_is_ok(
        qr_svg(&arena, STR("https://www.example.org/r/token"), STR("\"<scan>\""), &svg)));
    assert_true(str_starts(svg.s, STR("<svg class=\"qr\" role=\"img\"")));
    assert_true(str_contains(svg.s, STR("aria-label=\"&quot;&lt;scan&gt;&quot;\"")));
    assert_true(str_contains(svg.s, STR("fill=\"#fff\""))); /* light in dark mode, too */
    assert_true(str_contains(svg.s, STR("M4 4h7v1h-7z"))); /* the first corner, behind the margin */
    assert_int_equal(qr_svg(&arena, (struct str){big, sizeof big}, STR("x"), &svg).code, ERR_LIMIT);
}

static int begin(void **state)
{
    (void)state;
    return result_is_ok(crypto_init()) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(envelopes_come_back),
        cmocka_unit_test(envelopes_open_whole_or_not_at_all),
        cmocka_unit_test(entries_are_read_strictly),
        cmocka_unit_test(values_are_read_strictly),
        cmocka_unit_test(a_code_is_drawn),
    };
    return cmocka_run_group_tests(tests, begin, end);
}

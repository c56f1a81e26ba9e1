/* Time zones: known cases, names, damaged files, rules. (test_tz_libc.c compares every zone.) */
#include "base/arena.h"
#include "base/limits.h"
#include "base/tz.h"
#include "base/tz_zone.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

static const char *directory = "/usr/share/zoneinfo";
static struct arena arena;

static int clear(void **state)
{
    (void)state;
    arena_reset(&arena);
    return 0;
}

static const struct tz *zone(const char *name)
{
    const struct tz *tz = NULL;
    struct result result = tz_find(str_from_cstr(name), &tz);
    if (!result_is_ok(result)) fail_msg("%s: %s", name, result.reason);
    return tz;
}

static utc_us instant(const char *text)
{
    utc_us at = 0;
    if (!rfc3339_parse(str_from_cstr(text), &at)) fail_msg("%s", text);
    return at;
}

static struct local_time wall(const char *date, int hour, int minute)
{
    struct local_time local = {0, hour * 3600 + minute * 60};
    assert_true(date_parse(str_from_cstr(date), &local.date));
    return local;
}

/* ---- by hand ---- */

static void assert_wall(const struct tz *tz, struct local_time local, int count, const char *first,
    const char *second_or_gap)
{
    struct tz_instants instants = tz_local_to_utc(tz, local);
    assert_int_equal(instants.count, count);
    if (count > 0) {
        assert_true(instants.at[0] == instant(first));
        assert_true(instants.gap_end == 0);
    }
    if (count == 2) assert_true(instants.at[1] == instant(second_or_gap));
    if (count == 0) assert_true(instants.gap_end == instant(second_or_gap));
}

static void assert_offset(
    const struct tz *tz, const char *at, int seconds, bool is_dst, const char *abbreviation)
{
    struct tz_offset offset = tz_offset_at(tz, instant(at));
    assert_int_equal(offset.seconds, seconds);
    assert_int_equal(offset.is_dst, is_dst);
    assert_string_equal(offset.abbreviation, abbreviation);
}

static void new_york(void **state)
{
    (void)state;
    const struct tz *tz = zone("America/New_York");
    assert_true(str_eq(tz_name(tz), STR("America/New_York")));
    assert_wall(tz, wall("2026-03-08", 2, 30), 0, NULL, "2026-03-08T07:00:00Z");
    assert_wall(tz, wall("2026-03-08", 1, 59), 1, "2026-03-08T06:59:00Z", NULL);
    assert_wall(tz, wall("2026-03-08", 2, 0), 0, NULL, "2026-03-08T07:00:00Z");
    assert_wall(tz, wall("2026-03-08", 3, 0), 1, "2026-03-08T07:00:00Z", NULL);
    assert_wall(tz, wall("2026-11-01", 1, 30), 2, "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z");
    assert_wall(tz, wall("2026-11-01", 1, 0), 2, "2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z");
    assert_wall(tz, wall("2026-11-01", 2, 0), 1, "2026-11-01T07:00:00Z", NULL);
    assert_wall(tz, wall("2026-11-01", 24, 0), 1, "2026-11-02T05:00:00Z", NULL);
    assert_true(tz_opening(tz, wall("2026-03-08", 2, 30)) == instant("2026-03-08T07:00:00Z"));
    assert_true(tz_closing(tz, wall("2026-03-08", 2, 30)) == instant("2026-03-08T07:00:00Z"));
    assert_true(tz_opening(tz, wall("2026-11-01", 1, 30)) == instant("2026-11-01T05:30:00Z"));
    assert_true(tz_closing(tz, wall("2026-11-01", 1, 30)) == instant("2026-11-01T06:30:00Z"));
    assert_true(tz_opening(tz, wall("2026-07-01", 9, 0)) == instant("2026-07-01T13:00:00Z"));
    assert_true(tz_closing(tz, wall("2026-07-01", 9, 0)) == instant("2026-07-01T13:00:00Z"));
    utc_us at = 42;
    assert_true(tz_next_transition(
        tz, instant("2026-01-01T00:00:00Z"), instant("2027-01-01T00:00:00Z"), &at));
    assert_true(at == instant("2026-03-08T07:00:00Z"));
    assert_false(tz_next_transition(tz, at, instant("2026-11-01T06:00:00Z"), &at));
    assert_true(at == instant("2026-03-08T07:00:00Z"));
    assert_true(tz_next_transition(tz, at, instant("2026-11-01T06:00:01Z"), &at));
    assert_true(at == instant("2026-11-01T06:00:00Z"));
}

static void unusual_zones(void **state)
{
    (void)state;
    const struct tz *dublin = zone("Europe/Dublin"); /* winter is the exception */
    assert_offset(dublin, "2026-01-15T12:00:00Z", 0, true, "GMT");
    assert_offset(dublin, "2026-07-15T12:00:00Z", 3600, false, "IST");
    assert_offset(dublin, "2050-01-15T12:00:00Z", 0, true, "GMT");
    assert_wall(dublin, wall("2026-03-29", 1, 30), 0, NULL, "2026-03-29T01:00:00Z");
    assert_wall(
        dublin, wall("2026-10-25", 1, 30), 2, "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z");

    const struct tz *casablanca = zone("Africa/Casablanca"); /* an hour back for Ramadan */
    assert_offset(casablanca, "2026-01-15T12:00:00Z", 3600, false, "+01");
    assert_offset(casablanca, "2026-03-01T12:00:00Z", 0, true, "+00");
    assert_wall(casablanca, wall("2026-03-22", 2, 30), 0, NULL, "2026-03-22T02:00:00Z");

    const struct tz *kathmandu = zone("Asia/Kathmandu");
    assert_offset(kathmandu, "2026-01-15T12:00:00Z", 20700, false, "+0545");
    assert_wall(kathmandu, wall("2026-01-15", 0, 0), 1, "2026-01-14T18:15:00Z", NULL);
    utc_us at;
    assert_false(tz_next_transition(kathmandu, instant("1990-01-01T00:00:00Z"), INT64_MAX, &at));

    const struct tz *apia = zone("Pacific/Apia"); /* 30 December 2011 never was */
    assert_wall(apia, wall("2011-12-30", 0, 0), 0, NULL, "2011-12-30T10:00:00Z");
    assert_wall(apia, wall("2011-12-30", 23, 59), 0, NULL, "2011-12-30T10:00:00Z");
    assert_wall(apia, wall("2011-12-30", 24, 0), 1, "2011-12-30T10:00:00Z", NULL);
    assert_wall(apia, wall("2011-12-29", 23, 59), 1, "2011-12-30T09:59:00Z", NULL);
    assert_wall(apia, wall("2011-12-29", 24, 0), 0, NULL, "2011-12-30T10:00:00Z");

    const struct tz *troll = zone("Antarctica/Troll"); /* two hours of daylight saving */
    assert_offset(troll, "2026-07-15T12:00:00Z", 7200, true, "+02");
    assert_wall(troll, wall("2026-03-29", 2, 59), 0, NULL, "2026-03-29T01:00:00Z");
    assert_wall(
        troll, wall("2026-10-25", 1, 30), 2, "2026-10-24T23:30:00Z", "2026-10-25T01:30:00Z");

    const struct tz *nuuk = zone("America/Nuuk"); /* its rule has a time before midnight */
    assert_offset(nuuk, "2026-07-15T12:00:00Z", -3600, true, "-01");
    assert_wall(nuuk, wall("2026-03-28", 23, 30), 0, NULL, "2026-03-29T01:00:00Z");
    assert_wall(nuuk, wall("2060-03-27", 23, 30), 0, NULL, "2060-03-28T01:00:00Z");
}

static void utc_needs_no_file(void **state)
{
    (void)state;
    assert_int_equal(setenv("TZDIR", "/nonexistent", 1), 0);
    const struct tz *tz = zone("UTC");
    assert_offset(tz, "2026-01-15T12:00:00Z", 0, false, "UTC");
    assert_wall(tz, wall("2026-01-15", 24, 0), 1, "2026-01-16T00:00:00Z", NULL);
    utc_us at;
    assert_false(tz_next_transition(tz, INT64_MIN, INT64_MAX, &at));
    const struct tz *other = NULL;
    assert_int_equal(tz_find(STR("Asia/Ulaanbaatar2"), &other).code, ERR_INVALID);
    assert_int_equal(setenv("TZDIR", directory, 1), 0);
}

static void names_are_checked(void **state)
{
    (void)state;
    const struct str bad[] = {STR(""), STR("/"), STR("/etc/passwd"), STR("../../etc/localtime"),
        STR("Europe/../Europe/Rome"), STR("Europe/"), STR("Europe"), STR("Europe//Rome"),
        STR("Europe/Rome\0"), STR("Europe/R\xC3\xB6me"), STR("Nowhere/Atall"), STR("zone.tab"),
        STR("tzdata.zi"), STR("iso3166"), STR("leapseconds"), STR("localtime"), STR("posixrules"),
        STR("right/Europe/Rome"), STR("posix/Europe/Rome"), STR(" UTC"), STR("utc\n"), STR("%s"),
        STR("Europe/Rome/x"), STR("Europe/./Rome"),
        STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const struct tz *tz = NULL;
        struct result result = tz_find(bad[i], &tz);
        if (result.code != ERR_INVALID || tz) fail_msg("found %.*s", STR_ARG(bad[i]));
        assert_string_equal(result.reason, "unknown-zone");
    }
    assert_ptr_equal(zone("Europe/Rome"), zone("Europe/Rome"));
    zone("Etc/GMT+12");
    zone("America/Port-au-Prince");
}

static void *find_all(void *found)
{
    static const char *const names[] = {"Asia/Tokyo", "Asia/Seoul", "Asia/Dhaka", "Asia/Kabul"};
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < COUNT_OF(names); i++) {
            if (!result_is_ok(tz_find(str_from_cstr(names[i]), (const struct tz **)found + i)))
                return NULL;
        }
    }
    return found;
}

static void zones_are_shared_by_threads(void **state)
{
    (void)state;
    pthread_t threads[4];
    const struct tz *found[4][4];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, find_all, found[i]), 0);
    for (size_t i = 0; i < 4; i++) {
        void *result;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_non_null(result);
        assert_memory_equal(found[i], found[0], sizeof found[0]);
    }
}

/* ---- files made by hand ---- */

static void add_number(struct sb *sb, int64_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        sb_add_char(sb, i < 8 ? (char)((uint64_t)value >> (8 * i)) : 0);
}

static void add_header(struct sb *sb, char version, const int64_t counts_[6])
{
    SB_LIT(sb, "TZif");
    sb_add_char(sb, version);
    add_number(sb, 0, 15);
    for (int i = 0; i < 6; i++)
        add_number(sb, counts_[i], 4);
}

/* Two types, AAA (+0) and BBB (+1 h, DST); the transitions given go to and fro. */
struct made {
    int64_t times[4];
    size_t count;
    const char *footer;
    int64_t offset;
    int second_kind;
    int flag;
    const char *chars;
    size_t chars_len;
    int64_t leaps;
    int64_t typecnt;
};

static const struct made plain = {{1000, 2000}, 2, "", 3600, 1, 1, "AAA\0BBB", 8, 0, 2};

static struct str make(const struct made *made)
{
    struct sb sb;
    sb_init(&sb, &arena, 1 << 16);
    add_header(&sb, '2', (const int64_t[]){0, 0, 0, 0, 0, 0});
    add_header(&sb, '2',
        (const int64_t[]){
            0, 0, made->leaps, (int64_t)made->count, made->typecnt, (int64_t)made->chars_len});
    for (size_t i = 0; i < made->count; i++)
        add_number(&sb, made->times[i], 8);
    for (size_t i = 0; i < made->count; i++)
        add_number(&sb, i % 2 ? 0 : made->second_kind, 1);
    if (made->typecnt > 0) {
        add_number(&sb, 0, 6);
        add_number(&sb, made->offset, 4);
        add_number(&sb, made->flag, 1);
        add_number(&sb, 4, 1);
    }
    sb_add_bytes(&sb, made->chars, made->chars_len);
    for (int64_t i = 0; i < made->leaps; i++)
        add_number(&sb, 1, 12);
    sb_addf(&sb, "\n%s\n", made->footer);
    assert_true(sb_ok(&sb));
    return sb_str(&sb);
}

static bool parses(struct str bytes)
{
    const struct tz *tz = NULL;
    struct result result = tz_parse(&arena, bytes, STR("Made/Up"), &tz);
    assert_true(result_is_ok(result) == (tz != NULL));
    if (!tz) {
        assert_int_equal(result.code, ERR_SYNTAX);
        return false;
    }
    return true;
}

static void damaged_files_are_refused(void **state)
{
    (void)state;
    assert_true(parses(make(&plain)));
    struct made made = plain;
#define ASSERT_BAD(change)                                                                         \
    do {                                                                                           \
        made = plain;                                                                              \
        made.change;                                                                               \
        if (parses(make(&made))) fail_msg("accepted: %s", #change);                                \
    } while (0)
    ASSERT_BAD(times[1] = 1000);
    ASSERT_BAD(times[1] = 999);
    ASSERT_BAD(offset = 93600);
    ASSERT_BAD(offset = -90000);
    ASSERT_BAD(offset = INT32_MIN);
    ASSERT_BAD(second_kind = 2);
    ASSERT_BAD(flag = 2);
    ASSERT_BAD(chars_len = 7);
    ASSERT_BAD(chars_len = 4);
    ASSERT_BAD(chars_len = 0);
    ASSERT_BAD(chars = "AAA\0B\"B");
    ASSERT_BAD(chars = "AAA\0\0BB");
    ASSERT_BAD(leaps = 1);
    ASSERT_BAD(typecnt = 0);
    ASSERT_BAD(typecnt = 3);
    ASSERT_BAD(footer = "AAA");
    ASSERT_BAD(footer = "AAA0\nBBB0");
    ASSERT_BAD(footer = "AAA0BBB");
#undef ASSERT_BAD
    struct str good = make(&plain);
    char *bytes = (char *)good.ptr;
    const size_t header_bytes[] = {0, 3, 4, 44, 48, 4, 20, 24, 28, 32, 36, 40};
    for (size_t i = 0; i < COUNT_OF(header_bytes); i++) {
        char kept = bytes[header_bytes[i]];
        bytes[header_bytes[i]] = 'z';
        if (parses(good)) fail_msg("accepted: byte %zu", header_bytes[i]);
        bytes[header_bytes[i]] = kept;
    }
    assert_true(parses(good));
}

static void bounds_of_times(void **state)
{
    (void)state;
    struct made made = plain;
    made.times[0] = INT64_MIN;
    made.times[1] = INT64_MAX;
    const struct tz *tz = NULL;
    assert_true(result_is_ok(tz_parse(&arena, make(&made), STR("X"), &tz)));
    assert_offset(tz, "0001-01-01T00:00:00Z", 3600, true, "BBB");
    assert_offset(tz, "9999-01-01T00:00:00Z", 3600, true, "BBB");
    made = plain;
    made.count = 0;
    made.footer = "STD5DST,M3.2.0,M11.1.0";
    assert_true(result_is_ok(tz_parse(&arena, make(&made), STR("X"), &tz)));
    assert_offset(tz, "0002-07-01T00:00:00Z", -14400, true, "DST");
    assert_offset(tz, "9999-12-01T00:00:00Z", -18000, false, "STD");
    const utc_us extremes[] = {INT64_MIN, INT64_MIN + 1, -1, 0, INT64_MAX - 1, INT64_MAX};
    for (size_t i = 0; i < COUNT_OF(extremes); i++) {
        utc_us at;
        tz_utc_to_local(tz, extremes[i]);
        tz_next_transition(tz, extremes[i], INT64_MAX, &at);
        tz_utc_to_local(zone("America/New_York"), extremes[i]);
        tz_next_transition(zone("America/New_York"), extremes[i], INT64_MAX, &at);
    }
    assert_wall(tz, wall("0001-01-01", 0, 0), 1, "0001-01-01T05:00:00Z", NULL);
    tz_local_to_utc(tz, wall("9999-12-31", 24, 0));
}

static void epoch_can_be_a_gap_end(void **state)
{
    (void)state;
    struct made made = plain;
    made.times[0] = 0;
    const struct tz *tz = NULL;
    assert_true(result_is_ok(tz_parse(&arena, make(&made), STR("X"), &tz)));
    struct tz_instants instants = tz_local_to_utc(tz, (struct local_time){0, 1800});
    assert_int_equal(instants.count, 0);
    assert_true(instants.gap_end == 0);
}

static void version_1_is_read(void **state)
{
    (void)state;
    struct sb sb;
    sb_init(&sb, &arena, 4096);
    add_header(&sb, 0, (const int64_t[]){0, 0, 0, 1, 2, 8});
    add_number(&sb, -1000, 4);
    add_number(&sb, 1, 1);
    add_number(&sb, 0, 6);
    add_number(&sb, -1800, 4);
    add_number(&sb, 4, 2);
    sb_add_bytes(&sb, "AAA\0BBB", 8);
    const struct tz *tz = NULL;
    assert_true(result_is_ok(tz_parse(&arena, sb_str(&sb), STR("X"), &tz)));
    assert_offset(tz, "1969-12-31T23:43:19Z", 0, false, "AAA");
    assert_offset(tz, "1969-12-31T23:43:20Z", -1800, false, "BBB");
    for (size_t len = 0; len < sb.len; len++)
        assert_false(parses(str_slice(sb_str(&sb), 0, len)));
}

static void cut_files_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"America/New_York", "Asia/Gaza", "Etc/GMT-3"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        int fd = open(path, O_RDONLY);
        assert_true(fd >= 0);
        static char bytes[LIMIT_TZIF_BYTES];
        ssize_t n = read(fd, bytes, sizeof bytes);
        close(fd);
        assert_true(n > 100);
        for (size_t len = 0; len < (size_t)n; len++) {
            char *exact = malloc(len ? len : 1); /* so that a byte read too many is seen */
            memcpy(exact, bytes, len);
            if (parses((struct str){exact, len})) fail_msg("%s cut to %zu", names[i], len);
            free(exact);
        }
        assert_true(parses((struct str){bytes, (size_t)n}));
        assert_false(parses((struct str){bytes, (size_t)n + 1}));
        arena_reset(&arena);
    }
}

static void rules_are_strict(void **state)
{
    (void)state;
    struct tz_rule rule;
    const struct str good[] = {STR("EST5"), STR("<+03>-3"), STR("<-0330>3:30"), STR("UTC0"),
        STR("EST5EDT,M3.2.0,M11.1.0"), STR("EST5EDT4,M3.2.0/2,M11.1.0/2:00:00"),
        STR("IST-1GMT0,M10.5.0,M3.5.0/1"), STR("<-02>2<-01>,M3.5.0/-1,M10.5.0/0"),
        STR("EET-2EEST,M3.4.4/50,M10.4.4/50"), STR("AAA0BBB,J1/-167,J365/167:59:59"),
        STR("AAA0BBB,0,365/+3"), STR("AAA+24BBB-24:59:59,J60,59")};
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        if (!tz_rule_parse(&arena, good[i], &rule)) fail_msg("refused %.*s", STR_ARG(good[i]));
    }
    const struct str bad[] = {STR(""), STR("EST"), STR("ES5"), STR("E5T5"), STR("<+3>-3"),
        STR("<+03-3"), STR("EST25"), STR("EST5:60"), STR("EST5:0:60"), STR("EST5EDT"),
        STR("EST5EDT,"), STR("EST5EDT,M3.2.0"), STR("EST5EDT,M3.2.0,"), STR("EST5EDT,M13.2.0,J1"),
        STR("EST5EDT,M0.2.0,J1"), STR("EST5EDT,M3.6.0,J1"), STR("EST5EDT,M3.0.0,J1"),
        STR("EST5EDT,M3.2.7,J1"), STR("EST5EDT,J0,J1"), STR("EST5EDT,J366,J1"),
        STR("EST5EDT,366,J1"), STR("EST5EDT,M3.2.0/168,J1"), STR("EST5EDT,M3.2.0/-168,J1"),
        STR("EST5EDT,M3.2.0/,J1"), STR("EST5EDT,M3.2.0,J1x"), STR("EST5 EDT,J1,J2"), STR("EST5x"),
        STR("EST--5"), STR("EST5EDT,J-1,J1"), STR("EST5EDT,M3.2,J1"), STR("<E\"T>5"),
        STR("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ5")};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (tz_rule_parse(&arena, bad[i], &rule)) fail_msg("accepted %.*s", STR_ARG(bad[i]));
    }
}

static const struct tz *ruled(const char *footer, size_t transitions)
{
    struct made made = plain;
    made.count = transitions;
    made.footer = footer;
    const struct tz *tz = NULL;
    struct result result = tz_parse(&arena, make(&made), STR("X"), &tz);
    if (!result_is_ok(result)) fail_msg("%s: %s", footer, result.detail);
    return tz;
}

static void rules_of_all_forms(void **state)
{
    (void)state;
    for (size_t transitions = 0; transitions <= 2; transitions += 2) {
        /* Jn never counts 29 February: J60 is 1 March; n counts it: 59 is 29 February or 1 March */
        const struct tz *tz = ruled("STD0DST,J60/0,300/0", transitions);
        assert_offset(tz, "2027-02-28T23:59:59Z", 0, false, "STD");
        assert_offset(tz, "2027-03-01T00:00:00Z", 3600, true, "DST");
        assert_offset(tz, "2028-02-29T23:59:59Z", 0, false, "STD");
        assert_offset(tz, "2028-03-01T00:00:00Z", 3600, true, "DST");
        assert_offset(tz, "2027-10-27T22:59:59Z", 3600, true, "DST"); /* day 300: 28 October */
        assert_offset(tz, "2027-10-27T23:00:00Z", 0, false, "STD");
        assert_offset(tz, "2028-10-26T22:59:59Z", 3600, true, "DST"); /* 27 October */
        assert_offset(tz, "2028-10-26T23:00:00Z", 0, false, "STD");
        tz = ruled("STD0DST,59/0,M12.5.5/24", transitions);
        assert_offset(tz, "2228-02-28T23:59:59Z", 0, false, "STD");
        assert_offset(tz, "2228-02-29T00:00:00Z", 3600, true, "DST");
        assert_offset(tz, "2227-03-01T00:00:00Z", 3600, true, "DST");
        /* 31 December 2027 is a Friday: its end in DST is an hour before the new year in UTC */
        assert_offset(tz, "2027-12-31T22:59:59Z", 3600, true, "DST");
        assert_offset(tz, "2027-12-31T23:00:00Z", 0, false, "STD");
        /* times beyond the day and across the new year */
        tz = ruled("STD0DST,J1/-167,J200/0", transitions);
        assert_offset(tz, "2026-12-25T00:59:59Z", 0, false, "STD");
        assert_offset(tz, "2026-12-25T01:00:00Z", 3600, true, "DST");
        tz = ruled("STD0DST,J100/0,J365/167", transitions);
        assert_offset(tz, "2027-01-06T21:59:59Z", 3600, true, "DST");
        assert_offset(tz, "2027-01-06T22:00:00Z", 0, false, "STD");
        tz = ruled("STD0DST,J180/-25,J200/50", transitions);
        assert_offset(tz, "2027-06-27T22:59:59Z", 0, false, "STD");
        assert_offset(tz, "2027-06-27T23:00:00Z", 3600, true, "DST");
        assert_offset(tz, "2027-07-21T00:59:59Z", 3600, true, "DST");
        assert_offset(tz, "2027-07-21T01:00:00Z", 0, false, "STD");
    }
}

/* A cursor says what tz_opening and tz_closing say, whichever way it is moved. */
static void cursors_agree(void **state)
{
    (void)state;
    static const char *const zones[] = {"America/New_York", "Europe/Rome", "Pacific/Apia",
        "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Kwajalein", "Africa/Casablanca", "UTC"};
    for (size_t i = 0; i < COUNT_OF(zones); i++) {
        const struct tz *tz;
        assert_true(result_is_ok(tz_find(str_from_cstr(zones[i]), &tz)));
        struct tz_cursor forward = {.tz = tz};
        struct tz_cursor backward = {.tz = tz};
        date_day first = date_from_civil((struct civil_date){1960, 1, 1});
        enum { DAYS = 36500 };
        for (date_day day = 0; day < DAYS; day++) {
            for (int half_hours = 0; half_hours <= 8; half_hours++) {
                struct local_time local = {first + day, half_hours * 1800};
                assert_int_equal(tz_cursor_opening(&forward, local), tz_opening(tz, local));
                assert_int_equal(tz_cursor_closing(&forward, local), tz_closing(tz, local));
                local.date = first + DAYS - day;
                assert_int_equal(tz_cursor_closing(&backward, local), tz_closing(tz, local));
            }
        }
    }
}

static void daylight_saving_all_year(void **state)
{
    (void)state;
    static const char *const rules[] = {"EST5EDT,0/0,J365/25", "XXX3EDT4,0/0,J365/23"};
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        for (size_t transitions = 0; transitions <= 2; transitions += 2) {
            const struct tz *tz = ruled(rules[i], transitions);
            utc_us until = instant("2150-01-01T00:00:00Z");
            for (utc_us at = instant("2026-01-01T00:00:00Z"); at < until; at += 5 * US_PER_HOUR) {
                struct tz_offset offset = tz_offset_at(tz, at);
                assert_int_equal(offset.seconds, -14400);
                assert_true(offset.is_dst);
            }
            utc_us at;
            assert_false(tz_next_transition(tz, instant("2026-01-01T00:00:00Z"), INT64_MAX, &at));
            assert_false(tz_next_transition(tz, instant("2126-01-01T00:00:00Z"), INT64_MAX, &at));
            assert_wall(tz, wall("2126-01-01", 0, 0), 1, "2126-01-01T04:00:00Z", NULL);
        }
    }
}

int main(void)
{
    const char *set = getenv("TZDIR");
    if (set && *set) directory = strdup(set);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(new_york, clear),
        cmocka_unit_test_teardown(unusual_zones, clear),
        cmocka_unit_test_teardown(utc_needs_no_file, clear),
        cmocka_unit_test_teardown(names_are_checked, clear),
        cmocka_unit_test_teardown(zones_are_shared_by_threads, clear),
        cmocka_unit_test_teardown(damaged_files_are_refused, clear),
        cmocka_unit_test_teardown(bounds_of_times, clear),
        cmocka_unit_test_teardown(epoch_can_be_a_gap_end, clear),
        cmocka_unit_test_teardown(version_1_is_read, clear),
        cmocka_unit_test_teardown(cut_files_are_refused, clear),
        cmocka_unit_test_teardown(rules_are_strict, clear),
        cmocka_unit_test_teardown(rules_of_all_forms, clear),
        cmocka_unit_test_teardown(cursors_agree, clear),
        cmocka_unit_test_teardown(daylight_saving_all_year, clear),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}

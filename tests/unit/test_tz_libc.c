/* Time zones against the C library: every zone of the system's tzdata, 1970 to 2060.
 * (This file asks the C library on purpose, so it does not include banned.h.) */
#include "base/tz.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

static const char *directory = "/usr/share/zoneinfo";

static const struct tz *zone(const char *name)
{
    const struct tz *tz = NULL;
    struct result result = tz_find(str_from_cstr(name), &tz);
    if (!result_is_ok(result)) fail_msg("%s: %s", name, result.reason);
    return tz;
}

struct counts {
    size_t zones;
    size_t transitions;
    size_t instants;
    size_t walls;
};

static struct counts counts;

static struct tm libc_local(int64_t second)
{
    time_t t = (time_t)second;
    struct tm tm;
    assert_non_null(localtime_r(&t, &tm));
    return tm;
}

static void compare_at(const char *name, const struct tz *tz, int64_t second)
{
    struct tm tm = libc_local(second);
    struct tz_offset ours = tz_offset_at(tz, second * US_PER_SECOND);
    counts.instants++;
    if (ours.seconds != tm.tm_gmtoff || ours.is_dst != (tm.tm_isdst > 0) ||
        strcmp(ours.abbreviation, tm.tm_zone) != 0) {
        fail_msg("%s at %lld: ours %d %d %s, libc %ld %d %s", name, (long long)second, ours.seconds,
            ours.is_dst, ours.abbreviation, tm.tm_gmtoff, tm.tm_isdst, tm.tm_zone);
    }
    struct local_time local = tz_utc_to_local(tz, second * US_PER_SECOND);
    struct civil_date civil = date_to_civil(local.date);
    if (civil.year != tm.tm_year + 1900 || civil.month != tm.tm_mon + 1 ||
        civil.day != tm.tm_mday || local.second != tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec) {
        fail_msg("%s at %lld: wall time differs", name, (long long)second);
    }
}

struct offsets {
    long seconds[64];
    size_t count;
};

static void note_offset(struct offsets *offsets, long seconds)
{
    for (size_t i = 0; i < offsets->count; i++) {
        if (offsets->seconds[i] == seconds) return;
    }
    assert_true(offsets->count < COUNT_OF(offsets->seconds));
    offsets->seconds[offsets->count++] = seconds;
}

/* Every instant t with local(t) == wall has t = wall - o for one of the zone's offsets o. */
static void compare_wall(
    const char *name, const struct tz *tz, const struct offsets *offsets, int64_t wall_second)
{
    int64_t expected[8];
    int n = 0;
    for (size_t i = 0; i < offsets->count; i++) {
        int64_t t = wall_second - offsets->seconds[i];
        if (libc_local(t).tm_gmtoff != offsets->seconds[i]) continue;
        int at = n++;
        assert_true(n < 8);
        for (; at > 0 && expected[at - 1] > t; at--)
            expected[at] = expected[at - 1];
        expected[at] = t;
    }
    struct local_time local = local_from_utc(wall_second * US_PER_SECOND);
    struct tz_instants ours = tz_local_to_utc(tz, local);
    counts.walls++;
    bool ok = ours.count == n;
    for (int i = 0; ok && i < n; i++)
        ok = ours.at[i] == expected[i] * US_PER_SECOND;
    if (n > 0) {
        ok = ok && ours.gap_end == 0;
    } else {
        int64_t end = ours.gap_end / US_PER_SECOND;
        ok = ok && end * US_PER_SECOND == ours.gap_end &&
             end + libc_local(end).tm_gmtoff > wall_second &&
             end - 1 + libc_local(end - 1).tm_gmtoff < wall_second;
    }
    if (!ok) {
        fail_msg("%s wall %lld: ours %d (%lld, %lld; gap end %lld), libc %d (%lld)", name,
            (long long)wall_second, ours.count, (long long)ours.at[0], (long long)ours.at[1],
            (long long)ours.gap_end, n, (long long)(n ? expected[0] : 0));
    }
    if (local.second == 0) { /* midnight is also the end of the day before */
        struct tz_instants end = tz_local_to_utc(tz, (struct local_time){local.date - 1, 86400});
        assert_memory_equal(&end, &ours, sizeof end);
    }
}

static void compare_transition(
    const char *name, const struct tz *tz, const struct offsets *offsets, int64_t at)
{
    long before = libc_local(at - 1).tm_gmtoff;
    long after = libc_local(at).tm_gmtoff;
    long middle = (before + after) / 2;
    const int64_t walls[] = {at + before - 1, at + before, at + before + 1, at + after - 1,
        at + after, at + after + 1, at + middle, at + before - 7200, at + after + 7200};
    for (size_t i = 0; i < COUNT_OF(walls); i++)
        compare_wall(name, tz, offsets, walls[i]);
    for (int64_t day = -1; day <= 1; day++) { /* the midnights around */
        int64_t local_day = (at + after) / 86400 + day;
        compare_wall(name, tz, offsets, local_day * 86400);
    }
}

static void compare_zone(const char *name, int64_t from, int64_t until, int64_t step)
{
    const struct tz *tz = zone(name);
    assert_int_equal(setenv("TZ", name, 1), 0);
    tzset();
    counts.zones++;

    /* the C library's own course, in steps: a change that we miss shows here */
    struct offsets offsets = {0};
    for (int64_t t = from; t < until; t += step) {
        note_offset(&offsets, libc_local(t).tm_gmtoff);
        compare_at(name, tz, t);
    }

    int64_t previous = from;
    utc_us next = from * US_PER_SECOND;
    while (tz_next_transition(tz, next, until * US_PER_SECOND, &next)) {
        int64_t at = next / US_PER_SECOND;
        assert_true(at * US_PER_SECOND == next && at > previous);
        struct tm b = libc_local(at - 1);
        struct tm a = libc_local(at);
        if (b.tm_gmtoff == a.tm_gmtoff && b.tm_isdst == a.tm_isdst &&
            strcmp(b.tm_zone, a.tm_zone) == 0) {
            fail_msg("%s: nothing changes at %lld", name, (long long)at);
        }
        note_offset(&offsets, a.tm_gmtoff);
        const int64_t near[] = {at - 1, at, at + 1, previous + (at - previous) / 2};
        for (size_t i = 0; i < COUNT_OF(near); i++)
            compare_at(name, tz, near[i]);
        assert_true(tz_offset_at(tz, next - 1).seconds == b.tm_gmtoff);
        counts.transitions++;
        previous = at;
    }
    next = from * US_PER_SECOND; /* again, now that all offsets are known */
    while (tz_next_transition(tz, next, until * US_PER_SECOND, &next))
        compare_transition(name, tz, &offsets, next / US_PER_SECOND);
}

static bool is_tzif(const char *path)
{
    char magic[4] = {0};
    int fd = open(path, O_RDONLY);
    if (fd < 0) return false;
    ssize_t n = read(fd, magic, sizeof magic);
    close(fd);
    return n == 4 && memcmp(magic, "TZif", 4) == 0;
}

static void walk(const char *below, void (*visit)(const char *name))
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", directory, below);
    DIR *dir = opendir(path);
    assert_non_null(dir);
    struct dirent *entry;
    while ((entry = readdir(dir))) {
        char name[600];
        struct stat status;
        if (entry->d_name[0] == '.') continue;
        snprintf(name, sizeof name, "%s%s%s", below, *below ? "/" : "", entry->d_name);
        snprintf(path, sizeof path, "%s/%s", directory, name);
        if (strcmp(name, "posix") == 0 || strcmp(name, "right") == 0 ||
            strcmp(name, "localtime") == 0 || strcmp(name, "posixrules") == 0) {
            continue;
        }
        assert_int_equal(stat(path, &status), 0);
        if (S_ISDIR(status.st_mode)) {
            walk(name, visit);
        } else if (is_tzif(path)) {
            visit(name);
        }
    }
    closedir(dir);
}

static void visit_1970_to_2060(const char *name)
{
    compare_zone(name, 0, INT64_C(2871763200), 5 * 86400); /* 2061-01-01 */
}

static void every_zone_agrees_with_the_c_library(void **state)
{
    (void)state;
    walk("", visit_1970_to_2060);
    print_message("%zu zones, %zu transitions, %zu instants, %zu wall times\n", counts.zones,
        counts.transitions, counts.instants, counts.walls);
    assert_true(counts.zones > 300);
    assert_true(counts.transitions > 20000);
}

static void far_years_agree(void **state)
{
    (void)state;
    static const char *const names[] = {"America/New_York", "Europe/Dublin", "America/Nuuk",
        "Australia/Lord_Howe", "America/Santiago", "Asia/Gaza", "Asia/Tokyo", "Antarctica/Troll"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        compare_zone(names[i], INT64_C(4070908800), INT64_C(4165516800), 86400);     /* 2099-2101 */
        compare_zone(names[i], INT64_C(253339142400), INT64_C(253402300800), 86400); /* 9998-9999 */
    }
}

int main(void)
{
    const char *set = getenv("TZDIR");
    if (set && *set) directory = strdup(set);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(far_years_agree),
        cmocka_unit_test(every_zone_agrees_with_the_c_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

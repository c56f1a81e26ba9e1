#include "base/tz.h"

#include "base/check.h"
#include "base/limits.h"
#include "base/tz_zone.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

/* The rule is computed for instants within these bounds (about 200,000 years); beyond them nothing
 * changes any more. They keep sums with offsets inside 64 bits. */
#define INSTANT_LEAST (-INT64_C(6300000000000) * US_PER_SECOND)
#define INSTANT_GREATEST (INT64_C(6300000000000) * US_PER_SECOND)

/* A wall time must be a date of years 1 to 9999, give or take. */
enum { LOCAL_DATE_MAX = 4000000 };

/* Two changes of a yearly rule are at most a year and some days apart. */
#define RULE_PAUSE_MAX (500 * US_PER_DAY)

/* A stretch of time [from, to) with one offset. */
struct segment {
    utc_us from;
    utc_us to;
    const struct tz_offset *offset;
};

static utc_us clamp(utc_us instant)
{
    if (instant < INSTANT_LEAST) return INSTANT_LEAST;
    return instant > INSTANT_GREATEST ? INSTANT_GREATEST : instant;
}

static struct segment rule_segment(const struct tz *tz, utc_us instant)
{
    enum { YEARS_EACH_WAY = 2 };
    struct tz_change changes[(2 * YEARS_EACH_WAY + 1) * TZ_CHANGES_A_YEAR];
    utc_us at = clamp(instant);
    int year = date_to_civil(local_from_utc(at).date).year;
    size_t n = tz_rule_changes(&tz->rule, year - YEARS_EACH_WAY, year + YEARS_EACH_WAY, changes);
    struct segment segment = {INT64_MIN, INT64_MAX, &tz->rule.std};
    for (size_t i = 0; i < n; i++) {
        if (changes[i].at > at) {
            /* further off it is only where this window of years ends */
            if (changes[i].at - at < RULE_PAUSE_MAX && at == instant) segment.to = changes[i].at;
            break;
        }
        segment.from = changes[i].at;
        segment.offset = changes[i].is_dst ? &tz->rule.dst : &tz->rule.std;
    }
    return segment;
}

/* How many of the table's changes are at or before the instant. */
static size_t changes_until(const struct tz *tz, utc_us instant)
{
    size_t from = 0;
    size_t left = tz->count;
    while (left > 0) {
        size_t half = left / 2;
        bool after = tz->at[from + half] <= instant;
        from = after ? from + half + 1 : from;
        left = after ? left - half - 1 : half;
    }
    return from;
}

static const struct tz_offset *offset_after(const struct tz *tz, size_t changes)
{
    return changes == 0 ? &tz->first : &tz->types[tz->kinds[changes - 1]];
}

static struct segment segment_at(const struct tz *tz, utc_us instant)
{
    utc_us table_end = tz->count ? tz->at[tz->count - 1] : INT64_MIN;
    if (instant >= tz->rule_from) {
        struct segment segment = rule_segment(tz, instant);
        if (segment.from < table_end) segment.from = table_end;
        return segment;
    }
    size_t n = changes_until(tz, instant);
    struct segment segment = {INT64_MIN, INT64_MAX, offset_after(tz, n)};
    if (n > 0) segment.from = tz->at[n - 1];
    if (n < tz->count) {
        segment.to = tz->at[n];
    } else if (tz->rule_from != INT64_MAX) {
        /* this stretch goes on until the rule's first change after the table */
        struct segment next = rule_segment(tz, tz->rule_from);
        segment.to = tz_offset_same(next.offset, segment.offset) ? next.to : tz->rule_from;
    }
    return segment;
}

struct str tz_name(const struct tz *tz)
{
    return tz->name;
}

struct tz_offset tz_offset_at(const struct tz *tz, utc_us instant)
{
    if (UNLIKELY(instant >= tz->rule_from)) return *rule_segment(tz, instant).offset;
    return *offset_after(tz, changes_until(tz, instant));
}

struct local_time tz_utc_to_local(const struct tz *tz, utc_us instant)
{
    struct tz_offset offset = tz_offset_at(tz, instant);
    return local_from_utc(clamp(instant) + offset.seconds * US_PER_SECOND);
}

struct tz_instants tz_local_to_utc(const struct tz *tz, struct local_time local)
{
    CHECK(local.date > -LOCAL_DATE_MAX && local.date < LOCAL_DATE_MAX);
    CHECK(local.second >= 0 && local.second <= 86400);
    utc_us wall = local.date * US_PER_DAY + local.second * US_PER_SECOND;
    /* whatever the answer, it lies between these two */
    utc_us earliest = wall - tz->greatest * US_PER_SECOND;
    utc_us latest = wall - tz->least * US_PER_SECOND;
    struct tz_instants found = {0};
    bool in_gap = false;
    struct segment segment = segment_at(tz, earliest);
    for (;;) {
        utc_us at = wall - segment.offset->seconds * US_PER_SECOND;
        if (at >= segment.from && at < segment.to) {
            found.at[found.count > 0] = at; /* of more than two, the first and the last */
            if (found.count < 2) found.count++;
        } else if (at < segment.from && found.count == 0 && !in_gap) {
            /* the clocks stand beyond the wall time already: it was skipped, unless it comes yet */
            in_gap = true;
            found.gap_end = segment.from;
        }
        if (segment.to > latest) break;
        segment = segment_at(tz, segment.to);
    }
    CHECK(found.count > 0 || in_gap);
    if (found.count > 0) found.gap_end = 0;
    return found;
}

bool tz_next_transition(const struct tz *tz, utc_us instant, utc_us until, utc_us *ret_at)
{
    utc_us at = segment_at(tz, instant).to;
    if (at == INT64_MAX || at >= until) return false;
    *ret_at = at;
    return true;
}

utc_us tz_opening(const struct tz *tz, struct local_time local)
{
    struct tz_instants instants = tz_local_to_utc(tz, local);
    return instants.count > 0 ? instants.at[0] : instants.gap_end;
}

utc_us tz_closing(const struct tz *tz, struct local_time local)
{
    struct tz_instants instants = tz_local_to_utc(tz, local);
    return instants.count > 0 ? instants.at[instants.count - 1] : instants.gap_end;
}

/* Two days from the next change of the offset, a wall time cannot be an instant beyond it as well. */
#define CURSOR_MARGIN (2 * US_PER_DAY)

static void cursor_move(struct tz_cursor *cursor, utc_us instant)
{
    struct segment segment = segment_at(cursor->tz, instant);
    bool open_start = segment.from == INT64_MIN;
    bool open_end = segment.to == INT64_MAX;
    cursor->from = open_start ? segment.from : segment.from + CURSOR_MARGIN;
    cursor->to = open_end ? segment.to : segment.to - CURSOR_MARGIN;
    cursor->offset = segment.offset->seconds * US_PER_SECOND;
}

static bool cursor_knows(const struct tz_cursor *cursor, struct local_time local, utc_us *ret_at)
{
    *ret_at = local.date * US_PER_DAY + local.second * US_PER_SECOND - cursor->offset;
    return *ret_at >= cursor->from && *ret_at < cursor->to;
}

utc_us tz_cursor_opening(struct tz_cursor *cursor, struct local_time local)
{
    utc_us at;
    if (LIKELY(cursor_knows(cursor, local, &at))) return at;
    at = tz_opening(cursor->tz, local);
    cursor_move(cursor, at);
    return at;
}

utc_us tz_cursor_closing(struct tz_cursor *cursor, struct local_time local)
{
    utc_us at;
    if (LIKELY(cursor_knows(cursor, local, &at))) return at;
    at = tz_closing(cursor->tz, local);
    cursor_move(cursor, at);
    return at;
}

/* The zones that were asked for. Readers walk the chains without a lock: an entry is complete
 * before it is linked, and stays for good. Writers take the mutex. */
struct known {
    uint64_t hash;
    const struct tz *tz;
    struct known *next;
};

enum { BUCKETS = 256, KNOWN_ARENA_BYTES = 64 << 20, PATH_BYTES_MAX = 4096 };

static _Atomic(struct known *) buckets[BUCKETS];
static pthread_mutex_t known_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct arena known_arena = {.max = KNOWN_ARENA_BYTES};

static const struct tz *known_find(uint64_t hash, struct str name)
{
    const struct known *known =
        atomic_load_explicit(&buckets[hash % BUCKETS], memory_order_acquire);
    for (; known; known = known->next) {
        if (known->hash == hash && str_eq(known->tz->name, name)) return known->tz;
    }
    return NULL;
}

/* Letters, digits, _ + - and single slashes within; and not the few names in the directory that
 * are no zones of their own. */
static bool name_is_plain(struct str name)
{
    if (name.len == 0 || name.len > LIMIT_TZ_NAME_CHARS) return false;
    char before = '/';
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool ok = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '+' || c == '-' || (c == '/' && before != '/');
        if (!ok) return false;
        before = c;
    }
    return before != '/' && !str_eq(name, STR("localtime")) && !str_eq(name, STR("posixrules")) &&
           !str_starts(name, STR("right/")) && !str_starts(name, STR("posix/"));
}

static struct result unknown_zone(void)
{
    return result_fail(ERR_INVALID, "unknown-zone", NULL);
}

static struct result read_file(struct arena *arena, struct str name, struct str *ret_bytes)
{
    char path[PATH_BYTES_MAX];
    const char *directory = getenv("TZDIR");
    if (!directory || !*directory) directory = "/usr/share/zoneinfo";
    int len = snprintf(path, sizeof path, "%s/%.*s", directory, STR_ARG(name));
    if (len < 0 || (size_t)len >= sizeof path) return unknown_zone();
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) return unknown_zone();
    if (fd < 0) return result_fail(ERR_IO, NULL, "a time zone's file cannot be opened");
    struct stat status;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size > LIMIT_TZIF_BYTES) {
        close(fd);
        return unknown_zone();
    }
    size_t size = (size_t)status.st_size;
    char *bytes = arena_alloc(arena, size, 1);
    size_t done = 0;
    while (done < size) {
        ssize_t n = read(fd, bytes + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        done += (size_t)n;
    }
    close(fd);
    if (done < size) return result_fail(ERR_IO, NULL, "a time zone's file cannot be read");
    *ret_bytes = (struct str){bytes, size};
    return RESULT_OK;
}

/* Parsed twice: once to see that it is a zone, so that a file which is refused leaves nothing in
 * the memory that is kept for good. */
static struct result load(struct arena *scratch, struct str name, const struct tz **ret_tz)
{
    struct str bytes;
    const struct tz *tz;
    TRY(read_file(scratch, name, &bytes));
    if (!result_is_ok(tz_parse(scratch, bytes, name, &tz))) return unknown_zone();
    TRY(tz_parse(&known_arena, bytes, name, &tz));
    uint64_t hash = str_hash(name);
    struct known *known = ARENA_NEW(&known_arena, struct known);
    known->hash = hash;
    known->tz = tz;
    known->next = atomic_load_explicit(&buckets[hash % BUCKETS], memory_order_relaxed);
    atomic_store_explicit(&buckets[hash % BUCKETS], known, memory_order_release);
    *ret_tz = tz;
    return RESULT_OK;
}

struct result tz_find(struct str name, const struct tz **ret_tz)
{
    static const struct tz utc = {
        .name = STR_INIT("UTC"), .first = {.abbreviation = "UTC"}, .rule_from = INT64_MAX};
    CHECK(ret_tz);
    if (str_eq(name, utc.name)) {
        *ret_tz = &utc;
        return RESULT_OK;
    }
    uint64_t hash = str_hash(name);
    const struct tz *tz = known_find(hash, name);
    if (tz) {
        *ret_tz = tz;
        return RESULT_OK;
    }
    if (!name_is_plain(name)) return unknown_zone();
    struct arena scratch = {0};
    struct result result = RESULT_OK;
    pthread_mutex_lock(&known_mutex);
    tz = known_find(hash, name); /* somebody else may have been faster */
    if (!tz) result = load(&scratch, name, &tz);
    pthread_mutex_unlock(&known_mutex);
    arena_release(&scratch);
    if (result_is_ok(result)) *ret_tz = tz;
    return result;
}

#include "base/tz_zone.h"

#include "base/check.h"
#include "base/limits.h"

#include "base/banned.h"

/* RFC 9636, section 3. All numbers are big-endian. */
enum {
    HEADER_BYTES = 44,
    TYPE_BYTES = 6,
    TYPES_MAX = 256,
    OFFSET_LEAST = -89999, /* -24:59:59, the range that the RFC names */
    OFFSET_GREATEST = 93599,
    ABBREVIATION_CHARS_MAX = 31,
    TABLE_LAST_YEAR = 2100,
    /* An instant that microseconds can hold, well beyond year 9999 and before year 1. */
    YEARS_HELD = 200000,
};

#define SECONDS_HELD (INT64_C(31556952) * YEARS_HELD)

struct header {
    char version;
    uint32_t isutcnt;
    uint32_t isstdcnt;
    uint32_t leapcnt;
    uint32_t timecnt;
    uint32_t typecnt;
    uint32_t charcnt;
};

/* The data block that counts, cut into its parts. */
struct block {
    struct header header;
    size_t time_bytes; /* 4 in version 1, otherwise 8 */
    struct str times;
    struct str indices;
    struct str types;
    struct str chars;
    struct str is_std;
    struct str is_ut;
    struct str footer; /* without its newlines */
};

static struct result refuse(const char *detail)
{
    return result_fail(ERR_SYNTAX, "tzif", detail);
}

static uint64_t big_endian(const char *p, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | (unsigned char)p[i];
    return value;
}

static bool take_bytes(struct str *rest, uint64_t count, struct str *ret_bytes)
{
    if (count > rest->len) return false;
    *ret_bytes = str_slice(*rest, 0, (size_t)count);
    *rest = str_slice(*rest, (size_t)count, rest->len);
    return true;
}

static bool take_header(struct str *rest, struct header *ret_header)
{
    struct str head;
    if (!take_bytes(rest, HEADER_BYTES, &head) || !str_starts(head, STR("TZif"))) return false;
    struct header header = {.version = head.ptr[4]};
    if (header.version != '\0' && (header.version < '2' || header.version > '4')) return false;
    uint32_t *const counts[] = {&header.isutcnt, &header.isstdcnt, &header.leapcnt, &header.timecnt,
        &header.typecnt, &header.charcnt};
    for (size_t i = 0; i < COUNT_OF(counts); i++)
        *counts[i] = (uint32_t)big_endian(head.ptr + 20 + 4 * i, 4);
    *ret_header = header;
    return true;
}

static bool take_block(struct str *rest, size_t time_bytes, struct block *block)
{
    const struct header *h = &block->header;
    struct str leaps;
    block->time_bytes = time_bytes;
    return take_bytes(rest, (uint64_t)h->timecnt * time_bytes, &block->times) &&
           take_bytes(rest, h->timecnt, &block->indices) &&
           take_bytes(rest, (uint64_t)h->typecnt * TYPE_BYTES, &block->types) &&
           take_bytes(rest, h->charcnt, &block->chars) &&
           take_bytes(rest, (uint64_t)h->leapcnt * (time_bytes + 4), &leaps) &&
           take_bytes(rest, h->isstdcnt, &block->is_std) &&
           take_bytes(rest, h->isutcnt, &block->is_ut);
}

/* From version 2 on the file has the data twice; the second, with 64-bit times, is the one. */
static struct result find_block(struct str bytes, struct block *ret_block)
{
    struct str rest = bytes;
    struct block block = {0};
    if (bytes.len > LIMIT_TZIF_BYTES) return refuse("too large");
    if (!take_header(&rest, &block.header)) return refuse("no TZif header");
    char version = block.header.version;
    if (!take_block(&rest, 4, &block)) return refuse("cut short");
    if (version != '\0') {
        struct str newline;
        if (!take_header(&rest, &block.header) || block.header.version != version) {
            return refuse("no second header");
        }
        if (!take_block(&rest, 8, &block)) return refuse("cut short");
        if (!take_bytes(&rest, 1, &newline) || newline.ptr[0] != '\n') return refuse("no footer");
        size_t end = str_find(rest, '\n');
        if (end == rest.len) return refuse("no end of the footer");
        block.footer = str_slice(rest, 0, end);
        rest = str_slice(rest, end + 1, rest.len);
    }
    if (rest.len > 0) return refuse("bytes after the end");
    *ret_block = block;
    return RESULT_OK;
}

static bool are_flags(struct str flags)
{
    for (size_t i = 0; i < flags.len; i++) {
        if (flags.ptr[i] != 0 && flags.ptr[i] != 1) return false;
    }
    return true;
}

static struct result check_counts(const struct block *block)
{
    const struct header *h = &block->header;
    if (h->typecnt == 0 || h->typecnt > TYPES_MAX) return refuse("number of types");
    if (h->charcnt == 0) return refuse("no abbreviations");
    if (h->timecnt > LIMIT_TZIF_TRANSITIONS) return refuse("too many transitions");
    if (h->leapcnt != 0) return refuse("counts leap seconds");
    if (h->isstdcnt != 0 && h->isstdcnt != h->typecnt) return refuse("number of std flags");
    if (h->isutcnt != 0 && h->isutcnt != h->typecnt) return refuse("number of UT flags");
    if (!are_flags(block->is_std) || !are_flags(block->is_ut)) return refuse("a flag");
    for (size_t i = 0; i < block->is_ut.len; i++) {
        bool is_std = i < block->is_std.len && block->is_std.ptr[i];
        if (block->is_ut.ptr[i] && !is_std) return refuse("a UT flag without its std flag");
    }
    return RESULT_OK;
}

/* They go to calendar files and screens, so only what the RFC allows. */
static bool is_abbreviation(struct str text)
{
    if (text.len == 0 || text.len > ABBREVIATION_CHARS_MAX) return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool ok = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '+' || c == '-';
        if (!ok) return false;
    }
    return true;
}

static struct result read_types(
    struct arena *arena, const struct block *block, struct tz_offset *types)
{
    struct str chars = arena_str(arena, block->chars);
    for (size_t i = 0; i < block->header.typecnt; i++) {
        const char *p = block->types.ptr + i * TYPE_BYTES;
        int32_t offset = (int32_t)(uint32_t)big_endian(p, 4);
        size_t from = (unsigned char)p[5];
        if (offset < OFFSET_LEAST || offset > OFFSET_GREATEST) return refuse("an offset");
        if (p[4] != 0 && p[4] != 1) return refuse("a DST flag");
        struct str rest = str_slice(chars, from, chars.len);
        size_t len = str_find(rest, '\0');
        if (len == rest.len || !is_abbreviation(str_slice(rest, 0, len))) {
            return refuse("an abbreviation");
        }
        types[i] = (struct tz_offset){offset, p[4] == 1, rest.ptr};
    }
    return RESULT_OK;
}

/* A zone while it is built. `file_last` is the file's own last transition. */
struct build {
    struct tz *tz;
    utc_us *at;
    uint16_t *kinds;
    struct tz_offset *types;
    bool has_rule;
    utc_us file_last;
};

static struct result read_times(struct build *build, const struct block *block)
{
    struct tz *tz = build->tz;
    int64_t before = 0;
    for (size_t i = 0; i < block->header.timecnt; i++) {
        uint64_t raw = big_endian(block->times.ptr + i * block->time_bytes, block->time_bytes);
        int64_t second = block->time_bytes == 4 ? (int32_t)(uint32_t)raw : (int64_t)raw;
        size_t kind = (unsigned char)block->indices.ptr[i];
        if (i > 0 && second <= before) return refuse("transitions out of order");
        if (kind >= block->header.typecnt) return refuse("a type that is not there");
        before = second;
        if (second > SECONDS_HELD) continue;
        if (second < -SECONDS_HELD) {
            tz->first = build->types[kind];
            continue;
        }
        build->at[tz->count] = second * US_PER_SECOND;
        build->kinds[tz->count++] = (uint16_t)kind;
    }
    return RESULT_OK;
}

/* After the file's last transition the footer's rule holds: write its changes into the table for
 * the years that matter, so that they are looked up like all others. */
static void extend_by_rule(
    struct arena *scratch, struct build *build, uint16_t std_kind, uint16_t dst_kind)
{
    struct tz *tz = build->tz;
    const struct tz_rule *rule = &tz->rule;
    utc_us end = date_from_civil((struct civil_date){TABLE_LAST_YEAR + 1, 1, 1}) * US_PER_DAY;
    utc_us last = build->file_last;
    if (!rule->has_dst) {
        build->kinds[tz->count - 1] = std_kind;
        return;
    }
    tz->rule_from = last > end ? last : end;
    if (last > end) return;
    int from_year = date_to_civil(local_from_utc(last).date).year - 2;
    size_t years = (size_t)(TABLE_LAST_YEAR + 1 - from_year + 1);
    struct tz_change *changes = ARENA_ARRAY(scratch, years * TZ_CHANGES_A_YEAR, struct tz_change);
    size_t n = tz_rule_changes(rule, from_year, TABLE_LAST_YEAR + 1, changes);
    for (size_t i = 0; i < n && changes[i].at < end; i++) {
        uint16_t kind = changes[i].is_dst ? dst_kind : std_kind;
        if (changes[i].at <= last) {
            build->kinds[build->tz->count - 1] = kind;
        } else {
            build->at[tz->count] = changes[i].at;
            build->kinds[tz->count++] = kind;
        }
    }
}

/* Entries that change nothing go, and the range of offsets is noted. */
static void finish(struct build *build)
{
    struct tz *tz = build->tz;
    const struct tz_offset *now = &tz->first;
    size_t kept = 0;
    tz->least = tz->greatest = tz->first.seconds;
    for (size_t i = 0; i < tz->count; i++) {
        const struct tz_offset *next = &build->types[build->kinds[i]];
        if (tz_offset_same(now, next)) continue;
        now = next;
        if (now->seconds < tz->least) tz->least = now->seconds;
        if (now->seconds > tz->greatest) tz->greatest = now->seconds;
        build->at[kept] = build->at[i];
        build->kinds[kept++] = build->kinds[i];
    }
    tz->count = kept;
    tz->at = build->at;
    tz->kinds = build->kinds;
    tz->types = build->types;
    const struct tz_offset *const ruled[] = {&tz->rule.std, &tz->rule.dst};
    for (size_t i = 0; i < COUNT_OF(ruled) && tz->rule.has_dst; i++) {
        if (ruled[i]->seconds < tz->least) tz->least = ruled[i]->seconds;
        if (ruled[i]->seconds > tz->greatest) tz->greatest = ruled[i]->seconds;
    }
}

/* Slots that the rule may add: from the last transition (not before 1800, see below) to 2100. */
enum { RULE_FIRST_YEAR = 1800, RULE_SLOTS = (TABLE_LAST_YEAR + 4 - RULE_FIRST_YEAR) * 2 };

struct result tz_parse(
    struct arena *arena, struct str bytes, struct str name, const struct tz **ret_tz)
{
    CHECK(arena && ret_tz);
    struct block block = {0};
    TRY(find_block(bytes, &block));
    TRY(check_counts(&block));

    size_t typecnt = block.header.typecnt;
    size_t slots = block.header.timecnt + (size_t)RULE_SLOTS;
    struct build build = {
        .tz = ARENA_NEW(arena, struct tz),
        .at = ARENA_ARRAY(arena, slots, utc_us),
        .kinds = ARENA_ARRAY(arena, slots, uint16_t),
        .types = ARENA_ARRAY(arena, typecnt + 2, struct tz_offset),
    };
    struct tz *tz = build.tz;
    TRY(read_types(arena, &block, build.types));
    tz->name = arena_str(arena, name);
    tz->first = build.types[0];
    tz->rule_from = INT64_MAX;
    TRY(read_times(&build, &block));
    if (block.footer.len > 0) {
        if (!tz_rule_parse(arena, block.footer, &tz->rule)) return refuse("the footer's rule");
        build.types[typecnt] = tz->rule.std;
        build.types[typecnt + 1] = tz->rule.dst;
        if (tz->count == 0) {
            if (tz->rule.has_dst) tz->rule_from = INT64_MIN;
            tz->first = tz->rule.std;
        } else {
            build.file_last = build.at[tz->count - 1];
            utc_us earliest =
                date_from_civil((struct civil_date){RULE_FIRST_YEAR, 1, 1}) * US_PER_DAY;
            if (tz->rule.has_dst && build.file_last < earliest) return refuse("a rule before 1800");
            extend_by_rule(arena, &build, (uint16_t)typecnt, (uint16_t)(typecnt + 1));
        }
    }
    finish(&build);
    *ret_tz = tz;
    return RESULT_OK;
}

/* What a zone looks like inside: shared by tz.c (questions) and tz_file.c (reading), nobody else.
 *
 * Time is cut into segments of one offset. `at[i]` begins the segment of type `kinds[i]`; before
 * at[0] it is `first`. Neighbouring segments differ, so each at[i] is a real change. From
 * `rule_from` on, the rule alone is asked; the table holds the rule's changes until then. */
#ifndef BALM_BASE_TZ_ZONE_H
#define BALM_BASE_TZ_ZONE_H

#include "base/tz.h"

enum tz_day_kind {
    TZ_DAY_JULIAN, /* Jn: 1..365, 29 February is never counted */
    TZ_DAY_ZERO,   /* n: 0..365, 29 February counts */
    TZ_DAY_MONTH,  /* Mm.w.d: weekday d (0 = Sunday) of week w (5 = last) of month m */
};

struct tz_day {
    enum tz_day_kind kind;
    int month;
    int week;
    int day;
    int32_t second; /* local, from that day's midnight; -167 to 167 hours */
};

struct tz_rule {
    bool has_dst;
    struct tz_offset std;
    struct tz_offset dst;
    struct tz_day to_dst;
    struct tz_day to_std;
};

struct tz {
    struct str name;
    size_t count;
    const utc_us *at;
    const uint16_t *kinds;
    const struct tz_offset *types;
    struct tz_offset first;
    struct tz_rule rule;
    utc_us rule_from; /* INT64_MAX: never; INT64_MIN: always */
    int32_t least;    /* the smallest and the greatest offset */
    int32_t greatest;
};

struct tz_change {
    utc_us at;
    bool is_dst;
};

enum { TZ_CHANGES_A_YEAR = 2 };

/* The changes that the rule (has_dst) makes in the years given, in order, into `out`, which has
 * room for TZ_CHANGES_A_YEAR a year. Where the two of a year fall on one instant daylight saving
 * wins: that is how a rule says "all year". Returns how many there are. */
size_t tz_rule_changes(
    const struct tz_rule *rule, int from_year, int to_year, struct tz_change *out);

bool tz_offset_same(const struct tz_offset *a, const struct tz_offset *b);

/* "EST5EDT,M3.2.0,M11.1.0"; false where it is not such a rule. Names go to the arena. */
bool tz_rule_parse(struct arena *arena, struct str text, struct tz_rule *ret_rule);

#endif

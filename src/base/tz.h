/* Time zones: a reader of TZif files (RFC 8536 / RFC 9636, versions 1 to 4, footer rule included)
 * over the system's tzdata.
 *
 * A struct tz is immutable once loaded and may be shared by all threads. tz_find loads a zone once
 * a process and keeps it for good (zones are few); names are checked before they become paths.
 *
 * Local to UTC has 0, 1 or 2 answers: a wall time that daylight saving skips has none, one that
 * occurs twice has two. Callers decide; nothing is guessed. */
#ifndef BALM_BASE_TZ_H
#define BALM_BASE_TZ_H

#include "base/civil.h"
#include "base/result.h"

struct tz;

struct tz_offset {
    int32_t seconds; /* east of UTC */
    bool is_dst;
    const char *abbreviation; /* "EDT"; lives as long as the zone */
};

struct tz_instants {
    int count; /* 0, 1 or 2 */
    utc_us at[2];
    /* count 0: the wall time is skipped; the first instant after the gap. Otherwise 0. */
    utc_us gap_end;
};

/* The zone of that IANA name ("America/New_York", "UTC"). ERR_INVALID reason "unknown-zone" where
 * there is none. *ret_tz lives until the process ends. Thread-safe. */
struct result MUST_CHECK tz_find(struct str name, const struct tz **ret_tz);

/* Parses a TZif file's bytes into `arena`. ERR_SYNTAX where it is not one. */
struct result MUST_CHECK tz_parse(
    struct arena *arena, struct str bytes, struct str name, const struct tz **ret_tz);

struct str tz_name(const struct tz *tz);

struct tz_offset tz_offset_at(const struct tz *tz, utc_us instant);

/* local.second may be 0..86400. */
struct tz_instants tz_local_to_utc(const struct tz *tz, struct local_time local);

struct local_time tz_utc_to_local(const struct tz *tz, utc_us instant);

/* The next instant after `instant` at which the zone's offset, DST flag or abbreviation changes,
 * before `until`; false where there is none. (For VTIMEZONE.) */
bool tz_next_transition(const struct tz *tz, utc_us instant, utc_us until, utc_us *ret_at);

/* Like a wall time that opens (first of two instants, gap end where skipped) or closes (second of
 * two, gap end where skipped) a period. */
utc_us tz_opening(const struct tz *tz, struct local_time local);
utc_us tz_closing(const struct tz *tz, struct local_time local);

/* For many wall times that lie close together: remembers the stretch of time with one offset around
 * the last answer. Begins as {.tz = tz}; belongs to one caller. */
struct tz_cursor {
    const struct tz *tz;
    utc_us from; /* within [from, to) a wall time is one instant, this offset away */
    utc_us to;
    utc_us offset;
};
/* tz_opening and tz_closing, answered from the cursor where they can be. */
utc_us tz_cursor_opening(struct tz_cursor *cursor, struct local_time local);
utc_us tz_cursor_closing(struct tz_cursor *cursor, struct local_time local);

#endif

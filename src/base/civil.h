/* Dates and instants, proleptic Gregorian, without the C library's global state.
 *
 * An instant is utc_us: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
 * A date is date_day: days since 1970-01-01. A wall time is struct local_time, without a zone;
 * base/tz.h turns it into instants. Years 1 to 9999. */
#ifndef BALM_BASE_CIVIL_H
#define BALM_BASE_CIVIL_H

#include "base/sb.h"
#include "base/str.h"

#include <stdint.h>

typedef int64_t utc_us;   /* an instant */
typedef int32_t date_day; /* a calendar date */

#define US_PER_SECOND INT64_C(1000000)
#define US_PER_MINUTE (60 * US_PER_SECOND)
#define US_PER_HOUR (60 * US_PER_MINUTE)
#define US_PER_DAY (24 * US_PER_HOUR)

struct civil_date {
    int year;  /* 1..9999 */
    int month; /* 1..12 */
    int day;   /* 1..31 */
};

struct local_time {
    date_day date;
    int32_t second; /* of the day, 0..86399; 86400 is the end of the day where a function says so */
};

/* Monday = 0 ... Sunday = 6. */
int date_weekday(date_day date);
struct civil_date date_to_civil(date_day date);
date_day date_from_civil(struct civil_date civil);
bool civil_is_valid(struct civil_date civil);
int civil_days_in_month(int year, int month);

/* Floor division to the date and second in UTC. */
struct local_time local_from_utc(utc_us instant);

/* The first day of the date's month; of the month n later. */
date_day date_first_of_month(date_day date);
date_day date_add_months(date_day date, int months);

/* "2026-03-09" exactly. */
bool date_parse(struct str text, date_day *ret_date);
void date_write(struct sb *sb, date_day date);

/* "09:00" to "23:59", and "24:00" where allow_24; minutes of the day. */
bool minutes_parse(struct str text, bool allow_24, int *ret_minutes);
void minutes_write(struct sb *sb, int minutes);

/* RFC 3339 with an offset or Z; up to six digits of fraction, ":60" refused. */
bool rfc3339_parse(struct str text, utc_us *ret_instant);
/* With the offset given (seconds east of UTC), whole seconds: 2026-03-09T09:00:00-04:00. */
void rfc3339_write(struct sb *sb, utc_us instant, int32_t offset_seconds);
/* In UTC with Z. */
void rfc3339_write_utc(struct sb *sb, utc_us instant);

#endif

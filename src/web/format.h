/* format: dates, times, durations, prices and zones as people write them.
 *
 * A struct format knows the reader's language and the region of the practice's locale: English in
 * the United States puts the month first, begins its weeks on Sunday and uses the 12-hour clock;
 * all else is day first, Monday, 24 hours. Names and patterns stand in web/words/format.msg.
 * Everything takes wall times (struct local_time): which zone they are in is the caller's business,
 * so a day on which clocks change needs no special care here.
 *
 * All texts are plain, live in the format's arena, and begin with a small letter where the language
 * writes days and months so; format_capital makes a heading of them. */
#ifndef BALM_WEB_FORMAT_H
#define BALM_WEB_FORMAT_H

#include "base/arena.h"
#include "base/civil.h"
#include "base/money.h"
#include "base/tmpl.h"
#include "base/tz.h"

struct format {
    struct arena *arena;
    enum lang lang;
    bool us;
    bool comma; /* 2,5 and not 2.5 */
    struct str months[12];
    struct str months_short[12];
    struct str weekdays[7]; /* Monday first */
    struct str weekdays_short[7];
    struct str weekday_letters[7];
};

/* locale: the practice's, "en-US". */
void format_init(struct format *f, struct arena *arena, enum lang lang, struct str locale);

/* The weekday on which a week begins: 0 Monday, 6 Sunday; and the first day of the date's week. */
int format_week_start(const struct format *f);
date_day format_first_of_week(const struct format *f, date_day date);

/* "Tuesday, March 3", "Tuesday 3 March", "martes, 3 de marzo" */
struct str format_date_long(const struct format *f, date_day date);
/* with the year */
struct str format_date_full(const struct format *f, date_day date);
/* "Tue, Mar 3", "Tue 3 Mar", "mar, 3 mar" */
struct str format_date_short(const struct format *f, date_day date);
/* "today", "tomorrow", else as format_date_long */
struct str format_date_relative(const struct format *f, date_day date, date_day today);
/* "March 2026", "marzo de 2026" */
struct str format_month(const struct format *f, date_day any_day_of_it);
/* "March 2–8, 2026": the seven days from `first` */
struct str format_week(const struct format *f, date_day first);
/* "3" */
struct str format_day_number(const struct format *f, date_day date);
/* 0 is Monday: "Tuesday", "Tue", "T" */
struct str format_weekday(const struct format *f, int weekday);
struct str format_weekday_short(const struct format *f, int weekday);
struct str format_weekday_letter(const struct format *f, int weekday);
/* "Monday to Friday", "Monday and Tuesday"; one name where both are equal */
struct str format_weekday_span(const struct format *f, int from, int to);

/* "10:30 AM", "10:30"; midnight is "12:00 AM" and "0:00", noon "12:00 PM" */
struct str format_time(const struct format *f, struct local_time local);
/* The same of minutes of a day, 0..1440. */
struct str format_minutes(const struct format *f, int minutes);
/* "9:00–17:00", "9:00 AM – 5:00 PM" */
struct str format_minutes_span(const struct format *f, int from, int to);
struct str format_time_span(const struct format *f, struct local_time from, struct local_time to);

/* "Tuesday 3 March, 10:30" */
struct str format_when(const struct format *f, struct local_time local);
/* "tomorrow, 10:30" */
struct str format_when_relative(const struct format *f, struct local_time local, date_day today);
/* The same as a part of a sentence, behind "until" and the like: "el lunes 2 de marzo a las 10:30"
 */
struct str format_moment(const struct format *f, struct local_time local);

/* "1 hour 30 minutes"; below two hours' worth of whole sessions people say minutes: "60 minutes",
 * "90 minutes" stay what they are with format_minutes_count. */
struct str format_duration(const struct format *f, int minutes);
struct str format_minutes_count(const struct format *f, int minutes);
/* "in 9 minutes", "in 3 hours", "in 2 days", rounded up; from 1 minute on */
struct str format_in(const struct format *f, utc_us span);

/* "New York time" of "America/New_York" */
struct str format_zone(const struct format *f, struct str zone_name);
/* "UTC−4", "UTC+5:30" */
struct str format_offset(const struct format *f, int32_t offset_seconds);

/* "$95", "95,50 €" */
struct str format_price(const struct format *f, struct money price);

/* "2.5", "2,5", "−0.4": hundredths rounded to that many digits (0 to 2); with a real minus. */
struct str format_decimal(const struct format *f, int64_t hundredths, int digits);

/* With a capital at the beginning (ASCII letters). */
struct str format_capital(const struct format *f, struct str text);

#endif

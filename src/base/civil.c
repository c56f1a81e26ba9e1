#include "base/civil.h"

#include "base/check.h"

#include "base/banned.h"

static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t quotient = a / b;
    return a % b < 0 ? quotient - 1 : quotient;
}

int date_weekday(date_day date)
{
    return (int)(((int64_t)date % 7 + 10) % 7); /* 1970-01-01 was a Thursday (3) */
}

/* The two conversions follow Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": eras of
 * 400 years, years that begin in March. */
date_day date_from_civil(struct civil_date civil)
{
    int64_t year = civil.month <= 2 ? civil.year - 1 : civil.year;
    int64_t era = floor_div(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t month = civil.month > 2 ? civil.month - 3 : civil.month + 9;
    int64_t day_of_year = (153 * month + 2) / 5 + civil.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (date_day)(era * 146097 + day_of_era - 719468);
}

struct civil_date date_to_civil(date_day date)
{
    int64_t shifted = (int64_t)date + 719468;
    int64_t era = floor_div(shifted, 146097);
    int64_t doe = shifted - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (struct civil_date){
        .year = (int)(yoe + era * 400 + (month <= 2)),
        .month = month,
        .day = (int)(doy - (153 * mp + 2) / 5 + 1),
    };
}

int civil_days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    CHECK(month >= 1 && month <= 12);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool civil_is_valid(struct civil_date civil)
{
    return civil.year >= 1 && civil.year <= 9999 && civil.month >= 1 && civil.month <= 12 &&
           civil.day >= 1 && civil.day <= civil_days_in_month(civil.year, civil.month);
}

struct local_time local_from_utc(utc_us instant)
{
    int64_t seconds = floor_div(instant, US_PER_SECOND);
    int64_t day = floor_div(seconds, 86400);
    return (struct local_time){(date_day)day, (int32_t)(seconds - day * 86400)};
}

date_day date_first_of_month(date_day date)
{
    struct civil_date civil = date_to_civil(date);
    civil.day = 1;
    return date_from_civil(civil);
}

date_day date_add_months(date_day date, int months)
{
    struct civil_date civil = date_to_civil(date);
    int64_t month = (int64_t)civil.year * 12 + civil.month - 1 + months;
    civil.year = (int)floor_div(month, 12);
    civil.month = (int)(month - floor_div(month, 12) * 12) + 1;
    int last = civil_days_in_month(civil.year, civil.month);
    if (civil.day > last) civil.day = last;
    return date_from_civil(civil);
}

/* Exactly `count` digits at the start of *rest. */
static bool take_digits(struct str *rest, size_t count, int *ret_value)
{
    if (rest->len < count) return false;
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        char c = rest->ptr[i];
        if (c < '0' || c > '9') return false;
        value = value * 10 + (c - '0');
    }
    *rest = str_slice(*rest, count, rest->len);
    *ret_value = value;
    return true;
}

static bool take_char(struct str *rest, char c)
{
    if (rest->len == 0 || rest->ptr[0] != c) return false;
    *rest = str_slice(*rest, 1, rest->len);
    return true;
}

static bool take_date(struct str *rest, date_day *ret_date)
{
    struct civil_date civil;
    if (!take_digits(rest, 4, &civil.year) || !take_char(rest, '-') ||
        !take_digits(rest, 2, &civil.month) || !take_char(rest, '-') ||
        !take_digits(rest, 2, &civil.day) || !civil_is_valid(civil)) {
        return false;
    }
    *ret_date = date_from_civil(civil);
    return true;
}

bool date_parse(struct str text, date_day *ret_date)
{
    date_day date;
    if (!take_date(&text, &date) || text.len != 0) return false;
    *ret_date = date;
    return true;
}

static char *put_two(char *at, unsigned value)
{
    at[0] = (char)('0' + value / 10);
    at[1] = (char)('0' + value % 10);
    return at + 2;
}

/* Digit by digit: a page holds a hundred dates. */
void date_write(struct sb *sb, date_day date)
{
    struct civil_date civil = date_to_civil(date);
    unsigned year = (unsigned)civil.year;
    char text[10];
    if (UNLIKELY(year > 9999)) {
        sb_add_padded(sb, year, 4);
        sb_add_bytes(sb, "-", 1);
    }
    char *at = put_two(put_two(text, year / 100 % 100), year % 100);
    *at++ = '-';
    at = put_two(at, (unsigned)civil.month);
    *at++ = '-';
    put_two(at, (unsigned)civil.day);
    sb_add_bytes(sb, year > 9999 ? text + 5 : text, year > 9999 ? 5 : 10);
}

bool minutes_parse(struct str text, bool allow_24, int *ret_minutes)
{
    int hour;
    int minute;
    if (!take_digits(&text, 2, &hour) || !take_char(&text, ':') ||
        !take_digits(&text, 2, &minute) || text.len != 0) {
        return false;
    }
    bool end_of_day = allow_24 && hour == 24 && minute == 0;
    if ((hour > 23 || minute > 59) && !end_of_day) return false;
    *ret_minutes = hour * 60 + minute;
    return true;
}

void minutes_write(struct sb *sb, int minutes)
{
    CHECK(minutes >= 0 && minutes <= 24 * 60);
    char text[5];
    put_two(text, (unsigned)minutes / 60);
    text[2] = ':';
    put_two(text + 3, (unsigned)minutes % 60);
    sb_add_bytes(sb, text, sizeof text);
}

/* ".123456" -> microseconds; no fraction is 0. */
static bool take_fraction(struct str *rest, int64_t *ret_us)
{
    *ret_us = 0;
    if (!take_char(rest, '.')) return true;
    int64_t scale = 100000;
    size_t digits = 0;
    while (rest->len && rest->ptr[0] >= '0' && rest->ptr[0] <= '9' && digits < 6) {
        *ret_us += (rest->ptr[0] - '0') * scale;
        scale /= 10;
        digits++;
        *rest = str_slice(*rest, 1, rest->len);
    }
    return digits > 0;
}

static bool take_offset(struct str *rest, int64_t *ret_seconds)
{
    if (take_char(rest, 'Z') || take_char(rest, 'z')) {
        *ret_seconds = 0;
        return true;
    }
    int sign = take_char(rest, '-') ? -1 : 1;
    int hours;
    int minutes;
    if (sign == 1 && !take_char(rest, '+')) return false;
    if (!take_digits(rest, 2, &hours) || !take_char(rest, ':') || !take_digits(rest, 2, &minutes) ||
        hours > 23 || minutes > 59) {
        return false;
    }
    *ret_seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool rfc3339_parse(struct str text, utc_us *ret_instant)
{
    date_day date;
    int hour;
    int minute;
    int second;
    int64_t fraction_us;
    int64_t offset;
    if (!take_date(&text, &date)) return false;
    if (!take_char(&text, 'T') && !take_char(&text, 't') && !take_char(&text, ' ')) return false;
    if (!take_digits(&text, 2, &hour) || !take_char(&text, ':') ||
        !take_digits(&text, 2, &minute) || !take_char(&text, ':') ||
        !take_digits(&text, 2, &second) || hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    if (!take_fraction(&text, &fraction_us) || !take_offset(&text, &offset) || text.len != 0) {
        return false;
    }
    int64_t seconds = (int64_t)date * 86400 + hour * 3600 + minute * 60 + second - offset;
    *ret_instant = seconds * US_PER_SECOND + fraction_us;
    return true;
}

/* "T09:30:00" */
static void time_write(struct sb *sb, int32_t second)
{
    unsigned s = (unsigned)second;
    char text[9] = "T00:00:00";
    put_two(text + 1, s / 3600);
    put_two(text + 4, s / 60 % 60);
    put_two(text + 7, s % 60);
    sb_add_bytes(sb, text, sizeof text);
}

void rfc3339_write(struct sb *sb, utc_us instant, int32_t offset_seconds)
{
    struct local_time local = local_from_utc(instant + offset_seconds * US_PER_SECOND);
    date_write(sb, local.date);
    time_write(sb, local.second);
    int32_t minutes = (offset_seconds < 0 ? -offset_seconds : offset_seconds) / 60;
    sb_add_char(sb, offset_seconds < 0 ? '-' : '+');
    minutes_write(sb, minutes);
}

void rfc3339_write_utc(struct sb *sb, utc_us instant)
{
    struct local_time local = local_from_utc(instant);
    date_write(sb, local.date);
    time_write(sb, local.second);
    sb_add_char(sb, 'Z');
}

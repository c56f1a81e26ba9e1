#include "base/tz_zone.h"

#include "base/check.h"

#include "base/banned.h"

enum { NAME_CHARS_MIN = 3, NAME_CHARS_MAX = 31, RULE_HOURS_MAX = 167, OFFSET_HOURS_MAX = 24 };

static bool take(struct str *rest, char c)
{
    if (rest->len == 0 || rest->ptr[0] != c) return false;
    *rest = str_slice(*rest, 1, rest->len);
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool take_number(struct str *rest, size_t max_digits, int min, int max, int *ret_value)
{
    size_t digits = 0;
    while (digits < rest->len && is_digit(rest->ptr[digits]))
        digits++;
    int64_t value;
    if (digits > max_digits || !str_to_i64(str_slice(*rest, 0, digits), min, max, &value)) {
        return false;
    }
    *rest = str_slice(*rest, digits, rest->len);
    *ret_value = (int)value;
    return true;
}

/* "EST" or "<+03>". */
static bool take_name(struct arena *arena, struct str *rest, const char **ret_name)
{
    bool quoted = take(rest, '<');
    size_t len = 0;
    while (len < rest->len) {
        char c = rest->ptr[len];
        if (!is_letter(c) && !(quoted && (is_digit(c) || c == '+' || c == '-'))) break;
        len++;
    }
    if (len < NAME_CHARS_MIN || len > NAME_CHARS_MAX) return false;
    struct str name = str_slice(*rest, 0, len);
    *rest = str_slice(*rest, len, rest->len);
    if (quoted && !take(rest, '>')) return false;
    *ret_name = arena_cstr(arena, name);
    return true;
}

/* [+-]h[hh][:mm[:ss]] */
static bool take_time(struct str *rest, int max_hours, int32_t *ret_seconds)
{
    int sign = take(rest, '-') ? -1 : 1;
    if (sign == 1) take(rest, '+');
    int hours;
    int minutes = 0;
    int seconds = 0;
    if (!take_number(rest, 3, 0, max_hours, &hours)) return false;
    if (take(rest, ':')) {
        if (!take_number(rest, 2, 0, 59, &minutes)) return false;
        if (take(rest, ':') && !take_number(rest, 2, 0, 59, &seconds)) return false;
    }
    *ret_seconds = sign * (hours * 3600 + minutes * 60 + seconds);
    return true;
}

static bool take_day(struct str *rest, struct tz_day *ret_day)
{
    struct tz_day day = {.second = 2 * 3600};
    bool ok;
    if (take(rest, 'M')) {
        day.kind = TZ_DAY_MONTH;
        ok = take_number(rest, 2, 1, 12, &day.month) && take(rest, '.') &&
             take_number(rest, 1, 1, 5, &day.week) && take(rest, '.') &&
             take_number(rest, 1, 0, 6, &day.day);
    } else if (take(rest, 'J')) {
        day.kind = TZ_DAY_JULIAN;
        ok = take_number(rest, 3, 1, 365, &day.day);
    } else {
        day.kind = TZ_DAY_ZERO;
        ok = take_number(rest, 3, 0, 365, &day.day);
    }
    if (!ok) return false;
    if (take(rest, '/') && !take_time(rest, RULE_HOURS_MAX, &day.second)) return false;
    *ret_day = day;
    return true;
}

bool tz_rule_parse(struct arena *arena, struct str text, struct tz_rule *ret_rule)
{
    struct tz_rule rule = {.dst = {.is_dst = true}};
    int32_t west; /* POSIX counts west of Greenwich */
    if (!take_name(arena, &text, &rule.std.abbreviation)) return false;
    if (!take_time(&text, OFFSET_HOURS_MAX, &west)) return false;
    rule.std.seconds = -west;
    if (text.len > 0) {
        rule.has_dst = true;
        if (!take_name(arena, &text, &rule.dst.abbreviation) || text.len == 0) return false;
        rule.dst.seconds = rule.std.seconds + 3600;
        if (text.ptr[0] != ',') {
            if (!take_time(&text, OFFSET_HOURS_MAX, &west)) return false;
            rule.dst.seconds = -west;
        }
        if (!take(&text, ',') || !take_day(&text, &rule.to_dst)) return false;
        if (!take(&text, ',') || !take_day(&text, &rule.to_std)) return false;
        if (text.len > 0) return false;
    }
    *ret_rule = rule;
    return true;
}

static bool is_leap(int year)
{
    return civil_days_in_month(year, 2) == 29;
}

static int64_t day_in_year(const struct tz_day *day, int year)
{
    int64_t first = date_from_civil((struct civil_date){year, 1, 1});
    switch (day->kind) {
    case TZ_DAY_JULIAN: return first + day->day - 1 + (day->day >= 60 && is_leap(year));
    case TZ_DAY_ZERO: return first + day->day;
    case TZ_DAY_MONTH: {
        date_day month = date_from_civil((struct civil_date){year, day->month, 1});
        int weekday = (date_weekday(month) + 1) % 7; /* Sunday = 0 here */
        int at = (day->day - weekday + 7) % 7 + (day->week - 1) * 7;
        if (at >= civil_days_in_month(year, day->month)) at -= 7;
        return month + at;
    }
    }
    UNREACHABLE();
}

static utc_us change_at(const struct tz_day *day, int year, int32_t offset_before)
{
    return (day_in_year(day, year) * 86400 + day->second - offset_before) * US_PER_SECOND;
}

static bool change_before(const struct tz_change *a, const struct tz_change *b)
{
    return a->at < b->at || (a->at == b->at && !a->is_dst && b->is_dst);
}

size_t tz_rule_changes(
    const struct tz_rule *rule, int from_year, int to_year, struct tz_change *out)
{
    CHECK(rule->has_dst);
    size_t n = 0;
    for (int year = from_year; year <= to_year; year++) {
        const struct tz_change changes[TZ_CHANGES_A_YEAR] = {
            {change_at(&rule->to_dst, year, rule->std.seconds), true},
            {change_at(&rule->to_std, year, rule->dst.seconds), false},
        };
        for (size_t i = 0; i < TZ_CHANGES_A_YEAR; i++) {
            size_t at = n++;
            for (; at > 0 && change_before(&changes[i], &out[at - 1]); at--)
                out[at] = out[at - 1];
            out[at] = changes[i];
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (i + 1 < n && out[i + 1].at == out[i].at) continue; /* lasts no time at all */
        if (kept > 0 && out[kept - 1].is_dst == out[i].is_dst) continue;
        out[kept++] = out[i];
    }
    return kept;
}

bool tz_offset_same(const struct tz_offset *a, const struct tz_offset *b)
{
    return a->seconds == b->seconds && a->is_dst == b->is_dst &&
           strcmp(a->abbreviation, b->abbreviation) == 0;
}

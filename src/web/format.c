#include "web/format.h"

#include "base/check.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum { TEXT_MAX = 1024 };

/* Begins a text in the arena; end() gives it. */
static struct tmpl begin(const struct format *f, struct sb *sb)
{
    sb_init(sb, f->arena, TEXT_MAX);
    return (struct tmpl){.out = sb, .lang = f->lang};
}

static struct str end(const struct sb *sb)
{
    CHECK(sb_ok(sb));
    return sb_str(sb);
}

/* One sentence as a text: written beside the arena, so that only its own length is taken there. */
#define SAY(f, ret_text, sentence, ...)                                                            \
    do {                                                                                           \
        char text_[TEXT_MAX];                                                                      \
        struct sb sb_;                                                                             \
        sb_init_fixed(&sb_, text_, sizeof text_);                                                  \
        struct tmpl t_ = {.out = &sb_, .lang = (f)->lang};                                         \
        sentence(&t_, __VA_ARGS__);                                                                \
        *(ret_text) = arena_str((f)->arena, end(&sb_));                                            \
    } while (0)

static struct str number(const struct format *f, int64_t value)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233"
        "34353637383940414243444546474849505152535455565758596061626364656667"
        "6869707172737475767778798081828384858687888990919293949596979899";
    if (value >= 0 && value < 100) { /* days: no memory for these */
        size_t skip = value < 10;
        return (struct str){pairs + 2 * value + skip, 2 - skip};
    }
    struct sb sb;
    sb_init(&sb, f->arena, 32);
    sb_add_i64(&sb, value);
    return end(&sb);
}

static void read_list(
    const struct format *f, void (*list)(struct tmpl *), struct str *ret_names, size_t count)
{
    struct sb sb;
    struct tmpl t = begin(f, &sb);
    list(&t);
    struct str rest = end(&sb);
    size_t n = 0;
    struct str name;
    while (n < count && str_cut(&rest, ' ', &name))
        ret_names[n++] = name;
    CHECK(n == count && rest.len == 0); /* a translation that lost a name */
}

/* Where Spanish is written with a decimal point: North and Central America and the Caribbean. */
static bool writes_point(struct str locale)
{
    static const char regions[][3] = {"US", "MX", "GT", "HN", "NI", "SV", "PA", "DO", "PR", "CU"};
    if (locale.len < 3) return false;
    struct str region = str_slice(locale, locale.len - 2, locale.len);
    for (size_t i = 0; i < COUNT_OF(regions); i++) {
        if (str_eq(region, str_from_cstr(regions[i]))) return true;
    }
    return false;
}

void format_init(struct format *f, struct arena *arena, enum lang lang, struct str locale)
{
    *f = (struct format){
        .arena = arena,
        .lang = lang,
        .us = lang == LANG_EN && (str_ends(locale, STR("-US")) || str_ends(locale, STR("_US"))),
        .comma = lang == LANG_ES && !writes_point(locale),
    };
    read_list(f, msg_months, f->months, COUNT_OF(f->months));
    read_list(f, msg_months_short, f->months_short, COUNT_OF(f->months_short));
    read_list(f, msg_weekdays, f->weekdays, COUNT_OF(f->weekdays));
    read_list(f, msg_weekdays_short, f->weekdays_short, COUNT_OF(f->weekdays_short));
    read_list(f, msg_weekday_letters, f->weekday_letters, COUNT_OF(f->weekday_letters));
}

/* ---- days ---- */

int format_week_start(const struct format *f)
{
    return f->us ? 6 : 0;
}

date_day format_first_of_week(const struct format *f, date_day date)
{
    return date - (date_weekday(date) - format_week_start(f) + 7) % 7;
}

struct str format_date_long(const struct format *f, date_day date)
{
    struct civil_date civil = date_to_civil(date);
    struct str weekday = f->weekdays[date_weekday(date)];
    struct str month = f->months[civil.month - 1];
    struct str day = number(f, civil.day);
    struct str text;
    if (f->us) {
        SAY(f, &text, msg_date_long_us, weekday, month, day);
    } else {
        SAY(f, &text, msg_date_long, weekday, day, month);
    }
    return text;
}

struct str format_date_full(const struct format *f, date_day date)
{
    struct civil_date civil = date_to_civil(date);
    struct str weekday = f->weekdays[date_weekday(date)];
    struct str month = f->months[civil.month - 1];
    struct str day = number(f, civil.day);
    struct str year = number(f, civil.year);
    struct str text;
    if (f->us) {
        SAY(f, &text, msg_date_full_us, weekday, month, day, year);
    } else {
        SAY(f, &text, msg_date_full, weekday, day, month, year);
    }
    return text;
}

struct str format_date_short(const struct format *f, date_day date)
{
    struct civil_date civil = date_to_civil(date);
    struct str weekday = f->weekdays_short[date_weekday(date)];
    struct str month = f->months_short[civil.month - 1];
    struct str day = number(f, civil.day);
    struct str text;
    if (f->us) {
        SAY(f, &text, msg_date_short_us, weekday, month, day);
    } else {
        SAY(f, &text, msg_date_short, weekday, day, month);
    }
    return text;
}

struct str format_date_relative(const struct format *f, date_day date, date_day today)
{
    if (date != today && date != today + 1) return format_date_long(f, date);
    struct sb sb;
    struct tmpl t = begin(f, &sb);
    if (date == today) {
        msg_today(&t);
    } else {
        msg_tomorrow(&t);
    }
    return end(&sb);
}

struct str format_month(const struct format *f, date_day any_day_of_it)
{
    struct civil_date civil = date_to_civil(any_day_of_it);
    struct str text;
    SAY(f, &text, msg_month_title, f->months[civil.month - 1], number(f, civil.year));
    return text;
}

struct str format_week(const struct format *f, date_day first)
{
    struct civil_date from = date_to_civil(first);
    struct civil_date to = date_to_civil(first + 6);
    struct str from_day = number(f, from.day);
    struct str to_day = number(f, to.day);
    struct str year = number(f, to.year);
    struct str text;
    if (from.month == to.month) {
        struct str month = f->months[from.month - 1];
        if (f->us) {
            SAY(f, &text, msg_week_us, month, from_day, to_day, year);
        } else {
            SAY(f, &text, msg_week, from_day, to_day, month, year);
        }
        return text;
    }
    struct str month = f->months_short[from.month - 1];
    struct str month2 = f->months_short[to.month - 1];
    if (f->us) {
        SAY(f, &text, msg_week_two_us, month, from_day, month2, to_day, year);
    } else {
        SAY(f, &text, msg_week_two, from_day, month, to_day, month2, year);
    }
    return text;
}

struct str format_day_number(const struct format *f, date_day date)
{
    return number(f, date_to_civil(date).day);
}

struct str format_weekday(const struct format *f, int weekday)
{
    CHECK(weekday >= 0 && weekday < 7);
    return f->weekdays[weekday];
}

struct str format_weekday_short(const struct format *f, int weekday)
{
    CHECK(weekday >= 0 && weekday < 7);
    return f->weekdays_short[weekday];
}

struct str format_weekday_letter(const struct format *f, int weekday)
{
    CHECK(weekday >= 0 && weekday < 7);
    return f->weekday_letters[weekday];
}

struct str format_weekday_span(const struct format *f, int from, int to)
{
    if (from == to) return format_weekday(f, from);
    struct str text;
    if (to == (from + 1) % 7) {
        SAY(f, &text, msg_weekday_pair, format_weekday(f, from), format_weekday(f, to));
        return text;
    }
    SAY(f, &text, msg_weekday_span, format_weekday(f, from), format_weekday(f, to));
    return text;
}

/* ---- times ---- */

struct str format_minutes(const struct format *f, int minutes)
{
    CHECK(minutes >= 0 && minutes <= 24 * 60);
    int hour = minutes / 60 % 24;
    /* The end of a day is 24:00 where hours are counted through, so that "0:00" is its beginning.
     */
    int shown = f->us ? (hour + 11) % 12 + 1 : minutes / 60;
    struct sb sb;
    sb_init(&sb, f->arena, 32);
    sb_add_i64(&sb, shown);
    sb_add_char(&sb, ':');
    sb_add_padded(&sb, (uint64_t)(minutes % 60), 2);
    struct str text = end(&sb);
    if (!f->us) return text;
    if (hour < 12) {
        SAY(f, &text, msg_time_am, end(&sb));
    } else {
        SAY(f, &text, msg_time_pm, end(&sb));
    }
    return text;
}

struct str format_time(const struct format *f, struct local_time local)
{
    return format_minutes(f, local.second / 60);
}

static struct str span(const struct format *f, struct str from, struct str to)
{
    struct str text;
    if (f->us) {
        SAY(f, &text, msg_span_wide, from, to);
    } else {
        SAY(f, &text, msg_span, from, to);
    }
    return text;
}

struct str format_minutes_span(const struct format *f, int from, int to)
{
    return span(f, format_minutes(f, from), format_minutes(f, to));
}

struct str format_time_span(const struct format *f, struct local_time from, struct local_time to)
{
    return span(f, format_time(f, from), format_time(f, to));
}

struct str format_when(const struct format *f, struct local_time local)
{
    struct str text;
    SAY(f, &text, msg_when, format_date_long(f, local.date), format_time(f, local));
    return text;
}

struct str format_when_relative(const struct format *f, struct local_time local, date_day today)
{
    struct str text;
    struct str day = format_date_relative(f, local.date, today);
    SAY(f, &text, msg_when, day, format_time(f, local));
    return text;
}

struct str format_moment(const struct format *f, struct local_time local)
{
    struct civil_date civil = date_to_civil(local.date);
    struct str weekday = f->weekdays[date_weekday(local.date)];
    struct str month = f->months[civil.month - 1];
    struct str day = number(f, civil.day);
    struct str time = format_time(f, local);
    bool one = local.second / 3600 == 1;
    struct str text;
    if (f->us && one) {
        SAY(f, &text, msg_moment_one_us, weekday, month, day, time);
    } else if (f->us) {
        SAY(f, &text, msg_moment_us, weekday, month, day, time);
    } else if (one) {
        SAY(f, &text, msg_moment_one, weekday, day, month, time);
    } else {
        SAY(f, &text, msg_moment, weekday, day, month, time);
    }
    return text;
}

/* ---- how long ---- */

struct str format_minutes_count(const struct format *f, int minutes)
{
    struct str text;
    SAY(f, &text, msg_minutes, minutes);
    return text;
}

struct str format_duration(const struct format *f, int minutes)
{
    CHECK(minutes >= 0);
    if (minutes <= 60) return format_minutes_count(f, minutes);
    struct str hours;
    SAY(f, &hours, msg_hours, minutes / 60);
    if (minutes % 60 == 0) return hours;
    struct str text;
    SAY(f, &text, msg_hours_and_minutes, hours, format_minutes_count(f, minutes % 60));
    return text;
}

struct str format_in(const struct format *f, utc_us duration)
{
    int64_t minutes = (duration + US_PER_MINUTE - 1) / US_PER_MINUTE;
    if (minutes < 1) minutes = 1;
    struct str text;
    if (minutes < 90) {
        SAY(f, &text, msg_in_minutes, minutes);
    } else if (minutes < 36 * 60) {
        SAY(f, &text, msg_in_hours, (minutes + 59) / 60);
    } else {
        SAY(f, &text, msg_in_days, (minutes + 24 * 60 - 1) / (24 * 60));
    }
    return text;
}

/* ---- zones, money ---- */

/* The n-th of names divided by ';'; where n is -1, the place of `name`. */
static struct str list_entry(struct str list, int n)
{
    struct str entry = {0};
    for (int i = 0; i <= n; i++) {
        if (!str_cut(&list, ';', &entry)) return (struct str){0};
    }
    return entry;
}

static int list_place(struct str list, struct str name)
{
    struct str entry;
    for (int i = 0; str_cut(&list, ';', &entry); i++) {
        if (str_eq(entry, name)) return i;
    }
    return -1;
}

/* Some cities have another name in another language. */
static struct str city_name(const struct format *f, struct str city)
{
    struct format english = *f;
    english.lang = LANG_EN;
    struct sb en;
    struct sb own;
    struct tmpl t_en = begin(&english, &en);
    msg_zone_cities(&t_en);
    struct tmpl t_own = begin(f, &own);
    msg_zone_cities(&t_own);
    int place = list_place(end(&en), city);
    struct str name = place < 0 ? city : list_entry(end(&own), place);
    return name.len ? name : city;
}

struct str format_zone(const struct format *f, struct str zone_name)
{
    struct str city = zone_name;
    struct str head;
    struct str rest = zone_name;
    while (str_cut(&rest, '/', &head))
        city = head;
    if (str_eq(city, zone_name) || str_starts(zone_name, STR("Etc/"))) return city; /* "UTC" */
    char *spaced = arena_alloc(f->arena, city.len + 1, 1);
    for (size_t i = 0; i < city.len; i++)
        spaced[i] = city.ptr[i] == '_' ? ' ' : city.ptr[i];
    struct str text;
    SAY(f, &text, msg_zone_time, city_name(f, (struct str){spaced, city.len}));
    return text;
}

struct str format_offset(const struct format *f, int32_t offset_seconds)
{
    uint64_t minutes = (uint64_t)(offset_seconds < 0 ? -offset_seconds : offset_seconds) / 60;
    struct sb sb;
    sb_init(&sb, f->arena, 32);
    SB_LIT(&sb, "UTC");
    if (minutes) {
        sb_add_cstr(&sb, offset_seconds < 0 ? "−" : "+");
        sb_add_i64(&sb, (int64_t)(minutes / 60));
    }
    if (minutes % 60) {
        sb_add_char(&sb, ':');
        sb_add_padded(&sb, minutes % 60, 2);
    }
    return end(&sb);
}

struct str format_price(const struct format *f, struct money price)
{
    struct sb sb;
    sb_init(&sb, f->arena, 64);
    money_write(&sb, price, tmpl_lang_code(f->lang));
    return end(&sb);
}

struct str format_decimal(const struct format *f, int64_t hundredths, int digits)
{
    static const uint64_t units[] = {100, 10, 1};
    CHECK(digits >= 0 && digits <= 2);
    struct sb sb;
    sb_init(&sb, f->arena, 32);
    uint64_t size = hundredths < 0 ? 0 - (uint64_t)hundredths : (uint64_t)hundredths;
    uint64_t rounded = (size + units[digits] / 2) / units[digits]; /* in units of the last digit */
    uint64_t whole = digits == 2 ? 100 : digits == 1 ? 10 : 1;
    if (hundredths < 0 && rounded) SB_LIT(&sb, "\u2212");
    sb_add_padded(&sb, rounded / whole, 1);
    if (digits) {
        sb_add_char(&sb, f->comma ? ',' : '.');
        sb_add_padded(&sb, rounded % whole, digits);
    }
    return end(&sb);
}

struct str format_capital(const struct format *f, struct str text)
{
    if (!text.len || text.ptr[0] < 'a' || text.ptr[0] > 'z') return text;
    char *copy = arena_alloc(f->arena, text.len, 1);
    memcpy(copy, text.ptr, text.len);
    copy[0] = (char)(copy[0] - 'a' + 'A');
    return (struct str){copy, text.len};
}

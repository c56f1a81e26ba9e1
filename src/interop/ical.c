#include "interop/ical.h"

#include "mail/mail.h"

#include "base/check.h"

#include "base/banned.h"

enum { FOLD_OCTETS = 75 };

/* --- lines --- */

/* A content line under way; counts octets to fold in time. */
struct line {
    struct sb *sb;
    size_t column;
};

/* `ptr` is one character of 1 to 4 octets, which a fold must not divide. */
static void put_char(struct line *line, const char *ptr, size_t len)
{
    if (line->column + len > FOLD_OCTETS) {
        SB_LIT(line->sb, "\r\n ");
        line->column = 1;
    }
    sb_add_bytes(line->sb, ptr, len);
    line->column += len;
}

static size_t char_bytes(struct str s, size_t at)
{
    size_t n = 1;
    while (n < 4 && at + n < s.len && ((unsigned char)s.ptr[at + n] & 0xC0) == 0x80)
        n++;
    return n;
}

static bool is_control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7F;
}

/* Control characters are left out. */
static void put(struct line *line, struct str s)
{
    for (size_t i = 0, n = 0; i < s.len; i += n) {
        n = char_bytes(s, i);
        if (!is_control(s.ptr[i])) put_char(line, s.ptr + i, n);
    }
}

static void put_cstr(struct line *line, const char *text)
{
    put(line, str_from_cstr(text));
}

static void end_line(struct line *line)
{
    SB_LIT(line->sb, "\r\n");
    line->column = 0;
}

static void whole_line(struct sb *sb, const char *text)
{
    struct line line = {.sb = sb};
    put_cstr(&line, text);
    end_line(&line);
}

/* TEXT (RFC 5545 §3.3.11). */
static void put_text(struct line *line, struct str s)
{
    for (size_t i = 0, n = 0; i < s.len; i += n) {
        n = char_bytes(s, i);
        char c = s.ptr[i];
        if (c == '\r') {
            /* CRLF and CR are one line end each */
            if (i + 1 >= s.len || s.ptr[i + 1] != '\n') put_char(line, "\\n", 2);
        } else if (c == '\n') {
            put_char(line, "\\n", 2);
        } else if (c == '\\' || c == ';' || c == ',') {
            const char escaped[2] = {'\\', c};
            put_char(line, escaped, sizeof escaped);
        } else if (c == '\t') {
            put_char(line, " ", 1);
        } else if (!is_control(c)) {
            put_char(line, s.ptr + i, n);
        }
    }
}

static void text_line(struct sb *sb, const char *name, struct str value)
{
    if (value.len == 0) return;
    struct line line = {.sb = sb};
    put_cstr(&line, name);
    put_char(&line, ":", 1);
    put_text(&line, value);
    end_line(&line);
}

/* A parameter value in quotes: it may hold anything but quotes and control characters. */
static void put_quoted(struct line *line, struct str s)
{
    put_char(line, "\"", 1);
    for (size_t i = 0, n = 0; i < s.len; i += n) {
        n = char_bytes(s, i);
        if (s.ptr[i] != '"' && !is_control(s.ptr[i])) put_char(line, s.ptr + i, n);
    }
    put_char(line, "\"", 1);
}

/* A mailto URI (RFC 6068): what an address may hold but a URI may not becomes %XX. */
static void put_mailto(struct line *line, struct str email)
{
    put(line, STR("mailto:"));
    for (size_t i = 0; i < email.len; i++) {
        char c = email.ptr[i];
        if (strchr("%?&#/=^`{|}", c)) {
            static const char HEX[] = "0123456789ABCDEF";
            const char code[3] = {'%', HEX[c >> 4 & 15], HEX[c & 15]};
            put_char(line, code, sizeof code);
        } else {
            put_char(line, &c, 1);
        }
    }
}

static void person_line(struct sb *sb, const char *start, struct str name, struct str email)
{
    if (!mail_address_is_valid(email)) return;
    struct line line = {.sb = sb};
    put_cstr(&line, start);
    if (name.len > 0) {
        put(&line, STR(";CN="));
        put_quoted(&line, name);
    }
    put_char(&line, ":", 1);
    put_mailto(&line, email);
    end_line(&line);
}

/* --- times --- */

static void add_local(struct sb *sb, struct local_time local)
{
    struct civil_date civil = date_to_civil(local.date);
    sb_addf(sb, "%04d%02d%02dT%02d%02d%02d", civil.year, civil.month, civil.day,
        local.second / 3600, local.second / 60 % 60, local.second % 60);
}

/* An instant in UTC, or in the zone where there is one. */
static void time_line(struct sb *sb, const char *name, utc_us instant, const struct tz *zone)
{
    char buffer[32];
    struct sb value;
    sb_init_fixed(&value, buffer, sizeof buffer);
    add_local(&value, zone ? tz_utc_to_local(zone, instant) : local_from_utc(instant));

    struct line line = {.sb = sb};
    put_cstr(&line, name);
    if (zone) {
        put(&line, STR(";TZID="));
        put(&line, tz_name(zone));
    }
    put_char(&line, ":", 1);
    put(&line, sb_str(&value));
    if (!zone) put_char(&line, "Z", 1);
    end_line(&line);
}

static bool is_utc(const struct tz *zone)
{
    static const struct str NAMES[] = {STR_INIT("UTC"), STR_INIT("Etc/UTC"), STR_INIT("Zulu"),
        STR_INIT("Etc/UCT"), STR_INIT("Etc/Zulu"), STR_INIT("UCT")};
    if (!zone) return true;
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        if (str_eq(tz_name(zone), NAMES[i])) return true;
    }
    return false;
}

static bool is_ambiguous(const struct tz *zone, utc_us instant)
{
    return tz_local_to_utc(zone, tz_utc_to_local(zone, instant)).count != 1;
}

/* The zone that the event's times are written in; NULL is UTC. */
static const struct tz *zone_of(const struct ical_event *event)
{
    if (is_utc(event->zone)) return NULL;
    if (is_ambiguous(event->zone, event->start)) return NULL;
    if (is_ambiguous(event->zone, event->end)) return NULL;
    return event->zone;
}

/* --- VTIMEZONE --- */

static void offset_line(struct sb *sb, const char *name, int32_t seconds)
{
    int32_t size = seconds < 0 ? -seconds : seconds;
    sb_addf(sb, "%s:%c%02d%02d", name, seconds < 0 ? '-' : '+', size / 3600, size / 60 % 60);
    if (size % 60 != 0) sb_addf(sb, "%02d", size % 60); /* before zones had whole minutes */
    SB_LIT(sb, "\r\n");
}

/* From `start`, a wall time as read before the change, `to` is in force. */
static void observance(struct sb *sb, struct local_time start, int32_t from, struct tz_offset to)
{
    const char *kind = to.is_dst ? "DAYLIGHT" : "STANDARD";
    sb_addf(sb, "BEGIN:%s\r\nDTSTART:", kind);
    add_local(sb, start);
    SB_LIT(sb, "\r\n");
    offset_line(sb, "TZOFFSETFROM", from);
    offset_line(sb, "TZOFFSETTO", to.seconds);
    text_line(sb, "TZNAME", str_from_cstr(to.abbreviation));
    sb_addf(sb, "END:%s\r\n", kind);
}

static utc_us start_of_year(int year)
{
    int clamped = year < 1 ? 1 : year > 9999 ? 9999 : year;
    return date_from_civil((struct civil_date){clamped, 1, 1}) * US_PER_DAY;
}

static void zone_component(struct sb *sb, const struct tz *zone, utc_us first, utc_us last)
{
    utc_us at = start_of_year(date_to_civil(local_from_utc(first).date).year - 1);
    utc_us until = start_of_year(date_to_civil(local_from_utc(last).date).year + 2);

    SB_LIT(sb, "BEGIN:VTIMEZONE\r\n");
    text_line(sb, "TZID", tz_name(zone));
    /* What is in force before the first change listed; without changes this is all. */
    struct tz_offset offset = tz_offset_at(zone, at);
    struct local_time epoch = at < 0 ? local_from_utc(at) : (struct local_time){0, 0};
    observance(sb, epoch, offset.seconds, offset);
    while (tz_next_transition(zone, at, until, &at)) {
        struct tz_offset next = tz_offset_at(zone, at);
        observance(sb, local_from_utc(at + offset.seconds * US_PER_SECOND), offset.seconds, next);
        offset = next;
    }
    SB_LIT(sb, "END:VTIMEZONE\r\n");
}

/* --- VEVENT --- */

static const char *method_name(enum ical_method method)
{
    switch (method) {
    case ICAL_PUBLISH: return "PUBLISH";
    case ICAL_REQUEST: return "REQUEST";
    case ICAL_CANCEL: return "CANCEL";
    }
    UNREACHABLE();
}

static void alarm_component(struct sb *sb, const struct ical_event *event)
{
    if (event->alarm_minutes <= 0 || event->status == ICAL_CANCELLED) return;
    SB_LIT(sb, "BEGIN:VALARM\r\nACTION:DISPLAY\r\n");
    sb_addf(sb, "TRIGGER:-PT%dM\r\n", event->alarm_minutes);
    text_line(sb, "DESCRIPTION", event->summary.len > 0 ? event->summary : STR("-"));
    SB_LIT(sb, "END:VALARM\r\n");
}

static void categories_line(struct sb *sb, struct str_list categories)
{
    if (categories.len == 0) return;
    struct line line = {.sb = sb};
    put(&line, STR("CATEGORIES:"));
    for (size_t i = 0; i < categories.len; i++) {
        if (i > 0) put_char(&line, ",", 1);
        put_text(&line, categories.ptr[i]);
    }
    end_line(&line);
}

static void people(struct sb *sb, const struct ical_event *event)
{
    person_line(sb, "ORGANIZER", event->organizer_name, event->organizer_email);
    if (event->method == ICAL_PUBLISH) return; /* RFC 5546 §3.2.1: none there */
    /* The client chose the time: there is nothing left to accept. */
    person_line(sb, "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE",
        event->attendee_name, event->attendee_email);
}

static void event_component(struct sb *sb, const struct ical_event *event)
{
    CHECK(event->uid.len > 0 && event->start < event->end && event->sequence >= 0);
    const struct tz *zone = zone_of(event);
    SB_LIT(sb, "BEGIN:VEVENT\r\n");
    text_line(sb, "UID", event->uid);
    time_line(sb, "DTSTAMP", event->stamp, NULL);
    time_line(sb, "DTSTART", event->start, zone);
    time_line(sb, "DTEND", event->end, zone);
    sb_addf(sb, "SEQUENCE:%lld\r\n", (long long)event->sequence);
    whole_line(sb, event->status == ICAL_CANCELLED ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
    text_line(sb, "SUMMARY", event->summary);
    text_line(sb, "DESCRIPTION", event->description);
    text_line(sb, "LOCATION", event->location);
    if (event->url.len > 0) {
        struct line line = {.sb = sb};
        put(&line, STR("URL:"));
        put(&line, event->url);
        end_line(&line);
    }
    categories_line(sb, event->categories);
    people(sb, event);
    if (event->is_private) whole_line(sb, "CLASS:PRIVATE");
    whole_line(sb, event->status == ICAL_CANCELLED ? "TRANSP:TRANSPARENT" : "TRANSP:OPAQUE");
    alarm_component(sb, event);
    SB_LIT(sb, "END:VEVENT\r\n");
}

void ical_write_all(
    struct sb *sb, struct str calendar_name, const struct ical_event *events, size_t count)
{
    CHECK(sb && (events || count == 0));
    utc_us first = INT64_MAX;
    utc_us last = INT64_MIN;
    const struct tz *zone = NULL;
    for (size_t i = 0; i < count; i++) {
        CHECK(events[i].zone == events[0].zone && events[i].method == events[0].method);
        if (!zone_of(&events[i])) continue;
        zone = events[i].zone;
        if (events[i].start < first) first = events[i].start;
        if (events[i].end > last) last = events[i].end;
    }

    SB_LIT(sb, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Balm//Balm//EN\r\n");
    SB_LIT(sb, "CALSCALE:GREGORIAN\r\n");
    sb_addf(sb, "METHOD:%s\r\n", method_name(count > 0 ? events[0].method : ICAL_PUBLISH));
    text_line(sb, "NAME", calendar_name);
    text_line(sb, "X-WR-CALNAME", calendar_name); /* what most programs read instead */
    if (zone) zone_component(sb, zone, first, last);
    for (size_t i = 0; i < count; i++)
        event_component(sb, &events[i]);
    SB_LIT(sb, "END:VCALENDAR\r\n");
}

void ical_write(struct sb *sb, const struct ical_event *event)
{
    ical_write_all(sb, (struct str){0}, event, 1);
}

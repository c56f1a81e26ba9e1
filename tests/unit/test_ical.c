/* The iCalendar writer, read back by libical with nothing but the zone in the file itself. With
 * BALM_ICS_DIR set, the files are kept there for another reader (tests/http/ics.mjs). */
#include "base/sb.h"
#include "interop/ical.h"

#include <libical/ical.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static struct arena arena;
static struct sb expectations; /* JSON lines joined by commas, for the other reader */
static int files;

static const char *const ZONES[] = {"America/New_York", "Europe/Rome", "Asia/Kathmandu", "UTC",
    "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca", "Europe/Dublin",
    "Pacific/Apia"};

static const struct tz *zone(const char *name)
{
    const struct tz *tz = NULL;
    assert_true(result_is_ok(tz_find(str_from_cstr(name), &tz)));
    return tz;
}

static utc_us instant(const char *text)
{
    utc_us t = 0;
    assert_true(rfc3339_parse(str_from_cstr(text), &t));
    return t;
}

static struct ical_event example(const struct tz *tz, utc_us start)
{
    return (struct ical_event){
        .uid = STR("b42@example.org"),
        .sequence = 3,
        .method = ICAL_REQUEST,
        .stamp = instant("2026-01-02T03:04:05Z"),
        .start = start,
        .end = start + 75 * US_PER_MINUTE,
        .zone = tz,
        .summary = STR("Sesión; de masaje, \"dolor\" \\ crónico 🙂"),
        .description = STR("Line one,\r\nline two;\n"
                           "Añádelo a tu calendario: niño niño niño niño niño niño niño niño "
                           "🙂🙂🙂"),
        .location = STR("1 Main St, Springfield"),
        .url = STR("https://example.org/b/abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrs"),
        .organizer_name = STR("Balanced \"Body\"; Massage: Springfield\r\nX-EVIL:1"),
        .organizer_email = STR("hello@example.org"),
        .attendee_name = STR("Zoë Ñandú"),
        .attendee_email = STR("zoe+tag%x@example.net"),
        .alarm_minutes = 60,
        .is_private = true,
    };
}

static struct str write_event(const struct ical_event *event)
{
    struct sb sb;
    sb_init(&sb, &arena, 1 << 20);
    ical_write(&sb, event);
    assert_true(sb_ok(&sb));
    sb_cstr(&sb);
    return sb_str(&sb);
}

/* CRLF everywhere, at most 75 octets a line, no character divided. */
static void assert_lines(struct str text)
{
    assert_true(str_is_text(text, false));
    struct str line = {0};
    while (str_cut(&text, '\n', &line)) {
        assert_true(str_ends(line, STR("\r")));
        assert_true(line.len <= 75 + 1);
        assert_true(line.len > 1);
        assert_true(str_is_text(line, true));
        assert_true(str_find(line, '\r') == line.len - 1);
    }
}

static bool has_line(struct str text, const char *expected)
{
    return str_contains(text, arena_printf(&arena, "\r\n%s\r\n", expected));
}

static struct str unfold(struct str text)
{
    struct sb sb;
    sb_init(&sb, &arena, 1 << 20);
    for (size_t i = 0; i < text.len; i++) {
        if (str_starts(str_slice(text, i, i + 3), STR("\r\n "))) {
            i += 2;
        } else {
            sb_add_char(&sb, text.ptr[i]);
        }
    }
    return sb_str(&sb);
}

static int64_t read_time(icalcomponent *root, icalcomponent *event, icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(event, kind);
    assert_non_null(property);
    icalvalue *value = icalproperty_get_value(property);
    struct icaltimetype t = icalvalue_get_datetime(value);
    assert_false(icaltime_is_null_time(t));
    icalparameter *tzid = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    if (!tzid) {
        assert_true(icaltime_is_utc(t));
        return icaltime_as_timet(t);
    }
    /* The zone of this file only: not what libical itself knows of that name. */
    icaltimezone *tz = icalcomponent_get_timezone(root, icalparameter_get_tzid(tzid));
    assert_non_null(tz);
    return icaltime_as_timet_with_zone(t, tz);
}

static void keep(const struct ical_event *event, struct str text)
{
    const char *dir = getenv("BALM_ICS_DIR");
    if (!dir) return;
    const char *name = arena_printf(&arena, "%03d.ics", ++files).ptr;
    FILE *file = fopen(arena_printf(&arena, "%s/%s", dir, name).ptr, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
    sb_addf(&expectations,
        "%s\n{\"file\":\"%s\",\"zone\":\"%.*s\",\"start\":%lld,\"end\":%lld,\"sequence\":%lld,"
        "\"uid\":\"%.*s\",\"summary\":",
        files > 1 ? "," : "", name, STR_ARG(tz_name(event->zone)),
        (long long)(event->start / US_PER_SECOND), (long long)(event->end / US_PER_SECOND),
        (long long)event->sequence, STR_ARG(event->uid));
    SB_LIT(&expectations, "\"");
    for (size_t i = 0; i < event->summary.len; i++) {
        char c = event->summary.ptr[i];
        if (c == '"' || c == '\\') sb_add_char(&expectations, '\\');
        sb_add_char(&expectations, c);
    }
    SB_LIT(&expectations, "\"}");
}

static void assert_reads_back(const struct ical_event *event)
{
    struct str text = write_event(event);
    assert_lines(text);
    icalcomponent *root = icalparser_parse_string(text.ptr);
    assert_non_null(root);
    assert_int_equal(icalcomponent_count_errors(root), 0);
    assert_true(icalrestriction_check(root) == 1);
    assert_int_equal(
        icalcomponent_get_method(root), event->method == ICAL_CANCEL    ? ICAL_METHOD_CANCEL
                                        : event->method == ICAL_REQUEST ? ICAL_METHOD_REQUEST
                                                                        : ICAL_METHOD_PUBLISH);
    icalcomponent *inner = icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT);
    assert_non_null(inner);
    int64_t start = read_time(root, inner, ICAL_DTSTART_PROPERTY);
    int64_t end = read_time(root, inner, ICAL_DTEND_PROPERTY);
    if (start != event->start / US_PER_SECOND || end != event->end / US_PER_SECOND) {
        print_error("%lld to %lld read as %lld to %lld\n%s\n",
            (long long)(event->start / US_PER_SECOND), (long long)(event->end / US_PER_SECOND),
            (long long)start, (long long)end, text.ptr);
    }
    assert_int_equal(start, event->start / US_PER_SECOND);
    assert_int_equal(end, event->end / US_PER_SECOND);
    assert_int_equal(icalcomponent_get_sequence(inner), event->sequence);
    assert_string_equal(icalcomponent_get_uid(inner), arena_cstr(&arena, event->uid));
    assert_string_equal(icalcomponent_get_summary(inner), arena_cstr(&arena, event->summary));
    icalcomponent_free(root);
    keep(event, text);
}

/* --- tests --- */

static void texts_are_escaped_and_read_back(void **state)
{
    (void)state;
    struct ical_event event = example(zone("America/New_York"), instant("2026-03-09T13:00:00Z"));
    event.categories = (struct str_list){(const struct str[]){STR("Massage"), STR("a,b")}, 2};
    struct str text = unfold(write_event(&event));
    assert_true(has_line(text, "METHOD:REQUEST"));
    assert_true(has_line(text, "DTSTAMP:20260102T030405Z"));
    assert_true(has_line(text, "DTSTART;TZID=America/New_York:20260309T090000"));
    assert_true(has_line(text, "DTEND;TZID=America/New_York:20260309T101500"));
    assert_true(has_line(text, "SUMMARY:Sesión\\; de masaje\\, \"dolor\" \\\\ crónico 🙂"));
    assert_true(str_contains(text, STR("\r\nDESCRIPTION:Line one\\,\\nline two\\;\\nAñádelo")));
    assert_true(has_line(text, "ORGANIZER;CN=\"Balanced Body; Massage: SpringfieldX-EVIL:1\":"
                               "mailto:hello@example.org"));
    assert_true(has_line(text, "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;"
                               "RSVP=FALSE;CN=\"Zoë Ñandú\":mailto:zoe+tag%25x@example.net"));
    assert_true(has_line(text, "CATEGORIES:Massage,a\\,b"));
    assert_true(has_line(text, "TRIGGER:-PT60M"));
    assert_true(has_line(text, "CLASS:PRIVATE"));
    assert_false(str_contains(text, STR("\r\nX-EVIL")));
    assert_reads_back(&event);

    event.attendee_email = STR("zoe@example.net\r\nX-EVIL:1");
    assert_false(str_contains(write_event(&event), STR("ATTENDEE")));
}

static void cancelling_keeps_the_uid(void **state)
{
    (void)state;
    struct ical_event event = example(zone("Europe/Rome"), instant("2026-07-01T07:30:00Z"));
    event.method = ICAL_CANCEL;
    event.status = ICAL_CANCELLED;
    event.sequence = 4;
    struct str text = unfold(write_event(&event));
    assert_true(has_line(text, "METHOD:CANCEL"));
    assert_true(has_line(text, "STATUS:CANCELLED"));
    assert_true(has_line(text, "TRANSP:TRANSPARENT"));
    assert_true(has_line(text, "SEQUENCE:4"));
    assert_true(has_line(text, "UID:b42@example.org"));
    assert_false(str_contains(text, STR("VALARM")));
    assert_true(str_contains(text, STR("\r\nATTENDEE")));
    assert_reads_back(&event);

    event.method = ICAL_PUBLISH;
    text = unfold(write_event(&event));
    assert_false(str_contains(text, STR("ATTENDEE"))); /* RFC 5546 §3.2.1 */
    assert_reads_back(&event);
}

static void folds_spare_characters_at_every_length(void **state)
{
    (void)state;
    struct sb sb;
    sb_init(&sb, &arena, 1 << 16);
    for (int i = 0; i < 260; i++) {
        sb_add(&sb, i % 4 == 0   ? STR("🙂")
                    : i % 4 == 1 ? STR("ñ")
                    : i % 4 == 2 ? STR(",")
                                 : STR("a"));
        struct ical_event event = example(zone("UTC"), instant("2026-03-09T13:00:00Z"));
        event.summary = sb_str(&sb);
        event.attendee_name = sb_str(&sb);
        struct str text = write_event(&event);
        assert_lines(text);
        icalcomponent *root = icalparser_parse_string(text.ptr);
        assert_non_null(root);
        icalcomponent *inner = icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT);
        assert_string_equal(icalcomponent_get_summary(inner), arena_cstr(&arena, event.summary));
        icalcomponent_free(root);
    }
}

/* Every quarter of an hour around both changes of 2026, in each zone, and a few other times. */
static void instants_survive_daylight_saving(void **state)
{
    (void)state;
    for (size_t z = 0; z < COUNT_OF(ZONES); z++) {
        const struct tz *tz = zone(ZONES[z]);
        utc_us at = instant("2026-01-01T00:00:00Z");
        utc_us until = instant("2028-01-01T00:00:00Z");
        struct ical_event event = example(tz, instant("2026-01-15T15:00:00Z"));
        assert_reads_back(&event);
        event = example(tz, instant("2026-07-15T15:00:00Z"));
        assert_reads_back(&event);
        event = example(tz, instant("2026-12-31T23:30:00Z"));
        assert_reads_back(&event);
        event = example(tz, instant("2037-08-01T10:00:00Z"));
        assert_reads_back(&event);
        event = example(tz, instant("2045-08-01T10:00:00Z"));
        assert_reads_back(&event);
        while (tz_next_transition(tz, at, until, &at)) {
            for (int quarter = -12; quarter <= 12; quarter++) {
                event = example(tz, at + quarter * 15 * US_PER_MINUTE);
                assert_reads_back(&event);
            }
        }
    }
}

static size_t occurrences(struct str text, struct str needle)
{
    size_t n = 0;
    for (size_t i = 0; i + needle.len <= text.len; i++) {
        if (memcmp(text.ptr + i, needle.ptr, needle.len) == 0) n++;
    }
    return n;
}

static void zones_are_complete(void **state)
{
    (void)state;
    struct ical_event event = example(zone("America/New_York"), instant("2026-03-09T13:00:00Z"));
    struct str text = write_event(&event);
    /* 2025 to 2027: two changes each, and the state before them. */
    assert_int_equal(occurrences(text, STR("BEGIN:DAYLIGHT\r\n")), 3);
    assert_int_equal(occurrences(text, STR("BEGIN:STANDARD\r\n")), 4);
    assert_true(
        str_contains(text, STR("BEGIN:DAYLIGHT\r\nDTSTART:20260308T020000\r\n"
                               "TZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\nTZNAME:EDT\r\n")));
    event.zone = zone("Asia/Kathmandu");
    text = write_event(&event);
    assert_int_equal(occurrences(text, STR("BEGIN:DAYLIGHT\r\n")), 0);
    assert_int_equal(occurrences(text, STR("BEGIN:STANDARD\r\n")), 1);
    assert_true(str_contains(text, STR("TZOFFSETTO:+0545\r\n")));
    /* Until 1972 Liberia's clocks were 44 minutes and 30 seconds behind (ical.js cannot read it).
     */
    struct ical_event old = example(zone("Africa/Monrovia"), instant("1971-06-01T12:00:00Z"));
    assert_true(str_contains(write_event(&old), STR("TZOFFSETTO:-004430\r\n")));
    event.zone = zone("UTC");
    text = write_event(&event);
    assert_false(str_contains(text, STR("VTIMEZONE")));
    assert_true(has_line(text, "DTSTART:20260309T130000Z"));
    event.zone = NULL;
    assert_true(has_line(write_event(&event), "DTSTART:20260309T130000Z"));
    /* 01:30 occurs twice on that day: readers differ, so UTC. */
    event.zone = zone("America/New_York");
    event.start = instant("2026-11-01T06:30:00Z");
    event.end = event.start + US_PER_HOUR;
    assert_true(has_line(write_event(&event), "DTSTART:20261101T063000Z"));
    assert_false(str_contains(write_event(&event), STR("VTIMEZONE")));
}

static void feeds_hold_many_events(void **state)
{
    (void)state;
    const struct tz *tz = zone("Europe/Rome");
    struct ical_event events[50];
    for (int i = 0; i < 50; i++) {
        events[i] = example(tz, instant("2025-06-01T08:00:00Z") + i * 14 * US_PER_DAY);
        events[i].uid = arena_printf(&arena, "b%d@example.org", i);
        events[i].method = ICAL_PUBLISH;
    }
    struct sb sb;
    sb_init(&sb, &arena, 1 << 20);
    ical_write_all(&sb, STR("Ana, agenda"), events, 50);
    icalcomponent *root = icalparser_parse_string(sb_cstr(&sb));
    assert_non_null(root);
    assert_int_equal(icalcomponent_count_errors(root), 0);
    assert_int_equal(icalcomponent_count_components(root, ICAL_VTIMEZONE_COMPONENT), 1);
    assert_int_equal(icalcomponent_count_components(root, ICAL_VEVENT_COMPONENT), 50);
    int i = 0;
    for (icalcomponent *inner = icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT);
         inner; inner = icalcomponent_get_next_component(root, ICAL_VEVENT_COMPONENT), i++) {
        assert_int_equal(
            read_time(root, inner, ICAL_DTSTART_PROPERTY), events[i].start / US_PER_SECOND);
    }
    icalcomponent_free(root);

    sb.len = 0;
    ical_write_all(&sb, STR("Empty"), NULL, 0);
    root = icalparser_parse_string(sb_cstr(&sb));
    assert_non_null(root);
    assert_int_equal(icalcomponent_count_errors(root), 0);
    icalcomponent_free(root);
}

static void write_expectations(void)
{
    const char *dir = getenv("BALM_ICS_DIR");
    if (!dir) return;
    FILE *file = fopen(arena_printf(&arena, "%s/expected.json", dir).ptr, "wb");
    assert_non_null(file);
    fprintf(file, "[%.*s\n]\n", STR_ARG(sb_str(&expectations)));
    assert_int_equal(fclose(file), 0);
}

int main(void)
{
    arena_init(&arena, 1u << 30);
    sb_init(&expectations, &arena, 8 << 20);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_escaped_and_read_back),
        cmocka_unit_test(cancelling_keeps_the_uid),
        cmocka_unit_test(folds_spare_characters_at_every_length),
        cmocka_unit_test(instants_survive_daylight_saving),
        cmocka_unit_test(zones_are_complete),
        cmocka_unit_test(feeds_hold_many_events),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    if (failed == 0) write_expectations();
    icalmemory_free_ring();
    arena_release(&arena);
    return failed;
}

/* ical: writes iCalendar (RFC 5545, and RFC 5546 for invitations).
 *
 * Times stand in the event's zone, with a VTIMEZONE that lists every change of offset from the year
 * before the event to the year after it, so that a reader needs no zone data of its own. An event
 * that starts or ends at a wall time which occurs twice is written in UTC, because readers differ
 * there; so is one whose zone is UTC or absent.
 *
 * Lines end in CRLF and are folded at 75 octets between characters. Texts are escaped; control
 * characters in them are dropped. Nothing fails: ask sb_ok() at the end. */
#ifndef BALM_INTEROP_ICAL_H
#define BALM_INTEROP_ICAL_H

#include "base/civil.h"
#include "base/sb.h"
#include "base/str.h"
#include "base/tz.h"

#include <stdbool.h>

enum ical_method {
    ICAL_PUBLISH, /* a file or a feed; no attendee */
    ICAL_REQUEST, /* an invitation, or its change: same uid, higher sequence */
    ICAL_CANCEL,
};

enum ical_status { ICAL_CONFIRMED, ICAL_CANCELLED };

/* Empty texts leave the property out; uid is required. */
struct ical_event {
    struct str uid;
    int64_t sequence;
    enum ical_method method;
    enum ical_status status;
    utc_us stamp; /* when this version was made */
    utc_us start;
    utc_us end;
    const struct tz *zone; /* NULL: UTC */
    struct str summary;
    struct str description;
    struct str location;
    struct str url; /* ASCII */
    struct str organizer_name;
    struct str organizer_email; /* what is no address is left out */
    struct str attendee_name;
    struct str attendee_email;
    struct str_list categories;
    int alarm_minutes; /* before the start; 0 none */
    bool is_private;   /* CLASS:PRIVATE */
};

/* A whole VCALENDAR with the one event. */
void ical_write(struct sb *sb, const struct ical_event *event);

/* A whole VCALENDAR with several events of one zone and one method; a feed is ICAL_PUBLISH with a
 * name. `count` may be 0. */
void ical_write_all(
    struct sb *sb, struct str calendar_name, const struct ical_event *events, size_t count);

#endif

/* setup: what a practice is and offers: its facts, booking rules, therapists, rooms, hours,
 * services.
 *
 * struct practice is an immutable snapshot in one arena, read in a transaction or from a practice
 * file; everything else (open times, pages, the API) works on it. `revision` grows with every
 * change, so a snapshot may be kept as long as its revision is the database's.
 *
 * Tables: practice, practice_host, resource, hours, hours_exception, service, service_words,
 * service_resource.
 *
 * Invariants: within one weekday or date, periods do not overlap and are sorted; every service has
 * at least one therapist; keys are unique per kind. */
#ifndef BALM_PRACTICE_SETUP_H
#define BALM_PRACTICE_SETUP_H

#include "base/civil.h"
#include "base/ids.h"
#include "base/json_writer.h"
#include "base/money.h"
#include "base/problems.h"
#include "base/tmpl.h"
#include "base/tz.h"
#include "store/store.h"

enum resource_kind { RESOURCE_THERAPIST = 1, RESOURCE_ROOM = 2 };

struct hours_row {
    int weekday; /* Monday 0 */
    int from_min;
    int to_min;
};

struct hours_exception {
    date_day date;
    int from_min; /* -1: closed */
    int to_min;
};

struct resource {
    struct resource_id id;
    enum resource_kind kind;
    struct str key;
    struct str name;
    struct str email;
    const struct hours_row *hours; /* sorted by weekday, from */
    size_t hours_count;
    const struct hours_exception *exceptions; /* sorted by date, from */
    size_t exception_count;
};

/* What a service is called in one language; what is empty is as in the practice's own. */
struct service_words {
    struct str name;
    struct str description;
};

struct service {
    struct service_id id;
    struct str key;
    struct str name;
    struct str description;
    struct service_words words[LANG_COUNT]; /* by enum lang */
    int minutes;
    int before_minutes;
    int after_minutes;
    struct money price;
    const int *therapists; /* indices into practice.therapists, ascending by key */
    size_t therapist_count;
    const int *rooms; /* indices into practice.rooms, ascending by key; none: no room needed */
    size_t room_count;
};

struct booking_rules {
    int step_minutes;
    int notice_minutes;
    int horizon_days;
    int cancel_notice_minutes;
    int reschedule_notice_minutes;
    int hold_minutes;
    int max_per_day;           /* 0: no limit */
    int max_active_per_client; /* 0: no limit */
};

struct practice {
    struct practice_id id;
    int64_t revision;
    struct str slug;
    struct str name;
    const struct tz *zone;
    char currency[4];
    struct str locale;
    struct str email;
    struct str phone;
    struct str address;
    struct booking_rules rules;
    const struct str *hosts;
    size_t host_count;
    const struct resource *therapists; /* in the file's order */
    size_t therapist_count;
    const struct resource *rooms;
    size_t room_count;
    const struct service *services;
    size_t service_count;
};

/* ---- reading ---- */

/* The practice's configuration without what is no longer active. ERR_NOT_FOUND where there is none.
 */
struct result MUST_CHECK setup_load(struct tx *tx, struct practice_id id, struct arena *arena,
    const struct practice **ret_practice);

/* Its revision now; 0 where there is none. */
struct result MUST_CHECK setup_revision(
    struct tx *tx, struct practice_id id, int64_t *ret_revision);

/* The highest practice id there is; 0 where there are none. */
struct result MUST_CHECK setup_newest(struct tx *tx, int64_t *ret_newest);

/* The practice a Host header names: by its hosts, by SLUG.localhost, or the only practice there is.
 * ERR_NOT_FOUND otherwise. */
struct result MUST_CHECK setup_find_by_host(
    struct tx *tx, struct str host, struct practice_id *ret_id);
struct result MUST_CHECK setup_find_by_slug(
    struct tx *tx, struct str slug, struct practice_id *ret_id);

const struct service *practice_service(const struct practice *practice, struct str key);
const struct service *practice_service_by_id(const struct practice *practice, struct service_id id);
/* Index into therapists (rooms), or -1. */
int practice_therapist(const struct practice *practice, struct str key);
int practice_therapist_by_id(const struct practice *practice, struct resource_id id);
int practice_room_by_id(const struct practice *practice, struct resource_id id);

/* What a reader of that language is told. */
struct str service_name(const struct service *service, enum lang lang);
struct str service_description(const struct service *service, enum lang lang);

/* A resource's or service's name also after it left the file. Empty where unknown. */
struct result MUST_CHECK setup_resource_name(struct tx *tx, struct practice_id practice,
    struct resource_id id, struct arena *arena, struct str *ret_name, struct str *ret_key);
struct result MUST_CHECK setup_service_name(struct tx *tx, struct practice_id practice,
    struct service_id id, enum lang lang, struct arena *arena, struct str *ret_name,
    struct str *ret_key);

/* The name behind a key as setup_changes tell it: kind "therapist", "room" or "service". Empty
 * where there is none. */
struct result MUST_CHECK setup_name_of_key(struct tx *tx, struct practice_id practice,
    struct str kind, struct str key, struct arena *arena, struct str *ret_name);

/* ---- the practice file ---- */

/* Parses and checks a practice file whole. ERR_SYNTAX (detail: line and column) or ERR_INVALID with
 * what is wrong in `problems`, each with its JSON path. Ids are 0. */
struct result MUST_CHECK setup_parse(struct str text, struct arena *arena,
    struct problems *problems, const struct practice **ret_practice);

/* The same as a practice file: setup_parse of the output gives an equal practice. */
void setup_write(struct jw *jw, const struct practice *practice);

struct setup_changes {
    const struct str *lines; /* "therapist ana: hours changed" */
    size_t count;
    bool created;
    struct practice_id id;
};

/* Creates or updates the practice with the file's slug so that it is exactly the file; therapists,
 * rooms and services no longer named are kept for their history but offer nothing. No change:
 * nothing is written. ERR_CONFLICT "host-taken" where another practice has one of the hosts. */
struct result MUST_CHECK setup_apply(struct tx *tx, const struct practice *file, utc_us now,
    struct arena *arena, struct setup_changes *ret_changes);

#endif

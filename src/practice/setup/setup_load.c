/* Reading the configuration into a snapshot. */
#include "practice/setup/setup.h"

#include "base/check.h"
#include "base/limits.h"

#include <stdlib.h>

#include "base/banned.h"

struct loader {
    struct tx *tx;
    struct arena *arena;
    struct practice_id id;
    struct practice *practice;
};

static struct result load_practice_row(struct loader *l)
{
    struct rows rows;
    TRY(db_query(l->tx,
        SQL("SELECT slug, name, zone, currency, locale, email, phone, address, step_minutes,"
            " notice_minutes, horizon_days, cancel_notice_minutes, reschedule_notice_minutes,"
            " hold_minutes, max_per_day, max_active_per_client, revision"
            " FROM practice WHERE practice_id = $1"),
        V(v_int(l->id.v)), &rows));
    bool has = false;
    struct result result = rows_next(&rows, &has);
    struct str zone = {0};
    if (result_is_ok(result) && has) {
        struct practice *p = l->practice;
        p->id = l->id;
        p->slug = rows_text(&rows, 0, l->arena);
        p->name = rows_text(&rows, 1, l->arena);
        zone = rows_text(&rows, 2, l->arena);
        struct str currency = rows_text(&rows, 3, l->arena);
        CHECK(currency.len == 3);
        memcpy(p->currency, currency.ptr, 3);
        p->locale = rows_text(&rows, 4, l->arena);
        p->email = rows_text(&rows, 5, l->arena);
        p->phone = rows_text(&rows, 6, l->arena);
        p->address = rows_text(&rows, 7, l->arena);
        p->rules = (struct booking_rules){
            .step_minutes = (int)rows_int(&rows, 8),
            .notice_minutes = (int)rows_int(&rows, 9),
            .horizon_days = (int)rows_int(&rows, 10),
            .cancel_notice_minutes = (int)rows_int(&rows, 11),
            .reschedule_notice_minutes = (int)rows_int(&rows, 12),
            .hold_minutes = (int)rows_int(&rows, 13),
            .max_per_day = (int)rows_int(&rows, 14),
            .max_active_per_client = (int)rows_int(&rows, 15),
        };
        p->revision = rows_int(&rows, 16);
    }
    rows_close(&rows);
    TRY(result);
    if (!has) return result_fail(ERR_NOT_FOUND, "unknown-practice", NULL);
    return tz_find(zone, &l->practice->zone);
}

static struct result load_hosts(struct loader *l)
{
    struct rows rows;
    TRY(db_query(l->tx,
        SQL("SELECT host FROM practice_host WHERE practice_id = $1 ORDER BY position"),
        V(v_int(l->id.v)), &rows));
    struct str *hosts = ARENA_ARRAY(l->arena, LIMIT_HOSTS, struct str);
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < LIMIT_HOSTS)
        hosts[count++] = rows_text(&rows, 0, l->arena);
    rows_close(&rows);
    l->practice->hosts = hosts;
    l->practice->host_count = count;
    return result;
}

static struct result load_resources(
    struct loader *l, enum resource_kind kind, size_t max, struct resource **ret, size_t *ret_count)
{
    struct rows rows;
    TRY(db_query(l->tx,
        SQL("SELECT resource_id, key, name, email FROM resource"
            " WHERE practice_id = $1 AND kind = $2 AND active = 1 ORDER BY position, resource_id"),
        V(v_int(l->id.v), v_int(kind)), &rows));
    struct resource *list = ARENA_ARRAY(l->arena, max, struct resource);
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < max) {
        list[count++] = (struct resource){
            .id = {rows_int(&rows, 0)},
            .kind = kind,
            .key = rows_text(&rows, 1, l->arena),
            .name = rows_text(&rows, 2, l->arena),
            .email = rows_text(&rows, 3, l->arena),
        };
    }
    rows_close(&rows);
    *ret = list;
    *ret_count = count;
    return result;
}

static struct result load_hours(struct loader *l, struct resource *therapist)
{
    struct rows rows;
    TRY(db_query(l->tx,
        SQL("SELECT weekday, from_min, to_min FROM hours"
            " WHERE practice_id = $1 AND resource_id = $2 ORDER BY weekday, from_min"),
        V(v_int(l->id.v), v_int(therapist->id.v)), &rows));
    struct hours_row *list = ARENA_ARRAY(l->arena, LIMIT_HOURS_ROWS * 7, struct hours_row);
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < LIMIT_HOURS_ROWS * 7) {
        list[count++] = (struct hours_row){
            (int)rows_int(&rows, 0), (int)rows_int(&rows, 1), (int)rows_int(&rows, 2)};
    }
    rows_close(&rows);
    therapist->hours = list;
    therapist->hours_count = count;
    return result;
}

static struct result load_exceptions(struct loader *l, struct resource *therapist)
{
    struct rows rows;
    TRY(db_query(l->tx,
        SQL("SELECT date, from_min, to_min FROM hours_exception"
            " WHERE practice_id = $1 AND resource_id = $2 ORDER BY date, from_min"),
        V(v_int(l->id.v), v_int(therapist->id.v)), &rows));
    struct hours_exception *list =
        ARENA_ARRAY(l->arena, LIMIT_EXCEPTION_ROWS, struct hours_exception);
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < LIMIT_EXCEPTION_ROWS) {
        list[count++] = (struct hours_exception){
            (date_day)rows_int(&rows, 0), (int)rows_int(&rows, 1), (int)rows_int(&rows, 2)};
    }
    rows_close(&rows);
    therapist->exceptions = list;
    therapist->exception_count = count;
    return result;
}

static struct result load_services(struct loader *l, struct service **ret, size_t *ret_count)
{
    struct rows rows;
    TRY(db_query(l->tx,
        SQL("SELECT service_id, key, name, description, minutes, buffer_before_minutes,"
            " buffer_after_minutes, price_minor FROM service"
            " WHERE practice_id = $1 AND active = 1 ORDER BY position, service_id"),
        V(v_int(l->id.v)), &rows));
    struct service *list = ARENA_ARRAY(l->arena, LIMIT_SERVICES, struct service);
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < LIMIT_SERVICES) {
        struct service *service = &list[count++];
        *service = (struct service){
            .id = {rows_int(&rows, 0)},
            .key = rows_text(&rows, 1, l->arena),
            .name = rows_text(&rows, 2, l->arena),
            .description = rows_text(&rows, 3, l->arena),
            .minutes = (int)rows_int(&rows, 4),
            .before_minutes = (int)rows_int(&rows, 5),
            .after_minutes = (int)rows_int(&rows, 6),
            .price = {.minor = rows_int(&rows, 7)},
        };
        memcpy(service->price.currency, l->practice->currency, sizeof service->price.currency);
    }
    rows_close(&rows);
    *ret = list;
    *ret_count = count;
    return result;
}

static struct result load_service_words(
    struct loader *l, struct service *services, size_t service_count)
{
    struct rows rows;
    TRY(db_query(l->tx,
        SQL("SELECT service_id, language, name, description FROM service_words"
            " WHERE practice_id = $1"),
        V(v_int(l->id.v)), &rows));
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has) {
        enum lang lang;
        if (!tmpl_lang_from_code(rows_text(&rows, 1, l->arena), &lang)) continue;
        for (size_t i = 0; i < service_count; i++) {
            if (services[i].id.v != rows_int(&rows, 0)) continue;
            services[i].words[lang] = (struct service_words){
                rows_text(&rows, 2, l->arena), rows_text(&rows, 3, l->arena)};
        }
    }
    rows_close(&rows);
    return result;
}

static int index_by_id(const struct resource *list, size_t count, struct resource_id id)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].id.v == id.v) return (int)i;
    }
    return -1;
}

/* Who gives the service and where: the rows come ordered by key, which is the order of choice. */
static struct result load_service_resources(struct loader *l, struct service *service)
{
    struct rows rows;
    TRY(db_query(l->tx,
        SQL("SELECT sr.resource_id, r.kind FROM service_resource sr JOIN resource r"
            " ON r.practice_id = sr.practice_id AND r.resource_id = sr.resource_id"
            " WHERE sr.practice_id = $1 AND sr.service_id = $2 AND r.active = 1 ORDER BY r.key"),
        V(v_int(l->id.v), v_int(service->id.v)), &rows));
    const struct practice *p = l->practice;
    int *therapists = ARENA_ARRAY(l->arena, p->therapist_count, int);
    int *rooms = ARENA_ARRAY(l->arena, p->room_count, int);
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has) {
        struct resource_id id = {rows_int(&rows, 0)};
        bool is_room = rows_int(&rows, 1) == RESOURCE_ROOM;
        int index = is_room ? index_by_id(p->rooms, p->room_count, id)
                            : index_by_id(p->therapists, p->therapist_count, id);
        if (index < 0) continue;
        if (is_room) {
            rooms[service->room_count++] = index;
        } else {
            therapists[service->therapist_count++] = index;
        }
    }
    rows_close(&rows);
    service->therapists = therapists;
    service->rooms = rooms;
    return result;
}

struct result setup_load(
    struct tx *tx, struct practice_id id, struct arena *arena, const struct practice **ret_practice)
{
    struct practice *practice = ARENA_NEW(arena, struct practice);
    struct loader l = {tx, arena, id, practice};
    TRY(load_practice_row(&l));
    TRY(load_hosts(&l));
    struct resource *therapists;
    struct resource *rooms;
    struct service *services;
    TRY(load_resources(
        &l, RESOURCE_THERAPIST, LIMIT_THERAPISTS, &therapists, &practice->therapist_count));
    for (size_t i = 0; i < practice->therapist_count; i++) {
        TRY(load_hours(&l, &therapists[i]));
        TRY(load_exceptions(&l, &therapists[i]));
    }
    practice->therapists = therapists;
    TRY(load_resources(&l, RESOURCE_ROOM, LIMIT_ROOMS, &rooms, &practice->room_count));
    practice->rooms = rooms;
    TRY(load_services(&l, &services, &practice->service_count));
    TRY(load_service_words(&l, services, practice->service_count));
    for (size_t i = 0; i < practice->service_count; i++)
        TRY(load_service_resources(&l, &services[i]));
    practice->services = services;
    *ret_practice = practice;
    return RESULT_OK;
}

struct result setup_revision(struct tx *tx, struct practice_id id, int64_t *ret_revision)
{
    return db_int(tx, SQL("SELECT revision FROM practice WHERE practice_id = $1"), V(v_int(id.v)),
        0, ret_revision);
}

struct result setup_newest(struct tx *tx, int64_t *ret_newest)
{
    return db_int(
        tx, SQL("SELECT coalesce(max(practice_id), 0) FROM practice"), NO_VALUES, 0, ret_newest);
}

struct result setup_find_by_slug(struct tx *tx, struct str slug, struct practice_id *ret_id)
{
    int64_t id;
    TRY(db_int(
        tx, SQL("SELECT practice_id FROM practice WHERE slug = $1"), V(v_text(slug)), 0, &id));
    if (!id) return result_fail(ERR_NOT_FOUND, "unknown-practice", NULL);
    ret_id->v = id;
    return RESULT_OK;
}

struct result setup_find_by_host(struct tx *tx, struct str host, struct practice_id *ret_id)
{
    int64_t id;
    TRY(db_int(
        tx, SQL("SELECT practice_id FROM practice_host WHERE host = $1"), V(v_text(host)), 0, &id));
    struct str suffix = STR(".localhost");
    if (!id && str_ends(host, suffix))
        return setup_find_by_slug(tx, str_slice(host, 0, host.len - suffix.len), ret_id);
    if (!id) {
        TRY(db_int(tx,
            SQL("SELECT CASE WHEN count(*) = 1 THEN min(practice_id) ELSE 0 END FROM practice"),
            NO_VALUES, 0, &id));
    }
    if (!id) return result_fail(ERR_NOT_FOUND, "unknown-practice", NULL);
    ret_id->v = id;
    return RESULT_OK;
}

const struct service *practice_service(const struct practice *practice, struct str key)
{
    for (size_t i = 0; i < practice->service_count; i++) {
        if (str_eq(practice->services[i].key, key)) return &practice->services[i];
    }
    return NULL;
}

const struct service *practice_service_by_id(const struct practice *practice, struct service_id id)
{
    for (size_t i = 0; i < practice->service_count; i++) {
        if (practice->services[i].id.v == id.v) return &practice->services[i];
    }
    return NULL;
}

struct str service_name(const struct service *service, enum lang lang)
{
    struct str name = service->words[lang].name;
    return name.len ? name : service->name;
}

struct str service_description(const struct service *service, enum lang lang)
{
    struct str description = service->words[lang].description;
    return description.len ? description : service->description;
}

int practice_therapist(const struct practice *practice, struct str key)
{
    for (size_t i = 0; i < practice->therapist_count; i++) {
        if (str_eq(practice->therapists[i].key, key)) return (int)i;
    }
    return -1;
}

int practice_therapist_by_id(const struct practice *practice, struct resource_id id)
{
    return index_by_id(practice->therapists, practice->therapist_count, id);
}

int practice_room_by_id(const struct practice *practice, struct resource_id id)
{
    return index_by_id(practice->rooms, practice->room_count, id);
}

/* One row of two texts: name and key. */
static struct result name_and_key(
    struct rows *rows, struct arena *arena, struct str *ret_name, struct str *ret_key)
{
    bool has = false;
    struct result result = rows_next(rows, &has);
    struct str name = {0};
    struct str key = {0};
    if (result_is_ok(result) && has) {
        name = rows_text(rows, 0, arena);
        key = rows_text(rows, 1, arena);
    }
    rows_close(rows);
    TRY(result);
    *ret_name = name;
    *ret_key = key;
    return RESULT_OK;
}

struct result setup_resource_name(struct tx *tx, struct practice_id practice, struct resource_id id,
    struct arena *arena, struct str *ret_name, struct str *ret_key)
{
    struct rows rows;
    TRY(db_query(tx,
        SQL("SELECT name, key FROM resource WHERE practice_id = $1 AND resource_id = $2"),
        V(v_int(practice.v), v_int(id.v)), &rows));
    return name_and_key(&rows, arena, ret_name, ret_key);
}

struct result setup_service_name(struct tx *tx, struct practice_id practice, struct service_id id,
    enum lang lang, struct arena *arena, struct str *ret_name, struct str *ret_key)
{
    struct rows rows;
    TRY(db_query(tx,
        SQL("SELECT coalesce(nullif(w.name, ''), s.name), s.key FROM service s"
            " LEFT JOIN service_words w ON w.practice_id = s.practice_id"
            " AND w.service_id = s.service_id AND w.language = $3"
            " WHERE s.practice_id = $1 AND s.service_id = $2"),
        V(v_int(practice.v), v_int(id.v), v_text(tmpl_lang_code(lang))), &rows));
    return name_and_key(&rows, arena, ret_name, ret_key);
}

struct result setup_name_of_key(struct tx *tx, struct practice_id practice, struct str kind,
    struct str key, struct arena *arena, struct str *ret_name)
{
    struct rows rows;
    struct str unused;
    int64_t resource = str_eq(kind, STR("therapist")) ? RESOURCE_THERAPIST : RESOURCE_ROOM;
    if (str_eq(kind, STR("service"))) {
        TRY(db_query(tx, SQL("SELECT name, key FROM service WHERE practice_id = $1 AND key = $2"),
            V(v_int(practice.v), v_text(key)), &rows));
    } else {
        TRY(db_query(tx,
            SQL("SELECT name, key FROM resource WHERE practice_id = $1 AND kind = $2 AND key = $3"),
            V(v_int(practice.v), v_int(resource), v_text(key)), &rows));
    }
    return name_and_key(&rows, arena, ret_name, &unused);
}

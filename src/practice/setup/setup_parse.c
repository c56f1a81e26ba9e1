/* The practice file: parsed and checked whole, every problem with its JSON path. */
#include "practice/setup/setup.h"

#include "base/check.h"
#include "base/json.h"
#include "base/limits.h"

#include <stdlib.h>

#include "base/banned.h"

struct parser {
    struct arena *arena;
    struct problems *problems;
    struct practice *practice;
};

static const struct str day_names[7] = {STR_INIT("mon"), STR_INIT("tue"), STR_INIT("wed"),
    STR_INIT("thu"), STR_INIT("fri"), STR_INIT("sat"), STR_INIT("sun")};

/* Lower-case letters, digits and single hyphens inside: what may stand in a URL and a host name. */
static bool is_key(struct str s)
{
    if (s.len == 0 || s.len > LIMIT_SLUG_CHARS || s.ptr[0] == '-' || s.ptr[s.len - 1] == '-')
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return false;
    }
    return true;
}

static struct str get_key(struct json_object *object, const char *name)
{
    struct str key = json_get_str(object, name, JSON_REQUIRED, LIMIT_SLUG_CHARS);
    if (key.len && !is_key(key)) json_problem(object, name, "not-a-key", key);
    return key;
}

static bool is_host(struct str s)
{
    if (s.len == 0 || s.len > LIMIT_HOST_CHARS || s.ptr[0] == '.' || s.ptr[s.len - 1] == '.')
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'))
            return false;
    }
    return true;
}

/* Not RFC 5322 whole: something before an @ and a host behind it. The mail part checks exactly. */
static void check_email(struct json_object *object, struct str email)
{
    if (email.len == 0) return;
    size_t at = str_find(email, '@');
    bool plain = at > 0 && at + 1 < email.len && email.len <= LIMIT_EMAIL_CHARS;
    for (size_t i = 0; i < email.len; i++)
        plain = plain && email.ptr[i] > ' ' && email.ptr[i] != ',' && email.ptr[i] != '<';
    if (!plain) json_problem(object, "email", "not-an-email", email);
}

static void parse_hosts(struct parser *p, struct json_object *root)
{
    const struct json *list = json_get_array(root, "hosts", JSON_OPTIONAL, LIMIT_HOSTS);
    size_t count = list ? list->count : 0;
    struct str *hosts = ARENA_ARRAY(p->arena, count, struct str);
    for (size_t i = 0; i < count; i++) {
        const struct json *item = &list->items[i];
        struct str path = json_path_index(p->arena, STR("hosts"), i);
        if (item->kind != JSON_STRING || !is_host(item->string)) {
            problems_add(p->problems, path, "not-a-host", item->string);
            continue;
        }
        for (size_t j = 0; j < i; j++) {
            if (str_eq(hosts[j], item->string))
                problems_add(p->problems, path, "duplicate", item->string);
        }
        hosts[i] = item->string;
    }
    p->practice->hosts = hosts;
    p->practice->host_count = count;
}

/* A number, or null for "no limit" (0). */
static int get_optional_limit(struct json_object *rules, const char *key)
{
    if (!json_has(rules, key)) return 0;
    return (int)json_get_i64(rules, key, JSON_REQUIRED, 1, 1000, 0);
}

static void parse_rules(struct parser *p, struct json_object *root)
{
    struct booking_rules *rules = &p->practice->rules;
    *rules = (struct booking_rules){.step_minutes = 15,
        .notice_minutes = 120,
        .horizon_days = 60,
        .cancel_notice_minutes = 1440,
        .reschedule_notice_minutes = 720,
        .hold_minutes = 10};
    const struct json *value = json_get_object(root, "booking", JSON_OPTIONAL);
    struct json_object object;
    if (!value || !json_enter(value, STR("booking"), p->problems, &object)) return;
    rules->step_minutes =
        (int)json_get_i64(&object, "step_minutes", JSON_OPTIONAL, 1, 1440, rules->step_minutes);
    rules->notice_minutes = (int)json_get_i64(
        &object, "notice_minutes", JSON_OPTIONAL, 0, LIMIT_NOTICE_MINUTES, rules->notice_minutes);
    rules->horizon_days = (int)json_get_i64(
        &object, "horizon_days", JSON_OPTIONAL, 1, LIMIT_HORIZON_DAYS, rules->horizon_days);
    rules->cancel_notice_minutes = (int)json_get_i64(&object, "cancel_notice_minutes",
        JSON_OPTIONAL, 0, LIMIT_NOTICE_MINUTES, rules->cancel_notice_minutes);
    rules->reschedule_notice_minutes = (int)json_get_i64(&object, "reschedule_notice_minutes",
        JSON_OPTIONAL, 0, LIMIT_NOTICE_MINUTES, rules->reschedule_notice_minutes);
    rules->hold_minutes = (int)json_get_i64(
        &object, "hold_minutes", JSON_OPTIONAL, 1, LIMIT_HOLD_MINUTES, rules->hold_minutes);
    rules->max_per_day = get_optional_limit(&object, "max_per_day");
    rules->max_active_per_client = get_optional_limit(&object, "max_active_per_client");
    json_leave(&object);
}

static int hours_order(const void *a, const void *b)
{
    const struct hours_row *x = a;
    const struct hours_row *y = b;
    if (x->weekday != y->weekday) return x->weekday - y->weekday;
    return x->from_min - y->from_min;
}

static int exception_order(const void *a, const void *b)
{
    const struct hours_exception *x = a;
    const struct hours_exception *y = b;
    if (x->date != y->date) return x->date < y->date ? -1 : 1;
    return x->from_min - y->from_min;
}

/* from and to of an object; false (with the problem said) where they are not a period. */
static bool get_period(struct json_object *object, int *ret_from, int *ret_to)
{
    struct str from = json_get_str(object, "from", JSON_REQUIRED, 5);
    struct str to = json_get_str(object, "to", JSON_REQUIRED, 5);
    if (!from.len || !to.len) return false;
    int from_min = 0;
    int to_min = 0;
    bool ok = true;
    if (!minutes_parse(from, false, &from_min)) {
        json_problem(object, "from", "not-a-time", from);
        ok = false;
    }
    if (!minutes_parse(to, true, &to_min)) {
        json_problem(object, "to", "not-a-time", to);
        ok = false;
    }
    if (ok && to_min <= from_min) {
        json_problem(object, "to", "ends-before-start", to);
        ok = false;
    }
    *ret_from = from_min;
    *ret_to = to_min;
    return ok;
}

static int day_index(struct str name)
{
    for (int i = 0; i < 7; i++) {
        if (str_eq(day_names[i], name)) return i;
    }
    return -1;
}

static void parse_hours_row(struct parser *p, const struct json *row, struct str path,
    struct hours_row *list, size_t *count)
{
    struct json_object object;
    if (!json_enter(row, path, p->problems, &object)) return;
    const struct json *days = json_get_array(&object, "days", JSON_REQUIRED, 7);
    int from = 0;
    int to = 0;
    bool ok = get_period(&object, &from, &to);
    if (days && days->count == 0) json_problem(&object, "days", "required", (struct str){0});
    unsigned seen = 0;
    for (size_t i = 0; days && i < days->count; i++) {
        const struct json *day = &days->items[i];
        struct str day_path = json_path_index(p->arena, json_path(&object, "days"), i);
        int index = day->kind == JSON_STRING ? day_index(day->string) : -1;
        if (index < 0) {
            problems_add(p->problems, day_path, "not-a-day", day->string);
        } else if (seen & 1u << index) {
            problems_add(p->problems, day_path, "duplicate", day->string);
        } else if (ok) {
            list[(*count)++] = (struct hours_row){index, from, to};
        }
        if (index >= 0) seen |= 1u << index;
    }
    json_leave(&object);
}

static void parse_hours(struct parser *p, struct json_object *owner, struct resource *therapist)
{
    const struct json *rows = json_get_array(owner, "hours", JSON_OPTIONAL, LIMIT_HOURS_ROWS);
    size_t row_count = rows ? rows->count : 0;
    struct hours_row *list = ARENA_ARRAY(p->arena, row_count * 7, struct hours_row);
    size_t count = 0;
    struct str path = json_path(owner, "hours");
    for (size_t i = 0; i < row_count; i++)
        parse_hours_row(p, &rows->items[i], json_path_index(p->arena, path, i), list, &count);
    if (count) qsort(list, count, sizeof *list, hours_order);
    for (size_t i = 1; i < count; i++) {
        if (list[i].weekday == list[i - 1].weekday && list[i].from_min < list[i - 1].to_min)
            problems_add(p->problems, path, "periods-overlap", day_names[list[i].weekday]);
    }
    therapist->hours = list;
    therapist->hours_count = count;
}

static bool parse_exception(struct parser *p, const struct json *row, struct str path,
    struct hours_exception *ret_exception)
{
    struct json_object object;
    if (!json_enter(row, path, p->problems, &object)) return false;
    struct str date = json_get_str(&object, "date", JSON_REQUIRED, 10);
    bool closed = json_get_bool(&object, "closed", false);
    bool ok = true;
    if (date.len && !date_parse(date, &ret_exception->date)) {
        json_problem(&object, "date", "not-a-date", date);
        ok = false;
    }
    if (closed) {
        ret_exception->from_min = -1;
        ret_exception->to_min = -1;
        if (json_has(&object, "from")) json_problem(&object, "from", "closed-has-times", STR(""));
        if (json_has(&object, "to")) json_problem(&object, "to", "closed-has-times", STR(""));
    } else {
        ok = get_period(&object, &ret_exception->from_min, &ret_exception->to_min) && ok;
    }
    json_leave(&object);
    return ok && date.len;
}

static void parse_exceptions(
    struct parser *p, struct json_object *owner, struct resource *therapist)
{
    const struct json *rows =
        json_get_array(owner, "exceptions", JSON_OPTIONAL, LIMIT_EXCEPTION_ROWS);
    size_t row_count = rows ? rows->count : 0;
    struct hours_exception *list = ARENA_ARRAY(p->arena, row_count, struct hours_exception);
    size_t count = 0;
    struct str path = json_path(owner, "exceptions");
    for (size_t i = 0; i < row_count; i++) {
        if (parse_exception(p, &rows->items[i], json_path_index(p->arena, path, i), &list[count]))
            count++;
    }
    if (count) qsort(list, count, sizeof *list, exception_order);
    for (size_t i = 1; i < count; i++) {
        if (list[i].date != list[i - 1].date) continue;
        bool both_times = list[i].from_min >= 0 && list[i - 1].from_min >= 0;
        if (both_times && list[i].from_min >= list[i - 1].to_min) continue;
        struct sb sb;
        sb_init(&sb, p->arena, 16);
        date_write(&sb, list[i].date);
        problems_add(
            p->problems, path, both_times ? "periods-overlap" : "closed-and-open", sb_str(&sb));
    }
    therapist->exceptions = list;
    therapist->exception_count = count;
}

static void check_duplicate_keys(
    struct parser *p, const struct resource *list, size_t count, struct str path)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (list[i].key.len && str_eq(list[i].key, list[j].key)) {
                struct str at = json_path_index(p->arena, path, i);
                problems_add(p->problems, arena_printf(p->arena, "%.*s.id", STR_ARG(at)),
                    "duplicate", list[i].key);
            }
        }
    }
}

static void parse_rooms(struct parser *p, struct json_object *root)
{
    const struct json *list = json_get_array(root, "rooms", JSON_OPTIONAL, LIMIT_ROOMS);
    size_t count = list ? list->count : 0;
    struct resource *rooms = ARENA_ARRAY(p->arena, count, struct resource);
    for (size_t i = 0; i < count; i++) {
        struct json_object object;
        struct str path = json_path_index(p->arena, STR("rooms"), i);
        if (!json_enter(&list->items[i], path, p->problems, &object)) continue;
        rooms[i].kind = RESOURCE_ROOM;
        rooms[i].key = get_key(&object, "id");
        rooms[i].name = json_get_str(&object, "name", JSON_REQUIRED, LIMIT_NAME_CHARS);
        json_leave(&object);
    }
    check_duplicate_keys(p, rooms, count, STR("rooms"));
    p->practice->rooms = rooms;
    p->practice->room_count = count;
}

static void parse_therapists(struct parser *p, struct json_object *root)
{
    const struct json *list = json_get_array(root, "therapists", JSON_REQUIRED, LIMIT_THERAPISTS);
    size_t count = list ? list->count : 0;
    struct resource *therapists = ARENA_ARRAY(p->arena, count, struct resource);
    for (size_t i = 0; i < count; i++) {
        struct json_object object;
        struct str path = json_path_index(p->arena, STR("therapists"), i);
        if (!json_enter(&list->items[i], path, p->problems, &object)) continue;
        therapists[i].kind = RESOURCE_THERAPIST;
        therapists[i].key = get_key(&object, "id");
        therapists[i].name = json_get_str(&object, "name", JSON_REQUIRED, LIMIT_NAME_CHARS);
        therapists[i].email = json_get_str(&object, "email", JSON_OPTIONAL, LIMIT_EMAIL_CHARS);
        check_email(&object, therapists[i].email);
        parse_hours(p, &object, &therapists[i]);
        parse_exceptions(p, &object, &therapists[i]);
        json_leave(&object);
    }
    check_duplicate_keys(p, therapists, count, STR("therapists"));
    p->practice->therapists = therapists;
    p->practice->therapist_count = count;
}

/* The order in which free therapists and rooms are chosen: by key. */
static void sort_by_key(int *indices, size_t count, const struct resource *list)
{
    for (size_t i = 1; i < count; i++) {
        int moving = indices[i];
        size_t at = i;
        while (at > 0 && str_compare(list[moving].key, list[indices[at - 1]].key) < 0) {
            indices[at] = indices[at - 1];
            at--;
        }
        indices[at] = moving;
    }
}

/* Ids of therapists or rooms -> indices into the list, ascending by key. */
static const int *parse_references(struct parser *p, struct json_object *service, const char *name,
    enum json_need need, const struct resource *list, size_t list_count, size_t *ret_count)
{
    const struct json *refs = json_get_array(service, name, need, 64);
    size_t count = 0;
    size_t ref_count = refs ? refs->count : 0;
    int *indices = ARENA_ARRAY(p->arena, ref_count, int);
    for (size_t i = 0; i < ref_count; i++) {
        struct str path = json_path_index(p->arena, json_path(service, name), i);
        const struct json *ref = &refs->items[i];
        int found = -1;
        for (size_t k = 0; ref->kind == JSON_STRING && k < list_count; k++) {
            if (str_eq(list[k].key, ref->string)) found = (int)k;
        }
        bool twice = false;
        for (size_t k = 0; k < count; k++)
            twice = twice || indices[k] == found;
        if (found < 0) {
            problems_add(p->problems, path, "unknown-id", ref->string);
        } else if (twice) {
            problems_add(p->problems, path, "duplicate", ref->string);
        } else {
            indices[count++] = found;
        }
    }
    if (refs && need == JSON_REQUIRED && ref_count == 0)
        json_problem(service, name, "required", (struct str){0});
    sort_by_key(indices, count, list);
    *ret_count = count;
    return indices;
}

/* "translations": {"es": {"name": "...", "description": "..."}} */
static void parse_service_words(
    struct parser *p, struct json_object *service, struct service_words words[LANG_COUNT])
{
    const struct json *all = json_get_object(service, "translations", JSON_OPTIONAL);
    struct json_object languages;
    if (!all || !json_enter(all, json_path(service, "translations"), p->problems, &languages))
        return;
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        struct json_object own;
        const char *code = tmpl_lang_code((enum lang)lang).ptr;
        const struct json *value = json_get_object(&languages, code, JSON_OPTIONAL);
        if (!value || !json_enter(value, json_path(&languages, code), p->problems, &own)) continue;
        words[lang].name = json_get_str(&own, "name", JSON_OPTIONAL, LIMIT_NAME_CHARS);
        words[lang].description =
            json_get_str(&own, "description", JSON_OPTIONAL, LIMIT_DESCRIPTION_CHARS);
        json_leave(&own);
    }
    json_leave(&languages);
}

static void parse_service(
    struct parser *p, const struct json *value, struct str path, struct service *service)
{
    struct json_object object;
    if (!json_enter(value, path, p->problems, &object)) return;
    const struct practice *practice = p->practice;
    service->key = get_key(&object, "id");
    service->name = json_get_str(&object, "name", JSON_REQUIRED, LIMIT_NAME_CHARS);
    service->description =
        json_get_str(&object, "description", JSON_OPTIONAL, LIMIT_DESCRIPTION_CHARS);
    parse_service_words(p, &object, service->words);
    service->minutes =
        (int)json_get_i64(&object, "minutes", JSON_REQUIRED, 5, LIMIT_SERVICE_MINUTES, 5);
    service->before_minutes = (int)json_get_i64(
        &object, "buffer_before_minutes", JSON_OPTIONAL, 0, LIMIT_BUFFER_MINUTES, 0);
    service->after_minutes = (int)json_get_i64(
        &object, "buffer_after_minutes", JSON_OPTIONAL, 0, LIMIT_BUFFER_MINUTES, 0);
    memcpy(service->price.currency, practice->currency, sizeof practice->currency);
    struct str price = json_get_str(&object, "price", JSON_OPTIONAL, 16);
    if (price.len && !money_parse(price, practice->currency, &service->price))
        json_problem(&object, "price", "not-money", price);
    service->therapists = parse_references(p, &object, "therapists", JSON_REQUIRED,
        practice->therapists, practice->therapist_count, &service->therapist_count);
    service->rooms = parse_references(p, &object, "rooms", JSON_OPTIONAL, practice->rooms,
        practice->room_count, &service->room_count);
    json_leave(&object);
}

static void parse_services(struct parser *p, struct json_object *root)
{
    const struct json *list = json_get_array(root, "services", JSON_REQUIRED, LIMIT_SERVICES);
    size_t count = list ? list->count : 0;
    struct service *services = ARENA_ARRAY(p->arena, count, struct service);
    for (size_t i = 0; i < count; i++) {
        struct str path = json_path_index(p->arena, STR("services"), i);
        parse_service(p, &list->items[i], path, &services[i]);
        for (size_t j = 0; j < i; j++) {
            if (services[i].key.len && str_eq(services[i].key, services[j].key)) {
                problems_add(p->problems, arena_printf(p->arena, "%.*s.id", STR_ARG(path)),
                    "duplicate", services[i].key);
            }
        }
    }
    p->practice->services = services;
    p->practice->service_count = count;
}

static void parse_facts(struct parser *p, struct json_object *root)
{
    struct practice *practice = p->practice;
    practice->slug = get_key(root, "slug");
    if (str_find(practice->slug, '_') < practice->slug.len)
        json_problem(root, "slug", "not-a-key", practice->slug);
    practice->name = json_get_str(root, "name", JSON_REQUIRED, LIMIT_NAME_CHARS);
    struct str zone = json_get_str(root, "timezone", JSON_REQUIRED, LIMIT_TZ_NAME_CHARS);
    if (zone.len && !result_is_ok(tz_find(zone, &practice->zone)))
        json_problem(root, "timezone", "unknown-zone", zone);
    struct str currency = json_get_str(root, "currency", JSON_REQUIRED, 3);
    memcpy(practice->currency, "USD", 4);
    if (money_currency_is_valid(currency)) {
        memcpy(practice->currency, currency.ptr, 3);
    } else if (currency.len) {
        json_problem(root, "currency", "not-a-currency", currency);
    }
    practice->locale = json_get_str(root, "locale", JSON_OPTIONAL, 16);
    if (!practice->locale.len) practice->locale = STR("en-US");
    practice->email = json_get_str(root, "email", JSON_OPTIONAL, LIMIT_EMAIL_CHARS);
    check_email(root, practice->email);
    practice->phone = json_get_str(root, "phone", JSON_OPTIONAL, LIMIT_PHONE_CHARS);
    practice->address = json_get_str(root, "address", JSON_OPTIONAL, LIMIT_ADDRESS_CHARS);
}

struct result setup_parse(struct str text, struct arena *arena, struct problems *problems,
    const struct practice **ret_practice)
{
    const struct json *doc;
    if (text.len > LIMIT_PRACTICE_FILE_BYTES)
        return result_fail(ERR_LIMIT, "too-large", "a practice file has at most 1 MiB");
    TRY(json_parse(arena, text, &doc));
    struct practice *practice = ARENA_NEW(arena, struct practice);
    struct parser p = {arena, problems, practice};
    struct json_object root;
    if (!json_enter(doc, STR(""), problems, &root))
        return result_fail(ERR_INVALID, "invalid", "a practice file is a JSON object");
    parse_facts(&p, &root);
    parse_hosts(&p, &root);
    parse_rules(&p, &root);
    parse_rooms(&p, &root);
    parse_therapists(&p, &root);
    parse_services(&p, &root);
    json_leave(&root);
    if (problems->count) return result_fail(ERR_INVALID, "invalid", NULL);
    *ret_practice = practice;
    return RESULT_OK;
}

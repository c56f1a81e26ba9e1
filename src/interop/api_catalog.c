/* GET /api/v1/services: what the practice offers. */
#include "interop/api_internal.h"

#include "base/check.h"
#include "base/limits.h"

#include "base/banned.h"

static void write_keys(struct jw *jw, const char *name, const struct resource *resources,
    const int *indices, size_t count)
{
    jw_key(jw, str_from_cstr(name));
    jw_array(jw);
    for (size_t i = 0; i < count; i++)
        jw_str(jw, resources[indices[i]].key);
    jw_array_end(jw);
}

/* `lang` LANG_COUNT: nobody said what they read, so the practice's own words. */
static void write_service(
    struct jw *jw, const struct practice *p, const struct service *service, enum lang lang)
{
    bool own = lang == LANG_COUNT;
    char buffer[40];
    struct sb price;
    sb_init_fixed(&price, buffer, sizeof buffer);
    money_write_plain(&price, service->price);
    CHECK(sb_ok(&price));
    jw_object(jw);
    JW_STR(jw, "id", service->key);
    JW_STR(jw, "name", own ? service->name : service_name(service, lang));
    JW_STR(jw, "description", own ? service->description : service_description(service, lang));
    JW_I64(jw, "minutes", service->minutes);
    JW_I64(jw, "buffer_before_minutes", service->before_minutes);
    JW_I64(jw, "buffer_after_minutes", service->after_minutes);
    JW_STR(jw, "price", sb_str(&price));
    JW_STR(jw, "currency", str_from_cstr(p->currency));
    write_keys(jw, "therapists", p->therapists, service->therapists, service->therapist_count);
    write_keys(jw, "rooms", p->rooms, service->rooms, service->room_count);
    jw_object_end(jw);
}

static void write_names(
    struct jw *jw, const char *name, const struct resource *resources, size_t count)
{
    jw_key(jw, str_from_cstr(name));
    jw_array(jw);
    for (size_t i = 0; i < count; i++) {
        jw_object(jw);
        JW_STR(jw, "id", resources[i].key);
        JW_STR(jw, "name", resources[i].name);
        jw_object_end(jw);
    }
    jw_array_end(jw);
}

struct result api_services(struct call *call)
{
    const struct practice *p = call->practice;
    bool asked = http_header(call->req, STR("Accept-Language")).len > 0;
    enum lang lang = asked ? call->lang : LANG_COUNT;
    struct sb sb;
    struct jw jw;
    sb_init(&sb, call->arena, LIMIT_RESPONSE_BYTES);
    jw_init(&jw, &sb);
    jw_object(&jw);
    jw_key(&jw, STR("practice"));
    jw_object(&jw);
    JW_STR(&jw, "id", p->slug);
    JW_STR(&jw, "name", p->name);
    JW_STR(&jw, "timezone", tz_name(p->zone));
    JW_STR(&jw, "currency", str_from_cstr(p->currency));
    JW_STR(&jw, "locale", p->locale);
    jw_object_end(&jw);
    jw_key(&jw, STR("services"));
    jw_array(&jw);
    for (size_t i = 0; i < p->service_count; i++)
        write_service(&jw, p, &p->services[i], lang);
    jw_array_end(&jw);
    write_names(&jw, "therapists", p->therapists, p->therapist_count);
    write_names(&jw, "rooms", p->rooms, p->room_count);
    jw_object_end(&jw);
    CHECK(sb_ok(&sb));
    http_resp_header(call->resp, STR("Vary"), STR("Accept-Language"));
    api_send(call, 200, sb_str(&sb), STR("no-cache"));
    return RESULT_OK;
}

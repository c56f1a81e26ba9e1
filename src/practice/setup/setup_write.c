/* A practice written as a practice file. */
#include "practice/setup/setup.h"

#include "base/limits.h"

#include "base/banned.h"

static const char *const day_names[7] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static void write_minutes(struct jw *jw, const char *key, int minutes)
{
    char buffer[8];
    struct sb sb;
    sb_init_fixed(&sb, buffer, sizeof buffer);
    minutes_write(&sb, minutes);
    jw_key(jw, str_from_cstr(key));
    jw_str(jw, sb_str(&sb));
}

static void write_limit(struct jw *jw, const char *key, int value)
{
    jw_key(jw, str_from_cstr(key));
    if (value) {
        jw_i64(jw, value);
    } else {
        jw_null(jw);
    }
}

static void write_rules(struct jw *jw, const struct booking_rules *rules)
{
    jw_key(jw, STR("booking"));
    jw_object(jw);
    JW_I64(jw, "step_minutes", rules->step_minutes);
    JW_I64(jw, "notice_minutes", rules->notice_minutes);
    JW_I64(jw, "horizon_days", rules->horizon_days);
    JW_I64(jw, "cancel_notice_minutes", rules->cancel_notice_minutes);
    JW_I64(jw, "reschedule_notice_minutes", rules->reschedule_notice_minutes);
    JW_I64(jw, "hold_minutes", rules->hold_minutes);
    write_limit(jw, "max_per_day", rules->max_per_day);
    write_limit(jw, "max_active_per_client", rules->max_active_per_client);
    jw_object_end(jw);
}

static void write_exception(struct jw *jw, const struct hours_exception *exception)
{
    char buffer[16];
    struct sb sb;
    sb_init_fixed(&sb, buffer, sizeof buffer);
    date_write(&sb, exception->date);
    jw_object(jw);
    JW_STR(jw, "date", sb_str(&sb));
    if (exception->from_min < 0) {
        JW_BOOL(jw, "closed", true);
    } else {
        write_minutes(jw, "from", exception->from_min);
        write_minutes(jw, "to", exception->to_min);
    }
    jw_object_end(jw);
}

static void write_hours(struct jw *jw, const struct resource *therapist)
{
    jw_key(jw, STR("hours"));
    jw_array(jw);
    for (size_t i = 0; i < therapist->hours_count; i++) {
        const struct hours_row *row = &therapist->hours[i];
        jw_object(jw);
        jw_key(jw, STR("days"));
        jw_array(jw);
        jw_str(jw, str_from_cstr(day_names[row->weekday]));
        jw_array_end(jw);
        write_minutes(jw, "from", row->from_min);
        write_minutes(jw, "to", row->to_min);
        jw_object_end(jw);
    }
    jw_array_end(jw);
    jw_key(jw, STR("exceptions"));
    jw_array(jw);
    for (size_t i = 0; i < therapist->exception_count; i++)
        write_exception(jw, &therapist->exceptions[i]);
    jw_array_end(jw);
}

static void write_references(
    struct jw *jw, const char *key, const int *indices, size_t count, const struct resource *list)
{
    jw_key(jw, str_from_cstr(key));
    jw_array(jw);
    for (size_t i = 0; i < count; i++)
        jw_str(jw, list[indices[i]].key);
    jw_array_end(jw);
}

static bool words_known(const struct service_words *words)
{
    return words->name.len || words->description.len;
}

static void write_service_words(struct jw *jw, const struct service *service)
{
    bool any = false;
    for (int lang = 0; lang < LANG_COUNT; lang++)
        any = any || words_known(&service->words[lang]);
    if (!any) return;
    jw_key(jw, STR("translations"));
    jw_object(jw);
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        const struct service_words *words = &service->words[lang];
        if (!words_known(words)) continue;
        jw_key(jw, tmpl_lang_code((enum lang)lang));
        jw_object(jw);
        if (words->name.len) JW_STR(jw, "name", words->name);
        if (words->description.len) JW_STR(jw, "description", words->description);
        jw_object_end(jw);
    }
    jw_object_end(jw);
}

static void write_service(struct jw *jw, const struct practice *p, const struct service *service)
{
    char buffer[32];
    struct sb sb;
    sb_init_fixed(&sb, buffer, sizeof buffer);
    money_write_plain(&sb, service->price);
    jw_object(jw);
    JW_STR(jw, "id", service->key);
    JW_STR(jw, "name", service->name);
    JW_I64(jw, "minutes", service->minutes);
    JW_I64(jw, "buffer_before_minutes", service->before_minutes);
    JW_I64(jw, "buffer_after_minutes", service->after_minutes);
    JW_STR(jw, "price", sb_str(&sb));
    write_references(
        jw, "therapists", service->therapists, service->therapist_count, p->therapists);
    write_references(jw, "rooms", service->rooms, service->room_count, p->rooms);
    JW_STR(jw, "description", service->description);
    write_service_words(jw, service);
    jw_object_end(jw);
}

void setup_write(struct jw *jw, const struct practice *p)
{
    jw_object(jw);
    JW_STR(jw, "slug", p->slug);
    JW_STR(jw, "name", p->name);
    JW_STR(jw, "timezone", tz_name(p->zone));
    JW_STR(jw, "currency", ((struct str){p->currency, 3}));
    JW_STR(jw, "locale", p->locale);
    jw_key(jw, STR("hosts"));
    jw_array(jw);
    for (size_t i = 0; i < p->host_count; i++)
        jw_str(jw, p->hosts[i]);
    jw_array_end(jw);
    JW_STR(jw, "email", p->email);
    JW_STR(jw, "phone", p->phone);
    JW_STR(jw, "address", p->address);
    write_rules(jw, &p->rules);
    jw_key(jw, STR("rooms"));
    jw_array(jw);
    for (size_t i = 0; i < p->room_count; i++) {
        jw_object(jw);
        JW_STR(jw, "id", p->rooms[i].key);
        JW_STR(jw, "name", p->rooms[i].name);
        jw_object_end(jw);
    }
    jw_array_end(jw);
    jw_key(jw, STR("therapists"));
    jw_array(jw);
    for (size_t i = 0; i < p->therapist_count; i++) {
        const struct resource *therapist = &p->therapists[i];
        jw_object(jw);
        JW_STR(jw, "id", therapist->key);
        JW_STR(jw, "name", therapist->name);
        JW_STR(jw, "email", therapist->email);
        write_hours(jw, therapist);
        jw_object_end(jw);
    }
    jw_array_end(jw);
    jw_key(jw, STR("services"));
    jw_array(jw);
    for (size_t i = 0; i < p->service_count; i++)
        write_service(jw, p, &p->services[i]);
    jw_array_end(jw);
    jw_object_end(jw);
}

/* Settings of rooms and services. */
#include "web/staff/staff_pages.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/staff/staff_settings.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

/* The entry of that key; `count` where there is none. */
static size_t find_room(const struct practice *p, struct str key)
{
    size_t i = 0;
    while (i < p->room_count && !str_eq(p->rooms[i].key, key))
        i++;
    return i;
}

static size_t find_service(const struct practice *p, struct str key)
{
    size_t i = 0;
    while (i < p->service_count && !str_eq(p->services[i].key, key))
        i++;
    return i;
}

static struct str room_key(const struct practice *p, size_t i)
{
    return p->rooms[i].key;
}

static struct str service_key(const struct practice *p, size_t i)
{
    return p->services[i].key;
}

/* ---- rooms ---- */

/* key empty: a new one. */
static void room_page(struct call *call, int status, struct staff_form *form,
    const struct resource *room, struct str problem)
{
    struct view_staff_setting view;
    staff_setting_begin(call, room ? room->name : staff_say(call, msg_staff_add_room), &view);
    view.intro = staff_say(call, msg_staff_room_intro);
    struct view_input *name = staff_input(form, VIEW_INPUT_TEXT, "name", msg_staff_label_name,
        msg_staff_hint_room, room ? room->name : STR(""));
    name->required = true;
    name->wide = true;
    struct url action = URL("/staff/settings/add-room");
    if (room) action = staff_url(call, "/staff/settings/rooms/%.*s", STR_ARG(room->key));
    staff_settings_done(
        form, action, room ? msg_staff_submit_save : msg_staff_submit_add, &view.form);
    if (room) {
        view.can_remove = true;
        view.remove_note = staff_say(call, msg_staff_remove_room_note);
        view.remove = staff_removal(call,
            staff_url(call, "/staff/settings/rooms/%.*s/remove", STR_ARG(room->key)), problem);
    }
    staff_setting_send(call, status, &view);
}

struct result staff_room(struct call *call)
{
    const struct practice *p = call->practice;
    size_t i = find_room(p, call_param(call, "key"));
    if (i == p->room_count) return result_fail(ERR_NOT_FOUND, "not-found", NULL);
    struct staff_form form;
    staff_form_init(&form, call, false);
    room_page(call, 200, &form, &p->rooms[i], STR(""));
    return RESULT_OK;
}

struct result staff_add_room(struct call *call)
{
    struct staff_form form;
    staff_form_init(&form, call, false);
    room_page(call, 200, &form, NULL, STR(""));
    return RESULT_OK;
}

static struct result save_room(struct call *call, size_t i, bool fresh)
{
    struct staff_form form;
    staff_form_init(&form, call, true);
    struct practice *p = staff_settings_copy(call);
    struct resource *rooms = staff_copy_resources(call, p->rooms, p->room_count, 1);
    const struct resource *old = fresh ? NULL : &p->rooms[i];
    rooms[i].kind = RESOURCE_ROOM;
    rooms[i].name = call_form(call, "name");
    if (fresh) {
        rooms[i].key = staff_new_key(call, rooms[i].name, "room", room_key, p->room_count);
        p->room_count++;
    }
    p->rooms = rooms;
    bool saved;
    TRY(staff_settings_save(&form, p, arena_printf(call->arena, "rooms[%zu].", i), &saved));
    if (!saved) {
        room_page(call, staff_settings_status(&form), &form, old, STR(""));
        return result_fail(ERR_INVALID, "invalid", NULL);
    }
    staff_redirect(call, STR("/staff/settings"), fresh ? "added" : "saved");
    return RESULT_OK;
}

struct result staff_room_post(struct call *call)
{
    size_t i = find_room(call->practice, call_param(call, "key"));
    if (i == call->practice->room_count) return result_fail(ERR_NOT_FOUND, "not-found", NULL);
    return save_room(call, i, false);
}

struct result staff_add_room_post(struct call *call)
{
    return save_room(call, call->practice->room_count, true);
}

const int *staff_indices_without(
    struct call *call, const int *indices, size_t count, int removed, size_t *ret_count)
{
    int *kept = ARENA_ARRAY(call->arena, count, int);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (indices[i] == removed) continue;
        kept[n++] = indices[i] > removed ? indices[i] - 1 : indices[i];
    }
    *ret_count = n;
    return kept;
}

struct result staff_room_remove_post(struct call *call)
{
    const struct practice *now = call->practice;
    size_t at = find_room(now, call_param(call, "key"));
    if (at == now->room_count) return result_fail(ERR_NOT_FOUND, "not-found", NULL);
    struct staff_form form;
    staff_form_init(&form, call, true);
    struct practice *p = staff_settings_copy(call);
    struct service *services = staff_copy_services(call, 0);
    for (size_t i = 0; i < p->service_count; i++) {
        services[i].rooms = staff_indices_without(
            call, services[i].rooms, services[i].room_count, (int)at, &services[i].room_count);
        /* "No rooms" would come to mean that none is needed. */
        if (now->services[i].room_count && !services[i].room_count) {
            struct tmpl *t = staff_text(call);
            msg_staff_last_room(t, services[i].name);
            form.problem = staff_text_end(t);
        }
    }
    p->rooms = staff_resources_without(call, now->rooms, now->room_count, at);
    p->room_count--;
    p->services = services;
    bool saved;
    TRY(staff_settings_save(&form, p, STR(""), &saved));
    if (!saved) {
        struct staff_form fresh;
        staff_form_init(&fresh, call, false);
        room_page(call, 422, &fresh, &now->rooms[at], form.problem);
        return result_fail(ERR_INVALID, "invalid", NULL);
    }
    staff_redirect(call, STR("/staff/settings"), "removed");
    return RESULT_OK;
}

/* ---- services ---- */

static bool sent_with(const struct call *call, const char *name, struct str value)
{
    for (size_t i = 0; i < call->form.len; i++) {
        if (str_eq(call->form.ptr[i].name, str_from_cstr(name)) &&
            str_eq(call->form.ptr[i].value, value))
            return true;
    }
    return false;
}

static bool has_index(const int *indices, size_t count, size_t wanted)
{
    for (size_t i = 0; i < count; i++) {
        if (indices[i] == (int)wanted) return true;
    }
    return false;
}

static void resource_checks(struct staff_form *form, const char *name, staff_sentence label,
    staff_sentence hint, const struct resource *list, size_t count, const int *chosen,
    size_t chosen_count)
{
    struct call *call = form->call;
    struct view_option *options = ARENA_ARRAY(call->arena, count, struct view_option);
    for (size_t i = 0; i < count; i++) {
        bool on =
            form->posted ? sent_with(call, name, list[i].key) : has_index(chosen, chosen_count, i);
        options[i] = (struct view_option){list[i].key, list[i].name, on};
    }
    struct view_input *input =
        staff_input(form, VIEW_INPUT_CHECKS, name, label, hint, (struct str){0});
    input->options = (struct view_options){options, count};
}

static struct str price_text(const struct call *call, const struct service *service)
{
    if (!service->price.minor) return STR("");
    struct sb sb;
    sb_init(&sb, call->arena, 32);
    money_write_plain(&sb, service->price);
    return sb_str(&sb);
}

/* The languages that clients may read, the practice's own left out. */
static const struct {
    enum lang lang;
    const char *name_field;
    const char *description_field;
    staff_sentence name_label;
    staff_sentence description_label;
} translations[] = {
    {LANG_EN, "translations.en.name", "translations.en.description", msg_staff_label_name_en,
        msg_staff_label_description_en},
    {LANG_ES, "translations.es.name", "translations.es.description", msg_staff_label_name_es,
        msg_staff_label_description_es},
};

static bool is_own_language(const struct practice *p, enum lang lang)
{
    enum lang own = LANG_EN;
    (void)tmpl_lang_from_code(p->locale, &own);
    return lang == own;
}

static void translation_inputs(struct staff_form *form, const struct service *service)
{
    for (size_t i = 0; i < COUNT_OF(translations); i++) {
        const struct service_words *words = &service->words[translations[i].lang];
        if (is_own_language(form->call->practice, translations[i].lang)) continue;
        staff_input(form, VIEW_INPUT_TEXT, translations[i].name_field, translations[i].name_label,
            msg_staff_hint_translation, words->name)
            ->wide = true;
        staff_input(form, VIEW_INPUT_AREA, translations[i].description_field,
            translations[i].description_label, NULL, words->description)
            ->max_chars = LIMIT_DESCRIPTION_CHARS;
    }
}

static void read_translations(const struct call *call, struct service *service)
{
    for (size_t i = 0; i < COUNT_OF(translations); i++) {
        if (is_own_language(call->practice, translations[i].lang)) continue;
        service->words[translations[i].lang] =
            (struct service_words){call_form(call, translations[i].name_field),
                staff_form_lines(call, translations[i].description_field)};
    }
}

static void service_page(struct call *call, int status, struct staff_form *form,
    const struct service *service, bool fresh, struct str problem)
{
    const struct practice *p = call->practice;
    struct view_staff_setting view;
    staff_setting_begin(
        call, fresh ? staff_say(call, msg_staff_add_service) : service->name, &view);
    struct view_input *name = staff_input(
        form, VIEW_INPUT_TEXT, "name", msg_staff_label_name, msg_staff_hint_service, service->name);
    name->required = true;
    name->wide = true;
    staff_input(form, VIEW_INPUT_AREA, "description", msg_staff_label_description,
        msg_staff_hint_description, service->description)
        ->max_chars = LIMIT_DESCRIPTION_CHARS;
    translation_inputs(form, service);
    staff_number(form, "minutes", msg_staff_label_minutes, msg_staff_hint_length, service->minutes);
    staff_input(form, VIEW_INPUT_TEXT, "price", msg_staff_label_price, msg_staff_hint_price,
        price_text(call, service));
    staff_number(form, "buffer_before_minutes", msg_staff_label_before, msg_staff_hint_before,
        service->before_minutes);
    staff_number(form, "buffer_after_minutes", msg_staff_label_after, msg_staff_hint_after,
        service->after_minutes);
    resource_checks(form, "therapists", msg_staff_label_who, NULL, p->therapists,
        p->therapist_count, service->therapists, service->therapist_count);
    resource_checks(form, "rooms", msg_staff_label_where, msg_staff_hint_where, p->rooms,
        p->room_count, service->rooms, service->room_count);
    struct url action = URL("/staff/settings/add-service");
    if (!fresh) action = staff_url(call, "/staff/settings/services/%.*s", STR_ARG(service->key));
    staff_settings_done(
        form, action, fresh ? msg_staff_submit_add : msg_staff_submit_save, &view.form);
    if (!fresh) {
        view.can_remove = true;
        view.remove_note = staff_say(call, msg_staff_remove_service_note);
        view.remove = staff_removal(call,
            staff_url(call, "/staff/settings/services/%.*s/remove", STR_ARG(service->key)),
            problem);
    }
    staff_setting_send(call, status, &view);
}

/* What a new service begins with. */
static struct service new_service(const struct call *call)
{
    struct service service = {.minutes = 60, .after_minutes = 15};
    memcpy(service.price.currency, call->practice->currency, sizeof service.price.currency);
    return service;
}

struct result staff_service(struct call *call)
{
    const struct practice *p = call->practice;
    size_t i = find_service(p, call_param(call, "key"));
    if (i == p->service_count) return result_fail(ERR_NOT_FOUND, "not-found", NULL);
    struct staff_form form;
    staff_form_init(&form, call, false);
    service_page(call, 200, &form, &p->services[i], false, STR(""));
    return RESULT_OK;
}

struct result staff_add_service(struct call *call)
{
    struct staff_form form;
    struct service service = new_service(call);
    staff_form_init(&form, call, false);
    service_page(call, 200, &form, &service, true, STR(""));
    return RESULT_OK;
}

static const int *sent_indices(const struct call *call, const char *name,
    const struct resource *list, size_t count, size_t *ret_count)
{
    int *indices = ARENA_ARRAY(call->arena, count, int);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (sent_with(call, name, list[i].key)) indices[n++] = (int)i;
    }
    *ret_count = n;
    return indices;
}

static void read_service(struct staff_form *form, struct service *service)
{
    struct call *call = form->call;
    const struct practice *p = call->practice;
    service->name = call_form(call, "name");
    service->description = staff_form_lines(call, "description");
    read_translations(call, service);
    service->minutes = staff_form_number(form, "minutes", 0);
    service->before_minutes = staff_form_number(form, "buffer_before_minutes", 0);
    service->after_minutes = staff_form_number(form, "buffer_after_minutes", 0);
    struct str price = call_form(call, "price");
    service->price.minor = 0;
    if (price.len && !money_parse(price, p->currency, &service->price))
        problems_add(&form->problems, STR("price"), "not-money", price);
    service->therapists = sent_indices(
        call, "therapists", p->therapists, p->therapist_count, &service->therapist_count);
    service->rooms = sent_indices(call, "rooms", p->rooms, p->room_count, &service->room_count);
}

static struct result save_service(struct call *call, size_t i, bool fresh)
{
    struct staff_form form;
    staff_form_init(&form, call, true);
    struct practice *p = staff_settings_copy(call);
    struct service *services = staff_copy_services(call, 1);
    if (fresh) services[i] = new_service(call);
    struct service before = services[i];
    read_service(&form, &services[i]);
    if (fresh) {
        services[i].key =
            staff_new_key(call, services[i].name, "service", service_key, p->service_count);
        p->service_count++;
    }
    p->services = services;
    bool saved;
    TRY(staff_settings_save(&form, p, arena_printf(call->arena, "services[%zu].", i), &saved));
    if (!saved) {
        service_page(call, staff_settings_status(&form), &form, &before, fresh, STR(""));
        return result_fail(ERR_INVALID, "invalid", NULL);
    }
    staff_redirect(call, STR("/staff/settings"), fresh ? "added" : "saved");
    return RESULT_OK;
}

struct result staff_service_post(struct call *call)
{
    size_t i = find_service(call->practice, call_param(call, "key"));
    if (i == call->practice->service_count) return result_fail(ERR_NOT_FOUND, "not-found", NULL);
    return save_service(call, i, false);
}

struct result staff_add_service_post(struct call *call)
{
    return save_service(call, call->practice->service_count, true);
}

struct result staff_service_remove_post(struct call *call)
{
    size_t at = find_service(call->practice, call_param(call, "key"));
    if (at == call->practice->service_count) return result_fail(ERR_NOT_FOUND, "not-found", NULL);
    struct staff_form form;
    staff_form_init(&form, call, true);
    struct practice *p = staff_settings_copy(call);
    struct service *services = staff_copy_services(call, 0);
    for (size_t i = at; i + 1 < p->service_count; i++)
        services[i] = services[i + 1];
    p->services = services;
    p->service_count--;
    bool saved;
    TRY(staff_settings_save(&form, p, STR(""), &saved));
    if (!saved) {
        struct staff_form fresh;
        staff_form_init(&fresh, call, false);
        service_page(call, 422, &fresh, &call->practice->services[at], false, form.problem);
        return result_fail(ERR_INVALID, "invalid", NULL);
    }
    staff_redirect(call, STR("/staff/settings"), "removed");
    return RESULT_OK;
}

/* Settings: saving what a form changed, and the page that leads to all forms. */
#include "web/staff/staff_settings.h"

#include "auth/audit.h"
#include "base/check.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "practice/clients/clients.h"
#include "web/staff/staff_pages.h"
#include "web/views/staff_setting.tmpl.h"
#include "web/views/staff_settings.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

/* ---- copies ---- */

struct practice *staff_settings_copy(struct call *call)
{
    struct practice *copy = ARENA_NEW(call->arena, struct practice);
    *copy = *call->practice;
    return copy;
}

struct resource *staff_copy_resources(
    struct call *call, const struct resource *list, size_t count, size_t extra)
{
    struct resource *copy = ARENA_ARRAY(call->arena, count + extra, struct resource);
    if (count) memcpy(copy, list, count * sizeof *list);
    return copy;
}

struct resource *staff_resources_without(
    struct call *call, const struct resource *list, size_t count, size_t at)
{
    CHECK(at < count);
    struct resource *kept = staff_copy_resources(call, list, count, 0);
    for (size_t i = at; i + 1 < count; i++)
        kept[i] = list[i + 1];
    return kept;
}

struct service *staff_copy_services(struct call *call, size_t extra)
{
    const struct practice *p = call->practice;
    struct service *copy = ARENA_ARRAY(call->arena, p->service_count + extra, struct service);
    if (p->service_count) memcpy(copy, p->services, p->service_count * sizeof *copy);
    return copy;
}

struct str staff_form_lines(const struct call *call, const char *name)
{
    struct str text = call_form(call, name);
    struct sb sb;
    sb_init(&sb, call->arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '\r') sb_add_char(&sb, text.ptr[i]);
    }
    return sb_str(&sb);
}

static bool key_taken(const struct practice *p, struct str key,
    struct str (*key_at)(const struct practice *p, size_t i), size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(key_at(p, i), key)) return true;
    }
    return false;
}

struct str staff_new_key(struct call *call, struct str name, const char *otherwise,
    struct str (*key_at)(const struct practice *p, size_t i), size_t count)
{
    enum { KEEP = LIMIT_SLUG_CHARS - 4 };
    struct str folded = client_fold(call->arena, name);
    char *out = arena_alloc(call->arena, KEEP + 1, 1);
    size_t len = 0;
    for (size_t i = 0; i < folded.len && len < KEEP; i++) {
        char c = folded.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain) {
            out[len++] = c;
        } else if (len && out[len - 1] != '-') {
            out[len++] = '-';
        }
    }
    while (len && out[len - 1] == '-')
        len--;
    struct str base = len ? (struct str){out, len} : str_from_cstr(otherwise);
    struct str key = base;
    for (int n = 2; key_taken(call->practice, key, key_at, count); n++)
        key = arena_printf(call->arena, "%.*s-%d", STR_ARG(base), n);
    return key;
}

/* ---- saving ---- */

/* "hours[2].to" -> "hours" */
static struct str field_of(struct str path)
{
    if (str_starts(path, STR("translations."))) return path; /* each has a field of its own */
    size_t end = 0;
    while (end < path.len && path.ptr[end] != '[' && path.ptr[end] != '.')
        end++;
    return str_slice(path, 0, end);
}

static bool form_has(struct staff_form *form, struct str field)
{
    /* The fields are made after saving: what was sent tells which there are. */
    return http_fields_has(form->call->form, field) || str_eq(field, STR("hours")) ||
           str_eq(field, STR("exceptions")) || str_eq(field, STR("therapists")) ||
           str_eq(field, STR("rooms"));
}

static void map_problems(struct staff_form *form, const struct problems *found, struct str prefix)
{
    for (const struct problem *p = found->first; p; p = p->next) {
        struct str rest = p->field;
        bool ours = str_starts(rest, prefix);
        if (ours) rest = str_slice(rest, prefix.len, rest.len);
        struct str field = field_of(rest);
        problems_add(&form->problems, field, p->code, p->arg);
        if (ours && form_has(form, field)) continue;
        struct tmpl *t = staff_text(form->call);
        msg_staff_settings_elsewhere(t, p->field, staff_problem(form->call, p->code, p->arg));
        form->problem = staff_text_end(t);
    }
}

/* The lines, and the revision that the practice has with them. */
static struct str change_json(struct call *call, const struct setup_changes *changes)
{
    struct sb sb;
    struct jw jw;
    sb_init(&sb, call->arena, LIMIT_PRACTICE_FILE_BYTES);
    jw_init(&jw, &sb);
    jw_object(&jw);
    jw_key(&jw, STR("lines"));
    jw_array(&jw);
    for (size_t i = 0; i < changes->count && i < 40; i++)
        jw_str(&jw, changes->lines[i]);
    jw_array_end(&jw);
    JW_I64(&jw, "revision", call->practice->revision + 1);
    jw_object_end(&jw);
    return sb_str(&sb);
}

struct result staff_settings_apply(
    struct call *call, const struct practice *file, struct setup_changes *ret_changes)
{
    CHECK(str_eq(file->slug, call->practice->slug));
    TRY(setup_apply(call->tx, file, call->now, call->arena, ret_changes));
    if (!ret_changes->count) return RESULT_OK;
    call->calendar_changed = true;
    return audit_add(call->tx, call->practice->id, call->now, call->actor, STR("settings.changed"),
        STR("practice"), call->practice->id.v, change_json(call, ret_changes));
}

/* ---- somebody else was faster ---- */

/* Who changed the settings last, in words; empty where nobody is known to have. */
static struct result last_change_words(struct call *call, struct str *ret_words)
{
    struct audit_entry *entries;
    size_t count;
    *ret_words = (struct str){0};
    TRY(audit_list(call->tx, call->practice->id, LIMIT_LIST_ROWS, call->arena, &entries, &count));
    for (size_t i = 0; i < count; i++) {
        const struct audit_entry *e = &entries[i];
        struct staff_user user;
        const struct json *detail;
        if (!str_eq(e->action, STR("settings.changed")) || e->actor != ACTOR_STAFF) continue;
        TRY(staff_get(call->tx, call->practice->id, e->user, call->arena, &user));
        if (!result_is_ok(json_parse(call->arena, e->detail, &detail))) return RESULT_OK;
        /* A change that is told nowhere came later: the practice file, on the server itself. */
        const struct json *revision = json_member(detail, STR("revision"));
        if (!revision || revision->integer != call->practice->revision) return RESULT_OK;
        struct staff_dates dates;
        struct sb what;
        staff_dates_init(&dates, call);
        sb_init(&what, call->arena, 2000);
        const struct json *lines = json_member(detail, STR("lines"));
        for (size_t k = 0; lines && k < lines->count && k < 5; k++) {
            if (k) SB_LIT(&what, "; ");
            sb_add(&what, staff_change_words(call, lines->items[k].string));
        }
        struct tmpl *t = staff_text(call);
        msg_staff_settings_meanwhile(
            t, user.name.len ? user.name : user.email, staff_when(&dates, e->at), sb_str(&what));
        *ret_words = staff_text_end(t);
        return RESULT_OK;
    }
    return RESULT_OK;
}

/* A form that was made before the settings were changed is not to undo that unseen. */
static struct result check_revision(struct staff_form *form)
{
    struct call *call = form->call;
    int64_t seen;
    struct str sent = call_form(call, "revision");
    if (!str_to_i64(sent, 0, INT64_MAX, &seen) || seen == call->practice->revision)
        return RESULT_OK;
    TRY(last_change_words(call, &form->problem));
    if (!form->problem.len) form->problem = staff_say(call, msg_staff_settings_meanwhile_file);
    form->overtaken = true;
    return RESULT_OK;
}

void staff_settings_done(
    struct staff_form *form, struct url action, staff_sentence submit, struct view_form *ret_form)
{
    struct call *call = form->call;
    struct str sent = call_form(call, "revision");
    struct str now = arena_printf(call->arena, "%lld", (long long)call->practice->revision);
    /* Whoever was told of the change may save over it. */
    staff_hidden(form, "revision", form->posted && sent.len && !form->overtaken ? sent : now);
    staff_form_done(form, action, submit, ret_form);
}

int staff_settings_status(const struct staff_form *form)
{
    return form->overtaken ? 409 : 422;
}

struct result staff_settings_save(
    struct staff_form *form, const struct practice *changed, struct str prefix, bool *ret_saved)
{
    struct call *call = form->call;
    *ret_saved = false;
    TRY(check_revision(form));
    if (form->problems.count || form->problem.len) return RESULT_OK;
    struct sb sb;
    struct jw jw;
    sb_init(&sb, call->arena, 2 * LIMIT_PRACTICE_FILE_BYTES);
    jw_init(&jw, &sb);
    setup_write(&jw, changed);
    if (!sb_ok(&sb)) return result_fail(ERR_LIMIT, "too-large", NULL);
    struct problems found;
    problems_init(&found, call->arena);
    const struct practice *file;
    struct result parsed = setup_parse(sb_str(&sb), call->arena, &found, &file);
    if (parsed.code == ERR_INVALID) {
        map_problems(form, &found, prefix);
        return RESULT_OK;
    }
    TRY(parsed);
    struct setup_changes changes;
    TRY(tx_savepoint(call->tx));
    struct result applied = staff_settings_apply(call, file, &changes);
    if (!result_is_ok(applied)) {
        tx_savepoint_rollback(call->tx);
        if (applied.code != ERR_CONFLICT) return applied;
        problems_add(&form->problems, STR("hosts"), "host-taken", (struct str){0});
        return RESULT_OK;
    }
    TRY(tx_savepoint_release(call->tx));
    *ret_saved = true;
    return RESULT_OK;
}

/* ---- words of changes ---- */

struct change_word {
    struct str english;
    staff_sentence sentence;
};

static const struct change_word change_words[] = {
    {STR_INIT("therapist"), msg_staff_change_therapist},
    {STR_INIT("room"), msg_staff_change_room},
    {STR_INIT("service"), msg_staff_change_service},
    {STR_INIT("practice"), msg_staff_change_practice},
    {STR_INIT("details changed"), msg_staff_change_details},
    {STR_INIT("booking rules changed"), msg_staff_change_rules},
    {STR_INIT("hosts changed"), msg_staff_change_hosts},
    {STR_INIT("hours changed"), msg_staff_change_hours},
    {STR_INIT("exceptions changed"), msg_staff_change_exceptions},
    {STR_INIT("added"), msg_staff_change_added},
    {STR_INIT("changed"), msg_staff_change_changed},
    {STR_INIT("no longer offered"), msg_staff_change_gone},
};

static struct str change_word(const struct call *call, struct str english)
{
    for (size_t i = 0; i < COUNT_OF(change_words); i++) {
        if (str_eq(change_words[i].english, english))
            return staff_say(call, change_words[i].sentence);
    }
    return english;
}

struct str staff_change_words(const struct call *call, struct str line)
{
    size_t colon = str_find(line, ':');
    if (colon == line.len) return line;
    struct str subject = str_slice(line, 0, colon);
    struct str what = change_word(call, str_trim(str_slice(line, colon + 1, line.len)));
    size_t space = str_find(subject, ' ');
    struct str kind = str_slice(subject, 0, space);
    struct str key = str_trim(str_slice(subject, space, subject.len));
    struct str name = {0};
    if (key.len && !result_is_ok(setup_name_of_key(
                       call->tx, call->practice->id, kind, key, call->arena, &name)))
        name = key;
    if (!name.len) name = key; /* not there yet, or not any more */
    return arena_printf(call->arena, "%.*s%s%.*s: %.*s", STR_ARG(change_word(call, kind)),
        name.len ? " " : "", STR_ARG(name), STR_ARG(what));
}

/* ---- pages of one form ---- */

struct view_form staff_removal(struct call *call, struct url action, struct str problem)
{
    return (struct view_form){.action = action,
        .problem = problem,
        .submit = staff_say(call, msg_staff_submit_remove),
        .grave = true};
}

void staff_setting_begin(struct call *call, struct str title, struct view_staff_setting *ret_view)
{
    *ret_view = (struct view_staff_setting){0};
    staff_page_fill(call, VIEW_STAFF_SETTINGS, title, &ret_view->page);
}

void staff_setting_send(struct call *call, int status, const struct view_staff_setting *view)
{
    STAFF_PAGE(call, status, tmpl_staff_setting, view);
}

/* ---- the index ---- */

/* "Monday to Friday, 32 hours a week" would need judgement; the sum is plain. */
static struct str hours_words(const struct call *call, const struct resource *therapist)
{
    int minutes = 0;
    for (size_t i = 0; i < therapist->hours_count; i++)
        minutes += therapist->hours[i].to_min - therapist->hours[i].from_min;
    if (!minutes) return staff_say(call, msg_staff_no_hours);
    struct tmpl *t = staff_text(call);
    struct str hours = minutes % 60
                           ? arena_printf(call->arena, "%d:%02d", minutes / 60, minutes % 60)
                           : arena_printf(call->arena, "%d", minutes / 60);
    msg_staff_hours_a_week(t, hours);
    return staff_text_end(t);
}

static struct view_settings setting_list(struct view_setting *list, size_t count)
{
    return (struct view_settings){list, count};
}

static void index_lists(
    struct call *call, const struct staff_dates *dates, struct view_staff_settings *view)
{
    const struct practice *p = call->practice;
    struct view_setting *list = ARENA_ARRAY(call->arena, p->therapist_count, struct view_setting);
    for (size_t i = 0; i < p->therapist_count; i++) {
        list[i] = (struct view_setting){p->therapists[i].name, hours_words(call, &p->therapists[i]),
            staff_url(call, "/staff/settings/therapists/%.*s", STR_ARG(p->therapists[i].key))};
    }
    view->therapists = setting_list(list, p->therapist_count);
    list = ARENA_ARRAY(call->arena, p->service_count, struct view_setting);
    for (size_t i = 0; i < p->service_count; i++) {
        const struct service *s = &p->services[i];
        struct str minutes = format_minutes_count(&dates->format, s->minutes);
        struct str price = staff_price(dates, s->price.minor);
        list[i] = (struct view_setting){s->name,
            price.len ? arena_printf(call->arena, "%.*s, %.*s", STR_ARG(minutes), STR_ARG(price))
                      : minutes,
            staff_url(call, "/staff/settings/services/%.*s", STR_ARG(s->key))};
    }
    view->services = setting_list(list, p->service_count);
    list = ARENA_ARRAY(call->arena, p->room_count, struct view_setting);
    for (size_t i = 0; i < p->room_count; i++) {
        list[i] = (struct view_setting){p->rooms[i].name, {0},
            staff_url(call, "/staff/settings/rooms/%.*s", STR_ARG(p->rooms[i].key))};
    }
    view->rooms = setting_list(list, p->room_count);
}

struct result staff_settings(struct call *call)
{
    const struct practice *p = call->practice;
    struct view_staff_settings view = {0};
    struct staff_dates dates;
    struct staff_users users;
    staff_dates_init(&dates, call);
    staff_page_fill(call, VIEW_STAFF_SETTINGS, staff_say(call, msg_staff_settings), &view.page);
    index_lists(call, &dates, &view);
    view.practice =
        p->phone.len ? arena_printf(call->arena, "%.*s, %.*s", STR_ARG(p->name), STR_ARG(p->phone))
                     : p->name;
    struct tmpl *t = staff_text(call);
    msg_staff_rules_summary(
        t, staff_minutes_words(&dates, p->rules.notice_minutes), p->rules.horizon_days);
    view.rules = staff_text_end(t);
    TRY(staff_list(call->tx, p->id, call->arena, &users));
    int64_t active = 0;
    for (size_t i = 0; i < users.len; i++)
        active += users.ptr[i].active;
    t = staff_text(call);
    msg_staff_team_summary(t, active);
    view.team = staff_text_end(t);
    STAFF_PAGE(call, 200, tmpl_staff_settings, &view);
    return RESULT_OK;
}

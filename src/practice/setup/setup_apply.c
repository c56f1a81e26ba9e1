/* Making the database what a practice file says: compare, write what differs, tell what changed. */
#include "practice/setup/setup.h"

#include "base/check.h"
#include "base/limits.h"

#include "base/banned.h"

enum { LINES_MAX = 2000 };

struct applier {
    struct tx *tx;
    struct arena *arena;
    const struct practice *file;
    const struct practice *now; /* what the database has; an empty practice when it is new */
    struct practice_id id;
    struct str *lines;
    size_t line_count;
};

static void say(struct applier *a, struct str line)
{
    if (a->line_count < LINES_MAX) a->lines[a->line_count++] = line;
}

static const char *kind_name(enum resource_kind kind)
{
    return kind == RESOURCE_THERAPIST ? "therapist" : "room";
}

/* ---- the practice's own row ---- */

static bool rules_equal(const struct booking_rules *a, const struct booking_rules *b)
{
    return a->step_minutes == b->step_minutes && a->notice_minutes == b->notice_minutes &&
           a->horizon_days == b->horizon_days &&
           a->cancel_notice_minutes == b->cancel_notice_minutes &&
           a->reschedule_notice_minutes == b->reschedule_notice_minutes &&
           a->hold_minutes == b->hold_minutes && a->max_per_day == b->max_per_day &&
           a->max_active_per_client == b->max_active_per_client;
}

static bool facts_equal(const struct practice *a, const struct practice *b)
{
    return str_eq(a->name, b->name) && a->zone == b->zone &&
           memcmp(a->currency, b->currency, 3) == 0 && str_eq(a->locale, b->locale) &&
           str_eq(a->email, b->email) && str_eq(a->phone, b->phone) &&
           str_eq(a->address, b->address);
}

static struct result insert_practice(struct applier *a, utc_us now)
{
    const struct practice *f = a->file;
    TRY(db_int(a->tx, SQL("SELECT coalesce(max(practice_id), 0) + 1 FROM practice"), NO_VALUES, 1,
        &a->id.v));
    return db_exec(a->tx,
        SQL("INSERT INTO practice (practice_id, slug, name, zone, currency, locale, step_minutes,"
            " notice_minutes, horizon_days, cancel_notice_minutes, reschedule_notice_minutes,"
            " hold_minutes, created_us) VALUES ($1, $2, $3, $4, $5, $6, 15, 0, 1, 0, 0, 1, $7)"),
        V(v_int(a->id.v), v_text(f->slug), v_text(f->name), v_text(tz_name(f->zone)),
            v_text((struct str){f->currency, 3}), v_text(f->locale), v_int(now)),
        NULL);
}

static struct result apply_facts(struct applier *a, bool created)
{
    const struct practice *f = a->file;
    bool facts = !created && !facts_equal(f, a->now);
    bool rules = !created && !rules_equal(&f->rules, &a->now->rules);
    if (facts) say(a, STR("practice: details changed"));
    if (rules) say(a, STR("practice: booking rules changed"));
    if (!created && !facts && !rules) return RESULT_OK;
    return db_exec(a->tx,
        SQL("UPDATE practice SET name = $2, zone = $3, currency = $4, locale = $5, email = $6,"
            " phone = $7, address = $8, step_minutes = $9, notice_minutes = $10,"
            " horizon_days = $11, cancel_notice_minutes = $12, reschedule_notice_minutes = $13,"
            " hold_minutes = $14, max_per_day = $15, max_active_per_client = $16"
            " WHERE practice_id = $1"),
        V(v_int(a->id.v), v_text(f->name), v_text(tz_name(f->zone)),
            v_text((struct str){f->currency, 3}), v_text(f->locale), v_text(f->email),
            v_text(f->phone), v_text(f->address), v_int(f->rules.step_minutes),
            v_int(f->rules.notice_minutes), v_int(f->rules.horizon_days),
            v_int(f->rules.cancel_notice_minutes), v_int(f->rules.reschedule_notice_minutes),
            v_int(f->rules.hold_minutes), v_int_or_null(f->rules.max_per_day),
            v_int_or_null(f->rules.max_active_per_client)),
        NULL);
}

static struct result apply_hosts(struct applier *a)
{
    const struct practice *f = a->file;
    bool equal = f->host_count == a->now->host_count;
    for (size_t i = 0; equal && i < f->host_count; i++)
        equal = str_eq(f->hosts[i], a->now->hosts[i]);
    if (equal) return RESULT_OK;
    TRY(db_exec(
        a->tx, SQL("DELETE FROM practice_host WHERE practice_id = $1"), V(v_int(a->id.v)), NULL));
    for (size_t i = 0; i < f->host_count; i++) {
        struct result result = db_exec(a->tx,
            SQL("INSERT INTO practice_host (practice_id, host, position) VALUES ($1, $2, $3)"),
            V(v_int(a->id.v), v_text(f->hosts[i]), v_int((int64_t)i)), NULL);
        if (result.code == ERR_CONFLICT)
            return result_fail(ERR_CONFLICT, "host-taken", "another practice has one of the hosts");
        TRY(result);
    }
    say(a, STR("practice: hosts changed"));
    return RESULT_OK;
}

/* ---- therapists and rooms ---- */

static const struct resource *find_resource(
    const struct resource *list, size_t count, struct str key)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(list[i].key, key)) return &list[i];
    }
    return NULL;
}

static bool hours_equal(const struct resource *a, const struct resource *b)
{
    if (a->hours_count != b->hours_count) return false;
    for (size_t i = 0; i < a->hours_count; i++) {
        if (a->hours[i].weekday != b->hours[i].weekday ||
            a->hours[i].from_min != b->hours[i].from_min ||
            a->hours[i].to_min != b->hours[i].to_min)
            return false;
    }
    return true;
}

static bool exceptions_equal(const struct resource *a, const struct resource *b)
{
    if (a->exception_count != b->exception_count) return false;
    for (size_t i = 0; i < a->exception_count; i++) {
        if (a->exceptions[i].date != b->exceptions[i].date ||
            a->exceptions[i].from_min != b->exceptions[i].from_min ||
            a->exceptions[i].to_min != b->exceptions[i].to_min)
            return false;
    }
    return true;
}

static struct result write_hours(struct applier *a, const struct resource *r, int64_t id)
{
    TRY(db_exec(a->tx, SQL("DELETE FROM hours WHERE practice_id = $1 AND resource_id = $2"),
        V(v_int(a->id.v), v_int(id)), NULL));
    for (size_t i = 0; i < r->hours_count; i++) {
        TRY(db_exec(a->tx,
            SQL("INSERT INTO hours (practice_id, resource_id, weekday, from_min, to_min)"
                " VALUES ($1, $2, $3, $4, $5)"),
            V(v_int(a->id.v), v_int(id), v_int(r->hours[i].weekday), v_int(r->hours[i].from_min),
                v_int(r->hours[i].to_min)),
            NULL));
    }
    return RESULT_OK;
}

static struct result write_exceptions(struct applier *a, const struct resource *r, int64_t id)
{
    TRY(db_exec(a->tx,
        SQL("DELETE FROM hours_exception WHERE practice_id = $1 AND resource_id = $2"),
        V(v_int(a->id.v), v_int(id)), NULL));
    for (size_t i = 0; i < r->exception_count; i++) {
        const struct hours_exception *e = &r->exceptions[i];
        TRY(db_exec(a->tx,
            SQL("INSERT INTO hours_exception (practice_id, resource_id, date, from_min, to_min)"
                " VALUES ($1, $2, $3, $4, $5)"),
            V(v_int(a->id.v), v_int(id), v_int(e->date), v_int(e->from_min), v_int(e->to_min)),
            NULL));
    }
    return RESULT_OK;
}

/* Its id: the known row's (also of one that had left), or a new one. */
static struct result upsert_resource(struct applier *a, const struct resource *r, size_t position,
    const struct resource *old, int64_t *ret_id)
{
    int64_t id;
    TRY(db_int(a->tx,
        SQL("SELECT resource_id FROM resource WHERE practice_id = $1 AND kind = $2 AND key = $3"),
        V(v_int(a->id.v), v_int(r->kind), v_text(r->key)), 0, &id));
    if (!id) {
        TRY(db_int(a->tx,
            SQL("SELECT coalesce(max(resource_id), 0) + 1 FROM resource WHERE practice_id = $1"),
            V(v_int(a->id.v)), 1, &id));
        TRY(db_exec(a->tx,
            SQL("INSERT INTO resource (practice_id, resource_id, kind, key, name, email, position)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7)"),
            V(v_int(a->id.v), v_int(id), v_int(r->kind), v_text(r->key), v_text(r->name),
                v_text(r->email), v_int((int64_t)position)),
            NULL));
    } else {
        TRY(db_exec(a->tx,
            SQL("UPDATE resource SET name = $3, email = $4, position = $5, active = 1"
                " WHERE practice_id = $1 AND resource_id = $2"),
            V(v_int(a->id.v), v_int(id), v_text(r->name), v_text(r->email),
                v_int((int64_t)position)),
            NULL));
    }
    const char *what = kind_name(r->kind);
    if (!old) say(a, arena_printf(a->arena, "%s %.*s: added", what, STR_ARG(r->key)));
    *ret_id = id;
    return RESULT_OK;
}

static struct result apply_resource(struct applier *a, const struct resource *r, size_t position,
    const struct resource *old, size_t old_position)
{
    bool row = !old || old_position != position || !str_eq(old->name, r->name) ||
               !str_eq(old->email, r->email);
    bool hours = !old || !hours_equal(old, r);
    bool exceptions = !old || !exceptions_equal(old, r);
    int64_t id = old ? old->id.v : 0;
    const char *what = kind_name(r->kind);
    if (row) TRY(upsert_resource(a, r, position, old, &id));
    if (hours) TRY(write_hours(a, r, id));
    if (exceptions) TRY(write_exceptions(a, r, id));
    if (!old) return RESULT_OK;
    if (row) say(a, arena_printf(a->arena, "%s %.*s: details changed", what, STR_ARG(r->key)));
    if (hours) say(a, arena_printf(a->arena, "%s %.*s: hours changed", what, STR_ARG(r->key)));
    if (exceptions)
        say(a, arena_printf(a->arena, "%s %.*s: exceptions changed", what, STR_ARG(r->key)));
    return RESULT_OK;
}

static struct result apply_resources(struct applier *a, const struct resource *file,
    size_t file_count, const struct resource *now, size_t now_count)
{
    for (size_t i = 0; i < file_count; i++) {
        const struct resource *old = find_resource(now, now_count, file[i].key);
        TRY(apply_resource(a, &file[i], i, old, old ? (size_t)(old - now) : 0));
    }
    for (size_t i = 0; i < now_count; i++) {
        if (find_resource(file, file_count, now[i].key)) continue;
        TRY(db_exec(a->tx,
            SQL("UPDATE resource SET active = 0 WHERE practice_id = $1 AND resource_id = $2"),
            V(v_int(a->id.v), v_int(now[i].id.v)), NULL));
        say(a, arena_printf(a->arena, "%s %.*s: no longer offered", kind_name(now[i].kind),
                   STR_ARG(now[i].key)));
    }
    return RESULT_OK;
}

/* ---- services ---- */

static bool references_equal(const int *a, size_t a_count, const struct resource *a_list,
    const int *b, size_t b_count, const struct resource *b_list)
{
    if (a_count != b_count) return false;
    for (size_t i = 0; i < a_count; i++) {
        if (!str_eq(a_list[a[i]].key, b_list[b[i]].key)) return false;
    }
    return true;
}

static bool words_equal(const struct service *a, const struct service *b)
{
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        if (!str_eq(a->words[lang].name, b->words[lang].name) ||
            !str_eq(a->words[lang].description, b->words[lang].description))
            return false;
    }
    return true;
}

static bool service_equal(const struct applier *a, const struct service *f, const struct service *n)
{
    return str_eq(f->name, n->name) && str_eq(f->description, n->description) &&
           words_equal(f, n) && f->minutes == n->minutes &&
           f->before_minutes == n->before_minutes && f->after_minutes == n->after_minutes &&
           f->price.minor == n->price.minor &&
           references_equal(f->therapists, f->therapist_count, a->file->therapists, n->therapists,
               n->therapist_count, a->now->therapists) &&
           references_equal(
               f->rooms, f->room_count, a->file->rooms, n->rooms, n->room_count, a->now->rooms);
}

static struct result write_references(struct applier *a, int64_t service_id, const int *indices,
    size_t count, const struct resource *list)
{
    for (size_t i = 0; i < count; i++) {
        const struct resource *r = &list[indices[i]];
        int64_t changed;
        TRY(db_exec(a->tx,
            SQL("INSERT INTO service_resource (practice_id, service_id, resource_id)"
                " SELECT $1, $2, resource_id FROM resource"
                " WHERE practice_id = $1 AND kind = $3 AND key = $4"),
            V(v_int(a->id.v), v_int(service_id), v_int(r->kind), v_text(r->key)), &changed));
        CHECK(changed == 1);
    }
    return RESULT_OK;
}

static struct result write_service_words(
    struct applier *a, int64_t service_id, const struct service *s)
{
    TRY(db_exec(a->tx, SQL("DELETE FROM service_words WHERE practice_id = $1 AND service_id = $2"),
        V(v_int(a->id.v), v_int(service_id)), NULL));
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        const struct service_words *words = &s->words[lang];
        if (!words->name.len && !words->description.len) continue;
        TRY(db_exec(a->tx,
            SQL("INSERT INTO service_words (practice_id, service_id, language, name, description)"
                " VALUES ($1, $2, $3, $4, $5)"),
            V(v_int(a->id.v), v_int(service_id), v_text(tmpl_lang_code((enum lang)lang)),
                v_text(words->name), v_text(words->description)),
            NULL));
    }
    return RESULT_OK;
}

static struct result write_service(struct applier *a, const struct service *s, size_t position)
{
    int64_t id;
    TRY(db_int(a->tx, SQL("SELECT service_id FROM service WHERE practice_id = $1 AND key = $2"),
        V(v_int(a->id.v), v_text(s->key)), 0, &id));
    if (!id) {
        TRY(db_int(a->tx,
            SQL("SELECT coalesce(max(service_id), 0) + 1 FROM service WHERE practice_id = $1"),
            V(v_int(a->id.v)), 1, &id));
        TRY(db_exec(a->tx,
            SQL("INSERT INTO service (practice_id, service_id, key, name, minutes,"
                " buffer_before_minutes, buffer_after_minutes, price_minor, position)"
                " VALUES ($1, $2, $3, '', 5, 0, 0, 0, 0)"),
            V(v_int(a->id.v), v_int(id), v_text(s->key)), NULL));
    }
    TRY(db_exec(a->tx,
        SQL("UPDATE service SET name = $3, description = $4, minutes = $5,"
            " buffer_before_minutes = $6, buffer_after_minutes = $7, price_minor = $8,"
            " position = $9, active = 1 WHERE practice_id = $1 AND service_id = $2"),
        V(v_int(a->id.v), v_int(id), v_text(s->name), v_text(s->description), v_int(s->minutes),
            v_int(s->before_minutes), v_int(s->after_minutes), v_int(s->price.minor),
            v_int((int64_t)position)),
        NULL));
    TRY(write_service_words(a, id, s));
    TRY(db_exec(a->tx,
        SQL("DELETE FROM service_resource WHERE practice_id = $1 AND service_id = $2"),
        V(v_int(a->id.v), v_int(id)), NULL));
    TRY(write_references(a, id, s->therapists, s->therapist_count, a->file->therapists));
    return write_references(a, id, s->rooms, s->room_count, a->file->rooms);
}

static struct result apply_services(struct applier *a)
{
    const struct practice *f = a->file;
    const struct practice *n = a->now;
    for (size_t i = 0; i < f->service_count; i++) {
        const struct service *s = &f->services[i];
        const struct service *old = practice_service(n, s->key);
        if (old && (size_t)(old - n->services) == i && service_equal(a, s, old)) continue;
        TRY(write_service(a, s, i));
        say(a,
            arena_printf(a->arena, "service %.*s: %s", STR_ARG(s->key), old ? "changed" : "added"));
    }
    for (size_t i = 0; i < n->service_count; i++) {
        const struct service *s = &n->services[i];
        if (practice_service(f, s->key)) continue;
        TRY(db_exec(a->tx,
            SQL("UPDATE service SET active = 0 WHERE practice_id = $1 AND service_id = $2"),
            V(v_int(a->id.v), v_int(s->id.v)), NULL));
        say(a, arena_printf(a->arena, "service %.*s: no longer offered", STR_ARG(s->key)));
    }
    return RESULT_OK;
}

struct result setup_apply(struct tx *tx, const struct practice *file, utc_us now,
    struct arena *arena, struct setup_changes *ret_changes)
{
    struct practice empty = {.zone = file->zone};
    struct applier a = {.tx = tx, .arena = arena, .file = file, .now = &empty};
    a.lines = ARENA_ARRAY(arena, LINES_MAX, struct str);
    struct result found = setup_find_by_slug(tx, file->slug, &a.id);
    bool created = found.code == ERR_NOT_FOUND;
    if (created) {
        TRY(insert_practice(&a, now));
        say(&a, arena_printf(arena, "practice %.*s: created", STR_ARG(file->slug)));
    } else {
        TRY(found);
        TRY(setup_load(tx, a.id, arena, &a.now));
    }
    TRY(apply_facts(&a, created));
    TRY(apply_hosts(&a));
    TRY(apply_resources(
        &a, file->therapists, file->therapist_count, a.now->therapists, a.now->therapist_count));
    TRY(apply_resources(&a, file->rooms, file->room_count, a.now->rooms, a.now->room_count));
    TRY(apply_services(&a));
    if (a.line_count) {
        TRY(db_exec(tx, SQL("UPDATE practice SET revision = revision + 1 WHERE practice_id = $1"),
            V(v_int(a.id.v)), NULL));
    }
    *ret_changes = (struct setup_changes){a.lines, a.line_count, created, a.id};
    return RESULT_OK;
}

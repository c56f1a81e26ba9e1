/* Balm's own pages, what a practice laid over them, and how it changes that. */
#include "practice/learn/learn.h"

#include "auth/audit.h"
#include "base/check.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "practice/learn/internal.h"

#include <stdlib.h>

struct learn_file {
    struct str slug;
    struct str texts[LANG_COUNT];
};

#include "learn_pages.h"

#include "base/banned.h"

/* ---- Balm's own ---- */

size_t learn_own_count(void)
{
    return COUNT_OF(learn_files);
}

struct str learn_own_slug(size_t index)
{
    CHECK(index < COUNT_OF(learn_files));
    return learn_files[index].slug;
}

struct str learn_own_text(struct str slug, enum lang lang)
{
    for (size_t i = 0; i < COUNT_OF(learn_files); i++) {
        if (str_eq(learn_files[i].slug, slug)) return learn_files[i].texts[lang];
    }
    return (struct str){0};
}

/* ---- laid over ---- */

static const struct learn_row *find_row(
    const struct learn_rows *rows, struct str slug, enum lang lang)
{
    for (size_t i = 0; i < rows->len; i++) {
        if (rows->ptr[i].lang == lang && str_eq(rows->ptr[i].slug, slug)) return &rows->ptr[i];
    }
    return NULL;
}

/* The page in exactly this language: false where it has none. */
static bool entry_in(
    const struct learn_rows *rows, struct str slug, enum lang lang, struct learn_entry *ret_entry)
{
    struct str own = learn_own_text(slug, lang);
    const struct learn_row *row = find_row(rows, slug, lang);
    struct learn_entry entry = {.slug = slug, .lang = lang, .has_own = own.len > 0, .text = own};
    if (row) {
        entry.edited = !row->revision.own;
        entry.hidden = row->revision.hidden;
        entry.revision = row->revision.n;
        entry.at = row->revision.at;
        entry.user = row->revision.user;
        if (entry.edited) entry.text = row->revision.text;
    }
    if (!entry.text.len) return false;
    *ret_entry = entry;
    return true;
}

/* In this language, or in the first other one. */
static bool entry_near(
    const struct learn_rows *rows, struct str slug, enum lang lang, struct learn_entry *ret_entry)
{
    if (entry_in(rows, slug, lang, ret_entry)) return true;
    for (enum lang other = 0; other < LANG_COUNT; other++) {
        if (entry_in(rows, slug, other, ret_entry)) return true;
    }
    return false;
}

struct result learn_list(struct tx *tx, struct practice_id practice, enum lang lang,
    struct arena *arena, struct learn_entries *ret_entries)
{
    struct learn_rows rows;
    TRY(learn_sql_newest(tx, practice, (struct str){0}, arena, &rows));
    struct learn_entry *list =
        ARENA_ARRAY(arena, COUNT_OF(learn_files) + rows.len, struct learn_entry);
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(learn_files); i++) {
        if (entry_near(&rows, learn_files[i].slug, lang, &list[count])) count++;
    }
    for (size_t i = 0; i < rows.len; i++) { /* sorted by slug: a page's languages are neighbours */
        struct str slug = rows.ptr[i].slug;
        if (i && str_eq(rows.ptr[i - 1].slug, slug)) continue;
        if (learn_own_text(slug, LANG_EN).len) continue;
        if (entry_near(&rows, slug, lang, &list[count])) count++;
    }
    *ret_entries = (struct learn_entries){list, count};
    return RESULT_OK;
}

struct result learn_find(struct tx *tx, struct practice_id practice, struct str slug,
    enum lang lang, struct arena *arena, struct learn_entry *ret_entry)
{
    struct learn_rows rows;
    if (!learn_slug_is_valid(slug)) return result_fail(ERR_NOT_FOUND, "no-such-page", NULL);
    TRY(learn_sql_newest(tx, practice, slug, arena, &rows));
    if (!entry_near(&rows, slug, lang, ret_entry))
        return result_fail(ERR_NOT_FOUND, "no-such-page", NULL);
    return RESULT_OK;
}

struct result learn_find_exact(struct tx *tx, struct practice_id practice, struct str slug,
    enum lang lang, struct arena *arena, struct learn_entry *ret_entry)
{
    struct learn_rows rows;
    if (!learn_slug_is_valid(slug)) return result_fail(ERR_NOT_FOUND, "no-such-page", NULL);
    TRY(learn_sql_newest(tx, practice, slug, arena, &rows));
    if (!entry_in(&rows, slug, lang, ret_entry))
        return result_fail(ERR_NOT_FOUND, "no-such-page", NULL);
    return RESULT_OK;
}

/* ---- changing ---- */

bool learn_slug_is_valid(struct str slug)
{
    if (slug.len == 0 || slug.len > LIMIT_SLUG_CHARS) return false;
    if (slug.ptr[0] == '-' || slug.ptr[slug.len - 1] == '-') return false;
    for (size_t i = 0; i < slug.len; i++) {
        char c = slug.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!plain && (c != '-' || slug.ptr[i - 1] == '-')) return false;
    }
    return true;
}

static struct result note(const struct learn_change *change, const char *action, int64_t n)
{
    struct sb sb;
    struct jw jw;
    sb_init(&sb, change->arena, 256);
    jw_init(&jw, &sb);
    jw_object(&jw);
    JW_STR(&jw, "page", change->slug);
    JW_STR(&jw, "language", tmpl_lang_code(change->lang));
    jw_object_end(&jw);
    CHECK(sb_ok(&sb));
    return audit_add(change->tx, change->practice, change->now, change->actor,
        str_from_cstr(action), STR("learn"), n, sb_str(&sb));
}

/* A page that is new must fit: so that lists stay lists. */
static struct result check_room(const struct learn_change *change)
{
    struct learn_entries all;
    TRY(learn_list(change->tx, change->practice, change->lang, change->arena, &all));
    if (all.len >= LIMIT_LEARN_PAGES) return result_fail(ERR_LIMIT, "learn-many-pages", NULL);
    return RESULT_OK;
}

/* Whether the page is hidden in any language: a language that is added joins it. */
static struct result is_hidden(const struct learn_change *change, bool *ret_known, bool *ret_hidden)
{
    struct learn_rows rows;
    TRY(learn_sql_newest(change->tx, change->practice, change->slug, change->arena, &rows));
    *ret_known = rows.len > 0 || learn_own_text(change->slug, LANG_EN).len > 0;
    *ret_hidden = false;
    for (size_t i = 0; i < rows.len; i++)
        *ret_hidden = *ret_hidden || rows.ptr[i].revision.hidden;
    return RESULT_OK;
}

/* Written anew, so that blanks and the order of fields do not count. */
static struct result is_same(struct arena *arena, struct str a, struct str b, bool *ret_same)
{
    struct learn_fields fields;
    struct str texts[2] = {a, b};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        TRY(learn_split(arena, texts[i], &fields));
        TRY(learn_write(arena, &fields, &texts[i]));
    }
    *ret_same = str_eq(texts[0], texts[1]);
    return RESULT_OK;
}

struct result learn_save(
    const struct learn_change *change, struct str text, int64_t base, bool *ret_saved)
{
    struct learn_page page;
    struct learn_revision now;
    bool known;
    bool hidden;
    if (!learn_slug_is_valid(change->slug)) return result_fail(ERR_INVALID, "learn-slug", NULL);
    TRY(learn_parse(change->arena, text, &page));
    TRY(learn_sql_current(
        change->tx, change->practice, change->slug, change->lang, change->arena, &now));
    if (now.n != base) return result_fail(ERR_CONFLICT, "learn-changed", NULL);
    struct str stands = now.text.len ? now.text : learn_own_text(change->slug, change->lang);
    bool same = false;
    if (stands.len) TRY(is_same(change->arena, stands, text, &same));
    if (same) {
        *ret_saved = false;
        return RESULT_OK;
    }
    TRY(is_hidden(change, &known, &hidden));
    if (!known) TRY(check_room(change));
    TRY(learn_sql_add(change, now.n + 1, text, hidden));
    TRY(note(change, "learn.saved", now.n + 1));
    *ret_saved = true;
    return RESULT_OK;
}

struct result learn_reset(const struct learn_change *change)
{
    struct learn_revision now;
    if (!learn_own_text(change->slug, change->lang).len)
        return result_fail(ERR_NOT_FOUND, "no-such-page", NULL);
    TRY(learn_sql_current(
        change->tx, change->practice, change->slug, change->lang, change->arena, &now));
    if (!now.text.len) return RESULT_OK; /* it is already */
    TRY(learn_sql_add(change, now.n + 1, STR(""), now.hidden));
    return note(change, "learn.reset", now.n + 1);
}

struct result learn_hide(const struct learn_change *change, bool hidden)
{
    struct learn_rows rows;
    bool any = false;
    TRY(learn_sql_newest(change->tx, change->practice, change->slug, change->arena, &rows));
    for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
        struct learn_entry entry;
        if (!entry_in(&rows, change->slug, lang, &entry)) continue;
        any = true;
        if (entry.hidden == hidden) continue;
        struct learn_change one = *change;
        one.lang = lang;
        TRY(learn_sql_add(&one, entry.revision + 1, entry.edited ? entry.text : STR(""), hidden));
        TRY(note(&one, hidden ? "learn.hidden" : "learn.shown", entry.revision + 1));
    }
    return any ? RESULT_OK : result_fail(ERR_NOT_FOUND, "no-such-page", NULL);
}

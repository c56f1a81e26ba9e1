/* Learn pages: the list, the history, hiding, and going back to an earlier text. */
#include "web/staff/staff_learn.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/staff/staff_pages.h"
#include "web/views/staff_learn.tmpl.h"
#include "web/views/staff_learn_history.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

/* ---- shared ---- */

enum lang staff_learn_in(const struct call *call)
{
    enum lang in = call->lang;
    struct str code = call_form(call, "in");
    if (!code.len) code = call_query(call, "in");
    (void)tmpl_lang_from_code(code, &in);
    return in;
}

struct url staff_learn_url(const struct call *call, struct str slug, const char *more, enum lang in)
{
    return staff_url(
        call, "/staff/learn/%.*s%s?in=%.*s", STR_ARG(slug), more, STR_ARG(tmpl_lang_code(in)));
}

struct view_links staff_learn_languages(
    const struct call *call, struct str slug, const char *more, enum lang in)
{
    struct view_link *links = ARENA_ARRAY(call->arena, LANG_COUNT, struct view_link);
    size_t count = 0;
    for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
        if (lang == in) continue;
        struct tmpl *t = staff_text(call);
        msg_staff_learn_in(t, learn_language(call, lang));
        links[count++] = (struct view_link){
            .label = staff_text_end(t), .url = staff_learn_url(call, slug, more, lang)};
    }
    return (struct view_links){links, count};
}

struct result staff_learn_who(struct call *call, struct user_id user, struct str *ret_name)
{
    struct staff_user found;
    struct result result = staff_get(call->tx, call->practice->id, user, call->arena, &found);
    if (result.code == ERR_NOT_FOUND) {
        *ret_name = staff_say(call, msg_staff_somebody);
        return RESULT_OK;
    }
    TRY(result);
    *ret_name = found.name.len ? found.name : found.email;
    return RESULT_OK;
}

struct learn_change staff_learn_change(struct call *call)
{
    return (struct learn_change){
        .tx = call->tx,
        .practice = call->practice->id,
        .actor = call->actor,
        .now = call->now,
        .arena = call->arena,
        .slug = call_param(call, "slug"),
        .lang = staff_learn_in(call),
    };
}

/* ---- the list ---- */

static staff_sentence place_words(const struct learn_page *page)
{
    switch (page->theme) {
    case LEARN_MUSCLES: return msg_staff_learn_muscles;
    case LEARN_PAIN: return msg_staff_learn_pain;
    case LEARN_FLUIDS: return msg_staff_learn_fluids;
    case LEARN_CALM: return msg_staff_learn_calm;
    case LEARN_NO_THEME:
    case LEARN_THEME_COUNT: break;
    }
    return msg_staff_learn_guide;
}

static struct view_staff_learn_row list_row(struct call *call, const struct learn_shown *s)
{
    struct view_staff_learn_row row = {
        .title = s->page.title,
        .about = staff_say(call, place_words(&s->page)),
        .url = staff_learn_url(call, s->entry.slug, "", s->entry.lang),
        .hidden = s->entry.hidden,
        .edited = s->entry.edited,
        .own = !s->entry.has_own,
        .lang = tmpl_lang_code(s->entry.lang),
    };
    if (s->entry.lang != call->lang) row.only_in = learn_language(call, s->entry.lang);
    if (!row.title.len) { /* a text that no version of Balm since could read */
        struct tmpl *t = staff_text(call);
        msg_staff_learn_unreadable(t, s->entry.slug);
        row.title = staff_text_end(t);
        row.lang = tmpl_lang_code(call->lang);
    }
    return row;
}

struct result staff_learn(struct call *call)
{
    struct view_staff_learn view = {0};
    struct learn_shown_list list;
    staff_page_fill(call, VIEW_STAFF_LEARN, staff_say(call, msg_staff_learn_title), &view.page);
    TRY(learn_shown(call, true, &list));
    struct view_staff_learn_row *rows =
        ARENA_ARRAY(call->arena, list.len, struct view_staff_learn_row);
    for (size_t i = 0; i < list.len; i++)
        rows[i] = list_row(call, &list.ptr[i]);
    view.rows = (struct view_staff_learn_rows){rows, list.len};
    STAFF_PAGE(call, 200, tmpl_staff_learn, &view);
    return RESULT_OK;
}

/* ---- history ---- */

/* What a revision did, seen beside the one before it (NULL: there was none). */
static staff_sentence did_words(const struct learn_revision *r, const struct learn_revision *before)
{
    bool was_hidden = before && before->hidden;
    if (r->hidden != was_hidden)
        return r->hidden ? msg_staff_learn_did_hidden : msg_staff_learn_did_shown;
    return r->own ? msg_staff_learn_did_reset : msg_staff_learn_did_text;
}

static struct result history_rows(struct call *call, const struct learn_revisions *history,
    const struct learn_change *page, struct view_staff_learn_revisions *ret_rows)
{
    struct staff_dates dates;
    struct view_staff_learn_revision *rows =
        ARENA_ARRAY(call->arena, history->len, struct view_staff_learn_revision);
    staff_dates_init(&dates, call);
    for (size_t i = 0; i < history->len; i++) {
        const struct learn_revision *r = &history->ptr[i];
        const struct learn_revision *before = i + 1 < history->len ? r + 1 : NULL;
        rows[i] = (struct view_staff_learn_revision){
            .when = staff_capital(&dates, staff_when(&dates, r->at)),
            .what = staff_say(call, did_words(r, before)),
            .url = staff_url(call, "/staff/learn/%.*s/history?in=%.*s&n=%lld", STR_ARG(page->slug),
                STR_ARG(tmpl_lang_code(page->lang)), (long long)r->n),
            .newest = i == 0,
        };
        TRY(staff_learn_who(call, r->user, &rows[i].who));
    }
    *ret_rows = (struct view_staff_learn_revisions){rows, history->len};
    return RESULT_OK;
}

/* The version that is looked at, and the button that brings it back. */
static struct result show_version(struct call *call, const struct learn_change *page, int64_t n,
    bool newest, struct view_staff_learn_history *view)
{
    struct staff_dates dates;
    struct learn_revision revision;
    struct learn_page content;
    struct str who;
    staff_dates_init(&dates, call);
    TRY(learn_revision_get(
        call->tx, call->practice->id, page->slug, page->lang, n, call->arena, &revision));
    TRY(staff_learn_who(call, revision.user, &who));
    struct tmpl *t = staff_text(call);
    msg_staff_learn_version(t, staff_capital(&dates, staff_when(&dates, revision.at)), who);
    view->shown = true;
    view->shown_when = staff_text_end(t);
    struct str text = revision.own ? learn_own_text(page->slug, page->lang) : revision.text;
    if (result_is_ok(learn_parse(call->arena, text, &content))) {
        view->shown_title = content.title;
        TRY(learn_article(call, &dates.format, &content, page->lang, &view->article));
    }
    if (newest) return RESULT_OK;
    struct staff_form form;
    staff_form_init(&form, call, false);
    staff_hidden(&form, "in", tmpl_lang_code(page->lang));
    staff_hidden(&form, "n", arena_printf(call->arena, "%lld", (long long)n));
    staff_form_done(&form, staff_url(call, "/staff/learn/%.*s/restore", STR_ARG(page->slug)),
        msg_staff_learn_restore, &view->restore);
    return RESULT_OK;
}

/* What the page is called now, in this language or another. */
static struct result title_of(struct call *call, const struct learn_change *page, struct str *ret)
{
    struct learn_entry entry;
    struct learn_page content;
    TRY(learn_find(call->tx, call->practice->id, page->slug, page->lang, call->arena, &entry));
    bool readable = result_is_ok(learn_parse(call->arena, entry.text, &content));
    *ret = readable ? content.title : page->slug;
    return RESULT_OK;
}

struct result staff_learn_history(struct call *call)
{
    struct learn_change page = staff_learn_change(call);
    struct view_staff_learn_history view = {.language = learn_language(call, page.lang)};
    struct learn_revisions history;
    struct str title;
    int64_t n;
    TRY(title_of(call, &page, &title));
    struct tmpl *t = staff_text(call);
    msg_staff_learn_history(t, title);
    staff_page_fill(call, VIEW_STAFF_LEARN, staff_text_end(t), &view.page);
    view.back_url = staff_learn_url(call, page.slug, "", page.lang);
    view.languages = staff_learn_languages(call, page.slug, "/history", page.lang);
    TRY(learn_history(call->tx, call->practice->id, page.slug, page.lang, call->arena, &history));
    TRY(history_rows(call, &history, &page, &view.revisions));
    if (str_to_i64(call_query(call, "n"), 1, INT64_MAX, &n))
        TRY(show_version(call, &page, n, history.len && history.ptr[0].n == n, &view));
    STAFF_PAGE(call, 200, tmpl_staff_learn_history, &view);
    return RESULT_OK;
}

/* ---- actions ---- */

static void back(struct call *call, const struct learn_change *change, const char *did)
{
    staff_redirect(call, staff_learn_url(call, change->slug, "", change->lang).s, did);
}

struct result staff_learn_hide_post(struct call *call)
{
    struct learn_change change = staff_learn_change(call);
    bool hide = str_eq(call_form(call, "hidden"), STR("1"));
    TRY(learn_hide(&change, hide));
    back(call, &change, hide ? "learn-hidden" : "learn-shown");
    return RESULT_OK;
}

struct result staff_learn_reset_post(struct call *call)
{
    struct learn_change change = staff_learn_change(call);
    TRY(learn_reset(&change));
    back(call, &change, "learn-reset");
    return RESULT_OK;
}

struct result staff_learn_restore_post(struct call *call)
{
    struct learn_change change = staff_learn_change(call);
    struct learn_revision revision;
    struct learn_revisions history;
    int64_t n;
    bool saved;
    if (!str_to_i64(call_form(call, "n"), 1, INT64_MAX, &n))
        return result_fail(ERR_NOT_FOUND, "no-such-page", NULL);
    TRY(learn_revision_get(
        call->tx, change.practice, change.slug, change.lang, n, call->arena, &revision));
    TRY(learn_history(call->tx, change.practice, change.slug, change.lang, call->arena, &history));
    CHECK(history.len);
    if (revision.own) {
        TRY(learn_reset(&change));
    } else {
        TRY(learn_save(&change, revision.text, history.ptr[0].n, &saved));
    }
    back(call, &change, "learn-restored");
    return RESULT_OK;
}

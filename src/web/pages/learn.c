/* Learn: what massage can and cannot do, claim by claim; the index and a page. */
#include "web/pages/learn.h"

#include "base/check.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "web/pages/page.h"
#include "web/pages/pages.h"
#include "web/views/learn.tmpl.h"
#include "web/views/learn_page.tmpl.h"
#include "web/words/msg_gen.h"

#include <stdlib.h>

#include "base/banned.h"

/* ---- the pages in their order ---- */

/* Claims by theme, then guides, then what cannot be read. */
static int place_of(const struct learn_shown *s)
{
    if (!s->page.title.len) return LEARN_THEME_COUNT + 1;
    return s->page.kind == LEARN_GUIDE ? LEARN_THEME_COUNT : (int)s->page.theme;
}

static int by_place(const void *a, const void *b)
{
    const struct learn_shown *x = a;
    const struct learn_shown *y = b;
    if (place_of(x) != place_of(y)) return place_of(x) < place_of(y) ? -1 : 1;
    if (x->page.order != y->page.order) return x->page.order < y->page.order ? -1 : 1;
    return str_compare(x->entry.slug, y->entry.slug);
}

struct result learn_shown(struct call *call, bool all, struct learn_shown_list *ret_list)
{
    struct learn_entries entries;
    TRY(learn_list(call->tx, call->practice->id, call->lang, call->arena, &entries));
    struct learn_shown *list = ARENA_ARRAY(call->arena, entries.len, struct learn_shown);
    size_t count = 0;
    for (size_t i = 0; i < entries.len; i++) {
        struct learn_shown one = {.entry = entries.ptr[i]};
        if (one.entry.hidden && !all) continue;
        bool readable = result_is_ok(learn_parse(call->arena, one.entry.text, &one.page));
        if (readable || all) list[count++] = one;
    }
    if (count) qsort(list, count, sizeof *list, by_place);
    *ret_list = (struct learn_shown_list){list, count};
    return RESULT_OK;
}

static struct url page_url(const struct call *call, struct str slug)
{
    return (struct url){arena_printf(call->arena, "/learn/%.*s", STR_ARG(slug))};
}

static bool is_hidden(const struct str_list *hidden, struct str slug)
{
    for (size_t i = 0; i < hidden->len; i++) {
        if (str_eq(hidden->ptr[i], slug)) return true;
    }
    return false;
}

struct result learn_aims(struct call *call, struct view_aims *ret_aims)
{
    struct str_list hidden;
    struct view_aims aims = {0};
    const struct {
        struct str slug;
        struct url *url;
    } links[] = {{STR("muscle-tension"), &aims.tension_url},
        {STR("chronic-pain"), &aims.relief_url}, {STR("swelling"), &aims.swelling_url},
        {STR("movement"), &aims.movement_url}};
    TRY(learn_hidden(call->tx, call->practice->id, call->arena, &hidden));
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        if (!is_hidden(&hidden, links[i].slug)) *links[i].url = page_url(call, links[i].slug);
    }
    *ret_aims = aims;
    return RESULT_OK;
}

/* ---- schema.org ---- */

static void write_publisher(struct jw *jw, struct call *call, struct str origin)
{
    jw_key(jw, STR("publisher"));
    jw_object(jw);
    JW_STR(jw, "@type", STR("HealthAndBeautyBusiness"));
    JW_STR(jw, "@id", arena_printf(call->arena, "%.*s/", STR_ARG(origin)));
    JW_STR(jw, "name", call->practice->name);
    jw_object_end(jw);
}

static void write_citations(struct jw *jw, struct call *call, const struct learn_page *page)
{
    jw_key(jw, STR("citation"));
    jw_array(jw);
    for (size_t i = 0; i < page->reference_count; i++) {
        const struct learn_reference *r = &page->references[i];
        jw_object(jw);
        JW_STR(jw, "@type", STR("ScholarlyArticle"));
        JW_STR(jw, "author", r->authors);
        JW_STR(jw, "datePublished", arena_printf(call->arena, "%d", r->year));
        if (r->doi.len)
            JW_STR(jw, "identifier", arena_printf(call->arena, "doi:%.*s", STR_ARG(r->doi)));
        if (r->pmid.len)
            JW_STR(jw, "identifier", arena_printf(call->arena, "pmid:%.*s", STR_ARG(r->pmid)));
        if (r->place.len) JW_STR(jw, "isPartOf", r->place);
        jw_object_end(jw);
    }
    jw_array_end(jw);
}

/* page and entry NULL: the index. */
static struct json_text jsonld(
    struct call *call, const struct view_page *view, const struct learn_shown *shown)
{
    struct str origin = call_origin(call);
    struct sb sb;
    struct jw jw;
    struct sb day;
    sb_init(&sb, call->arena, LIMIT_PAGE_BYTES / 4);
    sb_init(&day, call->arena, 16);
    jw_init(&jw, &sb);
    jw_object(&jw);
    JW_STR(&jw, "@context", STR("https://schema.org"));
    JW_STR(&jw, "@type", shown ? STR("WebPage") : STR("CollectionPage"));
    JW_STR(&jw, "name", view->title);
    JW_STR(&jw, "description", view->description);
    JW_STR(&jw, "url", view->canonical_url.s);
    JW_STR(&jw, "inLanguage", tmpl_lang_code(shown ? shown->entry.lang : call->lang));
    write_publisher(&jw, call, origin);
    if (shown) {
        date_write(&day, shown->page.reviewed);
        JW_STR(&jw, "lastReviewed", sb_str(&day));
        if (shown->page.claim.len) JW_STR(&jw, "about", shown->page.claim);
        write_citations(&jw, call, &shown->page);
    }
    jw_object_end(&jw);
    return sb_ok(&sb) ? (struct json_text){sb_str(&sb)} : (struct json_text){STR("{}")};
}

/* ---- the index ---- */

static enum view_learn_theme_name theme_of(const struct learn_page *page)
{
    switch (page->theme) {
    case LEARN_MUSCLES: return VIEW_THEME_MUSCLES;
    case LEARN_PAIN: return VIEW_THEME_PAIN;
    case LEARN_FLUIDS: return VIEW_THEME_FLUIDS;
    case LEARN_CALM: return VIEW_THEME_CALM;
    case LEARN_NO_THEME:
    case LEARN_THEME_COUNT: break;
    }
    return VIEW_THEME_GUIDES;
}

/* The list is sorted by theme: each becomes a slice of one array of items. */
static struct view_learn_themes themes(struct call *call, const struct learn_shown_list *list)
{
    struct view_learn_item *items = ARENA_ARRAY(call->arena, list->len, struct view_learn_item);
    struct view_learn_theme *groups =
        ARENA_ARRAY(call->arena, LEARN_THEME_COUNT, struct view_learn_theme);
    size_t count = 0;
    for (size_t i = 0; i < list->len; i++) {
        const struct learn_shown *s = &list->ptr[i];
        items[i] = (struct view_learn_item){
            .title = s->page.title,
            .url = page_url(call, s->entry.slug),
            .claim = s->page.claim,
            .summary = s->page.summary,
            .parts = learn_parts(call->arena, &s->page),
            .lang = tmpl_lang_code(s->entry.lang),
        };
        if (!count || groups[count - 1].name != theme_of(&s->page))
            groups[count++] = (struct view_learn_theme){theme_of(&s->page), {&items[i], 0}};
        groups[count - 1].items.len++;
    }
    return (struct view_learn_themes){groups, count};
}

struct result page_learn(struct call *call)
{
    static const struct view_learn_part all_grades[] = {{VIEW_GRADE_SUPPORTED, {0}},
        {VIEW_GRADE_MIXED, {0}}, {VIEW_GRADE_WEAK, {0}}, {VIEW_GRADE_CONTRADICTED, {0}}};
    struct format f;
    struct view_learn view = {.grades = {all_grades, COUNT_OF(all_grades)}};
    struct learn_shown_list list;
    struct sb title;
    struct sb description;
    struct tmpl words = page_tmpl(call, &title);
    msg_learn_title(&words);
    words = page_tmpl(call, &description);
    msg_learn_description(&words);
    page_begin(call, &f, VIEW_PLACE_LEARN, STR(""), &view.page);
    page_index(call, STR("/learn"), &view.page);
    view.page.title = sb_str(&title);
    view.page.description = sb_str(&description);
    TRY(learn_aims(call, &view.aims));
    TRY(learn_shown(call, false, &list));
    view.themes = themes(call, &list);
    view.jsonld = jsonld(call, &view.page, NULL);
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_learn(&t, &view);
    return page_send(call, 200, &sb);
}

/* ---- a page ---- */

static struct view_link neighbour(
    struct call *call, const struct learn_shown_list *list, size_t index)
{
    if (index >= list->len) return (struct view_link){0};
    const struct learn_shown *s = &list->ptr[index];
    return (struct view_link){.label = s->page.title, .url = page_url(call, s->entry.slug)};
}

struct result page_learn_page(struct call *call)
{
    struct format f;
    struct view_learn_page view = {0};
    struct learn_shown_list list;
    struct str slug = call_param(call, "slug");
    size_t at = 0;
    TRY(learn_shown(call, false, &list));
    while (at < list.len && !str_eq(list.ptr[at].entry.slug, slug))
        at++;
    if (at == list.len) return result_fail(ERR_NOT_FOUND, "no-such-page", NULL);
    const struct learn_shown *shown = &list.ptr[at];
    page_begin(call, &f, VIEW_PLACE_LEARN, STR(""), &view.page);
    page_index(call, page_url(call, slug).s, &view.page);
    view.page.title = view.title = shown->page.title;
    view.page.description = shown->page.summary;
    TRY(learn_article(call, &f, &shown->page, shown->entry.lang, &view.article));
    TRY(learn_own_figure(call, &shown->page, &view.article.own));
    view.before = neighbour(call, &list, at - 1); /* beyond the list before the first */
    view.after = neighbour(call, &list, at + 1);
    view.jsonld = jsonld(call, &view.page, shown);
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_learn_page(&t, &view);
    return page_send(call, 200, &sb);
}

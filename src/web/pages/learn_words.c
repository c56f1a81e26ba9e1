/* A Learn page put into words: its grades, measures and references as they are shown. */
#include "web/pages/learn.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/markdown.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum { SENTENCE_BYTES = 1024 };

static struct tmpl begin(const struct call *call, struct sb *sb)
{
    sb_init(sb, call->arena, SENTENCE_BYTES);
    return (struct tmpl){.out = sb, .lang = call->lang};
}

struct str learn_date(const struct call *call, const struct format *f, date_day date)
{
    struct sb sb;
    struct tmpl t = begin(call, &sb);
    struct civil_date civil = date_to_civil(date);
    struct str month = f->months[civil.month - 1];
    if (f->us && call->lang == LANG_EN) {
        msg_learn_date_us(&t, month, civil.day, civil.year);
    } else {
        msg_learn_date(&t, civil.day, month, civil.year);
    }
    return sb_str(&sb);
}

struct str learn_language(const struct call *call, enum lang lang)
{
    struct sb sb;
    struct tmpl t = begin(call, &sb);
    switch (lang) {
    case LANG_EN: msg_learn_language_en(&t); break;
    case LANG_ES: msg_learn_language_es(&t); break;
    case LANG_COUNT: UNREACHABLE();
    }
    return sb_str(&sb);
}

struct str learn_measure_words(const struct call *call, enum measure measure, bool how)
{
    struct sb sb;
    struct tmpl t = begin(call, &sb);
    const struct measure_info *info = measure_info(measure);
    if (!info) return (struct str){0};
    struct str name = arena_printf(
        call->arena, how ? "learn-how-%.*s" : "learn-measure-%.*s", STR_ARG(info->key));
    return msg_lookup(&t, name, (struct str){0}) ? sb_str(&sb) : (struct str){0};
}

static struct view_learn_measures measures(const struct call *call, const struct learn_page *page)
{
    struct view_learn_measure *list =
        ARENA_ARRAY(call->arena, LEARN_MEASURES_MAX, struct view_learn_measure);
    size_t count = 0;
    const struct measure_info *info;
    for (size_t i = 0; (info = measure_at(i)) != NULL; i++) {
        if (!learn_measures(page, info->measure)) continue;
        struct view_learn_measure *row = &list[count];
        row->name = learn_measure_words(call, info->measure, false);
        row->how = learn_measure_words(call, info->measure, true);
        if (row->name.len) count++;
    }
    return (struct view_learn_measures){list, count};
}

/* Where a doi leads: its slashes stay, all else is encoded. */
static struct url doi_url(struct arena *arena, struct str doi)
{
    struct sb sb;
    struct str piece;
    sb_init(&sb, arena, doi.len * 3 + 32);
    SB_LIT(&sb, "https://doi.org");
    while (str_cut(&doi, '/', &piece)) {
        sb_add_char(&sb, '/');
        url_add_encoded(&sb, piece);
    }
    CHECK(sb_ok(&sb));
    return (struct url){sb_str(&sb)};
}

static struct view_learn_references references(
    const struct call *call, const struct learn_page *page)
{
    struct arena *arena = call->arena;
    struct view_learn_reference *list =
        ARENA_ARRAY(arena, page->reference_count, struct view_learn_reference);
    for (size_t i = 0; i < page->reference_count; i++) {
        const struct learn_reference *r = &page->references[i];
        list[i] = (struct view_learn_reference){
            .authors = r->authors, .year = r->year, .place = r->place, .people = r->people};
        if (r->doi.len) {
            list[i].id = arena_printf(arena, "doi:%.*s", STR_ARG(r->doi));
            list[i].url = doi_url(arena, r->doi);
        } else if (r->pmid.len) {
            list[i].id = arena_printf(arena, "PMID %.*s", STR_ARG(r->pmid));
            list[i].url.s =
                arena_printf(arena, "https://pubmed.ncbi.nlm.nih.gov/%.*s/", STR_ARG(r->pmid));
        }
    }
    return (struct view_learn_references){list, page->reference_count};
}

static enum view_grade grade_of(enum learn_grade grade)
{
    switch (grade) {
    case LEARN_SUPPORTED: return VIEW_GRADE_SUPPORTED;
    case LEARN_MIXED: return VIEW_GRADE_MIXED;
    case LEARN_WEAK: return VIEW_GRADE_WEAK;
    case LEARN_CONTRADICTED: return VIEW_GRADE_CONTRADICTED;
    case LEARN_NO_GRADE:
    case LEARN_GRADE_COUNT: break;
    }
    return VIEW_GRADE_NONE;
}

struct view_learn_parts learn_parts(struct arena *arena, const struct learn_page *page)
{
    struct view_learn_part *list = ARENA_ARRAY(arena, LEARN_PARTS_MAX, struct view_learn_part);
    for (size_t i = 0; i < page->part_count; i++)
        list[i] = (struct view_learn_part){grade_of(page->parts[i].grade), page->parts[i].name};
    return (struct view_learn_parts){list, page->part_count};
}

/* Each grade once, the surest first. */
static struct view_learn_parts grades(struct arena *arena, const struct learn_page *page)
{
    struct view_learn_part *list = ARENA_ARRAY(arena, LEARN_GRADE_COUNT, struct view_learn_part);
    size_t count = 0;
    for (int grade = LEARN_SUPPORTED; grade < LEARN_GRADE_COUNT; grade++) {
        bool used = false;
        for (size_t i = 0; i < page->part_count; i++)
            used = used || (int)page->parts[i].grade == grade;
        if (used) list[count++].grade = grade_of((enum learn_grade)grade);
    }
    return (struct view_learn_parts){list, count};
}

struct result learn_article(struct call *call, const struct format *f,
    const struct learn_page *page, enum lang lang, struct view_learn_article *ret_article)
{
    struct view_learn_article article = {
        .lang = tmpl_lang_code(lang),
        .is_claim = page->kind == LEARN_CLAIM,
        .claim = page->claim,
        .parts = learn_parts(call->arena, page),
        .grades = grades(call->arena, page),
        .measures = measures(call, page),
        .references = references(call, page),
        .reviewed = learn_date(call, f, page->reviewed),
    };
    if (lang != call->lang) article.only_in = learn_language(call, lang);
    TRY(markdown_html(call->arena, page->body, 2, &article.body));
    *ret_article = article;
    return RESULT_OK;
}

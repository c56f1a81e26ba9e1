/* Writing a Learn page: its fields as a form, a preview, saving. */
#include "web/staff/staff_learn.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/staff/staff_pages.h"
#include "web/staff/staff_settings.h"
#include "web/views/staff_learn_edit.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

/* One text that is written: of a page that is there, in a language it has or is to get, or of a new
 * page (its slug is empty). */
struct writing {
    struct str slug;
    enum lang in;
    bool exists;              /* it has this language */
    struct learn_entry entry; /* when it exists */
    struct learn_page page;   /* what the form begins with */
};

static const char *const part_names[LEARN_PARTS_MAX] = {"part", "part_2", "part_3"};
static const char *const grade_fields[LEARN_PARTS_MAX] = {"grade", "grade_2", "grade_3"};

/* ---- the form ---- */

static void kind_and_theme(struct staff_form *form, const struct learn_page *page)
{
    struct call *call = form->call;
    static const struct {
        enum learn_theme theme;
        staff_sentence words;
    } themes[] = {{LEARN_MUSCLES, msg_staff_learn_muscles}, {LEARN_PAIN, msg_staff_learn_pain},
        {LEARN_FLUIDS, msg_staff_learn_fluids}, {LEARN_CALM, msg_staff_learn_calm},
        {LEARN_NO_THEME, msg_staff_learn_no_theme}};
    struct view_option *kinds = ARENA_ARRAY(call->arena, 2, struct view_option);
    kinds[0] = (struct view_option){STR("claim"), staff_say(call, msg_staff_learn_kind_claim), 0};
    kinds[1] = (struct view_option){STR("guide"), staff_say(call, msg_staff_learn_kind_guide), 0};
    staff_select(form, "kind", msg_staff_learn_label_kind, NULL, kinds, 2,
        page->kind == LEARN_GUIDE ? STR("guide") : STR("claim"));
    struct view_option *options = ARENA_ARRAY(call->arena, COUNT_OF(themes), struct view_option);
    for (size_t i = 0; i < COUNT_OF(themes); i++)
        options[i] = (struct view_option){
            learn_theme_name(themes[i].theme), staff_say(call, themes[i].words), false};
    staff_select(form, "theme", msg_staff_learn_label_theme, NULL, options, COUNT_OF(themes),
        learn_theme_name(page->theme));
}

static void grade_inputs(struct staff_form *form, const struct learn_page *page)
{
    static const staff_sentence grades[LEARN_GRADE_COUNT] = {msg_staff_learn_no_grade,
        msg_staff_learn_grade_supported, msg_staff_learn_grade_mixed, msg_staff_learn_grade_weak,
        msg_staff_learn_grade_contradicted};
    static const staff_sentence part_labels[LEARN_PARTS_MAX] = {
        msg_staff_learn_label_part, msg_staff_learn_label_part_2, msg_staff_learn_label_part_3};
    static const staff_sentence grade_labels[LEARN_PARTS_MAX] = {
        msg_staff_learn_label_grade, msg_staff_learn_label_grade_2, msg_staff_learn_label_grade_3};
    struct call *call = form->call;
    for (size_t i = 0; i < LEARN_PARTS_MAX; i++) {
        struct view_option *options =
            ARENA_ARRAY(call->arena, LEARN_GRADE_COUNT, struct view_option);
        for (int k = 0; k < LEARN_GRADE_COUNT; k++)
            options[k] = (struct view_option){
                learn_grade_name((enum learn_grade)k), staff_say(call, grades[k]), false};
        staff_select(form, grade_fields[i], grade_labels[i], i ? NULL : msg_staff_learn_hint_grade,
            options, LEARN_GRADE_COUNT, learn_grade_name(page->parts[i].grade));
        staff_input(form, VIEW_INPUT_TEXT, part_names[i], part_labels[i],
            i ? NULL : msg_staff_learn_hint_part, page->parts[i].name)
            ->max_chars = LIMIT_NAME_CHARS;
    }
}

static bool is_posted_measure(const struct call *call, struct str key)
{
    for (size_t i = 0; i < call->form.len; i++) {
        const struct http_field *field = &call->form.ptr[i];
        if (str_eq(field->name, STR("measures")) && str_eq(field->value, key)) return true;
    }
    return false;
}

static void measure_input(struct staff_form *form, const struct learn_page *page)
{
    struct call *call = form->call;
    struct view_option *options = ARENA_ARRAY(call->arena, LEARN_MEASURES_MAX, struct view_option);
    size_t count = 0;
    const struct measure_info *info;
    for (size_t i = 0; (info = measure_at(i)) != NULL; i++) {
        struct str words = learn_measure_words(call, info->measure, false);
        bool on =
            form->posted ? is_posted_measure(call, info->key) : learn_measures(page, info->measure);
        if (words.len) options[count++] = (struct view_option){info->key, words, on};
    }
    struct view_input *input = staff_input(
        form, VIEW_INPUT_CHECKS, "measures", msg_staff_learn_label_measures, NULL, (struct str){0});
    input->options = (struct view_options){options, count};
}

static struct str references_text(const struct call *call, const struct learn_page *page)
{
    struct sb sb;
    sb_init(&sb, call->arena, LIMIT_LEARN_PAGE_BYTES);
    for (size_t i = 0; i < page->reference_count; i++) {
        const struct learn_reference *r = &page->references[i];
        sb_add(&sb, r->authors);
        sb_addf(&sb, "; %d", r->year);
        if (r->place.len) sb_addf(&sb, "; %.*s", STR_ARG(r->place));
        if (r->people) sb_addf(&sb, "; n=%d", r->people);
        if (r->pmid.len) sb_addf(&sb, "; pmid:%.*s", STR_ARG(r->pmid));
        if (r->doi.len) sb_addf(&sb, "; doi:%.*s", STR_ARG(r->doi));
        sb_add_char(&sb, '\n');
    }
    return sb_str(&sb);
}

static void fill_form(struct staff_form *form, const struct writing *w)
{
    struct call *call = form->call;
    const struct learn_page *page = &w->page;
    struct view_input *input =
        staff_input(form, VIEW_INPUT_TEXT, "title", msg_staff_learn_label_title, NULL, page->title);
    input->required = input->wide = true;
    input->max_chars = LIMIT_LEARN_TITLE_CHARS;
    kind_and_theme(form, page);
    staff_input(form, VIEW_INPUT_AREA, "claim", msg_staff_learn_label_claim,
        msg_staff_learn_hint_claim, page->claim)
        ->max_chars = LIMIT_LEARN_SUMMARY_CHARS;
    grade_inputs(form, page);
    input = staff_input(form, VIEW_INPUT_AREA, "summary", msg_staff_learn_label_summary,
        msg_staff_learn_hint_summary, page->summary);
    input->required = true;
    input->max_chars = LIMIT_LEARN_SUMMARY_CHARS;
    staff_input(form, VIEW_INPUT_AREA, "body", msg_staff_learn_label_body,
        msg_staff_learn_hint_body, page->body)
        ->required = true;
    staff_input(form, VIEW_INPUT_AREA, "references", msg_staff_learn_label_references,
        msg_staff_learn_hint_references, references_text(call, page));
    measure_input(form, page);
    staff_input(form, VIEW_INPUT_DATE, "reviewed", msg_staff_learn_label_reviewed,
        msg_staff_learn_hint_reviewed, staff_iso_day(call, page->reviewed))
        ->required = true;
    staff_number(
        form, "order", msg_staff_learn_label_order, msg_staff_learn_hint_order, page->order);
}

/* ---- what was typed ---- */

static struct learn_fields typed_fields(struct call *call)
{
    struct learn_fields fields = {0};
    static const enum learn_field plain[] = {LEARN_FIELD_TITLE, LEARN_FIELD_KIND, LEARN_FIELD_THEME,
        LEARN_FIELD_REVIEWED, LEARN_FIELD_ORDER};
    for (size_t i = 0; i < COUNT_OF(plain); i++) {
        struct str name = learn_field_name(plain[i]);
        fields.text[plain[i]] = str_trim(http_fields_get(call->form, name));
    }
    /* Areas of one sentence: a line break typed there is a blank. */
    static const enum learn_field sentences[] = {LEARN_FIELD_CLAIM, LEARN_FIELD_SUMMARY};
    for (size_t i = 0; i < COUNT_OF(sentences); i++) {
        struct str text = str_trim(http_fields_get(call->form, learn_field_name(sentences[i])));
        char *copy = arena_alloc_raw(call->arena, text.len, 1);
        for (size_t k = 0; k < text.len; k++)
            copy[k] = text.ptr[k] == '\n' || text.ptr[k] == '\r' ? ' ' : text.ptr[k];
        fields.text[sentences[i]] = (struct str){copy, text.len};
    }
    fields.text[LEARN_FIELD_BODY] = staff_form_lines(call, "body");
    fields.text[LEARN_FIELD_REFERENCES] = staff_form_lines(call, "references");
    struct sb grades;
    struct sb measures;
    sb_init(&grades, call->arena, LIMIT_BODY_BYTES);
    sb_init(&measures, call->arena, LIMIT_BODY_BYTES);
    for (size_t i = 0; i < LEARN_PARTS_MAX; i++) {
        struct str part = call_form(call, part_names[i]);
        struct str grade = call_form(call, grade_fields[i]);
        if (part.len) sb_addf(&grades, "%.*s: ", STR_ARG(part));
        if (part.len || grade.len) sb_addf(&grades, "%.*s\n", STR_ARG(grade));
    }
    for (size_t i = 0; i < call->form.len; i++) {
        if (!str_eq(call->form.ptr[i].name, STR("measures"))) continue;
        if (measures.len) SB_LIT(&measures, ", ");
        sb_add(&measures, call->form.ptr[i].value);
    }
    fields.text[LEARN_FIELD_GRADE] = sb_str(&grades);
    fields.text[LEARN_FIELD_MEASURES] = sb_str(&measures);
    return fields;
}

/* ---- the page ---- */

/* A form of one button. */
static void button(struct call *call, const struct writing *w, const char *more,
    staff_sentence words, const char *name, const char *value, struct view_form *ret_form)
{
    struct staff_form form;
    staff_form_init(&form, call, false);
    staff_hidden(&form, "in", tmpl_lang_code(w->in));
    if (name) staff_hidden(&form, name, str_from_cstr(value));
    staff_form_done(
        &form, staff_url(call, "/staff/learn/%.*s%s", STR_ARG(w->slug), more), words, ret_form);
    ret_form->grave = true; /* a quieter button than Save */
}

/* Everything of the page but the form: what stands now, and what else may be done. */
static struct result fill_state(
    struct call *call, const struct writing *w, struct view_staff_learn_edit *view)
{
    view->language = learn_language(call, w->in);
    view->is_new = !w->exists;
    view->has_own = w->slug.len && learn_own_text(w->slug, w->in).len > 0;
    view->preview_url = URL("/staff/learn/add/preview");
    if (!w->slug.len) return RESULT_OK;
    view->preview_url = staff_url(call, "/staff/learn/%.*s/preview", STR_ARG(w->slug));
    view->languages = staff_learn_languages(call, w->slug, "", w->in);
    if (!w->exists) return RESULT_OK;
    struct staff_dates dates;
    staff_dates_init(&dates, call);
    view->hidden = w->entry.hidden;
    view->edited = w->entry.edited;
    if (!w->entry.hidden) view->public_url = staff_url(call, "/learn/%.*s", STR_ARG(w->slug));
    view->history_url = staff_learn_url(call, w->slug, "/history", w->in);
    if (w->entry.revision) {
        struct str who;
        TRY(staff_learn_who(call, w->entry.user, &who));
        struct tmpl *t = staff_text(call);
        msg_staff_learn_saved(t, who, staff_when(&dates, w->entry.at));
        view->saved = staff_text_end(t);
    }
    button(call, w, "/hide", w->entry.hidden ? msg_staff_learn_show : msg_staff_learn_hide,
        "hidden", w->entry.hidden ? "0" : "1", &view->hide);
    if (w->entry.edited && w->entry.has_own)
        button(call, w, "/reset", msg_staff_learn_reset, NULL, NULL, &view->reset);
    return RESULT_OK;
}

/* base: the revision that the writer has seen. */
static struct result edit_page(struct call *call, int status, struct staff_form *form,
    const struct writing *w, int64_t base, struct view_staff_learn_edit *view)
{
    struct str title = w->page.title.len ? w->page.title : staff_say(call, msg_staff_learn_add);
    staff_page_fill(call, VIEW_STAFF_LEARN, title, &view->page);
    TRY(fill_state(call, w, view));
    staff_hidden(form, "in", tmpl_lang_code(w->in));
    staff_hidden(form, "base", arena_printf(call->arena, "%lld", (long long)base));
    fill_form(form, w);
    struct url action = URL("/staff/learn/add");
    if (w->slug.len) action = staff_url(call, "/staff/learn/%.*s", STR_ARG(w->slug));
    staff_form_done(form, action, msg_staff_submit_save, &view->form);
    STAFF_PAGE(call, status, tmpl_staff_learn_edit, view);
    return RESULT_OK;
}

/* What the address speaks of. A language that the page does not have yet begins with the fields of
 * another that need no translation. */
static struct result find_writing(struct call *call, struct writing *ret_writing)
{
    struct writing w = {.slug = call_param(call, "slug"), .in = staff_learn_in(call)};
    w.page = (struct learn_page){.kind = LEARN_CLAIM, .order = 500};
    w.page.reviewed = staff_local(call, call->now).date;
    if (!w.slug.len) {
        *ret_writing = w;
        return RESULT_OK;
    }
    struct practice_id practice = call->practice->id;
    TRY(learn_find(call->tx, practice, w.slug, w.in, call->arena, &w.entry));
    w.exists = w.entry.lang == w.in;
    struct learn_fields fields;
    struct problems ignored;
    problems_init(&ignored, call->arena);
    if (result_is_ok(learn_split(call->arena, w.entry.text, &fields)))
        learn_check(&fields, &ignored, &w.page);
    if (!w.exists) {
        w.entry = (struct learn_entry){0};
        w.page.claim = w.page.summary = w.page.body = (struct str){0};
    }
    *ret_writing = w;
    return RESULT_OK;
}

struct result staff_learn_edit(struct call *call)
{
    struct writing w;
    struct staff_form form;
    struct view_staff_learn_edit view = {0};
    TRY(find_writing(call, &w));
    staff_form_init(&form, call, false);
    return edit_page(call, 200, &form, &w, w.exists ? w.entry.revision : 0, &view);
}

static int64_t typed_base(const struct call *call)
{
    int64_t base;
    return str_to_i64(call_form(call, "base"), 0, INT64_MAX, &base) ? base : 0;
}

/* Writes nothing: the page as it would be, above the form as it was typed. */
struct result staff_learn_preview_post(struct call *call)
{
    struct writing w;
    struct staff_form form;
    struct view_staff_learn_edit view = {0};
    struct staff_dates dates;
    struct learn_page page;
    TRY(find_writing(call, &w));
    staff_form_init(&form, call, true);
    staff_dates_init(&dates, call);
    struct learn_fields fields = typed_fields(call);
    learn_check(&fields, &form.problems, &page);
    if (page.body.len <= LIMIT_LEARN_PAGE_BYTES) {
        TRY(learn_article(call, &dates.format, &page, w.in, &view.preview));
        view.preview.only_in = (struct str){0}; /* that is a note for visitors */
        view.previewed = true;
        view.preview_title = page.title;
    }
    return edit_page(call, form.problems.count ? 422 : 200, &form, &w, typed_base(call), &view);
}

/* A name for the address, made of the title, that no page has. */
static struct result new_slug(struct call *call, struct str title, struct str *ret_slug)
{
    enum { KEEP = LIMIT_SLUG_CHARS - 4 };
    struct str folded = client_fold(call->arena, title);
    char *out = arena_alloc(call->arena, KEEP + 1, 1);
    size_t len = 0;
    for (size_t i = 0; i < folded.len && len < KEEP; i++) {
        char c = folded.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain) out[len++] = c;
        if (!plain && len && out[len - 1] != '-') out[len++] = '-';
    }
    while (len && out[len - 1] == '-')
        len--;
    struct str base = len ? (struct str){out, len} : STR("page");
    struct str slug = base;
    for (int n = 2; n <= LIMIT_LEARN_PAGES + 2; n++) {
        struct learn_entry taken;
        struct result found =
            learn_find(call->tx, call->practice->id, slug, call->lang, call->arena, &taken);
        bool reserved = str_eq(slug, STR("add")); /* the address that adds pages */
        if (found.code == ERR_NOT_FOUND && !reserved) {
            *ret_slug = slug;
            return RESULT_OK;
        }
        if (found.code != ERR_NOT_FOUND) TRY(found);
        slug = arena_printf(call->arena, "%.*s-%d", STR_ARG(base), n);
    }
    return result_fail(ERR_LIMIT, "learn-many-pages", NULL);
}

/* Who was faster, and when. */
static struct result conflict_words(
    struct call *call, const struct writing *w, struct str *ret_words)
{
    struct staff_dates dates;
    struct str who;
    staff_dates_init(&dates, call);
    TRY(staff_learn_who(call, w->entry.user, &who));
    struct tmpl *t = staff_text(call);
    msg_staff_learn_conflict(t, who, staff_when(&dates, w->entry.at));
    *ret_words = staff_text_end(t);
    return RESULT_OK;
}

/* Tries to save; what went wrong and can be mended stands in the form. */
static struct result try_save(struct call *call, struct writing *w, struct staff_form *form,
    const struct learn_fields *fields, struct result *ret_refused)
{
    struct str text;
    bool saved;
    struct result refused = learn_write(call->arena, fields, &text);
    if (refused.code == ERR_LIMIT) {
        problems_add(&form->problems, STR("body"), "learn-too-long", (struct str){0});
    } else {
        TRY(refused);
        struct learn_change change = staff_learn_change(call);
        if (!w->slug.len) TRY(new_slug(call, fields->text[LEARN_FIELD_TITLE], &w->slug));
        change.slug = w->slug;
        refused = learn_save(&change, text, typed_base(call), &saved);
        if (refused.code == ERR_LIMIT) form->problem = staff_say(call, msg_staff_learn_many);
    }
    *ret_refused = refused;
    return refused.code == ERR_LIMIT || refused.code == ERR_CONFLICT ? RESULT_OK : refused;
}

static struct result save(struct call *call, bool is_new)
{
    struct writing w;
    struct staff_form form;
    struct view_staff_learn_edit view = {0};
    struct learn_page page;
    struct result refused = result_fail(ERR_INVALID, "invalid", NULL);
    TRY(find_writing(call, &w));
    staff_form_init(&form, call, true);
    struct learn_fields fields = typed_fields(call);
    learn_check(&fields, &form.problems, &page);
    if (!form.problems.count) TRY(try_save(call, &w, &form, &fields, &refused));
    if (result_is_ok(refused)) {
        staff_redirect(call, staff_learn_url(call, w.slug, "", w.in).s, is_new ? "added" : "saved");
        return RESULT_OK;
    }
    if (is_new) w.slug = (struct str){0};
    bool overtaken = refused.code == ERR_CONFLICT;
    if (overtaken) TRY(conflict_words(call, &w, &view.conflict));
    /* Who has read that somebody was faster has seen their revision: the next save goes over it. */
    int64_t base = overtaken ? w.entry.revision : typed_base(call);
    TRY(edit_page(call, overtaken ? 409 : 422, &form, &w, base, &view));
    return refused;
}

struct result staff_learn_edit_post(struct call *call)
{
    return save(call, false);
}

struct result staff_learn_add_post(struct call *call)
{
    return save(call, true);
}

/* Learn pages: Balm's own texts are complete in every language, front matter is read strictly, and
 * a practice's revisions lie over Balm's pages as promised. */
#include "practice_fixture.h"

#include <dirent.h>

#include "auth/audit.h"
#include "auth/staff.h"
#include "base/limits.h"
#include "practice/check/data_check.h"
#include "practice/learn/learn.h"
#include "web/markdown.h"

/* ---- Balm's own pages ---- */

static size_t count_words(struct str text)
{
    size_t words = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool gap = text.ptr[i] == ' ' || text.ptr[i] == '\n';
        bool next = i + 1 < text.len && text.ptr[i + 1] != ' ' && text.ptr[i + 1] != '\n';
        words += (i == 0 && !gap) || (gap && next);
    }
    return words;
}

/* Every link of a page to another one of Learn leads somewhere. */
static void check_links(struct str slug, struct str body)
{
    while (body.len) {
        if (!str_starts(body, STR("](/learn/"))) {
            body = str_slice(body, 1, body.len);
            continue;
        }
        body = str_slice(body, 9, body.len);
        struct str target = str_slice(body, 0, str_find(body, ')'));
        if (!learn_own_text(target, LANG_EN).len)
            fail_msg("%.*s links to %.*s", STR_ARG(slug), STR_ARG(target));
    }
}

static void own_page(struct arena *arena, struct str slug, enum lang lang, struct learn_page *page)
{
    struct str text = learn_own_text(slug, lang);
    struct result result = learn_parse(arena, text, page);
    if (!result_is_ok(result))
        fail_msg("%.*s (%.*s): %s", STR_ARG(slug), STR_ARG(tmpl_lang_code(lang)), result.detail);
    size_t words = count_words(page->body);
    if (words < 120 || words > 520) fail_msg("%.*s has %zu words", STR_ARG(slug), words);
    check_links(slug, page->body);
    struct html html;
    assert_ok(markdown_html(arena, page->body, 2, &html));
    if (str_contains(html.s, STR("&lt;")) || !str_contains(html.s, STR("<h2>")))
        fail_msg("%.*s: HTML in it, or no heading", STR_ARG(slug));
}

static void every_own_page_is_complete(void **state)
{
    (void)state;
    struct arena arena = {0};
    size_t claims = 0;
    size_t contradicted = 0;
    for (size_t i = 0; i < learn_own_count(); i++) {
        struct str slug = learn_own_slug(i);
        struct learn_page page;
        own_page(&arena, slug, LANG_EN, &page);
        assert_true(learn_slug_is_valid(slug));
        claims += page.kind == LEARN_CLAIM;
        for (size_t k = 0; k < page.part_count; k++)
            contradicted += page.parts[k].grade == LEARN_CONTRADICTED;
        for (size_t k = 0; k < page.reference_count; k++) {
            const struct learn_reference *r = &page.references[k];
            assert_true(r->authors.len && r->year && (r->doi.len || r->pmid.len || r->place.len));
        }
        for (int m = 0; m < 32; m++)
            assert_true(!(page.measures >> m & 1) || measure_info((enum measure)m));
        assert_in_range(page.reviewed, date_from_civil((struct civil_date){2026, 1, 1}),
            date_from_civil((struct civil_date){2100, 1, 1}));
    }
    assert_int_equal(claims, 18);
    assert_int_equal(learn_own_count() - claims, 3);
    assert_int_equal(contradicted, 2); /* lactic acid, cortisol */
    arena_release(&arena);
}

/* The languages differ in words only. */
static void languages_agree(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < learn_own_count(); i++) {
        struct str slug = learn_own_slug(i);
        struct learn_page en;
        struct learn_page es;
        own_page(&arena, slug, LANG_EN, &en);
        own_page(&arena, slug, LANG_ES, &es);
        if (str_eq(en.body, es.body) || str_eq(en.summary, es.summary))
            fail_msg("%.*s is not translated", STR_ARG(slug));
        bool same = en.kind == es.kind && en.theme == es.theme && en.order == es.order &&
                    en.measures == es.measures && en.reviewed == es.reviewed &&
                    en.part_count == es.part_count && en.reference_count == es.reference_count;
        for (size_t k = 0; same && k < en.part_count; k++)
            same = en.parts[k].grade == es.parts[k].grade;
        for (size_t k = 0; same && k < en.reference_count; k++) {
            const struct learn_reference *a = &en.references[k];
            const struct learn_reference *b = &es.references[k];
            same = a->year == b->year && a->people == b->people && str_eq(a->doi, b->doi) &&
                   str_eq(a->pmid, b->pmid);
        }
        if (!same) fail_msg("%.*s says other things in Spanish", STR_ARG(slug));
    }
    arena_release(&arena);
}

/* A page in content/learn that is not in the list of practice/meson.build would be forgotten. */
static void every_file_is_compiled_in(void **state)
{
    (void)state;
    const char *source = getenv("BALM_SOURCE");
    assert_non_null(source);
    for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
        char path[512];
        snprintf(path, sizeof path, "%s/content/learn/%s", source, lang == LANG_ES ? "es" : "");
        DIR *dir = opendir(path);
        assert_non_null(dir);
        size_t files = 0;
        for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
            struct str name = str_from_cstr(e->d_name);
            if (!str_ends(name, STR(".md"))) continue;
            files++;
            if (!learn_own_text(str_slice(name, 0, name.len - 3), lang).len)
                fail_msg("%s is not compiled in", e->d_name);
        }
        closedir(dir);
        assert_int_equal(files, learn_own_count());
    }
}

/* ---- front matter ---- */

static const char good[] =
    "---\ntitle: A title\nkind: claim\nclaim: People say so.\ntheme: pain\n"
    "grade: weak\nsummary: It is not known.\nreferences:\n"
    "- One A; 2001; J Pain; n=12; doi:10.1000/x.1\n"
    "- Two B and colleagues; 1999; pmid:123\n"
    "measures: pain, ppt\nreviewed: 2026-11-22\norder: 7\n---\n\n## So\n\nText.\n";

static void reads_what_it_should(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct learn_page page;
    assert_ok(learn_parse(&arena, str_from_cstr(good), &page));
    assert_int_equal(page.kind, LEARN_CLAIM);
    assert_int_equal(page.theme, LEARN_PAIN);
    assert_int_equal(page.part_count, 1);
    assert_int_equal(page.parts[0].grade, LEARN_WEAK);
    assert_int_equal(page.reference_count, 2);
    assert_true(str_eq(page.references[0].authors, STR("One A")));
    assert_true(str_eq(page.references[0].place, STR("J Pain")));
    assert_true(str_eq(page.references[0].doi, STR("10.1000/x.1")));
    assert_int_equal(page.references[0].people, 12);
    assert_true(str_eq(page.references[1].pmid, STR("123")));
    assert_true(learn_measures(&page, MEASURE_PAIN) && learn_measures(&page, MEASURE_PPT));
    assert_false(learn_measures(&page, MEASURE_STRESS));
    assert_int_equal(page.order, 7);
    assert_true(str_eq(page.body, STR("## So\n\nText.")));
    arena_release(&arena);
}

/* `good` with one thing changed. */
static struct str with(struct arena *arena, const char *from, const char *to)
{
    const char *at = strstr(good, from);
    assert_non_null(at);
    return arena_printf(arena, "%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
}

static void complaints_name_line_and_field(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *detail;
    } cases[] = {
        {"---\ntitle", "title", "line 1: a page begins with a line \"---\""},
        {"\n---\n\n##", "\n##", "line 14: a field is written as \"name: text\""},
        {"kind: claim", "colour: red", "line 3: there is no field of this name"},
        {"kind: claim", "title: Again", "line 3: this field stands there twice"},
        {"kind: claim", "- item", "line 3: an item belongs below \"grade:\" or \"references:\""},
        {"grade: weak", "grade: weak\n- a: mixed", "line 7: this field has its text already"},
        {"title: A title", "title:", "line 2, title: required"},
        {"title: A title\n", "", "line 14, title: required"},
        {"kind: claim", "kind: story", "line 3, kind: learn-kind"},
        {"claim: People say so.", "claim:", "line 4, claim: required"},
        {"theme: pain", "theme: feet", "line 5, theme: learn-theme"},
        {"grade: weak", "grade: sure", "line 6, grade: learn-grade"},
        {"grade: weak", "grade:\n- a: weak\n- b: sure", "line 8, grade: learn-grade"},
        {"grade: weak", "grade:\n- a: weak\n- mixed", "line 7, grade: learn-part-name"},
        {"grade: weak", "grade:\n- a: weak\n- b: weak\n- c: weak\n- d: weak",
            "line 10, grade: learn-parts"},
        {"; 1999;", ";", "line 10, references: learn-reference-year"},
        {"; 1999; pmid:123", "; 1999", "line 10, references: learn-reference-place"},
        {"- Two B and colleagues;", "- ;", "line 10, references: learn-reference-authors"},
        {"doi:10.1000/x.1", "doi:x.1", "line 9, references: learn-reference-doi"},
        {"pmid:123", "pmid:12a", "line 10, references: learn-reference-pmid"},
        {"n=12", "n=many", "line 9, references: learn-reference-people"},
        {"J Pain", "J Pain; and more", "line 9, references: learn-reference-parts"},
        {"pain, ppt", "pain, weight", "line 11, measures: learn-measure"},
        {"reviewed: 2026-11-22", "reviewed: soon", "line 12, reviewed: learn-date"},
        {"reviewed: 2026-11-22\n", "", "line 14, reviewed: required"},
        {"order: 7", "order: last", "line 13, order: learn-order"},
        {"\n\n## So\n\nText.\n", "\n", "line 15, body: required"},
        {"kind: claim", "kind: guide", "line 4, claim: learn-only-claims"},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct learn_page page;
        struct str text = with(&arena, cases[i].from, cases[i].to);
        struct result result = learn_parse(&arena, text, &page);
        assert_int_not_equal(result.code, ERR_NONE);
        assert_string_equal(result.detail, cases[i].detail);
    }
    arena_release(&arena);
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < learn_own_count(); i++) {
        struct learn_fields fields;
        struct learn_fields again;
        struct str text;
        struct str twice;
        assert_ok(learn_split(&arena, learn_own_text(learn_own_slug(i), LANG_ES), &fields));
        assert_ok(learn_write(&arena, &fields, &text));
        assert_ok(learn_split(&arena, text, &again));
        assert_ok(learn_write(&arena, &again, &twice));
        assert_true(str_eq(text, twice));
        assert_true(str_eq(fields.text[LEARN_FIELD_BODY], again.text[LEARN_FIELD_BODY]));
    }
    struct learn_fields large = {0};
    struct str text;
    large.text[LEARN_FIELD_BODY] =
        (struct str){arena_alloc(&arena, LIMIT_LEARN_PAGE_BYTES, 1), LIMIT_LEARN_PAGE_BYTES};
    assert_reason(learn_write(&arena, &large, &text), ERR_LIMIT, "learn-too-long");
    arena_release(&arena);
}

/* Lines end in one way or the other; a field can not smuggle in another. */
static void lines_and_fields_stay_apart(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct sb sb;
    struct learn_page page;
    sb_init(&sb, &arena, 4000);
    for (const char *c = good; *c; c++) {
        if (*c == '\n') sb_add_char(&sb, '\r');
        sb_add_char(&sb, *c);
    }
    assert_ok(learn_parse(&arena, sb_str(&sb), &page));
    assert_int_equal(page.reference_count, 2);
    assert_true(str_eq(page.title, STR("A title")));

    struct learn_fields fields;
    struct problems problems;
    problems_init(&problems, &arena);
    assert_ok(learn_split(&arena, str_from_cstr(good), &fields));
    fields.text[LEARN_FIELD_TITLE] = STR("A title\nkind: guide");
    learn_check(&fields, &problems, &page);
    assert_int_equal(problems.count, 1);
    assert_string_equal(problems.first->code, "bad-text");
    arena_release(&arena);
}

/* ---- a practice's pages ---- */

static const char practice_json[] =
    "{\"slug\":\"p\",\"name\":\"P\",\"timezone\":\"UTC\",\"currency\":\"USD\",\"rooms\":[],"
    "\"therapists\":[{\"id\":\"a\",\"name\":\"A\"}],\"services\":[]}";

static struct learn_change begin(struct fixture *f, const char *slug, enum lang lang)
{
    fixture_open(f, practice_json, "2026-11-22T12:00:00Z");
    assert_ok(tx_begin_write(f->conn, &f->tx));
    struct user_id id;
    struct staff_user user = {.email = STR("ana@example.org"),
        .name = STR("Ana"),
        .role = ROLE_OWNER,
        .password_hash = STR("$argon2id$not-checked-here")};
    assert_ok(staff_save(
        &f->tx, f->env.practice->id, &user, (struct actor){.kind = ACTOR_SYSTEM}, f->env.now, &id));
    return (struct learn_change){.tx = &f->tx,
        .practice = f->env.practice->id,
        .actor = {ACTOR_STAFF, id, ROLE_OWNER},
        .now = f->env.now,
        .arena = &f->arena,
        .slug = str_from_cstr(slug),
        .lang = lang};
}

static struct learn_entry entry(struct fixture *f, const char *slug, enum lang lang)
{
    struct learn_entry found;
    assert_ok(
        learn_find(&f->tx, f->env.practice->id, str_from_cstr(slug), lang, &f->arena, &found));
    return found;
}

static size_t listed(struct fixture *f, enum lang lang)
{
    struct learn_entries all;
    assert_ok(learn_list(&f->tx, f->env.practice->id, lang, &f->arena, &all));
    return all.len;
}

static void sound(struct fixture *f)
{
    struct check_report report;
    assert_ok(data_check(&f->tx, &report));
    if (report.broken) fail_msg("%s", report.findings[0].invariant);
}

static void own_text_edited_and_back(void **state)
{
    (void)state;
    struct fixture f;
    struct learn_change change = begin(&f, "lactic-acid", LANG_EN);
    bool saved;
    struct learn_entry before = entry(&f, "lactic-acid", LANG_EN);
    assert_true(before.has_own && !before.edited && !before.hidden && !before.revision);
    assert_ok(learn_save(&change, before.text, 0, &saved));
    assert_false(saved); /* it is what stands there already */

    assert_ok(learn_save(&change, str_from_cstr(good), 0, &saved));
    assert_true(saved);
    struct learn_entry now = entry(&f, "lactic-acid", LANG_EN);
    assert_true(now.edited && now.revision == 1 && now.user.v == change.actor.user.v);
    assert_true(str_eq(now.text, str_from_cstr(good)));
    assert_false(entry(&f, "lactic-acid", LANG_ES).edited);

    /* Who saw an older version is told, and nothing is lost of either. */
    assert_reason(learn_save(&change, before.text, 0, &saved), ERR_CONFLICT, "learn-changed");
    assert_true(str_eq(entry(&f, "lactic-acid", LANG_EN).text, str_from_cstr(good)));
    assert_reason(learn_save(&change, STR("no page"), 1, &saved), ERR_SYNTAX, "learn-front-matter");

    assert_ok(learn_reset(&change));
    now = entry(&f, "lactic-acid", LANG_EN);
    assert_true(!now.edited && now.revision == 2 && str_eq(now.text, before.text));
    assert_ok(learn_reset(&change)); /* once is enough */
    struct learn_revisions history;
    assert_ok(learn_history(&f.tx, f.env.practice->id, change.slug, LANG_EN, &f.arena, &history));
    assert_int_equal(history.len, 2);
    assert_true(history.ptr[0].n == 2 && history.ptr[0].own && !history.ptr[1].own);
    struct learn_revision first;
    assert_ok(
        learn_revision_get(&f.tx, f.env.practice->id, change.slug, LANG_EN, 1, &f.arena, &first));
    assert_true(str_eq(first.text, str_from_cstr(good)));
    assert_reason(
        learn_revision_get(&f.tx, f.env.practice->id, change.slug, LANG_EN, 3, &f.arena, &first),
        ERR_NOT_FOUND, "no-such-page");

    struct audit_entry *entries;
    size_t count;
    assert_ok(audit_list(&f.tx, f.env.practice->id, 10, &f.arena, &entries, &count));
    assert_true(count >= 2 && str_eq(entries[0].action, STR("learn.reset")));
    assert_true(str_eq(entries[1].action, STR("learn.saved")));
    assert_true(str_contains(entries[1].detail, STR("lactic-acid")));
    sound(&f);
    fixture_close(&f);
}

static void hiding_goes_for_all_languages(void **state)
{
    (void)state;
    struct fixture f;
    struct learn_change change = begin(&f, "sleep", LANG_ES);
    bool saved;
    struct str_list hidden;
    assert_ok(learn_hide(&change, true));
    assert_true(entry(&f, "sleep", LANG_EN).hidden && entry(&f, "sleep", LANG_ES).hidden);
    assert_ok(learn_hidden(&f.tx, f.env.practice->id, &f.arena, &hidden));
    assert_int_equal(hidden.len, 1);
    assert_true(str_eq(hidden.ptr[0], STR("sleep")));
    assert_ok(learn_hide(&change, true)); /* again: nothing more is written */
    assert_int_equal(entry(&f, "sleep", LANG_ES).revision, 1);

    /* Editing what is hidden does not show it. */
    assert_ok(learn_save(&change, str_from_cstr(good), 1, &saved));
    assert_true(entry(&f, "sleep", LANG_ES).hidden && entry(&f, "sleep", LANG_ES).edited);
    sound(&f);
    assert_ok(learn_hide(&change, false));
    assert_false(entry(&f, "sleep", LANG_EN).hidden || entry(&f, "sleep", LANG_ES).hidden);
    assert_true(entry(&f, "sleep", LANG_ES).edited && !entry(&f, "sleep", LANG_EN).edited);
    assert_ok(learn_hidden(&f.tx, f.env.practice->id, &f.arena, &hidden));
    assert_int_equal(hidden.len, 0);
    change.slug = STR("nothing-here");
    assert_reason(learn_hide(&change, true), ERR_NOT_FOUND, "no-such-page");
    sound(&f);
    fixture_close(&f);
}

static void pages_of_the_practice(void **state)
{
    (void)state;
    struct fixture f;
    struct learn_change change = begin(&f, "our-heated-table", LANG_ES);
    struct learn_entry found;
    bool saved;
    size_t before = listed(&f, LANG_EN);
    assert_int_equal(before, learn_own_count());
    assert_reason(learn_find(&f.tx, change.practice, change.slug, LANG_EN, &f.arena, &found),
        ERR_NOT_FOUND, "no-such-page");
    assert_ok(learn_save(&change, str_from_cstr(good), 0, &saved));

    /* In one language only: given in that, with its name. */
    found = entry(&f, "our-heated-table", LANG_EN);
    assert_true(found.lang == LANG_ES && !found.has_own && found.edited);
    assert_reason(learn_find_exact(&f.tx, change.practice, change.slug, LANG_EN, &f.arena, &found),
        ERR_NOT_FOUND, "no-such-page");
    assert_int_equal(listed(&f, LANG_EN), before + 1);
    assert_reason(learn_reset(&change), ERR_NOT_FOUND, "no-such-page");

    /* A language that is added to a hidden page stays hidden with it. */
    assert_ok(learn_hide(&change, true));
    change.lang = LANG_EN;
    assert_ok(learn_save(&change, str_from_cstr(good), 0, &saved));
    assert_true(entry(&f, "our-heated-table", LANG_EN).hidden);
    assert_int_equal(listed(&f, LANG_EN), before + 1);
    sound(&f);

    /* Another practice knows nothing of it. */
    struct practice_id other = {change.practice.v + 1};
    assert_reason(learn_find(&f.tx, other, change.slug, LANG_EN, &f.arena, &found), ERR_NOT_FOUND,
        "no-such-page");
    static const char *const bad[] = {"", "A", "-a", "a-", "a--b", "a_b", "a/b", "á"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        change.slug = str_from_cstr(bad[i]);
        assert_reason(
            learn_save(&change, str_from_cstr(good), 0, &saved), ERR_INVALID, "learn-slug");
    }
    fixture_close(&f);
}

static void revisions_are_never_changed(void **state)
{
    (void)state;
    struct fixture f;
    struct learn_change change = begin(&f, "sleep", LANG_EN);
    assert_ok(learn_hide(&change, true));
    assert_reason(db_exec(&f.tx, SQL("UPDATE learn_page_revision SET hidden = 0"), NO_VALUES, NULL),
        ERR_CONFLICT, "append-only");
    assert_reason(db_exec(&f.tx, SQL("DELETE FROM learn_page_revision"), NO_VALUES, NULL),
        ERR_CONFLICT, "append-only");
    fixture_close(&f);
}

static void a_practice_has_room_for_so_many(void **state)
{
    (void)state;
    struct fixture f;
    struct learn_change change = begin(&f, "x", LANG_EN);
    bool saved;
    struct result result = RESULT_OK;
    size_t made = 0;
    while (result_is_ok(result) && made <= LIMIT_LEARN_PAGES) {
        change.slug = arena_printf(&f.arena, "page-%zu", ++made);
        result = learn_save(&change, str_from_cstr(good), 0, &saved);
    }
    assert_reason(result, ERR_LIMIT, "learn-many-pages");
    assert_int_equal(made, LIMIT_LEARN_PAGES - learn_own_count() + 1);
    assert_int_equal(listed(&f, LANG_EN), LIMIT_LEARN_PAGES);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_own_page_is_complete),
        cmocka_unit_test(languages_agree),
        cmocka_unit_test(every_file_is_compiled_in),
        cmocka_unit_test(reads_what_it_should),
        cmocka_unit_test(complaints_name_line_and_field),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(lines_and_fields_stay_apart),
        cmocka_unit_test(own_text_edited_and_back),
        cmocka_unit_test(hiding_goes_for_all_languages),
        cmocka_unit_test(pages_of_the_practice),
        cmocka_unit_test(revisions_are_never_changed),
        cmocka_unit_test(a_practice_has_room_for_so_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

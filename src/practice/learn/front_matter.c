/* The text of a page: front matter and Markdown, read and written. */
#include "practice/learn/learn.h"

#include "base/check.h"
#include "base/limits.h"

#include "base/banned.h"

enum { ORDER_USUAL = 500, ORDER_MOST = 9999, YEAR_FIRST = 1800, YEAR_LAST = 2200 };

static const struct str field_names[LEARN_FIELD_COUNT] = {
    [LEARN_FIELD_TITLE] = STR_INIT("title"),
    [LEARN_FIELD_KIND] = STR_INIT("kind"),
    [LEARN_FIELD_CLAIM] = STR_INIT("claim"),
    [LEARN_FIELD_THEME] = STR_INIT("theme"),
    [LEARN_FIELD_GRADE] = STR_INIT("grade"),
    [LEARN_FIELD_SUMMARY] = STR_INIT("summary"),
    [LEARN_FIELD_REFERENCES] = STR_INIT("references"),
    [LEARN_FIELD_MEASURES] = STR_INIT("measures"),
    [LEARN_FIELD_REVIEWED] = STR_INIT("reviewed"),
    [LEARN_FIELD_ORDER] = STR_INIT("order"),
    [LEARN_FIELD_BODY] = STR_INIT("body"),
};

static const struct str grade_names[LEARN_GRADE_COUNT] = {
    [LEARN_SUPPORTED] = STR_INIT("supported-short-term"),
    [LEARN_MIXED] = STR_INIT("mixed"),
    [LEARN_WEAK] = STR_INIT("weak"),
    [LEARN_CONTRADICTED] = STR_INIT("contradicted"),
};

static const struct str theme_names[LEARN_THEME_COUNT] = {
    [LEARN_MUSCLES] = STR_INIT("muscles"),
    [LEARN_PAIN] = STR_INIT("pain"),
    [LEARN_FLUIDS] = STR_INIT("fluids"),
    [LEARN_CALM] = STR_INIT("calm"),
};

struct str learn_field_name(enum learn_field field)
{
    CHECK(field < LEARN_FIELD_COUNT);
    return field_names[field];
}

struct str learn_grade_name(enum learn_grade grade)
{
    CHECK(grade < LEARN_GRADE_COUNT);
    return grade_names[grade];
}

bool learn_grade_from_name(struct str name, enum learn_grade *ret_grade)
{
    for (int i = LEARN_SUPPORTED; i < LEARN_GRADE_COUNT; i++) {
        if (!str_eq(grade_names[i], name)) continue;
        *ret_grade = (enum learn_grade)i;
        return true;
    }
    return false;
}

struct str learn_theme_name(enum learn_theme theme)
{
    CHECK(theme < LEARN_THEME_COUNT);
    return theme_names[theme];
}

bool learn_theme_from_name(struct str name, enum learn_theme *ret_theme)
{
    for (int i = LEARN_MUSCLES; i < LEARN_THEME_COUNT; i++) {
        if (!str_eq(theme_names[i], name)) continue;
        *ret_theme = (enum learn_theme)i;
        return true;
    }
    return false;
}

/* ---- cutting ---- */

static struct result syntax(struct arena *arena, int line, const char *what)
{
    const char *detail = arena_cstr(arena, arena_printf(arena, "line %d: %s", line, what));
    return result_fail(ERR_SYNTAX, "learn-front-matter", detail);
}

static bool is_list(enum learn_field field)
{
    return field == LEARN_FIELD_GRADE || field == LEARN_FIELD_REFERENCES;
}

/* A line with its number; the text is not trimmed at its beginning. */
struct lines {
    struct str rest;
    int number;
};

static bool next_line(struct lines *lines, struct str *ret_line)
{
    if (!str_cut(&lines->rest, '\n', ret_line)) return false;
    if (str_ends(*ret_line, STR("\r"))) ret_line->len--;
    lines->number++;
    return true;
}

static bool is_item(struct str line)
{
    return str_starts(line, STR("- ")) || str_eq(line, STR("-"));
}

/* "title: words" */
static struct result read_field(
    struct arena *arena, struct str line, int number, struct learn_fields *f, int *ret_field)
{
    size_t colon = str_find(line, ':');
    if (colon == line.len) return syntax(arena, number, "a field is written as \"name: text\"");
    struct str name = str_slice(line, 0, colon);
    for (int i = 0; i < LEARN_FIELD_BODY; i++) {
        if (!str_eq(field_names[i], name)) continue;
        if (f->line[i]) return syntax(arena, number, "this field stands there twice");
        f->text[i] = str_trim(str_slice(line, colon + 1, line.len));
        f->line[i] = number;
        *ret_field = i;
        return RESULT_OK;
    }
    return syntax(arena, number, "there is no field of this name");
}

struct result learn_split(struct arena *arena, struct str text, struct learn_fields *ret_fields)
{
    struct learn_fields f = {0};
    struct lines lines = {text, 0};
    struct str line;
    if (text.len > LIMIT_LEARN_PAGE_BYTES) return syntax(arena, 1, "a page has at most 32 kB");
    if (!str_is_text(text, false)) return syntax(arena, 1, "this is not text in UTF-8");
    if (!next_line(&lines, &line) || !str_eq(line, STR("---")))
        return syntax(arena, 1, "a page begins with a line \"---\"");
    int field = -1; /* whose items may follow */
    while (next_line(&lines, &line)) {
        if (str_eq(line, STR("---"))) {
            f.text[LEARN_FIELD_BODY] = str_trim(lines.rest);
            f.line[LEARN_FIELD_BODY] = lines.number + 1;
            *ret_fields = f;
            return RESULT_OK;
        }
        if (!is_item(line)) {
            TRY(read_field(arena, line, lines.number, &f, &field));
        } else if (field < 0 || !is_list((enum learn_field)field)) {
            return syntax(
                arena, lines.number, "an item belongs below \"grade:\" or \"references:\"");
        } else if (!f.text[field].len) {
            f.text[field] = line;
            f.line[field] = lines.number;
        } else if (!is_item(f.text[field])) {
            return syntax(arena, lines.number, "this field has its text already");
        } else {
            f.text[field].len = (size_t)(line.ptr + line.len - f.text[field].ptr);
        }
    }
    return syntax(arena, lines.number, "the line \"---\" behind the fields is missing");
}

/* ---- checking ---- */

struct checker {
    const struct learn_fields *fields;
    struct problems *problems;
    int line; /* of the first problem; 0: its field is missing */
};

static void add(struct checker *c, enum learn_field field, const char *code, struct str arg)
{
    if (!c->problems->count) c->line = c->fields->line[field];
    problems_add(c->problems, field_names[field], code, arg);
}

/* Of an item of a list: `line` counts within the field, from 0. */
static void add_item(struct checker *c, enum learn_field field, const char *code, int line)
{
    int first = c->fields->line[field] ? c->fields->line[field] : 1;
    if (!c->problems->count) c->line = c->fields->line[field] ? first + line : 0;
    problems_add(c->problems, field_names[field], code,
        arena_printf(c->problems->arena, "%d", first + line));
}

/* A field of one line. */
static struct str one_line(struct checker *c, enum learn_field field, bool needed, size_t max_chars)
{
    struct str text = str_trim(c->fields->text[field]);
    bool broken = str_find(text, '\n') < text.len || str_find(text, '\r') < text.len;
    if (!str_is_text(text, false) || broken) {
        add(c, field, "bad-text", (struct str){0});
    } else if (str_count_chars(text) > max_chars) {
        add(c, field, "too-long", arena_printf(c->problems->arena, "%zu", max_chars));
    } else if (needed && !text.len) {
        add(c, field, "required", (struct str){0});
    } else {
        return text;
    }
    return (struct str){0};
}

/* The next item of a list that is not empty. */
static bool next_item(struct lines *lines, struct str *ret_item)
{
    struct str line;
    while (next_line(lines, &line)) {
        if (is_item(line)) line = str_slice(line, 1, line.len);
        *ret_item = str_trim(line);
        if (ret_item->len) return true;
    }
    return false;
}

static void check_parts(struct checker *c, struct learn_page *page)
{
    struct lines lines = {c->fields->text[LEARN_FIELD_GRADE], -1};
    struct str item;
    bool unnamed = false;
    while (next_item(&lines, &item)) {
        struct learn_part part = {{0}, LEARN_NO_GRADE};
        size_t colon = item.len;
        while (colon > 0 && item.ptr[colon - 1] != ':')
            colon--;
        if (colon) part.name = str_trim(str_slice(item, 0, colon - 1));
        if (page->part_count == LEARN_PARTS_MAX) {
            add_item(c, LEARN_FIELD_GRADE, "learn-parts", lines.number);
            return;
        }
        if (!learn_grade_from_name(str_trim(str_slice(item, colon, item.len)), &part.grade))
            add_item(c, LEARN_FIELD_GRADE, "learn-grade", lines.number);
        if (!str_is_text(part.name, false) || str_count_chars(part.name) > LIMIT_NAME_CHARS)
            add_item(c, LEARN_FIELD_GRADE, "learn-part-name", lines.number);
        unnamed = unnamed || !part.name.len;
        page->parts[page->part_count++] = part;
    }
    if (!page->part_count) add(c, LEARN_FIELD_GRADE, "required", (struct str){0});
    if (page->part_count > 1 && unnamed)
        add(c, LEARN_FIELD_GRADE, "learn-part-name", (struct str){0});
}

/* "10.1111/sms.12341" */
static bool is_doi(struct str doi)
{
    size_t slash = str_find(doi, '/');
    if (!str_starts(doi, STR("10.")) || slash < 7 || slash + 1 >= doi.len) return false;
    for (size_t i = 0; i < doi.len; i++) {
        if (doi.ptr[i] <= ' ' || doi.ptr[i] > '~') return false;
    }
    return true;
}

/* A part of a reference behind authors and year; NULL, or the code of what is wrong. */
static const char *read_part(struct str part, struct learn_reference *r)
{
    int64_t number;
    if (str_starts(part, STR("doi:"))) {
        r->doi = str_trim(str_slice(part, 4, part.len));
        return is_doi(r->doi) ? NULL : "learn-reference-doi";
    }
    if (str_starts(part, STR("pmid:"))) {
        r->pmid = str_trim(str_slice(part, 5, part.len));
        return str_to_i64(r->pmid, 1, 999999999, &number) ? NULL : "learn-reference-pmid";
    }
    if (str_starts(part, STR("n="))) {
        if (!str_to_i64(str_trim(str_slice(part, 2, part.len)), 1, 100000000, &number))
            return "learn-reference-people";
        r->people = (int)number;
        return NULL;
    }
    if (r->place.len || !part.len) return "learn-reference-parts";
    r->place = part;
    return NULL;
}

/* "Authors; year; journal; n=18; doi:10…": NULL, or the code of what is wrong. */
static const char *read_reference(struct str item, struct learn_reference *ret_reference)
{
    struct learn_reference r = {0};
    struct str rest = item;
    struct str piece;
    int64_t year;
    if (!str_is_text(item, false)) return "learn-reference-parts";
    if (str_count_chars(item) > LIMIT_LEARN_REFERENCE_CHARS) return "learn-reference-long";
    if (!str_cut(&rest, ';', &piece) || !str_trim(piece).len) return "learn-reference-authors";
    r.authors = str_trim(piece);
    if (!str_cut(&rest, ';', &piece) || !str_to_i64(str_trim(piece), YEAR_FIRST, YEAR_LAST, &year))
        return "learn-reference-year";
    r.year = (int)year;
    while (rest.len) {
        rest = str_trim(rest);
        if (str_starts(rest, STR("doi:"))) { /* the last: a doi may hold any sign */
            piece = rest;
            rest = (struct str){0};
        } else if (!str_cut(&rest, ';', &piece)) {
            break;
        }
        const char *code = read_part(str_trim(piece), &r);
        if (code) return code;
    }
    if (!r.place.len && !r.doi.len && !r.pmid.len) return "learn-reference-place";
    *ret_reference = r;
    return NULL;
}

static void check_references(struct checker *c, struct learn_page *page)
{
    struct lines lines = {c->fields->text[LEARN_FIELD_REFERENCES], -1};
    struct learn_reference *list =
        ARENA_ARRAY(c->problems->arena, LIMIT_LEARN_REFERENCES, struct learn_reference);
    struct str item;
    while (next_item(&lines, &item)) {
        if (page->reference_count == LIMIT_LEARN_REFERENCES) {
            add_item(c, LEARN_FIELD_REFERENCES, "learn-references-many", lines.number);
            break;
        }
        const char *code = read_reference(item, &list[page->reference_count]);
        if (code) {
            add_item(c, LEARN_FIELD_REFERENCES, code, lines.number);
        } else {
            page->reference_count++;
        }
    }
    page->references = list;
    if (page->kind == LEARN_CLAIM && !str_trim(c->fields->text[LEARN_FIELD_REFERENCES]).len)
        add(c, LEARN_FIELD_REFERENCES, "required", (struct str){0});
}

static void check_measures(struct checker *c, struct learn_page *page)
{
    struct str rest = c->fields->text[LEARN_FIELD_MEASURES];
    struct str piece;
    while (str_cut(&rest, ',', &piece)) {
        enum measure measure;
        struct str key = str_trim(piece);
        if (!key.len) continue;
        if (measure_by_key(key, &measure)) {
            CHECK((int)measure < LEARN_MEASURES_MAX);
            page->measures |= UINT32_C(1) << measure;
        } else {
            add(c, LEARN_FIELD_MEASURES, "learn-measure",
                str_slice(key, 0, str_is_text(key, false) ? 40 : 0));
            return;
        }
    }
}

static void check_claim(struct checker *c, struct learn_page *page)
{
    const struct str *text = c->fields->text;
    if (page->kind == LEARN_CLAIM) {
        page->claim = one_line(c, LEARN_FIELD_CLAIM, true, LIMIT_LEARN_SUMMARY_CHARS);
        if (!learn_theme_from_name(str_trim(text[LEARN_FIELD_THEME]), &page->theme))
            add(c, LEARN_FIELD_THEME, "learn-theme", (struct str){0});
        check_parts(c, page);
        return;
    }
    static const enum learn_field of_claims[] = {
        LEARN_FIELD_CLAIM, LEARN_FIELD_THEME, LEARN_FIELD_GRADE};
    for (size_t i = 0; i < COUNT_OF(of_claims); i++) {
        if (str_trim(text[of_claims[i]]).len)
            add(c, of_claims[i], "learn-only-claims", (struct str){0});
    }
}

static void check_numbers(struct checker *c, struct learn_page *page)
{
    struct str reviewed = str_trim(c->fields->text[LEARN_FIELD_REVIEWED]);
    struct str order = str_trim(c->fields->text[LEARN_FIELD_ORDER]);
    int64_t number = ORDER_USUAL;
    if (!reviewed.len) {
        add(c, LEARN_FIELD_REVIEWED, "required", (struct str){0});
    } else if (!date_parse(reviewed, &page->reviewed)) {
        add(c, LEARN_FIELD_REVIEWED, "learn-date", (struct str){0});
    }
    if (order.len && !str_to_i64(order, 0, ORDER_MOST, &number))
        add(c, LEARN_FIELD_ORDER, "learn-order", (struct str){0});
    page->order = (int)number;
}

static void check_body(struct checker *c, struct learn_page *page)
{
    page->body = str_trim(c->fields->text[LEARN_FIELD_BODY]);
    if (!page->body.len) add(c, LEARN_FIELD_BODY, "required", (struct str){0});
    bool judged = c->fields->line[LEARN_FIELD_BODY] != 0; /* learn_split has read the whole */
    if (!judged && !str_is_text(page->body, false))
        add(c, LEARN_FIELD_BODY, "bad-text", (struct str){0});
    if (page->body.len > LIMIT_LEARN_PAGE_BYTES)
        add(c, LEARN_FIELD_BODY, "learn-too-long", (struct str){0});
}

static void check_all(struct checker *c, struct learn_page *ret_page)
{
    struct learn_page page = {.kind = LEARN_CLAIM};
    struct str kind = str_trim(c->fields->text[LEARN_FIELD_KIND]);
    page.title = one_line(c, LEARN_FIELD_TITLE, true, LIMIT_LEARN_TITLE_CHARS);
    if (str_eq(kind, STR("guide"))) {
        page.kind = LEARN_GUIDE;
    } else if (!str_eq(kind, STR("claim"))) {
        add(c, LEARN_FIELD_KIND, "learn-kind", (struct str){0});
    }
    check_claim(c, &page);
    page.summary = one_line(c, LEARN_FIELD_SUMMARY, true, LIMIT_LEARN_SUMMARY_CHARS);
    check_references(c, &page);
    check_measures(c, &page);
    check_numbers(c, &page);
    check_body(c, &page);
    *ret_page = page;
}

void learn_check(
    const struct learn_fields *fields, struct problems *problems, struct learn_page *ret_page)
{
    struct checker c = {fields, problems, 0};
    check_all(&c, ret_page);
}

struct result learn_parse(struct arena *arena, struct str text, struct learn_page *ret_page)
{
    struct learn_fields fields;
    struct problems problems;
    struct learn_page page;
    TRY(learn_split(arena, text, &fields));
    problems_init(&problems, arena);
    struct checker c = {&fields, &problems, 0};
    check_all(&c, &page);
    const struct problem *p = problems.first;
    if (p) { /* a field that is missing has no line: the end of the fields is where it belongs */
        int line = c.line ? c.line : fields.line[LEARN_FIELD_BODY];
        return result_fail(ERR_INVALID, "learn-invalid",
            arena_cstr(
                arena, arena_printf(arena, "line %d, %.*s: %s", line, STR_ARG(p->field), p->code)));
    }
    *ret_page = page;
    return RESULT_OK;
}

/* ---- writing ---- */

static void write_list(struct sb *sb, struct str text)
{
    struct lines lines = {text, -1};
    struct str item;
    while (next_item(&lines, &item)) {
        SB_LIT(sb, "\n- ");
        sb_add(sb, item);
    }
}

struct result learn_write(
    struct arena *arena, const struct learn_fields *fields, struct str *ret_text)
{
    struct sb sb;
    sb_init(&sb, arena, LIMIT_LEARN_PAGE_BYTES);
    SB_LIT(&sb, "---\n");
    for (int i = 0; i < LEARN_FIELD_BODY; i++) {
        struct str text = str_trim(fields->text[i]);
        if (!text.len) continue;
        sb_add(&sb, field_names[i]);
        sb_add_char(&sb, ':');
        if (is_list((enum learn_field)i)) {
            write_list(&sb, text);
        } else {
            sb_add_char(&sb, ' ');
            sb_add(&sb, text);
        }
        sb_add_char(&sb, '\n');
    }
    SB_LIT(&sb, "---\n\n");
    sb_add(&sb, str_trim(fields->text[LEARN_FIELD_BODY]));
    sb_add_char(&sb, '\n');
    if (!sb_ok(&sb)) return result_fail(ERR_LIMIT, "learn-too-long", NULL);
    *ret_text = sb_str(&sb);
    return RESULT_OK;
}

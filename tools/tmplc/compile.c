#include "compile.h"

#include "base/banned.h"

struct place compile_place(const struct compiler *c, size_t at)
{
    return place_of(&c->source, at);
}

static bool is_letter_at(struct str text, size_t i)
{
    return html_is_letter(text, i);
}

/* Plain text: as it is, but words must be translated there too. */
static void plain_literal(struct compiler *c, size_t from, size_t to)
{
    struct str text = c->source.text;
    for (size_t i = from; i < to; i++) {
        if (!is_letter_at(text, i)) continue;
        size_t end = i;
        while (end < to && text.ptr[end] != '\n')
            end++;
        struct str words = str_trim(str_slice(text, i, end));
        diag_error(c->tc, compile_place(c, i),
            "untranslated text “%.*s”; write {{_ %.*s }}, or {{raw \"…\" }} for a proper name",
            STR_ARG(words), STR_ARG(words));
        break;
    }
    sb_add(&c->e.literal, str_slice(text, from, to));
}

static void literal(struct compiler *c, size_t from, size_t to)
{
    if (from >= to) return;
    if (c->is_html)
        html_literal(&c->html, from, to, &c->e.literal);
    else
        plain_literal(c, from, to);
}

enum html_context compile_context(struct compiler *c, size_t at)
{
    if (!c->is_html) return CONTEXT_PLAIN;
    const char *reason = NULL;
    enum html_context context = html_value(&c->html, &reason);
    if (context == CONTEXT_REFUSED) diag_fatal(compile_place(c, at), "%s", reason);
    return context;
}

/* Where the directive at `at` ends, behind its braces. */
static size_t directive_end(struct compiler *c, size_t at)
{
    struct str text = c->source.text;
    for (size_t i = at + 2; i + 1 < text.len; i++) {
        if (text.ptr[i] == '{' && text.ptr[i + 1] == '{')
            diag_fatal(
                compile_place(c, at), "this directive is not closed before the next; add }}");
        if (text.ptr[i] != '}' || text.ptr[i + 1] != '}') continue;
        /* {{_ {day}}}: the last two braces close the directive. */
        while (i + 2 < text.len && text.ptr[i + 2] == '}')
            i++;
        return i + 2;
    }
    diag_fatal(compile_place(c, at), "this directive is not closed; add }}");
}

static bool only_blanks_before(struct str text, size_t from, size_t at, size_t *ret_begin)
{
    size_t i = at;
    while (i > from && (text.ptr[i - 1] == ' ' || text.ptr[i - 1] == '\t'))
        i--;
    if (i > 0 && text.ptr[i - 1] != '\n') return false;
    *ret_begin = i;
    return true;
}

static bool only_blanks_behind(struct str text, size_t at, size_t *ret_end)
{
    while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t'))
        at++;
    if (at < text.len && text.ptr[at] != '\n') return false;
    *ret_end = at < text.len ? at + 1 : at;
    return true;
}

static size_t find_directive(struct str text, size_t from)
{
    for (size_t i = from; i + 1 < text.len; i++)
        if (text.ptr[i] == '{' && text.ptr[i + 1] == '{') return i;
    return text.len;
}

static void compile_body(struct compiler *c, size_t from)
{
    struct str text = c->source.text;
    while (from < text.len) {
        size_t at = find_directive(text, from);
        if (at == text.len) {
            literal(c, from, at);
            break;
        }
        size_t end = directive_end(c, at);
        struct str inside = str_slice(text, at + 2, end - 2);
        size_t begin;
        size_t next;
        if (directive_is_silent(inside) && only_blanks_before(text, from, at, &begin) &&
            only_blanks_behind(text, end, &next)) {
            literal(c, from, begin);
        } else {
            literal(c, from, at);
            next = end;
        }
        directive_compile(c, inside, at);
        from = next;
    }
}

/* {{! view struct view_home "web/views/public.h" }} */
static size_t view_directive(struct compiler *c)
{
    struct str text = c->source.text;
    static const char *const mend =
        "the first line must say {{! view struct view_… \"web/views/….h\" }}";
    if (!str_starts(text, STR("{{!"))) diag_fatal(compile_place(c, 0), "%s", mend);
    size_t end = directive_end(c, 0);
    struct str rest = str_trim(str_slice(text, 3, end - 2));
    struct str view = expr_take_name(&rest);
    expr_skip_space(&rest);
    struct str keyword = expr_take_name(&rest);
    expr_skip_space(&rest);
    struct str type = expr_take_name(&rest);
    expr_skip_space(&rest);
    if (!str_eq(view, STR("view")) || !str_eq(keyword, STR("struct")) || !type.len)
        diag_fatal(compile_place(c, 0), "%s", mend);
    c->view = type;
    c->header = compile_take_string(c, &rest, 0);
    if (rest.len) diag_fatal(compile_place(c, 0), "%s", mend);
    size_t next;
    if (only_blanks_behind(text, end, &next)) end = next;
    return end;
}

static void read_name(struct compiler *c)
{
    struct str base = str_from_cstr(path_base(c->source.path));
    c->is_html = str_ends(base, STR(".html"));
    struct place top = {c->source.path, 1, 0};
    if (!c->is_html && !str_ends(base, STR(".txt")))
        diag_fatal(top, "a template's name ends in .html or .txt");
    c->name = str_slice(base, 0, str_find(base, '.'));
    struct str name = c_name(c->tc, c->name, top);
    c->function =
        arena_printf(&c->tc->arena, c->is_html ? "tmpl_%.*s" : "tmpl_%.*s_txt", STR_ARG(name));
}

static struct str build_header(struct compiler *c)
{
    struct sb sb;
    sb_init(&sb, &c->tc->arena, TMPLC_OUTPUT_MAX);
    sb_addf(&sb, "/* Generated from %s. */\n#ifndef BALM_%.*s_H\n#define BALM_%.*s_H\n\n",
        path_base(c->source.path), STR_ARG(c->function), STR_ARG(c->function));
    sb_addf(&sb, "#include \"%.*s\"\n\n#include \"base/tmpl.h\"\n\n", STR_ARG(c->header));
    const char *const endings[] = {"_begin", "_end"};
    for (size_t i = 0; i < (c->has_body ? 2 : 1); i++)
        sb_addf(&sb, "void %.*s%s(struct tmpl *t, const struct %.*s *v);\n", STR_ARG(c->function),
            c->has_body ? endings[i] : "", STR_ARG(c->view));
    SB_LIT(&sb, "\n#endif\n");
    return sb_str(&sb);
}

static struct str include_line(struct compiler *c, struct str name)
{
    const char *dir = c->tc->include_dir;
    return arena_printf(&c->tc->arena, "#include \"%s%s%.*s%s\"\n", dir, *dir ? "/" : "",
        STR_ARG(name), c->is_html ? ".tmpl.h" : ".txt.tmpl.h");
}

static struct str build_code(struct compiler *c)
{
    struct sb sb;
    sb_init(&sb, &c->tc->arena, TMPLC_OUTPUT_MAX);
    sb_addf(&sb, "/* Generated from %s. */\n", path_base(c->source.path));
    sb_add(&sb, include_line(c, c->name));
    sb_add(&sb, sb_str(&c->includes));
    sb_addf(&sb,
        "\nvoid %.*s%s(struct tmpl *t, const struct %.*s *v)\n{\n    (void)t;\n    (void)v;\n",
        STR_ARG(c->function), c->has_body ? "_begin" : "", STR_ARG(c->view));
    sb_add(&sb, sb_str(&c->e.code));
    SB_LIT(&sb, "}\n");
    return sb_str(&sb);
}

struct compiled compile_template(struct tmplc *tc, const char *path)
{
    struct compiler *c = ARENA_NEW(&tc->arena, struct compiler);
    c->tc = tc;
    c->source = file_read(tc, path);
    c->blocks = ARENA_ARRAY(&tc->arena, BLOCKS_MAX, struct block);
    sb_init(&c->includes, &tc->arena, TMPLC_OUTPUT_MAX);
    read_name(c);
    html_init(&c->html, tc, &c->source);
    emit_init(&c->e, tc, path);
    compile_body(c, view_directive(c));
    if (c->block_count)
        diag_fatal(compile_place(c, c->blocks[c->block_count - 1].at),
            "this %s has no {{ end }}; add it",
            c->blocks[c->block_count - 1].kind == BLOCK_FOR ? "for" : "if");
    if (c->is_html) html_finish(&c->html);
    emit_flush(&c->e);
    sb_add(&c->e.code, c->layout_end);
    return (struct compiled){build_code(c), build_header(c)};
}

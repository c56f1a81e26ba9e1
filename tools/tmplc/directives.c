#include "compile.h"

#include "base/banned.h"

/* The first word of a directive: "if", "#", "_", ... ; *rest gets what follows it. */
static struct str first_word(struct str text, struct str *rest)
{
    text = str_trim(text);
    struct str after = text;
    if (text.len && (text.ptr[0] == '#' || text.ptr[0] == '!' || text.ptr[0] == '_')) {
        *rest = str_slice(text, 1, text.len);
        return str_slice(text, 0, 1);
    }
    struct str word = expr_take_name(&after);
    /* "if.x" or "end_x" is a path, not a keyword. */
    bool ends = !after.len || is_space(after.ptr[0]) || after.ptr[0] == '(' ||
                after.ptr[0] == '!' || after.ptr[0] == '"';
    if (!ends) return (struct str){0};
    *rest = str_trim(after);
    return word;
}

static void do_if(struct compiler *c, struct str rest, size_t at);
static void do_elif(struct compiler *c, struct str rest, size_t at);
static void do_else(struct compiler *c, struct str rest, size_t at);
static void do_end(struct compiler *c, struct str rest, size_t at);
static void do_for(struct compiler *c, struct str rest, size_t at);
static void do_include(struct compiler *c, struct str rest, size_t at);
static void do_layout(struct compiler *c, struct str rest, size_t at);
static void do_body(struct compiler *c, struct str rest, size_t at);
static void do_comment(struct compiler *c, struct str rest, size_t at);
static void do_raw(struct compiler *c, struct str rest, size_t at);

static const struct {
    const char *word;
    bool silent;
    void (*run)(struct compiler *c, struct str rest, size_t at);
} directives[] = {
    {"#", true, do_comment},
    {"_", false, message_directive},
    {"body", true, do_body},
    {"elif", true, do_elif},
    {"else", true, do_else},
    {"end", true, do_end},
    {"for", true, do_for},
    {"if", true, do_if},
    {"include", true, do_include},
    {"layout", true, do_layout},
    {"raw", false, do_raw},
};

bool directive_is_silent(struct str text)
{
    struct str rest;
    struct str word = first_word(text, &rest);
    for (size_t i = 0; i < COUNT_OF(directives); i++)
        if (str_eq(word, str_from_cstr(directives[i].word))) return directives[i].silent;
    return false;
}

void directive_compile(struct compiler *c, struct str text, size_t at)
{
    struct str rest;
    struct str word = first_word(text, &rest);
    for (size_t i = 0; i < COUNT_OF(directives); i++) {
        if (!str_eq(word, str_from_cstr(directives[i].word))) continue;
        directives[i].run(c, rest, at);
        return;
    }
    if (str_eq(word, STR("!")))
        diag_fatal(compile_place(c, at), "{{! view … }} stands once, in the first line");
    struct str path = str_trim(text);
    struct str value;
    const char *error = expr_path(&c->tc->arena, &c->scope, &path, &value);
    if (error) diag_fatal(compile_place(c, at), "unknown directive: %s", error);
    if (path.len)
        diag_fatal(compile_place(c, at), "“%.*s” is too much; {{ v.name }} writes one value",
            STR_ARG(path));
    struct place place = compile_place(c, at);
    emit_value(&c->e, compile_context(c, at), value, place.line);
}

static void do_comment(struct compiler *c, struct str rest, size_t at)
{
    (void)c, (void)rest, (void)at;
}

struct str compile_take_string(struct compiler *c, struct str *rest, size_t at)
{
    struct str inner = str_slice(*rest, 1, rest->len);
    size_t end = str_find(inner, '"');
    if (!rest->len || rest->ptr[0] != '"' || end == inner.len)
        diag_fatal(compile_place(c, at), "a text in \"quotes\" is expected in this directive");
    *rest = str_slice(inner, end + 1, inner.len);
    expr_skip_space(rest);
    return str_slice(inner, 0, end);
}

static void do_raw(struct compiler *c, struct str rest, size_t at)
{
    struct str text = compile_take_string(c, &rest, at);
    if (rest.len) diag_fatal(compile_place(c, at), "{{raw \"text\" }} takes one text");
    enum html_context context = compile_context(c, at);
    if (context == CONTEXT_URL || context == CONTEXT_URL_PART || context == CONTEXT_JSON)
        diag_fatal(compile_place(c, at), "{{raw}} is not needed here; write the text itself");
    emit_words(&c->e, context, text);
}

static struct str condition(struct compiler *c, struct str text, size_t at)
{
    struct str result;
    const char *error = expr_condition(&c->tc->arena, &c->scope, text, &result);
    if (error) diag_fatal(compile_place(c, at), "%s", error);
    return result;
}

static struct block *push_block(struct compiler *c, enum block_kind kind, size_t at)
{
    if (c->block_count == BLOCKS_MAX)
        diag_fatal(compile_place(c, at), "if and for are nested too deep; use a partial");
    struct block *block = &c->blocks[c->block_count++];
    *block = (struct block){.kind = kind, .at = at, .before = c->html};
    return block;
}

static void do_if(struct compiler *c, struct str rest, size_t at)
{
    struct str test = condition(c, rest, at);
    emit_line(&c->e, compile_place(c, at).line);
    emit_code(&c->e, "    if (%.*s) {\n", STR_ARG(test));
    push_block(c, BLOCK_IF, at);
}

/* One branch ends here: its state must be that of the branches before it. */
static void end_branch(struct compiler *c, struct block *block, size_t at)
{
    if (block->has_after && c->is_html) {
        const char *differs = html_merge(&c->html, &block->after, false);
        if (differs)
            diag_fatal(compile_place(c, at), "the branch of this if that ends here: %s", differs);
    }
    block->after = c->html;
    block->has_after = true;
}

static struct block *top_if(struct compiler *c, const char *word, size_t at)
{
    struct block *block = c->block_count ? &c->blocks[c->block_count - 1] : NULL;
    if (!block || block->kind != BLOCK_IF)
        diag_fatal(compile_place(c, at), "this %s belongs to no if", word);
    return block;
}

static void do_elif(struct compiler *c, struct str rest, size_t at)
{
    struct block *block = top_if(c, "elif", at);
    end_branch(c, block, at);
    c->html = block->before;
    emit_line(&c->e, compile_place(c, at).line);
    emit_code(&c->e, "    } else if (%.*s) {\n", STR_ARG(condition(c, rest, at)));
}

static void do_else(struct compiler *c, struct str rest, size_t at)
{
    struct block *block = top_if(c, "else", at);
    if (rest.len) diag_fatal(compile_place(c, at), "{{ else }} takes nothing; {{ elif … }} does");
    end_branch(c, block, at);
    c->html = block->before;
    block->kind = BLOCK_ELSE;
    emit_code(&c->e, "    } else {\n");
}

static void do_end(struct compiler *c, struct str rest, size_t at)
{
    if (rest.len) diag_fatal(compile_place(c, at), "{{ end }} takes nothing");
    if (!c->block_count) diag_fatal(compile_place(c, at), "this end belongs to no if or for");
    struct block *block = &c->blocks[c->block_count - 1];
    if (block->kind == BLOCK_FOR) {
        const char *differs = c->is_html ? html_merge(&c->html, &block->before, true) : NULL;
        if (differs)
            diag_fatal(compile_place(c, at), "the loop does not end as it began: %s", differs);
        c->scope.count--;
    } else {
        end_branch(c, block, at);
        if (block->kind == BLOCK_IF && c->is_html) {
            /* Without an else, the other way is to skip it all. */
            const char *differs = html_merge(&c->html, &block->before, false);
            if (differs)
                diag_fatal(compile_place(c, at), "the if that ends here has no else: %s", differs);
        }
    }
    c->block_count--;
    emit_code(&c->e, "    }\n");
}

static void do_for(struct compiler *c, struct str rest, size_t at)
{
    struct place place = compile_place(c, at);
    struct str name = expr_take_name(&rest);
    expr_skip_space(&rest);
    struct str in = expr_take_name(&rest);
    expr_skip_space(&rest);
    if (!name.len || !str_eq(in, STR("in")))
        diag_fatal(place, "a loop reads {{ for item in v.items }}");
    const char *error = scope_check_name(&c->scope, name);
    if (error) diag_fatal(place, "“%.*s”: %s", STR_ARG(name), error);
    struct str list;
    error = expr_path(&c->tc->arena, &c->scope, &rest, &list);
    if (error) diag_fatal(place, "%s", error);
    if (rest.len) diag_fatal(place, "“%.*s” is too much in this for", STR_ARG(rest));
    push_block(c, BLOCK_FOR, at);
    c->scope.names[c->scope.count] = name;
    c->scope.lists[c->scope.count] = list;
    c->scope.count++;
    emit_line(&c->e, place.line);
    emit_code(&c->e,
        "    for (size_t %.*s_index_ = 0; %.*s_index_ < (%.*s).len; %.*s_index_++) {\n",
        STR_ARG(name), STR_ARG(name), STR_ARG(list), STR_ARG(name));
    emit_line(&c->e, place.line);
    emit_code(&c->e,
        "    __typeof__(&(%.*s).ptr[0]) %.*s = &(%.*s).ptr[%.*s_index_]; (void)%.*s;\n",
        STR_ARG(list), STR_ARG(name), STR_ARG(list), STR_ARG(name), STR_ARG(name));
}

/* NAME PATH of include and layout. */
static struct str take_template(struct compiler *c, struct str *rest, const char *word, size_t at)
{
    size_t len = 0;
    while (len < rest->len && !is_space(rest->ptr[len]))
        len++;
    struct str name = str_slice(*rest, 0, len);
    *rest = str_slice(*rest, len, rest->len);
    if (!name.len || !str_trim(*rest).len)
        diag_fatal(compile_place(c, at), "{{ %s … }} takes a template's name and a path", word);
    const char *dir = c->tc->include_dir;
    sb_addf(&c->includes, "#include \"%s%s%.*s%s\"\n", dir, *dir ? "/" : "", STR_ARG(name),
        c->is_html ? ".tmpl.h" : ".txt.tmpl.h");
    struct str function = c_name(c->tc, name, compile_place(c, at));
    return arena_printf(
        &c->tc->arena, c->is_html ? "tmpl_%.*s" : "tmpl_%.*s_txt", STR_ARG(function));
}

static struct str address(struct compiler *c, struct str text, size_t at)
{
    struct str result;
    const char *error = expr_address(&c->tc->arena, &c->scope, text, &result);
    if (error) diag_fatal(compile_place(c, at), "%s", error);
    return result;
}

static void do_include(struct compiler *c, struct str rest, size_t at)
{
    if (c->is_html && c->html.where != HTML_TEXT)
        diag_fatal(compile_place(c, at), "a partial can be included between tags only");
    struct str function = take_template(c, &rest, "include", at);
    emit_line(&c->e, compile_place(c, at).line);
    emit_code(&c->e, "    %.*s(t, %.*s);\n", STR_ARG(function), STR_ARG(address(c, rest, at)));
}

static void do_layout(struct compiler *c, struct str rest, size_t at)
{
    if (c->layout_end.len || c->block_count || c->e.code.len || c->e.literal.len || c->has_body)
        diag_fatal(compile_place(c, at), "{{ layout … }} stands once, in the second line");
    struct str function = take_template(c, &rest, "layout", at);
    struct str path = address(c, rest, at);
    int line = compile_place(c, at).line;
    emit_line(&c->e, line);
    emit_code(&c->e, "    %.*s_begin(t, %.*s);\n", STR_ARG(function), STR_ARG(path));
    c->layout_end = arena_printf(&c->tc->arena, "#line %d \"%.*s\"\n    %.*s_end(t, %.*s);\n", line,
        STR_ARG(c->e.path), STR_ARG(function), STR_ARG(path));
}

static void do_body(struct compiler *c, struct str rest, size_t at)
{
    if (rest.len) diag_fatal(compile_place(c, at), "{{ body }} takes nothing");
    if (c->has_body) diag_fatal(compile_place(c, at), "{{ body }} stands once in a layout");
    if (c->layout_end.len)
        diag_fatal(compile_place(c, at), "a template that uses a layout cannot be one");
    if (c->block_count)
        diag_fatal(compile_place(c, at), "{{ body }} cannot stand inside an if or a for");
    if (c->is_html && c->html.where != HTML_TEXT)
        diag_fatal(compile_place(c, at), "{{ body }} can stand between tags only");
    c->has_body = true;
    emit_code(&c->e,
        "}\n\nvoid %.*s_end(struct tmpl *t, const struct %.*s *v)\n{\n    (void)t;\n    (void)v;\n",
        STR_ARG(c->function), STR_ARG(c->view));
}

#include "expr.h"

#include "base/banned.h"

struct parser {
    struct arena *arena;
    const struct scope *scope;
    struct str rest;
    const char *error;
    int depth;
};

void expr_skip_space(struct str *rest)
{
    while (rest->len && is_space(rest->ptr[0]))
        *rest = str_slice(*rest, 1, rest->len);
}

struct str expr_take_name(struct str *rest)
{
    size_t len = 0;
    if (rest->len && is_name_start(rest->ptr[0])) {
        while (len < rest->len && is_name_char(rest->ptr[len]))
            len++;
    }
    struct str name = str_slice(*rest, 0, len);
    *rest = str_slice(*rest, len, rest->len);
    return name;
}

bool scope_has(const struct scope *scope, struct str name)
{
    if (str_eq(name, STR("v"))) return true;
    for (size_t i = 0; i < scope->count; i++)
        if (str_eq(scope->names[i], name)) return true;
    return false;
}

const char *scope_check_name(const struct scope *scope, struct str name)
{
    static const char *const taken[] = {"auto", "break", "case", "char", "const", "continue",
        "default", "do", "double", "else", "enum", "extern", "float", "for", "goto", "if", "inline",
        "int", "long", "register", "restrict", "return", "short", "signed", "sizeof", "static",
        "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "bool",
        "true", "false", "t", "n", "lang", "raw", "end", "elif", "include", "layout", "body",
        "linux", "unix"};
    for (size_t i = 0; i < COUNT_OF(taken); i++)
        if (str_eq(name, str_from_cstr(taken[i]))) return "this name is taken; choose another";
    if (scope_has(scope, name)) return "an outer loop or the view has this name; choose another";
    if (scope->count >= SCOPE_LOOPS_MAX) return "loops are nested too deep; use a partial";
    return NULL;
}

/* item_index, item_number, item_first, item_last of a loop over `item`. */
static bool loop_helper(
    struct arena *arena, const struct scope *scope, struct str name, struct str *ret_c)
{
    for (size_t i = 0; i < scope->count; i++) {
        struct str loop = scope->names[i];
        if (!str_starts(name, loop) || name.len == loop.len) continue;
        struct str what = str_slice(name, loop.len, name.len);
        if (str_eq(what, STR("_index")))
            *ret_c = arena_printf(arena, "%.*s_index_", STR_ARG(loop));
        else if (str_eq(what, STR("_number")))
            *ret_c = arena_printf(arena, "(%.*s_index_ + 1)", STR_ARG(loop));
        else if (str_eq(what, STR("_first")))
            *ret_c = arena_printf(arena, "(%.*s_index_ == 0)", STR_ARG(loop));
        else if (str_eq(what, STR("_last")))
            *ret_c = arena_printf(
                arena, "(%.*s_index_ + 1 == (%.*s).len)", STR_ARG(loop), STR_ARG(scope->lists[i]));
        else
            continue;
        return true;
    }
    return false;
}

/* The rest of a path whose root has been read: ".a.b->c". */
static const char *path_tail(
    struct arena *arena, struct str root, struct str *rest, struct str *ret_c)
{
    struct sb sb;
    sb_init(&sb, arena, 4096);
    sb_add(&sb, root);
    bool first = true;
    for (;;) {
        bool arrow = str_starts(*rest, STR("->"));
        if (!arrow && !str_starts(*rest, STR("."))) break;
        *rest = str_slice(*rest, arrow ? 2 : 1, rest->len);
        struct str name = expr_take_name(rest);
        if (!name.len) return "a field name is missing after the dot";
        sb_add_cstr(&sb, arrow || first ? "->" : ".");
        sb_add(&sb, name);
        first = false;
    }
    *ret_c = first ? arena_printf(arena, "(*%.*s)", STR_ARG(root)) : sb_str(&sb);
    return NULL;
}

const char *expr_path(
    struct arena *arena, const struct scope *scope, struct str *rest, struct str *ret_c)
{
    struct str after = *rest;
    struct str root = expr_take_name(&after);
    if (!root.len) return "a path such as v.name is expected here";
    if (scope_has(scope, root)) {
        const char *error = path_tail(arena, root, &after, ret_c);
        if (!error) *rest = after;
        return error;
    }
    if (str_eq(root, STR("lang"))) {
        *ret_c = STR("tmpl_lang_code(t->lang)");
    } else if (!loop_helper(arena, scope, root, ret_c)) {
        return arena_printf(arena,
            "“%.*s” is not known here; a path begins with v or a loop's variable", STR_ARG(root))
            .ptr;
    }
    *rest = after;
    return NULL;
}

const char *expr_address(
    struct arena *arena, const struct scope *scope, struct str text, struct str *ret_c)
{
    struct str rest = str_trim(text);
    bool pointer = str_starts(rest, STR("*"));
    if (pointer) rest = str_slice(rest, 1, rest.len);
    struct str root = rest;
    root = expr_take_name(&root);
    struct str value;
    const char *error = expr_path(arena, scope, &rest, &value);
    if (error) return error;
    if (rest.len) return "one path is expected here, and nothing after it";
    if (!scope_has(scope, root))
        return "a path that begins with v or a loop's variable is expected";
    if (str_starts(value, STR("(*")))
        *ret_c = root;
    else if (pointer)
        *ret_c = value;
    else
        *ret_c = arena_printf(arena, "&(%.*s)", STR_ARG(value));
    return NULL;
}

static struct str parse_or(struct parser *p, bool *ret_compound);

static bool take(struct parser *p, const char *symbol)
{
    expr_skip_space(&p->rest);
    struct str s = str_from_cstr(symbol);
    if (!str_starts(p->rest, s)) return false;
    p->rest = str_slice(p->rest, s.len, p->rest.len);
    return true;
}

static bool is_constant(struct str name)
{
    bool upper = false;
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] >= 'a' && name.ptr[i] <= 'z') return false;
        if (name.ptr[i] >= 'A' && name.ptr[i] <= 'Z') upper = true;
    }
    return upper;
}

/* A path, an integer or an enum's name. *ret_path: it is a path, and needs a truth test. */
static struct str parse_operand(struct parser *p, bool *ret_path)
{
    *ret_path = false;
    expr_skip_space(&p->rest);
    size_t digits = str_starts(p->rest, STR("-")) ? 1 : 0;
    size_t len = digits;
    while (len < p->rest.len && p->rest.ptr[len] >= '0' && p->rest.ptr[len] <= '9')
        len++;
    if (len > digits) {
        struct str number = str_slice(p->rest, 0, len);
        p->rest = str_slice(p->rest, len, p->rest.len);
        return number;
    }
    struct str after = p->rest;
    struct str name = expr_take_name(&after);
    if (is_constant(name) && !scope_has(p->scope, name)) {
        p->rest = after;
        return name;
    }
    if (str_eq(name, STR("lang"))) {
        p->rest = after;
        return STR("t->lang");
    }
    struct str c = {0};
    const char *error = expr_path(p->arena, p->scope, &p->rest, &c);
    if (error && !p->error) p->error = error;
    *ret_path = true;
    return c;
}

static struct str parse_comparison(struct parser *p, bool *ret_compound)
{
    static const char *const operators[] = {"==", "!=", "<=", ">=", "<", ">"};
    bool left_path;
    struct str left = parse_operand(p, &left_path);
    for (size_t i = 0; i < COUNT_OF(operators); i++) {
        if (!take(p, operators[i])) continue;
        bool right_path;
        struct str right = parse_operand(p, &right_path);
        *ret_compound = true;
        return arena_printf(p->arena, "%.*s %s %.*s", STR_ARG(left), operators[i], STR_ARG(right));
    }
    *ret_compound = false;
    return left_path ? arena_printf(p->arena, "TMPL_TRUE(%.*s)", STR_ARG(left)) : left;
}

static struct str parse_unary(struct parser *p, bool *ret_compound)
{
    if (++p->depth > 64) {
        p->error = "the condition is nested too deep";
        p->rest = (struct str){0};
        return (struct str){0};
    }
    struct str c;
    expr_skip_space(&p->rest);
    if (!str_starts(p->rest, STR("!=")) && take(p, "!")) {
        struct str inner = parse_unary(p, ret_compound);
        c = arena_printf(p->arena, *ret_compound ? "!(%.*s)" : "!%.*s", STR_ARG(inner));
        *ret_compound = false;
    } else if (take(p, "(")) {
        c = parse_or(p, ret_compound);
        if (!take(p, ")") && !p->error) p->error = "a closing ) is missing";
    } else {
        c = parse_comparison(p, ret_compound);
    }
    p->depth--;
    return c;
}

static struct str parse_chain(struct parser *p, bool *ret_compound, const char *symbol,
    struct str (*part)(struct parser *, bool *))
{
    bool compound = false;
    struct str left = part(p, &compound);
    while (!p->error && take(p, symbol)) {
        bool right_compound = false;
        struct str right = part(p, &right_compound);
        left = arena_printf(p->arena, compound ? "(%.*s) %s " : "%.*s %s ", STR_ARG(left), symbol);
        left = arena_printf(
            p->arena, right_compound ? "%.*s(%.*s)" : "%.*s%.*s", STR_ARG(left), STR_ARG(right));
        compound = true;
    }
    *ret_compound = compound;
    return left;
}

static struct str parse_and(struct parser *p, bool *ret_compound)
{
    return parse_chain(p, ret_compound, "&&", parse_unary);
}

static struct str parse_or(struct parser *p, bool *ret_compound)
{
    return parse_chain(p, ret_compound, "||", parse_and);
}

const char *expr_condition(
    struct arena *arena, const struct scope *scope, struct str text, struct str *ret_c)
{
    struct parser p = {.arena = arena, .scope = scope, .rest = text};
    bool compound;
    struct str c = parse_or(&p, &compound);
    if (p.error) return p.error;
    expr_skip_space(&p.rest);
    if (p.rest.len)
        return arena_printf(arena, "“%.*s” is not understood in a condition", STR_ARG(p.rest)).ptr;
    *ret_c = c;
    return NULL;
}

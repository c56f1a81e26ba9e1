/* {{_ words | name=path }}, {{_n path | one | many }}, {{_c "context" words }}, {{_cn …}}. */
#include "compile.h"

#include "base/banned.h"

#define BINDINGS_MAX 16

struct parts {
    bool plural;
    struct str count;
    struct message message;
    struct str assignments;
};

/* Cut at the next bar; false where there is none (the rest is the last part). */
static bool cut_bar(struct str *rest, struct str *ret_part)
{
    size_t bar = str_find(*rest, '|');
    bool found = bar < rest->len;
    *ret_part = str_slice(*rest, 0, bar);
    *rest = str_slice(*rest, found ? bar + 1 : bar, rest->len);
    return found;
}

static void read_words(struct compiler *c, struct parts *p, struct str rest, size_t at)
{
    struct arena *arena = &c->tc->arena;
    struct str part;
    bool more = cut_bar(&rest, &part);
    p->message.id = message_normalize(arena, part);
    if (p->plural) {
        if (!more)
            diag_fatal(
                compile_place(c, at), "a plural reads {{_n v.count | {n} thing | {n} things }}");
        cut_bar(&rest, &part);
        p->message.plural = message_normalize(arena, part);
        if (!p->message.plural.len)
            diag_fatal(compile_place(c, at), "the words for many are missing");
    }
    if (!p->message.id.len) diag_fatal(compile_place(c, at), "the message has no words");
    p->assignments = str_trim(rest);
    if (str_find(p->assignments, '|') < p->assignments.len)
        diag_fatal(compile_place(c, at), "a bar too many in this message");
}

static struct parts read_parts(struct compiler *c, struct str text, size_t at)
{
    struct parts p = {0};
    while (text.len && !is_space(text.ptr[0])) {
        if (text.ptr[0] == 'n')
            p.plural = true;
        else if (text.ptr[0] == 'c')
            p.message.has_context = true;
        else
            diag_fatal(compile_place(c, at), "put a space behind {{_ (or {{_n, {{_c)");
        text = str_slice(text, 1, text.len);
    }
    expr_skip_space(&text);
    if (p.message.has_context) p.message.context = compile_take_string(c, &text, at);
    if (p.plural) {
        struct str count;
        cut_bar(&text, &count);
        count = str_trim(count);
        const char *error = expr_path(&c->tc->arena, &c->scope, &count, &p.count);
        if (!error && count.len) error = "one path stands before the first bar of a plural";
        if (error) diag_fatal(compile_place(c, at), "%s", error);
    }
    read_words(c, &p, text, at);
    return p;
}

static struct binding read_binding(struct compiler *c, struct str *rest, size_t at)
{
    struct binding b = {.name = expr_take_name(rest)};
    if (!b.name.len || !str_starts(*rest, STR("=")))
        diag_fatal(compile_place(c, at), "name=path is expected behind the bar of a message");
    *rest = str_slice(*rest, 1, rest->len);
    if (rest->len && rest->ptr[0] == '"') {
        b.literal = true;
        b.c = compile_take_string(c, rest, at);
        bool whole = str_starts(b.c, STR("/")) || str_starts(b.c, STR("#")) ||
                     str_starts(b.c, STR("?")) || str_starts(b.c, STR("https://"));
        if (!whole || str_starts(b.c, STR("//")))
            diag_fatal(
                compile_place(c, at), "a literal here is a link that begins with / # ? https://");
        return b;
    }
    const char *error = expr_path(&c->tc->arena, &c->scope, rest, &b.c);
    if (error) diag_fatal(compile_place(c, at), "%.*s=: %s", STR_ARG(b.name), error);
    return b;
}

static struct bindings read_bindings(struct compiler *c, struct str rest, size_t at)
{
    struct bindings bindings = {ARENA_ARRAY(&c->tc->arena, BINDINGS_MAX, struct binding), 0};
    expr_skip_space(&rest);
    while (rest.len) {
        if (bindings.len == BINDINGS_MAX)
            diag_fatal(compile_place(c, at), "too many values in one message");
        struct binding b = read_binding(c, &rest, at);
        for (size_t i = 0; i < bindings.len; i++)
            if (str_eq(bindings.ptr[i].name, b.name))
                diag_fatal(compile_place(c, at), "%.*s= stands twice", STR_ARG(b.name));
        bindings.ptr[bindings.len++] = b;
        expr_skip_space(&rest);
    }
    return bindings;
}

/* Every placeholder and link of the English text has its value. */
static void check_bound(struct compiler *c, const struct parts *p, const struct pieces *pieces,
    struct bindings *b, size_t at)
{
    for (size_t i = 0; i < pieces->len; i++) {
        const struct piece *piece = &pieces->ptr[i];
        bool link = piece->kind == PIECE_OPEN && piece->text.ptr[0] == 'a';
        if (piece->kind != PIECE_VALUE && !link) continue;
        if (p->plural && str_eq(piece->text, STR("n"))) continue;
        bool found = false;
        for (size_t j = 0; j < b->len; j++) {
            if (!str_eq(b->ptr[j].name, piece->text)) continue;
            found = b->ptr[j].used = true;
            if (b->ptr[j].literal && !link)
                diag_error(c->tc, compile_place(c, at),
                    "%.*s= is a literal; write it into the words", STR_ARG(piece->text));
        }
        if (!found)
            diag_error(c->tc, compile_place(c, at), "%s%.*s%s has no value; add | %.*s=v.…",
                link ? "<" : "{", STR_ARG(piece->text), link ? ">" : "}", STR_ARG(piece->text));
    }
}

void message_directive(struct compiler *c, struct str text, size_t at)
{
    struct place place = compile_place(c, at);
    struct parts p = read_parts(c, text, at);
    struct bindings bindings = read_bindings(c, p.assignments, at);
    enum html_context context = compile_context(c, at);
    if (context == CONTEXT_URL || context == CONTEXT_URL_PART || context == CONTEXT_JSON)
        diag_fatal(place, "translated words cannot stand in a URL or a script");
    struct resolved resolved;
    if (!catalog_resolve(c->tc, &p.message, place, context == CONTEXT_TEXT, &resolved)) return;
    check_bound(c, &p, &resolved.forms[TONGUE_EN][0], &bindings, at);
    if (p.plural) check_bound(c, &p, &resolved.forms[TONGUE_EN][1], &bindings, at);
    for (size_t i = 0; i < bindings.len; i++)
        if (!bindings.ptr[i].used)
            diag_error(
                c->tc, place, "%.*s= is not used in the words", STR_ARG(bindings.ptr[i].name));
    if (c->tc->errors) return;
    emit_message(&c->e, &resolved, context, &bindings, p.count, place.line);
}

#include "message.h"

#include "base/banned.h"

#define PIECES_MAX 64
#define TAGS_MAX 8

struct reader {
    struct arena *arena;
    struct str text;
    size_t at;
    size_t begun; /* start of the words not yet stored */
    struct pieces pieces;
    struct str open[TAGS_MAX];
    size_t depth;
};

struct str message_normalize(struct arena *arena, struct str text)
{
    text = str_trim(text);
    struct sb sb;
    sb_init(&sb, arena, TMPLC_OUTPUT_MAX);
    for (size_t i = 0; i < text.len; i++) {
        if (!is_space(text.ptr[i]))
            sb_add_char(&sb, text.ptr[i]);
        else if (!is_space(text.ptr[i - 1]))
            sb_add_char(&sb, ' ');
    }
    return sb_str(&sb);
}

static const char *add_piece(struct reader *r, enum piece_kind kind, struct str text, bool is_int)
{
    if (r->pieces.len == PIECES_MAX) return "the message has too many parts; cut it in two";
    r->pieces.ptr[r->pieces.len++] = (struct piece){kind, text, is_int};
    return NULL;
}

static const char *store_words(struct reader *r, size_t end)
{
    if (end == r->begun) return NULL;
    return add_piece(r, PIECE_TEXT, str_slice(r->text, r->begun, end), false);
}

static const char *read_value(struct reader *r)
{
    struct str rest = str_slice(r->text, r->at + 1, r->text.len);
    size_t end = str_find(rest, '}');
    if (end == rest.len) return "a { has no closing }; braces are for placeholders only";
    struct str name = str_slice(rest, 0, end);
    bool is_int = str_ends(name, STR(":int"));
    if (is_int) name = str_slice(name, 0, name.len - 4);
    bool good = name.len && is_name_start(name.ptr[0]);
    for (size_t i = 0; good && i < name.len; i++)
        good = is_name_char(name.ptr[i]);
    if (!good) {
        struct str what = arena_printf(r->arena,
            "“{%.*s}” is no placeholder; a name of letters, digits and _ stands in the braces",
            STR_ARG(name));
        return what.ptr;
    }
    r->at += end + 2;
    return add_piece(r, PIECE_VALUE, name, is_int || str_eq(name, STR("n")));
}

static bool is_message_tag(struct str name)
{
    static const char *const names[] = {"b", "strong", "em", "i", "br", "a"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(name, str_from_cstr(names[i]))) return true;
    return name.len == 2 && name.ptr[0] == 'a' && name.ptr[1] >= '1' && name.ptr[1] <= '9';
}

static const char *read_tag(struct reader *r, bool markup)
{
    if (!markup) return "tags are not possible in this place; use words only";
    bool closing = r->text.ptr[r->at + 1] == '/';
    struct str rest = str_slice(r->text, r->at + 1 + (closing ? 1 : 0), r->text.len);
    size_t end = str_find(rest, '>');
    struct str name = str_slice(rest, 0, end);
    if (end == rest.len || !is_message_tag(name)) {
        struct str what = arena_printf(r->arena,
            "“<%.*s>” is not possible in a message; it may hold <b> <strong> <em> <i> <br> and "
            "links <a1>…</a1>",
            STR_ARG(name));
        return what.ptr;
    }
    r->at += end + (closing ? 3 : 2);
    if (str_eq(name, STR("br"))) {
        if (closing) return "<br> has no closing tag";
        return add_piece(r, PIECE_BREAK, name, false);
    }
    if (!closing) {
        if (r->depth == TAGS_MAX) return "tags are nested too deep in this message";
        r->open[r->depth++] = name;
        return add_piece(r, PIECE_OPEN, name, false);
    }
    if (r->depth == 0 || !str_eq(r->open[r->depth - 1], name))
        return arena_printf(r->arena, "</%.*s> closes no open tag", STR_ARG(name)).ptr;
    r->depth--;
    return add_piece(r, PIECE_CLOSE, name, false);
}

static bool is_entity(struct str rest)
{
    size_t i = 1;
    while (i < rest.len && i < 12 && (is_name_char(rest.ptr[i]) || rest.ptr[i] == '#'))
        i++;
    return i > 1 && i < rest.len && rest.ptr[i] == ';';
}

const char *message_parse(
    struct arena *arena, struct str text, bool markup, struct pieces *ret_pieces)
{
    struct reader r = {.arena = arena, .text = text};
    r.pieces.ptr = ARENA_ARRAY(arena, PIECES_MAX, struct piece);
    const char *error = NULL;
    while (!error && r.at < text.len) {
        char c = text.ptr[r.at];
        char next = r.at + 1 < text.len ? text.ptr[r.at + 1] : '\0';
        bool tag = c == '<' && (next == '/' || is_name_start(next));
        if (c == '}') return "a } has no opening {; braces are for placeholders only";
        if (c == '&' && is_entity(str_slice(text, r.at, text.len)))
            return "write the character itself instead of an & code; escaping is done for you";
        if (c != '{' && !tag) {
            r.at++;
            continue;
        }
        error = store_words(&r, r.at);
        if (!error) error = tag ? read_tag(&r, markup) : read_value(&r);
        r.begun = r.at;
    }
    if (!error) error = store_words(&r, text.len);
    if (!error && r.depth)
        error = arena_printf(arena, "<%.*s> is not closed", STR_ARG(r.open[r.depth - 1])).ptr;
    if (!error) *ret_pieces = r.pieces;
    return error;
}

bool message_has(const struct pieces *pieces, enum piece_kind kind, struct str name)
{
    for (size_t i = 0; i < pieces->len; i++)
        if (pieces->ptr[i].kind == kind && str_eq(pieces->ptr[i].text, name)) return true;
    return false;
}

const char *message_compare(struct arena *arena, const struct pieces *source,
    const struct pieces *translation, struct str optional)
{
    for (size_t i = 0; i < source->len; i++) {
        struct piece p = source->ptr[i];
        bool link = p.kind == PIECE_OPEN && p.text.ptr[0] == 'a';
        if (p.kind != PIECE_VALUE && !link) continue;
        if (message_has(translation, p.kind, p.text)) continue;
        if (p.kind == PIECE_VALUE && str_eq(p.text, optional)) continue;
        return arena_printf(
            arena, link ? "<%.*s> is missing" : "{%.*s} is missing", STR_ARG(p.text))
            .ptr;
    }
    for (size_t i = 0; i < translation->len; i++) {
        struct piece p = translation->ptr[i];
        if (p.kind == PIECE_TEXT || message_has(source, p.kind, p.text)) continue;
        if (p.kind == PIECE_VALUE && str_eq(p.text, optional)) continue;
        return arena_printf(arena,
            p.kind == PIECE_VALUE ? "{%.*s} is not in the English text"
                                  : "<%.*s> is not in the English text",
            STR_ARG(p.text))
            .ptr;
    }
    return NULL;
}

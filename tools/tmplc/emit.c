#include "emit.h"

#include "base/check.h"

#include "base/banned.h"

#define CHUNK_MAX 1500

void emit_init(struct emitter *e, struct tmplc *tc, const char *path)
{
    *e = (struct emitter){.tc = tc};
    sb_init(&e->code, &tc->arena, TMPLC_OUTPUT_MAX);
    sb_init(&e->literal, &tc->arena, TMPLC_OUTPUT_MAX);
    struct sb sb;
    sb_init(&sb, &tc->arena, TMPLC_OUTPUT_MAX);
    c_escape(&sb, str_from_cstr(path));
    e->path = sb_str(&sb);
}

void emit_literal(struct emitter *e, struct str text)
{
    sb_add(&e->literal, text);
}

void emit_words(struct emitter *e, enum html_context context, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        const char *escape = NULL;
        if (c == '&') escape = "&amp;";
        if (c == '<') escape = "&lt;";
        if (c == '>') escape = "&gt;";
        if (c == '"' && context == CONTEXT_ATTR) escape = "&quot;";
        if (c == '\'' && context == CONTEXT_ATTR) escape = "&#39;";
        if (escape && context != CONTEXT_PLAIN)
            sb_add_cstr(&e->literal, escape);
        else
            sb_add_char(&e->literal, c);
    }
}

static void write_chunk(struct emitter *e, struct str chunk)
{
    SB_LIT(&e->code, "    sb_add_bytes(t->out,");
    struct str rest = chunk;
    while (rest.len) {
        size_t end = str_find(rest, '\n');
        end = end < rest.len ? end + 1 : end;
        SB_LIT(&e->code, "\n        \"");
        c_escape(&e->code, str_slice(rest, 0, end));
        SB_LIT(&e->code, "\"");
        rest = str_slice(rest, end, rest.len);
    }
    sb_addf(&e->code, ", %zu);\n", chunk.len);
}

void emit_flush(struct emitter *e)
{
    /* Compilers promise to take string literals of 4095 bytes. */
    struct str rest = sb_str(&e->literal);
    while (rest.len) {
        size_t len = rest.len < CHUNK_MAX ? rest.len : CHUNK_MAX;
        while (len < rest.len && ((unsigned char)rest.ptr[len] & 0xC0) == 0x80)
            len++;
        write_chunk(e, str_slice(rest, 0, len));
        rest = str_slice(rest, len, rest.len);
    }
    e->literal.len = 0;
}

void emit_line(struct emitter *e, int line)
{
    emit_flush(e);
    sb_addf(&e->code, "#line %d \"%.*s\"\n", line, STR_ARG(e->path));
}

void emit_code(struct emitter *e, const char *format, ...)
{
    emit_flush(e);
    va_list args;
    va_start(args, format);
    sb_add(&e->code, arena_vprintf(&e->tc->arena, format, args));
    va_end(args);
}

static const char *context_macro(enum html_context context)
{
    switch (context) {
    case CONTEXT_TEXT: return "TMPL_TEXT";
    case CONTEXT_RCDATA:
    case CONTEXT_ATTR: return "TMPL_ATTR";
    case CONTEXT_URL: return "TMPL_URL";
    case CONTEXT_URL_PART: return "TMPL_URL_PART";
    case CONTEXT_JSON: return "TMPL_JSON";
    case CONTEXT_PLAIN: return "TMPL_PLAIN";
    case CONTEXT_REFUSED: break;
    }
    UNREACHABLE();
}

void emit_value(struct emitter *e, enum html_context context, struct str c, int line)
{
    emit_line(e, line);
    sb_addf(&e->code, "    %s(t, %.*s);\n", context_macro(context), STR_ARG(c));
}

static const struct binding *find_binding(const struct bindings *bindings, struct str name)
{
    for (size_t i = 0; i < bindings->len; i++)
        if (str_eq(bindings->ptr[i].name, name)) return &bindings->ptr[i];
    return NULL;
}

static void emit_piece(struct emitter *e, const struct piece *piece, enum html_context context,
    const struct bindings *bindings, int line)
{
    const struct binding *b = find_binding(bindings, piece->text);
    bool link = piece->text.ptr[0] == 'a';
    switch (piece->kind) {
    case PIECE_TEXT: emit_words(e, context, piece->text); break;
    case PIECE_VALUE:
        if (str_eq(piece->text, STR("n")) && !b)
            emit_value(e, context, STR("n_"), line);
        else if (b)
            emit_value(e, context, b->c, line);
        break;
    case PIECE_BREAK: emit_literal(e, STR("<br>")); break;
    case PIECE_OPEN:
        if (!link) {
            emit_literal(e, arena_printf(&e->tc->arena, "<%.*s>", STR_ARG(piece->text)));
            break;
        }
        emit_literal(e, STR("<a href=\""));
        if (b && b->literal)
            emit_words(e, CONTEXT_ATTR, b->c);
        else if (b)
            emit_value(e, CONTEXT_URL, b->c, line);
        emit_literal(e, STR("\">"));
        break;
    case PIECE_CLOSE:
        if (link)
            emit_literal(e, STR("</a>"));
        else
            emit_literal(e, arena_printf(&e->tc->arena, "</%.*s>", STR_ARG(piece->text)));
        break;
    }
}

static void emit_pieces(struct emitter *e, const struct pieces *pieces, enum html_context context,
    const struct bindings *bindings, int line)
{
    for (size_t i = 0; i < pieces->len; i++)
        emit_piece(e, &pieces->ptr[i], context, bindings, line);
}

static void emit_forms(struct emitter *e, const struct resolved *message, enum tongue tongue,
    enum html_context context, const struct bindings *bindings, int line)
{
    if (!message->plural) {
        emit_pieces(e, &message->forms[tongue][0], context, bindings, line);
        return;
    }
    emit_code(e, "    if (n_ != 1) {\n");
    emit_pieces(e, &message->forms[tongue][1], context, bindings, line);
    emit_code(e, "    } else {\n");
    emit_pieces(e, &message->forms[tongue][0], context, bindings, line);
    emit_code(e, "    }\n");
}

void emit_message(struct emitter *e, const struct resolved *message, enum html_context context,
    const struct bindings *bindings, struct str count, int line)
{
    if (message->plural) {
        emit_line(e, line);
        emit_code(e, "    { const int64_t n_ = TMPL_COUNT(%.*s);\n", STR_ARG(count));
    }
    if (message->translated) {
        emit_code(e, "    switch (t->lang) {\n");
        for (enum tongue i = TONGUE_EN + 1; i < TONGUE_COUNT; i++) {
            emit_code(e, "    case %s:\n", tongue_enum_name(i));
            emit_forms(e, message, i, context, bindings, line);
            emit_code(e, "    break;\n");
        }
        emit_code(e, "    case LANG_EN:\n    case LANG_COUNT:\n    default:\n");
        emit_forms(e, message, TONGUE_EN, context, bindings, line);
        emit_code(e, "    break;\n    }\n");
    } else {
        emit_forms(e, message, TONGUE_EN, context, bindings, line);
    }
    if (message->plural) emit_code(e, "    }\n");
}

#include "words.h"

#include "emit.h"
#include "expr.h"

#include "base/banned.h"

#define SENTENCES_MAX 4000
#define PARAMETERS_MAX 12

struct sentence {
    struct str name; /* as written, "slot-taken" */
    struct str function;
    struct place at;
    struct resolved resolved;
    struct piece parameters[PARAMETERS_MAX];
    size_t parameter_count;
};

struct words {
    struct tmplc *tc;
    struct sentence *sentences;
    size_t count;
};

struct words *words_new(struct tmplc *tc)
{
    struct words *words = ARENA_NEW(&tc->arena, struct words);
    words->tc = tc;
    words->sentences = ARENA_ARRAY(&tc->arena, SENTENCES_MAX, struct sentence);
    return words;
}

/* The catalogs know {n:int} as {n}. */
static struct str without_types(struct arena *arena, struct str text)
{
    struct sb sb;
    sb_init(&sb, arena, TMPLC_OUTPUT_MAX);
    for (size_t i = 0; i < text.len; i++) {
        if (str_starts(str_slice(text, i, text.len), STR(":int}"))) i += 4;
        sb_add_char(&sb, text.ptr[i]);
    }
    return message_normalize(arena, sb_str(&sb));
}

static void add_parameters(struct words *words, struct sentence *s, struct str text)
{
    struct pieces pieces = {0};
    struct scope scope = {0};
    const char *error = message_parse(
        &words->tc->arena, message_normalize(&words->tc->arena, text), false, &pieces);
    if (error) diag_fatal(s->at, "%s", error);
    for (size_t i = 0; i < pieces.len; i++) {
        struct piece piece = pieces.ptr[i];
        if (piece.kind != PIECE_VALUE) continue;
        bool known = false;
        for (size_t j = 0; j < s->parameter_count; j++)
            known |= str_eq(s->parameters[j].text, piece.text);
        if (known) continue;
        if (s->parameter_count == PARAMETERS_MAX) diag_fatal(s->at, "too many placeholders");
        error = str_eq(piece.text, STR("n")) ? NULL : scope_check_name(&scope, piece.text);
        if (error) diag_fatal(s->at, "{%.*s}: %s", STR_ARG(piece.text), error);
        s->parameters[s->parameter_count++] = piece;
    }
}

static void read_name(struct words *words, struct sentence *s, struct str text)
{
    s->name = str_trim(text);
    struct str name = c_name(words->tc, s->name, s->at);
    s->function = arena_printf(&words->tc->arena, "msg_%.*s", STR_ARG(name));
    for (size_t i = 0; i < words->count; i++)
        if (str_eq(words->sentences[i].function, s->function))
            diag_fatal(s->at, "“%.*s” stands at %s:%d already; choose another name",
                STR_ARG(s->name), words->sentences[i].at.path, words->sentences[i].at.line);
}

/* name: one {n} thing | many {n} things */
static void read_sentence(struct words *words, struct str line, struct place at)
{
    struct arena *arena = &words->tc->arena;
    if (words->count == SENTENCES_MAX) diag_fatal(at, "there are too many sentences");
    struct sentence *s = &words->sentences[words->count];
    *s = (struct sentence){.at = at};
    size_t colon = str_find(line, ':');
    if (colon == line.len) diag_fatal(at, "a sentence reads “name: English text”");
    read_name(words, s, str_slice(line, 0, colon));
    struct str text = str_trim(str_slice(line, colon + 1, line.len));
    size_t bar = str_find(text, '|');
    struct message message = {.id = without_types(arena, str_slice(text, 0, bar))};
    if (!message.id.len) diag_fatal(at, "the sentence has no words");
    add_parameters(words, s, str_slice(text, 0, bar));
    if (bar < text.len) {
        struct str many = str_slice(text, bar + 1, text.len);
        message.plural = without_types(arena, many);
        if (!message.plural.len || str_find(many, '|') < many.len)
            diag_fatal(at, "a plural reads “name: {n} thing | {n} things”");
        add_parameters(words, s, many);
        bool has_n = false;
        for (size_t i = 0; i < s->parameter_count; i++)
            has_n |= str_eq(s->parameters[i].text, STR("n"));
        if (!has_n) diag_fatal(at, "a plural needs its number: write {n} into the words for many");
    }
    if (catalog_resolve(words->tc, &message, at, false, &s->resolved)) words->count++;
}

void words_read(struct words *words, const char *path)
{
    struct source source = file_read(words->tc, path);
    struct place at = {path, 0, 0};
    struct str rest = source.text;
    struct str line;
    while (str_cut(&rest, '\n', &line)) {
        at.line++;
        line = str_trim(line);
        if (line.len && line.ptr[0] != '#') read_sentence(words, line, at);
    }
}

static void print_prototype(struct sb *out, const struct sentence *s)
{
    sb_addf(out, "void %.*s(struct tmpl *t", STR_ARG(s->function));
    for (size_t i = 0; i < s->parameter_count; i++)
        sb_addf(out, ", %s%.*s", s->parameters[i].is_int ? "int64_t " : "struct str ",
            STR_ARG(s->parameters[i].text));
    SB_LIT(out, ")");
}

struct str words_header(struct words *words)
{
    struct sb sb;
    sb_init(&sb, &words->tc->arena, TMPLC_OUTPUT_MAX);
    SB_LIT(&sb,
        "/* Generated from the .msg files: each writes its sentence as plain text to t->out. */\n"
        "#ifndef BALM_MSG_GEN_H\n#define BALM_MSG_GEN_H\n\n#include \"base/tmpl.h\"\n\n"
        "/* The sentence `name` (as in the .msg file) where it has no placeholder, or one,\n"
        " * which `arg` fills. False, and nothing written, where there is none. */\n"
        "bool msg_lookup(struct tmpl *t, struct str name, struct str arg);\n\n");
    for (size_t i = 0; i < words->count; i++) {
        print_prototype(&sb, &words->sentences[i]);
        SB_LIT(&sb, ";\n");
    }
    SB_LIT(&sb, "\n#endif\n");
    return sb_str(&sb);
}

static void print_function(struct words *words, struct sb *out, const struct sentence *s)
{
    struct emitter e;
    emit_init(&e, words->tc, s->at.path);
    struct binding list[PARAMETERS_MAX] = {0};
    struct bindings bindings = {list, 0};
    for (size_t i = 0; i < s->parameter_count; i++) {
        struct str name = s->parameters[i].text;
        if (s->resolved.plural && str_eq(name, STR("n"))) continue;
        list[bindings.len++] = (struct binding){.name = name, .c = name};
    }
    emit_message(&e, &s->resolved, CONTEXT_PLAIN, &bindings, STR("n"), s->at.line);
    emit_flush(&e);
    print_prototype(out, s);
    SB_LIT(out, "\n{\n");
    sb_add(out, sb_str(&e.code));
    SB_LIT(out, "}\n\n");
}

static bool can_look_up(const struct sentence *s)
{
    return s->parameter_count == 0 || (s->parameter_count == 1 && !s->parameters[0].is_int);
}

struct str words_code(struct words *words)
{
    struct sb sb;
    sb_init(&sb, &words->tc->arena, TMPLC_OUTPUT_MAX);
    sb_addf(&sb, "/* Generated from the .msg files. */\n#include \"%s%smsg_gen.h\"\n\n",
        words->tc->include_dir, *words->tc->include_dir ? "/" : "");
    for (size_t i = 0; i < words->count; i++)
        print_function(words, &sb, &words->sentences[i]);
    SB_LIT(&sb, "static const struct {\n    struct str name;\n    void (*none)(struct tmpl *t);\n"
                "    void (*one)(struct tmpl *t, struct str arg);\n} sentences[] = {\n"
                "    {{0}, NULL, NULL},\n");
    for (size_t i = 0; i < words->count; i++) {
        const struct sentence *s = &words->sentences[i];
        if (!can_look_up(s)) continue;
        sb_addf(&sb, "    {STR_INIT(\"%.*s\"), %s%.*s%s},\n", STR_ARG(s->name),
            s->parameter_count ? "NULL, " : "", STR_ARG(s->function),
            s->parameter_count ? "" : ", NULL");
    }
    SB_LIT(&sb, "};\n\nbool msg_lookup(struct tmpl *t, struct str name, struct str arg)\n{\n"
                "    for (size_t i = 1; i < sizeof sentences / sizeof sentences[0]; i++) {\n"
                "        if (!str_eq(sentences[i].name, name)) continue;\n"
                "        if (sentences[i].one)\n            sentences[i].one(t, arg);\n"
                "        else\n            sentences[i].none(t);\n"
                "        return true;\n    }\n    return false;\n}\n");
    return sb_str(&sb);
}

#include "catalog.h"

#include "base/banned.h"

static const struct {
    const char *code;
    const char *enum_name;
    const char *name;
} tongues[TONGUE_COUNT] = {
    [TONGUE_EN] = {"en", "LANG_EN", "English"},
    [TONGUE_ES] = {"es", "LANG_ES", "Spanish"},
};

#define USE_PLACES_MAX 24

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

enum tongue tongue_of_path(const char *path)
{
    struct str base = str_from_cstr(path_base(path));
    for (enum tongue i = TONGUE_EN + 1; i < TONGUE_COUNT; i++) {
        struct str code = str_from_cstr(tongues[i].code);
        if (str_starts(base, code) && base.len > code.len &&
            (base.ptr[code.len] == '.' || base.ptr[code.len] == '-'))
            return i;
    }
    diag_fatal((struct place){path, 1, 0}, "the file's name begins with no known language");
}

const char *tongue_enum_name(enum tongue tongue)
{
    return tongues[tongue].enum_name;
}

void catalog_init(struct tmplc *tc)
{
    struct catalog *catalog = ARENA_NEW(&tc->arena, struct catalog);
    catalog->entries = ARENA_ARRAY(&tc->arena, CATALOG_ENTRIES_MAX, struct po_entry);
    catalog->uses = ARENA_ARRAY(&tc->arena, CATALOG_ENTRIES_MAX, struct use);
    tc->catalog = catalog;
}

static bool same_key(const struct message *a, const struct message *b)
{
    return a->has_context == b->has_context && str_eq(a->id, b->id) &&
           str_eq(a->context, b->context);
}

struct po_entry *catalog_find(struct tmplc *tc, enum tongue tongue, const struct message *message)
{
    struct catalog *catalog = tc->catalog;
    for (size_t i = 0; i < catalog->entry_count; i++) {
        struct po_entry *e = &catalog->entries[i];
        if (e->tongue == tongue && same_key(&e->message, message)) return e;
    }
    return NULL;
}

static void note_use(struct tmplc *tc, const struct message *message, struct place at)
{
    struct catalog *catalog = tc->catalog;
    struct use *use = NULL;
    for (size_t i = 0; i < catalog->use_count && !use; i++)
        if (same_key(&catalog->uses[i].message, message)) use = &catalog->uses[i];
    if (!use) {
        if (catalog->use_count == CATALOG_ENTRIES_MAX)
            diag_fatal(at, "there are more messages than tmplc can hold");
        use = &catalog->uses[catalog->use_count++];
        use->message = *message;
        use->places = ARENA_ARRAY(&tc->arena, USE_PLACES_MAX, struct place);
    } else if (!str_eq(use->message.plural, message->plural)) {
        diag_error(tc, at,
            "the same English words have other plural words at %s:%d; give one of them a context",
            use->places[0].path, use->places[0].line);
    }
    if (use->place_count < USE_PLACES_MAX) use->places[use->place_count++] = at;
}

/* NULL where the language has no usable text; reported according to strictness. */
static struct po_entry *usable_entry(
    struct tmplc *tc, enum tongue tongue, const struct message *message, struct place at)
{
    struct po_entry *e = catalog_find(tc, tongue, message);
    if (e) e->used = true;
    const char *why = NULL;
    if (!e)
        why = "is missing";
    else if (e->fuzzy)
        why = "is marked fuzzy: look it over and take the mark away";
    else if (!e->forms[0].len || (message->plural.len && !e->forms[1].len))
        why = "is empty";
    else if (!str_eq(e->message.plural, message->plural))
        why = "has another msgid_plural";
    if (!why) return e;
    if (tc->strict) {
        struct place where = e ? e->at : at;
        diag_error(tc, where, "the %s text of “%.*s” %s (tmplc --missing prints what to fill in)",
            tongues[tongue].name, STR_ARG(message->id), why);
    }
    return NULL;
}

static bool parse_translation(struct tmplc *tc, struct po_entry *e, bool markup, bool plural,
    const struct pieces source[2], struct pieces ret_forms[2])
{
    for (size_t i = 0; i < (plural ? 2 : 1); i++) {
        const char *error = message_parse(
            &tc->arena, message_normalize(&tc->arena, e->forms[i]), markup, &ret_forms[i]);
        struct str optional = plural && i == 0 ? STR("n") : (struct str){0};
        if (!error) error = message_compare(&tc->arena, &source[i], &ret_forms[i], optional);
        if (!error) continue;
        diag_error(
            tc, e->forms_at, "in the translation of “%.*s”: %s", STR_ARG(e->message.id), error);
        return false;
    }
    return true;
}

bool catalog_resolve(struct tmplc *tc, const struct message *message, struct place at, bool markup,
    struct resolved *ret_resolved)
{
    struct resolved r = {.plural = message->plural.len > 0};
    const char *error = message_parse(&tc->arena, message->id, markup, &r.forms[TONGUE_EN][0]);
    if (!error && r.plural)
        error = message_parse(&tc->arena, message->plural, markup, &r.forms[TONGUE_EN][1]);
    if (error) {
        diag_error(tc, at, "%s", error);
        return false;
    }
    note_use(tc, message, at);
    bool good = true;
    for (enum tongue i = TONGUE_EN + 1; i < TONGUE_COUNT; i++) {
        memcpy(r.forms[i], r.forms[TONGUE_EN], sizeof r.forms[i]);
        struct po_entry *e = usable_entry(tc, i, message, at);
        if (!e) continue;
        r.translated = true;
        good &= parse_translation(tc, e, markup, r.plural, r.forms[TONGUE_EN], r.forms[i]);
    }
    *ret_resolved = r;
    return good;
}

void catalog_report_unused(struct tmplc *tc)
{
    struct catalog *catalog = tc->catalog;
    for (size_t i = 0; i < catalog->entry_count; i++) {
        const struct po_entry *e = &catalog->entries[i];
        /* A double in another file with the same words counts as used with its twin. */
        const struct po_entry *twin = catalog_find(tc, e->tongue, &e->message);
        if (e->used || (twin && twin->used)) continue;
        if (tc->strict)
            diag_error(tc, e->at, "“%.*s” is used nowhere any more; take the entry out",
                STR_ARG(e->message.id));
        else
            diag_warning(e->at, "“%.*s” is used nowhere any more", STR_ARG(e->message.id));
    }
}

static void print_field(struct sb *out, const char *keyword, struct str text)
{
    sb_add_cstr(out, keyword);
    SB_LIT(out, " \"");
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '"' || c == '\\') sb_add_char(out, '\\');
        if (c == '\n')
            SB_LIT(out, "\\n");
        else
            sb_add_char(out, c);
    }
    SB_LIT(out, "\"\n");
}

static void print_use(struct sb *out, const struct use *use)
{
    SB_LIT(out, "\n");
    for (size_t i = 0; i < use->place_count; i++) {
        /* Paths are given from the build folder; a translator knows them from the source's top. */
        struct str path = str_from_cstr(use->places[i].path);
        while (str_starts(path, STR("../")))
            path = str_slice(path, 3, path.len);
        sb_addf(out, "#: %.*s:%d\n", STR_ARG(path), use->places[i].line);
    }
    if (use->message.has_context) print_field(out, "msgctxt", use->message.context);
    print_field(out, "msgid", use->message.id);
    if (use->message.plural.len) {
        print_field(out, "msgid_plural", use->message.plural);
        SB_LIT(out, "msgstr[0] \"\"\nmsgstr[1] \"\"\n");
    } else {
        SB_LIT(out, "msgstr \"\"\n");
    }
}

void catalog_print_pot(struct tmplc *tc, struct sb *out)
{
    SB_LIT(out, "msgid \"\"\nmsgstr \"\"\n"
                "\"Project-Id-Version: balm\\n\"\n"
                "\"MIME-Version: 1.0\\n\"\n"
                "\"Content-Type: text/plain; charset=UTF-8\\n\"\n"
                "\"Content-Transfer-Encoding: 8bit\\n\"\n"
                "\"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n");
    for (size_t i = 0; i < tc->catalog->use_count; i++)
        print_use(out, &tc->catalog->uses[i]);
}

void catalog_print_missing(struct tmplc *tc, enum tongue tongue, struct sb *out)
{
    bool strict = tc->strict;
    tc->strict = false;
    for (size_t i = 0; i < tc->catalog->use_count; i++) {
        const struct use *use = &tc->catalog->uses[i];
        if (!usable_entry(tc, tongue, &use->message, use->places[0])) print_use(out, use);
    }
    tc->strict = strict;
}

/* Reads gettext's .po format: msgctxt, msgid, msgid_plural, msgstr, msgstr[n], strings that go on
 * in the next line, escapes, comments, the fuzzy flag. */
#include "catalog.h"

#include "base/banned.h"

struct po_reader {
    struct tmplc *tc;
    struct place at;
    enum tongue tongue;
    struct po_entry entry;
    struct sb *field; /* where a continued string goes */
    struct sb context, id, plural, forms[2];
    bool begun;
    bool has_str;
    bool header_seen;
};

static void reader_clear(struct po_reader *r)
{
    struct sb *const fields[] = {&r->context, &r->id, &r->plural, &r->forms[0], &r->forms[1]};
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        sb_init(fields[i], &r->tc->arena, TMPLC_OUTPUT_MAX);
    r->entry = (struct po_entry){.tongue = r->tongue};
    r->field = NULL;
    r->begun = false;
    r->has_str = false;
}

static void check_header(struct po_reader *r)
{
    struct str header = sb_str(&r->forms[0]);
    struct str line;
    r->header_seen = true;
    while (str_cut(&header, '\n', &line)) {
        if (!str_starts(line, STR("Plural-Forms:"))) continue;
        if (str_contains(line, STR("nplurals=2")) && (str_contains(line, STR("plural=(n != 1)")) ||
                                                         str_contains(line, STR("plural=n != 1"))))
            continue;
        diag_error(r->tc, r->entry.forms_at,
            "these Plural-Forms are not supported; write “nplurals=2; plural=(n != 1);”");
    }
}

static void check_duplicate(struct po_reader *r)
{
    const struct po_entry *other = catalog_find(r->tc, r->tongue, &r->entry.message);
    if (!other) return;
    bool same =
        str_eq(other->forms[0], r->entry.forms[0]) && str_eq(other->forms[1], r->entry.forms[1]);
    if (same) return;
    /* Several people fill catalogs at once: the build goes on with the first until it is strict. */
    struct str text = arena_printf(&r->tc->arena,
        "this msgid is translated differently at %s:%d; "
        "keep one",
        other->at.path, other->at.line);
    if (r->tc->strict)
        diag_error(r->tc, r->entry.at, "%s", text.ptr);
    else
        diag_warning(r->entry.at, "%s", text.ptr);
}

static void finish_entry(struct po_reader *r)
{
    if (!r->begun) return;
    if (!r->has_str) diag_fatal(r->at, "the entry before this line has no msgstr; add it");
    struct po_entry *e = &r->entry;
    e->message.context = sb_str(&r->context);
    e->message.id = sb_str(&r->id);
    e->message.plural = sb_str(&r->plural);
    e->forms[0] = sb_str(&r->forms[0]);
    e->forms[1] = sb_str(&r->forms[1]);
    struct catalog *catalog = r->tc->catalog;
    if (!e->message.id.len && !e->message.has_context) {
        check_header(r);
    } else {
        check_duplicate(r);
        if (catalog->entry_count == CATALOG_ENTRIES_MAX)
            diag_fatal(r->at, "the catalogs have more entries than tmplc can hold");
        catalog->entries[catalog->entry_count++] = *e;
    }
    reader_clear(r);
}

/* "text with \n escapes", to the end of the line. */
static void read_string(struct po_reader *r, struct str text, struct sb *out)
{
    text = str_trim(text);
    if (text.len < 2 || text.ptr[0] != '"' || text.ptr[text.len - 1] != '"')
        diag_fatal(r->at, "a string in \"quotes\" is expected here");
    for (size_t i = 1; i + 1 < text.len; i++) {
        char c = text.ptr[i];
        if (c == '"') diag_fatal(r->at, "a \" inside the string; write \\\"");
        if (c != '\\') {
            sb_add_char(out, c);
            continue;
        }
        char e = text.ptr[++i];
        if (i + 1 >= text.len) diag_fatal(r->at, "the string is not closed; add a \"");
        switch (e) {
        case 'n': sb_add_char(out, '\n'); break;
        case 't': sb_add_char(out, '\t'); break;
        case '"':
        case '\\': sb_add_char(out, e); break;
        default: diag_fatal(r->at, "“\\%c” is no known escape; use \\n \\t \\\" or \\\\", e);
        }
    }
}

static void begin_field(struct po_reader *r, struct sb *field)
{
    if (r->has_str && (field == &r->context || field == &r->id)) finish_entry(r);
    if (!r->begun) r->entry.at = r->at;
    r->begun = true;
    if (field == &r->id) r->entry.at = r->at;
    if (field == &r->context) r->entry.message.has_context = true;
    if (field == &r->forms[0] || field == &r->forms[1]) {
        if (!r->has_str) r->entry.forms_at = r->at;
        r->has_str = true;
    }
    r->field = field;
}

static void read_line(struct po_reader *r, struct str line)
{
    const struct {
        struct str keyword;
        struct sb *field;
    } fields[] = {
        {STR("msgctxt "), &r->context},
        {STR("msgid_plural "), &r->plural},
        {STR("msgid "), &r->id},
        {STR("msgstr "), &r->forms[0]},
        {STR("msgstr[0] "), &r->forms[0]},
        {STR("msgstr[1] "), &r->forms[1]},
    };
    if (!line.len) return;
    if (line.ptr[0] == '#') {
        if (r->has_str) finish_entry(r);
        if (str_starts(line, STR("#,")) && str_contains(line, STR("fuzzy"))) r->entry.fuzzy = true;
        if (str_starts(line, STR("#~"))) r->entry.fuzzy = false; /* the mark of an obsolete entry */
        return;
    }
    if (line.ptr[0] == '"') {
        if (!r->field) diag_fatal(r->at, "a string stands here without msgid or msgstr before it");
        read_string(r, line, r->field);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        if (!str_starts(line, fields[i].keyword)) continue;
        begin_field(r, fields[i].field);
        read_string(r, str_slice(line, fields[i].keyword.len, line.len), r->field);
        return;
    }
    diag_fatal(r->at, "this line is not understood; expected msgctxt, msgid, msgid_plural, msgstr");
}

void catalog_read(struct tmplc *tc, const char *path)
{
    struct source source = file_read(tc, path);
    struct po_reader r = {.tc = tc, .at = {path, 0, 0}, .tongue = tongue_of_path(path)};
    reader_clear(&r);
    struct str rest = source.text;
    struct str line;
    while (str_cut(&rest, '\n', &line)) {
        r.at.line++;
        read_line(&r, str_trim(line));
    }
    r.at.line++;
    finish_entry(&r);
}

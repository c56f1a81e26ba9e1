#include "html.h"

#include "base/check.h"

#include "base/banned.h"

static bool name_in(const char *name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, list[i]) == 0) return true;
    return false;
}
#define NAME_IN(name, list) name_in((name), (list), COUNT_OF(list))

static const char *const void_elements[] = {"area", "base", "br", "col", "embed", "hr", "img",
    "input", "link", "meta", "param", "source", "track", "wbr"};
static const char *const url_attributes[] = {"href", "src", "action", "formaction", "poster",
    "cite", "manifest", "xlink:href", "ping", "data", "background", "longdesc", "usemap"};
static const char *const word_attributes[] = {"alt", "title", "placeholder", "aria-label",
    "aria-description", "aria-valuetext", "aria-roledescription", "aria-placeholder", "label"};

void html_init(struct html *html, struct tmplc *tc, const struct source *source)
{
    *html = (struct html){.tc = tc, .source = source, .where = HTML_TEXT};
}

static struct place here(const struct html *h, size_t at)
{
    return place_of(h->source, at);
}

bool html_is_letter(struct str text, size_t i)
{
    unsigned char c = (unsigned char)text.ptr[i];
    if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c < 0xC0 || i + 1 >= text.len) return false;
    unsigned char d = (unsigned char)text.ptr[i + 1];
    if (c == 0xC2) return false;                  /* signs such as ·, ©, no-break space */
    if (c == 0xC3) return d != 0x97 && d != 0xB7; /* À…ÿ without × ÷ */
    if (c == 0xE2) return d >= 0xB0;              /* punctuation, arrows, signs, drawings */
    if (c == 0xE3) return d >= 0x81;              /* CJK punctuation */
    if (c == 0xEF) return d != 0xB8;              /* variation selectors */
    return c < 0xF0;                              /* beyond: emoji and rare scripts */
}

/* "&nbsp;" at [at, to): its length, or 0. */
static size_t entity_length(struct str text, size_t at, size_t to)
{
    size_t i = at + 1;
    if (i < to && text.ptr[i] == '#') i++;
    while (i < to && i < at + 32 && is_name_char(text.ptr[i]))
        i++;
    return i > at + 1 && i < to && text.ptr[i] == ';' ? i + 1 - at : 0;
}

static void report_letters(struct html *h, size_t at, size_t to, const char *where)
{
    if (h->letters_reported) return;
    h->letters_reported = true;
    size_t end = at;
    struct str text = h->source->text;
    while (end < to && end < at + 30 && text.ptr[end] != '<' && text.ptr[end] != '\n' &&
           text.ptr[end] != h->quote)
        end++;
    while (end < text.len && ((unsigned char)text.ptr[end] & 0xC0) == 0x80)
        end++;
    struct str words = str_trim(str_slice(text, at, end));
    diag_error(h->tc, here(h, at),
        "untranslated text “%.*s”%s; write {{_ %.*s }}, or {{raw \"…\" }} for a proper name",
        STR_ARG(words), where, STR_ARG(words));
}

static bool in_element(const struct html *h, const char *a, const char *b)
{
    for (size_t i = 0; i < h->depth; i++)
        if (strcmp(h->stack[i].name, a) == 0 || strcmp(h->stack[i].name, b) == 0) return true;
    return false;
}

static bool untranslated_here(const struct html *h)
{
    return h->depth && h->stack[h->depth - 1].untranslated;
}

/* Copies a name in small letters; returns where it ends. */
static size_t read_name(struct html *h, size_t at, size_t to, char name[HTML_NAME_MAX], bool tag)
{
    struct str text = h->source->text;
    size_t len = 0;
    size_t i = at;
    for (; i < to; i++) {
        char c = text.ptr[i];
        bool part = is_name_char(c) || c == '-' || c == ':' || (!tag && (c == '.' || c == '@'));
        if (!part) break;
        if (len + 1 == HTML_NAME_MAX) diag_fatal(here(h, at), "this name is too long");
        name[len++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    name[len] = '\0';
    return i;
}

static size_t begin_tag(struct html *h, size_t at, size_t to, struct sb *out)
{
    h->closing = h->source->text.ptr[at + 1] == '/';
    h->tag_at = at;
    h->has_http_equiv = h->has_content_value = false;
    h->untranslated = false;
    h->letters_reported = false;
    if (!h->closing) h->json_script = false;
    size_t end = read_name(h, at + (h->closing ? 2 : 1), to, h->tag, true);
    if (!h->tag[0]) diag_fatal(here(h, at), "a tag without a name; write &lt; for a plain <");
    sb_add(out, str_slice(h->source->text, at, end));
    h->where = HTML_TAG_BREAK;
    return end;
}

static void close_element(struct html *h)
{
    if (NAME_IN(h->tag, void_elements))
        diag_fatal(here(h, h->tag_at), "<%s> has no closing tag; take </%s> out", h->tag, h->tag);
    if (!h->depth) diag_fatal(here(h, h->tag_at), "</%s> closes nothing that is open here", h->tag);
    const struct html_element *top = &h->stack[h->depth - 1];
    if (strcmp(top->name, h->tag) != 0)
        diag_fatal(here(h, h->tag_at),
            "</%s> stands here, but <%s> of line %d is open; close it first", h->tag, top->name,
            here(h, top->at).line);
    h->depth--;
    h->where = HTML_TEXT;
    h->json_script = false;
}

static void end_tag(struct html *h, bool self_closing)
{
    h->where = HTML_TEXT;
    if (h->has_http_equiv && h->has_content_value)
        diag_error(h->tc, here(h, h->tag_at),
            "a value in the content of <meta http-equiv>; send an HTTP header instead");
    if (h->closing) {
        close_element(h);
        return;
    }
    if (NAME_IN(h->tag, void_elements)) return;
    if (self_closing) {
        if (in_element(h, "svg", "math") || strcmp(h->tag, "svg") == 0) return;
        diag_fatal(here(h, h->tag_at), "<%s/> does not close itself in HTML; write <%s></%s>",
            h->tag, h->tag, h->tag);
    }
    if (h->depth == HTML_DEPTH_MAX) diag_fatal(here(h, h->tag_at), "elements are nested too deep");
    bool inherited = untranslated_here(h);
    struct html_element *e = &h->stack[h->depth++];
    memcpy(e->name, h->tag, sizeof e->name);
    e->at = h->tag_at;
    e->untranslated = h->untranslated || inherited;
    if (strcmp(h->tag, "script") == 0 || strcmp(h->tag, "style") == 0)
        h->where = HTML_RAW;
    else if (strcmp(h->tag, "title") == 0 || strcmp(h->tag, "textarea") == 0)
        h->where = HTML_RCDATA;
}

static size_t step_space(const struct html *h, size_t at, size_t to, struct sb *out)
{
    struct str text = h->source->text;
    size_t end = at;
    bool line = false;
    while (end < to && is_space(text.ptr[end]))
        line |= text.ptr[end++] == '\n';
    sb_add_char(out, line ? '\n' : ' ');
    return end;
}

/* Comments are for those who read the template: they are not sent. */
static size_t step_markup(struct html *h, size_t at, size_t to, struct sb *out)
{
    struct str rest = str_slice(h->source->text, at, to);
    bool comment = str_starts(rest, STR("<!--"));
    for (size_t i = 2; i < rest.len; i++) {
        struct str tail = str_slice(rest, i, rest.len);
        if (comment && i >= 4 && str_starts(tail, STR("-->"))) return at + i + 3;
        if (!comment && tail.ptr[0] == '>') {
            sb_add(out, str_slice(rest, 0, i + 1));
            return at + i + 1;
        }
    }
    diag_fatal(here(h, at), "this comment or declaration is not closed before the next directive");
}

static size_t step_text(struct html *h, size_t at, size_t to, struct sb *out)
{
    struct str text = h->source->text;
    char c = text.ptr[at];
    char next = at + 1 < to ? text.ptr[at + 1] : '\0';
    if (c == '<') {
        if (h->where == HTML_RCDATA) {
            const char *name = h->stack[h->depth - 1].name;
            struct str tail = str_slice(text, at + 2, at + 2 + strlen(name));
            if (next != '/' || !str_eq_nocase(tail, str_from_cstr(name)))
                diag_fatal(here(h, at), "no tags are possible inside <%s>; close it first", name);
        }
        if (next == '!') return step_markup(h, at, to, out);
        if (next == '/' || is_name_start(next)) return begin_tag(h, at, to, out);
        diag_fatal(here(h, at), "a plain < in text; write &lt;");
    }
    if (c == '&') {
        size_t len = entity_length(text, at, to);
        if (!len) diag_fatal(here(h, at), "a plain & in text; write &amp;");
        sb_add(out, str_slice(text, at, at + len));
        return at + len;
    }
    if (is_space(c) && !in_element(h, "pre", "textarea")) return step_space(h, at, to, out);
    if (html_is_letter(text, at) && !untranslated_here(h)) report_letters(h, at, to, "");
    sb_add_char(out, c);
    return at + 1;
}

static size_t step_raw(struct html *h, size_t at, size_t to, struct sb *out)
{
    struct str text = h->source->text;
    const char *name = h->stack[h->depth - 1].name;
    if (text.ptr[at] == '<' && at + 1 < to && text.ptr[at + 1] == '/') {
        struct str tail = str_slice(text, at + 2, at + 2 + strlen(name));
        if (str_eq_nocase(tail, str_from_cstr(name))) return begin_tag(h, at, to, out);
    }
    sb_add_char(out, text.ptr[at]);
    return at + 1;
}

static enum html_attr kind_of_attr(const char *name)
{
    if (strncmp(name, "on", 2) == 0 || strcmp(name, "style") == 0 || strcmp(name, "srcset") == 0 ||
        strcmp(name, "srcdoc") == 0 || strcmp(name, "imagesrcset") == 0)
        return ATTR_REFUSE;
    if (NAME_IN(name, url_attributes)) return ATTR_URL;
    if (NAME_IN(name, word_attributes)) return ATTR_WORDS;
    return ATTR_PLAIN;
}

static size_t step_attribute(struct html *h, size_t at, size_t to, struct sb *out)
{
    struct str text = h->source->text;
    size_t end = read_name(h, at, to, h->attr, false);
    if (end == at)
        diag_fatal(
            here(h, at), "“%c” cannot stand in a tag; an attribute is expected", text.ptr[at]);
    if (h->closing) diag_fatal(here(h, at), "a closing tag has no attributes");
    if (strcmp(h->attr, "http-equiv") == 0) h->has_http_equiv = true;
    h->where = HTML_TAG_BREAK;
    if (end < to && text.ptr[end] == '=') {
        end++;
        if (end >= to || (text.ptr[end] != '"' && text.ptr[end] != '\''))
            diag_fatal(
                here(h, at), "the value of %s is not quoted; write %s=\"…\"", h->attr, h->attr);
        h->quote = text.ptr[end++];
        h->where = HTML_VALUE;
        h->attr_kind = kind_of_attr(h->attr);
        h->prefix_len = 0;
        h->value_begun = h->value_dynamic = false;
        h->letters_reported = false;
    }
    sb_add(out, str_slice(text, at, end));
    return end;
}

static size_t step_tag(struct html *h, size_t at, size_t to, struct sb *out)
{
    struct str text = h->source->text;
    char c = text.ptr[at];
    if (is_space(c)) {
        h->where = HTML_IN_TAG;
        return step_space(h, at, to, out);
    }
    if (c == '>') {
        sb_add_char(out, c);
        end_tag(h, false);
        return at + 1;
    }
    if (c == '/' && at + 1 < to && text.ptr[at + 1] == '>') {
        SB_LIT(out, "/>");
        end_tag(h, true);
        return at + 2;
    }
    if (h->where == HTML_TAG_BREAK)
        diag_fatal(here(h, at),
            "“%c” stands directly behind an attribute or a tag's name; put a space", c);
    return step_attribute(h, at, to, out);
}

static void finish_value(struct html *h, size_t at)
{
    struct str prefix = {h->prefix, h->prefix_len};
    if (h->attr_kind == ATTR_URL) {
        struct str scheme = str_slice(prefix, 0, 11);
        if (str_eq_nocase(scheme, STR("javascript:")) ||
            str_eq_nocase(str_slice(prefix, 0, 9), STR("vbscript:")))
            diag_error(h->tc, here(h, at), "a script as a URL; use a button and a script file");
    }
    if (!h->value_dynamic) {
        if (strcmp(h->attr, "translate") == 0 && str_eq(prefix, STR("no"))) h->untranslated = true;
        if (strcmp(h->tag, "script") == 0 && strcmp(h->attr, "type") == 0)
            h->json_script = str_eq(prefix, STR("application/ld+json")) ||
                             str_eq(prefix, STR("application/json"));
    }
    h->where = HTML_TAG_BREAK;
}

static size_t step_value(struct html *h, size_t at, size_t to, struct sb *out)
{
    struct str text = h->source->text;
    char c = text.ptr[at];
    sb_add_char(out, c);
    if (c == h->quote) {
        finish_value(h, at);
        return at + 1;
    }
    if (!h->value_dynamic && h->prefix_len < sizeof h->prefix) h->prefix[h->prefix_len++] = c;
    h->value_begun = true;
    if (c == '&') {
        size_t len = entity_length(text, at, to);
        if (!len) return at + 1;
        sb_add(out, str_slice(text, at + 1, at + len));
        return at + len;
    }
    if (h->attr_kind == ATTR_WORDS && html_is_letter(text, at) && !untranslated_here(h) &&
        !h->untranslated) {
        struct str where = arena_printf(&h->tc->arena, " in %s", h->attr);
        report_letters(h, at, to, where.ptr);
    }
    return at + 1;
}

void html_literal(struct html *h, size_t from, size_t to, struct sb *out)
{
    CHECK(from <= to && to <= h->source->text.len);
    while (from < to) {
        switch (h->where) {
        case HTML_TEXT:
        case HTML_RCDATA: from = step_text(h, from, to, out); break;
        case HTML_RAW: from = step_raw(h, from, to, out); break;
        case HTML_IN_TAG:
        case HTML_TAG_BREAK: from = step_tag(h, from, to, out); break;
        case HTML_VALUE: from = step_value(h, from, to, out); break;
        }
    }
}

static enum html_context url_value(
    struct html *h, bool begun, bool dynamic, const char **ret_reason)
{
    if (!begun) return CONTEXT_URL;
    if (dynamic) return CONTEXT_URL_PART;
    static const char *const safe[] = {"/", "?", "#", "./", "../", "http://", "https://"};
    struct str prefix = {h->prefix, h->prefix_len};
    for (size_t i = 0; i < COUNT_OF(safe); i++)
        if (str_starts(prefix, str_from_cstr(safe[i]))) return CONTEXT_URL_PART;
    *ret_reason = "the URL's beginning does not say where it leads; begin it with / ? # ./ http:// "
                  "https:// or give the whole of it as one struct url";
    return CONTEXT_REFUSED;
}

enum html_context html_value(struct html *h, const char **ret_reason)
{
    bool begun = h->value_begun;
    bool dynamic = h->value_dynamic;
    h->letters_reported = false;
    switch (h->where) {
    case HTML_TEXT: return CONTEXT_TEXT;
    case HTML_RCDATA: return CONTEXT_RCDATA;
    case HTML_RAW:
        if (h->json_script) return CONTEXT_JSON;
        *ret_reason = "a value inside a script or style; put it into a data- attribute, or into "
                      "<script type=\"application/json\"> as struct json_text";
        return CONTEXT_REFUSED;
    case HTML_IN_TAG:
    case HTML_TAG_BREAK:
        *ret_reason = "a value stands in a tag outside a quoted attribute; write name=\"{{ … }}\"";
        return CONTEXT_REFUSED;
    case HTML_VALUE: break;
    }
    h->value_begun = h->value_dynamic = true;
    if (strcmp(h->tag, "meta") == 0 && strcmp(h->attr, "content") == 0) h->has_content_value = true;
    if (h->attr_kind == ATTR_REFUSE) {
        *ret_reason = "a value inside a style, srcset or on… attribute; use a class or a data- "
                      "attribute, and literal text here";
        return CONTEXT_REFUSED;
    }
    if (h->attr_kind == ATTR_URL) return url_value(h, begun, dynamic, ret_reason);
    return CONTEXT_ATTR;
}

static bool in_tag(enum html_where where)
{
    return where == HTML_IN_TAG || where == HTML_TAG_BREAK;
}

const char *html_merge(struct html *h, const struct html *other, bool loop)
{
    if (h->depth != other->depth) return "it opens or closes elements that the other way does not";
    for (size_t i = 0; i < h->depth; i++)
        if (strcmp(h->stack[i].name, other->stack[i].name) != 0)
            return "it leaves other elements open than the other way does";
    if (in_tag(h->where) && in_tag(other->where)) {
        if (h->tag_at != other->tag_at) return "it ends in another tag than the other way does";
        if (loop && h->where == HTML_TAG_BREAK && other->where == HTML_IN_TAG)
            return "the attributes of two rounds would touch; put the space inside the loop";
        if (other->where == HTML_TAG_BREAK) h->where = HTML_TAG_BREAK;
        h->has_http_equiv |= other->has_http_equiv;
        h->has_content_value |= other->has_content_value;
        return NULL;
    }
    if (h->where != other->where) return "it ends inside a tag or a value, the other way does not";
    if (h->where == HTML_VALUE) {
        if (h->tag_at != other->tag_at || strcmp(h->attr, other->attr) != 0)
            return "it ends in another attribute than the other way does";
        if (h->attr_kind == ATTR_URL && h->value_begun != other->value_begun)
            return "the URL has begun in one way and not in the other; put the whole URL into each";
        h->value_dynamic |= other->value_dynamic;
        h->value_begun |= other->value_begun;
        h->has_content_value |= other->has_content_value;
    }
    return NULL;
}

void html_finish(struct html *h)
{
    if (in_tag(h->where) || h->where == HTML_VALUE)
        diag_fatal(here(h, h->tag_at), "the tag <%s is not closed at the end of the file", h->tag);
    if (h->depth) {
        const struct html_element *top = &h->stack[h->depth - 1];
        diag_fatal(here(h, top->at), "<%s> is not closed at the end of the file; add </%s>",
            top->name, top->name);
    }
}

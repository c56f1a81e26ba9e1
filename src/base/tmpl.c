#include "base/tmpl.h"

#include "base/check.h"

#include "base/banned.h"

/* What stands for the five characters that mean something to HTML. */
static const struct str escapes[256] = {
    ['&'] = STR_INIT("&amp;"),
    ['<'] = STR_INIT("&lt;"),
    ['>'] = STR_INIT("&gt;"),
    ['"'] = STR_INIT("&quot;"),
    ['\''] = STR_INIT("&#39;"),
};

static const struct str lang_codes[LANG_COUNT] = {
    [LANG_EN] = STR_INIT("en"),
    [LANG_ES] = STR_INIT("es"),
};

struct str tmpl_lang_code(enum lang lang)
{
    CHECK((int)lang >= 0 && lang < LANG_COUNT);
    return lang_codes[lang];
}

bool tmpl_lang_from_code(struct str code, enum lang *ret_lang)
{
    if (code.len > 2 && code.ptr[2] != '-' && code.ptr[2] != '_') return false;
    for (int i = 0; i < LANG_COUNT; i++) {
        if (!str_eq_nocase(str_slice(code, 0, 2), lang_codes[i])) continue;
        *ret_lang = (enum lang)i;
        return true;
    }
    return false;
}

/* Sixteen bytes at once, as a vector of the compiler's (so on every processor). */
typedef unsigned char sixteen __attribute__((vector_size(16)));

/* The sixteen bytes at ptr; of fewer than that the first and the last ones, overlapping, so that
 * nothing beyond them is read. What is left of the vector is `filler`. */
static ALWAYS_INLINE sixteen load(const char *ptr, size_t len, unsigned char filler)
{
    sixteen c;
    if (LIKELY(len >= 16)) {
        memcpy(&c, ptr, 16);
        return c;
    }
    c = filler - (sixteen){0};
    size_t half = len >= 8 ? 8 : len >= 4 ? 4 : len >= 2 ? 2 : len;
    char *at = (char *)&c;
    switch (half) {
    case 8: memcpy(at, ptr, 8), memcpy(at + 8, ptr + len - 8, 8); break;
    case 4: memcpy(at, ptr, 4), memcpy(at + 4, ptr + len - 4, 4); break;
    case 2: memcpy(at, ptr, 2), memcpy(at + 2, ptr + len - 2, 2); break;
    case 1: at[0] = ptr[0]; break;
    default: break;
    }
    return c;
}

/* Which of the sixteen is the first that is set (each is 0 or 255); 16 where none is. */
static ALWAYS_INLINE size_t first_set(sixteen c)
{
    uint64_t halves[2];
    memcpy(halves, &c, sizeof halves);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (halves[0]) return (size_t)__builtin_ctzll(halves[0]) / 8;
    return halves[1] ? 8 + (size_t)__builtin_ctzll(halves[1]) / 8 : 16;
#else
    if (halves[0]) return (size_t)__builtin_clzll(halves[0]) / 8;
    return halves[1] ? 8 + (size_t)__builtin_clzll(halves[1]) / 8 : 16;
#endif
}

static ALWAYS_INLINE size_t first_special(sixteen c)
{
    return first_set((sixteen)((c == '&') | (c == '<') | (c == '>') | (c == '"') | (c == '\'')));
}

void html_add_escaped(struct sb *out, struct str s)
{
    if (!s.len) return;
    size_t from = 0; /* what comes before is written */
    size_t i = 0;
    while (s.len - i >= 16) {
        size_t at = first_special(load(s.ptr + i, 16, ' '));
        i += at;
        if (at == 16) continue;
        sb_add_bytes(out, s.ptr + from, i - from);
        sb_add(out, escapes[(unsigned char)s.ptr[i]]);
        from = ++i;
    }
    if (first_special(load(s.ptr + i, s.len - i, ' ')) < 16) {
        for (; i < s.len; i++) {
            const struct str *escape = &escapes[(unsigned char)s.ptr[i]];
            if (LIKELY(!escape->len)) continue;
            sb_add_bytes(out, s.ptr + from, i - from);
            sb_add(out, *escape);
            from = i + 1;
        }
    }
    if (from < s.len) sb_add_bytes(out, s.ptr + from, s.len - from);
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void url_add_encoded(struct sb *out, struct str s)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (is_unreserved(s.ptr[i])) {
            sb_add_char(out, s.ptr[i]);
        } else {
            const char code[3] = {'%', digits[c >> 4], digits[c & 15]};
            sb_add_bytes(out, code, sizeof code);
        }
    }
}

bool url_from_str(struct str s, struct url *ret_url)
{
    static const struct str schemes[] = {
        STR_INIT("http://"), STR_INIT("https://"), STR_INIT("mailto:"), STR_INIT("tel:")};
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c <= 0x20 || c == 0x7F || c == '\\') return false;
    }
    bool good = false;
    if (s.len && (s.ptr[0] == '/' || s.ptr[0] == '?' || s.ptr[0] == '#'))
        good = !str_starts(s, STR("//"));
    for (size_t i = 0; i < COUNT_OF(schemes) && !good; i++)
        good = s.len > schemes[i].len && str_eq_nocase(str_slice(s, 0, schemes[i].len), schemes[i]);
    if (good) ret_url->s = s;
    return good;
}

void tmpl_text(struct tmpl *t, struct str s)
{
    html_add_escaped(t->out, s);
}

void tmpl_text_cstr(struct tmpl *t, const char *s)
{
    html_add_escaped(t->out, str_from_cstr(s));
}

void tmpl_text_url(struct tmpl *t, struct url url)
{
    html_add_escaped(t->out, url.s);
}

void tmpl_html(struct tmpl *t, struct html html)
{
    sb_add(t->out, html.s);
}

void tmpl_url_part(struct tmpl *t, struct str s)
{
    url_add_encoded(t->out, s);
}

void tmpl_url_part_cstr(struct tmpl *t, const char *s)
{
    url_add_encoded(t->out, str_from_cstr(s));
}

/* A `<` stands in strings only, where \u003c means the same and cannot end the script element. */
void tmpl_json(struct tmpl *t, struct json_text json)
{
    size_t from = 0;
    for (size_t i = 0; i < json.s.len; i++) {
        if (LIKELY(json.s.ptr[i] != '<')) continue;
        sb_add_bytes(t->out, json.s.ptr + from, i - from);
        SB_LIT(t->out, "\\u003c");
        from = i + 1;
    }
    if (from < json.s.len) sb_add_bytes(t->out, json.s.ptr + from, json.s.len - from);
}

/* Texts hold neither NUL nor CR, mostly: then they are added as one. */
void tmpl_plain(struct tmpl *t, struct str s)
{
    bool found = false;
    for (size_t i = 0; i < s.len; i += 16) {
        sixteen c = load(s.ptr + i, s.len - i, ' ');
        found = found || first_set((sixteen)((c == '\0') | (c == '\r'))) < 16;
    }
    if (LIKELY(!found)) {
        sb_add(t->out, s);
        return;
    }
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '\0' && s.ptr[i] != '\r') sb_add_char(t->out, s.ptr[i]);
}

void tmpl_plain_cstr(struct tmpl *t, const char *s)
{
    tmpl_plain(t, str_from_cstr(s));
}

void tmpl_plain_url(struct tmpl *t, struct url url)
{
    tmpl_plain(t, url.s);
}

void tmpl_i64(struct tmpl *t, int64_t value)
{
    sb_add_i64(t->out, value);
}

void tmpl_u64(struct tmpl *t, uint64_t value)
{
    sb_add_padded(t->out, value, 1);
}

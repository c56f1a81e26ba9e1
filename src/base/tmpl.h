/* What compiled templates and sentences write with (docs/dev/templates.md).
 *
 * Pages call the generated functions; the TMPL_ macros below are for generated code. Each takes the
 * types that are safe in one place of a document and is a compile error for any other, at the
 * template's line. `struct html`, `struct url` and `struct json_text` are promises of the code that
 * makes them: html is markup that was escaped already, url is a whole URL whose beginning is
 * trusted, json is valid JSON. Output goes to a bounded builder: ask sb_ok() once at the end. */
#ifndef BALM_BASE_TMPL_H
#define BALM_BASE_TMPL_H

#include "base/sb.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum lang { LANG_EN, LANG_ES, LANG_COUNT };

struct tmpl {
    struct sb *out;
    enum lang lang;
};

struct html {
    struct str s;
};
struct url {
    struct str s;
};
struct json_text {
    struct str s;
};

/* A literal URL. */
#define URL(literal) ((struct url){STR(literal)})

/* An address from outside as a URL: http:, https:, mailto:, tel:, or a path of this site that
 * begins with one slash, ? or #. False for anything else (javascript:, //host, control characters). */
bool url_from_str(struct str s, struct url *ret_url);

/* "en", "es"; and back, where the first two letters of `code` say a language that Balm speaks. */
struct str tmpl_lang_code(enum lang lang);
bool tmpl_lang_from_code(struct str code, enum lang *ret_lang);

/* For code that writes markup by hand, such as charts: & < > " ' escaped. */
void html_add_escaped(struct sb *out, struct str s);

/* Everything but A-Z a-z 0-9 - . _ ~ as %XX. */
void url_add_encoded(struct sb *out, struct str s);

/* --- for generated code --- */

void tmpl_text(struct tmpl *t, struct str s);
void tmpl_text_cstr(struct tmpl *t, const char *s);
void tmpl_text_url(struct tmpl *t, struct url url);
void tmpl_html(struct tmpl *t, struct html html);
void tmpl_url_part(struct tmpl *t, struct str s);
void tmpl_url_part_cstr(struct tmpl *t, const char *s);
void tmpl_json(struct tmpl *t, struct json_text json);
void tmpl_plain(struct tmpl *t, struct str s);
void tmpl_plain_cstr(struct tmpl *t, const char *s);
void tmpl_plain_url(struct tmpl *t, struct url url);
void tmpl_i64(struct tmpl *t, int64_t value);
void tmpl_u64(struct tmpl *t, uint64_t value);

static inline bool tmpl_true_str(struct str s)
{
    return s.len > 0;
}
static inline bool tmpl_true_html(struct html html)
{
    return html.s.len > 0;
}
static inline bool tmpl_true_url(struct url url)
{
    return url.s.len > 0;
}
static inline bool tmpl_true_json(struct json_text json)
{
    return json.s.len > 0;
}
static inline bool tmpl_true_cstr(const char *s)
{
    return s && *s;
}
static inline bool tmpl_true_pointer(const void *p)
{
    return p != NULL;
}
static inline bool tmpl_true_i64(int64_t value)
{
    return value != 0;
}
static inline bool tmpl_true_u64(uint64_t value)
{
    return value != 0;
}

/* clang-format off */
#define TMPL_INTEGERS_(sign, nosign)                                                               \
    signed char: sign, short: sign, int: sign, long: sign, long long: sign,                        \
    unsigned char: nosign, unsigned short: nosign, unsigned: nosign, unsigned long: nosign,        \
    unsigned long long: nosign

#define TMPL_TEXT(t, x)                                                                            \
    _Generic((x), struct str: tmpl_text, char *: tmpl_text_cstr, const char *: tmpl_text_cstr,     \
        struct html: tmpl_html, struct url: tmpl_text_url,                                         \
        TMPL_INTEGERS_(tmpl_i64, tmpl_u64))((t), (x))

#define TMPL_ATTR(t, x)                                                                            \
    _Generic((x), struct str: tmpl_text, char *: tmpl_text_cstr, const char *: tmpl_text_cstr,     \
        struct url: tmpl_text_url, TMPL_INTEGERS_(tmpl_i64, tmpl_u64))((t), (x))

#define TMPL_URL(t, x) _Generic((x), struct url: tmpl_text_url)((t), (x))

#define TMPL_URL_PART(t, x)                                                                        \
    _Generic((x), struct str: tmpl_url_part, char *: tmpl_url_part_cstr,                           \
        const char *: tmpl_url_part_cstr, TMPL_INTEGERS_(tmpl_i64, tmpl_u64))((t), (x))

#define TMPL_JSON(t, x) _Generic((x), struct json_text: tmpl_json)((t), (x))

#define TMPL_PLAIN(t, x)                                                                           \
    _Generic((x), struct str: tmpl_plain, char *: tmpl_plain_cstr, const char *: tmpl_plain_cstr,  \
        struct url: tmpl_plain_url, TMPL_INTEGERS_(tmpl_i64, tmpl_u64))((t), (x))

/* In a condition: a text is true when it is not empty, a pointer when it is not NULL. */
#define TMPL_TRUE(x)                                                                               \
    _Generic((x), struct str: tmpl_true_str, struct html: tmpl_true_html,                          \
        struct url: tmpl_true_url, struct json_text: tmpl_true_json, char *: tmpl_true_cstr,       \
        const char *: tmpl_true_cstr, _Bool: tmpl_true_u64,                                        \
        TMPL_INTEGERS_(tmpl_true_i64, tmpl_true_u64), default: tmpl_true_pointer)(x)

/* The number that chooses a plural form. */
#define TMPL_COUNT(x) ((int64_t)_Generic((x), TMPL_INTEGERS_((x), (x))))
/* clang-format on */

#endif

/* Where in an HTML document a template stands: enough of HTML's tokenizer to know how a value must
 * be escaped, to refuse what cannot be made safe, and to keep elements balanced. */
#ifndef BALM_TMPLC_HTML_H
#define BALM_TMPLC_HTML_H

#include "tmplc.h"

#define HTML_DEPTH_MAX 64
#define HTML_NAME_MAX 32

enum html_where {
    HTML_TEXT,
    HTML_RAW,       /* inside script or style */
    HTML_RCDATA,    /* inside title or textarea: no tags */
    HTML_IN_TAG,    /* between attributes */
    HTML_TAG_BREAK, /* behind a tag's name or an attribute: white space, / or > must follow */
    HTML_VALUE,     /* inside a quoted attribute value */
};

enum html_attr {
    ATTR_PLAIN,
    ATTR_URL,
    ATTR_WORDS,  /* read by people: letters must be translated */
    ATTR_REFUSE, /* code: on…, style, srcset, srcdoc */
};

/* How a value is written. */
enum html_context {
    CONTEXT_TEXT,
    CONTEXT_RCDATA,
    CONTEXT_ATTR,
    CONTEXT_URL,      /* the URL begins here */
    CONTEXT_URL_PART, /* after literal text */
    CONTEXT_JSON,
    CONTEXT_PLAIN, /* .txt */
    CONTEXT_REFUSED,
};

struct html_element {
    char name[HTML_NAME_MAX];
    size_t at;
    bool untranslated; /* translate="no" */
};

struct html {
    struct tmplc *tc;
    const struct source *source;
    enum html_where where;
    struct html_element stack[HTML_DEPTH_MAX];
    size_t depth;

    /* the tag being read */
    char tag[HTML_NAME_MAX];
    size_t tag_at;
    bool closing;
    bool has_http_equiv;
    bool has_content_value;
    bool untranslated;
    bool json_script; /* also while inside the script */

    /* the attribute being read */
    char attr[HTML_NAME_MAX];
    enum html_attr attr_kind;
    char quote;
    char prefix[HTML_NAME_MAX]; /* how the literal value begins */
    size_t prefix_len;
    bool value_begun; /* something was written into it */
    bool value_dynamic;

    bool letters_reported;
};

void html_init(struct html *html, struct tmplc *tc, const struct source *source);

/* Literal text [from, to): checked, squeezed and written to `out`. */
void html_literal(struct html *html, size_t from, size_t to, struct sb *out);

/* How to write a value that stands here, or CONTEXT_REFUSED with the reason. Notes that one is
 * written. */
enum html_context html_value(struct html *html, const char **ret_reason);

/* Two ways lead to this place: `html` becomes what holds for both. NULL, or what differs.
 * `loop`: `other` is the state at the start of a loop's body, `html` the one at its end. */
const char *html_merge(struct html *html, const struct html *other, bool loop);

/* At the end of the file: everything closed? */
void html_finish(struct html *html);

/* Is there a letter at text[i]? */
bool html_is_letter(struct str text, size_t i);

#endif

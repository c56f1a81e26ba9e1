/* Markdown from anywhere: only our own tags come out, and no link that could run something. */
#include "base/check.h"
#include "base/limits.h"
#include "web/markdown.h"

#include "base/banned.h"

static const char *const tags[] = {"p>", "/p>", "em>", "/em>", "strong>", "/strong>", "ul>", "/ul>",
    "ol>", "ol start=\"", "/ol>", "li>", "/li>", "h2>", "/h2>", "h3>", "/h3>", "h4>", "/h4>", "h5>",
    "/h5>", "h6>", "/h6>", "a href=\"", "/a>", "code>", "/code>", "pre>", "/pre>",
    "code class=\"language-", "blockquote>", "/blockquote>", "br />", "hr />"};
static const char *const schemes[] = {"http:", "https:", "mailto:", "tel:", "/", "?", "#"};

static bool begins_with_any(struct str text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str one = str_from_cstr(list[i]);
        if (text.len >= one.len && str_eq_nocase(str_slice(text, 0, one.len), one)) return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena arena;
    struct html html;
    struct result result = markdown_html(&arena, (struct str){(const char *)data, size}, 2, &html);
    CHECK(result_is_ok(result) || size > LIMIT_LEARN_PAGE_BYTES);
    for (size_t i = 0; result_is_ok(result) && i < html.s.len; i++) {
        struct str rest = str_slice(html.s, i + 1, html.s.len);
        if (html.s.ptr[i] != '<') continue;
        CHECK(begins_with_any(rest, tags, COUNT_OF(tags)));
        if (str_starts(rest, STR("a href=\"")))
            CHECK(begins_with_any(str_slice(rest, 8, rest.len), schemes, COUNT_OF(schemes)));
    }
    arena_reset(&arena);
    return 0;
}

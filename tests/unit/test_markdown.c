/* Markdown: nothing that a writer types becomes markup that could do harm, and the outline holds.
 */
#include "base/limits.h"
#include "web/markdown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

static struct arena arena;

static struct str html(const char *text)
{
    struct html out;
    assert_int_equal(markdown_html(&arena, str_from_cstr(text), 2, &out).code, ERR_NONE);
    return out.s;
}

static void expect(const char *text, const char *wanted)
{
    struct str got = html(text);
    if (!str_eq(got, str_from_cstr(wanted)))
        fail_msg("%s\n  gives  %.*s\n  wanted %s", text, STR_ARG(got), wanted);
}

static void what_people_write(void **state)
{
    (void)state;
    expect("Hello *there*, **you**.\n\n- one\n- two",
        "<p>Hello <em>there</em>, "
        "<strong>you</strong>.</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n");
    expect("", "");
    expect("5 < 6 & \"so\"", "<p>5 &lt; 6 &amp; &quot;so&quot;</p>\n");
    expect("[us](/learn)", "<p><a href=\"/learn\" rel=\"noopener\">us</a></p>\n");
    expect("[**a** b](https://x.example/?a=1&b=2 \"t\")",
        "<p><a href=\"https://x.example/?a=1&amp;b=2\" rel=\"noopener\"><strong>a</strong> "
        "b</a></p>\n");
    expect("<https://x.example>",
        "<p><a href=\"https://x.example\" rel=\"noopener\">https://x.example</a></p>\n");
}

static void nothing_harmful(void **state)
{
    (void)state;
    static const char *const texts[] = {"<script>alert(1)</script>", "a <b onclick=x()>b</b>",
        "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](&#106;avascript:alert(1))",
        "[x](java\tscript:alert(1))", "[x](vbscript:x)", "[x](data:text/html,<script>x</script>)",
        "[x](file:///etc/passwd)", "<javascript:alert(1)>", "![x](https://evil.example/p.png)",
        "![x](javascript:alert(1))", "[x]: javascript:alert(1)\n\n[x]", "[x](//evil.example)",
        "[x](https://a\" onclick=\"x)", "<img src=x onerror=alert(1)>", "<!-- x -->", "<?php x ?>",
        "[a](https://x.example/\"onmouseover=alert(1))", "<style>p{}</style>", "&lt;script&gt;",
        "```\"><script>\nx\n```", "[![x](javascript:a)](javascript:b)"};
    static const char *const never[] = {"<script", "<img", "<style", "<b ", "<!--", "<?", "\" on",
        "href=\"java", "href=\"data", "href=\"file", "href=\"vb", "href=\"//"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct str out = html(texts[i]);
        for (size_t k = 0; k < COUNT_OF(never); k++) {
            if (str_contains(out, str_from_cstr(never[k])))
                fail_msg("%s gives %.*s", texts[i], STR_ARG(out));
        }
    }
    expect("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>\n");
    expect("a <b>c</b>", "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n");
    expect("[x](javascript:alert(1)) ok", "<p>x ok</p>\n");
    expect("![a *view*](https://x.example/p.png)", "<p>a <em>view</em></p>\n");
}

static void headings_fit_the_page(void **state)
{
    (void)state;
    expect("# a\n\n## b", "<h2>a</h2>\n<h3>b</h3>\n");
    expect("### a\n\n##### b\n\n### c", "<h2>a</h2>\n<h3>b</h3>\n<h2>c</h2>\n");
    expect("### a\n\n# b", "<h2>a</h2>\n<h2>b</h2>\n"); /* nothing above it yet */
    expect("# a\n\n###### b\n\n###### c", "<h2>a</h2>\n<h3>b</h3>\n<h4>c</h4>\n");
}

/* The worst texts of 32 kB: a page must never keep a thread for long. */
static void hard_texts(void **state)
{
    (void)state;
    static const char *const pieces[] = {"[", "![", "*a _a ", "`a ``a ", "[a](b", "<a ", "> ", "- ",
        "[a]: b\n", "&", "![[]()", "**a", "*****", "[a][b]", "\\", "<!--", "a\n\n", "#\n", "<?"};
    char *text = malloc(LIMIT_LEARN_PAGE_BYTES + 1);
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        size_t len = strlen(pieces[i]);
        size_t n = 0;
        for (; n + len <= LIMIT_LEARN_PAGE_BYTES; n += len)
            memcpy(text + n, pieces[i], len);
        text[n] = 0;
        clock_t begun = clock();
        struct html out;
        assert_int_equal(markdown_html(&arena, (struct str){text, n}, 2, &out).code, ERR_NONE);
        double ms = (double)(clock() - begun) * 1000 / CLOCKS_PER_SEC;
        if (ms > 50) print_message("%s: %.0f ms\n", pieces[i], ms);
        if (ms > 3000) fail_msg("%s takes %.0f ms", pieces[i], ms);
        arena_reset(&arena);
    }
    memset(text, 'a', LIMIT_LEARN_PAGE_BYTES + 1);
    struct html out;
    struct result result =
        markdown_html(&arena, (struct str){text, LIMIT_LEARN_PAGE_BYTES + 1}, 2, &out);
    assert_int_equal(result.code, ERR_LIMIT);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_write),
        cmocka_unit_test(nothing_harmful),
        cmocka_unit_test(headings_fit_the_page),
        cmocka_unit_test(hard_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Writes one of the test templates, filled, to standard output: render page|note|words en|es. */
#include "note.txt.tmpl.h"
#include "page.tmpl.h"

#include "msg_gen.h"

#include "base/check.h"

#include <stdio.h>

#include "base/banned.h"

static const struct str tags[] = {STR_INIT("<a>"), STR_INIT("b"), STR_INIT("c&d")};

static const struct view_row rows[] = {
    {STR_INIT("Ana & Co"), 60, {tags, 3}},
    {STR_INIT("Bo\"b\""), 1, {NULL, 0}},
};

static struct view_page make_page(void)
{
    return (struct view_page){
        .frame = {.title = STR("A </title> & more"), .home = URL("/?a=1&b=2")},
        .best = &rows[1],
        .rows = {rows, 2},
        .text = STR("<b>\"it's\" / ñ & ?</b>"),
        .cstr = "c<str",
        .markup = {STR("<em>safe</em>")},
        .link = URL("https://balm.test/a?b=1&c=\"x\""),
        .data = {STR("{\"a\": \"</script>\"}")},
        .big = UINT64_MAX,
        .count = 7,
        .small = 255,
        .tone = VIEW_TONE_CARE,
        .checked = true,
    };
}

static void render_words(struct tmpl *t)
{
    msg_slot_taken(t);
    SB_LIT(t->out, "\n");
    msg_too_long(t, STR("<Name>"));
    SB_LIT(t->out, "\n");
    msg_next(t, 3, STR("X"), 1);
    SB_LIT(t->out, "\n");
    msg_next(t, 4, STR("Y"), 2);
    SB_LIT(t->out, "\n");
    CHECK(msg_lookup(t, STR("slot-taken"), STR("")));
    CHECK(msg_lookup(t, STR("too-long"), STR(" Z")));
    size_t len = t->out->len;
    CHECK(!msg_lookup(t, STR("next"), STR("")) && !msg_lookup(t, STR(""), STR("")));
    CHECK(t->out->len == len);
    SB_LIT(t->out, "\n");
}

static void check_runtime(void)
{
    static const char *const good[] = {
        "/", "/a", "?a", "#a", "https://x", "HTTP://x", "mailto:a@b", "tel:+1"};
    static const char *const bad[] = {"", "//x", "javascript:x", "data:,", "a", "/a b", "/a\\b",
        "https://", "/\n", " /", "ftp://x"};
    struct url url = URL("kept");
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CHECK(!url_from_str(str_from_cstr(bad[i]), &url) && str_eq(url.s, STR("kept")));
    for (size_t i = 0; i < COUNT_OF(good); i++)
        CHECK(url_from_str(str_from_cstr(good[i]), &url) && str_eq(url.s, str_from_cstr(good[i])));
    enum lang lang = LANG_EN;
    CHECK(tmpl_lang_from_code(STR("es-MX"), &lang) && lang == LANG_ES);
    CHECK(tmpl_lang_from_code(STR("EN"), &lang) && lang == LANG_EN);
    CHECK(!tmpl_lang_from_code(STR("est"), &lang) && !tmpl_lang_from_code(STR("e"), &lang));
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    check_runtime();
    struct arena arena = {0};
    struct sb sb;
    sb_init(&sb, &arena, 1 << 20);
    struct tmpl t = {.out = &sb};
    CHECK(tmpl_lang_from_code(str_from_cstr(argv[2]), &t.lang));
    struct view_page page = make_page();
    struct view_page bare = {.count = 1, .text = STR("x")};
    if (str_eq(str_from_cstr(argv[1]), STR("page"))) {
        tmpl_page(&t, &page);
        tmpl_page(&t, &bare);
    } else if (str_eq(str_from_cstr(argv[1]), STR("note"))) {
        page.text = (struct str){"a\r\n\0b", 5};
        tmpl_note_txt(&t, &page);
        tmpl_note_txt(&t, &bare);
    } else {
        render_words(&t);
    }
    CHECK(sb_ok(&sb));
    fwrite(sb.ptr, 1, sb.len, stdout);
    arena_release(&arena);
    return 0;
}

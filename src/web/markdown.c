#include "web/markdown.h"

#include "base/check.h"
#include "base/limits.h"

#include <cmark.h>
#include <stdlib.h>

#include "base/banned.h"

enum { LEVEL_LAST = 6 };

/* What stands in the place of a node, around what is inside it. */
static cmark_node *wrapper(const char *before, const char *after)
{
    cmark_node *node = cmark_node_new(CMARK_NODE_CUSTOM_INLINE);
    CHECK(node && cmark_node_set_on_enter(node, before) && cmark_node_set_on_exit(node, after));
    return node;
}

/* Puts `into` where `node` is, with all that is inside it. */
static void replace(cmark_node *node, cmark_node *into)
{
    cmark_node *child;
    while ((child = cmark_node_first_child(node)) != NULL)
        CHECK(cmark_node_append_child(into, child));
    CHECK(cmark_node_replace(node, into));
    cmark_node_free(node);
}

static void replace_link(struct arena *arena, cmark_node *node)
{
    struct url url;
    struct str address = str_from_cstr(cmark_node_get_url(node));
    if (!url_from_str(address, &url)) {
        replace(node, wrapper("", ""));
        return;
    }
    struct sb sb;
    sb_init(&sb, arena, address.len * 6 + 64);
    SB_LIT(&sb, "<a href=\"");
    html_add_escaped(&sb, url.s);
    SB_LIT(&sb, "\" rel=\"noopener\">");
    const char *before = sb_cstr(&sb);
    CHECK(sb_ok(&sb));
    replace(node, wrapper(before, "</a>"));
}

/* HTML that was typed is shown as it was typed. */
static void replace_html(struct arena *arena, cmark_node *node, bool block)
{
    const char *typed = arena_cstr(arena, str_trim(str_from_cstr(cmark_node_get_literal(node))));
    cmark_node *text = cmark_node_new(CMARK_NODE_TEXT);
    CHECK(text && cmark_node_set_literal(text, typed));
    cmark_node *into = text;
    if (block) {
        into = cmark_node_new(CMARK_NODE_PARAGRAPH);
        CHECK(into && cmark_node_append_child(into, text));
    }
    CHECK(cmark_node_replace(node, into));
    cmark_node_free(node);
}

/* The highest heading of the text becomes `first`; none below leaves a level out. */
struct outline {
    int highest;
    int first;
    int last; /* level of the heading before */
};

static void place_heading(struct outline *outline, cmark_node *node)
{
    int level = cmark_node_get_heading_level(node) - outline->highest + outline->first;
    if (level > outline->last + 1) level = outline->last + 1;
    if (level > LEVEL_LAST) level = LEVEL_LAST;
    CHECK(cmark_node_set_heading_level(node, level));
    outline->last = level;
}

static int highest_heading(cmark_node *document)
{
    int highest = LEVEL_LAST;
    cmark_iter *iter = cmark_iter_new(document);
    cmark_event_type event;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (event != CMARK_EVENT_ENTER || cmark_node_get_type(node) != CMARK_NODE_HEADING) continue;
        if (cmark_node_get_heading_level(node) < highest)
            highest = cmark_node_get_heading_level(node);
    }
    cmark_iter_free(iter);
    return highest;
}

/* All that may not stand as it is. A node is replaced when it is left: its inside is done then. */
static void make_safe(struct arena *arena, cmark_node *document, int first_level)
{
    struct outline outline = {highest_heading(document), first_level, first_level - 1};
    cmark_iter *iter = cmark_iter_new(document);
    cmark_event_type event;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(node);
        if (event == CMARK_EVENT_ENTER) {
            if (type == CMARK_NODE_HEADING) place_heading(&outline, node);
            if (type == CMARK_NODE_HTML_INLINE) replace_html(arena, node, false);
            if (type == CMARK_NODE_HTML_BLOCK) replace_html(arena, node, true);
        } else if (type == CMARK_NODE_LINK) {
            replace_link(arena, node);
        } else if (type == CMARK_NODE_IMAGE) {
            replace(node, wrapper("", ""));
        }
    }
    cmark_iter_free(iter);
}

struct result markdown_html(
    struct arena *arena, struct str text, int first_level, struct html *ret_html)
{
    CHECK(first_level >= 1 && first_level <= LEVEL_LAST);
    if (text.len > LIMIT_LEARN_PAGE_BYTES) return result_fail(ERR_LIMIT, "learn-too-long", NULL);
    /* Safe mode is cmark's default since 0.29 (CMARK_OPT_SAFE does nothing, CMARK_OPT_UNSAFE is
     * never given): a second fence behind our own. */
    int options = CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8;
    cmark_node *document = cmark_parse_document(text.len ? text.ptr : "", text.len, options);
    CHECK(document);
    make_safe(arena, document, first_level);
    char *html = cmark_render_html(document, options);
    CHECK(html);
    *ret_html = (struct html){arena_str(arena, str_from_cstr(html))};
    free(html);
    cmark_node_free(document);
    return RESULT_OK;
}

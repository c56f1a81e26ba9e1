/* What browsers and search engines fetch by themselves. */
#include "base/check.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "practice/learn/learn.h"
#include "web/pages/page.h"
#include "web/pages/pages.h"
#include "web/static/assets.h"

#include "base/banned.h"

struct result page_static(struct call *call)
{
    const struct http_asset *asset = asset_find(call->req->path);
    if (!asset) return result_fail(ERR_NOT_FOUND, "no-such-page", NULL);
    call->resp->status = 200;
    call->resp->asset = asset;
    return RESULT_OK;
}

/* Personal pages are not listed here: a list of them would only tell where they are; each of them
 * says noindex itself. */
struct result page_robots(struct call *call)
{
    struct str origin = call_origin(call);
    http_resp_body(call->resp, 200, STR("text/plain; charset=utf-8"),
        arena_printf(call->arena,
            "User-agent: *\nDisallow: /api/\nDisallow: /b/\nDisallow: /c/\nDisallow: /r/\n"
            "Disallow: /staff\n"
            "Sitemap: %.*s/sitemap.xml\n",
            STR_ARG(origin)));
    return RESULT_OK;
}

static void add_place(struct sb *sb, struct str origin, struct str path)
{
    SB_LIT(sb, "<url><loc>");
    html_add_escaped(sb, origin);
    html_add_escaped(sb, path);
    SB_LIT(sb, "</loc>");
    for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
        SB_LIT(sb, "<xhtml:link rel=\"alternate\" hreflang=\"");
        sb_add(sb, tmpl_lang_code(lang));
        SB_LIT(sb, "\" href=\"");
        html_add_escaped(sb, origin);
        html_add_escaped(sb, path);
        SB_LIT(sb, "?lang=");
        sb_add(sb, tmpl_lang_code(lang));
        SB_LIT(sb, "\"/>");
    }
    SB_LIT(sb, "</url>\n");
}

struct result page_sitemap(struct call *call)
{
    const struct practice *p = call->practice;
    struct str origin = call_origin(call);
    struct sb sb;
    sb_init(&sb, call->arena, LIMIT_PAGE_BYTES);
    SB_LIT(&sb, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\""
                " xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n");
    add_place(&sb, origin, STR("/"));
    add_place(&sb, origin, STR("/services"));
    add_place(&sb, origin, STR("/book"));
    for (size_t i = 0; i < p->service_count; i++) {
        struct str path = arena_printf(call->arena, "/book/%.*s", STR_ARG(p->services[i].key));
        add_place(&sb, origin, path);
    }
    add_place(&sb, origin, STR("/learn"));
    struct learn_entries learn;
    TRY(learn_list(call->tx, p->id, call->lang, call->arena, &learn));
    for (size_t i = 0; i < learn.len; i++) {
        if (learn.ptr[i].hidden) continue;
        add_place(&sb, origin, arena_printf(call->arena, "/learn/%.*s", STR_ARG(learn.ptr[i].slug)));
    }
    add_place(&sb, origin, STR("/privacy"));
    SB_LIT(&sb, "</urlset>\n");
    CHECK(sb_ok(&sb));
    http_resp_body(call->resp, 200, STR("application/xml; charset=utf-8"), sb_str(&sb));
    return RESULT_OK;
}

static void add_icon(struct jw *jw, const char *name, const char *sizes, const char *purpose)
{
    jw_object(jw);
    JW_STR(jw, "src", asset_url(str_from_cstr(name)).s);
    JW_STR(jw, "sizes", str_from_cstr(sizes));
    JW_STR(jw, "type", STR("image/png"));
    JW_STR(jw, "purpose", str_from_cstr(purpose));
    jw_object_end(jw);
}

struct result page_manifest(struct call *call)
{
    struct sb sb;
    struct jw jw;
    sb_init(&sb, call->arena, LIMIT_PAGE_BYTES);
    jw_init(&jw, &sb);
    jw_object(&jw);
    JW_STR(&jw, "id", STR("/"));
    JW_STR(&jw, "name", call->practice->name);
    JW_STR(&jw, "short_name", call->practice->name);
    JW_STR(&jw, "lang", tmpl_lang_code(call->lang));
    JW_STR(&jw, "start_url", STR("/"));
    JW_STR(&jw, "display", STR("browser"));
    JW_STR(&jw, "background_color", STR("#fbf8f3"));
    JW_STR(&jw, "theme_color", STR("#fbf8f3"));
    jw_key(&jw, STR("icons"));
    jw_array(&jw);
    add_icon(&jw, "icon-192.png", "192x192", "any");
    add_icon(&jw, "icon-512.png", "512x512", "any");
    add_icon(&jw, "icon-maskable-512.png", "512x512", "maskable");
    jw_array_end(&jw);
    jw_object_end(&jw);
    CHECK(sb_ok(&sb));
    http_resp_body(call->resp, 200, STR("application/manifest+json"), sb_str(&sb));
    http_resp_header(call->resp, STR("Vary"), STR("Cookie, Accept-Language"));
    return RESULT_OK;
}

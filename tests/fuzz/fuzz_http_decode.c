/* Paths, queries, forms and cookies of any bytes: no crash, and what is accepted keeps its
 * promises. */
#include "base/check.h"
#include "http/forms.h"
#include "http/router.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct http_route routes[] = {
    {HTTP_GET, "/", NULL},
    {HTTP_GET, "/a/:b", NULL},
    {HTTP_POST, "/a/:b.c", NULL},
    {HTTP_GET, "/:a/:b/c/:d", NULL},
    {HTTP_GET, "/s/*rest", NULL},
};

static void check_path(struct str path)
{
    CHECK(path.len > 0 && path.ptr[0] == '/');
    CHECK(str_is_text(path, false));
    CHECK(!str_contains(path, STR("//")) && !str_contains(path, STR("/../")));
    CHECK(!str_contains(path, STR("/./")) && !str_ends(path, STR("/..")));
    CHECK(!str_ends(path, STR("/.")) && !str_contains(path, STR("\\")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct router *router;
    if (!router) router = router_new(routes, COUNT_OF(routes));
    struct arena arena = {0};
    char *copy = malloc(size ? size : 1); /* exact, so that a read beyond the end is seen */
    CHECK(copy);
    if (size) memcpy(copy, data, size);
    struct str text = {copy, size};

    struct str path;
    if (result_is_ok(path_decode(text, &arena, &path))) {
        check_path(path);
        router_find(router, HTTP_GET, path, &arena);
        router_find(router, HTTP_PUT, path, &arena);
    }
    struct http_fields fields;
    if (result_is_ok(form_decode(text, 32, &arena, &fields))) {
        CHECK(fields.len <= 32);
        for (size_t i = 0; i < fields.len; i++) {
            CHECK(str_is_text(fields.ptr[i].name, true));
            CHECK(str_is_text(fields.ptr[i].value, true));
        }
    }
    fields = cookies_decode(text, &arena);
    for (size_t i = 0; i < fields.len; i++) {
        CHECK(fields.ptr[i].name.len > 0);
        CHECK(str_is_text(fields.ptr[i].name, false) && str_is_text(fields.ptr[i].value, false));
    }
    free(copy);
    arena_release(&arena);
    return 0;
}

/* The compiled-in files: found by path and by name, and true to what they say of themselves. */
#include "web/static/assets.h"
#include "web/static/asset_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <zlib.h>

#include "base/banned.h"

static void finds_every_file_by_its_path(void **state)
{
    (void)state;
    assert_true(asset_count >= 10);
    for (size_t i = 0; i < asset_count; i++)
        assert_ptr_equal(asset_find(asset_table[i].path), &asset_table[i]);
}

static void finds_nothing_that_is_not_there(void **state)
{
    (void)state;
    assert_null(asset_find(STR("")));
    assert_null(asset_find(STR("/static/")));
    assert_null(asset_find(STR("/static/look.css")));
    assert_null(asset_find(STR("/static/look.00000000.css")));
    assert_null(asset_find(STR("/zzz")));
}

static void names_lead_to_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < asset_count; i++) {
        struct url url = asset_url(asset_names[i].name);
        assert_ptr_equal(asset_find(url.s), &asset_table[asset_names[i].row]);
    }
    assert_true(str_starts(asset_url(STR("look.css")).s, STR("/static/look.")));
    assert_true(str_eq(asset_url(STR("favicon.ico")).s, STR("/favicon.ico")));
    assert_false(asset_find(STR("/favicon.ico"))->immutable);
    assert_true(asset_find(asset_url(STR("book.js")).s)->immutable);
}

/* The stylesheet's fonts are served under the very paths it names. */
static void the_stylesheet_refers_to_files_that_exist(void **state)
{
    (void)state;
    struct str css = asset_find(asset_url(STR("look.css")).s)->plain;
    size_t found = 0;
    for (size_t i = 0; i + 8 < css.len; i++) {
        if (!str_starts(str_slice(css, i, css.len), STR("/static/"))) continue;
        struct str rest = str_slice(css, i, css.len);
        size_t end = 0;
        while (end < rest.len && rest.ptr[end] != '"' && rest.ptr[end] != ')')
            end++;
        assert_non_null(asset_find(str_slice(rest, 0, end)));
        found++;
    }
    assert_true(found >= 4);
    assert_false(str_contains(css, STR("asset:")));
}

static void the_gzip_form_is_the_same_file(void **state)
{
    (void)state;
    const struct http_asset *css = asset_find(asset_url(STR("look.css")).s);
    assert_true(css->gzip.len > 0 && css->gzip.len < css->plain.len);
    assert_true(css->brotli.len > 0 && css->brotli.len < css->gzip.len);
    static unsigned char out[1 << 20];
    z_stream z = {0};
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)css->gzip.ptr;
    z.avail_in = (unsigned)css->gzip.len;
    z.next_out = out;
    z.avail_out = sizeof out;
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(z.total_out, css->plain.len);
    assert_memory_equal(out, css->plain.ptr, css->plain.len);
    inflateEnd(&z);
}

static void tags_differ(void **state)
{
    (void)state;
    for (size_t i = 0; i < asset_count; i++) {
        struct str etag = asset_table[i].etag;
        assert_true(etag.len > 10 && etag.ptr[0] == '"' && etag.ptr[etag.len - 1] == '"');
        for (size_t j = 0; j < i; j++)
            assert_false(str_eq(etag, asset_table[j].etag));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_every_file_by_its_path),
        cmocka_unit_test(finds_nothing_that_is_not_there),
        cmocka_unit_test(names_lead_to_files),
        cmocka_unit_test(the_stylesheet_refers_to_files_that_exist),
        cmocka_unit_test(the_gzip_form_is_the_same_file),
        cmocka_unit_test(tags_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

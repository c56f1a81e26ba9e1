/* What clients send, decoded strictly: paths, queries, forms, multipart, cookies; the router. */
#include "http/forms.h"
#include "http/router.h"
#include "base/sb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/banned.h"

static void assert_str(struct str s, const char *expected)
{
    assert_int_equal(s.len, strlen(expected));
    if (s.len) assert_memory_equal(s.ptr, expected, s.len);
}

static void assert_field(struct http_fields fields, size_t i, const char *name, const char *value)
{
    assert_true(i < fields.len);
    assert_str(fields.ptr[i].name, name);
    assert_str(fields.ptr[i].value, value);
}

static void forms_are_decoded_once(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct http_fields fields;
    struct str text = STR("a=1&b=x+y%2Bz&&c=%C3%A9&d&=e&b=%2525&f=a=b");
    assert_true(result_is_ok(form_decode(text, 10, &arena, &fields)));
    assert_int_equal(fields.len, 7);
    assert_field(fields, 0, "a", "1");
    assert_field(fields, 1, "b", "x y+z");
    assert_field(fields, 2, "c", "\xC3\xA9");
    assert_field(fields, 3, "d", "");
    assert_field(fields, 4, "", "e");
    assert_field(fields, 5, "b", "%25");
    assert_field(fields, 6, "f", "a=b");
    assert_str(http_fields_get(fields, STR("b")), "x y+z");
    assert_true(http_fields_has(fields, STR("d")));
    assert_false(http_fields_has(fields, STR("D")));
    assert_true(result_is_ok(form_decode(STR(""), 0, &arena, &fields)));
    assert_int_equal(fields.len, 0);
    arena_release(&arena);
}

static void bad_forms_are_refused(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct http_fields fields = {NULL, 77};
    const struct str bad[] = {STR("a=%"), STR("a=%2"), STR("a=%zz"), STR("%=1"), STR("a=%00"),
        STR("a=%ff"), STR("a=%C0%AF"), STR("a=%ED%A0%80"), {"a=\0", 3}, STR("a=\xE9")};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(form_decode(bad[i], 10, &arena, &fields).code, ERR_SYNTAX);
    assert_int_equal(form_decode(STR("a&b&c"), 2, &arena, &fields).code, ERR_LIMIT);
    assert_int_equal(fields.len, 77); /* untouched */
    arena_release(&arena);
}

static void paths_are_plain_or_refused(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct str path = {0};
    const struct {
        const char *raw;
        const char *path;
    } good[] = {{"/", "/"}, {"/a/b", "/a/b"}, {"/a/", "/a/"},
        {"/a.b/.well-known", "/a.b/.well-known"}, {"/%61", "/a"}, {"/a%20b", "/a b"},
        {"/Zo%C3%AB", "/Zo\xC3\xAB"}, {"/a+b", "/a+b"}, {"/%2525", "/%25"}, {"/...", "/..."},
        {"/a..b", "/a..b"}, {"/~x;y=1", "/~x;y=1"}};
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(result_is_ok(path_decode(str_from_cstr(good[i].raw), &arena, &path)));
        assert_str(path, good[i].path);
    }
    const struct str bad[] = {STR(""), STR("a"), STR("//"), STR("//a"), STR("/a//b"), STR("/."),
        STR("/.."), STR("/../a"), STR("/a/../b"), STR("/a/."), STR("/a/./b"), STR("/%2e%2E/a"),
        STR("/.%2e"), STR("/a%2fb"), STR("/a%2Fb"), STR("/a%5cb"), STR("/a\\b"), STR("/%00"),
        STR("/a%0ab"), STR("/a%7f"), STR("/%"), STR("/%1"), STR("/%g0"), STR("/%C0%AF"),
        STR("/%ff"), {"/\0", 2}, STR("/a/%2e/b"), STR("*")};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(path_decode(bad[i], &arena, &path).code, ERR_SYNTAX);
    arena_release(&arena);
}

static void cookies_drop_what_is_wrong(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct http_fields fields =
        cookies_decode(STR("a=1; b=\"q\";c=x=y ; bad; =no; d=a b; e=; f=a,b; g=\"; a=2;"), &arena);
    assert_int_equal(fields.len, 5);
    assert_field(fields, 0, "a", "1");
    assert_field(fields, 1, "b", "q");
    assert_field(fields, 2, "c", "x=y");
    assert_field(fields, 3, "e", "");
    assert_field(fields, 4, "a", "2");
    assert_int_equal(cookies_decode(STR(""), &arena).len, 0);
    arena_release(&arena);
}

static const char FORM_TYPE[] = "multipart/form-data; boundary=XX";

static struct result decode_parts(
    const char *type, const char *body, struct arena *arena, struct form_parts *ret_parts)
{
    return multipart_decode(str_from_cstr(type), str_from_cstr(body), arena, ret_parts);
}

static void multipart_in_parts(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct form_parts parts;
    const char *body = "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none --XX\r\n"
                       "\r\n--XX\r\ncontent-type: text/csv\r\nCONTENT-DISPOSITION: form-data;"
                       " filename=\"a \\\"b\\\"; c.csv\"; name=file\r\n\r\n\r\n\r\n\r\n--XX\r\n"
                       "Content-Disposition: form-data; name=\"\"\r\n\r\n\r\n--XX--\r\n";
    assert_true(result_is_ok(decode_parts(FORM_TYPE, body, &arena, &parts)));
    assert_int_equal(parts.len, 3);
    assert_str(parts.ptr[0].name, "a");
    assert_str(parts.ptr[0].body, "one --XX\r\n");
    assert_str(parts.ptr[1].name, "file");
    assert_str(parts.ptr[1].filename, "a \"b\"; c.csv");
    assert_str(parts.ptr[1].type, "text/csv");
    assert_str(parts.ptr[1].body, "\r\n\r\n");
    assert_str(parts.ptr[2].name, "");
    assert_str(parts.ptr[2].body, "");
    assert_true(result_is_ok(decode_parts(
        "Multipart/Form-Data;charset=utf-8; Boundary=\"XX\"", "--XX--", &arena, &parts)));
    assert_int_equal(parts.len, 0);
    arena_release(&arena);
}

static void bad_multipart_is_refused(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct form_parts parts = {NULL, 77};
    const struct {
        const char *type;
        const char *body;
    } bad[] = {{"text/plain", "--XX--"}, {"multipart/form-data", "--XX--"},
        {"multipart/form-data; boundary=", "--"}, {"multipart/form-data; boundary=\"XX", "--XX--"},
        {"multipart/form-data; boundary=X; boundary=Y", "--X--"}, {FORM_TYPE, ""},
        {FORM_TYPE, "--XX"}, {FORM_TYPE, "preamble\r\n--XX--"}, {FORM_TYPE, "--XX--trailing"},
        {FORM_TYPE, "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--XXX\r\n--XX--"},
        {FORM_TYPE, "--XX\r\n\r\nno headers\r\n--XX--"},
        {FORM_TYPE, "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end"},
        {FORM_TYPE, "--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XX--"},
        {FORM_TYPE, "--XX\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--XX--"},
        {FORM_TYPE, "--XX\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nx\r\n--XX--"},
        {FORM_TYPE, "--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--XX--"},
        {FORM_TYPE, "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n\xFF\r\n--XX--"},
        {FORM_TYPE, "--XX\r\nContent-Disposition: form-data; name=\"\xFF\"\r\n\r\nx\r\n--XX--"},
        {FORM_TYPE, "--XX\nContent-Disposition: form-data; name=a\n\nx\n--XX--"},
        {FORM_TYPE, "--XX\r\nContent-Disposition: form-data; name=a\r\n"
                    "Content-Transfer-Encoding: base64\r\n\r\neA==\r\n--XX--"}};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(decode_parts(bad[i].type, bad[i].body, &arena, &parts).code, ERR_SYNTAX);
    }
    struct sb sb;
    sb_init(&sb, &arena, 100000);
    for (int i = 0; i < 17; i++)
        SB_LIT(&sb, "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n");
    SB_LIT(&sb, "--XX--");
    assert_int_equal(decode_parts(FORM_TYPE, sb_cstr(&sb), &arena, &parts).code, ERR_LIMIT);
    assert_int_equal(parts.len, 77);
    arena_release(&arena);
}

static const int data[12];
static const struct http_route routes[] = {
    {HTTP_GET, "/", &data[0]},
    {HTTP_GET, "/clients", &data[1]},
    {HTTP_POST, "/clients", &data[2]},
    {HTTP_GET, "/clients/new", &data[3]},
    {HTTP_GET, "/clients/:id", &data[4]},
    {HTTP_DELETE, "/clients/:id", &data[5]},
    {HTTP_GET, "/clients/:id/notes/:note", &data[6]},
    {HTTP_GET, "/b/:token", &data[7]},
    {HTTP_GET, "/b/:token.ics", &data[8]},
    {HTTP_GET, "/static/*path", &data[9]},
    {HTTP_GET, "/:page/about", &data[10]},
};

struct expected {
    enum http_method method;
    const char *path;
    int row; /* -1: none, -2: 405 */
    const char *first;
    const char *second;
};

static void routes_are_found(void **state)
{
    (void)state;
    struct router *router = router_new(routes, COUNT_OF(routes));
    const struct expected cases[] = {{HTTP_GET, "/", 0, NULL, NULL},
        {HTTP_HEAD, "/clients", 1, NULL, NULL}, {HTTP_POST, "/clients", 2, NULL, NULL},
        {HTTP_GET, "/clients/new", 3, NULL, NULL}, {HTTP_GET, "/clients/7", 4, "7", NULL},
        {HTTP_DELETE, "/clients/new", 5, "new", NULL},
        {HTTP_GET, "/clients/7/notes/8", 6, "7", "8"}, {HTTP_GET, "/b/abc", 7, "abc", NULL},
        {HTTP_GET, "/b/abc.ics", 8, "abc", NULL}, {HTTP_GET, "/b/.ics", 7, ".ics", NULL},
        {HTTP_GET, "/b/a.ics.ics", 8, "a.ics", NULL},
        {HTTP_GET, "/static/a/b.css", 9, "a/b.css", NULL},
        {HTTP_GET, "/clients/about", 4, "about", NULL}, {HTTP_GET, "/x/about", 10, "x", NULL},
        {HTTP_GET, "/static", -1, NULL, NULL}, {HTTP_GET, "/static/", -1, NULL, NULL},
        {HTTP_GET, "/clients/", -1, NULL, NULL}, {HTTP_GET, "/client", -1, NULL, NULL},
        {HTTP_GET, "/clients/7/notes", -1, NULL, NULL}, {HTTP_GET, "", -1, NULL, NULL},
        {HTTP_GET, "*", -1, NULL, NULL}, {HTTP_PUT, "/clients", -2, "GET, HEAD, POST", NULL},
        {HTTP_POST, "/clients/7", -2, "GET, HEAD, DELETE", NULL},
        {HTTP_POST, "/b/a.ics", -2, "GET, HEAD", NULL}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena = {0};
        const struct expected *want = &cases[i];
        struct router_match match =
            router_find(router, want->method, str_from_cstr(want->path), &arena);
        if (want->row < 0) {
            assert_null(match.route);
            assert_int_equal(match.path_known, want->row == -2);
            if (want->row == -2) assert_str(match.allow, want->first);
        } else {
            assert_non_null(match.route);
            assert_ptr_equal(match.route->data, &data[want->row]);
            size_t count = (want->first ? 1 : 0) + (want->second ? 1 : 0);
            assert_int_equal(match.params.len, count);
            if (want->first) assert_str(match.params.ptr[0].value, want->first);
            if (want->second) assert_field(match.params, 1, "note", want->second);
        }
        arena_release(&arena);
    }
    router_free(router);
}

static void responses_hold_headers(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct http_resp resp = {0};
    http_resp_redirect(&resp, STR("/clients/7"));
    assert_int_equal(resp.status, 303);
    assert_str(resp.headers[0].value, "/clients/7");
    http_resp_clear(&resp);
    assert_int_equal(resp.header_count, 0);
    assert_int_equal(resp.status, 0);
    assert_str(http_date(&arena, INT64_C(784111777000000)), "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_string_equal(http_status_text(413), "Content Too Large");
    struct http_field field = {STR_INIT("Content-Type"), STR_INIT("text/plain")};
    struct http_req req = {.headers = {&field, 1}};
    assert_str(http_header(&req, STR("content-TYPE")), "text/plain");
    assert_str(http_header(&req, STR("content")), "");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_are_decoded_once),
        cmocka_unit_test(bad_forms_are_refused),
        cmocka_unit_test(paths_are_plain_or_refused),
        cmocka_unit_test(cookies_drop_what_is_wrong),
        cmocka_unit_test(multipart_in_parts),
        cmocka_unit_test(bad_multipart_is_refused),
        cmocka_unit_test(routes_are_found),
        cmocka_unit_test(responses_hold_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

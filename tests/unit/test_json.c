/* Reading JSON: what is refused, and what the typed readers say about a document. */
#include "base/json.h"
#include "base/limits.h"
#include "base/sb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

static struct arena arena;

static int clear(void **state)
{
    (void)state;
    arena_reset(&arena);
    return 0;
}

static const struct json *parse(const char *text)
{
    const struct json *json = NULL;
    struct result result = json_parse(&arena, str_from_cstr(text), &json);
    if (!result_is_ok(result)) fail_msg("%s: %s", text, result.detail);
    return json;
}

static void assert_refused(struct str text)
{
    const struct json *json = NULL;
    struct result result = json_parse(&arena, text, &json);
    if (result.code != ERR_SYNTAX) fail_msg("not refused: %.*s", STR_ARG(text));
    assert_null(json);
    assert_true(str_is_text(str_from_cstr(result.detail), false));
    assert_true(strlen(result.detail) > 0);
}

static void assert_str(struct str s, const char *expected)
{
    assert_int_equal(s.len, strlen(expected));
    assert_memory_equal(s.ptr, expected, s.len);
}

static void assert_problem(
    const struct problem *problem, const char *field, const char *code, const char *arg)
{
    assert_non_null(problem);
    assert_str(problem->field, field);
    assert_string_equal(problem->code, code);
    assert_str(problem->arg, arg);
}

static void values_are_copied(void **state)
{
    (void)state;
    const struct json *json =
        parse("{\"a\":[1,-9223372036854775808,true,false,null,\"Zo\\u00eb \\ud83d\\ude42\",1.5],"
              "\"b\":{}}");
    assert_int_equal(json->kind, JSON_OBJECT);
    assert_int_equal(json->count, 2);
    assert_str(json->items[1].key, "b");
    assert_int_equal(json->items[1].kind, JSON_OBJECT);
    assert_int_equal(json->items[1].count, 0);
    const struct json *a = json_member(json, STR("a"));
    assert_ptr_equal(a, &json->items[0]);
    assert_int_equal(a->kind, JSON_ARRAY);
    assert_int_equal(a->count, 7);
    assert_int_equal(a->items[0].integer, 1);
    assert_true(a->items[1].integer == INT64_MIN);
    assert_int_equal(a->items[2].kind, JSON_BOOL);
    assert_true(a->items[2].boolean);
    assert_false(a->items[3].boolean);
    assert_int_equal(a->items[4].kind, JSON_NULL);
    assert_str(a->items[5].string, "Zoë 🙂");
    assert_int_equal(a->items[6].kind, JSON_REAL);
    assert_true(a->items[6].real > 1.49 && a->items[6].real < 1.51);
    assert_null(json_member(json, STR("c")));
    assert_null(json_member(a, STR("a")));
    assert_null(json_member(NULL, STR("a")));
}

static void what_is_not_json_is_refused(void **state)
{
    (void)state;
    const struct str bad[] = {STR(""), STR(" "), STR("1"), STR("\"a\""), STR("null"), STR("{"),
        STR("[1,]"), STR("{\"a\":1,}"), STR("{\"a\":1,\"a\":2}"), STR("{'a':1}"), STR("[1] x"),
        STR("[9223372036854775808]"), STR("[-9223372036854775809]"), STR("[1e999]"), STR("[01]"),
        STR("[NaN]"), STR("[\"\\u0000\"]"), STR("[\"\\ud800\"]"), STR("[\"\xC0\x80\"]"),
        STR("[\"\xFF\"]"), STR("[\"a\nb\"]"), STR("// a\n[]"), STR("[\"\0\"]"), STR("{\"j\":-5\0}"),
        STR("{\"\\u0000\":1}"), STR("\xEF\xBB\xBF[]"), STR("[\"\xED\xA0\x80\"]")};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_refused(bad[i]);
    assert_refused((struct str){0});
    assert_refused((struct str){"[1]\0", 4});
}

static void the_place_of_an_error_is_told(void **state)
{
    (void)state;
    const struct json *json = NULL;
    struct result result = json_parse(&arena, STR("{\n  \"a\": 1,\n  \"b\" 2\n}"), &json);
    assert_int_equal(result.code, ERR_SYNTAX);
    assert_non_null(strstr(result.detail, "line 3 column "));
}

static void depth_is_limited(void **state)
{
    (void)state;
    char text[200];
    for (int depth = LIMIT_JSON_DEPTH - 1; depth <= LIMIT_JSON_DEPTH + 1; depth++) {
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        struct str s = {text, (size_t)depth * 2};
        const struct json *json = NULL;
        bool ok = result_is_ok(json_parse(&arena, s, &json));
        assert_int_equal(ok, depth <= LIMIT_JSON_DEPTH);
    }
    struct sb sb;
    sb_init(&sb, &arena, 1 << 20);
    for (int i = 0; i < 200000; i++)
        SB_LIT(&sb, "[");
    assert_refused(sb_str(&sb));
}

static void the_number_of_values_is_limited(void **state)
{
    (void)state;
    struct sb sb;
    sb_init(&sb, &arena, 4 << 20);
    SB_LIT(&sb, "[0");
    for (size_t i = 0; i < LIMIT_JSON_VALUES; i++)
        SB_LIT(&sb, ",0");
    SB_LIT(&sb, "]");
    assert_refused(sb_str(&sb));
}

static void members_are_read(void **state)
{
    (void)state;
    struct problems problems;
    problems_init(&problems, &arena);
    struct json_object root;
    assert_true(
        json_enter(parse("{\"name\":\"Ana\",\"n\":7,\"on\":true,\"list\":[1,2],\"in\":{\"x\":1},"
                         "\"none\":null,\"empty\":\"\",\"lines\":\"a\\nb\"}"),
            (struct str){0}, &problems, &root));
    assert_str(json_get_str(&root, "name", JSON_REQUIRED, 3), "Ana");
    assert_int_equal(json_get_i64(&root, "n", JSON_REQUIRED, 7, 7, 0), 7);
    assert_true(json_get_bool(&root, "on", false));
    assert_int_equal(json_get_array(&root, "list", JSON_REQUIRED, 2)->count, 2);
    assert_non_null(json_get_object(&root, "in", JSON_REQUIRED));
    assert_false(json_has(&root, "none"));
    assert_false(json_has(&root, "nowhere"));
    assert_true(json_has(&root, "name"));
    assert_str(json_get_str(&root, "none", JSON_OPTIONAL, 3), "");
    assert_str(json_get_str(&root, "empty", JSON_OPTIONAL, 3), "");
    assert_str(json_get_str(&root, "lines", JSON_REQUIRED, 3), "a\nb");
    assert_int_equal(json_get_i64(&root, "none", JSON_OPTIONAL, 1, 9, 42), 42);
    assert_true(json_get_bool(&root, "nowhere", true));
    assert_null(json_get_array(&root, "nowhere", JSON_OPTIONAL, 2));
    assert_null(json_get_object(&root, "none", JSON_OPTIONAL));
    json_leave(&root);
    assert_int_equal(problems.count, 0);
}

static void problems_are_collected(void **state)
{
    (void)state;
    struct problems problems;
    problems_init(&problems, &arena);
    struct json_object root;
    assert_true(
        json_enter(parse("{\"s\":1,\"long\":\"Zoëë\",\"blank\":\" \\n\",\"bell\":\"a\\u0007\","
                         "\"tab\":\"\\t\",\"c1\":\"\\u009b\",\"i\":1.0,\"big\":10,"
                         "\"b\":0,\"a\":{},\"many\":[1,2,3],\"o\":[],\"extra\":1}"),
            STR("t[0]"), &problems, &root));
    json_get_str(&root, "s", JSON_OPTIONAL, 3);
    json_get_str(&root, "long", JSON_OPTIONAL, 3);
    json_get_str(&root, "blank", JSON_REQUIRED, 3);
    json_get_str(&root, "bell", JSON_OPTIONAL, 3);
    json_get_str(&root, "tab", JSON_OPTIONAL, 3);
    json_get_str(&root, "c1", JSON_OPTIONAL, 3);
    assert_int_equal(json_get_i64(&root, "i", JSON_OPTIONAL, 0, 3, 2), 0);
    assert_int_equal(json_get_i64(&root, "big", JSON_OPTIONAL, -3, 9, 2), 0);
    assert_false(json_get_bool(&root, "b", true));
    assert_null(json_get_array(&root, "a", JSON_OPTIONAL, 2));
    assert_null(json_get_array(&root, "many", JSON_OPTIONAL, 2));
    assert_null(json_get_object(&root, "o", JSON_OPTIONAL));
    json_get_str(&root, "gone", JSON_REQUIRED, 3);
    assert_int_equal(json_get_i64(&root, "gone", JSON_REQUIRED, 1, 2, 1), 0);
    json_leave(&root);

    static const char *const expected[][3] = {{"t[0].s", "not-a-string", ""},
        {"t[0].long", "too-long", "3"}, {"t[0].blank", "required", ""},
        {"t[0].bell", "bad-text", ""}, {"t[0].tab", "bad-text", ""}, {"t[0].c1", "bad-text", ""},
        {"t[0].i", "not-an-integer", ""}, {"t[0].big", "out-of-range", "-3 to 9"},
        {"t[0].b", "not-a-boolean", ""}, {"t[0].a", "not-an-array", ""},
        {"t[0].many", "too-many", "2"}, {"t[0].o", "not-an-object", ""},
        {"t[0].gone", "required", ""}, {"t[0].gone", "required", ""},
        {"t[0].extra", "unknown-field", ""}};
    assert_int_equal(problems.count, COUNT_OF(expected));
    const struct problem *problem = problems.first;
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        assert_problem(problem, expected[i][0], expected[i][1], expected[i][2]);
        problem = problem->next;
    }
}

static void only_objects_are_entered(void **state)
{
    (void)state;
    struct problems problems;
    problems_init(&problems, &arena);
    struct json_object root;
    assert_false(json_enter(parse("[1]"), STR("x"), &problems, &root));
    assert_problem(problems.first, "x", "not-an-object", "");
    assert_false(json_enter(NULL, STR("y"), &problems, &root));
    assert_problem(problems.last, "y", "not-an-object", "");

    for (int members = 256; members <= 257; members++) {
        struct sb sb;
        sb_init(&sb, &arena, 1 << 16);
        for (int i = 0; i < members; i++)
            sb_addf(&sb, "%c\"m%d\":%d", i ? ',' : '{', i, i);
        SB_LIT(&sb, "}");
        problems_init(&problems, &arena);
        bool ok = json_enter(parse(sb_cstr(&sb)), STR("z"), &problems, &root);
        assert_int_equal(ok, members == 256);
        if (!ok) {
            assert_problem(problems.first, "z", "too-many", "256");
            continue;
        }
        for (int i = 0; i < members - 1; i++) {
            char key[8];
            snprintf(key, sizeof key, "m%d", i);
            assert_int_equal(json_get_i64(&root, key, JSON_REQUIRED, 0, 300, 0), i);
        }
        json_leave(&root);
        assert_int_equal(problems.count, 1);
        assert_problem(problems.first, "z.m255", "unknown-field", "");
    }
}

static void paths(void **state)
{
    (void)state;
    struct problems problems;
    problems_init(&problems, &arena);
    struct json_object root;
    assert_true(json_enter(parse("{}"), (struct str){0}, &problems, &root));
    assert_str(json_path(&root, "a"), "a");
    struct str path = json_path_index(&arena, STR("therapists"), 12);
    assert_str(path, "therapists[12]");
    root.path = path;
    assert_str(json_path(&root, "to"), "therapists[12].to");
    json_problem(&root, "to", "before-from", STR("09:00"));
    assert_problem(problems.first, "therapists[12].to", "before-from", "09:00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(values_are_copied, clear),
        cmocka_unit_test_teardown(what_is_not_json_is_refused, clear),
        cmocka_unit_test_teardown(the_place_of_an_error_is_told, clear),
        cmocka_unit_test_teardown(depth_is_limited, clear),
        cmocka_unit_test_teardown(the_number_of_values_is_limited, clear),
        cmocka_unit_test_teardown(members_are_read, clear),
        cmocka_unit_test_teardown(problems_are_collected, clear),
        cmocka_unit_test_teardown(only_objects_are_entered, clear),
        cmocka_unit_test_teardown(paths, clear),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}

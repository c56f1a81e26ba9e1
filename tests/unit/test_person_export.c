/* Cells of the CSV that clients take along: RFC 4180, and nothing that a spreadsheet would run. */
#include "interop/person_export.h"

#include "base/sb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/banned.h"

static void cells(void **state)
{
    (void)state;
    static const struct {
        struct str text;
        struct str cell;
    } cases[] = {
        {STR_INIT(""), STR_INIT("")},
        {STR_INIT("stairs"), STR_INIT("stairs")},
        {STR_INIT("climbing stairs"), STR_INIT("climbing stairs")},
        {STR_INIT("stairs, slowly"), STR_INIT("\"stairs, slowly\"")},
        {STR_INIT("a;b"), STR_INIT("\"a;b\"")},
        {STR_INIT("the \"good\" leg"), STR_INIT("\"the \"\"good\"\" leg\"")},
        {STR_INIT("two\nlines"), STR_INIT("\"two\nlines\"")},
        {STR_INIT("=1+2"), STR_INIT("\"'=1+2\"")},
        {STR_INIT("+1"), STR_INIT("\"'+1\"")},
        {STR_INIT("-1"), STR_INIT("\"'-1\"")},
        {STR_INIT("@sum(a)"), STR_INIT("\"'@sum(a)\"")},
        {STR_INIT("\tx"), STR_INIT("\"'\tx\"")},
        {STR_INIT("=a\"b"), STR_INIT("\"'=a\"\"b\"")},
        {STR_INIT("a=b"), STR_INIT("a=b")},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char buffer[100];
        struct sb sb;
        sb_init_fixed(&sb, buffer, sizeof buffer);
        person_export_cell(&sb, cases[i].text);
        assert_true(sb_ok(&sb));
        assert_int_equal(sb.len, cases[i].cell.len);
        assert_memory_equal(sb.ptr, cases[i].cell.ptr, sb.len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

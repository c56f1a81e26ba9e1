/* The practice file: every problem has its path; apply is exact, whole and says what it changed. */
#include "practice_fixture.h"

static const char *const good =
    "{\"slug\":\"p\",\"name\":\"P\",\"timezone\":\"America/New_York\",\"currency\":\"USD\","
    "\"rooms\":[{\"id\":\"r1\",\"name\":\"Room\"}],"
    "\"therapists\":[{\"id\":\"ana\",\"name\":\"Ana\",\"hours\":[{\"days\":[\"mon\"],\"from\":\"09:"
    "00\","
    "\"to\":\"17:00\"}],\"exceptions\":[{\"date\":\"2026-12-24\",\"closed\":true}]}],"
    "\"services\":[{\"id\":\"s\",\"name\":\"S\",\"minutes\":60,\"price\":\"95.00\",\"therapists\":["
    "\"ana\"],"
    "\"rooms\":[\"r1\"]}]}";

/* `good` with one piece replaced. */
static char *with(const char *old, const char *replacement)
{
    static char text[4096];
    const char *found = strstr(good, old);
    if (!found) fail_msg("the good file has no %s", old);
    snprintf(
        text, sizeof text, "%.*s%s%s", (int)(found - good), good, replacement, found + strlen(old));
    return text;
}

static void expect_problem(const char *json, const char *field, const char *code)
{
    struct arena arena = {0};
    struct problems problems;
    problems_init(&problems, &arena);
    const struct practice *practice = NULL;
    struct result result = setup_parse(str_from_cstr(json), &arena, &problems, &practice);
    assert_int_equal(result.code, ERR_INVALID);
    assert_null(practice);
    bool found = false;
    for (struct problem *p = problems.first; p; p = p->next)
        found = found || (str_eq(p->field, str_from_cstr(field)) && strcmp(p->code, code) == 0);
    if (!found) {
        for (struct problem *p = problems.first; p; p = p->next)
            print_error("got %.*s: %s\n", STR_ARG(p->field), p->code);
        fail_msg("no problem %s at %s", code, field);
    }
    arena_release(&arena);
}

static void every_problem_names_its_path(void **state)
{
    (void)state;
    expect_problem(with("\"slug\":\"p\"", "\"slug\":\"P p\""), "slug", "not-a-key");
    expect_problem(with("\"slug\":\"p\",", ""), "slug", "required");
    expect_problem(
        with("\"name\":\"P\"", "\"name\":\"P\",\"colour\":1"), "colour", "unknown-field");
    expect_problem(with("America/New_York", "Mars/Olympus"), "timezone", "unknown-zone");
    expect_problem(with("\"USD\"", "\"usd\""), "currency", "not-a-currency");
    expect_problem(with("\"to\":\"17:00\"", "\"to\":\"08:00\""), "therapists[0].hours[0].to",
        "ends-before-start");
    expect_problem(
        with("\"to\":\"17:00\"", "\"to\":\"25:00\""), "therapists[0].hours[0].to", "not-a-time");
    expect_problem(with("\"days\":[\"mon\"]", "\"days\":[\"monday\"]"),
        "therapists[0].hours[0].days[0]", "not-a-day");
    expect_problem(with("\"days\":[\"mon\"]", "\"days\":[\"mon\",\"mon\"]"),
        "therapists[0].hours[0].days[1]", "duplicate");
    expect_problem(
        with("2026-12-24", "2026-12-32"), "therapists[0].exceptions[0].date", "not-a-date");
    expect_problem(with("\"closed\":true", "\"closed\":true,\"from\":\"09:00\""),
        "therapists[0].exceptions[0].from", "closed-has-times");
    expect_problem(with("{\"id\":\"r1\",\"name\":\"Room\"}",
                       "{\"id\":\"r1\",\"name\":\"Room\"},{\"id\":\"r1\",\"name\":\"Other\"}"),
        "rooms[1].id", "duplicate");
    expect_problem(with("\"therapists\":[\"ana\"]", "\"therapists\":[\"ben\"]"),
        "services[0].therapists[0]", "unknown-id");
    expect_problem(with("\"therapists\":[\"ana\"]", "\"therapists\":[]"), "services[0].therapists",
        "required");
    expect_problem(
        with("\"price\":\"95.00\"", "\"price\":\"95.001\""), "services[0].price", "not-money");
    expect_problem(
        with("\"minutes\":60", "\"minutes\":\"60\""), "services[0].minutes", "not-an-integer");
    expect_problem(with("\"rooms\":[\"r1\"]", "\"rooms\":[\"r1\"],\"x\":{}"), "services[0].x",
        "unknown-field");
    expect_problem(with("\"hours\":[{", "\"hours\":[{\"days\":[\"mon\"],\"from\":\"16:00\",\"to\":"
                                        "\"18:00\"},{"),
        "therapists[0].hours", "periods-overlap");
    expect_problem(
        with("{\"date\":\"2026-12-24\",\"closed\":true}",
            "{\"date\":\"2026-12-24\",\"closed\":true},{\"date\":\"2026-12-24\",\"from\":"
            "\"09:00\",\"to\":\"10:00\"}"),
        "therapists[0].exceptions", "closed-and-open");
}

static struct setup_changes apply(struct fixture *f, const char *json)
{
    struct problems problems;
    problems_init(&problems, &f->arena);
    const struct practice *file;
    struct setup_changes changes;
    assert_ok(setup_parse(str_from_cstr(json), &f->arena, &problems, &file));
    assert_ok(tx_begin_write(f->conn, &f->tx));
    assert_ok(setup_apply(&f->tx, file, 0, &f->arena, &changes));
    assert_ok(tx_commit(&f->tx));
    return changes;
}

static void apply_says_what_changed_and_nothing_twice(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, good, "2026-03-01T12:00:00Z");
    struct setup_changes changes = apply(&f, good);
    assert_int_equal(changes.count, 0);
    assert_false(changes.created);

    changes = apply(&f, with("\"to\":\"17:00\"", "\"to\":\"18:00\""));
    assert_int_equal(changes.count, 1);
    assert_true(str_eq(changes.lines[0], STR("therapist ana: hours changed")));

    changes = apply(&f, with("\"price\":\"95.00\"", "\"price\":\"99.00\""));
    assert_int_equal(changes.count, 2); /* hours back, price */

    changes = apply(&f, with("{\"id\":\"r1\",\"name\":\"Room\"}",
                            "{\"id\":\"r2\",\"name\":\"Room\"},{\"id\":\"r1\",\"name\":\"Room\"}"));
    const struct practice *practice;
    assert_ok(tx_begin_read(f.conn, &f.tx));
    assert_ok(setup_load(&f.tx, changes.id, &f.arena, &practice));
    assert_int_equal(practice->room_count, 2);
    assert_true(str_eq(practice->rooms[0].key, STR("r2")));
    assert_int_equal(practice->services[0].price.minor, 9500);
    tx_rollback(&f.tx);

    /* Gone from the file: kept, offers nothing; back again: the same resource. */
    changes = apply(&f, good);
    int64_t revision;
    assert_ok(tx_begin_read(f.conn, &f.tx));
    assert_ok(setup_load(&f.tx, changes.id, &f.arena, &practice));
    assert_int_equal(practice->room_count, 1);
    assert_ok(setup_revision(&f.tx, changes.id, &revision));
    assert_int_equal(revision, practice->revision);
    tx_rollback(&f.tx);
    fixture_close(&f);
}

static void written_file_reads_back_equal(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, good, "2026-03-01T12:00:00Z");
    struct sb sb;
    sb_init(&sb, &f.arena, 100000);
    struct jw jw;
    jw_init(&jw, &sb);
    setup_write(&jw, f.env.practice);
    assert_int_equal(apply(&f, sb_cstr(&sb)).count, 0);
    fixture_close(&f);
}

static const struct practice *parsed(const char *json, struct arena *arena)
{
    struct problems problems;
    problems_init(&problems, arena);
    const struct practice *practice;
    assert_ok(setup_parse(str_from_cstr(json), arena, &problems, &practice));
    return practice;
}

/* Words in other languages: read, kept, written as they were, and the own ones where there are
 * none. */
static void services_in_other_languages(void **state)
{
    (void)state;
    struct fixture f;
    const char *spanish = with("\"name\":\"S\"",
        "\"name\":\"S\",\"description\":\"D\",\"translations\":{\"es\":{\"name\":\"E\"}}");
    fixture_open(&f, spanish, "2026-03-01T12:00:00Z");
    const struct service *s = &f.env.practice->services[0];
    assert_true(str_eq(service_name(s, LANG_ES), STR("E")));
    assert_true(str_eq(service_name(s, LANG_EN), STR("S")));
    assert_true(str_eq(service_description(s, LANG_ES), STR("D")));
    struct sb sb;
    struct jw jw;
    sb_init(&sb, &f.arena, 10000);
    jw_init(&jw, &sb);
    setup_write(&jw, f.env.practice);
    assert_true(str_contains(sb_str(&sb), STR("\"translations\":{\"es\":{\"name\":\"E\"}}")));

    struct setup_changes changes;
    struct str name;
    struct str key;
    assert_ok(tx_begin_write(f.conn, &f.tx));
    assert_ok(setup_apply(
        &f.tx, parsed(spanish, &f.arena), at("2026-03-01T12:00:00Z"), &f.arena, &changes));
    assert_int_equal(changes.count, 0); /* the same again changes nothing */
    assert_ok(setup_service_name(&f.tx, f.env.practice->id, s->id, LANG_ES, &f.arena, &name, &key));
    assert_true(str_eq(name, STR("E")));
    assert_ok(
        setup_apply(&f.tx, parsed(good, &f.arena), at("2026-03-01T12:00:00Z"), &f.arena, &changes));
    assert_int_equal(changes.count, 1);
    assert_true(str_eq(changes.lines[0], STR("service s: changed")));
    assert_ok(setup_service_name(&f.tx, f.env.practice->id, s->id, LANG_ES, &f.arena, &name, &key));
    assert_true(str_eq(name, STR("S")));
    assert_ok(
        setup_name_of_key(&f.tx, f.env.practice->id, STR("room"), STR("r1"), &f.arena, &name));
    assert_true(str_eq(name, STR("Room")));
    assert_ok(
        setup_name_of_key(&f.tx, f.env.practice->id, STR("therapist"), STR("r1"), &f.arena, &name));
    assert_int_equal(name.len, 0);
    fixture_close(&f);
    expect_problem(with("\"name\":\"S\"", "\"name\":\"S\",\"translations\":{\"xx\":{}}"),
        "services[0].translations.xx", "unknown-field");
    expect_problem(with("\"name\":\"S\"", "\"name\":\"S\",\"translations\":{\"es\":{\"nom\":1}}"),
        "services[0].translations.es.nom", "unknown-field");
    expect_problem(with("\"name\":\"S\"", "\"name\":\"S\",\"translations\":{\"es\":{\"name\":1}}"),
        "services[0].translations.es.name", "not-a-string");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_problem_names_its_path),
        cmocka_unit_test(apply_says_what_changed_and_nothing_twice),
        cmocka_unit_test(written_file_reads_back_equal),
        cmocka_unit_test(services_in_other_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

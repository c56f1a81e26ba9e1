/* What clients said: entries, adverse events, new keys, merging and deleting. */
#include "care_fixture.h"
#include "practice/care/sealed.h"

static int64_t say(struct care *c, const char *when, enum relief_kind kind, int pain)
{
    struct checkin_input input = {.client = c->client, .at = at(when), .kind = kind};
    char key[40];
    snprintf(key, sizeof key, "entry-key-%.20s-%d", when, (int)kind);
    for (char *p = key; *p; p++)
        if (*p == ':') *p = '_';
    input.entry_key = str_from_cstr(key);
    checkin_set(&input.values, MEASURE_PAIN, pain * 100);
    struct problems problems;
    problems_init(&problems, &c->f.arena);
    set_now(c, when);
    checkin_check(&input, c->env.now, &problems);
    assert_int_equal(problems.count, 0);
    int64_t id;
    bool is_new;
    assert_ok(checkin_add(&c->env, &input, &id, &is_new));
    assert_true(is_new);
    return id;
}

static void entries_are_kept_as_first_said(void **state)
{
    (void)state;
    struct care c;
    care_open(&c, "2026-03-02T12:00:00Z");
    int64_t id = say(&c, "2026-03-02T13:00:00Z", RELIEF_CHECK_IN, 7);
    struct checkin checkin;
    assert_ok(checkin_find(&c.env, c.client, id, &checkin));
    assert_int_equal(checkin_value(&checkin.values, MEASURE_PAIN), 700);
    assert_int_equal(checkin_value(&checkin.values, MEASURE_STRESS), MEASURE_NONE);
    struct checkin_values other = {0};
    checkin_set(&other, MEASURE_PAIN, 300);
    assert_ok(checkin_correct(&c.env, &checkin, &other));
    assert_ok(checkin_find(&c.env, c.client, id, &checkin));
    assert_int_equal(checkin_value(&checkin.values, MEASURE_PAIN), 300);
    assert_int_equal(checkin_value(&checkin.first, MEASURE_PAIN), 700);
    assert_int_equal(checkin.corrections, 1);
    assert_ok(checkin_correct(&c.env, &checkin, &(struct checkin_values){0}));
    struct checkin_list list;
    assert_ok(checkin_of_client(&c.env, c.client, 0, &list));
    assert_int_equal(list.len, 1);
    assert_true(list.ptr[0].is_mistake);
    assert_int_equal(checkin_value(&list.ptr[0].first, MEASURE_PAIN), 700);
    assert_reason(checkin_find(&c.env, client_of(&c, "Nora"), id, &checkin), ERR_NOT_FOUND,
        "unknown-check-in");
    care_close(&c);
}

static void the_same_entry_counts_once(void **state)
{
    (void)state;
    struct care c;
    care_open(&c, "2026-03-02T12:00:00Z");
    struct checkin_input input = {.client = c.client,
        .at = c.env.now,
        .kind = RELIEF_CHECK_IN,
        .entry_key = STR("0123456789abcdef")};
    checkin_set(&input.values, MEASURE_PAIN, 500);
    int64_t id;
    int64_t again;
    bool is_new;
    assert_ok(checkin_add(&c.env, &input, &id, &is_new));
    assert_true(is_new);
    assert_ok(checkin_add(&c.env, &input, &again, &is_new));
    assert_false(is_new);
    assert_int_equal(id, again);
    char key[] = "0123456789abcde0-";
    input.entry_key = str_from_cstr(key);
    for (int i = 1; i < LIMIT_CHECKINS_PER_DAY_CLIENT; i++) {
        key[16] = (char)('A' + i);
        assert_ok(checkin_add(&c.env, &input, &id, &is_new));
    }
    key[16] = 'z';
    assert_reason(checkin_add(&c.env, &input, &id, &is_new), ERR_LIMIT, "too-many-check-ins");
    care_close(&c);
}

static void bad_entries_are_told(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct problems problems;
    utc_us now = at("2026-03-02T12:00:00Z");
    struct checkin_input input = {.at = now, .entry_key = STR("0123456789abcde*")};
    checkin_set(&input.values, MEASURE_STRESS, 1100);
    problems_init(&problems, &arena);
    checkin_check(&input, now, &problems);
    assert_int_equal(problems.count, 3); /* key, pain, stress */
    input.entry_key = STR("0123456789abcdef");
    input.values.count = 0;
    checkin_set(&input.values, MEASURE_PAIN, 1000);
    const struct {
        int64_t delay_us;
        size_t problems;
    } times[] = {{0, 0}, {-4 * US_PER_MINUTE, 0}, {-6 * US_PER_MINUTE, 1}, {6 * US_PER_DAY, 0},
        {8 * US_PER_DAY, 1}};
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        problems_init(&problems, &arena);
        input.at = now - times[i].delay_us;
        checkin_check(&input, now, &problems);
        assert_int_equal(problems.count, times[i].problems);
    }
    arena_release(&arena);
}

static void packed_values_come_back(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct checkin_values values = {0};
    struct checkin_values back;
    checkin_set(&values, MEASURE_PAIN, 0);
    checkin_set(&values, MEASURE_SLEEP_HOURS, 625);
    checkin_set(&values, MEASURE_ACTIVITY_5, 1000);
    checkin_set(&values, MEASURE_PAIN, 400);
    struct str bytes = checkin_pack(&arena, &values);
    assert_true(checkin_unpack(bytes, &back));
    assert_int_equal(back.count, 3);
    assert_int_equal(checkin_value(&back, MEASURE_PAIN), 400);
    assert_int_equal(checkin_value(&back, MEASURE_SLEEP_HOURS), 625);
    for (size_t i = 0; i < bytes.len; i++)
        assert_false(checkin_unpack((struct str){bytes.ptr, i}, &back));
    char *bad = (char *)(uintptr_t)bytes.ptr;
    bad[2] = 99; /* no such measure */
    assert_false(checkin_unpack(bytes, &back));
    arena_release(&arena);
}

/* A week at 4, a session on the 9th at 15:00 UTC, then what `after` says. */
static bool worse_after(const int *pains, const int *hours, size_t count)
{
    struct checkin list[16] = {0};
    utc_us start = at("2026-03-09T14:00:00Z");
    utc_us end = at("2026-03-09T15:00:00Z");
    size_t n = 0;
    for (int d = 7; d > 0; d--) {
        list[n].at = start - d * US_PER_DAY;
        checkin_set(&list[n++].values, MEASURE_PAIN, 400);
    }
    for (size_t i = 0; i < count; i++) {
        list[n].at = end + hours[i] * US_PER_HOUR;
        checkin_set(&list[n++].values, MEASURE_PAIN, pains[i] * 100);
    }
    struct checkin_list all = {list, n};
    struct adverse_finding finding;
    bool found = adverse_detect(&all, start, end, INT64_MAX, &finding);
    if (found) {
        assert_int_equal(finding.usual, 400);
        assert_int_equal(finding.hours, hours[count - 1]);
    }
    return found;
}

static void worse_for_two_days_is_noticed(void **state)
{
    (void)state;
    const int pains[] = {6, 6, 7};
    const int hours[] = {6, 30, 54};
    assert_true(worse_after(pains, hours, 3));
    assert_false(worse_after(pains, hours, 2)); /* not yet two days */
    assert_true(worse_after(pains + 1, hours + 1, 2));
    assert_false(worse_after(pains + 2, hours + 2, 1));    /* once is no stretch */
    assert_false(worse_after((int[]){6, 5, 7}, hours, 3)); /* it had passed */
    assert_true(worse_after((int[]){4, 7, 7}, hours, 3));  /* soreness often comes a day later */
    assert_false(worse_after((int[]){4, 7, 7}, (int[]){30, 40, 60}, 3));
    assert_false(worse_after(pains, (int[]){6, 30, 200}, 3)); /* another week */
}

static void an_adverse_event_is_logged_once(void **state)
{
    (void)state;
    struct care c;
    care_open(&c, "2026-03-01T12:00:00Z");
    struct booking booking = book(&c, "2026-03-09T14:00:00Z");
    bool logged;
    for (int d = 3; d < 9; d++)
        say(&c, arena_printf(&c.f.arena, "2026-03-%02dT20:00:00Z", d).ptr, RELIEF_CHECK_IN, 4);
    say(&c, "2026-03-10T20:00:00Z", RELIEF_CHECK_IN, 7);
    assert_ok(adverse_watch(&c.env, c.client, &logged));
    assert_false(logged);
    say(&c, "2026-03-11T20:00:00Z", RELIEF_CHECK_IN, 8);
    assert_ok(adverse_watch(&c.env, c.client, &logged));
    assert_true(logged);
    say(&c, "2026-03-12T20:00:00Z", RELIEF_CHECK_IN, 6);
    assert_ok(adverse_watch(&c.env, c.client, &logged));
    struct adverse_list open;
    assert_ok(adverse_open(&c.env, &open));
    assert_int_equal(open.len, 1);
    assert_int_equal(open.ptr[0].booking.v, booking.id.v);
    assert_int_equal(open.ptr[0].finding.worst, 800);
    assert_int_equal(open.ptr[0].finding.hours, 77);
    assert_ok(adverse_see(&c.env, booking.id, STR("called her; ice; lighter next time")));
    assert_ok(adverse_watch(&c.env, c.client, &logged)); /* stays seen */
    assert_ok(adverse_open(&c.env, &open));
    assert_int_equal(open.len, 0);
    assert_ok(adverse_of_client(&c.env, c.client, &open));
    assert_true(str_eq(open.ptr[0].note, STR("called her; ice; lighter next time")));
    assert_reason(
        adverse_see(&c.env, (struct booking_id){99}, STR("")), ERR_NOT_FOUND, "unknown-event");
    care_close(&c);
}

static void an_adverse_event_goes_with_what_it_stood_on(void **state)
{
    (void)state;
    struct care c;
    care_open(&c, "2026-03-01T12:00:00Z");
    book(&c, "2026-03-09T14:00:00Z");
    bool logged;
    struct checkin checkin;
    struct adverse_list open;
    for (int d = 3; d < 9; d++)
        say(&c, arena_printf(&c.f.arena, "2026-03-%02dT20:00:00Z", d).ptr, RELIEF_CHECK_IN, 4);
    say(&c, "2026-03-10T20:00:00Z", RELIEF_CHECK_IN, 7);
    int64_t id = say(&c, "2026-03-11T20:00:00Z", RELIEF_CHECK_IN, 8);
    assert_ok(adverse_watch(&c.env, c.client, &logged));
    assert_true(logged);
    assert_ok(checkin_find(&c.env, c.client, id, &checkin));
    assert_ok(checkin_correct(&c.env, &checkin, &(struct checkin_values){0}));
    assert_ok(adverse_watch(&c.env, c.client, &logged));
    assert_false(logged);
    assert_ok(adverse_open(&c.env, &open));
    assert_int_equal(open.len, 0);
    care_close(&c);
}

static void new_keys_seal_everything_anew(void **state)
{
    (void)state;
    struct care c;
    care_open(&c, "2026-03-01T12:00:00Z");
    struct care_plan plan = plan_default(c.client);
    plan.activities[plan.activity_count++] = STR("stairs");
    assert_ok(plan_save(&c.env, &plan));
    struct checkin checkin;
    int64_t id = say(&c, "2026-03-02T13:00:00Z", RELIEF_CHECK_IN, 7);
    assert_ok(checkin_find(&c.env, c.client, id, &checkin));
    assert_ok(checkin_correct(&c.env, &checkin, &checkin.values));
    int64_t taken_back = say(&c, "2026-03-02T15:00:00Z", RELIEF_CHECK_IN, 2);
    assert_ok(checkin_find(&c.env, c.client, taken_back, &checkin));
    assert_ok(checkin_correct(&c.env, &checkin, &(struct checkin_values){0}));
    struct seal_ring both;
    ring_of(&both, 2);
    c.env.ring = &both;
    const size_t expected[] = {1, 2, 1, 0}; /* of the tables, in their order */
    const size_t rows[] = {1, 2, 2, 0};
    for (size_t i = 0; i < sealed_table_count; i++) {
        struct sealed_walk walk = {0};
        while (!walk.done)
            assert_ok(sealed_renew(&c.env, sealed_tables[i], 1, &walk));
        assert_int_equal(walk.renewed, expected[i]);
        walk = (struct sealed_walk){0};
        assert_ok(sealed_renew(&c.env, sealed_tables[i], 100, &walk));
        assert_true(walk.done && walk.renewed == 0);
        assert_int_equal(walk.seen, rows[i]);
    }
    assert_ok(sealed_check(&c.f.tx, &both, c.env.arena));
    assert_reason(sealed_check(&c.f.tx, &c.ring, c.env.arena), ERR_DENIED, "key-missing");
    assert_reason(sealed_check(&c.f.tx, NULL, c.env.arena), ERR_DENIED, "key-missing");
    struct key_file newest = {.count = 1};
    memset(newest.keys[0].bytes, 8, CRYPTO_KEY_BYTES);
    struct seal_ring only_new;
    seal_ring_init(&only_new, &newest);
    c.env.ring = &only_new;
    bool has;
    assert_ok(plan_find(&c.env, c.client, &has, &plan));
    assert_ok(checkin_find(&c.env, c.client, id, &checkin));
    assert_int_equal(checkin_value(&checkin.values, MEASURE_PAIN), 700);
    c.env.ring = &c.ring;
    assert_reason(checkin_find(&c.env, c.client, id, &checkin), ERR_CORRUPT, "sealed-key");
    care_close(&c);
}

static int64_t rows_of(struct care *c, const char *table)
{
    /* The table's name is one of the test's own literals. */
    static const struct {
        const char *table;
        struct sql sql;
    } counts[] = {
        {"checkin", SQL_INIT("SELECT count(*) FROM checkin WHERE client_id = $1")},
        {"correction", SQL_INIT("SELECT count(*) FROM checkin_correction WHERE $1 > 0")},
        {"prompt", SQL_INIT("SELECT count(*) FROM prompt WHERE client_id = $1")},
        {"care_plan", SQL_INIT("SELECT count(*) FROM care_plan WHERE client_id = $1")},
        {"personal_link", SQL_INIT("SELECT count(*) FROM personal_link WHERE client_id = $1")},
        {"adverse_event", SQL_INIT("SELECT count(*) FROM adverse_event WHERE client_id = $1")},
        {"outbox", SQL_INIT("SELECT count(*) FROM outbox WHERE client_id = $1")},
        {"booking", SQL_INIT("SELECT count(*) FROM booking WHERE client_id = $1")},
        {"note", SQL_INIT("SELECT count(*) FROM booking WHERE client_id = $1 AND note <> ''")},
        {"request", SQL_INIT("SELECT count(*) FROM erasure_request WHERE client_id = $1")},
    };
    int64_t count = -1;
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        if (strcmp(counts[i].table, table) != 0) continue;
        assert_ok(db_int(&c->f.tx, counts[i].sql, V(v_int(c->client.v)), 0, &count));
    }
    assert_true(count >= 0);
    return count;
}

static void fill_everything(struct care *c)
{
    struct care_plan plan = plan_default(c->client);
    bool made;
    bool logged;
    assert_ok(plan_save(&c->env, &plan));
    assert_ok(prompt_plan_day(&c->env, c->client, &made));
    assert_true(made);
    book(c, "2026-03-09T14:00:00Z");
    for (int d = 3; d < 9; d++)
        say(c, arena_printf(&c->f.arena, "2026-03-%02dT20:00:00Z", d).ptr, RELIEF_CHECK_IN, 4);
    say(c, "2026-03-10T20:00:00Z", RELIEF_CHECK_IN, 7);
    int64_t id = say(c, "2026-03-12T20:00:00Z", RELIEF_CHECK_IN, 7);
    assert_ok(adverse_watch(&c->env, c->client, &logged));
    assert_true(logged);
    struct checkin checkin;
    assert_ok(checkin_find(&c->env, c->client, id, &checkin));
    assert_ok(checkin_correct(&c->env, &checkin, &checkin.values));
    assert_ok(person_ask_erasure(&c->env, c->client));
    assert_ok(person_ask_erasure(&c->env, c->client));
}

static const char *const personal[] = {
    "checkin", "prompt", "care_plan", "personal_link", "adverse_event", "outbox"};

static void merging_moves_everything(void **state)
{
    (void)state;
    struct care c;
    care_open(&c, "2026-03-02T12:00:00Z");
    fill_everything(&c);
    struct client_id from = c.client;
    struct client_id into = client_of(&c, "Mara Voss");
    c.client = into;
    say(&c, "2026-03-12T20:00:00Z", RELIEF_CHECK_IN, 5); /* the same key as one of hers */
    assert_ok(person_merge(&c.env, from, into));
    for (size_t i = 0; i < COUNT_OF(personal); i++) {
        c.client = from;
        assert_int_equal(rows_of(&c, personal[i]), 0);
        c.client = into;
        /* who held a link of the one was never given a way into the other */
        bool links = strcmp(personal[i], "personal_link") == 0;
        assert_true(links == (rows_of(&c, personal[i]) == 0));
    }
    assert_int_equal(rows_of(&c, "request"), 1); /* a wish to be deleted stays one */
    struct checkin_list list;
    assert_ok(checkin_of_client(&c.env, into, 0, &list)); /* still opens */
    assert_int_equal(list.len, 9);
    int64_t waiting;
    assert_ok(db_int(&c.f.tx, SQL("SELECT count(*) FROM outbox WHERE client_id > 0 AND state = 1"),
        NO_VALUES, 0, &waiting));
    assert_int_equal(waiting, 0);
    care_close(&c);
}

static void say_activity(struct care *c, const char *key, int32_t value)
{
    struct checkin_input input = {.client = c->client,
        .at = c->env.now,
        .kind = RELIEF_CHECK_IN,
        .entry_key = str_from_cstr(key)};
    int64_t id;
    bool is_new;
    checkin_set(&input.values, MEASURE_PAIN, 500);
    checkin_set(&input.values, MEASURE_ACTIVITY_1, value);
    assert_ok(checkin_add(&c->env, &input, &id, &is_new));
}

static void merged_activities_keep_their_names(void **state)
{
    (void)state;
    struct care c;
    care_open(&c, "2026-03-02T12:00:00Z");
    struct client_id from = c.client;
    struct care_plan plan = plan_default(from);
    bool has;
    plan.activities[plan.activity_count++] = STR("stairs");
    assert_ok(plan_save(&c.env, &plan));
    say_activity(&c, "0123456789abcdef", 300);
    c.client = client_of(&c, "Mara Voss");
    plan = plan_default(c.client);
    plan.activities[plan.activity_count++] = STR("garden");
    assert_ok(plan_save(&c.env, &plan));
    say_activity(&c, "0123456789abcdeg", 800);
    assert_ok(person_merge(&c.env, from, c.client));
    assert_ok(plan_find(&c.env, c.client, &has, &plan));
    assert_int_equal(plan.activity_count, 2);
    assert_true(str_eq(plan.activities[0], STR("garden")));
    assert_true(str_eq(plan.activities[1], STR("stairs")));
    struct checkin_list list;
    assert_ok(checkin_of_client(&c.env, c.client, 0, &list));
    assert_int_equal(list.len, 2);
    for (size_t i = 0; i < 2; i++) {
        int32_t garden = checkin_value(&list.ptr[i].values, MEASURE_ACTIVITY_1);
        int32_t stairs = checkin_value(&list.ptr[i].values, MEASURE_ACTIVITY_2);
        assert_true(
            (garden == 800 && stairs == MEASURE_NONE) || (garden == MEASURE_NONE && stairs == 300));
    }
    care_close(&c);
}

static void deleting_really_deletes(void **state)
{
    (void)state;
    struct care c;
    care_open(&c, "2026-03-02T12:00:00Z");
    fill_everything(&c);
    assert_int_equal(rows_of(&c, "request"), 1);
    struct booking coming = book(&c, "2026-03-20T14:00:00Z");
    assert_reason(person_erase(&c.env, c.client), ERR_CONFLICT, "coming-sessions");
    struct booking_env staff = c.f.env;
    staff.actor = (struct actor){ACTOR_STAFF, {0}, ROLE_OWNER};
    assert_ok(booking_cancel(&staff, &coming, STR("her wish"), &coming));
    assert_ok(person_erase(&c.env, c.client));
    for (size_t i = 0; i < COUNT_OF(personal); i++)
        assert_int_equal(rows_of(&c, personal[i]), 0);
    assert_int_equal(rows_of(&c, "correction"), 0);
    assert_int_equal(rows_of(&c, "note"), 0);
    assert_int_equal(rows_of(&c, "request"), 0);
    assert_int_equal(rows_of(&c, "booking"), 2);
    struct client client;
    assert_ok(client_get(&c.f.tx, c.env.practice->id, c.client, &c.f.arena, &client));
    assert_true(client.erased > 0);
    assert_int_equal(client.name.len + client.email.len + client.phone.len, 0);
    struct booking_events events;
    assert_ok(booking_history(&staff, coming.id, &events));
    for (size_t i = 0; i < events.len; i++)
        assert_int_equal(events.ptr[i].reason.len, 0);
    int64_t changed;
    assert_int_equal(
        db_exec(&c.f.tx, SQL("UPDATE booking_event SET at_us = 1"), NO_VALUES, &changed).code,
        ERR_CONFLICT);                              /* history still cannot be changed */
    struct client_id again = client_of(&c, "Mara"); /* the name is free: a new person */
    assert_true(again.v != c.client.v);
    care_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_kept_as_first_said),
        cmocka_unit_test(the_same_entry_counts_once),
        cmocka_unit_test(bad_entries_are_told),
        cmocka_unit_test(packed_values_come_back),
        cmocka_unit_test(worse_for_two_days_is_noticed),
        cmocka_unit_test(an_adverse_event_is_logged_once),
        cmocka_unit_test(an_adverse_event_goes_with_what_it_stood_on),
        cmocka_unit_test(new_keys_seal_everything_anew),
        cmocka_unit_test(merging_moves_everything),
        cmocka_unit_test(merged_activities_keep_their_names),
        cmocka_unit_test(deleting_really_deletes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

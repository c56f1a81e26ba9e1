/* Measured relief: links, plans, prompts, check-ins, adverse events, merging and deleting. */
#include "practice_fixture.h"

#include "base/limits.h"
#include "base/seal.h"
#include "practice/care/prompt.h"
#include "practice/check/data_check.h"
#include "practice/clients/personal_link.h"
#include "practice/messages/messages.h"
#include "practice/outcomes/history.h"
#include "practice/privacy/person.h"

static const char *const practice_json =
    "{\"slug\":\"p\",\"name\":\"Praxis\",\"timezone\":\"America/"
    "New_York\",\"currency\":\"USD\",\"rooms\":[],"
    "\"email\":\"hello@example.org\",\"hosts\":[\"www.example.org\"],"
    "\"therapists\":[{\"id\":\"a\",\"name\":\"Ana\",\"hours\":[{\"days\":[\"mon\"],\"from\":\"09:"
    "00\",\"to\":\"17:00\"}]}],"
    "\"services\":[{\"id\":\"s\",\"name\":\"S\",\"minutes\":60,\"therapists\":[\"a\"]}]}";

struct care {
    struct fixture f;
    struct seal_ring ring;
    struct care_env env;
    struct client_id client;
};

static void ring_of(struct seal_ring *ring, int keys)
{
    struct key_file file = {.count = keys};
    for (int i = 0; i < keys; i++)
        memset(file.keys[i].bytes, 7 + i, CRYPTO_KEY_BYTES);
    seal_ring_init(ring, &file);
}

static struct client_id client_of(struct care *c, const char *name)
{
    struct client_details details = {
        .name = str_from_cstr(name), .email = STR("mara@example.org"), .language = STR("en")};
    struct client_id id;
    assert_ok(client_recognise(&c->f.tx, c->env.practice->id, &details, c->env.now, &id));
    return id;
}

static void set_now(struct care *c, const char *now)
{
    c->env.now = at(now);
    c->f.env.now = c->env.now;
}

static void care_open(struct care *c, const char *now)
{
    memset(c, 0, sizeof *c);
    fixture_open(&c->f, practice_json, now);
    ring_of(&c->ring, 1);
    c->env = (struct care_env){&c->f.tx, c->f.env.practice, &c->f.key, &c->ring,
        {.kind = ACTOR_CLIENT}, c->f.env.now, &c->f.arena};
    assert_ok(tx_begin_write(c->f.conn, &c->f.tx));
    c->client = client_of(c, "Mara");
}

static void care_close(struct care *c)
{
    struct check_report report;
    assert_ok(data_check(&c->f.tx, &report));
    for (size_t i = 0; i < report.broken; i++)
        print_error("%s\n", report.findings[i].invariant);
    assert_int_equal(report.broken, 0);
    fixture_close(&c->f);
}

static struct booking book(struct care *c, const char *start)
{
    struct booking booking;
    struct booking_request request = {.service = &c->env.practice->services[0],
        .therapist = -1,
        .start = at(start),
        .known_client = c->client,
        .lenient = true,
        .note = STR("my knee")};
    struct booking_env env = c->f.env;
    env.actor = (struct actor){ACTOR_STAFF, {0}, ROLE_OWNER};
    assert_ok(booking_make(&env, &request, &booking));
    return booking;
}

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

static void links_hold_until_they_end(void **state)
{
    (void)state;
    struct care c;
    care_open(&c, "2026-03-02T12:00:00Z");
    int64_t id;
    struct str token;
    struct str again;
    struct personal_link link;
    utc_us end = c.env.now + US_PER_DAY;
    assert_ok(link_make(&c.env, c.client, LINK_MY_PAGE, 0, end, &id, &token));
    assert_ok(link_token(&c.env, id, &again));
    assert_true(str_eq(token, again));
    assert_int_equal(token.len, 27);
    assert_ok(link_find(&c.env, token, &link));
    assert_int_equal(link.client.v, c.client.v);
    assert_int_equal(link.purpose, LINK_MY_PAGE);
    char *wrong = (char *)(uintptr_t)arena_str(&c.f.arena, token).ptr;
    wrong[5] = wrong[5] == 'A' ? 'B' : 'A';
    assert_reason(link_find(&c.env, str_from_cstr(wrong), &link), ERR_NOT_FOUND, "unknown-link");
    assert_reason(link_find(&c.env, STR("short"), &link), ERR_NOT_FOUND, "unknown-link");
    c.env.now = end;
    assert_reason(link_find(&c.env, token, &link), ERR_NOT_FOUND, "unknown-link");
    c.env.now = end - 1;
    int64_t count;
    assert_ok(link_revoke_all(&c.env, c.client, &count));
    assert_int_equal(count, 1);
    assert_reason(link_find(&c.env, token, &link), ERR_NOT_FOUND, "unknown-link");
    assert_reason(link_get(&c.env, id, &link), ERR_NOT_FOUND, "unknown-link");
    assert_ok(db_int(&c.f.tx,
        SQL("SELECT count(*) FROM personal_link WHERE instr(CAST(token_hash AS TEXT), $1) > 0"),
        V(v_text(token)), 0, &count));
    assert_int_equal(count, 0);
    care_close(&c);
}

static void days_to_ask_on(void **state)
{
    (void)state;
    struct care_plan plan = plan_default((struct client_id){1});
    date_day monday;
    assert_true(date_parse(STR("2026-03-02"), &monday));
    for (int n = 0; n <= 7; n++) {
        int days = 0;
        for (int d = 0; d < 7; d++)
            days += prompt_week(n) >> d & 1;
        assert_int_equal(days, n);
    }
    const date_day first = monday + 10;
    plan.per_week = 0;
    assert_int_equal(prompt_for_day(&plan, first - 8, &first, 1), PROMPT_NONE);
    assert_int_equal(prompt_for_day(&plan, first - 7, &first, 1), PROMPT_RUN_IN);
    assert_int_equal(prompt_for_day(&plan, first - 1, &first, 1), PROMPT_RUN_IN);
    assert_int_equal(prompt_for_day(&plan, first, &first, 1), PROMPT_NONE);
    assert_int_equal(prompt_for_day(&plan, first + 1, &first, 1), PROMPT_DAY_AFTER);
    assert_int_equal(prompt_for_day(&plan, first + 2, &first, 1), PROMPT_NONE);
    assert_int_equal(prompt_for_day(&plan, first + 3, &first, 1), PROMPT_THREE_AFTER);
    const date_day sessions[] = {first, monday}; /* the first is over: no run-in any more */
    assert_int_equal(prompt_for_day(&plan, first - 2, sessions, 2), PROMPT_NONE);
    plan.per_week = 3;
    assert_int_equal(prompt_for_day(&plan, monday, NULL, 0), PROMPT_EVENING);
    assert_int_equal(prompt_for_day(&plan, monday + 1, NULL, 0), PROMPT_NONE);
}

static int64_t waiting_letters(struct care *c)
{
    int64_t count;
    assert_ok(db_int(&c->f.tx, SQL("SELECT count(*) FROM outbox WHERE kind = 5 AND state = 1"),
        NO_VALUES, 0, &count));
    return count;
}

static void a_day_is_planned_once(void **state)
{
    (void)state;
    struct care c;
    care_open(&c, "2026-03-02T12:00:00Z"); /* a Monday, 7:00 in New York */
    struct care_plan plan = plan_default(c.client);
    struct practice_id practice;
    struct client_id due;
    utc_us next;
    bool made;
    assert_reason(prompt_plan_day(&c.env, c.client, &made), ERR_NOT_FOUND, "no-plan");
    assert_ok(plan_save(&c.env, &plan));
    assert_ok(plan_first_due(&c.f.tx, c.env.now, &practice, &due, &next));
    assert_int_equal(due.v, c.client.v);
    assert_ok(prompt_plan_day(&c.env, c.client, &made));
    assert_true(made);
    assert_int_equal(waiting_letters(&c), 1);
    assert_ok(plan_first_due(&c.f.tx, c.env.now, &practice, &due, &next));
    assert_int_equal(due.v, 0);
    assert_int_equal(next, at("2026-03-03T09:00:00Z")); /* four in the morning */
    int64_t not_before;
    assert_ok(db_int(&c.f.tx, SQL("SELECT not_before_us FROM outbox WHERE kind = 5"), NO_VALUES, 0,
        &not_before));
    assert_int_equal(not_before, at("2026-03-03T01:00:00Z")); /* eight in the evening */
    assert_ok(plan_save(&c.env, &plan)); /* changed on the same day: planned anew, asked once */
    assert_ok(prompt_plan_day(&c.env, c.client, &made));
    assert_false(made);
    assert_int_equal(waiting_letters(&c), 1);
    assert_ok(plan_stop(&c.env, c.client));
    assert_ok(plan_first_due(&c.f.tx, c.env.now + 30 * US_PER_DAY, &practice, &due, &next));
    assert_int_equal(due.v, 0);
    care_close(&c);
}

static void plans_keep_what_they_are_given(void **state)
{
    (void)state;
    struct care c;
    care_open(&c, "2026-03-02T12:00:00Z");
    struct care_plan plan = plan_default(c.client);
    struct care_plan read;
    struct problems problems;
    bool has;
    problems_init(&problems, &c.f.arena);
    plan.activities[0] = STR("  climbing stairs ");
    plan.activities[2] = STR("lifting my daughter");
    plan.activity_count = 3;
    plan.measures = 1u << MEASURE_STRESS | 1u << MEASURE_PPT;
    plan_check(&plan, &problems);
    assert_int_equal(problems.count, 0);
    assert_ok(plan_save(&c.env, &plan));
    assert_ok(plan_find(&c.env, c.client, &has, &read));
    assert_true(has);
    assert_int_equal(read.activity_count, 2);
    assert_true(str_eq(read.activities[0], STR("climbing stairs")));
    assert_true(str_eq(read.activities[1], STR("lifting my daughter")));
    assert_true(plan_asks(&read, MEASURE_PAIN) && plan_asks(&read, MEASURE_STRESS));
    assert_true(plan_asks(&read, MEASURE_ACTIVITY_2) && !plan_asks(&read, MEASURE_ACTIVITY_3));
    assert_false(plan_asks(&read, MEASURE_TENSION) || plan_asks(&read, MEASURE_PPT));
    int64_t readable;
    assert_ok(db_int(&c.f.tx,
        SQL("SELECT count(*) FROM care_plan WHERE instr(CAST(sealed AS TEXT), 'stairs') > 0"),
        NO_VALUES, 0, &readable));
    assert_int_equal(readable, 0);
    plan.per_week = 8;
    plan.run_in_days = 15;
    plan.trial_sessions = 3;
    plan.evening_min = 24 * 60;
    plan.activities[0] = STR("two\nlines");
    plan_check(&plan, &problems);
    assert_int_equal(problems.count, 5);
    care_close(&c);
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
    struct seal_ring both;
    ring_of(&both, 2);
    c.env.ring = &both;
    size_t count;
    assert_ok(checkin_reseal(&c.env, 1, &count));
    assert_int_equal(count, 1);
    assert_ok(checkin_reseal(&c.env, 100, &count));
    assert_int_equal(count, 1);
    assert_ok(checkin_reseal(&c.env, 100, &count));
    assert_int_equal(count, 0);
    assert_ok(plan_reseal(&c.env, 100, &count));
    assert_int_equal(count, 1);
    assert_ok(adverse_reseal(&c.env, 100, &count));
    assert_int_equal(count, 0);
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
    assert_ok(person_merge(&c.env, from, into));
    for (size_t i = 0; i < COUNT_OF(personal); i++) {
        c.client = from;
        assert_int_equal(rows_of(&c, personal[i]), 0);
        c.client = into;
        assert_true(rows_of(&c, personal[i]) > 0);
    }
    struct checkin_list list;
    assert_ok(checkin_of_client(&c.env, into, 0, &list)); /* still opens */
    assert_int_equal(list.len, 8);
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
        cmocka_unit_test(links_hold_until_they_end),
        cmocka_unit_test(days_to_ask_on),
        cmocka_unit_test(a_day_is_planned_once),
        cmocka_unit_test(plans_keep_what_they_are_given),
        cmocka_unit_test(entries_are_kept_as_first_said),
        cmocka_unit_test(the_same_entry_counts_once),
        cmocka_unit_test(bad_entries_are_told),
        cmocka_unit_test(packed_values_come_back),
        cmocka_unit_test(worse_for_two_days_is_noticed),
        cmocka_unit_test(an_adverse_event_is_logged_once),
        cmocka_unit_test(new_keys_seal_everything_anew),
        cmocka_unit_test(merging_moves_everything),
        cmocka_unit_test(deleting_really_deletes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

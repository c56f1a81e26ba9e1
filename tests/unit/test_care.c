/* What clients are asked: links, plans, the days on which they are asked. */
#include "care_fixture.h"

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
    assert_int_equal(next, at("2026-03-03T05:05:00Z")); /* five past midnight */
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

static void a_clock_that_was_ahead_does_not_silence(void **state)
{
    (void)state;
    struct care c;
    care_open(&c, "2027-03-02T12:00:00Z"); /* a year ahead */
    struct care_plan plan = plan_default(c.client);
    struct practice_id practice;
    struct client_id due;
    utc_us next;
    bool made;
    assert_ok(plan_save(&c.env, &plan));
    assert_ok(prompt_plan_day(&c.env, c.client, &made));
    set_now(&c, "2026-03-02T12:00:00Z");
    assert_ok(plan_first_due(&c.f.tx, c.env.now, &practice, &due, &next));
    assert_int_equal(due.v, c.client.v);
    assert_ok(prompt_plan_day(&c.env, c.client, &made));
    assert_ok(plan_first_due(&c.f.tx, c.env.now, &practice, &due, &next));
    assert_int_equal(due.v, 0);
    assert_int_equal(next, at("2026-03-03T05:05:00Z"));
    care_close(&c);
}

/* The row of a letter in transit was deleted and its number given to another. */
static void a_letter_is_settled_only_as_itself(void **state)
{
    (void)state;
    struct care c;
    care_open(&c, "2026-03-02T12:00:00Z");
    struct practice_id practice = c.env.practice->id;
    struct message message;
    int64_t link;
    utc_us next;
    bool has;
    assert_ok(link_make(&c.env, c.client, LINK_MY_PAGE, 0, c.env.now + US_PER_DAY, &link, NULL));
    assert_ok(message_queue_personal(
        &c.f.tx, practice, MESSAGE_MY_PAGE, c.client, link, c.env.now, c.env.now));
    assert_ok(message_claim(&c.f.tx, c.env.now, &c.f.arena, &has, &message, &next));
    assert_true(has);
    assert_ok(message_erase_client(&c.f.tx, practice, c.client));
    assert_ok(message_queue_personal(
        &c.f.tx, practice, MESSAGE_MY_PAGE, c.client, link, c.env.now, c.env.now));
    assert_ok(message_settle(&c.f.tx, &message, MESSAGE_SENT, 0, STR(""), c.env.now));
    int64_t waiting;
    assert_ok(db_int(
        &c.f.tx, SQL("SELECT count(*) FROM outbox WHERE state = 1"), NO_VALUES, 0, &waiting));
    assert_int_equal(waiting, 1);
    care_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_hold_until_they_end),
        cmocka_unit_test(days_to_ask_on),
        cmocka_unit_test(a_day_is_planned_once),
        cmocka_unit_test(a_clock_that_was_ahead_does_not_silence),
        cmocka_unit_test(plans_keep_what_they_are_given),
        cmocka_unit_test(a_letter_is_settled_only_as_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The demonstration's stories are told truly: on whatever weekday it begins, each client's page
 * says what their story is. */
#include "practice_fixture.h"

#include "cli/demo_care.h"
#include "cli/demo_seed.h"
#include "practice/check/data_check.h"
#include "practice/clients/clients.h"
#include "practice/clients/personal_link.h"
#include "practice/outcomes/history.h"

static const struct history_relief *relief_of(
    struct care_env *env, enum demo_story story, struct history *ret_history)
{
    struct str token;
    struct personal_link link;
    struct history_relief *relief = ARENA_NEW(env->arena, struct history_relief);
    assert_ok(demo_care_link(env, story, &token));
    assert_ok(link_find(env, token, &link));
    assert_ok(history_load(env, link.client, ret_history));
    assert_ok(history_relieve(env->arena, ret_history, relief));
    print_message("  %-32s %3zu ratings %2zu sessions  R3 %5.2f  P(.3) %.2f P(.5) %.2f  says %d\n",
        demo_story_words(story), ret_history->checkins.len, ret_history->session_count,
        relief->fit.r3.mean, relief->fit.p_r3_03, relief->fit.p_r3_05, relief->says.carry_over);
    return relief;
}

static void tell_on(const char *now)
{
    struct fixture f;
    CLEANUP(arena_release) struct arena text = {0};
    fixture_open(&f, arena_cstr(&text, demo_practice_file()), now);
    struct seal_ring ring;
    struct key_file keys = {.count = 1, .keys = {f.key}};
    seal_ring_init(&ring, &keys);
    struct care_env env = {
        &f.tx, f.env.practice, &f.key, &ring, {.kind = ACTOR_SYSTEM}, at(now), &f.arena};
    struct history h;
    struct history_window window;
    assert_ok(tx_begin_write(f.conn, &f.tx));
    assert_ok(demo_care_seed(&env, at(now)));
    print_message("%s\n", now);
    const struct history_relief *r = relief_of(&env, DEMO_HELPED, &h);
    assert_true(
        r->says.carry_over == RELIEF_CARRY_CLEARLY || r->says.carry_over == RELIEF_CARRY_LIKELY);
    assert_true(history_window(&h, r, env.practice->zone, env.now, &window));
    assert_int_equal(history_review(&h, r), HISTORY_REVIEW_HELPS);
    r = relief_of(&env, DEMO_NOT_HELPED, &h);
    assert_int_equal(r->says.carry_over, RELIEF_CARRY_LITTLE);
    assert_int_equal(history_review(&h, r), HISTORY_REVIEW_LITTLE);
    r = relief_of(&env, DEMO_TOO_LITTLE, &h);
    assert_int_equal(r->says.carry_over, RELIEF_CARRY_NOT_ENOUGH);
    assert_int_equal(history_review(&h, r), HISTORY_REVIEW_NOT_YET);
    r = relief_of(&env, DEMO_BOOKS_IN_PAIN, &h);
    assert_true(
        r->says.carry_over == RELIEF_CARRY_UNCLEAR || r->says.carry_over == RELIEF_CARRY_LITTLE);
    size_t spontaneous = 0;
    for (size_t i = 0; i < h.row_count; i++)
        spontaneous += h.rows[i].spontaneous;
    assert_true(spontaneous > 5);
    assert_true(h.session_count >= 8);
    relief_of(&env, DEMO_WORSE_AFTER, &h);
    struct adverse_list open;
    assert_ok(adverse_open(&env, &open));
    assert_int_equal(open.len, 1);
    assert_int_equal(open.ptr[0].client.v, h.client.v);
    struct check_report report;
    assert_ok(data_check(&f.tx, &report));
    assert_int_equal(report.broken, 0);
    fixture_close(&f);
}

static void stories_are_true_on_every_weekday(void **state)
{
    (void)state;
    const char *const days[] = {"2026-11-22T13:00:00Z", "2026-11-23T13:00:00Z",
        "2026-11-24T13:00:00Z", "2026-11-25T13:00:00Z", "2026-11-26T23:30:00Z",
        "2026-11-27T02:00:00Z", "2026-11-28T18:00:00Z"};
    for (size_t i = 0; i < COUNT_OF(days); i++)
        tell_on(days[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(stories_are_true_on_every_weekday)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

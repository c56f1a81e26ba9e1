/* Letters about bookings and the words for broken rules: what they must say, in both languages. */
#include "practice_fixture.h"

#include "web/language.h"
#include "web/mail/booking_mail.h"
#include "web/words.h"

#include "base/banned.h"

static const char practice_json[] =
    "{\"slug\":\"quiet\",\"name\":\"Quiet Hands\",\"timezone\":\"America/New_York\","
    "\"currency\":\"USD\",\"locale\":\"en-US\",\"phone\":\"+1 555 0100\","
    "\"address\":\"1 Main St\\nSpringfield\","
    "\"booking\":{\"step_minutes\":30,\"notice_minutes\":0,\"horizon_days\":300,"
    "\"cancel_notice_minutes\":1440,\"reschedule_notice_minutes\":720,\"hold_minutes\":10},"
    "\"rooms\":[],"
    "\"therapists\":[{\"id\":\"ana\",\"name\":\"Ana Reyes\",\"email\":\"ana@example.org\","
    "\"hours\":[{\"days\":[\"sun\",\"mon\"],\"from\":\"00:00\",\"to\":\"24:00\"}]}],"
    "\"services\":[{\"id\":\"relief-60\",\"name\":\"Relief <60>\",\"minutes\":60,"
    "\"price\":\"95.00\",\"therapists\":[\"ana\"],\"rooms\":[]}]}";

static struct fixture fixture;

static int setup(void **state)
{
    (void)state;
    fixture_open(&fixture, practice_json, "2026-03-01T12:00:00Z");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_close(&fixture);
    return 0;
}

static struct booking booking_at(const char *start)
{
    return (struct booking){
        .starts = at(start),
        .ends = at(start) + US_PER_HOUR,
        .price_minor = 9500,
        .created = fixture.env.now,
    };
}

static struct booking_mail_input input_for(const struct booking *booking)
{
    return (struct booking_mail_input){
        .kind = MESSAGE_CONFIRMED,
        .practice = fixture.env.practice,
        .booking = booking,
        .client_name = STR("Rosa <Delgado>"),
        .service_name = STR("Relief <60>"),
        .therapist_name = STR("Ana Reyes"),
        .lang = LANG_EN,
        .manage_url = STR("https://www.example.org/b/token"),
        .origin = STR("https://www.example.org"),
        .first_visit = true,
    };
}

static const char *text_of(struct str text)
{
    return arena_cstr(&fixture.arena, text);
}

#define assert_has(text, part) assert_non_null(strstr(text_of(text), part))
#define assert_lacks(text, part) assert_null(strstr(text_of(text), part))

static void test_confirmed(void **state)
{
    (void)state;
    struct booking booking = booking_at("2026-03-09T10:30:00-04:00");
    struct booking_mail_input input = input_for(&booking);
    struct mail_message mail = {.to_name = STR("kept")};
    assert_ok(booking_mail_render(&input, &fixture.arena, &mail));
    assert_string_equal(
        text_of(mail.subject), "Booked: Monday, March 9, 2026, 10:30\u00a0AM (New York time)");
    assert_string_equal(text_of(mail.to_name), "kept");
    assert_has(mail.text, "See you then, Rosa <Delgado>.");
    assert_has(mail.text, "https://www.example.org/b/token");
    assert_has(mail.text, "1 Main St, Springfield");
    assert_has(mail.text, "until Sunday, March 8, 10:30\u00a0AM."); /* over the change of clocks */
    assert_has(mail.text, "first visit");
    assert_has(mail.html, "Rosa &lt;Delgado&gt;");
    assert_lacks(mail.html, "<60>");

    input.lang = LANG_ES;
    input.first_visit = false;
    assert_ok(booking_mail_render(&input, &fixture.arena, &mail));
    assert_has(mail.subject, "lunes, 9 de marzo de 2026, 10:30 (hora de Nueva York)");
    assert_has(mail.text, "hasta el domingo 8 de marzo a las 10:30");
    assert_lacks(mail.text, "primera visita");
    assert_has(mail.html, "<html lang=\"es\">");
}

static void test_twice(void **state)
{
    (void)state;
    struct booking first = booking_at("2026-11-01T01:30:00-04:00");
    struct booking second = booking_at("2026-11-01T01:30:00-05:00");
    struct booking_mail_input input = input_for(&first);
    struct mail_message mail = {0};
    assert_ok(booking_mail_render(&input, &fixture.arena, &mail));
    assert_has(mail.subject, "1:30\u00a0AM UTC−4");
    input.booking = &second;
    assert_ok(booking_mail_render(&input, &fixture.arena, &mail));
    assert_has(mail.subject, "1:30\u00a0AM UTC−5");
}

static void test_moved(void **state)
{
    (void)state;
    struct booking booking = booking_at("2026-03-09T10:30:00-04:00");
    struct booking_event event = {.kind = EVENT_MOVED,
        .at = at("2026-03-08T16:00:00Z"),
        .old_starts = at("2026-03-02T09:00:00-05:00")};
    struct booking_mail_input input = input_for(&booking);
    struct mail_message mail = {0};
    input.kind = MESSAGE_MOVED;
    input.event = &event;
    assert_ok(booking_mail_render(&input, &fixture.arena, &mail));
    assert_has(mail.text, "It was Monday, March 2, 9:00\u00a0AM.");
    assert_lacks(mail.text, "online until"); /* the earlier deadline had passed when it was moved */
}

static void test_cancelled(void **state)
{
    (void)state;
    struct booking booking = booking_at("2026-03-09T10:30:00-04:00");
    struct booking_event event = {.kind = EVENT_CANCELLED,
        .at = fixture.env.now,
        .actor = {.kind = ACTOR_CLIENT},
        .reason = STR("a private cold")};
    struct booking_mail_input input = input_for(&booking);
    struct mail_message mail = {0};
    input.kind = MESSAGE_CANCELLED;
    input.event = &event;
    assert_ok(booking_mail_render(&input, &fixture.arena, &mail));
    assert_lacks(mail.text, "a private cold"); /* their own words are not told to them */
    assert_has(mail.text, "https://www.example.org/book");
    event.actor.kind = ACTOR_STAFF;
    event.reason = STR("The heating failed.");
    assert_ok(booking_mail_render(&input, &fixture.arena, &mail));
    assert_has(mail.text, "The reason given: The heating failed.");
}

/* ---- words ---- */

static void test_words(void **state)
{
    (void)state;
    struct call call = {.arena = &fixture.arena, .lang = LANG_EN};
    struct problem problem = {.code = "too-long", .arg = STR("80")};
    assert_has(words_problem(&call, &problem), "shorten it to 80 characters");
    problem.code = "of-a-new-kind";
    assert_has(words_problem(&call, &problem), "look at it once more");
    assert_has(
        words_reason(&call, result_fail(ERR_CONFLICT, "slot-taken", NULL)), "just been taken");
    assert_has(words_reason(&call, result_fail(ERR_IO, "disk-full", NULL)), "Nothing was changed");
    assert_int_equal(words_reason(&call, RESULT_OK).len, 0);
    call.lang = LANG_ES;
    assert_has(words_reason(&call, result_fail(ERR_INVALID, "too-late", NULL)), "Ya es tarde");
}

static void test_language_header(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        bool found;
        enum lang lang;
    } rows[] = {
        {"es", true, LANG_ES},
        {"es-MX,es;q=0.9,en;q=0.8", true, LANG_ES},
        {"fr, es;q=0.5, en;q=0.6", true, LANG_EN},
        {"en;q=0, es;q=0.1", true, LANG_ES},
        {"EN-us", true, LANG_EN},
        {"est", false, LANG_EN},
        {"fr;q=1", false, LANG_EN},
        {"", false, LANG_EN},
        {"*", false, LANG_EN},
        {";;,,q=1", false, LANG_EN},
        {"es;q=0.999, en;q=1.0", true, LANG_EN},
        {"es;q=x, en;q=0.001", true, LANG_EN},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        enum lang lang = LANG_EN;
        assert_int_equal(language_from_header(str_from_cstr(rows[i].header), &lang), rows[i].found);
        assert_int_equal(lang, rows[i].lang);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_confirmed),
        cmocka_unit_test(test_twice),
        cmocka_unit_test(test_moved),
        cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_language_header),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

/* Which letters are written: moves are told against what the client knows, once, and not at all
 * where nothing is different in the end. */
#include "practice_fixture.h"

#include "app/letter.h"

static const char *const practice_json =
    "{\"slug\":\"p\",\"name\":\"Praxis\",\"timezone\":\"America/"
    "New_York\",\"currency\":\"USD\",\"rooms\":[],"
    "\"email\":\"hello@example.org\",\"hosts\":[\"www.example.org\"],"
    "\"therapists\":[{\"id\":\"a\",\"name\":\"Ana\",\"hours\":[{\"days\":[\"mon\"],\"from\":\"09:"
    "00\",\"to\":\"17:00\"}]}],"
    "\"services\":[{\"id\":\"s\",\"name\":\"S\",\"minutes\":60,\"therapists\":[\"a\"]}]}";

struct letters {
    int sent;
    int dropped;
    struct str last_text;
};

/* What the outbox does with all that is due at `now`. */
static struct letters deliver(struct fixture *f, utc_us now)
{
    struct letters letters = {0};
    f->env.now = now;
    for (;;) {
        bool has;
        struct message message;
        utc_us next;
        assert_ok(message_claim(&f->tx, now, &f->arena, &has, &message, &next));
        if (!has) return letters;
        struct letter letter = {0};
        assert_ok(letter_compose(&f->env, &message, STR(""), &letter));
        enum message_state state = letter.overtaken ? MESSAGE_DROPPED : MESSAGE_SENT;
        assert_ok(message_settle(&f->tx, &message, state, 0, STR(""), now));
        if (letter.overtaken) {
            letters.dropped++;
        } else {
            letters.sent++;
            letters.last_text = letter.mail.text;
        }
    }
}

static struct booking move_to(struct fixture *f, const struct booking *booking, const char *start)
{
    struct booking moved;
    struct booking_move move = {.start = at(start), .therapist = -1, .lenient = true};
    f->env.actor = (struct actor){ACTOR_STAFF, {1}, ROLE_OWNER};
    assert_ok(booking_reschedule(&f->env, booking, &move, &moved));
    return moved;
}

static void moves_are_told_once_against_what_is_known(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, practice_json, "2026-03-07T12:00:00Z");
    struct booking_request request = {.service = &f.env.practice->services[0],
        .therapist = -1,
        .start = at("2026-03-09T10:00:00-04:00"),
        .client = {.name = STR("Rosa"), .email = STR("rosa@example.org"), .language = STR("en")}};
    struct booking b;
    assert_ok(tx_begin_write(f.conn, &f.tx));
    assert_ok(booking_make(&f.env, &request, &b));
    utc_us now = f.env.now;
    struct letters letters = deliver(&f, now);
    assert_int_equal(letters.sent, 1);
    assert_true(str_contains(letters.last_text, STR("10:00\u00a0AM")));

    /* Dragged twice within two minutes: one letter, from 10:00 to 13:00. */
    struct booking moved = move_to(&f, &b, "2026-03-09T12:00:00-04:00");
    moved = move_to(&f, &moved, "2026-03-09T13:00:00-04:00");
    letters = deliver(&f, now + US_PER_MINUTE);
    assert_int_equal(letters.sent + letters.dropped, 0);
    letters = deliver(&f, now + 4 * US_PER_MINUTE);
    assert_int_equal(letters.sent, 1);
    assert_int_equal(letters.dropped, 1);
    assert_true(str_contains(letters.last_text, STR("1:00\u00a0PM")));
    assert_true(str_contains(letters.last_text, STR("10:00\u00a0AM")));
    assert_false(str_contains(letters.last_text, STR("12:00\u00a0PM")));

    /* Dragged away and back: nothing to tell. */
    moved = move_to(&f, &moved, "2026-03-09T15:00:00-04:00");
    moved = move_to(&f, &moved, "2026-03-09T13:00:00-04:00");
    letters = deliver(&f, now + 20 * US_PER_MINUTE);
    assert_int_equal(letters.sent, 0);
    assert_int_equal(letters.dropped, 2);

    /* Moved and cancelled: only the cancellation is told. */
    moved = move_to(&f, &moved, "2026-03-09T16:00:00-04:00");
    struct booking cancelled;
    assert_ok(booking_cancel(&f.env, &moved, STR(""), &cancelled));
    letters = deliver(&f, now + 40 * US_PER_MINUTE);
    assert_int_equal(letters.sent, 1);
    assert_int_equal(letters.dropped, 1);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_are_told_once_against_what_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

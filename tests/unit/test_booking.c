/* Booking: who is given the time, what is refused and why, and that a fault anywhere in the
 * transaction leaves all or nothing. */
#include "practice_fixture.h"

#include "base/limits.h"

#include "practice/messages/messages.h"
#include "store/fault.h"

static const char *const practice_json =
    "{\"slug\":\"p\",\"name\":\"P\",\"timezone\":\"America/New_York\",\"currency\":\"USD\","
    "\"booking\":{\"step_minutes\":15,\"notice_minutes\":120,\"horizon_days\":60,"
    "\"cancel_notice_minutes\":1440,\"reschedule_notice_minutes\":720,\"hold_minutes\":10,"
    "\"max_per_day\":3,\"max_active_per_client\":4},"
    "\"rooms\":[{\"id\":\"r1\",\"name\":\"Room 1\"},{\"id\":\"r2\",\"name\":\"Room 2\"}],"
    "\"therapists\":["
    "{\"id\":\"ben\",\"name\":\"Ben\",\"hours\":[{\"days\":[\"mon\",\"tue\",\"wed\"],\"from\":\"09:"
    "00\",\"to\":\"17:00\"}]},"
    "{\"id\":\"ana\",\"name\":\"Ana\",\"hours\":[{\"days\":[\"mon\",\"tue\",\"wed\"],\"from\":\"09:"
    "00\",\"to\":\"17:00\"}]},"
    "{\"id\":\"cy\",\"name\":\"Cy\",\"hours\":[{\"days\":[\"mon\",\"tue\",\"wed\"],\"from\":\"09:"
    "00\",\"to\":\"17:00\"}]}],"
    "\"services\":[{\"id\":\"s\",\"name\":\"S\",\"minutes\":60,\"buffer_after_minutes\":15,"
    "\"price\":\"95.00\","
    "\"therapists\":[\"ben\",\"ana\",\"cy\"],\"rooms\":[\"r2\",\"r1\"]}]}";

#define NOW "2026-03-07T12:00:00Z" /* a Saturday */
#define MONDAY(time) "2026-03-09T" time ":00-04:00"

static struct booking_request request_for(struct fixture *f, const char *start, const char *email)
{
    return (struct booking_request){
        .service = &f->env.practice->services[0],
        .therapist = -1,
        .start = at(start),
        .client = {.name = STR("Rosa"), .email = str_from_cstr(email), .language = STR("en")},
    };
}

static struct result book(
    struct fixture *f, const struct booking_request *request, struct booking *ret)
{
    TRY(tx_begin_write(f->conn, &f->tx));
    struct result result = booking_make(&f->env, request, ret);
    if (!result_is_ok(result)) {
        tx_rollback(&f->tx);
        return result;
    }
    result = tx_commit(&f->tx);
    if (!result_is_ok(result)) tx_rollback(&f->tx);
    return result;
}

static const char *therapist_key(struct fixture *f, const struct booking *b)
{
    int i = practice_therapist_by_id(f->env.practice, b->therapist);
    return i < 0 ? "-" : arena_cstr(&f->arena, f->env.practice->therapists[i].key);
}

static int64_t count(struct fixture *f, struct sql sql)
{
    int64_t n = -1;
    bool begun = f->tx.open;
    if (!begun) assert_ok(tx_begin_read(f->conn, &f->tx));
    assert_ok(db_int(&f->tx, sql, NO_VALUES, -1, &n));
    if (!begun) tx_rollback(&f->tx);
    return n;
}

static void fewest_bookings_ties_by_id_first_free_room(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, practice_json, NOW);
    struct booking b;
    struct booking_request r = request_for(&f, MONDAY("09:00"), "a@x.org");
    assert_ok(book(&f, &r, &b));
    assert_string_equal(therapist_key(&f, &b), "ana");
    assert_true(
        str_eq(f.env.practice->rooms[practice_room_by_id(f.env.practice, b.room)].key, STR("r1")));
    r = request_for(&f, MONDAY("09:30"), "b@x.org");
    assert_ok(book(&f, &r, &b));
    assert_string_equal(therapist_key(&f, &b), "ben");
    assert_true(
        str_eq(f.env.practice->rooms[practice_room_by_id(f.env.practice, b.room)].key, STR("r2")));
    /* Cy is free, but both rooms are taken. */
    r = request_for(&f, MONDAY("09:45"), "c@x.org");
    assert_reason(book(&f, &r, &b), ERR_CONFLICT, "slot-taken");
    r = request_for(&f, MONDAY("13:00"), "d@x.org");
    assert_ok(book(&f, &r, &b));
    assert_string_equal(therapist_key(&f, &b), "cy");
    assert_int_equal(count(&f, SQL("SELECT count(*) FROM occupancy")), 6);
    assert_int_equal(count(&f, SQL("SELECT count(*) FROM outbox WHERE kind = 1")), 3);
    assert_int_equal(
        count(&f, SQL("SELECT count(*) FROM audit WHERE action = 'booking.booked'")), 3);
    fixture_close(&f);
}

static void refusals_name_their_rule(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, practice_json, "2026-03-09T12:00:00Z"); /* Monday 8:00 */
    struct booking b;
    const struct {
        const char *start, *reason;
    } cases[] = {
        {MONDAY("09:00"), "too-soon"},
        {"2026-03-08T10:00:00-04:00", "too-soon"},
        {"2026-05-26T10:00:00-04:00", "too-far"},
        {MONDAY("16:15"), "outside-hours"},
        {MONDAY("10:07"), "outside-hours"},
        {"2026-03-12T10:00:00-04:00", "outside-hours"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct booking_request r = request_for(&f, cases[i].start, "a@x.org");
        assert_reason(book(&f, &r, &b), ERR_INVALID, cases[i].reason);
    }
    struct booking_request r = request_for(&f, MONDAY("11:00"), "a@x.org");
    r.start += 1;
    assert_reason(book(&f, &r, &b), ERR_INVALID, "outside-hours");
    assert_int_equal(count(&f, SQL("SELECT count(*) FROM booking")), 0);
    assert_int_equal(count(&f, SQL("SELECT count(*) FROM client")), 0);
    fixture_close(&f);
}

static void limits_a_day_and_a_client(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, practice_json, NOW);
    struct booking b;
    const char *const times[] = {MONDAY("09:00"), MONDAY("10:15"), MONDAY("11:30")};
    for (size_t i = 0; i < 3; i++) {
        struct booking_request r = request_for(&f, times[i], "a@x.org");
        r.therapist = 1;
        assert_ok(book(&f, &r, &b));
    }
    struct booking_request r = request_for(&f, MONDAY("14:00"), "b@x.org");
    r.therapist = 1;
    assert_reason(book(&f, &r, &b), ERR_INVALID, "limit-reached");
    r = request_for(&f, "2026-03-10T09:00:00-04:00", "a@x.org");
    assert_ok(book(&f, &r, &b));
    r = request_for(&f, "2026-03-11T09:00:00-04:00", "A@X.org"); /* letter case does not matter */
    r.client.name = STR("rosa");
    assert_reason(book(&f, &r, &b), ERR_INVALID, "client-limit-reached");
    r.client.name = STR("Somebody else of the family");
    assert_ok(book(&f, &r, &b));
    fixture_close(&f);
}

/* Holds made while the day had room are no way round its limit. */
static void holds_do_not_pass_the_limit_of_a_day(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, practice_json, NOW);
    const char *const times[] = {
        MONDAY("09:00"), MONDAY("10:15"), MONDAY("11:30"), MONDAY("13:00")};
    struct hold holds[4];
    struct booking b;
    assert_ok(tx_begin_write(f.conn, &f.tx));
    for (size_t i = 0; i < 4; i++)
        assert_ok(hold_make(&f.env, &f.env.practice->services[0], 1, at(times[i]), &holds[i]));
    assert_ok(tx_commit(&f.tx));
    for (size_t i = 0; i < 4; i++) {
        char email[32];
        snprintf(email, sizeof email, "c%zu@x.org", i);
        struct booking_request r = request_for(&f, times[i], email);
        r.hold = holds[i].token;
        if (i < 3) {
            assert_ok(book(&f, &r, &b));
        } else {
            assert_reason(book(&f, &r, &b), ERR_INVALID, "limit-reached");
        }
    }
    fixture_close(&f);
}

static void hold_keeps_the_time_and_expires(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, practice_json, NOW);
    struct hold hold;
    const struct service *service = &f.env.practice->services[0];
    assert_ok(tx_begin_write(f.conn, &f.tx));
    assert_ok(hold_make(&f.env, service, 1, at(MONDAY("09:00")), &hold));
    assert_int_equal(hold.expires, f.env.now + 10 * US_PER_MINUTE);
    assert_ok(tx_commit(&f.tx));

    struct booking b;
    struct booking_request r = request_for(&f, MONDAY("09:30"), "a@x.org");
    r.therapist = 1;
    assert_reason(book(&f, &r, &b), ERR_CONFLICT, "slot-taken");

    /* The holder books; with another start the hold does not fit. */
    r.hold = hold.token;
    assert_reason(book(&f, &r, &b), ERR_INVALID, "hold-differs");
    r.start = at(MONDAY("09:00"));
    assert_ok(book(&f, &r, &b));
    assert_int_equal(count(&f, SQL("SELECT count(*) FROM hold")), 0);
    assert_int_equal(count(&f, SQL("SELECT count(*) FROM occupancy WHERE kind = 2")), 0);
    r = request_for(&f, MONDAY("11:00"), "b@x.org");
    r.hold = hold.token;
    assert_reason(book(&f, &r, &b), ERR_CONFLICT, "hold-expired");

    /* Renewed once, and gone after its time. */
    assert_ok(tx_begin_write(f.conn, &f.tx));
    assert_ok(hold_make(&f.env, service, 1, at(MONDAY("14:00")), &hold));
    f.env.now += 9 * US_PER_MINUTE;
    utc_us expires;
    assert_ok(hold_renew(&f.env, hold.token, &expires));
    assert_int_equal(expires, f.env.now + 10 * US_PER_MINUTE);
    assert_reason(hold_renew(&f.env, hold.token, &expires), ERR_INVALID, "hold-renewed-already");
    assert_ok(tx_commit(&f.tx));
    r = request_for(&f, MONDAY("14:00"), "b@x.org");
    r.therapist = 1;
    assert_reason(book(&f, &r, &b), ERR_CONFLICT, "slot-taken");
    f.env.now += 10 * US_PER_MINUTE;
    assert_ok(book(&f, &r, &b));
    fixture_close(&f);
}

static void moving_keeps_history_and_the_therapist_asked_for(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, practice_json, NOW);
    struct booking b;
    struct booking blocker;
    struct booking_request r = request_for(&f, MONDAY("09:00"), "a@x.org");
    r.therapist = 1;
    assert_ok(book(&f, &r, &b));
    r = request_for(&f, MONDAY("13:00"), "b@x.org");
    r.therapist = 1;
    assert_ok(book(&f, &r, &blocker));

    assert_ok(tx_begin_write(f.conn, &f.tx));
    struct booking moved;
    struct booking_move move = {.start = at(MONDAY("13:15")), .therapist = -1};
    assert_reason(booking_reschedule(&f.env, &b, &move, &moved), ERR_CONFLICT, "slot-taken");
    tx_rollback(&f.tx);

    /* A quarter of an hour later overlaps only itself. */
    assert_ok(tx_begin_write(f.conn, &f.tx));
    move.start = at(MONDAY("09:15"));
    assert_ok(booking_reschedule(&f.env, &b, &move, &moved));
    assert_ok(tx_commit(&f.tx));
    assert_int_equal(moved.sequence, 1);
    assert_string_equal(therapist_key(&f, &moved), "ana");
    assert_int_equal(count(&f, SQL("SELECT count(*) FROM booking_event WHERE kind = 2 AND"
                                   " old_starts_us IS NOT NULL")),
        1);

    /* Another therapist when that is what they ask for. */
    assert_ok(tx_begin_write(f.conn, &f.tx));
    move.therapist = 2;
    assert_ok(booking_reschedule(&f.env, &moved, &move, &b));
    assert_ok(tx_commit(&f.tx));
    assert_string_equal(therapist_key(&f, &b), "cy");

    f.env.now = at("2026-03-09T01:16:00Z"); /* less than twelve hours before 13:15Z */
    assert_ok(tx_begin_write(f.conn, &f.tx));
    assert_reason(booking_reschedule(&f.env, &b, &move, &moved), ERR_INVALID, "too-late");
    move.lenient = true;
    move.start = at(MONDAY("07:05"));
    assert_ok(booking_reschedule(&f.env, &b, &move, &moved));
    tx_rollback(&f.tx);
    fixture_close(&f);
}

/* Every move sends a letter: whoever has the link shall not be able to fill a mailbox with them. */
static void a_client_moves_a_booking_so_often_and_no_more(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, practice_json, NOW);
    struct booking b;
    struct booking_request r = request_for(&f, MONDAY("09:00"), "a@x.org");
    r.therapist = 1;
    assert_ok(book(&f, &r, &b));
    assert_ok(tx_begin_write(f.conn, &f.tx));
    for (int i = 0; i <= LIMIT_MOVES_BY_CLIENT; i++) {
        struct booking_move move = {
            .start = at(i % 2 ? MONDAY("09:00") : MONDAY("09:15")), .therapist = -1};
        if (i == LIMIT_MOVES_BY_CLIENT / 2) { /* staff's moves do not count */
            f.env.actor.kind = ACTOR_STAFF;
            assert_ok(booking_reschedule(&f.env, &b, &move, &b));
            f.env.actor.kind = ACTOR_CLIENT;
            continue;
        }
        assert_ok(booking_reschedule(&f.env, &b, &move, &b));
    }
    struct booking_move move = {.start = at(MONDAY("09:30")), .therapist = -1};
    assert_reason(booking_reschedule(&f.env, &b, &move, &b), ERR_INVALID, "moves-limit-reached");
    f.env.actor.kind = ACTOR_STAFF;
    assert_ok(booking_reschedule(&f.env, &b, &move, &b));
    assert_int_equal(b.starts, move.start);
    f.env.actor.kind = ACTOR_CLIENT;
    assert_ok(booking_cancel(&f.env, &b, STR(""), &b)); /* not a way to keep somebody in */
    assert_ok(tx_commit(&f.tx));
    fixture_close(&f);
}

static void cancelling_gives_the_time_back(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, practice_json, "2026-03-02T12:00:00Z");
    struct booking b;
    struct booking again;
    struct booking_request r = request_for(&f, MONDAY("10:00"), "a@x.org");
    r.therapist = 1;
    assert_ok(book(&f, &r, &b));
    assert_int_equal(count(&f, SQL("SELECT count(*) FROM outbox WHERE kind = 4 AND state = 1")), 1);

    assert_ok(tx_begin_write(f.conn, &f.tx));
    struct booking found;
    assert_ok(booking_find_by_token(&f.env, booking_token(&f.env, &b), &found));
    assert_int_equal(found.id.v, b.id.v);
    /* The right booking with a wrong secret is no booking, nor is half a token. */
    struct str token = booking_token(&f.env, &b);
    char *forged = (char *)(uintptr_t)arena_str(&f.arena, token).ptr;
    forged[token.len - 2] = forged[token.len - 2] == 'A' ? 'B' : 'A';
    assert_reason(booking_find_by_token(&f.env, (struct str){forged, token.len}, &again),
        ERR_NOT_FOUND, "unknown-booking");
    assert_reason(
        booking_find_by_token(&f.env, b.public_id, &again), ERR_NOT_FOUND, "unknown-booking");
    assert_reason(
        booking_find_by_token(&f.env, STR("x"), &again), ERR_NOT_FOUND, "unknown-booking");
    assert_ok(booking_cancel(&f.env, &found, STR("ill"), &again));
    assert_ok(tx_commit(&f.tx));
    assert_int_equal(again.status, BOOKING_CANCELLED);
    assert_int_equal(count(&f, SQL("SELECT count(*) FROM occupancy")), 0);
    assert_int_equal(count(&f, SQL("SELECT count(*) FROM outbox WHERE kind = 4 AND state = 1")), 0);
    assert_int_equal(count(&f, SQL("SELECT count(*) FROM outbox WHERE kind = 3")), 1);
    assert_ok(book(&f, &r, &b));

    f.env.now = at("2026-03-08T15:00:00Z"); /* within a day */
    assert_ok(tx_begin_write(f.conn, &f.tx));
    assert_reason(booking_cancel(&f.env, &b, STR(""), &again), ERR_INVALID, "too-late");
    f.env.actor = (struct actor){ACTOR_STAFF, {1}, ROLE_OWNER};
    assert_ok(booking_cancel(&f.env, &b, STR(""), &again));
    assert_reason(booking_cancel(&f.env, &again, STR(""), &b), ERR_INVALID, "not-confirmed");
    tx_rollback(&f.tx);
    fixture_close(&f);
}

static void time_off_goes_through_the_same_door(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, practice_json, NOW);
    struct booking b;
    struct booking_request r = request_for(&f, MONDAY("10:00"), "a@x.org");
    r.therapist = 1;
    assert_ok(book(&f, &r, &b));
    struct resource_id ana = f.env.practice->therapists[1].id;
    struct time_off off;
    assert_ok(tx_begin_write(f.conn, &f.tx));
    assert_reason(
        time_off_add(&f.env, ana, at(MONDAY("11:00")), at(MONDAY("12:00")), STR(""), &off),
        ERR_CONFLICT, "slot-taken"); /* the buffer runs until 11:15 */
    tx_rollback(&f.tx);
    assert_ok(tx_begin_write(f.conn, &f.tx));
    assert_ok(time_off_add(&f.env, ana, at(MONDAY("11:15")), at(MONDAY("17:00")), STR("x"), &off));
    assert_ok(tx_commit(&f.tx));
    r.start = at(MONDAY("13:00"));
    assert_reason(book(&f, &r, &b), ERR_CONFLICT, "slot-taken");
    assert_ok(tx_begin_write(f.conn, &f.tx));
    assert_ok(time_off_remove(&f.env, off.id));
    assert_ok(tx_commit(&f.tx));
    assert_ok(book(&f, &r, &b));
    fixture_close(&f);
}

/* Every call of the booking transaction fails once: all or nothing, and the next try works. */
static void a_fault_anywhere_leaves_all_or_nothing(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, practice_json, NOW);
    struct booking b;
    int64_t failures = 0;
    for (int64_t n = 1;; n++) {
        char email[32];
        snprintf(email, sizeof email, "c%lld@x.org", (long long)n);
        int64_t before = count(&f, SQL("SELECT count(*) FROM booking"));
        struct booking_request r = request_for(&f, MONDAY("09:00"), email);
        store_fault_arm(n);
        struct result result = book(&f, &r, &b);
        bool fired = store_fault_fired();
        store_fault_arm(0);
        int64_t after = count(&f, SQL("SELECT count(*) FROM booking"));
        int64_t occupied = count(&f, SQL("SELECT count(*) FROM occupancy"));
        int64_t events = count(&f, SQL("SELECT count(*) FROM booking_event"));
        int64_t mails = count(&f, SQL("SELECT count(*) FROM outbox WHERE kind = 1"));
        int64_t audits = count(&f, SQL("SELECT count(*) FROM audit"));
        assert_int_equal(after - before, result_is_ok(result) ? 1 : 0);
        assert_int_equal(occupied, after * 2);
        assert_int_equal(events, after);
        assert_int_equal(mails, after);
        assert_int_equal(audits, after);
        assert_int_equal(count(&f, SQL("SELECT count(*) FROM client")), after);
        if (!fired) {
            assert_ok(result);
            break;
        }
        assert_true(result.code == ERR_IO || result.code == ERR_BUSY);
        failures++;
    }
    assert_true(failures > 15);
    fixture_close(&f);
}

static void folding_finds_names_without_accents(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct str folded = client_fold(&arena, STR("Zoë MÜLLER Łukasz Ñandú 你"));
    assert_true(str_eq(folded, STR("zoe muller lukasz nandu 你")));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fewest_bookings_ties_by_id_first_free_room),
        cmocka_unit_test(refusals_name_their_rule),
        cmocka_unit_test(limits_a_day_and_a_client),
        cmocka_unit_test(holds_do_not_pass_the_limit_of_a_day),
        cmocka_unit_test(hold_keeps_the_time_and_expires),
        cmocka_unit_test(moving_keeps_history_and_the_therapist_asked_for),
        cmocka_unit_test(a_client_moves_a_booking_so_often_and_no_more),
        cmocka_unit_test(cancelling_gives_the_time_back),
        cmocka_unit_test(time_off_goes_through_the_same_door),
        cmocka_unit_test(a_fault_anywhere_leaves_all_or_nothing),
        cmocka_unit_test(folding_finds_names_without_accents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

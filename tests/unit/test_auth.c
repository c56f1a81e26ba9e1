/* Accounts, sessions, permissions, the audit trail and rate limits. */
#include "practice_fixture.h"

#include "auth/audit.h"
#include "auth/permission.h"
#include "auth/rate.h"
#include "auth/staff.h"

static const char *const practice_json =
    "{\"slug\":\"p\",\"name\":\"P\",\"timezone\":\"UTC\",\"currency\":\"USD\",\"rooms\":[],"
    "\"therapists\":[{\"id\":\"a\",\"name\":\"A\"}],\"services\":[]}";

static struct user_id add(struct fixture *f, const char *email, enum role role)
{
    struct user_id id;
    struct staff_user user = {.email = str_from_cstr(email),
        .name = STR("N"),
        .role = role,
        .password_hash = STR("$argon2id$not-checked-here")};
    assert_ok(staff_save(
        &f->tx, f->env.practice->id, &user, (struct actor){.kind = ACTOR_SYSTEM}, f->env.now, &id));
    return id;
}

static void sessions_expire_and_are_revoked(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, practice_json, "2026-03-01T12:00:00Z");
    struct practice_id p = f.env.practice->id;
    assert_ok(tx_begin_write(f.conn, &f.tx));
    struct user_id ana = add(&f, "Ana@Example.org", ROLE_OWNER);
    struct user_id ben = add(&f, "ben@example.org", ROLE_DESK);
    struct str token;
    struct str other;
    assert_ok(session_begin(&f.tx, p, ana, STR("Firefox, Linux"), f.env.now, &f.arena, &token));
    assert_ok(session_begin(&f.tx, p, ana, STR("Safari, iPhone"), f.env.now, &f.arena, &other));

    struct staff_session session;
    struct staff_user user;
    assert_ok(session_find(&f.tx, p, token, f.env.now, &f.arena, &session, &user));
    assert_int_equal(user.id.v, ana.v);
    assert_int_equal(user.role, ROLE_OWNER);
    assert_reason(session_find(&f.tx, p, STR("x"), f.env.now, &f.arena, &session, &user),
        ERR_NOT_FOUND, "unknown-session");
    struct practice_id foreign = {p.v + 1};
    assert_reason(session_find(&f.tx, foreign, token, f.env.now, &f.arena, &session, &user),
        ERR_NOT_FOUND, "unknown-session");

    /* Thirty days unused; use prolongs it, ninety days at most. */
    utc_us later = f.env.now + 29 * US_PER_DAY;
    assert_true(session_is_stale(&session, later));
    assert_ok(session_touch(&f.tx, p, session.id, later));
    assert_ok(session_find(&f.tx, p, token, later + 29 * US_PER_DAY, &f.arena, &session, &user));
    assert_reason(
        session_find(&f.tx, p, other, f.env.now + 30 * US_PER_DAY, &f.arena, &session, &user),
        ERR_NOT_FOUND, "unknown-session");
    assert_ok(session_touch(&f.tx, p, 1, f.env.now + 85 * US_PER_DAY));
    assert_reason(
        session_find(&f.tx, p, token, f.env.now + 90 * US_PER_DAY, &f.arena, &session, &user),
        ERR_NOT_FOUND, "unknown-session");

    /* Nobody revokes another's session; one's own is gone at once. */
    assert_reason(session_revoke(&f.tx, p, ben, 1), ERR_NOT_FOUND, "unknown-session");
    assert_ok(session_revoke(&f.tx, p, ana, 1));
    assert_reason(session_find(&f.tx, p, token, f.env.now, &f.arena, &session, &user),
        ERR_NOT_FOUND, "unknown-session");
    fixture_close(&f);
}

static void a_new_password_ends_all_sessions(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, practice_json, "2026-03-01T12:00:00Z");
    struct practice_id p = f.env.practice->id;
    assert_ok(tx_begin_write(f.conn, &f.tx));
    struct user_id ana = add(&f, "ana@example.org", ROLE_OWNER);
    struct str token;
    struct staff_session session;
    struct staff_user user;
    assert_ok(session_begin(&f.tx, p, ana, STR(""), f.env.now, &f.arena, &token));
    assert_int_equal(add(&f, "ANA@example.org", ROLE_OWNER).v, ana.v);
    assert_reason(session_find(&f.tx, p, token, f.env.now, &f.arena, &session, &user),
        ERR_NOT_FOUND, "unknown-session");
    fixture_close(&f);
}

static void the_last_owner_stays(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, practice_json, "2026-03-01T12:00:00Z");
    struct practice_id p = f.env.practice->id;
    struct actor system = {.kind = ACTOR_SYSTEM};
    assert_ok(tx_begin_write(f.conn, &f.tx));
    struct user_id ana = add(&f, "ana@example.org", ROLE_OWNER);
    struct user_id ben = add(&f, "ben@example.org", ROLE_DESK);
    struct staff_user demoted = {
        .email = STR("Ana@example.org"), .name = STR("Ana"), .role = ROLE_DESK};
    struct staff_user kept;
    assert_reason(
        staff_save(&f.tx, p, &demoted, system, f.env.now, &ben), ERR_INVALID, "last-owner");
    assert_ok(staff_get(&f.tx, p, ana, &f.arena, &kept));
    assert_int_equal(kept.role, ROLE_OWNER);
    assert_reason(staff_deactivate(&f.tx, p, ana, system, f.env.now), ERR_INVALID, "last-owner");
    struct user_id cy = add(&f, "cy@example.org", ROLE_OWNER);
    assert_ok(staff_deactivate(&f.tx, p, ana, system, f.env.now));
    assert_reason(staff_deactivate(&f.tx, p, cy, system, f.env.now), ERR_INVALID, "last-owner");
    /* Who was switched off is no owner, whatever their role was; with another one any may go. */
    assert_ok(staff_save(&f.tx, p, &demoted, system, f.env.now, &ben));
    assert_int_equal(ben.v, ana.v);
    struct staff_user promoted = demoted;
    promoted.role = ROLE_OWNER;
    assert_ok(staff_save(&f.tx, p, &promoted, system, f.env.now, &ben));
    assert_ok(staff_save(&f.tx, p, &demoted, system, f.env.now, &ben));
    fixture_close(&f);
}

static void the_audit_trail_only_grows(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, practice_json, "2026-03-01T12:00:00Z");
    assert_ok(tx_begin_write(f.conn, &f.tx));
    add(&f, "ana@example.org", ROLE_OWNER);
    assert_reason(db_exec(&f.tx, SQL("UPDATE audit SET action = 'x'"), NO_VALUES, NULL),
        ERR_CONFLICT, "append-only");
    assert_reason(
        db_exec(&f.tx, SQL("DELETE FROM audit"), NO_VALUES, NULL), ERR_CONFLICT, "append-only");
    struct audit_entry *entries;
    size_t count;
    assert_ok(audit_list(&f.tx, f.env.practice->id, 10, &f.arena, &entries, &count));
    assert_int_equal(count, 1);
    assert_true(str_eq(entries[0].action, STR("user.added")));
    fixture_close(&f);
}

static void roles_may_what_they_may(void **state)
{
    (void)state;
    const struct {
        enum permission permission;
        bool none, owner, therapist, desk;
    } table[] = {
        {PERM_PUBLIC, true, true, true, true},
        {PERM_STAFF, false, true, true, true},
        {PERM_CALENDAR, false, true, true, true},
        {PERM_CLIENTS, false, true, true, true},
        {PERM_MESSAGES, false, true, false, true},
        {PERM_LEARN, false, true, true, false},
        {PERM_SETTINGS, false, true, false, false},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        assert_int_equal(role_may(ROLE_NONE, table[i].permission), table[i].none);
        assert_int_equal(role_may(ROLE_OWNER, table[i].permission), table[i].owner);
        assert_int_equal(role_may(ROLE_THERAPIST, table[i].permission), table[i].therapist);
        assert_int_equal(role_may(ROLE_DESK, table[i].permission), table[i].desk);
    }
}

static void buckets_empty_and_refill(void **state)
{
    (void)state;
    struct rate_table *table = rate_table_new();
    utc_us now = 1000 * US_PER_SECOND;
    int retry = 0;
    for (int i = 0; i < 5; i++)
        assert_true(rate_take(table, "x", STR("1.2.3.4"), 5, US_PER_MINUTE, now, &retry));
    assert_false(rate_take(table, "x", STR("1.2.3.4"), 5, US_PER_MINUTE, now, &retry));
    assert_int_equal(retry, 13); /* one token in twelve seconds, rounded up */
    assert_true(rate_take(table, "x", STR("1.2.3.5"), 5, US_PER_MINUTE, now, &retry));
    assert_true(rate_take(table, "y", STR("1.2.3.4"), 5, US_PER_MINUTE, now, &retry));
    now += 12 * US_PER_SECOND + 1000;
    assert_true(rate_take(table, "x", STR("1.2.3.4"), 5, US_PER_MINUTE, now, &retry));
    assert_false(rate_take(table, "x", STR("1.2.3.4"), 5, US_PER_MINUTE, now, &retry));
    /* A clock that jumps back neither grants nor locks for ever. */
    now -= US_PER_HOUR;
    assert_false(rate_take(table, "x", STR("1.2.3.4"), 5, US_PER_MINUTE, now, &retry));
    now += US_PER_MINUTE;
    assert_true(rate_take(table, "x", STR("1.2.3.4"), 5, US_PER_MINUTE, now, &retry));
    /* Many others never make it grant more than it should to one that keeps asking. */
    int granted = 0;
    for (int i = 0; i < 100000; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i % 500);
        rate_take(table, "x", str_from_cstr(key), 5, US_PER_MINUTE, now, NULL);
        granted += rate_take(table, "x", STR("one"), 5, US_PER_MINUTE, now, NULL);
    }
    assert_int_equal(granted, 5);
    rate_table_free(table);
}

static void devices_are_named(void **state)
{
    (void)state;
    struct arena arena = {0};
    const char *const firefox =
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    const char *const iphone =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
    assert_true(str_eq(agent_name(&arena, str_from_cstr(firefox)), STR("Firefox, Linux")));
    assert_true(str_eq(agent_name(&arena, str_from_cstr(iphone)), STR("Safari, iPhone")));
    assert_true(str_eq(agent_name(&arena, STR("curl/8")), STR("Browser")));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_expire_and_are_revoked),
        cmocka_unit_test(a_new_password_ends_all_sessions),
        cmocka_unit_test(the_last_owner_stays),
        cmocka_unit_test(the_audit_trail_only_grows),
        cmocka_unit_test(roles_may_what_they_may),
        cmocka_unit_test(buckets_empty_and_refill),
        cmocka_unit_test(devices_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

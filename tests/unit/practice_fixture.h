/* A practice in a database of its own, for tests of the rules. */
#ifndef BALM_TESTS_PRACTICE_FIXTURE_H
#define BALM_TESTS_PRACTICE_FIXTURE_H

#include "base/crypto.h"
#include "practice/booking/booking.h"
#include "practice/schema/schema.h"
#include "practice/setup/setup.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

struct fixture {
    char path[64];
    struct store *store;
    struct conn *conn;
    struct tx tx;
    struct arena arena;
    struct crypto_key key;
    struct booking_env env;
};

#define assert_ok(call)                                                                            \
    do {                                                                                           \
        struct result r_ = (call);                                                                 \
        if (r_.code != ERR_NONE)                                                                   \
            fail_msg("%s: %s %s (%s)", #call, error_code_name(r_.code), r_.reason, r_.detail);     \
    } while (0)

#define assert_reason(call, expected_code, expected_reason)                                        \
    do {                                                                                           \
        struct result r_ = (call);                                                                 \
        assert_int_equal(r_.code, expected_code);                                                  \
        assert_non_null(r_.reason);                                                                \
        assert_string_equal(r_.reason, expected_reason);                                           \
    } while (0)

static utc_us at(const char *text)
{
    utc_us instant;
    if (!rfc3339_parse(str_from_cstr(text), &instant)) fail_msg("not an instant: %s", text);
    return instant;
}

static UNUSED void fixture_open(struct fixture *f, const char *practice_json, const char *now)
{
    memset(f, 0, sizeof *f);
    snprintf(f->path, sizeof f->path, "balm-test-%d.db", (int)getpid());
    char url[80];
    snprintf(url, sizeof url, "sqlite:%s", f->path);
    assert_ok(crypto_init());
    assert_ok(store_open(str_from_cstr(url), &f->store));
    assert_ok(store_connect_writer(f->store, &f->conn));
    assert_ok(schema_update(f->conn, NULL));
    memset(f->key.bytes, 7, sizeof f->key.bytes);

    struct problems problems;
    problems_init(&problems, &f->arena);
    const struct practice *file;
    struct result parsed = setup_parse(str_from_cstr(practice_json), &f->arena, &problems, &file);
    for (struct problem *p = problems.first; p; p = p->next)
        print_error("%.*s: %s %.*s\n", STR_ARG(p->field), p->code, STR_ARG(p->arg));
    assert_ok(parsed);
    struct setup_changes changes;
    assert_ok(tx_begin_write(f->conn, &f->tx));
    assert_ok(setup_apply(&f->tx, file, at(now), &f->arena, &changes));
    const struct practice *practice;
    assert_ok(setup_load(&f->tx, changes.id, &f->arena, &practice));
    assert_ok(tx_commit(&f->tx));
    f->env = (struct booking_env){.tx = &f->tx,
        .practice = practice,
        .key = &f->key,
        .actor = {.kind = ACTOR_CLIENT},
        .now = at(now),
        .arena = &f->arena};
}

static UNUSED void fixture_close(struct fixture *f)
{
    tx_rollback(&f->tx);
    conn_close(f->conn);
    store_close(f->store);
    arena_release(&f->arena);
    char other[80];
    unlink(f->path);
    snprintf(other, sizeof other, "%s-wal", f->path);
    unlink(other);
    snprintf(other, sizeof other, "%s-shm", f->path);
    unlink(other);
}

#endif

/* A client in a practice of its own, for tests of their care. */
#ifndef BALM_TESTS_CARE_FIXTURE_H
#define BALM_TESTS_CARE_FIXTURE_H

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

static UNUSED void ring_of(struct seal_ring *ring, int keys)
{
    struct key_file file = {.count = keys};
    for (int i = 0; i < keys; i++)
        memset(file.keys[i].bytes, 7 + i, CRYPTO_KEY_BYTES);
    seal_ring_init(ring, &file);
}

static UNUSED struct client_id client_of(struct care *c, const char *name)
{
    struct client_details details = {
        .name = str_from_cstr(name), .email = STR("mara@example.org"), .language = STR("en")};
    struct client_id id;
    assert_ok(client_recognise(&c->f.tx, c->env.practice->id, &details, c->env.now, &id));
    return id;
}

static UNUSED void set_now(struct care *c, const char *now)
{
    c->env.now = at(now);
    c->f.env.now = c->env.now;
}

static UNUSED void care_open(struct care *c, const char *now)
{
    memset(c, 0, sizeof *c);
    fixture_open(&c->f, practice_json, now);
    ring_of(&c->ring, 1);
    c->env = (struct care_env){&c->f.tx, c->f.env.practice, &c->f.key, &c->ring,
        {.kind = ACTOR_CLIENT}, c->f.env.now, &c->f.arena};
    assert_ok(tx_begin_write(c->f.conn, &c->f.tx));
    c->client = client_of(c, "Mara");
}

static UNUSED void care_close(struct care *c)
{
    struct check_report report;
    assert_ok(data_check(&c->f.tx, &report));
    for (size_t i = 0; i < report.broken; i++)
        print_error("%s\n", report.findings[i].invariant);
    assert_int_equal(report.broken, 0);
    fixture_close(&c->f);
}

static UNUSED struct booking book(struct care *c, const char *start)
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

#endif

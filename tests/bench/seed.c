/* bench_seed DATABASE PRACTICE.json PAST NOW: a new database with the practice of the file, PAST
 * sessions of its first therapist before the instant NOW (and a tenth as many of the others), and a
 * coming month that is the same whatever PAST is, so that answers about it can be compared.
 *
 * The past is written row by row, as booking_make leaves it behind, without asking the rules: that
 * would take hours for a million. `balm check` holds afterwards. Past sessions are 15 minutes long
 * and stand back to back, so that a million fit into 29 years. */
#include "app/app.h"
#include "base/key_file.h"
#include "base/check.h"
#include "cli/files.h"
#include "practice/booking/booking.h"
#include "practice/booking/open_times.h"
#include "practice/messages/messages.h"
#include "practice/setup/setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/banned.h"

enum { SESSION_MINUTES = 15, VISITS_PER_CLIENT = 20, BATCH = 20000, COMING_DAYS = 32, A_DAY = 3 };

struct seeder {
    struct tx tx;
    struct conn *conn;
    const struct practice *practice;
    struct arena arena; /* of one batch */
    utc_us now;
    int64_t past;   /* of the first therapist */
    int64_t others; /* of all others together */
    int64_t id;     /* last booking written */
};

static void must(struct result result)
{
    if (result_is_ok(result)) return;
    fprintf(stderr, "bench_seed: %s %s %s\n", error_code_name(result.code),
        result.reason ? result.reason : "", result.detail ? result.detail : "");
    exit(1);
}

static void show_progress(const struct seeder *s)
{
    int64_t all = s->past + s->others;
    if (!isatty(STDERR_FILENO) || all == 0) return;
    enum { WIDTH = 40 };
    static const char full[] = "########################################";
    int width = (int)(s->id * WIDTH / all);
    fprintf(stderr, "\r  [%-*.*s] %lld of %lld bookings%s", WIDTH, width, full, (long long)s->id,
        (long long)all, s->id == all ? "\n" : "");
}

/* ---- the past ---- */

static void add_client(struct seeder *s, int64_t id, utc_us created)
{
    struct str name = arena_printf(&s->arena, "Client %07lld", (long long)id);
    struct str fold = arena_printf(&s->arena, "client %07lld", (long long)id);
    struct str email = arena_printf(&s->arena, "client%07lld@mail.example", (long long)id);
    must(db_exec(&s->tx,
        SQL("INSERT INTO client (practice_id, client_id, name, name_fold, email, email_fold,"
            " language, created_us) VALUES ($1, $2, $3, $4, $5, $5, 'en', $6)"),
        V(v_int(s->practice->id.v), v_int(id), v_text(name), v_text(fold), v_text(email),
            v_int(created)),
        NULL));
}

static void add_event(struct seeder *s, int64_t event, int64_t booking,
    enum booking_event_kind kind, utc_us at, utc_us starts, struct resource_id therapist,
    struct resource_id room)
{
    must(db_exec(&s->tx,
        SQL("INSERT INTO booking_event (practice_id, event_id, booking_id, at_us, kind, actor_kind,"
            " starts_us, ends_us, therapist_id, room_id, sequence)"
            " VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, 0)"),
        V(v_int(s->practice->id.v), v_int(event), v_int(booking), v_int(at), v_int(kind),
            v_int(starts), v_int(starts + SESSION_MINUTES * US_PER_MINUTE), v_int(therapist.v),
            v_int(room.v)),
        NULL));
}

static void add_occupancy(
    struct seeder *s, struct resource_id resource, utc_us starts, int64_t booking)
{
    must(db_exec(&s->tx,
        SQL("INSERT INTO occupancy (practice_id, resource_id, from_us, to_us, kind, owner_id)"
            " VALUES ($1, $2, $3, $4, 1, $5)"),
        V(v_int(s->practice->id.v), v_int(resource.v), v_int(starts),
            v_int(starts + SESSION_MINUTES * US_PER_MINUTE), v_int(booking)),
        NULL));
}

static void add_booking(struct seeder *s, int person, int room, utc_us starts)
{
    const struct practice *p = s->practice;
    struct resource_id therapist = p->therapists[person].id;
    struct resource_id place = p->rooms[room].id;
    int64_t id = ++s->id;
    int64_t client = (id - 1) / VISITS_PER_CLIENT + 1;
    utc_us created = starts - 7 * US_PER_DAY;
    if ((id - 1) % VISITS_PER_CLIENT == 0) add_client(s, client, created);
    struct str public_id = arena_printf(&s->arena, "seed%010lld", (long long)id);
    struct str hash = arena_printf(&s->arena, "seed%028lld", (long long)id);
    struct str nonce = arena_printf(&s->arena, "%016lld", (long long)id);
    must(db_exec(&s->tx,
        SQL("INSERT INTO booking (practice_id, booking_id, public_id, client_id, service_id,"
            " therapist_id, room_id, therapist_chosen, starts_us, ends_us, before_minutes,"
            " after_minutes, status, price_minor, language, token_nonce, token_hash, created_us)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, 0, 0, 3, $10, 'en', $11, $12, $13)"),
        V(v_int(p->id.v), v_int(id), v_text(public_id), v_int(client), v_int(p->services[0].id.v),
            v_int(therapist.v), v_int(place.v), v_int(starts),
            v_int(starts + SESSION_MINUTES * US_PER_MINUTE), v_int(p->services[0].price.minor),
            v_blob(nonce), v_blob(hash), v_int(created)),
        NULL));
    add_event(s, id * 2 - 1, id, EVENT_BOOKED, created, starts, therapist, place);
    add_event(s, id * 2, id, EVENT_DONE, starts + US_PER_HOUR, starts, therapist, place);
    add_occupancy(s, therapist, starts, id);
    add_occupancy(s, place, starts, id);
}

static void next_batch(struct seeder *s)
{
    must(tx_commit(&s->tx));
    must(tx_begin_write(s->conn, &s->tx));
    arena_reset(&s->arena);
    show_progress(s);
}

/* Oldest first, so that the indexes grow at their ends, as they do in life. */
static void add_past(struct seeder *s)
{
    const struct practice *p = s->practice;
    int64_t beside = p->therapist_count > 1 ? s->past / 10 : 0;
    utc_us newest = s->now / US_PER_HOUR * US_PER_HOUR - US_PER_DAY;
    s->others = beside;
    CHECK(p->room_count >= 2);
    for (int64_t i = 0; i < s->past; i++) {
        utc_us starts = newest - (s->past - i) * SESSION_MINUTES * US_PER_MINUTE;
        add_booking(s, 0, 0, starts);
        if (i % 10 == 9 && beside) {
            int other = 1 + (int)(i / 10 % (int64_t)(p->therapist_count - 1));
            add_booking(s, other, 1, starts);
        }
        if (i % BATCH == BATCH - 1) next_batch(s);
    }
    next_batch(s);
}

/* ---- the coming month ---- */

/* A few sessions a day, through the same door as everybody's. */
static void add_day(struct seeder *s, const struct crypto_key *key, date_day day)
{
    const struct practice *p = s->practice;
    struct booking_env env = {.tx = &s->tx,
        .practice = p,
        .key = key,
        .actor = {.kind = ACTOR_CLIENT},
        .now = s->now,
        .arena = &s->arena};
    for (int i = 0; i < A_DAY; i++) {
        struct open_query query = {.practice = p,
            .service = &p->services[(size_t)(day + i) % p->service_count],
            .therapist = i == 2 ? -1 : 0,
            .from = tz_opening(p->zone, (struct local_time){day, 0}),
            .to = tz_opening(p->zone, (struct local_time){day + 1, 0}),
            .now = s->now};
        struct open_slots slots;
        must(open_times(&s->tx, &query, &s->arena, &slots));
        if (slots.len == 0) continue;
        struct str name = arena_printf(&s->arena, "Guest %d of day %d", i, (int)day);
        struct booking_request request = {.service = query.service,
            .therapist = query.therapist,
            .start = slots.ptr[(size_t)(day * 31 + i * 17) % slots.len].start,
            .client = {name, arena_printf(&s->arena, "guest%d.%d@mail.example", i, (int)day),
                STR(""), STR("en")}};
        struct booking booking;
        must(booking_make(&env, &request, &booking));
    }
}

static void add_coming(struct seeder *s, const struct crypto_key *key)
{
    date_day today = tz_utc_to_local(s->practice->zone, s->now).date;
    for (int i = 0; i < COMING_DAYS; i++)
        add_day(s, key, today + i);
    must(message_mark_sent_before(&s->tx, s->practice->id, s->now + 1));
}

/* ---- all ---- */

static void fill(struct seeder *s, struct str file, const struct crypto_key *key)
{
    struct arena kept = {0};
    struct str text;
    struct problems problems;
    struct setup_changes changes;
    const struct practice *practice;
    problems_init(&problems, &kept);
    must(file_read(&kept, file, 1 << 20, &text));
    must(setup_parse(text, &kept, &problems, &practice));
    must(tx_begin_write(s->conn, &s->tx));
    must(setup_apply(&s->tx, practice, s->now, &kept, &changes));
    must(setup_load(&s->tx, changes.id, &kept, &s->practice));
    add_past(s);
    add_coming(s, key);
    must(tx_commit(&s->tx));
    arena_release(&s->arena);
    arena_release(&kept);
}

int main(int argc, char **argv)
{
    struct seeder s = {0};
    if (argc != 5 || !str_to_i64(str_from_cstr(argv[3]), 0, 5000000, &s.past) ||
        !rfc3339_parse(str_from_cstr(argv[4]), &s.now)) {
        fprintf(stderr, "usage: bench_seed DATABASE PRACTICE.json PAST NOW\n");
        return 2;
    }
    struct arena arena = {0};
    struct store *store;
    struct key_file keys;
    struct str db = arena_printf(&arena, "sqlite:%s", argv[1]);
    must(crypto_init());
    must(key_file_make(app_key_path(&arena, db)));
    must(key_file_load(app_key_path(&arena, db), &keys));
    must(app_open_database(db, &store, &s.conn));
    fill(&s, str_from_cstr(argv[2]), &keys.keys[0]);
    conn_close(s.conn);
    store_close(store);
    arena_release(&arena);
    return 0;
}

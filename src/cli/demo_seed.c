#include "cli/demo_seed.h"

#include "auth/staff.h"
#include "base/check.h"
#include "cli/demo_care.h"
#include "practice/booking/booking.h"
#include "practice/booking/open_times.h"
#include "practice/messages/messages.h"
#include "practice/setup/setup.h"

#include "demo_practice.h"

#include "base/banned.h"

enum { PAST_DAYS = 182, COMING_DAYS = 35, CLIENTS = 60 };

const struct demo_sign_in demo_sign_ins[3] = {
    {"ana@balancedbody.example", "Ana Reyes", "owner", "calm-hands-ana"},
    {"tomas@balancedbody.example", "Tomás Lindqvist", "therapist", "calm-hands-tomas"},
    {"desk@balancedbody.example", "Priya Nair", "desk", "calm-hands-desk"},
};

static const char *const first_names[] = {"Nadia", "Tom", "Yasmin", "Karim", "Sigrid", "Pablo",
    "Aiko", "Bernard", "Catalina", "Dev", "Eleanor", "Farid", "Grace", "Hugo", "Imani", "Joaquín",
    "Keiko", "Lucía", "Miriam", "Noah"};
static const char *const last_names[] = {"Delgado", "Eriksen", "Park", "Okafor", "Weiss",
    "Castellanos", "Nguyen", "Abernathy", "Haddad", "Rossi", "Kowalska", "Jensen", "Mbeki", "Silva",
    "O’Brien", "Tanaka", "Fitzgerald-Montgomery", "Varga", "Lund", "Petrov"};
static const char *const notes[] = {"Lower back again after gardening.", "Please no scent.",
    "Migraine this week, light pressure please.", "The left shoulder, mostly.",
    "I may be five minutes late.", "", "", "", "", "", "", "", ""};

struct seeder {
    struct booking_env env;
    struct seal_ring ring;
    uint64_t luck;
    utc_us now;
    date_day last_day[CLIENTS]; /* on which each was booked; nobody comes twice a day */
    unsigned visits[CLIENTS];
};

/* xorshift64*: the same numbers on every machine. */
static unsigned pick(struct seeder *s, unsigned below)
{
    s->luck ^= s->luck >> 12;
    s->luck ^= s->luck << 25;
    s->luck ^= s->luck >> 27;
    return (unsigned)((s->luck * UINT64_C(2685821657736338717)) >> 33) % below;
}

/* Some come often, most now and then: the smaller of two draws. */
static unsigned pick_client(struct seeder *s)
{
    unsigned a = pick(s, CLIENTS);
    unsigned b = pick(s, CLIENTS);
    return a < b ? a : b;
}

static struct client_details client_details(struct seeder *s, unsigned n)
{
    const char *first = first_names[n % COUNT_OF(first_names)];
    const char *last = last_names[(n * 7 + n / 20) % COUNT_OF(last_names)];
    struct arena *arena = s->env.arena;
    return (struct client_details){
        .name = arena_printf(arena, "%s %s", first, last),
        .email = arena_printf(arena, "client%02u@mail.example", n + 1),
        .phone = n % 4 ? arena_printf(arena, "+1 413 555 %04u", 200 + n * 13) : (struct str){0},
        .language = n % 9 == 2 ? STR("es") : STR("en"),
    };
}

/* 60 minutes are most asked for. */
static const struct service *pick_service(struct seeder *s)
{
    static const unsigned char of[] = {0, 0, 1, 1, 1, 1, 1, 1, 2, 2};
    return &s->env.practice->services[of[pick(s, COUNT_OF(of))]];
}

static struct result settle_outcome(struct seeder *s, const struct booking *booking)
{
    struct booking changed;
    unsigned luck = pick(s, 100);
    bool past = booking->ends < s->now;
    if (luck < 6) {
        utc_us latest = booking->starts - 26 * US_PER_HOUR;
        if (latest > s->now) latest = s->now;
        if (latest < booking->created) return RESULT_OK;
        s->env.now = latest;
        s->env.actor.kind = ACTOR_CLIENT;
        return booking_cancel(&s->env, booking, STR("Something came up."), &changed);
    }
    if (!past) return RESULT_OK;
    s->env.now = booking->ends;
    s->env.actor.kind = ACTOR_SYSTEM;
    return booking_set_status(
        &s->env, booking, luck < 10 ? BOOKING_NO_SHOW : BOOKING_DONE, &changed);
}

/* One more booking on the day, at a time that is offered; none where nothing is. */
static struct result book_one(struct seeder *s, utc_us day_from, utc_us day_to, unsigned lead_days)
{
    struct open_slots slots;
    struct open_query query = {.practice = s->env.practice,
        .service = pick_service(s),
        .therapist = -1,
        .from = day_from,
        .to = day_to,
        .now = day_from - lead_days * US_PER_DAY};
    if (query.now > s->now) query.now = s->now;
    TRY(open_times(s->env.tx, &query, s->env.arena, &slots));
    if (slots.len == 0) return RESULT_OK;
    unsigned client = pick_client(s);
    date_day day = tz_utc_to_local(s->env.practice->zone, day_from).date;
    if (s->last_day[client] == day) return RESULT_OK;
    const char *note = notes[pick(s, COUNT_OF(notes))];
    if (s->visits[client] == 0 && client % 3 == 0) note = "First time, a little nervous.";
    struct booking_request request = {
        .service = query.service,
        .therapist = -1,
        .start = slots.ptr[pick(s, (unsigned)slots.len)].start,
        .client = client_details(s, client),
        .note = str_from_cstr(note),
    };
    struct booking booking;
    s->env.now = query.now;
    s->env.actor.kind = ACTOR_CLIENT;
    struct result result = booking_make(&s->env, &request, &booking);
    if (result.reason && str_eq(str_from_cstr(result.reason), STR("client-limit-reached")))
        return RESULT_OK; /* this client has enough booked */
    TRY(result);
    s->last_day[client] = day;
    s->visits[client]++;
    return settle_outcome(s, &booking);
}

static struct result fill_day(struct seeder *s, date_day day, int from_today)
{
    const struct tz *zone = s->env.practice->zone;
    utc_us from = tz_opening(zone, (struct local_time){day, 0});
    utc_us to = tz_opening(zone, (struct local_time){day + 1, 0});
    /* Full in the past and this week, then thinner towards the horizon. */
    unsigned wanted = 6 + pick(s, 4);
    if (from_today > 7) wanted = wanted * (unsigned)(COMING_DAYS + 5 - from_today) / COMING_DAYS;
    for (unsigned i = 0; i < wanted; i++)
        TRY(book_one(s, from, to, 2 + pick(s, 12)));
    return RESULT_OK;
}

static struct result add_time_off(struct seeder *s)
{
    const struct practice *p = s->env.practice;
    date_day today = tz_utc_to_local(p->zone, s->now).date;
    date_day monday = today - date_weekday(today) + 14;
    struct time_off off;
    s->env.now = s->now;
    s->env.actor.kind = ACTOR_SYSTEM;
    return time_off_add(&s->env, p->therapists[0].id,
        tz_opening(p->zone, (struct local_time){monday, 9 * 3600}),
        tz_opening(p->zone, (struct local_time){monday, 12 * 3600 + 1800}),
        STR("Course: scar tissue"), &off);
}

static struct result add_staff(struct seeder *s)
{
    for (size_t i = 0; i < COUNT_OF(demo_sign_ins); i++) {
        const struct demo_sign_in *sign_in = &demo_sign_ins[i];
        struct staff_user user = {
            .email = str_from_cstr(sign_in->email),
            .name = str_from_cstr(sign_in->name),
            .role = role_from_name(str_from_cstr(sign_in->role)),
        };
        struct user_id id;
        TRY(crypto_password_hash(
            s->env.arena, str_from_cstr(sign_in->password), &user.password_hash));
        TRY(staff_save(s->env.tx, s->env.practice->id, &user, (struct actor){.kind = ACTOR_SYSTEM},
            s->now, &id));
    }
    return RESULT_OK;
}

struct str demo_practice_file(void)
{
    return (struct str){demo_practice, sizeof demo_practice - 1};
}

static struct result seed_in_tx(struct seeder *s)
{
    struct problems problems;
    const struct practice *file;
    struct setup_changes changes;
    problems_init(&problems, s->env.arena);
    TRY(setup_parse(demo_practice_file(), s->env.arena, &problems, &file));
    TRY(setup_apply(s->env.tx, file, s->now, s->env.arena, &changes));
    TRY(setup_load(s->env.tx, changes.id, s->env.arena, &s->env.practice));
    TRY(add_staff(s));
    TRY(add_time_off(s));
    struct care_env care = {s->env.tx, s->env.practice, s->env.key, &s->ring,
        {.kind = ACTOR_SYSTEM}, s->now, s->env.arena};
    TRY(demo_care_seed(&care, s->now));
    date_day today = tz_utc_to_local(s->env.practice->zone, s->now).date;
    for (int i = -PAST_DAYS; i <= COMING_DAYS; i++)
        TRY(fill_day(s, today + i, i));
    return message_mark_sent_before(s->env.tx, s->env.practice->id, s->now);
}

struct result demo_seed(
    struct conn *conn, const struct key_file *keys, utc_us now, struct arena *arena)
{
    struct tx tx;
    TRY(tx_begin_write(conn, &tx));
    struct seeder s = {.env = {.tx = &tx, .key = &keys->keys[0], .arena = arena},
        .luck = UINT64_C(0x9E3779B97F4A7C15),
        .now = now};
    seal_ring_init(&s.ring, keys);
    struct result result = seed_in_tx(&s);
    crypto_wipe(&s.ring, sizeof s.ring);
    if (!result_is_ok(result)) {
        tx_rollback(&tx);
        return result;
    }
    return tx_commit(&tx);
}

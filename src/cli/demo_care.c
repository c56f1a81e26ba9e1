#include "cli/demo_care.h"

#include "base/check.h"
#include "practice/care/prompt.h"
#include "practice/clients/clients.h"
#include "practice/clients/personal_link.h"
#include "practice/outcomes/adverse.h"
#include "relief/simulate.h"

#include <math.h>

#include "base/banned.h"

enum { ROWS_MAX = 600, LINK_DAYS = 30, SESSION_MINUTES = 60 };

struct story {
    const char *words;
    const char *name;
    const char *email;
    const char *note;     /* of every booking */
    const char *activity; /* that the client named */
    int therapist;        /* index */
    int start_min;        /* of the sessions */
    unsigned closed;      /* weekdays on which the therapist does not work then */
    int per_week;
    uint32_t measures;
    struct relief_client life; /* of the simulator; unset values are a usual client's */
    int worse_points;          /* added to what was said after the last session, which then was */
    int last_days_ago;         /* so long ago, or on the open day before */
};

/* Ana works from Monday to Friday in the morning, Tomás from Tuesday to Friday in the afternoon. */
static const struct story stories[DEMO_STORIES] = {
    [DEMO_HELPED] = {"sessions help", "Rosa Delgado", "rosa@mail.example",
        "Lower back, since the second child.", "Lifting the little one", 0, 9 * 60,
        1u << 5 | 1u << 6, 5, 1u << MEASURE_TENSION | 1u << MEASURE_SLEEP_HOURS,
        {.seed = 20,
            .days = 118,
            .baseline_days = 14,
            .check_in_share = .85,
            .least_gap_days = 5,
            .most_gap_days = 12,
            .start_level = 6.2,
            .room_drop = 1.2,
            .carry = 2.4,
            .tau = 4.5,
            .sigma = .9},
        0, 0},
    [DEMO_NOT_HELPED] = {"sessions do little beyond the day", "Malik Okafor", "malik@mail.example",
        "Neck and shoulders, desk work.", "Working at the desk for two hours", 0, 10 * 60 + 15,
        1u << 5 | 1u << 6, 5, 1u << MEASURE_TENSION | 1u << MEASURE_STRESS,
        {.seed = 16,
            .days = 160,
            .baseline_days = 12,
            .check_in_share = .9,
            .least_gap_days = 5,
            .most_gap_days = 14,
            .start_level = 5.4,
            .room_drop = 2.2,
            .carry = -.2,
            .tau = 3,
            .sigma = .7},
        0, 0},
    [DEMO_TOO_LITTLE] = {"too little is known yet", "June Park", "june@mail.example",
        "Knees, worse on stairs.", "Climbing stairs", 1, 15 * 60, 1u << 0 | 1u << 5 | 1u << 6, 3,
        1u << MEASURE_TENSION,
        {.seed = 7,
            .days = 19,
            .baseline_days = 6,
            .check_in_share = .7,
            .least_gap_days = 6,
            .most_gap_days = 8,
            .start_level = 5,
            .room_drop = 1.5,
            .carry = .8,
            .tau = 3,
            .sigma = 1},
        0, 0},
    [DEMO_BOOKS_IN_PAIN] = {"books when it hurts", "Ingrid Weiss", "ingrid@mail.example",
        "Migraine and a stiff neck, it comes in waves.", "", 1, 16 * 60 + 30,
        1u << 0 | 1u << 5 | 1u << 6, 2, 1u << MEASURE_STRESS | 1u << MEASURE_SLEEP_QUALITY,
        {.seed = 18,
            .days = 130,
            .baseline_days = 10,
            .check_in_share = .4,
            .least_gap_days = 4,
            .most_gap_days = 30,
            .books_in_pain = true,
            .reports_in_pain = true,
            .start_level = 5,
            .room_drop = 1,
            .carry = 0,
            .tau = 3,
            .sigma = 1.3,
            .rho = .8,
            .f = .9},
        0, 0},
    [DEMO_WORSE_AFTER] = {"was worse after the last session", "Samuel Castellanos",
        "samuel@mail.example", "Right hip.", "Walking the dog", 0, 11 * 60 + 30, 1u << 5 | 1u << 6,
        7, 1u << MEASURE_NUMBNESS,
        {.seed = 3,
            .baseline_days = 9,
            .check_in_share = 1,
            .least_gap_days = 7,
            .most_gap_days = 7,
            .start_level = 4,
            .room_drop = 1,
            .carry = .6,
            .tau = 3,
            .sigma = .6},
        3, 4},
};

const char *demo_story_words(enum demo_story story)
{
    return stories[story].words;
}

struct teller {
    struct care_env *env;
    const struct story *story;
    struct client_id client;
    struct care_plan plan;
    struct relief_dice dice;
    utc_us until;
    date_day first_day;
    date_day sessions[ROWS_MAX];
    struct booking_id bookings[ROWS_MAX];
    size_t session_count;
    unsigned entries;
};

static struct booking_env booking_env_of(struct care_env *env)
{
    return (struct booking_env){env->tx, env->practice, env->key, env->actor, env->now, env->arena};
}

static utc_us at_local(const struct teller *t, date_day day, int minutes)
{
    return tz_opening(t->env->practice->zone, (struct local_time){day, minutes * 60});
}

static struct relief_client life_of(const struct story *story)
{
    struct relief_client life = relief_client_usual(story->life.seed);
    double rho = life.rho;
    double f = life.f;
    double lambda = life.lambda;
    life = story->life;
    if (life.rho == 0) life.rho = rho;
    if (life.f == 0) life.f = f;
    life.lambda = lambda * .5;
    life.whole_points = true;
    life.closed_days = story->closed;
    return life;
}

static struct result add_session(struct teller *t, date_day day)
{
    struct booking_env env = booking_env_of(t->env);
    utc_us start = at_local(t, day, t->story->start_min);
    struct booking_request request = {
        .service = practice_service(t->env->practice, STR("relief-60")),
        .therapist = t->story->therapist,
        .start = start,
        .known_client = t->client,
        .note = str_from_cstr(t->session_count ? "" : t->story->note),
        .lenient = true,
    };
    struct booking booking;
    CHECK(request.service && t->session_count < COUNT_OF(t->sessions));
    env.actor = (struct actor){.kind = ACTOR_SYSTEM};
    env.now = start - 5 * US_PER_DAY;
    TRY(booking_make(&env, &request, &booking));
    if (booking.ends < t->until) {
        env.now = booking.ends;
        TRY(booking_set_status(&env, &booking, BOOKING_DONE, &booking));
    }
    t->bookings[t->session_count] = booking.id;
    t->sessions[t->session_count++] = day;
    return RESULT_OK;
}

static int32_t near(struct teller *t, double value, double spread)
{
    double v = value + spread * relief_normal(&t->dice);
    return (int32_t)fmin(fmax(floor(v + .5), 0), 10) * 100;
}

/* Other measures go along with the pain, loosely. */
static void add_values(
    struct teller *t, enum relief_kind kind, double pain, struct checkin_values *values)
{
    checkin_set(values, MEASURE_PAIN, (int32_t)pain * 100);
    if (plan_asks(&t->plan, MEASURE_TENSION))
        checkin_set(values, MEASURE_TENSION, near(t, pain + .6, .8));
    if (plan_asks(&t->plan, MEASURE_STRESS))
        checkin_set(values, MEASURE_STRESS, near(t, 3 + pain * .3, 1.2));
    if (plan_asks(&t->plan, MEASURE_NUMBNESS))
        checkin_set(values, MEASURE_NUMBNESS, near(t, pain * .3, .6));
    if (kind != RELIEF_CHECK_IN) return;
    if (plan_asks(&t->plan, MEASURE_SLEEP_HOURS))
        checkin_set(values, MEASURE_SLEEP_HOURS, 25 * (near(t, 7.6 - pain * .22, .5) / 50) * 2);
    if (plan_asks(&t->plan, MEASURE_SLEEP_QUALITY))
        checkin_set(values, MEASURE_SLEEP_QUALITY, near(t, 8 - pain * .5, 1));
    if (plan_asks(&t->plan, MEASURE_ACTIVITY_1))
        checkin_set(values, MEASURE_ACTIVITY_1, near(t, 9.5 - pain * .8, .8));
}

static struct result add_entry(struct teller *t, struct checkin_input *input, double pain)
{
    int64_t id;
    bool is_new;
    struct problems problems;
    input->client = t->client;
    input->entry_key =
        arena_printf(t->env->arena, "demo-entry-%06u-%06lld", t->entries++, (long long)t->client.v);
    add_values(t, input->kind, pain, &input->values);
    t->env->now = input->at;
    problems_init(&problems, t->env->arena);
    checkin_check(input, input->at, &problems);
    CHECK(problems.count == 0);
    TRY(checkin_add(t->env, input, &id, &is_new));
    return input->prompt ? prompt_answer(t->env, input->prompt, input->at) : RESULT_OK;
}

/* The evening of a day: asked where the plan asks, answered where `pain` is not negative. */
static struct result add_evening(struct teller *t, date_day day, double pain)
{
    struct checkin_input input = {.kind = RELIEF_CHECK_IN, .spontaneous = true};
    utc_us due = at_local(t, day, t->plan.evening_min);
    int minute = 2 + (int)(relief_uniform(&t->dice) * 50);
    enum prompt_reason reason = prompt_for_day(&t->plan, day, t->sessions, t->session_count);
    if (due + 2 * US_PER_HOUR > t->until) return RESULT_OK;
    t->env->now = due;
    if (reason != PROMPT_NONE) {
        TRY(prompt_add_past(t->env, t->client, due, reason, &input.prompt));
        input.spontaneous = false;
    }
    if (pain < 0) return RESULT_OK;
    input.at = due + minute * US_PER_MINUTE;
    return add_entry(t, &input, pain);
}

static struct result add_around(
    struct teller *t, size_t session, enum relief_kind kind, double pain)
{
    utc_us start = at_local(t, t->sessions[session], t->story->start_min);
    struct checkin_input input = {
        .kind = kind,
        .booking = t->bookings[session],
        .at = kind == RELIEF_BEFORE ? start - 4 * US_PER_MINUTE
                                    : start + (SESSION_MINUTES + 3) * US_PER_MINUTE,
    };
    return add_entry(t, &input, pain);
}

/* What was said on one day; -1: nothing. */
struct day {
    double before;
    double after;
    double evening;
    int session; /* its number, or -1 */
};

static struct result tell(struct teller *t, const struct relief_row *rows, size_t count, int days)
{
    struct day said[ROWS_MAX];
    for (int d = 0; d < days; d++)
        said[d] = (struct day){-1, -1, -1, -1};
    for (size_t i = 0; i < count; i++) { /* sessions first: they say when is asked */
        int d = (int)rows[i].t_days;
        double *const places[] = {[RELIEF_CHECK_IN] = &said[d].evening,
            [RELIEF_BEFORE] = &said[d].before,
            [RELIEF_AFTER] = &said[d].after};
        if (rows[i].kind == RELIEF_SESSION) {
            said[d].session = (int)t->session_count;
            TRY(add_session(t, t->first_day + d));
        } else {
            *places[rows[i].kind] = rows[i].y;
        }
    }
    date_day last = t->session_count ? t->sessions[t->session_count - 1] : INT32_MAX;
    for (int d = 0; d < days; d++) {
        bool worse = t->first_day + d > last && said[d].evening >= 0;
        if (worse) said[d].evening = fmin(said[d].evening + t->story->worse_points, 10);
        if (said[d].session >= 0 && said[d].before >= 0)
            TRY(add_around(t, (size_t)said[d].session, RELIEF_BEFORE, said[d].before));
        if (said[d].session >= 0 && said[d].after >= 0)
            TRY(add_around(t, (size_t)said[d].session, RELIEF_AFTER, said[d].after));
        TRY(add_evening(t, t->first_day + d, said[d].evening));
    }
    return RESULT_OK;
}

static struct result make_client(struct teller *t)
{
    struct client_details details = {
        .name = str_from_cstr(t->story->name),
        .email = str_from_cstr(t->story->email),
        .phone = STR("+1 413 555 0177"),
        .language = STR("en"),
    };
    TRY(client_recognise(t->env->tx, t->env->practice->id, &details, t->env->now, &t->client));
    t->plan = plan_default(t->client);
    t->plan.per_week = t->story->per_week;
    t->plan.measures = t->story->measures;
    if (*t->story->activity)
        t->plan.activities[t->plan.activity_count++] = str_from_cstr(t->story->activity);
    return plan_save(t->env, &t->plan);
}

/* Four weekly sessions of which the last was on an open day. */
static void end_days_ago(const struct story *story, date_day today, struct relief_client *life)
{
    int ago = story->last_days_ago;
    while (story->closed >> date_weekday(today - ago) & 1)
        ago++;
    life->days = life->baseline_days + 3 * life->most_gap_days + ago;
    life->closed_days = 0;
}

static struct result seed_story(struct care_env *env, const struct story *story, utc_us now)
{
    date_day today = tz_utc_to_local(env->practice->zone, now).date;
    struct relief_client life = life_of(story);
    if (story->last_days_ago) end_days_ago(story, today, &life);
    struct teller t = {.env = env,
        .story = story,
        .dice = {story->life.seed + 1},
        .until = now,
        .first_day = today - life.days};
    struct relief_row rows[ROWS_MAX];
    life.first_weekday = date_weekday(t.first_day);
    size_t count = relief_simulate(&life, rows, ROWS_MAX, NULL);
    bool logged;
    CHECK(count < ROWS_MAX && life.days < ROWS_MAX);
    env->now = at_local(&t, t.first_day, 12 * 60);
    TRY(make_client(&t));
    TRY(tell(&t, rows, count, life.days));
    env->now = now;
    TRY(adverse_watch(env, t.client, &logged));
    return plan_set_next(env, t.client, now);
}

struct result demo_care_seed(struct care_env *env, utc_us now)
{
    for (size_t i = 0; i < COUNT_OF(stories); i++)
        TRY(seed_story(env, &stories[i], now));
    env->now = now;
    return RESULT_OK;
}

struct result demo_care_link(struct care_env *env, enum demo_story story, struct str *ret_token)
{
    struct client_list found;
    int64_t id;
    TRY(client_search(
        env->tx, env->practice->id, str_from_cstr(stories[story].email), 1, env->arena, &found));
    if (!found.len) return result_fail(ERR_NOT_FOUND, "unknown-client", NULL);
    return link_make(
        env, found.ptr[0].id, LINK_MY_PAGE, 0, env->now + LINK_DAYS * US_PER_DAY, &id, ret_token);
}

#include "relief/simulate.h"

#include "relief/internal.h"

#include <math.h>

#include "base/banned.h"

#define EVENING .85
#define ARRIVES .50
#define LEAVES .56
#define ROOM_DAYS .2
#define TYPICAL_DAYS 28
#define MOST_SESSIONS 4096

/* SplitMix64 (Steele, Lea, Flood 2014) */
static uint64_t next_bits(struct relief_dice *dice)
{
    uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

double relief_uniform(struct relief_dice *dice)
{
    return ((double)(next_bits(dice) >> 12) + .5) / 4503599627370496.0;
}

/* Box and Muller's, one of the two. */
double relief_normal(struct relief_dice *dice)
{
    double radius = sqrt(-2 * log(relief_uniform(dice)));
    return radius * cos(2 * 3.14159265358979323846 * relief_uniform(dice));
}

/* Neighbouring seeds begin at places that have nothing to do with each other. */
static struct relief_dice dice_of(uint64_t seed, uint64_t purpose)
{
    struct relief_dice start = {seed};
    start.state = next_bits(&start) + purpose;
    return (struct relief_dice){next_bits(&start)};
}

struct relief_client relief_client_usual(uint64_t seed)
{
    return (struct relief_client){
        .seed = seed,
        .days = 84,
        .baseline_days = 10,
        .check_in_share = 3.0 / 7,
        .least_gap_days = 5,
        .most_gap_days = 10,
        .whole_points = true,
        .start_level = 5.5,
        .room_drop = 1,
        .tau = 3,
        .sigma = 1.2,
        .rho = .55,
        .f = .70,
        .lambda = .18,
    };
}

struct relief_client relief_client_from_prior(uint64_t seed)
{
    struct relief_dice dice = dice_of(seed, 1);
    struct relief_client client = relief_client_usual(seed);
    struct grid grid;
    grid_init(&grid);
    double at = relief_uniform(&dice);
    size_t j = 0;
    while (j + 1 < TAUS && (at -= grid.tau_prior[j]) > 0)
        j++;
    at = relief_uniform(&dice);
    size_t h = 0;
    while (h + 1 < NOISES && (at -= noise_of(h).prior) > 0)
        h++;
    struct noise noise = noise_of(h);
    double gamma = 0; /* of shape ν0/2 = 3 */
    for (int i = 0; i < 3; i++)
        gamma -= log(relief_uniform(&dice));
    client.sigma = sqrt(PRIOR_NU * PRIOR_S0 * PRIOR_S0 / 2 / gamma);
    double beta[COMMON];
    double unit = client.sigma / PRIOR_S0;
    for (int i = 0; i < COMMON; i++)
        beta[i] = relief_prior_mean[i] + unit * relief_prior_sd[i] * relief_normal(&dice);
    client.start_level = beta[B_L0];
    client.slope = beta[B_SLOPE];
    client.room_drop = beta[B_ROOM];
    client.before_shift = beta[B_BEFORE];
    client.week_sin = beta[B_SIN];
    client.week_cos = beta[B_COS];
    client.carry = PRIOR_CARRY_MEAN + unit * PRIOR_CARRY_SD * relief_normal(&dice);
    client.tau = grid.tau[j];
    client.reset = relief_uniform(&dice) < .5;
    client.rho = exp(noise.ln_rho);
    client.f = noise.f;
    client.lambda = sqrt(noise.lambda2);
    client.whole_points = false;
    return client;
}

struct life {
    const struct relief_client *client;
    struct relief_dice dice;
    struct relief_row *rows;
    size_t cap;
    size_t count;
    double t;
    double w; /* in units of σ */
    double u;
    bool lives; /* the deviation has its first value */
    double t0;
    double sessions[MOST_SESSIONS];
    size_t session_count;
    double level_change;
    double pain;
};

static void live_until(struct life *life, double t)
{
    const struct relief_client *c = life->client;
    if (!life->lives) {
        life->u = sqrt(c->f) * relief_normal(&life->dice);
        life->lives = true;
    } else {
        double dt = t - life->t;
        double phi = pow(c->rho, dt);
        life->w += c->lambda * sqrt(dt / 7) * relief_normal(&life->dice);
        life->u = phi * life->u + sqrt(c->f * (1 - phi * phi)) * relief_normal(&life->dice);
    }
    life->t = t;
}

static double carry_at(const struct life *life, double t)
{
    const struct relief_client *c = life->client;
    double sum = 0;
    for (size_t k = 0; k < life->session_count && life->sessions[k] <= t + 1e-9; k++) {
        double s = exp(-(t - life->sessions[k]) / c->tau);
        sum = c->reset ? s : sum + s;
    }
    return sum;
}

static void rate(struct life *life, enum relief_kind kind)
{
    const struct relief_client *c = life->client;
    if (life->count == life->cap) return;
    bool first = life->t0 < 0;
    if (first) {
        life->t0 = life->t;
        life->w = 0; /* the level is measured from the first rating */
    }
    double angle = 2 * 3.14159265358979323846 * life->t / 7;
    double room = 0;
    if (life->session_count)
        room = exp(-(life->t - life->sessions[life->session_count - 1]) / ROOM_DAYS);
    life->level_change = c->slope * (life->t - life->t0) + c->sigma * life->w;
    life->pain = c->start_level + life->level_change - c->carry * carry_at(life, life->t);
    double y = life->pain - c->room_drop * room + c->week_sin * sin(angle) +
               c->week_cos * cos(angle) + c->sigma * life->u +
               c->sigma * sqrt(1 - c->f) * relief_normal(&life->dice);
    if (kind == RELIEF_BEFORE) y += c->before_shift;
    if (c->whole_points) y = fmin(fmax(floor(y + .5), 0), 10);
    life->rows[life->count++] = (struct relief_row){.t_days = life->t, .y = y, .kind = kind};
}

static void hold_session(struct life *life, int day)
{
    live_until(life, day + ARRIVES);
    rate(life, RELIEF_BEFORE);
    if (life->count == life->cap || life->session_count == MOST_SESSIONS) return;
    live_until(life, day + LEAVES);
    life->rows[life->count++] =
        (struct relief_row){.t_days = life->t, .y = -1, .kind = RELIEF_SESSION};
    life->sessions[life->session_count++] = life->t;
    rate(life, RELIEF_AFTER);
}

/* The evening's check-in; true where the evening was bad enough to book a session. */
static bool hold_evening(struct life *life, int day)
{
    const struct relief_client *c = life->client;
    live_until(life, day + EVENING);
    double badness = life->u / sqrt(c->f);
    double share = c->check_in_share;
    if (c->reports_in_pain) share = fmin(share * exp(.6 * badness) / exp(.18), 1);
    bool reports = relief_uniform(&life->dice) < share;
    if (reports && !c->without_check_ins) rate(life, RELIEF_CHECK_IN);
    return relief_uniform(&life->dice) < 1 / (1 + exp(1.5 - 2 * badness));
}

static int draw_gap(struct life *life)
{
    const struct relief_client *c = life->client;
    int room = c->most_gap_days - c->least_gap_days + 1;
    return c->least_gap_days + (int)(relief_uniform(&life->dice) * room);
}

size_t relief_simulate(const struct relief_client *client, struct relief_row *rows, size_t cap,
    struct relief_truth *ret_truth)
{
    struct life life = {
        .client = client, .dice = dice_of(client->seed, 0), .rows = rows, .cap = cap, .t0 = -1};
    int next_session = client->baseline_days;
    int last_session = -1000;
    for (int day = 0; day < client->days; day++) {
        bool closed = client->closed_days >> (client->first_weekday + day) % 7 & 1;
        if (day == next_session && closed) next_session++;
        if (day == next_session && !client->without_sessions) {
            hold_session(&life, day);
            last_session = day;
            next_session = client->books_in_pain ? day + 21 : day + draw_gap(&life);
        }
        bool bad = hold_evening(&life, day);
        bool may = day + 1 - last_session >= client->least_gap_days && day + 1 < next_session;
        if (client->books_in_pain && bad && may && day >= client->baseline_days)
            next_session = day + 1;
    }
    if (!ret_truth) return life.count;
    double mean = 0;
    double end = life.count ? life.rows[life.count - 1].t_days : 0;
    for (int i = 0; i < TYPICAL_DAYS; i++)
        mean += carry_at(&life, end - i) / TYPICAL_DAYS;
    double level = client->start_level + life.level_change;
    *ret_truth = (struct relief_truth){
        .carry = client->carry,
        .r3 = client->carry * client->tau * (1 - exp(-3 / client->tau)) / 3,
        .drop = client->carry + client->room_drop + client->before_shift,
        .level_change = life.level_change,
        .level_now = level,
        .pain_now = life.pain,
        .typical = level - client->carry * mean,
    };
    return life.count;
}

/* What a client's chart costs, from the database to the picture, and how much of it is opening the
 * sealed fields: a year with 363 check-ins and 51 sessions, each rated before and after. CPU time,
 * the median of 100 runs. usage: bench_chart DATABASE (a new file; removed afterwards) */
#include "app/app.h"
#include "base/check.h"
#include "cli/demo_seed.h"
#include "practice/clients/clients.h"
#include "practice/outcomes/history.h"
#include "web/charts/relief_chart.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

enum { RUNS = 100, DAYS = 363, SESSIONS = 51 };

static void must(struct result result)
{
    if (result_is_ok(result)) return;
    fprintf(stderr, "bench_chart: %s\n", result.reason ? result.reason : result.detail);
    exit(1);
}

static double cpu_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, RUNS, sizeof *values, by_value);
    return values[RUNS / 2];
}

static void say(struct care_env *env, struct client_id client, utc_us at, enum relief_kind kind,
    struct booking_id booking, int pain)
{
    static unsigned entry;
    struct checkin_input input = {.client = client, .at = at, .kind = kind, .booking = booking};
    int64_t id;
    bool is_new;
    input.entry_key = arena_printf(env->arena, "bench-entry-%08u", entry++);
    checkin_set(&input.values, MEASURE_PAIN, pain * 100);
    checkin_set(&input.values, MEASURE_TENSION, (10 - pain) * 100);
    env->now = at;
    must(checkin_add(env, &input, &id, &is_new));
}

static void fill(struct care_env *env, struct client_id client, utc_us from)
{
    struct booking_env booking_env = {
        env->tx, env->practice, env->key, env->actor, from, env->arena};
    for (int d = 0; d < DAYS; d++) {
        utc_us day = from + d * US_PER_DAY;
        if (d % 7 == 3 && d / 7 < SESSIONS) {
            struct booking booking;
            struct booking_request request = {.service = &env->practice->services[1],
                .start = day,
                .known_client = client,
                .lenient = true};
            must(booking_make(&booking_env, &request, &booking));
            say(env, client, booking.starts, RELIEF_BEFORE, booking.id, 6);
            say(env, client, booking.ends, RELIEF_AFTER, booking.id, 4);
        }
        say(env, client, day + 6 * US_PER_HOUR, RELIEF_CHECK_IN, (struct booking_id){0},
            4 + d % 7 / 3);
    }
}

static void draw(
    struct arena *arena, const struct history *history, const struct history_relief *relief)
{
    struct relief_bands bands;
    struct sb sb;
    must(relief_smooth(arena, &relief->fit, RELIEF_FORECAST_DAYS, &bands));
    struct relief_chart chart = {.rows = relief_sorted_rows(&relief->fit, &(size_t){0}),
        .row_count = history->row_count,
        .bands = &bands,
        .id = STR("bench"),
        .width = 800,
        .height = 320};
    sb_init(&sb, arena, RELIEF_CHART_BYTES);
    relief_chart_write(&sb, &chart);
    CHECK(sb_ok(&sb));
}

/* The same values opened once more, without a database. */
static double open_all(struct arena *arena, const struct seal_ring *ring, size_t count)
{
    struct seal_place place = {"bench", 1, 1, 0};
    struct checkin_values values = {0};
    checkin_set(&values, MEASURE_PAIN, 500);
    checkin_set(&values, MEASURE_TENSION, 500);
    struct str sealed = seal(arena, ring, place, checkin_pack(arena, &values));
    struct str plain;
    double start = cpu_ms();
    for (size_t i = 0; i < count; i++)
        must(seal_open(arena, ring, place, sealed, &plain));
    return cpu_ms() - start;
}

static void measure(struct care_env *env, struct client_id client)
{
    static double load_ms[RUNS];
    static double open_ms[RUNS];
    static double fit_ms[RUNS];
    static double draw_ms[RUNS];
    size_t count = 0;
    for (int i = 0; i < RUNS; i++) {
        CLEANUP(arena_release) struct arena arena = {0};
        struct history history;
        struct history_relief relief;
        env->arena = &arena;
        double start = cpu_ms();
        must(history_load(env, client, &history));
        double loaded = cpu_ms();
        must(history_relieve(&arena, &history, &relief));
        double fitted = cpu_ms();
        draw(&arena, &history, &relief);
        draw_ms[i] = cpu_ms() - fitted;
        load_ms[i] = loaded - start;
        fit_ms[i] = fitted - loaded;
        open_ms[i] = open_all(&arena, env->ring, history.checkins.len);
        count = history.checkins.len;
    }
    double load = median(load_ms);
    double open = median(open_ms);
    double fit = median(fit_ms);
    double drawing = median(draw_ms);
    double all = load + fit + drawing;
    printf("a chart of %zu ratings      CPU ms   share\n", count);
    printf("  reading them, opened  %8.2f  %5.1f %%\n", load, 100 * load / all);
    printf("    of it: opening      %8.2f  %5.1f %%\n", open, 100 * open / all);
    printf("  the model             %8.2f  %5.1f %%\n", fit, 100 * fit / all);
    printf("  smoothing, drawing    %8.2f  %5.1f %%\n", drawing, 100 * drawing / all);
    printf("  in all                %8.2f\n", all);
}

int main(int argc, char **argv)
{
    struct arena arena = {.max = 1u << 30};
    struct problems problems;
    const struct practice *file;
    struct setup_changes changes;
    struct store *store;
    struct conn *conn;
    struct tx tx;
    struct seal_ring ring;
    struct key_file keys = {.count = 1};
    utc_us from;
    if (argc != 2 || access(argv[1], F_OK) == 0) {
        fprintf(stderr, "usage: bench_chart DATABASE   (a new file)\n");
        return 2;
    }
    must(crypto_init());
    crypto_random(keys.keys[0].bytes, CRYPTO_KEY_BYTES);
    seal_ring_init(&ring, &keys);
    CHECK(rfc3339_parse(STR("2025-03-03T14:00:00Z"), &from));
    problems_init(&problems, &arena);
    must(app_open_database(arena_printf(&arena, "sqlite:%s", argv[1]), &store, &conn));
    must(tx_begin_write(conn, &tx));
    must(setup_parse(demo_practice_file(), &arena, &problems, &file));
    must(setup_apply(&tx, file, from, &arena, &changes));
    struct care_env env = {&tx, NULL, &keys.keys[0], &ring, {.kind = ACTOR_SYSTEM}, from, &arena};
    must(setup_load(&tx, changes.id, &arena, &env.practice));
    struct client_details details = {
        .name = STR("Rosa"), .email = STR("rosa@mail.example"), .language = STR("en")};
    struct client_id client;
    must(client_recognise(&tx, changes.id, &details, from, &client));
    fill(&env, client, from);
    env.now = from + DAYS * US_PER_DAY;
    measure(&env, client);
    tx_rollback(&tx);
    conn_close(conn);
    store_close(store);
    unlink(argv[1]);
    arena_release(&arena);
    return 0;
}

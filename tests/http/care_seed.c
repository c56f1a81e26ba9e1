/* Agrees with a client what they are asked, for tests of the pages behind their links.
 * usage: care_seed DB EMAIL PER_WEEK MEASURES [ACTIVITY...]
 *        care_seed DB EMAIL history COUNT
 * (MEASURES: "tension,stress"; the client is made where there is none; BALM_CLOCK counts; the
 * second adds COUNT full check-ins, three hours apart, up to now) */
#include "app/app.h"
#include "app/clock.h"
#include "practice/care/plan.h"
#include "practice/clients/clients.h"
#include "practice/outcomes/checkin_sql.h"
#include "practice/outcomes/checkin_sql.h"

#include <stdio.h>
#include <stdlib.h>

static void must(struct result result)
{
    if (result_is_ok(result)) return;
    fprintf(stderr, "care_seed: %s %s %s\n", error_code_name(result.code),
        result.reason ? result.reason : "", result.detail ? result.detail : "");
    exit(1);
}

static struct care_plan plan_of(struct client_id client, int argc, char **argv)
{
    struct care_plan plan = plan_default(client);
    struct str rest = str_from_cstr(argv[4]);
    struct str key;
    int64_t per_week = 0;
    enum measure measure;
    if (!str_to_i64(str_from_cstr(argv[3]), 0, 7, &per_week)) exit(2);
    plan.per_week = (int)per_week;
    plan.run_in_days = 0;
    plan.measures = 0;
    while (str_cut(&rest, ',', &key)) {
        if (!measure_by_key(key, &measure)) exit(2);
        plan.measures |= 1u << measure;
    }
    for (int i = 5; i < argc && plan.activity_count < PLAN_ACTIVITIES_MAX; i++)
        plan.activities[plan.activity_count++] = str_from_cstr(argv[i]);
    return plan;
}

static void add_history(struct care_env *env, struct client_id client, int64_t count)
{
    static const enum measure measures[] = {MEASURE_PAIN, MEASURE_TENSION, MEASURE_STRESS,
        MEASURE_SLEEP_HOURS, MEASURE_SLEEP_QUALITY, MEASURE_NUMBNESS, MEASURE_ACTIVITY_1,
        MEASURE_ACTIVITY_2, MEASURE_ACTIVITY_3, MEASURE_ACTIVITY_4, MEASURE_ACTIVITY_5};
    utc_us end = env->now;
    for (int64_t i = 0; i < count; i++) {
        char key[40];
        int64_t id;
        struct checkin_input input = {.client = client, .kind = RELIEF_CHECK_IN};
        int length = snprintf(key, sizeof key, "history-%016lld", (long long)i);
        input.entry_key = (struct str){key, (size_t)length};
        input.at = env->now = end - (count - i) * 3 * US_PER_HOUR;
        for (size_t m = 0; m < COUNT_OF(measures); m++)
            checkin_set(&input.values, measures[m], (int32_t)((i * 7 + (int64_t)m) % 10) * 100);
        must(checkin_sql_insert(env, &input, checkin_pack(env->arena, &input.values), &id));
    }
}

int main(int argc, char **argv)
{
    if (argc < 5) return 2;
    struct arena arena = {0};
    struct store *store;
    struct conn *conn;
    struct tx tx;
    struct key_file file;
    struct seal_ring ring;
    struct client_id client;
    struct practice practice = {.id = {1}};
    struct str db = str_from_cstr(argv[1]);
    struct client_details details = {
        .name = STR("Mara Voss"), .email = str_from_cstr(argv[2]), .language = STR("en")};
    must(clock_init());
    must(crypto_init());
    must(key_file_make(app_key_path(&arena, db)));
    must(key_file_load(app_key_path(&arena, db), &file));
    seal_ring_init(&ring, &file);
    must(app_open_database(db, &store, &conn));
    must(tx_begin_write(conn, &tx));
    struct care_env env = {.tx = &tx,
        .practice = &practice,
        .key = &file.keys[0],
        .ring = &ring,
        .actor = {.kind = ACTOR_SYSTEM},
        .now = clock_now(),
        .arena = &arena};
    struct client_list known;
    must(client_by_email(&tx, practice.id, details.email, 1, &arena, &known));
    if (known.len) client = known.ptr[0].id;
    if (!known.len) must(client_recognise(&tx, practice.id, &details, env.now, &client));
    if (str_eq(str_from_cstr(argv[3]), STR("history"))) {
        int64_t count;
        if (!str_to_i64(str_from_cstr(argv[4]), 0, 100000, &count)) exit(2);
        add_history(&env, client, count);
    } else {
        struct care_plan plan = plan_of(client, argc, argv);
        must(plan_save(&env, &plan));
    }
    must(tx_commit(&tx));
    conn_close(conn);
    store_close(store);
    arena_release(&arena);
    printf("%lld\n", (long long)client.v);
    return 0;
}

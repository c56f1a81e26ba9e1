/* Agrees with a client what they are asked, for tests of the pages behind their links.
 * usage: care_seed DB EMAIL PER_WEEK MEASURES [ACTIVITY...]
 * (MEASURES: "tension,stress"; the client is made where there is none; BALM_CLOCK counts) */
#include "app/app.h"
#include "app/clock.h"
#include "practice/care/plan.h"
#include "practice/clients/clients.h"

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
    must(client_recognise(&tx, practice.id, &details, env.now, &client));
    struct care_plan plan = plan_of(client, argc, argv);
    must(plan_save(&env, &plan));
    must(tx_commit(&tx));
    conn_close(conn);
    store_close(store);
    arena_release(&arena);
    printf("%lld\n", (long long)client.v);
    return 0;
}

#include "auth/rate.h"

#include "base/check.h"
#include "base/crypto.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/banned.h"

enum { WAYS = 8, SETS = 1024 };

struct bucket {
    uint64_t key;
    double tokens;
    utc_us filled;
};

struct rate_table {
    pthread_mutex_t lock;
    bool disabled;
    uint64_t seed; /* nobody can tell which keys share a set */
    struct bucket buckets[SETS][WAYS];
};

struct rate_table *rate_table_new(void)
{
    struct rate_table *table = calloc(1, sizeof *table);
    CHECK(table);
    crypto_random(&table->seed, sizeof table->seed);
    CHECK(pthread_mutex_init(&table->lock, NULL) == 0);
    return table;
}

void rate_table_free(struct rate_table *table)
{
    if (!table) return;
    pthread_mutex_destroy(&table->lock);
    free(table);
}

void rate_table_disable(struct rate_table *table)
{
    table->disabled = true;
}

/* Spreads what similar keys have in common over all bits (the finaliser of splitmix64). */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

/* The key's bucket, or the set's oldest made new and full. */
static struct bucket *find(struct bucket *set, uint64_t key, int burst, utc_us now)
{
    struct bucket *oldest = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].key == key) return &set[i];
        if (oldest->key == 0) continue; /* never used: the best to take */
        if (set[i].key == 0 || set[i].filled < oldest->filled) oldest = &set[i];
    }
    *oldest = (struct bucket){key, burst, now};
    return oldest;
}

bool rate_take(struct rate_table *table, const char *name, struct str key, int burst,
    int64_t period_us, utc_us now, int *ret_retry_s)
{
    CHECK(burst > 0 && period_us > 0);
    if (table->disabled) return true;
    uint64_t hash = mix(mix(str_hash(str_from_cstr(name)) * 31 + str_hash(key)) ^ table->seed);
    if (hash == 0) hash = 1;
    double per_us = (double)burst / (double)period_us;
    pthread_mutex_lock(&table->lock);
    struct bucket *bucket = find(table->buckets[hash % SETS], hash, burst, now);
    if (now > bucket->filled) {
        bucket->tokens += (double)(now - bucket->filled) * per_us;
        if (bucket->tokens > burst) bucket->tokens = burst;
    }
    bucket->filled = now;
    bool granted = bucket->tokens >= 1;
    if (granted) bucket->tokens -= 1;
    double missing_us = granted ? 0 : (1 - bucket->tokens) / per_us;
    pthread_mutex_unlock(&table->lock);
    if (ret_retry_s) *ret_retry_s = (int)(missing_us / (double)US_PER_SECOND) + 1;
    return granted;
}

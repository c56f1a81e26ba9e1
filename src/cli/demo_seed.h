/* A practice with life in it: six months of past and five weeks of coming bookings. */
#ifndef BALM_CLI_DEMO_SEED_H
#define BALM_CLI_DEMO_SEED_H

#include "base/key_file.h"
#include "store/store.h"

#include "base/civil.h"

/* Applies the demonstration's practice file and fills it, through the same functions as everybody
 * else. The same `now` gives the same bookings. */
struct result MUST_CHECK demo_seed(
    struct conn *conn, const struct key_file *keys, utc_us now, struct arena *arena);

/* Its practice file. */
struct str demo_practice_file(void);

struct demo_sign_in {
    const char *email;
    const char *name;
    const char *role;
    const char *password;
};
extern const struct demo_sign_in demo_sign_ins[3];

#endif

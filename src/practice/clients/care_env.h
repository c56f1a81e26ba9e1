/* care_env: what every call about a client's care needs to know. The caller owns all of it. */
#ifndef BALM_PRACTICE_CARE_ENV_H
#define BALM_PRACTICE_CARE_ENV_H

#include "auth/actor.h"
#include "base/civil.h"
#include "base/seal.h"
#include "practice/setup/setup.h"
#include "store/store.h"

struct care_env {
    struct tx *tx;
    const struct practice *practice;
    const struct crypto_key *key; /* links are derived from it */
    const struct seal_ring *ring; /* health data is sealed with it */
    struct actor actor;
    utc_us now;
    struct arena *arena;
};

#endif

/* Clients of the demonstration with months of check-ins, drawn by the relief simulator: their pages
 * tell of somebody whom sessions help, somebody whom they do not, somebody of whom too little is
 * known yet, somebody who books when it hurts, and somebody who was worse after the last one. */
#ifndef BALM_CLI_DEMO_CARE_H
#define BALM_CLI_DEMO_CARE_H

#include "practice/booking/booking.h"
#include "practice/clients/care_env.h"

enum demo_story {
    DEMO_HELPED,
    DEMO_NOT_HELPED,
    DEMO_TOO_LITTLE,
    DEMO_BOOKS_IN_PAIN,
    DEMO_WORSE_AFTER,
    DEMO_STORIES,
};

/* In words, for the welcome and the tests: "sessions help". */
const char *demo_story_words(enum demo_story story);

/* Makes the clients, their sessions and what they said until `now` (env.now moves meanwhile).
 * Before others book: the sessions take their places. */
struct result MUST_CHECK demo_care_seed(struct care_env *env, utc_us now);

/* A fresh link to the page of a story's client. ERR_NOT_FOUND where it is not there (any more). */
struct result MUST_CHECK demo_care_link(
    struct care_env *env, enum demo_story story, struct str *ret_token);

#endif

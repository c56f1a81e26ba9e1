/* prompt: the moments at which a client is asked how they are.
 *
 * Each day is decided in its first minutes (prompt_plan_day), from the plan and the sessions as
 * they stand then: daily before the first session, on the first and the third evening after a
 * session, and on the plan's evenings of a usual week; at most one a day. Prompts are sent at fixed
 * times, not when it hurts: that is what makes them comparable. One that could not be sent in time,
 * or whose plan has stopped meanwhile, is dropped at delivery.
 *
 * Table: prompt. */
#ifndef BALM_PRACTICE_CARE_PROMPT_H
#define BALM_PRACTICE_CARE_PROMPT_H

#include "practice/care/plan.h"

enum prompt_reason {
    PROMPT_NONE = 0,
    PROMPT_EVENING = 1,
    PROMPT_RUN_IN = 2,    /* before the first session */
    PROMPT_DAY_AFTER = 3, /* a session */
    PROMPT_THREE_AFTER = 4,
};

enum {
    PROMPT_ANSWER_HOURS = 18, /* an answer within so long is prompted; later ones are spontaneous */
    PROMPT_LINK_DAYS = 14,    /* so long its link takes entries */
    PROMPT_LATE_HOURS = 6,    /* a letter that is later than this is dropped */
};

struct prompt {
    int64_t id;
    struct client_id client;
    utc_us due;
    enum prompt_reason reason;
    utc_us answered; /* 0: not yet */
};

/* Which evenings of a usual week: bit n for weekday n, Monday 0; spread evenly. */
unsigned prompt_week(int per_week);

/* Pure: is `day` a day to ask? sessions: their local dates, in any order; cancelled ones left out.
 */
enum prompt_reason prompt_for_day(
    const struct care_plan *plan, date_day day, const date_day *sessions, size_t count);

/* Decides the day of env->now for this client: makes the prompt, its link and its message where
 * there is one, and sets when the next day is to be decided. *ret_made says whether. */
struct result MUST_CHECK prompt_plan_day(
    struct care_env *env, struct client_id client, bool *ret_made);

struct result MUST_CHECK prompt_get(struct care_env *env, int64_t id, struct prompt *ret_prompt);
struct prompt_list {
    const struct prompt *ptr;
    size_t len;
};
/* All of a client, by time. */
struct result MUST_CHECK prompt_of_client(
    struct care_env *env, struct client_id client, struct prompt_list *ret_list);
/* The first answer counts. */
struct result MUST_CHECK prompt_answer(struct care_env *env, int64_t id, utc_us at);

struct prompt_counts {
    int64_t asked; /* of those that are past their time to answer, or are answered */
    int64_t answered;
};
struct result MUST_CHECK prompt_count(struct care_env *env, struct client_id client, utc_us from,
    utc_us to, struct prompt_counts *ret_counts);

/* For imports and demonstrations: one that was due in the past. */
struct result MUST_CHECK prompt_add_past(struct care_env *env, struct client_id client, utc_us due,
    enum prompt_reason reason, int64_t *ret_id);

struct result MUST_CHECK prompt_move_client(
    struct care_env *env, struct client_id from, struct client_id into);
struct result MUST_CHECK prompt_erase_client(struct care_env *env, struct client_id client);

#endif

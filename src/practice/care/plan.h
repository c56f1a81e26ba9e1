/* plan: what a client has agreed to be asked, and how often.
 *
 * Pain is always asked; other measures as the plan says, and up to five activities that the client
 * named themselves (health data: sealed). The client may thin the rhythm out or stop at any time,
 * in one step, and is not asked again until they or staff begin anew.
 *
 * Table: care_plan. */
#ifndef BALM_PRACTICE_CARE_PLAN_H
#define BALM_PRACTICE_CARE_PLAN_H

#include "base/problems.h"
#include "practice/clients/care_env.h"
#include "practice/outcomes/measure.h"

enum { PLAN_ACTIVITIES_MAX = 5 };

enum plan_state { PLAN_ASKING = 1, PLAN_STOPPED_BY_CLIENT = 2, PLAN_STOPPED_BY_STAFF = 3 };

struct care_plan {
    struct client_id client;
    enum plan_state state;
    int per_week;       /* evenings of a usual week, 0 (only around sessions) to 7 */
    int evening_min;    /* minutes of the day, the practice's wall time; from 0:15 */
    uint32_t measures;  /* 1 << enum measure, of TENSION to NUMBNESS */
    int run_in_days;    /* asked daily before the first session, 0 to 14 */
    int trial_sessions; /* reviewed after so many, 4 to 12 */
    struct str activities[PLAN_ACTIVITIES_MAX];
    size_t activity_count;
    utc_us started;
    utc_us changed;
};

/* Three evenings a week at eight, a week before the first session, review after six sessions, pain
 * and tension. */
struct care_plan plan_default(struct client_id client);
bool plan_asks(const struct care_plan *plan, enum measure measure);

/* *ret_has false: none; the plan is then plan_default. */
struct result MUST_CHECK plan_find(
    struct care_env *env, struct client_id client, bool *ret_has, struct care_plan *ret_plan);

/* Trims texts and checks; problems are named as the fields of the form. */
void plan_check(struct care_plan *plan, struct problems *problems);
/* Makes or changes it (checked before); what is asked today is planned anew. Audited. */
struct result MUST_CHECK plan_save(struct care_env *env, const struct care_plan *plan);

/* The client's own steps: ERR_NOT_FOUND "no-plan". */
struct result MUST_CHECK plan_set_rhythm(
    struct care_env *env, struct client_id client, int per_week, int evening_min);
struct result MUST_CHECK plan_stop(struct care_env *env, struct client_id client);

/* The plan that is due first, of any practice: 0 where none is; then *ret_next says when. */
struct result MUST_CHECK plan_first_due(struct tx *tx, utc_us now, struct practice_id *ret_practice,
    struct client_id *ret_client, utc_us *ret_next);
/* Its next day is to be planned at `next`. */
struct result MUST_CHECK plan_set_next(struct care_env *env, struct client_id client, utc_us next);

/* ---- merging, deleting, new keys ---- */

/* The one in `into` stays where both have one. */
struct result MUST_CHECK plan_move_client(
    struct care_env *env, struct client_id from, struct client_id into);
struct result MUST_CHECK plan_erase_client(struct care_env *env, struct client_id client);
extern const struct sealed_table plan_sealed; /* for sealed.h */

#endif

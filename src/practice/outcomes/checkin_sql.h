/* The SQL of check-ins; for checkin.c and checkin_sql.c alone. */
#ifndef BALM_PRACTICE_OUTCOMES_CHECKIN_SQL_H
#define BALM_PRACTICE_OUTCOMES_CHECKIN_SQL_H

#include "practice/outcomes/checkin.h"

struct result MUST_CHECK checkin_sql_insert(
    struct care_env *env, const struct checkin_input *input, struct str packed, int64_t *ret_id);
/* packed empty: a mistake. */
struct result MUST_CHECK checkin_sql_correct(
    struct care_env *env, const struct checkin *checkin, struct str packed);
/* Entries of the client that arrived since, and all. */
struct result MUST_CHECK checkin_sql_count(struct care_env *env, struct client_id client,
    utc_us since, int64_t *ret_since, int64_t *ret_all);

#endif

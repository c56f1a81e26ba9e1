/* adverse: pain clearly worse for more than two days after a session (the safety screen's rule: 2
 * points or more above the usual, for more than 48 hours). It says nothing of the cause; it is
 * shown to the therapist first, and a person looks at it.
 *
 * Table: adverse_event. */
#ifndef BALM_PRACTICE_OUTCOMES_ADVERSE_H
#define BALM_PRACTICE_OUTCOMES_ADVERSE_H

#include "practice/booking/booking.h"
#include "practice/outcomes/checkin.h"

enum {
    ADVERSE_POINTS = 200, /* hundredths above the usual */
    ADVERSE_HOURS = 48,
    ADVERSE_WATCH_DAYS = 7,  /* after a session; the next one ends it */
    ADVERSE_USUAL_DAYS = 14, /* before it: the median of these check-ins is the usual */
    ADVERSE_USUAL_MIN = 3,   /* fewer: the rating just before the session, if there is one */
};

enum adverse_state { ADVERSE_OPEN = 1, ADVERSE_SEEN = 2 };

struct adverse_finding {
    int32_t usual; /* hundredths */
    int32_t worst; /* of the check-ins after the session */
    int hours;     /* from the session's end to the last check-in that was so */
};

struct adverse_event {
    struct booking_id booking;
    struct client_id client;
    utc_us noticed;
    enum adverse_state state;
    utc_us seen;
    struct user_id user;
    struct adverse_finding finding;
    struct str note; /* staff's */
};

struct adverse_list {
    const struct adverse_event *ptr;
    size_t len;
};

/* Pure: checkins by time (mistakes are skipped); `until`: the next session's start, or INT64_MAX.
 */
bool adverse_detect(const struct checkin_list *checkins, utc_us session_start, utc_us session_end,
    utc_us until, struct adverse_finding *ret_finding);

/* After an entry: looks at the client's latest session and writes down what it finds; what stands
 * already is brought up to date while nobody has seen it. *ret_logged: there is one. */
struct result MUST_CHECK adverse_watch(
    struct care_env *env, struct client_id client, bool *ret_logged);

/* Not yet seen, oldest first. */
struct result MUST_CHECK adverse_open(struct care_env *env, struct adverse_list *ret_list);
struct result MUST_CHECK adverse_of_client(
    struct care_env *env, struct client_id client, struct adverse_list *ret_list);
/* Staff has looked at it, and noted what was done. ERR_NOT_FOUND "unknown-event". Audited. */
struct result MUST_CHECK adverse_see(
    struct care_env *env, struct booking_id booking, struct str note);

struct result MUST_CHECK adverse_move_client(
    struct care_env *env, struct client_id from, struct client_id into);
struct result MUST_CHECK adverse_erase_client(struct care_env *env, struct client_id client);
extern const struct sealed_table adverse_sealed; /* for practice/care/sealed.h */

#endif

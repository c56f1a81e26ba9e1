/* history: all that is known of one client's relief, gathered for their page, the therapist's and
 * the relief model. Read-only; everything lies in the caller's arena. Tables of its own: none. */
#ifndef BALM_PRACTICE_OUTCOMES_HISTORY_H
#define BALM_PRACTICE_OUTCOMES_HISTORY_H

#include "practice/care/plan.h"
#include "practice/care/prompt.h"
#include "practice/outcomes/adverse.h"

struct history_session {
    struct booking_id booking;
    struct service_id service;
    struct resource_id therapist;
    utc_us starts;
    utc_us ends;
};

struct history {
    struct client_id client;
    bool has_plan;
    struct care_plan plan;                  /* the default where there is none */
    struct checkin_list checkins;           /* by time, mistakes included */
    const struct history_session *sessions; /* that took place, by time */
    size_t session_count;
    const struct history_session *coming; /* that stand, by time */
    size_t coming_count;
    struct prompt_counts asked; /* of the last 28 days */
    struct adverse_list adverse;
    const struct relief_row *rows; /* for the model: t in days since 1970-01-01T00:00Z */
    size_t row_count;
};

struct result MUST_CHECK history_load(
    struct care_env *env, struct client_id client, struct history *ret_history);

/* Instants as the model's days, and back. */
double history_days(utc_us at);
utc_us history_instant(double t_days);

/* The model on these rows, and what may be said. ERR_LIMIT where there is too much of it. */
struct history_relief {
    struct relief_fit fit;
    struct relief_statements says;
};
struct result MUST_CHECK history_relieve(
    struct arena *arena, const struct history *history, struct history_relief *ret_relief);

/* When a next session would be due: local dates, counted from the last session. False where nothing
 * may be said, a session is booked already, or the last one is too long ago for it to matter (the
 * window passed: then from and to are today). */
struct history_window {
    date_day from; /* cautious */
    date_day to;
    int from_days; /* after the last session */
    int to_days;
    bool is_past; /* the window has passed: as soon as it suits */
};
bool history_window(const struct history *history, const struct history_relief *relief,
    const struct tz *zone, utc_us now, struct history_window *ret_window);

/* The trial course: how far it is, and whether it is time to look at it together. */
enum history_review {
    HISTORY_REVIEW_NOT_YET,
    HISTORY_REVIEW_HELPS,   /* relief likely or clearly lasts beyond the day */
    HISTORY_REVIEW_LITTLE,  /* probably little beyond the day: talk, consider a referral */
    HISTORY_REVIEW_UNCLEAR, /* the course is over and it cannot be told */
};
enum history_review history_review(
    const struct history *history, const struct history_relief *relief);

#endif

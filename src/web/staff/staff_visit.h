/* One booking as the staff's pages show it, and the words about it that several pages need. */
#ifndef BALM_WEB_STAFF_VISIT_H
#define BALM_WEB_STAFF_VISIT_H

#include "practice/booking/open_times.h"
#include "web/staff/staff_kit.h"

struct result MUST_CHECK staff_visit_fill(struct call *call, const struct staff_dates *dates,
    const struct booking *booking, struct view_staff_visit *ret_visit);

enum view_visit_state staff_visit_state(enum booking_status status);

/* "Massage 60, 60 min, with Ana Ruiz" */
struct result MUST_CHECK staff_booking_words(
    struct call *call, const struct booking *booking, struct str *ret_words);

/* ---- why is this time not offered? ---- */

/* The rule in words; the page of what is in the way, where there is one. */
struct result MUST_CHECK staff_why_words(struct call *call, const struct staff_dates *dates,
    const struct open_query *query, const struct why_answer *answer, utc_us start,
    struct view_staff_reason *ret_reason);

/* Staff may pass over hours, grid and limits, after a warning: its words, empty where there is
 * nothing to warn of. therapist -1: anyone of the service; no warning where one of them offers the
 * time, and *ret_therapist is who does (else as it was asked for). */
struct result MUST_CHECK staff_warning(struct call *call, const struct staff_dates *dates,
    const struct open_query *query, utc_us start, struct str *ret_warning, int *ret_therapist);

/* Words for a booking or a move that could not be: who or what is in the way. */
struct result MUST_CHECK staff_obstacle(struct call *call, const struct staff_dates *dates,
    const struct open_query *query, utc_us start, struct result why, struct str *ret_words);

/* date and time of a form as an instant; problems are the fields'. */
bool staff_form_start(struct staff_form *form, utc_us *ret_start);

/* Lists to choose from; `anyone` (may be NULL) is the first entry, with an empty value. */
struct view_option *staff_therapist_options(
    const struct call *call, staff_sentence anyone, size_t *ret_count);
struct view_option *staff_service_options(const struct call *call, size_t *ret_count);

/* Messages of one booking (or of all: booking 0), newest first. */
struct result MUST_CHECK staff_message_list(struct call *call, const struct staff_dates *dates,
    struct booking_id booking, struct view_staff_messages_list *ret_list);

#endif

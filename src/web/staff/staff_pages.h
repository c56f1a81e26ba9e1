/* The staff's pages but the calendar: handlers for the table of routes, and the few words and
 * steps that several of them share.
 *
 * A form that has problems comes back with what was typed, status 422 (409 where somebody was
 * faster) and the handler's failure, so that nothing of it is kept. */
#ifndef BALM_WEB_STAFF_PAGES_H
#define BALM_WEB_STAFF_PAGES_H

#include "call/call.h"

/* signing in */
struct result MUST_CHECK staff_sign_in(struct call *call);
struct result MUST_CHECK staff_sign_in_prepare(struct call *call);
struct result MUST_CHECK staff_sign_in_post(struct call *call);
struct result MUST_CHECK staff_sign_out_post(struct call *call);

/* one's own account */
struct result MUST_CHECK staff_account(struct call *call);
struct result MUST_CHECK staff_session_revoke_post(struct call *call);
struct result MUST_CHECK staff_password_prepare(struct call *call);
struct result MUST_CHECK staff_password_post(struct call *call);

/* the day, its bookings */
struct result MUST_CHECK staff_today(struct call *call);
struct result MUST_CHECK staff_booking(struct call *call);
struct result MUST_CHECK staff_booking_status_post(struct call *call);
struct result MUST_CHECK staff_booking_move_post(struct call *call);
struct result MUST_CHECK staff_booking_cancel_post(struct call *call);
struct result MUST_CHECK staff_rating(struct call *call); /* handing a session over for rating */
struct result MUST_CHECK staff_rating_post(struct call *call);
struct result MUST_CHECK staff_book(struct call *call);
struct result MUST_CHECK staff_book_post(struct call *call);
struct result MUST_CHECK staff_why(struct call *call);

/* clients */
struct result MUST_CHECK staff_clients(struct call *call);
struct result MUST_CHECK staff_client(struct call *call);
struct result MUST_CHECK staff_client_post(struct call *call);
struct result MUST_CHECK staff_merge(struct call *call);
struct result MUST_CHECK staff_merge_post(struct call *call);

/* Learn pages */
struct result MUST_CHECK staff_learn(struct call *call);
struct result MUST_CHECK staff_learn_edit(struct call *call); /* a new page where no slug is given */
struct result MUST_CHECK staff_learn_add_post(struct call *call);
struct result MUST_CHECK staff_learn_edit_post(struct call *call);
struct result MUST_CHECK staff_learn_preview_post(struct call *call);
struct result MUST_CHECK staff_learn_history(struct call *call);
struct result MUST_CHECK staff_learn_hide_post(struct call *call);
struct result MUST_CHECK staff_learn_reset_post(struct call *call);
struct result MUST_CHECK staff_learn_restore_post(struct call *call);

/* a client's measured relief */
struct result MUST_CHECK staff_progress(struct call *call);
struct result MUST_CHECK staff_adverse_post(struct call *call);
struct result MUST_CHECK staff_links_post(struct call *call);
struct result MUST_CHECK staff_plan(struct call *call);
struct result MUST_CHECK staff_plan_post(struct call *call);
struct result MUST_CHECK staff_erase(struct call *call);
struct result MUST_CHECK staff_erase_post(struct call *call);

/* messages, audit */
struct result MUST_CHECK staff_messages(struct call *call);
struct result MUST_CHECK staff_message_again_post(struct call *call);
struct result MUST_CHECK staff_audit(struct call *call);

/* settings */
struct result MUST_CHECK staff_settings(struct call *call);
struct result MUST_CHECK staff_settings_practice(struct call *call);
struct result MUST_CHECK staff_settings_practice_post(struct call *call);
struct result MUST_CHECK staff_settings_rules(struct call *call);
struct result MUST_CHECK staff_settings_rules_post(struct call *call);
struct result MUST_CHECK staff_room(struct call *call);
struct result MUST_CHECK staff_room_post(struct call *call);
struct result MUST_CHECK staff_room_remove_post(struct call *call);
struct result MUST_CHECK staff_add_room(struct call *call);
struct result MUST_CHECK staff_add_room_post(struct call *call);
struct result MUST_CHECK staff_service(struct call *call);
struct result MUST_CHECK staff_service_post(struct call *call);
struct result MUST_CHECK staff_service_remove_post(struct call *call);
struct result MUST_CHECK staff_add_service(struct call *call);
struct result MUST_CHECK staff_add_service_post(struct call *call);
struct result MUST_CHECK staff_therapist(struct call *call);
struct result MUST_CHECK staff_therapist_post(struct call *call);
struct result MUST_CHECK staff_therapist_remove_post(struct call *call);
struct result MUST_CHECK staff_add_therapist(struct call *call);
struct result MUST_CHECK staff_add_therapist_post(struct call *call);
struct result MUST_CHECK staff_file(struct call *call);
struct result MUST_CHECK staff_file_download(struct call *call);
struct result MUST_CHECK staff_file_post(struct call *call);
struct result MUST_CHECK staff_file_apply_post(struct call *call);

/* accounts of the team */
struct result MUST_CHECK staff_team(struct call *call);
struct result MUST_CHECK staff_team_prepare(struct call *call);
struct result MUST_CHECK staff_team_post(struct call *call);
struct result MUST_CHECK staff_member(struct call *call);
struct result MUST_CHECK staff_member_post(struct call *call);
struct result MUST_CHECK staff_member_deactivate_post(struct call *call);

/* ---- shared ---- */

/* A password as it was typed, blanks included. */
struct str staff_typed_password(const struct call *call, const char *name);
/* Begins a session of the user in this browser. */
struct result MUST_CHECK staff_begin_session(struct call *call, struct user_id user);
struct str staff_role_words(const struct call *call, enum role role);
/* Index of the therapist that the signed-in user is, by their e-mail; -1 where they are none. */
int staff_own_therapist(const struct call *call);

#endif

/* person_export: all that is known of one client as files to take along: everything as JSON, and
 * the check-ins as CSV for a spreadsheet.
 *
 * Tokens of links are no part of it; staff's own note about a client is. Times are RFC 3339 in the
 * practice's zone; values are in their measure's unit. Every export is written to the audit trail,
 * so the handlers are POSTs. */
#ifndef BALM_INTEROP_PERSON_EXPORT_H
#define BALM_INTEROP_PERSON_EXPORT_H

#include "call/call.h"

/* ERR_LIMIT "too-much" beyond LIMIT_RESPONSE_BYTES. */
struct result MUST_CHECK person_export_json(
    struct care_env *env, struct client_id client, struct str *ret_text);
struct result MUST_CHECK person_export_csv(
    struct care_env *env, struct client_id client, struct str *ret_text);

/* One cell (RFC 4180): quoted where it must be; what a spreadsheet would take for a formula gets an
 * apostrophe before it. */
void person_export_cell(struct sb *sb, struct str text);

/* By the client's own link (call/my_session.h); without one the answer leads to /my. */
struct result MUST_CHECK my_data_json_post(struct call *call); /* POST /my/data.json */
struct result MUST_CHECK my_data_csv_post(struct call *call);  /* POST /my/data.csv */

/* By staff. */
struct result MUST_CHECK staff_data_json_post(
    struct call *call); /* POST /staff/clients/:id/data.json */
struct result MUST_CHECK staff_data_csv_post(struct call *call);

#endif

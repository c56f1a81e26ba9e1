/* checkin_offline: answers given without a connection.
 *
 * The page seals an answer for the server alone (base/envelope.h) and keeps only that; when it is
 * back it posts what it kept to /c/sealed and forgets what it is told is settled. The token of the
 * link is sealed in as well, so nothing on the phone leads to the client. */
#ifndef BALM_WEB_PAGES_CHECKIN_OFFLINE_H
#define BALM_WEB_PAGES_CHECKIN_OFFLINE_H

#include "base/json.h"
#include "practice/outcomes/checkin.h"
#include "web/views/checkin.h"
#include "web/pages/page.h"

/* What was sealed. */
struct offline_entry {
    struct str token;
    struct str entry_key;
    utc_us at;
    struct checkin_values values;
};

/* Reads the text of an opened envelope; false where it is no entry. Pure. */
bool offline_entry_read(struct arena *arena, struct str text, struct offline_entry *ret_entry);

/* Gives a form what its script needs to work offline. */
void checkin_offline_fill(
    struct call *call, struct view_page *page, struct view_checkin_form *form);

#endif

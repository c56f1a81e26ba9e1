/* What the pages about a client's measured relief share. Handlers stand in staff_pages.h. */
#ifndef BALM_WEB_STAFF_PROGRESS_H
#define BALM_WEB_STAFF_PROGRESS_H

#include "practice/clients/personal_link.h"
#include "web/progress.h"
#include "web/staff/staff_kit.h"
#include "web/staff/staff_pages.h"
#include "web/views/staff_progress.h"

/* Queues a letter with a new link to their own page, and notes it. */
struct result MUST_CHECK staff_send_link(struct call *call, struct client_id client);

/* The client of the address; ERR_NOT_FOUND also where they were merged or deleted. */
struct result MUST_CHECK staff_progress_client(struct call *call, struct client *ret_client);

/* "Usual pain 4, up to 8 after the session, for 77 hours" */
struct str staff_adverse_words(
    const struct call *call, const struct format *f, const struct adverse_finding *finding);

/* Adverse events that nobody has seen (for those who may see health data), and clients who asked to
 * be deleted. */
struct result MUST_CHECK staff_alerts(struct call *call, const struct staff_dates *dates,
    struct view_staff_alerts *ret_adverse, struct view_staff_alerts *ret_erasures);

#endif

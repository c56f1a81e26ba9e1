/* manage: what the pages behind the link of the e-mail share. Whoever has the link is the client.
 */
#ifndef BALM_WEB_PAGES_MANAGE_H
#define BALM_WEB_PAGES_MANAGE_H

#include "practice/booking/booking.h"
#include "web/pages/page.h"

/* The booking that the address's token opens. ERR_NOT_FOUND "unknown-booking". */
struct result MUST_CHECK manage_find(struct call *call, struct booking *ret_booking);

/* "/b/TOKEN" and what follows it. */
struct str manage_path(struct call *call, const char *rest);

/* The booked session, with names also of what the practice no longer offers. */
struct result MUST_CHECK manage_session(struct call *call, const struct format *f,
    const struct booking *booking, struct view_session *ret_session);

/* The last moment of a notice as a part of a sentence; empty where it has passed. */
struct str manage_until(
    struct call *call, const struct format *f, const struct booking *booking, int notice_minutes);

#endif

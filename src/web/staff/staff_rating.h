/* staff_rating: handing a client the page on which they rate a session themselves. */
#ifndef BALM_WEB_STAFF_RATING_H
#define BALM_WEB_STAFF_RATING_H

#include "practice/booking/booking.h"
#include "web/staff/staff_kit.h"

/* POST: where the page is made; empty where the session is not one of today that stands. */
struct url staff_rating_url(struct call *call, const struct booking *booking);

#endif

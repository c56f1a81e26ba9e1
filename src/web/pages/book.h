/* book: what the steps of booking share. */
#ifndef BALM_WEB_PAGES_BOOK_H
#define BALM_WEB_PAGES_BOOK_H

#include "practice/booking/booking.h"
#include "web/pages/picker.h"

/* The service that the address names. ERR_NOT_FOUND "unknown-service". */
struct result MUST_CHECK book_service(struct call *call, const struct service **ret_service);

/* "/book/relief-60" */
struct str book_path(struct call *call, const struct service *service);

/* The therapist that the form names and the service has, else -1. */
int book_form_therapist(struct call *call, const struct service *service);

/* Step 2 again, because `asked` could not be had: says why, offers the nearest three, and returns
 * `why` so that nothing of the attempt is kept. hold: the visitor's own, may be empty. */
struct result MUST_CHECK book_refuse(struct call *call, const struct service *service,
    int therapist, utc_us asked, struct str hold, struct result why);

#endif

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

/* A hold's secret as it was sent. What is too long to be one is none: it comes back in addresses and
 * forms, whose length is bounded. */
struct str book_hold_sent(struct str text);

/* This browser's own mark, a cookie: whoever else knows a hold's secret does not get its booking.
 * book_mark gives one where there is none. */
struct str book_marked(const struct call *call);
void book_mark(struct call *call);

/* Step 2 again, because `asked` could not be had: says why, offers the nearest three, and returns
 * `why` so that nothing of the attempt is kept. hold: the visitor's own, may be empty. */
struct result MUST_CHECK book_refuse(struct call *call, const struct service *service,
    int therapist, utc_us asked, struct str hold, struct result why);

#endif

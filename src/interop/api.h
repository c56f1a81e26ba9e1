/* The JSON API under /api/v1, the calendar file of a booking, and the health answer.
 *
 * Handlers for the table of routes (app/routes.c); their HTTP face is described by openapi.json,
 * which is served as it stands and which the tests hold every answer against. No cookie is read
 * here, so pages of other sites may use all of it (CORS: any origin). */
#ifndef BALM_INTEROP_API_H
#define BALM_INTEROP_API_H

#include "call/call.h"

struct result MUST_CHECK api_services(struct call *call);     /* GET  /api/v1/services */
struct result MUST_CHECK api_availability(struct call *call); /* GET  /api/v1/availability */
struct result MUST_CHECK api_hold(struct call *call);         /* POST /api/v1/holds */
struct result MUST_CHECK api_book(struct call *call);         /* POST /api/v1/bookings */
struct result MUST_CHECK api_booking(struct call *call);      /* GET  /api/v1/bookings/:id */
struct result MUST_CHECK api_reschedule(
    struct call *call);                                  /* POST /api/v1/bookings/:id/reschedule */
struct result MUST_CHECK api_cancel(struct call *call);  /* POST /api/v1/bookings/:id/cancel */
struct result MUST_CHECK api_openapi(struct call *call); /* GET  /api/v1/openapi.json */
struct result MUST_CHECK api_preflight(struct call *call);    /* OPTIONS of each of them */
struct result MUST_CHECK api_booking_ics(struct call *call);  /* GET  /b/:token.ics */
struct result MUST_CHECK api_problem_page(struct call *call); /* GET  /problems/:slug */
struct result MUST_CHECK api_health(struct call *call);       /* GET  /healthz */

#endif

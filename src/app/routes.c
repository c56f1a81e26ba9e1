/* Every address Balm answers, with all that is true of it: who may, what it touches, who handles it.
 * Handlers are declared by the header of their folder: web/pages/pages.h, web/staff/staff_pages.h,
 * interop/api.h. */
#include "app/routes.h"

#include "base/limits.h"
#include "interop/api.h"

#include "base/banned.h"

#define PAGE(method, pattern, permission, tx, handler)                                             \
    {HTTP_##method, pattern, ROUTE_PAGE, PERM_##permission, TX_##tx, handler, NULL, RATE_DEFAULT, 0}
#define API(method, pattern, tx, handler, rate)                                                    \
    {HTTP_##method, pattern, ROUTE_API, PERM_PUBLIC, TX_##tx, handler, NULL, RATE_##rate, 0}
#define DATA(method, pattern, permission, tx, handler)                                             \
    {HTTP_##method, pattern, ROUTE_DATA, PERM_##permission, TX_##tx, handler, NULL, RATE_DEFAULT, 0}

const struct route app_routes[] = {
    /* public pages */

    /* JSON API, contract.md */
    API(GET, "/api/v1/services", READ, api_services, DEFAULT),
    API(GET, "/api/v1/availability", READ, api_availability, DEFAULT),
    API(POST, "/api/v1/holds", WRITE, api_hold, HOLD),
    API(POST, "/api/v1/bookings", WRITE, api_book, BOOKING),
    API(GET, "/api/v1/bookings/:id", READ, api_booking, DEFAULT),
    API(POST, "/api/v1/bookings/:id/reschedule", WRITE, api_reschedule, DEFAULT),
    API(POST, "/api/v1/bookings/:id/cancel", WRITE, api_cancel, DEFAULT),
    API(GET, "/api/v1/openapi.json", NONE, api_openapi, DEFAULT),
    API(OPTIONS, "/api/v1/services", NONE, api_preflight, DEFAULT),
    API(OPTIONS, "/api/v1/availability", NONE, api_preflight, DEFAULT),
    API(OPTIONS, "/api/v1/holds", NONE, api_preflight, DEFAULT),
    API(OPTIONS, "/api/v1/bookings", NONE, api_preflight, DEFAULT),
    API(OPTIONS, "/api/v1/bookings/:id", NONE, api_preflight, DEFAULT),
    API(OPTIONS, "/api/v1/bookings/:id/reschedule", NONE, api_preflight, DEFAULT),
    API(OPTIONS, "/api/v1/bookings/:id/cancel", NONE, api_preflight, DEFAULT),
    API(OPTIONS, "/api/v1/openapi.json", NONE, api_preflight, DEFAULT),
    API(GET, "/healthz", PROBE, api_health, DEFAULT),
    PAGE(GET, "/b/:token.ics", PUBLIC, READ, api_booking_ics),
    PAGE(GET, "/problems/:slug", PUBLIC, NONE, api_problem_page),

    /* staff */

};
const size_t app_route_count = COUNT_OF(app_routes);

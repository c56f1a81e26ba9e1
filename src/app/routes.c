/* Every address Balm answers, with all that is true of it: who may, what it touches, who handles it.
 * Handlers are declared by the header of their folder: web/pages/pages.h, web/staff/staff_pages.h,
 * interop/api.h. */
#include "app/routes.h"

#include "base/limits.h"
#include "interop/api.h"
#include "web/pages/pages.h"

#include "base/banned.h"

#define PAGE(method, pattern, permission, tx, handler)                                             \
    {HTTP_##method, pattern, ROUTE_PAGE, PERM_##permission, TX_##tx, handler, NULL, RATE_DEFAULT, 0}
#define RATED(method, pattern, tx, handler, rate)                                                  \
    {HTTP_##method, pattern, ROUTE_PAGE, PERM_PUBLIC, TX_##tx, handler, NULL, RATE_##rate, 0}
#define API(method, pattern, tx, handler, rate)                                                    \
    {HTTP_##method, pattern, ROUTE_API, PERM_PUBLIC, TX_##tx, handler, NULL, RATE_##rate, 0}
#define DATA(method, pattern, permission, tx, handler)                                             \
    {HTTP_##method, pattern, ROUTE_DATA, PERM_##permission, TX_##tx, handler, NULL, RATE_DEFAULT, 0}

const struct route app_routes[] = {
    /* public pages */
    PAGE(GET, "/", PUBLIC, READ, page_home),
    PAGE(GET, "/services", PUBLIC, READ, page_services),
    PAGE(GET, "/privacy", PUBLIC, READ, page_privacy),
    PAGE(GET, "/book", PUBLIC, READ, page_book),
    PAGE(GET, "/book/:service", PUBLIC, READ, page_book_time),
    PAGE(GET, "/book/:service/details", PUBLIC, READ, page_book_details),
    RATED(POST, "/book/:service", WRITE, page_book_make, BOOKING),
    RATED(POST, "/book/:service/hold", WRITE, page_book_hold, HOLD),
    RATED(POST, "/book/:service/renew", WRITE, page_book_renew, HOLD),
    PAGE(GET, "/b/:token", PUBLIC, READ, page_manage),
    PAGE(GET, "/b/:token/move", PUBLIC, READ, page_manage_move),
    PAGE(POST, "/b/:token/move", PUBLIC, WRITE, page_manage_move_post),
    PAGE(GET, "/b/:token/cancel", PUBLIC, READ, page_manage_cancel),
    PAGE(POST, "/b/:token/cancel", PUBLIC, WRITE, page_manage_cancel_post),
    PAGE(GET, "/robots.txt", PUBLIC, READ, page_robots),
    PAGE(GET, "/sitemap.xml", PUBLIC, READ, page_sitemap),
    PAGE(GET, "/manifest.webmanifest", PUBLIC, READ, page_manifest),
    PAGE(GET, "/favicon.ico", PUBLIC, NONE, page_static),
    PAGE(GET, "/static/*path", PUBLIC, NONE, page_static),

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

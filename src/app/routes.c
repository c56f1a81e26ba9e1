/* Every address Balm answers, with all that is true of it: who may, what it touches, who handles
 * it. Handlers are declared by the header of their folder: web/pages/pages.h,
 * web/staff/staff_pages.h, interop/api.h. */
#include "app/routes.h"

#include "base/limits.h"
#include "interop/api.h"
#include "interop/person_export.h"
#include "web/pages/pages.h"
#include "web/staff/staff_pages.h"
#include "web/calendar/calendar.h"

#include "base/banned.h"

#define PAGE(method, pattern, permission, tx, handler)                                             \
    {                                                                                              \
        HTTP_##method, pattern, ROUTE_PAGE, PERM_##permission, TX_##tx, handler, NULL,             \
            RATE_DEFAULT, 0                                                                        \
    }
#define RATED(method, pattern, tx, handler, rate)                                                  \
    {                                                                                              \
        HTTP_##method, pattern, ROUTE_PAGE, PERM_PUBLIC, TX_##tx, handler, NULL, RATE_##rate, 0    \
    }
#define SLOW(pattern, permission, handler, prepare, rate)                                          \
    {                                                                                              \
        HTTP_POST, pattern, ROUTE_PAGE, PERM_##permission, TX_WRITE, handler, prepare,             \
            RATE_##rate, 0                                                                         \
    }
#define LARGE(pattern, permission, handler, bytes)                                                 \
    {                                                                                              \
        HTTP_POST, pattern, ROUTE_PAGE, PERM_##permission, TX_WRITE, handler, NULL, RATE_DEFAULT,  \
            bytes                                                                                  \
    }
/* A POST that shows what would be, and writes nothing. */
#define PREVIEW(pattern, permission, handler, bytes)                                               \
    {                                                                                              \
        HTTP_POST, pattern, ROUTE_PAGE, PERM_##permission, TX_READ, handler, NULL, RATE_DEFAULT,   \
            bytes                                                                                  \
    }
#define LEARN_FORM_BYTES (4 * LIMIT_LEARN_PAGE_BYTES)
#define API(method, pattern, tx, handler, rate)                                                    \
    {                                                                                              \
        HTTP_##method, pattern, ROUTE_API, PERM_PUBLIC, TX_##tx, handler, NULL, RATE_##rate, 0     \
    }
#define DATA(method, pattern, permission, tx, handler)                                             \
    {                                                                                              \
        HTTP_##method, pattern, ROUTE_DATA, PERM_##permission, TX_##tx, handler, NULL,             \
            RATE_DEFAULT, 0                                                                        \
    }

#define KEPT(pattern, handler, rate)                                                               \
    {                                                                                              \
        HTTP_POST, pattern, ROUTE_DATA, PERM_PUBLIC, TX_WRITE, handler, NULL, RATE_##rate, 0       \
    }

const struct route app_routes[] = {
    /* public pages */
    PAGE(GET, "/", PUBLIC, READ, page_home),
    PAGE(GET, "/services", PUBLIC, READ, page_services),
    PAGE(GET, "/privacy", PUBLIC, READ, page_privacy),
    PAGE(GET, "/learn", PUBLIC, READ, page_learn),
    PAGE(GET, "/learn/:slug", PUBLIC, READ, page_learn_page),
    PAGE(GET, "/book", PUBLIC, READ, page_book),
    PAGE(GET, "/book/:service", PUBLIC, READ, page_book_time),
    PAGE(GET, "/book/:service/details", PUBLIC, READ, page_book_details),
    RATED(POST, "/book/:service", WRITE, page_book_make, BOOKING),
    RATED(POST, "/book/:service/hold", WRITE, page_book_hold, HOLD),
    RATED(POST, "/book/:service/renew", WRITE, page_book_renew, HOLD),
    PAGE(GET, "/b/:token", PUBLIC, READ, page_manage),
    PAGE(GET, "/b/:token/move", PUBLIC, READ, page_manage_move),
    RATED(POST, "/b/:token/move", WRITE, page_manage_move_post, BOOKING), /* each sends a letter */
    PAGE(GET, "/b/:token/cancel", PUBLIC, READ, page_manage_cancel),
    PAGE(POST, "/b/:token/cancel", PUBLIC, WRITE, page_manage_cancel_post),
    PAGE(GET, "/robots.txt", PUBLIC, READ, page_robots),
    PAGE(GET, "/sitemap.xml", PUBLIC, READ, page_sitemap),
    PAGE(GET, "/manifest.webmanifest", PUBLIC, READ, page_manifest),
    PAGE(GET, "/favicon.ico", PUBLIC, NONE, page_static),
    PAGE(GET, "/static/*path", PUBLIC, NONE, page_static),

    /* a client's own pages, by their link */
    PAGE(GET, "/c/:token", PUBLIC, READ, page_checkin),
    RATED(POST, "/c/:token", WRITE, page_checkin_post, CHECK_IN),
    PAGE(GET, "/c/:token/thanks", PUBLIC, READ, page_checkin_thanks),
    RATED(POST, "/c/:token/page", READ, page_checkin_page, CHECK_IN),
    PAGE(GET, "/c/:token/entries/:id", PUBLIC, READ, page_checkin_entry),
    RATED(POST, "/c/:token/entries/:id", WRITE, page_checkin_entry_post, CHECK_IN),
    PAGE(GET, "/c/:token/rhythm", PUBLIC, READ, page_checkin_rhythm),
    RATED(POST, "/c/:token/rhythm", WRITE, page_checkin_rhythm_post, CHECK_IN),
    PAGE(GET, "/c/:token/stop", PUBLIC, READ, page_checkin_stop),
    PAGE(POST, "/c/:token/stop", PUBLIC, WRITE, page_checkin_stop_post), /* one address: a mail service */
    PAGE(GET, "/c/shell", PUBLIC, READ, page_checkin_shell),
    PAGE(GET, "/c/worker.js", PUBLIC, NONE, page_checkin_worker),
    DATA(GET, "/c/key", PUBLIC, NONE, page_checkin_key),
    KEPT("/c/sealed", page_checkin_sealed, CHECK_IN),
    PAGE(GET, "/r/:token", PUBLIC, READ, page_checkin_session),
    RATED(POST, "/r/:token", WRITE, page_checkin_session_post, CHECK_IN),

    /* a client's own pages, by their link */
    PAGE(GET, "/my", PUBLIC, READ, page_my),
    PAGE(GET, "/my/:token", PUBLIC, READ, page_my_enter),
    PAGE(GET, "/my/delete", PUBLIC, READ, page_my_delete),
    PAGE(POST, "/my/link", PUBLIC, WRITE, page_my_link_post),
    PAGE(POST, "/my/checkin-link", PUBLIC, WRITE, page_my_checkin_post),
    PAGE(POST, "/my/rhythm", PUBLIC, WRITE, page_my_rhythm_post),
    PAGE(POST, "/my/stop", PUBLIC, WRITE, page_my_stop_post),
    PAGE(POST, "/my/delete", PUBLIC, WRITE, page_my_delete_post),
    PAGE(POST, "/my/leave", PUBLIC, READ, page_my_leave_post),
    PAGE(POST, "/my/data.json", PUBLIC, WRITE, my_data_json_post),
    PAGE(POST, "/my/data.csv", PUBLIC, WRITE, my_data_csv_post),

    /* JSON API, contract.md */
    API(GET, "/api/v1/services", READ, api_services, DEFAULT),
    API(GET, "/api/v1/availability", READ, api_availability, DEFAULT),
    API(POST, "/api/v1/holds", WRITE, api_hold, HOLD),
    API(POST, "/api/v1/bookings", WRITE, api_book, BOOKING),
    API(GET, "/api/v1/bookings/:id", READ, api_booking, DEFAULT),
    API(POST, "/api/v1/bookings/:id/reschedule", WRITE, api_reschedule, BOOKING),
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
    PAGE(GET, "/staff/sign-in", PUBLIC, READ, staff_sign_in),
    SLOW("/staff/sign-in", PUBLIC, staff_sign_in_post, staff_sign_in_prepare, SIGN_IN),
    PAGE(POST, "/staff/sign-out", STAFF, WRITE, staff_sign_out_post),
    PAGE(GET, "/staff/account", STAFF, READ, staff_account),
    PAGE(POST, "/staff/account/sessions", STAFF, WRITE, staff_session_revoke_post),
    SLOW("/staff/account/password", STAFF, staff_password_post, staff_password_prepare, SIGN_IN),
    PAGE(GET, "/staff", STAFF, READ, staff_today),
    PAGE(GET, "/staff/why", CALENDAR, READ, staff_why),
    PAGE(GET, "/staff/book", CALENDAR, READ, staff_book),
    PAGE(POST, "/staff/book", CALENDAR, WRITE, staff_book_post),
    PAGE(GET, "/staff/bookings/:id", CALENDAR, READ, staff_booking),
    PAGE(POST, "/staff/bookings/:id/status", CALENDAR, WRITE, staff_booking_status_post),
    PAGE(GET, "/staff/bookings/:id/rating", CALENDAR, READ, staff_rating),
    PAGE(POST, "/staff/bookings/:id/rating", CALENDAR, WRITE, staff_rating_post),
    PAGE(POST, "/staff/bookings/:id/move", CALENDAR, WRITE, staff_booking_move_post),
    PAGE(POST, "/staff/bookings/:id/cancel", CALENDAR, WRITE, staff_booking_cancel_post),
    PAGE(GET, "/staff/clients", CLIENTS, READ, staff_clients),
    PAGE(GET, "/staff/clients/:id", CLIENTS, READ, staff_client),
    PAGE(POST, "/staff/clients/:id", CLIENTS, WRITE, staff_client_post),
    PAGE(GET, "/staff/clients/:id/merge", CLIENTS, READ, staff_merge),
    PAGE(POST, "/staff/clients/:id/merge", CLIENTS, WRITE, staff_merge_post),
    PAGE(GET, "/staff/clients/:id/progress", HEALTH, READ, staff_progress),
    PAGE(POST, "/staff/clients/:id/adverse", HEALTH, WRITE, staff_adverse_post),
    PAGE(POST, "/staff/clients/:id/links", HEALTH, WRITE, staff_links_post),
    PAGE(GET, "/staff/clients/:id/plan", HEALTH, READ, staff_plan),
    PAGE(POST, "/staff/clients/:id/plan", HEALTH, WRITE, staff_plan_post),
    PAGE(POST, "/staff/clients/:id/data.json", HEALTH, WRITE, staff_data_json_post),
    PAGE(POST, "/staff/clients/:id/data.csv", HEALTH, WRITE, staff_data_csv_post),
    PAGE(GET, "/staff/clients/:id/erase", SETTINGS, READ, staff_erase),
    PAGE(POST, "/staff/clients/:id/erase", SETTINGS, WRITE, staff_erase_post),
    PAGE(GET, "/staff/messages", MESSAGES, READ, staff_messages),
    PAGE(POST, "/staff/messages/:id/again", MESSAGES, WRITE, staff_message_again_post),
    /* Learn pages */
    PAGE(GET, "/staff/learn", LEARN, READ, staff_learn),
    PAGE(GET, "/staff/learn/add", LEARN, READ, staff_learn_edit),
    LARGE("/staff/learn/add", LEARN, staff_learn_add_post, LEARN_FORM_BYTES),
    PREVIEW("/staff/learn/add/preview", LEARN, staff_learn_preview_post, LEARN_FORM_BYTES),
    PAGE(GET, "/staff/learn/:slug", LEARN, READ, staff_learn_edit),
    LARGE("/staff/learn/:slug", LEARN, staff_learn_edit_post, LEARN_FORM_BYTES),
    PREVIEW("/staff/learn/:slug/preview", LEARN, staff_learn_preview_post, LEARN_FORM_BYTES),
    PAGE(GET, "/staff/learn/:slug/history", LEARN, READ, staff_learn_history),
    PAGE(POST, "/staff/learn/:slug/hide", LEARN, WRITE, staff_learn_hide_post),
    PAGE(POST, "/staff/learn/:slug/reset", LEARN, WRITE, staff_learn_reset_post),
    PAGE(POST, "/staff/learn/:slug/restore", LEARN, WRITE, staff_learn_restore_post),

    PAGE(GET, "/staff/audit", SETTINGS, READ, staff_audit),
    PAGE(GET, "/staff/settings", SETTINGS, READ, staff_settings),
    PAGE(GET, "/staff/settings/practice", SETTINGS, READ, staff_settings_practice),
    PAGE(POST, "/staff/settings/practice", SETTINGS, WRITE, staff_settings_practice_post),
    PAGE(GET, "/staff/settings/rules", SETTINGS, READ, staff_settings_rules),
    PAGE(POST, "/staff/settings/rules", SETTINGS, WRITE, staff_settings_rules_post),
    PAGE(GET, "/staff/settings/add-room", SETTINGS, READ, staff_add_room),
    PAGE(POST, "/staff/settings/add-room", SETTINGS, WRITE, staff_add_room_post),
    PAGE(GET, "/staff/settings/rooms/:key", SETTINGS, READ, staff_room),
    PAGE(POST, "/staff/settings/rooms/:key", SETTINGS, WRITE, staff_room_post),
    PAGE(POST, "/staff/settings/rooms/:key/remove", SETTINGS, WRITE, staff_room_remove_post),
    PAGE(GET, "/staff/settings/add-service", SETTINGS, READ, staff_add_service),
    PAGE(POST, "/staff/settings/add-service", SETTINGS, WRITE, staff_add_service_post),
    PAGE(GET, "/staff/settings/services/:key", SETTINGS, READ, staff_service),
    PAGE(POST, "/staff/settings/services/:key", SETTINGS, WRITE, staff_service_post),
    PAGE(POST, "/staff/settings/services/:key/remove", SETTINGS, WRITE, staff_service_remove_post),
    PAGE(GET, "/staff/settings/add-therapist", SETTINGS, READ, staff_add_therapist),
    PAGE(POST, "/staff/settings/add-therapist", SETTINGS, WRITE, staff_add_therapist_post),
    PAGE(GET, "/staff/settings/therapists/:key", SETTINGS, READ, staff_therapist),
    PAGE(POST, "/staff/settings/therapists/:key", SETTINGS, WRITE, staff_therapist_post),
    PAGE(POST, "/staff/settings/therapists/:key/remove", SETTINGS, WRITE,
        staff_therapist_remove_post),
    PAGE(GET, "/staff/settings/file", SETTINGS, READ, staff_file),
    PAGE(GET, "/staff/settings/practice.json", SETTINGS, READ, staff_file_download),
    LARGE("/staff/settings/file", SETTINGS, staff_file_post, LIMIT_UPLOAD_BYTES + 4096),
    LARGE("/staff/settings/file/apply", SETTINGS, staff_file_apply_post, 4 * LIMIT_UPLOAD_BYTES),
    PAGE(GET, "/staff/settings/team", SETTINGS, READ, staff_team),
    SLOW("/staff/settings/team", SETTINGS, staff_team_post, staff_team_prepare, DEFAULT),
    PAGE(GET, "/staff/settings/team/:id", SETTINGS, READ, staff_member),
    SLOW("/staff/settings/team/:id", SETTINGS, staff_member_post, staff_team_prepare, DEFAULT),
    PAGE(
        POST, "/staff/settings/team/:id/deactivate", SETTINGS, WRITE, staff_member_deactivate_post),
    PAGE(GET, "/staff/calendar", CALENDAR, READ, calendar_page),
    DATA(GET, "/staff/calendar/events", CALENDAR, READ, calendar_events),
    DATA(GET, "/staff/calendar/clients", CALENDAR, READ, calendar_clients),
    DATA(GET, "/staff/calendar/live", CALENDAR, READ, calendar_live),
    DATA(POST, "/staff/calendar/move", CALENDAR, WRITE, calendar_move),
    DATA(POST, "/staff/calendar/book", CALENDAR, WRITE, calendar_book),
    DATA(POST, "/staff/calendar/status", CALENDAR, WRITE, calendar_status),
    DATA(POST, "/staff/calendar/cancel", CALENDAR, WRITE, calendar_cancel),
    DATA(POST, "/staff/calendar/time-off", CALENDAR, WRITE, calendar_time_off),

};
const size_t app_route_count = COUNT_OF(app_routes);

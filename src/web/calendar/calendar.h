/* The staff's calendar: the page, what it shows, and what can be done in it.
 *
 * Handlers for the table of routes (app/routes.c). The page works without its script as a table of
 * the week; with it, the answers below feed EventCalendar. Times go out as the practice's wall
 * times and as instants; they come in as either ("2026-03-09T09:00", or RFC 3339 with an offset),
 * so the browser's own zone never matters.
 *
 * Every change goes through practice/booking. Staff pass over hours, notice and limits (lenient),
 * and the answer's `passed` says which rule that was; overlaps are refused with 409 and words that
 * say what is in the way. */
#ifndef BALM_WEB_CALENDAR_H
#define BALM_WEB_CALENDAR_H

#include "call/call.h"

struct result MUST_CHECK calendar_page(struct call *call);     /* GET  /staff/calendar */
struct result MUST_CHECK calendar_events(struct call *call);   /* GET  /staff/calendar/events */
struct result MUST_CHECK calendar_clients(struct call *call);  /* GET  /staff/calendar/clients */
struct result MUST_CHECK calendar_live(struct call *call);     /* GET  /staff/calendar/live */
struct result MUST_CHECK calendar_move(struct call *call);     /* POST /staff/calendar/move */
struct result MUST_CHECK calendar_book(struct call *call);     /* POST /staff/calendar/book */
struct result MUST_CHECK calendar_status(struct call *call);   /* POST /staff/calendar/status */
struct result MUST_CHECK calendar_cancel(struct call *call);   /* POST /staff/calendar/cancel */
struct result MUST_CHECK calendar_time_off(struct call *call); /* POST /staff/calendar/time-off */

#endif

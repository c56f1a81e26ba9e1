/* page: what all public pages have in common: the frame around them, the practice's facts, sending.
 */
#ifndef BALM_WEB_PAGES_PAGE_H
#define BALM_WEB_PAGES_PAGE_H

#include "call/call.h"
#include "web/format.h"
#include "web/views/public.h"

/* Fills the frame and sets up the format. `self` is the address of this page for a GET, from which
 * the language links are made; empty: the request's own. Remembers the visitor's language. */
void page_begin(struct call *call, struct format *f, enum view_place place, struct str self,
    struct view_page *ret_page);

/* Search engines may list this page; without it they are asked not to. */
void page_index(struct call *call, struct str path, struct view_page *page);

/* A template's writer, and its result as the response. ERR_LIMIT "page-too-large". */
struct tmpl page_tmpl(struct call *call, struct sb *sb);
struct result MUST_CHECK page_send(struct call *call, int status, const struct sb *sb);

/* When somebody works, by weekday, disjoint and sorted. */
struct page_hours {
    const struct hours_row *rows[7];
    size_t counts[7];
};
void page_hours(const struct practice *practice, struct arena *arena, struct page_hours *ret_hours);

/* A service of the practice as in the lists; its name, length and price as in a session. */
struct view_services_list page_services_list(struct call *call, const struct format *f);
struct view_session page_session(
    const struct format *f, const struct practice *practice, const struct service *service);
/* Adds day and time (with its offset where it occurs twice), in the practice's zone and, where it
 * differs, the visitor's. */
void page_session_time(
    struct call *call, const struct format *f, utc_us start, struct view_session *session);

/* The price, empty where it is none. */
struct str page_price(const struct format *f, const struct practice *practice, int64_t minor);

/* "1:30" with its offset where that wall time occurs twice. */
struct str page_time(const struct format *f, const struct tz *zone, utc_us instant);
/* "UTC−4" where the wall time of this instant occurs twice that day; else empty. */
struct str page_offset(const struct format *f, const struct tz *zone, utc_us instant);

/* The visitor's zone by ?tz= or the cookie that book.js sets; NULL where unknown or the practice's.
 */
const struct tz *page_visitor_zone(const struct call *call);

/* The visitor's wall time of an instant where it differs from the practice's, else empty. A time on
 * another day than the practice's carries its weekday. */
struct str page_visitor_time(struct call *call, const struct format *f, utc_us instant);

/* Whose opening it is; empty where several are free, because then the booking decides. Bits as in
 * struct open_slot. */
struct str page_only_therapist(const struct practice *practice, uint64_t therapists);

/* The nearest opening of any service: *ret_opening stays empty where there is none for weeks. */
struct result MUST_CHECK page_next_opening(
    struct call *call, const struct format *f, struct view_opening *ret_opening);

/* RFC 3339 in the practice's offset. */
struct str page_rfc3339(const struct call *call, utc_us instant);

#endif

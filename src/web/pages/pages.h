/* pages: the handlers of the public pages; their routes stand in app/routes.c. One file a page.
 *
 * Every page is complete without JavaScript. Reading pages change nothing; what changes something
 * is a POST that ends in a redirect, or in the same page again with what is to be mended. */
#ifndef BALM_WEB_PAGES_PAGES_H
#define BALM_WEB_PAGES_PAGES_H

#include "call/call.h"

struct result page_home(struct call *call);     /* GET / */
struct result page_services(struct call *call); /* GET /services */
struct result page_privacy(struct call *call);  /* GET /privacy */
struct result page_learn(struct call *call);      /* GET /learn: claim by claim */
struct result page_learn_page(struct call *call); /* GET /learn/:slug */

struct result page_book(struct call *call);         /* GET /book: which session? */
struct result page_book_time(struct call *call);    /* GET /book/:service: day and time */
struct result page_book_hold(struct call *call);    /* POST /book/:service/hold */
struct result page_book_details(struct call *call); /* GET /book/:service/details */
struct result page_book_renew(struct call *call);   /* POST /book/:service/renew */
struct result page_book_make(struct call *call);    /* POST /book/:service */

struct result page_manage(struct call *call);             /* GET /b/:token */
struct result page_manage_move(struct call *call);        /* GET /b/:token/move */
struct result page_manage_move_post(struct call *call);   /* POST /b/:token/move */
struct result page_manage_cancel(struct call *call);      /* GET /b/:token/cancel */
struct result page_manage_cancel_post(struct call *call); /* POST /b/:token/cancel */

/* How are you? A client's own pages, by their link. */
struct result page_checkin(struct call *call);              /* GET /c/:token */
struct result page_checkin_post(struct call *call);         /* POST /c/:token */
struct result page_checkin_thanks(struct call *call);       /* GET /c/:token/thanks */
struct result page_checkin_page(struct call *call);         /* POST /c/:token/page: to /my */
struct result page_checkin_entry(struct call *call);        /* GET /c/:token/entries/:id */
struct result page_checkin_entry_post(struct call *call);   /* POST /c/:token/entries/:id */
struct result page_checkin_rhythm(struct call *call);       /* GET /c/:token/rhythm */
struct result page_checkin_rhythm_post(struct call *call);  /* POST /c/:token/rhythm */
struct result page_checkin_stop(struct call *call);         /* GET /c/:token/stop */
struct result page_checkin_stop_post(struct call *call);    /* POST /c/:token/stop, RFC 8058 */
struct result page_checkin_session(struct call *call);      /* GET /r/:token */
struct result page_checkin_session_post(struct call *call); /* POST /r/:token */
struct result page_checkin_sealed(struct call *call);       /* POST /c/sealed */
struct result page_checkin_key(struct call *call);          /* GET /c/key */
struct result page_checkin_shell(struct call *call);        /* GET /c/shell */
struct result page_checkin_worker(struct call *call);       /* GET /c/worker.js */

struct result page_my_enter(struct call *call);        /* GET /my/:token: in by the link */
struct result page_my(struct call *call);              /* GET /my */
struct result page_my_link_post(struct call *call);    /* POST /my/link: sends one */
struct result page_my_checkin_post(struct call *call); /* POST /my/checkin-link */
struct result page_my_rhythm_post(struct call *call);  /* POST /my/rhythm */
struct result page_my_stop_post(struct call *call);    /* POST /my/stop */
struct result page_my_delete(struct call *call);       /* GET /my/delete */
struct result page_my_delete_post(struct call *call);  /* POST /my/delete: the wish */
struct result page_my_leave_post(struct call *call);   /* POST /my/leave */

struct result page_static(struct call *call);   /* GET /static/:path..., /favicon.ico */
struct result page_robots(struct call *call);   /* GET /robots.txt */
struct result page_sitemap(struct call *call);  /* GET /sitemap.xml */
struct result page_manifest(struct call *call); /* GET /manifest.webmanifest */

/* Fills call->resp with a page that says what went wrong, in the visitor's language. For the
 * request's phases and for handlers; works where call->practice is NULL and without a transaction.
 */
void page_error(struct call *call, int status, struct result why);

#endif

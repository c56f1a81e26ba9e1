/* my: what the files of the client's own pages share. */
#ifndef BALM_WEB_PAGES_MY_H
#define BALM_WEB_PAGES_MY_H

#include "call/my_session.h"
#include "web/pages/page.h"
#include "web/views/my.h"

/* The client who came in by their link. *ret_in false: nobody; then the answer leads to /my, where
 * they can ask for a link, and the handler is done. */
struct result MUST_CHECK my_client(struct call *call, bool *ret_in, struct client_id *ret_client);

/* The page that sends links. `status` 200, 404 (the link does not hold) or 422. */
struct result MUST_CHECK my_send_link_page(
    struct call *call, int status, struct view_my_link *view);

/* "Tuesday 3 March, 10:30" in the practice's zone. */
struct str my_moment(struct call *call, const struct format *f, utc_us at);

#endif

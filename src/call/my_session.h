/* my_session: a client who came in by their link, for half an hour.
 *
 * The link's token leaves the address bar at once: it is exchanged for a cookie that holds the
 * link's number, whose it is and an end, sealed with the server's key. Nothing is stored, so that following a
 * link changes nothing; the link itself is asked each time, so revoking it ends the session. */
#ifndef BALM_CALL_MY_SESSION_H
#define BALM_CALL_MY_SESSION_H

#include "call/call.h"
#include "practice/clients/personal_link.h"

enum { MY_SESSION_MINUTES = 30 };

/* Begins or prolongs it: sets the cookie. */
void my_session_begin(struct call *call, const struct personal_link *link);
void my_session_end(struct call *call);

/* The link behind the cookie; prolongs the session. ERR_DENIED "link-needed" where there is none
 * or it is over. */
struct result MUST_CHECK my_session_find(struct call *call, struct personal_link *ret_link);

#endif

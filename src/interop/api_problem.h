/* Problem documents (RFC 9457, application/problem+json): how every JSON answer says that something
 * went wrong.
 *
 * `type` is a path on this site ("/problems/slot-taken"), where a short explanation can be read;
 * clients compare its last segment. `title` is the same for each occurrence of a type, `detail` is
 * one plain English sentence, and `errors` names the fields that are wrong. */
#ifndef BALM_INTEROP_API_PROBLEM_H
#define BALM_INTEROP_API_PROBLEM_H

#include "base/problems.h"
#include "call/call.h"
#include "http/http.h"

/* Fills status, body, Content-Type and Cache-Control. `slug` is the last segment of the type;
 * `problems` may be NULL. */
void api_problem(struct http_resp *resp, struct arena *arena, int status, const char *slug,
    const char *title, const char *detail, const struct problems *problems);

/* The document for a failure of ours, in an exchange whose response is still empty but for headers
 * (Retry-After, Allow). Under /api/v1 any origin may read it. problems may be NULL. */
void api_fail(struct call *call, struct result result, const struct problems *problems);

/* The same by the type's slug ("method-not-allowed", "unsupported-media-type" ...; see the
 * table in api_problem.c). */
void api_fail_as(struct call *call, const char *slug, const struct problems *problems);

/* For requests under /api/v1 that the HTTP guard refused before there was a call: 400, 413, 431 ...
 */
void api_problem_of_status(struct http_resp *resp, struct arena *arena, int status);

/* The sentence for a field: its code and argument in English, ending in a full stop. */
struct str api_field_message(struct arena *arena, const struct problem *problem);

#endif

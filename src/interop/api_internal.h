/* What the files of the JSON API share. For interop/api_*.c and their fuzzing alone. */
#ifndef BALM_INTEROP_API_INTERNAL_H
#define BALM_INTEROP_API_INTERNAL_H

#include "base/json.h"
#include "base/json_writer.h"
#include "interop/api.h"
#include "interop/api_problem.h"

/* Sends JSON that any origin may read. */
void api_send(struct call *call, int status, struct str body, struct str cache_control);

/* 422 with these fields; the result to leave the handler with. */
struct result MUST_CHECK api_invalid(struct call *call, const struct problems *problems);

/* The request's body as an object, its fields still to be read. 415 or 400 otherwise: then the
 * response is filled, and the result is to be returned. An empty body counts as {} where allowed.
 */
struct result MUST_CHECK api_read_body(
    struct call *call, bool allow_empty, struct problems *problems, struct json_object *ret_root);

/* "start": RFC 3339 in the zone's own offset at that instant. */
void api_write_instant(struct jw *jw, const struct tz *zone, utc_us instant);

/* ---- bodies (api_body.c); what is wrong goes to root->problems ---- */

/* service, start, therapist. */
void api_read_time(
    const struct practice *practice, struct json_object *root, struct booking_request *ret_request);
/* The same with hold, client and note. */
void api_read_booking(
    const struct practice *practice, struct json_object *root, struct booking_request *ret_request);
/* start, therapist. */
void api_read_move(
    const struct practice *practice, struct json_object *root, struct booking_move *ret_move);

#endif

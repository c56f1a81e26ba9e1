/* Router: one table of routes, matched by segment.
 * Patterns: "/clients/:id" binds one non-empty segment; a last segment
 * "*path" binds all that is left (at least one character); a segment may bind with a literal
 * ending: "/b/:token.ics" (the literal ending wins over the plain one).
 * Literal segments win over bound ones. HEAD is answered by GET's route. */
#ifndef BALM_HTTP_ROUTER_H
#define BALM_HTTP_ROUTER_H

#include "http/http.h"

struct http_route {
    enum http_method method;
    const char *pattern;
    const void *data; /* the application's row */
};

enum { ROUTER_PARAMS_MAX = 4 };

struct router_match {
    const struct http_route *route; /* NULL: none */
    bool path_known;                /* another method of this path exists: 405 */
    struct str allow;               /* then: "GET, POST" */
    struct http_fields params;      /* in the arena */
};

struct router;

/* Built once, from a table that it copies (not the patterns); ends the process on a malformed or
 * ambiguous one (programmer error). */
struct router *router_new(const struct http_route *routes, size_t count);
void router_free(struct router *router);

struct router_match router_find(
    const struct router *router, enum http_method method, struct str path, struct arena *arena);

#endif

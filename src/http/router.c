#include "http/router.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/banned.h"

enum { METHODS = HTTP_OPTIONS + 1 };

enum edge_kind { EDGE_LITERAL, EDGE_SUFFIX, EDGE_BIND, EDGE_REST };

/* A step of the tree: one segment of a pattern. Edges stand in order of precedence. */
struct edge {
    enum edge_kind kind;
    struct str text; /* the literal, or the literal ending */
    struct node *to;
    struct edge *next;
};

struct leaf {
    const struct http_route *route;
    struct str names[ROUTER_PARAMS_MAX];
    size_t name_count;
};

struct node {
    struct edge *edges;
    struct leaf leaves[METHODS];
};

struct router {
    struct arena arena;
    struct node *root;
};

struct search {
    enum http_method method;
    struct str values[ROUTER_PARAMS_MAX];
    size_t value_count;
    bool allowed[METHODS];
    bool path_known;
};

NO_RETURN static void bad_table(const char *pattern, const char *why)
{
    fprintf(stderr, "balm: route %s: %s\n", pattern, why);
    abort();
}

static bool edge_before(const struct edge *a, const struct edge *b)
{
    if (a->kind != b->kind) return a->kind < b->kind;
    return a->text.len > b->text.len; /* the longer ending first */
}

static struct node *follow(
    struct router *router, struct node *node, enum edge_kind kind, struct str text)
{
    for (struct edge *edge = node->edges; edge; edge = edge->next) {
        if (edge->kind == kind && str_eq(edge->text, text)) return edge->to;
    }
    struct edge *fresh = ARENA_NEW(&router->arena, struct edge);
    fresh->kind = kind;
    fresh->text = text;
    fresh->to = ARENA_NEW(&router->arena, struct node);
    struct edge **at = &node->edges;
    while (*at && !edge_before(fresh, *at))
        at = &(*at)->next;
    fresh->next = *at;
    *at = fresh;
    return fresh->to;
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9');
}

static void add_name(struct leaf *leaf, const char *pattern, struct str name)
{
    if (name.len == 0) bad_table(pattern, "a parameter without a name");
    if (leaf->name_count == ROUTER_PARAMS_MAX) bad_table(pattern, "too many parameters");
    for (size_t i = 0; i < leaf->name_count; i++) {
        if (str_eq(leaf->names[i], name)) bad_table(pattern, "a parameter twice");
    }
    leaf->names[leaf->name_count++] = name;
}

static void add_route(struct router *router, const struct http_route *route)
{
    struct str pattern = str_from_cstr(route->pattern);
    if (pattern.len == 0 || pattern.ptr[0] != '/') bad_table(route->pattern, "must begin with /");
    struct leaf leaf = {.route = route};
    struct node *node = router->root;
    size_t at = 1;
    for (;;) {
        size_t end = at;
        while (end < pattern.len && pattern.ptr[end] != '/')
            end++;
        struct str segment = str_slice(pattern, at, end);
        bool last = end == pattern.len;
        if (segment.len == 0 && !last) bad_table(route->pattern, "an empty segment");
        if (segment.len && segment.ptr[0] == '*') {
            if (!last) bad_table(route->pattern, "* must come last");
            add_name(&leaf, route->pattern, str_slice(segment, 1, segment.len));
            node = follow(router, node, EDGE_REST, (struct str){0});
        } else if (segment.len && segment.ptr[0] == ':') {
            size_t name_end = 1;
            while (name_end < segment.len && is_name_char(segment.ptr[name_end]))
                name_end++;
            struct str ending = str_slice(segment, name_end, segment.len);
            add_name(&leaf, route->pattern, str_slice(segment, 1, name_end));
            node = follow(router, node, ending.len ? EDGE_SUFFIX : EDGE_BIND, ending);
        } else {
            node = follow(router, node, EDGE_LITERAL, segment);
        }
        if (last) break;
        at = end + 1;
    }
    CHECK((int)route->method < METHODS);
    if (route->method == HTTP_HEAD) bad_table(route->pattern, "HEAD is answered by GET");
    if (node->leaves[route->method].route) bad_table(route->pattern, "twice in the table");
    node->leaves[route->method] = leaf;
}

struct router *router_new(const struct http_route *routes, size_t count)
{
    struct router *router = calloc(1, sizeof *router);
    CHECK(router);
    router->root = ARENA_NEW(&router->arena, struct node);
    struct http_route *own = ARENA_ARRAY(&router->arena, count, struct http_route);
    if (count) memcpy(own, routes, count * sizeof *own);
    for (size_t i = 0; i < count; i++)
        add_route(router, &own[i]);
    return router;
}

void router_free(struct router *router)
{
    if (!router) return;
    arena_release(&router->arena);
    free(router);
}

/* The leaf of this node that answers the method; notes what else it would answer. */
static const struct leaf *arrive(const struct node *node, struct search *search)
{
    enum http_method method = search->method == HTTP_HEAD ? HTTP_GET : search->method;
    if (node->leaves[method].route) return &node->leaves[method];
    for (size_t i = 0; i < METHODS; i++) {
        if (!node->leaves[i].route) continue;
        search->allowed[i] = true;
        search->path_known = true;
    }
    return NULL;
}

/* rest: the path after the slash that precedes the segment. Patterns are short, so the recursion is
 * as deep as the longest of them. */
static const struct leaf *walk(const struct node *node, struct str rest, struct search *search)
{
    size_t slash = str_find(rest, '/');
    bool last = slash == rest.len;
    struct str segment = str_slice(rest, 0, slash);
    struct str after = str_slice(rest, slash + 1, rest.len);
    for (const struct edge *edge = node->edges; edge; edge = edge->next) {
        struct str bound = segment;
        bool binds = edge->kind != EDGE_LITERAL;
        bool ends = last;
        switch (edge->kind) {
        case EDGE_LITERAL:
            if (!str_eq(edge->text, segment)) continue;
            break;
        case EDGE_SUFFIX:
            if (segment.len <= edge->text.len || !str_ends(segment, edge->text)) continue;
            bound = str_slice(segment, 0, segment.len - edge->text.len);
            break;
        case EDGE_BIND:
            if (segment.len == 0) continue;
            break;
        case EDGE_REST:
            if (rest.len == 0) continue;
            bound = rest;
            ends = true;
            break;
        }
        if (binds) search->values[search->value_count++] = bound;
        const struct leaf *leaf = ends ? arrive(edge->to, search) : walk(edge->to, after, search);
        if (leaf) return leaf;
        if (binds) search->value_count--;
    }
    return NULL;
}

static struct str allow_text(const struct search *search, struct arena *arena)
{
    struct str text = {0};
    for (int i = 0; i < METHODS; i++) {
        if (!search->allowed[i]) continue;
        const char *head = i == HTTP_GET ? ", HEAD" : "";
        text = arena_printf(arena, "%.*s%s%s%s", STR_ARG(text), text.len ? ", " : "",
            http_method_name((enum http_method)i), head);
    }
    return text;
}

struct router_match router_find(
    const struct router *router, enum http_method method, struct str path, struct arena *arena)
{
    struct router_match match = {0};
    if (path.len == 0 || path.ptr[0] != '/') return match;
    struct search search = {.method = method};
    const struct leaf *leaf = walk(router->root, str_slice(path, 1, path.len), &search);
    if (!leaf) {
        match.path_known = search.path_known;
        if (search.path_known) match.allow = allow_text(&search, arena);
        return match;
    }
    CHECK(leaf->name_count == search.value_count);
    match.route = leaf->route;
    match.path_known = true;
    if (leaf->name_count == 0) return match;
    struct http_field *params = ARENA_ARRAY(arena, leaf->name_count, struct http_field);
    for (size_t i = 0; i < leaf->name_count; i++)
        params[i] = (struct http_field){leaf->names[i], search.values[i]};
    match.params = (struct http_fields){params, leaf->name_count};
    return match;
}

/* The table of routes. */
#ifndef BALM_APP_ROUTES_H
#define BALM_APP_ROUTES_H

#include "call/route.h"

extern const struct route app_routes[];
extern const size_t app_route_count;

#endif

/* What each role may do. Routes name the permission they need; nothing else decides. */
#ifndef BALM_AUTH_PERMISSION_H
#define BALM_AUTH_PERMISSION_H

#include "auth/actor.h"

#include <stdbool.h>

enum permission {
    PERM_PUBLIC,   /* anybody */
    PERM_STAFF,    /* anybody who is signed in: Today, own sessions */
    PERM_CALENDAR, /* see and change bookings and time off */
    PERM_CLIENTS,  /* see and change clients */
    PERM_HEALTH,   /* see what clients said of their pain, and plan it: not the desk */
    PERM_MESSAGES, /* see what was sent, send again */
    PERM_LEARN,    /* write the Learn pages */
    PERM_SETTINGS, /* what the practice offers, staff, audit */
};

bool role_may(enum role role, enum permission permission);

#endif

#include "auth/permission.h"

#include "base/check.h"

#include "base/banned.h"

bool role_may(enum role role, enum permission permission)
{
    switch (permission) {
    case PERM_PUBLIC: return true;
    case PERM_STAFF:
    case PERM_CALENDAR:
    case PERM_CLIENTS: return role != ROLE_NONE;
    case PERM_MESSAGES: return role == ROLE_OWNER || role == ROLE_DESK;
    case PERM_HEALTH:
    case PERM_LEARN: return role == ROLE_OWNER || role == ROLE_THERAPIST;
    case PERM_SETTINGS: return role == ROLE_OWNER;
    }
    UNREACHABLE();
}

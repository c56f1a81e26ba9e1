/* Who acts: nobody in particular (the server itself), a client, or a member of staff. */
#ifndef BALM_AUTH_ACTOR_H
#define BALM_AUTH_ACTOR_H

#include "base/ids.h"

enum actor_kind { ACTOR_SYSTEM = 1, ACTOR_CLIENT = 2, ACTOR_STAFF = 3 };

enum role { ROLE_NONE = 0, ROLE_OWNER = 1, ROLE_THERAPIST = 2, ROLE_DESK = 3 };

struct actor {
    enum actor_kind kind;
    struct user_id user; /* staff only */
    enum role role;      /* staff only */
};

#endif

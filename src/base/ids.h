/* Ids are one-field structs, so that mixing two kinds is a compile error. 0 is "none". */
#ifndef BALM_BASE_IDS_H
#define BALM_BASE_IDS_H

#include <stdint.h>

struct practice_id {
    int64_t v;
};
struct resource_id { /* a therapist or a room */
    int64_t v;
};
struct service_id {
    int64_t v;
};
struct client_id {
    int64_t v;
};
struct booking_id {
    int64_t v;
};
struct user_id {
    int64_t v;
};

#endif

/* The page that hands a session over to its client for rating. */
#ifndef BALM_WEB_VIEWS_STAFF_RATING_H
#define BALM_WEB_VIEWS_STAFF_RATING_H

#include "web/views/staff.h"

struct view_staff_rating {
    struct view_staff_page page;
    struct str client;
    struct str until;    /* so long the link works: "18:00" */
    struct html qr;      /* empty: the address is too long for one */
    struct str address;  /* as it can be typed */
    struct url link_url; /* the same, to be opened here */
    struct url back_url;
};

#endif

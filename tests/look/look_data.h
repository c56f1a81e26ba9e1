/* Made-up data for tests/look/render.c. Everything returned is static. */
#ifndef BALM_TESTS_LOOK_DATA_H
#define BALM_TESTS_LOOK_DATA_H

#include "base/check.h"
#include "web/views/mail.h"
#include "web/views/public.h"

struct str look_text(enum lang lang, const char *en, const char *es);
struct view_page look_page(enum lang lang, enum view_place place);
struct view_opening look_opening(enum lang lang);
struct view_services_list look_services(enum lang lang);
struct view_therapists look_therapists(enum lang lang);
struct view_session look_session(enum lang lang, bool with_time);
struct view_mail look_mail(enum lang lang);

/* A week and a month with full, few and many openings; times all day. */
struct view_picker look_picker(enum lang lang);
/* The visitor is elsewhere, and the clocks go back. */
void look_picker_two_zones(enum lang lang, struct view_picker *picker);
/* The chosen day has nothing; the nearest opening stands elsewhere. */
void look_picker_full(enum lang lang, struct view_picker *picker);

#endif

/* What the staff's Learn pages share: the address of a page's text, who saved it. */
#ifndef BALM_WEB_STAFF_LEARN_H
#define BALM_WEB_STAFF_LEARN_H

#include "web/pages/learn.h"
#include "web/staff/staff_kit.h"
#include "web/views/staff_learn.h"

/* The language of the text that is spoken of: `in` of the form or the address, else the reader's.
 */
enum lang staff_learn_in(const struct call *call);
/* "/staff/learn/SLUG/MORE?in=es"; more may be empty, else begins with a slash. */
struct url staff_learn_url(
    const struct call *call, struct str slug, const char *more, enum lang in);
/* "In Spanish", for every other language. */
struct view_links staff_learn_languages(
    const struct call *call, struct str slug, const char *more, enum lang in);
/* The name of who saved a revision. */
struct result MUST_CHECK staff_learn_who(
    struct call *call, struct user_id user, struct str *ret_name);
/* Who changes the page of this address. */
struct learn_change staff_learn_change(struct call *call);

#endif

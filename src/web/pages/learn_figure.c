/* The reader's own figure beside what is known of a claim. */
#include "web/pages/learn.h"

#include "base/banned.h"

struct result learn_own_figure(
    struct call *call, const struct learn_page *page, struct view_learn_own *ret_own)
{
    /* No request says yet which client reads: nobody is signed in, so there is no figure. */
    (void)call;
    (void)page;
    *ret_own = (struct view_learn_own){0};
    return RESULT_OK;
}

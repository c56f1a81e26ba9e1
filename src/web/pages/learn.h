/* What the Learn pages share with those who write them: pages put into words. */
#ifndef BALM_WEB_PAGES_LEARN_H
#define BALM_WEB_PAGES_LEARN_H

#include "call/call.h"
#include "practice/learn/learn.h"
#include "web/format.h"
#include "web/views/learn.h"

/* A page and where it comes from. */
struct learn_shown {
    struct learn_entry entry;
    struct learn_page page;
};

struct learn_shown_list {
    struct learn_shown *ptr;
    size_t len;
};

/* All pages in the reader's language, in the order of the index: claims by theme, then guides.
 * Without those that are hidden and those whose text cannot be read, unless `all`: then such a page
 * has an empty title. */
struct result MUST_CHECK learn_shown(
    struct call *call, bool all, struct learn_shown_list *ret_list);

/* The article below a title. Without the reader's own figure. */
struct result MUST_CHECK learn_article(struct call *call, const struct format *f,
    const struct learn_page *page, enum lang lang, struct view_learn_article *ret_article);

/* The grades of a page's parts, as marks. */
struct view_learn_parts learn_parts(struct arena *arena, const struct learn_page *page);

/* "22 November 2026" */
struct str learn_date(const struct call *call, const struct format *f, date_day date);
/* "Spanish", in the reader's language. */
struct str learn_language(const struct call *call, enum lang lang);
/* The name of a measure, or how it is measured; empty where no page speaks of it. */
struct str learn_measure_words(const struct call *call, enum measure measure, bool how);

/* The links of the four aims to their pages. */
struct result MUST_CHECK learn_aims(struct call *call, struct view_aims *ret_aims);

/* The reader's own figure for what a page measures, where they are signed in by their link; else
 * empty. An answer that shows one is personal: it may not be kept by any cache. */
struct result MUST_CHECK learn_own_figure(
    struct call *call, const struct learn_page *page, struct view_learn_own *ret_own);

#endif

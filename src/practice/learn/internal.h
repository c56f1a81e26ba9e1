/* What learn.c asks of learn_sql.c: this part's only SQL. Texts live in the arena. */
#ifndef BALM_PRACTICE_LEARN_INTERNAL_H
#define BALM_PRACTICE_LEARN_INTERNAL_H

#include "practice/learn/learn.h"

struct learn_row {
    struct str slug;
    enum lang lang;
    struct learn_revision revision;
};

struct learn_rows {
    const struct learn_row *ptr;
    size_t len;
};

/* The newest revision of every page and language; of one page where slug is not empty. By slug and
 * language. */
struct result MUST_CHECK learn_sql_newest(struct tx *tx, struct practice_id practice,
    struct str slug, struct arena *arena, struct learn_rows *ret_rows);

/* The newest revision of a page and language; n is 0 where there is none. */
struct result MUST_CHECK learn_sql_current(struct tx *tx, struct practice_id practice,
    struct str slug, enum lang lang, struct arena *arena, struct learn_revision *ret_revision);

/* As revision n of the page and language; ERR_CONFLICT "duplicate" where there is one. */
struct result MUST_CHECK learn_sql_add(
    const struct learn_change *change, int64_t n, struct str text, bool hidden);

#endif

/* The revisions of a practice's pages in the database. */
#include "practice/learn/internal.h"

#include "base/check.h"
#include "base/limits.h"

#include "base/banned.h"

struct result learn_sql_newest(struct tx *tx, struct practice_id practice, struct str slug,
    struct arena *arena, struct learn_rows *ret_rows)
{
    enum { MOST = LIMIT_LEARN_PAGES * LANG_COUNT };
    struct rows rows;
    TRY(db_query(tx,
        SQL("SELECT slug, language, n, text, hidden, at_us, user_id FROM learn_page_revision r"
            " WHERE practice_id = $1 AND ($2 = '' OR slug = $2) AND n ="
            " (SELECT max(n) FROM learn_page_revision s WHERE s.practice_id = r.practice_id"
            " AND s.slug = r.slug AND s.language = r.language)"
            " ORDER BY slug, language LIMIT $3"),
        V(v_int(practice.v), v_text(slug), v_int(MOST)), &rows));
    struct learn_row *list = ARENA_ARRAY(arena, MOST, struct learn_row);
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < MOST) {
        struct learn_row *row = &list[count];
        row->slug = rows_text(&rows, 0, arena);
        struct str code = rows_text(&rows, 1, arena);
        if (!tmpl_lang_from_code(code, &row->lang)) {
            result = result_fail(ERR_CORRUPT, NULL, "learn_page_revision: unknown language");
            break;
        }
        struct str text = rows_text(&rows, 3, arena);
        row->revision = (struct learn_revision){rows_int(&rows, 2), text, !text.len,
            rows_int(&rows, 4) != 0, rows_int(&rows, 5), {rows_int(&rows, 6)}};
        count++;
    }
    rows_close(&rows);
    TRY(result);
    *ret_rows = (struct learn_rows){list, count};
    return RESULT_OK;
}

struct result learn_hidden(
    struct tx *tx, struct practice_id practice, struct arena *arena, struct str_list *ret_slugs)
{
    struct rows rows;
    TRY(db_query(tx,
        SQL("SELECT DISTINCT slug FROM learn_page_revision r WHERE practice_id = $1"
            " AND hidden = 1 AND n = (SELECT max(n) FROM learn_page_revision s"
            " WHERE s.practice_id = r.practice_id AND s.slug = r.slug"
            " AND s.language = r.language) LIMIT $2"),
        V(v_int(practice.v), v_int(LIMIT_LEARN_PAGES)), &rows));
    struct str *list = ARENA_ARRAY(arena, LIMIT_LEARN_PAGES, struct str);
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < LIMIT_LEARN_PAGES)
        list[count++] = rows_text(&rows, 0, arena);
    rows_close(&rows);
    TRY(result);
    *ret_slugs = (struct str_list){list, count};
    return RESULT_OK;
}

/* One revision; n is 0 where there is no row. */
static struct result read_one(struct rows *rows, struct arena *arena, struct learn_revision *ret)
{
    bool has = false;
    struct result result = rows_next(rows, &has);
    if (result_is_ok(result)) {
        *ret = (struct learn_revision){0};
        if (has) {
            struct str text = rows_text(rows, 1, arena);
            *ret = (struct learn_revision){rows_int(rows, 0), text, !text.len,
                rows_int(rows, 2) != 0, rows_int(rows, 3), {rows_int(rows, 4)}};
        }
    }
    rows_close(rows);
    return result;
}

struct result learn_sql_current(struct tx *tx, struct practice_id practice, struct str slug,
    enum lang lang, struct arena *arena, struct learn_revision *ret_revision)
{
    struct rows rows;
    TRY(db_query(tx,
        SQL("SELECT n, text, hidden, at_us, user_id FROM learn_page_revision"
            " WHERE practice_id = $1 AND slug = $2 AND language = $3 ORDER BY n DESC LIMIT 1"),
        V(v_int(practice.v), v_text(slug), v_text(tmpl_lang_code(lang))), &rows));
    return read_one(&rows, arena, ret_revision);
}

struct result learn_revision_get(struct tx *tx, struct practice_id practice, struct str slug,
    enum lang lang, int64_t n, struct arena *arena, struct learn_revision *ret_revision)
{
    struct rows rows;
    struct learn_revision revision;
    TRY(db_query(tx,
        SQL("SELECT n, text, hidden, at_us, user_id FROM learn_page_revision"
            " WHERE practice_id = $1 AND slug = $2 AND language = $3 AND n = $4"),
        V(v_int(practice.v), v_text(slug), v_text(tmpl_lang_code(lang)), v_int(n)), &rows));
    TRY(read_one(&rows, arena, &revision));
    if (!revision.n) return result_fail(ERR_NOT_FOUND, "no-such-page", NULL);
    *ret_revision = revision;
    return RESULT_OK;
}

struct result learn_history(struct tx *tx, struct practice_id practice, struct str slug,
    enum lang lang, struct arena *arena, struct learn_revisions *ret_revisions)
{
    struct rows rows;
    TRY(db_query(tx,
        SQL("SELECT n, CASE WHEN text = '' THEN 1 ELSE 0 END, hidden, at_us, user_id"
            " FROM learn_page_revision WHERE practice_id = $1 AND slug = $2 AND language = $3"
            " ORDER BY n DESC LIMIT $4"),
        V(v_int(practice.v), v_text(slug), v_text(tmpl_lang_code(lang)), v_int(LIMIT_LIST_ROWS)),
        &rows));
    struct learn_revision *list = ARENA_ARRAY(arena, LIMIT_LIST_ROWS, struct learn_revision);
    size_t count = 0;
    struct result result;
    bool has;
    while (result_is_ok(result = rows_next(&rows, &has)) && has && count < LIMIT_LIST_ROWS) {
        list[count++] = (struct learn_revision){rows_int(&rows, 0), {0}, rows_int(&rows, 1) != 0,
            rows_int(&rows, 2) != 0, rows_int(&rows, 3), {rows_int(&rows, 4)}};
    }
    rows_close(&rows);
    TRY(result);
    *ret_revisions = (struct learn_revisions){list, count};
    return RESULT_OK;
}

struct result learn_sql_add(
    const struct learn_change *change, int64_t n, struct str text, bool hidden)
{
    CHECK(n >= 1 && change->actor.user.v);
    return db_exec(change->tx,
        SQL("INSERT INTO learn_page_revision (practice_id, slug, language, n, text, hidden, at_us,"
            " user_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
        V(v_int(change->practice.v), v_text(change->slug), v_text(tmpl_lang_code(change->lang)),
            v_int(n), v_text(text), v_int(hidden), v_int(change->now), v_int(change->actor.user.v)),
        NULL);
}

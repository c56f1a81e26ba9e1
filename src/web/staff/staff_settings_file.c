/* The practice file: taken away, and brought back after a look at what it would change. */
#include "web/staff/staff_pages.h"

#include "base/check.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "http/forms.h"
#include "web/staff/staff_settings.h"
#include "web/views/staff_file.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

struct result staff_file_download(struct call *call)
{
    struct sb sb;
    struct jw jw;
    /* A row of hours for each day: longer than the file it came from, but never this long. */
    sb_init(&sb, call->arena, LIMIT_RESPONSE_BYTES);
    jw_init(&jw, &sb);
    setup_write(&jw, call->practice);
    sb_add_char(&sb, '\n');
    CHECK(sb_ok(&sb));
    http_resp_body(call->resp, 200, STR("application/json"), sb_str(&sb));
    http_resp_header(call->resp, STR("Content-Disposition"),
        arena_printf(
            call->arena, "attachment; filename=\"%.*s.json\"", STR_ARG(call->practice->slug)));
    return RESULT_OK;
}

static void file_page(struct call *call, int status, struct view_staff_file *view)
{
    staff_page_fill(call, VIEW_STAFF_SETTINGS, staff_say(call, msg_staff_file_title), &view->page);
    STAFF_PAGE(call, status, tmpl_staff_file, view);
}

struct result staff_file(struct call *call)
{
    struct view_staff_file view = {0};
    file_page(call, 200, &view);
    return RESULT_OK;
}

static void one_problem(struct call *call, struct view_staff_file *view, struct str text)
{
    struct view_line *line = ARENA_NEW(call->arena, struct view_line);
    line->text = text;
    view->problems = (struct view_lines){line, 1};
}

static void list_problems(
    struct call *call, const struct problems *problems, struct view_staff_file *view)
{
    size_t count = 0;
    for (const struct problem *p = problems->first; p; p = p->next)
        count++;
    struct view_line *lines = ARENA_ARRAY(call->arena, count, struct view_line);
    size_t i = 0;
    for (const struct problem *p = problems->first; p; p = p->next) {
        struct str words = staff_problem(call, p->code, p->arg);
        lines[i++].text =
            arena_printf(call->arena, "%.*s: %.*s", STR_ARG(p->field), STR_ARG(words));
    }
    view->problems = (struct view_lines){lines, count};
}

/* The file as a practice; false with the problems in the view. */
static struct result read_file(struct call *call, struct str text, struct view_staff_file *view,
    bool *ret_good, const struct practice **ret_file)
{
    struct problems problems;
    problems_init(&problems, call->arena);
    *ret_good = false;
    struct result parsed = setup_parse(text, call->arena, &problems, ret_file);
    if (parsed.code == ERR_SYNTAX) {
        struct tmpl *t = staff_text(call);
        msg_staff_file_syntax(t, str_from_cstr(parsed.detail));
        one_problem(call, view, staff_text_end(t));
        return RESULT_OK;
    }
    if (parsed.code == ERR_INVALID || parsed.code == ERR_LIMIT) {
        list_problems(call, &problems, view);
        if (!problems.count)
            one_problem(call, view, staff_problem(call, parsed.reason, (struct str){0}));
        return RESULT_OK;
    }
    TRY(parsed);
    if (!str_eq((*ret_file)->slug, call->practice->slug)) {
        struct tmpl *t = staff_text(call);
        msg_staff_file_other(t, (*ret_file)->slug, call->practice->slug);
        one_problem(call, view, staff_text_end(t));
        return RESULT_OK;
    }
    *ret_good = true;
    return RESULT_OK;
}

static struct view_lines change_lines(struct call *call, const struct setup_changes *changes)
{
    struct view_line *lines = ARENA_ARRAY(call->arena, changes->count, struct view_line);
    for (size_t i = 0; i < changes->count; i++)
        lines[i].text = staff_change_words(call, changes->lines[i]);
    return (struct view_lines){lines, changes->count};
}

/* Applies the file inside a savepoint; keeps it only where asked to. */
static struct result try_file(struct call *call, const struct practice *file, bool keep,
    struct view_staff_file *view, bool *ret_good)
{
    struct setup_changes changes;
    *ret_good = false;
    TRY(tx_savepoint(call->tx));
    struct result applied = staff_settings_apply(call, file, &changes);
    if (result_is_ok(applied) && keep) {
        *ret_good = true;
        return tx_savepoint_release(call->tx);
    }
    tx_savepoint_rollback(call->tx);
    call->calendar_changed = false;
    if (applied.code == ERR_CONFLICT) {
        one_problem(call, view, staff_problem(call, "host-taken", (struct str){0}));
        return RESULT_OK;
    }
    TRY(applied);
    view->changes = change_lines(call, &changes);
    *ret_good = true;
    return RESULT_OK;
}

static struct result refuse(struct call *call, struct view_staff_file *view)
{
    file_page(call, 422, view);
    return result_fail(ERR_INVALID, "invalid", NULL);
}

/* Shows what the file would change, with the button that applies it. */
static void ask(struct call *call, int status, struct str text, struct view_staff_file *view)
{
    view->asked = true;
    view->text = text;
    view->revision = call->practice->revision;
    file_page(call, status, view);
}

/* What would the file change? Nothing is kept of it. */
struct result staff_file_post(struct call *call)
{
    struct view_staff_file view = {0};
    struct form_parts parts;
    struct str text = {0};
    TRY(multipart_decode(
        http_header(call->req, STR("Content-Type")), call->req->body, call->arena, &parts));
    for (size_t i = 0; i < parts.len; i++) {
        if (str_eq(parts.ptr[i].name, STR("file"))) text = parts.ptr[i].body;
    }
    if (!text.len) {
        one_problem(call, &view, staff_say(call, msg_staff_file_none));
        return refuse(call, &view);
    }
    bool good;
    const struct practice *file;
    TRY(read_file(call, text, &view, &good, &file));
    if (good) TRY(try_file(call, file, false, &view, &good));
    if (!good) return refuse(call, &view);
    ask(call, 200, text, &view);
    return RESULT_OK;
}

struct result staff_file_apply_post(struct call *call)
{
    struct view_staff_file view = {0};
    bool good;
    const struct practice *file;
    struct str text = call_form(call, "text");
    int64_t seen;
    view.overtaken = !str_to_i64(call_form(call, "revision"), 0, INT64_MAX, &seen) ||
                     seen != call->practice->revision;
    TRY(read_file(call, text, &view, &good, &file));
    if (good) TRY(try_file(call, file, !view.overtaken, &view, &good));
    if (!good) return refuse(call, &view);
    if (view.overtaken) {
        ask(call, 409, text, &view);
        return result_fail(ERR_CONFLICT, "settings-changed", NULL);
    }
    staff_redirect(call, STR("/staff/settings"), "file");
    return RESULT_OK;
}

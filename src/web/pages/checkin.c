/* How are you? The page behind the link of a check-in letter, and the thanks after it. */
#include "web/pages/checkin.h"

#include "base/check.h"
#include "base/limits.h"
#include "call/my_session.h"
#include "practice/care/prompt.h"
#include "practice/outcomes/adverse.h"
#include "web/pages/checkin_form.h"
#include "web/pages/checkin_offline.h"
#include "web/pages/pages.h"
#include "web/static/assets.h"
#include "web/views/checkin.tmpl.h"
#include "web/views/checkin_ended.tmpl.h"
#include "web/views/checkin_thanks.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum { TOKEN_CHARS_MAX = 64, TITLE_MAX = 200, ENTRY_KEY_MIN = 16 };

/* ---- what these pages share ---- */

void checkin_frame(struct call *call, struct format *f, void (*title)(struct tmpl *),
    struct str self, struct view_page *ret_page)
{
    struct sb sb;
    page_begin(call, f, VIEW_PLACE_NONE, self, ret_page);
    sb_init(&sb, call->arena, TITLE_MAX);
    struct tmpl t = {.out = &sb, .lang = call->lang};
    title(&t);
    ret_page->title = sb_str(&sb);
    ret_page->css_url = asset_url(STR("checkin.css"));
    ret_page->js_url = (struct url){0};
}

struct result checkin_ended(struct call *call, struct result why)
{
    struct format f;
    struct view_checkin_ended view = {.my_url = URL("/my")};
    checkin_frame(call, &f, msg_care_title_ended, STR("/"), &view.page);
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_checkin_ended(&t, &view);
    TRY(page_send(call, 404, &sb));
    return why;
}

static struct result open_visit(struct call *call, bool even_ended, struct checkin_visit *ret_visit)
{
    struct checkin_visit visit = {.env = call_care(call)};
    struct str token = call_param(call, "token");
    struct result found = result_fail(ERR_NOT_FOUND, "unknown-link", NULL);
    if (token.len <= TOKEN_CHARS_MAX) {
        found = even_ended ? link_find_ended(&visit.env, token, &visit.link)
                           : link_find(&visit.env, token, &visit.link);
    }
    if (result_is_ok(found) && visit.link.purpose == LINK_SESSION)
        found = result_fail(ERR_NOT_FOUND, "unknown-link", NULL);
    if (found.code == ERR_NOT_FOUND) return checkin_ended(call, found);
    TRY(found);
    TRY(plan_find(&visit.env, visit.link.client, &visit.has_plan, &visit.plan));
    *ret_visit = visit;
    return RESULT_OK;
}

struct result checkin_open(struct call *call, struct checkin_visit *ret_visit)
{
    return open_visit(call, false, ret_visit);
}

struct result checkin_open_ended(struct call *call, struct checkin_visit *ret_visit)
{
    return open_visit(call, true, ret_visit);
}

struct str checkin_path(struct call *call, const char *base, const char *rest)
{
    struct sb sb;
    sb_init(&sb, call->arena, LIMIT_URL_BYTES);
    sb_add_cstr(&sb, base);
    url_add_encoded(&sb, call_param(call, "token"));
    sb_add_cstr(&sb, rest);
    CHECK(sb_ok(&sb));
    return sb_str(&sb);
}

struct str checkin_entry_key(struct call *call)
{
    struct str key = call_form(call, "entry");
    struct str bytes;
    bool good = key.len >= ENTRY_KEY_MIN && key.len <= LIMIT_ENTRY_KEY_CHARS &&
                crypto_base64url_decode(call->arena, key, &bytes);
    return good ? key : crypto_token(call->arena);
}

struct result checkin_invalid(void)
{
    return result_fail(ERR_INVALID, "invalid", NULL);
}

struct result checkin_record(struct care_env *env, const struct personal_link *link,
    const struct checkin_record *record, struct problems *problems, int64_t *ret_id, bool *ret_new,
    bool *ret_told)
{
    struct checkin_input input = {.client = link->client,
        .at = record->at,
        .kind = RELIEF_CHECK_IN,
        .spontaneous = true,
        .entry_key = record->entry_key,
        .values = record->values};
    if (link->purpose == LINK_CHECK_IN && link->subject) {
        struct prompt prompt;
        TRY(prompt_get(env, link->subject, &prompt));
        input.prompt = prompt.id;
        input.spontaneous = prompt.answered || record->at < prompt.due ||
                            record->at >= prompt.due + PROMPT_ANSWER_HOURS * US_PER_HOUR;
    }
    checkin_check(&input, env->now, problems);
    if (problems->count) return RESULT_OK;
    TRY(checkin_add(env, &input, ret_id, ret_new));
    if (*ret_new && !input.spontaneous) TRY(prompt_answer(env, input.prompt, input.at));
    return adverse_watch(env, link->client, ret_told);
}

/* ---- the question ---- */

/* "Thursday evening" */
static struct str part_of_day(struct call *call, const struct format *f)
{
    struct local_time local = tz_utc_to_local(call->practice->zone, call->now);
    struct str weekday = format_weekday(f, date_weekday(local.date));
    int hour = local.second / 3600;
    struct sb sb;
    sb_init(&sb, call->arena, TITLE_MAX);
    struct tmpl t = {.out = &sb, .lang = call->lang};
    if (hour < 5 || hour >= 22) {
        msg_care_night(&t, weekday);
    } else if (hour < 12) {
        msg_care_morning(&t, weekday);
    } else if (hour < 17) {
        msg_care_afternoon(&t, weekday);
    } else {
        msg_care_evening(&t, weekday);
    }
    return format_capital(f, sb_str(&sb));
}

static struct result send_form(struct call *call, const struct checkin_visit *visit, int status,
    struct str entry, const struct checkin_values *values, const struct problems *problems)
{
    struct format f;
    struct checkin_questions questions = checkin_questions_of(&visit->plan);
    struct view_checkin view = {0};
    checkin_frame(call, &f, msg_care_title, checkin_path(call, "/c/", ""), &view.page);
    view.when = part_of_day(call, &f);
    view.problems = problems && problems->count;
    view.form.action_url.s = checkin_path(call, "/c/", "");
    view.form.entry = entry;
    view.form.questions = checkin_form_view(call, &f, &questions, values, problems);
    checkin_offline_fill(call, &view.page, &view.form);
    if (visit->has_plan) view.rhythm_url.s = checkin_path(call, "/c/", "/rhythm");
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_checkin(&t, &view);
    return page_send(call, status, &sb);
}

struct result page_checkin(struct call *call)
{
    struct checkin_visit visit;
    TRY(checkin_open(call, &visit));
    return send_form(call, &visit, 200, crypto_token(call->arena), NULL, NULL);
}

struct result page_checkin_post(struct call *call)
{
    struct checkin_visit visit;
    TRY(checkin_open(call, &visit));
    struct checkin_questions questions = checkin_questions_of(&visit.plan);
    struct checkin_record record = {.at = call->now, .entry_key = checkin_entry_key(call)};
    struct problems problems;
    int64_t id = 0;
    bool is_new;
    bool told = false;
    problems_init(&problems, call->arena);
    checkin_form_read(call, &questions, &record.values, &problems);
    bool unread = problems.count > 0;
    struct result done = RESULT_OK;
    if (!unread)
        done = checkin_record(&visit.env, &visit.link, &record, &problems, &id, &is_new, &told);
    if (done.code == ERR_LIMIT) {
        problems_add(&problems, STR("pain"), "too-many-check-ins", (struct str){0});
        TRY(send_form(call, &visit, 429, record.entry_key, &record.values, &problems));
        return done;
    }
    TRY(done);
    if (problems.count) {
        TRY(send_form(call, &visit, 422, record.entry_key, &record.values, &problems));
        return checkin_invalid();
    }
    struct str path = checkin_path(call, "/c/", "/thanks");
    http_resp_redirect(call->resp, arena_printf(call->arena, "%.*s?e=%lld%s", STR_ARG(path),
                                       (long long)id, told ? "&told=1" : ""));
    return RESULT_OK;
}

/* ---- thanks ---- */

/* Told just now, and not only said so by the address. */
static struct result was_told(struct call *call, struct checkin_visit *visit, bool *ret_told)
{
    struct adverse_list list;
    TRY(adverse_of_client(&visit->env, visit->link.client, &list));
    *ret_told = call_query(call, "told").len && list.len &&
                list.ptr[0].noticed > call->now - ADVERSE_WATCH_DAYS * US_PER_DAY;
    return RESULT_OK;
}

struct result page_checkin_thanks(struct call *call)
{
    struct checkin_visit visit;
    struct format f;
    struct view_checkin_thanks view = {0};
    struct checkin checkin;
    int64_t id;
    TRY(checkin_open(call, &visit));
    checkin_frame(call, &f, msg_care_title_thanks, STR("/"), &view.page);
    if (str_to_i64(call_query(call, "e"), 1, INT64_MAX, &id)) {
        struct result found = checkin_find(&visit.env, visit.link.client, id, &checkin);
        bool fresh =
            result_is_ok(found) && checkin.received > call->now - CHECKIN_CHANGE_DAYS * US_PER_DAY;
        if (found.code != ERR_NOT_FOUND) TRY(found);
        if (fresh) {
            view.is_mistake = checkin.is_mistake;
            view.when = format_capital(
                &f, format_when(&f, tz_utc_to_local(call->practice->zone, checkin.at)));
            view.said = checkin_said(&f, &visit.plan, &checkin.values);
            view.change_url.s = arena_printf(call->arena, "%.*s/%lld",
                STR_ARG(checkin_path(call, "/c/", "/entries")), (long long)id);
        }
    }
    TRY(was_told(call, &visit, &view.told));
    view.page_url.s = checkin_path(call, "/c/", "/page");
    view.again_url.s = checkin_path(call, "/c/", "");
    if (visit.has_plan) view.rhythm_url.s = checkin_path(call, "/c/", "/rhythm");
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_checkin_thanks(&t, &view);
    return page_send(call, 200, &sb);
}

struct result page_checkin_page(struct call *call)
{
    struct checkin_visit visit;
    TRY(checkin_open(call, &visit));
    my_session_begin(call, &visit.link);
    http_resp_redirect(call->resp, STR("/my"));
    return RESULT_OK;
}

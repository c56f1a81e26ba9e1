#include "web/pages/checkin_offline.h"

#include "base/check.h"
#include "base/envelope.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "base/log.h"
#include "web/pages/checkin.h"
#include "web/pages/checkin_form.h"
#include "web/pages/pages.h"
#include "web/static/assets.h"
#include "web/views/checkin_shell.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum { TOKEN_CHARS_MAX = 64, VALUE_CHARS_MAX = 5, ANSWER_MAX = 4096 };

#define PURPOSE STR("check-in 1") /* changed when the format changes: pages seal with it */

/* ---- reading ---- */

static bool read_values(const struct json *object, struct checkin_values *values)
{
    if (object->count > CHECKIN_VALUES_MAX) return false;
    for (size_t i = 0; i < object->count; i++) {
        const struct json *item = &object->items[i];
        enum measure measure;
        int32_t value;
        if (item->kind != JSON_STRING || item->string.len > VALUE_CHARS_MAX) return false;
        if (!measure_by_key(item->key, &measure)) return false;
        if (measure > MEASURE_ACTIVITY_5) return false; /* what only staff measure */
        if (!checkin_parse(measure, item->string, &value)) return false;
        if (value != MEASURE_NONE) checkin_set(values, measure, value);
    }
    return true;
}

bool offline_entry_read(struct arena *arena, struct str text, struct offline_entry *ret_entry)
{
    const struct json *root;
    struct json_object object;
    struct problems problems;
    struct offline_entry entry = {0};
    if (text.len > LIMIT_ENVELOPE_BYTES) return false;
    if (!result_is_ok(json_parse(arena, text, &root))) return false;
    problems_init(&problems, arena);
    if (!json_enter(root, (struct str){0}, &problems, &object)) return false;
    entry.token = json_get_str(&object, "token", JSON_REQUIRED, TOKEN_CHARS_MAX);
    entry.entry_key = json_get_str(&object, "entry", JSON_REQUIRED, LIMIT_ENTRY_KEY_CHARS);
    struct str at = json_get_str(&object, "at", JSON_REQUIRED, 40);
    const struct json *values = json_get_object(&object, "values", JSON_REQUIRED);
    json_leave(&object);
    if (problems.count || !rfc3339_parse(at, &entry.at)) return false;
    if (!read_values(values, &entry.values)) return false;
    *ret_entry = entry;
    return true;
}

/* ---- what was kept arrives ---- */

/* Settled, and may be forgotten: "noted", or "refused" for good. Anything else is kept: "later". */
static const char *settle(struct call *call, struct str sealed)
{
    struct care_env env = call_care(call);
    struct offline_entry entry;
    struct personal_link link;
    struct problems problems;
    struct str envelope;
    struct str text;
    int64_t id;
    bool is_new;
    bool told;
    if (sealed.len > 2 * LIMIT_ENVELOPE_BYTES) return "refused";
    if (!crypto_base64url_decode(call->arena, sealed, &envelope)) return "refused";
    struct result result = envelope_open(call->arena, env.key, PURPOSE, envelope, &text);
    if (!result_is_ok(result)) return result.code == ERR_INVALID ? "refused" : "later";
    if (!offline_entry_read(call->arena, text, &entry)) return "refused";
    result = link_find(&env, entry.token, &link);
    if (result.code == ERR_NOT_FOUND) return "refused";
    if (!result_is_ok(result)) return "later";
    if (link.purpose == LINK_SESSION) return "refused";
    struct checkin_record record = {
        .at = entry.at > call->now ? call->now : entry.at, /* the phone's clock is ahead */
        .entry_key = entry.entry_key,
        .values = entry.values,
    };
    problems_init(&problems, call->arena);
    result = checkin_record(&env, &link, &record, &problems, &id, &is_new, &told);
    if (result_is_ok(result)) return problems.count ? "refused" : "noted";
    if (result.code != ERR_LIMIT) log_result(LOG_ERROR, "sealed-entry", result);
    return "later";
}

struct result page_checkin_sealed(struct call *call)
{
    const struct json *root;
    struct json_object object;
    struct problems problems;
    problems_init(&problems, call->arena);
    TRY(json_parse(call->arena, call->req->body, &root));
    if (!json_enter(root, (struct str){0}, &problems, &object)) return checkin_invalid();
    const struct json *list = json_get_array(&object, "envelopes", JSON_REQUIRED, LIMIT_ENVELOPES);
    json_leave(&object);
    if (problems.count) return checkin_invalid();
    struct sb sb;
    struct jw jw;
    sb_init(&sb, call->arena, ANSWER_MAX);
    jw_init(&jw, &sb);
    jw_object(&jw);
    jw_key(&jw, STR("entries"));
    jw_array(&jw);
    for (size_t i = 0; i < list->count; i++) {
        const struct json *item = &list->items[i];
        const char *answer = "refused";
        TRY(tx_savepoint(call->tx));
        if (item->kind == JSON_STRING) answer = settle(call, item->string);
        if (strcmp(answer, "noted") == 0) {
            TRY(tx_savepoint_release(call->tx));
        } else {
            tx_savepoint_rollback(call->tx);
        }
        jw_str(&jw, str_from_cstr(answer));
    }
    jw_array_end(&jw);
    jw_object_end(&jw);
    http_resp_body(call->resp, 200, STR("application/json"), sb_str(&sb));
    return RESULT_OK;
}

/* ---- what the browser keeps: a page without anybody's data, a worker, a public key ---- */

static struct str public_key(struct call *call)
{
    struct str key;
    struct result result = envelope_public_key(call->arena, call->site->key, PURPOSE, &key);
    if (result_is_ok(result)) return crypto_base64url(call->arena, key);
    log_result(LOG_ERROR, "envelope-key", result);
    return (struct str){0}; /* nothing can be kept offline then */
}

void checkin_offline_fill(struct call *call, struct view_page *page, struct view_checkin_form *form)
{
    page->js_url = asset_url(STR("checkin.js"));
    form->server_key = public_key(call);
    form->sealed_url = URL("/c/sealed");
    form->worker_url = URL("/c/worker.js");
}

struct result page_checkin_key(struct call *call)
{
    struct str key = public_key(call);
    if (!key.len) return result_fail(ERR_BUSY, "libcrypto", NULL);
    http_resp_body(call->resp, 200, STR("application/json"),
        arena_printf(call->arena, "{\"key\":\"%.*s\"}", STR_ARG(key)));
    return RESULT_OK;
}

struct result page_checkin_shell(struct call *call)
{
    struct format f;
    struct view_checkin_shell view = {0};
    struct checkin_questions questions = checkin_questions_pain();
    checkin_frame(call, &f, msg_care_title_offline, STR("/"), &view.page);
    view.form.action_url = URL("/c/sealed");
    view.form.questions = checkin_form_view(call, &f, &questions, NULL, NULL);
    checkin_offline_fill(call, &view.page, &view.form);
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_checkin_shell(&t, &view);
    return page_send(call, 200, &sb);
}

struct result page_checkin_worker(struct call *call)
{
    const struct http_asset *asset = asset_find(asset_url(STR("checkin-worker.js")).s);
    CHECK(asset);
    http_resp_body(call->resp, 200, asset->type, asset->plain);
    return RESULT_OK;
}

/* The check-ins as CSV, and the downloads of what is known of a client. */
#include "interop/person_export.h"

#include "auth/audit.h"
#include "base/check.h"
#include "base/limits.h"
#include "call/my_session.h"
#include "practice/outcomes/history.h"

#include "base/banned.h"

/* ---- CSV ---- */

void person_export_cell(struct sb *sb, struct str text)
{
    bool formula = text.len && strchr("=+-@\t\r", text.ptr[0]) != NULL;
    bool quoted = formula;
    for (size_t i = 0; i < text.len && !quoted; i++)
        quoted = strchr(",;\"\r\n", text.ptr[i]) != NULL;
    if (!quoted) {
        sb_add(sb, text);
        return;
    }
    sb_add_char(sb, '"');
    if (formula) sb_add_char(sb, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"') sb_add_char(sb, '"');
        sb_add_char(sb, text.ptr[i]);
    }
    sb_add_char(sb, '"');
}

static const enum measure columns[] = {MEASURE_PAIN, MEASURE_TENSION, MEASURE_STRESS,
    MEASURE_SLEEP_HOURS, MEASURE_SLEEP_QUALITY, MEASURE_NUMBNESS, MEASURE_ACTIVITY_1,
    MEASURE_ACTIVITY_2, MEASURE_ACTIVITY_3, MEASURE_ACTIVITY_4, MEASURE_ACTIVITY_5};

/* The key of a measure; an activity has the client's own name for it behind a colon. */
static void add_heads(struct sb *sb, const struct care_plan *plan)
{
    SB_LIT(sb, "at,received_at,kind,unasked,taken_back,corrections");
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        struct str key = measure_info(columns[i])->key;
        size_t activity = (size_t)(columns[i] - MEASURE_ACTIVITY_1);
        sb_add_char(sb, ',');
        if (columns[i] >= MEASURE_ACTIVITY_1 && activity < plan->activity_count) {
            person_export_cell(sb, arena_printf(sb->arena, "%.*s: %.*s", STR_ARG(key),
                                       STR_ARG(plan->activities[activity])));
        } else {
            sb_add(sb, key);
        }
    }
    SB_LIT(sb, ",first_pain\r\n");
}

static void add_instant(struct sb *sb, const struct tz *zone, utc_us at)
{
    rfc3339_write(sb, at, tz_offset_at(zone, at).seconds);
}

static void add_value(struct sb *sb, const struct checkin_values *values, enum measure measure)
{
    int32_t value = checkin_value(values, measure);
    sb_add_char(sb, ',');
    if (value == MEASURE_NONE) return;
    sb_addf(sb, "%d", value / 100);
    if (value % 100) sb_addf(sb, ".%02d", value % 100);
}

static void add_row(struct sb *sb, const struct tz *zone, const struct checkin *c)
{
    static const char *const kinds[] = {
        [RELIEF_CHECK_IN] = "check-in", [RELIEF_BEFORE] = "before", [RELIEF_AFTER] = "after"};
    CHECK(c->kind < COUNT_OF(kinds));
    add_instant(sb, zone, c->at);
    sb_add_char(sb, ',');
    add_instant(sb, zone, c->received);
    sb_addf(sb, ",%s,%d,%d,%d", kinds[c->kind], c->spontaneous, c->is_mistake, c->corrections);
    /* An entry that was taken back keeps what was said, beside the mark that it does not count. */
    const struct checkin_values *values = c->is_mistake ? &c->first : &c->values;
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        add_value(sb, values, columns[i]);
    if (c->corrections) {
        add_value(sb, &c->first, MEASURE_PAIN);
    } else {
        sb_add_char(sb, ',');
    }
    SB_LIT(sb, "\r\n");
}

struct result person_export_csv(struct care_env *env, struct client_id client, struct str *ret_text)
{
    struct sb sb;
    struct history history;
    sb_init(&sb, env->arena, LIMIT_RESPONSE_BYTES);
    TRY(history_load(env, client, &history));
    add_heads(&sb, &history.plan);
    for (size_t i = 0; i < history.checkins.len; i++)
        add_row(&sb, env->practice->zone, &history.checkins.ptr[i]);
    if (!sb_ok(&sb)) return result_fail(ERR_LIMIT, "too-much", "export");
    *ret_text = sb_str(&sb);
    return RESULT_OK;
}

/* ---- downloads ---- */

/* The file's name says the day, never the person: it lies among downloads for everyone to see. */
static struct result send(struct call *call, struct client_id client, bool csv)
{
    struct care_env env = call_care(call);
    struct str text;
    struct sb name;
    TRY(csv ? person_export_csv(&env, client, &text) : person_export_json(&env, client, &text));
    TRY(audit_add(call->tx, call->practice->id, call->now, call->actor, STR("client.exported"),
        STR("client"), client.v, csv ? STR("{\"as\":\"csv\"}") : STR("{\"as\":\"json\"}")));
    sb_init(&name, call->arena, 100);
    SB_LIT(&name, "attachment; filename=\"");
    sb_add(&name, csv ? STR("check-ins-") : STR("my-data-"));
    date_write(&name, tz_utc_to_local(call->practice->zone, call->now).date);
    sb_add(&name, csv ? STR(".csv\"") : STR(".json\""));
    CHECK(sb_ok(&name));
    http_resp_header(call->resp, STR("Content-Disposition"), sb_str(&name));
    http_resp_body(
        call->resp, 200, csv ? STR("text/csv; charset=utf-8") : STR("application/json"), text);
    return RESULT_OK;
}

static struct result send_own(struct call *call, bool csv)
{
    struct personal_link link;
    struct result found = my_session_find(call, &link);
    if (result_is_ok(found)) return send(call, link.client, csv);
    if (found.code != ERR_DENIED) return found;
    http_resp_redirect(call->resp, STR("/my"));
    return RESULT_OK;
}

struct result my_data_json_post(struct call *call)
{
    return send_own(call, false);
}

struct result my_data_csv_post(struct call *call)
{
    return send_own(call, true);
}

/* A record that was deleted, or is part of another, has nothing to give. */
static struct result send_of(struct call *call, bool csv)
{
    struct client client;
    int64_t id;
    if (!str_to_i64(call_param(call, "id"), 1, INT64_MAX, &id))
        return result_fail(ERR_NOT_FOUND, "unknown-client", NULL);
    TRY(client_get(call->tx, call->practice->id, (struct client_id){id}, call->arena, &client));
    if (client.merged_into.v || client.erased)
        return result_fail(ERR_NOT_FOUND, "unknown-client", NULL);
    return send(call, client.id, csv);
}

struct result staff_data_json_post(struct call *call)
{
    return send_of(call, false);
}

struct result staff_data_csv_post(struct call *call)
{
    return send_of(call, true);
}

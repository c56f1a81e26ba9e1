#include "practice/outcomes/checkin.h"

#include "base/check.h"
#include "base/limits.h"
#include "practice/outcomes/checkin_sql.h"

#include "base/banned.h"

enum { PACK_FORMAT = 1, PACK_VALUE_BYTES = 5 };

int32_t checkin_value(const struct checkin_values *values, enum measure measure)
{
    for (size_t i = 0; i < values->count; i++) {
        if (values->list[i].measure == measure) return values->list[i].value;
    }
    return MEASURE_NONE;
}

void checkin_set(struct checkin_values *values, enum measure measure, int32_t value)
{
    for (size_t i = 0; i < values->count; i++) {
        if (values->list[i].measure != measure) continue;
        values->list[i].value = value;
        return;
    }
    CHECK(values->count < CHECKIN_VALUES_MAX);
    values->list[values->count++] = (struct checkin_value){measure, value};
}

/* format, count, then for each the measure's number and the value, least byte first */
struct str checkin_pack(struct arena *arena, const struct checkin_values *values)
{
    size_t size = 2 + values->count * PACK_VALUE_BYTES;
    char *bytes = arena_alloc(arena, size, 1);
    bytes[0] = PACK_FORMAT;
    bytes[1] = (char)values->count;
    for (size_t i = 0; i < values->count; i++) {
        char *at = bytes + 2 + i * PACK_VALUE_BYTES;
        uint32_t v = (uint32_t)values->list[i].value;
        at[0] = (char)values->list[i].measure;
        for (int b = 0; b < 4; b++)
            at[1 + b] = (char)(v >> 8 * b & 0xFF);
    }
    return (struct str){bytes, size};
}

bool checkin_unpack(struct str bytes, struct checkin_values *ret_values)
{
    const unsigned char *p = (const unsigned char *)bytes.ptr;
    if (bytes.len < 2 || p[0] != PACK_FORMAT || p[1] > CHECKIN_VALUES_MAX) return false;
    if (bytes.len != 2 + (size_t)p[1] * PACK_VALUE_BYTES) return false;
    struct checkin_values values = {.count = p[1]};
    for (size_t i = 0; i < values.count; i++) {
        const unsigned char *at = p + 2 + i * PACK_VALUE_BYTES;
        uint32_t v = 0;
        for (int b = 3; b >= 0; b--)
            v = v << 8 | at[1 + b];
        values.list[i] = (struct checkin_value){(enum measure)at[0], (int32_t)v};
        if (!measure_value_is_valid(values.list[i].measure, values.list[i].value)) return false;
    }
    *ret_values = values;
    return true;
}

static bool is_entry_key(struct str key)
{
    if (key.len < 16 || key.len > LIMIT_ENTRY_KEY_CHARS) return false;
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
        if (!ok) return false;
    }
    return true;
}

void checkin_check(const struct checkin_input *input, utc_us now, struct problems *problems)
{
    if (!is_entry_key(input->entry_key))
        problems_add(problems, STR("entry"), "required", (struct str){0});
    if (checkin_value(&input->values, MEASURE_PAIN) == MEASURE_NONE)
        problems_add(problems, STR("pain"), "required", (struct str){0});
    for (size_t i = 0; i < input->values.count; i++) {
        const struct checkin_value *v = &input->values.list[i];
        const struct measure_info *info = measure_info(v->measure);
        if (!info || measure_value_is_valid(v->measure, v->value)) continue;
        problems_add(problems, info->key, "out-of-range",
            arena_printf(problems->arena, "%d-%d", info->min / 100, info->max / 100));
    }
    if (input->at > now + 5 * US_PER_MINUTE ||
        input->at < now - LIMIT_CHECKIN_DELAY_DAYS * US_PER_DAY)
        problems_add(problems, STR("at"), "bad-time", (struct str){0});
}

struct result checkin_add(
    struct care_env *env, const struct checkin_input *input, int64_t *ret_id, bool *ret_new)
{
    CHECK(input->kind != RELIEF_SESSION && input->values.count > 0);
    bool has;
    struct checkin known;
    TRY(checkin_find_by_key(env, input->client, input->entry_key, &has, &known));
    if (has) {
        *ret_id = known.id;
        *ret_new = false;
        return RESULT_OK;
    }
    int64_t today;
    int64_t all;
    TRY(checkin_sql_count(env, input->client, env->now - US_PER_DAY, &today, &all));
    if (today >= LIMIT_CHECKINS_PER_DAY_CLIENT || all >= LIMIT_CHECKINS_CLIENT)
        return result_fail(ERR_LIMIT, "too-many-check-ins", NULL);
    TRY(checkin_sql_insert(env, input, checkin_pack(env->arena, &input->values), ret_id));
    *ret_new = true;
    return RESULT_OK;
}

struct result checkin_correct(
    struct care_env *env, const struct checkin *checkin, const struct checkin_values *values)
{
    struct str bytes = {0};
    if (values->count) bytes = checkin_pack(env->arena, values);
    return checkin_sql_correct(env, checkin, bytes);
}

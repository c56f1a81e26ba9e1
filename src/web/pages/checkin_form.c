#include "web/pages/checkin_form.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/charts/measure_words.h"
#include "web/words.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum { SENTENCE_MAX = 1024, HOURS_STEP = 50, VALUE_CHARS_MAX = 5 };

typedef void (*sentence)(struct tmpl *t);

/* ---- which questions ---- */

static void ask(struct checkin_questions *q, enum measure measure)
{
    for (size_t i = 0; i < q->count; i++) {
        if (q->list[i] == measure) return;
    }
    if (q->count < CHECKIN_QUESTIONS_MAX) q->list[q->count++] = measure;
}

struct checkin_questions checkin_questions_of(const struct care_plan *plan)
{
    static const enum measure order[] = {MEASURE_PAIN, MEASURE_TENSION, MEASURE_STRESS,
        MEASURE_NUMBNESS, MEASURE_SLEEP_HOURS, MEASURE_SLEEP_QUALITY, MEASURE_ACTIVITY_1,
        MEASURE_ACTIVITY_2, MEASURE_ACTIVITY_3, MEASURE_ACTIVITY_4, MEASURE_ACTIVITY_5};
    struct checkin_questions q = {.plan = plan};
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        if (plan_asks(plan, order[i])) ask(&q, order[i]);
    }
    return q;
}

struct checkin_questions checkin_questions_session(const struct care_plan *plan)
{
    struct checkin_questions q = {.plan = plan};
    ask(&q, MEASURE_PAIN);
    if (plan_asks(plan, MEASURE_TENSION)) ask(&q, MEASURE_TENSION);
    if (plan_asks(plan, MEASURE_STRESS)) ask(&q, MEASURE_STRESS);
    return q;
}

struct checkin_questions checkin_questions_pain(void)
{
    struct checkin_questions q = {0};
    ask(&q, MEASURE_PAIN);
    return q;
}

void checkin_questions_add(struct checkin_questions *questions, const struct checkin_values *values)
{
    for (size_t i = 0; i < values->count; i++)
        ask(questions, values->list[i].measure);
}

/* ---- reading ---- */

bool checkin_parse(enum measure measure, struct str text, int32_t *ret_value)
{
    struct str rest = text;
    struct str whole;
    int64_t units = 0;
    int64_t hundredths = 0;
    if (!text.len) {
        *ret_value = MEASURE_NONE;
        return true;
    }
    if (text.len > VALUE_CHARS_MAX || !str_cut(&rest, '.', &whole)) return false;
    if (!str_to_i64(whole, 0, 999, &units)) return false;
    bool has_point = whole.len < text.len;
    if (has_point && (rest.len < 1 || rest.len > 2 || !str_to_i64(rest, 0, 99, &hundredths)))
        return false;
    if (rest.len == 1) hundredths *= 10;
    int32_t value = (int32_t)(units * 100 + hundredths);
    if (!measure_value_is_valid(measure, value)) return false;
    *ret_value = value;
    return true;
}

void checkin_form_read(struct call *call, const struct checkin_questions *questions,
    struct checkin_values *ret_values, struct problems *problems)
{
    struct checkin_values values = {0};
    for (size_t i = 0; i < questions->count; i++) {
        const struct measure_info *info = measure_info(questions->list[i]);
        int32_t value;
        CHECK(info);
        if (!checkin_parse(info->measure, call_form(call, info->key.ptr), &value)) {
            problems_add(problems, info->key, "out-of-range",
                arena_printf(call->arena, "%d-%d", info->min / 100, info->max / 100));
        } else if (value != MEASURE_NONE) {
            checkin_set(&values, info->measure, value);
        }
    }
    *ret_values = values;
}

/* ---- words ---- */

static struct str say(const struct format *f, sentence write)
{
    struct sb sb;
    sb_init(&sb, f->arena, SENTENCE_MAX);
    struct tmpl t = {.out = &sb, .lang = f->lang};
    write(&t);
    return sb_str(&sb);
}

static struct str activity(const struct care_plan *plan, enum measure measure)
{
    size_t index = (size_t)(measure - MEASURE_ACTIVITY_1);
    bool is_activity = measure >= MEASURE_ACTIVITY_1 && measure <= MEASURE_ACTIVITY_5;
    if (!plan || !is_activity || index >= plan->activity_count) return (struct str){0};
    return plan->activities[index];
}

static struct str activity_label(
    const struct format *f, const struct care_plan *plan, enum measure measure)
{
    struct str name = activity(plan, measure);
    struct sb sb;
    sb_init(&sb, f->arena, SENTENCE_MAX);
    struct tmpl t = {.out = &sb, .lang = f->lang};
    msg_care_ask_activity(&t, name.len ? name : measure_name(f, measure));
    return sb_str(&sb);
}

static void put_words(const struct format *f, const struct care_plan *plan, enum measure measure,
    struct view_question *q)
{
    static const struct {
        enum measure measure;
        sentence ask, low, high;
    } words[] = {
        {MEASURE_PAIN, msg_care_ask_pain, msg_care_no_pain, msg_care_worst},
        {MEASURE_TENSION, msg_care_ask_tension, msg_care_not_at_all, msg_care_extremely},
        {MEASURE_STRESS, msg_care_ask_stress, msg_care_not_at_all, msg_care_extremely},
        {MEASURE_NUMBNESS, msg_care_ask_numbness, msg_care_none, msg_care_worst},
        {MEASURE_SLEEP_QUALITY, msg_care_ask_sleep_quality, msg_care_very_badly,
            msg_care_very_well},
    };
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (words[i].measure != measure) continue;
        q->label = say(f, words[i].ask);
        q->low = say(f, words[i].low);
        q->high = say(f, words[i].high);
        return;
    }
    if (measure == MEASURE_SLEEP_HOURS) {
        q->label = say(f, msg_care_ask_sleep_hours);
        return;
    }
    q->label = activity_label(f, plan, measure);
    q->low = say(f, msg_care_unable);
    q->high = say(f, msg_care_able);
}

/* ---- the view ---- */

static struct str sent_as(struct arena *arena, int32_t value)
{
    if (value % 100 == 0) return arena_printf(arena, "%d", value / 100);
    return arena_printf(arena, "%d.%02d", value / 100, value % 100);
}

static struct view_choices scale(const struct format *f, const struct view_question *q,
    const struct measure_info *info, int32_t chosen)
{
    size_t count = (size_t)((info->max - info->min) / info->step) + 1;
    struct view_choice *list = ARENA_ARRAY(f->arena, count, struct view_choice);
    for (size_t i = 0; i < count; i++) {
        int32_t value = info->min + (int32_t)i * info->step;
        list[i] = (struct view_choice){.value = sent_as(f->arena, value),
            .label = measure_number(f, value),
            .chosen = value == chosen};
    }
    list[0].end = q->low;
    list[count - 1].end = q->high;
    return (struct view_choices){list, count};
}

/* Half hours, and whatever finer value an entry holds already. */
static struct view_choices hours(
    const struct format *f, const struct measure_info *info, int32_t chosen)
{
    size_t most = (size_t)((info->max - info->min) / HOURS_STEP) + 3;
    struct view_choice *list = ARENA_ARRAY(f->arena, most, struct view_choice);
    size_t n = 0;
    list[n++] = (struct view_choice){.label = say(f, msg_care_not_said)};
    for (int32_t value = info->min; value <= info->max; value += HOURS_STEP) {
        int32_t between = value - HOURS_STEP / 2;
        if (chosen == between) {
            list[n++] = (struct view_choice){.value = sent_as(f->arena, between),
                .label = measure_value(f, info->measure, between),
                .chosen = true};
        }
        list[n++] = (struct view_choice){.value = sent_as(f->arena, value),
            .label = measure_value(f, info->measure, value),
            .chosen = value == chosen};
    }
    return (struct view_choices){list, n};
}

static struct str problem_of(struct call *call, const struct format *f,
    const struct problems *problems, const struct measure_info *info)
{
    for (const struct problem *p = problems ? problems->first : NULL; p; p = p->next) {
        if (!str_eq(p->field, info->key)) continue;
        bool missing = info->measure == MEASURE_PAIN && strcmp(p->code, "required") == 0;
        return missing ? say(f, msg_care_pain_missing) : words_problem(call, p);
    }
    return (struct str){0};
}

struct view_questions checkin_form_view(struct call *call, const struct format *f,
    const struct checkin_questions *questions, const struct checkin_values *values,
    const struct problems *problems)
{
    struct view_question *list = ARENA_ARRAY(f->arena, questions->count, struct view_question);
    for (size_t i = 0; i < questions->count; i++) {
        const struct measure_info *info = measure_info(questions->list[i]);
        CHECK(info);
        int32_t chosen = values ? checkin_value(values, info->measure) : MEASURE_NONE;
        struct view_question *q = &list[i];
        *q = (struct view_question){.name = info->key, .first = i == 0};
        put_words(f, questions->plan, info->measure, q);
        q->problem = problem_of(call, f, problems, info);
        q->choices = q->low.len ? scale(f, q, info, chosen) : hours(f, info, chosen);
    }
    return (struct view_questions){list, questions->count};
}

struct view_said_list checkin_said(
    const struct format *f, const struct care_plan *plan, const struct checkin_values *values)
{
    struct view_said *list = ARENA_ARRAY(f->arena, values->count, struct view_said);
    for (size_t i = 0; i < values->count; i++) {
        enum measure measure = values->list[i].measure;
        struct str own = activity(plan, measure);
        list[i] = (struct view_said){
            .name = own.len ? own : measure_name(f, measure),
            .value = measure_value(f, measure, values->list[i].value),
        };
    }
    return (struct view_said_list){list, values->count};
}

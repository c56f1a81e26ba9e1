/* Forms: fields that keep what was typed and say what is wrong beside it. */
#include "web/staff/staff_kit.h"

#include "base/check.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

void staff_form_init(struct staff_form *form, struct call *call, bool posted)
{
    memset(form, 0, sizeof *form);
    form->call = call;
    form->posted = posted;
    form->prefix = "";
    problems_init(&form->problems, call->arena);
}

struct str staff_field_problem(const struct staff_form *form, struct str field)
{
    for (const struct problem *p = form->problems.first; p; p = p->next) {
        if (str_eq(p->field, field)) return staff_problem(form->call, p->code, p->arg);
    }
    return (struct str){0};
}

struct view_input *staff_input(struct staff_form *form, enum view_input_kind kind, const char *name,
    staff_sentence label, staff_sentence hint, struct str value)
{
    CHECK(form->len < STAFF_INPUTS_MAX);
    struct call *call = form->call;
    struct view_input *input = &form->inputs[form->len++];
    *input = (struct view_input){
        .kind = kind,
        .id = arena_printf(call->arena, "%s%s", form->prefix, name),
        .name = str_from_cstr(name),
        .label = staff_say(call, label),
        .hint = hint ? staff_say(call, hint) : (struct str){0},
        .value = form->posted ? call_form(call, name) : value,
        .error = staff_field_problem(form, str_from_cstr(name)),
    };
    return input;
}

struct view_input *staff_number(
    struct staff_form *form, const char *name, staff_sentence label, staff_sentence hint, int value)
{
    return staff_input(
        form, VIEW_INPUT_NUMBER, name, label, hint, arena_printf(form->call->arena, "%d", value));
}

struct view_input *staff_select(struct staff_form *form, const char *name, staff_sentence label,
    staff_sentence hint, struct view_option *options, size_t count, struct str value)
{
    struct view_input *input = staff_input(form, VIEW_INPUT_SELECT, name, label, hint, value);
    for (size_t i = 0; i < count; i++)
        options[i].selected = str_eq(options[i].value, input->value);
    input->options = (struct view_options){options, count};
    return input;
}

void staff_hidden(struct staff_form *form, const char *name, struct str value)
{
    CHECK(form->hidden_len < STAFF_HIDDEN_MAX);
    form->hidden[form->hidden_len++] = (struct view_hidden){str_from_cstr(name), value};
}

void staff_anyway(struct staff_form *form)
{
    staff_input(form, VIEW_INPUT_CHECK, "anyway", msg_staff_label_anyway, NULL, (struct str){0})
        ->checked = false;
    staff_hidden(form, "warned", STR("1"));
}

void staff_anyway_missed(struct staff_form *form)
{
    if (call_form(form->call, "warned").len)
        problems_add(&form->problems, STR("anyway"), "anyway-needed", (struct str){0});
}

/* The form's own problem: what was said of it, or that fields below want mending. */
void staff_form_done(
    struct staff_form *form, struct url action, staff_sentence submit, struct view_form *ret_form)
{
    struct call *call = form->call;
    struct view_input *inputs = ARENA_ARRAY(call->arena, form->len, struct view_input);
    struct view_hidden *hidden = ARENA_ARRAY(call->arena, form->hidden_len, struct view_hidden);
    memcpy(inputs, form->inputs, form->len * sizeof *inputs);
    memcpy(hidden, form->hidden, form->hidden_len * sizeof *hidden);
    /* A warning above says already what the box is for. */
    bool marked = form->problems.count > 0 && !form->problem.len &&
                  !str_eq(form->problems.first->field, STR("anyway"));
    *ret_form = (struct view_form){
        .action = action,
        .hidden = {hidden, form->hidden_len},
        .inputs = {inputs, form->len},
        .problem = marked ? staff_say(call, msg_staff_form_marked) : form->problem,
        .submit = staff_say(call, submit),
    };
}

int staff_form_number(struct staff_form *form, const char *name, int otherwise)
{
    struct str text = call_form(form->call, name);
    int64_t value;
    if (!text.len) return otherwise;
    if (str_to_i64(text, 0, 1000000, &value)) return (int)value;
    problems_add(&form->problems, str_from_cstr(name), "not-an-integer", text);
    return otherwise;
}

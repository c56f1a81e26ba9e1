/* Accounts of the people who work here. */
#include "web/staff/staff_pages.h"

#include "base/check.h"
#include "base/limits.h"
#include "mail/mail.h"
#include "web/staff/staff_kit.h"
#include "web/staff/staff_settings.h"
#include "web/views/staff_team.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

static struct view_option *role_options(const struct call *call)
{
    struct view_option *options = ARENA_ARRAY(call->arena, 3, struct view_option);
    options[0] = (struct view_option){
        STR("therapist"), staff_say(call, msg_staff_role_therapist_long), false};
    options[1] =
        (struct view_option){STR("desk"), staff_say(call, msg_staff_role_desk_long), false};
    options[2] =
        (struct view_option){STR("owner"), staff_say(call, msg_staff_role_owner_long), false};
    return options;
}

/* ---- the list, and adding ---- */

static struct result team_page(struct call *call, int status, struct staff_form *form)
{
    struct view_staff_team view = {0};
    struct staff_users users;
    staff_page_fill(call, VIEW_STAFF_SETTINGS, staff_say(call, msg_staff_team), &view.page);
    TRY(staff_list(call->tx, call->practice->id, call->arena, &users));
    struct view_staff_member *list = ARENA_ARRAY(call->arena, users.len, struct view_staff_member);
    for (size_t i = 0; i < users.len; i++) {
        const struct staff_user *user = &users.ptr[i];
        list[i] = (struct view_staff_member){.name = user->name.len ? user->name : user->email,
            .email = user->email,
            .role = staff_role_words(call, user->role),
            .url = staff_url(call, "/staff/settings/team/%lld", (long long)user->id.v),
            .active = user->active,
            .self = user->id.v == call->user.id.v};
    }
    view.members = (struct view_staff_members){list, users.len};
    staff_input(form, VIEW_INPUT_TEXT, "name", msg_staff_label_name, NULL, STR(""))->required =
        true;
    staff_input(form, VIEW_INPUT_EMAIL, "email", msg_staff_label_email, msg_staff_hint_member_email,
        STR(""))
        ->required = true;
    staff_select(form, "role", msg_staff_label_role, NULL, role_options(call), 3, STR("therapist"));
    staff_input(form, VIEW_INPUT_NEW_PASSWORD, "new", msg_staff_label_password_first,
        msg_staff_hint_password, STR(""))
        ->required = true;
    staff_form_done(form, URL("/staff/settings/team"), msg_staff_submit_add, &view.add);
    STAFF_PAGE(call, status, tmpl_staff_team, &view);
    return RESULT_OK;
}

struct result staff_team(struct call *call)
{
    struct staff_form form;
    staff_form_init(&form, call, false);
    return team_page(call, 200, &form);
}

/* On the pool: the hash of a new password; none where the field is empty. Problems with it are told
 * together with those of the other fields, later. */
struct result staff_team_prepare(struct call *call)
{
    struct str password = staff_typed_password(call, "new");
    struct problems problems;
    problems_init(&problems, call->arena);
    staff_check_password(password, STR("new"), &problems);
    if (problems.count) return RESULT_OK;
    struct str *hash = ARENA_NEW(call->arena, struct str);
    TRY(crypto_password_hash(call->arena, password, hash));
    call->prepared = hash;
    return RESULT_OK;
}

static void check_name(struct staff_form *form, struct str name)
{
    if (!name.len) {
        problems_add(&form->problems, STR("name"), "required", STR(""));
    } else if (!str_is_text(name, false) || str_find(name, '\n') < name.len) {
        problems_add(&form->problems, STR("name"), "bad-text", STR(""));
    } else if (str_count_chars(name) > LIMIT_NAME_CHARS) {
        problems_add(&form->problems, STR("name"), "too-long",
            arena_printf(form->call->arena, "%d", LIMIT_NAME_CHARS));
    }
}

static enum role read_role(struct staff_form *form)
{
    enum role role = role_from_name(call_form(form->call, "role"));
    if (role == ROLE_NONE) problems_add(&form->problems, STR("role"), "unknown-id", STR(""));
    return role;
}

static struct result read_new_member(struct staff_form *form, struct staff_user *ret_user)
{
    struct call *call = form->call;
    *ret_user =
        (struct staff_user){.name = call_form(call, "name"), .email = call_form(call, "email")};
    check_name(form, ret_user->name);
    ret_user->role = read_role(form);
    if (!ret_user->email.len) {
        problems_add(&form->problems, STR("email"), "required", STR(""));
    } else if (!mail_address_is_valid(ret_user->email)) {
        problems_add(&form->problems, STR("email"), "not-an-email", ret_user->email);
    } else {
        struct staff_user known;
        struct result found =
            staff_find_by_email(call->tx, call->practice->id, ret_user->email, call->arena, &known);
        if (result_is_ok(found) && known.active) {
            problems_add(&form->problems, STR("email"), "account-exists", ret_user->email);
        } else if (!result_is_ok(found) && found.code != ERR_NOT_FOUND) {
            return found;
        }
    }
    staff_check_password(staff_typed_password(call, "new"), STR("new"), &form->problems);
    return RESULT_OK;
}

struct result staff_team_post(struct call *call)
{
    struct staff_form form;
    struct staff_user user;
    staff_form_init(&form, call, true);
    TRY(read_new_member(&form, &user));
    if (form.problems.count) {
        TRY(team_page(call, 422, &form));
        return result_fail(ERR_INVALID, "invalid", NULL);
    }
    const struct str *hash = call->prepared;
    CHECK(hash && hash->len);
    user.password_hash = *hash;
    struct user_id id;
    TRY(staff_save(call->tx, call->practice->id, &user, call->actor, call->now, &id));
    staff_redirect(call, STR("/staff/settings/team"), "added");
    return RESULT_OK;
}

/* ---- one account ---- */

static struct result find_member(struct call *call, struct staff_user *ret_user)
{
    int64_t id;
    TRY(staff_param_id(call, "id", &id));
    return staff_get(call->tx, call->practice->id, (struct user_id){id}, call->arena, ret_user);
}

static void member_page(struct call *call, int status, struct staff_form *form,
    const struct staff_user *user, struct str problem)
{
    struct view_staff_setting view;
    staff_setting_begin(call, user->name.len ? user->name : user->email, &view);
    view.intro = user->email;
    if (!user->active) {
        struct tmpl *t = staff_text(call);
        msg_staff_member_off(t, user->email);
        view.intro = staff_text_end(t);
    }
    staff_input(form, VIEW_INPUT_TEXT, "name", msg_staff_label_name, NULL, user->name)->required =
        true;
    staff_select(form, "role", msg_staff_label_role, NULL, role_options(call), 3,
        str_from_cstr(role_name(user->role)));
    staff_input(form, VIEW_INPUT_NEW_PASSWORD, "new", msg_staff_label_password_new,
        msg_staff_hint_member_password, STR(""))
        ->wide = true;
    struct url self = staff_url(call, "/staff/settings/team/%lld", (long long)user->id.v);
    staff_form_done(form, self, msg_staff_submit_save, &view.form);
    if (user->active) {
        view.can_remove = true;
        view.remove_note = staff_say(call, msg_staff_deactivate_note);
        view.remove = (struct view_form){
            .action =
                staff_url(call, "/staff/settings/team/%lld/deactivate", (long long)user->id.v),
            .problem = problem,
            .submit = staff_say(call, msg_staff_submit_deactivate),
            .grave = true};
    }
    staff_setting_send(call, status, &view);
}

struct result staff_member(struct call *call)
{
    struct staff_user user;
    struct staff_form form;
    TRY(find_member(call, &user));
    staff_form_init(&form, call, false);
    member_page(call, 200, &form, &user, STR(""));
    return RESULT_OK;
}

static bool is_last_owner(struct result result)
{
    return result.code == ERR_INVALID && result.reason && strcmp(result.reason, "last-owner") == 0;
}

struct result staff_member_post(struct call *call)
{
    struct staff_user user;
    struct staff_form form;
    TRY(find_member(call, &user));
    staff_form_init(&form, call, true);
    struct staff_user changed = user;
    changed.name = call_form(call, "name");
    check_name(&form, changed.name);
    changed.role = read_role(&form);
    changed.password_hash = (struct str){0};
    if (staff_typed_password(call, "new").len)
        staff_check_password(staff_typed_password(call, "new"), STR("new"), &form.problems);
    const struct str *hash = call->prepared;
    if (hash) changed.password_hash = *hash;
    struct user_id id = user.id;
    if (!form.problems.count) {
        struct result saved =
            staff_save(call->tx, call->practice->id, &changed, call->actor, call->now, &id);
        if (!is_last_owner(saved)) TRY(saved);
        if (is_last_owner(saved)) problems_add(&form.problems, STR("role"), "last-owner", STR(""));
    }
    if (form.problems.count) {
        member_page(call, 422, &form, &user, STR(""));
        return result_fail(ERR_INVALID, "invalid", NULL);
    }
    /* One's own new password ends one's own session as well. */
    if (hash && id.v == call->user.id.v) TRY(staff_begin_session(call, id));
    staff_redirect(call, STR("/staff/settings/team"), "saved");
    return RESULT_OK;
}

struct result staff_member_deactivate_post(struct call *call)
{
    struct staff_user user;
    TRY(find_member(call, &user));
    struct staff_form form;
    staff_form_init(&form, call, false);
    struct result gone =
        staff_deactivate(call->tx, call->practice->id, user.id, call->actor, call->now);
    if (result_is_ok(gone) && user.id.v == call->user.id.v)
        gone = result_fail(ERR_INVALID, "own-account", NULL);
    if (gone.code == ERR_INVALID) {
        member_page(call, 422, &form, &user, staff_problem(call, gone.reason, (struct str){0}));
        return gone;
    }
    TRY(gone);
    staff_redirect(call, STR("/staff/settings/team"), "deactivated");
    return RESULT_OK;
}

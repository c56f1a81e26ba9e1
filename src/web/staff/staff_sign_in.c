/* Signing in and out. */
#include "web/staff/staff_pages.h"

#include "auth/audit.h"
#include "base/check.h"
#include "base/limits.h"
#include "web/staff/staff_kit.h"
#include "web/views/staff_sign_in.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum { COOKIE_SECONDS = 90 * 24 * 3600 };

/* Of no password: whoever has no account costs the same time as who has. */
static const struct str nobodys_hash =
    STR_INIT("$argon2id$v=19$m=65536,t=2,p=1$Y4KzzIgUErd7/K7tAmABwA$"
             "TLPk7ZBo7tKaQVIKu3emBZ9wbNaPYdSXs0uJbLpmdPE");

/* A password counts as it was typed, blanks included. */
struct str staff_typed_password(const struct call *call, const char *name)
{
    return http_fields_get(call->form, str_from_cstr(name));
}

static void sign_in_page(struct call *call, int status, staff_sentence problem)
{
    struct view_staff_sign_in view;
    struct staff_form form;
    bool posted = call->req->method == HTTP_POST;
    staff_form_init(&form, call, posted);
    staff_page_fill(call, VIEW_STAFF_NONE, staff_say(call, msg_staff_sign_in), &view.page);
    struct view_input *email =
        staff_input(&form, VIEW_INPUT_EMAIL, "email", msg_staff_label_email, NULL, (struct str){0});
    email->wide = true;
    email->required = true;
    struct view_input *password = staff_input(
        &form, VIEW_INPUT_PASSWORD, "password", msg_staff_label_password, NULL, (struct str){0});
    password->wide = true;
    password->required = true;
    struct str next = posted ? call_form(call, "next") : call_query(call, "next");
    if (staff_is_local_path(next)) staff_hidden(&form, "next", next);
    if (problem) form.problem = staff_say(call, problem);
    staff_form_done(&form, URL("/staff/sign-in"), msg_staff_sign_in, &view.form);
    STAFF_PAGE(call, status, tmpl_staff_sign_in, &view);
}

struct result staff_sign_in(struct call *call)
{
    sign_in_page(call, 200, NULL);
    return RESULT_OK;
}

/* On the pool: who is it, and is it their password? The failure says neither. */
struct result staff_sign_in_prepare(struct call *call)
{
    struct str email = call_form(call, "email");
    struct str password = staff_typed_password(call, "password");
    if (email.len > LIMIT_EMAIL_CHARS * 4 || password.len > LIMIT_PASSWORD_CHARS * 4) {
        sign_in_page(call, 422, msg_staff_sign_in_wrong);
        return result_fail(ERR_INVALID, "sign-in-wrong", NULL);
    }
    /* Few tries from one address, more from all together: a stranger cannot shut the owner out. */
    struct str account = arena_printf(call->arena, "%lld %.*s", (long long)call->practice->id.v,
        STR_ARG(client_fold(call->arena, email)));
    struct str from_here =
        arena_printf(call->arena, "%.*s %.*s", STR_ARG(account), STR_ARG(call_household(call)));
    struct result rate =
        call_rate(call, "sign-in-from", from_here, LIMIT_SIGN_INS_PER_15_MIN, 15 * US_PER_MINUTE);
    if (result_is_ok(rate)) {
        rate = call_rate(call, "sign-in-account", account, LIMIT_SIGN_INS_PER_15_MIN_ACCOUNT,
            15 * US_PER_MINUTE);
    }
    if (!result_is_ok(rate)) {
        sign_in_page(call, 429, msg_staff_sign_in_slower);
        return rate;
    }
    struct staff_user user;
    struct result found =
        staff_find_by_email(call->tx, call->practice->id, email, call->arena, &user);
    if (!result_is_ok(found) && found.code != ERR_NOT_FOUND) return found;
    bool known = result_is_ok(found) && user.active && user.password_hash.len;
    bool right = crypto_password_verify(password, known ? user.password_hash : nobodys_hash);
    if (!known || !right) {
        sign_in_page(call, 422, msg_staff_sign_in_wrong);
        return result_fail(ERR_INVALID, "sign-in-wrong", NULL);
    }
    struct staff_user *kept = ARENA_NEW(call->arena, struct staff_user);
    *kept = user;
    call->prepared = kept;
    return RESULT_OK;
}

struct result staff_begin_session(struct call *call, struct user_id user)
{
    struct str token;
    struct str agent = agent_name(call->arena, http_header(call->req, STR("User-Agent")));
    TRY(session_begin(call->tx, call->practice->id, user, agent, call->now, call->arena, &token));
    call_set_cookie(call, "session", token, COOKIE_SECONDS);
    return RESULT_OK;
}

struct result staff_sign_in_post(struct call *call)
{
    const struct staff_user *verified = call->prepared;
    CHECK(verified && verified->id.v);
    struct staff_user user;
    TRY(staff_get(call->tx, call->practice->id, verified->id, call->arena, &user));
    /* The password or the account may have changed between the two steps. */
    if (!user.active || !str_eq(user.password_hash, verified->password_hash)) {
        sign_in_page(call, 422, msg_staff_sign_in_wrong);
        return result_fail(ERR_INVALID, "sign-in-wrong", NULL);
    }
    TRY(staff_begin_session(call, user.id));
    struct actor actor = {ACTOR_STAFF, user.id, user.role};
    TRY(audit_add(call->tx, call->practice->id, call->now, actor, STR("user.signed-in"),
        STR("user"), user.id.v, STR("")));
    struct str next = call_form(call, "next");
    staff_redirect(call, staff_is_local_path(next) ? next : STR("/staff"), NULL);
    return RESULT_OK;
}

struct result staff_sign_out_post(struct call *call)
{
    struct result gone = session_revoke(call->tx, call->practice->id, call->user.id, call->session);
    if (!result_is_ok(gone) && gone.code != ERR_NOT_FOUND) return gone;
    call_set_cookie(call, "session", STR(""), 0);
    staff_redirect(call, STR("/staff/sign-in"), "signed-out");
    return RESULT_OK;
}

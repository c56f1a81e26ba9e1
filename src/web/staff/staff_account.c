/* One's own account: where one is signed in, and the password. */
#include "web/staff/staff_pages.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/staff/staff_kit.h"
#include "web/views/staff_account.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

struct str staff_role_words(const struct call *call, enum role role)
{
    switch (role) {
    case ROLE_OWNER: return staff_say(call, msg_staff_role_owner);
    case ROLE_THERAPIST: return staff_say(call, msg_staff_role_therapist);
    case ROLE_DESK: return staff_say(call, msg_staff_role_desk);
    case ROLE_NONE: break;
    }
    return (struct str){0};
}

static struct result list_sessions(
    struct call *call, const struct staff_dates *dates, struct view_staff_sessions *ret_list)
{
    struct staff_sessions sessions;
    TRY(session_list(
        call->tx, call->practice->id, call->user.id, call->now, call->arena, &sessions));
    struct view_staff_session *list =
        ARENA_ARRAY(call->arena, sessions.len, struct view_staff_session);
    for (size_t i = 0; i < sessions.len; i++) {
        const struct staff_session *s = &sessions.ptr[i];
        bool current = s->id == call->session;
        list[i] = (struct view_staff_session){.device = s->agent,
            .seen = staff_when(dates, current ? call->now : s->seen),
            .begun = staff_when(dates, s->created),
            .current = current,
            .id = s->id};
    }
    *ret_list = (struct view_staff_sessions){list, sessions.len};
    return RESULT_OK;
}

static struct result account_page(struct call *call, int status, struct staff_form *form)
{
    struct staff_dates dates;
    staff_dates_init(&dates, call);
    struct view_staff_account view = {.name = call->user.name,
        .email = call->user.email,
        .role = staff_role_words(call, call->user.role)};
    staff_page_fill(call, VIEW_STAFF_ACCOUNT, staff_say(call, msg_staff_account), &view.page);
    TRY(list_sessions(call, &dates, &view.sessions));
    struct view_input *old = staff_input(
        form, VIEW_INPUT_PASSWORD, "password", msg_staff_label_password_now, NULL, (struct str){0});
    old->required = true;
    struct view_input *fresh = staff_input(form, VIEW_INPUT_NEW_PASSWORD, "new",
        msg_staff_label_password_new, msg_staff_hint_password, (struct str){0});
    fresh->required = true;
    staff_form_done(
        form, URL("/staff/account/password"), msg_staff_submit_password, &view.password);
    STAFF_PAGE(call, status, tmpl_staff_account, &view);
    return RESULT_OK;
}

struct result staff_account(struct call *call)
{
    struct staff_form form;
    staff_form_init(&form, call, false);
    return account_page(call, 200, &form);
}

struct result staff_session_revoke_post(struct call *call)
{
    int64_t id;
    struct str which = call_form(call, "session");
    if (str_eq(which, STR("others"))) {
        TRY(session_revoke_others(call->tx, call->practice->id, call->user.id, call->session));
    } else if (str_to_i64(which, 1, INT64_MAX, &id)) {
        TRY(session_revoke(call->tx, call->practice->id, call->user.id, id));
        if (id == call->session) {
            call_set_cookie(call, "session", STR(""), 0);
            staff_redirect(call, STR("/staff/sign-in"), "signed-out");
            return RESULT_OK;
        }
    } else {
        return result_fail(ERR_NOT_FOUND, "unknown-session", NULL);
    }
    staff_redirect(call, STR("/staff/account"), "revoked");
    return RESULT_OK;
}

/* On the pool: checks the old password, makes the hash of the new one. */
struct result staff_password_prepare(struct call *call)
{
    struct staff_form form;
    staff_form_init(&form, call, true);
    struct str account = arena_printf(call->arena, "%lld %.*s", (long long)call->practice->id.v,
        STR_ARG(client_fold(call->arena, call->user.email)));
    TRY(call_rate(call, "password-change", account, LIMIT_SIGN_INS_PER_15_MIN, 15 * US_PER_MINUTE));
    struct str old = staff_typed_password(call, "password");
    struct str fresh = staff_typed_password(call, "new");
    staff_check_password(fresh, STR("new"), &form.problems);
    bool right = old.len <= LIMIT_PASSWORD_CHARS * 4 &&
                 crypto_password_verify(old, call->user.password_hash);
    if (!right) problems_add(&form.problems, STR("password"), "password-wrong", (struct str){0});
    if (form.problems.count) {
        TRY(account_page(call, 422, &form));
        return result_fail(ERR_INVALID, "invalid", NULL);
    }
    struct str *hash = ARENA_NEW(call->arena, struct str);
    TRY(crypto_password_hash(call->arena, fresh, hash));
    call->prepared = hash;
    return RESULT_OK;
}

struct result staff_password_post(struct call *call)
{
    const struct str *hash = call->prepared;
    CHECK(hash && hash->len);
    struct staff_user user = call->user;
    user.password_hash = *hash;
    struct user_id id;
    TRY(staff_save(call->tx, call->practice->id, &user, call->actor, call->now, &id));
    /* Every session ended with the old password; this browser goes on with a new one. */
    TRY(staff_begin_session(call, id));
    staff_redirect(call, STR("/staff/account"), "password");
    return RESULT_OK;
}

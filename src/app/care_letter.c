#include "app/letter.h"

#include "base/check.h"
#include "practice/care/prompt.h"
#include "practice/clients/clients.h"
#include "practice/clients/personal_link.h"
#include "web/mail/care_mail.h"

#include "base/banned.h"

/* Nobody is asked twice, too late, or after they have said no. */
static struct result check_prompt(struct care_env *env, const struct personal_link *link,
    enum prompt_reason *ret_reason, bool *ret_overtaken)
{
    struct prompt prompt;
    struct care_plan plan;
    bool has;
    TRY(prompt_get(env, link->subject, &prompt));
    TRY(plan_find(env, link->client, &has, &plan));
    bool late = env->now > prompt.due + PROMPT_LATE_HOURS * US_PER_HOUR;
    *ret_overtaken = late || prompt.answered || !has || plan.state != PLAN_ASKING;
    *ret_reason = prompt.reason;
    return RESULT_OK;
}

struct result care_letter_compose(struct care_env *env, const struct message *message,
    struct str base_url, struct letter *ret_letter)
{
    bool asks = message->kind == MESSAGE_CHECK_IN;
    struct personal_link link;
    struct client client;
    struct letter letter = {0};
    struct care_mail_input input = {
        .kind = message->kind, .practice = env->practice, .lang = LANG_EN};
    struct result found = link_get(env, message->link, &link);
    letter.overtaken = found.code == ERR_NOT_FOUND; /* revoked meanwhile */
    if (!letter.overtaken) {
        TRY(found);
        if (asks) TRY(check_prompt(env, &link, &input.reason, &letter.overtaken));
    }
    if (letter.overtaken) {
        *ret_letter = letter;
        return RESULT_OK;
    }
    TRY(client_get(env->tx, env->practice->id, link.client, env->arena, &client));
    struct str origin = letter_origin(env->practice, base_url, env->arena);
    struct str token;
    TRY(link_token(env, link.id, &token));
    tmpl_lang_from_code(client.language, &input.lang);
    input.client_name = client.name;
    input.page_url = arena_printf(
        env->arena, "%.*s/%s/%.*s", STR_ARG(origin), asks ? "c" : "my", STR_ARG(token));
    if (asks) {
        input.rhythm_url = arena_printf(env->arena, "%.*s/rhythm", STR_ARG(input.page_url));
        letter.mail.list_unsubscribe =
            arena_printf(env->arena, "%.*s/stop", STR_ARG(input.page_url));
        letter.mail.one_click = true;
    }
    TRY(care_mail_render(&input, env->arena, &letter.mail));
    letter_address(env->practice, message, &client, env->now, env->arena, &letter.mail);
    *ret_letter = letter;
    return RESULT_OK;
}

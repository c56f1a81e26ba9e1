/* What clients change by themselves: asking for their link, the rhythm, leaving, a wish to be
 * deleted. Each ends in a redirect. */
#include "web/pages/my.h"

#include "base/check.h"
#include "base/limits.h"
#include "mail/mail.h"
#include "practice/care/plan.h"
#include "practice/messages/messages.h"
#include "practice/privacy/person.h"
#include "web/pages/pages.h"
#include "web/views/my_link.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum {
    LINK_DAYS = 30, /* as the letter says */
    CHECK_IN_LINK_HOURS = 2,
    LETTERS_MAX = 8, /* of people who share an address */
};

static struct result back(struct call *call, struct str where)
{
    http_resp_redirect(call->resp, where);
    return RESULT_OK;
}

/* ---- asking for the link ---- */

struct result my_send_link_page(struct call *call, int status, struct view_my_link *view)
{
    struct format f;
    page_begin(call, &f, VIEW_PLACE_NONE, STR("/my"), &view->page);
    char text[200];
    struct sb title;
    sb_init_fixed(&title, text, sizeof text);
    struct tmpl words = {.out = &title, .lang = call->lang};
    msg_my_link_title(&words);
    view->page.title = arena_str(call->arena, sb_str(&title));
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_my_link(&t, view);
    return page_send(call, status, &sb);
}

/* A letter goes some seconds later, nobody knows when: were it written at once, what is asked next
 * would be answered later, and that too would tell. */
static utc_us letter_time(utc_us now)
{
    unsigned char chance;
    crypto_random(&chance, sizeof chance);
    return now + US_PER_SECOND + chance * (4 * US_PER_SECOND / 256);
}

static struct result send_letter(struct care_env *env, const struct client *client)
{
    int64_t link;
    TRY(link_make(
        env, client->id, LINK_MY_PAGE, 0, env->now + LINK_DAYS * US_PER_DAY, &link, NULL));
    return message_queue_personal(env->tx, env->practice->id, MESSAGE_MY_PAGE, client->id, link,
        letter_time(env->now), env->now);
}

/* The work of a letter to somebody, without a trace: so the time that an answer takes does not tell
 * who is a client. The database writes and waits for the disk as it does for a real one. */
static struct result send_nothing(struct call *call, struct care_env *env)
{
    struct client anybody;
    TRY(client_any(call->tx, call->practice->id, &anybody.id));
    if (!anybody.id.v) return RESULT_OK; /* there is nobody to be told of */
    TRY(tx_savepoint(call->tx));
    struct result result = send_letter(env, &anybody);
    tx_savepoint_rollback(call->tx);
    return result;
}

/* One letter to each client with this address: families share one. */
static struct result send_letters(struct call *call, struct str email)
{
    struct care_env env = call_care(call);
    struct client_list found;
    struct str folded = client_fold(call->arena, email);
    /* Too many letters to one address help nobody; who asks is told the same. */
    if (!rate_take(call->site->rates, "my-link-mail", folded, LIMIT_MY_LINKS_PER_HOUR_EMAIL,
            US_PER_HOUR, call->now, NULL))
        return RESULT_OK;
    TRY(client_by_email(call->tx, call->practice->id, email, LETTERS_MAX, call->arena, &found));
    if (!found.len) return send_nothing(call, &env);
    for (size_t i = 0; i < found.len; i++)
        TRY(send_letter(&env, &found.ptr[i]));
    return RESULT_OK;
}

struct result page_my_link_post(struct call *call)
{
    struct str email = call_form(call, "email");
    if (!mail_address_is_valid(email) || str_count_chars(email) > LIMIT_EMAIL_CHARS) {
        struct view_my_link view = {.email = {str_is_text(email, false) ? email : STR(""),
                                        email.len ? VIEW_NOT_VALID : VIEW_MISSING}};
        return my_send_link_page(call, 422, &view);
    }
    TRY(call_rate(
        call, "my-link", call_household(call), LIMIT_MY_LINKS_PER_HOUR_ADDRESS, US_PER_HOUR));
    TRY(send_letters(call, email));
    return back(call, STR("/my?sent=1"));
}

/* ---- within a session ---- */

/* A link of the moment, within the one that they came by: else each could make the next for ever.
 */
struct result page_my_checkin_post(struct call *call)
{
    struct care_env env = call_care(call);
    struct personal_link mine;
    int64_t link;
    struct str token;
    struct result found = my_session_find(call, &mine);
    if (found.code == ERR_DENIED) return back(call, STR("/my"));
    TRY(found);
    utc_us expires = call->now + CHECK_IN_LINK_HOURS * US_PER_HOUR;
    if (mine.expires < expires) expires = mine.expires;
    if (expires < call->now + US_PER_MINUTE) {
        struct view_my_link view = {.ended = true};
        return my_send_link_page(call, 404, &view);
    }
    TRY(call_rate(call, "my-check-in", arena_printf(call->arena, "%lld", (long long)mine.client.v),
        LIMIT_CHECKINS_PER_DAY_CLIENT, US_PER_DAY));
    TRY(link_make(&env, mine.client, LINK_CHECK_IN, 0, expires, &link, &token));
    return back(call, arena_printf(call->arena, "/c/%.*s", STR_ARG(token)));
}

struct result page_my_rhythm_post(struct call *call)
{
    bool in;
    struct client_id client;
    struct care_env env = call_care(call);
    int64_t per_week;
    int evening;
    TRY(my_client(call, &in, &client));
    if (!in) return RESULT_OK;
    if (!str_to_i64(call_form(call, "per_week"), 0, 7, &per_week) ||
        !minutes_parse(call_form(call, "evening"), false, &evening))
        return back(call, STR("/my?did=wrong"));
    TRY(plan_set_rhythm(&env, client, (int)per_week, evening));
    return back(call, STR("/my?did=rhythm"));
}

struct result page_my_stop_post(struct call *call)
{
    bool in;
    struct client_id client;
    struct care_env env = call_care(call);
    TRY(my_client(call, &in, &client));
    if (!in) return RESULT_OK;
    TRY(plan_stop(&env, client));
    return back(call, STR("/my?did=stop"));
}

struct result page_my_delete_post(struct call *call)
{
    bool in;
    struct client_id client;
    struct care_env env = call_care(call);
    TRY(my_client(call, &in, &client));
    if (!in) return RESULT_OK;
    utc_us asked;
    TRY(person_erasure_asked(&env, client, &asked));
    if (!asked) TRY(person_ask_erasure(&env, client));
    return back(call, STR("/my?did=asked"));
}

struct result page_my_leave_post(struct call *call)
{
    my_session_end(call);
    return back(call, STR("/my?left=1"));
}

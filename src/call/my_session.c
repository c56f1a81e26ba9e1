#include "call/my_session.h"

#include "base/check.h"

#include "base/banned.h"

enum { COOKIE_CHARS_MAX = 200 };

static const char cookie_name[] = "my";

static struct seal_place place_of(const struct call *call)
{
    return (struct seal_place){"cookie.my", call->practice->id.v, 0, 0};
}

void my_session_begin(struct call *call, const struct personal_link *link)
{
    struct care_env env = call_care(call);
    utc_us until = call->now + MY_SESSION_MINUTES * US_PER_MINUTE;
    struct str plain =
        arena_printf(call->arena, "%lld %lld", (long long)link->id, (long long)until);
    struct str sealed = seal(call->arena, env.ring, place_of(call), plain);
    call_set_cookie(
        call, cookie_name, crypto_base64url(call->arena, sealed), MY_SESSION_MINUTES * 60);
}

void my_session_end(struct call *call)
{
    call_set_cookie(call, cookie_name, (struct str){0}, 0);
}

/* The link's number in a cookie that still holds; 0 otherwise. */
static int64_t link_of(struct call *call)
{
    struct care_env env = call_care(call);
    struct str cookie = call_cookie(call, cookie_name);
    struct str sealed;
    struct str plain;
    struct str id_text;
    int64_t id;
    int64_t until;
    if (!cookie.len || cookie.len > COOKIE_CHARS_MAX) return 0;
    if (!crypto_base64url_decode(call->arena, cookie, &sealed)) return 0;
    if (!result_is_ok(seal_open(call->arena, env.ring, place_of(call), sealed, &plain))) return 0;
    if (!str_cut(&plain, ' ', &id_text) || !str_to_i64(id_text, 1, INT64_MAX, &id)) return 0;
    if (!str_to_i64(plain, 0, INT64_MAX, &until) || until <= call->now) return 0;
    return id;
}

struct result my_session_find(struct call *call, struct personal_link *ret_link)
{
    struct care_env env = call_care(call);
    struct personal_link link;
    int64_t id = link_of(call);
    if (!id) return result_fail(ERR_DENIED, "link-needed", NULL);
    struct result found = link_get(&env, id, &link);
    if (found.code == ERR_NOT_FOUND) return result_fail(ERR_DENIED, "link-needed", NULL);
    TRY(found);
    my_session_begin(call, &link);
    *ret_link = link;
    return RESULT_OK;
}

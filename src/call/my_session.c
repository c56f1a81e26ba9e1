#include "call/my_session.h"

#include "base/check.h"

#include "base/banned.h"

enum { COOKIE_CHARS_MAX = 240 };

static const char cookie_name[] = "my";

static struct seal_place place_of(const struct call *call)
{
    return (struct seal_place){"cookie.my", call->practice->id.v, 0, 0};
}

void my_session_begin(struct call *call, const struct personal_link *link)
{
    struct care_env env = call_care(call);
    utc_us until = call->now + MY_SESSION_MINUTES * US_PER_MINUTE;
    struct str plain = arena_printf(call->arena, "%lld %lld %lld %lld", (long long)link->id,
        (long long)link->client.v, (long long)link->created, (long long)until);
    struct str sealed = seal(call->arena, env.ring, place_of(call), plain);
    call_set_cookie(
        call, cookie_name, crypto_base64url(call->arena, sealed), MY_SESSION_MINUTES * 60);
}

void my_session_end(struct call *call)
{
    call_set_cookie(call, cookie_name, (struct str){0}, 0);
}

enum { FIELD_LINK, FIELD_CLIENT, FIELD_CREATED, FIELD_UNTIL, FIELDS };

/* What a cookie that still holds says; false otherwise. */
static bool read_cookie(struct call *call, int64_t fields[FIELDS])
{
    struct care_env env = call_care(call);
    struct str cookie = call_cookie(call, cookie_name);
    struct str sealed;
    struct str plain;
    struct str text;
    if (!cookie.len || cookie.len > COOKIE_CHARS_MAX) return false;
    if (!crypto_base64url_decode(call->arena, cookie, &sealed)) return false;
    if (!result_is_ok(seal_open(call->arena, env.ring, place_of(call), sealed, &plain)))
        return false;
    for (int i = 0; i < FIELDS; i++) {
        if (!str_cut(&plain, ' ', &text) || !str_to_i64(text, 1, INT64_MAX, &fields[i]))
            return false;
    }
    return fields[FIELD_UNTIL] > call->now;
}

/* Numbers are given again after a link was deleted: the link must be the very one. */
struct result my_session_find(struct call *call, struct personal_link *ret_link)
{
    struct care_env env = call_care(call);
    struct personal_link link = {0};
    int64_t fields[FIELDS];
    struct result needed = result_fail(ERR_DENIED, "link-needed", NULL);
    if (!read_cookie(call, fields)) return needed;
    struct result found = link_get(&env, fields[FIELD_LINK], &link);
    if (found.code == ERR_NOT_FOUND) return needed;
    TRY(found);
    if (link.client.v != fields[FIELD_CLIENT] || link.created != fields[FIELD_CREATED])
        return needed;
    my_session_begin(call, &link);
    *ret_link = link;
    return RESULT_OK;
}

#include "mail/mailer_impl.h"

#include "base/check.h"
#include "base/sb.h"

#include "base/banned.h"

const char *mail_fate_name(enum mail_fate fate)
{
    switch (fate) {
    case MAIL_SENT: return "sent";
    case MAIL_TEMPORARY: return "temporary";
    case MAIL_PERMANENT: return "permanent";
    case MAIL_UNKNOWN: return "unknown";
    }
    UNREACHABLE();
}

static bool contains_nocase(struct str s, struct str needle)
{
    for (size_t i = 0; i + needle.len <= s.len; i++) {
        if (str_eq_nocase(str_slice(s, i, i + needle.len), needle)) return true;
    }
    return false;
}

/* Servers like to repeat the address, or the part before the @ alone. */
static bool is_personal(struct str word, struct str to)
{
    struct str local = str_slice(to, 0, str_find(to, '@'));
    if (str_find(word, '@') < word.len) return true;
    return local.len > 0 && word.len >= local.len && contains_nocase(word, local);
}

void mail_outcome_set(struct mail_outcome *outcome, enum mail_fate fate, int code,
    const char *stage, struct str text, struct str to)
{
    CHECK(outcome && stage);
    *outcome = (struct mail_outcome){.fate = fate, .code = code, .stage = stage};
    struct sb sb;
    sb_init_fixed(&sb, outcome->text, sizeof outcome->text - 1);
    size_t at = 0;
    while (at < text.len) {
        size_t end = at;
        while (end < text.len && text.ptr[end] > ' ' && text.ptr[end] <= '~')
            end++;
        struct str word = str_slice(text, at, end);
        if (word.len > 0) {
            if (is_personal(word, to)) word = STR("(address)");
            size_t room = sb.cap - sb.len;
            if (word.len + 1 > room) break;
            if (sb.len > 0) SB_LIT(&sb, " ");
            sb_add(&sb, word);
        }
        at = end + 1;
    }
    outcome->text[sb.len] = '\0';
}

struct result mailer_open(struct str url, struct mailer **ret_mailer)
{
    CHECK(ret_mailer);
    if (!str_is_text(url, false) || url.len > LIMIT_URL_BYTES) {
        return result_fail(ERR_INVALID, "mail-url", "not a URL");
    }
    struct arena arena = {0};
    struct mailer *mailer = ARENA_NEW(&arena, struct mailer);
    mailer->timeout_ms = LIMIT_MAIL_SECONDS * 1000;
    struct result result;
    if (str_starts(url, STR("dir:")) && url.len > 4) {
        mailer->is_dir = true;
        mailer->dir = arena_cstr(&arena, str_slice(url, 4, url.len));
        result = mail_dir_open(mailer->dir);
    } else {
        mailer->url = arena_cstr(&arena, url);
        result = mail_smtp_open(mailer->url, &mailer->tls_required);
    }
    if (!result_is_ok(result)) {
        arena_release(&arena);
        return result;
    }
    mailer->arena = arena;
    *ret_mailer = mailer;
    return RESULT_OK;
}

void mailer_close(struct mailer *mailer)
{
    if (!mailer) return;
    struct arena arena = mailer->arena; /* the mailer goes with it */
    arena_release(&arena);
}

void mailer_set_timeout_ms(struct mailer *mailer, int timeout_ms)
{
    CHECK(mailer && timeout_ms > 0);
    mailer->timeout_ms = timeout_ms;
}

void mailer_cancel(struct mailer *mailer)
{
    CHECK(mailer);
    atomic_store(&mailer->cancelled, true);
}

void mailer_send(struct mailer *mailer, struct str from, struct str to, struct str bytes,
    struct mail_outcome *ret_outcome)
{
    CHECK(mailer && ret_outcome);
    if (!mail_address_is_valid(from) || !mail_address_is_valid(to)) {
        mail_outcome_set(ret_outcome, MAIL_PERMANENT, 0, "connect", STR("not a valid address"), to);
        return;
    }
    if (mailer->is_dir) {
        mail_dir_send(mailer, bytes, ret_outcome);
    } else {
        mail_smtp_send(mailer, from, to, bytes, ret_outcome);
    }
}

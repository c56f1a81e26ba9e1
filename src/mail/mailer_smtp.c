/* SMTP by libcurl: one connection a message, so that nothing depends on what went before. */
#include "mail/mailer_impl.h"

#include "base/check.h"
#include "base/sb.h"

#include <curl/curl.h>
#include <pthread.h>

#include "base/banned.h"

/* One send, as seen through libcurl's callbacks. */
struct exchange {
    struct mailer *mailer;
    struct str left;   /* of the message */
    bool body_started; /* the server has said 354 */
    bool body_done;    /* libcurl has asked for more and got the end: the final dot may be sent */
    bool reply_after_body;
    const char *stage;
    int code;        /* the reply that counts; see take_reply */
    struct sb line;  /* of a reply of several lines, so far */
    struct sb reply; /* the text of `code` */
    char line_buffer[512];
    char reply_buffer[512];
    char curl_text[CURL_ERROR_SIZE];
};

static void global_init(void)
{
    CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

/* --- the URL --- */

static bool is_loopback(struct str host)
{
    return str_eq_nocase(host, STR("localhost")) || str_eq(host, STR("[::1]")) ||
           (str_starts(host, STR("127.")) && !str_ends(host, STR(".")) && host.len <= 15 &&
               strspn(host.ptr, "0123456789.") == host.len);
}

static struct str url_part(CURLU *url, CURLUPart part, struct arena *arena)
{
    char *text = NULL;
    struct str copy = {0};
    if (curl_url_get(url, part, &text, 0) == CURLUE_OK)
        copy = arena_str(arena, str_from_cstr(text));
    curl_free(text);
    return copy;
}

static struct result check_url(CURLU *url, struct arena *arena, bool *ret_tls_required)
{
    struct str scheme = url_part(url, CURLUPART_SCHEME, arena);
    struct str host = url_part(url, CURLUPART_HOST, arena);
    bool secret = url_part(url, CURLUPART_USER, arena).len > 0 ||
                  url_part(url, CURLUPART_PASSWORD, arena).len > 0;
    if (!str_eq(scheme, STR("smtp")) && !str_eq(scheme, STR("smtps"))) {
        return result_fail(ERR_INVALID, "mail-url", "mail goes to smtp://, smtps:// or dir:");
    }
    if (host.len == 0 || url_part(url, CURLUPART_QUERY, arena).len > 0 ||
        url_part(url, CURLUPART_FRAGMENT, arena).len > 0) {
        return result_fail(ERR_INVALID, "mail-url", "expected smtp://host:port");
    }
    *ret_tls_required = secret && !is_loopback(host);
    return RESULT_OK;
}

struct result mail_smtp_open(const char *text, bool *ret_tls_required)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    CHECK(pthread_once(&once, global_init) == 0);

    struct arena arena = {0};
    CURLU *url = curl_url();
    CHECK(url);
    struct result result = result_fail(ERR_INVALID, "mail-url", "not a URL");
    if (curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK) {
        result = check_url(url, &arena, ret_tls_required);
    }
    curl_url_cleanup(url);
    arena_release(&arena);
    return result;
}

/* --- callbacks --- */

static size_t on_read(char *buffer, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    size_t n = size * count < x->left.len ? size * count : x->left.len;
    x->body_started = true;
    x->stage = "data";
    if (n == 0) {
        x->body_done = true;
        x->stage = "end";
        return 0;
    }
    memcpy(buffer, x->left.ptr, n);
    x->left = str_slice(x->left, n, x->left.len);
    return n;
}

/* A refusal stays until a later reply accepts: HELO after a refused EHLO, another way to sign in.
 * The answer to QUIT (221) counts for nothing, nor does anything after the message's answer. */
static void take_reply(struct exchange *x, int code)
{
    if (code == 221 || x->reply_after_body) return;
    if (code >= 400 && x->code >= 400 && !x->body_done) return;
    x->code = code;
    x->reply_after_body = x->body_done;
    x->reply.len = 0;
    sb_add(&x->reply, sb_str(&x->line));
}

static size_t on_reply(char *buffer, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    struct str lines = {buffer, size * count};
    struct str line = {0};
    while (str_cut(&lines, '\n', &line)) {
        line = str_trim(line);
        int64_t code = 0;
        if (line.len < 3 || !str_to_i64(str_slice(line, 0, 3), 200, 599, &code)) continue;
        struct str text = str_slice(line, 4, line.len);
        size_t room = x->line.cap - x->line.len;
        if (text.len + 1 <= room) {
            SB_LIT(&x->line, " ");
            sb_add(&x->line, text);
        }
        if (line.len == 3 || line.ptr[3] == ' ') {
            take_reply(x, (int)code);
            x->line.len = 0;
        }
    }
    return size * count;
}

/* Which command goes out. The forms cannot be a line of base64 from signing in. */
static int on_debug(CURL *curl UNUSED, curl_infotype type, char *data, size_t size, void *context)
{
    static const struct {
        struct str command;
        const char *stage;
    } COMMANDS[] = {
        {STR_INIT("AUTH "), "auth"},
        {STR_INIT("MAIL FROM:"), "mail"},
        {STR_INIT("RCPT TO:"), "rcpt"},
        {STR_INIT("DATA\r\n"), "data"},
    };
    struct exchange *x = context;
    if (type != CURLINFO_HEADER_OUT) return 0;
    for (size_t i = 0; i < COUNT_OF(COMMANDS); i++) {
        if (str_starts((struct str){data, size}, COMMANDS[i].command)) x->stage = COMMANDS[i].stage;
    }
    return 0;
}

static int on_progress(void *context, curl_off_t down_total UNUSED, curl_off_t down UNUSED,
    curl_off_t up_total UNUSED, curl_off_t up UNUSED)
{
    const struct exchange *x = context;
    return atomic_load(&x->mailer->cancelled) && !x->body_done;
}

/* --- sending --- */

static void must(CURLcode code)
{
    CHECK(code == CURLE_OK);
}

static void set_options(CURL *curl, struct exchange *x)
{
    const struct mailer *mailer = x->mailer;
    must(curl_easy_setopt(curl, CURLOPT_URL, mailer->url));
    must(curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps"));
    must(curl_easy_setopt(curl, CURLOPT_PROXY, "")); /* whatever the environment says */
    must(curl_easy_setopt(
        curl, CURLOPT_USE_SSL, (long)(mailer->tls_required ? CURLUSESSL_ALL : CURLUSESSL_TRY)));
    must(curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L));
    must(curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L));
    must(curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L));
    must(curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)mailer->timeout_ms));
    must(curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)mailer->timeout_ms / 2 + 1));
    /* This one also bounds the farewell, when the total no longer counts. */
    must(curl_easy_setopt(
        curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, ((long)mailer->timeout_ms + 999) / 1000));

    must(curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L));
    /* No size is given: told it, libcurl would not ask for more after the last byte, and body_done
     * could not tell a text that is under way from one that is complete. */
    must(curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read));
    must(curl_easy_setopt(curl, CURLOPT_READDATA, x));
    must(curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_reply));
    must(curl_easy_setopt(curl, CURLOPT_HEADERDATA, x));
    must(curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, on_debug));
    must(curl_easy_setopt(curl, CURLOPT_DEBUGDATA, x));
    must(curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L)); /* to on_debug only */
    must(curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress));
    must(curl_easy_setopt(curl, CURLOPT_XFERINFODATA, x));
    must(curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L));
    must(curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, x->curl_text));
}

/* "You must sign in", "wrong password" and the like are mended by the operator, not by the sender:
 * the message waits. */
static bool is_sign_in_code(int code)
{
    return code == 530 || code == 534 || code == 535 || code == 538;
}

static enum mail_fate judge(const struct exchange *x, CURLcode code)
{
    if (x->reply_after_body) {
        if (x->code < 300) return MAIL_SENT;
        if (x->code < 400) return MAIL_UNKNOWN;
        return x->code < 500 ? MAIL_TEMPORARY : MAIL_PERMANENT;
    }
    if (x->body_done) return MAIL_UNKNOWN;
    CHECK(code != CURLE_OK); /* no message is empty */
    bool about_message = strcmp(x->stage, "connect") != 0 && strcmp(x->stage, "auth") != 0;
    if (x->code >= 500 && about_message && !is_sign_in_code(x->code)) return MAIL_PERMANENT;
    return MAIL_TEMPORARY;
}

static void report(
    const struct exchange *x, CURLcode code, struct str to, struct mail_outcome *ret_outcome)
{
    enum mail_fate fate = judge(x, code);
    struct str text = sb_str(&x->reply);
    int reply_code = x->code;
    if (fate != MAIL_SENT && x->code < 400) {
        /* The server refused nothing: what happened is libcurl's to say. */
        text = str_from_cstr(x->curl_text[0] ? x->curl_text : curl_easy_strerror(code));
        reply_code = 0;
    }
    if (code == CURLE_ABORTED_BY_CALLBACK) text = STR("stopped by the server's shutdown");
    mail_outcome_set(ret_outcome, fate, reply_code, x->stage, text, to);
}

void mail_smtp_send(struct mailer *mailer, struct str from, struct str to, struct str bytes,
    struct mail_outcome *ret_outcome)
{
    CHECK(mailer->url && bytes.len > 0);
    struct exchange x = {.mailer = mailer, .left = bytes, .stage = "connect"};
    sb_init_fixed(&x.line, x.line_buffer, sizeof x.line_buffer);
    sb_init_fixed(&x.reply, x.reply_buffer, sizeof x.reply_buffer);

    struct arena arena = {0};
    CURL *curl = curl_easy_init();
    CHECK(curl);
    struct curl_slist *recipients = curl_slist_append(NULL, arena_cstr(&arena, to));
    CHECK(recipients);
    set_options(curl, &x);
    must(curl_easy_setopt(curl, CURLOPT_MAIL_FROM, arena_cstr(&arena, from)));
    must(curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients));

    CURLcode code = curl_easy_perform(curl);
    report(&x, code, to, ret_outcome);

    curl_easy_cleanup(curl);
    curl_slist_free_all(recipients);
    arena_release(&arena);
}

#include "mail/encode.h"
#include "mail/mail.h"

#include "base/check.h"

#include "base/banned.h"

enum { ID_PART_MAX = 200, UNSUBSCRIBE_MAX = 900 };

/* --- what is refused --- */

static bool is_id(struct str id)
{
    size_t at = str_find(id, '@');
    struct str left = str_slice(id, 0, at);
    struct str domain = str_slice(id, at + 1, id.len);
    return left.len <= ID_PART_MAX && domain.len <= ID_PART_MAX && mail_is_dot_atom(left) &&
           mail_is_domain(domain);
}

static bool is_header_url(struct str url)
{
    if (url.len > UNSUBSCRIBE_MAX) return false;
    if (!str_starts(url, STR("https://")) && !str_starts(url, STR("http://")) &&
        !str_starts(url, STR("mailto:"))) {
        return false;
    }
    for (size_t i = 0; i < url.len; i++) {
        if (url.ptr[i] <= ' ' || url.ptr[i] > '~' || url.ptr[i] == '<' || url.ptr[i] == '>') {
            return false;
        }
    }
    return true;
}

static struct result invalid(const char *reason, const char *detail)
{
    return result_fail(ERR_INVALID, reason, detail);
}

static struct result check_addresses(const struct mail_message *m)
{
    if (!mail_address_is_valid(m->from_email)) return invalid("mail-address", "From");
    if (!mail_address_is_valid(m->to_email)) return invalid("mail-address", "To");
    if (m->reply_to.len > 0 && !mail_address_is_valid(m->reply_to)) {
        return invalid("mail-address", "Reply-To");
    }
    return RESULT_OK;
}

static struct result check_ids(const struct mail_message *m)
{
    if (m->message_id_left.len > ID_PART_MAX || !mail_is_dot_atom(m->message_id_left) ||
        m->message_id_domain.len > ID_PART_MAX || !mail_is_domain(m->message_id_domain)) {
        return invalid("mail-id", "Message-ID");
    }
    if (m->in_reply_to.len > 0 && !is_id(m->in_reply_to)) return invalid("mail-id", "In-Reply-To");
    for (size_t i = 0; i < m->references.len; i++) {
        if (!is_id(m->references.ptr[i])) return invalid("mail-id", "References");
    }
    return RESULT_OK;
}

static struct result check_message(const struct mail_message *m)
{
    TRY(check_addresses(m));
    TRY(check_ids(m));
    if (m->list_unsubscribe.len > 0 && !is_header_url(m->list_unsubscribe)) {
        return invalid("mail-url", "List-Unsubscribe");
    }
    const struct str texts[] = {
        m->from_name, m->to_name, m->subject, m->text, m->html, m->calendar};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        /* NUL has no place in a header; it is refused here rather than mended below. */
        if (!str_is_text(texts[i], true)) return invalid("mail-text", "not UTF-8, or NUL in it");
    }
    if (m->text.len == 0) return invalid("mail-text", "no text part");
    return RESULT_OK;
}

/* --- headers --- */

static void add_date(struct sb *sb, utc_us instant)
{
    static const char DAYS[][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char MONTHS[][4] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct local_time local = local_from_utc(instant);
    struct civil_date civil = date_to_civil(local.date);
    sb_addf(sb, "Date: %s, %d %s %04d %02d:%02d:%02d +0000\r\n", DAYS[date_weekday(local.date)],
        civil.day, MONTHS[civil.month - 1], civil.year, local.second / 3600, local.second / 60 % 60,
        local.second % 60);
}

static void add_id_header(struct sb *sb, struct str name, struct str id)
{
    sb_add(sb, name);
    SB_LIT(sb, ": <");
    sb_add(sb, id);
    SB_LIT(sb, ">\r\n");
}

static void add_references(struct sb *sb, struct str_list references)
{
    if (references.len == 0) return;
    SB_LIT(sb, "References:");
    for (size_t i = 0; i < references.len; i++) {
        if (i > 0) SB_LIT(sb, "\r\n");
        SB_LIT(sb, " <");
        sb_add(sb, references.ptr[i]);
        SB_LIT(sb, ">");
    }
    SB_LIT(sb, "\r\n");
}

static void add_headers(struct sb *sb, const struct mail_message *m, struct arena *arena)
{
    add_date(sb, m->date);
    mail_add_mailbox_header(sb, STR("From"), mail_clean(arena, m->from_name), m->from_email);
    mail_add_mailbox_header(sb, STR("To"), mail_clean(arena, m->to_name), m->to_email);
    if (m->reply_to.len > 0) {
        mail_add_mailbox_header(sb, STR("Reply-To"), (struct str){0}, m->reply_to);
    }
    mail_add_text_header(sb, STR("Subject"), mail_clean(arena, m->subject));
    add_id_header(sb, STR("Message-ID"),
        arena_printf(
            arena, "%.*s@%.*s", STR_ARG(m->message_id_left), STR_ARG(m->message_id_domain)));
    if (m->in_reply_to.len > 0) add_id_header(sb, STR("In-Reply-To"), m->in_reply_to);
    add_references(sb, m->references);
    if (m->auto_submitted) {
        SB_LIT(sb, "Auto-Submitted: auto-generated\r\n");
        SB_LIT(sb, "X-Auto-Response-Suppress: OOF, AutoReply\r\n");
    }
    if (m->list_unsubscribe.len > 0) {
        add_id_header(sb, STR("List-Unsubscribe"), m->list_unsubscribe);
        if (m->one_click) SB_LIT(sb, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    }
    SB_LIT(sb, "MIME-Version: 1.0\r\n");
}

/* --- bodies --- */

static const char *method_name(enum mail_calendar_method method)
{
    switch (method) {
    case MAIL_CALENDAR_NONE: break;
    case MAIL_CALENDAR_PUBLISH: return "PUBLISH";
    case MAIL_CALENDAR_REQUEST: return "REQUEST";
    case MAIL_CALENDAR_CANCEL: return "CANCEL";
    }
    UNREACHABLE();
}

static void add_text_part(struct sb *sb, const char *subtype, struct str text)
{
    sb_addf(sb, "Content-Type: text/%s; charset=utf-8\r\n", subtype);
    SB_LIT(sb, "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
    mail_add_quoted_printable(sb, text);
}

static void add_calendar_part(struct sb *sb, const struct mail_message *m)
{
    sb_addf(sb, "Content-Type: text/calendar; charset=utf-8; method=%s\r\n",
        method_name(m->calendar_method));
    SB_LIT(sb, "Content-Transfer-Encoding: base64\r\n\r\n");
    mail_add_base64(sb, m->calendar);
}

/* "=_" cannot occur in a quoted-printable or base64 body, so neither can the boundary. */
static struct str boundary(struct arena *arena, const struct mail_message *m, const char *kind)
{
    uint64_t hash = str_hash(m->message_id_left) ^ str_hash(m->message_id_domain) << 1;
    return arena_printf(arena, "=_%s_%016llx", kind, (unsigned long long)hash);
}

static void add_multipart(struct sb *sb, const char *subtype, struct str edge)
{
    sb_addf(sb, "Content-Type: multipart/%s; boundary=\"%.*s\"\r\n\r\n", subtype, STR_ARG(edge));
}

static void add_edge(struct sb *sb, struct str edge, bool last)
{
    SB_LIT(sb, "--");
    sb_add(sb, edge);
    if (last) SB_LIT(sb, "--");
    SB_LIT(sb, "\r\n");
}

/* The same words in several forms; a reader shows the last that it understands. Mail programs of
 * calendars look for the invitation here. */
static void add_alternatives(struct sb *sb, const struct mail_message *m, struct arena *arena)
{
    if (m->html.len == 0 && m->calendar.len == 0) {
        add_text_part(sb, "plain", m->text);
        return;
    }
    struct str edge = boundary(arena, m, "alt");
    add_multipart(sb, "alternative", edge);
    add_edge(sb, edge, false);
    add_text_part(sb, "plain", m->text);
    if (m->html.len > 0) {
        add_edge(sb, edge, false);
        add_text_part(sb, "html", m->html);
    }
    if (m->calendar.len > 0) {
        add_edge(sb, edge, false);
        add_calendar_part(sb, m);
    }
    add_edge(sb, edge, true);
}

/* The invitation once more as a file, for the mail programs that show only files. */
static void add_attachment(struct sb *sb, struct str calendar)
{
    SB_LIT(sb, "Content-Type: application/ics; name=\"invite.ics\"\r\n");
    SB_LIT(sb, "Content-Disposition: attachment; filename=\"invite.ics\"\r\n");
    SB_LIT(sb, "Content-Transfer-Encoding: base64\r\n\r\n");
    mail_add_base64(sb, calendar);
}

struct result mail_build(
    const struct mail_message *message, struct arena *arena, struct str *ret_bytes)
{
    CHECK(message && arena && ret_bytes);
    CHECK((message->calendar.len > 0) == (message->calendar_method != MAIL_CALENDAR_NONE));
    TRY(check_message(message));

    struct sb sb;
    sb_init(&sb, arena, LIMIT_MAIL_BYTES);
    add_headers(&sb, message, arena);
    if (message->calendar.len > 0) {
        struct str edge = boundary(arena, message, "mixed");
        add_multipart(&sb, "mixed", edge);
        add_edge(&sb, edge, false);
        add_alternatives(&sb, message, arena);
        add_edge(&sb, edge, false);
        add_attachment(&sb, message->calendar);
        add_edge(&sb, edge, true);
    } else {
        add_alternatives(&sb, message, arena);
    }
    if (!sb_ok(&sb)) return result_fail(ERR_LIMIT, "mail-size", "the message is too long");
    *ret_bytes = sb_str(&sb);
    return RESULT_OK;
}

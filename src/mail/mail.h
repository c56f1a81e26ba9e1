/* mail: building an e-mail as bytes, and handing the bytes to a transport.
 *
 * mail_build is pure: the same message gives the same bytes (RFC 5322 and MIME, CRLF line ends,
 * ASCII only, body lines of at most 76 characters). Both transports take these bytes unchanged, so
 * what the .eml file of `dir:` shows is what `smtp:` sends.
 *
 * Sending says exactly how far it came, because the outbox never sends a message twice: a
 * connection lost between the end of the data and the server's answer is MAIL_UNKNOWN, and that
 * must not be retried.
 *
 * A mailer belongs to one thread; only mailer_cancel may be called from another. The process must
 * ignore SIGPIPE. No text in an outcome carries an address. */
#ifndef BALM_MAIL_MAIL_H
#define BALM_MAIL_MAIL_H

#include "base/arena.h"
#include "base/civil.h"
#include "base/limits.h"
#include "base/result.h"
#include "base/str.h"

#include <stdbool.h>

/* --- addresses --- */

/* A strict practical subset of RFC 5321: dot-atom local part of at most 64, a domain of two or more
 * letter-digit-hyphen labels whose last is not a number, 254 in all, ASCII only. */
bool mail_address_is_valid(struct str address);

/* --- the message --- */

enum mail_calendar_method {
    MAIL_CALENDAR_NONE,
    MAIL_CALENDAR_PUBLISH,
    MAIL_CALENDAR_REQUEST,
    MAIL_CALENDAR_CANCEL,
};

/* Empty strings leave a thing out; from, to, message id and text are required. Control characters
 * in names and the subject become spaces; in any other header field they are refused. */
struct mail_message {
    struct str from_name;
    struct str from_email;
    struct str to_name;
    struct str to_email;
    struct str reply_to; /* an address */
    struct str subject;
    struct str message_id_left;   /* <left@domain>: dot-atoms */
    struct str message_id_domain;
    struct str in_reply_to;       /* "left@domain" without <> */
    struct str_list references;   /* the same form, oldest first */
    utc_us date;
    struct str text;
    struct str html;
    struct str calendar; /* an iCalendar file whose METHOD is calendar_method */
    enum mail_calendar_method calendar_method;
    struct str list_unsubscribe; /* an http(s) or mailto URL */
    bool one_click;              /* RFC 8058: the URL takes a POST */
    bool auto_submitted;         /* sent by a program: no out-of-office answers, please */
};

/* The bytes in `arena`. ERR_INVALID, reason "mail-address", "mail-id", "mail-url" or "mail-text";
 * ERR_LIMIT, reason "mail-size". */
struct result MUST_CHECK mail_build(
    const struct mail_message *message, struct arena *arena, struct str *ret_bytes);

/* --- the transport --- */

enum mail_fate {
    MAIL_SENT,
    MAIL_TEMPORARY, /* nothing was accepted; the same message may be sent again later */
    MAIL_PERMANENT, /* refused for good */
    MAIL_UNKNOWN,   /* it may have been accepted: do not send it again */
};

struct mail_outcome {
    enum mail_fate fate;
    int code;          /* the server's reply code, 0 where there was none */
    const char *stage; /* a literal: "connect", "auth", "mail", "rcpt", "data", "end", "file" */
    char text[LIMIT_MAIL_REPLY_BYTES]; /* for the operator: one line of ASCII, no addresses */
};

/* "sent", "temporary", "permanent", "unknown". */
const char *mail_fate_name(enum mail_fate fate);

struct mailer;

/* "dir:PATH": one .eml file a message, named by its message id (sent again, it is replaced).
 *     The directory is made where it does not exist (not its parents).
 * "smtp://[user:password@]host[:port][/ehlo-name]": TLS when the server offers it; with a password
 *     TLS is required, unless the host is the loopback.
 * "smtps://...": TLS from the start.
 * User and password are percent-encoded. ERR_INVALID reason "mail-url"; ERR_IO "mail-dir". */
struct result MUST_CHECK mailer_open(struct str url, struct mailer **ret_mailer);

void mailer_close(struct mailer *mailer); /* NULL does nothing */

/* Longest time for one message; LIMIT_MAIL_SECONDS unless set. */
void mailer_set_timeout_ms(struct mailer *mailer, int timeout_ms);

/* Ends a send under way, within about a second, unless all its data are sent already; later sends
 * end at once. Any thread. */
void mailer_cancel(struct mailer *mailer);

/* `bytes` come from mail_build. Blocks. */
void mailer_send(struct mailer *mailer, struct str from, struct str to, struct str bytes,
    struct mail_outcome *ret_outcome);

#endif

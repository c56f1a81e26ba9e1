/* mailer_impl: what the transports share. For the files of mail/ only. */
#ifndef BALM_MAIL_MAILER_IMPL_H
#define BALM_MAIL_MAILER_IMPL_H

#include "mail/mail.h"

#include <stdatomic.h>

struct mailer {
    struct arena arena; /* owns the mailer itself and its texts */
    const char *url;    /* smtp: as given; holds the password, so it is never shown */
    const char *dir;    /* dir: */
    bool is_dir;
    bool tls_required;
    int timeout_ms;
    atomic_bool cancelled;
};

/* Fills in the outcome. The text becomes one bounded line of ASCII; words that hold an address, or
 * the recipient's local part, are left out of it. */
void mail_outcome_set(struct mail_outcome *outcome, enum mail_fate fate, int code,
    const char *stage, struct str text, struct str to);

struct result mail_dir_open(const char *dir);
void mail_dir_send(const struct mailer *mailer, struct str bytes, struct mail_outcome *ret_outcome);

/* Looks at the URL and says whether TLS is required. */
struct result mail_smtp_open(const char *url, bool *ret_tls_required);
void mail_smtp_send(struct mailer *mailer, struct str from, struct str to, struct str bytes,
    struct mail_outcome *ret_outcome);

#endif

/* care_mail: letters that ask how somebody is, or open their page: subject, text and HTML, in the
 * client's language. Everything comes in; nothing is read or sent here. They hold no health data.
 */
#ifndef BALM_WEB_MAIL_CARE_MAIL_H
#define BALM_WEB_MAIL_CARE_MAIL_H

#include "base/tmpl.h"
#include "mail/mail.h"
#include "practice/care/prompt.h"
#include "practice/messages/messages.h"

struct care_mail_input {
    enum message_kind kind; /* MESSAGE_CHECK_IN or MESSAGE_MY_PAGE */
    const struct practice *practice;
    struct str client_name;
    enum lang lang;
    enum prompt_reason reason; /* MESSAGE_CHECK_IN */
    struct str page_url;       /* absolute */
    struct str rhythm_url;     /* absolute; MESSAGE_CHECK_IN */
};

/* Fills subject, text and html of *ret_message and nothing else. */
struct result MUST_CHECK care_mail_render(
    const struct care_mail_input *input, struct arena *arena, struct mail_message *ret_message);

#endif

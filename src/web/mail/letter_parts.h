/* letter_parts: the three parts of a letter (subject, text, HTML), each from its template, and what
 * every letter says of its practice. */
#ifndef BALM_WEB_MAIL_LETTER_PARTS_H
#define BALM_WEB_MAIL_LETTER_PARTS_H

#include "base/tmpl.h"
#include "mail/mail.h"
#include "practice/setup/setup.h"
#include "web/views/mail.h"

typedef void letter_template(struct tmpl *t, const struct view_mail *v);

struct letter_templates {
    letter_template *subject;
    letter_template *text;
    letter_template *html;
};

/* Fills subject, text and html of *ret_message and nothing else. ERR_LIMIT "mail-size". */
struct result MUST_CHECK letter_render(const struct letter_templates *templates,
    const struct view_mail *view, enum lang lang, struct arena *arena,
    struct mail_message *ret_message);

/* Its name, address on one line, phone, in a view that is otherwise empty. */
struct view_mail letter_from(const struct practice *practice, enum lang lang, struct arena *arena);

#endif

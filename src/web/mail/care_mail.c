#include "web/mail/care_mail.h"

#include "base/check.h"
#include "web/mail/letter_parts.h"
#include "web/views/mail_check_in.tmpl.h"
#include "web/views/mail_check_in.txt.tmpl.h"
#include "web/views/mail_check_in_subject.txt.tmpl.h"
#include "web/views/mail_my_page.tmpl.h"
#include "web/views/mail_my_page.txt.tmpl.h"
#include "web/views/mail_my_page_subject.txt.tmpl.h"

#include "base/banned.h"

static const struct letter_templates check_in = {
    tmpl_mail_check_in_subject_txt, tmpl_mail_check_in_txt, tmpl_mail_check_in};
static const struct letter_templates my_page = {
    tmpl_mail_my_page_subject_txt, tmpl_mail_my_page_txt, tmpl_mail_my_page};

static enum view_asked asked(enum prompt_reason reason)
{
    switch (reason) {
    case PROMPT_NONE:
    case PROMPT_EVENING: return VIEW_ASKED_EVENING;
    case PROMPT_RUN_IN: return VIEW_ASKED_RUN_IN;
    case PROMPT_DAY_AFTER: return VIEW_ASKED_DAY_AFTER;
    case PROMPT_THREE_AFTER: return VIEW_ASKED_THREE_AFTER;
    }
    UNREACHABLE();
}

struct result care_mail_render(
    const struct care_mail_input *input, struct arena *arena, struct mail_message *ret_message)
{
    CHECK(input->kind == MESSAGE_CHECK_IN || input->kind == MESSAGE_MY_PAGE);
    CHECK(input->page_url.len > 0);
    bool asks = input->kind == MESSAGE_CHECK_IN;
    struct view_mail view = letter_from(input->practice, input->lang, arena);
    view.name = input->client_name;
    view.is_personal = 1;
    view.asked = asked(input->reason);
    view.page_url = (struct url){input->page_url};
    view.rhythm_url = (struct url){input->rhythm_url};
    return letter_render(asks ? &check_in : &my_page, &view, input->lang, arena, ret_message);
}

/* Messages: what was sent, what waits, what failed. */
#include "web/staff/staff_pages.h"

#include "auth/audit.h"
#include "base/check.h"
#include "practice/messages/messages.h"
#include "web/staff/staff_visit.h"
#include "web/views/staff_messages.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

/* What needs somebody stands first; else newest first. */
static void troubled_first(struct call *call, struct view_staff_messages_list *list)
{
    struct view_staff_message *sorted =
        ARENA_ARRAY(call->arena, list->len, struct view_staff_message);
    size_t count = 0;
    for (int calm = 0; calm < 2; calm++) {
        for (size_t i = 0; i < list->len; i++) {
            enum view_message_state state = list->ptr[i].state;
            bool trouble = state == VIEW_MESSAGE_FAILED || state == VIEW_MESSAGE_UNSURE;
            if (trouble == !calm) sorted[count++] = list->ptr[i];
        }
    }
    CHECK(count == list->len);
    list->ptr = sorted;
}

struct result staff_messages(struct call *call)
{
    struct staff_dates dates;
    struct view_staff_messages view = {0};
    staff_dates_init(&dates, call);
    staff_page_fill(call, VIEW_STAFF_MESSAGES, staff_say(call, msg_staff_messages), &view.page);
    TRY(message_counts(call->tx, call->practice->id, &view.waiting, &view.failed));
    TRY(staff_message_list(call, &dates, (struct booking_id){0}, &view.messages));
    troubled_first(call, &view.messages);
    STAFF_PAGE(call, 200, tmpl_staff_messages, &view);
    return RESULT_OK;
}

struct result staff_message_again_post(struct call *call)
{
    int64_t id;
    TRY(staff_param_id(call, "id", &id));
    TRY(message_resend(call->tx, call->practice->id, id, call->now));
    TRY(audit_add(call->tx, call->practice->id, call->now, call->actor, STR("message.again"),
        STR("message"), id, STR("")));
    staff_redirect(call, STR("/staff/messages"), "again");
    return RESULT_OK;
}

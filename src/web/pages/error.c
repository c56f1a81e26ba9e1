/* What went wrong, in the visitor's language. */
#include "base/check.h"
#include "web/pages/page.h"
#include "web/pages/pages.h"
#include "web/views/error.tmpl.h"
#include "web/words.h"

#include "base/banned.h"

/* Whole minutes of the Retry-After header that the phases set; 0 where there is none. */
static int wait_minutes(const struct http_resp *resp)
{
    for (size_t i = 0; i < resp->header_count; i++) {
        int64_t seconds;
        if (!str_eq_nocase(resp->headers[i].name, STR("Retry-After"))) continue;
        if (!str_to_i64(resp->headers[i].value, 0, 24 * 3600, &seconds)) continue;
        return (int)((seconds + 59) / 60);
    }
    return 0;
}

void page_error(struct call *call, int status, struct result why)
{
    struct format f;
    struct view_error view = {.status = status, .wait_minutes = wait_minutes(call->resp)};
    page_begin(call, &f, VIEW_PLACE_ERROR, STR("/"), &view.page);
    view.session_lost = status == 404 && why.reason && strcmp(why.reason, "unknown-booking") == 0;
    if (status == 409 || status == 422) view.reason = words_reason(call, why);
    if (status >= 500 && status != 503)
        view.request_id = arena_printf(call->arena, "%llu", (unsigned long long)call->req->id);
    bool again = call->req->method == HTTP_GET && (status == 429 || status >= 500);
    struct url self;
    if (again && url_from_str(call->req->target, &self) && self.s.ptr[0] == '/')
        view.back_url = self;
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_error(&t, &view);
    struct result sent = page_send(call, status, &sb);
    CHECK(result_is_ok(sent));
}

/* Booking for a client: one who is known, or one who just called. */
#include "web/staff/staff_pages.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/staff/staff_visit.h"
#include "web/views/staff_book.tmpl.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

static struct str given(const struct call *call, const char *name)
{
    return call->req->method == HTTP_POST ? call_form(call, name) : call_query(call, name);
}

/* The known client of the form; *ret_known false for a new one. */
static struct result known_client(struct call *call, bool *ret_known, struct client *ret_client)
{
    int64_t id;
    *ret_known = false;
    struct str text = given(call, "client");
    if (!text.len) return RESULT_OK;
    if (!str_to_i64(text, 1, INT64_MAX, &id))
        return result_fail(ERR_NOT_FOUND, "unknown-client", NULL);
    TRY(client_get(call->tx, call->practice->id, (struct client_id){id}, call->arena, ret_client));
    if (ret_client->merged_into.v)
        TRY(client_get(
            call->tx, call->practice->id, ret_client->merged_into, call->arena, ret_client));
    *ret_known = true;
    return RESULT_OK;
}

static void client_inputs(struct staff_form *form)
{
    struct view_input *name =
        staff_input(form, VIEW_INPUT_TEXT, "name", msg_staff_label_name, NULL, STR(""));
    name->required = true;
    name->wide = true;
    staff_input(
        form, VIEW_INPUT_EMAIL, "email", msg_staff_label_email, msg_staff_hint_book_email, STR(""))
        ->required = true;
    staff_input(
        form, VIEW_INPUT_TEL, "phone", msg_staff_label_phone, msg_staff_hint_optional, STR(""));
}

static struct result book_page(
    struct call *call, int status, struct staff_form *form, struct str warning)
{
    bool known;
    struct client client;
    struct staff_dates dates;
    struct view_staff_book view = {.why = warning, .find_url = URL("/staff/clients")};
    TRY(known_client(call, &known, &client));
    staff_dates_init(&dates, call);
    staff_page_fill(call, VIEW_STAFF_CALENDAR, staff_say(call, msg_staff_book_title), &view.page);
    view.why_url = URL("/staff/why");
    if (known) {
        view.client = client.name;
        view.client_url = staff_url(call, "/staff/clients/%lld", (long long)client.id.v);
        staff_hidden(form, "client", arena_printf(call->arena, "%lld", (long long)client.id.v));
    } else {
        client_inputs(form);
    }
    size_t count;
    struct view_option *options = staff_service_options(call, &count);
    staff_select(form, "service", msg_staff_label_service, NULL, options, count,
        call_query(call, "service"));
    options = staff_therapist_options(call, msg_staff_anyone, &count);
    staff_select(form, "therapist", msg_staff_label_therapist, NULL, options, count,
        call_query(call, "therapist"));
    struct str date = call_query(call, "date");
    staff_input(form, VIEW_INPUT_DATE, "date", msg_staff_label_date, NULL,
        date.len ? date : staff_iso_day(call, dates.today))
        ->required = true;
    staff_input(form, VIEW_INPUT_TIME, "time", msg_staff_label_time, NULL, call_query(call, "time"))
        ->required = true;
    staff_input(form, VIEW_INPUT_NUMBER, "minutes", msg_staff_label_minutes, msg_staff_hint_minutes,
        STR(""));
    staff_input(form, VIEW_INPUT_AREA, "note", msg_staff_label_note, msg_staff_hint_note, STR(""))
        ->max_chars = LIMIT_NOTE_CHARS;
    if (warning.len) staff_anyway(form);
    staff_form_done(form, URL("/staff/book"), msg_staff_submit_book, &view.form);
    STAFF_PAGE(call, status, tmpl_staff_book, &view);
    return RESULT_OK;
}

struct result staff_book(struct call *call)
{
    struct staff_form form;
    staff_form_init(&form, call, false);
    return book_page(call, 200, &form, (struct str){0});
}

static struct str check_note(struct staff_form *form)
{
    struct str note = call_form(form->call, "note");
    if (!str_is_text(note, false)) {
        problems_add(&form->problems, STR("note"), "bad-text", STR(""));
    } else if (str_count_chars(note) > LIMIT_NOTE_CHARS) {
        problems_add(&form->problems, STR("note"), "too-long",
            arena_printf(form->call->arena, "%d", LIMIT_NOTE_CHARS));
    }
    return note;
}

static bool read_request(struct staff_form *form, bool known, const struct client *client,
    struct booking_request *request)
{
    struct call *call = form->call;
    struct str key = call_form(call, "therapist");
    *request = (struct booking_request){.lenient = true, .therapist = -1};
    request->service = practice_service(call->practice, call_form(call, "service"));
    if (!request->service) problems_add(&form->problems, STR("service"), "required", STR(""));
    if (key.len) request->therapist = practice_therapist(call->practice, key);
    if (key.len && request->therapist < 0)
        problems_add(&form->problems, STR("therapist"), "unknown-id", key);
    staff_form_start(form, &request->start);
    request->minutes = staff_form_number(form, "minutes", 0);
    if (request->minutes && (request->minutes < 5 || request->minutes > LIMIT_SERVICE_MINUTES))
        problems_add(&form->problems, STR("minutes"), "minutes-range", STR(""));
    request->note = check_note(form);
    if (known) {
        request->known_client = client->id;
        request->client.language = client->language;
    } else {
        request->client = (struct client_details){.name = call_form(call, "name"),
            .email = call_form(call, "email"),
            .phone = call_form(call, "phone"),
            .language = tmpl_lang_code(call->lang)};
        client_check(&request->client, STR(""), &form->problems);
    }
    return form->problems.count == 0;
}

struct result staff_book_post(struct call *call)
{
    bool known;
    struct client client;
    struct staff_form form;
    struct staff_dates dates;
    struct booking_request request;
    TRY(known_client(call, &known, &client));
    staff_form_init(&form, call, true);
    staff_dates_init(&dates, call);
    struct result invalid = result_fail(ERR_INVALID, "invalid", NULL);
    if (!read_request(&form, known, &client, &request)) {
        TRY(book_page(call, 422, &form, (struct str){0}));
        return invalid;
    }
    struct open_query query = {.practice = call->practice,
        .service = request.service,
        .therapist = request.therapist,
        .minutes = request.minutes,
        .now = call->now};
    if (!str_eq(call_form(call, "anyway"), STR("1"))) {
        struct str warning;
        TRY(staff_warning(call, &dates, &query, request.start, &warning, &request.therapist));
        if (warning.len) {
            staff_anyway_missed(&form);
            TRY(book_page(call, 422, &form, warning));
            return invalid;
        }
    }
    struct booking_env env = call_env(call);
    struct booking booking;
    TRY(tx_savepoint(call->tx));
    struct result result = booking_make(&env, &request, &booking);
    if (!result_is_ok(result)) {
        tx_savepoint_rollback(call->tx);
        if (result.code != ERR_CONFLICT && result.code != ERR_INVALID) return result;
        TRY(staff_obstacle(call, &dates, &query, request.start, result, &form.problem));
        TRY(book_page(call, result.code == ERR_CONFLICT ? 409 : 422, &form, (struct str){0}));
        return result;
    }
    TRY(tx_savepoint_release(call->tx));
    call->calendar_changed = true;
    staff_redirect(
        call, arena_printf(call->arena, "/staff/bookings/%lld", (long long)booking.id.v), "booked");
    return RESULT_OK;
}

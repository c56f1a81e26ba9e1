#include "app/letter.h"

#include "base/check.h"
#include "base/limits.h"
#include "interop/booking_ical.h"
#include "web/mail/booking_mail.h"

#include "base/banned.h"

struct str letter_origin(const struct practice *p, struct str base_url, struct arena *arena)
{
    if (base_url.len) return base_url;
    if (p->host_count) return arena_printf(arena, "https://%.*s", STR_ARG(p->hosts[0]));
    return arena_printf(arena, "http://%.*s.localhost", STR_ARG(p->slug));
}

/* A move is told against what the client knows, which may be older than what it was moved from.
 * Where a later change is told by a letter of its own, or all is again as they know it, there is
 * nothing to tell. */
static struct result settle_move(struct booking_env *env, const struct message *message,
    int sequence_now, struct booking_event *event, bool *ret_overtaken)
{
    int64_t told_id;
    struct booking_event told;
    *ret_overtaken = sequence_now > event->sequence;
    TRY(message_last_told(env->tx, env->practice->id, message->booking, &told_id));
    if (!told_id) return RESULT_OK;
    TRY(booking_event_find(env, told_id, &told));
    event->old_starts = told.starts;
    event->old_ends = told.ends;
    event->old_therapist = told.therapist;
    if (told.starts == event->starts && told.ends == event->ends &&
        told.therapist.v == event->therapist.v)
        *ret_overtaken = true;
    return RESULT_OK;
}

/* The booking as the event left it: a letter tells what happened, whatever happened since. */
static struct result load_as_of_event(struct booking_env *env, const struct message *message,
    struct booking *ret_booking, struct booking_event *ret_event, bool *ret_overtaken)
{
    TRY(booking_find(env, message->booking, ret_booking));
    *ret_overtaken = message->kind == MESSAGE_REMINDER &&
                     (ret_booking->status != BOOKING_CONFIRMED || ret_booking->starts <= env->now);
    if (!message->event) return RESULT_OK;
    TRY(booking_event_find(env, message->event, ret_event));
    if (message->kind == MESSAGE_MOVED)
        TRY(settle_move(env, message, ret_booking->sequence, ret_event, ret_overtaken));
    ret_booking->starts = ret_event->starts;
    ret_booking->ends = ret_event->ends;
    ret_booking->therapist = ret_event->therapist;
    ret_booking->room = ret_event->room;
    ret_booking->sequence = ret_event->sequence;
    return RESULT_OK;
}

static struct result add_calendar(struct booking_env *env, const struct message *message,
    const struct booking *booking, const struct client *client, struct str manage_url,
    struct mail_message *mail)
{
    struct ical_event event;
    bool cancelled = message->kind == MESSAGE_CANCELLED;
    TRY(booking_ical_event(env, booking, &event));
    event.method = cancelled ? ICAL_CANCEL : ICAL_REQUEST;
    event.status = cancelled ? ICAL_CANCELLED : ICAL_CONFIRMED;
    event.stamp = message->created;
    event.organizer_name = env->practice->name;
    event.organizer_email = mail->from_email;
    event.attendee_name = client->name;
    event.attendee_email = client->email;
    event.url = manage_url;
    struct sb sb;
    sb_init(&sb, env->arena, LIMIT_MAIL_BYTES / 4);
    ical_write(&sb, &event);
    if (!sb_ok(&sb)) return result_fail(ERR_LIMIT, "calendar-size", NULL);
    mail->calendar = sb_str(&sb);
    mail->calendar_method = cancelled ? MAIL_CALENDAR_CANCEL : MAIL_CALENDAR_REQUEST;
    return RESULT_OK;
}

void letter_address(const struct practice *p, const struct message *message,
    const struct client *client, utc_us now, struct arena *arena, struct mail_message *mail)
{
    struct str domain = p->host_count ? p->hosts[0] : STR("balm.invalid");
    mail->from_name = p->name;
    mail->from_email = mail_address_is_valid(p->email)
                           ? p->email
                           : arena_printf(arena, "no-reply@%.*s", STR_ARG(domain));
    mail->to_name = client->name;
    mail->to_email = client->email;
    mail->message_id_left = message->message_id;
    mail->message_id_domain = domain;
    mail->date = now;
    mail->auto_submitted = true;
}

struct result letter_compose(struct booking_env *env, const struct message *message,
    struct str base_url, struct letter *ret_letter)
{
    CHECK(message->recipient == MESSAGE_TO_CLIENT && message->booking.v);
    struct booking booking;
    struct booking_event event = {0};
    struct client client;
    struct str unused;
    int64_t before;
    struct letter letter = {0};
    bool overtaken;
    TRY(load_as_of_event(env, message, &booking, &event, &overtaken));
    if (overtaken) {
        ret_letter->overtaken = true;
        return RESULT_OK;
    }
    TRY(client_get(env->tx, env->practice->id, booking.client, env->arena, &client));
    TRY(booking_count_before(env, booking.client, booking.starts, &before));
    struct booking_mail_input input = {
        .kind = message->kind,
        .practice = env->practice,
        .booking = &booking,
        .event = message->event ? &event : NULL,
        .client_name = client.name,
        .lang = LANG_EN,
        .origin = letter_origin(env->practice, base_url, env->arena),
        .first_visit = before == 0,
    };
    tmpl_lang_from_code(booking.language, &input.lang);
    input.manage_url = arena_printf(
        env->arena, "%.*s/b/%.*s", STR_ARG(input.origin), STR_ARG(booking_token(env, &booking)));
    TRY(setup_service_name(env->tx, env->practice->id, booking.service, input.lang, env->arena,
        &input.service_name, &unused));
    TRY(setup_resource_name(
        env->tx, env->practice->id, booking.therapist, env->arena, &input.therapist_name, &unused));
    TRY(booking_mail_render(&input, env->arena, &letter.mail));
    letter_address(env->practice, message, &client, env->now, env->arena, &letter.mail);
    if (message->kind != MESSAGE_REMINDER)
        TRY(add_calendar(env, message, &booking, &client, input.manage_url, &letter.mail));
    *ret_letter = letter;
    return RESULT_OK;
}

#include "web/mail/booking_mail.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/format.h"
#include "web/mail/letter_parts.h"
#include "web/views/mail_cancelled.tmpl.h"
#include "web/views/mail_cancelled.txt.tmpl.h"
#include "web/views/mail_cancelled_subject.txt.tmpl.h"
#include "web/views/mail_confirmed.tmpl.h"
#include "web/views/mail_confirmed.txt.tmpl.h"
#include "web/views/mail_confirmed_subject.txt.tmpl.h"
#include "web/views/mail_moved.tmpl.h"
#include "web/views/mail_moved.txt.tmpl.h"
#include "web/views/mail_moved_subject.txt.tmpl.h"
#include "web/views/mail_reminder.tmpl.h"
#include "web/views/mail_reminder.txt.tmpl.h"
#include "web/views/mail_reminder_subject.txt.tmpl.h"

#include "base/banned.h"

static const struct letter_templates letters[] = {
    [MESSAGE_CONFIRMED] = {tmpl_mail_confirmed_subject_txt, tmpl_mail_confirmed_txt,
        tmpl_mail_confirmed},
    [MESSAGE_MOVED] = {tmpl_mail_moved_subject_txt, tmpl_mail_moved_txt, tmpl_mail_moved},
    [MESSAGE_CANCELLED] = {tmpl_mail_cancelled_subject_txt, tmpl_mail_cancelled_txt,
        tmpl_mail_cancelled},
    [MESSAGE_REMINDER] = {tmpl_mail_reminder_subject_txt, tmpl_mail_reminder_txt,
        tmpl_mail_reminder},
};

/* A time that occurs twice that day carries its difference to universal time. */
static struct str time_text(
    const struct format *f, const struct tz *zone, utc_us instant, bool with_zone)
{
    struct local_time local = tz_utc_to_local(zone, instant);
    struct sb sb;
    sb_init(&sb, f->arena, 256);
    sb_add(&sb, format_time(f, local));
    if (tz_local_to_utc(zone, local).count == 2) {
        sb_add_char(&sb, ' ');
        sb_add(&sb, format_offset(f, tz_offset_at(zone, instant).seconds));
    }
    if (with_zone) {
        SB_LIT(&sb, " (");
        sb_add(&sb, format_zone(f, tz_name(zone)));
        SB_LIT(&sb, ")");
    }
    return sb_str(&sb);
}

static void fill(const struct booking_mail_input *in, const struct format *f, struct view_mail *v)
{
    const struct practice *p = in->practice;
    const struct booking *b = in->booking;
    const struct booking_event *event = in->event;
    struct money price = {.minor = b->price_minor};
    memcpy(price.currency, p->currency, sizeof price.currency);
    int notice = p->rules.cancel_notice_minutes;
    if (p->rules.reschedule_notice_minutes > notice) notice = p->rules.reschedule_notice_minutes;
    utc_us until = b->starts - notice * US_PER_MINUTE;
    *v = letter_from(p, in->lang, f->arena);
    v->name = in->client_name;
    v->service = in->service_name;
    v->minutes = (int)((b->ends - b->starts) / US_PER_MINUTE);
    v->day = format_date_full(f, tz_utc_to_local(p->zone, b->starts).date);
    v->time = time_text(f, p->zone, b->starts, true);
    v->therapist = in->therapist_name;
    v->manage_url = (struct url){in->manage_url};
    v->book_url = (struct url){arena_printf(f->arena, "%.*s/book", STR_ARG(in->origin))};
    v->first_visit = in->first_visit;
    if (price.minor) v->price = format_price(f, price);
    utc_us told_at = event ? event->at : b->created;
    if (until > told_at) v->cancel_until = format_moment(f, tz_utc_to_local(p->zone, until));
    if (event && event->kind == EVENT_MOVED && event->old_starts)
        v->before = format_moment(f, tz_utc_to_local(p->zone, event->old_starts));
    /* The client's own reason is not told to them again. */
    if (event && event->kind == EVENT_CANCELLED && event->actor.kind == ACTOR_STAFF)
        v->reason = event->reason;
}

struct result booking_mail_render(
    const struct booking_mail_input *input, struct arena *arena, struct mail_message *ret_message)
{
    CHECK(input->kind >= MESSAGE_CONFIRMED && input->kind <= MESSAGE_REMINDER);
    CHECK(input->practice && input->booking);
    struct format f;
    struct view_mail view;
    format_init(&f, arena, input->lang, input->practice->locale);
    fill(input, &f, &view);
    return letter_render(&letters[input->kind], &view, input->lang, arena, ret_message);
}

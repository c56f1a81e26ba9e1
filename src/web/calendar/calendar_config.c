/* What the calendar's script is told by the page: the practice, and all its words. */
#include "web/calendar/internal.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum { DAY_MINUTES = 24 * 60, MARGIN_MINUTES = 60, OPENS = 8 * 60, CLOSES = 20 * 60 };

/* Sentences without a placeholder. */
static const struct {
    const char *name;
    staff_sentence say;
} plain_words[] = {
    {"confirmed", msg_calendar_state_confirmed},
    {"done", msg_calendar_state_done},
    {"no-show", msg_calendar_state_no_show},
    {"cancelled", msg_calendar_state_cancelled},
    {"first", msg_calendar_state_first},
    {"held", msg_calendar_being_booked},
    {"off", msg_calendar_time_off},
    {"empty", msg_calendar_js_list_empty},
    {"undone_booking", msg_calendar_js_undone_booking},
    {"off_removed", msg_calendar_js_off_removed},
    {"off_back", msg_calendar_js_off_back},
    {"first_of_two", msg_calendar_js_first_of_two},
    {"second_of_two", msg_calendar_js_second_of_two},
    {"failed", msg_calendar_js_failed},
    {"signed_out", msg_calendar_js_signed_out},
    {"stale", msg_calendar_js_stale},
    {"no_clients", msg_calendar_js_no_clients},
    {"choose_client", msg_calendar_js_choose_client},
    {"week_before", msg_calendar_js_week_before},
    {"week_after", msg_calendar_js_week_after},
    {"day_before", msg_calendar_js_day_before},
    {"day_after", msg_calendar_js_day_after},
    {"no_such_hour", msg_calendar_no_such_hour},
};

typedef void (*sentence_one)(struct tmpl *t, struct str one);
typedef void (*sentence_two)(struct tmpl *t, struct str one, struct str two);

/* Sentences whose placeholders the script fills. */
static const struct {
    const char *name;
    sentence_one say;
    struct str one;
} one_words[] = {
    {"done_said", msg_calendar_js_done, STR_INIT("{client}")},
    {"no-show_said", msg_calendar_js_no_show, STR_INIT("{client}")},
    {"confirmed_said", msg_calendar_js_reopened, STR_INIT("{client}")},
    {"cancelled_said", msg_calendar_js_cancelled, STR_INIT("{client}")},
    {"off_moved", msg_calendar_js_off_moved, STR_INIT("{when}")},
    {"found", msg_calendar_js_clients_found, STR_INIT("{count}")},
    {"minutes", msg_calendar_js_minutes, STR_INIT("{minutes}")},
};
static const struct {
    const char *name;
    sentence_two say;
    struct str one;
    struct str two;
} two_words[] = {
    {"moved", msg_calendar_js_moved, STR_INIT("{client}"), STR_INIT("{when}")},
    {"moved_back", msg_calendar_js_moved_back, STR_INIT("{client}"), STR_INIT("{when}")},
    {"booked", msg_calendar_js_booked, STR_INIT("{client}"), STR_INIT("{when}")},
    {"off_added", msg_calendar_js_off_added, STR_INIT("{name}"), STR_INIT("{when}")},
};

static void write_words(struct call *call, struct jw *jw)
{
    jw_object(jw);
    for (size_t i = 0; i < COUNT_OF(plain_words); i++) {
        jw_key(jw, str_from_cstr(plain_words[i].name));
        jw_str(jw, staff_say(call, plain_words[i].say));
    }
    for (size_t i = 0; i < COUNT_OF(one_words); i++) {
        struct tmpl *t = staff_text(call);
        one_words[i].say(t, one_words[i].one);
        jw_key(jw, str_from_cstr(one_words[i].name));
        jw_str(jw, staff_text_end(t));
    }
    for (size_t i = 0; i < COUNT_OF(two_words); i++) {
        struct tmpl *t = staff_text(call);
        two_words[i].say(t, two_words[i].one, two_words[i].two);
        jw_key(jw, str_from_cstr(two_words[i].name));
        jw_str(jw, staff_text_end(t));
    }
    jw_object_end(jw);
}

static void write_people(struct call *call, struct jw *jw)
{
    const struct practice *p = call->practice;
    jw_key(jw, STR("therapists"));
    jw_array(jw);
    for (size_t i = 0; i < p->therapist_count; i++) {
        jw_object(jw);
        JW_STR(jw, "id", p->therapists[i].key);
        JW_STR(jw, "name", p->therapists[i].name);
        jw_object_end(jw);
    }
    jw_array_end(jw);
    jw_key(jw, STR("services"));
    jw_array(jw);
    for (size_t i = 0; i < p->service_count; i++) {
        const struct service *service = &p->services[i];
        jw_object(jw);
        JW_STR(jw, "id", service->key);
        JW_I64(jw, "minutes", service->minutes);
        jw_key(jw, STR("therapists"));
        jw_array(jw);
        for (size_t k = 0; k < service->therapist_count; k++)
            jw_str(jw, p->therapists[service->therapists[k]].key);
        jw_array_end(jw);
        jw_object_end(jw);
    }
    jw_array_end(jw);
}

/* "24:00" where it is the end of the day. */
static struct str clock_text(struct arena *arena, int minutes)
{
    struct sb sb;
    sb_init(&sb, arena, 8);
    minutes_write(&sb, minutes);
    return sb_str(&sb);
}

/* From an hour before the first opens to an hour after the last closes; what lies outside widens it
 * in the browser. */
static void write_hours(struct call *call, struct jw *jw)
{
    const struct practice *p = call->practice;
    int from = DAY_MINUTES;
    int to = 0;
    for (size_t i = 0; i < p->therapist_count; i++) {
        for (size_t k = 0; k < p->therapists[i].hours_count; k++) {
            const struct hours_row *row = &p->therapists[i].hours[k];
            if (row->from_min < from) from = row->from_min;
            if (row->to_min > to) to = row->to_min;
        }
    }
    if (to <= from) {
        from = OPENS;
        to = CLOSES;
    }
    from = from > MARGIN_MINUTES ? (from - MARGIN_MINUTES) / 60 * 60 : 0;
    to = to + MARGIN_MINUTES < DAY_MINUTES ? (to + MARGIN_MINUTES + 59) / 60 * 60 : DAY_MINUTES;
    JW_STR(jw, "day_from", clock_text(call->arena, from));
    JW_STR(jw, "day_to", clock_text(call->arena, to));
}

struct json_text calendar_config(struct call *call, const struct staff_dates *dates, date_day day)
{
    const struct practice *p = call->practice;
    struct sb sb;
    struct jw jw;
    sb_init(&sb, call->arena, LIMIT_PAGE_BYTES);
    jw_init(&jw, &sb);
    jw_object(&jw);
    JW_STR(&jw, "locale",
        dates->format.us        ? STR("en-US")
        : call->lang == LANG_ES ? STR("es-ES")
                                : STR("en-GB"));
    JW_STR(&jw, "zone", tz_name(p->zone));
    JW_STR(&jw, "now", calendar_instant(call->arena, p->zone, call->now));
    JW_STR(&jw, "day", staff_iso_day(call, day));
    JW_STR(&jw, "today", staff_iso_day(call, dates->today));
    JW_I64(&jw, "week_start",
        (format_week_start(&dates->format) + 1) % 7); /* Sunday 0, as in JavaScript */
    JW_I64(&jw, "step", p->rules.step_minutes);
    write_hours(call, &jw);
    write_people(call, &jw);
    jw_key(&jw, STR("words"));
    write_words(call, &jw);
    jw_object_end(&jw);
    CHECK(sb_ok(&sb));
    return (struct json_text){sb_str(&sb)};
}

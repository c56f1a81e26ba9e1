/* What is in the way of a change, and which rules staff pass over with it, in words. */
#include "web/calendar/internal.h"

#include "base/check.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

struct result calendar_find_blocker(struct booking_env *env, int therapist, utc_us from, utc_us to,
    struct owner except, struct calendar_blocker *ret_blocker)
{
    struct busy_list busy = {0};
    if (therapist >= 0) {
        TRY(occupancy_load(env->tx, env->practice->id, env->practice->therapists[therapist].id,
            from, to, env->now, except, env->arena, &busy));
    }
    *ret_blocker = (struct calendar_blocker){.therapist = therapist};
    if (busy.len) ret_blocker->busy = busy.ptr[0];
    return RESULT_OK;
}

static struct result booking_words(
    struct call *call, const struct calendar_blocker *blocker, bool time_off, struct str *ret_words)
{
    struct booking_env env = call_env(call);
    struct str name = call->practice->therapists[blocker->therapist].name;
    struct staff_dates dates;
    struct booking booking;
    struct client client;
    staff_dates_init(&dates, call);
    TRY(booking_find(&env, (struct booking_id){blocker->busy.owner.id}, &booking));
    TRY(client_get(call->tx, call->practice->id, booking.client, call->arena, &client));
    struct tmpl *t = staff_text(call);
    if (time_off) {
        msg_calendar_off_booking(t, name, staff_client_name(call, &client), staff_when(&dates, booking.starts));
    } else {
        msg_calendar_taken_booking(t, name, staff_client_name(call, &client), staff_clock(&dates, blocker->busy.from),
            staff_clock(&dates, blocker->busy.to));
    }
    *ret_words = staff_text_end(t);
    return RESULT_OK;
}

struct result calendar_refuse_blocked(
    struct call *call, struct result failure, const struct calendar_blocker *blocker, bool time_off)
{
    bool known = failure.code == ERR_CONFLICT && blocker->busy.owner.kind != OWNER_NONE;
    if (!known) return calendar_refuse_plain(call, failure);
    struct str name = call->practice->therapists[blocker->therapist].name;
    struct str words;
    struct tmpl *t;
    switch (blocker->busy.owner.kind) {
    case OWNER_BOOKING: TRY(booking_words(call, blocker, time_off, &words)); break;
    case OWNER_HOLD:
        t = staff_text(call);
        msg_calendar_taken_hold(t, name);
        words = staff_text_end(t);
        break;
    case OWNER_TIME_OFF:
        t = staff_text(call);
        msg_calendar_taken_off(t, name);
        words = staff_text_end(t);
        break;
    case OWNER_NONE: UNREACHABLE();
    }
    return calendar_refuse(call, failure, words);
}

static struct str passed_words(struct call *call, enum why why, struct str name, bool begun)
{
    struct tmpl *t = staff_text(call);
    switch (why) {
    case WHY_NOT_THEIR_SERVICE: msg_calendar_passed_service(t, name); break;
    case WHY_TOO_SOON:
        if (begun) {
            msg_calendar_passed_past(t);
        } else {
            msg_calendar_passed_soon(t);
        }
        break;
    case WHY_TOO_FAR: msg_calendar_passed_far(t); break;
    case WHY_OUTSIDE_HOURS: msg_calendar_passed_hours(t, name); break;
    case WHY_OFF_GRID: msg_calendar_passed_grid(t); break;
    case WHY_DAY_FULL: msg_calendar_passed_full(t, name); break;
    case WHY_OFFERED:
    case WHY_NO_ROOM:
    case WHY_BUSY: break; /* never passed over: the change itself is refused */
    }
    return staff_text_end(t);
}

static void add_passed(
    struct call *call, enum why why, struct str name, bool begun, struct calendar_passed *passed)
{
    struct str words = passed_words(call, why, name, begun);
    if (words.len) passed->lines[passed->count++] = words;
}

struct result calendar_find_passed(struct call *call, const struct open_query *query, int therapist,
    utc_us start, struct calendar_passed *ret_passed)
{
    struct calendar_passed passed = {.count = 0};
    struct str name = call->practice->therapists[therapist].name;
    struct why_answer answer;
    TRY(open_why(call->tx, query, therapist, start, call->arena, &answer));
    add_passed(call, answer.why, name, start < call->now, &passed);
    if (answer.why == WHY_TOO_SOON || answer.why == WHY_TOO_FAR) {
        /* Notice and horizon hide the rules behind them: ask again without the two. */
        enum { CENTURY_DAYS = 36500 };
        struct practice patient = *call->practice;
        struct open_query again = *query;
        patient.rules.notice_minutes = -CENTURY_DAYS * 24 * 60;
        patient.rules.horizon_days = CENTURY_DAYS;
        again.practice = &patient;
        TRY(open_why(call->tx, &again, therapist, start, call->arena, &answer));
        add_passed(call, answer.why, name, false, &passed);
    }
    *ret_passed = passed;
    return RESULT_OK;
}

void calendar_write_passed(struct jw *jw, const struct calendar_passed *passed)
{
    jw_key(jw, STR("passed"));
    jw_array(jw);
    for (size_t i = 0; i < passed->count; i++)
        jw_str(jw, passed->lines[i]);
    jw_array_end(jw);
}

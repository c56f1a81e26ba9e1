/* Wall times and instants as the calendar's script writes and reads them. */
#include "web/calendar/internal.h"

#include "base/banned.h"

enum { WALL_CHARS = 16, WALL_CHARS_WITH_SECONDS = 19 };

static void add_wall(struct sb *sb, struct local_time local)
{
    date_write(sb, local.date);
    sb_add_char(sb, 'T');
    minutes_write(sb, local.second / 60);
    sb_add_char(sb, ':');
    sb_add_padded(sb, (uint64_t)(local.second % 60), 2);
}

struct str calendar_wall(struct arena *arena, const struct tz *zone, utc_us instant)
{
    struct sb sb;
    sb_init(&sb, arena, 32);
    add_wall(&sb, tz_utc_to_local(zone, instant));
    return sb_str(&sb);
}

struct str calendar_instant(struct arena *arena, const struct tz *zone, utc_us instant)
{
    struct sb sb;
    sb_init(&sb, arena, 40);
    rfc3339_write(&sb, instant, tz_offset_at(zone, instant).seconds);
    return sb_str(&sb);
}

/* "2026-03-09T09:00" or "2026-03-09T09:00:00" */
static bool wall_parse(struct str text, struct local_time *ret_local)
{
    int minutes;
    date_day date;
    if (text.len == WALL_CHARS_WITH_SECONDS && str_ends(text, STR(":00"))) text.len = WALL_CHARS;
    if (text.len != WALL_CHARS || text.ptr[10] != 'T') return false;
    if (!date_parse(str_slice(text, 0, 10), &date)) return false;
    if (!minutes_parse(str_slice(text, 11, WALL_CHARS), true, &minutes)) return false;
    *ret_local = (struct local_time){date, minutes * 60};
    return true;
}

struct result calendar_when(
    const struct tz *zone, struct str text, utc_us near, utc_us *ret_instant)
{
    utc_us instant;
    if (rfc3339_parse(text, &instant)) {
        if (instant % US_PER_MINUTE) return result_fail(ERR_INVALID, "bad-time", NULL);
        *ret_instant = instant;
        return RESULT_OK;
    }
    struct local_time local;
    if (!wall_parse(text, &local)) return result_fail(ERR_INVALID, "bad-time", NULL);
    struct tz_instants instants = tz_local_to_utc(zone, local);
    if (instants.count == 0) return result_fail(ERR_INVALID, "no-such-hour", NULL);
    *ret_instant = instants.at[0];
    if (instants.count == 2 && near) {
        int32_t wanted = tz_offset_at(zone, near).seconds;
        if (tz_offset_at(zone, instants.at[1]).seconds == wanted) *ret_instant = instants.at[1];
    }
    return RESULT_OK;
}

/* "-04:00" */
static struct str offset_text(struct arena *arena, int32_t seconds)
{
    int32_t minutes = (seconds < 0 ? -seconds : seconds) / 60;
    return arena_printf(
        arena, "%c%02d:%02d", seconds < 0 ? '-' : '+', (int)(minutes / 60), (int)(minutes % 60));
}

static struct str wall_at_offset(struct arena *arena, utc_us instant, int32_t offset)
{
    struct sb sb;
    sb_init(&sb, arena, 32);
    add_wall(&sb, local_from_utc(instant + offset * US_PER_SECOND));
    return sb_str(&sb);
}

void calendar_write_shifts(
    struct jw *jw, struct arena *arena, const struct tz *zone, utc_us from, utc_us to)
{
    utc_us at = from - 1;
    jw_array(jw);
    while (tz_next_transition(zone, at, to, &at)) {
        int32_t before = tz_offset_at(zone, at - 1).seconds;
        int32_t after = tz_offset_at(zone, at).seconds;
        if (before == after) continue;
        bool skips = after > before;
        jw_object(jw);
        JW_STR(jw, "kind", skips ? STR("skips") : STR("repeats"));
        JW_STR(jw, "from", wall_at_offset(arena, at, skips ? before : after));
        JW_STR(jw, "to", wall_at_offset(arena, at, skips ? after : before));
        JW_STR(jw, "before", offset_text(arena, before));
        JW_STR(jw, "after", offset_text(arena, after));
        jw_object_end(jw);
    }
    jw_array_end(jw);
}

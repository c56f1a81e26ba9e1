#include "app/clock.h"

#include <stdlib.h>
#include <time.h>

#include "base/banned.h"

static int64_t offset_us; /* set once, before threads start */

static int64_t read_us(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / 1000;
}

struct result clock_init(void)
{
    const char *text = getenv("BALM_CLOCK");
    offset_us = 0;
    if (!text || !*text) return RESULT_OK;
    utc_us start;
    if (!rfc3339_parse(str_from_cstr(text), &start))
        return result_fail(
            ERR_INVALID, "bad-clock", "BALM_CLOCK must be an instant such as 2026-03-01T12:00:00Z");
    offset_us = start - read_us(CLOCK_REALTIME);
    return RESULT_OK;
}

utc_us clock_now(void)
{
    return read_us(CLOCK_REALTIME) + offset_us;
}

int64_t clock_monotonic_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

#include "store/fault.h"

#include "store/engine.h"

#include <stdlib.h>

#include "base/banned.h"

atomic_bool fault_armed;
static _Atomic int64_t fault_at;
static _Atomic int64_t calls;
static atomic_bool fired;

void store_fault_arm(int64_t n)
{
    CHECK(n >= 0);
    atomic_store(&fault_armed, false);
    atomic_store(&fault_at, n);
    atomic_store(&calls, 0);
    atomic_store(&fired, false);
    atomic_store(&fault_armed, n > 0);
}

bool store_fault_fired(void)
{
    return atomic_load(&fired);
}

int64_t store_fault_calls(void)
{
    return atomic_load(&calls);
}

struct result fault_count(void)
{
    if (atomic_fetch_add(&calls, 1) + 1 != atomic_load(&fault_at)) return RESULT_OK;
    atomic_store(&fired, true);
    return result_fail(ERR_IO, "fault", "a fault that was asked for");
}

/* An optimised build does not look at the environment: no one can make a real server fail by it. */
void fault_from_environment(void)
{
#ifndef __OPTIMIZE__
    int64_t n = 0;
    if (str_to_i64(str_from_cstr(getenv("BALM_FAULT")), 1, INT64_MAX, &n)) store_fault_arm(n);
#endif
}

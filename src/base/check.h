/* Assertions for programmer errors. They stay on in release: a server that has lost its
 * invariants must stop before it writes (an acknowledged change is already on disk). */
#ifndef BALM_BASE_CHECK_H
#define BALM_BASE_CHECK_H

#include "base/compiler.h"

/* Prints `what` with its place and ends the process. Never returns. */
NO_RETURN void check_failed(const char *what, const char *file, int line);

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (UNLIKELY(!(condition))) check_failed(#condition, __FILE__, __LINE__);                  \
    } while (0)

#define UNREACHABLE() check_failed("unreachable", __FILE__, __LINE__)

#endif

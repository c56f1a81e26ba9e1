/* Reading whole files, with a limit. */
#ifndef BALM_CLI_FILES_H
#define BALM_CLI_FILES_H

#include "base/arena.h"
#include "base/result.h"

/* "-" is standard input. ERR_LIMIT beyond max bytes, ERR_IO where it cannot be read (detail names
 * it). */
struct result MUST_CHECK file_read(
    struct arena *arena, struct str path, size_t max, struct str *ret_text);

#endif

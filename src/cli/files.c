#include "cli/files.h"

#include "base/sb.h"

#include <errno.h>
#include <stdio.h>

#include "base/banned.h"

struct result file_read(struct arena *arena, struct str path, size_t max, struct str *ret_text)
{
    const char *name = arena_cstr(arena, path);
    bool is_stdin = str_eq(path, STR("-"));
    FILE *file = is_stdin ? stdin : fopen(name, "rb");
    if (!file) {
        return result_fail(
            ERR_IO, "cannot-read", arena_printf(arena, "%s: %s", name, strerror(errno)).ptr);
    }
    struct sb sb;
    sb_init(&sb, arena, max);
    char buffer[16384];
    size_t got;
    while ((got = fread(buffer, 1, sizeof buffer, file)) > 0)
        sb_add_bytes(&sb, buffer, got);
    bool failed = ferror(file) != 0;
    if (!is_stdin) fclose(file);
    if (failed) return result_fail(ERR_IO, "cannot-read", name);
    if (!sb_ok(&sb)) {
        return result_fail(ERR_LIMIT, "too-large",
            arena_printf(arena, "%s has more than %zu bytes", name, max).ptr);
    }
    *ret_text = sb_str(&sb);
    return RESULT_OK;
}

/* Text from anywhere: rows that a fit accepts, or a complaint that names a line. */
#include "base/check.h"
#include "relief/relief.h"

#include <math.h>

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena arena;
    struct relief_csv csv;
    struct str text = {(const char *)data, size};
    struct result result = relief_read_csv(&arena, text, &csv);
    if (!result_is_ok(result)) {
        CHECK(str_starts(str_from_cstr(result.detail), STR("line ")));
        CHECK(str_is_text(str_from_cstr(result.detail), false));
    } else {
        for (size_t i = 0; i < csv.count; i++) {
            const struct relief_row *row = &csv.rows[i];
            CHECK(isfinite(row->t_days) && fabs(row->t_days) <= 1e7);
            CHECK(row->kind == RELIEF_SESSION || (row->y >= 0 && row->y <= 10));
        }
        struct relief_fit fit;
        if (csv.count <= 100) result = relief_fit_rows(&arena, csv.rows, csv.count, NULL, &fit);
        CHECK(result_is_ok(result) || result.code == ERR_LIMIT);
    }
    arena_reset(&arena);
    return 0;
}

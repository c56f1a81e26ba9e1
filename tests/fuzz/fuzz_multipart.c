/* multipart/form-data of any bytes: the first line is the Content-Type, the rest the body; and once
 * more with a boundary that fits, so that the body's reader is reached. */
#include "base/check.h"
#include "base/limits.h"
#include "http/forms.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_parts(struct str type, struct str body)
{
    struct arena arena = {0};
    struct form_parts parts;
    if (result_is_ok(multipart_decode(type, body, &arena, &parts))) {
        CHECK(parts.len <= LIMIT_MULTIPART_PARTS);
        for (size_t i = 0; i < parts.len; i++) {
            const struct form_part *part = &parts.ptr[i];
            CHECK(str_is_text(part->name, false) && str_is_text(part->filename, false));
            CHECK(part->body.len <= body.len);
            if (part->body.len == 0) continue;
            CHECK(part->body.ptr >= body.ptr);
            CHECK(part->body.ptr + part->body.len <= body.ptr + body.len);
        }
    }
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = malloc(size ? size : 1);
    CHECK(copy);
    if (size) memcpy(copy, data, size);
    struct str text = {copy, size};
    size_t line = str_find(text, '\n');
    check_parts(str_slice(text, 0, line), str_slice(text, line + 1, text.len));
    check_parts(STR("multipart/form-data; boundary=X"), text);
    free(copy);
    return 0;
}

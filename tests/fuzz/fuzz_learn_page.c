/* A Learn page from anywhere: a page whose fields hold what the header promises and that survives
 * being written and read again, or a complaint that names a line. */
#include "base/check.h"
#include "base/limits.h"
#include "practice/learn/learn.h"

#include "base/banned.h"

static void check_page(struct arena *arena, struct str text, const struct learn_page *page)
{
    CHECK(page->title.len && page->summary.len && page->body.len);
    CHECK((page->kind == LEARN_CLAIM) == (page->part_count > 0));
    CHECK((page->kind == LEARN_CLAIM) == (page->claim.len > 0));
    CHECK(page->kind == LEARN_GUIDE || page->reference_count > 0);
    for (size_t i = 0; i < page->reference_count; i++) {
        const struct learn_reference *r = &page->references[i];
        CHECK(r->authors.len && r->year && (r->place.len || r->doi.len || r->pmid.len));
    }
    struct learn_fields fields;
    struct str again;
    struct learn_page same;
    CHECK(result_is_ok(learn_split(arena, text, &fields)));
    struct result written = learn_write(arena, &fields, &again);
    if (written.code == ERR_LIMIT) return; /* it was as long as a page may be */
    CHECK(result_is_ok(written) && result_is_ok(learn_parse(arena, again, &same)));
    CHECK(str_eq(same.title, page->title) && same.measures == page->measures);
    CHECK(same.reference_count == page->reference_count && same.order == page->order);
    CHECK(str_eq(same.body, page->body) && same.part_count == page->part_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena arena;
    struct learn_page page;
    struct str text = {(const char *)data, size};
    struct result result = learn_parse(&arena, text, &page);
    if (result_is_ok(result)) {
        check_page(&arena, text, &page);
    } else {
        CHECK(result.code == ERR_SYNTAX || result.code == ERR_INVALID);
        CHECK(str_starts(str_from_cstr(result.detail), STR("line ")));
    }
    arena_reset(&arena);
    return 0;
}

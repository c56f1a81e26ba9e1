#include "practice/booking/spans.h"

#include "base/check.h"

#include "base/banned.h"

struct spans spans_new(struct arena *arena, size_t cap)
{
    return (struct spans){ARENA_ARRAY_RAW(arena, cap, struct span), 0, cap};
}

void spans_add(struct spans *spans, utc_us from, utc_us to)
{
    CHECK(from < to);
    struct span *last = spans->len ? &spans->ptr[spans->len - 1] : NULL;
    if (last && from <= last->to) {
        CHECK(from >= last->from);
        if (to > last->to) last->to = to;
        return;
    }
    CHECK(spans->len < spans->cap);
    spans->ptr[spans->len++] = (struct span){from, to};
}

struct spans spans_intersect(struct arena *arena, struct spans a, struct spans b)
{
    struct spans both = spans_new(arena, a.len + b.len);
    size_t i = 0;
    size_t k = 0;
    while (i < a.len && k < b.len) {
        const struct span *x = &a.ptr[i];
        const struct span *y = &b.ptr[k];
        utc_us from = x->from > y->from ? x->from : y->from;
        utc_us to = x->to < y->to ? x->to : y->to;
        if (from < to) spans_add(&both, from, to);
        if (x->to < y->to) {
            i++;
        } else {
            k++;
        }
    }
    return both;
}

/* From span to span: what lies between two of them is moved as one. */
size_t spans_remove_from(struct spans spans, utc_us *instants, size_t count)
{
    size_t kept = 0;
    size_t i = 0;
    for (size_t k = 0; k < spans.len && i < count; k++) {
        size_t from = i;
        while (i < count && instants[i] < spans.ptr[k].from)
            i++;
        if (kept != from) memmove(instants + kept, instants + from, (i - from) * sizeof *instants);
        kept += i - from;
        while (i < count && instants[i] < spans.ptr[k].to)
            i++;
    }
    if (kept != i) memmove(instants + kept, instants + i, (count - i) * sizeof *instants);
    return kept + (count - i);
}

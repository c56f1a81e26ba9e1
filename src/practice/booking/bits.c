#include "practice/booking/bits.h"

#include "base/check.h"

#include <string.h>

#include "base/banned.h"

/* The words and masks of a clamped range; false where it is empty. */
static bool clamp(struct bits b, int64_t *from, int64_t *to)
{
    int64_t end = (int64_t)b.count * 64;
    if (*from < 0) *from = 0;
    if (*to > end) *to = end;
    return *from < *to;
}

static uint64_t ones_from(int64_t bit)
{
    return ~UINT64_C(0) << (bit % 64);
}

static uint64_t ones_until(int64_t bit) /* of the word that holds bit-1 */
{
    return ~UINT64_C(0) >> (63 - (bit - 1) % 64);
}

void bits_set(struct bits b, int64_t from, int64_t to)
{
    if (!clamp(b, &from, &to)) return;
    int64_t first = from / 64;
    int64_t last = (to - 1) / 64;
    if (first == last) {
        b.words[first] |= ones_from(from) & ones_until(to);
        return;
    }
    b.words[first] |= ones_from(from);
    for (int64_t w = first + 1; w < last; w++)
        b.words[w] = ~UINT64_C(0);
    b.words[last] |= ones_until(to);
}

void bits_clear(struct bits b, int64_t from, int64_t to)
{
    if (!clamp(b, &from, &to)) return;
    int64_t first = from / 64;
    int64_t last = (to - 1) / 64;
    if (first == last) {
        b.words[first] &= ~(ones_from(from) & ones_until(to));
        return;
    }
    b.words[first] &= ~ones_from(from);
    for (int64_t w = first + 1; w < last; w++)
        b.words[w] = 0;
    b.words[last] &= ~ones_until(to);
}

void bits_fill(struct bits b, bool value)
{
    memset(b.words, value ? 0xFF : 0, b.count * sizeof *b.words);
}

void bits_and(struct bits into, struct bits other)
{
    CHECK(into.count == other.count);
    for (size_t i = 0; i < into.count; i++)
        into.words[i] &= other.words[i];
}

void bits_or(struct bits into, struct bits other)
{
    CHECK(into.count == other.count);
    for (size_t i = 0; i < into.count; i++)
        into.words[i] |= other.words[i];
}

/* b &= b >> by; words are read ahead of where they are written, so it works in place. */
static void and_shifted_down(struct bits b, size_t by)
{
    size_t skip = by / 64;
    unsigned shift = (unsigned)(by % 64);
    size_t whole = b.count > skip ? b.count - skip : 0;
    if (shift == 0) {
        for (size_t i = 0; i < whole; i++)
            b.words[i] &= b.words[i + skip];
    } else if (whole > 0) {
        for (size_t i = 0; i + 1 < whole; i++)
            b.words[i] &= b.words[i + skip] >> shift | b.words[i + skip + 1] << (64 - shift);
        b.words[whole - 1] &= b.words[b.count - 1] >> shift;
    }
    for (size_t i = whole; i < b.count; i++)
        b.words[i] = 0;
}

void bits_starts_of_runs(struct bits b, size_t run)
{
    CHECK(run > 0);
    size_t have = 1;
    while (have < run) {
        size_t by = have * 2 <= run ? have : run - have;
        and_shifted_down(b, by);
        have += by;
    }
}

void bits_shift_up(struct bits b, size_t by)
{
    size_t skip = by / 64;
    unsigned shift = (unsigned)(by % 64);
    for (size_t i = b.count; i-- > 0;) {
        uint64_t word = 0;
        if (i >= skip) {
            word = b.words[i - skip] << shift;
            if (shift && i > skip) word |= b.words[i - skip - 1] >> (64 - shift);
        }
        b.words[i] = word;
    }
}

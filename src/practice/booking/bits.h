/* Bit sets of minutes: one bit a minute from some first minute on. Pure functions on arrays of 64-bit
 * words; the loops are plain so that the compiler vectorises them. */
#ifndef BALM_PRACTICE_BOOKING_BITS_H
#define BALM_PRACTICE_BOOKING_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bits {
    uint64_t *words;
    size_t count; /* words */
};

static inline size_t bits_words(size_t bit_count)
{
    return (bit_count + 63) / 64;
}

static inline bool bits_test(struct bits b, size_t bit)
{
    return bit / 64 < b.count && (b.words[bit / 64] >> (bit % 64) & 1);
}

static inline void bits_set_one(struct bits b, size_t bit)
{
    b.words[bit / 64] |= UINT64_C(1) << (bit % 64);
}

/* Sets (clears) the bits [from, to), clamped to the set. */
void bits_set(struct bits b, int64_t from, int64_t to);
void bits_clear(struct bits b, int64_t from, int64_t to);
void bits_fill(struct bits b, bool value);

void bits_and(struct bits into, struct bits other);
void bits_or(struct bits into, struct bits other);

/* Bit i becomes 1 where bits i .. i+run-1 are all 1 (bits beyond the end count as 0): the starts at
 * which `run` minutes fit. In place, in log2(run) passes of shift-and. */
void bits_starts_of_runs(struct bits b, size_t run);

/* Bit i becomes what bit i-by was; the first `by` bits become 0. In place. */
void bits_shift_up(struct bits b, size_t by);

#endif

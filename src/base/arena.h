/* Arena: memory for one request (or one command), freed all at once.
 *
 * Allocation is a pointer bump; nothing is freed singly. arena_reset keeps the first block for the
 * next request. Memory is zeroed but where it says "raw". Blocks are poisoned on reset in
 * address-sanitizer builds, so a pointer that outlives its request is found by the tests.
 *
 * An arena never returns NULL: where the system has no memory left, or an arena passes its maximum
 * (every input has a limit, so that is a bug), the process ends with a message. What was
 * acknowledged is on disk by then; the supervisor starts the server anew.
 *
 * Not thread-safe: one arena belongs to one request at a time. */
#ifndef BALM_BASE_ARENA_H
#define BALM_BASE_ARENA_H

#include "base/compiler.h"
#include "base/str.h"

#include <stddef.h>
#include <stdarg.h>

struct arena_block;

struct arena {
    struct arena_block *first;
    struct arena_block *current;
    size_t used_total; /* bytes handed out since the last reset */
    size_t max;        /* bytes this arena may hand out, 0 = LIMIT_ARENA_BYTES */
};

/* A zeroed struct arena is a ready, empty arena. */
void arena_init(struct arena *arena, size_t max);

/* Forget all allocations; keep the first block. */
void arena_reset(struct arena *arena);

/* Give all memory back. The arena is empty and may be used again. */
void arena_release(struct arena *arena);

/* `size` zeroed bytes aligned to `align` (a power of two, at most 64). size 0 gives a valid
 * pointer. */
void *arena_alloc(struct arena *arena, size_t size, size_t align);

/* An array of `count` elements; the product is checked. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size, size_t align);

/* The same with whatever bytes were there: for memory that is written before it is read. */
void *arena_alloc_raw(struct arena *arena, size_t size, size_t align);
void *arena_alloc_array_raw(struct arena *arena, size_t count, size_t size, size_t align);

/* Enlarge the newest allocation in place if it is `ptr` of `old_size` bytes; otherwise copy.
 * What is new is raw. */
void *arena_grow(struct arena *arena, void *ptr, size_t old_size, size_t new_size, size_t align);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type), _Alignof(type)))
#define ARENA_ARRAY(arena, count, type)                                                            \
    ((type *)arena_alloc_array((arena), (count), sizeof(type), _Alignof(type)))
#define ARENA_ARRAY_RAW(arena, count, type)                                                        \
    ((type *)arena_alloc_array_raw((arena), (count), sizeof(type), _Alignof(type)))

/* Copies that end in NUL (not counted in len). */
struct str arena_str(struct arena *arena, struct str s);
const char *arena_cstr(struct arena *arena, struct str s);

/* printf into the arena; the text ends in NUL (not counted). */
struct str arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
struct str arena_vprintf(struct arena *arena, const char *format, va_list args) PRINTF_LIKE(2, 0);

#endif

#include "base/arena.h"

#include "base/check.h"
#include "base/limits.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#if HAVE_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(ptr, size) ASAN_POISON_MEMORY_REGION((ptr), (size))
#define UNPOISON(ptr, size) ASAN_UNPOISON_MEMORY_REGION((ptr), (size))
#else
#define POISON(ptr, size) ((void)0)
#define UNPOISON(ptr, size) ((void)0)
#endif

#include "base/banned.h"

/* One block holds what nearly every request needs: only the pages that are touched count. */
enum { BLOCK_BYTES = 64 << 10, MAX_ALIGN = 64 };

struct arena_block {
    struct arena_block *next;
    size_t cap;
    size_t used;
    _Alignas(MAX_ALIGN) char data[];
};

static struct arena_block *block_new(size_t cap)
{
    size_t bytes = sizeof(struct arena_block) + cap;
    bytes = (bytes + MAX_ALIGN - 1) / MAX_ALIGN * MAX_ALIGN;
    struct arena_block *block = aligned_alloc(MAX_ALIGN, bytes);
    if (!block) {
        fprintf(stderr, "balm: out of memory (%zu bytes)\n", bytes);
        abort();
    }
    block->next = NULL;
    block->cap = bytes - sizeof(struct arena_block);
    block->used = 0;
    POISON(block->data, block->cap);
    return block;
}

void arena_init(struct arena *arena, size_t max)
{
    *arena = (struct arena){.max = max};
}

void arena_reset(struct arena *arena)
{
    if (!arena->first) return;
    struct arena_block *block = arena->first->next;
    while (block) {
        struct arena_block *next = block->next;
        UNPOISON(block->data, block->cap);
        free(block);
        block = next;
    }
    arena->first->next = NULL;
    arena->first->used = 0;
    POISON(arena->first->data, arena->first->cap);
    arena->current = arena->first;
    arena->used_total = 0;
}

void arena_release(struct arena *arena)
{
    arena_reset(arena);
    if (arena->first) {
        UNPOISON(arena->first->data, arena->first->cap);
        free(arena->first);
    }
    arena->first = NULL;
    arena->current = NULL;
}

void *arena_alloc_raw(struct arena *arena, size_t size, size_t align)
{
    CHECK(align > 0 && align <= MAX_ALIGN && (align & (align - 1)) == 0);
    size_t max = arena->max ? arena->max : LIMIT_ARENA_BYTES;
    CHECK(size <= max && arena->used_total <= max - size);

    struct arena_block *block = arena->current;
    size_t start = block ? (block->used + align - 1) & ~(align - 1) : 0;
    if (!block || start > block->cap || size > block->cap - start) {
        size_t cap = block ? block->cap * 2 : BLOCK_BYTES;
        if (cap > (1u << 20)) cap = 1u << 20;
        struct arena_block *fresh = block_new(size > cap ? size : cap);
        if (block) {
            block->next = fresh;
        } else {
            arena->first = fresh;
        }
        arena->current = block = fresh;
        start = 0;
    }
    block->used = start + size;
    arena->used_total += size;
    UNPOISON(block->data + start, size);
    return block->data + start;
}

void *arena_alloc(struct arena *arena, size_t size, size_t align)
{
    return memset(arena_alloc_raw(arena, size, align), 0, size);
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size, size_t align)
{
    CHECK(size == 0 || count <= SIZE_MAX / size);
    return arena_alloc(arena, count * size, align);
}

void *arena_alloc_array_raw(struct arena *arena, size_t count, size_t size, size_t align)
{
    CHECK(size == 0 || count <= SIZE_MAX / size);
    return arena_alloc_raw(arena, count * size, align);
}

void *arena_grow(struct arena *arena, void *ptr, size_t old_size, size_t new_size, size_t align)
{
    CHECK(new_size >= old_size);
    struct arena_block *block = arena->current;
    size_t extra = new_size - old_size;
    if (block && ptr && (char *)ptr + old_size == block->data + block->used &&
        extra <= block->cap - block->used) {
        return arena_alloc_raw(arena, extra, 1) ? ptr : NULL;
    }
    void *fresh = arena_alloc_raw(arena, new_size, align);
    if (old_size) memcpy(fresh, ptr, old_size);
    return fresh;
}

struct str arena_str(struct arena *arena, struct str s)
{
    char *copy = arena_alloc_raw(arena, s.len + 1, 1);
    if (s.len) memcpy(copy, s.ptr, s.len);
    copy[s.len] = '\0';
    return (struct str){copy, s.len};
}

const char *arena_cstr(struct arena *arena, struct str s)
{
    return arena_str(arena, s).ptr;
}

/* Most texts are short: these are printed once, and copied. */
struct str arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    char guess[256];
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(guess, sizeof guess, format, again);
    va_end(again);
    CHECK(len >= 0);
    if ((size_t)len < sizeof guess) return arena_str(arena, (struct str){guess, (size_t)len});
    char *text = arena_alloc_raw(arena, (size_t)len + 1, 1);
    vsnprintf(text, (size_t)len + 1, format, args);
    return (struct str){text, (size_t)len};
}

struct str arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

/* sb: a bounded string builder.
 *
 * Every builder has a maximum (from base/limits.h). Beyond it the builder stops growing and
 * remembers that it overflowed: callers write freely and ask sb_ok() once at the end. Memory comes
 * from an arena, or is a fixed buffer that the caller owns. */
#ifndef BALM_BASE_SB_H
#define BALM_BASE_SB_H

#include "base/arena.h"
#include "base/str.h"

#include <stdint.h>

struct sb {
    char *ptr;
    size_t len;
    size_t cap;
    size_t max;
    struct arena *arena; /* NULL: fixed buffer */
    bool overflow;
};

/* A builder in an arena that may grow to `max` bytes. */
void sb_init(struct sb *sb, struct arena *arena, size_t max);

/* A builder over the caller's buffer. */
void sb_init_fixed(struct sb *sb, char *buffer, size_t size);

/* Room for `extra` more bytes in one piece; false (and overflow) beyond the maximum. */
bool sb_reserve(struct sb *sb, size_t extra);

void sb_add_any(struct sb *sb, const char *ptr, size_t len);

/* Short literals, of which templates add hundreds, are copied with a few moves where they stand;
 * all else by one function. */
static ALWAYS_INLINE void sb_add_bytes(struct sb *sb, const char *ptr, size_t len)
{
    if (__builtin_constant_p(len) && len <= 64 && LIKELY(len <= sb->cap - sb->len)) {
        memcpy(sb->ptr + sb->len, ptr, len);
        sb->len += len;
    } else {
        sb_add_any(sb, ptr, len);
    }
}

static inline void sb_add(struct sb *sb, struct str s)
{
    sb_add_bytes(sb, s.ptr, s.len);
}

static inline void sb_add_char(struct sb *sb, char c)
{
    sb_add_bytes(sb, &c, 1);
}

#define SB_LIT(sb, literal) sb_add_bytes((sb), "" literal, sizeof(literal) - 1)

void sb_add_cstr(struct sb *sb, const char *text); /* NULL adds nothing */
void sb_add_i64(struct sb *sb, int64_t value);
void sb_add_padded(struct sb *sb, uint64_t value, int width); /* zero-padded decimal */
void sb_addf(struct sb *sb, const char *format, ...) PRINTF_LIKE(2, 3);

static inline bool sb_ok(const struct sb *sb)
{
    return !sb->overflow;
}

/* What was built; valid while the arena or buffer is. */
static inline struct str sb_str(const struct sb *sb)
{
    return (struct str){sb->ptr, sb->len};
}

/* The same, with a NUL behind it (not counted); empty when there is no room for the NUL. */
const char *sb_cstr(struct sb *sb);

#endif

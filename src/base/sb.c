#include "base/sb.h"

#include "base/check.h"

#include <stdio.h>

#include "base/banned.h"

void sb_init(struct sb *sb, struct arena *arena, size_t max)
{
    CHECK(arena && max > 0);
    *sb = (struct sb){.arena = arena, .max = max};
}

void sb_init_fixed(struct sb *sb, char *buffer, size_t size)
{
    CHECK(buffer && size > 0);
    *sb = (struct sb){.ptr = buffer, .cap = size, .max = size};
}

bool sb_reserve(struct sb *sb, size_t extra)
{
    if (extra <= sb->cap - sb->len) return true;
    if (sb->overflow || !sb->arena || extra > sb->max - sb->len) {
        sb->overflow = true;
        return false;
    }
    size_t cap = sb->cap ? sb->cap * 2 : 512;
    if (cap < sb->len + extra) cap = sb->len + extra; /* asked for in one piece: exactly that */
    if (cap > sb->max) cap = sb->max;
    sb->ptr = arena_grow(sb->arena, sb->ptr, sb->cap, cap, 1);
    sb->cap = cap;
    return true;
}

void sb_add_any(struct sb *sb, const char *ptr, size_t len)
{
    if (UNLIKELY(len > sb->cap - sb->len) && (sb->overflow || !sb_reserve(sb, len))) return;
    if (len) memcpy(sb->ptr + sb->len, ptr, len);
    sb->len += len;
}

void sb_add_cstr(struct sb *sb, const char *text)
{
    if (text) sb_add_bytes(sb, text, strlen(text));
}

void sb_add_i64(struct sb *sb, int64_t value)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (value < 0) digits[--at] = '-';
    sb_add_bytes(sb, digits + at, sizeof digits - at);
}

void sb_add_padded(struct sb *sb, uint64_t value, int width)
{
    char digits[24];
    size_t at = sizeof digits;
    CHECK(width >= 0 && width <= 20);
    while (value || width > 0) {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
        width--;
    }
    sb_add_bytes(sb, digits + at, sizeof digits - at);
}

void sb_addf(struct sb *sb, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    CHECK(len >= 0);
    /* vsnprintf writes a NUL as well: room for it is asked for, its byte is not kept. */
    if (!sb->overflow && sb_reserve(sb, (size_t)len + 1)) {
        vsnprintf(sb->ptr + sb->len, (size_t)len + 1, format, args);
        sb->len += (size_t)len;
    }
    va_end(args);
}

const char *sb_cstr(struct sb *sb)
{
    if (!sb_reserve(sb, 1)) return "";
    sb->ptr[sb->len] = '\0';
    return sb->ptr;
}

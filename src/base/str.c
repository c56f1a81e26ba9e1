#include "base/str.h"

#include "base/banned.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

struct str str_slice(struct str s, size_t from, size_t to)
{
    if (to > s.len) to = s.len;
    if (from >= to) return (struct str){0};
    return (struct str){s.ptr + from, to - from};
}

int str_compare(struct str a, struct str b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.ptr, b.ptr, len) : 0;
    if (order != 0) return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++) {
        if (lower(a.ptr[i]) != lower(b.ptr[i])) return false;
    }
    return true;
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq(str_slice(s, 0, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq(str_slice(s, s.len - suffix.len, s.len), suffix);
}

bool str_contains(struct str s, struct str needle)
{
    if (needle.len == 0) return true;
    for (size_t i = 0; i + needle.len <= s.len; i++) {
        if (memcmp(s.ptr + i, needle.ptr, needle.len) == 0) return true;
    }
    return false;
}

size_t str_find(struct str s, char c)
{
    const char *at = s.len ? memchr(s.ptr, c, s.len) : NULL;
    return at ? (size_t)(at - s.ptr) : s.len;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    size_t from = 0;
    size_t to = s.len;
    while (from < to && is_space(s.ptr[from]))
        from++;
    while (to > from && is_space(s.ptr[to - 1]))
        to--;
    return str_slice(s, from, to);
}

bool str_cut(struct str *rest, char sep, struct str *ret_head)
{
    if (rest->len == 0) return false;
    size_t at = str_find(*rest, sep);
    *ret_head = str_slice(*rest, 0, at);
    *rest = str_slice(*rest, at + 1, rest->len);
    return true;
}

bool str_to_i64(struct str s, int64_t min, int64_t max, int64_t *ret_value)
{
    size_t at = 0;
    bool negative = s.len > 0 && s.ptr[0] == '-';
    if (negative) at = 1;
    if (at == s.len || s.len - at > 19) return false;
    uint64_t value = 0;
    for (; at < s.len; at++) {
        if (s.ptr[at] < '0' || s.ptr[at] > '9') return false;
        value = value * 10 + (uint64_t)(s.ptr[at] - '0'); /* 19 digits fit in 64 bits */
    }
    if (value > (uint64_t)INT64_MAX) return false;
    int64_t signed_value = negative ? -(int64_t)value : (int64_t)value;
    if (signed_value < min || signed_value > max) return false;
    *ret_value = signed_value;
    return true;
}

/* Length of the UTF-8 sequence at p (RFC 3629), 0 where it is not one. */
static size_t utf8_length(const unsigned char *p, size_t left)
{
    unsigned char first = p[0];
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4) return 0;
    size_t need = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (left < need) return 0;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F; /* no surrogates */
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
    if (p[1] < low || p[1] > high) return 0;
    for (size_t i = 2; i < need; i++) {
        if ((p[i] & 0xC0) != 0x80) return 0;
    }
    return need;
}

bool str_is_text(struct str s, bool allow_control)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    size_t i = 0;
    while (i < s.len) {
        unsigned char c = p[i];
        if (c == 0) return false;
        if (!allow_control && (c < 0x20 || c == 0x7F) && c != '\t' && c != '\n' && c != '\r') {
            return false;
        }
        size_t step = utf8_length(p + i, s.len - i);
        if (step == 0) return false;
        i += step;
    }
    return true;
}

size_t str_count_chars(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (((unsigned char)s.ptr[i] & 0xC0) != 0x80) count++;
    }
    return count;
}

uint64_t str_hash(struct str s)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < s.len; i++) {
        hash = (hash ^ (unsigned char)s.ptr[i]) * 1099511628211u;
    }
    return hash;
}

#include "mail/encode.h"

#include "base/check.h"

#include "base/banned.h"

enum { COLUMNS_MAX = 76 };

static const char HEX[] = "0123456789ABCDEF";

static void add_hex(struct sb *sb, unsigned char byte)
{
    const char code[3] = {'=', HEX[byte >> 4], HEX[byte & 15]};
    sb_add_bytes(sb, code, sizeof code);
}

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

struct str mail_clean(struct arena *arena, struct str text)
{
    struct str trimmed = str_trim(text);
    char *copy = arena_alloc(arena, trimmed.len + 1, 1);
    for (size_t i = 0; i < trimmed.len; i++) {
        unsigned char c = (unsigned char)trimmed.ptr[i];
        copy[i] = c < 0x20 || c == 0x7F ? ' ' : (char)c;
    }
    return str_trim((struct str){copy, trimmed.len});
}

static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < 0x20 || c > 0x7E) return false;
    }
    /* What looks like an encoded word must be one. */
    return !str_contains(text, STR("=?"));
}

/* What may stand for itself in an encoded word anywhere, display names included. */
static bool is_word_safe(char c)
{
    return is_alnum(c) || c == '!' || c == '*' || c == '+' || c == '-' || c == '/';
}

/* Bytes of the character at the start of `s`, by its following continuation bytes. */
static size_t char_bytes(struct str s)
{
    size_t n = 1;
    while (n < s.len && n < 4 && ((unsigned char)s.ptr[n] & 0xC0) == 0x80)
        n++;
    return n;
}

static size_t word_cost(struct str character)
{
    char c = character.ptr[0];
    if (character.len == 1 && (is_word_safe(c) || c == ' ')) return 1;
    return character.len * 3;
}

static void add_word_char(struct sb *sb, struct str character)
{
    for (size_t i = 0; i < character.len; i++) {
        char c = character.ptr[i];
        if (is_word_safe(c)) {
            sb_add_char(sb, c);
        } else if (c == ' ') {
            sb_add_char(sb, '_');
        } else {
            add_hex(sb, (unsigned char)c);
        }
    }
}

/* Encoded words of whole characters on lines of at most 76, so that no word is longer than the 75
 * allowed (a space or the field's name stands before it). Returns the column. */
static size_t add_encoded_words(struct sb *sb, size_t column, struct str text)
{
    static const struct str OPEN = STR_INIT("=?utf-8?Q?");
    static const struct str CLOSE = STR_INIT("?=");
    CHECK(column > 0 && column < COLUMNS_MAX && text.len > 0);

    bool open = false;
    for (size_t at = 0; at < text.len;) {
        struct str rest = str_slice(text, at, text.len);
        struct str character = str_slice(rest, 0, char_bytes(rest));
        size_t cost = word_cost(character);
        size_t needed = (open ? 0 : OPEN.len) + cost + CLOSE.len;
        if (column + needed > COLUMNS_MAX) {
            if (open) sb_add(sb, CLOSE);
            SB_LIT(sb, "\r\n ");
            column = 1;
            open = false;
        }
        if (!open) {
            sb_add(sb, OPEN);
            column += OPEN.len;
            open = true;
        }
        add_word_char(sb, character);
        column += cost;
        at += character.len;
    }
    sb_add(sb, CLOSE);
    return column + CLOSE.len;
}

void mail_add_text_header(struct sb *sb, struct str name, struct str text)
{
    sb_add(sb, name);
    SB_LIT(sb, ": ");
    size_t column = name.len + 2;
    if (is_plain(text) && column + text.len <= COLUMNS_MAX) {
        sb_add(sb, text);
    } else {
        add_encoded_words(sb, column, text);
    }
    SB_LIT(sb, "\r\n");
}

static size_t add_quoted(struct sb *sb, struct str text)
{
    size_t before = sb->len;
    sb_add_char(sb, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\') sb_add_char(sb, '\\');
        sb_add_char(sb, text.ptr[i]);
    }
    sb_add_char(sb, '"');
    return sb->len - before;
}

void mail_add_mailbox_header(struct sb *sb, struct str name, struct str display, struct str email)
{
    sb_add(sb, name);
    SB_LIT(sb, ": ");
    size_t column = name.len + 2;
    if (display.len > 0) {
        /* Twice the length: every character might need a backslash. */
        if (is_plain(display) && column + 2 * display.len + 2 <= COLUMNS_MAX) {
            column += add_quoted(sb, display);
        } else {
            column = add_encoded_words(sb, column, display);
        }
        if (column + 3 + email.len > COLUMNS_MAX) SB_LIT(sb, "\r\n");
        SB_LIT(sb, " ");
    }
    SB_LIT(sb, "<");
    sb_add(sb, email);
    SB_LIT(sb, ">\r\n");
}

static bool is_line_end(struct str text, size_t at)
{
    return at >= text.len || text.ptr[at] == '\r' || text.ptr[at] == '\n';
}

/* May the character at `at` stand for itself? A space at a line's end may not, nor may the F of
 * "From " at a line's start, which old mailboxes would alter. */
static bool is_literal(struct str text, size_t at, bool line_start)
{
    char c = text.ptr[at];
    if (c == ' ' || c == '\t') return !is_line_end(text, at + 1);
    if (c == 'F' && line_start) return !str_starts(str_slice(text, at, at + 5), STR("From "));
    return c > ' ' && c <= '~' && c != '=';
}

void mail_add_quoted_printable(struct sb *sb, struct str text)
{
    size_t column = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (is_line_end(text, i)) {
            if (text.ptr[i] == '\r' && i + 1 < text.len && text.ptr[i + 1] == '\n') i++;
            SB_LIT(sb, "\r\n");
            column = 0;
            continue;
        }
        bool literal = is_literal(text, i, column == 0);
        if (column + (literal ? 1 : 3) > COLUMNS_MAX - 1) {
            SB_LIT(sb, "=\r\n");
            column = 0;
            literal = is_literal(text, i, true);
        }
        if (literal) {
            sb_add_char(sb, text.ptr[i]);
        } else {
            add_hex(sb, (unsigned char)text.ptr[i]);
        }
        column += literal ? 1 : 3;
    }
    if (column > 0) SB_LIT(sb, "\r\n");
}

void mail_add_base64(struct sb *sb, struct str bytes)
{
    static const char ALPHABET[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *p = (const unsigned char *)bytes.ptr;
    size_t column = 0;
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t three = (uint32_t)p[i] << 16;
        if (left > 1) three |= (uint32_t)p[i + 1] << 8;
        if (left > 2) three |= p[i + 2];
        const char four[4] = {ALPHABET[three >> 18], ALPHABET[three >> 12 & 63],
            left > 1 ? ALPHABET[three >> 6 & 63] : '=', left > 2 ? ALPHABET[three & 63] : '='};
        sb_add_bytes(sb, four, sizeof four);
        column += sizeof four;
        if (column == COLUMNS_MAX) {
            SB_LIT(sb, "\r\n");
            column = 0;
        }
    }
    if (column > 0) SB_LIT(sb, "\r\n");
}

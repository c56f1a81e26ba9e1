#include "base/log.h"

#include "base/check.h"
#include "base/limits.h"

#include <errno.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/banned.h"

/* Room that is kept back for the end of a line that was cut. */
#define CUT_MARK " cut=true\n"

static _Atomic(int) least_level = LOG_INFO;
static _Atomic(int) output_fd = 2;
static _Atomic(utc_us (*)(void)) clock_source; /* NULL: lines carry no time */

void log_set_level(enum log_level least)
{
    atomic_store(&least_level, (int)least);
}

void log_set_fd(int fd)
{
    atomic_store(&output_fd, fd);
}

void log_set_clock(utc_us (*clock)(void))
{
    atomic_store(&clock_source, clock);
}

static const char *level_name(enum log_level level)
{
    switch (level) {
    case LOG_DEBUG: return "debug";
    case LOG_INFO: return "info";
    case LOG_WARNING: return "warning";
    case LOG_ERROR: return "error";
    }
    return "error";
}

static bool needs_quotes(struct str text)
{
    if (text.len == 0) return true;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c <= ' ' || c >= 0x7F || c == '"' || c == '=' || c == '\\') return true;
    }
    return false;
}

/* One byte of a quoted value. Whatever could move a terminal's cursor is written as an escape. */
static void add_escaped(struct sb *sb, const struct str *text, size_t at, bool is_utf8)
{
    unsigned char c = (unsigned char)text->ptr[at];
    bool c1 = c == 0xC2 && at + 1 < text->len && (unsigned char)text->ptr[at + 1] < 0xA0;
    bool after_c1 = at > 0 && c < 0xA0 && (unsigned char)text->ptr[at - 1] == 0xC2;
    if (c == '"' || c == '\\') {
        sb_add_char(sb, '\\');
        sb_add_char(sb, (char)c);
    } else if (c == '\n') {
        SB_LIT(sb, "\\n");
    } else if (c == '\r') {
        SB_LIT(sb, "\\r");
    } else if (c == '\t') {
        SB_LIT(sb, "\\t");
    } else if (c < 0x20 || c == 0x7F || (c >= 0x80 && (!is_utf8 || c1 || after_c1))) {
        sb_add_char(sb, '\\');
        sb_add_char(sb, 'x');
        sb_add_char(sb, "0123456789abcdef"[c >> 4]);
        sb_add_char(sb, "0123456789abcdef"[c & 15]);
    } else {
        sb_add_char(sb, (char)c);
    }
}

/* At most LIMIT_LOG_VALUE_BYTES of the text, cut before a character's first byte. */
static void add_value(struct sb *sb, struct str text)
{
    bool cut = text.len > LIMIT_LOG_VALUE_BYTES;
    bool is_utf8 = str_is_text(text, true);
    if (cut) {
        text.len = LIMIT_LOG_VALUE_BYTES;
        while (is_utf8 && text.len > 0 && ((unsigned char)text.ptr[text.len] & 0xC0) == 0x80)
            text.len--;
    }
    if (!cut && !needs_quotes(text)) {
        sb_add(sb, text);
        return;
    }
    sb_add_char(sb, '"');
    for (size_t i = 0; i < text.len; i++)
        add_escaped(sb, &text, i, is_utf8);
    if (cut) SB_LIT(sb, "...");
    sb_add_char(sb, '"');
}

static void add_head(struct sb *sb, enum log_level level, const char *event)
{
    utc_us (*clock)(void) = atomic_load(&clock_source);
    if (clock) {
        utc_us now = clock();
        SB_LIT(sb, "ts=");
        rfc3339_write_utc(sb, now);
        sb->len--; /* the Z moves behind the milliseconds */
        sb_add_char(sb, '.');
        int64_t us = now % US_PER_SECOND;
        sb_add_padded(sb, (uint64_t)(us < 0 ? us + US_PER_SECOND : us) / 1000, 3);
        SB_LIT(sb, "Z ");
    }
    SB_LIT(sb, "level=");
    sb_add_cstr(sb, level_name(level));
    SB_LIT(sb, " event=");
    add_value(sb, str_from_cstr(event));
}

void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t n)
{
    CHECK(event && (fields || n == 0));
    if ((int)level < atomic_load(&least_level)) return;
    char line[LIMIT_LOG_LINE_BYTES];
    struct sb sb;
    sb_init_fixed(&sb, line, sizeof line - (sizeof CUT_MARK - 1));
    add_head(&sb, level, event);
    size_t whole = sb.len; /* where the last field that fitted ends */
    for (size_t i = 0; i < n && sb_ok(&sb); i++) {
        CHECK(fields[i].name);
        sb_add_char(&sb, ' ');
        sb_add_cstr(&sb, fields[i].name);
        sb_add_char(&sb, '=');
        if (fields[i].is_number) {
            sb_add_i64(&sb, fields[i].number);
        } else {
            add_value(&sb, fields[i].text);
        }
        if (sb_ok(&sb)) whole = sb.len;
    }
    struct str end = sb_ok(&sb) ? STR("\n") : STR(CUT_MARK);
    memcpy(line + whole, end.ptr, end.len);
    int saved = errno; /* a log line must not change what its caller is about to report */
    while (write(atomic_load(&output_fd), line, whole + end.len) < 0 && errno == EINTR)
        continue;
    errno = saved;
}

void log_result(enum log_level level, const char *event, struct result result)
{
    struct log_field fields[3];
    size_t n = 0;
    fields[n++] = LOG_S("code", str_from_cstr(error_code_name(result.code)));
    if (result.reason) fields[n++] = LOG_S("reason", str_from_cstr(result.reason));
    if (result.detail) fields[n++] = LOG_S("detail", str_from_cstr(result.detail));
    log_write(level, event, fields, n);
}

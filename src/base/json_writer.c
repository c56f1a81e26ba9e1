#include "base/json_writer.h"

#include "base/check.h"

#include "base/banned.h"

enum { MAX_DEPTH = 60 };

void jw_init(struct jw *jw, struct sb *sb)
{
    *jw = (struct jw){.sb = sb};
}

static uint64_t level_bit(const struct jw *jw)
{
    return UINT64_C(1) << jw->depth;
}

/* Before any value: the comma, and that a key stands where one must. */
static void value_begins(struct jw *jw)
{
    if (jw->in_object & level_bit(jw)) {
        CHECK(jw->after_key);
        jw->after_key = false;
        return;
    }
    if (jw->has_items & level_bit(jw)) sb_add_char(jw->sb, ',');
    jw->has_items |= level_bit(jw);
}

static void open_level(struct jw *jw, char bracket, bool object)
{
    value_begins(jw);
    CHECK(jw->depth < MAX_DEPTH);
    jw->depth++;
    jw->has_items &= ~level_bit(jw);
    jw->in_object &= ~level_bit(jw);
    if (object) jw->in_object |= level_bit(jw);
    sb_add_char(jw->sb, bracket);
}

static void close_level(struct jw *jw, char bracket)
{
    CHECK(jw->depth > 0 && !jw->after_key);
    jw->depth--;
    sb_add_char(jw->sb, bracket);
}

void jw_object(struct jw *jw)
{
    open_level(jw, '{', true);
}

void jw_object_end(struct jw *jw)
{
    close_level(jw, '}');
}

void jw_array(struct jw *jw)
{
    open_level(jw, '[', false);
}

void jw_array_end(struct jw *jw)
{
    close_level(jw, ']');
}

static void write_escaped(struct sb *sb, unsigned char c)
{
    switch (c) {
    case '"': SB_LIT(sb, "\\\""); return;
    case '\\': SB_LIT(sb, "\\\\"); return;
    case '\n': SB_LIT(sb, "\\n"); return;
    case '\r': SB_LIT(sb, "\\r"); return;
    case '\t': SB_LIT(sb, "\\t"); return;
    default: break;
    }
    static const char hex[] = "0123456789abcdef";
    SB_LIT(sb, "\\u00");
    sb_add_char(sb, hex[c >> 4]);
    sb_add_char(sb, hex[c & 15]);
}

static bool needs_escape(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' || c == 0x7F;
}

static void write_string(struct sb *sb, struct str value)
{
    sb_add_char(sb, '"');
    size_t plain = 0; /* start of the run not yet written */
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        bool separator = c == 0xE2 && i + 2 < value.len &&
                         (unsigned char)value.ptr[i + 1] == 0x80 &&
                         ((unsigned char)value.ptr[i + 2] & 0xFE) == 0xA8; /* U+2028, U+2029 */
        if (!separator && !needs_escape(c)) continue;
        sb_add_bytes(sb, value.ptr + plain, i - plain);
        if (separator) {
            sb_add_cstr(sb, (unsigned char)value.ptr[i + 2] == 0xA8 ? "\\u2028" : "\\u2029");
            i += 2;
        } else {
            write_escaped(sb, c);
        }
        plain = i + 1;
    }
    if (plain < value.len) sb_add_bytes(sb, value.ptr + plain, value.len - plain);
    sb_add_char(sb, '"');
}

void jw_key(struct jw *jw, struct str key)
{
    CHECK((jw->in_object & level_bit(jw)) && !jw->after_key);
    if (jw->has_items & level_bit(jw)) sb_add_char(jw->sb, ',');
    jw->has_items |= level_bit(jw);
    write_string(jw->sb, key);
    sb_add_char(jw->sb, ':');
    jw->after_key = true;
}

void jw_str(struct jw *jw, struct str value)
{
    value_begins(jw);
    write_string(jw->sb, value);
}

void jw_i64(struct jw *jw, int64_t value)
{
    value_begins(jw);
    sb_add_i64(jw->sb, value);
}

void jw_bool(struct jw *jw, bool value)
{
    value_begins(jw);
    sb_add(jw->sb, value ? STR("true") : STR("false"));
}

void jw_null(struct jw *jw)
{
    value_begins(jw);
    SB_LIT(jw->sb, "null");
}

void jw_raw(struct jw *jw, struct str json)
{
    value_begins(jw);
    sb_add(jw->sb, json);
}

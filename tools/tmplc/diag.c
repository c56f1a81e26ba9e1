#include "tmplc.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/banned.h"

struct place place_of(const struct source *source, size_t offset)
{
    struct place place = {source->path, 1, 1};
    for (size_t i = 0; i < offset && i < source->text.len; i++) {
        if (source->text.ptr[i] == '\n') {
            place.line++;
            place.column = 1;
        } else {
            /* Count characters, not the continuation bytes of UTF-8. */
            if (((unsigned char)source->text.ptr[i] & 0xC0) != 0x80) place.column++;
        }
    }
    return place;
}

PRINTF_LIKE(3, 0)
static void print_diag(struct place at, const char *kind, const char *format, va_list args)
{
    fprintf(stderr, "%s:%d", at.path, at.line);
    if (at.column) fprintf(stderr, ":%d", at.column);
    fprintf(stderr, ": %s: ", kind);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
}

void diag_error(struct tmplc *tc, struct place at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_diag(at, "error", format, args);
    va_end(args);
    tc->errors++;
}

void diag_warning(struct place at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_diag(at, "warning", format, args);
    va_end(args);
}

void diag_fatal(struct place at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_diag(at, "error", format, args);
    va_end(args);
    exit(1);
}

struct source file_read(struct tmplc *tc, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) diag_fatal((struct place){path, 1, 0}, "cannot be opened");
    struct sb sb;
    sb_init(&sb, &tc->arena, TMPLC_OUTPUT_MAX);
    char chunk[4096];
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, file)) > 0;)
        sb_add_bytes(&sb, chunk, got);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed || !sb_ok(&sb)) diag_fatal((struct place){path, 1, 0}, "cannot be read");
    struct source source = {path, sb_str(&sb)};
    if (!str_is_text(source.text, false))
        diag_fatal((struct place){path, 1, 0}, "is not UTF-8 text; save it as UTF-8");
    size_t cr = str_find(source.text, '\r');
    if (cr < source.text.len)
        diag_fatal(place_of(&source, cr), "carriage return; save the file with plain line ends");
    return source;
}

void file_write(const char *path, struct str text)
{
    FILE *file = fopen(path, "wb");
    if (!file) diag_fatal((struct place){path, 1, 0}, "cannot be written");
    size_t put = text.len ? fwrite(text.ptr, 1, text.len, file) : 0;
    if (fclose(file) != 0 || put != text.len)
        diag_fatal((struct place){path, 1, 0}, "cannot be written");
}

void c_escape(struct sb *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '"' || c == '\\') {
            sb_add_char(out, '\\');
            sb_add_char(out, c);
        } else if (c == '\n') {
            SB_LIT(out, "\\n");
        } else if (c == '?' && i && text.ptr[i - 1] == '?') {
            SB_LIT(out, "\\?"); /* no trigraphs */
        } else if ((unsigned char)c < 0x20) {
            SB_LIT(out, "\\");
            sb_add_char(out, '0');
            sb_add_char(out, (char)('0' + c / 8));
            sb_add_char(out, (char)('0' + c % 8));
        } else {
            sb_add_char(out, c);
        }
    }
}

bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_name_char(char c)
{
    return is_name_start(c) || (c >= '0' && c <= '9');
}

bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

struct str c_name(struct tmplc *tc, struct str name, struct place at)
{
    struct sb sb;
    sb_init(&sb, &tc->arena, 256);
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i] == '-' ? '_' : name.ptr[i];
        if (!is_name_char(c)) sb.overflow = true;
        sb_add_char(&sb, c);
    }
    if (!sb_ok(&sb) || !name.len || !is_name_start(name.ptr[0]))
        diag_fatal(at, "“%.*s” is no name; use letters, digits and -", STR_ARG(name));
    return sb_str(&sb);
}

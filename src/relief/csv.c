/* Rows from text. A file of a researcher is written by hand or by a script, so every complaint
 * names its line and what should stand there. No quotes, no exponents: the columns need neither. */
#include "relief/internal.h"

#include "base/civil.h"
#include "base/limits.h"

#include <math.h>

#include "base/banned.h"

struct reader {
    struct arena *arena;
    struct relief_row *rows;
    size_t count;
    size_t cap;
    size_t line;
    bool has_dates;
};

static struct result complain(const struct reader *reader, const char *what, struct str value)
{
    struct str shown = str_slice(value, 0, 40);
    if (!str_is_text(shown, false)) shown = STR("(unreadable)");
    return result_fail(ERR_INVALID, "csv",
        arena_printf(reader->arena, "line %zu: %s: \"%.*s\"", reader->line, what, STR_ARG(shown))
            .ptr);
}

/* [-]digits[.digits], at most 15 of them, so that the value is the nearest double. */
static bool number_parse(struct str s, double *ret_value)
{
    static const double powers[] = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    bool negative = s.len && s.ptr[0] == '-';
    int64_t digits = 0;
    size_t count = 0;
    size_t decimals = 0;
    bool point = false;
    for (size_t i = negative; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '.' && !point && count) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9' || ++count > 15) return false;
        digits = digits * 10 + (c - '0');
        decimals += point;
    }
    if (count == 0 || (point && decimals == 0)) return false;
    double value = (double)digits / powers[decimals];
    *ret_value = negative ? -value : value;
    return true;
}

static struct result read_time(const struct reader *reader, struct str s, double *ret_days)
{
    utc_us instant;
    if (reader->has_dates) {
        if (!rfc3339_parse(s, &instant))
            return complain(reader, "time must look like 2026-03-09T18:30:00Z", s);
        *ret_days = (double)instant / (double)US_PER_DAY;
        return RESULT_OK;
    }
    if (!number_parse(s, ret_days)) return complain(reader, "t must be a number of days", s);
    if (fabs(*ret_days) > 1e7) return complain(reader, "t is too far away", s);
    return RESULT_OK;
}

static struct result read_kind(
    const struct reader *reader, struct str kind, struct str spont, struct relief_row *row)
{
    int64_t number;
    if (!str_to_i64(kind, 0, 3, &number)) {
        return complain(
            reader, "kind must be 0 (check-in), 1 (before), 2 (after) or 3 (session end)", kind);
    }
    row->kind = (enum relief_kind)number;
    if (spont.len && !str_eq(spont, STR("0")) && !str_eq(spont, STR("1")))
        return complain(reader, "spont must be 0 or 1", spont);
    row->spontaneous = str_eq(spont, STR("1"));
    if (row->spontaneous && row->kind != RELIEF_CHECK_IN)
        return complain(reader, "spont is for check-ins (kind 0) only", spont);
    return RESULT_OK;
}

static struct result read_rating(const struct reader *reader, struct str s, struct relief_row *row)
{
    if (row->kind == RELIEF_SESSION) {
        if (s.len && !str_eq(s, STR("-1")))
            return complain(reader, "a session end has no rating: y must be -1 or empty", s);
        return RESULT_OK;
    }
    if (!number_parse(s, &row->y) || row->y < 0 || row->y > 10)
        return complain(reader, "y must be a rating from 0 to 10", s);
    return RESULT_OK;
}

static struct result add_row(struct reader *reader, const struct relief_row *row)
{
    if (reader->count == LIMIT_RELIEF_ROWS) {
        return result_fail(ERR_LIMIT, "csv",
            arena_printf(
                reader->arena, "line %zu: more than %d rows", reader->line, LIMIT_RELIEF_ROWS)
                .ptr);
    }
    if (reader->count == reader->cap) {
        size_t cap = reader->cap ? reader->cap * 2 : 256;
        reader->rows = arena_grow(reader->arena, reader->rows, reader->cap * sizeof *row,
            cap * sizeof *row, _Alignof(struct relief_row));
        reader->cap = cap;
    }
    reader->rows[reader->count++] = *row;
    return RESULT_OK;
}

static struct result read_line(struct reader *reader, struct str line)
{
    struct str field[4] = {{0}};
    size_t count = 0;
    struct str rest = line;
    for (;;) {
        size_t comma = str_find(rest, ',');
        if (count < 4) field[count] = str_trim(str_slice(rest, 0, comma));
        count++;
        if (comma == rest.len) break;
        rest = str_slice(rest, comma + 1, rest.len);
    }
    if (count != 4) {
        return complain(reader,
            reader->has_dates ? "a line has four fields, time,kind,spont,y"
                              : "a line has four fields, t,kind,spont,y",
            line);
    }
    struct relief_row row = {0};
    TRY(read_time(reader, field[0], &row.t_days));
    TRY(read_kind(reader, field[1], field[2], &row));
    TRY(read_rating(reader, field[3], &row));
    return add_row(reader, &row);
}

static struct result read_header(struct reader *reader, struct str line)
{
    if (str_eq(line, STR("t,kind,spont,y"))) return RESULT_OK;
    if (str_eq(line, STR("time,kind,spont,y"))) {
        reader->has_dates = true;
        return RESULT_OK;
    }
    return complain(
        reader, "the first line must be t,kind,spont,y or time,kind,spont,y, but is", line);
}

struct result relief_read_csv(struct arena *arena, struct str text, struct relief_csv *ret_csv)
{
    struct reader reader = {.arena = arena};
    bool seen_header = false;
    struct str line = {0};
    if (str_starts(text, STR("\xef\xbb\xbf"))) text = str_slice(text, 3, text.len);
    if (text.len > LIMIT_RELIEF_CSV_BYTES) return result_fail(ERR_LIMIT, "csv", "too long");
    while (str_cut(&text, '\n', &line)) {
        reader.line++;
        line = str_trim(line);
        if (!line.len) continue;
        if (seen_header) {
            TRY(read_line(&reader, line));
        } else {
            TRY(read_header(&reader, line));
            seen_header = true;
        }
    }
    if (!seen_header) {
        reader.line = 1;
        return complain(
            &reader, "the first line must be t,kind,spont,y or time,kind,spont,y", line);
    }
    *ret_csv = (struct relief_csv){reader.rows, reader.count, reader.has_dates};
    return RESULT_OK;
}

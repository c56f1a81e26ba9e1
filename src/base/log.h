/* Structured log: one line an event, logfmt on stderr: `ts=... level=info event=listen addr=...`.
 * Values are quoted where needed, control characters escaped. Never log personal or clinical text:
 * log ids. Thread-safe; a line is one write. */
#ifndef BALM_BASE_LOG_H
#define BALM_BASE_LOG_H

#include "base/civil.h"
#include "base/result.h"
#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

struct log_field {
    const char *name;
    struct str text;
    int64_t number;
    bool is_number;
};

#define LOG_S(name, value) ((struct log_field){(name), (value), 0, false})
#define LOG_I(name, value) ((struct log_field){(name), {0}, (value), true})

void log_set_level(enum log_level least);
void log_set_fd(int fd); /* default 2 */
/* Where the time comes from; without one, no ts field. */
void log_set_clock(utc_us (*clock)(void));

void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t n);
#define LOG(level, event, ...)                                                                     \
    log_write((level), (event), (const struct log_field[]){__VA_ARGS__},                           \
        sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))
/* A failed result: its code, reason and detail. */
void log_result(enum log_level level, const char *event, struct result result);

#endif

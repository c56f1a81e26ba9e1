/* Errors are values that must be looked at.
 *
 * A fallible function returns `struct result`; RESULT_OK has code ERR_NONE. The code says what kind
 * of failure it is (and so which HTTP status it becomes); `reason` is the stable name of a rule that
 * was broken ("slot-taken"), for clients and for the words the user reads; `detail` is for the
 * operator's log and never shown to a user. Both texts are literals or live in the caller's arena,
 * so a result is copied freely and owns nothing.
 *
 * Outputs (`ret_*` arguments) are untouched when a function fails. */
#ifndef BALM_BASE_RESULT_H
#define BALM_BASE_RESULT_H

#include "base/compiler.h"

#include <stdbool.h>

enum error_code {
    ERR_NONE = 0,
    ERR_INVALID,   /* the input is wrong; the sender can mend it        -> 422 (400 for syntax) */
    ERR_NOT_FOUND, /* no such thing, or not yours to know of            -> 404 */
    ERR_CONFLICT,  /* the state has changed meanwhile: slot taken ...   -> 409 */
    ERR_DENIED,    /* known, but not allowed                            -> 403 */
    ERR_LIMIT,     /* too many, too large, too fast                     -> 429 or 413 */
    ERR_BUSY,      /* try again later: database away, queue full        -> 503 */
    ERR_IO,        /* the disk or the network failed                    -> 503 */
    ERR_CORRUPT,   /* data that cannot be: a bug or a damaged file      -> 500 */
    ERR_SYNTAX,    /* could not be parsed at all                        -> 400 */
};

struct result {
    enum error_code code;
    const char *reason; /* stable slug, or NULL */
    const char *detail; /* operator's text, or NULL */
};

#define RESULT_OK ((struct result){ERR_NONE, NULL, NULL})

static inline bool result_is_ok(struct result r)
{
    return r.code == ERR_NONE;
}

static inline struct result result_fail(enum error_code code, const char *reason, const char *detail)
{
    return (struct result){code, reason, detail};
}

/* The code's name for logs: "conflict". */
const char *error_code_name(enum error_code code);

/* Every function that returns a result: `struct result MUST_CHECK thing_do(...)`.
 * TRY is the only control-flow macro: leave the function with the failure, if there is one. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        struct result try_result_ = (call);                                                        \
        if (UNLIKELY(try_result_.code != ERR_NONE)) return try_result_;                            \
    } while (0)

#endif

#include "base/result.h"

#include "base/banned.h"

const char *error_code_name(enum error_code code)
{
    switch (code) {
    case ERR_NONE: return "ok";
    case ERR_INVALID: return "invalid";
    case ERR_NOT_FOUND: return "not-found";
    case ERR_CONFLICT: return "conflict";
    case ERR_DENIED: return "denied";
    case ERR_LIMIT: return "limit";
    case ERR_BUSY: return "busy";
    case ERR_IO: return "io";
    case ERR_CORRUPT: return "corrupt";
    case ERR_SYNTAX: return "syntax";
    }
    return "unknown";
}

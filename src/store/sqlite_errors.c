#include "store/sqlite_errors.h"

#include "store/engine.h"

#include <sqlite3.h>

#include "base/banned.h"

static struct result constraint_failed(int code, const char *detail)
{
    switch (code) {
    case SQLITE_CONSTRAINT_TRIGGER:
        return result_fail(ERR_CONFLICT, reason_intern(str_from_cstr(detail)), detail);
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return result_fail(ERR_CONFLICT, "duplicate", detail);
    case SQLITE_CONSTRAINT_FOREIGNKEY: return result_fail(ERR_CONFLICT, "reference", detail);
    default: return result_fail(ERR_CORRUPT, "constraint", detail);
    }
}

struct result sqlite_code_failed(int code, const char *detail)
{
    if (code == SQLITE_IOERR_NOMEM) return result_fail(ERR_BUSY, "memory", detail);
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT: return constraint_failed(code, detail);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL: return result_fail(ERR_BUSY, "database-busy", detail);
    case SQLITE_NOMEM: return result_fail(ERR_BUSY, "memory", detail);
    case SQLITE_FULL: return result_fail(ERR_IO, "disk-full", detail);
    case SQLITE_IOERR: return result_fail(ERR_IO, "io-error", detail);
    case SQLITE_READONLY: return result_fail(ERR_IO, "read-only", detail);
    case SQLITE_CANTOPEN:
    case SQLITE_PERM: return result_fail(ERR_IO, "cannot-open", detail);
    case SQLITE_TOOBIG: return result_fail(ERR_LIMIT, "too-large", detail);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return result_fail(ERR_CORRUPT, "database-damaged", detail);
    default: return result_fail(ERR_CORRUPT, "sql", detail);
    }
}

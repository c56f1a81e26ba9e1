/* SQLite's result codes as our errors; only for store_sqlite.c. */
#ifndef BALM_STORE_SQLITE_ERRORS_H
#define BALM_STORE_SQLITE_ERRORS_H

#include "base/result.h"

/* code: any but OK, ROW, DONE. detail: the engine's words, kept as they are. */
struct result MUST_CHECK sqlite_code_failed(int code, const char *detail);

#endif

/* The table that tools/embed writes: every file the browser gets, inside the program.
 * Only static/assets.c reads it; everyone else asks assets.h. */
#ifndef BALM_WEB_STATIC_ASSET_TABLE_H
#define BALM_WEB_STATIC_ASSET_TABLE_H

#include "http/http.h"

/* A file's name as it is written by people ("look.css") and its row. */
struct asset_name {
    struct str name;
    size_t row;
};

extern const struct http_asset asset_table[]; /* by path, in byte order */
extern const struct asset_name asset_names[]; /* by name, in byte order */
extern const size_t asset_count;              /* rows in each */

#endif

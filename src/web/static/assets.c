/* Two binary searches over the generated table. */
#include "web/static/assets.h"

#include "base/check.h"
#include "web/static/asset_table.h"

#include "base/banned.h"

const struct http_asset *asset_find(struct str path)
{
    size_t from = 0;
    size_t to = asset_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = str_compare(path, asset_table[middle].path);
        if (order == 0) return &asset_table[middle];
        if (order < 0) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    return NULL;
}

struct url asset_url(struct str name)
{
    const struct asset_name *found = NULL;
    size_t from = 0;
    size_t to = asset_count;
    while (!found && from < to) {
        size_t middle = from + (to - from) / 2;
        int order = str_compare(name, asset_names[middle].name);
        if (order == 0) {
            found = &asset_names[middle];
        } else if (order < 0) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    CHECK(found != NULL); /* web/ builds no file of that name */
    CHECK(found->row < asset_count);
    return (struct url){asset_table[found->row].path};
}

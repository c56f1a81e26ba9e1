#include "practice/schema/schema.h"

#include "store/migrate.h"

#include "001_foundation.h"

#include "base/banned.h"

struct result schema_update(struct conn *conn, int *ret_ran)
{
    const struct migration migrations[] = {
        {1, "foundation", {migration_001, sizeof migration_001 - 1}},
    };
    return store_migrate(conn, migrations, COUNT_OF(migrations), ret_ran);
}

#include "practice/schema/schema.h"

#include "store/migrate.h"

#include "001_foundation.h"
#include "002_learn.h"
#include "003_outcomes.h"
#include "004_service_words.h"

#include "base/banned.h"

struct result schema_update(struct conn *conn, int *ret_ran)
{
    const struct migration migrations[] = {
        {1, "foundation", {migration_001, sizeof migration_001 - 1}},
        {2, "learn", {migration_002, sizeof migration_002 - 1}},
        {3, "outcomes", {migration_003, sizeof migration_003 - 1}},
        {4, "service-words", {migration_004, sizeof migration_004 - 1}},
    };
    return store_migrate(conn, migrations, COUNT_OF(migrations), ret_ran);
}

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/banned.h"

void check_failed(const char *what, const char *file, int line)
{
    fprintf(stderr, "balm: broken invariant at %s:%d: %s\n", file, line, what);
    abort();
}

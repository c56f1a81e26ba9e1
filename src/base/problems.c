#include "base/problems.h"

#include "base/check.h"

#include "base/banned.h"

enum { KEPT_MAX = 100 };

void problems_init(struct problems *problems, struct arena *arena)
{
    CHECK(arena);
    *problems = (struct problems){.arena = arena};
}

void problems_add(struct problems *problems, struct str field, const char *code, struct str arg)
{
    CHECK(problems->arena && code);
    if (problems->count++ >= KEPT_MAX) return;
    struct problem *problem = ARENA_NEW(problems->arena, struct problem);
    problem->field = arena_str(problems->arena, field);
    problem->code = code;
    problem->arg = arena_str(problems->arena, arg);
    if (problems->last) {
        problems->last->next = problem;
    } else {
        problems->first = problem;
    }
    problems->last = problem;
}

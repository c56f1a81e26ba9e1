#include "web/words.h"

#include "base/check.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum { SENTENCE_MAX = 4096 };

static struct tmpl begin(struct call *call, struct sb *sb)
{
    sb_init(sb, call->arena, SENTENCE_MAX);
    return (struct tmpl){.out = sb, .lang = call->lang};
}

struct str words_problem(struct call *call, const struct problem *problem)
{
    struct sb sb;
    struct tmpl t = begin(call, &sb);
    struct str name = arena_printf(call->arena, "problem-%s", problem->code);
    if (!msg_lookup(&t, name, problem->arg)) msg_problem_other(&t);
    return sb_str(&sb);
}

static void say_code(struct tmpl *t, enum error_code code)
{
    switch (code) {
    case ERR_NONE: break;
    case ERR_INVALID:
    case ERR_SYNTAX: msg_reason_code_invalid(t); break;
    case ERR_NOT_FOUND: msg_reason_code_not_found(t); break;
    case ERR_CONFLICT: msg_reason_code_conflict(t); break;
    case ERR_DENIED: msg_reason_code_denied(t); break;
    case ERR_LIMIT: msg_reason_code_limit(t); break;
    case ERR_BUSY:
    case ERR_IO: msg_reason_code_busy(t); break;
    case ERR_CORRUPT: msg_reason_code_corrupt(t); break;
    }
}

struct str words_reason(struct call *call, struct result why)
{
    struct sb sb;
    struct tmpl t = begin(call, &sb);
    if (why.code == ERR_NONE) return (struct str){0};
    struct str name = arena_printf(call->arena, "reason-%s", why.reason ? why.reason : "");
    if (!msg_lookup(&t, name, (struct str){0})) say_code(&t, why.code);
    return sb_str(&sb);
}

/* words: what the visitor reads when a rule was broken, in their language. The sentences stand in
 * web/words/problems.msg under "problem-CODE" (what is wrong with a field) and "reason-REASON" (why
 * an action was refused); each says the mend. Texts live in the call's arena. */
#ifndef BALM_WEB_WORDS_H
#define BALM_WEB_WORDS_H

#include "base/problems.h"
#include "base/result.h"
#include "call/call.h"

/* "This is too long. Please shorten it to 80 characters." */
struct str words_problem(struct call *call, const struct problem *problem);

/* "That time has just been taken. Please choose another."; a general sentence by the result's code
 * where the reason has none of its own. Empty for RESULT_OK. */
struct str words_reason(struct call *call, struct result why);

#endif

/* store_fault: makes the n-th call of the engine fail, for tests. Process-wide.
 *
 * Calls counted: begin, savepoint, release, prepare, bind, step, commit (before it happens); in a
 * migration, each statement. Also BALM_FAULT=n in the environment, at store_open in a build without
 * optimisation. Costs one relaxed atomic load a call when not armed. */
#ifndef BALM_STORE_FAULT_H
#define BALM_STORE_FAULT_H

#include <stdbool.h>
#include <stdint.h>

/* The n-th call from now (1 = the next) fails with ERR_IO; once. 0 disarms. */
void store_fault_arm(int64_t n);
/* Whether the armed fault has happened. */
bool store_fault_fired(void);
/* Calls since the last store_fault_arm, for knowing how many there are to fail. Counted only while
 * armed: store_fault_arm(INT64_MAX) counts and fails none. */
int64_t store_fault_calls(void);

#endif

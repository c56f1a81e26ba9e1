/* Running the server from a command until SIGINT or SIGTERM. */
#ifndef BALM_CLI_RUN_H
#define BALM_CLI_RUN_H

#include "app/app.h"

/* `started` (may be NULL) is called with the port once requests are answered. Returns an exit code.
 */
int cli_run(const struct app_options *options, void (*started)(int port));

#endif

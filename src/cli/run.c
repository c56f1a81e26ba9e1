#include "cli/run.h"

#include "base/log.h"
#include "cli/cli.h"

#include <signal.h>
#include <stdlib.h>

#include "base/banned.h"

int cli_run(const struct app_options *options, void (*started)(int port))
{
    /* Blocked before any thread starts, so that only sigwait below receives them. */
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);

    struct app *app;
    if (getenv("BALM_LOG_DEBUG")) log_set_level(LOG_DEBUG);
    struct result result = app_start(options, &app);
    if (!result_is_ok(result)) return cli_fail("serve", result);
    if (started) started(app_port(app));
    int signal_number;
    sigwait(&stop, &signal_number);
    LOG(LOG_INFO, "stopping", LOG_I("signal", signal_number));
    app_stop(app);
    return EXIT_DONE;
}

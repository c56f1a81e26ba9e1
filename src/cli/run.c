#include "cli/run.h"

#include "base/limits.h"
#include "base/log.h"
#include "cli/cli.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/banned.h"

/* The disk does not answer. What it has not confirmed was answered to nobody, so nothing is lost.
 */
static void give_up(int signal_number)
{
    static const char line[] = "level=error event=stop-gave-up reason=\"something does not end\"\n";
    (void)signal_number;
    ssize_t written = write(STDERR_FILENO, line, sizeof line - 1);
    (void)written;
    _exit(EXIT_FAILED);
}

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
    signal(SIGALRM, give_up);
    alarm(LIMIT_STOP_SECONDS);
    app_stop(app);
    alarm(0);
    return EXIT_DONE;
}

/* balm serve: answers requests until it is told to stop. */
#include "app/app.h"
#include "app/clock.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/run.h"

#include <stdlib.h>

#include "base/banned.h"

int cmd_serve(struct cli_args *args)
{
    struct app_options options = {
        .db = cli_db(args),
        .listen = cli_option(args, "--listen"),
        .base_url = cli_option(args, "--base-url"),
        .mail = cli_option(args, "--mail"),
        .trust_proxy = cli_flag(args, "--trust-proxy"),
    };
    if (!cli_done(args)) return EXIT_USAGE;
    if (!options.listen.len) options.listen = STR("127.0.0.1:8080");
    /* A mail URL may hold a password, which a command line would show to everybody. */
    if (!options.mail.len) options.mail = str_from_cstr(getenv("BALM_MAIL"));
    if (!options.base_url.len) options.base_url = str_from_cstr(getenv("BALM_BASE_URL"));
    struct result result = clock_init();
    if (!result_is_ok(result)) return cli_fail("serve", result);
    log_set_clock(clock_now);
    if (!options.mail.len) {
        options.mail = STR("dir:mail");
        LOG(LOG_WARNING, "mail-to-directory",
            LOG_S("mend", STR("give --mail smtp://host:port to send e-mail")),
            LOG_S("directory", STR("mail")));
    }
    return cli_run(&options, NULL);
}

/* balm user add EMAIL --practice SLUG --role ROLE: a staff account. */
#include "app/app.h"
#include "app/clock.h"
#include "auth/staff.h"
#include "base/crypto.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "mail/mail.h"
#include "practice/setup/setup.h"

#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "base/banned.h"

/* One line of standard input; from a terminal without echo. */
static bool read_password(char *buffer, size_t size)
{
    struct termios before;
    bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        struct termios silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        fprintf(stderr, "Password: ");
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    bool ok = fgets(buffer, (int)size, stdin) != NULL;
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fprintf(stderr, "\n");
    }
    if (ok) buffer[strcspn(buffer, "\r\n")] = '\0';
    return ok;
}

static struct result save(struct conn *conn, struct str slug, const struct staff_user *user)
{
    struct tx tx;
    struct practice_id practice;
    struct user_id id;
    TRY(tx_begin_write(conn, &tx));
    struct result result = setup_find_by_slug(&tx, slug, &practice);
    if (result_is_ok(result)) {
        result =
            staff_save(&tx, practice, user, (struct actor){.kind = ACTOR_SYSTEM}, clock_now(), &id);
    }
    if (!result_is_ok(result)) {
        tx_rollback(&tx);
        return result;
    }
    return tx_commit(&tx);
}

static int add_user(struct str db, struct str slug, struct staff_user *user, struct arena *arena)
{
    char password[LIMIT_PASSWORD_CHARS * 4 + 2];
    if (!read_password(password, sizeof password))
        return cli_fail_text("user", "no password on standard input");
    struct problems problems;
    problems_init(&problems, arena);
    staff_check_password(str_from_cstr(password), STR("password"), &problems);
    if (problems.count) return cli_fail_text("user", "the password must have 10 to 256 characters");
    struct result result = crypto_init();
    if (result_is_ok(result))
        result = crypto_password_hash(arena, str_from_cstr(password), &user->password_hash);
    crypto_wipe(password, sizeof password);
    struct store *store;
    struct conn *conn;
    if (result_is_ok(result)) result = app_open_database(db, &store, &conn);
    if (!result_is_ok(result)) return cli_fail("user", result);
    result = save(conn, slug, user);
    conn_close(conn);
    store_close(store);
    if (!result_is_ok(result)) return cli_fail("user", result);
    printf("%.*s is %s of %.*s\n", STR_ARG(user->email), role_name(user->role), STR_ARG(slug));
    return EXIT_DONE;
}

int cmd_user(struct cli_args *args)
{
    struct str db = cli_db(args);
    struct str slug = cli_option(args, "--practice");
    struct str role = cli_option(args, "--role");
    struct str name = cli_option(args, "--name");
    struct str verb = cli_next(args);
    struct str email = cli_next(args);
    if (!str_eq(verb, STR("add")) || !email.len || !slug.len || !role.len) return cli_usage("user");
    if (!cli_done(args)) return EXIT_USAGE;
    struct staff_user user = {
        .email = email,
        .name = name.len ? name : str_slice(email, 0, str_find(email, '@')),
        .role = role_from_name(role),
    };
    if (user.role == ROLE_NONE)
        return cli_fail_text("user", "--role must be owner, therapist or desk");
    if (!mail_address_is_valid(email))
        return cli_fail_text("user", "the first argument must be an e-mail address");
    struct result result = clock_init();
    if (!result_is_ok(result)) return cli_fail("user", result);
    struct arena arena = {0};
    int code = add_user(db, slug, &user, &arena);
    arena_release(&arena);
    return code;
}

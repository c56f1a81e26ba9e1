#include "mail/mailer_impl.h"

#include "base/check.h"
#include "base/sb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum { NAME_BYTES_MAX = 200 };

struct result mail_dir_open(const char *dir)
{
    if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
        return result_fail(ERR_IO, "mail-dir", "cannot make the folder for mail");
    }
    struct stat info;
    if (stat(dir, &info) != 0 || !S_ISDIR(info.st_mode) || access(dir, W_OK | X_OK) != 0) {
        return result_fail(ERR_IO, "mail-dir", "the path for mail is not a folder to write in");
    }
    return RESULT_OK;
}

/* The id of a message that mail_build made; empty where there is none. */
static struct str find_message_id(struct str bytes)
{
    static const struct str NAME = STR_INIT("Message-ID: <");
    struct str line = {0};
    while (str_cut(&bytes, '\n', &line) && line.len > 1) {
        if (!str_starts(line, NAME)) continue;
        struct str id = str_slice(line, NAME.len, line.len);
        return str_slice(id, 0, str_find(id, '>'));
    }
    return (struct str){0};
}

/* The id as a file name: other characters as %XX, so that different ids have different names. */
static void add_file_name(struct sb *sb, struct str id)
{
    for (size_t i = 0; i < id.len && sb->len < NAME_BYTES_MAX; i++) {
        unsigned char c = (unsigned char)id.ptr[i];
        bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '-' || c == '_' || c == '@' || (c == '.' && i > 0);
        if (safe) {
            sb_add_char(sb, (char)c);
        } else {
            sb_addf(sb, "%%%02X", c);
        }
    }
    if (sb->len >= NAME_BYTES_MAX) sb_addf(sb, "~%016llx", (unsigned long long)str_hash(id));
    SB_LIT(sb, ".eml");
}

static bool write_all(int fd, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        bytes = str_slice(bytes, (size_t)n, bytes.len);
    }
    return true;
}

static bool write_file(int dir, const char *temporary, const char *name, struct str bytes)
{
    int fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return false;
    bool ok = write_all(fd, bytes) && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    ok = ok && renameat(dir, temporary, dir, name) == 0;
    if (!ok) {
        int error = errno;
        unlinkat(dir, temporary, 0);
        errno = error;
        return false;
    }
    return fsync(dir) == 0;
}

void mail_dir_send(const struct mailer *mailer, struct str bytes, struct mail_outcome *ret_outcome)
{
    struct str id = find_message_id(bytes);
    if (id.len == 0) {
        mail_outcome_set(ret_outcome, MAIL_PERMANENT, 0, "file", STR("no Message-ID"), STR(""));
        return;
    }
    char name[NAME_BYTES_MAX + 40];
    char temporary[NAME_BYTES_MAX + 48];
    struct sb sb;
    sb_init_fixed(&sb, name, sizeof name);
    add_file_name(&sb, id);
    CHECK(sb_cstr(&sb)[0] != '\0');
    sb_init_fixed(&sb, temporary, sizeof temporary);
    sb_addf(&sb, ".%s.tmp", name);
    CHECK(sb_cstr(&sb)[0] == '.');

    int dir = open(mailer->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = dir >= 0 && write_file(dir, temporary, name, bytes);
    int error = errno;
    if (dir >= 0) close(dir);
    if (ok) {
        mail_outcome_set(ret_outcome, MAIL_SENT, 0, "file", STR("written"), STR(""));
    } else {
        /* Even where only the folder's fsync failed: writing the same name again does no harm. */
        const char *why = strerrordesc_np(error);
        mail_outcome_set(
            ret_outcome, MAIL_TEMPORARY, 0, "file", str_from_cstr(why ? why : "failed"), STR(""));
    }
}

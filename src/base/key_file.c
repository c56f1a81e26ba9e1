#include "base/key_file.h"

#include "base/check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum { PATH_BYTES_MAX = 4096, KEYS_BYTES_MAX = KEY_FILE_MAX * CRYPTO_KEY_BYTES };

static bool write_all(int fd, const unsigned char *bytes, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t n = write(fd, bytes + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        done += (size_t)n;
    }
    return true;
}

/* A new name must be on disk before anything is encrypted with the key behind it. */
static bool sync_directory_of(const char *path)
{
    char directory[PATH_BYTES_MAX];
    const char *slash = strrchr(path, '/');
    int len = slash && slash != path ? (int)(slash - path) : 1;
    snprintf(directory, sizeof directory, "%.*s", len, slash ? path : ".");
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return false;
    bool ok = fsync(fd) == 0;
    close(fd);
    return ok;
}

static struct result path_of(struct str path, char name[PATH_BYTES_MAX])
{
    if (path.len == 0 || path.len >= PATH_BYTES_MAX || str_find(path, '\0') != path.len)
        return result_fail(ERR_INVALID, "key-path", "not a path for the key file");
    memcpy(name, path.ptr, path.len);
    name[path.len] = '\0';
    return RESULT_OK;
}

/* The keys under another name of the same folder; *ret_fresh is that name. */
static struct result write_fresh(
    const char *path, const struct key_file *file, char ret_fresh[PATH_BYTES_MAX])
{
    CLEANUP(arena_release) struct arena arena = {0};
    int len = snprintf(ret_fresh, PATH_BYTES_MAX, "%s.%.16s", path, crypto_token(&arena).ptr);
    if (len < 0 || len >= PATH_BYTES_MAX)
        return result_fail(ERR_INVALID, "key-path", "the key file's path is too long");
    int fd = open(ret_fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return result_fail(ERR_IO, NULL, "the key file cannot be made");
    bool ok = true;
    for (int i = 0; ok && i < file->count; i++)
        ok = write_all(fd, file->keys[i].bytes, CRYPTO_KEY_BYTES);
    ok = ok && fsync(fd) == 0;
    close(fd);
    if (ok) return RESULT_OK;
    unlink(ret_fresh);
    return result_fail(ERR_IO, NULL, "the key file cannot be written");
}

/* Linked, not renamed: two processes that start at once end with the same key. */
static struct result key_create(const char *path)
{
    char fresh[PATH_BYTES_MAX];
    struct key_file file = {.count = 1};
    crypto_random(file.keys[0].bytes, CRYPTO_KEY_BYTES);
    struct result result = write_fresh(path, &file, fresh);
    crypto_wipe(&file, sizeof file);
    TRY(result);
    bool ok = link(fresh, path) == 0 || errno == EEXIST;
    unlink(fresh);
    if (!ok || !sync_directory_of(path))
        return result_fail(ERR_IO, NULL, "the key file cannot be written");
    return RESULT_OK;
}

static struct result key_replace(const char *path, const struct key_file *file)
{
    char fresh[PATH_BYTES_MAX];
    TRY(write_fresh(path, file, fresh));
    if (rename(fresh, path) != 0) {
        unlink(fresh);
        return result_fail(ERR_IO, NULL, "the key file cannot be replaced");
    }
    if (!sync_directory_of(path)) return result_fail(ERR_IO, NULL, "the key file is not synced");
    return RESULT_OK;
}

static struct result check_owner_alone(int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0) return result_fail(ERR_IO, NULL, "the key file cannot be read");
    if (!S_ISREG(status.st_mode))
        return result_fail(ERR_CORRUPT, "key-damaged", "the key file is not a regular file");
    if (status.st_mode & (S_IRWXG | S_IRWXO)) {
        return result_fail(
            ERR_DENIED, "key-readable", "others may open the key file; its mode should be 0600");
    }
    return RESULT_OK;
}

static bool is_zero(const unsigned char *bytes, size_t size)
{
    unsigned char all = 0;
    for (size_t i = 0; i < size; i++)
        all |= bytes[i];
    return all == 0;
}

static struct result key_read(int fd, struct key_file *ret_file)
{
    TRY(check_owner_alone(fd));
    unsigned char bytes[KEYS_BYTES_MAX + 1]; /* one more, to notice a longer file */
    size_t len = 0;
    while (len < sizeof bytes) {
        ssize_t n = read(fd, bytes + len, sizeof bytes - len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return result_fail(ERR_IO, NULL, "the key file cannot be read");
        if (n == 0) break;
        len += (size_t)n;
    }
    bool ok = len > 0 && len <= KEYS_BYTES_MAX && len % CRYPTO_KEY_BYTES == 0;
    struct key_file file = {.count = (int)(len / CRYPTO_KEY_BYTES)};
    for (int i = 0; ok && i < file.count; i++) {
        memcpy(file.keys[i].bytes, bytes + i * CRYPTO_KEY_BYTES, CRYPTO_KEY_BYTES);
        ok = !is_zero(file.keys[i].bytes, CRYPTO_KEY_BYTES);
    }
    if (ok) *ret_file = file;
    crypto_wipe(bytes, sizeof bytes);
    crypto_wipe(&file, sizeof file);
    return ok ? RESULT_OK
              : result_fail(ERR_CORRUPT, "key-damaged", "the key file does not hold keys");
}

struct result key_file_load(struct str path, struct key_file *ret_file)
{
    char name[PATH_BYTES_MAX];
    TRY(path_of(path, name));
    int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT) {
        TRY(key_create(name));
        fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    }
    if (fd < 0) return result_fail(ERR_IO, NULL, "the key file cannot be opened");
    struct result result = key_read(fd, ret_file);
    close(fd);
    return result;
}

struct result key_file_add(struct str path)
{
    char name[PATH_BYTES_MAX];
    struct key_file file;
    TRY(path_of(path, name));
    TRY(key_file_load(path, &file));
    struct result result;
    if (file.count == KEY_FILE_MAX) {
        result = result_fail(ERR_LIMIT, "too-many-keys", "forget the old keys first");
    } else {
        crypto_random(file.keys[file.count++].bytes, CRYPTO_KEY_BYTES);
        result = key_replace(name, &file);
    }
    crypto_wipe(&file, sizeof file);
    return result;
}

struct result key_file_forget(struct str path, int *ret_forgotten)
{
    char name[PATH_BYTES_MAX];
    struct key_file file;
    TRY(path_of(path, name));
    TRY(key_file_load(path, &file));
    int kept = file.count < 2 ? file.count : 2;
    int forgotten = file.count - kept;
    struct result result = RESULT_OK;
    if (forgotten) {
        file.keys[1] = file.keys[file.count - 1];
        file.count = kept;
        result = key_replace(name, &file);
    }
    crypto_wipe(&file, sizeof file);
    TRY(result);
    *ret_forgotten = forgotten;
    return RESULT_OK;
}

int64_t key_file_changed_us(struct str path)
{
    char name[PATH_BYTES_MAX];
    struct stat status;
    if (!result_is_ok(path_of(path, name)) || stat(name, &status) != 0) return 0;
    return status.st_mtim.tv_sec * INT64_C(1000000) + status.st_mtim.tv_nsec / 1000;
}

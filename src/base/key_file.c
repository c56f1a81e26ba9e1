#include "base/key_file.h"

#include "base/check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

enum { PATH_BYTES_MAX = 4096, KEYS_BYTES_MAX = KEY_FILE_MAX * CRYPTO_KEY_BYTES };
enum { LOCK_WAIT_MS = 2000, LOCK_STEP_MS = 50 };

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

static struct result beside(
    const char *path, const char *dot, struct str ending, char ret_name[PATH_BYTES_MAX])
{
    int len = snprintf(ret_name, PATH_BYTES_MAX, "%s%s%.*s", path, dot, STR_ARG(ending));
    if (len < 0 || len >= PATH_BYTES_MAX)
        return result_fail(ERR_INVALID, "key-path", "the key file's path is too long");
    return RESULT_OK;
}

/* The keys in a new file, for the owner of `like` where that is given: who runs a command may be
 * another account than the server's, which must be able to read on. */
static struct result write_fresh(
    const char *fresh, const struct key_file *file, const struct stat *like)
{
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return result_fail(ERR_IO, NULL, "the key file cannot be made");
    struct stat status;
    bool ok = fstat(fd, &status) == 0;
    bool same = !like || (status.st_uid == like->st_uid && status.st_gid == like->st_gid);
    ok = ok && (same || fchown(fd, like->st_uid, like->st_gid) == 0);
    for (int i = 0; ok && i < file->count; i++)
        ok = write_all(fd, file->keys[i].bytes, CRYPTO_KEY_BYTES);
    ok = ok && fsync(fd) == 0;
    close(fd);
    if (ok) return RESULT_OK;
    unlink(fresh);
    return result_fail(ERR_IO, NULL, "the key file cannot be written for its owner");
}

/* Linked, not renamed: two processes that start at once end with the same key. */
static struct result key_create(const char *path)
{
    CLEANUP(arena_release) struct arena arena = {0};
    char fresh[PATH_BYTES_MAX];
    TRY(beside(path, ".", crypto_token(&arena), fresh));
    struct key_file file = {.count = 1};
    crypto_random(file.keys[0].bytes, CRYPTO_KEY_BYTES);
    struct result result = write_fresh(fresh, &file, NULL);
    crypto_wipe(&file, sizeof file);
    TRY(result);
    bool ok = link(fresh, path) == 0 || errno == EEXIST;
    unlink(fresh);
    if (!ok || !sync_directory_of(path))
        return result_fail(ERR_IO, NULL, "the key file cannot be written");
    return RESULT_OK;
}

/* Under the lock, so always by the same other name: what a crash left there goes. */
static struct result key_replace(const char *path, const struct key_file *file)
{
    char fresh[PATH_BYTES_MAX];
    struct stat status;
    TRY(beside(path, ".new", (struct str){0}, fresh));
    if (stat(path, &status) != 0)
        return result_fail(ERR_IO, NULL, "the key file cannot be replaced");
    unlink(fresh);
    TRY(write_fresh(fresh, file, &status));
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

bool key_file_exists(struct str path)
{
    char name[PATH_BYTES_MAX];
    struct stat status;
    return result_is_ok(path_of(path, name)) && lstat(name, &status) == 0;
}

struct result key_file_load(struct str path, struct key_file *ret_file)
{
    char name[PATH_BYTES_MAX];
    TRY(path_of(path, name));
    int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT)
        return result_fail(ERR_NOT_FOUND, "key-missing", "there is no key file");
    if (fd < 0) return result_fail(ERR_IO, NULL, "the key file cannot be opened");
    struct result result = key_read(fd, ret_file);
    close(fd);
    return result;
}

struct result key_file_make(struct str path)
{
    char name[PATH_BYTES_MAX];
    TRY(path_of(path, name));
    return key_file_exists(path) ? RESULT_OK : key_create(name);
}

/* ---- changing it ---- */

struct result key_file_lock(struct str path, struct key_lock *ret_lock)
{
    char name[PATH_BYTES_MAX];
    char lock[PATH_BYTES_MAX];
    struct stat status;
    TRY(path_of(path, name));
    TRY(beside(name, ".lock", (struct str){0}, lock));
    int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (fd < 0) return result_fail(ERR_IO, NULL, "the key file's lock cannot be made");
    /* The key file's owner must be able to lock it later, whoever made the lock. */
    struct stat owner;
    bool held = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && stat(name, &owner) == 0;
    held = held && (status.st_uid == owner.st_uid || fchown(fd, owner.st_uid, owner.st_gid) == 0);
    if (!held) {
        close(fd);
        return result_fail(ERR_IO, NULL, "the key file's lock cannot be used");
    }
    const struct timespec step = {.tv_nsec = LOCK_STEP_MS * 1000000};
    held = flock(fd, LOCK_EX | LOCK_NB) == 0;
    for (int ms = 0; !held && ms < LOCK_WAIT_MS; ms += LOCK_STEP_MS) {
        nanosleep(&step, NULL);
        held = flock(fd, LOCK_EX | LOCK_NB) == 0;
    }
    if (!held) {
        close(fd);
        return result_fail(ERR_BUSY, "key-busy", "another balm key is running");
    }
    ret_lock->fd = fd;
    return RESULT_OK;
}

void key_file_unlock(struct key_lock *lock)
{
    close(lock->fd);
    lock->fd = -1;
}

static struct result check_view(struct str path, const struct key_file *file)
{
    struct key_file now;
    TRY(key_file_load(path, &now));
    size_t used = (size_t)now.count * sizeof now.keys[0];
    bool same = now.count == file->count && memcmp(now.keys, file->keys, used) == 0;
    crypto_wipe(&now, sizeof now);
    if (same) return RESULT_OK;
    return result_fail(ERR_CONFLICT, "key-changed", "somebody else has changed the key file");
}

/* Puts `next` in the place of what the caller knows; wipes it. */
static struct result change(struct str path, struct key_file *file, struct key_file *next)
{
    char name[PATH_BYTES_MAX];
    struct result result = path_of(path, name);
    if (result_is_ok(result)) result = check_view(path, file);
    if (result_is_ok(result)) result = key_replace(name, next);
    if (result_is_ok(result)) *file = *next;
    crypto_wipe(next, sizeof *next);
    return result;
}

struct result key_file_add(struct str path, struct key_file *file)
{
    if (file->count == KEY_FILE_MAX)
        return result_fail(ERR_LIMIT, "too-many-keys", "forget the old keys first");
    struct key_file next = *file;
    crypto_random(next.keys[next.count++].bytes, CRYPTO_KEY_BYTES);
    return change(path, file, &next);
}

struct result key_file_forget(struct str path, struct key_file *file, int *ret_forgotten)
{
    struct key_file next = {.count = file->count < 2 ? file->count : 2};
    int forgotten = file->count - next.count;
    next.keys[0] = file->keys[0];
    if (next.count == 2) next.keys[1] = file->keys[file->count - 1];
    if (forgotten) TRY(change(path, file, &next)); /* wipes it */
    crypto_wipe(&next, sizeof next);
    *ret_forgotten = forgotten;
    return RESULT_OK;
}

/* The lock file lies in the same folder: touched now, it tells that file system's time. */
struct result key_file_age_us(struct str path, const struct key_lock *lock, int64_t *ret_age_us)
{
    char name[PATH_BYTES_MAX];
    struct stat now;
    struct stat then;
    TRY(path_of(path, name));
    if (futimens(lock->fd, NULL) != 0 || fstat(lock->fd, &now) != 0 || stat(name, &then) != 0)
        return result_fail(ERR_IO, NULL, "the key file's age cannot be told");
    *ret_age_us = (now.st_mtim.tv_sec - then.st_mtim.tv_sec) * INT64_C(1000000) +
                  (now.st_mtim.tv_nsec - then.st_mtim.tv_nsec) / 1000;
    return RESULT_OK;
}

struct key_stamp key_file_stamp(struct str path)
{
    char name[PATH_BYTES_MAX];
    struct stat status;
    if (!result_is_ok(path_of(path, name)) || stat(name, &status) != 0)
        return (struct key_stamp){0};
    return (struct key_stamp){
        status.st_mtim.tv_sec, status.st_mtim.tv_nsec, (int64_t)status.st_ino, status.st_size};
}

bool key_stamp_eq(const struct key_stamp *a, const struct key_stamp *b)
{
    return a->changed_s == b->changed_s && a->changed_ns == b->changed_ns && a->inode == b->inode &&
           a->size == b->size;
}

/* key_file: the server's secret keys, in a file apart from the database.
 *
 * The file holds 1 to KEY_FILE_MAX keys of 32 random bytes, the oldest first, and belongs to its
 * owner alone (mode 0600): it is refused where others may open it. It is changed whole or not at
 * all (written under another name, synced, renamed), and keeps its owner.
 *
 * Who changes it holds a key_lock from before reading the file until everything that follows from
 * the change is done. Servers only read it: whatever they seal with must stay in it until they
 * have read a newer key (see key_file_age_us, and balm key forget). */
#ifndef BALM_BASE_KEY_FILE_H
#define BALM_BASE_KEY_FILE_H

#include "base/crypto.h"

enum { KEY_FILE_MAX = 8 };

struct key_file {
    int count; /* at least 1 */
    struct crypto_key keys[KEY_FILE_MAX];
};

/* Is there anything by that name? */
bool key_file_exists(struct str path);

/* ERR_NOT_FOUND "key-missing" where there is none, ERR_DENIED where the file can be read by others
 * ("key-readable"), ERR_CORRUPT where it is not a key file ("key-damaged"), ERR_INVALID for a path
 * that cannot be ("key-path"), ERR_IO. */
struct result MUST_CHECK key_file_load(struct str path, struct key_file *ret_file);

/* A file with one fresh key where there is none yet; one that is there stays as it is. */
struct result MUST_CHECK key_file_make(struct str path);

/* ---- changing it ---- */

/* The lock is on PATH.lock, which stays; the system gives it back where its holder dies. */
struct key_lock {
    int fd;
};

/* Waits at most a moment. ERR_BUSY "key-busy" where another process holds it. */
struct result MUST_CHECK key_file_lock(struct str path, struct key_lock *ret_lock);
void key_file_unlock(struct key_lock *lock);

/* Both are given what the caller has loaded and answer with what the file holds now; ERR_CONFLICT
 * "key-changed" where it is not what the caller knows, and then nothing is changed. */
/* Puts a fresh key behind the others. ERR_LIMIT "too-many-keys". */
struct result MUST_CHECK key_file_add(struct str path, struct key_file *file);
/* Leaves the first, from which links are made, and the newest. */
struct result MUST_CHECK key_file_forget(
    struct str path, struct key_file *file, int *ret_forgotten);

/* How long ago the file was changed, by the clock of its own file system; less than 0 where that
 * clock was set back. */
struct result MUST_CHECK key_file_age_us(
    struct str path, const struct key_lock *lock, int64_t *ret_age_us);

/* Differs where the file is another one than before, for a server that should notice. */
struct key_stamp {
    int64_t changed_s;
    int64_t changed_ns;
    int64_t inode;
    int64_t size;
};

/* All zero where that cannot be told. */
struct key_stamp key_file_stamp(struct str path);
bool key_stamp_eq(const struct key_stamp *a, const struct key_stamp *b);

#endif

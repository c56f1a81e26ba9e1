/* key_file: the server's secret keys, in a file apart from the database.
 *
 * The file holds 1 to KEY_FILE_MAX keys of 32 random bytes, the oldest first, and belongs to its
 * owner alone (mode 0600): it is refused where others may open it. It is made where it does not
 * exist, and changed whole or not at all (written under another name, synced, renamed). */
#ifndef BALM_BASE_KEY_FILE_H
#define BALM_BASE_KEY_FILE_H

#include "base/crypto.h"

enum { KEY_FILE_MAX = 8 };

struct key_file {
    int count; /* at least 1 */
    struct crypto_key keys[KEY_FILE_MAX];
};

/* ERR_DENIED where the file can be read by others ("key-readable"), ERR_CORRUPT where it is not a
 * key file ("key-damaged"), ERR_INVALID for a path that cannot be ("key-path"), ERR_IO. */
struct result MUST_CHECK key_file_load(struct str path, struct key_file *ret_file);

/* Puts a fresh key behind the others. ERR_LIMIT "too-many-keys". */
struct result MUST_CHECK key_file_add(struct str path);
/* Leaves the first, from which links are made, and the newest. */
struct result MUST_CHECK key_file_forget(struct str path, int *ret_forgotten);

/* When the file was last changed, for a server that should notice; 0 where that cannot be told. */
int64_t key_file_changed_us(struct str path);

#endif

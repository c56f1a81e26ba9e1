/* The key file and the fields sealed with its keys. */
#include "base/seal.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static struct arena arena;
static char directory[64];

static void write_file(const char *path, const char *bytes, size_t size, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    close(fd);
    assert_int_equal(chmod(path, mode), 0);
}

static void key_files(void **state)
{
    (void)state;
    struct str path = arena_printf(&arena, "%s/key", directory);
    struct key_file key = {0};
    struct key_file again = {0};
    assert_string_equal(key_file_load(path, &key).reason, "key-missing");
    assert_false(key_file_exists(path));
    assert_true(result_is_ok(key_file_make(path)));
    assert_true(result_is_ok(key_file_load(path, &key)));
    assert_true(result_is_ok(key_file_make(path)));
    assert_true(result_is_ok(key_file_load(path, &again)));
    assert_memory_equal(&key, &again, sizeof key);
    struct stat status;
    assert_int_equal(stat(path.ptr, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(status.st_size, 32);
    assert_int_equal(status.st_nlink, 1); /* the name it was written under is gone */

    for (int bit = 0; bit < 6; bit++) {
        assert_int_equal(chmod(path.ptr, 0600u | 1u << bit), 0);
        struct result result = key_file_load(path, &again);
        assert_int_equal(result.code, ERR_DENIED);
        assert_string_equal(result.reason, "key-readable");
    }
    static const char zeros[9 * 32];
    const size_t sizes[] = {0, 31, 32, 33, 64, 9 * 32};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        write_file(path.ptr, zeros, sizes[i], 0600);
        assert_int_equal(key_file_load(path, &again).code, ERR_CORRUPT);
    }
    assert_memory_equal(&key, &again, sizeof key);
    assert_int_equal(key_file_load(str_from_cstr(directory), &again).code, ERR_CORRUPT);
    struct str nowhere = arena_printf(&arena, "%s/no/key", directory);
    assert_int_equal(key_file_load(nowhere, &again).code, ERR_NOT_FOUND);
    assert_int_equal(key_file_make(nowhere).code, ERR_IO);
    assert_int_equal(key_file_load((struct str){0}, &again).code, ERR_INVALID);
    unlink(path.ptr);
}

static void keys_are_added_and_forgotten(void **state)
{
    (void)state;
    struct str path = arena_printf(&arena, "%s/keys", directory);
    struct key_file first;
    struct key_file file;
    int forgotten = -1;
    assert_true(result_is_ok(key_file_make(path)));
    assert_true(result_is_ok(key_file_load(path, &first)));
    assert_int_equal(first.count, 1);
    file = first;
    assert_true(result_is_ok(key_file_forget(path, &file, &forgotten)));
    assert_int_equal(forgotten, 0);
    for (int i = 1; i < KEY_FILE_MAX; i++)
        assert_true(result_is_ok(key_file_add(path, &file)));
    assert_string_equal(key_file_add(path, &file).reason, "too-many-keys");
    struct key_file known = file;
    assert_true(result_is_ok(key_file_load(path, &file)));
    assert_int_equal(file.count, KEY_FILE_MAX);
    assert_memory_equal(&known, &file, sizeof file);
    assert_memory_equal(&file.keys[0], &first.keys[0], CRYPTO_KEY_BYTES);
    struct crypto_key newest = file.keys[KEY_FILE_MAX - 1];
    assert_true(result_is_ok(key_file_forget(path, &file, &forgotten)));
    assert_int_equal(forgotten, KEY_FILE_MAX - 2);
    assert_true(result_is_ok(key_file_load(path, &file)));
    assert_int_equal(file.count, 2);
    assert_memory_equal(&file.keys[0], &first.keys[0], CRYPTO_KEY_BYTES);
    assert_memory_equal(&file.keys[1], &newest, CRYPTO_KEY_BYTES);
    struct stat status;
    assert_int_equal(stat(path.ptr, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    unlink(path.ptr);
    assert_string_equal(key_file_add(path, &file).reason, "key-missing");
    assert_string_equal(key_file_forget(path, &known, &forgotten).reason, "key-missing");
    assert_false(key_file_exists(path)); /* who changes it does not make it */
}

/* Of two who read the same file, the second would write the first one's key away. */
static void a_stale_view_changes_nothing(void **state)
{
    (void)state;
    struct str path = arena_printf(&arena, "%s/views", directory);
    struct key_file mine;
    int forgotten = -1;
    assert_true(result_is_ok(key_file_make(path)));
    assert_true(result_is_ok(key_file_load(path, &mine)));
    struct key_file other = mine;
    assert_true(result_is_ok(key_file_add(path, &mine)));
    assert_int_equal(key_file_add(path, &other).code, ERR_CONFLICT);
    assert_int_equal(other.count, 1);
    other = mine;
    assert_true(result_is_ok(key_file_add(path, &mine)));
    other.keys[other.count++] = (struct crypto_key){{1}};
    assert_string_equal(key_file_forget(path, &other, &forgotten).reason, "key-changed");
    assert_int_equal(forgotten, -1);
    struct key_file now;
    assert_true(result_is_ok(key_file_load(path, &now)));
    assert_int_equal(now.count, 3);
    assert_memory_equal(&now, &mine, 3 * CRYPTO_KEY_BYTES);
    /* a change that a crash broke off left its half-written file: the next one takes its place */
    struct str left = arena_printf(&arena, "%s.new", path.ptr);
    write_file(left.ptr, "half", 4, 0600);
    assert_true(result_is_ok(key_file_add(path, &mine)));
    assert_int_equal(access(left.ptr, F_OK), -1);
    unlink(path.ptr);
}

/* The administrator's commands leave the server its files. */
static void the_owner_stays(void **state)
{
    (void)state;
    enum { SERVER = 4321 };
    if (geteuid() != 0) skip();
    struct str path = arena_printf(&arena, "%s/owned", directory);
    struct str lock_path = arena_printf(&arena, "%s.lock", path.ptr);
    struct key_file file;
    struct key_lock lock;
    struct stat status;
    assert_true(result_is_ok(key_file_make(path)));
    assert_int_equal(chown(path.ptr, SERVER, SERVER), 0);
    assert_true(result_is_ok(key_file_lock(path, &lock)));
    assert_true(result_is_ok(key_file_load(path, &file)));
    assert_true(result_is_ok(key_file_add(path, &file)));
    key_file_unlock(&lock);
    assert_int_equal(stat(path.ptr, &status), 0);
    assert_int_equal(status.st_uid, SERVER);
    assert_int_equal(status.st_gid, SERVER);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(stat(lock_path.ptr, &status), 0);
    assert_int_equal(status.st_uid, SERVER);
    unlink(path.ptr);
    unlink(lock_path.ptr);
}

static void changes_are_locked_and_dated(void **state)
{
    (void)state;
    struct str path = arena_printf(&arena, "%s/dated", directory);
    struct key_lock lock = {-1};
    struct key_lock second = {-1};
    struct stat status;
    int64_t age_us = -1;
    assert_true(result_is_ok(key_file_make(path)));
    assert_true(result_is_ok(key_file_lock(path, &lock)));
    assert_string_equal(key_file_lock(path, &second).reason, "key-busy");
    assert_int_equal(second.fd, -1);
    struct str lock_path = arena_printf(&arena, "%s.lock", path.ptr);
    assert_int_equal(stat(lock_path.ptr, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_true(fcntl(lock.fd, F_GETFD) & FD_CLOEXEC);
    assert_true(result_is_ok(key_file_age_us(path, &lock, &age_us)));
    assert_true(age_us >= 0 && age_us < 60000000);
    struct key_stamp before = key_file_stamp(path);
    struct timespec hour_ago[2] = {
        {status.st_mtim.tv_sec - 3600, 0}, {status.st_mtim.tv_sec - 3600, 0}};
    assert_int_equal(utimensat(AT_FDCWD, path.ptr, hour_ago, 0), 0);
    assert_true(result_is_ok(key_file_age_us(path, &lock, &age_us)));
    assert_true(age_us >= 3599 * INT64_C(1000000));
    struct key_stamp after = key_file_stamp(path);
    assert_false(key_stamp_eq(&before, &after));
    struct key_file file;
    assert_true(result_is_ok(key_file_load(path, &file)));
    assert_true(result_is_ok(key_file_add(path, &file)));
    before = after;
    after = key_file_stamp(path);
    assert_false(key_stamp_eq(&before, &after));
    key_file_unlock(&lock);
    assert_true(result_is_ok(key_file_lock(path, &second)));
    key_file_unlock(&second);
    unlink(path.ptr);
    unlink(lock_path.ptr);
    after = key_file_stamp(path);
    assert_true(key_stamp_eq(&after, &(struct key_stamp){0}));
}

static void ring_of(struct seal_ring *ring, int keys)
{
    struct key_file file = {.count = keys};
    for (int i = 0; i < keys; i++)
        memset(file.keys[i].bytes, 17 + i, CRYPTO_KEY_BYTES);
    seal_ring_init(ring, &file);
}

static const struct seal_place place = {"thing.sealed", 3, 14, 15};

static void sealed_values_open_in_their_place_only(void **state)
{
    (void)state;
    struct seal_ring ring;
    ring_of(&ring, 1);
    struct str plain;
    for (size_t len = 0; len < 200; len += 13) {
        char text[200];
        crypto_random(text, sizeof text);
        struct str sealed = seal(&arena, &ring, place, (struct str){text, len});
        assert_int_equal(sealed.len, len + SEAL_OVERHEAD_BYTES);
        assert_true(result_is_ok(seal_open(&arena, &ring, place, sealed, &plain)));
        assert_true(str_eq(plain, (struct str){text, len}));
    }
    struct str one = seal(&arena, &ring, place, STR("seven"));
    assert_false(str_eq(one, seal(&arena, &ring, place, STR("seven"))));
    assert_false(str_contains(one, STR("seven")));
    const struct seal_place others[] = {{"thing.other", 3, 14, 15}, {"thing.sealed", 4, 14, 15},
        {"thing.sealed", 3, 15, 15}, {"thing.sealed", 3, 14, 0}, {"thing.sealed", 31, 4, 15}};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct result result = seal_open(&arena, &ring, others[i], one, &plain);
        assert_int_equal(result.code, ERR_CORRUPT);
        assert_string_equal(result.reason, "sealed-damaged");
    }
    assert_true(result_is_ok(seal_open(&arena, &ring, place, (struct str){0}, &plain)));
    assert_int_equal(plain.len, 0);
}

static void every_changed_byte_is_noticed(void **state)
{
    (void)state;
    struct seal_ring ring;
    ring_of(&ring, 2);
    struct str sealed = seal(&arena, &ring, place, STR("seven"));
    struct str plain;
    for (size_t i = 0; i < sealed.len; i++) {
        char *copy = (char *)(uintptr_t)arena_str(&arena, sealed).ptr;
        copy[i] ^= 1;
        struct str changed = {copy, sealed.len};
        assert_int_equal(seal_open(&arena, &ring, place, changed, &plain).code, ERR_CORRUPT);
        struct str cut = {sealed.ptr, i};
        if (i) assert_int_equal(seal_open(&arena, &ring, place, cut, &plain).code, ERR_CORRUPT);
    }
}

static void old_keys_open_and_the_newest_seals(void **state)
{
    (void)state;
    struct seal_ring old_ring;
    struct seal_ring ring;
    struct str plain;
    ring_of(&old_ring, 1);
    ring_of(&ring, 2);
    struct str old_value = seal(&arena, &old_ring, place, STR("before"));
    struct str new_value = seal(&arena, &ring, place, STR("after"));
    assert_true(seal_is_current(&old_ring, old_value));
    assert_false(seal_is_current(&ring, old_value));
    assert_true(seal_is_current(&ring, new_value));
    assert_true(seal_is_current(&ring, (struct str){0}));
    assert_true(seal_is_known(&ring, old_value) && seal_is_known(&ring, (struct str){0}));
    assert_false(seal_is_known(&old_ring, new_value));
    assert_true(result_is_ok(seal_open(&arena, &ring, place, old_value, &plain)));
    assert_true(str_eq(plain, STR("before")));
    struct result result = seal_open(&arena, &old_ring, place, new_value, &plain);
    assert_int_equal(result.code, ERR_CORRUPT);
    assert_string_equal(result.reason, "sealed-key");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_files),
        cmocka_unit_test(keys_are_added_and_forgotten),
        cmocka_unit_test(a_stale_view_changes_nothing),
        cmocka_unit_test(the_owner_stays),
        cmocka_unit_test(changes_are_locked_and_dated),
        cmocka_unit_test(sealed_values_open_in_their_place_only),
        cmocka_unit_test(every_changed_byte_is_noticed),
        cmocka_unit_test(old_keys_open_and_the_newest_seals),
    };
    if (!result_is_ok(crypto_init())) return 1;
    snprintf(directory, sizeof directory, "/tmp/balm-test-key-XXXXXX");
    if (!mkdtemp(directory)) return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(directory);
    arena_release(&arena);
    return failed;
}

/* checkin: one time that a client said how they are.
 *
 * Entries are never changed: a correction is a row of its own, the newest counts and the first is
 * kept. The same entry sent twice (a phone that was offline, a double tap) counts once, by its
 * entry_key. Values are sealed (base/seal.h).
 *
 * Tables: checkin, checkin_correction. */
#ifndef BALM_PRACTICE_OUTCOMES_CHECKIN_H
#define BALM_PRACTICE_OUTCOMES_CHECKIN_H

#include "base/problems.h"
#include "practice/clients/care_env.h"
#include "practice/outcomes/measure.h"
#include "relief/relief.h"

enum { CHECKIN_VALUES_MAX = 12 };

struct checkin_value {
    enum measure measure;
    int32_t value; /* hundredths of the measure's unit */
};

struct checkin_values {
    struct checkin_value list[CHECKIN_VALUES_MAX];
    size_t count;
};

struct checkin {
    int64_t id;
    struct client_id client;
    utc_us at;
    utc_us received;
    enum relief_kind kind; /* CHECK_IN, BEFORE or AFTER */
    bool spontaneous;
    int64_t prompt;            /* 0: none */
    struct booking_id booking; /* BEFORE and AFTER */
    struct checkin_values values;
    struct checkin_values first; /* as first said; the same where never corrected */
    int corrections;
    bool is_mistake; /* taken back: does not count */
};

struct checkin_list {
    const struct checkin *ptr;
    size_t len;
};

struct checkin_input {
    struct client_id client;
    utc_us at; /* of the client's clock where it was offline; else now */
    enum relief_kind kind;
    bool spontaneous;
    int64_t prompt;
    struct booking_id booking;
    struct str entry_key; /* base64url, 16 to LIMIT_ENTRY_KEY_CHARS */
    struct checkin_values values;
};

/* MEASURE_NONE where it was not said. */
int32_t checkin_value(const struct checkin_values *values, enum measure measure);
void checkin_set(struct checkin_values *values, enum measure measure, int32_t value);

/* Pain must be there, each value be one of its measure, `at` within LIMIT_CHECKIN_DELAY_DAYS before
 * now (five minutes after it: clocks differ). */
void checkin_check(const struct checkin_input *input, utc_us now, struct problems *problems);

/* Checked before. *ret_new false: it was there already, *ret_id is that one's. ERR_LIMIT
 * "too-many-check-ins": LIMIT_CHECKINS_PER_DAY_CLIENT. */
struct result MUST_CHECK checkin_add(
    struct care_env *env, const struct checkin_input *input, int64_t *ret_id, bool *ret_new);

/* What they say now of an entry of theirs. No values: it was a mistake. */
struct result MUST_CHECK checkin_correct(
    struct care_env *env, const struct checkin *checkin, const struct checkin_values *values);

/* ERR_NOT_FOUND "unknown-check-in", also where it is another client's. */
struct result MUST_CHECK checkin_find(
    struct care_env *env, struct client_id client, int64_t id, struct checkin *ret_checkin);
/* The entry with that key; *ret_has false where there is none. */
struct result MUST_CHECK checkin_find_by_key(struct care_env *env, struct client_id client,
    struct str entry_key, bool *ret_has, struct checkin *ret_checkin);

/* All of a client since `from`, by time, mistakes included. */
struct result MUST_CHECK checkin_of_client(
    struct care_env *env, struct client_id client, utc_us from, struct checkin_list *ret_list);
/* Those around one session. */
struct result MUST_CHECK checkin_of_booking(struct care_env *env, struct client_id client,
    struct booking_id booking, struct checkin_list *ret_list);

/* Whether anything was said by them or around a session of theirs. */
struct result MUST_CHECK checkin_any(struct care_env *env, struct client_id client, bool *ret_any);

/* What was said of one entry after the first time, in order. */
struct checkin_correction {
    utc_us at;
    struct checkin_values values;
    bool is_mistake; /* taken back; no values */
};
struct checkin_corrections {
    const struct checkin_correction *ptr;
    size_t len;
};
struct result MUST_CHECK checkin_corrections(
    struct care_env *env, int64_t checkin, struct checkin_corrections *ret_list);

/* ---- merging, deleting, new keys ---- */

struct result MUST_CHECK checkin_move_client(
    struct care_env *env, struct client_id from, struct client_id into);
/* Before moving: what is said of activity 1 is of activity 1 + by from now on, and so on; what falls
 * behind the last one is dropped. */
struct result MUST_CHECK checkin_shift_activities(
    struct care_env *env, struct client_id client, size_t by);
struct result MUST_CHECK checkin_erase_client(struct care_env *env, struct client_id client);
extern const struct sealed_table checkin_sealed; /* for practice/care/sealed.h */
extern const struct sealed_table checkin_correction_sealed;

/* The bytes that are sealed, and back (false where they are none): for tests and fuzzing. */
struct str checkin_pack(struct arena *arena, const struct checkin_values *values);
bool checkin_unpack(struct str bytes, struct checkin_values *ret_values);

#endif

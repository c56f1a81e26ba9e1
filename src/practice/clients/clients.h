/* clients: the people who come.
 *
 * A client is recognised by their e-mail and name together (families share an address). A public
 * booking never changes what is known of a client, except filling in a phone number that was
 * missing.
 *
 * Table: client. */
#ifndef BALM_PRACTICE_CLIENTS_H
#define BALM_PRACTICE_CLIENTS_H

#include "auth/actor.h"
#include "base/civil.h"
#include "base/problems.h"
#include "store/store.h"

struct client {
    struct client_id id;
    struct str name;
    struct str email;
    struct str phone;
    struct str note; /* staff's own */
    struct str language;
    struct client_id merged_into;
    utc_us created;
    utc_us erased; /* 0: no; otherwise there is no name any more */
};

struct client_list {
    const struct client *ptr;
    size_t len;
};

/* What a person typed of themselves, checked and trimmed; problems are named `prefix` + field. */
struct client_details {
    struct str name;
    struct str email;
    struct str phone;
    struct str language;
};
void client_check(struct client_details *details, struct str prefix, struct problems *problems);

/* Finds the client of these details or makes one. */
struct result MUST_CHECK client_recognise(struct tx *tx, struct practice_id practice,
    const struct client_details *details, utc_us now, struct client_id *ret_id);

struct result MUST_CHECK client_get(struct tx *tx, struct practice_id practice, struct client_id id,
    struct arena *arena, struct client *ret_client);

/* Staff: search in names (each word's beginning), e-mail and phone; newest first where empty. */
struct result MUST_CHECK client_search(struct tx *tx, struct practice_id practice, struct str query,
    size_t max, struct arena *arena, struct client_list *ret_list);

/* Those with this address (families share one), oldest first; by the index, so that the many others
 * cost nothing. */
struct result MUST_CHECK client_by_email(struct tx *tx, struct practice_id practice,
    struct str email, size_t max, struct arena *arena, struct client_list *ret_list);

/* Somebody, whoever; 0 where there is nobody. */
struct result MUST_CHECK client_any(
    struct tx *tx, struct practice_id practice, struct client_id *ret_id);

/* Staff: change what is known. */
struct result MUST_CHECK client_update(struct tx *tx, struct practice_id practice,
    const struct client *client, struct actor actor, utc_us now);

/* The mark only; bookings are moved by booking_merge_client. ERR_INVALID "same-client". */
struct result MUST_CHECK client_mark_merged(
    struct tx *tx, struct practice_id practice, struct client_id from, struct client_id into);

/* Deletes name, addresses and notes, of the record and of those merged into it; the row stays. */
struct result MUST_CHECK client_erase(
    struct tx *tx, struct practice_id practice, struct client_id id, utc_us now);

/* ASCII and Latin-1/Latin Extended-A letters to lower case without accents, so that "Zoe" finds
 * Zoë. */
struct str client_fold(struct arena *arena, struct str text);

#endif

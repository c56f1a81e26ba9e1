/* checkin: what the pages behind a client's links have in common. */
#ifndef BALM_WEB_PAGES_CHECKIN_H
#define BALM_WEB_PAGES_CHECKIN_H

#include "practice/care/plan.h"
#include "practice/clients/personal_link.h"
#include "practice/outcomes/checkin.h"
#include "web/pages/page.h"
#include "web/views/checkin.h"

/* So long a client may change what they said. */
enum { CHECKIN_CHANGE_DAYS = 7 };

/* A client who came by a link. */
struct checkin_visit {
    struct care_env env;
    struct personal_link link;
    bool has_plan;
    struct care_plan plan; /* plan_default where there is none */
};

/* The visit of /c/:token: by the link of a check-in or of the client's page. Where it has ended, or
 * is none, the page that says so is the response and the result ERR_NOT_FOUND. */
struct result MUST_CHECK checkin_open(struct call *call, struct checkin_visit *ret_visit);
/* The same where the link may have come to its end: nobody is asked on because a letter is old. */
struct result MUST_CHECK checkin_open_ended(struct call *call, struct checkin_visit *ret_visit);
/* The page that says that a link has ended, with status 404; gives back `why`. */
struct result MUST_CHECK checkin_ended(struct call *call, struct result why);

/* The bare frame of these pages. `self`: this page for a GET. */
void checkin_frame(struct call *call, struct format *f, void (*title)(struct tmpl *),
    struct str self, struct view_page *ret_page);
/* "/c/TOKEN" and `rest`. */
struct str checkin_path(struct call *call, const char *base, const char *rest);
/* A key for an entry: what was sent, or a fresh one where that is none. */
struct str checkin_entry_key(struct call *call);
/* A page that came back with problems: their words stand at the fields. */
struct result checkin_invalid(void);

struct checkin_record {
    utc_us at;
    struct str entry_key;
    struct checkin_values values;
};

/* Writes down what was said by this link, prompted or not, and looks for what the therapist must
 * know. *ret_new false: it was there already. *ret_told: the practice is told that pain stayed
 * clearly worse. Problems instead of an entry where there are any. */
struct result MUST_CHECK checkin_record(struct care_env *env, const struct personal_link *link,
    const struct checkin_record *record, struct problems *problems, int64_t *ret_id, bool *ret_new,
    bool *ret_told);

#endif

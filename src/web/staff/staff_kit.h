/* What the staff's pages are made with: the page around them, sentences, forms, dates.
 *
 * All memory is the request's arena. */
#ifndef BALM_WEB_STAFF_KIT_H
#define BALM_WEB_STAFF_KIT_H

#include "call/call.h"
#include "web/format.h"
#include "web/views/staff.h"

/* ---- sentences ---- */

typedef void (*staff_sentence)(struct tmpl *t);

/* One that needs no values: staff_say(call, msg_staff_moved). */
struct str staff_say(const struct call *call, staff_sentence sentence);
/* One that needs some: struct tmpl *t = staff_text(call); msg_x(t, a, b); staff_text_end(t).
 * Several may be written one behind the other. */
struct tmpl *staff_text(const struct call *call);
struct str staff_text_end(struct tmpl *t);
/* What to read where a rule was broken: a problem's code or a result's reason. */
struct str staff_problem(const struct call *call, const char *code, struct str arg);

/* Their name; "Deleted client" where nothing is left of them. */
struct str staff_client_name(const struct call *call, const struct client *client);

/* ---- pages ---- */

/* Everything around a page. `?did=NAME` in the address says what was just done. */
void staff_page_fill(const struct call *call, enum view_staff_place place, struct str title,
    struct view_staff_page *ret_page);

/* STAFF_PAGE(call, 200, tmpl_staff_today, &view): writes the page into the response. */
#define STAFF_PAGE(call, status, template, view)                                                   \
    do {                                                                                           \
        struct tmpl *staff_page_tmpl_ = staff_page_begin(call);                                    \
        template(staff_page_tmpl_, (view));                                                        \
        staff_page_end((call), (status), staff_page_tmpl_);                                        \
    } while (0)
struct tmpl *staff_page_begin(const struct call *call);
void staff_page_end(struct call *call, int status, struct tmpl *t);

/* 303 to a path of ours; `did` (may be NULL) names what the page there shall say was done. */
void staff_redirect(struct call *call, struct str path, const char *did);
/* A path of this site that may stand in Location: "/staff?day=2026-03-03". */
bool staff_is_local_path(struct str path);
/* A path as a URL, from trusted parts only. */
struct url staff_url(const struct call *call, const char *format, ...) PRINTF_LIKE(2, 3);
/* mailto: and tel: of what was typed; empty where it is no such thing. */
struct url staff_mail_url(const struct call *call, struct str email);
struct url staff_phone_url(const struct call *call, struct str phone);
/* Percent-encoded, to stand in an address. */
struct str staff_encoded(const struct call *call, struct str text);
/* A number in the path; ERR_NOT_FOUND where it is none. */
struct result MUST_CHECK staff_param_id(const struct call *call, const char *name, int64_t *ret_id);

/* ---- dates in the practice's zone ---- */

struct staff_dates {
    const struct call *call;
    struct format format;
    date_day today;
};

void staff_dates_init(struct staff_dates *dates, const struct call *call);
struct local_time staff_local(const struct call *call, utc_us at);
utc_us staff_day_begin(const struct call *call, date_day day);
struct str staff_day(const struct staff_dates *d, date_day day);      /* "Tuesday 3 March" */
struct str staff_long_day(const struct staff_dates *d, date_day day); /* with its year */
struct str staff_clock(const struct staff_dates *d, utc_us at);       /* "9:00" */
/* "Tuesday 3 March, 9:00"; with its year where it is not this year's. */
struct str staff_when(const struct staff_dates *d, utc_us at);
/* As a heading or at the beginning of a line. */
struct str staff_capital(const struct staff_dates *d, struct str text);
struct str staff_span(const struct staff_dates *d, utc_us from, utc_us to); /* "9:00–10:00" */
struct str staff_iso_day(const struct call *call, date_day day);      /* "2026-03-03" */
struct str staff_hhmm(const struct call *call, int minutes);          /* "09:00", for time inputs */
struct str staff_minutes_words(const struct staff_dates *d, int minutes); /* "2 hours", "1 day" */
struct str staff_price(const struct staff_dates *d, int64_t minor);

/* ---- forms ---- */

enum { STAFF_INPUTS_MAX = 24, STAFF_HIDDEN_MAX = 8 };

/* A form being built. `posted`: it comes back with what was typed, and what is wrong with it. */
struct staff_form {
    struct call *call;
    bool posted;
    const char *prefix; /* of ids, where several forms share a page */
    struct problems problems;
    struct str problem;
    bool overtaken; /* what it was made from has been changed by somebody else */
    struct view_input inputs[STAFF_INPUTS_MAX];
    size_t len;
    struct view_hidden hidden[STAFF_HIDDEN_MAX];
    size_t hidden_len;
};

void staff_form_init(struct staff_form *form, struct call *call, bool posted);
/* The value is what was typed (posted) or `value`. hint may be NULL. */
struct view_input *staff_input(struct staff_form *form, enum view_input_kind kind, const char *name,
    staff_sentence label, staff_sentence hint, struct str value);
struct view_input *staff_number(struct staff_form *form, const char *name, staff_sentence label,
    staff_sentence hint, int value);
/* options: their `selected` is set by what was typed. */
struct view_input *staff_select(struct staff_form *form, const char *name, staff_sentence label,
    staff_sentence hint, struct view_option *options, size_t count, struct str value);
void staff_hidden(struct staff_form *form, const char *name, struct str value);
void staff_form_done(
    struct staff_form *form, struct url action, staff_sentence submit, struct view_form *ret_form);

/* Below a warning: the box that passes over it, never ticked beforehand. Whoever was warned already
 * and did not tick it is shown which box (staff_anyway_missed, before the page is made again). */
void staff_anyway(struct staff_form *form);
void staff_anyway_missed(struct staff_form *form);

/* The words of the problem of a field; empty where there is none. */
struct str staff_field_problem(const struct staff_form *form, struct str field);
/* A whole number of a form; a problem where it is none. Empty: `otherwise`. */
int staff_form_number(struct staff_form *form, const char *name, int otherwise);

#endif

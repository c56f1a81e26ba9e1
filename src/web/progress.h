/* progress: a client's measured relief made ready for a page: what may be said, the chart, their
 * measures and entries; in the client's voice or the therapist's.
 *
 * Everything lies in the call's arena. Nothing is stored. */
#ifndef BALM_WEB_PROGRESS_H
#define BALM_WEB_PROGRESS_H

#include "call/call.h"
#include "practice/outcomes/history.h"
#include "web/charts/relief_words.h"
#include "web/format.h"
#include "web/views/progress.h"

struct progress {
    struct call *call;
    const struct format *f;
    enum relief_voice voice;
    struct history history;
    struct history_relief relief;
    struct relief_words words;
};

struct result MUST_CHECK progress_load(struct call *call, const struct format *f,
    enum relief_voice voice, struct client_id client, struct progress *ret_progress);

/* What is said of that kind; `title` may be empty where nothing is. */
struct view_statement progress_statement(const struct progress *p, enum relief_word_kind kind);
/* Those of the kinds that say something, in this order. */
struct view_statements progress_statements(
    const struct progress *p, const enum relief_word_kind *kinds, size_t count);

/* The relief chart; empty without a single rating. legend: the therapist's page. */
struct result MUST_CHECK progress_chart(
    const struct progress *p, bool legend, struct view_chart *ret_chart);

/* Each measure that was ever answered, pain first; with `tables` the numbers too. */
struct view_measures progress_measures(const struct progress *p, bool tables);
/* "Stress: From 7 to 4: beyond measurement error, ..." Empty where there are no two values. */
struct str progress_change(const struct progress *p, enum measure measure);
/* All of them but pain as small multiples; empty where none was answered. */
struct view_chart progress_series(const struct progress *p);

/* Entries since `from`, newest first, at most `max`. */
struct view_entries progress_entries(const struct progress *p, utc_us from, size_t max);

/* "Pain 6, stress 4" */
struct str progress_values(const struct progress *p, const struct checkin_values *values);
/* The client's own name of an activity, where the plan has it. */
struct str progress_measure_name(const struct progress *p, enum measure measure);

/* "between Tuesday 8 and Friday 11 December": the days of a window as a part of a sentence. */
struct str progress_window_days(const struct format *f, date_day from, date_day to);
/* "/book/SERVICE?from=2026-12-08&to=2026-12-11" of their last session; "/book" where it is no
 * longer offered. */
struct url progress_book_url(const struct progress *p, const struct history_window *window);

#endif

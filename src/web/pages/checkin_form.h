/* checkin_form: the questions of a check-in, written into a view and read from what was sent.
 *
 * A question's field bears its measure's key. Pain is always asked; everything else may be left
 * out. Values are hundredths, as in practice/outcomes. */
#ifndef BALM_WEB_PAGES_CHECKIN_FORM_H
#define BALM_WEB_PAGES_CHECKIN_FORM_H

#include "practice/care/plan.h"
#include "practice/outcomes/checkin.h"
#include "web/format.h"
#include "web/pages/page.h"
#include "web/views/checkin.h"

enum { CHECKIN_QUESTIONS_MAX = 6 + PLAN_ACTIVITIES_MAX };

struct checkin_questions {
    enum measure list[CHECKIN_QUESTIONS_MAX];
    size_t count;
    const struct care_plan *plan; /* for the activities' names */
};

/* What the plan asks of an evening; around a session (what changes within an hour); pain alone. */
struct checkin_questions checkin_questions_of(const struct care_plan *plan);
struct checkin_questions checkin_questions_session(const struct care_plan *plan);
struct checkin_questions checkin_questions_pain(void);
/* The same with whatever else an entry holds. */
void checkin_questions_add(
    struct checkin_questions *questions, const struct checkin_values *values);

/* A value as it is sent: "7", "6.5"; MEASURE_NONE (and true) where the text is empty, false where
 * it is no value of the measure. */
bool checkin_parse(enum measure measure, struct str text, int32_t *ret_value);

/* Reads the fields of the questions; what is wrong becomes a problem of its field. */
void checkin_form_read(struct call *call, const struct checkin_questions *questions,
    struct checkin_values *ret_values, struct problems *problems);

/* The view. problems may be NULL; values are chosen beforehand. */
struct view_questions checkin_form_view(struct call *call, const struct format *f,
    const struct checkin_questions *questions, const struct checkin_values *values,
    const struct problems *problems);

/* The values in words, the activities by their names. */
struct view_said_list checkin_said(
    const struct format *f, const struct care_plan *plan, const struct checkin_values *values);

#endif

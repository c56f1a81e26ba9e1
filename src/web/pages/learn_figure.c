/* The reader's own figure beside what is known of a claim: what their own answers say of the
 * measure that the page speaks of. Only for who came in by their link, and only what may be said.
 */
#include "web/pages/learn.h"

#include "base/check.h"
#include "call/my_session.h"
#include "web/charts/measure_words.h"
#include "web/progress.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum { TEXT_MAX = 1000, PAIRS_MIN = 3 };

/* What was said just before and just after the same session, on average. */
struct room {
    int64_t before;
    int64_t after;
    int32_t pairs;
};

static struct room room_of(const struct history *history, enum measure measure)
{
    struct room room = {0};
    const struct checkin_list *all = &history->checkins;
    for (size_t i = 0; i < all->len; i++) {
        const struct checkin *b = &all->ptr[i];
        int32_t before = checkin_value(&b->values, measure);
        if (b->is_mistake || b->kind != RELIEF_BEFORE || before == MEASURE_NONE) continue;
        for (size_t k = 0; k < all->len; k++) {
            const struct checkin *a = &all->ptr[k];
            int32_t after = checkin_value(&a->values, measure);
            if (a->is_mistake || a->kind != RELIEF_AFTER || a->booking.v != b->booking.v) continue;
            if (after == MEASURE_NONE) continue;
            room.before += before;
            room.after += after;
            room.pairs++;
            break;
        }
    }
    return room;
}

static struct str room_words(const struct progress *p, enum measure measure)
{
    struct room room = room_of(&p->history, measure);
    if (room.pairs < PAIRS_MIN) return (struct str){0};
    char text[TEXT_MAX];
    struct sb sb;
    sb_init_fixed(&sb, text, sizeof text);
    struct tmpl t = {.out = &sb, .lang = p->f->lang};
    msg_progress_room(&t, progress_measure_name(p, measure),
        format_decimal(p->f, room.before / room.pairs, 1),
        format_decimal(p->f, room.after / room.pairs, 1), room.pairs);
    CHECK(sb_ok(&sb));
    return arena_str(p->f->arena, sb_str(&sb));
}

static struct str figure(const struct progress *p, const struct learn_page *page)
{
    struct str text = {0};
    if (learn_measures(page, MEASURE_PAIN) && p->relief.fit.counts.ratings) {
        struct view_statement relief = progress_statement(p, RELIEF_WORD_CARRY_OVER);
        return arena_printf(
            p->f->arena, "%.*s %.*s", STR_ARG(relief.sentence), STR_ARG(relief.detail));
    }
    if (learn_measures(page, MEASURE_TENSION)) text = room_words(p, MEASURE_TENSION);
    for (size_t i = 0; !text.len && measure_at(i); i++) {
        if (measure_at(i)->measure != MEASURE_PAIN && learn_measures(page, measure_at(i)->measure))
            text = progress_change(p, measure_at(i)->measure);
    }
    return text;
}

struct result learn_own_figure(
    struct call *call, const struct learn_page *page, struct view_learn_own *ret_own)
{
    struct personal_link link;
    struct format f;
    struct progress p;
    *ret_own = (struct view_learn_own){0};
    if (!page->measures) return RESULT_OK;
    struct result found = my_session_find(call, &link);
    if (found.code == ERR_DENIED) return RESULT_OK;
    TRY(found);
    /* With their figure or without, the answer prolongs their session. */
    http_resp_header(call->resp, STR("Cache-Control"), STR("no-store"));
    format_init(&f, call->arena, call->lang, call->practice->locale);
    TRY(progress_load(call, &f, RELIEF_TO_CLIENT, link.client, &p));
    *ret_own = (struct view_learn_own){figure(&p, page), URL("/my")};
    return RESULT_OK;
}

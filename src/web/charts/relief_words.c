#include "web/charts/relief_words.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/charts/chart_dates.h"
#include "web/charts/chart_table.h"
#include "web/words/msg_gen.h"

#include <math.h>

#include "base/banned.h"

enum { TEXT_MAX = 1024, NAP_LEAST_CHECK_INS = 3, FIRST_WEEKS_DAYS = 21 };

/* Whose words, about what. */
struct speaker {
    const struct format *f;
    const struct relief_fit *fit;
    const struct relief_statements *st;
    bool you;
};

/* One sentence as a text of the arena. */
#define SAY(f, ret_text, sentence, ...)                                                            \
    do {                                                                                           \
        char text_[TEXT_MAX];                                                                      \
        struct sb sb_;                                                                             \
        sb_init_fixed(&sb_, text_, sizeof text_);                                                  \
        struct tmpl t_ = {.out = &sb_, .lang = (f)->lang};                                         \
        sentence(&t_, __VA_ARGS__);                                                                \
        CHECK(sb_ok(&sb_));                                                                        \
        *(ret_text) = arena_str((f)->arena, sb_str(&sb_));                                         \
    } while (0)

static struct str say(const struct format *f, void (*sentence)(struct tmpl *))
{
    char text[TEXT_MAX];
    struct sb sb;
    sb_init_fixed(&sb, text, sizeof text);
    struct tmpl t = {.out = &sb, .lang = f->lang};
    sentence(&t);
    CHECK(sb_ok(&sb));
    return arena_str(f->arena, sb_str(&sb));
}

static struct str join(const struct format *f, struct str a, struct str b)
{
    if (!a.len) return b;
    if (!b.len) return a;
    return arena_printf(f->arena, "%.*s %.*s", STR_ARG(a), STR_ARG(b));
}

/* ---- numbers ---- */

static struct str tenth(const struct format *f, double value)
{
    if (!isfinite(value)) value = 0;
    return format_decimal(f, llround(fmin(fmax(value, -1e6), 1e6) * 100), 1);
}

static struct str percent(const struct format *f, double p)
{
    if (!(p >= .01)) return say(f, msg_relief_less_than_1);
    if (p > .99) return say(f, msg_relief_more_than_99);
    struct str text;
    SAY(f, &text, msg_relief_percent, llround(100 * p));
    return text;
}

struct range {
    struct str points, low, high;
};

static struct range range_of(const struct format *f, const struct relief_spread *s, double sign)
{
    double a = sign * s->q05;
    double b = sign * s->q95;
    return (struct range){tenth(f, sign * s->mean), tenth(f, fmin(a, b)), tenth(f, fmax(a, b))};
}

static struct str range_sentence(const struct format *f, struct range range)
{
    struct str text;
    SAY(f, &text, msg_relief_range, range.low, range.high);
    return text;
}

static struct str points_figure(const struct format *f, struct str points)
{
    struct str text;
    SAY(f, &text, msg_relief_figure_points, points);
    return text;
}

/* ---- what is missing ---- */

static void add_item(
    struct sb *list, enum lang lang, size_t n, void (*item)(struct tmpl *, int64_t))
{
    if (n == 0) return;
    if (list->len) SB_LIT(list, "; ");
    struct tmpl t = {.out = list, .lang = lang};
    item(&t, (int64_t)n);
}

/* "Still missing: 2 more weeks of ratings; 3 more check-ins." Empty where nothing is. */
static struct str missing(const struct speaker *s, const struct relief_missing *m)
{
    const struct format *f = s->f;
    const struct relief_counts *c = &s->fit->counts;
    /* what lies behind cannot be made up for; before that it can */
    /* while there is no session yet, all check-ins are from before the first one */
    size_t ahead = c->sessions ? 0 : c->check_ins;
    size_t baseline = m->check_ins_baseline > ahead ? m->check_ins_baseline - ahead : 0;
    bool first_over = c->last_rating_days - c->first_rating_days >= FIRST_WEEKS_DAYS;
    char buffer[TEXT_MAX];
    struct sb list;
    sb_init_fixed(&list, buffer, sizeof buffer);
    add_item(&list, f->lang, (size_t)ceil(fmax(m->weeks, 0)), msg_relief_missing_weeks);
    add_item(&list, f->lang, m->sessions_followed, msg_relief_missing_sessions);
    add_item(&list, f->lang, m->check_ins, msg_relief_missing_check_ins);
    add_item(&list, f->lang, m->check_ins_first_3w,
        first_over ? msg_relief_missing_first : msg_relief_missing_first_yet);
    add_item(&list, f->lang, m->check_ins_last_3w, msg_relief_missing_last);
    add_item(&list, f->lang, baseline,
        c->sessions ? msg_relief_missing_baseline : msg_relief_missing_baseline_yet);
    add_item(&list, f->lang, m->paired_sessions, msg_relief_missing_paired);
    CHECK(sb_ok(&list));
    struct str text = {0};
    if (list.len) SAY(f, &text, msg_relief_missing, sb_str(&list));
    if (m->start_level_low) text = join(f, text, say(f, msg_relief_start_low));
    return text;
}

static struct relief_word waiting(
    const struct speaker *s, void (*sentence)(struct tmpl *), const struct relief_missing *m)
{
    return (struct relief_word){
        .tone = RELIEF_TONE_WAITING,
        .figure = say(s->f, msg_relief_figure_waiting),
        .sentence = say(s->f, sentence),
        .detail = missing(s, m),
    };
}

/* ---- the statements: each fills a word; false where there is nothing to say ---- */

static struct str carry_detail(const struct speaker *s, struct range r, bool with_estimate)
{
    struct str text = {0};
    if (!s->you) {
        SAY(s->f, &text, msg_relief_carry_chances, percent(s->f, s->fit->p_r3_03),
            percent(s->f, s->fit->p_r3_05));
        return text;
    }
    if (with_estimate) SAY(s->f, &text, msg_relief_carry_estimate, r.points);
    return join(s->f, text, range_sentence(s->f, r));
}

static bool say_carry_over(const struct speaker *s, struct relief_word *word)
{
    const struct format *f = s->f;
    struct range r = range_of(f, &s->fit->r3, 1);
    switch (s->st->carry_over) {
    case RELIEF_CARRY_NOT_ENOUGH:
        *word = waiting(s, msg_relief_carry_not_enough, &s->st->carry_over_missing);
        return true;
    case RELIEF_CARRY_CLEARLY:
    case RELIEF_CARRY_LIKELY: {
        bool clearly = s->st->carry_over == RELIEF_CARRY_CLEARLY;
        word->tone = RELIEF_TONE_GOOD;
        word->figure = points_figure(f, r.points);
        if (s->you) {
            SAY(f, &word->sentence,
                (clearly ? msg_relief_carry_clearly_you : msg_relief_carry_likely_you), r.points);
        } else {
            SAY(f, &word->sentence, (clearly ? msg_relief_carry_clearly : msg_relief_carry_likely),
                r.points, r.low, r.high);
        }
        word->detail = carry_detail(s, r, false);
        return true;
    }
    case RELIEF_CARRY_LITTLE:
        word->figure = say(f, msg_relief_figure_little);
        if (s->you) {
            word->sentence = say(f, msg_relief_carry_little_you);
        } else {
            SAY(f, &word->sentence, msg_relief_carry_little, r.points, r.low, r.high);
        }
        break;
    case RELIEF_CARRY_UNCLEAR:
        word->figure = say(f, msg_relief_figure_unclear);
        if (s->you) {
            word->sentence = say(f, msg_relief_carry_unclear_you);
        } else {
            SAY(f, &word->sentence, msg_relief_carry_unclear, r.points, r.low, r.high);
        }
        break;
    }
    word->detail = carry_detail(s, r, true);
    return true;
}

static bool say_half_life(const struct speaker *s, struct relief_word *word)
{
    if (!s->st->half_life_may) return false;
    const struct format *f = s->f;
    double low = s->fit->half_life.q05;
    double high = s->fit->half_life.q95;
    /* To the client in whole days: tenths would look surer than they are. */
    bool whole = s->you && round(fmax(low, 1)) < round(high);
    struct str from = whole ? format_decimal(f, llround(fmax(low, 1) * 100), 0) : tenth(f, low);
    struct str to = whole ? format_decimal(f, llround(high * 100), 0) : tenth(f, high);
    SAY(f, &word->figure, msg_relief_figure_days, from, to);
    bool rough = s->st->half_life_rough;
    if (s->you) {
        SAY(f, &word->sentence, (rough ? msg_relief_half_life_rough_you : msg_relief_half_life_you),
            from, to);
    } else {
        SAY(f, &word->sentence, (rough ? msg_relief_half_life_rough : msg_relief_half_life), from,
            to);
    }
    if (rough) word->detail = say(f, msg_relief_half_life_more);
    return true;
}

/* "0.5", with as many digits as it needs. */
static struct str trough(const struct speaker *s)
{
    int64_t hundredths = llround(s->fit->trough_points * 100);
    return format_decimal(s->f, hundredths, hundredths % 10 ? 2 : hundredths % 100 ? 1 : 0);
}

static bool say_interval(const struct speaker *s, struct relief_word *word)
{
    const struct format *f = s->f;
    const struct relief_statements *st = s->st;
    struct str points = trough(s);
    int64_t from = (int64_t)fmax(floor(st->interval_from_days), 1);
    int64_t to = (int64_t)fmax(floor(st->interval_to_days + (st->interval_capped ? 0 : .5)), 1);
    switch (st->interval) {
    case RELIEF_INTERVAL_NONE: return false;
    case RELIEF_INTERVAL_RANGE: {
        if (to <= from) to = from + 1;
        struct str a = format_decimal(f, from * 100, 0);
        struct str b = format_decimal(f, to * 100, 0);
        SAY(f, &word->figure, msg_relief_figure_days, a, b);
        if (s->you) {
            SAY(f, &word->sentence, msg_relief_interval_range_you, points, a, b);
        } else {
            SAY(f, &word->sentence, msg_relief_interval_range, points, a, b);
        }
        if (!st->interval_capped) word->detail = say(f, msg_relief_interval_odds);
        break;
    }
    case RELIEF_INTERVAL_UP_TO:
        to = (int64_t)fmax(floor(st->interval_to_days), 1);
        SAY(f, &word->figure, msg_relief_figure_up_to, to);
        if (s->you) {
            SAY(f, &word->sentence, msg_relief_interval_up_to_you, points, to);
        } else {
            SAY(f, &word->sentence, msg_relief_interval_up_to, points, to);
        }
        break;
    case RELIEF_INTERVAL_AT_LEAST:
        SAY(f, &word->figure, msg_relief_figure_at_least, from);
        SAY(f, &word->sentence, msg_relief_interval_at_least, points, from);
        break;
    case RELIEF_INTERVAL_TOO_WEAK:
        SAY(f, &word->sentence, msg_relief_interval_too_weak, points);
        break;
    }
    if (st->interval_capped) {
        struct str note;
        int64_t longest = llround(fmax(s->fit->counts.longest_gap_days, 1));
        if (s->you) {
            SAY(f, &note, msg_relief_interval_capped_you, longest);
        } else {
            SAY(f, &note, msg_relief_interval_capped, longest);
        }
        word->detail = join(f, word->detail, note);
    }
    if (s->you) word->detail = join(f, word->detail, say(f, msg_relief_interval_talk));
    return true;
}

static bool say_level(const struct speaker *s, struct relief_word *word)
{
    const struct format *f = s->f;
    enum relief_level level = s->st->level;
    if (level == RELIEF_LEVEL_NOT_ENOUGH) {
        *word = waiting(s, msg_relief_level_not_enough, &s->st->level_missing);
        return true;
    }
    bool lower = level == RELIEF_LEVEL_LOWER;
    struct range r = range_of(f, &s->fit->level_change, lower ? -1 : 1);
    if (level == RELIEF_LEVEL_UNCLEAR) {
        word->figure = say(f, msg_relief_figure_unclear);
        if (s->you) {
            word->sentence = say(f, msg_relief_level_unclear_you);
        } else {
            SAY(f, &word->sentence, msg_relief_level_unclear, r.points, r.low, r.high);
        }
        return true;
    }
    word->tone = lower ? RELIEF_TONE_GOOD : RELIEF_TONE_CARE;
    SAY(f, &word->figure, (lower ? msg_relief_figure_lower : msg_relief_figure_higher), r.points);
    if (s->you) {
        SAY(f, &word->sentence, (lower ? msg_relief_level_lower_you : msg_relief_level_higher_you),
            r.points);
        word->detail = range_sentence(f, r);
        if (!lower) word->detail = join(f, word->detail, say(f, msg_relief_level_higher_talk));
    } else {
        SAY(f, &word->sentence, (lower ? msg_relief_level_lower : msg_relief_level_higher),
            r.points, r.low, r.high);
    }
    return true;
}

static bool say_responder(const struct speaker *s, struct relief_word *word)
{
    const struct format *f = s->f;
    if (!s->st->responder_may) {
        *word = waiting(s, msg_relief_responder_no, &s->st->responder_missing);
        word->figure = (struct str){0}; /* a start that was not rated cannot be waited for */
        return word->detail.len > 0;
    }
    struct str p30 = percent(f, s->fit->p_reduced_30);
    word->figure = p30;
    if (s->you) {
        SAY(f, &word->sentence, msg_relief_responder_you, p30);
    } else {
        SAY(f, &word->sentence, msg_relief_responder, p30);
    }
    SAY(f, &word->detail, msg_relief_responder_more, percent(f, s->fit->p_reduced_15),
        percent(f, s->fit->p_reduced_50), percent(f, s->fit->p_reduced_2_points));
    word->detail = join(f, word->detail, say(f, msg_relief_cause));
    return true;
}

static bool say_drop(const struct speaker *s, struct relief_word *word)
{
    const struct format *f = s->f;
    if (!s->st->drop_may) {
        *word = waiting(s, msg_relief_drop_not_enough, &s->st->drop_missing);
        return true;
    }
    const struct relief_spread *drop = &s->fit->drop;
    bool clear = drop->q05 > 0 || drop->q95 < 0;
    bool lower = drop->mean > 0;
    struct range r = range_of(f, drop, clear && !lower ? -1 : 1);
    if (clear) {
        SAY(f, &word->figure, (lower ? msg_relief_figure_lower : msg_relief_figure_higher),
            r.points);
        if (s->you) {
            SAY(f, &word->sentence,
                (lower ? msg_relief_drop_lower_you : msg_relief_drop_higher_you), r.points);
        } else {
            SAY(f, &word->sentence, (lower ? msg_relief_drop_lower : msg_relief_drop_higher),
                r.points, r.low, r.high);
        }
    } else if (drop->mean >= .05) {
        word->figure = say(f, msg_relief_figure_unclear);
        if (s->you) {
            SAY(f, &word->sentence, msg_relief_drop_unclear_you, r.points);
        } else {
            SAY(f, &word->sentence, msg_relief_drop_unclear, r.points, r.low, r.high);
        }
    } else {
        word->figure = say(f, msg_relief_figure_same);
        if (s->you) {
            word->sentence = say(f, msg_relief_drop_same_you);
        } else {
            SAY(f, &word->sentence, msg_relief_drop_same, r.low, r.high);
        }
    }
    if (s->you) word->detail = range_sentence(f, r);
    word->detail = join(f, word->detail, say(f, msg_relief_drop_touch));
    return true;
}

static bool say_nap(const struct speaker *s, struct relief_word *word)
{
    const struct format *f = s->f;
    const struct relief_nap *nap = &s->fit->nap;
    if (!nap->has_error || nap->before < NAP_LEAST_CHECK_INS || nap->recent < NAP_LEAST_CHECK_INS)
        return false;
    struct str share = percent(f, nap->value);
    struct str range;
    word->figure = share;
    if (s->you) {
        SAY(f, &word->sentence, msg_relief_nap_you, share);
    } else {
        SAY(f, &word->sentence, msg_relief_nap, share);
    }
    SAY(f, &range, msg_relief_percent_range, percent(f, nap->low), percent(f, nap->high));
    SAY(f, &word->detail, msg_relief_nap_description,
        format_decimal(f, (int64_t)nap->before * 100, 0),
        format_decimal(f, (int64_t)nap->recent * 100, 0));
    word->detail = join(f, range, word->detail);
    return true;
}

static bool say_floor(const struct speaker *s, struct relief_word *word)
{
    if (!s->st->floor_warning) return false;
    const struct relief_counts *c = &s->fit->counts;
    struct str ends = format_decimal(s->f, (int64_t)c->ratings_at_ends * 100, 0);
    struct str all = format_decimal(s->f, (int64_t)c->ratings * 100, 0);
    word->tone = RELIEF_TONE_CARE;
    if (s->you) {
        SAY(s->f, &word->sentence, msg_relief_floor_you, ends, all);
    } else {
        SAY(s->f, &word->sentence, msg_relief_floor, ends, all);
    }
    return true;
}

struct relief_words relief_words_of(const struct format *f, enum relief_voice voice,
    const struct relief_fit *fit, const struct relief_statements *st)
{
    static const struct {
        bool (*say)(const struct speaker *, struct relief_word *);
        void (*title)(struct tmpl *);
    } sayings[RELIEF_WORD_KINDS] = {
        [RELIEF_WORD_CARRY_OVER] = {say_carry_over, msg_relief_title_carry},
        [RELIEF_WORD_HALF_LIFE] = {say_half_life, msg_relief_title_half_life},
        [RELIEF_WORD_INTERVAL] = {say_interval, msg_relief_title_interval},
        [RELIEF_WORD_LEVEL] = {say_level, msg_relief_title_level},
        [RELIEF_WORD_RESPONDER] = {say_responder, msg_relief_title_responder},
        [RELIEF_WORD_DROP] = {say_drop, msg_relief_title_drop},
        [RELIEF_WORD_NAP] = {say_nap, msg_relief_title_nap},
        [RELIEF_WORD_FLOOR] = {say_floor, msg_relief_title_floor},
    };
    struct speaker speaker = {f, fit, st, voice == RELIEF_TO_CLIENT};
    struct relief_words words = {0};
    for (int kind = 0; kind < RELIEF_WORD_KINDS; kind++) {
        struct relief_word word = {0};
        if (!sayings[kind].say(&speaker, &word)) continue;
        word.kind = (enum relief_word_kind)kind;
        word.title = say(f, sayings[kind].title);
        words.items[words.count++] = word;
    }
    return words;
}

const struct relief_word *relief_words_find(
    const struct relief_words *words, enum relief_word_kind kind)
{
    for (size_t i = 0; i < words->count; i++) {
        if (words->items[i].kind == kind) return &words->items[i];
    }
    return NULL;
}

/* ---- the chart ---- */

static struct str describe(const struct format *f, const struct tz *tz,
    const struct relief_fit *fit, const struct relief_words *words)
{
    const struct relief_counts *c = &fit->counts;
    if (c->ratings == 0) return say(f, msg_relief_chart_empty);
    struct str ratings;
    struct str sessions;
    struct str span;
    SAY(f, &ratings, msg_relief_chart_ratings, (int64_t)c->ratings);
    SAY(f, &sessions, msg_relief_chart_sessions, (int64_t)c->sessions);
    struct str first;
    struct str last;
    chart_span(f, tz, c->first_rating_days, c->last_rating_days, &first, &last);
    SAY(f, &span, msg_relief_chart_span, first, last, ratings, sessions);
    const struct relief_word *carry = relief_words_find(words, RELIEF_WORD_CARRY_OVER);
    return carry ? join(f, span, carry->sentence) : span;
}

struct relief_chart_words relief_chart_words_of(const struct format *f, const struct tz *tz,
    enum relief_voice voice, const struct relief_fit *fit, const struct relief_words *words)
{
    const struct relief_counts *c = &fit->counts;
    bool you = voice == RELIEF_TO_CLIENT;
    struct relief_chart_words chart = {
        .title = say(f, you ? msg_relief_chart_title_you : msg_relief_chart_title),
        .description = describe(f, tz, fit, words),
        .pain_axis = say(f, msg_relief_axis),
    };
    if (c->check_ins > c->spontaneous)
        chart.legend[RELIEF_CHART_CHECK_IN] = say(f, msg_relief_legend_check_in);
    if (c->spontaneous) {
        chart.legend[RELIEF_CHART_SPONTANEOUS] =
            say(f, you ? msg_relief_legend_spontaneous : msg_relief_legend_spontaneous_them);
    }
    if (c->befores) chart.legend[RELIEF_CHART_BEFORE] = say(f, msg_relief_legend_before);
    if (c->afters) chart.legend[RELIEF_CHART_AFTER] = say(f, msg_relief_legend_after);
    if (c->sessions) chart.legend[RELIEF_CHART_SESSION] = say(f, msg_relief_legend_session);
    if (c->ratings) {
        chart.legend[RELIEF_CHART_LEVEL] = say(f, msg_relief_legend_level);
        chart.legend[RELIEF_CHART_EXPECTED] =
            say(f, c->sessions ? msg_relief_legend_expected : msg_relief_legend_expected_only);
        chart.legend[RELIEF_CHART_FORECAST] =
            say(f, c->sessions ? msg_relief_legend_forecast : msg_relief_legend_forecast_only);
    }
    return chart;
}

/* ---- single ratings ---- */

static struct str what_of(const struct format *f, const struct relief_row *row)
{
    switch (row->kind) {
    case RELIEF_BEFORE: return say(f, msg_relief_legend_before);
    case RELIEF_AFTER: return say(f, msg_relief_legend_after);
    case RELIEF_SESSION: return say(f, msg_relief_legend_session);
    case RELIEF_CHECK_IN: break;
    }
    return say(
        f, row->spontaneous ? msg_relief_legend_spontaneous_them : msg_relief_legend_check_in);
}

/* Whole where it was given whole; empty for a session. */
static struct str rating_of(const struct format *f, const struct relief_row *row)
{
    if (row->kind == RELIEF_SESSION || !isfinite(row->y)) return (struct str){0};
    int64_t hundredths = llround(fmin(fmax(row->y, -1e6), 1e6) * 100);
    return format_decimal(f, hundredths, hundredths % 100 ? 1 : 0);
}

const struct str *relief_says(
    const struct format *f, const struct tz *tz, const struct relief_row *rows, size_t count)
{
    struct str *says = ARENA_ARRAY(f->arena, count, struct str);
    for (size_t i = 0; i < count; i++) {
        struct str when = chart_when(f, tz, rows[i].t_days);
        struct str value = rating_of(f, &rows[i]);
        if (value.len) {
            SAY(f, &says[i], msg_relief_say, when, value, what_of(f, &rows[i]));
        } else {
            SAY(f, &says[i], msg_relief_say_session, when, what_of(f, &rows[i]));
        }
    }
    return says;
}

void relief_table_write(struct sb *sb, const struct format *f, const struct tz *tz,
    const struct relief_row *rows, size_t count)
{
    enum { COLUMNS = 3 };
    struct str heads[COLUMNS] = {say(f, msg_relief_table_when), say(f, msg_relief_table_what),
        say(f, msg_relief_table_pain)};
    size_t shown = count < LIMIT_CHART_TABLE_ROWS ? count : LIMIT_CHART_TABLE_ROWS;
    struct str *cells = ARENA_ARRAY(f->arena, shown * COLUMNS, struct str);
    struct str note = {0};
    if (shown < count) SAY(f, &note, msg_relief_table_newest, (int64_t)shown, (int64_t)count);
    /* the newest first: that is what one looks for */
    for (size_t i = 0; i < shown; i++) {
        const struct relief_row *row = &rows[count - 1 - i];
        cells[i * COLUMNS] = chart_when(f, tz, row->t_days);
        cells[i * COLUMNS + 1] = what_of(f, row);
        cells[i * COLUMNS + 2] = rating_of(f, row);
        if (!cells[i * COLUMNS + 2].len) cells[i * COLUMNS + 2] = STR("–");
    }
    struct chart_table table = {
        .caption = say(f, msg_relief_table_caption),
        .summary = say(f, msg_relief_table_show),
        .note = note,
        .heads = heads,
        .column_count = COLUMNS,
        .cells = cells,
        .row_count = shown,
    };
    chart_table_write(sb, &table);
}

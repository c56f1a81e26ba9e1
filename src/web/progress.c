#include "web/progress.h"

#include "base/check.h"
#include "base/limits.h"
#include "web/charts/chart_dates.h"
#include "web/charts/measure_words.h"
#include "web/words/msg_gen.h"

#include "base/banned.h"

enum {
    WIDE = 680, /* the client's page is narrow */
    STAFF_WIDE = 860,
    HEIGHT = 400,
    LINE_POINTS = 30, /* of a sparkline */
    PANEL_POINTS_MAX = 200,
    PICTURES_BYTES = 640 << 10, /* both widths of one chart */
    MEASURES_MAX = 16,
    CHART_ROWS_MAX = 400, /* of one picture: years of it would be too fine to read */
    CHART_ROWS_MIN = 20,
    TEXT_MAX = 2000,
};

struct result progress_load(struct call *call, const struct format *f, enum relief_voice voice,
    struct client_id client, struct progress *ret_progress)
{
    struct care_env env = call_care(call);
    struct progress p = {.call = call, .f = f, .voice = voice};
    TRY(history_load(&env, client, &p.history));
    TRY(history_relieve(call->arena, &p.history, &p.relief));
    p.words = relief_words_of(f, voice, &p.relief.fit, &p.relief.says);
    *ret_progress = p;
    return RESULT_OK;
}

/* ---- statements ---- */

struct view_statement progress_statement(const struct progress *p, enum relief_word_kind kind)
{
    const struct relief_word *word = relief_words_find(&p->words, kind);
    if (!word) return (struct view_statement){0};
    return (struct view_statement){
        .title = word->title,
        .figure = word->figure,
        .sentence = word->sentence,
        .detail = word->detail,
        .waiting = word->tone == RELIEF_TONE_WAITING,
        .care = word->tone == RELIEF_TONE_CARE,
    };
}

struct view_statements progress_statements(
    const struct progress *p, const enum relief_word_kind *kinds, size_t count)
{
    struct view_statement *list = ARENA_ARRAY(p->call->arena, count, struct view_statement);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        struct view_statement statement = progress_statement(p, kinds[i]);
        if (statement.sentence.len) list[n++] = statement;
    }
    return (struct view_statements){list, n};
}

/* ---- the relief chart ---- */

/* What the picture shows: everything, or the newest part of a very long history. */
static struct result fit_of_picture(
    const struct progress *p, size_t max, struct relief_fit *ret_fit)
{
    size_t count;
    const struct relief_row *rows = relief_sorted_rows(&p->relief.fit, &count);
    *ret_fit = p->relief.fit;
    if (count <= max) return RESULT_OK;
    return relief_fit_rows(p->call->arena, rows + count - max, max, NULL, ret_fit);
}

/* One for small screens and one for the others, of the newest `max` rows. */
static struct result draw(const struct progress *p, bool legend, size_t max, struct sb *picture,
    struct str *ret_description)
{
    const struct tz *zone = p->call->practice->zone;
    struct relief_fit fit;
    struct relief_bands bands;
    struct svg_tick ticks[CHART_TICKS];
    size_t count;
    TRY(fit_of_picture(p, max, &fit));
    TRY(relief_smooth(p->call->arena, &fit, RELIEF_FORECAST_DAYS, &bands));
    const struct relief_row *rows = relief_sorted_rows(&fit, &count);
    double to = bands.point_count ? bands.points[bands.point_count - 1].t_days : rows[0].t_days;
    struct relief_chart chart = {
        .rows = rows,
        .row_count = count,
        .says = relief_says(p->f, zone, rows, count),
        .bands = &bands,
        .ticks = ticks,
        .tick_count = chart_ticks(p->f, zone, rows[0].t_days, to, ticks),
        .words = relief_chart_words_of(p->f, zone, p->voice, &fit, &p->words),
        .id = STR("relief"),
        .width = p->voice == RELIEF_TO_CLIENT ? WIDE : STAFF_WIDE,
        .height = HEIGHT,
        .legend = true,
    };
    if (legend) {
        relief_chart_write_both(picture, &chart);
    } else { /* small screens read the sentence below instead */
        struct relief_chart small = chart;
        small.legend = false;
        small.fit = SVG_FIT_NARROW;
        small.width = SVG_NARROW_WIDTH;
        small.height = SVG_NARROW_WIDTH;
        small.id = STR("reliefsmall");
        relief_chart_write(picture, &small);
        chart.fit = SVG_FIT_WIDE;
        relief_chart_write(picture, &chart);
    }
    *ret_description = chart.words.description;
    return RESULT_OK;
}

struct result progress_chart(const struct progress *p, bool legend, struct view_chart *ret_chart)
{
    struct sb picture;
    struct sb numbers;
    struct str description = {0};
    size_t count;
    *ret_chart = (struct view_chart){0};
    if (!p->relief.fit.counts.ratings) return RESULT_OK;
    size_t max = CHART_ROWS_MAX;
    do { /* less of it rather than no page at all */
        sb_init(&picture, p->call->arena, PICTURES_BYTES);
        TRY(draw(p, legend, max, &picture, &description));
        max /= 2;
    } while (!sb_ok(&picture) && max >= CHART_ROWS_MIN);
    sb_init(&numbers, p->call->arena, LIMIT_PAGE_BYTES);
    const struct relief_row *rows = relief_sorted_rows(&p->relief.fit, &count);
    relief_table_write(&numbers, p->f, p->call->practice->zone, rows, count);
    if (!sb_ok(&picture) || !sb_ok(&numbers))
        return result_fail(ERR_LIMIT, "page-too-large", "relief chart");
    *ret_chart = (struct view_chart){{sb_str(&picture)}, {sb_str(&numbers)}, description};
    return RESULT_OK;
}

/* ---- measures ---- */

/* One measure's way through time: of evenings, not of the room. */
struct track {
    enum measure measure;
    struct measure_point *points;
    size_t count;
    int32_t baseline; /* the mean before the first session; MEASURE_NONE where there is none */
};

static int32_t activities_mean(const struct checkin_values *values)
{
    int64_t sum = 0;
    int32_t n = 0;
    for (enum measure m = MEASURE_ACTIVITY_1; m <= MEASURE_ACTIVITY_5; m++) {
        int32_t value = checkin_value(values, m);
        if (value == MEASURE_NONE) continue;
        sum += value;
        n++;
    }
    return n ? (int32_t)(sum / n) : MEASURE_NONE;
}

static struct track track_of(const struct progress *p, enum measure measure)
{
    const struct history *h = &p->history;
    struct track track = {.measure = measure, .baseline = MEASURE_NONE};
    track.points = ARENA_ARRAY(p->call->arena, h->checkins.len + 1, struct measure_point);
    utc_us first = h->session_count ? h->sessions[0].starts : INT64_MIN;
    int64_t sum = 0;
    int32_t before = 0;
    for (size_t i = 0; i < h->checkins.len; i++) {
        const struct checkin *c = &h->checkins.ptr[i];
        if (c->is_mistake || c->kind != RELIEF_CHECK_IN) continue;
        int32_t value = measure == MEASURE_ACTIVITIES ? activities_mean(&c->values)
                                                      : checkin_value(&c->values, measure);
        if (value == MEASURE_NONE) continue;
        track.points[track.count++] =
            (struct measure_point){history_days(c->at), value, c->spontaneous};
        if (c->at < first) {
            sum += value;
            before++;
        }
    }
    if (before) track.baseline = (int32_t)(sum / before);
    return track;
}

/* Those that were ever answered, pain first. */
static size_t find_tracks(const struct progress *p, struct track ret_tracks[MEASURES_MAX])
{
    static const enum measure order[] = {MEASURE_PAIN, MEASURE_TENSION, MEASURE_STRESS,
        MEASURE_SLEEP_HOURS, MEASURE_SLEEP_QUALITY, MEASURE_NUMBNESS, MEASURE_ACTIVITIES,
        MEASURE_ACTIVITY_1, MEASURE_ACTIVITY_2, MEASURE_ACTIVITY_3, MEASURE_ACTIVITY_4,
        MEASURE_ACTIVITY_5};
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        /* the mean of one activity is that activity */
        if (order[i] == MEASURE_ACTIVITIES && p->history.plan.activity_count < 2) continue;
        struct track track = track_of(p, order[i]);
        if (track.count) ret_tracks[count++] = track;
    }
    return count;
}

struct str progress_measure_name(const struct progress *p, enum measure measure)
{
    size_t activity = (size_t)(measure - MEASURE_ACTIVITY_1);
    bool named = measure >= MEASURE_ACTIVITY_1 && measure <= MEASURE_ACTIVITY_5 &&
                 activity < p->history.plan.activity_count;
    return named ? p->history.plan.activities[activity] : measure_name(p->f, measure);
}

static struct series_panel panel_of(const struct progress *p, const struct track *track)
{
    return measure_panel(p->f, p->call->practice->zone, track->measure,
        progress_measure_name(p, track->measure), track->points, track->count, MEASURE_NONE,
        track->baseline, MEASURE_NONE);
}

/* Its newest points, where there are more. */
static struct track newest(const struct track *track, size_t max)
{
    struct track end = *track;
    if (end.count > max) {
        end.points += end.count - max;
        end.count = max;
    }
    return end;
}

static struct html line_of(const struct progress *p, const struct track *track)
{
    struct track end = newest(track, LINE_POINTS);
    struct series_panel panel = panel_of(p, &end);
    struct sb sb;
    sb_init(&sb, p->call->arena, 64 << 10);
    sparkline_write(&sb, panel.points, panel.count, panel.low, panel.high, panel.title);
    CHECK(sb_ok(&sb));
    return (struct html){sb_str(&sb)};
}

static struct view_measure measure_view(
    const struct progress *p, const struct track *track, bool tables)
{
    int32_t first = track->points[0].value;
    int32_t last = track->points[track->count - 1].value;
    struct view_measure view = {
        .name = progress_measure_name(p, track->measure),
        .last = measure_value(p->f, track->measure, last),
    };
    if (track->count > 1) {
        struct measure_change change = measure_change(track->measure, first, last, track->baseline);
        if (track->baseline != MEASURE_NONE)
            view.before = measure_value(p->f, track->measure, (track->baseline + 5) / 10 * 10);
        view.line = line_of(p, track);
        view.change = measure_change_sentence(p->f, track->measure, first, last, &change);
    }
    if (tables) {
        struct sb sb;
        sb_init(&sb, p->call->arena, LIMIT_PAGE_BYTES);
        measure_table_write(&sb, p->f, p->call->practice->zone, track->measure, view.name,
            track->points, track->count);
        if (sb_ok(&sb)) view.numbers.s = sb_str(&sb);
    }
    return view;
}

struct view_measures progress_measures(const struct progress *p, bool tables)
{
    struct track tracks[MEASURES_MAX];
    size_t count = find_tracks(p, tracks);
    struct view_measure *list = ARENA_ARRAY(p->call->arena, count, struct view_measure);
    for (size_t i = 0; i < count; i++)
        list[i] = measure_view(p, &tracks[i], tables);
    return (struct view_measures){list, count};
}

struct str progress_change(const struct progress *p, enum measure measure)
{
    struct track track = track_of(p, measure);
    if (!track.count) return (struct str){0};
    struct view_measure view = measure_view(p, &track, false);
    if (!view.change.len) return (struct str){0};
    return arena_printf(p->call->arena, "%.*s: %.*s", STR_ARG(view.name), STR_ARG(view.change));
}

struct view_chart progress_series(const struct progress *p)
{
    const struct tz *zone = p->call->practice->zone;
    const struct history *h = &p->history;
    struct track tracks[MEASURES_MAX];
    struct series_panel panels[MEASURES_MAX];
    struct svg_tick ticks[CHART_TICKS];
    double from = 0;
    double to = 0;
    size_t panel_count = 0;
    size_t count = find_tracks(p, tracks);
    for (size_t i = 0; i < count; i++) {
        if (tracks[i].measure == MEASURE_PAIN) continue;
        /* years of it would be too fine to read; what is said of the change is of all */
        tracks[i] = newest(&tracks[i], PANEL_POINTS_MAX);
        double begins = tracks[i].points[0].t_days;
        double ends = tracks[i].points[tracks[i].count - 1].t_days;
        if (!panel_count || begins < from) from = begins;
        if (!panel_count || ends > to) to = ends;
        panels[panel_count++] = panel_of(p, &tracks[i]);
    }
    if (!panel_count) return (struct view_chart){0};
    double *sessions = ARENA_ARRAY(p->call->arena, h->session_count + 1, double);
    for (size_t i = 0; i < h->session_count; i++)
        sessions[i] = history_days(h->sessions[i].ends);
    struct series_chart chart = {
        .panels = panels,
        .panel_count = panel_count,
        .sessions = sessions,
        .session_count = h->session_count,
        .ticks = ticks,
        .tick_count = chart_ticks(p->f, zone, from, to, ticks),
        .id = STR("measures"),
        .width = p->voice == RELIEF_TO_CLIENT ? WIDE : STAFF_WIDE,
    };
    measure_chart_words(p->f, zone, p->voice == RELIEF_TO_CLIENT, &chart);
    struct sb sb;
    sb_init(&sb, p->call->arena, PICTURES_BYTES);
    series_chart_write_both(&sb, &chart);
    if (!sb_ok(&sb)) return (struct view_chart){0}; /* the tables have every number */
    return (struct view_chart){.picture = {sb_str(&sb)}, .description = chart.description};
}

/* ---- entries ---- */

struct str progress_values(const struct progress *p, const struct checkin_values *values)
{
    struct sb sb;
    sb_init(&sb, p->call->arena, TEXT_MAX);
    for (size_t i = 0; i < values->count; i++) {
        enum measure measure = values->list[i].measure;
        struct str name = progress_measure_name(p, measure);
        struct str value = measure_value(p->f, measure, values->list[i].value);
        if (i) SB_LIT(&sb, " · ");
        sb_addf(&sb, "%.*s %.*s", STR_ARG(name), STR_ARG(value));
    }
    CHECK(sb_ok(&sb));
    return sb_str(&sb);
}

static enum view_entry_kind kind_of(enum relief_kind kind)
{
    return kind == RELIEF_BEFORE  ? VIEW_ENTRY_BEFORE
           : kind == RELIEF_AFTER ? VIEW_ENTRY_AFTER
                                  : VIEW_ENTRY_CHECK_IN;
}

struct view_entries progress_entries(const struct progress *p, utc_us from, size_t max)
{
    const struct checkin_list *all = &p->history.checkins;
    struct view_entry *list = ARENA_ARRAY(p->call->arena, max, struct view_entry);
    size_t count = 0;
    for (size_t i = all->len; i-- > 0 && count < max && all->ptr[i].at >= from;) {
        const struct checkin *c = &all->ptr[i];
        struct view_entry entry = {
            .kind = kind_of(c->kind),
            .when = format_capital(
                p->f, chart_when(p->f, p->call->practice->zone, history_days(c->at))),
            .values = progress_values(p, c->is_mistake ? &c->first : &c->values),
            .mistake = c->is_mistake,
            .spontaneous = c->spontaneous && c->kind == RELIEF_CHECK_IN,
        };
        if (c->corrections && !c->is_mistake) entry.first = progress_values(p, &c->first);
        if (str_eq(entry.first, entry.values)) entry.first = (struct str){0};
        list[count++] = entry;
    }
    return (struct view_entries){list, count};
}

/* ---- the window ---- */

struct str progress_window_days(const struct format *f, date_day from, date_day to)
{
    char text[TEXT_MAX];
    struct sb sb;
    sb_init_fixed(&sb, text, sizeof text);
    struct tmpl t = {.out = &sb, .lang = f->lang};
    if (from == to) {
        msg_progress_around(&t, format_date_long(f, from));
    } else {
        msg_progress_between(&t, format_date_long(f, from), format_date_long(f, to));
    }
    CHECK(sb_ok(&sb));
    return arena_str(f->arena, sb_str(&sb));
}

struct url progress_book_url(const struct progress *p, const struct history_window *window)
{
    const struct history *h = &p->history;
    const struct service *service =
        h->session_count
            ? practice_service_by_id(p->call->practice, h->sessions[h->session_count - 1].service)
            : NULL;
    if (!service) return URL("/book");
    struct sb sb;
    sb_init(&sb, p->call->arena, LIMIT_URL_BYTES);
    SB_LIT(&sb, "/book/");
    sb_add(&sb, service->key);
    if (window) {
        SB_LIT(&sb, "?from=");
        date_write(&sb, window->from);
        SB_LIT(&sb, "&to=");
        date_write(&sb, window->to);
    }
    CHECK(sb_ok(&sb));
    return (struct url){sb_str(&sb)};
}

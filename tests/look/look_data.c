#include "look_data.h"

#include "web/static/assets.h"

#include "base/banned.h"

struct str look_text(enum lang lang, const char *en, const char *es)
{
    return str_from_cstr(lang == LANG_ES ? es : en);
}

struct view_page look_page(enum lang lang, enum view_place place)
{
    static struct view_language languages[] = {
        {.code = STR_INIT("en"),
            .name = STR_INIT("English"),
            .url = {STR_INIT("?lang=en")},
            .full_url = {STR_INIT("https://www.example.org/?lang=en")}},
        {.code = STR_INIT("es"),
            .name = STR_INIT("Español"),
            .url = {STR_INIT("?lang=es")},
            .full_url = {STR_INIT("https://www.example.org/?lang=es")}},
    };
    static const struct view_line address[] = {
        {STR_INIT("1 Main St, second floor")}, {STR_INIT("Springfield, NY 10001")}};
    static struct view_hours_row hours[3];
    hours[0] = (struct view_hours_row){
        look_text(lang, "Monday to Friday", "Lunes a viernes"), STR("9:00–17:00")};
    hours[1] = (struct view_hours_row){look_text(lang, "Saturday", "Sábado"), STR("10:00–14:00")};
    hours[2] = (struct view_hours_row){look_text(lang, "Sunday", "Domingo"), STR("")};
    languages[LANG_EN].current = lang == LANG_EN;
    languages[LANG_ES].current = lang == LANG_ES;
    return (struct view_page){
        .lang = tmpl_lang_code(lang),
        .place = place,
        .canonical_url =
            place == VIEW_PLACE_HOME ? URL("https://www.example.org/") : (struct url){{0}},
        .home_url = URL("home.html"),
        .services_url = URL("services.html"),
        .first_visit_url = URL("home.html#first-visit"),
        .book_url = URL("book_service.html"),
        .privacy_url = URL("privacy.html"),
        .signin_url = URL("/signin"),
        .css_url = asset_url(STR("look.css")),
        .js_url = asset_url(STR("book.js")),
        .font_heading_url = asset_url(STR("fraunces-latin.woff2")),
        .font_text_url = asset_url(STR("atkinson-latin.woff2")),
        .icon_svg_url = asset_url(STR("favicon.svg")),
        .icon_touch_url = asset_url(STR("apple-touch-icon.png")),
        .manifest_url = URL("/site.webmanifest"),
        .og_image_url = URL("https://www.example.org/static/preview.png"),
        .practice =
            {
                .name = STR("Balanced Body Massage"),
                .phone = STR("+1 555 0100"),
                .phone_url = URL("tel:+15550100"),
                .email = STR("hello@example.org"),
                .email_url = URL("mailto:hello@example.org"),
                .address = {address, COUNT_OF(address)},
                .map_url = URL("https://www.openstreetmap.org/"),
                .hours = {hours, COUNT_OF(hours)},
                .zone_name = look_text(lang, "New York time", "hora de Nueva York"),
                .zone = STR("America/New_York"),
            },
        .languages = {languages, COUNT_OF(languages)},
    };
}

struct view_opening look_opening(enum lang lang)
{
    return (struct view_opening){
        .when = look_text(lang, "Tuesday 3 March, 10:30", "martes 3 de marzo, 10:30"),
        .therapist = STR("Ana Reyes"),
        .url = URL("book_time.html"),
        .start = STR("2026-03-03T10:30:00-05:00"),
    };
}

struct view_services_list look_services(enum lang lang)
{
    static const struct view_link both[] = {
        {STR_INIT("Ana Reyes"), {STR_INIT("book_time.html")}, false},
        {STR_INIT("Benjamin Okonkwo-Fairweather"), {STR_INIT("book_time.html")}, false},
    };
    static struct view_service services[3];
    static const int minutes[] = {30, 60, 90};
    static const char *const prices[] = {"$55.00", "$95.00", "$135.00"};
    const struct str names[] = {
        look_text(lang, "One area", "Una zona"),
        look_text(lang, "Chronic pain session", "Sesión para el dolor crónico"),
        look_text(lang, "Long session", "Sesión larga"),
    };
    const struct str about[] = {
        look_text(lang, "For a neck that will not turn, or one sore place.",
            "Para un cuello que no gira o un solo punto dolorido."),
        look_text(lang,
            "The usual one: time to talk, two or three areas, and a calm end. Good for a first "
            "visit.",
            "La habitual: tiempo para hablar, dos o tres zonas y un final tranquilo. Buena para "
            "empezar."),
        STR(""),
    };
    for (size_t i = 0; i < COUNT_OF(services); i++) {
        services[i] = (struct view_service){
            .name = names[i],
            .minutes = minutes[i],
            .price = str_from_cstr(prices[i]),
            .description = about[i],
            .url = URL("book_time.html"),
            .therapists = {both, i ? 2 : 1},
        };
    }
    return (struct view_services_list){services, COUNT_OF(services)};
}

struct view_therapists look_therapists(enum lang lang)
{
    static struct view_therapist people[2];
    people[0] = (struct view_therapist){
        .name = STR("Ana Reyes"),
        .initials = STR("AR"),
        .about = look_text(lang,
            "Works slowly and asks often. Backs, hips, and pain that has been there for years.",
            "Trabaja despacio y pregunta mucho. Espaldas, caderas y dolores de muchos años."),
        .url = URL("book_time.html"),
    };
    people[1] = (struct view_therapist){.name = STR("Benjamin Okonkwo-Fairweather"),
        .initials = STR("BO"),
        .url = URL("book_time.html")};
    return (struct view_therapists){people, COUNT_OF(people)};
}

struct view_session look_session(enum lang lang, bool with_time)
{
    struct view_session session = {
        .service = look_text(lang, "Chronic pain session", "Sesión para el dolor crónico"),
        .minutes = 60,
        .price = STR("$95.00"),
    };
    if (!with_time) return session;
    session.day = look_text(lang, "Tuesday 3 March 2026", "martes 3 de marzo de 2026");
    session.time = STR("10:30");
    session.therapist = STR("Ana Reyes");
    session.room = look_text(lang, "Quiet room", "Sala tranquila");
    return session;
}

struct view_mail look_mail(enum lang lang)
{
    return (struct view_mail){
        .lang = tmpl_lang_code(lang),
        .practice = STR("Balanced Body Massage"),
        .name = STR("Rosa Delgado"),
        .service = look_text(lang, "Chronic pain session", "Sesión para el dolor crónico"),
        .minutes = 60,
        .price = STR("$95.00"),
        .day = look_text(lang, "Tuesday 3 March 2026", "martes 3 de marzo de 2026"),
        .time = look_text(lang, "10:30 (New York time)", "10:30 (hora de Nueva York)"),
        .therapist = STR("Ana Reyes"),
        .address = STR("1 Main St, second floor, Springfield, NY 10001"),
        .phone = STR("+1 555 0100"),
        .cancel_until = look_text(lang, "Monday 2 March, 10:30", "el lunes 2 de marzo a las 10:30"),
        .manage_url = URL("https://www.example.org/b/9LsQ1v0a2XyK8pWmR4tC3g"),
        .book_url = URL("https://www.example.org/book"),
        .first_visit = 1,
    };
}

static struct view_times times(const char *const *labels, size_t count, struct view_time *out)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = (struct view_time){
            .label = str_from_cstr(labels[i]), .start = STR("2026-03-03T10:30:00-05:00")};
    }
    return (struct view_times){out, count};
}

/* March 2026 begins on a Sunday; weeks begin on Monday here. */
static struct view_days month_days(enum lang lang)
{
    static struct view_day cells[42];
    static char numbers[31][3];
    for (int i = 0; i < 42; i++) {
        int day = i - 5;
        if (day < 1 || day > 31) {
            cells[i] = (struct view_day){.state = VIEW_DAY_BLANK};
            continue;
        }
        numbers[day - 1][0] = (char)('0' + day / 10);
        numbers[day - 1][1] = (char)('0' + day % 10);
        const char *number = numbers[day - 1] + (day < 10 ? 1 : 0);
        enum view_day_state state = day < 2        ? VIEW_DAY_PAST
                                    : i % 7 > 4    ? VIEW_DAY_FULL
                                    : day % 5 == 4 ? VIEW_DAY_FEW
                                                   : VIEW_DAY_OPEN;
        cells[i] = (struct view_day){
            .state = state,
            .number = str_from_cstr(number),
            .label = look_text(lang, "Tuesday 3 March", "martes 3 de marzo"),
            .url = URL("book_time.html"),
            .openings = state == VIEW_DAY_FEW ? 1 : 8,
            .today = day == 2,
            .selected = day == 3,
        };
    }
    return (struct view_days){cells, COUNT_OF(cells)};
}

static struct view_days week_days(enum lang lang)
{
    static struct view_day week[7];
    static const char *const names[2][7] = {
        {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
        {"lun", "mar", "mié", "jue", "vie", "sáb", "dom"},
    };
    struct view_days month = month_days(lang);
    for (size_t i = 0; i < 7; i++) {
        week[i] = month.ptr[7 + i];
        week[i].weekday = str_from_cstr(names[lang == LANG_ES][i]);
    }
    week[0].state = VIEW_DAY_FULL;
    return (struct view_days){week, 7};
}

struct view_picker look_picker(enum lang lang)
{
    static const char *const morning[] = {"9:00", "9:15", "10:30", "10:45", "11:00"};
    static const char *const afternoon[] = {"13:00", "13:15", "14:30", "15:45"};
    static const char *const evening[] = {"17:00"};
    static struct view_time room[3][8];
    static const struct view_hidden hidden[] = {{STR_INIT("service"), STR_INIT("relief-60")}};
    static const struct view_link people[] = {
        {STR_INIT(""), {STR_INIT("book_time.html")}, true},
        {STR_INIT("Ana Reyes"), {STR_INIT("book_time.html")}, false},
        {STR_INIT("Benjamin Okonkwo-Fairweather"), {STR_INIT("book_time.html")}, false},
    };
    static struct view_link columns[7];
    static const char *const letters[2] = {"MTWTFSS", "LMXJVSD"};
    for (size_t i = 0; i < 7; i++)
        columns[i].label = (struct str){letters[lang == LANG_ES] + i, 1};
    static struct view_opening nearest[3];
    nearest[0] = nearest[1] = nearest[2] = look_opening(lang);
    nearest[1].when = look_text(lang, "Tuesday 3 March, 10:45", "martes 3 de marzo, 10:45");
    nearest[2].when = look_text(lang, "Wednesday 4 March, 9:00", "miércoles 4 de marzo, 9:00");
    nearest[2].therapist = STR("Benjamin Okonkwo-Fairweather");
    return (struct view_picker){
        .action_url = URL("/book/hold"),
        .hidden = {hidden, 1},
        .nearest = {nearest, 3},
        .therapists = {people, 3},
        .week_label = look_text(lang, "2–8 March 2026", "2–8 de marzo de 2026"),
        .week_after_url = URL("book_time_full.html"),
        .week = week_days(lang),
        .month_label = look_text(lang, "March 2026", "marzo de 2026"),
        .month_after_url = URL("book_time_month.html"),
        .weekdays = {columns, 7},
        .month = month_days(lang),
        .day_label = look_text(lang, "Tuesday 3 March", "Martes 3 de marzo"),
        .morning = times(morning, COUNT_OF(morning), room[0]),
        .afternoon = times(afternoon, COUNT_OF(afternoon), room[1]),
        .evening = times(evening, COUNT_OF(evening), room[2]),
        .next = look_opening(lang),
        .zone = STR("America/New_York"),
        .zone_name = look_text(lang, "New York time", "hora de Nueva York"),
    };
}

void look_picker_two_zones(enum lang lang, struct view_picker *picker)
{
    static struct view_time row[] = {
        {STR_INIT("1:00"), STR_INIT("UTC−4"), STR_INIT("6:00"),
            STR_INIT("2026-11-01T01:00:00-04:00")},
        {STR_INIT("1:30"), STR_INIT("UTC−4"), STR_INIT("6:30"),
            STR_INIT("2026-11-01T01:30:00-04:00")},
        {STR_INIT("1:00"), STR_INIT("UTC−5"), STR_INIT("7:00"),
            STR_INIT("2026-11-01T01:00:00-05:00")},
        {STR_INIT("1:30"), STR_INIT("UTC−5"), STR_INIT("7:30"),
            STR_INIT("2026-11-01T01:30:00-05:00")},
        {STR_INIT("10:30"), STR_INIT(""), STR_INIT("16:30"), STR_INIT("2026-11-01T10:30:00-05:00")},
    };
    picker->morning = (struct view_times){row, COUNT_OF(row)};
    picker->afternoon.len = picker->evening.len = 0;
    picker->twice = true;
    picker->day_label = look_text(lang, "Sunday 1 November", "Domingo 1 de noviembre");
    picker->visitor_zone_name = look_text(lang, "Rome time", "hora de Roma");
}

void look_picker_full(enum lang lang, struct view_picker *picker)
{
    picker->morning.len = picker->afternoon.len = picker->evening.len = 0;
    picker->day_label = look_text(lang, "Saturday 7 March", "Sábado 7 de marzo");
    picker->next_needed = true;
    picker->next.when = look_text(lang, "Monday 9 March, 9:00", "lunes 9 de marzo, 9:00");
    static struct view_day week[7];
    for (size_t i = 0; i < 7; i++) {
        week[i] = picker->week.ptr[i];
        week[i].state = VIEW_DAY_FULL;
        week[i].selected = i == 5;
    }
    picker->week = (struct view_days){week, 7};
}

/* Renders every public page and letter with made-up but lifelike data, without a server, to look
 * at: render DIR [en|es] tests/look/shots.mjs takes pictures of them. Data is chosen to strain the
 * pages: long names, empty lists, errors, two zones, a day on which the clocks go back. */
#include "look_data.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "web/static/assets.h"
#include "web/views/book_details.tmpl.h"
#include "web/views/book_done.tmpl.h"
#include "web/views/book_service.tmpl.h"
#include "web/views/book_time.tmpl.h"
#include "web/views/error.tmpl.h"
#include "web/views/home.tmpl.h"
#include "web/views/mail_cancelled.tmpl.h"
#include "web/views/mail_cancelled.txt.tmpl.h"
#include "web/views/mail_cancelled_subject.txt.tmpl.h"
#include "web/views/mail_confirmed.tmpl.h"
#include "web/views/mail_confirmed.txt.tmpl.h"
#include "web/views/mail_confirmed_subject.txt.tmpl.h"
#include "web/views/mail_moved.tmpl.h"
#include "web/views/mail_moved.txt.tmpl.h"
#include "web/views/mail_moved_subject.txt.tmpl.h"
#include "web/views/mail_reminder.tmpl.h"
#include "web/views/mail_reminder.txt.tmpl.h"
#include "web/views/mail_reminder_subject.txt.tmpl.h"
#include "web/views/manage.tmpl.h"
#include "web/views/manage_cancel.tmpl.h"
#include "web/views/manage_move.tmpl.h"
#include "web/views/privacy.tmpl.h"
#include "web/views/services.tmpl.h"

#include "base/banned.h"

static const char *out_dir;
static enum lang lang;
static struct arena arena;

static struct tmpl begin(struct sb *sb)
{
    sb_init(sb, &arena, (size_t)1 << 20);
    return (struct tmpl){sb, lang};
}

static void save(const char *name, const struct sb *sb)
{
    CHECK(sb_ok(sb));
    const char *path = arena_printf(&arena, "%s/%s", out_dir, name).ptr;
    FILE *file = fopen(path, "wb");
    bool good = file && fwrite(sb->ptr, 1, sb->len, file) == sb->len;
    if (file && fclose(file) != 0) good = false;
    if (!good) {
        fprintf(stderr, "render: %s: %s\n", path, strerror(errno));
        exit(1);
    }
}

/* One file of one view. */
#define SHOW(file, function, view)                                                                 \
    do {                                                                                           \
        struct sb sb_;                                                                             \
        struct tmpl t_ = begin(&sb_);                                                              \
        function(&t_, (view));                                                                     \
        save((file), &sb_);                                                                        \
    } while (0)

static void show_fronts(void)
{
    struct view_home home = {
        .page = look_page(lang, VIEW_PLACE_HOME),
        .next = look_opening(lang),
        .services = look_services(lang),
        .therapists = look_therapists(lang),
        .jsonld = {STR(
            "{\"@context\":\"https://schema.org\",\"@type\":\"HealthAndBeautyBusiness\"}")},
    };
    SHOW("home.html", tmpl_home, &home);
    struct view_home bare = {.page = look_page(lang, VIEW_PLACE_HOME), .jsonld = {STR("{}")}};
    bare.page.practice.hours.len = 0;
    bare.page.practice.phone.len = 0;
    SHOW("home_bare.html", tmpl_home, &bare);

    struct view_services services = {
        .page = home.page, .services = home.services, .jsonld = home.jsonld};
    services.page.place = VIEW_PLACE_SERVICES;
    SHOW("services.html", tmpl_services, &services);
    services.services.len = 0;
    SHOW("services_bare.html", tmpl_services, &services);

    struct view_privacy privacy = {look_page(lang, VIEW_PLACE_PRIVACY), 7};
    SHOW("privacy.html", tmpl_privacy, &privacy);
}

static void show_errors(void)
{
    static const int statuses[] = {400, 403, 404, 413, 429, 500, 503};
    for (size_t i = 0; i < COUNT_OF(statuses); i++) {
        struct view_error error = {
            .page = look_page(lang, VIEW_PLACE_ERROR),
            .status = statuses[i],
            .wait_minutes = statuses[i] == 429 ? 3 : 0,
            .request_id = STR("4f1c-20391"),
            .back_url = statuses[i] == 404 ? (struct url){{0}} : URL("/book"),
        };
        SHOW(arena_printf(&arena, "error_%d.html", statuses[i]).ptr, tmpl_error, &error);
    }
}

static void show_times(void)
{
    struct view_book_service service = {
        look_page(lang, VIEW_PLACE_BOOK_SERVICE), look_services(lang), look_opening(lang)};
    SHOW("book_service.html", tmpl_book_service, &service);

    struct view_book_time month = {
        .page = look_page(lang, VIEW_PLACE_BOOK_TIME),
        .session = look_session(lang, false),
        .change_url = URL("/book"),
        .picker = look_picker(lang),
    };
    SHOW("book_time_month.html", tmpl_book_time, &month);

    struct view_book_time time = month;
    time.picker.month.len = 0;
    time.picker.month_url = URL("/book/relief-60?month=2026-03#month");
    SHOW("book_time.html", tmpl_book_time, &time);

    struct view_book_time twice = time;
    look_picker_two_zones(lang, &twice.picker);
    SHOW("book_time_zones.html", tmpl_book_time, &twice);

    struct view_book_time taken = time;
    taken.picker.taken = true;
    SHOW("book_time_taken.html", tmpl_book_time, &taken);

    struct view_book_time full = time;
    look_picker_full(lang, &full.picker);
    SHOW("book_time_full.html", tmpl_book_time, &full);
    full.picker.next = (struct view_opening){{0}, {0}, {{0}}, {0}};
    full.picker.day_label.len = 0;
    SHOW("book_time_none.html", tmpl_book_time, &full);

    struct view_manage_move move = {
        .page = look_page(lang, VIEW_PLACE_MOVE),
        .session = look_session(lang, true),
        .back_url = URL("/b/x"),
        .picker = time.picker,
    };
    SHOW("manage_move.html", tmpl_manage_move, &move);
}

static void show_details(void)
{
    static const struct view_hidden hidden[] = {
        {STR_INIT("service"), STR_INIT("relief-60")},
        {STR_INIT("start"), STR_INIT("2026-03-03T10:30:00-05:00")},
    };
    struct view_book_details details = {
        .page = look_page(lang, VIEW_PLACE_BOOK_DETAILS),
        .session = look_session(lang, true),
        .change_url = URL("/book/relief-60"),
        .action_url = URL("/book/confirm"),
        .renew_url = URL("/book/renew"),
        .hidden = {hidden, COUNT_OF(hidden)},
        .hold = {.minutes = 9, .seconds = 521, .can_renew = true},
        .cancel_until = look_text(lang, "Monday 2 March, 10:30", "el lunes 2 de marzo a las 10:30"),
    };
    SHOW("book_details.html", tmpl_book_details, &details);
    details.page.flash = VIEW_FLASH_FIELDS;
    details.hold = (struct view_hold){0};
    details.hold_ended = true;
    details.session.visitor = look_text(lang, "Tuesday 3 March, 16:30", "martes 3 de marzo, 16:30");
    details.name = (struct view_field){STR(""), VIEW_MISSING};
    details.email = (struct view_field){STR("rosa.example.org"), VIEW_NOT_VALID};
    details.phone = (struct view_field){STR("call me \"maybe\" <b>"), VIEW_NOT_VALID};
    details.note = (struct view_field){STR("I use a stick & cannot climb stairs."), VIEW_TOO_LONG};
    SHOW("book_details_errors.html", tmpl_book_details, &details);

    struct view_book_done done = {
        .page = look_page(lang, VIEW_PLACE_BOOK_DONE),
        .session = look_session(lang, true),
        .email = STR("maria-del-carmen.fernandez-villaverde@correo.example.org"),
        .ics_url = URL("/b/x.ics"),
        .manage_url = URL("/b/x"),
        .cancel_until = details.cancel_until,
        .first_visit = true,
    };
    SHOW("book_done.html", tmpl_book_done, &done);
}

static void show_manage(void)
{
    struct view_manage manage = {
        .page = look_page(lang, VIEW_PLACE_MANAGE),
        .session = look_session(lang, true),
        .can_move = true,
        .can_cancel = true,
        .move_url = URL("/b/x/move"),
        .cancel_url = URL("/b/x/cancel"),
        .ics_url = URL("/b/x.ics"),
        .again_url = URL("/book/relief-60"),
        .cancel_until = look_text(lang, "Monday 2 March, 10:30", "el lunes 2 de marzo a las 10:30"),
        .move_until = look_text(lang, "Monday 2 March, 22:30", "el lunes 2 de marzo a las 22:30"),
    };
    manage.page.flash = VIEW_FLASH_MOVED;
    SHOW("manage.html", tmpl_manage, &manage);
    manage.page.flash = VIEW_FLASH_NONE;
    manage.can_cancel = false;
    SHOW("manage_move_only.html", tmpl_manage, &manage);
    manage.can_move = false;
    SHOW("manage_late.html", tmpl_manage, &manage);
    manage.state = VIEW_BOOKING_PAST;
    SHOW("manage_past.html", tmpl_manage, &manage);
    manage.state = VIEW_BOOKING_CANCELLED;
    manage.page.flash = VIEW_FLASH_CANCELLED;
    SHOW("manage_cancelled.html", tmpl_manage, &manage);

    struct view_manage_cancel cancel = {
        .page = look_page(lang, VIEW_PLACE_CANCEL),
        .session = manage.session,
        .back_url = URL("/b/x"),
        .move_url = URL("/b/x/move"),
        .action_url = URL("/b/x/cancel"),
    };
    SHOW("manage_cancel.html", tmpl_manage_cancel, &cancel);
}

static void show_mail(void)
{
    struct view_mail mail = look_mail(lang);
    SHOW("mail_confirmed.html", tmpl_mail_confirmed, &mail);
    SHOW("mail_confirmed.txt", tmpl_mail_confirmed_txt, &mail);
    SHOW("mail_confirmed_subject.txt", tmpl_mail_confirmed_subject_txt, &mail);
    SHOW("mail_reminder.html", tmpl_mail_reminder, &mail);
    SHOW("mail_reminder.txt", tmpl_mail_reminder_txt, &mail);
    SHOW("mail_reminder_subject.txt", tmpl_mail_reminder_subject_txt, &mail);
    SHOW("mail_cancelled.html", tmpl_mail_cancelled, &mail);
    SHOW("mail_cancelled.txt", tmpl_mail_cancelled_txt, &mail);
    SHOW("mail_cancelled_subject.txt", tmpl_mail_cancelled_subject_txt, &mail);
    mail.before = look_text(lang, "Monday 2 March, 9:00", "el lunes 2 de marzo a las 9:00");
    mail.first_visit = 0;
    SHOW("mail_moved.html", tmpl_mail_moved, &mail);
    SHOW("mail_moved.txt", tmpl_mail_moved_txt, &mail);
    SHOW("mail_moved_subject.txt", tmpl_mail_moved_subject_txt, &mail);
}

/* The compiled-in files, where the pages look for them. */
static void save_assets(void)
{
    static const char *const names[] = {"look.css", "book.js", "fraunces-latin.woff2",
        "atkinson-latin.woff2", "fraunces-latin-ext.woff2", "atkinson-latin-ext.woff2",
        "favicon.svg"};
    const char *folder = arena_printf(&arena, "%s/static", out_dir).ptr;
    (void)mkdir(folder, 0777);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct http_asset *asset = asset_find(asset_url(str_from_cstr(names[i])).s);
        struct sb sb = {.ptr = (char *)(uintptr_t)asset->plain.ptr, .len = asset->plain.len};
        save(arena_cstr(&arena, str_slice(asset->path, 1, asset->path.len)), &sb);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3 ||
        (argc == 3 && !tmpl_lang_from_code(str_from_cstr(argv[2]), &lang))) {
        fprintf(stderr, "usage: render DIR [en|es]\n");
        return 2;
    }
    out_dir = argv[1];
    if (mkdir(out_dir, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "render: %s: %s\n", out_dir, strerror(errno));
        return 1;
    }
    show_fronts();
    show_errors();
    show_times();
    show_details();
    show_manage();
    show_mail();
    save_assets();
    arena_release(&arena);
    return 0;
}

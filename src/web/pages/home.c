/* The pages that tell what the practice does: home, sessions and prices, privacy. */
#include "web/views/home.tmpl.h"

#include "base/json_writer.h"
#include "base/limits.h"
#include "web/pages/learn.h"
#include "web/pages/page.h"
#include "web/pages/pages.h"
#include "web/views/privacy.tmpl.h"
#include "web/views/services.tmpl.h"

#include "base/banned.h"

enum { KEEP_YEARS = 7 }; /* of records of treatment; the longest of the usual terms */

/* ---- schema.org ---- */

static struct str clock_text(struct arena *arena, int minutes)
{
    struct sb sb;
    sb_init(&sb, arena, 8);
    minutes_write(&sb, minutes == 24 * 60 ? minutes - 1 : minutes);
    return sb_str(&sb);
}

static void write_hours(struct jw *jw, struct call *call)
{
    static const struct str days[7] = {STR_INIT("Monday"), STR_INIT("Tuesday"),
        STR_INIT("Wednesday"), STR_INIT("Thursday"), STR_INIT("Friday"), STR_INIT("Saturday"),
        STR_INIT("Sunday")};
    struct page_hours hours;
    page_hours(call->practice, call->arena, &hours);
    jw_key(jw, STR("openingHoursSpecification"));
    jw_array(jw);
    for (int day = 0; day < 7; day++) {
        for (size_t i = 0; i < hours.counts[day]; i++) {
            const struct hours_row *row = &hours.rows[day][i];
            jw_object(jw);
            JW_STR(jw, "@type", STR("OpeningHoursSpecification"));
            JW_STR(jw, "dayOfWeek", days[day]);
            JW_STR(jw, "opens", clock_text(call->arena, row->from_min));
            JW_STR(jw, "closes", clock_text(call->arena, row->to_min));
            jw_object_end(jw);
        }
    }
    jw_array_end(jw);
}

static void write_offers(struct jw *jw, struct call *call, struct str origin)
{
    const struct practice *p = call->practice;
    jw_key(jw, STR("makesOffer"));
    jw_array(jw);
    for (size_t i = 0; i < p->service_count; i++) {
        const struct service *s = &p->services[i];
        struct sb price;
        sb_init(&price, call->arena, 32);
        money_write_plain(&price, s->price);
        jw_object(jw);
        JW_STR(jw, "@type", STR("Offer"));
        JW_STR(jw, "url",
            arena_printf(call->arena, "%.*s/book/%.*s", STR_ARG(origin), STR_ARG(s->key)));
        JW_STR(jw, "price", sb_str(&price));
        JW_STR(jw, "priceCurrency", str_from_cstr(p->currency));
        jw_key(jw, STR("itemOffered"));
        jw_object(jw);
        JW_STR(jw, "@type", STR("Service"));
        JW_STR(jw, "name", service_name(s, call->lang));
        struct str description = service_description(s, call->lang);
        if (description.len) JW_STR(jw, "description", description);
        jw_object_end(jw);
        jw_object_end(jw);
    }
    jw_array_end(jw);
}

static struct json_text jsonld(struct call *call, const struct view_page *page)
{
    const struct practice *p = call->practice;
    struct str origin = call_origin(call);
    struct sb sb;
    struct jw jw;
    sb_init(&sb, call->arena, LIMIT_PAGE_BYTES / 4);
    jw_init(&jw, &sb);
    jw_object(&jw);
    JW_STR(&jw, "@context", STR("https://schema.org"));
    JW_STR(&jw, "@type", STR("HealthAndBeautyBusiness"));
    JW_STR(&jw, "@id", arena_printf(call->arena, "%.*s/", STR_ARG(origin)));
    JW_STR(&jw, "name", p->name);
    JW_STR(&jw, "url", arena_printf(call->arena, "%.*s/", STR_ARG(origin)));
    JW_STR(&jw, "image", page->og_image_url.s);
    if (p->phone.len) JW_STR(&jw, "telephone", p->phone);
    if (p->email.len) JW_STR(&jw, "email", p->email);
    if (p->address.len) JW_STR(&jw, "address", p->address);
    JW_STR(&jw, "currenciesAccepted", str_from_cstr(p->currency));
    write_hours(&jw, call);
    write_offers(&jw, call, origin);
    jw_object_end(&jw);
    /* An incomplete document would be worse than none. */
    return sb_ok(&sb) ? (struct json_text){sb_str(&sb)} : (struct json_text){STR("{}")};
}

/* ---- pages ---- */

/* "AR" of "Ana Reyes": the first characters of the first and the last name. */
static struct str initials(struct arena *arena, struct str name)
{
    struct sb sb;
    sb_init(&sb, arena, 16);
    struct str first = {0};
    struct str last = {0};
    struct str word;
    while (str_cut(&name, ' ', &word)) {
        if (!word.len) continue;
        size_t n = 1; /* a character may take several bytes */
        while (n < word.len && ((unsigned char)word.ptr[n] & 0xC0) == 0x80)
            n++;
        last = str_slice(word, 0, n);
        if (!first.len) {
            first = last;
            last = (struct str){0};
        }
    }
    sb_add(&sb, first);
    sb_add(&sb, last);
    return sb_str(&sb);
}

/* The service whose times a therapist's link leads to: their first that is not the shortest visit,
 * so that it suits a first one; else any. */
static const struct service *usual_service(const struct practice *p, int therapist)
{
    const struct service *usual = NULL;
    for (size_t i = 0; i < p->service_count; i++) {
        const struct service *s = &p->services[i];
        for (size_t k = 0; k < s->therapist_count; k++) {
            if (s->therapists[k] != therapist) continue;
            if (!usual || (usual->minutes < 60 && s->minutes >= 60)) usual = s;
        }
    }
    return usual;
}

static struct view_therapists therapists(struct call *call)
{
    const struct practice *p = call->practice;
    struct view_therapist *list =
        ARENA_ARRAY(call->arena, p->therapist_count, struct view_therapist);
    size_t n = 0;
    for (size_t i = 0; i < p->therapist_count; i++) {
        const struct resource *person = &p->therapists[i];
        const struct service *service = usual_service(p, (int)i);
        if (!service) continue;
        list[n++] = (struct view_therapist){
            .name = person->name,
            .initials = initials(call->arena, person->name),
            .url = {arena_printf(call->arena, "/book/%.*s?therapist=%.*s", STR_ARG(service->key),
                STR_ARG(person->key))},
        };
    }
    return (struct view_therapists){list, n};
}

struct result page_home(struct call *call)
{
    struct format f;
    struct view_home view = {0};
    page_begin(call, &f, VIEW_PLACE_HOME, STR(""), &view.page);
    page_index(call, STR("/"), &view.page);
    TRY(page_next_opening(call, &f, &view.next));
    view.services = page_services_list(call, &f);
    view.therapists = therapists(call);
    TRY(learn_aims(call, &view.aims));
    view.jsonld = jsonld(call, &view.page);
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_home(&t, &view);
    return page_send(call, 200, &sb);
}

struct result page_services(struct call *call)
{
    struct format f;
    struct view_services view = {0};
    page_begin(call, &f, VIEW_PLACE_SERVICES, STR(""), &view.page);
    page_index(call, STR("/services"), &view.page);
    view.services = page_services_list(call, &f);
    view.jsonld = jsonld(call, &view.page);
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_services(&t, &view);
    return page_send(call, 200, &sb);
}

struct result page_privacy(struct call *call)
{
    struct format f;
    struct view_privacy view = {.keep_years = KEEP_YEARS};
    page_begin(call, &f, VIEW_PLACE_PRIVACY, STR(""), &view.page);
    page_index(call, STR("/privacy"), &view.page);
    struct sb sb;
    struct tmpl t = page_tmpl(call, &sb);
    tmpl_privacy(&t, &view);
    return page_send(call, 200, &sb);
}

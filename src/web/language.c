#include "web/language.h"

#include "base/banned.h"

enum { COOKIE_SECONDS = 365 * 24 * 3600 };

/* "q=0.8" in thousandths; 1000 where it is missing, 0 where it is no weight. */
static int weight_of(struct str parameters)
{
    struct str parameter;
    while (str_cut(&parameters, ';', &parameter)) {
        parameter = str_trim(parameter);
        if (!str_starts(parameter, STR("q="))) continue;
        struct str value = str_slice(parameter, 2, parameter.len);
        struct str whole;
        int64_t units;
        if (!str_cut(&value, '.', &whole) || !str_to_i64(whole, 0, 1, &units)) return 0;
        int weight = (int)units * 1000;
        int scale = 100;
        for (size_t i = 0; i < value.len && scale; i++, scale /= 10) {
            if (value.ptr[i] < '0' || value.ptr[i] > '9') return 0;
            weight += (value.ptr[i] - '0') * scale;
        }
        return weight > 1000 ? 1000 : weight;
    }
    return 1000;
}

/* "es", "es-MX": a tag of two letters, alone or before a hyphen. */
static bool lang_from_tag(struct str tag, enum lang *ret_lang)
{
    if (tag.len > 2 && tag.ptr[2] != '-' && tag.ptr[2] != '_') return false;
    return tmpl_lang_from_code(tag, ret_lang);
}

bool language_from_header(struct str header, enum lang *ret_lang)
{
    int best = 0;
    struct str item;
    while (str_cut(&header, ',', &item)) {
        struct str parameters = str_trim(item);
        struct str tag;
        enum lang lang;
        if (!str_cut(&parameters, ';', &tag) || !lang_from_tag(str_trim(tag), &lang)) continue;
        int weight = weight_of(parameters);
        if (weight <= best) continue;
        best = weight;
        *ret_lang = lang;
    }
    return best > 0;
}

enum lang call_language(const struct call *call)
{
    enum lang lang;
    if (lang_from_tag(call_query(call, "lang"), &lang)) return lang;
    if (lang_from_tag(call_cookie(call, "lang"), &lang)) return lang;
    if (language_from_header(http_header(call->req, STR("Accept-Language")), &lang)) return lang;
    if (call->practice && lang_from_tag(call->practice->locale, &lang)) return lang;
    return LANG_EN;
}

void language_remember(struct call *call)
{
    enum lang lang;
    if (!lang_from_tag(call_query(call, "lang"), &lang)) return;
    struct str code = tmpl_lang_code(lang);
    /* A page that failed and became an error page has said so already. */
    for (size_t i = 0; i < call->resp->header_count; i++) {
        if (str_starts(call->resp->headers[i].value, STR("__Host-lang="))) return;
    }
    if (!str_eq(call_cookie(call, "lang"), code))
        call_set_cookie(call, "lang", code, COOKIE_SECONDS);
}

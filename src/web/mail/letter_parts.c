#include "web/mail/letter_parts.h"

#include "base/limits.h"

#include "base/banned.h"

static struct str render(letter_template *template, const struct view_mail *view, enum lang lang,
    struct arena *arena, bool *ok)
{
    struct sb sb;
    sb_init(&sb, arena, LIMIT_MAIL_BYTES / 4);
    struct tmpl t = {.out = &sb, .lang = lang};
    template(&t, view);
    *ok = *ok && sb_ok(&sb);
    return sb_str(&sb);
}

struct result letter_render(const struct letter_templates *templates, const struct view_mail *view,
    enum lang lang, struct arena *arena, struct mail_message *ret_message)
{
    bool ok = true;
    struct str subject = str_trim(render(templates->subject, view, lang, arena, &ok));
    struct str text = render(templates->text, view, lang, arena, &ok);
    struct str html = render(templates->html, view, lang, arena, &ok);
    if (!ok) return result_fail(ERR_LIMIT, "mail-size", NULL);
    ret_message->subject = subject;
    ret_message->text = text;
    ret_message->html = html;
    return RESULT_OK;
}

static struct str one_line(struct arena *arena, struct str text)
{
    struct sb sb;
    sb_init(&sb, arena, LIMIT_ADDRESS_CHARS * 8);
    struct str line;
    while (str_cut(&text, '\n', &line)) {
        line = str_trim(line);
        if (!line.len) continue;
        if (sb.len) SB_LIT(&sb, ", ");
        sb_add(&sb, line);
    }
    return sb_str(&sb);
}

struct view_mail letter_from(const struct practice *practice, enum lang lang, struct arena *arena)
{
    return (struct view_mail){
        .lang = tmpl_lang_code(lang),
        .practice = practice->name,
        .address = one_line(arena, practice->address),
        .phone = practice->phone,
    };
}

/* View structs of the templates in this folder. */
#ifndef BALM_TESTS_TMPLC_VIEWS_H
#define BALM_TESTS_TMPLC_VIEWS_H

#include "base/tmpl.h"

enum view_tone { VIEW_TONE_CALM, VIEW_TONE_CARE };

struct view_frame {
    struct str title;
    struct url home;
};

struct view_row {
    struct str name;
    int minutes;
    struct str_list tags;
};

struct view_rows {
    const struct view_row *ptr;
    size_t len;
};

struct view_page {
    struct view_frame frame;
    const struct view_row *best; /* may be NULL */
    struct view_rows rows;
    struct str text;
    const char *cstr;
    struct html markup;
    struct url link;
    struct json_text data;
    uint64_t big;
    int64_t count;
    unsigned char small;
    enum view_tone tone;
    bool checked;
};

#endif

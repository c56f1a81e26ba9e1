/* markdown: texts that a practice writes, as HTML that is safe to show.
 *
 * CommonMark by libcmark, which is asked for a tree only to judge it: what was typed as HTML is
 * shown as the characters typed; links lead to http:, https:, mailto:, tel: or this site, else
 * their words stand there alone; pictures become their description. Headings begin at the level
 * asked for and never leave one out, whatever the writer counted, so that a page keeps its outline.
 */
#ifndef BALM_WEB_MARKDOWN_H
#define BALM_WEB_MARKDOWN_H

#include "base/result.h"
#include "base/tmpl.h"

/* first_level: 2 for <h2>. ERR_LIMIT "learn-too-long" beyond LIMIT_LEARN_PAGE_BYTES. */
struct result MUST_CHECK markdown_html(
    struct arena *arena, struct str text, int first_level, struct html *ret_html);

#endif

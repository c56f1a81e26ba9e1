#include "web/charts/chart_table.h"

#include "base/check.h"
#include "base/tmpl.h"

#include "base/banned.h"

void chart_table_write(struct sb *sb, const struct chart_table *table)
{
    CHECK(table->column_count > 0);
    if (table->summary.len) {
        SB_LIT(sb, "<details class=\"rc-numbers\"><summary>");
        html_add_escaped(sb, table->summary);
        SB_LIT(sb, "</summary>");
    }
    /* a table wider than a phone is moved by itself: so it must be reached by keyboard */
    SB_LIT(sb, "<div class=\"rc-data\" role=\"group\" tabindex=\"0\" aria-label=\"");
    html_add_escaped(sb, table->caption);
    SB_LIT(sb, "\"><table class=\"rc-table\"><caption>");
    html_add_escaped(sb, table->caption);
    SB_LIT(sb, "</caption><thead><tr>");
    for (size_t i = 0; i < table->column_count; i++) {
        SB_LIT(sb, "<th scope=\"col\">");
        html_add_escaped(sb, table->heads[i]);
        SB_LIT(sb, "</th>");
    }
    SB_LIT(sb, "</tr></thead><tbody>");
    for (size_t row = 0; row < table->row_count; row++) {
        const struct str *cells = &table->cells[row * table->column_count];
        SB_LIT(sb, "<tr><th scope=\"row\">");
        html_add_escaped(sb, cells[0]);
        SB_LIT(sb, "</th>");
        for (size_t i = 1; i < table->column_count; i++) {
            SB_LIT(sb, "<td>");
            html_add_escaped(sb, cells[i]);
            SB_LIT(sb, "</td>");
        }
        SB_LIT(sb, "</tr>");
    }
    SB_LIT(sb, "</tbody></table></div>");
    if (table->note.len) {
        SB_LIT(sb, "<p class=\"muted small\">");
        html_add_escaped(sb, table->note);
        SB_LIT(sb, "</p>");
    }
    if (table->summary.len) SB_LIT(sb, "</details>");
}

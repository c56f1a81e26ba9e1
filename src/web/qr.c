#include "web/qr.h"

#include "base/check.h"
#include "base/sb.h"

#include <qrencode.h>

#include "base/banned.h"

enum { QUIET = 4, TEXT_MAX = 1000, SVG_MAX = 256 << 10 };

/* Runs of dark modules as one path, a row after the other. */
static void add_path(struct sb *sb, const QRcode *code)
{
    int width = code->width;
    SB_LIT(sb, "<path fill=\"#000\" d=\"");
    for (int y = 0; y < width; y++) {
        for (int x = 0; x < width; x++) {
            int from = x;
            while (x < width && (code->data[y * width + x] & 1))
                x++;
            if (x > from)
                sb_addf(sb, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET, x - from, x - from);
        }
    }
    SB_LIT(sb, "\"/>");
}

struct result qr_svg(struct arena *arena, struct str text, struct str label, struct html *ret_svg)
{
    struct sb sb;
    CHECK(text.len > 0);
    if (text.len > TEXT_MAX) return result_fail(ERR_LIMIT, "qr-too-long", NULL);
    QRcode *code = QRcode_encodeString8bit(arena_cstr(arena, text), 0, QR_ECLEVEL_M);
    if (!code) return result_fail(ERR_LIMIT, "qr-too-long", NULL);
    int side = code->width + 2 * QUIET;
    sb_init(&sb, arena, SVG_MAX);
    sb_addf(&sb,
        "<svg class=\"qr\" role=\"img\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
        "shape-rendering=\"crispEdges\" aria-label=\"",
        side, side, side * 6, side * 6);
    html_add_escaped(&sb, label);
    sb_addf(&sb, "\"><rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", side, side);
    add_path(&sb, code);
    SB_LIT(&sb, "</svg>");
    QRcode_free(code);
    CHECK(sb_ok(&sb));
    *ret_svg = (struct html){sb_str(&sb)};
    return RESULT_OK;
}

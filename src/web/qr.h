/* qr: a text as a QR code, drawn as SVG of our own. Only this file knows libqrencode. */
#ifndef BALM_WEB_QR_H
#define BALM_WEB_QR_H

#include "base/arena.h"
#include "base/result.h"
#include "base/tmpl.h"

/* Markup in the arena: dark on light in light and dark mode, with its quiet zone; `label` is what
 * is read out. ERR_LIMIT "qr-too-long" where the text does not fit. */
struct result MUST_CHECK qr_svg(
    struct arena *arena, struct str text, struct str label, struct html *ret_svg);

#endif

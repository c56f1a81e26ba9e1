/* encode: the pieces of a message's syntax (RFC 2045, 2047, 5322), for message.c only.
 *
 * All writers add whole lines with CRLF at the end. Header texts must be valid UTF-8 without
 * control characters (mail_clean sees to the latter). */
#ifndef BALM_MAIL_ENCODE_H
#define BALM_MAIL_ENCODE_H

#include "base/arena.h"
#include "base/sb.h"

#include <stdbool.h>

bool mail_is_dot_atom(struct str s);
bool mail_is_domain(struct str s); /* one label is enough */

/* Control characters become spaces; spaces at both ends go. */
struct str mail_clean(struct arena *arena, struct str text);

/* "Name: text", as it is where it is short and ASCII, in encoded words otherwise. */
void mail_add_text_header(struct sb *sb, struct str name, struct str text);

/* "Name: Display <address>". */
void mail_add_mailbox_header(struct sb *sb, struct str name, struct str display, struct str email);

/* Body encodings: lines of at most 76 characters. Neither can produce "=_", so a boundary that
 * starts with it never occurs in a body. Line ends of the text (LF, CR or CRLF) become CRLF. */
void mail_add_quoted_printable(struct sb *sb, struct str text);
void mail_add_base64(struct sb *sb, struct str bytes);

#endif

#include "mail/mail.h"
#include "mail/encode.h"

#include "base/banned.h"

enum { LOCAL_MAX = 64, DOMAIN_MAX = 253, LABEL_MAX = 63 };

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_atext(char c)
{
    return is_letter(c) || is_digit(c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

bool mail_is_dot_atom(struct str s)
{
    bool after_dot = true;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '.') {
            if (after_dot) return false;
            after_dot = true;
        } else {
            if (!is_atext(s.ptr[i])) return false;
            after_dot = false;
        }
    }
    return !after_dot;
}

static bool is_label(struct str s)
{
    if (s.len == 0 || s.len > LABEL_MAX) return false;
    if (s.ptr[0] == '-' || s.ptr[s.len - 1] == '-') return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_letter(s.ptr[i]) && !is_digit(s.ptr[i]) && s.ptr[i] != '-') return false;
    }
    return true;
}

bool mail_is_domain(struct str s)
{
    if (s.len == 0 || s.len > DOMAIN_MAX || s.ptr[s.len - 1] == '.') return false;
    struct str label = {0};
    while (str_cut(&s, '.', &label)) {
        if (!is_label(label)) return false;
    }
    return true;
}

bool mail_address_is_valid(struct str address)
{
    size_t at = str_find(address, '@');
    if (at == address.len || address.len > LIMIT_EMAIL_CHARS || at > LOCAL_MAX) return false;
    struct str domain = str_slice(address, at + 1, address.len);
    if (!mail_is_dot_atom(str_slice(address, 0, at)) || !mail_is_domain(domain)) return false;

    /* Two labels at least, and a last one that is no number: 10.0.0.1 is no domain. */
    size_t last = domain.len;
    while (last > 0 && domain.ptr[last - 1] != '.')
        last--;
    if (last == 0) return false;
    for (size_t i = last; i < domain.len; i++) {
        if (!is_digit(domain.ptr[i])) return true;
    }
    return false;
}

#include "base/money.h"

#include "base/check.h"

#include "base/banned.h"

int money_decimals(const char currency[4])
{
    static const char *const none[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW",
        "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"};
    static const char *const three[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        if (memcmp(none[i], currency, 3) == 0) return 0;
    }
    for (size_t i = 0; i < COUNT_OF(three); i++) {
        if (memcmp(three[i], currency, 3) == 0) return 3;
    }
    return 2;
}

bool money_currency_is_valid(struct str code)
{
    if (code.len != 3) return false;
    for (size_t i = 0; i < 3; i++) {
        if (code.ptr[i] < 'A' || code.ptr[i] > 'Z') return false;
    }
    return true;
}

static int64_t minor_per_unit(const char currency[4])
{
    int64_t scale = 1;
    for (int i = money_decimals(currency); i > 0; i--)
        scale *= 10;
    return scale;
}

bool money_parse(struct str text, const char currency[4], struct money *ret_money)
{
    size_t dot = str_find(text, '.');
    struct str whole = str_slice(text, 0, dot);
    struct str fraction = str_slice(text, dot + 1, text.len);
    int decimals = money_decimals(currency);
    int64_t units;
    if (whole.len && whole.ptr[0] == '-') return false;
    if (!str_to_i64(whole, 0, 9999999, &units)) return false;
    int64_t minor = units * minor_per_unit(currency);
    if (dot < text.len) {
        if (fraction.len == 0 || fraction.len > (size_t)decimals) return false;
        int64_t value;
        if (fraction.ptr[0] == '-' || !str_to_i64(fraction, 0, 999, &value)) return false;
        for (size_t i = fraction.len; i < (size_t)decimals; i++)
            value *= 10;
        minor += value;
    }
    *ret_money = (struct money){.minor = minor};
    memcpy(ret_money->currency, currency, 3);
    ret_money->currency[3] = '\0';
    return true;
}

static void write_amount(struct sb *sb, struct money money, char dot, bool drop_zero)
{
    int64_t scale = minor_per_unit(money.currency);
    CHECK(money.minor >= 0);
    sb_add_i64(sb, money.minor / scale);
    int64_t fraction = money.minor % scale;
    if (scale == 1 || (fraction == 0 && drop_zero)) return;
    sb_add_char(sb, dot);
    sb_add_padded(sb, (uint64_t)fraction, money_decimals(money.currency));
}

void money_write_plain(struct sb *sb, struct money money)
{
    write_amount(sb, money, '.', false);
}

void money_write(struct sb *sb, struct money money, struct str language)
{
    static const struct {
        const char *currency;
        const char *sign;
    } signs[] = {{"USD", "$"}, {"EUR", "€"}, {"GBP", "£"}, {"JPY", "¥"}, {"CAD", "CA$"},
        {"AUD", "A$"}, {"NZD", "NZ$"}, {"MXN", "MX$"}, {"CHF", "CHF "}};
    const char *sign = NULL;
    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        if (memcmp(signs[i].currency, money.currency, 3) == 0) sign = signs[i].sign;
    }
    bool comma = str_eq(language, STR("es")) && memcmp(money.currency, "EUR", 3) == 0;
    if (comma) {
        write_amount(sb, money, ',', true);
        SB_LIT(sb, "\u00a0€");
        return;
    }
    if (sign) {
        sb_add_cstr(sb, sign);
    } else {
        sb_add_bytes(sb, money.currency, 3);
        SB_LIT(sb, "\u00a0");
    }
    write_amount(sb, money, '.', true);
}

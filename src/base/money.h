/* Money: whole minor units (cents) and an ISO 4217 currency. Never floating point. */
#ifndef BALM_BASE_MONEY_H
#define BALM_BASE_MONEY_H

#include "base/sb.h"
#include "base/str.h"

#include <stdint.h>

struct money {
    int64_t minor;    /* cents, or whole yen */
    char currency[4]; /* "USD" */
};

/* Decimal places of the currency (ISO 4217): 2 but for those listed in money.c. */
int money_decimals(const char currency[4]);

/* Three capital letters. */
bool money_currency_is_valid(struct str code);

/* "95", "95.5", "95.00" in the currency's decimals; no sign, at most 9,999,999 units. */
bool money_parse(struct str text, const char currency[4], struct money *ret_money);

/* "95.00" for machines. */
void money_write_plain(struct sb *sb, struct money money);

/* For people: "$95", "$95.50", "95,50 €" by language ("en", "es"); whole amounts without decimals. */
void money_write(struct sb *sb, struct money money, struct str language);

#endif

/* Library calls that Balm does not use; including this header makes them compile errors.
 * Include it last, after every system header. The mend stands beside each name. */
#ifndef BALM_BASE_BANNED_H
#define BALM_BASE_BANNED_H

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf stpcpy /* sb_add, sb_addf */
#pragma GCC poison strtok strtok_r                                      /* str_cut */
#pragma GCC poison gets scanf sscanf fscanf atoi atol atoll atof        /* str_to_i64 */
#pragma GCC poison gmtime localtime ctime asctime mktime timegm gmtime_r localtime_r /* base/civil.h */
#pragma GCC poison rand srand random srandom drand48                    /* crypto_random */
#pragma GCC poison tmpnam mktemp setlocale

#endif

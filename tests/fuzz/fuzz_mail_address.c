/* Any bytes as an address, and as the texts of a message: what is accepted must be safe to send. */
#include "base/check.h"
#include "mail/mail.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = {(const char *)data, size};
    if (mail_address_is_valid(s)) {
        CHECK(size <= LIMIT_EMAIL_CHARS);
        for (size_t i = 0; i < size; i++)
            CHECK(data[i] > ' ' && data[i] < 0x7F && !strchr("<>()[],;:\\\"", data[i]));
    }
    struct arena arena = {0};
    struct mail_message message = {
        .from_email = STR("a@example.org"),
        .to_email = STR("b@example.org"),
        .from_name = s,
        .to_name = s,
        .subject = s,
        .message_id_left = STR("x"),
        .message_id_domain = STR("example.org"),
        .text = s,
        .html = s,
        .in_reply_to = s,
    };
    struct str bytes = {0};
    for (int round = 0; round < 2; round++) {
        if (result_is_ok(mail_build(&message, &arena, &bytes))) {
            size_t line = 0;
            for (size_t i = 0; i < bytes.len; i++) {
                line = bytes.ptr[i] == '\n' ? 0 : line + 1;
                CHECK(line <= 998 && (unsigned char)bytes.ptr[i] < 0x7F && bytes.ptr[i] != '\0');
                CHECK(bytes.ptr[i] != '\n' || bytes.ptr[i - 1] == '\r');
            }
        }
        message.in_reply_to = (struct str){0};
    }
    arena_release(&arena);
    return 0;
}

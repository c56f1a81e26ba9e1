/* Bodies of the API from outside. The first byte chooses the request; what is read is within its
 * limits or named as a problem, and every problem can be put into words. */
#include "base/check.h"
#include "base/limits.h"
#include "interop/api_internal.h"

#include "base/banned.h"

static const char practice_file[] =
    "{\"slug\":\"p\",\"name\":\"P\",\"timezone\":\"America/New_York\",\"currency\":\"USD\","
    "\"locale\":\"en-US\",\"therapists\":[{\"id\":\"ana\",\"name\":\"Ana\",\"hours\":[{\"days\":"
    "[\"mon\"],\"from\":\"09:00\",\"to\":\"17:00\"}]}],\"services\":[{\"id\":\"relief-60\","
    "\"name\":"
    "\"R\",\"minutes\":60,\"price\":\"95.00\",\"therapists\":[\"ana\"],\"rooms\":[]}]}";

static const struct practice *the_practice(void)
{
    static struct arena arena;
    static const struct practice *practice;
    if (practice) return practice;
    struct problems problems;
    problems_init(&problems, &arena);
    struct result result = setup_parse(str_from_cstr(practice_file), &arena, &problems, &practice);
    CHECK(result_is_ok(result));
    return practice;
}

static void check_time(const struct booking_request *request)
{
    CHECK(request->service && request->therapist >= -1 && request->therapist < 1);
}

static void read_as(uint8_t kind, const struct practice *practice, struct json_object *root)
{
    struct booking_request request = {0};
    struct booking_move move = {0};
    switch (kind % 3) {
    case 0:
        api_read_time(practice, root, &request);
        json_leave(root);
        if (!root->problems->count) check_time(&request);
        break;
    case 1:
        api_read_booking(practice, root, &request);
        json_leave(root);
        if (root->problems->count) break;
        check_time(&request);
        CHECK(request.client.name.len && request.client.email.len);
        CHECK(str_count_chars(request.client.name) <= LIMIT_NAME_CHARS);
        CHECK(str_is_text(request.client.email, false) && str_is_text(request.note, false));
        CHECK(str_count_chars(request.note) <= LIMIT_NOTE_CHARS);
        break;
    default:
        api_read_move(practice, root, &move);
        json_leave(root);
        break;
    }
}

static void check_words(struct arena *arena, const struct problems *problems)
{
    for (const struct problem *p = problems->first; p; p = p->next) {
        struct str words = api_field_message(arena, p);
        CHECK(str_is_text(words, false) && str_ends(words, STR(".")));
        CHECK(!str_starts(words, STR("Not valid"))); /* every code has its sentence */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena arena;
    if (size < 1 || size > LIMIT_BODY_BYTES) return 0;
    const struct json *json;
    struct str text = {(const char *)data + 1, size - 1};
    struct problems problems;
    struct json_object root;
    problems_init(&problems, &arena);
    if (result_is_ok(json_parse(&arena, text, &json)) &&
        json_enter(json, (struct str){0}, &problems, &root))
        read_as(data[0], the_practice(), &root);
    check_words(&arena, &problems);
    if (problems.count) {
        struct http_resp resp = {0};
        api_problem(&resp, &arena, 422, "invalid", "Some fields are wrong", NULL, &problems);
        const struct json *answer;
        CHECK(result_is_ok(json_parse(&arena, resp.body, &answer)));
    }
    arena_reset(&arena);
    return 0;
}

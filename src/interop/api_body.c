/* Reading what clients send. Nothing here touches the database. */
#include "interop/api_internal.h"

#include "base/limits.h"

#include "base/banned.h"

enum { TOKEN_CHARS_MAX = 64 };

static utc_us read_start(struct json_object *root)
{
    utc_us start = 0;
    struct str text = json_get_str(root, "start", JSON_REQUIRED, LIMIT_NAME_CHARS);
    if (text.len && !rfc3339_parse(text, &start))
        json_problem(root, "start", "not-an-instant", (struct str){0});
    return start;
}

/* -1: anyone */
static int read_therapist(const struct practice *practice, struct json_object *root)
{
    struct str key = json_get_str(root, "therapist", JSON_OPTIONAL, LIMIT_SLUG_CHARS);
    if (!json_has(root, "therapist")) return -1;
    int therapist = practice_therapist(practice, key);
    if (therapist < 0) json_problem(root, "therapist", "unknown-therapist", (struct str){0});
    return therapist;
}

void api_read_time(
    const struct practice *practice, struct json_object *root, struct booking_request *ret_request)
{
    struct str key = json_get_str(root, "service", JSON_REQUIRED, LIMIT_SLUG_CHARS);
    const struct service *service = practice_service(practice, key);
    if (key.len && !service) json_problem(root, "service", "unknown-service", (struct str){0});
    *ret_request = (struct booking_request){
        .service = service,
        .start = read_start(root),
        .therapist = read_therapist(practice, root),
    };
}

static void read_client(struct json_object *root, struct client_details *ret_details)
{
    struct problems *problems = root->problems;
    const struct json *value = json_get_object(root, "client", JSON_REQUIRED);
    struct json_object client;
    if (!value || !json_enter(value, STR("client"), problems, &client)) return;
    struct client_details details = {
        .name = json_get_str(&client, "name", JSON_REQUIRED, LIMIT_NAME_CHARS),
        .email = json_get_str(&client, "email", JSON_REQUIRED, LIMIT_EMAIL_CHARS),
        .phone = json_get_str(&client, "phone", JSON_OPTIONAL, LIMIT_PHONE_CHARS),
    };
    json_leave(&client);
    client_check(&details, STR("client."), problems);
    *ret_details = details;
}

void api_read_booking(
    const struct practice *practice, struct json_object *root, struct booking_request *ret_request)
{
    struct booking_request request;
    api_read_time(practice, root, &request);
    request.hold = json_get_str(root, "hold", JSON_OPTIONAL, TOKEN_CHARS_MAX);
    read_client(root, &request.client);
    request.note = str_trim(json_get_str(root, "note", JSON_OPTIONAL, LIMIT_NOTE_CHARS));
    *ret_request = request;
}

void api_read_move(
    const struct practice *practice, struct json_object *root, struct booking_move *ret_move)
{
    *ret_move = (struct booking_move){
        .start = read_start(root),
        .therapist = read_therapist(practice, root),
    };
}

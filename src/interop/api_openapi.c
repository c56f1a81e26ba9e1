/* The API's description, compiled in from openapi.json. */
#include "interop/api_internal.h"

#include "openapi_json.h"

#include "base/banned.h"

struct result api_openapi(struct call *call)
{
    api_send(call, 200, STR(""), STR("public, max-age=300"));
    call->resp->body = (struct str){openapi_json, sizeof openapi_json - 1};
    return RESULT_OK;
}

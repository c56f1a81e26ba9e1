/* Server-sent events: streams that stay open, and a hub that sends an event to all of a topic.
 * Topics are small integers (a practice's id). Thread-safe. A slow reader whose backlog passes
 * 64 kB gets no more and is closed; browsers reconnect by themselves. A comment line is sent at the
 * start and every 20 s, to keep proxies awake. At most LIMIT_STREAMS streams. A stream costs its
 * backlog (512 bytes when idle) and a suspended connection; publishing copies and never waits. */
#ifndef BALM_HTTP_STREAM_H
#define BALM_HTTP_STREAM_H

#include "http/http.h"

struct http_hub;

struct result MUST_CHECK http_hub_new(struct http_hub **ret_hub);
/* Ends all streams. Call before http_server_stop. */
void http_hub_close(struct http_hub *hub);
void http_hub_free(struct http_hub *hub);

/* Makes the response a stream of the topic: 200 text/event-stream. ERR_BUSY: there are too many. */
struct result MUST_CHECK http_hub_subscribe(
    struct http_hub *hub, int64_t topic, struct http_resp *resp);

/* Sends `event: name\ndata: data` (data: one line) to all streams of the topic. */
void http_hub_publish(struct http_hub *hub, int64_t topic, struct str name, struct str data);

#endif

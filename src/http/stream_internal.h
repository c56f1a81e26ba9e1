/* What the server needs of a stream. Only for http/. */
#ifndef BALM_HTTP_STREAM_INTERNAL_H
#define BALM_HTTP_STREAM_INTERNAL_H

#include "http/stream.h"

#include <sys/types.h>

struct MHD_Connection;

/* A character that may stand in a header's name (RFC 9110 §5.6.2). */
bool http_is_token_char(char c);

/* Gives up a stream that no client has been connected to, or whose client is gone. */
void http_stream_release(struct http_stream *stream);

/* Ties the stream to its connection; from now on it may be suspended and resumed. */
void http_stream_attach(struct http_stream *stream, struct MHD_Connection *connection);

/* A content reader of libmicrohttpd: fills the buffer, or suspends the connection and says 0. */
ssize_t http_stream_read(void *stream, uint64_t position, char *buffer, size_t size);

/* No more events: its connection wakes up and ends. */
void http_stream_end(struct http_stream *stream);

#endif

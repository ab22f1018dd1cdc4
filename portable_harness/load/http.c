/* HTTP/1.1 out and in: this file takes the place of lines.c in the program `http`.
 *
 * The request is given as it is to be sent, byte by byte.  An answer must have the status 200 and a
 * body of the length that the first answer had (its bytes may differ: a date, a token).  A
 * connection has one request on its way at most, since servers need not do better with several
 * (RFC 9112, 9.3.2): at a fixed rate a request that is due waits for the answer before it, and that
 * waiting is part of its latency.
 */
#include "load.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum { LINE = 256, TOGETHER = 262144 };
typedef enum { STATUS, HEADER, BODY, TO_THE_END, SIZE, CHUNK, AFTER_CHUNK, TRAILER, DONE } Phase;

/* What is known of the answer that is coming in.  Of a longer line its beginning is kept. */
typedef struct {
    Phase phase;
    int status, chunked, has_length, closes;
    uint64_t left, size; /* bytes of the body or the chunk to come, and of the body so far */
    size_t used;
    char line[LINE];
} Reply;

static Reply *replies;
static size_t request_size;
static int64_t first_size = -1;

void protocol_begin(void) {
    request_size = strlen(options.request);
    if (!request_size) fail("there is no request");
    if (options.pipeline != 1) fail("a connection has one request on its way");
    replies = calloc((size_t)options.connections, sizeof *replies);
    if (!replies) fail("no memory for %d connections", options.connections);
}

void flush(Connection *c) {
    while (c->sent < c->target && c->sent == c->received) {
        if (!c->sent_part) memset(&replies[c->number], 0, sizeof(Reply));
        size_t due = request_size - c->sent_part;
        ssize_t n = send(c->fd, options.request + c->sent_part, due, MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) n = 0;
        if (n < 0) fail("the server closed a connection: %s", strerror(errno));
        c->sent_part += (uint32_t)n;
        if ((size_t)n < due) {
            watch_out(c, 1);
            return;
        }
        c->sent++;
        c->sent_part = 0;
    }
    watch_out(c, 0);
}

/* --- an answer, line by line */
static void take_status(const Connection *c, Reply *r) {
    if (strncmp(r->line, "HTTP/1.", 7) || strlen(r->line) < 12)
        fail("connection %d, answer %u is not HTTP/1.1: %.60s", c->number, c->received, r->line);
    r->status = atoi(r->line + 9);
    r->closes = r->line[7] == '0';
    r->phase = HEADER;
}

static int is_named(const char *line, const char *name, const char **value) {
    size_t size = strlen(name);
    if (strncasecmp(line, name, size)) return 0;
    *value = line + size + strspn(line + size, " \t");
    return 1;
}

static uint64_t number(const Connection *c, const char *text, int base) {
    char *end;
    uint64_t found = strtoull(text, &end, base);
    if (end == text) fail("connection %d, answer %u: %.40s is not a length", c->number,
                          c->received, text);
    return found;
}

static void take_header(const Connection *c, Reply *r) {
    const char *value;
    if (is_named(r->line, "content-length:", &value)) {
        r->left = number(c, value, 10);
        r->has_length = 1;
    } else if (is_named(r->line, "transfer-encoding:", &value)) {
        r->chunked = !strncasecmp(value, "chunked", 7);
    } else if (is_named(r->line, "connection:", &value)) {
        r->closes = !strncasecmp(value, "close", 5);
    }
}

static void end_header(const Connection *c, Reply *r) {
    if (r->status / 100 == 1) { /* the answer itself follows */
        memset(r, 0, sizeof *r);
        return;
    }
    if (r->status != 200)
        fail("connection %d, answer %u: status %d where 200 was expected", c->number, c->received,
             r->status);
    if (r->chunked) r->phase = SIZE;
    else if (r->has_length) r->phase = r->left ? BODY : DONE;
    else r->phase = TO_THE_END;
}

static void take_line(const Connection *c, Reply *r) {
    switch (r->phase) {
    case STATUS: take_status(c, r); return;
    case HEADER: if (r->used) take_header(c, r); else end_header(c, r); return;
    case SIZE:
        r->left = number(c, r->line, 16);
        r->phase = r->left ? CHUNK : TRAILER;
        return;
    case AFTER_CHUNK: r->phase = SIZE; return;
    default: if (!r->used) r->phase = DONE; /* TRAILER */
    }
}

/* Take bytes of a line, to its end at most; how many. */
static size_t eat_line(const Connection *c, Reply *r, const char *at, size_t size) {
    const char *end = memchr(at, '\n', size);
    size_t taken = end ? (size_t)(end - at) + 1 : size, kept = end ? taken - 1 : taken;
    if (kept > LINE - 1 - r->used) kept = LINE - 1 - r->used;
    memcpy(r->line + r->used, at, kept);
    r->used += kept;
    if (end) {
        if (r->used && r->line[r->used - 1] == '\r') r->used--;
        r->line[r->used] = 0;
        take_line(c, r);
        r->used = 0;
    }
    return taken;
}

static size_t eat_body(Reply *r, size_t size) {
    if (r->phase != TO_THE_END && size > r->left) size = (size_t)r->left;
    r->size += size;
    if (r->phase == TO_THE_END) return size;
    r->left -= size;
    if (!r->left) r->phase = r->phase == BODY ? DONE : AFTER_CHUNK;
    return size;
}

static void finished(Connection *c, const Reply *r) {
    if (first_size < 0) first_size = (int64_t)r->size;
    if ((int64_t)r->size != first_size)
        fail("connection %d, answer %u: a body of %llu bytes where the first had %lld", c->number,
             c->received, (unsigned long long)r->size, (long long)first_size);
    if (r->closes && options.mode != CHURN)
        fail("the server closes a connection after each answer: measure it with --close");
    c->received++;
    answers++;
    last_answer = now_ns();
    answered(c, 1, last_answer); /* may close it, and open it again */
    if (options.mode == RATE && c->state == TALKING) flush(c);
}

void readable(Connection *c) {
    static char in[TOGETHER];
    Reply *r = &replies[c->number];
    ssize_t n = recv(c->fd, in, sizeof in, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n < 0) fail("the server closed a connection: %s", strerror(errno));
    if (n > 0 && c->received == c->sent) fail("connection %d: more came than was asked", c->number);
    if (n == 0 && r->phase != TO_THE_END)
        fail("the server closed a connection after %u answers", c->received);
    if (n == 0) r->phase = DONE;
    for (size_t at = 0, size = (size_t)n; at < size;) {
        if (r->phase == DONE) fail("connection %d: more came than was asked", c->number);
        int in_body = r->phase == BODY || r->phase == TO_THE_END || r->phase == CHUNK;
        at += in_body ? eat_body(r, size - at) : eat_line(c, r, in + at, size - at);
    }
    if (r->phase == DONE) finished(c, r);
}

/* Lines out and in: made from their numbers, and compared byte by byte when they come back.
 *
 * PREFIX NNNNNNNN CCCCCC xxxx... LF, where N is the number of the line and C that of the connection
 * (hexadecimal, nothing between them): a line lost, twice, out of order, torn or of another
 * connection is another line than the one that is due.
 */
#include "load.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { NUMBER = 8, OWNER = 6, TOGETHER = 262144 };

static char *model; /* one line; its numbers are written for each use */
static char *out;   /* lines that are sent at once */
static size_t prefix, out_lines;

static void write_hex(char *at, uint32_t value, int digits) {
    static const char hex[] = "0123456789abcdef";
    while (digits--) {
        at[digits] = hex[value & 15];
        value >>= 4;
    }
}

static void number_line(char *line, const Connection *c, uint32_t number) {
    write_hex(line + prefix, number, NUMBER);
    write_hex(line + prefix + NUMBER, (uint32_t)c->number, OWNER);
}

void protocol_begin(void) {
    size_t size = (size_t)options.line;
    prefix = strlen(options.prefix);
    if (size < prefix + NUMBER + OWNER + 1)
        fail("a line needs at least %zu bytes", prefix + NUMBER + OWNER + 1);
    out_lines = size > TOGETHER ? 1 : TOGETHER / size;
    model = malloc(size);
    out = malloc(out_lines * size);
    if (!model || !out) fail("no memory for a line");
    memset(model, 'x', size);
    memcpy(model, options.prefix, prefix);
    model[size - 1] = '\n';
    for (size_t i = 0; i < out_lines; i++) memcpy(out + i * size, model, size);
}

/* Send lines until the target is reached or the socket takes no more. */
void flush(Connection *c) {
    size_t size = (size_t)options.line;
    while (c->sent < c->target) {
        size_t lines = c->target - c->sent;
        if (lines > out_lines) lines = out_lines;
        for (size_t i = 0; i < lines; i++) number_line(out + i * size, c, c->sent + (uint32_t)i);
        size_t due = lines * size - c->sent_part;
        ssize_t n = send(c->fd, out + c->sent_part, due, MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) n = 0;
        if (n < 0) fail("the server closed a connection: %s", strerror(errno));
        size_t done = c->sent_part + (size_t)n;
        c->sent += (uint32_t)(done / size);
        c->sent_part = (uint32_t)(done % size);
        if ((size_t)n < due) {
            watch_out(c, 1);
            return;
        }
    }
    watch_out(c, 0);
}

static void wrong(const Connection *c, const char *came, const char *due, size_t n) {
    size_t i = 0;
    while (i < n && came[i] == due[i]) i++;
    fail("connection %d, line %u: byte %zu is 0x%02x where 0x%02x was due", c->number, c->received,
         c->received_part + i, (unsigned char)came[i], (unsigned char)due[i]);
}

void readable(Connection *c) {
    static char in[TOGETHER];
    ssize_t n = recv(c->fd, in, sizeof in, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n < 0) fail("the server closed a connection: %s", strerror(errno));
    if (n == 0) fail("the server closed a connection after %u lines", c->received);
    uint64_t now = now_ns();
    uint32_t before = c->received;
    for (char *at = in, *end = in + n; at < end;) {
        size_t rest = (size_t)options.line - c->received_part, here = (size_t)(end - at);
        if (here > rest) here = rest;
        if (c->received == c->target) fail("connection %d: more came than was sent", c->number);
        number_line(model, c, c->received);
        if (memcmp(at, model + c->received_part, here))
            wrong(c, at, model + c->received_part, here);
        at += here;
        c->received_part += (uint32_t)here;
        if (here == rest) {
            c->received++;
            c->received_part = 0;
        }
    }
    if (c->received == before) return;
    answers += c->received - before;
    last_answer = now;
    answered(c, c->received - before, now);
}

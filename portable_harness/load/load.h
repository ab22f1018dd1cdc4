/* What the files of the load generator share.  load.c says what it is and how it is told. */
#ifndef LOAD_H
#define LOAD_H
#define _GNU_SOURCE
#include <stdint.h>
#include <stddef.h>
#include "control.h"
#include "histogram.h"

typedef enum { UNUSED, CONNECTING, GREETING, TALKING } State;

/* One client.  A line is never kept: it is made again from its number, to send it or to compare
 * what came.  So ten thousand of these are nothing. */
typedef struct {
    int fd, number, wants_out;
    State state;
    uint32_t target, sent, received;   /* lines: to be sent, sent, verified */
    uint32_t sent_part, received_part; /* bytes of the line after those */
    uint64_t since;                    /* when the lines on their way were sent; churn: connect */
} Connection;

typedef enum { CLOSED, RATE, CHURN, IDLE } Mode;
typedef struct {
    const char *host, *port, *prefix, *request;
    Mode mode;
    int connections, pipeline, line, wait, together;
    double rate, warmup, seconds, interval, patience;
} Options;

extern Options options;
extern Connection *all;
extern int served;           /* connections that had their first line back */
extern int loading, measuring;
extern uint64_t answers;     /* verified lines since the start */
extern uint64_t last_answer; /* when the last came */

void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* lines.c, or http.c in its place */
void protocol_begin(void);
void flush(Connection *c);
void readable(Connection *c);

/* connections.c */
void connections_begin(void);
void open_connection(Connection *c);
void close_connection(Connection *c);
void watch_out(Connection *c, int wanted);
int turn(int milliseconds);
void timer_at(uint64_t when);

/* workloads.c: what happens when lines came back */
void answered(Connection *c, uint32_t lines, uint64_t now);
void start_load(void);
void tick(uint64_t now);
void end_load(uint64_t now);
extern uint64_t lateness_sum, lateness_count;
#endif

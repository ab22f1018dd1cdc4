/* The kinds of load: what is sent when, and what counts as one request. */
#include "load.h"

static uint64_t schedule;  /* RATE: when the first request was due */
static uint64_t scheduled; /* RATE: requests whose time has come */
uint64_t lateness_sum, lateness_count;

/* RATE: when the request with that number (of all connections together) is to be sent. */
static uint64_t due(uint64_t number) {
    return schedule + (uint64_t)((double)number * 1e9 / options.rate);
}

/* The number of a line among all: each connection takes its turn.  Line 0 was the greeting. */
static uint64_t number_of(const Connection *c, uint32_t line) {
    return (uint64_t)(line - 1) * (uint64_t)options.connections + (uint64_t)c->number;
}

static void next_batch(Connection *c, uint64_t now) {
    c->target += (uint32_t)options.pipeline;
    c->since = now;
    flush(c);
}

void answered(Connection *c, uint32_t lines, uint64_t now) {
    if (c->state == GREETING) {
        c->state = TALKING;
        served++;
        if (options.mode != CHURN) return;
    }
    switch (options.mode) {
    case CLOSED:
        if (measuring) note(now - c->since, lines);
        if (c->received == c->target) next_batch(c, now);
        return;
    case IDLE:
        if (measuring) note(now - c->since, lines);
        return;
    case RATE:
        for (uint32_t line = c->received - lines; measuring && line < c->received; line++)
            note(now - due(number_of(c, line)), 1);
        return;
    case CHURN:
        if (measuring) note(now - c->since, 1);
        close_connection(c);
        if (loading) open_connection(c);
    }
}

/* All connections are served: begin. */
void start_load(void) {
    uint64_t now = now_ns();
    loading = 1;
    schedule = now + 1000000;
    if (options.mode == CHURN)
        for (int i = 0; i < options.connections; i++) open_connection(&all[i]);
    if (options.mode == CLOSED || options.mode == IDLE)
        for (int i = 0; i < options.connections; i++) next_batch(&all[i], now);
}

/* Called after each turn: what is due by now? */
void tick(uint64_t now) {
    if (options.mode != RATE) return;
    while (due(scheduled) <= now) {
        Connection *c = &all[scheduled % (uint64_t)options.connections];
        c->target++;
        if (measuring) {
            lateness_sum += now - due(scheduled);
            lateness_count++;
        }
        scheduled++;
        if (!c->wants_out) flush(c);
    }
    timer_at(due(scheduled));
}

/* RATE: what has no answer at the end has waited so long at least; a stall at the end shows. */
void end_load(uint64_t now) {
    if (options.mode != RATE) return;
    for (int i = 0; i < options.connections; i++)
        for (uint32_t line = all[i].received; line < all[i].target; line++)
            note(now - due(number_of(&all[i], line)), 1);
}

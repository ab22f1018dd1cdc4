/* What both generators know: the time, what they have used, and what their controller says. */
#include "control.h"
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static int command_waits, input_ended;

uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

double cpu_seconds(void) {
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
           (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

double since(uint64_t when) { return (double)(now_ns() - when) / 1e9; }

void read_command(void) {
    char text[64];
    ssize_t n = read(STDIN_FILENO, text, sizeof text);
    if (n <= 0) input_ended = 1;
    else command_waits = 1;
}

int commanded(void) {
    if (input_ended) exit(0); /* the controller has gone, or needs no more */
    int was = command_waits;
    command_waits = 0;
    return was;
}

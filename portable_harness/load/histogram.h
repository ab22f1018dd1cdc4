/* Latencies in logarithmic buckets; histogram.c says how. */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H
#include <stdint.h>

void note(uint64_t nanoseconds, uint64_t times);
void forget(void);
void print_histogram(void);
#endif

/* Latencies in logarithmic buckets: 64 to each power of two of nanoseconds, so 1.6% wide at most
 * (the idea of HdrHistogram).  Whole histograms are handed over, so that those of several
 * generators can be added up. */
#include "histogram.h"
#include <stdio.h>
#include <string.h>

enum { PER_POWER = 64, BUCKETS = PER_POWER * 59 };

static uint64_t counts[BUCKETS], total, sum, most;

static int bucket(uint64_t v) {
    if (v < PER_POWER) return (int)v;
    int power = 63 - __builtin_clzll(v); /* at least 6 */
    return (power - 5) * PER_POWER + (int)((v >> (power - 6)) & (PER_POWER - 1));
}

void note(uint64_t nanoseconds, uint64_t times) {
    counts[bucket(nanoseconds)] += times;
    total += times;
    sum += nanoseconds * times;
    if (nanoseconds > most) most = nanoseconds;
}

void forget(void) {
    memset(counts, 0, sizeof counts);
    total = sum = most = 0;
}

void print_histogram(void) {
    const char *comma = "";
    printf("\"histogram\": {\"total\": %llu, \"sum\": %.9f, \"max\": %.9f, \"counts\": [",
           (unsigned long long)total, (double)sum / 1e9, (double)most / 1e9);
    for (int i = 0; i < BUCKETS; i++)
        if (counts[i]) {
            printf("%s[%d, %llu]", comma, i, (unsigned long long)counts[i]);
            comma = ", ";
        }
    printf("]}");
}

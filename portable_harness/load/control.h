/* Time, processor time and commands; control.c. */
#ifndef CONTROL_H
#define CONTROL_H
#include <stdint.h>

uint64_t now_ns(void);
double since(uint64_t when); /* seconds */
double cpu_seconds(void);    /* of this process */
void read_command(void);     /* standard input is readable */
int commanded(void);         /* a line on standard input: 1; its end: exits */
#endif

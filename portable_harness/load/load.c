/* Load generator for servers that send each line back: echo, and work; with http.c for lines.c, one
 * for HTTP servers, where a request and its answer are what a line is here.
 *
 *   load host=127.0.0.1 port=7007 mode=closed connections=10 pipeline=1 line=64 seconds=2 ...
 *
 * mode=closed  each connection sends `pipeline` lines, waits until all are back, sends the next
 * mode=rate    `rate` lines a second in all, at times fixed beforehand, answered or not; latency
 *              counts from the time that was fixed, so that a stall cannot hide itself
 * mode=churn   connect, one line there and back, close; as fast as `connections` at once can
 * mode=idle    connect all and hold them; then each sends `pipeline` lines at one moment
 *
 * It reports in lines of JSON: connected, measuring, interval, report, error.  With wait=1 it goes
 * on after `connected` when a line comes on standard input, and ends when that ends: nobody's
 * generator remains.  One process, one epoll loop; every byte that comes back is compared.
 */
#include "load.h"
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Options options = {
    .host = "127.0.0.1", .port = "", .prefix = "", .request = "",
    .mode = CLOSED, .connections = 1,
    .pipeline = 1, .line = 64, .together = 64, .rate = 1000, .warmup = 0.1, .seconds = 1,
    .interval = 0, .patience = 10,
};
Connection *all;
int served, loading, measuring;
uint64_t answers, last_answer;

static void print_text(const char *text) {
    putchar('"');
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') putchar('\\');
        if (c >= ' ') putchar(c);
    }
    putchar('"');
}

void fail(const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    printf("{\"event\": \"error\", \"message\": ");
    print_text(text);
    printf(", \"answers\": %llu}\n", (unsigned long long)answers);
    fflush(stdout);
    exit(1);
}

/* --- options */
static double positive(const char *key, const char *value) {
    char *end;
    double number = strtod(value, &end);
    if (*end || end == value || !(number >= 0) || number > 1e9)
        fail("%s=%s is not a number", key, value);
    return number;
}

static Mode mode_named(const char *name) {
    static const char *names[] = {"closed", "rate", "churn", "idle"};
    for (int i = 0; i < 4; i++) if (!strcmp(name, names[i])) return (Mode)i;
    fail("mode=%s is not known", name);
}

static void set(const char *key, const char *value) {
    struct { const char *key; int *place; } whole[] = {
        {"connections", &options.connections}, {"pipeline", &options.pipeline},
        {"line", &options.line}, {"wait", &options.wait}, {"together", &options.together}};
    struct { const char *key; double *place; } real[] = {
        {"rate", &options.rate}, {"warmup", &options.warmup}, {"seconds", &options.seconds},
        {"interval", &options.interval}, {"patience", &options.patience}};
    struct { const char *key, **place; } text[] = {
        {"host", &options.host}, {"port", &options.port}, {"prefix", &options.prefix},
        {"request", &options.request}};
    if (!strcmp(key, "mode")) { options.mode = mode_named(value); return; }
    for (int i = 0; i < 5; i++)
        if (!strcmp(key, whole[i].key)) { *whole[i].place = (int)positive(key, value); return; }
    for (int i = 0; i < 5; i++)
        if (!strcmp(key, real[i].key)) { *real[i].place = positive(key, value); return; }
    for (int i = 0; i < 4; i++)
        if (!strcmp(key, text[i].key)) { *text[i].place = value; return; }
    fail("there is no option %s", key);
}

static void read_options(int count, char **words) {
    for (int i = 1; i < count; i++) {
        char *value = strchr(words[i], '=');
        if (!value) fail("%s is not KEY=VALUE", words[i]);
        *value = 0;
        set(words[i], value + 1);
    }
    if (options.connections < 1 || options.pipeline < 1 || options.together < 1 ||
        options.rate <= 0 || options.connections > 0xffffff)
        fail("impossible options");
}

/* --- phases */
/* Patience is for answers: a server that has been asked and says nothing for so long has failed. */
static void check_patience(int busy) {
    if (busy && since(last_answer) > options.patience)
        fail("no answer for %g s (%d of %d connections are served)", options.patience, served,
             options.connections);
}

static void connect_all(void) {
    uint64_t begin = last_answer = now_ns();
    int opened = 0, wanted = options.mode == CHURN ? 1 : options.connections;
    while (served < wanted) {
        while (opened < wanted && opened - served < options.together)
            open_connection(&all[opened++]);
        turn(100);
        check_patience(1);
        if (commanded()) fail("told to go on before all were connected");
    }
    printf("{\"event\": \"connected\", \"connections\": %d, \"seconds\": %.6f}\n", served,
           since(begin));
    fflush(stdout);
}

static void wait_for_command(void) {
    while (options.wait && !commanded()) turn(-1);
}

static void show_interval(uint64_t begin, uint64_t before) {
    printf("{\"event\": \"interval\", \"requests\": %llu, \"seconds\": %.6f}\n",
           (unsigned long long)(answers - before), since(begin));
    fflush(stdout);
}

static int idle_is_over(void) {
    if (options.mode != IDLE) return 0;
    for (int i = 0; i < options.connections; i++)
        if (all[i].received < all[i].target) return 0;
    return 1;
}

/* Go on for some seconds; a command from the controller ends them early. */
static void load_for(double seconds) {
    uint64_t end = now_ns() + (uint64_t)(seconds * 1e9), part = now_ns(), before = answers, now;
    while ((now = now_ns()) < end && !commanded()) {
        tick(now);
        turn(10);
        check_patience(1);
        if (measuring && options.interval > 0 && since(part) >= options.interval) {
            show_interval(part, before);
            part = now_ns();
            before = answers;
        }
        if (idle_is_over()) return;
    }
}

static void measure(void) {
    uint64_t begin = now_ns(), before = answers;
    double cpu = cpu_seconds();
    last_answer = begin;
    measuring = 1;
    forget();
    printf("{\"event\": \"measuring\"}\n");
    fflush(stdout);
    if (options.mode == IDLE) start_load();
    load_for(options.mode == IDLE ? 3600 : options.seconds);
    uint64_t now = options.mode == IDLE ? last_answer : now_ns(), requests = answers - before;
    cpu = cpu_seconds() - cpu;
    end_load(now);
    printf("{\"event\": \"report\", \"requests\": %llu, \"seconds\": %.9f, \"cpu_seconds\": %.6f, "
           "\"lateness\": %.9f, ",
           (unsigned long long)requests, (double)(now - begin) / 1e9, cpu,
           lateness_count ? (double)lateness_sum / (double)lateness_count / 1e9 : 0);
    print_histogram();
    printf("}\n");
    fflush(stdout);
}

int main(int count, char **words) {
    signal(SIGPIPE, SIG_DFL); /* nobody reads our report: end */
    read_options(count, words);
    protocol_begin();
    connections_begin();
    connect_all();
    wait_for_command();
    if (options.mode != IDLE) {
        start_load();
        load_for(options.warmup);
    }
    measure();
    /* Nothing more is read or sent, and nothing closed, until the server has been looked at. */
    while (options.wait && getchar() != EOF) continue;
    return 0;
}

/* Load generator and verifier for Budget Chat servers: one epoll loop, reports in lines of JSON.
 *
 *   chat host=127.0.0.1 port=7007 mode=saturate connections=100 senders=10 amount=32 seconds=2 ...
 *
 * mode=saturate  each sender keeps `amount` of its lines on their way (a line has arrived when every
 *                member has it); so the server is never idle and never owes without bound.
 * mode=rate      `amount` lines a second in all, at times fixed in advance; a line's latency counts
 *                from the time it should have been sent, so that a stall is not hidden by waiting.
 * `dead` members more join and never read.  `churn` connections join and leave, `joins` times a
 * second in all (0: as fast as they can).
 *
 * It is told, and tells, what load.c is and does: connected, measuring, interval, report, error;
 * wait=1.  A request is a line that reached a member.  Every one is verified: length, sender, the
 * sender's sequence (nothing lost, twice or out of order for each receiver), and the filler byte by
 * byte.  A line has `line` bytes (at least 32) without the name and the end of line.
 */
#define _GNU_SOURCE
#include "control.h"
#include "histogram.h"
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum {
    DIGITS = 10, STAMP = 19, NUMBER = 5, NAME = 1 + NUMBER + 1 + 6, HEAD = NAME + 3, LONGEST = 4096,
    READ = 262144, TOGETHER = 64, OUT = 1 << 20, SPARE_DESCRIPTORS = 16, JOIN_PATIENCE = 60 /* seconds */
};
typedef enum { FREE, GREETING, LISTING, MEMBER, DEAD_ONE } State;
typedef struct {
    int fd, number, churns, writing;
    State state;
    char *rest; size_t rest_len, rest_cap; /* a partial line */
    char *out; size_t out_len, out_start;
    uint32_t next, oldest;                 /* sender: next sequence, oldest not yet arrived */
    uint32_t *arrived;                     /* sender: members that have it, by sequence % window */
} Peer;

static const char *host = "127.0.0.1", *port = "", *mode = "saturate";
static double members = 10, senders = 10, amount = 32, dead, churn, join_rate, line = 64;
static double warmup = 0.1, seconds = 1, every, patience = 10, wait;
static struct addrinfo *server;
static int saturate, ep, timer;
static Peer *peers; static int peer_count, joining, joined, joined_members, started;
static uint32_t *last_seen; /* [receiver * senders + sender] */
static uint64_t deliveries, sent, notices, cycles, longest_gap, last_delivery, lateness;
static uint64_t schedule_start, scheduled, churn_names, churn_opened;
static char filler[LONGEST];
static int text, window; /* bytes of a line, without name and end of line; amount as a whole */

static void die(const char *why, const char *detail) {
    printf("{\"event\": \"error\", \"message\": \"%s%s\"}\n", why, detail);
    fflush(stdout);
    exit(1);
}

/* --- output */
static void watch(Peer *p, int writing) {
    if (p->writing == writing) return;
    struct epoll_event e = {.events = EPOLLIN | (writing ? EPOLLOUT : 0), .data.ptr = p};
    epoll_ctl(ep, EPOLL_CTL_MOD, p->fd, &e);
    p->writing = writing;
}
static void gone(Peer *p);
static void flush(Peer *p) {
    while (p->out_start < p->out_len) {
        ssize_t n = send(p->fd, p->out + p->out_start, p->out_len - p->out_start, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN) { watch(p, 1); return; }
        if (n < 0) { gone(p); return; }
        p->out_start += n;
    }
    p->out_start = p->out_len = 0;
    watch(p, 0);
}
static void queue_line(Peer *p, uint64_t stamp) {
    char *at = p->out + p->out_len;
    at += sprintf(at, "%0*u %0*llu ", DIGITS, ++p->next, STAMP, (unsigned long long)stamp);
    memcpy(at, filler, text - DIGITS - STAMP - 2);
    at[text - DIGITS - STAMP - 2] = '\n';
    p->out_len += text + 1;
    sent++;
}
static void top_up(Peer *p, uint64_t now) {
    int before = p->out_len;
    while (p->next - p->oldest < (uint32_t)window && p->out_len + text + 1 < OUT) {
        p->arrived[(p->next + 1) % (uint32_t)window] = 0;
        queue_line(p, now);
    }
    if ((int)p->out_len > before) flush(p);
}
static void send_scheduled(uint64_t now) {
    uint64_t due;
    while ((due = schedule_start + (uint64_t)(scheduled * 1e9 / amount)) <= now) {
        Peer *p = &peers[scheduled % (uint64_t)senders];
        if (p->out_len + text + 1 > OUT) break; /* tried again; the stamp stays the due time */
        queue_line(p, due);
        lateness += now - due;
        scheduled++;
        if (p->out_len == (size_t)text + 1 + p->out_start) flush(p);
    }
    for (int i = 0; i < senders; i++) if (peers[i].out_len && !peers[i].writing) flush(&peers[i]);
    struct itimerspec t = {.it_value = {due / 1000000000ull, due % 1000000000ull}};
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &t, NULL);
}

/* --- connections */
static void open_peer(Peer *p) {
    int one = 1;
    p->fd = socket(server->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (p->fd < 0 || connect(p->fd, server->ai_addr, server->ai_addrlen))
        die("cannot connect: ", strerror(errno));
    setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    p->state = GREETING;
    p->writing = 0;
    p->rest_len = 0;
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = p};
    epoll_ctl(ep, EPOLL_CTL_ADD, p->fd, &e);
    joining++;
}
static void gone(Peer *p) {
    if (p->state == GREETING || p->state == LISTING) joining--;
    epoll_ctl(ep, EPOLL_CTL_DEL, p->fd, NULL);
    close(p->fd);
    p->fd = -1;
    p->state = FREE;
    if (p->number < members && !p->churns) die("a member was cut off", "");
}
static void say_name(Peer *p) {
    /* The members of a generator before this one may not all have left: the names are others. */
    unsigned process = (unsigned)getpid() & 0xffffff;
    char name[64];
    int n;
    if (p->churns) n = sprintf(name, "c%llup%x\n", (unsigned long long)++churn_names, process);
    else n = sprintf(name, "m%0*dp%06x\n", NUMBER, p->number, process);
    if (send(p->fd, name, n, MSG_NOSIGNAL) != n) die("cannot send a name: ", strerror(errno));
    p->state = LISTING;
}
static void enter(Peer *p) {
    joining--;
    if (p->churns) {
        cycles++;
        epoll_ctl(ep, EPOLL_CTL_DEL, p->fd, NULL);
        close(p->fd);
        p->fd = -1;
        p->state = FREE;
        if (!join_rate) open_peer(p);
        return;
    }
    joined++;
    if (p->number < members) {
        p->state = MEMBER;
        joined_members++;
        return;
    }
    p->state = DEAD_ONE;
    epoll_ctl(ep, EPOLL_CTL_DEL, p->fd, NULL);
}

/* --- input */
static uint64_t number(const char *at, int digits) {
    uint64_t v = 0;
    for (int i = 0; i < digits; i++) v = v * 10 + (uint64_t)(at[i] - '0');
    return v;
}
static void delivery(Peer *p, const char *line, size_t n, uint64_t now) {
    if (n != (size_t)HEAD + text || line[NAME + 1] != ']') die("a delivery of the wrong length", "");
    uint32_t from = number(line + 2, NUMBER), sequence = number(line + HEAD, DIGITS);
    uint64_t stamp = number(line + HEAD + DIGITS + 1, STAMP);
    if (from >= (uint32_t)senders || memcmp(line + HEAD + DIGITS + STAMP + 2, filler,
                                            text - DIGITS - STAMP - 2))
        die("a torn delivery", "");
    uint32_t *last = &last_seen[(size_t)p->number * (size_t)senders + from];
    if (sequence != *last + 1) die("a delivery lost, twice or out of order", "");
    *last = sequence;
    deliveries++;
    note(now > stamp ? now - stamp : 0, 1);
    if (!saturate) return;
    Peer *sender = &peers[from];
    sender->arrived[sequence % (uint32_t)window]++;
    while (sender->oldest < sender->next &&
           sender->arrived[(sender->oldest + 1) % (uint32_t)window] == (uint32_t)members - 1)
        sender->oldest++;
}
static void line_to(Peer *p, const char *line, size_t n, uint64_t now) {
    if (p->state == MEMBER) {
        if (n && line[0] == '[') delivery(p, line, n, now);
        else if (n && line[0] == '*') notices++;
        else die("a member got: ", n && line[0] == '!' ? "!" : "nonsense");
    } else if (p->state == GREETING) say_name(p);
    else if (p->state == LISTING) {
        if (n < 2 || line[0] != '*') die("a name was refused", "");
        enter(p);
    }
}
static void readable(Peer *p) {
    static char buffer[READ];
    int fd = p->fd;
    ssize_t n = recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) { gone(p); return; }
    uint64_t now = now_ns(), before = deliveries;
    char *at = buffer, *end = buffer + n, *stop;
    while ((stop = memchr(at, '\n', end - at))) {
        if (p->rest_len) {
            size_t k = stop - at, total = p->rest_len + k;
            if (total > p->rest_cap) p->rest = realloc(p->rest, p->rest_cap = total * 2);
            memcpy(p->rest + p->rest_len, at, k);
            p->rest_len = 0;
            line_to(p, p->rest, total, now);
        } else line_to(p, at, stop - at, now);
        at = stop + 1;
        if (p->fd != fd || p->state == DEAD_ONE || p->state == GREETING) return;
    }
    if (at < end) {
        size_t k = end - at;
        if (p->rest_len + k > p->rest_cap)
            p->rest = realloc(p->rest, p->rest_cap = (p->rest_len + k) * 2);
        memcpy(p->rest + p->rest_len, at, k);
        p->rest_len += k;
    }
    if (deliveries > before) {
        if (last_delivery && now - last_delivery > longest_gap) longest_gap = now - last_delivery;
        last_delivery = now;
    }
}

/* --- phases */
static void open_churners(uint64_t now) {
    for (int i = members + dead; i < peer_count; i++) {
        if (churn_opened > join_rate * (now - schedule_start) / 1e9) return;
        if (peers[i].fd < 0) { open_peer(&peers[i]); churn_opened++; }
    }
}
static void turn(int timeout) {
    static struct epoll_event ready[1024];
    int n = epoll_wait(ep, ready, 1024, timeout);
    for (int i = 0; i < n; i++) {
        Peer *p = ready[i].data.ptr;
        uint64_t ticks;
        if ((void *)p == &ep) read_command();
        else if ((void *)p == &timer) {
            if (read(timer, &ticks, sizeof ticks) < 0) continue;
        } else if (p->fd >= 0) {
            if (ready[i].events & EPOLLOUT) flush(p);
            if (p->fd >= 0 && ready[i].events & ~EPOLLOUT) readable(p);
        }
    }
    if (!started) return;
    uint64_t now = now_ns();
    if (join_rate) open_churners(now);
    if (saturate) for (int i = 0; i < senders; i++) top_up(&peers[i], now);
    else send_scheduled(now);
}
static void join_all(void) {
    uint64_t begin = now_ns(), last = begin;
    int next = 0, all = members + dead, before = 0;
    while (joined < all) {
        while (next < all && joining < TOGETHER) open_peer(&peers[next++]);
        turn(100);
        if (joined > before) { before = joined; last = now_ns(); }
        if (since(last) > JOIN_PATIENCE) die("no answer to a member that joins", "");
    }
    printf("{\"event\": \"connected\", \"connections\": %d, \"seconds\": %.6f, \"notices\": %llu}\n",
           joined, since(begin), (unsigned long long)notices);
    fflush(stdout);
}
static void run_for(double duration) {
    uint64_t begin = now_ns(), deadline = begin + (uint64_t)(duration * 1e9), part = begin;
    uint64_t before = deliveries;
    last_delivery = begin;
    while (now_ns() < deadline && !commanded()) {
        turn(10);
        if (since(last_delivery) > patience) die("no delivery for as long as patience says", "");
        if (every > 0 && since(part) >= every) {
            printf("{\"event\": \"interval\", \"requests\": %llu, \"seconds\": %.6f}\n",
                   (unsigned long long)(deliveries - before), since(part));
            fflush(stdout);
            part = now_ns();
            before = deliveries;
        }
    }
}
static void begin_load(void) {
    schedule_start = now_ns();
    if (!join_rate) for (int i = members + dead; i < peer_count; i++) open_peer(&peers[i]);
    started = 1;
}
static void measure(void) {
    printf("{\"event\": \"measuring\"}\n");
    fflush(stdout);
    uint64_t begin = now_ns(), sent_before = sent, cycles_before = cycles, notices_before = notices;
    double cpu_before = cpu_seconds();
    deliveries = longest_gap = lateness = 0;
    forget();
    run_for(seconds);
    double took = since(begin), used = cpu_seconds() - cpu_before;
    uint64_t gap = now_ns() - last_delivery;
    if (gap > longest_gap) longest_gap = gap;
    sent -= sent_before;
    printf("{\"event\": \"report\", \"requests\": %llu, \"seconds\": %.9f, \"cpu_seconds\": %.6f, "
           "\"lateness\": %.9f, \"sent\": %llu, \"longest_gap\": %.6f, \"joins\": %llu, "
           "\"notices\": %llu, ",
           (unsigned long long)deliveries, took, used,
           sent && !saturate ? (double)lateness / (double)sent / 1e9 : 0,
           (unsigned long long)sent, longest_gap / 1e9,
           (unsigned long long)(cycles - cycles_before),
           (unsigned long long)(notices - notices_before));
    print_histogram();
    printf("}\n");
    fflush(stdout);
}

/* --- options */
static double number_of(const char *key, const char *value) {
    char *end;
    double number = strtod(value, &end);
    if (*end || end == value || !(number >= 0) || number > 1e9) die(key, " is not a number");
    return number;
}
static void set(const char *key, const char *value) {
    struct { const char *key; double *place; } numbers[] = {
        {"connections", &members}, {"senders", &senders}, {"amount", &amount}, {"dead", &dead},
        {"churn", &churn}, {"joins", &join_rate}, {"line", &line}, {"warmup", &warmup},
        {"seconds", &seconds}, {"interval", &every}, {"patience", &patience}, {"wait", &wait}};
    struct { const char *key, **place; } texts[] = {
        {"host", &host}, {"port", &port}, {"mode", &mode}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!strcmp(key, numbers[i].key)) { *numbers[i].place = number_of(key, value); return; }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!strcmp(key, texts[i].key)) { *texts[i].place = value; return; }
    die("there is no option ", key);
}
static void read_options(int count, char **words) {
    for (int i = 1; i < count; i++) {
        char *value = strchr(words[i], '=');
        if (!value) die(words[i], " is not KEY=VALUE");
        *value = 0;
        set(words[i], value + 1);
    }
    saturate = !strcmp(mode, "saturate");
    text = (int)line;
    window = amount < 1 ? 1 : (int)amount;
    if ((!saturate && strcmp(mode, "rate")) || senders > members || members < 2 || senders < 1 ||
        amount <= 0 || text < 32 || text > LONGEST)
        die("impossible options", "");
}
static void prepare(void) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct rlimit limit;
    int problem = getaddrinfo(host, port, &hints, &server);
    if (problem) die("unknown host: ", gai_strerror(problem));
    peer_count = (int)(members + dead + churn);
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < (rlim_t)peer_count + SPARE_DESCRIPTORS) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    peers = calloc((size_t)peer_count, sizeof *peers);
    last_seen = calloc((size_t)members * (size_t)senders, sizeof *last_seen);
    memset(filler, 'x', sizeof filler);
    ep = epoll_create1(0);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct epoll_event ticks = {.events = EPOLLIN, .data.ptr = &timer};
    struct epoll_event words = {.events = EPOLLIN, .data.ptr = &ep};
    epoll_ctl(ep, EPOLL_CTL_ADD, timer, &ticks);
    if (wait) epoll_ctl(ep, EPOLL_CTL_ADD, STDIN_FILENO, &words);
    for (int i = 0; i < peer_count; i++) {
        peers[i].number = i;
        peers[i].fd = -1;
        peers[i].churns = i >= members + dead;
        if (i < senders) {
            peers[i].out = malloc(OUT);
            peers[i].arrived = calloc((size_t)window + 1, sizeof(uint32_t));
        }
    }
}

int main(int count, char **words) {
    signal(SIGPIPE, SIG_DFL); /* nobody reads our report: end */
    read_options(count, words);
    prepare();
    join_all();
    while (wait && !commanded()) turn(-1);
    begin_load();
    run_for(warmup);
    measure();
    /* Nothing more is read or sent, and nothing closed, until the server has been looked at. */
    while (wait && getchar() != EOF) continue;
    return 0;
}

/* Load generator and verifier for Budget Chat servers: one epoll loop, one report as JSON.
 *
 *   chat_load PORT MEMBERS SENDERS MODE AMOUNT WARMUP SECONDS DEAD CHURN JOINS TEXT
 *
 * MODE saturate: each sender keeps AMOUNT of its lines on their way (a line has arrived when every
 *                member has it); so the server is never idle and never owes without bound.
 * MODE rate:     AMOUNT lines/s in all, at times fixed in advance; a line's latency counts from
 *                the time it should have been sent, so that a stall is not hidden by waiting.
 * MODE hold:     all join, then only read until standard input ends.
 * DEAD members join and never read.  CHURN connections join and leave, JOINS times a second in all
 * (0: as fast as they can).
 *
 * Every delivery is verified: length, sender, the sender's sequence (nothing lost, twice or out of
 * order for each receiver), and the filler byte by byte.  A line has TEXT bytes (at least 32).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum {
    DIGITS = 10, STAMP = 19, NAME = 6, HEAD = NAME + 3, LONGEST = 4096,
    READ = 262144, TOGETHER = 64, OUT = 1 << 20, BUCKETS = 64 * 64
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

static int port, members, senders, saturate, hold, dead, churn, ep, timer;
static double amount, warmup, seconds, join_rate;
static Peer *peers; static int peer_count, joining, joined, joined_members, started;
static uint32_t *last_seen; /* [receiver * senders + sender] */
static uint64_t deliveries, sent, notices, cycles, cut_offs, histogram[BUCKETS], longest_gap, last_delivery;
static uint64_t schedule_start, scheduled, churn_names, churn_opened;
static char filler[LONGEST];
static int text; /* bytes of a line, without name and end of line */

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}
static void die(const char *why, const char *detail) {
    printf("{\"error\": \"%s%s\"}\n", why, detail);
    exit(1);
}

/* --- latency: 64 buckets to each power of two, about 1.5% wide */
static int bucket(uint64_t v) {
    if (v < 64) return v;
    int e = 63 - __builtin_clzll(v);
    return (e - 5) * 64 + (int)((v >> (e - 6)) & 63);
}
static double bucket_seconds(int b) {
    if (b < 64) return b / 1e9;
    int e = b / 64 + 5;
    return ((64.0 + b % 64 + 0.5) * (double)(1ull << (e - 6))) / 1e9;
}
static double quantile(double q) {
    uint64_t total = 0, so_far = 0;
    for (int i = 0; i < BUCKETS; i++) total += histogram[i];
    for (int i = 0; i < BUCKETS; i++)
        if ((so_far += histogram[i]) && so_far >= q * total) return bucket_seconds(i);
    return 0;
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
    while (p->next - p->oldest < (uint32_t)amount && p->out_len + text + 1 < OUT) {
        p->arrived[(p->next + 1) % (uint32_t)amount] = 0;
        queue_line(p, now);
    }
    if ((int)p->out_len > before) flush(p);
}
static void send_scheduled(uint64_t now) {
    uint64_t due;
    while ((due = schedule_start + (uint64_t)(scheduled * 1e9 / amount)) <= now) {
        Peer *p = &peers[scheduled % senders];
        if (p->out_len + text + 1 > OUT) break; /* tried again; the stamp stays the due time */
        queue_line(p, due);
        scheduled++;
        if (p->out_len == (size_t)text + 1 + p->out_start) flush(p);
    }
    for (int i = 0; i < senders; i++) if (peers[i].out_len && !peers[i].writing) flush(&peers[i]);
    struct itimerspec t = {.it_value = {due / 1000000000ull, due % 1000000000ull}};
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &t, NULL);
}

/* --- connections */
static void open_peer(Peer *p) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    p->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (p->fd < 0 || connect(p->fd, (void *)&a, sizeof a)) die("cannot connect: ", strerror(errno));
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
    if (p->state == MEMBER && !p->churns) cut_offs++;
    epoll_ctl(ep, EPOLL_CTL_DEL, p->fd, NULL);
    close(p->fd);
    p->fd = -1;
    p->state = FREE;
    if (p->number < members && !p->churns) die("a member was cut off", "");
}
static void say_name(Peer *p) {
    char name[32];
    int n;
    if (p->churns) n = sprintf(name, "c%llu\n", (unsigned long long)++churn_names);
    else n = sprintf(name, "m%05d\n", p->number);
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
    uint32_t from = number(line + 2, NAME - 1), sequence = number(line + HEAD, DIGITS);
    uint64_t stamp = number(line + HEAD + DIGITS + 1, STAMP);
    if (from >= (uint32_t)senders || memcmp(line + HEAD + DIGITS + STAMP + 2, filler,
                                            text - DIGITS - STAMP - 2))
        die("a torn delivery", "");
    uint32_t *last = &last_seen[(size_t)p->number * senders + from];
    if (sequence != *last + 1) die("a delivery lost, twice or out of order", "");
    *last = sequence;
    deliveries++;
    histogram[bucket(now > stamp ? now - stamp : 0)]++;
    if (!saturate) return;
    Peer *sender = &peers[from];
    uint32_t window = amount;
    sender->arrived[sequence % window]++;
    while (sender->oldest < sender->next &&
           sender->arrived[(sender->oldest + 1) % window] == (uint32_t)members - 1)
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
        if (!p) {
            uint64_t ticks;
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
    uint64_t deadline = now_ns() + 600000000000ull;
    int next = 0, all = members + dead;
    while (joined < all) {
        while (next < all && joining < TOGETHER) open_peer(&peers[next++]);
        turn(100);
        if (now_ns() > deadline) die("members did not join within 600 s", "");
    }
}
static void run_for(double duration) {
    uint64_t deadline = now_ns() + (uint64_t)(duration * 1e9);
    while (now_ns() < deadline) turn(10);
}
static double cpu(void) {
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return r.ru_utime.tv_sec + r.ru_stime.tv_sec + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}
static void measure(void) {
    run_for(warmup);
    printf("{\"measuring\": true}\n");
    fflush(stdout);
    uint64_t begin = now_ns(), sent_before = sent, cycles_before = cycles, notices_before = notices;
    double cpu_before = cpu();
    deliveries = longest_gap = 0;
    last_delivery = begin;
    memset(histogram, 0, sizeof histogram);
    run_for(seconds);
    double wall = (now_ns() - begin) / 1e9;
    uint64_t gap = now_ns() - last_delivery;
    if (gap > longest_gap) longest_gap = gap;
    printf("{\"deliveries\": %llu, \"sent\": %llu, \"seconds\": %.6f, \"p50\": %.9f, \"p99\": %.9f, "
           "\"p999\": %.9f, \"worst\": %.9f, \"longest_gap\": %.6f, \"joins\": %llu, "
           "\"notices\": %llu, \"generator_cpu\": %.4f}\n",
           (unsigned long long)deliveries, (unsigned long long)(sent - sent_before), wall,
           quantile(.5), quantile(.99), quantile(.999), quantile(1), longest_gap / 1e9,
           (unsigned long long)(cycles - cycles_before),
           (unsigned long long)(notices - notices_before), (cpu() - cpu_before) / wall);
}
static void hold_until_stdin_ends(double took) {
    printf("{\"joined\": %d, \"seconds\": %.3f, \"notices\": %llu}\n", joined, took,
           (unsigned long long)notices);
    fflush(stdout);
    for (;;) {
        struct timeval none = {0, 0};
        fd_set in;
        FD_ZERO(&in);
        FD_SET(0, &in);
        char c;
        if (select(1, &in, NULL, NULL, &none) > 0 && read(0, &c, 1) <= 0) return;
        turn(50);
    }
}

int main(int argc, char **argv) {
    if (argc != 12) die("eleven arguments are needed", "");
    port = atoi(argv[1]);
    members = atoi(argv[2]);
    senders = atoi(argv[3]);
    saturate = !strcmp(argv[4], "saturate");
    hold = !strcmp(argv[4], "hold");
    amount = atof(argv[5]);
    warmup = atof(argv[6]);
    seconds = atof(argv[7]);
    dead = atoi(argv[8]);
    churn = atoi(argv[9]);
    join_rate = atof(argv[10]);
    text = atoi(argv[11]);
    if (senders > members || members < 2 || amount <= 0 || text < 32 || text > LONGEST)
        die("impossible arguments", "");
    peer_count = members + dead + churn;
    peers = calloc(peer_count, sizeof *peers);
    last_seen = calloc((size_t)members * senders, sizeof *last_seen);
    memset(filler, 'x', sizeof filler);
    ep = epoll_create1(0);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(ep, EPOLL_CTL_ADD, timer, &e);
    for (int i = 0; i < peer_count; i++) {
        peers[i].number = i;
        peers[i].fd = -1;
        peers[i].churns = i >= members + dead;
        if (i < senders && !hold) {
            peers[i].out = malloc(OUT);
            peers[i].arrived = calloc((size_t)amount + 1, sizeof(uint32_t));
        }
    }
    uint64_t begin = now_ns();
    join_all();
    if (hold) {
        hold_until_stdin_ends((now_ns() - begin) / 1e9);
        return 0;
    }
    schedule_start = now_ns();
    if (!join_rate) for (int i = members + dead; i < peer_count; i++) open_peer(&peers[i]);
    started = 1;
    measure();
    return 0;
}

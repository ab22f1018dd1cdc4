/* Connections, the waiting for them, and what the controller says on standard input. */
#include "load.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { BATCH = 1024, SOURCES = 250, SPARE_DESCRIPTORS = 16 };

static int ep, timer;
static struct sockaddr_storage server;
static socklen_t server_size;
static int is_loopback4;
static uint64_t timer_set;

static void find_server(void) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    int problem = getaddrinfo(options.host, options.port, &hints, &found);
    if (problem) fail("unknown host %s: %s", options.host, gai_strerror(problem));
    memcpy(&server, found->ai_addr, found->ai_addrlen);
    server_size = found->ai_addrlen;
    freeaddrinfo(found);
    struct sockaddr_in *four = (void *)&server;
    is_loopback4 = four->sin_family == AF_INET && ntohl(four->sin_addr.s_addr) >> 24 == 127;
}

static void allow_descriptors(void) {
    struct rlimit limit;
    rlim_t needed = (rlim_t)options.connections + SPARE_DESCRIPTORS;
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= needed) return;
    limit.rlim_cur = needed;
    if (limit.rlim_max < needed) limit.rlim_max = needed; /* root may */
    if (setrlimit(RLIMIT_NOFILE, &limit))
        fail("%d connections are more than the limit of descriptors (ulimit -Hn)",
             options.connections);
}

static void add(int fd, void *what, uint32_t events) {
    struct epoll_event e = {.events = events, .data.ptr = what};
    if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e)) fail("epoll_ctl: %s", strerror(errno));
}

void connections_begin(void) {
    find_server();
    allow_descriptors();
    ep = epoll_create1(0);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    if (ep < 0 || timer < 0) fail("no epoll here: %s", strerror(errno));
    add(timer, &timer, EPOLLIN);
    if (options.wait) add(STDIN_FILENO, &ep, EPOLLIN);
    all = calloc((size_t)options.connections, sizeof *all);
    if (!all) fail("no memory for %d connections", options.connections);
    for (int i = 0; i < options.connections; i++) {
        all[i].number = i;
        all[i].fd = -1;
    }
}

/* The ports of one address do not suffice for thousands of connections a second, as each waits a
 * minute after its end (RFC 9293, TIME-WAIT).  All of 127/8 is this machine: take turns. */
static void choose_source(int fd) {
    static uint32_t turn_of;
    struct sockaddr_in source = {.sin_family = AF_INET};
    int one = 1;
    source.sin_addr.s_addr = htonl(0x7f000100u + 1 + turn_of++ % SOURCES);
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (bind(fd, (void *)&source, sizeof source)) is_loopback4 = 0;
}

void open_connection(Connection *c) {
    int one = 1;
    c->fd = socket(server.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) fail("no socket for connection %d: %s", c->number, strerror(errno));
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (options.mode == CHURN && is_loopback4) choose_source(c->fd);
    c->state = CONNECTING;
    c->wants_out = 1;
    c->target = c->sent = c->received = c->sent_part = c->received_part = 0;
    c->since = now_ns();
    if (connect(c->fd, (void *)&server, server_size) && errno != EINPROGRESS)
        fail("cannot connect to %s:%s: %s", options.host, options.port, strerror(errno));
    add(c->fd, c, EPOLLIN | EPOLLOUT);
}

void close_connection(Connection *c) {
    close(c->fd); /* epoll forgets it by itself */
    c->fd = -1;
    c->state = UNUSED;
}

void watch_out(Connection *c, int wanted) {
    if (c->wants_out == wanted) return;
    struct epoll_event e = {.events = EPOLLIN | (wanted ? EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
    c->wants_out = wanted;
}

/* Connected: the first line is on its way.  Served: it has come back. */
static void greet(Connection *c) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) fail("cannot connect to %s:%s: %s", options.host, options.port, strerror(error));
    c->state = GREETING;
    c->target = 1;
    flush(c);
}

void timer_at(uint64_t when) {
    if (when == timer_set) return;
    struct itimerspec t = {.it_value = {(time_t)(when / 1000000000u), (long)(when % 1000000000u)}};
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &t, NULL);
    timer_set = when;
}

/* Wait once, and deal with all that is ready; how many there were. */
int turn(int milliseconds) {
    static struct epoll_event ready[BATCH];
    int n = epoll_wait(ep, ready, BATCH, milliseconds);
    for (int i = 0; i < n; i++) {
        Connection *c = ready[i].data.ptr;
        uint64_t ticks;
        if ((void *)c == &ep) read_command();
        else if ((void *)c == &timer) {
            if (read(timer, &ticks, sizeof ticks) > 0) timer_set = 0;
        } else if (c->fd >= 0) {
            if (c->state == CONNECTING) greet(c);
            else if (ready[i].events & EPOLLOUT) flush(c);
            if (ready[i].events & ~(uint32_t)EPOLLOUT) readable(c);
        }
    }
    return n;
}

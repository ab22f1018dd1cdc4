/* The server that the generator is measured against: echo, nothing else, one epoll loop.
 *
 *   reference [HOST [BYTES]]
 *
 * With BYTES it is a server for HTTP: to each so many bytes of a connection, which is a request of
 * our generator, it sends one answer, and reads nothing of them.
 *
 * What recv gave is sent at once; what the socket does not take waits (poll) in the same place,
 * since its client is our own generator and reads.  It ends when its standard input ends.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SIZE = 262144, BATCH = 1024, INPUT = 0, MOST = 65536 };
static const char ANSWER[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                             "Content-Length: 14\r\n\r\nHello, world!\n";

static int ep;
static size_t request, had[MOST]; /* bytes of a request; by descriptor: those that have come */

static void die(const char *what) {
    fprintf(stderr, "reference: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void add(int fd) {
    struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e)) die("epoll_ctl");
}

static int listening(const char *host) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    char name[NI_MAXHOST], port[NI_MAXSERV];
    int one = 1;
    if (getaddrinfo(host, "0", &hints, &found)) die(host);
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) || listen(fd, 4096)) die("listen");
    getsockname(fd, found->ai_addr, &found->ai_addrlen);
    getnameinfo(found->ai_addr, found->ai_addrlen, name, sizeof name, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    printf(strchr(name, ':') ? "listening on [%s]:%s\n" : "listening on %s:%s\n", name, port);
    fflush(stdout);
    return fd;
}

static void accept_all(int listener) {
    int fd, one = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (fd < MOST) had[fd] = 0;
        add(fd);
    }
}

static void echo(int fd) {
    static char buffer[SIZE];
    ssize_t n = recv(fd, buffer, SIZE, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    for (ssize_t sent = 0; sent < n;) {
        ssize_t m = send(fd, buffer + sent, (size_t)(n - sent), MSG_NOSIGNAL);
        struct pollfd room = {.fd = fd, .events = POLLOUT};
        if (m >= 0) sent += m;
        else if (errno != EAGAIN || poll(&room, 1, 10000) <= 0) n = -1;
    }
    if (n <= 0) close(fd);
}

static void answer(int fd) {
    static char buffer[SIZE];
    ssize_t n = recv(fd, buffer, SIZE, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n > 0 && fd < MOST) had[fd] += (size_t)n;
    for (; n > 0 && fd < MOST && had[fd] >= request; had[fd] -= request)
        if (send(fd, ANSWER, sizeof ANSWER - 1, MSG_NOSIGNAL) < 0) n = -1;
    if (n <= 0 || fd >= MOST) close(fd);
}

int main(int count, char **words) {
    static struct epoll_event ready[BATCH];
    struct rlimit limit;
    char scrap[64];
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    ep = epoll_create1(0);
    int listener = listening(count > 1 ? words[1] : "127.0.0.1");
    if (count > 2) request = strtoul(words[2], NULL, 10);
    add(listener);
    add(INPUT);
    for (;;) {
        int n = epoll_wait(ep, ready, BATCH, -1);
        for (int i = 0; i < n; i++) {
            int fd = ready[i].data.fd;
            if (fd == listener) accept_all(fd);
            else if (fd != INPUT) request ? answer(fd) : echo(fd);
            else if (read(INPUT, scrap, sizeof scrap) <= 0) return 0;
        }
    }
}

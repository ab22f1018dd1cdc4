/* Echo in C: one epoll loop, one buffer for all.  The yardstick of loops.
 *
 * What recv gave is sent at once.  What the socket does not take is kept (one buffer's worth at
 * most) and nothing more is read from that client until it has gone.
 */
#include "serving.h"
#include <sys/epoll.h>

enum { SIZE = 65536, BATCH = 1024 };

typedef struct {
    int fd;
    char *kept; /* what the client has not taken yet; NULL: nothing */
    size_t length, sent;
} Client;

static int ep;

static void watch(Client *c, int operation, unsigned events) {
    struct epoll_event e = {.events = events, .data.ptr = c};
    epoll_ctl(ep, operation, c->fd, &e);
}

static void end(Client *c) {
    close(c->fd);
    free(c->kept);
    free(c);
}

/* Send as much as goes; -1: the client has gone. */
static ssize_t send_some(int fd, const char *data, size_t length) {
    size_t sent = 0;
    while (sent < length) {
        ssize_t n = send(fd, data + sent, length - sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN) break;
        if (n < 0 && errno != EINTR) return -1;
        if (n > 0) sent += n;
    }
    return sent;
}

static void readable(Client *c) {
    static char buffer[SIZE];
    ssize_t n = recv(c->fd, buffer, SIZE, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0) { end(c); return; }
    ssize_t sent = send_some(c->fd, buffer, n);
    if (sent < 0) { end(c); return; }
    if (sent == n) return;
    c->length = n - sent;
    c->sent = 0;
    c->kept = malloc(c->length);
    if (!c->kept) { end(c); return; }
    memcpy(c->kept, buffer + sent, c->length);
    watch(c, EPOLL_CTL_MOD, EPOLLOUT);
}

static void writable(Client *c) {
    ssize_t sent = send_some(c->fd, c->kept + c->sent, c->length - c->sent);
    if (sent < 0) { end(c); return; }
    c->sent += sent;
    if (c->sent < c->length) return;
    free(c->kept);
    c->kept = NULL;
    watch(c, EPOLL_CTL_MOD, EPOLLIN);
}

static void accept_all(int listener) {
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        Client *c = calloc(1, sizeof *c);
        if (!c) { close(fd); return; }
        without_delay(fd);
        c->fd = fd;
        watch(c, EPOLL_CTL_ADD, EPOLLIN);
    }
}

int main(int argc, char **argv) {
    ep = epoll_create1(0);
    int listener = listening(argc, argv, SOCK_NONBLOCK);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL}, ready[BATCH];
    epoll_ctl(ep, EPOLL_CTL_ADD, listener, &e);
    for (;;) {
        int n = epoll_wait(ep, ready, BATCH, -1);
        for (int i = 0; i < n; i++) {
            Client *c = ready[i].data.ptr;
            if (!c) accept_all(listener);
            else if (c->kept) writable(c);
            else readable(c);
        }
    }
}

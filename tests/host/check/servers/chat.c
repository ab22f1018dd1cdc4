/* A right chat server in C: poll, no allocation, room for 512 clients. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTS = 512, LIMIT = 3000, BEHIND = 1 << 18, NAME = 32 };
struct client {
    char name[NAME + 1], in[LIMIT + 2], out[BEHIND];
    int used, waiting, named, closing;
};
static struct client clients[CLIENTS];
static struct pollfd polled[CLIENTS + 1];

static void drop(int i);

static void put(int i, const char *data, int size)
{
    struct client *c = &clients[i];
    if (polled[i].fd < 0 || c->closing) return;
    if (c->waiting + size > BEHIND) { c->closing = 2; return; }
    memcpy(c->out + c->waiting, data, size);
    c->waiting += size;
    polled[i].events |= POLLOUT;
}

static void tell(int but, const char *data, int size)
{
    for (int i = 0; i < CLIENTS; i++)
        if (i != but && clients[i].named) put(i, data, size);
}

static void notice(int but, const char *name, const char *what)
{
    char line[100];
    tell(but, line, snprintf(line, sizeof line, "* User %s %s\n", name, what));
}

static void drop(int i)
{
    int named = clients[i].named;
    close(polled[i].fd);
    polled[i].fd = -1;
    clients[i].named = 0;
    if (named) notice(i, clients[i].name, "has quit");
}

static void refuse(int i)
{
    put(i, "! no\n", 5);
    clients[i].closing = 1;
}

static void join(int i, const char *name, int size)
{
    char list[CLIENTS * (NAME + 1) + 20];
    int length = sprintf(list, "* Users:"), good = size > 0 && size <= NAME;
    for (int k = 0; k < size; k++) good = good && isalnum((unsigned char)name[k]);
    for (int k = 0; k < CLIENTS && good; k++)
        if (clients[k].named) {
            good = strlen(clients[k].name) != (size_t)size || memcmp(clients[k].name, name, size);
            length += sprintf(list + length, " %s", clients[k].name);
        }
    if (!good) { refuse(i); return; }
    memcpy(clients[i].name, name, size);
    clients[i].name[size] = 0;
    list[length++] = '\n';
    put(i, list, length);
    notice(i, clients[i].name, "has signed on");
    clients[i].named = 1;
}

static void said(int i, const char *line, int size)
{
    char whole[LIMIT + NAME + 10];
    if (size && line[size - 1] == '\r') size--;
    if (!clients[i].named) { join(i, line, size); return; }
    int length = sprintf(whole, "[%s] ", clients[i].name);
    memcpy(whole + length, line, size);
    whole[length + size] = '\n';
    tell(i, whole, length + size + 1);
}

static void have_read(int i)
{
    struct client *c = &clients[i];
    ssize_t size = recv(polled[i].fd, c->in + c->used, LIMIT + 1 - c->used, 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) { drop(i); return; }
    c->used += size;
    char *start = c->in, *end;
    while (!c->closing && (end = memchr(start, '\n', c->in + c->used - start))) {
        said(i, start, end - start);
        start = end + 1;
    }
    c->used -= start - c->in;
    memmove(c->in, start, c->used);
    if (c->used > LIMIT && !c->closing) refuse(i);
    if (c->closing) c->used = 0;
}

static void have_room(int i)
{
    struct client *c = &clients[i];
    ssize_t size = send(polled[i].fd, c->out, c->waiting, MSG_NOSIGNAL);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size < 0) { drop(i); return; }
    c->waiting -= size;
    memmove(c->out, c->out + size, c->waiting);
    if (c->waiting) return;
    polled[i].events &= ~POLLOUT;
    if (c->closing == 1) { shutdown(polled[i].fd, SHUT_WR); drop(i); }
}

static void have_accepted(int listener)
{
    int fd = accept(listener, NULL, NULL), i = 0;
    if (fd < 0) return;
    while (i < CLIENTS && polled[i].fd >= 0) i++;
    if (i == CLIENTS) { close(fd); return; }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    clients[i].used = clients[i].waiting = clients[i].named = clients[i].closing = 0;
    polled[i].fd = fd;
    polled[i].events = POLLIN;
    put(i, "name?\n", 6);
}

static void stop(int sign) { (void)sign; _exit(0); }

int main(int count, char **words)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(words[count - 1])) };
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    signal(SIGTERM, stop);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16)) { perror("bind"); return 1; }
    for (int i = 0; i < CLIENTS; i++) polled[i].fd = -1;
    polled[CLIENTS].fd = listener;
    polled[CLIENTS].events = POLLIN;
    while (poll(polled, CLIENTS + 1, -1) >= 0 || errno == EINTR) {
        for (int i = 0; i < CLIENTS; i++) {
            if (polled[i].fd >= 0 && polled[i].revents & POLLOUT) have_room(i);
            if (polled[i].fd >= 0 && polled[i].revents & (POLLIN | POLLHUP | POLLERR)) have_read(i);
        }
        for (int i = 0; i < CLIENTS; i++)
            if (polled[i].fd >= 0 && clients[i].closing == 2) drop(i);
        if (polled[CLIENTS].revents & POLLIN) have_accepted(listener);
    }
    return 1;
}

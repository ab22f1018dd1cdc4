/* Chat in C: one epoll loop that coalesces writes.  The yardstick, and the generator's ceiling.
 *
 * A line for a member is appended to its buffer; when all sockets that were ready have been read,
 * each member with something pending gets one send.  A member whose buffer passes LIMIT is cut off.
 */
#include "serving.h"
#include <ctype.h>
#include <sys/epoll.h>

enum { MAX_FD = 65536, LIMIT = 1 << 20, LINE = 65536, NAME = 32, BATCH = 1024 };

typedef struct {
    int fd, joined, dirty, dead, watching;
    size_t place;                     /* index in `members` when joined */
    char name[NAME + 1];
    char *in;  size_t in_len, in_cap; /* a partial line */
    char *out; size_t out_len, out_cap, out_start;
} Member;

static Member *by_fd[MAX_FD];
static Member *members[MAX_FD]; static size_t member_count;
static Member *dirty[MAX_FD];   static size_t dirty_count;
static Member *doomed[MAX_FD];  static size_t doomed_count;
static int ep;

static void doom(Member *m) {
    if (!m->dead) { m->dead = 1; doomed[doomed_count++] = m; }
}

static void post(Member *m, const char *data, size_t n) {
    if (m->dead) return;
    if (m->out_len - m->out_start + n > LIMIT) { doom(m); return; }
    if (m->out_start == m->out_len) m->out_start = m->out_len = 0;
    if (m->out_len + n > m->out_cap) {
        m->out_cap = (m->out_len + n) * 2;
        m->out = realloc(m->out, m->out_cap);
    }
    memcpy(m->out + m->out_len, data, n);
    m->out_len += n;
    if (!m->dirty) { m->dirty = 1; dirty[dirty_count++] = m; }
}

static void tell_others(Member *me, const char *data, size_t n) {
    for (size_t i = 0; i < member_count; i++)
        if (members[i] != me) post(members[i], data, n);
}

static void watch(Member *m, int writing) {
    if (m->watching == writing) return;
    struct epoll_event e = {.events = EPOLLIN | (writing ? EPOLLOUT : 0), .data.ptr = m};
    epoll_ctl(ep, EPOLL_CTL_MOD, m->fd, &e);
    m->watching = writing;
}

static void flush_one(Member *m) {
    while (m->out_start < m->out_len) {
        ssize_t n = send(m->fd, m->out + m->out_start, m->out_len - m->out_start, MSG_NOSIGNAL);
        if (n < 0) {
            if (errno == EAGAIN) { watch(m, 1); return; }
            doom(m);
            return;
        }
        m->out_start += n;
    }
    watch(m, 0);
}

static void bury(Member *m) {
    char line[NAME + 64];
    if (m->joined) {
        members[m->place] = members[--member_count];
        members[m->place]->place = m->place;
        m->joined = 0;
        int n = snprintf(line, sizeof line, "* %s has left the room\n", m->name);
        tell_others(m, line, n);
    }
    by_fd[m->fd] = NULL;
    close(m->fd);
    free(m->in);
    free(m->out);
    free(m);
}

static void flush_all(void) {
    do {
        for (size_t i = 0; i < dirty_count; i++) {
            dirty[i]->dirty = 0;
            if (!dirty[i]->dead) flush_one(dirty[i]);
        }
        dirty_count = 0;
        while (doomed_count) {
            Member *m = doomed[--doomed_count];
            for (size_t i = 0; i < dirty_count; i++)
                if (dirty[i] == m) dirty[i--] = dirty[--dirty_count];
            bury(m);
        }
    } while (dirty_count);
}

static void refuse(Member *m, const char *why) {
    post(m, why, strlen(why));
    flush_one(m);
    doom(m);
}

static void join(Member *m, const char *name, size_t n) {
    int good = n >= 1 && n <= NAME;
    for (size_t i = 0; good && i < n; i++) good = isalnum((unsigned char)name[i]);
    if (!good) { refuse(m, "! a name is 1 to 32 letters and digits\n"); return; }
    memcpy(m->name, name, n);
    m->name[n] = 0;
    size_t size = 64;
    for (size_t i = 0; i < member_count; i++) {
        if (!strcmp(members[i]->name, m->name)) { refuse(m, "! this name is in use\n"); return; }
        size += strlen(members[i]->name) + 2;
    }
    char line[NAME + 64];
    int k = snprintf(line, sizeof line, "* %s has entered the room\n", m->name);
    tell_others(m, line, k);
    char *list = malloc(size), *at = stpcpy(list, "* The room contains: ");
    for (size_t i = 0; i < member_count; i++) {
        if (i) at = stpcpy(at, ", ");
        at = stpcpy(at, members[i]->name);
    }
    at = stpcpy(at, "\n");
    post(m, list, at - list);
    free(list);
    m->joined = 1;
    m->place = member_count;
    members[member_count++] = m;
}

static void line_from(Member *m, const char *line, size_t n) {
    static char out[LINE + NAME + 8];
    if (n && line[n - 1] == '\r') n--;
    if (!m->joined) { join(m, line, n); return; }
    size_t k = strlen(m->name);
    out[0] = '[';
    memcpy(out + 1, m->name, k);
    memcpy(out + 1 + k, "] ", 2);
    memcpy(out + 3 + k, line, n);
    out[3 + k + n] = '\n';
    tell_others(m, out, n + k + 4);
}

static void keep(Member *m, const char *data, size_t n) {
    if (m->in_len + n > LINE) { refuse(m, "! line too long\n"); return; }
    if (m->in_len + n > m->in_cap) m->in = realloc(m->in, m->in_cap = m->in_len + n);
    memcpy(m->in + m->in_len, data, n);
    m->in_len += n;
}

static void readable(Member *m) {
    static char buffer[65536];
    ssize_t n = recv(m->fd, buffer, sizeof buffer, 0);
    if (n <= 0) {
        if (n == 0 || errno != EAGAIN) doom(m);
        return;
    }
    char *at = buffer, *end = buffer + n, *stop;
    while (!m->dead && (stop = memchr(at, '\n', end - at))) {
        if (m->in_len) {
            keep(m, at, stop - at);
            if (!m->dead) line_from(m, m->in, m->in_len);
            m->in_len = 0;
        } else line_from(m, at, stop - at);
        at = stop + 1;
    }
    if (!m->dead && at < end) keep(m, at, end - at);
}

static void accept_all(int listener) {
    int fd;
    static const char greeting[] = "Hello. Please send your name.\n";
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        without_delay(fd);
        Member *m = by_fd[fd] = calloc(1, sizeof *m);
        m->fd = fd;
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = m};
        epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
        post(m, greeting, sizeof greeting - 1);
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
            Member *m = ready[i].data.ptr;
            if (!m) accept_all(listener);
            else if (!m->dead) {
                if (ready[i].events & EPOLLOUT) flush_one(m);
                if (!m->dead && ready[i].events & ~EPOLLOUT) readable(m);
            }
        }
        flush_all();
    }
}

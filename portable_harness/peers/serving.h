/* What the C peers share: a listening socket, the readiness line, the end with standard input. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static void *end_with_input(void *unused) {
    char scrap[256];
    ssize_t n;
    while ((n = read(0, scrap, sizeof scrap)) > 0 || (n < 0 && errno == EINTR)) {}
    (void)unused;
    _exit(0);
}

/* As many descriptors as the system gives us: one for each connection. */
static void raise_descriptors(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Listen at --port N (or any) of 127.0.0.1 and say so; `flags` are further flags of socket(2). */
static int listening(int argc, char **argv, int flags) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof a;
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | flags, 0);
    pthread_t watcher;
    for (int i = 1; i + 1 < argc; i++)
        if (!strcmp(argv[i], "--port")) a.sin_port = htons(atoi(argv[i + 1]));
    raise_descriptors();
    signal(SIGPIPE, SIG_IGN);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (void *)&a, sizeof a) || listen(listener, 4096)) {
        perror("bind");
        exit(1);
    }
    getsockname(listener, (void *)&a, &size);
    if (pthread_create(&watcher, NULL, end_with_input, NULL)) { perror("pthread_create"); exit(1); }
    printf("listening on 127.0.0.1:%d\n", ntohs(a.sin_port));
    fflush(stdout);
    return listener;
}

static inline void without_delay(int fd) {
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

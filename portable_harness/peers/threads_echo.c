/* Echo in C: a thread a connection, blocking calls.  The yardstick of threads. */
#include "serving.h"

enum { SIZE = 65536, STACK = 256 * 1024 };

static int send_all(int fd, const char *data, size_t length) {
    while (length) {
        ssize_t n = send(fd, data, length, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        data += n;
        length -= n;
    }
    return 0;
}

static void *serve(void *argument) {
    int fd = (int)(long)argument;
    char buffer[SIZE]; /* on the stack: only the pages that a client fills become resident */
    ssize_t n;
    without_delay(fd);
    while ((n = recv(fd, buffer, SIZE, 0)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0 && send_all(fd, buffer, n)) break;
    close(fd);
    return NULL;
}

int main(int argc, char **argv) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK);
    int listener = listening(argc, argv, 0);
    for (;;) {
        pthread_t thread;
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) {
            if (errno == EMFILE || errno == ENFILE) usleep(1000); /* until a client goes */
            continue;
        }
        if (pthread_create(&thread, &attributes, serve, (void *)(long)fd)) close(fd);
    }
}

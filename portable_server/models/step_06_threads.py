"""Threads: every connection gets a thread that runs a function.

Teaches: `Thread(target=handler, args=(connection,)).start()`, and that nothing else
changes against one-at-a-time: starting the handler instead of calling it.
Guarantees: a slow client does not stop the others; all share one memory.
Breaks: shared memory is now shared: what two handlers change needs a lock (see the
chat room). Thousands of connections are thousands of stacks, and where there is a
GIL, only one thread computes at a time.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.models.threaded import ThreadedServer


class ThreadServer(ThreadedServer):
    name = 'threads'

    def new_thread(self, connection):
        return threads.Thread(target=self.serve, args=(connection,))

"""ThreadingMixIn of Python 3.9, for older ones.

2.7 and 3.6 do not join the threads at all (bpo-31233); 3.7 and 3.8 keep every thread
that ever ran until the server closes (bpo-37193). Goes when Python 3.8 goes.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads


class ThreadingMixIn(object):
    """Handles each request in a new thread; `server_close` waits for them all.

    daemon_threads: bool, whether the interpreter may end before they do; block_on_close: bool,
    whether `server_close` waits for those that are no daemons.
    """

    daemon_threads, block_on_close = False, True
    __running = ()   # touched by the serving thread alone, so it needs no lock

    def process_request(self, request, client_address):
        """Start a thread for the request."""
        thread = threads.Thread(target=self.process_request_thread,
                                args=(request, client_address), daemon=self.daemon_threads)
        thread.start()
        if self.block_on_close and not self.daemon_threads:
            self.__running = [thread] + [thread for thread in self.__running if thread.is_alive()]

    def process_request_thread(self, request, client_address):
        """What each thread does; the request is closed in any case."""
        try:
            self.__finish(request, client_address)
        finally:
            self.shutdown_request(request)

    def __finish(self, *request):
        try:
            self.finish_request(*request)
        except Exception:
            self.handle_error(*request)

    def server_close(self):
        """Close the listener, then wait for the threads."""
        super(ThreadingMixIn, self).server_close()
        running, self.__running = self.__running, ()
        for thread in running:
            thread.join()

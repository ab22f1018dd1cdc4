"""ThreadingMixIn of Python 3.9, for older ones.

2.7 and 3.6 do not join the threads at all (bpo-31233); 3.7 and 3.8 keep every thread
that ever ran until the server closes (bpo-37193). Goes when Python 3.8 goes.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads


class ThreadingMixIn(object):
    """Handles each request in a new thread; `server_close` waits for them all."""

    daemon_threads = False
    block_on_close = True
    _threads = ()

    def process_request_thread(self, request, client_address):
        """What each thread does."""
        try:
            self.finish_request(request, client_address)
        except Exception:
            self.handle_error(request, client_address)
        finally:
            self.shutdown_request(request)

    def process_request(self, request, client_address):
        """Start a thread for the request."""
        thread = threads.Thread(target=self.process_request_thread,
                                args=(request, client_address))
        thread.daemon = self.daemon_threads
        thread.start()
        if not thread.daemon and self.block_on_close:
            # Only the thread that serves comes here, so no lock is needed.
            self._threads = [each for each in self._threads if each.is_alive()] + [thread]

    def server_close(self):
        """Close the listener, then wait for the threads."""
        super(ThreadingMixIn, self).server_close()
        for thread in self._threads:
            thread.join()
        self._threads = ()

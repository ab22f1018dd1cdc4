"""A port for the operator: each connection gets one JSON object, then the end."""
from __future__ import absolute_import, division, print_function

import json
import logging

from portable_server.compat import sockets, threads
from portable_server.compat.errors import SocketError

log = logging.getLogger(__name__)

HOST = '127.0.0.1'      # figures about people are for this machine only
PATIENCE = 1.0          # seconds for one client to take its answer
ACCEPT_PAUSE = 0.1      # seconds after a failed accept, as in models/base.py


class StatusPort(threads.Thread):
    """Answers one connection after the other; ``report`` gives the object."""

    def __init__(self, port, report):
        """Listens at once.  Raises ValueError (one line) when the port is in use."""
        threads.Thread.__init__(self, name='chat status')
        self.daemon = True
        self._report = report
        self._stopping = threads.Event()
        try:
            self._listener = sockets.create_server((HOST, port))
        except SocketError as error:
            raise ValueError('--status-port %d: %s; choose another port, or 0 for any'
                             % (port, error))
        self.port = self._listener.getsockname()[1]

    def run(self):
        log.info('status on %s:%d', HOST, self.port)
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except SocketError:     # out of descriptors, or stopped
                self._stopping.wait(ACCEPT_PAUSE)
            else:
                self._answer(connection)

    def stop(self):
        """End the thread; safe before it was started."""
        self._stopping.set()
        sockets.stop_accepting(self._listener)
        if self.is_alive():
            self.join()

    def _answer(self, connection):
        try:
            connection.settimeout(PATIENCE)
            connection.sendall(json.dumps(self._report(), sort_keys=True).encode('ascii') + b'\n')
        except SocketError as error:
            log.debug('status: %s', error)
        finally:
            connection.close()

"""Sockets of java.nio for Jython, in the shape of Python 3's.

    socket (stream)     accept, and our functions
      Reading           recv
      Writing           send, sendall, send_now
      Connecting        connect
      Channel           bind, listen, options, names, shutdown, close
      Waiting           time-outs, waking (through `readiness`)

`failures` holds the one table from Java's exceptions to errors; none gets out.
"""
from __future__ import absolute_import, division, print_function

import sys

from portable_server.compat import errors
from portable_server.compat.sockets import _names
from portable_server.compat.sockets._connecting import Connecting
from portable_server.compat.sockets._jython.addresses import (          # noqa: F401
    getaddrinfo, gethostbyname, gethostname)
from portable_server.compat.sockets._jython.constants import *          # noqa: F401,F403
from portable_server.compat.sockets._jython.failures import gaierror    # noqa: F401
from portable_server.compat.sockets._jython.stream import (             # noqa: F401
    interrupt, prepare_for_send_now, reset, send_now, socket, stop_accepting)
from portable_server.compat.sockets._jython.writing import Outgoing as outgoing     # noqa: F401

__all__ = _names.ALL

error = errors.SocketError
timeout = errors.TimeoutError

_connecting = Connecting(sys.modules[__name__])
create_connection = _connecting.create_connection
create_server = _connecting.create_server

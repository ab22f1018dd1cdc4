"""The standard library's sockets, already right on CPython 3 and PyPy."""
from __future__ import absolute_import, division, print_function

import socket as _socket
from socket import *                                # noqa: F401,F403
from socket import gethostname, socket              # noqa: F401

from portable_server.compat.sockets import _names
from portable_server.compat.sockets._connecting import Connecting
from portable_server.compat.sockets._descriptors import (           # noqa: F401
    interrupt, prepare_for_send_now, reset, send_now, stop_accepting)

__all__ = _names.ALL

#: the standard library's exists from 3.8 on, the same in what both can do
create_server = Connecting(_socket).create_server

#: data made ready once to be given to `send_now` for many connections
outgoing = memoryview

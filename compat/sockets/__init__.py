"""Python 3's `socket` module, as far as TCP servers need it, on every interpreter.

On CPython 3 and PyPy the objects are the standard library's own.  On CPython 2.7 a
thin class adds what Python 3 changed: the classes of the errors (PEP 3151), calls
resumed after a signal (PEP 475), and a `close` that gives the descriptor back.  On
Jython sockets are channels of java.nio, not Jython's own Netty-based module, which is
several times slower and loses half-closes and resets.

Beside Python 3's names there are a few of ours:

`stop_accepting(listener)`   wakes the threads blocked in `accept`, then closes it
`interrupt(connection)`      wakes threads blocked in `recv` and `send`
`reset(connection)`          closes with a reset (RST) in place of an orderly end
`prepare_for_send_now(connection)`, `outgoing(data)`, `send_now(connection, data)`
                             for one thread that writes to many connections and waits
                             for none, while other threads read from them
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import platform

if platform.IMPLEMENTATION == 'Jython':
    from portable_server.compat.sockets._jython import *    # noqa: F401,F403  (each has __all__)
    from portable_server.compat.sockets._jython import __all__
elif platform.VERSION < (3,):
    from portable_server.compat.sockets._cpython2 import *  # noqa: F401,F403
    from portable_server.compat.sockets._cpython2 import __all__
else:
    from portable_server.compat.sockets._cpython3 import *  # noqa: F401,F403
    from portable_server.compat.sockets._cpython3 import __all__

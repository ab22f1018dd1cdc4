"""Python 3's `selectors` on every interpreter, with a `wakeup` from other threads.

`DefaultSelector` is epoll where the system has it, else poll or select; on Jython it is
a Selector of java.nio.  The API is that of
https://docs.python.org/3/library/selectors.html, and one method more:

`wakeup()`   makes a `select` that runs in another thread, or else the next one, return

On Jython register the sockets of `compat.sockets`; they may stay in blocking mode
(their channels do not, which does not show), but register one *before* another
thread is blocked in it, or call `sockets.prepare_for_send_now` first.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import platform

if platform.IMPLEMENTATION == 'Jython':
    from portable_server.compat.selectors._jython import DefaultSelector
elif platform.VERSION < (3,):
    from portable_server.compat.selectors._cpython2 import DefaultSelector
else:
    from portable_server.compat.selectors._cpython3 import DefaultSelector
from portable_server.compat.selectors._keys import EVENT_READ, EVENT_WRITE, SelectorKey

__all__ = ['DefaultSelector', 'EVENT_READ', 'EVENT_WRITE', 'SelectorKey']

"""`create_connection` and `create_server`, for interpreters that lack one of them.

Written on the `socket` class of the interpreter, which is handed in.
"""
from __future__ import absolute_import, division, print_function


class Connecting(object):
    """The two functions over `module`, which has the names of the socket module."""

    def __init__(self, module):
        self._module = module

    def create_connection(self, address, timeout=None, source_address=None):
        """Connect to (host, port), trying each address that the host's name has.

        `timeout` (seconds, or None) holds for each try and stays set on the result.
        Raises the error of the last try; gaierror for an unknown name.
        As https://docs.python.org/3/library/socket.html#socket.create_connection
        """
        module, failure = self._module, None
        host, port = address
        for family, kind, _, _, place in module.getaddrinfo(
                host, port, 0, module.SOCK_STREAM):
            try:
                return self._connected(family, kind, place, timeout, source_address)
            except module.error as problem:
                failure = problem
        raise failure or module.error('getaddrinfo returns an empty list')

    def _connected(self, family, kind, place, timeout, source_address):
        connection = self._module.socket(family, kind)
        try:
            connection.settimeout(timeout)
            if source_address is not None:
                connection.bind(source_address)
            connection.connect(place)
        except BaseException:
            connection.close()
            raise
        return connection

    def create_server(self, address, family=None, backlog=128, reuse_port=False):
        """A listening TCP socket bound to (host, port); port 0 takes a free one.

        SO_REUSEADDR is set, so a restart need not wait for old connections to fade.
        Raises `error` with errno EADDRINUSE, EADDRNOTAVAIL, EACCES; gaierror.
        As https://docs.python.org/3/library/socket.html#socket.create_server
        """
        module = self._module
        listener = module.socket(module.AF_INET if family is None else family,
                                 module.SOCK_STREAM)
        try:
            self._configure(listener, family, reuse_port)
            listener.bind(address)
            listener.listen(backlog)
        except BaseException:
            listener.close()
            raise
        return listener

    def _configure(self, listener, family, reuse_port):
        module = self._module
        listener.setsockopt(module.SOL_SOCKET, module.SO_REUSEADDR, 1)
        if reuse_port:
            listener.setsockopt(module.SOL_SOCKET, module.SO_REUSEPORT, 1)
        if family == module.AF_INET6 and hasattr(module, 'IPV6_V6ONLY'):
            listener.setsockopt(module.IPPROTO_IPV6, module.IPV6_V6ONLY, 1)

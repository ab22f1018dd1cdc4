"""A service on stdin and stdout, for one connection: what a super-server starts.

    python -m portable_server.inetd SERVICE

knows no sockets at all. A super-server (ours, or inetd, or `socat ... EXEC:`) has put
the connection on descriptors 0 and 1; a pipe from a shell does as well:

    printf 'hello\\n' | python -m portable_server.inetd echo
"""
from __future__ import absolute_import, division, print_function

import argparse
import os
import sys

from portable_server import services
from portable_server.driver import converse


def read_stdin(most):
    """Whatever is there, at least one byte; b'' at the end."""
    return os.read(0, most)


def write_stdout(data):
    """Every byte: `os.write` says how many it took."""
    while data:
        data = data[os.write(1, data):]


def make_service(arguments):
    """The service that the command line asks for."""
    parser = argparse.ArgumentParser(
        prog='python -m portable_server.inetd',
        description='Serve one connection on stdin and stdout, for a super-server.')
    parser.add_argument('service', choices=services.names())
    name = parser.parse_known_args(arguments)[0].service
    service_class = services.find(name)
    if not service_class.has_conversations:
        parser.error("'%s' is not served one connection at a time; run python -m portable_server %s"
                     % (name, name))
    service_class.add_options(parser)
    return service_class.from_options(parser.parse_args(arguments))


def main(arguments):
    """Serve; the exit status is 0 also when the peer goes away, as it may."""
    service = make_service(arguments)
    try:
        converse(service.new(), read_stdin, write_stdout)
    except (OSError, IOError):
        pass
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

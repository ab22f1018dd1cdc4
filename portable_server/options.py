"""The options of the command line, checked; help that teaches."""
from __future__ import absolute_import, division, print_function

import argparse
import re
import sys

import portable_server
from portable_server import models, services
from portable_server.compat.text import to_bytes
from portable_server.models.base import DEFAULT_DRAIN_SECONDS
from portable_server.server_socket import DEFAULT_BACKLOG
from portable_server.services.base import Service

PROGRAM = 'python -m portable_server'
LOG_LEVELS = ('debug', 'info', 'warning', 'error')
DEFAULT_MODEL = 'thread-subclass'

#: Multicast (RFC 5771, RFC 4291) and broadcast, as numbers.
GROUP_ADDRESS = re.compile(
    r'(22[4-9]|23\d)\.\d+\.\d+\.\d+$|255\.255\.255\.255$|ff[0-9a-f]{2}:', re.IGNORECASE)

EXAMPLES = """
examples:
  %(prog)s echo --port 7000
      then, in another terminal:  nc 127.0.0.1 7000
  %(prog)s daytime --model fork --host ::1 --port 0
  %(prog)s chargen --model selector --max-connections 100

'listening on HOST:PORT' is printed once clients can connect. SIGTERM, Ctrl-C or, with
--stop-on-stdin-eof, the end of stdin stop the server within 2 seconds, with status 0.
A request that cannot be met ends with status 2 and one line that says why."""


class BadRequest(Exception):
    """What the user asked for cannot be; the message is one line with a remedy."""


class OneLineParser(argparse.ArgumentParser):
    """An argparse parser whose errors are one line and an exception."""

    def error(self, message):
        raise BadRequest('%s; see %s --help' % (message, PROGRAM))

    def exit(self, status=0, message=None):
        # 2.7's argparse sends the version to stderr.
        sys.stdout.write(message or '')
        sys.exit(status)


def parse(arguments):
    """The options as an argparse Namespace; None when help or version was printed.

    Raises BadRequest.
    """
    service_class = find_service(arguments)
    parser = make_parser(service_class)
    try:
        options = parser.parse_args(arguments)
    except SystemExit:  # argparse's way to end after help and version
        sys.stdout.flush()
        return None
    if options.model not in models.names():
        raise BadRequest("no model named '%s'; choose from: %s" % (
            options.model, ', '.join(models.names())))
    return options


def find_service(arguments):
    """The class of the service named first; None when only help or version is asked for."""
    if not arguments or arguments[0] in ('-h', '--help', '--version'):
        return None
    if arguments[0].startswith('-'):
        raise BadRequest('the service comes first; choose from: %s' % ', '.join(services.names()))
    try:
        return services.find(arguments[0])
    except LookupError as problem:
        raise BadRequest('%s; choose from: %s' % (problem, ', '.join(services.names())))


def make_parser(service_class):
    """The parser, with the options that the service declares."""
    parser = OneLineParser(
        prog=PROGRAM, usage='%(prog)s SERVICE [options]',
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=describe(), epilog=EXAMPLES % {'prog': PROGRAM})
    parser.add_argument('service', metavar='SERVICE', help='one of the services above')
    parser.add_argument('--version', action='version',
                        version='portable_server ' + portable_server.__version__)
    add_common_options(parser)
    parser.set_defaults(max_connections=(service_class or Service).default_max_connections)
    if service_class is not None:
        service_class.add_options(parser.add_argument_group('options of ' + service_class.name))
    return parser


def describe():
    """The lists of services and models."""
    lines = ['A small TCP server: one service, served by one model.', '', 'services:']
    lines += ['  %-21s %s' % (entry[0], entry[3]) for entry in services.SERVICES]
    lines += ['', 'models, in the order of the course:']
    lines += ['  %-21s %s' % (entry[0], entry[3]) for entry in models.MODELS]
    return '\n'.join(lines)


def add_common_options(parser):
    """The options that every service has."""
    add = parser.add_argument
    add('--model', metavar='MODEL', default=DEFAULT_MODEL,
        help='how connections are served (default: %(default)s)')
    add('--host', type=host, default='127.0.0.1',
        help='address to listen at; ::1 or :: for IPv6 (default: %(default)s)')
    add('--port', type=number(0, 65535), default=0,
        help='port to listen at; 0, the default: any free one')
    add('--max-connections', metavar='N', type=number(1, 1000000),
        help='connections served at once, more wait (default: %(default)s)')
    add('--backlog', metavar='N', type=number(1, 65535), default=DEFAULT_BACKLOG,
        help='connections the system keeps waiting (default: %(default)s)')
    add('--drain', metavar='SECONDS', type=seconds, default=DEFAULT_DRAIN_SECONDS,
        help='time a service gets to say goodbye when stopped (default: %(default)s)')
    add('--switch-interval', metavar='SECONDS', type=switch_interval, default='auto',
        help="the GIL's switch interval; auto, the default, follows the number of threads")
    add('--processors', choices=('auto', 'all'), default='auto',
        help='auto, the default: threads that share a GIL keep to one processor at a time')
    add('--stop-on-stdin-eof', action='store_true',
        help='stop when stdin ends: for programs that start a server')
    add('--log-level', metavar='LEVEL', type=log_level, default='info',
        help='%s (default: %%(default)s); the log goes to stderr' % ', '.join(LOG_LEVELS))


def number(least, most):
    """An argparse type: a whole number in a range."""
    def convert(text):
        try:
            value = int(text)
        except ValueError:
            value = None
        if value is None or not least <= value <= most:
            raise argparse.ArgumentTypeError(
                "'%s' is not a whole number from %d to %d" % (text, least, most))
        return value
    return convert


def host(text):
    """An argparse type: a host's name or address; [::1] is ::1."""
    if not text.strip('[]'):
        # The socket interface takes '' for every address: too much for a slip of the hand.
        raise argparse.ArgumentTypeError('empty; 0.0.0.0 or :: is every address')
    text = text.strip('[]')
    try:
        to_bytes(text)
    except UnicodeError:        # Python 3 makes surrogates of bytes that are no text (PEP 383)
        raise argparse.ArgumentTypeError('%r is no text' % text)
    if GROUP_ADDRESS.match(text):
        # Linux binds a listening socket to one, and no client can ever connect.
        raise argparse.ArgumentTypeError(
            "'%s' is the address of a group; give one of this machine, such as 127.0.0.1" % text)
    return text


def seconds(text):
    """An argparse type: a time from 0 to 3600 seconds."""
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= 3600:
        raise argparse.ArgumentTypeError("'%s' is not a number of seconds from 0 to 3600" % text)
    return value


def switch_interval(text):
    """An argparse type: 'auto' or a time from 1 microsecond to 10 seconds."""
    if text == 'auto':
        return text
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 1e-6 <= value <= 10:
        raise argparse.ArgumentTypeError(
            "'%s' is neither auto nor a number of seconds from 0.000001 to 10" % text)
    return value


def positive(text):
    """An argparse type: a number greater than 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value <= 1e6:
        raise argparse.ArgumentTypeError("'%s' is not a number greater than 0" % text)
    return value


def log_level(text):
    """An argparse type: one of LOG_LEVELS."""
    if text not in LOG_LEVELS:
        raise argparse.ArgumentTypeError(
            "'%s' is no level; choose from: %s" % (text, ', '.join(LOG_LEVELS)))
    return text

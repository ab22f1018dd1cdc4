"""The command line: one service, one model, one port, until it is told to stop.

Exit status: 0 after a clean stop, 2 for a request that cannot be met (one line on
stderr says why and what to do), 1 for what should not happen.
"""
from __future__ import absolute_import, division, print_function

import errno
import logging
import sys

from portable_server.compat import platform, process, threads
from portable_server.compat.errors import NotSupported, SocketError
from portable_server.compat.sockets import gaierror
from portable_server import models, services
from portable_server.log import on_stderr
from portable_server.options import BadRequest, parse
from portable_server.server_socket import show_address

log = logging.getLogger('portable_server')


def main(arguments):
    """Run the server that the arguments (a list, without the program's name) ask for."""
    if not arguments:
        arguments, status = ['--help'], 2
    else:
        status = 0
    platform.watch_imports()
    try:
        options = parse(arguments)
        if options is None:  # help or version was printed
            return status
        process.open_standard_streams()
        with on_stderr(getattr(logging, options.log_level.upper())):
            return run(make_server(options), options)
    except BadRequest as problem:
        print('portable_server: error: %s' % problem, file=sys.stderr)
        return 2


def make_server(options):
    """A started server; raises BadRequest."""
    model, service_class = models.find(options.model), services.find(options.service)
    check_fit(model, service_class)
    try:
        service = service_class.from_options(options)
    except ValueError as problem:
        raise BadRequest(str(problem))
    server = model(service, options.host, options.port, options.max_connections,
                   options.backlog, options.drain, switch_interval_of(options), options.processors)
    try:
        server.start()
    except NotSupported as problem:
        raise BadRequest('--model %s: %s; use another, such as --model threads'
                         % (options.model, problem))
    except (gaierror, SocketError, OverflowError, UnicodeError) as problem:
        raise BadRequest(why_not_listening(options, problem))
    return server


def switch_interval_of(options):
    """The interval asked for in seconds; None for auto."""
    if options.switch_interval == 'auto':
        return None
    if not threads.set_switch_interval(options.switch_interval):
        log.info('--switch-interval has no effect: this interpreter has no GIL, or none with '
                 'an interval')
    return options.switch_interval


def check_fit(model, service_class):
    """Refuse a service that needs what the model does not have."""
    if model.needs_fork and not process.HAS_FORK:
        raise BadRequest('--model %s: this interpreter cannot fork; use --model threads'
                         % model.name)
    if service_class.shares_memory and not model.shares_memory:
        raise BadRequest(
            "--model %s: the connections of '%s' must be served at once and share memory; "
            'use --model thread-subclass' % (model.name, service_class.name))
    if model.conversations_only and not service_class.has_conversations:
        raise BadRequest("--model %s: '%s' needs a thread; use --model thread-subclass"
                         % (model.name, service_class.name))


def why_not_listening(options, problem):
    """One line for an error of bind or listen."""
    where = show_address(options.host, options.port)
    if isinstance(problem, (gaierror, UnicodeError)):
        return "unknown host '%s'; give an address of this machine, such as 127.0.0.1 or ::1" % (
            options.host,)
    remedies = {
        errno.EADDRINUSE: ('port in use', 'stop its owner, or give another port (0: any free one)'),
        errno.EADDRNOTAVAIL: ('not an address of this machine', 'give one, such as 127.0.0.1'),
        errno.EACCES: ('no permission', 'give a port above 1023'),
    }
    reason, remedy = remedies.get(problem.errno, (problem, 'give another host or port'))
    return 'cannot listen on %s: %s; %s' % (where, reason, remedy)


def run(server, options):
    """Serve until a signal, the end of stdin, or the model's own end."""
    def stop():
        if not server.stop():
            log.error('not everything ended in time')

    with process.on_stop_signals(stop):
        if options.stop_on_stdin_eof:
            process.on_stdin_eof(stop)
        listening = 'listening on ' + show_address(*server.address)
        if not process.print_or_not(listening):
            log.warning('standard output takes nothing; %s', listening)
        server.serve_forever()
        say_gil_state()  # in here: a second signal must not end us before our last words
    return 0


def say_gil_state():
    """Say it at the end: a free-threaded build may switch its GIL on at any import."""
    # Who started us may have gone; the stop was clean all the same.
    module = platform.gil_module()
    process.print_or_not(('gil enabled' if platform.gil_enabled() else 'gil disabled')
                         + (' by ' + module if module else ''))

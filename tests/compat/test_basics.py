"""Facts, clocks, text and errors."""
from __future__ import absolute_import, division, print_function

import errno
import json
import socket
import sys
import time

import pytest

from portable_server.compat import clock, errors, platform, text, threads
from tests import support


def test_the_facts_are_json_and_agree_with_each_other():
    facts = json.loads(json.dumps(platform.describe()))
    assert set(facts) == set('''implementation version prerelease release class free_threaded_build
        gil_enabled gil_module jit_enabled java java_vm platform executable'''.split())
    assert facts['class'] in [name for name, like, what in platform.CLASSES]
    assert (facts['java'] is not None) == (facts['implementation'] == 'Jython')
    assert (facts['class'] == 'FT') == facts['free_threaded_build']
    assert len(facts['version']) == 3


@support.not_on('no-contextvars')
def test_a_thread_inherits_context_where_the_flag_says_so():
    contextvars = pytest.importorskip('contextvars')
    variable = contextvars.ContextVar('variable', default='default')
    variable.set('parent')
    seen = []
    thread = threads.Thread(target=lambda: seen.append(variable.get()))
    thread.start()
    thread.join(30)
    inherits = getattr(sys.flags, 'thread_inherit_context', 0)
    assert seen == ['parent' if inherits else 'default']


def test_clocks_go_forward_in_seconds():
    for read in (clock.monotonic, clock.perf_counter):
        started, wall = read(), time.time()
        readings = [read() for turn in range(100)]
        assert readings == sorted(readings)
        clock.sleep(0.05)
        assert 0.04 <= read() - started <= time.time() - wall + 0.05


def test_text_and_bytes_both_ways():
    assert text.to_bytes(u'\xe9') == b'\xc3\xa9'
    assert text.to_bytes(bytearray(b'a')) == b'a'
    assert text.to_text(b'\xc3\xa9') == u'\xe9'
    assert text.to_text(u'\xe9') == u'\xe9'
    assert type(text.native(u'a')) is type(text.native(b'a')) is str


_CONNECTION = [errors.ConnectionResetError, errors.BrokenPipeError,
               errors.ConnectionRefusedError, errors.ConnectionAbortedError]


@pytest.mark.parametrize('error', _CONNECTION)
def test_connection_errors_are_one_family(error):
    caught = error(errno.ECONNRESET, 'reset')
    assert isinstance(caught, errors.ConnectionError)
    assert isinstance(caught, errors.SocketError)
    assert caught.errno == errno.ECONNRESET


def test_errors_are_distinct():
    assert len(set(_CONNECTION + [errors.TimeoutError, errors.ConnectionError])) == 6
    assert issubclass(errors.TimeoutError, errors.SocketError)
    assert not issubclass(errors.TimeoutError, errors.ConnectionError)


def test_address_in_use_is_one_line_with_a_remedy():
    error = errors.AddressInUse('127.0.0.1', 8000)
    assert isinstance(error, errors.SocketError)
    assert error.errno == errno.EADDRINUSE
    assert '127.0.0.1' in str(error) and '8000' in str(error)
    assert '\n' not in str(error)


@support.not_on('socket-error-base')
def test_socket_errors_are_those_of_the_socket_module():
    assert issubclass(errors.ConnectionResetError, socket.error)
    assert errors.TimeoutError is socket.timeout

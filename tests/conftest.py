"""For every test: a limit of time, a seed, and no thread or descriptor left behind.

And the watch over its locks: see `lock_watch` in setup.cfg and `portable_server.pytest_plugin`.

Environment: PORTABLE_SEED repeats a run's random choices, PORTABLE_TIME_LIMIT is
the limit of each test in seconds on an idle machine, PORTABLE_PACE how many times
slower this one is (see `tests.support.limits`).  Works with pytest 4.6 (2.7, Jython)
and newer, and under pytest-xdist.
"""
from __future__ import absolute_import, division, print_function

import numbers
import os
import random
import types
import zlib

import pytest

from portable_server.compat import platform, threads
from tests.support import leaks
from tests.support.limits import scaled
from tests.support.watchdog import Watchdog

pytest_plugins = ['portable_server.pytest_plugin']

_TIME_LIMIT = float(os.environ.get('PORTABLE_TIME_LIMIT') or 60)
_MARKERS = (
    'time_limit(seconds): how long the test may take before its process is ended',
    'leaves_behind(reason): the test may leave threads or descriptors behind',
)


def pytest_configure(config):
    for marker in _MARKERS:
        config.addinivalue_line('markers', marker)
    # into the environment, so that pytest-xdist's workers have the same one
    os.environ.setdefault('PORTABLE_SEED', str(random.SystemRandom().randrange(2 ** 32)))
    config.portable_watchdog = Watchdog()


def pytest_report_header(config):
    return ['interpreter: %(implementation)s %(version)s, class %(class)s, '
            'GIL %(gil_enabled)s, Java %(java)s' % platform.describe(),
            'seed: PORTABLE_SEED=%s' % os.environ['PORTABLE_SEED']]


def pytest_make_parametrize_id(val):
    """Name a parameter alike everywhere, or the matrix would take a test for two.

    Else pytest shows a signal as its number or its name, a 2.7 long and a module not at
    all, and Lock by what the interpreter calls its factory.
    """
    if val is threads.Lock:
        return 'Lock'
    if isinstance(val, types.ModuleType):
        return val.__name__
    if isinstance(val, numbers.Integral) and not isinstance(val, bool):
        return '%d' % val
    return None


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    marker = item.get_closest_marker('time_limit')
    limit = marker.args[0] if marker else _TIME_LIMIT
    item.config.portable_watchdog.watch(item.nodeid, scaled(limit))
    yield
    item.config.portable_watchdog.rest()


@pytest.fixture(autouse=True)
def seeded(request):
    """Seed `random` from PORTABLE_SEED and the test's name: any order, same choices."""
    name = '%s %s' % (os.environ['PORTABLE_SEED'], request.node.nodeid)
    random.seed(zlib.crc32(name.encode('utf-8')) & 0xffffffff)


@pytest.fixture(autouse=True)
def leaves_nothing_behind(request):
    """Fail the test whose threads or descriptors outlive it."""
    before = leaks.snapshot()
    yield
    if request.node.get_closest_marker('leaves_behind') is None:
        found = leaks.leaked(before)
        if found:
            pytest.fail('left behind:\n' + found, pytrace=False)

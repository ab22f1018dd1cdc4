"""pytest under the watch: a test fails when a lock was held too long, slept with, mixed up.

    pytest -p portable_server.pytest_plugin --lock-watch                     every test
    pytest -p portable_server.pytest_plugin --lock-watch=raise               the violation raises
    pytest -p portable_server.pytest_plugin --lock-watch-hold-limit=0.5      seconds, rule 1

Installed with pip the plugin is loaded without ``-p`` in every run of pytest, of projects too that
have nothing to do with it.  So this module is all that such a run loads: it declares the options,
waits until something asks for the watch, and only then loads `hooks`, where the work is done.
What asks: the option, an ini key, a mark, the fixture.

Ini keys: ``lock_watch`` (report or raise), ``lock_watch_hold_limit``, ``lock_watch_ignore``
(folders, relative to the root, whose tests run without the watch).  Marks: see `rules`.  The
fixture ``lock_watch`` has the test's ``reports`` and their ``text()``; with it, or with the mark
``lock_watch_expect``, a test is watched in any case.

It works with pytest 4.6 (CPython 2.7, Jython) and newer, and under pytest-xdist, whose workers
each have a watch of their own and send home what they counted.  The watch is installed as early
as pytest lets us, because modules make their locks when they are imported.
"""
from __future__ import absolute_import, division, print_function

import pytest

HOLD_LIMIT = 1.0        # seconds: a machine that tests is a busy machine
MODES = ('off', 'report', 'raise')
SENT = 'lock_watch'     # the key of what xdist's workers send home
ALLOW, EXPECT, OFF = 'lock_watch_allow', 'lock_watch_expect', 'lock_watch_off'
_MARKERS = (
    ALLOW + '(name, why, kinds=(), lock=None): reports that do not fail the test, counted '
    'under the name',
    EXPECT + '(*kinds, lock=None): the test fails unless a report of each kind comes',
    OFF + '(why): the test runs without the watch, counted with its reason',
)


def pytest_addoption(parser):
    group = parser.getgroup('lock watch', 'the two rules of locking, and the order of locks')
    # Options that contain their value: with one that may have a value, `--lock-watch tests`
    # would take "tests" for it.
    group.addoption('--lock-watch', action='store_const', const='report', dest='lock_watch',
                    help='watch all locks; a report fails the test (=report, =raise, =off)')
    for mode in MODES:
        group.addoption('--lock-watch=' + mode, action='store_const', const=mode,
                        dest='lock_watch', help='the same, with the mode ' + mode)
    group.addoption('--lock-watch-hold-limit', type=float, metavar='SECONDS',
                    help='the longest that a lock may be held, in seconds (default: %g)' % HOLD_LIMIT)
    parser.addini('lock_watch', 'as --lock-watch: report, raise or off')
    parser.addini('lock_watch_hold_limit', 'as --lock-watch-hold-limit, in seconds')
    parser.addini('lock_watch_ignore', 'folders whose tests run without the watch', 'linelist')


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config):
    """Before any conftest.py is imported; called where the plugin came by -p or by pip."""
    _begin_if_asked(early_config, early_config.known_args_namespace)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    for marker in _MARKERS:
        config.addinivalue_line('markers', marker)
    _begin_if_asked(config, config.option)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Tests ask as well; a wrong mark is told before the first of them runs."""
    if hasattr(config, 'lock_watching') or any(_asks(item) for item in items):
        _hooks(config, config.option).check_marks(items)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """A worker of pytest-xdist has ended; one that crashed or watched nothing has sent nothing."""
    sent = getattr(node, 'workeroutput', {}).get(SENT)
    if sent is not None:
        _hooks(node.config, node.config.option).add(node.config, sent)


@pytest.fixture
def lock_watch(request):
    """The watch of this test: ``reports`` so far, and their ``text()``."""
    return _hooks(request.config, request.config.option).watched_test(request.config)


def _begin_if_asked(config, options):
    if (options.lock_watch or config.getini('lock_watch') or 'off') != 'off':
        _hooks(config, options).begin(config, options)


def _asks(item):
    return ('lock_watch' in getattr(item, 'fixturenames', ())
            or any(mark.name in (ALLOW, EXPECT, OFF) for mark in item.iter_markers()))


def _hooks(config, options):
    """The module that has the other hooks, registered from now on."""
    from portable_server.pytest_plugin import hooks     # here: it is not loaded before it is needed
    hooks.register(config, options)
    return hooks

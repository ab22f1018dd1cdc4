"""pytest under the watch: a test fails when a lock was held too long, slept with, mixed up.

    pytest -p portable_server.pytest_plugin --lock-watch                     every test
    pytest -p portable_server.pytest_plugin --lock-watch=raise               the violation raises
    pytest -p portable_server.pytest_plugin --lock-watch-hold-limit=0.5      seconds, rule 1

Installed with pip the plugin is there without ``-p``, and costs nothing until it is asked for.
Ini keys: ``lock_watch`` (report or raise), ``lock_watch_hold_limit``, ``lock_watch_ignore``
(folders, relative to the root, whose tests run without the watch).  Marks: see `rules`.  The
fixture ``lock_watch`` has the test's ``reports`` and their ``text()``; with it, or with the mark
``lock_watch_expect``, a test is watched in any case.

It works with pytest 4.6 (CPython 2.7, Jython) and newer, and under pytest-xdist, whose workers
each have a watch of their own and send home what they counted.  The watch is installed as early
as pytest lets us, because modules make their locks when they are imported.
"""
from __future__ import absolute_import, division, print_function

import os

import pytest

from portable_server.pytest_plugin import rules
from portable_server.pytest_plugin.watching import Watching

HOLD_LIMIT = 1.0        # seconds: a machine that tests is a busy machine
MODES = ('off', 'report', 'raise')
_SENT = 'lock_watch'    # the key of what xdist's workers send home


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
                    help='a lock may be held for so long (default: %g)' % HOLD_LIMIT)
    parser.addini('lock_watch', 'as --lock-watch: report, raise or off')
    parser.addini('lock_watch_hold_limit', 'as --lock-watch-hold-limit, in seconds')
    parser.addini('lock_watch_ignore', 'folders whose tests run without the watch', 'linelist')


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config):
    """Before any conftest.py is imported; called where the plugin came by -p or by pip."""
    _start(early_config, early_config.known_args_namespace)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    for marker in rules.MARKERS:
        config.addinivalue_line('markers', marker)
    _start(config, config.option)


def pytest_unconfigure(config):
    _of(config).end()


def _of(config):
    return config.lock_watching


def _start(config, options):
    if not hasattr(config, 'lock_watching'):
        config.lock_watching = Watching(_mode(config, options), _hold_limit(config, options))
    if (_of(config).mode and not _is_controller(config, options)
            and not _all_ignored(config, options)):
        _of(config).begin()


def _mode(config, options):
    mode = options.lock_watch or config.getini('lock_watch') or 'off'
    if mode not in MODES:
        raise pytest.UsageError('lock_watch = %s: give one of %s' % (mode, ', '.join(MODES)))
    return None if mode == 'off' else mode


def _hold_limit(config, options):
    if options.lock_watch_hold_limit is not None:
        return options.lock_watch_hold_limit
    given = config.getini('lock_watch_hold_limit')
    try:
        return float(given) if given else HOLD_LIMIT
    except ValueError:
        raise pytest.UsageError('lock_watch_hold_limit = %s: give seconds, such as 0.5' % given)


def _is_controller(config, options):
    """Whether this process only hands tests out (pytest-xdist)."""
    if hasattr(config, 'workerinput') or 'PYTEST_XDIST_WORKER' in os.environ:
        return False
    return bool(getattr(options, 'numprocesses', None) or getattr(options, 'tx', None))


def _all_ignored(config, options):
    given = [argument.split('::')[0] for argument in options.file_or_dir]
    root = str(getattr(config, 'rootpath', None) or config.rootdir)
    relative = [os.path.relpath(os.path.abspath(one), root) for one in given]
    return bool(given) and all(_ignored(config, one.replace(os.sep, '/')) for one in relative)


def _ignored(config, path):
    """The ignored folder that a path (or a test's id) is in; None."""
    for folder in config.getini('lock_watch_ignore'):
        if (path + '/').startswith(folder.rstrip('/') + '/'):
            return folder
    return None


# The tests.

@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """A wrong mark is told before the first test runs."""
    for item in items:
        try:
            _rules(item)
            _reason_for_off(item)
        except rules.BadMark as problem:
            raise pytest.UsageError('%s: %s' % (item.nodeid, problem))


def _rules(item):
    return rules.from_marks((mark.name, mark.args, mark.kwargs) for mark in item.iter_markers())


def _reason_for_off(item):
    folder = _ignored(item.config, item.nodeid)
    if folder is not None:
        return 'lock_watch_ignore has ' + folder
    mark = item.get_closest_marker(rules.OFF)
    return None if mark is None else rules.reason_for_off(mark.args, mark.kwargs)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    why = _reason_for_off(item)
    if why is not None:
        around = _of(item.config).without(why)
    else:
        around = _of(item.config).during(_rules(item), wanted=_wants_it(item))
    with around:
        yield


def _wants_it(item):
    return ('lock_watch' in getattr(item, 'fixturenames', ())
            or item.get_closest_marker(rules.EXPECT) is not None)


@pytest.fixture
def lock_watch(request):
    """The watch of this test: ``reports`` so far, and their ``text()``."""
    test = _of(request.config).seen()
    if test is None:
        pytest.fail('the test is without the watch (lock_watch_off, lock_watch_ignore) and asks '
                    'for the fixture lock_watch; remove one of them', pytrace=False)
    return test


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item):
    outcome = yield
    test = _of(item.config).seen()
    if test is not None:
        judge(_of(item.config), test, outcome.get_result())


def judge(watching, test, report):
    """Make pytest's report of one phase a failure when the watch has something to say."""
    failing, lines = test.fails(), []
    if report.when == 'call':
        test.passed = _passed(report) and not failing
    elif report.when == 'teardown':
        lines = test.missing()
    if not failing and not lines:
        return
    if report.when == 'setup' and report.passed or not (report.failed or _passed(report)):
        test.pending = failing          # a setup, a skip, an expected failure: told later
        return
    watching.tally.reports += len(failing)
    if report.failed:
        _add_section(report, failing)
    else:
        watching.tally.failed += 1
        report.outcome = 'failed'
        report.longrepr = _text(failing, lines)


def _passed(report):
    return report.passed and not hasattr(report, 'wasxfail')


def _add_section(report, failing):
    """What the failure itself shows (a Violation that was raised) is not shown twice."""
    shown = str(report.longrepr)
    new = [one for one in failing if str(one) not in shown]
    if new:
        report.sections.append(('lock watch', _text(new, [])))


def _text(failing, lines):
    """The reports in full, then all in one line, which is what summaries show."""
    found = ['%s (%s)' % (report.kind, report.lock) for report in failing] + lines
    return '\n'.join([str(report) for report in failing] + ['lock watch: ' + ', '.join(found)])


# The end of the run.

@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session):
    watching = _of(session.config)
    watching.end()
    if hasattr(session.config, 'workeroutput'):
        session.config.workeroutput[_SENT] = watching.tally.as_data()
    elif watching.tally.stray and not session.exitstatus:
        session.exitstatus = 1


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """A worker of pytest-xdist has ended; one that crashed has sent nothing."""
    sent = getattr(node, 'workeroutput', {}).get(_SENT)
    if sent is not None:
        _of(node.config).tally.add(sent)


def pytest_terminal_summary(terminalreporter):
    watching = _of(terminalreporter.config)
    if watching.tally.sessions:
        terminalreporter.section('lock watch')
        for text in watching.tally.stray:
            terminalreporter.line('between the tests:\n' + text)
        for line in watching.tally.lines():
            terminalreporter.line(line)

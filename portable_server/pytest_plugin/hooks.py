"""The hooks that pytest calls when something has asked for the watch; see the package.

`register` is called as often as something asks, in the phase where that is noticed: before the
first conftest.py for the option and the ini keys, after the collection for a mark or the fixture.
"""
from __future__ import absolute_import, division, print_function

import os
import sys

import pytest

from portable_server.pytest_plugin import EXPECT, HOLD_LIMIT, MODES, OFF, SENT, rules
from portable_server.pytest_plugin.watching import Watching


def register(config, options):
    """Let pytest call the hooks of this module, for a configuration; once is enough."""
    if not hasattr(config, 'lock_watching'):
        config.lock_watching = Watching(_mode(config, options), _hold_limit(config, options))
        config.pluginmanager.register(sys.modules[__name__], __name__)


def begin(config, options):
    """Install the watch, where tests run in this process."""
    if (_of(config).mode and not _is_controller(config, options)
            and not _all_ignored(config, options)):
        _of(config).begin()


def pytest_unconfigure(config):
    _of(config).end()


def _of(config):
    return config.lock_watching


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
    relative = [os.path.relpath(os.path.abspath(path), root) for path in given]
    return bool(given) and all(_ignored(config, path.replace(os.sep, '/')) for path in relative)


def _ignored(config, path):
    """The ignored folder that a path (or a test's id) is in; None."""
    for folder in config.getini('lock_watch_ignore'):
        if (path + '/').startswith(folder.rstrip('/') + '/'):
            return folder
    return None


# The tests.

def check_marks(items):
    """UsageError for a mark that cannot be understood."""
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
    mark = item.get_closest_marker(OFF)
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
            or item.get_closest_marker(EXPECT) is not None)


def watched_test(config):
    """What the fixture gives: the watch of the test that runs."""
    test = _of(config).seen()
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
    new = [found for found in failing if str(found) not in shown]   # 2.7 would keep its name
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
        session.config.workeroutput[SENT] = watching.tally.as_data()
    elif watching.tally.stray and not session.exitstatus:
        session.exitstatus = 1


def add(config, sent):
    """Add what a worker of pytest-xdist has counted."""
    _of(config).tally.add(sent)


def pytest_terminal_summary(terminalreporter):
    watching = _of(terminalreporter.config)
    if watching.tally.sessions:
        terminalreporter.section('lock watch')
        for text in watching.tally.stray:
            terminalreporter.line('between the tests:\n' + text)
        for line in watching.tally.lines():
            terminalreporter.line(line)

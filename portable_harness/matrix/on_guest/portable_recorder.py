"""A pytest plugin that writes down, line by line, what a test run does.

JUnit XML is written when a run ends, so a run that crashes or hangs leaves none. This record is
written as it happens and flushed at each line: whoever reads it knows which test was in progress
when the process went away. It runs on the guest, so it is portable code (CPython 2.7 and Jython
with pytest 4.6, everything newer with the newest pytest); it stands in a folder of its own, which
the controller puts on the guest's path, because a package is either portable or the host's.

One JSON object a line, in the file that the variable PORTABLE_RECORD names (appended to):
  {"event": "start", "facts": {...}, "pace": f}   facts of compat.platform
  {"event": "collected", "tests": [ids]}
  {"event": "collect", "node": id, "outcome": "failed"|"skipped", "message": s, "detail": s}
  {"event": "begin", "test": id}
  {"event": "phase", "test": id, "when": "setup"|"call"|"teardown", "outcome": s,
   "seconds": f, "message": s, "detail": s, "expected_failure": bool}
  {"event": "end", "test": id}
  {"event": "finish", "status": pytest's exit status, "facts": {...}}
PORTABLE_DONE may name a file of test ids, one a line, that are not to be run again.  PORTABLE_PACE is
set to the pace (see portable_pace.py) for tests that have limits of their own, unless it is set already.
"""
from __future__ import absolute_import, division, print_function

import json
import os

import pytest

import portable_pace

DETAIL_LIMIT = 20000  # characters of a traceback that are kept, from its end


def _text(value):
    """``value`` as text; bytes that are no UTF-8 (CPython 2.7) are replaced, not refused."""
    if isinstance(value, bytes):
        return value.decode('utf-8', 'replace')
    return value if isinstance(value, type(u'')) else _text(str(value))


def _platform():
    """The names of compat's `platform`, from its file: the project under test need not have it."""
    names = {'__name__': 'portable_facts'}
    with open(os.environ['PORTABLE_PLATFORM'], 'rb') as stream:
        exec(compile(stream.read(), stream.name, 'exec', 0, True), names)
    return names


_facts = None       # compat.platform.describe, once it is loaded


def _message(report):
    """The first line of what went wrong, or the reason of a skip."""
    representation = report.longrepr
    if isinstance(representation, tuple):
        return _text(representation[2])
    crash = getattr(representation, 'reprcrash', None)
    text = _text(crash.message) if crash is not None else _text(representation or '').strip()
    lines = text.strip().splitlines() or [u'']
    return lines[0] if crash is not None else lines[-1]


def _detail(report):
    if report.outcome != 'failed':
        return u''
    parts = [_text(report.longreprtext)]
    parts.extend(u'---- %s\n%s' % (_text(name), _text(body)) for name, body in report.sections)
    return u'\n'.join(parts)[-DETAIL_LIMIT:]


class Recorder(object):
    """Appends one line for each thing that happens; silent in forked children."""

    def __init__(self, path, done):
        self._stream = open(path, 'ab')
        self._process = os.getpid()
        self._done = done

    def write(self, **event):
        if os.getpid() != self._process:  # a test forked: its child is not the test run
            return
        self._stream.write((json.dumps(event) + '\n').encode('ascii'))
        self._stream.flush()

    def pytest_sessionstart(self):
        self.write(event='start', facts=_facts(), pace=float(os.environ['PORTABLE_PACE']))

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config, items):
        again = [item for item in items if _text(item.nodeid) in self._done]
        if again:
            config.hook.pytest_deselected(items=again)
            items[:] = [item for item in items if _text(item.nodeid) not in self._done]

    def pytest_collectreport(self, report):
        if report.outcome != 'passed':
            self.write(event='collect', node=_text(report.nodeid), outcome=report.outcome,
                       message=_message(report), detail=_detail(report))

    def pytest_collection_finish(self, session):
        self.write(event='collected', tests=[_text(item.nodeid) for item in session.items])

    def pytest_runtest_logstart(self, nodeid):
        self.write(event='begin', test=_text(nodeid))

    def pytest_runtest_logreport(self, report):
        self.write(event='phase', test=_text(report.nodeid), when=report.when,
                   outcome=report.outcome, seconds=report.duration,
                   message=_message(report), detail=_detail(report),
                   expected_failure=hasattr(report, 'wasxfail'))

    def pytest_runtest_logfinish(self, nodeid):
        self.write(event='end', test=_text(nodeid))

    def pytest_sessionfinish(self, exitstatus):
        self.write(event='finish', status=int(exitstatus), facts=_facts())

    def pytest_unconfigure(self):
        self._stream.close()


def _done_before():
    path = os.environ.get('PORTABLE_DONE')
    if not path:
        return frozenset()
    with open(path, 'rb') as stream:
        return frozenset(stream.read().decode('utf-8').splitlines())


@pytest.hookimpl(tryfirst=True)     # before any conftest.py is imported, whose limits follow it
def pytest_load_initial_conftests():
    if not os.environ.get('PORTABLE_RECORD'):
        return
    global _facts
    platform = _platform()
    platform['watch_imports']()
    _facts = platform['describe']
    if not os.environ.get('PORTABLE_PACE'):
        os.environ['PORTABLE_PACE'] = str(portable_pace.pace())


def pytest_configure(config):
    path = os.environ.get('PORTABLE_RECORD')
    if path:
        config.pluginmanager.register(Recorder(path, _done_before()), 'portable-recorder')

"""Run the checks of a module: run_checks.py SETTINGS, a file with a JSON object.

It has `channel` (where results go, a JSON object in a line each), `tests` (path), `work` (folder of
the student's module), `seed`, `limit` (seconds for a check), `hold_limit` (None: no lock watch),
`skip` (names of checks that were done before) and `only` (names; empty: all).

A check that does not end is told as hanging, with the stacks of all threads, and ends the process;
the controller starts another for the rest.
"""
from __future__ import absolute_import, division, print_function

import io
import json
import os
import sys
import threading
import time
import traceback

import exercise_kit

HANG = 97   # exit status


class Channel(object):
    """Writes JSON lines to a file that the student's prints do not reach."""

    def __init__(self, path):
        self._path = path
        self._lock = threading.Lock()

    def tell(self, event, **more):
        more['event'] = event
        data = (json.dumps(more) + '\n').encode('utf-8')
        with self._lock:
            stream = io.open(self._path, 'ab')
            try:
                stream.write(data)
            finally:
                stream.close()


def main(path):
    with io.open(path, encoding='utf-8') as stream:
        settings = json.load(stream)
    channel = Channel(settings['channel'])
    if settings['hold_limit'] is not None:
        watch_locks(settings['hold_limit'], channel)
    exercise_kit.use_seed(settings['seed'])
    sys.path.insert(0, settings['work'])
    if not load(settings['tests'], channel):
        leave(1)
    for name, promise, advice, function in exercise_kit.CHECKS:
        if name in settings['skip'] or settings['only'] and name not in settings['only']:
            continue
        channel.tell('begin', check=name, promise=promise, advice=advice)
        run_one(name, function, settings['limit'], channel)
    channel.tell('end')
    leave(0)


def watch_locks(hold_limit, channel):
    from portable_server.litmus import watch
    session = watch.install(mode='report', hold_limit=hold_limit)
    session.listeners.append(lambda report: channel.tell(
        'report', kind=report.kind, lock=report.lock, text=str(report)))


def load(tests, channel):
    """Run tests.py, which imports the module; whether that worked."""
    namespace = {'__name__': 'tests', '__file__': tests}
    try:
        with io.open(tests, 'rb') as stream:
            exec(compile(stream.read(), tests, 'exec'), namespace)
    except BaseException:
        text = traceback.format_exc()
        channel.tell('not loaded', came=text.strip().splitlines()[-1], text=text)
        return False
    return True


def run_one(name, function, limit, channel):
    """One check in a thread of its own, so that one that hangs can be told of."""
    outcome = []
    thread = threading.Thread(target=judge, args=(function, outcome))
    thread.daemon = True
    began = time.time()
    thread.start()
    thread.join(limit)
    seconds = time.time() - began
    if not outcome:
        channel.tell('done', check=name, status='failed', seconds=seconds, sent='-',
                     came='it does not end within %g s' % limit, due='an end',
                     text=stacks())
        leave(HANG)
    channel.tell('done', check=name, seconds=seconds, **outcome[0])


def judge(function, outcome):
    try:
        function()
    except exercise_kit.Failed as failed:
        outcome.append({'status': 'failed', 'sent': failed.did, 'came': failed.came,
                        'due': failed.due})
    except BaseException:
        text = traceback.format_exc()
        outcome.append({'status': 'failed', 'sent': '-', 'due': 'no exception',
                        'came': text.strip().splitlines()[-1], 'text': text})
    else:
        outcome.append({'status': 'passed'})


def stacks():
    """The stack of each thread as text."""
    frames = sys._current_frames()
    return '\n'.join(''.join(traceback.format_stack(frame)) for frame in frames.values())


def leave(status):
    """End at once: a student's thread that still runs must not keep the process."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == '__main__':
    main(sys.argv[1])

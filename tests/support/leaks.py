"""What a test left behind: threads that live on, descriptors that stay open."""
from __future__ import absolute_import, division, print_function

import re

from portable_server.compat import clock, ledger, process, threads

_GRACE = 2.0        # seconds for all threads of a test to end after it


def snapshot():
    """What is there now; for `leaked`."""
    return set(threads.enumerate()), process.describe_descriptors()


def leaked(before):
    """str: what is there now and was not in the snapshot `before`; '' if nothing."""
    alive = _new_threads(before[0])
    _join(alive)
    alive = [thread for thread in alive if thread.is_alive()]
    complaints = ['thread still alive: %r' % thread for thread in alive]
    complaints += ['descriptor still open: %d, %s' % item
                   for item in _new_descriptors(before[1])]
    if alive:
        complaints.append(_stacks())
    return '\n'.join(complaints)


def _new_threads(before):
    return [thread for thread in threads.enumerate()
            if thread not in before and not thread.name.startswith('Dummy-')]


def _join(candidates):
    deadline = clock.monotonic() + _GRACE
    for thread in candidates:
        thread.join(max(0, deadline - clock.monotonic()))


def _new_descriptors(before):
    after = process.describe_descriptors()
    if after is None:       # this system does not tell
        return []
    return sorted(item for item in after.items()
                  if before.get(item[0]) != item[1] and _counts(item[1]))


def _counts(target):
    if ledger.applies('descriptors-opened-lazily'):
        return target.startswith('socket:')
    return not re.match(r'/dev/|.*\.so[.\d]*$', target)     # libffi keeps its own file open


class _Lines(list):
    """A list as the stream that `dump_stacks` wants."""

    def write(self, text):
        self.append(text)

    def flush(self):
        pass


def _stacks():
    lines = _Lines()
    threads.dump_stacks(lines)
    return ''.join(lines)

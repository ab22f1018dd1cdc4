"""The child processes of a server: started, noticed when they end, reaped, ended.

How does the parent learn that a child has ended, without polling and without taking
away the children of others (as `waitpid(-1)` would)? Each child inherits the writing
end of a pipe, its lifeline, and nobody writes to it. When the child ends, however it
ends, the system closes that end and the parent's end becomes readable. One thread, the
reaper, waits for all lifelines with a selector.
"""
from __future__ import absolute_import, division, print_function

import os
import signal

from portable_server.compat import clock, process, threads
from portable_server.compat.selectors import EVENT_READ, DefaultSelector

#: The part of the time for ending that children get to follow SIGTERM, before SIGKILL.
PATIENCE = 0.5

#: A child that has closed its lifeline is gone a moment later, or has only closed its files:
#: how soon to look again, in seconds.
LOOK_AGAIN = 0.005


class Children(object):
    """Child processes, each with a token that `on_end(token)` gets when it has ended."""

    def __init__(self, on_end):
        self._on_end = on_end
        self._end_with_parent = process.ending_with_parent()
        self._changed = threads.Condition()
        self._tokens = {}
        self._newborn = []
        self._closed = False
        self._selector = DefaultSelector()
        self._reaper = threads.Thread(target=self._reap, name='reaper')
        self._reaper.daemon = True
        self._reaper.start()

    def start(self, token, work, keep):
        """Fork; the child runs `work()` and ends. Raises OSError if there can be no child.

        The child keeps of the parent's descriptors only `keep`, 0, 1 and 2: another
        client's connection left open in it would never be seen to end.
        """
        lifeline, far_end = os.pipe()
        try:
            pid = process.fork()
        except BaseException:
            os.close(lifeline)
            os.close(far_end)
            raise
        if pid == 0:
            self._be_child(work, keep, far_end)
        os.close(far_end)
        with self._changed:
            self._tokens[pid] = token
            self._newborn.append((lifeline, pid))
        self._selector.wakeup()

    def _be_child(self, work, keep, far_end):
        status = 1
        try:
            become_child(keep + [far_end], self._end_with_parent)
            process.keep_at_exec(far_end)
            work()
            status = 0
        finally:
            # Not sys.exit: what the parent registered for its exit is not ours to run.
            os._exit(status)

    def end_all(self, deadline):
        """End all children by `deadline` (compat.clock) and the reaper; how many are left."""
        self._signal(signal.SIGTERM)
        now = clock.monotonic()
        if not self._wait(now + (deadline - now) * PATIENCE):
            self._signal(signal.SIGKILL)
            self._wait(deadline)
        with self._changed:
            self._closed = True
            left = len(self._tokens)
        self._selector.wakeup()
        self._reaper.join()
        self._selector.close()
        return left

    def _signal(self, number):
        with self._changed:
            for pid in list(self._tokens):
                process.signal_child(pid, number)

    def _wait(self, deadline):
        with self._changed:
            while self._tokens and clock.monotonic() < deadline:
                self._changed.wait(max(deadline - clock.monotonic(), 0))
            return not self._tokens

    def _reap(self):
        ending = []  # pids whose lifeline is closed but who are not gone yet
        while True:
            with self._changed:
                newborn, self._newborn = self._newborn, []
                if self._closed:
                    break
            for lifeline, pid in newborn:
                self._selector.register(lifeline, EVENT_READ, pid)
            for key, _ in self._selector.select(LOOK_AGAIN if ending else None):
                self._selector.unregister(key.fileobj)
                os.close(key.fileobj)
                ending.append(key.data)
            ending = [pid for pid in ending if not self._bury(pid)]
        for lifeline in [key.fileobj for key in self._selector.get_map().values()]:
            os.close(lifeline)

    def _bury(self, pid):
        """Reap the child if it is gone; False if it is not."""
        # Under the lock, and so without waiting: `_signal` must not meet a pid that is free.
        with self._changed:
            if pid not in process.reap([pid]):
                return False
            token = self._tokens.pop(pid)
            self._changed.notify_all()
        self._on_end(token)
        return True


def become_child(keep, end_with_parent):
    """First thing in a child: it lets go of what is the parent's, but for some descriptors.

    `end_with_parent`: what `process.ending_with_parent` gave to the parent.
    """
    # SIGTERM is how the parent ends it. Ctrl-C reaches the parent as well, so ignore it.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    close_all_but([0, 1, 2] + keep)


def close_all_but(keep):
    """Close this process's descriptors other than those in the list."""
    try:
        held = [int(name) for name in os.listdir('/proc/self/fd')]
    except OSError:
        held = range(os.sysconf('SC_OPEN_MAX'))
    for descriptor in set(held).difference(keep):
        try:
            os.close(descriptor)
        except OSError:
            pass  # the one that listdir itself had open

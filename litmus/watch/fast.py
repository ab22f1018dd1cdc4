"""The short way through a watched lock, for a thread that holds no other.

This is what each lock of a program costs under the watch, so each instruction counts: a
look at the thread's `Held`, the plain `acquire`, and four notes.  Whatever is out of the
ordinary (a second lock, a time-out, a tick of the clock meanwhile) goes to the session.

The methods are made from a text, because what differs between Lock and RLock, and between
interpreters, must not cost a question at each call.
"""
from __future__ import absolute_import, division, print_function

import time

from portable_server.compat import interception
from portable_server.litmus.watch import ticking
from portable_server.litmus.watch.held import local, of_this_thread

#: the time of the last tick, by the monotonic clock and by the wall's: see `ticking`
tick = tick_wall = 0.0
wall = time.time
getframe = interception.getframe
LATE = ticking.LATE
WAIT, NO_LIMIT = True, -1       # the defaults, which are told by identity


def note_tick(now, now_wall):
    """Keep the time of the tick."""
    global tick, tick_wall
    tick, tick_wall = now, now_wall


ticker = ticking.Ticker(note_tick)

_TEXT = '''
def acquire(self, blocking=WAIT, timeout=NO_LIMIT):
    try:
        held = local.held
    except AttributeError:
        held = of_this_thread()
    if held.only is not None or timeout is not NO_LIMIT or blocking is not WAIT:
        return session.acquire(self, held, blocking, timeout, getframe(1))
    self.inner.acquire()
    self.holder = held
    held.only = self
    self.frame = frame = getframe(1)
    self.position = frame.{position}
    self.since = tick
    {taken}
    return True

def release(self):
    holder = self.holder
    if (holder is None or holder.only is not self or self.since is not tick
            or {unusual} or holder.more):
        return session.release(self)
    {released}
    self.holder = self.frame = holder.only = None
    self.inner.release()

def leave(self, kind=None, value=None, traceback=None):
    holder = self.holder
    if (holder is None or holder.only is not self or self.since is not tick
            or {unusual} or holder.more):
        return session.leave(self, kind)
    {released}
    self.holder = self.frame = holder.only = None
    self.inner.release()
'''


def methods(session, reentrant):
    """{name: function} of a watched Lock or RLock during `session`."""
    unusual = []
    if reentrant:       # deeper than once, or not the owner's release
        unusual.append("self.count != 1 or holder is not getattr(local, 'held', None)")
    if interception.LATE_TICKS:
        unusual.append('wall() - tick_wall > LATE')
    text = _TEXT.format(
        position=interception.POSITION, unusual=' or '.join(unusual) or 'False',
        taken='self.count = 1' if reentrant else '', released='self.count = 0' if reentrant else '')
    names = dict(session=session)
    made = eval(compile(_within(text), __file__, 'exec'), globals(), names)
    assert made is None
    return names['make'](session)


def _within(text):
    """The functions inside of another, so that `session` is a variable of theirs."""
    lines = ''.join('    %s\n' % line for line in text.splitlines() if line.strip())
    return ('from __future__ import absolute_import, division, print_function\n'
            'def make(session):\n' + lines +
            '    return dict(acquire=acquire, __enter__=acquire, release=release, '
            '__exit__=leave)\n')

"""What a violation is told in: the kinds, the report and the exception."""
from __future__ import absolute_import, division, print_function

from portable_server.litmus.watch import stacks

HELD_TOO_LONG = 'held-too-long'
BLOCKED = 'blocked-while-holding'
ORDER = 'lock-order'
NESTING = 'same-class-nesting'
UNGUARDED = 'unguarded-access'
KINDS = (HELD_TOO_LONG, BLOCKED, ORDER, NESTING, UNGUARDED)

_RULE = '=' * 70
_THIN = '-' * 70


class Violation(RuntimeError):
    """Raised at the place of a violation in mode 'raise'; `report` tells all."""

    def __init__(self, report):
        RuntimeError.__init__(self, str(report))
        self.report = report


class Report(object):
    """One violation: `str` gives the block of text.

    kind: one of KINDS; lock: name of the lock's class; thread: name of the thread;
    operation: what was called ('' if nothing was); acquired, violated: stacks, lists of
    (file, line, function), newest call last; others: list of (name, stack) of the other
    locks concerned; message: the sentence at the head of the text.
    """

    def __init__(self, kind, lock, thread, operation, acquired, violated, others, message,
                 titles=()):
        self.kind = kind
        self.lock = lock
        self.thread = thread
        self.operation = operation
        self.acquired = acquired
        self.violated = violated
        self.others = others
        self.message = message
        self._titles = dict(titles)

    @property
    def place(self):
        """What makes two reports the same one."""
        return (self.kind, self.lock, self.operation, tuple(name for name, _ in self.others),
                tuple(self.acquired[-1:]), tuple(self.violated[-1:]))

    def __repr__(self):
        return '<Report %s of %s by %s>' % (self.kind, self.lock, self.thread)

    def __str__(self):
        lines = [_RULE, 'WATCH: ' + self.kind, _THIN, self.message]
        if self.acquired:
            lines += [self._title('acquired', "'%s' was acquired at" % self.lock) + ':',
                      stacks.text_of(self.acquired)]
        for name, stack in self.others:
            lines += [self._title('other', "concerned too, '%s', at") % name + ':',
                      stacks.text_of(stack)]
        lines += [self._title('violated', 'violated at') + ':', stacks.text_of(self.violated),
                  _RULE]
        return '\n'.join(lines)

    def _title(self, part, otherwise):
        return self._titles.get(part, otherwise)

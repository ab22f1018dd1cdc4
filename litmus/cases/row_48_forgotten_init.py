"""Row 48: a Thread subclass whose ``__init__`` forgets ``Thread.__init__``: RuntimeError.

``start`` raises the error, and its message gives the reason. Only Jython raises an
AttributeError, about a name that the program never wrote; ``compat`` raises what the
others do. Call ``Thread.__init__(self)`` first, before you set any attribute.

Source: library/threading: Thread Objects, the constructor, on subclasses.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, actor, expect

LIMIT = 10.0    # seconds that no wait in here should need


class _Forgetful(threads.Thread):
    def __init__(self, done):
        self.done = done

    def run(self):
        self.done.set()


class _Mindful(_Forgetful):
    def __init__(self, done):
        threads.Thread.__init__(self)
        self.done = done


class ForgottenInit(Case):
    """A thread whose class forgot Thread.__init__ is started."""

    rows = (48,)
    expectations = (expect('raises RuntimeError', 'A', 'library/threading: Thread'),)
    batch = 10
    new_thread = _Forgetful

    def __init__(self):
        self.done = threads.Event()

    def use(self, thread):
        thread.start()

    @actor
    def program(self):
        thread = self.new_thread(self.done)
        self.use(thread)
        thread.join(LIMIT)

    def observe(self):
        return 'ran' if self.done.is_set() else 'did not run'


class ForgottenInitJoined(ForgottenInit):
    """The same thread is waited for."""

    def use(self, thread):
        thread.join(LIMIT)


class ForgottenInitMended(ForgottenInit):
    """The class calls Thread.__init__ first: the thread runs."""

    mends = 'ForgottenInit'
    expectations = (expect('ran', 'A', 'library/threading: Thread'),)
    new_thread = _Mindful

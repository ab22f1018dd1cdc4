"""`APScheduler`: jobs added by many threads run once, and shutdown() waits for them."""
from __future__ import absolute_import, division, print_function

import importlib

from portable_server.compat import clock, threads
from portable_server.litmus import watch

PROMISE = ('A job with a date runs once; only one instance of a job runs at a time; '
           'shutdown() waits until all running jobs have finished')
SOURCE = ('APScheduler user guide, "Shutting down the scheduler", "Limiting the number of '
          'concurrently executing instances of a job"; trigger date')
OPEN = ('concurrent',)
THREADS = 3
EACH = 4
LIMIT = 20.0
LOCKS = ('executors', 'jobstores', 'listeners', 'executor')     # in the order it makes them


def load():
    importlib.import_module('apscheduler.schedulers.background')
    return importlib.import_module('apscheduler')


def version(library):
    return getattr(library, 'version', None) or _installed_version()


def _installed_version():
    """From 3.11 on the package does not say it."""
    return importlib.import_module('importlib.metadata').version('apscheduler')


class _Jobs(object):
    """What the jobs note, and how one waits for all of them."""

    def __init__(self, due):
        self._due = due
        self._changed = threads.Condition()
        self.done = []
        self.running = 0
        self.most = 0

    def once(self, key):
        """A job: notes that it ran."""
        with self._changed:
            self.done.append(key)
            self._changed.notify_all()

    def wait(self):
        """bool: whether all ran before the limit of time."""
        deadline = clock.monotonic() + LIMIT
        with self._changed:
            while len(self.done) < self._due and clock.monotonic() < deadline:
                self._changed.wait(deadline - clock.monotonic())
            return len(self.done) >= self._due


def _scheduler(library):
    """A scheduler whose locks have names: it makes all of them in one line, one for each use."""
    names = iter(LOCKS)

    class Scheduler(library.schedulers.background.BackgroundScheduler):
        def _create_lock(self):
            lock = super(Scheduler, self)._create_lock()
            return watch.name(lock, 'apscheduler.' + next(names, 'further'))

    return Scheduler(timezone='UTC')


def stress(library, one):
    scheduler = _scheduler(library)
    jobs = _Jobs(THREADS * EACH)
    scheduler.start()
    try:
        one.together(*[_adder(scheduler, jobs, name) for name in range(THREADS)])
        one.promise(jobs.wait(), 'of %d jobs ran only %r' % (THREADS * EACH, jobs.done))
    finally:
        scheduler.shutdown()
    due = sorted((name, number) for name in range(THREADS) for number in range(EACH))
    one.promise(sorted(jobs.done) == due, 'added %r, ran %r' % (due, sorted(jobs.done)))


def _adder(scheduler, jobs, name):
    def add():
        for number in range(EACH):
            scheduler.add_job(jobs.once, 'date', args=[(name, number)], misfire_grace_time=None)
            again = scheduler.add_job(jobs.once, 'interval', args=[None], hours=1)
            scheduler.get_jobs()
            again.remove()
    return add

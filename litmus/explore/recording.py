"""What happened in one execution, step by step: for the interleaving that a report shows.

Recording costs much more than running, so an execution is recorded only when it is repeated
by its decisions.  A `Recorder` also says where each step was (`place`): the line, and the
number of the actor's points in that line so far.  A place means the same on every interpreter.
"""
from __future__ import absolute_import, division, print_function

import collections
import linecache
import os
import sys

from portable_server.litmus.explore import points, rewriting

#: actor: its number; file, line: where; values: list of texts such as 'n = 0'; waits: text or '';
#: again: whether the actor was interrupted in this line
Row = collections.namedtuple('Row', 'actor file line values waits again')

_PLAIN = (bool, int, float, str, bytes, type(u''), type(None), list, dict, set, tuple, frozenset,
          collections.deque, collections.OrderedDict)
#: the line of a step between two calls of the program
NOWHERE = -1
_LONGEST = 40       # characters of a value


def line_of(site):
    """(file, line) of a step: of its site, or of the program's innermost frame."""
    if site is not None:
        found = rewriting.sites[site]
        return found.file, found.line
    frame = sys._getframe(1)
    while frame is not None:
        if rewriting.ATTRIBUTE in frame.f_globals:
            return frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back
    return '', NOWHERE


def source_of(filename, line):
    """The text of a line, without the spaces around."""
    return linecache.getline(filename, line).strip()


def short(value):
    """A plain value as text; its type where its repr could be the program's own code."""
    kept, points.run = points.run, None
    try:
        text = repr(value) if type(value) in _PLAIN else '<%s>' % type(value).__name__
    except Exception:       # what it contains has a repr that fails
        text = '<%s>' % type(value).__name__
    finally:
        points.run = kept
    return text if len(text) <= _LONGEST else text[:_LONGEST - 3] + '...'


class Places(object):
    """Counts an actor's points in each line, and the waits of each actor."""

    def __init__(self):
        self._counts = collections.defaultdict(int)

    def at(self, actor, line):
        """(line, number) of the actor's next point in that line."""
        self._counts[actor.number, line] += 1
        return line, self._counts[actor.number, line]

    def forced(self, actor):
        """The same for a turn that the actor had to end; its line is 0."""
        return self.at(actor, 0)


class Recorder(object):
    """Listens to a Run; `rows` and `places` are what it heard."""

    def __init__(self):
        self.rows = []
        self.places = {}        # (actor, own step) -> (line, number)
        self._places = Places()

    def at(self, run, site, value):
        """A step of the running actor."""
        filename, line = line_of(site)
        actor = run.current
        run.place = self.places[actor.number, run.own_steps()] = self._places.at(actor, line)
        text = self._value(site, value)
        last = self.rows[-1] if self.rows else None
        if last is None or last[:3] != (actor.number, filename, line):
            last = Row(actor.number, filename, line, [], '', False)
            self.rows.append(last)
        if text and (not last.values or last.values[-1] != text):
            last.values.append(text)

    def _value(self, site, value):
        if site is None or value is None:
            return ''
        name = rewriting.sites[site].name
        if rewriting.sites[site].kind not in ('load', 'store'):
            return short(value) if type(value) in _PLAIN else ''
        held = getattr(value, '__dict__', {})
        for spelled in (name, '_%s%s' % (type(value).__name__.lstrip('_'), name)):
            if spelled in held:
                return '%s = %s' % (name, short(held[spelled]))
        return ''

    def resumed(self, actor):
        """The actor goes on in the line in which it was interrupted."""
        before = [row for row in self.rows if row.actor == actor.number]
        if before:
            self.rows.append(before[-1]._replace(values=[], waits='', again=True))

    def forced(self, run, actor):
        """The actor cannot go on."""
        own = actor.steps + run.step - run.since
        run.place = self.places[actor.number, own] = self._places.forced(actor)
        self.stuck(actor)

    def stuck(self, actor):
        """The actor waits, at the line of its latest step."""
        if actor.state == 'waiting':
            before = [row for row in self.rows if row.actor == actor.number]
            filename, line = before[-1][1:3] if before else line_of(None)
            self.rows.append(Row(actor.number, filename, line, [], describe(actor.waits_for),
                                 False))


def describe(waits_for):
    """What an actor waits for, in words."""
    if isinstance(waits_for, str):
        return waits_for
    if hasattr(waits_for, 'join'):
        actor = getattr(waits_for, '_explore_actor', waits_for)
        return 'the end of %s' % name_of(actor)
    owner = getattr(waits_for, 'owner', None)
    name = type(waits_for).__name__
    if owner is not None and hasattr(owner, 'name'):
        return '%s held by %s' % (name, name_of(owner))
    return name


def name_of(actor):
    """The actor's name; its number in place of the number that `threading` chose."""
    if actor.name.startswith('Thread-'):
        return 'thread %d' % actor.number
    return actor.name


def shown(row):
    """'file:line' of a row."""
    return '%s:%d' % (os.path.basename(row.file), row.line)

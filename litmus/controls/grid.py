"""The grid in the manner of the kernel's locking-selftest, and its totals.

                                     |  threading             |  compat
                                     |  Lock   RLock  Cond.   |  Lock   RLock  Cond.
    ab_ba                            |  ok     ok     ok      |  ok     ok     ok
"""
from __future__ import absolute_import, division, print_function

import collections

from portable_server.litmus.controls.control import APIS, KINDS
from portable_server.litmus.controls.kit import COLUMNS
from portable_server.litmus.controls.known import FAILED, KNOWN, OK, UNEXPECTED_PASS

_NAME_WIDTH = 42
_CELL_WIDTH = 7
_HEADS = {'Condition': 'Cond.'}


class Totals(object):
    """What a run came to: counts of cells by judgement, false positives and negatives."""

    def __init__(self):
        self.judged = collections.Counter()
        self.due = self.clean = self.false_negatives = self.false_positives = 0
        self.wrong = 0
        self.controls = set()

    def add(self, verdict, judgement):
        """Count one cell."""
        due = len(verdict.control.due_in(verdict.column))
        self.controls.add(verdict.control.name)
        self.judged[judgement] += 1
        self.due += due
        self.clean += not due
        self.false_negatives += len(verdict.missing)
        self.false_positives += len(verdict.unexpected)
        self.wrong += bool(verdict.trouble)

    @property
    def fine(self):
        """bool: nothing failed, and nothing passed that is known to fail."""
        return not (self.judged[FAILED] or self.judged[UNEXPECTED_PASS])

    def as_dict(self):
        """For JSON."""
        return {'controls': len(self.controls), 'cells': sum(self.judged.values()),
                'ok': self.judged[OK], 'failed': self.judged[FAILED],
                'known': self.judged[KNOWN], 'unexpected passes': self.judged[UNEXPECTED_PASS],
                'reports due': self.due, 'false negatives': self.false_negatives,
                'cells without any due': self.clean, 'false positives': self.false_positives,
                'wrong or stuck': self.wrong}

    def lines(self):
        """The totals as lines of text."""
        told = (
            '%(controls)d controls in %(cells)d cells: %(ok)d ok, %(failed)d FAILED, '
            '%(known)d known to fail, %(unexpected passes)d passed unexpectedly',
            'false negatives: %(false negatives)d of %(reports due)d reports due',
            'false positives: %(false positives)d reports, with %(cells without any due)d '
            'cells that must give none',
            'programs that went wrong or got stuck: %(wrong or stuck)d')
        return [line % self.as_dict() for line in told]


def heading():
    """The two lines above the grid."""
    apis = [api.ljust(_CELL_WIDTH * len(KINDS)) for api in APIS]
    kinds = [''.join(_HEADS.get(kind, kind).ljust(_CELL_WIDTH) for kind in KINDS)] * len(APIS)
    return [_line('', apis), _line('', kinds)]


def row(control, judgements):
    """One line: ``judgements`` is a dict from column to a judgement (str)."""
    cells = [judgements.get(column, '-').ljust(_CELL_WIDTH) for column in COLUMNS]
    groups = [''.join(cells[start:start + len(KINDS)])
              for start in range(0, len(cells), len(KINDS))]
    return _line('  ' + control.name, groups)


def _line(name, groups):
    return ('%s|  %s' % (name.ljust(_NAME_WIDTH), '|  '.join(groups))).rstrip()

"""The list of known failures: ``known_failures.txt``, a line each, with its reason.

    control | interpreter classes | columns | reason

What is listed may fail; if it passes, the list is out of date, and that is an error, else
the list would grow and nobody would notice when something got well.
"""
from __future__ import absolute_import, division, print_function

import collections
import io
import os

from portable_server.compat import platform
from portable_server.litmus.controls.kit import COLUMNS
from portable_server.litmus.grades import CLASSES

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'known_failures.txt')
COLUMN_NAMES = tuple('.'.join(column) for column in COLUMNS)

OK, FAILED, KNOWN, UNEXPECTED_PASS = 'ok', 'FAILED', 'known', 'PASSED'

Known = collections.namedtuple('Known', 'control classes columns reason')


class BadList(ValueError):
    """A line of the list cannot be understood."""


def read(lines, names):
    """The list (of Known) from text lines; ``names`` are those of the controls there are.

    Raises BadList for a line without a reason, or that names what does not exist.
    """
    found = []
    for number, line in enumerate(lines, 1):
        line = line.strip()
        if line and not line.startswith('#'):
            found.append(_parse(line, number, names))
    return found


def _parse(line, number, names):
    parts = [part.strip() for part in line.split('|')]
    if len(parts) != 4 or not all(parts):
        raise BadList('line %d: control | classes | columns | reason' % number)
    classes = CLASSES if parts[1] == 'all' else tuple(parts[1].split())
    columns = COLUMN_NAMES if parts[2] == 'all' else tuple(parts[2].split())
    unknown = (set(parts[:1]) - set(names) | set(classes) - set(CLASSES)
               | set(columns) - set(COLUMN_NAMES))
    if unknown:
        raise BadList('line %d: unknown: %s' % (number, ', '.join(sorted(unknown))))
    return Known(parts[0], classes, columns, parts[3])


def load(names):
    """The list of this tree. Raises BadList."""
    with io.open(PATH, encoding='utf-8') as stream:
        return read(stream, names)


def judge(verdict, known, interpreter_class=platform.CLASS):
    """OK, FAILED, KNOWN or UNEXPECTED_PASS for a Verdict, by the list ``known``."""
    listed = any(verdict.control.name == one.control and interpreter_class in one.classes
                 and '.'.join(verdict.column) in one.columns for one in known)
    if listed:
        return UNEXPECTED_PASS if verdict.fine else KNOWN
    return OK if verdict.fine else FAILED

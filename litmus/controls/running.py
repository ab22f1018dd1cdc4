"""Run a control in a column, and compare its reports with those due.

A report that is due and does not come is a *false negative*; one that comes and is not
due is a *false positive*. A program whose own checks fail is *wrong*, one that does not
end within its limit is *stuck*.
"""
from __future__ import absolute_import, division, print_function

import traceback

from portable_server.compat import threads
from portable_server.litmus import watch
from portable_server.litmus.controls.control import Due
from portable_server.litmus.controls.kit import Kit

#: Seconds that a program may take.
LIMIT = 30.0


class Verdict(object):
    """What one control gave in one column.

    ``missing`` is the list of Due that did not come, ``unexpected`` of those found that were
    not due, ``trouble`` (str) what was wrong besides, ``text`` the reports.
    """

    def __init__(self, control, column, found, trouble='', text=''):
        self.control = control
        self.column = column
        self.missing, self.unexpected = compare(control.due_in(column), found)
        self.trouble = trouble
        self.text = text

    @property
    def fine(self):
        """bool: exactly what is due, and nothing wrong besides."""
        return not (self.missing or self.unexpected or self.trouble)

    def __str__(self):
        told = ['missing: %r' % one for one in self.missing]
        told += ['unexpected: %r' % one for one in self.unexpected]
        told += [self.trouble] if self.trouble else []
        return '%s in %s.%s: %s' % ((self.control.name,) + tuple(self.column)
                                    + ('; '.join(told) or 'ok',))


def compare(due, found):
    """The reports due that are missing, and those found that were not due (lists of Due)."""
    missing, left = [], list(found)
    for one in sorted(due, key=_fields_left_open):
        fitting = [candidate for candidate in left if one.fits(candidate)]
        if fitting:
            left.remove(fitting[0])
        else:
            missing.append(one)
    return missing, left


def _fields_left_open(due):
    return sum(getattr(due, field) is None for field in Due.FIELDS)


def found_in(session):
    """The reports of a session as a list of Due with all fields known."""
    return [Due(report.kind, report.lock, report.operation,
                {name for name, _ in report.others} - {report.lock}, report.thread)
            for report in session.reports]


def run(control, column, limit=LIMIT, kit_class=Kit):
    """Run ``control`` in ``column`` under a watch of its own; return the Verdict."""
    kit = kit_class(column, control.real_clock)
    trouble = []
    runner = threads.Thread(target=_call, args=(control, kit, trouble), name='control')
    runner.daemon = True
    with watch.installed(mode=control.mode, hold_limit=control.hold_limit,
                         clock=kit.clock) as session:
        kit.session = session
        runner.start()
        runner.join(limit)
        if runner.is_alive():
            trouble.append('stuck for %g s' % limit)
    return Verdict(control, column, found_in(session), '\n'.join(trouble), session.text())


def _call(control, kit, trouble):
    try:
        control.program(kit)
    except Exception as error:  # whatever it is, the program did not run as meant
        trouble.append('%s: %s' % (type(error).__name__, error))
        trouble.append(traceback.format_exc())
    finally:
        kit.close()

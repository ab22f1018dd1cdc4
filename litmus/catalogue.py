"""Find the cases: every module in ``portable_server.litmus.cases`` (or another package) and what it defines.

Modules and classes whose names begin with an underscore are scaffolding, no cases.
"""
from __future__ import absolute_import, division, print_function

import importlib
import pkgutil

from portable_server.litmus.case import Case, name_of

DEFAULT_PACKAGE = 'portable_server.litmus.cases'


class UnknownCase(LookupError):
    """No case or module of cases has the given name."""


def modules(package=DEFAULT_PACKAGE):
    """The names (list of str) of ``package`` and, where it is one, of its modules."""
    found = importlib.import_module(package)
    inner = sorted(name for _, name, _ in pkgutil.iter_modules(getattr(found, '__path__', [])))
    return [package] + [package + '.' + name for name in inner if name[0] != '_']


def cases_in(module_name):
    """The Case classes that a module defines itself, by name."""
    module = importlib.import_module(module_name)
    found = []
    for name in sorted(vars(module)):
        value = getattr(module, name)
        if isinstance(value, type) and issubclass(value, Case) \
                and value.__module__ == module_name and not name.startswith('_'):
            found.append(value)
    return found


def all_cases(package=DEFAULT_PACKAGE):
    """All cases (list of classes) of a package, in the order of its modules."""
    return [case for module in modules(package) for case in cases_in(module)]


def select(wanted, package=DEFAULT_PACKAGE):
    """The cases whose name, module or row number is in ``wanted``; all where it is empty.

    Raises UnknownCase with the first name that nothing has.
    """
    cases = all_cases(package)
    if not wanted:
        return cases
    for name in wanted:
        if not any(_matches(case, name) for case in cases):
            raise UnknownCase(name)
    return [case for case in cases if any(_matches(case, name) for name in wanted)]


def behind(last, cases):
    """Those of ``cases`` that follow the one called ``last``. Raises UnknownCase."""
    names = [name_of(case) for case in cases]
    if last not in names:
        raise UnknownCase(last)
    return cases[names.index(last) + 1:]


def _matches(case, wanted):
    full = name_of(case)
    module, short = full.split('.')
    row = wanted.isdigit() and int(wanted) in case.rows
    return row or wanted in (full, module, short) or module.startswith(wanted + '_')

"""Files that one process has loaded as two modules, with two of everything that is in them.

In a checkout a folder can be reached by two names: `compat.clock` where the checkout is the current
folder, `portable_server.compat.clock` everywhere. Whoever mixes them has two classes of each name.

    python tests/support/doubles.py     import all of portable_server, print the doubles, exit 1
"""
from __future__ import absolute_import, division, print_function

import os
import sys

OURS = ('portable_server', 'portable_harness', 'tests')
PACKAGES = ('portable_server', 'portable_server.compat', 'portable_server.litmus')


def doubles(modules):
    """Of {name: module}: sorted lists of those names that stand for one file of ours.

    By name, not by folder, since a checkout may hold environments (.tox). A library means it when
    it has two names for one file: email.Charset and email.charset of Python 2, py.test and pytest.
    """
    names = {}
    for name, module in modules.items():
        path = _source(module)
        if path is not None and name != '__main__':
            names.setdefault(path, []).append((id(module), name))
    return sorted(sorted(name for _, name in found) for found in names.values()
                  if len(set(identity for identity, _ in found)) > 1
                  and any(name.split('.')[0] in OURS for _, name in found))


def _source(module):
    """The real path of a module's source; None for one without a file."""
    path = getattr(module, '__file__', None)
    if not path:
        return None
    for compiled in ('$py.class', '.pyc', '.pyo'):
        if path.endswith(compiled):
            path = path[:-len(compiled)] + '.py'
    return os.path.realpath(path)


def import_everything():
    """Import what can be imported here of our packages; the names (list of str)."""
    return [name for package in PACKAGES for name in _modules(package) if _can_import(name)]


def _modules(package):
    """Names of modules; programs, which do their work when they are imported, are left out."""
    folder = os.path.dirname(os.path.abspath(__import__(package, fromlist=['*']).__file__))
    for here, folders, files in os.walk(folder):
        folders[:] = [each for each in folders
                      if os.path.exists(os.path.join(here, each, '__init__.py'))
                      and each != 'programs' and (here != folder or each not in ('compat', 'litmus'))]
        inside = os.path.relpath(here, folder).replace(os.sep, '.').strip('.')
        for file in files:
            if file.endswith('.py') and file not in ('__init__.py', '__main__.py'):
                yield '.'.join(part for part in (package, inside, file[:-len('.py')]) if part)


def _can_import(name):
    """A module for another kind of interpreter, or for pytest, fails in a way of its own."""
    try:
        __import__(name)
    except Exception:
        return False
    return True


def main():
    names = import_everything()
    found = doubles(dict(sys.modules))
    for each in found:
        print('one file, loaded as %s' % ' and '.join(each))
    print('%d modules imported, %d doubles' % (len(names), len(found)))
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())

"""The watch's reports as findings: named alike on every interpreter, ready for JSON.

A line number is no name, for it differs between the versions of a library.  So a finding is
named by what was violated and by the two functions concerned:

    blocked-while-holding socket.sendall: logging.acquire -> logging.handlers.send
"""
from __future__ import absolute_import, division, print_function

import os
import re

import portable_server
from portable_server.compat import interception
from portable_server.litmus.stacks import as_text

#: a path up to the folder under which modules lie, the innermost such folder counts
_ROOT = re.compile(r'''[^\s"']*/(?:site-packages|dist-packages|Lib|lib-python/\d|lib_pypy|'''
                   r'''lib/python\d[\d.]*t?|lib/pypy\d[\d.]*)/''')
#: our own packages: in a checkout they are not inside the folder portable_server
_OURS = [(os.path.join(folder, name, ''), 'portable_server/%s/' % name)
         for folder in portable_server.__path__ for name in ('compat', 'litmus')]
#: modules through which others take their locks and wait: not what names a finding
_PLUMBING = ('threading', 'socket', '_socket', 'portable_server.compat')
SHOWN = 4       # calls of a stack


def shortened(text):
    """`text` with the paths of modules from the package on."""
    for folder, package in _OURS:
        text = text.replace(folder, package)
    return _ROOT.sub('', text.replace('$py.class', '.py'))


def module(file):
    """str: "package.module" of a source file."""
    parts = shortened(file).partition('.py')[0].strip('/').split('/')
    if parts[-1] == '__init__':
        del parts[-1]
    return '.'.join(parts)


def calls(stack):
    """list of str: the newest calls of a stack, as "package.module.function:line"."""
    return ['%s.%s:%d' % (module(file), function, line)
            for file, line, function in stack[-SHOWN:]]


def place(stack):
    """str: "package.module.function" of the newest call that is not plumbing."""
    told = [(module(file), function) for file, _, function in stack]
    while len(told) > 1 and interception.package_of(told[-1][0]) in _PLUMBING:
        told.pop()
    return '.'.join(told[-1])


def name_of(report):
    """str: the name of a report, see above."""
    what = ' '.join(part for part in (report.kind, report.operation) if part)
    places = [place(stack) for stack in (report.acquired, report.violated) if stack]
    return '%s: %s' % (what, ' -> '.join(places))


def as_fields(report):
    """dict: the report for JSON."""
    return {'finding': name_of(report), 'kind': report.kind, 'operation': report.operation,
            'lock': shortened(as_text(report.lock)), 'acquired': calls(report.acquired),
            'violated': calls(report.violated),
            'message': shortened(as_text(report.message)), 'text': shortened(as_text(str(report)))}


def findings(reports):
    """list of dict: one for each name, in the order of the names."""
    first = {}
    for report in reports:
        first.setdefault(name_of(report), report)
    return [as_fields(report) for _, report in sorted(first.items())]

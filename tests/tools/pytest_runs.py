"""pytest on a small test file, in a process of this interpreter, with and without the plugin."""
from __future__ import absolute_import, division, print_function

import os
import re
import shutil
import subprocess

from tests.servers.program import ROOT, guest_command
from tests.support.limits import scaled
from tests.support.processes import finish

SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'plugin_sample.py')

#: Seconds for a run; Jython needs ten on an idle machine.
LIMIT = scaled(200)

_OUTCOME = re.compile(r'(?:\[gw\d+\] *\[ *\d+%\] )?(PASSED|FAILED|ERROR|SKIPPED)? ?'
                      r'\S*test_\w+\.py::(test_\w+) ?(PASSED|FAILED|ERROR|SKIPPED)?')


class Run(object):
    """One run.  ``outcomes``: test -> list of what pytest -v said; ``status``, ``output``."""

    def __init__(self, folder, *arguments, **files):
        """``files``: name of a module -> its text; without any the sample, as test_sample."""
        self._fill(str(folder), files)
        process = subprocess.Popen(
            guest_command() + ['-m', 'pytest', '-v', '-p', 'no:cacheprovider',
                               '-c', os.path.join(str(folder), 'pytest.ini'),
                               '-p', 'portable_server.pytest_plugin'] + list(arguments) + [str(folder)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=_environment())
        self.status, self.output, _ = finish(process, LIMIT)
        self.outcomes = self._outcomes()

    @staticmethod
    def _fill(folder, files):
        if not files:
            shutil.copy(SAMPLE, os.path.join(folder, 'test_sample.py'))
        for name, text in files.items():
            write(os.path.join(folder, name + '.py'), text)
        ini = os.path.join(folder, 'pytest.ini')
        if not os.path.exists(ini):
            write(ini, '[pytest]\naddopts = --strict-markers\n')

    def _outcomes(self):
        found = {}
        for line in self.output.splitlines():
            match = '%]' in line and _OUTCOME.match(line)
            if match and (match.group(1) or match.group(3)):
                found.setdefault(match.group(2), []).append(match.group(1) or match.group(3))
        return found

    def summary(self):
        """The lines of the plugin's own summary."""
        lines = self.output.splitlines()
        starts = [number for number, line in enumerate(lines)
                  if re.match('=+ lock watch =+$', line)]
        if not starts:
            return []
        rest = lines[starts[-1] + 1:]
        ends = [number for number, line in enumerate(rest) if line.startswith('===')]
        return rest[:ends[0]]


def write(path, text):
    """Write a text file of ASCII."""
    with open(path, 'w') as stream:
        stream.write(text)


def _environment():
    """As ours, without what pytest and its plugins tell their own children.

    And without CI, under which pytest's short summary repeats failures in full.
    """
    return dict((name, value) for name, value in os.environ.items()
                if not name.startswith('PYTEST_') and name not in ('CI', 'BUILD_NUMBER'))

"""`portable_server.pytest_plugin` in a run that asks for nothing: one module, and no other."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from tests.tools.pytest_runs import Run, write

pytestmark = pytest.mark.time_limit(240)

# Loaded before the plugin is, and asked when all is over.
WITNESS = """
import sys

def pytest_unconfigure():
    print('loaded: ' + ' '.join(sorted(name for name in sys.modules
                                       if name.startswith('portable_server'))))
"""
ALL = 'portable_server portable_server.pytest_plugin'
PASSES = 'def test_passes():\n    pass\n'
ASKS = 'def test_passes(lock_watch):\n    assert lock_watch.reports == []\n'


def loaded(tmpdir, *arguments, **files):
    """The modules of ours that a run has loaded (str)."""
    write(os.path.join(str(tmpdir), 'conftest.py'), WITNESS)
    run = Run(tmpdir, *arguments, **files)
    return [line for line in run.output.splitlines() if line.startswith('loaded: ')][0][8:]


@pytest.mark.parametrize('arguments', [[], ['--lock-watch=off']])
def test_nothing_of_the_watch_is_loaded(tmpdir, arguments):
    assert loaded(tmpdir, *arguments, test_it=PASSES) == ALL


def test_it_is_loaded_for_a_test_that_asks(tmpdir):
    assert 'portable_server.litmus.watch' in loaded(tmpdir, test_it=ASKS).split()

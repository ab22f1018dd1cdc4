"""What the tests of the explorer share."""
from __future__ import absolute_import, division, print_function

import os

from portable_server.litmus import explore

from tests.support.limits import scaled

_HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.path.join(_HERE, 'programs.py')
CORPUS = os.path.join(_HERE, 'corpus')
#: the seed of every exploration here; the same schedules each time
SEED = 17
#: seconds that no exploration here comes near: the number of executions limits it
_SECONDS = 600


def explored(function, executions=300, token=None, seed=SEED):
    """The Result of exploring a function of `programs`."""
    return explore.check('%s:%s' % (PROGRAMS, function), seed, scaled(_SECONDS), executions, token)


def checked(target, executions, token=None, seed=SEED):
    """The Result of checking a class of the corpus, 'file.py:Class'."""
    return explore.check(os.path.join(CORPUS, target), seed, scaled(_SECONDS), executions, token)

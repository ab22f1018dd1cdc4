"""The fixture that every test of a server takes: `serve(service)` on each model."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server import models
from tests import support
from tests.servers.program import Program
from tests.servers.running import RunningServer

FORKING = ('fork', 'super-server', 'socketserver-fork')
IN_TURN = ('one-time', 'serial', 'one-at-a-time')


_FORKS = (
    support.not_on('no-fork'),
    # True, and why the children of these tests do no more than they must: pytest has threads.
    pytest.mark.filterwarnings('ignore:This process.*is multi-threaded:DeprecationWarning'),
)


def each_model(but=()):
    """The parameters of the fixture: all models, less some."""
    return [pytest.param(name, marks=_FORKS if name in FORKING else ())
            for name in models.names() if name not in but]


ALL = each_model()
#: That serve one connection after another.
LASTING = each_model(but=('one-time',))
#: That serve many connections at once.
CONCURRENT = each_model(but=IN_TURN)


def pytest_generate_tests(metafunc):
    """A test's mark says on which models it runs; without a mark on all."""
    own = [mark.args[0] for mark in metafunc.definition.iter_markers('parametrize')]
    if 'model' in metafunc.fixturenames and not any('model' in names for names in own):
        mark = metafunc.definition.get_closest_marker('models')
        metafunc.parametrize('model', mark.args[0] if mark else ALL)


def pytest_configure(config):
    config.addinivalue_line('markers', 'models(parameters): the models that a test runs on')


@pytest.fixture
def serve(model):
    """`serve(service, **limits)`: a RunningServer of the test's model."""
    running = []

    def start(service, **limits):
        running.append(RunningServer(model, service, **limits))
        return running[-1]

    yield start
    for each in running:
        each.close()


@pytest.fixture
def start():
    """`start(*arguments)`: a Program, ended after the test."""
    programs = []

    def start(*arguments, **named):
        programs.append(Program(list(arguments), **named))
        return programs[-1]

    yield start
    for program in programs:
        program.close()

"""The records of `compat.ledger`: (id, symptom, places, source, test).

Add yours to the section of your module.
"""
from __future__ import absolute_import, division, print_function

_PY2 = ('2.7', 'J')
_LOCKS = 'tests/compat/test_locks.py::'
_THREADS = 'tests/compat/test_threads.py::'
_PROCESS = 'tests/compat/test_process.py::'

_THREAD_RECORDS = ()

_PROCESS_RECORDS = (
    ('descriptors-opened-lazily',
     'the Java runtime opens jars and epoll descriptors whenever it likes: '
     'only sockets can be counted for leaks',
     ('J',), 'observed', _PROCESS + 'test_descriptors_are_described'),
)

_SOCKET_RECORDS = ()

_SERVER_RECORDS = (
    ('no-fork',
     'the Java runtime cannot fork: the models with a process per connection are refused '
     'in one clear line',
     ('J',), 'observed: hasattr(os, "fork") is False',
     'tests/servers/test_command_line.py::test_a_model_that_forks'),
)

RECORDS = _THREAD_RECORDS + _PROCESS_RECORDS + _SOCKET_RECORDS + _SERVER_RECORDS

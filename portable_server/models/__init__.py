"""The models by the name that the command line uses, in the order of the course.

A model's module is imported when it is asked for: an import costs a noticeable part
of a second on Jython.
"""
from __future__ import absolute_import, division, print_function

import importlib

#: (name, module, class, one line for the help)
MODELS = [
    ('one-time', 'step_01_one_time', 'OneTimeServer', 'one connection, then halt'),
    ('serial', 'step_02_serial', 'SerialServer', 'one after the other, all in one routine'),
    ('one-at-a-time', 'step_03_one_at_a_time', 'OneAtATimeServer',
     'one after the other, by a handler routine'),
    ('fork', 'step_04_fork', 'ForkServer', 'a process per connection'),
    ('super-server', 'step_05_super_server', 'SuperServer',
     'a process per connection that runs a stdin/stdout program (inetd)'),
    ('threads', 'step_06_threads', 'ThreadServer', 'a thread per connection that runs a function'),
    ('thread-subclass', 'step_07_thread_subclass', 'ThreadSubclassServer',
     'a thread per connection that overrides __init__ and run'),
    ('socketserver-threads', 'step_08_socketserver_threads', 'SocketserverThreadsServer',
     "Python's socketserver with ThreadingMixIn"),
    ('socketserver-fork', 'step_09_socketserver_fork', 'SocketserverForkServer',
     "Python's socketserver with ForkingMixIn"),
    ('selector', 'step_10_selector', 'SelectorServer', 'one thread, many connections'),
]


def names():
    """The names of all models, in the order of the course."""
    return [entry[0] for entry in MODELS]


def find(name):
    """The Server class of that name; raises LookupError if there is none."""
    for known, module, class_name, _ in MODELS:
        if known == name:
            return getattr(importlib.import_module(__name__ + '.' + module), class_name)
    raise LookupError("no model named '%s'" % name)

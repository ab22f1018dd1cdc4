"""What the Client has to be and to do; run on each interpreter, next to server.py."""
from __future__ import absolute_import, division, print_function

import socket
import struct
import threading

import server
from exercise_kit import LIMIT, Task, check, equal, raises, true
from loopback import Served, pair


def started(number):
    """A Client that talks, and the other end of its connection."""
    one, there, _ = with_connection(number)
    return one, there


def with_connection(number, make=None):
    """The same with the server's end of the connection; `make` is for another class than Client."""
    there, connection = pair('client %d' % number)
    one = (make or server.Client)(connection, number)
    Task('start()', one.start).result()
    return one, there, connection


def ask(there, line, due):
    """Send a line and get this answer."""
    there.send(line + b'\r\n')
    equal(there.line(repr(due)), due, '%s: the line %r' % (there.who, line))


def reset(there):
    """End the connection with a reset, which Jython sees as an ordinary end."""
    there._socket.setsockopt(  # noqa: SLF001
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    there.close()


def has_ended(one, after):
    """Its thread ends, and join() says so."""
    Task('join() after %s' % after, one.join).result()
    true(not one.is_alive(), after, 'is_alive() after join()', 'the end of the thread')


@check('thread', 'a Client is a thread with a name, and a daemon',
       advice='Call threading.Thread.__init__(self) first, then set self.name and self.daemon.')
def thread():
    there, connection = pair('the client')
    made = []
    maker = threading.Thread(target=lambda: made.append(server.Client(connection, 7)))
    maker.daemon = False  # a new thread is a daemon already where its maker is one
    maker.start()
    maker.join(LIMIT)
    true(made, 'Client(connection, 7)', 'an exception', 'a Client')
    one = made[0]
    true(isinstance(one, threading.Thread), 'Client(...)', 'no thread', 'a threading.Thread')
    Task('start()', one.start).result()
    equal((one.name, one.daemon), ('client-7', True), 'name, daemon of Client(connection, 7)')
    there.close()


@check('not-before-start', 'it begins when it is started, not when it is made',
       advice='__init__ only remembers; whoever made the object calls start().')
def not_before_start():
    there, connection = pair('the client')
    one = server.Client(connection, 1)
    true(not one.is_alive(), 'Client(connection, 1)', 'a thread that runs', 'one not yet started')
    there.send(b'early\r\n')
    Task('start()', one.start).result()
    equal(there.line(), b'1: early', 'a line that was sent before start()')
    there.close()


@check('answers', 'lines are answered with their number, `recall` with all of them',
       advice='run() has what handle() had. No attribute or method begins with an underscore?')
def answers():
    one, there = started(1)
    ask(there, b'recall', b'')
    ask(there, b'one', b'1: one')
    ask(there, b'two', b'2: two')
    ask(there, b'recall', b'one, two')
    true(one.is_alive(), 'four lines', 'the thread of the Client has ended', 'that it talks')
    there.close()


@check('spaces', 'spaces belong to a line; its end alone is taken away',
       advice="rstrip(b'\\r\\n') takes the end of the line, strip() takes spaces as well.")
def spaces():
    _, there = started(1)
    ask(there, b'  two words ', b'1:   two words ')
    ask(there, b' recall', b'2:  recall')
    ask(there, b'quit ', b'3: quit ')
    ask(there, b'recall', b'  two words ,  recall, quit ')
    there.close()


@check('own-memory', 'each client has a memory of its own',
       advice='self.said = [] in __init__: a list in the class body is one list for all.')
def own_memory():
    _, ann = started(1)
    _, bob = started(2)
    ask(ann, b'red', b'1: red')
    ask(bob, b'blue', b'1: blue')
    ask(ann, b'green', b'2: green')
    ask(bob, b'recall', b'blue')
    ask(ann, b'recall', b'red, green')
    ann.close()
    bob.close()


@check('ends', 'after `quit` the connection is closed and the thread has ended',
       advice='join() fails? Then an attribute of yours has the name of one of Thread\'s own.')
def ends():
    one, there = started(1)
    ask(there, b'one', b'1: one')
    ask(there, b'quit', b'bye')
    there.ends()
    has_ended(one, '`quit`')
    there.close()


@check('vanishes', 'when the client just closes, the thread ends and the server closes too',
       advice='Leave the loop when readline gives b\'\'; close file and connection in a finally.')
def vanishes():
    one, there, connection = with_connection(1)
    ask(there, b'one', b'1: one')
    there.close()
    has_ended(one, 'the end of the client')
    raises(socket.error, lambda: connection.recv(1),
           'connection.recv(), after the end of the thread, which should have closed it')


@check('reset', 'after a reset, too, the thread ends, by no exception, and the server closes',
       advice='Around the talk: try, except socket.error, and in a finally the two close().')
def is_reset():
    raised = []

    class Watched(server.Client):
        def run(self):
            try:
                server.Client.run(self)
            except Exception as error:  # which Python would print
                raised.append(repr(error))

    one, there, connection = with_connection(1, Watched)
    ask(there, b'one', b'1: one')
    reset(there)
    has_ended(one, 'a reset by the client')
    true(not raised, 'a reset by the client', 'run() raised %s' % ', '.join(raised), 'no exception')
    raises(socket.error, lambda: connection.recv(1),
           'connection.recv(), after the end of the thread, which should have closed it')


@check('side-by-side', 'serve() has all its clients talk at the same time',
       advice='start() runs run() in a new thread; calling run() runs it in yours.')
def side_by_side():
    served = Served(server.serve)
    silent = served.connect('a silent client')
    for number in range(3):
        there = served.connect('client %d' % (number + 2))
        ask(there, b'hello', b'1: hello')
        there.close()
    ask(silent, b'late', b'1: late')
    silent.close()


@check('numbered', 'serve() makes a Client of each connection, with the numbers 1, 2, 3 ...',
       advice='serve() does Client(connection, number).start(), nothing else.')
def numbered():
    served, made = Served(server.serve), []
    for number in (1, 2, 3):
        there = served.connect('client %d' % number)
        ask(there, b'hello', b'1: hello')
        made.append(there)
    names = [one.name for one in threading.enumerate() if isinstance(one, server.Client)]
    for number in (1, 2, 3):
        name = 'client-%d' % number
        true(name in names, 'three clients of serve()', 'Clients with the names %s' % sorted(names),
             'one with the name ' + name)
    for there in made:
        there.close()
    end_of(server.Client)


def end_of(kind):
    """Wait until no thread of this kind is left, for the checks behind this one."""
    for one in threading.enumerate():
        if isinstance(one, kind):
            one.join(LIMIT)

"""The student's module in a process of its own; the checks are in another: student_side.py SETTINGS.

The checks drive the module from outside, over the pipes at descriptors 0 and 1. So nothing here
decides about a result: whatever the student's code does to this process, all that comes of it is
an answer to what was asked, as that of a server to its client.

A *conversation* is a thread here and a thread there that wait for each other in turn: each thread
of the checks has one here that does its calls, so that locks belong to the right thread, and calls
may go back and forth inside one another. `wire.py` of the harness describes the messages.

SETTINGS is JSON: `work` (folder of the module), `hold_limit` (None: no lock watch).
"""
from __future__ import absolute_import, division, print_function

import json
import os
import struct
import sys
import threading
import traceback
import types

import streams
import values

# In a tuple the lock watch, which looks for such names, does not find it.
PLAIN_LOCK = (getattr(sys.modules.get('_thread') or sys.modules['thread'], 'allocate_lock'),)

HEADER = struct.Struct('>II')   # bytes of the JSON text, and of the data that follows it


class Conversation(object):
    """One side of a thread's talk with the checks. Its locks are not those that are watched."""

    def __init__(self, link, ident):
        self.link, self.ident = link, ident
        self._message = None
        self._has_message = PLAIN_LOCK[0]()
        self._has_message.acquire()

    def put(self, message):
        self._message = message
        self._has_message.release()

    def take(self):
        self._has_message.acquire()
        return self._message

    def ask(self, request, blobs):
        """Have the checks do something; meanwhile they may ask in turn."""
        self.link.send(self.ident, request, blobs)
        while True:
            message = self.take()
            if 'q' not in message:
                return self.link.answer(message)
            self.serve(message)

    def serve(self, message):
        blobs = []
        try:
            reply = {'a': self.link.values.out(self.link.do(message), blobs)}
        except BaseException as error:
            reply = {'x': self.link.values.out_error(error, blobs, traceback.format_exc())}
        self.link.send(self.ident, reply, blobs)

    def serve_all(self):
        """What a thread does that belongs to one of the checks."""
        self.link.local.conversation = self
        message = self.take()
        while message['q'] != 'bye':
            self.serve(message)
            message = self.take()
        self.link.forget(self.ident)


class Link(object):
    """The connection with the checks."""

    def __init__(self):
        self.local = threading.local()
        self.values = values.Values(self)
        self.module = None
        self._input, self._output = streams.take_over()
        self._sending, self._changing = PLAIN_LOCK[0](), PLAIN_LOCK[0]()
        self._conversations, self._threads, self._made = {}, {}, 0

    def send(self, ident, message, blobs=()):
        message['conversation'] = ident
        message['blobs'] = [len(blob) for blob in blobs]
        text = json.dumps(message).encode('ascii')
        data = b''.join(blobs)
        with self._sending:
            self._output.write(HEADER.pack(len(text), len(data)) + text + data)

    def read_all(self):
        """Give each message to its conversation, until the checks are gone."""
        while True:
            head = self._input.read(HEADER.size)
            if len(head) < HEADER.size:
                os._exit(0)
            size, more = HEADER.unpack(head)
            message = json.loads(self._input.read(size).decode('ascii'))
            data = self._input.read(more) if more else b''
            message['blobs'] = list(split(data, message['blobs']))
            self._conversation(message['conversation']).put(message)

    def _conversation(self, ident):
        with self._changing:
            found = self._conversations.get(ident)
        if found is None:
            found = self._add(ident)
            thread = threading.Thread(target=found.serve_all)
            thread.daemon = False   # a thread that the module makes in it inherits that
            thread.start()
        return found

    def _add(self, ident):
        made = Conversation(self, ident)
        with self._changing:
            self._conversations[ident] = made
        return made

    def forget(self, ident):
        with self._changing:
            self._conversations.pop(ident, None)

    def ask(self, request, blobs):
        """In a thread of the module's own a conversation begins."""
        mine = getattr(self.local, 'conversation', None)
        if mine is None:
            with self._changing:
                self._made += 1
                ident = -self._made
            self._end_old()
            mine = self.local.conversation = self._add(ident)
            with self._changing:
                self._threads[ident] = threading.current_thread()
        return mine.ask(request, blobs)

    def _end_old(self):
        """End the conversations that threads of the module began which have ended."""
        with self._changing:
            over = [ident for ident, one in self._threads.items() if not one.is_alive()]
            for ident in over:
                del self._threads[ident], self._conversations[ident]
        for ident in over:
            self.send(ident, {'q': 'bye'})

    def answer(self, message):
        """What a reply gives, or raises."""
        if message.get('waited') and not getattr(self.local, 'is_stopped', False):   # the lock watch looks at waits here, and this was one
            event = threading.Event()
            event.set()
            event.wait(1)
        if 'x' in message:
            raise self.values.into(message['x'], message['blobs'])
        return self.values.into(message['a'], message['blobs'])

    # --- what the checks may ask for

    def do(self, message):
        into, blobs = self.values.into, message['blobs']
        arguments = [into(one, blobs) for one in message.get('args', ())]
        named = dict((str(key), into(one, blobs)) for key, one in message.get('named', {}).items())
        return getattr(self, 'do_' + message['q'])(message, arguments, named)

    def do_import(self, message, arguments, named):
        """Import the module; `named` is what it finds in others, by names as threading.Lock."""
        real = {}
        for name, replaced in named.items():
            where, _, what = name.partition('.')
            real[where] = __import__(where)
            copy = types.ModuleType(where)
            vars(copy).update(vars(real[where]))
            setattr(copy, what, replaced)
            sys.modules[where] = copy
        try:
            self.module = __import__(str(message['name']))
        finally:
            sys.modules.update(real)
        return self.module

    def do_platform(self, message, arguments, named):
        return sys.platform

    def do_get(self, message, arguments, named):
        return getattr(arguments[0], str(message['name']))

    def do_set(self, message, arguments, named):
        setattr(arguments[0], str(message['name']), arguments[1])

    def do_call(self, message, arguments, named):
        return arguments[0](*arguments[1:], **named)

    def do_method(self, message, arguments, named):
        return getattr(arguments[0], str(message['name']))(*arguments[1:], **named)

    def do_vars(self, message, arguments, named):
        return dict(vars(arguments[0]))

    def do_fetch(self, message, arguments, named):
        return tuple(arguments[0])

    def do_iterate(self, message, arguments, named):
        return iter(arguments[0])

    def do_next(self, message, arguments, named):
        return next(arguments[0])

    def do_subclass(self, message, arguments, named):
        base, functions = arguments[0], arguments[1]
        made = dict((str(name), method(one)) for name, one in functions.items())
        return type(base)(str(message['name']), (base,), made)

    def do_threads(self, message, arguments, named):
        return tuple(threading.enumerate())

    def do_thread(self, message, arguments, named):
        return threading.current_thread()

    def do_listen(self, message, arguments, named):
        import socket
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.bind(('127.0.0.1', 0))
        listener.listen(50)
        return listener

    def do_trace(self, message, arguments, named):
        """Stop this thread before a line of the module, and call a function of the checks there."""
        (reached,) = arguments
        path = self.module.__file__.replace('.pyc', '.py')
        left = [message['number']]

        def trace(frame, event, _):
            if frame.f_code.co_filename != path:
                return None
            if event == 'line':
                if left[0] == 0:
                    self.local.is_stopped = True    # by us: that is no wait of the module
                    try:
                        reached()
                    finally:
                        self.local.is_stopped = False
                left[0] -= 1
            return trace
        sys.settrace(trace)

    def do_untrace(self, message, arguments, named):
        sys.settrace(None)

    def do_stacks(self, message, arguments, named):
        names = dict((one.ident, one) for one in threading.enumerate())
        return [traceback.format_stack(frame) for ident, frame in sys._current_frames().items()
                if ident in names]


def split(data, sizes):
    """The pieces of these sizes, one after the other."""
    begin = 0
    for size in sizes:
        yield data[begin:begin + size]
        begin += size


def method(function):
    """A function of the checks as one that a class can have as a method."""
    return lambda self, *arguments: function(self, *arguments)


def watch_locks(link, hold_limit):
    from portable_server.litmus import watch
    session = watch.install(mode='report', hold_limit=hold_limit)
    session.listeners.append(lambda report: link.send(0, {
        'report': {'kind': report.kind, 'lock': report.lock, 'text': str(report)}}))


def main(settings):
    link = Link()
    if settings['hold_limit'] is not None:
        watch_locks(link, settings['hold_limit'])
    sys.path[0] = settings['work']
    sys.argv[1:] = []
    link.read_all()


if __name__ == '__main__':
    main(json.loads(sys.argv[1]))

"""Rule 2 on sockets: the peer decides how long the lock is held."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import selectors
from portable_server.litmus.controls.control import control, due
from portable_server.litmus.controls.kit import select_module
from portable_server.litmus.controls.programs.blocking import blocked

KINDS = ('Lock', 'RLock')


@control(blocked('socket.recv'), kinds=KINDS)
def recv(kit):
    """Nothing may ever come."""
    ours, peer = kit.connection()
    peer.sendall(b'x')
    with kit.lock('a'):
        ours.recv(1)


@control(blocked('socket.recv'), kinds=KINDS)
def recv_with_a_limit(kit):
    """A short wait is a wait."""
    ours, peer = kit.connection()
    ours.settimeout(5.0)
    peer.sendall(b'x')
    with kit.lock('a'):
        ours.recv(1)


@control(blocked('socket.send'), kinds=KINDS)
def send(kit):
    """The peer may not read."""
    ours, _ = kit.connection()
    with kit.lock('a'):
        ours.send(b'x')


@control(blocked('socket.sendall'), kinds=KINDS)
def sendall(kit):
    """The lock around the list of clients, held while one of them is slow."""
    ours, _ = kit.connection()
    with kit.lock('a'):
        ours.sendall(b'x')


@control(blocked('socket.accept'), kinds=KINDS)
def accept(kit):
    """Nobody may come."""
    listener = kit.listener()
    kit.socket().connect(listener.getsockname())
    with kit.lock('a'):
        peer, _ = listener.accept()
    peer.close()


@control(blocked('socket.connect'), kinds=KINDS)
def connect(kit):
    """The network's time-out is minutes."""
    listener = kit.listener()
    ours = kit.socket()
    with kit.lock('a'):
        ours.connect(listener.getsockname())


@control(blocked('socket.connect'), kinds=KINDS)
def create_connection(kit):
    """The function that looks up, makes and connects."""
    listener = kit.listener()
    with kit.lock('a'):
        ours = kit.sockets.create_connection(listener.getsockname())
    ours.close()


@control(due('blocked-while-holding', lock='a'), kinds=KINDS, apis=('threading',))
def readline(kit):
    """A file over the socket waits as well."""
    ours, peer = kit.connection()
    peer.sendall(b'x\n')
    stream = ours.makefile('rb')
    with kit.lock('a'):
        stream.readline()
    stream.close()


@control(due('blocked-while-holding', lock='a'), kinds=KINDS, apis=('compat',))
def selector(kit):
    """Waiting for many is waiting."""
    ours, peer = kit.connection()
    peer.sendall(b'x')
    chooser = selectors.DefaultSelector()
    chooser.register(ours, selectors.EVENT_READ)
    with kit.lock('a'):
        chooser.select(5.0)
    chooser.close()


@control(kinds=KINDS, apis=('compat',))
def selector_without_waiting(kit):
    """A time-out of 0 is a question."""
    ours, _ = kit.connection()
    chooser = selectors.DefaultSelector()
    chooser.register(ours, selectors.EVENT_READ)
    with kit.lock('a'):
        chooser.select(0)
    chooser.close()


@control(blocked('select.select'), kinds=KINDS, apis=('threading',))
def select(kit):
    """Waiting for many is waiting."""
    ours, peer = kit.connection()
    peer.sendall(b'x')
    with kit.lock('a'):
        select_module.select([ours], [], [], 5.0)


@control(kinds=KINDS, apis=('threading',))
def select_without_waiting(kit):
    """A time-out of 0 is a question."""
    ours, _ = kit.connection()
    with kit.lock('a'):
        select_module.select([ours], [], [], 0)


@control(kinds=KINDS)
def socket_without_waiting(kit):
    """A socket that does not block."""
    ours, _ = kit.connection()
    ours.setblocking(False)
    with kit.lock('a'):
        try:
            ours.recv(1)
        except kit.sockets.error:
            pass
        ours.send(b'x')


@control(kinds=KINDS, apis=('compat',))
def send_now(kit):
    """compat's send that never waits, made for this."""
    ours, _ = kit.connection()
    kit.sockets.prepare_for_send_now(ours)
    with kit.lock('a'):
        kit.sockets.send_now(ours, kit.sockets.outgoing(b'x'))


@control(kinds=KINDS)
def socket_life_without_traffic(kit):
    """To make, bind, listen, ask and close is no wait."""
    with kit.lock('a'):
        listener = kit.listener()
        listener.getsockname()
        listener.close()


@control(kinds=KINDS)
def recv_then_lock(kit):
    """First the traffic, then the lock."""
    ours, peer = kit.connection()
    peer.sendall(b'x')
    got = []
    for _ in range(1):
        data = ours.recv(1)
        with kit.lock('a'):
            got.append(data)
    ours.sendall(got[0])


@control(kinds=KINDS)
def broadcast_from_a_copy(kit):
    """Copy the list of clients under the lock, send without it."""
    ours, peer = kit.connection()
    a, clients = kit.lock('clients'), [ours]
    with a:
        now = list(clients)
    for one in now:
        one.sendall(b'news')
    kit.check(peer.recv(4) == b'news', 'it arrives')


@control(blocked('socket.sendall', lock='clients'), kinds=KINDS)
def broadcast_under_the_lock(kit):
    """The naive chat server: one slow client stops them all."""
    ours, peer = kit.connection()
    other, _ = kit.connection()
    clients = [ours, other]
    with kit.lock('clients'):
        for one in clients:
            one.sendall(b'news')
    kit.check(peer.recv(4) == b'news', 'it arrives')

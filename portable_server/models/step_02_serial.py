"""Serial: one connection after the other, all in one routine.

Teaches: the loops that TCP asks for. A write of 1000 bytes is not a read of 1000
bytes at the other end, and a `send` may take only a part: so reading is a loop until
the end of the stream and writing is a loop until all is sent. They are written out
here; elsewhere `sendall` and `portable_server.driver` have them.
Guarantees: every client is served to its end, in the order in which they came.
Breaks: one client who says nothing keeps all others waiting. And the protocol sits
in the middle of the loop that accepts: another way of serving would copy it all,
which is what `one-at-a-time` mends.
"""
from __future__ import absolute_import, division, print_function

from portable_server.driver import RECEIVE_SIZE
from portable_server.models.in_turn import InTurnServer


def send_whole(sock, data):
    """Send every byte: `send` says how many it took."""
    while data:
        sent = sock.send(data)
        data = data[sent:]


class SerialServer(InTurnServer):
    name = 'serial'
    conversations_only = True

    def _serve(self):
        for connection in self.accepted():
            try:
                conversation = self.service.new()
                send_whole(connection.socket, conversation.open())
                while not conversation.finished:
                    data = conversation.produce()
                    if not data:
                        break
                    send_whole(connection.socket, data)
                while not conversation.finished:
                    data = connection.socket.recv(RECEIVE_SIZE)
                    if not data:
                        send_whole(connection.socket, conversation.end())
                        break
                    send_whole(connection.socket, conversation.receive(data))
                if conversation.finished:
                    connection.finish()
            except Exception as error:
                self.report(connection, error)
            finally:
                self.release(connection)

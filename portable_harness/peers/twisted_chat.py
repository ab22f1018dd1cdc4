"""Chat with Twisted, as its examples write it: a LineOnlyReceiver, transport.write to all.

What waits for a member that does not read is not bounded: Twisted leaves that to a producer.
"""

from __future__ import annotations

from twisted.internet import reactor
from twisted.internet.protocol import Factory, connectionDone
from twisted.protocols.basic import LineOnlyReceiver
from twisted.python.failure import Failure

from portable_harness.peers import common, room

members: dict[bytes, Chat] = {}


class Chat(LineOnlyReceiver):
    delimiter = b"\n"
    MAX_LENGTH = common.LIMIT
    name = b""

    def connectionMade(self) -> None:  # noqa: N802
        self.transport.setTcpNoDelay(True)
        self.transport.write(room.GREETING)

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        text = line.rstrip(b"\r")
        if self.name:
            self.tell_others(room.message(self.name, text))
        elif problem := room.refusal(text, members):
            self.transport.write(problem)
            self.transport.loseConnection()
        else:
            self.join(text)

    def join(self, name: bytes) -> None:
        self.name = name
        self.tell_others(room.entered(name))
        self.transport.write(room.member_list(list(members)))
        members[name] = self

    def tell_others(self, line: bytes) -> None:
        for member in members.values():
            if member is not self:
                member.transport.write(line)

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802
        del reason
        if members.pop(self.name, None):
            self.tell_others(room.left(self.name))


if __name__ == "__main__":
    host, port = common.arguments()
    address = reactor.listenTCP(port, Factory.forProtocol(Chat), common.BACKLOG, host).getHost()
    common.ready((address.host, address.port))
    reactor.run()

"""Echo with Twisted: a Protocol that writes what it gets.

The transport is made its own producer: a client that does not read is not read from either.
A half-closed connection is closed when all has been written (else Twisted drops what waits).
"""

from __future__ import annotations

from twisted.internet import reactor
from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.internet.protocol import Factory, Protocol
from zope.interface import implementer

from portable_harness.peers import common


@implementer(IHalfCloseableProtocol)
class Echo(Protocol):
    def connectionMade(self) -> None:  # noqa: N802
        self.transport.setTcpNoDelay(True)
        self.transport.registerProducer(self.transport, streaming=True)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        self.transport.write(data)

    def readConnectionLost(self) -> None:  # noqa: N802
        self.transport.unregisterProducer()
        self.transport.loseConnection()

    def writeConnectionLost(self) -> None:  # noqa: N802
        pass


if __name__ == "__main__":
    host, port = common.arguments()
    factory = Factory.forProtocol(Echo)
    address = reactor.listenTCP(port, factory, common.BACKLOG, host).getHost()
    common.ready((address.host, address.port))
    reactor.run()

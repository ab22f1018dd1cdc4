"""Echo as an asyncio Protocol: callbacks, no coroutine a connection.

A client that does not read is not read from either: that is the bound on what waits for it.
"""

from __future__ import annotations

import asyncio
from typing import cast

from portable_harness.peers import common


class Echo(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)

    def pause_writing(self) -> None:
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        self.transport.resume_reading()


async def main() -> None:
    host, port = common.arguments()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Echo, host, port, backlog=common.BACKLOG)
    common.ready(server.sockets[0].getsockname())
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

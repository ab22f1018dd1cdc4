"""Chat as an asyncio Protocol: callbacks, no coroutine a member, transport.write to all.

A member for whom too much waits is cut off.
"""

from __future__ import annotations

import asyncio
from typing import cast

from portable_harness.peers import common, room

WAITING = 1 << 20  # bytes

members: dict[bytes, asyncio.Transport] = {}


class Chat(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass
        self.transport.set_write_buffer_limits(high=WAITING)
        self.name = b""
        self.rest = b""
        self.transport.write(room.GREETING)

    def pause_writing(self) -> None:
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            self.line(line.rstrip(b"\r"))
        if len(self.rest) > common.LIMIT:
            self.transport.close()

    def line(self, line: bytes) -> None:
        if self.transport.is_closing():
            return
        if self.name:
            self.tell_others(room.message(self.name, line))
        elif problem := room.refusal(line, members):
            self.transport.write(problem)
            self.transport.close()
        else:
            self.join(line)

    def join(self, name: bytes) -> None:
        self.name = name
        self.tell_others(room.entered(name))
        self.transport.write(room.member_list(list(members)))
        members[name] = self.transport

    def tell_others(self, line: bytes) -> None:
        for name, transport in members.items():
            if name != self.name:
                transport.write(line)

    def connection_lost(self, error: Exception | None) -> None:
        if members.pop(self.name, None):
            self.tell_others(room.left(self.name))


async def main() -> None:
    host, port = common.arguments()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Chat, host, port, backlog=common.BACKLOG)
    common.ready(server.sockets[0].getsockname())
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

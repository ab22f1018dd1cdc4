"""Chat with trio: a reading task, a memory channel and a writing task a member.

A member whose channel is full is cut off.
"""

from __future__ import annotations

from functools import partial

import trio

from portable_harness.peers import common, room

WAITING = 4096  # lines

members: dict[bytes, Member] = {}


class Member:
    def __init__(self, stream: trio.SocketStream) -> None:
        self.stream = stream
        self.name = b""
        self.to_write, self.written = trio.open_memory_channel[bytes](WAITING)
        self.scope = trio.CancelScope()

    def post(self, line: bytes) -> None:
        try:
            self.to_write.send_nowait(line)
        except trio.WouldBlock:
            self.scope.cancel()

    async def write(self) -> None:
        try:
            async for line in self.written:
                await self.stream.send_all(line)
        except trio.BrokenResourceError:
            self.scope.cancel()

    async def talk(self) -> None:
        """Until the member goes, is refused or sends a line that is too long."""
        self.post(room.GREETING)
        rest = b""
        async for data in self.stream:
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                if not self.take(line.rstrip(b"\r")):
                    return
            if len(rest) > common.LIMIT:
                return

    def take(self, text: bytes) -> bool:
        if self.name:
            tell_others(self, room.message(self.name, text))
        elif problem := room.refusal(text, members):
            self.post(problem)
            return False
        else:
            self.join(text)
        return True

    async def read(self) -> None:
        try:
            await self.talk()
        except trio.BrokenResourceError:
            self.scope.cancel()
        finally:
            if members.pop(self.name, None):
                tell_others(self, room.left(self.name))
        self.to_write.close()  # the writer ends when all is written, or it is too late
        self.scope.deadline = trio.current_time() + 5

    def join(self, name: bytes) -> None:
        self.name = name
        tell_others(self, room.entered(name))
        self.post(room.member_list(list(members)))
        members[name] = self


def tell_others(me: Member, line: bytes) -> None:
    for member in members.values():
        if member is not me:
            member.post(line)


async def handle(stream: trio.SocketStream) -> None:
    member = Member(stream)
    with member.scope:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(member.write)
            nursery.start_soon(member.read)


async def main() -> None:
    host, port = common.arguments()
    serve = partial(trio.serve_tcp, handle, port, host=host, backlog=common.BACKLOG)
    async with trio.open_nursery() as nursery:
        (listener,) = await nursery.start(serve)
        common.ready(listener.socket.getsockname())


if __name__ == "__main__":
    trio.run(main)

"""Chat as the asyncio tutorial would write it: one coroutine a member, StreamWriter.write to all.

No drain: awaiting it for each member would let one that never reads stop the sender.
"""

from __future__ import annotations

import asyncio

from portable_harness.peers import common, room

members: dict[bytes, asyncio.StreamWriter] = {}


def tell_others(me: bytes, line: bytes) -> None:
    for name, writer in members.items():
        if name != me:
            writer.write(line)


async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    name = b""
    try:
        writer.write(room.GREETING)
        wanted = (await reader.readuntil(b"\n")).rstrip(b"\r\n")
        if problem := room.refusal(wanted, members):
            writer.write(problem)
            return
        name = wanted
        tell_others(name, room.entered(name))
        writer.write(room.member_list(list(members)))
        members[name] = writer
        while True:
            text = (await reader.readuntil(b"\n")).rstrip(b"\r\n")
            tell_others(name, room.message(name, text))
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass
    finally:
        if members.pop(name, None):
            tell_others(name, room.left(name))
        writer.close()


async def main() -> None:
    host, port = common.arguments()
    server = await asyncio.start_server(
        handle, host, port, limit=common.LIMIT, backlog=common.BACKLOG
    )
    common.ready(server.sockets[0].getsockname())
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

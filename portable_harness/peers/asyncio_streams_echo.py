"""Echo with asyncio's streams, as their documentation writes it: a coroutine a connection."""

from __future__ import annotations

import asyncio

from portable_harness.peers import common


async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(common.LIMIT):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def main() -> None:
    host, port = common.arguments()
    server = await asyncio.start_server(handle, host, port, backlog=common.BACKLOG)
    common.ready(server.sockets[0].getsockname())
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

"""Echo with trio, as its tutorial writes it: a task a connection."""

from __future__ import annotations

from functools import partial

import trio

from portable_harness.peers import common


async def handle(stream: trio.SocketStream) -> None:
    try:
        async for data in stream:
            await stream.send_all(data)
    except trio.BrokenResourceError:
        pass


async def main() -> None:
    host, port = common.arguments()
    serve = partial(trio.serve_tcp, handle, port, host=host, backlog=common.BACKLOG)
    async with trio.open_nursery() as nursery:
        (listener,) = await nursery.start(serve)
        common.ready(listener.socket.getsockname())


if __name__ == "__main__":
    trio.run(main)

"""A right chat server with asyncio streams: other words, full stops, a line for an empty room."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys

LIMIT = 8_192  # bytes of a line
BEHIND = 1_000_000  # bytes that a member may be behind


class Room:
    def __init__(self) -> None:
        self.writers: dict[str, asyncio.StreamWriter] = {}

    def tell(self, line: bytes, but: str) -> None:
        for name, writer in list(self.writers.items()):
            if name != but:
                writer.write(line)
                if writer.transport.get_write_buffer_size() > BEHIND:
                    writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name = ""
        try:
            writer.write(b"Who are you?\n")
            asked = (await self.line(reader)).decode("ascii", "replace")
            if not (asked.isascii() and asked.isalnum()) or len(asked) > 40:
                writer.write(b"! That is no name.\n")
            elif asked in self.writers:
                writer.write(b"! There is somebody of that name.\n")
            else:
                name = asked
                await self.converse(name, reader, writer)
        except (OSError, EOFError):
            pass
        except ValueError:
            writer.write(b"! Too long.\n")
        finally:
            if name:
                del self.writers[name]
                self.tell(f"* {name} is gone.\n".encode(), name)
            writer.close()

    async def converse(
        self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        others = " and ".join(self.writers)
        writer.write((f"* Here are: {others}." if others else "* Nobody is here.").encode() + b"\n")
        self.tell(f"* {name} has come in.\n".encode(), name)
        self.writers[name] = writer
        while True:
            self.tell(f"[{name}] ".encode() + await self.line(reader) + b"\n", name)

    @staticmethod
    async def line(reader: asyncio.StreamReader) -> bytes:
        line = await reader.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        return line[:-1].removesuffix(b"\r")


async def main(port: int) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    server = await asyncio.start_server(Room().serve, "127.0.0.1", port, limit=LIMIT)
    print("listening on", port)
    await stop.wait()
    server.close()


with contextlib.suppress(KeyboardInterrupt):
    asyncio.run(main(int(sys.argv[1])))
